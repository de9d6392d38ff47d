import { z } from 'zod';
import { idSchema, pointSchema } from './basic-schema.ts';
import { behaviourSchema, soundSchema } from './behaviour-schema.ts';
import { distributionSchema } from './distribution-schema.ts';
import { consoleSchema, lockSchema, objectSchema, roleSchema } from './role-schema.ts';
import { arrivalsSchema, diversionSchema, itinerarySchema, waypointSchema, zoneSchema } from './stage-schema.ts';

/**
 * The scenario file, version 1: one schema from which the TypeScript types, the validator's first pass and the
 * published JSON Schema come. SI units everywhere: metres, seconds, newtons, kilograms.
 * Every number has its unit in square brackets in its description or in that of the nearest field around it; `[1]`
 * says that it has none. Issues take the unit from there.
 * What a schema cannot say (a door lies on a wall, an exit exists) is checked by `validateScenario`.
 */

/** Version of the scenario format that this build reads without migration. */
export const SCENARIO_VERSION = 1;

const id = idSchema;
const point = pointSchema;
const polygon = z.array(point).min(3).max(100_000).describe('corners [m]; the last is not repeated; either turn');
const line = z.tuple([point, point]).describe('two end points [m]');

export const levelSchema = z.strictObject({
  id,
  elevation: z.number().default(0).describe('height of the floor [m]'),
  outlines: z.array(polygon).min(1).describe('floor of the level; several pieces are united'),
  holes: z.array(polygon).default([]).describe('what is not floor: shafts, atria, solid cores'),
  areas: z
    .array(
      z.strictObject({
        id,
        polygon,
        ceiling: z
          .number()
          .min(0.5)
          .max(100)
          .optional()
          .describe('height of the room [m]; what piles of bodies leave of it decides how they are climbed'),
      }),
    )
    .default([])
    .describe('named rooms; where none is named, rooms are found from the geometry'),
  walls: z
    .array(
      z.strictObject({
        id: id.optional(),
        path: z.array(point).min(2).max(100_000).describe('centre line [m]'),
        thickness: z.number().min(0.02).max(5).default(0.1).describe('[m]'),
        closed: z.boolean().default(false).describe('the last point joins the first'),
        height: z
          .number()
          .positive()
          .max(20)
          .optional()
          .describe('one sees over it below 1.5 m [m]; default: to the ceiling'),
        seeThrough: z.boolean().optional().describe('bars, mesh or glass: it does not stop sight'),
      }),
    )
    .default([]),
  furniture: z
    .array(z.strictObject({ id: id.optional(), polygon, height: z.number().positive().default(1).describe('[m]') }))
    .default([])
    .describe('things one walks around'),
});

export const doorSchema = z.strictObject({
  id,
  level: id,
  line: line.describe('from jamb to jamb, on a wall or on the outline [m]'),
  leaf: z.enum(['single', 'double', 'none']).default('single'),
  hinge: z
    .enum(['first', 'second'])
    .default('first')
    .describe('which end of `line` carries the hinge of a single leaf'),
  swing: z
    .enum(['left', 'right', 'both'])
    .default('left')
    .describe('side to which the leaf opens, seen from the first end of `line` towards the second'),
  state: z.enum(['open', 'closed', 'locked', 'chained']).default('open'),
  openingTime: z.number().min(0).max(60).default(1).describe('time to push a closed, unlocked door open [s]'),
  strength: z
    .number()
    .positive()
    .optional()
    .describe(
      'crowd force on the leaf at which lock or chain gives way [N]; default by state: locked 4500, chained 9000',
    ),
  releaseTime: z
    .number()
    .min(0)
    .default(10)
    .describe('time that one release of its lock takes, key or cutter in hand [s]'),
  lock: lockSchema.optional().describe('what opens it, and how long that takes; left out: `releaseTime`'),
  pull: z
    .number()
    .positive()
    .max(5000)
    .optional()
    .describe(
      'force with which one who opens it can pull at its edge [N]; given, the leaf needs the room through which it swings and cannot be opened against a crowd',
    ),
  closer: z
    .number()
    .positive()
    .max(600)
    .optional()
    .describe('it shuts by itself when nobody was in it for so long [s]'),
});

