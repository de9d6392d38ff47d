import type { Scenario } from '../scenario/index.ts';

/** Kinds of columns: f32, i32, or one unsigned byte an entry. */
export type ColumnKind = 'f32' | 'i32' | 'u8';

/** How many there are of what a group may have a row for. */
export interface RowCounts {
  readonly persons: number;
  readonly doors: number;
  readonly portals: number;
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

/** One row a person, as in `world.views.persons`. */
export const perPerson = (counts: RowCounts): number => counts.persons;
/** One row a door, as in `world.views.doors`. */
export const perDoor = (counts: RowCounts): number => counts.doors;

/**
 * The groups there are. A phase takes `world.views.groups.NAME` and does nothing where it is undefined. Start values, all
 * zero by themselves, are written by `fillGroups`. Order = order in memory: a new group comes last.
 */
export const COLUMN_GROUPS = {} as const satisfies Record<string, ColumnGroup>;

export type ColumnGroupName = keyof typeof COLUMN_GROUPS;

type ViewOf<K> = K extends 'f32' ? Float32Array : K extends 'i32' ? Int32Array : Uint8Array;
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
