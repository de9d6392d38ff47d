import { z } from 'zod';
import { idSchema, pointSchema } from './basic-schema.ts';
import { distributionSchema } from './distribution-schema.ts';

/**
 * Where people go before they leave, how fast they may walk there, and when they come: waypoints, itineraries, diversions, zones and
 * arrivals. All of it may be left out, and then changes nothing.
 */

const id = idSchema;
const point = pointSchema;
const polygon = z.array(point).min(3).max(10_000).describe('corners [m]; the last is not repeated; either turn');

export const waypointSchema = z
  .strictObject({
    id,
    level: id,
    polygon: polygon.optional().describe('region that is entered [m]'),
    position: point.optional().describe('middle of a round region [m]'),
    radius: z.number().min(0.1).max(100).optional().describe('of a round region [m]; default 0.5'),
    dwell: distributionSchema.optional().describe('how long each is served, or stays [s]; left out: not at all'),
    capacity: z
      .number()
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .describe('so many are served at once [1]; left out: everybody, with `places` one'),
    throughput: z
      .number()
      .positive()
      .max(1000)
      .optional()
      .describe('so many leave it at most [1/s]; left out: as they are ready'),
    places: z
      .array(point)
      .min(1)
      .max(1000)
      .optional()
      .describe('where one stands in line, the place of the first first [m]'),
    held: z
      .boolean()
      .optional()
      .describe('nobody leaves it until an event `release`, and again after `hold`; default: not held'),
    cycle: z
      .strictObject({
        open: z.number().positive().max(86_400).describe('how long who is ready may leave [s]'),
        shut: z.number().positive().max(86_400).describe('how long nobody may [s]'),
        starts: z.enum(['open', 'shut']).default('open').describe('at time 0'),
      })
      .optional()
      .describe('opens and shuts by turns, as a traffic light'),
    speed: z.number().min(0.05).max(3).optional().describe('factor on the free speed inside its region [1]; default 1'),
    leavingSpeed: z
      .number()
      .min(0.05)
      .max(4)
      .optional()
      .describe('free speed of everybody from there on [m/s]; left out: their own'),
  })
  .describe('where people go; exactly one of polygon, position');

const branchSchema = z
  .strictObject({
    waypoint: id.optional(),
    itinerary: id
      .optional()
      .describe('its stops come in here, and then the next stop; where it has an `end`, it ends there'),
    share: z.number().positive().default(1).describe('relative to the others [1]'),
  })
  .describe('at most one of waypoint, itinerary; neither: goes on to the next stop');

const stopSchema = z.union([
  id,
  z.strictObject({
    any: z.array(branchSchema).min(1).max(1000).describe('of these one is drawn, by their shares'),
  }),
]);

export const itinerarySchema = z.strictObject({
  id,
  stops: z.array(stopSchema).max(10_000).describe('waypoints in order'),
  end: z
    .union([z.literal('leave'), z.literal('stay'), z.array(id).min(1).max(10_000)])
    .optional()
    .describe(
      '`leave`, the default: by what they believe best; a list: by one of these exits, of which they know; `stay`: at the last stop until alerted',
    ),
});

export const diversionSchema = z.strictObject({
  id,
  level: id,
  polygon: polygon.describe('who enters it is asked, once [m]'),
  chance: z.number().min(0).max(1).default(1).describe('that somebody changes to one of `to` [1]'),
  to: z
    .array(z.strictObject({ itinerary: id, share: z.number().positive().default(1).describe('[1]') }))
    .min(1)
    .max(1000),
});

export const zoneSchema = z.strictObject({
  id,
  level: id,
  polygon,
  speed: z
    .number()
    .min(0.05)
    .max(3)
    .describe('factor on the free speed inside [1]; where zones lie over each other they multiply'),
});

export const arrivalsSchema = z
  .strictObject({
    times: z.array(z.number().min(0).max(86_400)).min(1).max(100_000).optional().describe('[s]'),
    schedule: z
      .array(
        z.strictObject({
          from: z.number().min(0).max(86_400).describe('[s]'),
          to: z.number().min(0).max(86_400).describe('[s]'),
          count: z.number().int().min(1).max(2_000_000).describe('persons, evenly over the time [1]'),
        }),
      )
      .min(1)
      .max(100_000)
      .optional(),
    every: distributionSchema.optional().describe('time between two arrivals, the first at `from` [s]'),
    rate: z.number().positive().max(1000).optional().describe('arrivals at random, at this rate (Poisson) [1/s]'),
    from: z.number().min(0).max(86_400).optional().describe('with `every` and `rate` [s]; default 0'),
    to: z
      .number()
      .min(0)
      .max(86_400)
      .optional()
      .describe('with `every` and `rate`: none at this time or later [s]; default: the end of the run'),
    batch: z
      .number()
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .describe('persons an arrival, not with `schedule` [1]; default 1'),
    place: z
      .enum(['random', 'lattice'])
      .optional()
      .describe('at any free place of the region (default), or at the first free place of a lattice'),
  })
  .describe('exactly one of times, schedule, every, rate; `count` of the population is the most that come in all');

export type Waypoint = z.output<typeof waypointSchema>;
export type Itinerary = z.output<typeof itinerarySchema>;
export type ItineraryBranch = z.output<typeof branchSchema>;
export type Diversion = z.output<typeof diversionSchema>;
export type Zone = z.output<typeof zoneSchema>;
export type Arrivals = z.output<typeof arrivalsSchema>;