export const exitSchema = z
  .strictObject({
    id,
    level: id.optional().describe('may be left out with `door`, and where the building has one level only'),
    door: id.optional().describe('the door in this exit; gives level and line'),
    line: line.optional().describe('crossed to be out; lies on the outline [m]'),
    polygon: polygon.optional().describe('entered to be out [m]'),
    throughput: z
      .number()
      .positive()
      .max(1000)
      .optional()
      .describe('so many get out by it at most, the others wait before it [1/s]; left out: as it comes'),
  })
  .describe('a way to safety: exactly one of door, line, polygon');

export const linkSchema = z.strictObject({
  id,
  kind: z.enum(['stairs', 'ramp', 'drop']),
  from: z.strictObject({ level: id, line }).describe('edge on the first level [m]; for a drop: where one lets go'),
  to: z.strictObject({ level: id, line }).describe('edge on the second level [m]; for a drop: where one lands'),
  length: z.number().positive().optional().describe('along the slope [m]; default from run and rise'),
  speed: z
    .strictObject({ up: z.number().positive().optional(), down: z.number().positive().optional() })
    .optional()
    .describe('walking speed along the slope [m/s], instead of the profile’s stair factors'),
  open: z.enum(['both', 'up', 'down']).default('both'),
  rail: z.number().min(0.3).max(3).optional().describe('of a drop: height of the railing that has to be climbed [m]'),
  hang: z
    .literal(true)
    .optional()
    .describe('of a drop: one can hang by the hands from its edge before letting go, which takes 2 m off the fall'),
});

export const signSchema = z.strictObject({
  id,
  level: id,
  position: point,
  facing: z.number().default(0).describe('direction in which it is read, from the x axis counter-clockwise [deg]'),
  exit: id,
  lit: z.boolean().default(true),
  size: z.number().positive().default(0.15).describe('pictogram height [m]'),
  kind: z.enum(['exit', 'no-exit']).optional().describe('points to the exit (default), or says that it is none'),
  dynamic: z.boolean().optional().describe('it flashes or moves, and is noticed by more people; default: it does not'),
});

const bodySchema = z.union([
  z.strictObject({ table: z.enum(['men', 'women', 'adults', 'children', 'elderly']) }),
  z.strictObject({ radius: distributionSchema.describe('[m]'), mass: distributionSchema.describe('[kg]') }),
]);

export const profileSchema = z.strictObject({
  id,
  body: bodySchema.default({ table: 'adults' }),
  freeSpeed: distributionSchema
    .default({ distribution: 'normal', mean: 1.34, sd: 0.26, min: 0.5, max: 2.2 })
    .describe('[m/s] on the level, undisturbed, calm'),
  stairFactor: z
    .strictObject({ up: z.number().positive(), down: z.number().positive() })
    .default({ up: 0.55, down: 0.67 })
    .describe('share of the free speed kept along a stair [1]'),
  motivation: distributionSchema.default(0).describe('0 polite … 1 desperate [1]'),
  preMovement: distributionSchema.default(0).describe('[s] after being alerted'),
  patience: distributionSchema
    .default({ distribution: 'lognormal', median: 60, sigma: 0.4 })
    .describe('time without progress after which a person gives a way up [s]'),
  susceptibility: distributionSchema
    .optional()
    .describe('divides the load that does harm [1]; default by body table (median 1 man, 0.75 woman)'),
  wakeLevel: distributionSchema
    .optional()
    .describe('level at the ear that wakes somebody asleep [dB]; default normal 65 ± 10, 40 … 100'),
  wakeDelay: distributionSchema
    .optional()
    .describe(
      'time to wake at just that level, halved by every 10 dB more [s]; default lognormal, median 10, sigma 0.5',
    ),
  trust: distributionSchema
    .optional()
    .describe('how readily a stranger is believed, 0 never … 1 always [1]; default 0.5'),
  showsFear: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('share of their fear that others can read off them [1]; default 1'),
});

