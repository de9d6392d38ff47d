import { inflateSync } from 'fflate';
import { assert, hashOfBlocks } from '../../math/index.ts';
import {
  allocate,
  isShared,
  lengthOfParts,
  type StateBlock,
  stateBlocks,
  stateParts,
  type World,
} from '../../world/index.ts';
import type { Crew } from '../crew.ts';
import type { Crossroads } from '../crossroads.ts';
import { DOSE, type DoseLaw } from '../dose.ts';
import { DECISION_INTERVAL } from '../engine.ts';
import { FALLS, type FallLaw } from '../falls.ts';
import type { RouteTable } from '../route-table.ts';
import { KERNEL_BINARIES } from './kernel-binary.ts';
import { PHYSICS, type Physics } from './physics.ts';
import { writePlanTables } from './plan-tables.ts';
import {
  BLOCK_COLUMN,
  BLOCK_ROW,
  CONTACTS_MAX,
  INTEGER_NUMBERS,
  NUMBER_TABLE_OFFSET,
  NUMBERS,
  type NumberName,
  POINTER_TABLE_OFFSET,
  POINTERS,
  type PointerName,
  ROUTE_SLOTS,
  SCRATCH_BYTES,
  TABLE_POINTERS,
} from './table.ts';
import { writeWallRuns } from './wall-runs.ts';

/**
 * The hot phases. The WebAssembly build and the TypeScript twin of the tests both have this face and give the same bytes. Ranges
 * `from` … `to − 1` are of persons by id where said, else of places in cell order.
 */
export interface KernelFunctions {
  /**
   * The next portal of persons by id, at decision number `turn`, and what goes with it. Marks in `unsensed` with `MARK_EXIT` whose exit is
   * another now, leaving in `choice` which and why, and with `MARK_NODE` whom the caller puts on a way, leaving in `choice` the node of their
   * route table, −1 for none, or `CHOICE_ASKED`.
   */
  choosePersons(from: number, to: number, turn: number): void;
  /** What persons by id want now; marks in `unsensed` whom it leaves to the caller. */
  sensePersons(from: number, to: number, interval: number): void;
  /** Sorts the present persons into cells; returns how many there are. O(persons + cells). */
  sortPersons(count: number): number;
  /** Copies into cell order. */
  gatherPersons(from: number, to: number, unused?: number): void;
  /** Desired velocities. */
  steerPersons(from: number, to: number, interval: number): void;
  /** Whom and what each person can touch within `horizon` seconds. */
  listContacts(from: number, to: number, horizon: number): void;
  /** One move step of `h` seconds of those who can touch something. */
  movePersons(from: number, to: number, h: number): void;
  /**
   * After `stepsDone` steps: whoever those who strayed touch, or may by legs alone, looks for contacts anew. Returns whether that was done, which
   * it is not where more than `most` strayed. O(persons who strayed).
   */
  wakeAround(present: number, h: number, most: number): boolean | number;
  /** Writes the motion back to the person table, after `stepsDone` steps of `h` seconds. */
  settleMotion(from: number, to: number, h: number): void;
  /** By id: how far persons lean after the motion, and in `watched` who is to be looked at when the step is settled. */
  watchPersons(from: number, to: number, unused?: number): void;
  /** Lanes of the blocks `from` … `to − 1` of the state, as `blockLanes` of ../../math/hash.ts says. */
  hashBlocks(from: number, to: number, unused?: number): void;
  /** How many of `count` rows of `bytes` bytes each at `rows` are, from the first on and without a gap, equal to the first. */
  sameRows(rows: number, bytes: number, count: number): number;
  /** The first of the bytes `from` … `count` − 1 of a column that is not 0, or where `marked` is false that is; `count` where there is none. */
  findByte(column: number, from: number, count: number, marked: boolean): number;
  /** Whether any of the `count` f32 of a column, or of the zeros that fill up its last four, is above `limit`. */
  anyAbove(column: number, count: number, limit: number): boolean | number;
  /** Gives this instance scratch of its own; every thread but the first needs it, `SCRATCH_BYTES` at `offset`. */
  useScratch(offset: number): void;
}

/** The functions that a crew shares out: `(from, to, argument)`, each item by itself. A job names one by its place here. */
export const PHASES = [
  'choosePersons',
  'sensePersons',
  'gatherPersons',
  'steerPersons',
  'listContacts',
  'movePersons',
  'settleMotion',
  'watchPersons',
  'hashBlocks',
] as const;
export type PhaseName = (typeof PHASES)[number];

