import { z } from 'zod';
import { idSchema, pointSchema } from './basic-schema.ts';
import { distributionSchema } from './distribution-schema.ts';

/**
 * What roles, locks, things and consoles are in a file. Part of `scenarioSchema`; all of it may be left out, and a scenario
 * without it costs nothing.
 *
 * A role is a table: each row is a state, with what is done in it and, in order, under which conditions which state comes
 * next. Nothing in the engine knows a role's name.
 */

const id = idSchema;
const point = pointSchema;

/** Which persons: the nearest to the actor of those to whom all that is given applies. */
export const selectorSchema = z
  .strictObject({
    of: z.array(id).optional().describe('of these populations; left out: of any'),
    role: id.optional().describe('with this role'),
    in: z.array(id).optional().describe('in one of these named areas'),
    hostile: z.literal(true).optional().describe('to whom the actor’s role is hostile'),
    is: z
      .enum(['up', 'moving', 'down', 'helpless', 'held', 'stunned', 'unassisted', 'holding-me'])
      .optional()
      .describe(
        'standing and not stunned; walking faster than 0.5 m/s; lying; lying, stunned or unconscious; held; stunned; whom nobody assists or is about to; who holds the actor',
      ),
    same: z.literal(true).optional().describe('whom the actor’s last action on a person was about'),
    within: z.number().positive().optional().describe('so near [m], as the crow flies; default 100'),
    seen: z.literal(true).optional().describe('with no wall or shut door between'),
  })
  .describe('of the persons to whom all of this applies the nearest');

/** Where to: exactly one of its fields. */
export const targetSchema = z
  .strictObject({
    place: point.optional().describe('with `level` [m]'),
    level: id.optional(),
    area: id.optional().describe('a named area; with `level` where two levels have one of that name'),
    door: id.optional(),
    console: id.optional(),
    object: id.optional().describe('where it lies, or who has it'),
    person: selectorSchema.optional(),
  })
  .describe('exactly one of place, area, door, console, object, person');

/** What an attempt on a person does, with which share of those that succeed. */
const effectSchema = z.strictObject({
  effect: z.enum(['stunned', 'down', 'wounded', 'unconscious', 'dead']),
  share: z.number().min(0).max(1).describe('of the attempts that succeed [1]'),
  lasts: distributionSchema.optional().describe('stunned or down for so long at least [s]; default 3'),
});

const base = {
  hurry: z.number().min(0).max(1).optional().describe('motivation while in this state [1]; default the own'),
};

const barge = z
  .number()
  .min(0)
  .max(1000)
  .optional()
  .describe('shoves who is in the way and hostile aside, with this force for 0.2 s [N]; default 0');

