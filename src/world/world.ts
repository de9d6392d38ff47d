import type { Scenario } from '../scenario/index.ts';
import type { ArrivalRegion } from './arrivals.ts';
import type { ColumnKind, GroupViews, PlacedGroup, ViewOf } from './column-groups.ts';
import type { SightTable } from './sight-table.ts';
import type { WorldStages } from './stages.ts';

/**
 * The compiled world: what `compileWorld` makes of a scenario and what a step works on.
 *
 * All that changes during a run lies in ONE contiguous region of one `WebAssembly.Memory` (`stateOffset`, `stateBytes`):
 * a snapshot is a copy of it, the state hash is the hash of its bytes. What follows it in the same memory is scratch,
 * wall segments, cell lists and travel-time fields, which `compileWorld` can always make again from the scenario.
 * Plain objects (`sheets`, `areas`, `portals`, …) describe the building and never change.
 *
 * Coordinates are local: plan coordinates minus `origin` (f64), so that f32 keeps micrometres near the building.
 */

/**
 * Columns of the person table, all of length `personCount` unless `DOOR_TOUCH_COLUMNS` has them. Order = order in memory. Whole numbers take
 * as few bytes as they need (`check-counts.ts`); the hash of a state is that of the numbers, all in 32 bits (`state-parts.ts`).
 */
export const PERSON_COLUMNS = {
  x: 'f32', // local plan position [m]
  y: 'f32',
  vx: 'f32', // velocity [m/s]
  vy: 'f32',
  radius: 'f32', // contact radius now, less while the shoulders are turned [m]
  bodyRadius: 'f32', // contact radius of the body facing ahead [m]
  oncoming: 'f32', // neighbours in front within 1 m who head against one, weighted by nearness [1]
  mass: 'f32', // [kg]
  freeSpeed: 'f32', // calm free speed on the level [m/s]
  susceptibility: 'f32', // divides the chest load in the dose
  patience: 'f32', // [s]
  startTime: 'f32', // when the person starts walking [s]; Infinity until alerted
  preMovement: 'f32', // [s] from being alerted to walking
  motivation: 'f32', // 0 polite … 1 desperate
  wantX: 'f32', // unit vector towards the goal, from the travel-time field
  wantY: 'f32',
  headX: 'f32', // unit vector of the steering direction (relaxed)
  headY: 'f32',
  wishX: 'f32', // desired velocity [m/s]
  wishY: 'f32',
  levelSpeed: 'f32', // free speed on the level, motivation included [m/s]
  pace: 'f32', // share of the free speed that the footing allows [1]
  wishSpeed: 'f32', // upper bound of the wish here and now: level speed × stair factor × pace [m/s]
  timeGap: 'f32', // T of the optimal-velocity law [s]
  push: 'f32', // driving force when blocked [N]
  pushNow: 'f32', // push in force in the current decision interval [N]
  restWay: 'f32', // way left behind the next portal on the person's own route [m]
  potential: 'f32', // distance to the exit by the person's own route [m]
  chestLoad: 'f32', // low-passed, 0.5 s [N]
  chestLoadMax: 'f32', // highest low-passed load so far [N]
  dose: 'f32', // 0 … 1 = lethal
  blockedTime: 'f32', // how long slower than a third of the wish [s]
  waitedTime: 'f32', // how long without coming nearer [s]
  bestPotential: 'f32', // smallest potential on this route so far [m]
  tryTime: 'f32', // how long the person has tried the locked door in front [s]
  packing: 'f32', // local density, kernel estimate [1/m²]
  sheet: 'i16', // where the person is
  area: 'i16',
  near: 'i16', // area across the nearest open portal within 2.5 m, or −1
  portal: 'i16', // next portal of the route, or −1
  exit: 'i16', // exit aimed at, or −1
  crossedA: 'i16', // portals crossed since the last settle: 0 none, ±(portal + 1), + when from side 0 to side 1
  crossedB: 'i16',
  touched: 'i16', // door whose leaf is touched since the last settle: 0 none, door + 1
  state: 'u8', // PersonState
  harm: 'u8', // PersonHarm
  posture: 'u8', // 0 standing, 1 lying
  rethink: 'u8', // why the person must choose a way anew: 0 need not, 1 new area, 2 found locked, 3 gave up, 4 a door changed
  profile: 'u16',
  population: 'u16',
  leanX: 'f32', // standing: how far the extrapolated centre of mass is from the feet; lying: that at the fall [m]
  leanY: 'f32',
  settledVx: 'f32', // velocity at the last settle [m/s]
  settledVy: 'f32',
  burden: 'f32', // lying: chest load by those above, low-passed, 0.5 s [N]
  fellTick: 'i32', // tick of the last fall
  freeTicks: 'u16', // decision intervals in which nothing hindered getting up (lying) or held one up (unconscious)
} as const satisfies Record<string, ColumnKind>;