/** Reads a number of the kernel's table, or sets it. */
export type KernelNumber = (value?: number) => number;

/** The kernel of one world: the functions and the scratch columns that the rest of the engine writes or reads. */
export interface Kernel extends KernelFunctions {
  /** Offsets [bytes] of every pointer of the table. */
  readonly offsets: Readonly<Record<PointerName, number>>;
  readonly grid: KernelGrid;
  /** What changes within a step: persons present, whether somebody strayed, seconds and steps since contacts were listed. */
  readonly numbers: Readonly<Record<'present' | 'strayed' | 'elapsed' | 'stepsDone', KernelNumber>>;
  /** Makes travel fields known that were built since the last call. */
  showFields(): void;
  /** Makes route tables known that the kernel has not seen. O(new tables). */
  showRoutes(routes: ReadonlyMap<string, RouteTable>): void;
  /** The hash of the state, that of `hashState` in ../run.ts; its blocks are shared out to `crew`. */
  hashState(crew: Pick<Crew, 'run'>): string;
  /** What the last move step wrote is read by the next; the other buffer is free for its copies in cell order. */
  swapBodies(): void;
}

/**
 * How far somebody may stray from the straight way they were on when contacts were listed, before they look for theirs in the cells around; and
 * before everybody's are listed anew [m]. Speed only; results do not hang on them but in the order of sums.
 */
const MARGIN = 0.04;
const STRAY_MOST = 0.25;

/** Largest cells × this many persons that the plan grid may have. */
const GRID_CELLS_PER_PERSON = 32;
const GRID_CELLS_MIN = 65_536;

/** The numbers of the model that the kernel works with. */
export interface KernelLaws {
  readonly physics: Physics;
  readonly falls: FallLaw;
  readonly dose: DoseLaw;
}

/** Cells of the plan in which persons are sorted; columns and rows as `x → (x − x0) · perColumn`, clamped to 1 … count − 2. */
export interface KernelGrid {
  readonly x0: number;
  readonly y0: number;
  readonly perColumn: number;
  readonly perRow: number;
  readonly columns: number;
  readonly rows: number;
}

/** Pointers whose columns lie where others do at another time. */
const SHARED_POINTERS: readonly PointerName[] = [
  'cellOf',
  'choice',
  'goals',
  'unsensed',
  'watched',
  'sortedX',
  'sortedY',
  'aims',
  'stairFactors',
];

/** What a block of the state is, in the kernel's table: where its numbers are not as they lie, how many bits they have or what they stand for. */
export const BLOCK_KINDS = ['bytes', 'u8', 'u16', 'i16', 'zeros', 'stairs'] as const;

/** Bytes of a slot of the table of routes: where its efforts, walks and exits are. */
const ROUTE_BYTES = 12;

/** Whoever bears less than this share of the load at which harm begins need not be looked at for harm: rounding has room. */
const HARM_SHARE = 0.999;
/** Within this of a region exit somebody may be in it [m]. */
export const REGION_REACH = 1;
/** Below this load no ribs break [N]. */
export const FRACTURE_LOAD = 1000;

/**
 * Sets up grid, scratch and tables in the world's memory and starts the kernel on it.
 * @param crossroads of the world
 * @param laws standard by default
 * @param makeFunctions `instantiateKernel` by default; tests pass the twin.
 */