/** What is done in a state. */
export const actionSchema = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('wait'), ...base }),
  z.strictObject({
    act: z.literal('leave'),
    ...base,
    barge,
    exit: id.optional().describe('by this exit; left out: by the best known'),
  }),
  z.strictObject({
    act: z.literal('go'),
    ...base,
    barge,
    to: targetSchema,
    within: z.number().min(0.2).max(50).optional().describe('there is so near [m]; default 0.6'),
    drops: z.number().min(0).max(30).optional().describe('drops down to this height are taken [m]; default 0'),
  }),
  z.strictObject({
    act: z.literal('unlock'),
    ...base,
    doors: z
      .union([z.literal('all'), z.array(id).min(1)])
      .describe('those of them that are locked, one after the other'),
    by: z.enum(['key', 'force']).default('key'),
    order: z.enum(['nearest', 'given']).default('nearest'),
  }),
  z.strictObject({ act: z.literal('operate'), ...base, console: id }),
  z.strictObject({
    act: z.literal('take'),
    ...base,
    object: id.describe('an object, or a kind of object: the nearest of it'),
    time: distributionSchema
      .optional()
      .describe('to take it up or off somebody helpless [s]; default 1 … 2, and 5 … 8'),
  }),
  z.strictObject({
    act: z.literal('give'),
    ...base,
    object: id.describe('an object or a kind of object that the actor has'),
    to: selectorSchema,
    time: distributionSchema.optional().describe('[s]; default 2'),
  }),
  z.strictObject({
    act: z.literal('attack'),
    ...base,
    who: selectorSchema,
    with: z
      .enum(['hand', 'shot', 'device'])
      .default('hand')
      .describe('what it is called in events; a shot and a device need sight'),
    reach: z.number().positive().max(200).optional().describe('[m]; default hand 0.9, shot 30, device 5'),
    every: z.number().min(0.1).max(60).optional().describe('time between two attempts [s]; default 1'),
    chance: z.number().min(0).max(1).optional().describe('that an attempt succeeds [1]; default 0.6'),
    spread: z
      .number()
      .positive()
      .max(30)
      .optional()
      .describe('of a shot: angular dispersion [deg]; instead of `chance`, which then follows from the distance'),
    impulse: z
      .number()
      .min(0)
      .max(200)
      .optional()
      .describe('away from the actor, of one that succeeds [N s]; default 0'),
    rounds: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe('done after so many attempts [1]; left out: after one that succeeds'),
    effects: z.array(effectSchema).min(1).describe('shares that add up to 1 at most; the rest has none'),
  }),
  z.strictObject({
    act: z.literal('grab'),
    ...base,
    who: selectorSchema,
    reach: z.number().positive().max(2).optional().describe('[m]; default 0.8'),
    lasts: distributionSchema.optional().describe('grip is kept so long at most [s]; default until freed'),
    breaks: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe('chance a second that the one held gets free alone [1/s]; default 0.3'),
  }),
  z.strictObject({
    act: z.literal('free'),
    ...base,
    who: selectorSchema,
    chance: z.number().min(0).max(1).optional().describe('that one try, of a second, succeeds [1]; default 0.6'),
  }),
  z.strictObject({
    act: z.literal('call'),
    ...base,
    who: selectorSchema.optional().describe('left out: everybody in earshot'),
    say: id.describe('a word that other roles’ conditions ask for'),
    reach: z.number().positive().max(200).optional().describe('heard so far, round walls not [m]; default 10'),
    trust: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe(
        'chance that one who hears it believes it [1]; default that of the words of such a person, 0.5 for strangers',
      ),
    tells: z
      .strictObject({ door: id.optional(), exit: id.optional(), is: z.enum(['open', 'locked']) })
      .optional()
      .describe('what is said of a door or an exit'),
    claims: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe('what the caller says of themself is so believable; trust in them moves towards it [1]'),
    time: distributionSchema.optional().describe('[s]; default 1'),
  }),
  z.strictObject({
    act: z.literal('follow'),
    ...base,
    barge,
    who: selectorSchema,
    gap: z.number().min(0.3).max(20).optional().describe('so far behind [m]; default 1.2'),
    lost: z.number().positive().optional().describe('failed when not seen for so long [s]; default 8'),
    drops: z.number().min(0).max(30).optional().describe('drops down to this height are taken [m]; default 0'),
  }),
  z.strictObject({
    act: z.literal('flee'),
    ...base,
    from: selectorSchema,
  }),
  z.strictObject({
    act: z.literal('hide'),
    ...base,
    in: z.array(id).min(1).describe('named areas; the one with the shortest way'),
    locks: z.boolean().optional().describe('the doors of that room are locked from inside'),
    time: distributionSchema.optional().describe('to lock one door [s]; default 3'),
  }),
  z.strictObject({
    act: z.literal('help'),
    ...base,
    who: selectorSchema.describe('lying persons'),
    time: distributionSchema.optional().describe('to help one up [s]; default 2 … 4'),
  }),
  z.strictObject({
    act: z.literal('assist'),
    ...base,
    who: selectorSchema,
    speed: distributionSchema
      .optional()
      .describe('speed of the one assisted on the level while there are enough helpers [m/s]; default 1'),
    helpers: z.number().int().min(1).max(8).optional().describe('helpers that it takes [1]; default 1'),
    time: distributionSchema.optional().describe('to get ready [s]; default 5'),
  }),
]);