/** Columns of the person table that have no entry where there is no door: what is written is dropped, reading finds nothing. */
export const DOOR_TOUCH_COLUMNS: ReadonlySet<string> = new Set([
  'tryTime',
  'touched',
] satisfies (keyof typeof PERSON_COLUMNS)[]);

/** Columns of the door table, all of length `doorCount`. */
export const DOOR_COLUMNS = {
  state: 'i32', // DOOR_STATES index
  openAt: 'f32', // time at which a leaf being pushed open is open [s]; Infinity if none is
  force: 'f32', // crowd force on the leaf, low-passed 0.5 s [N]
  forceNow: 'f32', // mean over the last decision interval [N]
  forceMax: 'f32', // [N]
  strength: 'f32', // [N]
} as const satisfies Record<string, 'f32' | 'i32'>;

/** How far an actor is with what its state does. */
export const ActorProgress = {
  /** On the way, or looking for something to do. */
  going: 0,
  /** At it, until `busyUntil`. */
  busy: 1,
  done: 2,
  failed: 3,
} as const;

/** Single numbers of the state, `i32` unless said. */
export const CLOCK_COLUMNS = {
  tick: 'i32', // decision intervals done (10 per second)
  nextEvent: 'i32', // index of the next scheduled event, in order of time
  outCount: 'i32',
  lastProgressTick: 'i32',
  substeps: 'i32', // move steps per decision interval now (6 or 12)
  lyingCount: 'i32', // persons that lie
  pileHighest: 'i32', // most bodies one above the other so far
} as const satisfies Record<string, 'f32' | 'i32'>;

export const DOOR_STATES = ['open', 'closed', 'locked', 'chained'] as const;

export const PersonState = {
  /** Not yet alerted or still in pre-movement. */
  waiting: 0,
  walking: 1,
  /** Past the exit line, still a body in the way of those behind. */
  leaving: 2,
  /** No body: gone, or not come yet (`arrivals.due`). */
  out: 3,
  /** Knows no way and stands. */
  stranded: 4,
} as const;

export const PersonPosture = { standing: 0, lying: 1 } as const;

export const PersonHarm = { none: 0, injured: 1, unconscious: 2, dead: 3 } as const;

/** 0 unknown, 1 open, 2 locked, one byte for each person × portal (`personCount × portalCount`, row = person). */
export const Belief = { unknown: 0, open: 1, locked: 2 } as const;

export type Columns<T extends Record<string, ColumnKind>> = { readonly [K in keyof T]: ViewOf<T[K]> };

/** A flat piece of floor in the plan: a level, or a link (stairs, ramp, drop). */
export interface Sheet {
  readonly index: number;
  readonly kind: 'level' | 'link';
  /** Id of the level or link. */
  readonly id: string;
  /** Index into `scenario.levels` or `scenario.links`. */
  readonly source: number;
  /** z = plane[0] + plane[1]·x + plane[2]·y, local coordinates [m]. */
  readonly plane: readonly [number, number, number];
  /** Walkable polygons with holes, local [m]: ring 0 is the outline, counter-clockwise, holes clockwise. Aprons outside exits are not part of it. */
  readonly polygons: readonly (readonly (readonly (readonly [number, number])[])[])[];
  /** Square cells over the sheet; walls, areas and fields use the same tiles. */
  readonly grid: SheetGrid;
}

/** Indices or −1 in as few bytes as they need: cells are many. */
export type SmallIndices = Int8Array | Int16Array | Int32Array;

/**
 * The cells of a sheet's field grid, stored by tiles of 8 × 8 cells; only tiles with a cell whose centre is walkable are
 * stored, and tiles that are alike only once. Cell k of tile t is entry 64·t + k, k = 8·(row & 7) + (column & 7).
 */
export interface SheetTiles {
  readonly tileColumns: number;
  readonly tileRows: number;
  /** Tile at tile row × tileColumns + tile column, or −1. */
  readonly tileIndex: Int32Array;
  readonly tileCount: number;
  /** Area in which the cell's centre lies, or −1. */
  readonly cellArea: SmallIndices;
  /** Bit 1: a wall stands between this cell's centre and that of the cell to the east; bit 2: to the north. */
  readonly blocked: Uint8Array;
  /** Nearest portal of the cell's area within 2.5 m, or −1. */
  readonly cellPortal: SmallIndices;
}

/** Directory of the tiles in which an area has cells: slot of each tile of a rectangle of tiles, or −1. */
export interface AreaTiles {
  readonly tx0: number;
  readonly ty0: number;
  readonly columns: number;
  readonly rows: number;
  readonly slots: Int32Array;
  readonly count: number;
}