export function createKernel(
  world: World,
  crossroads: Crossroads,
  { physics, falls, dose }: KernelLaws = { physics: PHYSICS, falls: FALLS, dose: DOSE },
  makeFunctions: (memory: WebAssembly.Memory) => KernelFunctions = instantiateKernel,
): Kernel {
  const room = 4 * (4 * Math.ceil(world.personCount / 4) + 12);
  const [xMin, yMin, xMax, yMax] = world.bounds;
  let cell = 0.5;
  const columnsOf = (size: number) => Math.ceil((xMax - xMin + 4) / size) + 2;
  // rows three times as high as cells are wide: longer runs of neighbours in memory
  const rowsOf = (size: number) => Math.ceil((yMax - yMin + 4) / (3 * size)) + 2;
  const cellsMax = Math.max(GRID_CELLS_MIN, GRID_CELLS_PER_PERSON * world.personCount);
  while (columnsOf(cell) * rowsOf(cell) > cellsMax) cell *= 1.25;
  const columns = columnsOf(cell);
  const rows = rowsOf(cell);

  const blocks = (columns >> BLOCK_COLUMN) + 3;
  const blockBytes = 4 * blocks * ((rows >> BLOCK_ROW) + 3);

  const plan = writePlanTables(world, crossroads);
  const walls = writeWallRuns(world);
  const offsets = {} as Record<PointerName, number>;
  const slots = room / 4;
  const sizes: Partial<Record<PointerName, number>> = {
    cellStart: 4 * (columns * rows + 4),
    flow: blockBytes,
    flowHere: blockBytes,
    bodiesFrom: 16 * slots,
    bodiesTo: 16 * slots,
    traits: 16 * slots,
    goal: 2 * slots,
    scratch: SCRATCH_BYTES,
    contacts: 2 * CONTACTS_MAX * slots,
  };
  if (world.doors.length === 0) sizes.leafImpulse = 16;
  const known = new Set<string>([...Object.keys(world.views.persons), ...TABLE_POINTERS, ...SHARED_POINTERS]);
  for (const name of POINTERS) if (!known.has(name)) offsets[name] = allocate(world, sizes[name] ?? room);
  // goals are copied when all have been marked and sensed, and read no more when who is to be watched is marked
  offsets.goals = allocate(world, 2 * slots);
  offsets.unsensed = offsets.goals;
  offsets.watched = offsets.goals + slots;
  // new bodies are written when nobody steers any more
  offsets.sortedX = offsets.bodiesTo;
  offsets.sortedY = offsets.bodiesTo + room;
  offsets.aims = offsets.bodiesTo + 2 * room;
  // who is in which cell is forgotten before places are copied in order of cells; chosen is before sorted
  offsets.cellOf = offsets.sortedX;
  offsets.choice = offsets.sortedY;
  offsets.route = allocate(world, room / 4);
  offsets.routes = allocate(world, ROUTE_BYTES * ROUTE_SLOTS);
  const harmAt = HARM_SHARE * dose.threshold * dose.susceptibility;
  const least = (column: Float32Array) => column.reduce((a, b) => Math.min(a, b), Infinity);
  const laws = [
    1 - DECISION_INTERVAL / falls.recoverTime,
    falls.swayRate,
    physics.relaxTime,
    physics.grip,
    DECISION_INTERVAL,
    falls.marginLow * falls.balance,
    harmAt,
    Math.min(FRACTURE_LOAD, harmAt * least(world.views.persons.susceptibility)),
    least(world.views.persons.patience),
    world.portals.some(({ region }) => region !== undefined) ? REGION_REACH : -Infinity,
  ];
  offsets.laws = allocate(world, 8 * laws.length);
  offsets.stairFactors = allocate(world, 4 * Math.max(1, world.stairFactors.length));
  const parts = stateParts(world);
  const pieces = stateBlocks(parts);
  const length = lengthOfParts(parts);
  offsets.blocks = allocate(world, BLOCK_BYTES * pieces.length);
  offsets.blockLanes = allocate(world, 32 * pieces.length);
  const { views } = world;
  new Float64Array(world.memory.buffer, offsets.laws, laws.length).set(laws);
  views.f32.set(world.stairFactors, offsets.stairFactors / 4);
  writeBlocks(world, pieces, offsets.blocks);
  // the empty place, which fills up fours: far from everybody, in both buffers, and in no area
  const empty = slots - 1;
  for (const bodies of [offsets.bodiesFrom, offsets.bodiesTo]) views.f32.set([1e9, 1e9], (bodies + 16 * empty) / 4);
  views.f32[(offsets.traits + 16 * empty) / 4 + 1] = 1;
  views.i32[(offsets.traits + 16 * empty) / 4 + 2] = -1;
  for (const name of POINTERS) {
    if (name in views.persons) offsets[name] = views.persons[name as keyof typeof views.persons].byteOffset;
  }
  offsets.sheets = plan.sheets;
  offsets.areas = plan.areas;
  offsets.portals = plan.portals;
  offsets.links = plan.links;
  if (views.persons.touched.length < world.personCount) {
    // where there is no door nobody touches one: crossings are looked at twice instead, and that nobody tries one is told nobody
    offsets.touched = offsets.crossedA;
    offsets.tryTime = offsets.aims;
  }
  offsets.segments = views.segments.byteOffset;
  offsets.wallCellStart = views.wallCellStart.byteOffset;
  offsets.wallCellItems = views.wallCellItems.byteOffset;
  offsets.wallRunOf = walls.runOf;
  offsets.wallRuns = walls.runs;
  offsets.doorState = views.doors.state.byteOffset;
  offsets.tick = views.clock.tick.byteOffset;
  offsets.lastProgressTick = views.clock.lastProgressTick.byteOffset;

  // semi-implicit steps of at most a sixtieth of a second
  const legsStray = 0.5 * physics.grip * 0.1 * (0.1 + 1 / 60);
  assert(legsStray < MARGIN, 'legs alone stay within the margin');
  const numbers: Record<NumberName, number> = {
    gridX0: xMin - 2 - cell,
    gridY0: yMin - 2 - 3 * cell,
    gridInverseCell: 1 / cell,
    gridInverseRow: 1 / (3 * cell),
    gridColumns: columns,
    gridRows: rows,
    gridBlocks: blocks,
    radiusMax: world.radiusMax,
    speedMax: 0,
    present: 0,
    strayed: 0,
    stepsDone: 0,
    elapsed: 0,
    margin: MARGIN,
    strayMost: STRAY_MOST,
    legsStray,
    empty,
    ...physics,
  };
  POINTERS.forEach((name, index) => {
    assert(offsets[name] > 0 && offsets[name] % 4 === 0, `pointer ${name} is set`);
    views.i32[POINTER_TABLE_OFFSET / 4 + index] = offsets[name];
  });
  NUMBERS.forEach((name, index) => {
    const at = NUMBER_TABLE_OFFSET / 4 + index;
    if (INTEGER_NUMBERS.includes(name)) views.i32[at] = numbers[name];
    else views.f32[at] = numbers[name];
  });

  const numberAt = (name: NumberName): KernelNumber => {
    const at = NUMBER_TABLE_OFFSET / 4 + NUMBERS.indexOf(name);
    const isInteger = INTEGER_NUMBERS.includes(name);
    return (value) => {
      const table = isInteger ? world.views.i32 : world.views.f32;
      if (value !== undefined) table[at] = value;
      return table[at];
    };
  };
  const pointerAt = (name: PointerName) => POINTER_TABLE_OFFSET / 4 + POINTERS.indexOf(name);
  const bodiesFrom = pointerAt('bodiesFrom');
  const bodiesTo = pointerAt('bodiesTo');
  const [sortedX, sortedY, aims] = (['sortedX', 'sortedY', 'aims'] as const).map(pointerAt);
  const functions = makeFunctions(world.memory);
  const shown: (RouteTable | undefined)[] = new Array(ROUTE_SLOTS).fill(undefined);
  function showRoutes(routes: ReadonlyMap<string, RouteTable>): void {
    for (const table of routes.values()) {
      const { slot, behind, walk, exit } = table;
      if (shown[slot] === table) continue;
      const at = (offsets.routes + ROUTE_BYTES * slot) / 4;
      // a slot's rows are as long whatever it holds
      if (shown[slot] === undefined) {
        const rows = [behind, walk, exit].map(({ byteLength }) => allocate(world, byteLength));
        world.views.i32.set(rows, at);
      }
      shown[slot] = table;
      const [behindAt, walkAt, exitAt] = world.views.i32.subarray(at, at + 3);
      const { buffer } = world.memory;
      new Float64Array(buffer, behindAt, behind.length).set(behind);
      new Float64Array(buffer, walkAt, walk.length).set(walk);
      new Int32Array(buffer, exitAt, exit.length).set(exit);
    }
  }
  return {
    ...functions,
    offsets,
    grid: {
      x0: numbers.gridX0,
      y0: numbers.gridY0,
      perColumn: numbers.gridInverseCell,
      perRow: numbers.gridInverseRow,
      columns,
      rows,
    },
    numbers: {
      present: numberAt('present'),
      strayed: numberAt('strayed'),
      elapsed: numberAt('elapsed'),
      stepsDone: numberAt('stepsDone'),
    },
    showFields: plan.showFields,
    showRoutes,
    hashState: (crew) => {
      crew.run('hashBlocks', pieces.length, 0);
      const lanes = new Int32Array(world.memory.buffer, offsets.blockLanes, 8 * pieces.length);
      return hashOfBlocks([lanes], length);
    },
    swapBodies: () => {
      const { i32 } = world.views;
      const from = i32[bodiesFrom];
      i32[bodiesFrom] = i32[bodiesTo];
      i32[bodiesTo] = from;
      i32[sortedX] = from;
      i32[sortedY] = from + room;
      i32[aims] = from + 2 * room;
    },
  };
}