export const populationSchema = z
  .strictObject({
    id,
    level: id,
    area: id.optional().describe('named area to fill'),
    polygon: polygon.optional().describe('region to fill [m]; neither area nor polygon: the whole level'),
    position: point.optional().describe('one person, just here [m]'),
    count: z.number().int().min(1).max(2_000_000).optional().describe('persons [1]'),
    density: z.number().positive().max(8).optional().describe('[1/m²]'),
    profiles: z
      .array(z.strictObject({ profile: id, share: z.number().positive().describe('[1]') }))
      .optional()
      .describe('mix of profiles; shares are relative'),
    profile: id.optional().describe('one profile for all; neither profile nor profiles: `adult`'),
    knows: z
      .union([z.literal('all'), z.array(id)])
      .default('all')
      .describe('exits these persons know of'),
    alertedBy: id.optional().describe('event that alerts them; without it they are alerted at time 0'),
    waits: z
      .boolean()
      .optional()
      .describe('not alerted at time 0 though no event is named: by what they hear, see or are told'),
    familiar: z
      .array(id)
      .optional()
      .describe('exits that they use and prefer; default: those of `knows`, none where that is `all`'),
    asleep: z.boolean().optional().describe('they sleep at the start and must be woken'),
    uniform: z.boolean().optional().describe('staff one can tell by their clothes; believed by most'),
    role: id.optional().describe('what they do; left out: they leave as best they know'),
    trusts: z
      .array(
        z.strictObject({
          in: id.describe('population'),
          start: z.number().min(0).max(1).describe('0 never … 1 always believed [1]'),
        }),
      )
      .optional()
      .describe('how far they trust persons of these populations, whatever they think of others'),
    together: z
      .number()
      .positive()
      .max(50)
      .optional()
      .describe('they stay together: who is so far ahead of the last waits [m]'),
    itinerary: id.optional().describe('where they go before they leave; until alerted, or alerted from the start'),
    itineraries: z
      .array(z.strictObject({ itinerary: id, share: z.number().positive().default(1).describe('[1]') }))
      .min(1)
      .max(1000)
      .optional()
      .describe('mix of itineraries, instead of one; shares are relative'),
    arrives: arrivalsSchema
      .optional()
      .describe('they come in the course of the run, at free places of their region; left out: they are there'),
  })
  .describe('exactly one of position, count, density; with `arrives`, `count` may be left out');

const eventBase = { id: id.optional(), at: z.number().min(0).describe('time in the run [s]') };

export const eventSchema = z.discriminatedUnion('do', [
  z.strictObject({ ...eventBase, do: z.literal('open'), door: id }),
  z.strictObject({ ...eventBase, do: z.literal('close'), door: id }),
  z.strictObject({ ...eventBase, do: z.literal('lock'), door: id }),
  z.strictObject({ ...eventBase, do: z.literal('chain'), door: id }),
  z.strictObject({ ...eventBase, do: z.literal('unlock'), door: id }),
  z.strictObject({
    ...eventBase,
    do: z.literal('alert'),
    populations: z.array(id).optional().describe('who is alerted; left out: everyone not yet alerted'),
  }),
  z.strictObject({
    ...eventBase,
    do: z.literal('sound'),
    sound: id,
    duration: z.number().positive().optional().describe('[s]; default: until it is silenced'),
  }),
  z.strictObject({ ...eventBase, do: z.literal('silence'), sound: id }),
  z.strictObject({ ...eventBase, do: z.literal('hold'), waypoint: id }),
  z.strictObject({ ...eventBase, do: z.literal('release'), waypoint: id }),
]);

export const bodiesSchema = z
  .strictObject({
    stride: z
      .number()
      .min(0.2)
      .max(1.5)
      .default(0.7)
      .describe('what lies no wider than this along the way is stepped over [m]'),
    climb: distributionSchema
      .default({ distribution: 'uniform', min: 0.15, max: 0.25 })
      .describe('speed of somebody over what is wider or higher [m/s]'),
    climbMax: z.number().min(0).max(5).default(1).describe('highest step up a heap that is climbed [m]'),
    upset: z
      .number()
      .min(0)
      .max(1)
      .default(0.2)
      .describe('share of those who walk into a body at 1.3 m/s that fall; grows with the square of the speed [1]'),
    surprise: z
      .number()
      .min(0)
      .max(5)
      .default(0.3)
      .describe('what somebody who does not expect a body needs longer to answer than somebody who does [s]'),
    entangled: z
      .number()
      .min(0)
      .max(10)
      .default(1)
      .describe('share by which each body that one lies across or against lengthens getting up [1]'),
  })
  .describe('bodies that lie have a height: heaps are climbed, and trip those whom they surprise');

