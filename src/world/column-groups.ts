import type { Scenario } from '../scenario/index.ts';
import { ACTED, ACTORS, LOCKS, OBJECTS, TRIED } from './role-columns.ts';
import { ARRIVALS, ASKED, STAGES, THROTTLES, WAITS, WAYPOINTS } from './stage-columns.ts';

/** Kinds of columns: f32, i32, or whole numbers of one or two bytes. */
export type ColumnKind = 'f32' | 'i32' | 'u8' | 'u16' | 'i16';

/** How many there are of what a group may have a row for. */
export interface RowCounts {
  readonly persons: number;
  readonly doors: number;
  readonly portals: number;
  readonly areas: number;
}

/**
 * Columns of the state that only those scenarios have which use a mechanism: laid out behind all other state where `isUsed`
 * says so, and then part of hash, snapshot and resume like everything else; elsewhere they take no byte.
 */
export interface ColumnGroup {
  /** Depends on the scenario alone, so that a resumed run lays out the same. */
  readonly isUsed: (scenario: Scenario) => boolean;
  /** Entries of each column, e.g. `perPerson`. */
  readonly rows: (counts: RowCounts, scenario: Scenario) => number;
  /** Order = order in memory. */
  readonly columns: Readonly<Record<string, ColumnKind>>;
}

const trusted = new WeakMap<object, readonly string[]>();

/** Populations in which somebody has a trust of their own, in order of first mention. */
export function trustedPopulations({ populations }: Pick<Scenario, 'populations'>): readonly string[] {
  const known = trusted.get(populations);
  if (known !== undefined) return known;
  const names = [...new Set(populations.flatMap(({ trusts }) => (trusts ?? []).map((one) => one.in)))];
  trusted.set(populations, names);
  return names;
}

/** One row a person, as in `world.views.persons`. */
export const perPerson = (counts: RowCounts): number => counts.persons;
/** One row a door, as in `world.views.doors`. */
export const perDoor = (counts: RowCounts): number => counts.doors;

/**
 * The groups there are. A phase takes `world.views.groups.NAME` and does nothing where it is undefined. Start values, all
 * zero by themselves, are written by `fillGroups`. Order = order in memory: a new group comes last.
 */