/** Bytes of a row of the table of blocks: kind, address or first number, numbers, and of these how many are of persons. */
const BLOCK_BYTES = 16;

function writeBlocks(world: World, blocks: readonly StateBlock[], at: number): void {
  const rows = world.views.i32.subarray(at / 4);
  blocks.forEach(({ part, first, words }, k) => {
    const { kind } = part;
    const width = { bytes: 4, u8: 1, u16: 2, i16: 2, zeros: 0, stairs: 0 }[kind];
    // of stairs the first person, twice, and the side
    const from = 'from' in part ? part.from + width * first : part.kind === 'stairs' ? 2 * first + part.side : 0;
    const persons = Math.max(0, Math.min(words, world.personCount - first));
    rows.set([BLOCK_KINDS.indexOf(kind), from, words, persons], (BLOCK_BYTES / 4) * k);
  });
}

/** The kernel's import of its memory: "env", "memory", kind 2 (memory); the byte behind it says what limits it has. */
const MEMORY_IMPORT = '\x03env\x06memory\x02';
/** Limits with a maximum, as the kernel is built, and of a memory that threads share. */
const LIMITS_PLAIN = 1;
const LIMITS_SHARED = 3;

/** The builds of the kernel: with SIMD instructions, and the same without, for hosts that have none. They leave the same bytes. */
export const KERNEL_BUILDS = ['simd', 'scalar'] as const;
export type KernelBuild = (typeof KERNEL_BUILDS)[number];