export const settingsSchema = z.strictObject({
  seed: z.number().int().min(0).max(4_294_967_295).default(1).describe('of all random draws [1]'),
  rates: z
    .strictObject({
      decide: z.literal(10).default(10).describe('[1/s]'),
      move: z
        .union([z.literal(60), z.literal(120)])
        .default(60)
        .describe('[1/s]; dense crowds are stepped at 120 in any case'),
      record: z
        .union([z.literal(1), z.literal(2), z.literal(5), z.literal(10)])
        .default(10)
        .describe('frames [1/s]'),
    })
    .prefault({}),
  cell: z.number().min(0.05).max(0.25).default(0.2).describe('cell of the travel-time fields [m]'),
  end: z
    .strictObject({
      time: z.number().positive().max(86_400).default(600).describe('the run ends at this time at the latest [s]'),
      stalled: z
        .number()
        .positive()
        .default(120)
        .describe('and when nobody got out or nearer to an exit for this long [s]'),
    })
    .prefault({}),
  bodies: bodiesSchema.optional(),
});

export const scenarioSchema = z.strictObject({
  $schema: z.string().optional(),
  crashbar: z.literal(SCENARIO_VERSION).describe('version of this format [1]'),
  name: z.string().min(1).max(200),
  description: z.string().max(20_000).default(''),
  levels: z.array(levelSchema).min(1).max(1000),
  doors: z.array(doorSchema).max(100_000).default([]),
  exits: z.array(exitSchema).min(1).max(100_000),
  links: z.array(linkSchema).max(10_000).default([]),
  signs: z.array(signSchema).max(100_000).default([]),
  profiles: z.array(profileSchema).max(10_000).default([]),
  populations: z.array(populationSchema).max(100_000).default([]),
  events: z.array(eventSchema).max(100_000).default([]),
  sounds: z.array(soundSchema).max(10_000).optional().describe('alarms and other sources of sound; default none'),
  behaviour: behaviourSchema.optional(),
  roles: z.array(roleSchema).max(1000).optional(),
  objects: z.array(objectSchema).max(10_000).optional(),
  consoles: z.array(consoleSchema).max(1000).optional(),
  waypoints: z.array(waypointSchema).max(10_000).optional(),
  itineraries: z.array(itinerarySchema).max(10_000).optional(),
  diversions: z.array(diversionSchema).max(1000).optional(),
  zones: z.array(zoneSchema).max(1000).optional(),
  settings: settingsSchema.prefault({}),
});

/** What a person may write: defaults may be left out. */
export type ScenarioInput = z.input<typeof scenarioSchema>;
/** A validated scenario with every default filled in. */
export type Scenario = z.output<typeof scenarioSchema>;
export type Level = z.output<typeof levelSchema>;
export type Door = z.output<typeof doorSchema>;
export type Exit = z.output<typeof exitSchema>;
export type Link = z.output<typeof linkSchema>;
export type Sign = z.output<typeof signSchema>;
export type Profile = z.output<typeof profileSchema>;
export type Population = z.output<typeof populationSchema>;
export type ScheduledEvent = z.output<typeof eventSchema>;
export type Settings = z.output<typeof settingsSchema>;
export type Bodies = z.output<typeof bodiesSchema>;
export type Point = readonly [number, number];
export type Polygon = readonly Point[];
export type { Behaviour, Sound } from './behaviour-schema.ts';
export { type Distribution, distributionSchema } from './distribution-schema.ts';
export type { Arrivals, Diversion, Itinerary, ItineraryBranch, Waypoint, Zone } from './stage-schema.ts';
export type DoorState = Door['state'];