/**
 * Travel field of one portal over the area on one of its sides. Values lie in the memory, 64 per slot, `f32`: the distance
 * [m], negated where the cell or a neighbour of it is beside a wall or portal, Infinity where there is no way.
 */
export interface TravelField {
  readonly portal: number;
  readonly side: number;
  readonly area: number;
  /** First byte of its values. */
  readonly offset: number;
  /** Cells that have a value. */
  readonly cells: number;
  /** Of a field to a place: a region about it, instead of the portal (`portal` is −1). */
  readonly target?: Portal;
}

/** Fields to places in one area: `next` is overwritten next. */
export interface PointFields {
  readonly fields: TravelField[];
  next: number;
}

/** Where things lie in the memory; `top` grows with `allocate`. */
export interface WorldLayout {
  readonly offsets: Readonly<Record<string, number>>;
  readonly counts: {
    readonly persons: number;
    readonly doors: number;
    readonly portals: number;
    readonly segments: number;
    readonly wallCells: number;
    readonly wallItems: number;
  };
  /** Column groups that this world has, in order of memory. */
  readonly groups: readonly PlacedGroup[];
  readonly stateOffset: number;
  readonly stateBytes: number;
  top: number;
}

/** Two grids over one sheet: cells of `cell` metres for fields, cells of `wallCell` metres for wall segments. */
export interface SheetGrid {
  readonly x0: number;
  readonly y0: number;
  readonly cell: number;
  readonly columns: number;
  readonly rows: number;
  readonly wallCell: number;
  readonly wallColumns: number;
  readonly wallRows: number;
  /** Index of this sheet's first wall cell in `wallCellStart`. */
  readonly wallCellBase: number;
}

export interface Area {
  readonly index: number;
  readonly id: string;
  /** `outside` is the apron behind an exit line: persons there are out, and disappear at its end. */
  readonly kind: 'room' | 'link' | 'outside';
  readonly sheet: number;
  /** Outline and holes, local [m]; a named area of several pieces has several polygons. */
  readonly polygons: readonly (readonly (readonly (readonly [number, number])[])[])[];
  /** Walkable area [m²]. */
  readonly size: number;
  /** Indices of its portals, ascending. */
  readonly portals: readonly number[];
  readonly link: number;
}

/**
 * A gap between two areas, or an exit. `line` runs so that side 0 (`areas[0]`) lies to its left and side 1 to its right.
 * An exit's side 0 is inside. An exit that is a region has no line to cross: it has `region`, and `areas[1]` is −1.
 */
export interface Portal {
  readonly index: number;
  readonly id: string;
  readonly areas: readonly [number, number];
  /** Of a region: both ends at one point in it. */
  readonly line: readonly [readonly [number, number], readonly [number, number]];
  /** Length of the line; of a region, the diameter of the circle of its size [m]. */
  readonly width: number;
  readonly region: readonly (readonly [number, number])[] | undefined;
  readonly door: number;
  readonly exit: number;
  readonly link: number;
  /** Side from which it may be passed only, or −1 for both. */
  readonly onlyFrom: number;
}

/**
 * Doors have the indices they have in `scenario.doors`. A door that separates nothing (a warning of the compilation) has
 * a portal with the same area on both sides, which is in no area's list: nobody plans a way through it.
 */
export interface WorldDoor {
  readonly index: number;
  readonly id: string;
  readonly portal: number;
  readonly width: number;
  readonly openingTime: number;
  readonly releaseTime: number;
}

export interface WorldExit {
  readonly index: number;
  readonly id: string;
  /** Its (first) portal. */
  readonly portal: number;
  /** All its portals: a region exit has one for each area it overlaps. */
  readonly portals: readonly number[];
}

export interface WorldLink {
  readonly index: number;
  readonly id: string;
  readonly kind: 'stairs' | 'ramp' | 'drop';
  readonly sheet: number;
  readonly area: number;
  /** Portals at the end that is lower, and the end that is higher. */
  readonly lower: number;
  readonly upper: number;
  /** Along the slope, and its plan projection [m]. */
  readonly length: number;
  readonly run: number;
  readonly rise: number;
  /** Set speed along the slope [m/s], or 0 where the profile's stair factor rules. */
  readonly speedUp: number;
  readonly speedDown: number;
}

/** Kinds of segment in the wall table. */
export const SegmentKind = { wall: 0, leaf: 1, portal: 2, bridge: 3 } as const;