export const COLUMN_GROUPS = {
  /** Person × sign, row = person: looks at it of half a second each while exposed, or 255 once it was noticed. */
  signs: {
    isUsed: ({ behaviour, signs }) => behaviour?.signs !== undefined && signs.length > 0,
    rows: ({ persons }, { signs }) => persons * signs.length,
    columns: { looks: 'u8' },
  },
  /** One row a source of sound. */
  sounds: {
    isUsed: ({ behaviour, sounds }) => behaviour?.hearing !== undefined && (sounds?.length ?? 0) > 0,
    rows: (_, { sounds }) => sounds?.length ?? 0,
    columns: {
      playing: 'i32',
      until: 'f32', // when it ends by itself [s]; Infinity: it does not
    },
  },
  hearing: {
    isUsed: ({ behaviour }) => behaviour?.hearing !== undefined,
    rows: perPerson,
    columns: {
      heard: 'f32', // loudest sound heard at the last look [dB], 0 where none
      cue: 'f32', // rate at which what is heard makes feel at risk [1/s]
      wakeLevel: 'f32', // [dB]
      wakeDelay: 'f32', // [s]
      waking: 'f32', // share of the way from sleep to waking [1]
      asleep: 'i32',
    },
  },
  contagion: {
    isUsed: ({ behaviour }) => behaviour?.contagion !== undefined,
    rows: perPerson,
    columns: {
      risk: 'f32', // perceived risk, 0 … 1
      investigate: 'f32', // thresholds of it
      leave: 'f32',
      dwell: 'f32', // least time between stages [s]
      since: 'f32', // start of the stage [s]
      stage: 'i32', // 0 normal, 1 investigating, 2 leaving
    },
  },
  knowledge: {
    isUsed: ({ behaviour }) => behaviour?.knowledge !== undefined,
    rows: perPerson,
    columns: {
      hesitate: 'f32', // how long the person looks round before searching [s]
      searchFrom: 'f32', // when they start to search [s]; Infinity while they know a way
    },
  },
  /** Person × area, row = person: 1 where the person has been. */
  visits: {
    isUsed: ({ behaviour }) => behaviour?.knowledge !== undefined,
    rows: ({ persons, areas }) => persons * areas,
    columns: { been: 'u8' },
  },
  /** Person × portal, row = person: second in which the belief was learnt, plus 1, 0 where it was brought along; whether it was by word. */
  word: {
    isUsed: ({ behaviour }) => behaviour?.word !== undefined,
    rows: ({ persons, portals }) => persons * portals,
    columns: { learnt: 'u16', hearsay: 'u8' },
  },
  trust: {
    isUsed: ({ behaviour }) => behaviour?.word !== undefined || behaviour?.inner !== undefined,
    rows: perPerson,
    columns: { trust: 'f32' }, // in strangers, 0 … 1
  },
  /** One row a portal: how many pass. */
  flows: {
    isUsed: ({ behaviour }) => behaviour?.choice !== undefined,
    rows: ({ portals }) => portals,
    columns: { flow: 'f32' }, // low-passed over 10 s [1/s]
  },
  inner: {
    isUsed: ({ behaviour }) => behaviour?.inner !== undefined,
    rows: perPerson,
    columns: {
      fear: 'f32',
      distress: 'f32',
      fatigue: 'f32',
      calmMotivation: 'f32', // motivation without fear
      told: 'i32', // what the trace was last told: fear, distress, fatigue, trust in 1/200, a byte each
    },
  },
  actors: ACTORS,
  acted: ACTED,
  objects: OBJECTS,
  locks: LOCKS,
  tried: TRIED,
  stages: STAGES,
  waypoints: WAYPOINTS,
  asked: ASKED,
  throttles: THROTTLES,
  waits: WAITS,
  arrivals: ARRIVALS,
  /** What goes on between those who stand and heaps of those who lie. */
  bodies: {
    isUsed: ({ settings }) => settings.bodies !== undefined,
    rows: perPerson,
    columns: {
      climbSpeed: 'f32', // over a heap [m/s]
      warned: 'i32', // decision intervals for which the body ahead has been in view
      over: 'i32', // 1 while over bodies
      climbTicks: 'i32', // decision intervals on the heap, without those held, stunned or standing
      climbWay: 'f32', // way on it [m]
      climbLayers: 'i32', // bodies one above the other on it, at most
      climbOff: 'i32', // decision intervals since
    },
  },
  /** Person × trusted population, row = person: trust of 0 … 1 in its persons, −1 where there is no opinion. */
  bonds: {
    isUsed: (scenario) => trustedPopulations(scenario).length > 0,
    rows: ({ persons }, scenario) => persons * trustedPopulations(scenario).length,
    columns: { trust: 'f32' },
  },
  talk: {
    isUsed: ({ behaviour }) => (behaviour?.inner?.talk ?? 0) > 0,
    rows: perPerson,
    columns: { until: 'i32' }, // tick until which a word is company
  },
} as const satisfies Record<string, ColumnGroup>;

export type ColumnGroupName = keyof typeof COLUMN_GROUPS;

interface ViewKinds {
  readonly f32: Float32Array;
  readonly i32: Int32Array;
  readonly u8: Uint8Array;
  readonly u16: Uint16Array;
  readonly i16: Int16Array;
}
/** View of a column of one kind. */
export type ViewOf<K> = K extends ColumnKind ? ViewKinds[K] : never;
/** Views of the groups; undefined where the scenario does not use one. Renewed with the other views when the memory grows. */
export type GroupViews = {
  readonly [N in ColumnGroupName]?: {
    readonly [C in keyof (typeof COLUMN_GROUPS)[N]['columns']]: ViewOf<(typeof COLUMN_GROUPS)[N]['columns'][C]>;
  };
};

/** A group that a world has, with the length of its columns. */
export interface PlacedGroup {
  readonly name: string;
  readonly rows: number;
  readonly columns: Readonly<Record<string, ColumnKind>>;
}

/** The groups that a scenario uses, in order of memory. `groups`: all there are; tests pass their own. */
export function listColumnGroups(
  scenario: Scenario,
  counts: RowCounts,
  groups: Readonly<Record<string, ColumnGroup>> = COLUMN_GROUPS,
): PlacedGroup[] {
  return Object.entries(groups)
    .filter(([, { isUsed }]) => isUsed(scenario))
    .map(([name, { rows, columns }]) => ({ name, rows: rows(counts, scenario), columns }));
}