/** A module that is valid where there is SIMD: one function, the bits of each byte of zero. */
const SIMD_MODULE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0], // magic, version
  ...[1, 5, 1, 96, 0, 1, 123], // type () → v128
  ...[3, 2, 1, 0], // one function of it
  ...[10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11], // i32.const 0, i8x16.splat, i8x16.popcnt, end
);

/** Whether this host runs a build of the kernel. */
export function canRunKernel(build: KernelBuild): boolean {
  return build === 'scalar' || WebAssembly.validate(SIMD_MODULE);
}

/** The kernels, by build and for plain and shared memories, each compiled when first asked for. */
const compiled: Record<KernelBuild, { plain?: WebAssembly.Module; shared?: WebAssembly.Module }> = {
  simd: {},
  scalar: {},
};

function compiledKernel(build: KernelBuild, shared: boolean): WebAssembly.Module {
  const kind = shared ? 'shared' : 'plain';
  compiled[build][kind] ??= new WebAssembly.Module(kernelBytes(build, shared));
  return compiled[build][kind];
}

/**
 * WebAssembly wants a module to say whether the memory that it imports is shared, in one byte of its import section; all other bytes
 * are the same, so that byte is set here and there is one binary for both.
 */
function kernelBytes(build: KernelBuild, shared: boolean): Uint8Array<ArrayBuffer> {
  const bytes = inflateSync(Uint8Array.from(atob(KERNEL_BINARIES[build]), (letter) => letter.charCodeAt(0)));
  const limits = new TextDecoder('latin1').decode(bytes).indexOf(MEMORY_IMPORT) + MEMORY_IMPORT.length;
  assert(
    limits >= MEMORY_IMPORT.length && bytes[limits] === LIMITS_PLAIN,
    'the kernel imports its memory with a maximum',
  );
  if (shared) bytes[limits] = LIMITS_SHARED;
  return bytes;
}

/**
 * The compiled kernel on `memory`, shared or not.
 * @param build with SIMD where the host has it (Node ≥ 16.4, every browser since 2023), by default
 * @throws Error where SIMD is asked for on a host without
 */
export function instantiateKernel(
  memory: WebAssembly.Memory,
  build: KernelBuild = canRunKernel('simd') ? 'simd' : 'scalar',
): KernelFunctions {
  if (!canRunKernel(build)) throw new Error('this host has no WebAssembly SIMD');
  const instance = new WebAssembly.Instance(compiledKernel(build, isShared(memory)), { env: { memory } });
  const exports = instance.exports as unknown as KernelFunctions;
  const {
    choosePersons,
    sensePersons,
    sortPersons,
    gatherPersons,
    steerPersons,
    listContacts,
    movePersons,
    settleMotion,
  } = exports;
  const { wakeAround, watchPersons, hashBlocks, sameRows, anyAbove, findByte, useScratch } = exports;
  return {
    choosePersons,
    sensePersons,
    sortPersons,
    gatherPersons,
    steerPersons,
    listContacts,
    movePersons,
    settleMotion,
    wakeAround,
    watchPersons,
    hashBlocks,
    sameRows,
    anyAbove,
    findByte,
    useScratch,
  };
}