/**
 * Floats of one row of the wall table (`segments`):
 * 0 ax, 1 ay start [m] · 2 ux, 3 uy unit direction · 4 length [m] · 5 px, 6 py unit direction of the segment that ends at
 * the start (0, 0 where none: a free end) · 7 kind (SegmentKind) · 8 door or portal index (−1) · 9 solid: 1 stops persons
 * now, 0 does not · 10 id of the sheet · 11 area on the left side (portal: side 0)
 * · 12 area on the right (portal) · 13 sheet on the left · 14 sheet on the right · 15 free.
 * Bridges span gaps too narrow to plan a way through; they stop fields, not bodies.
 * Walls are one-sided: the walkable side is to the left. Leaves are two-sided. Portals are lines to be crossed.
 * A corner contact belongs to the segment that starts at it and counts only where the person's centre is past the end of
 * the segment before it and short of this one's start. A leaf has no corner contacts.
 *
 * The rule for a kernel, with t = (p − a)·u: interior contact if 0 ≤ t ≤ length and the distance to the left is positive;
 * corner contact if t < 0 and (px, py) is (0, 0) or (p − a)·(px, py) ≥ 0. Where a wall ends at a gap and nothing starts,
 * the table has a wall of length 0 at its end, pointing back along it (u = −(px, py)), so that the same rule gives that
 * corner one owner; it never makes an interior contact.
 */
export const SEGMENT_FLOATS = 16;

export interface World {
  readonly scenario: Scenario;
  /** `hashText(canonicalScenarioText(scenario with settings.seed = 0))`: what was simulated, whatever the seed. */
  readonly scenarioHash: string;
  /** Plan coordinates of the local (0, 0) [m]. */
  readonly origin: readonly [number, number];
  readonly sheets: readonly Sheet[];
  readonly areas: readonly Area[];
  readonly portals: readonly Portal[];
  readonly doors: readonly WorldDoor[];
  readonly exits: readonly WorldExit[];
  readonly links: readonly WorldLink[];
  readonly personCount: number;
  /** Ids of the profiles that `persons.profile` counts through: the scenario's own, then built-in ones in use. */
  readonly profileIds: readonly string[];
  /** Shares of the free speed that people of each profile keep on stairs: up, down; two numbers a profile. */
  readonly stairFactors: Float32Array;
  /** Ids of the populations' persons are their index. */
  readonly memory: WebAssembly.Memory;
  readonly stateOffset: number;
  readonly stateBytes: number;
  /** Views of the memory; renewed in place when it grows, so never keep one across an allocation. */
  readonly views: WorldViews;
  readonly segmentCount: number;
  /** Largest contact radius of any person [m]. */
  readonly radiusMax: number;
  /** Bounds of everything walkable, local [m]: xmin, ymin, xmax, ymax. */
  readonly bounds: readonly [number, number, number, number];
  readonly layout: WorldLayout;
  /** Cells of each sheet. */
  readonly tiles: readonly SheetTiles[];
  /** Tiles of each area; undefined where no cell's centre lies in it. */
  readonly areaTiles: readonly (AreaTiles | undefined)[];
  /** Both ends of every row of `segments`, as exact as the plan (four numbers a row, local [m]). */
  readonly segmentEnds: Float64Array;
  /** What stops sight within each area, once a field of it was asked for. */
  readonly sights: (SightTable | undefined)[];
  /** Fields built so far, and for 2·portal + side the handle or −1. */
  readonly fields: TravelField[];
  readonly fieldOf: Int32Array;
  /** Fields to places in each area, those asked for last; see `pointField`. Not state. */
  readonly pointFields: PointFields[];
  /** Height of each area [m]; Infinity where the scenario gives none. */
  readonly ceilings: Float64Array;
  /** For 2·portal + side: 1 where behind the portal, in `areas[side]`, there is nothing but the way back. */
  readonly deadEnds: Uint8Array;
  /** `portalDistances` of each area, once asked for. */
  readonly distances: (Float64Array | undefined)[];
  /** Waypoints, itineraries, zones; undefined where the scenario has none. */
  readonly stages: WorldStages | undefined;
  /** Where persons come in during the run, one a population that does; ascending by population. */
  readonly arrivals: readonly ArrivalRegion[];
}

export interface WorldViews {
  f32: Float32Array;
  i32: Int32Array;
  i16: Int16Array;
  u8: Uint8Array;
  persons: Columns<typeof PERSON_COLUMNS>;
  doors: Columns<typeof DOOR_COLUMNS>;
  clock: Columns<typeof CLOCK_COLUMNS>;
  /** Columns of mechanisms, each undefined where the scenario does not use it; part of the state. */
  groups: GroupViews;
  /** `personCount × portalCount` (row = person), part of the state. */
  beliefs: Uint8Array;
  /** `segmentCount × SEGMENT_FLOATS`; not state, but column 9 of leaves follows the doors' state. */
  segments: Float32Array;
  /** Start of each wall cell's list, `+1` at the end; all sheets one after the other. */
  wallCellStart: Int32Array;
  /** Segment indices, ascending within a cell; every segment within 0.75 m of the cell is listed. */
  wallCellItems: Int32Array;
}