/** When a state is left: all that is given must hold; an empty one always does. */
export const conditionSchema = z.strictObject({
  after: distributionSchema.optional().describe('so long in this state [s]'),
  time: z.number().min(0).optional().describe('from this time of the run on [s]'),
  action: z.enum(['done', 'failed', 'ended']).optional().describe('what became of the action; `ended`: one of both'),
  event: id.optional().describe('this scheduled event has happened'),
  heard: id.optional().describe('this was said to the actor and believed since the state began'),
  sees: selectorSchema.optional().describe('there is one in sight'),
  near: selectorSchema.optional().describe('there is one, seen or not'),
  none: selectorSchema.optional().describe('there is none, seen or not'),
  has: id.optional().describe('the actor has this object, or one of this kind'),
  lacks: id.optional().describe('the actor has not'),
  trusts: z
    .strictObject({ in: id.describe('population'), least: z.number().min(0).max(1).describe('[1]') })
    .optional()
    .describe('the actor trusts persons of this population so far'),
  unlocked: id.optional().describe('this door, the actor within 10 m of it, is not locked'),
  am: z.enum(['up', 'down', 'held', 'free', 'stunned', 'struck', 'stranded']).optional().describe('what the actor is'),
  at: z.array(id).min(1).optional().describe('areas: the actor is in one of them'),
});

export const roleStateSchema = z.strictObject({
  state: id,
  do: actionSchema,
  next: z
    .array(z.strictObject({ when: conditionSchema, go: id }))
    .default([])
    .describe('the first whose condition holds, asked ten times a second'),
});

export const roleSchema = z
  .strictObject({
    id,
    hostileTo: z
      .union([z.literal('others'), z.array(id)])
      .optional()
      .describe('populations; `others`: all whose role is another'),
    knows: z.enum(['doors']).optional().describe('`doors`: knows from the start which doors are locked'),
    strength: z
      .number()
      .positive()
      .default(600)
      .describe('force that one brings to bear on a lock by hand or tool [N]'),
    start: id.optional().describe('state at the start; default the first'),
    states: z.array(roleStateSchema).min(1).max(200),
  })
  .describe('a table: state, what is done in it, and under which condition which state comes next');

export const objectSchema = z
  .strictObject({
    id,
    kind: id.optional().describe('what it is; locks name it. Default: its id'),
    heldBy: id.optional().describe('population whose first person has it at the start'),
    level: id.optional(),
    position: point.optional().describe('where it lies at the start [m]'),
  })
  .describe('a thing that one can carry; exactly one of heldBy and position');

export const consoleSchema = z
  .strictObject({
    id,
    level: id,
    position: point.describe('where one stands to work it [m]'),
    doors: z.array(id).min(1).describe('released all at once'),
    time: distributionSchema.default({ distribution: 'uniform', min: 2, max: 5 }).describe('to work it [s]'),
    failure: z.number().min(0).max(1).default(0).describe('chance for each door that it stays locked [1]'),
    key: id.optional().describe('kind of object without which it cannot be worked'),
  })
  .describe('from which a group of doors is released at once');

/** A lock by which a door is released; with it a door has times of its own for key and force. */
export const lockSchema = z.strictObject({
  key: id.optional().describe('kind of object that opens it; left out: staff need none'),
  byKey: distributionSchema
    .default({ distribution: 'uniform', min: 4, max: 7 })
    .describe('to find the key, turn it and swing the door [s]'),
  byForce: distributionSchema
    .default({ distribution: 'uniform', min: 3, max: 8 })
    .describe('one attempt to break it [s]; it succeeds where the strength of the role is not below that of the door'),
});

export type PersonSelector = z.output<typeof selectorSchema>;
export type Target = z.output<typeof targetSchema>;
export type Action = z.output<typeof actionSchema>;
export type Condition = z.output<typeof conditionSchema>;
export type RoleState = z.output<typeof roleStateSchema>;
export type Role = z.output<typeof roleSchema>;
export type SceneObject = z.output<typeof objectSchema>;
export type Console = z.output<typeof consoleSchema>;
export type Lock = z.output<typeof lockSchema>;
