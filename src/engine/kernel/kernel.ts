import { assert } from '../../math/index.ts';
import { allocate, isShared, type World } from '../../world/index.ts';
import { KERNEL_BINARY } from './kernel-binary.ts';
import { PHYSICS, type Physics } from './physics.ts';
import {
  INTEGER_NUMBERS,
  NUMBER_TABLE_OFFSET,
  NUMBERS,
  type NumberName,
  POINTER_TABLE_OFFSET,
  POINTERS,
  type PointerName,
  SHEET_WORDS,
} from './table.ts';

/** The hot phases. The WebAssembly build and the TypeScript twin of the tests both have this face and give the same bytes. */
export interface KernelFunctions {
  /** Sorts the present persons into cells; returns how many there are. O(persons + cells). */
  sortPersons(count: number): number;
  gatherMotion(count: number): void;
  gatherSteering(count: number): void;
  /** Desired velocities of the persons `from` … `to − 1` in cell order. */
  steerPersons(from: number, to: number, interval: number): void;
  /** One move step of `h` seconds of the persons `from` … `to − 1` in cell order. */
  movePersons(from: number, to: number, h: number): void;
  /** Gives this instance scratch of its own; every thread but the first needs it, `SCRATCH_BYTES` at `offset`. */
  useScratch(offset: number): void;
}

/** The functions that a crew shares out: `(from, to, argument)`, each item by itself. A job names one by its place here. */
export const PHASES = ['steerPersons', 'movePersons'] as const;
export type PhaseName = (typeof PHASES)[number];

/** Scratch of one thread [bytes]. */
export const SCRATCH_BYTES = 32_768;

/** The kernel of one world: the functions and the scratch columns that the rest of the engine writes or reads. */
export interface Kernel extends KernelFunctions {
  /** Offsets [bytes] of every pointer of the table. */
  readonly offsets: Readonly<Record<PointerName, number>>;
}

/** Largest cells × this many persons that the plan grid may have. */
const GRID_CELLS_PER_PERSON = 32;
const GRID_CELLS_MIN = 65_536;

/**
 * Sets up grid, scratch and tables in the world's memory and starts the kernel on it.
 * @param makeFunctions `instantiateKernel` by default; tests pass the twin.
 */
export function createKernel(
  world: World,
  physics: Physics = PHYSICS,
  makeFunctions: (memory: WebAssembly.Memory) => KernelFunctions = instantiateKernel,
): Kernel {
  const room = 4 * (4 * Math.ceil(world.personCount / 4) + 8);
  const [xMin, yMin, xMax, yMax] = world.bounds;
  let cell = Math.max(0.5, 2.0002 * world.radiusMax);
  const columnsOf = (size: number) => Math.ceil((xMax - xMin + 4) / size) + 2;
  const rowsOf = (size: number) => Math.ceil((yMax - yMin + 4) / size) + 2;
  const cellsMax = Math.max(GRID_CELLS_MIN, GRID_CELLS_PER_PERSON * world.personCount);
  while (columnsOf(cell) * rowsOf(cell) > cellsMax) cell *= 1.25;
  const columns = columnsOf(cell);
  const rows = rowsOf(cell);

  const offsets = {} as Record<PointerName, number>;
  const stateColumns = world.views.persons;
  const sheetOffset = allocate(world, 4 * SHEET_WORDS * world.sheets.length);
  for (const name of POINTERS) {
    if (name in stateColumns) continue;
    if (name === 'sheets') offsets[name] = sheetOffset;
    else if (name === 'cellStart') offsets[name] = allocate(world, 4 * (columns * rows + 4));
    else if (name !== 'segments' && name !== 'wallCellStart' && name !== 'wallCellItems') {
      offsets[name] = allocate(world, room);
    }
  }
  const views = world.views;
  for (const name of POINTERS) {
    if (name in views.persons) offsets[name] = views.persons[name as keyof typeof views.persons].byteOffset;
  }
  offsets.segments = views.segments.byteOffset;
  offsets.wallCellStart = views.wallCellStart.byteOffset;
  offsets.wallCellItems = views.wallCellItems.byteOffset;

  const numbers: Record<NumberName, number> = {
    gridX0: xMin - 2 - cell,
    gridY0: yMin - 2 - cell,
    gridInverseCell: 1 / cell,
    gridColumns: columns,
    gridRows: rows,
    gridReachNear: Math.ceil(physics.cutNear / cell),
    gridReachFar: Math.ceil(physics.cutFar / cell),
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
  world.sheets.forEach((sheet, index) => {
    const at = sheetOffset / 4 + SHEET_WORDS * index;
    const { grid } = sheet;
    views.f32[at] = grid.x0;
    views.f32[at + 1] = grid.y0;
    views.f32[at + 2] = 1 / grid.wallCell;
    views.i32[at + 3] = grid.wallColumns;
    views.i32[at + 4] = grid.wallRows;
    views.i32[at + 5] = grid.wallCellBase;
  });
  return { ...makeFunctions(world.memory), offsets };
}

/** The kernel's import of its memory: "env", "memory", kind 2 (memory); the byte behind it says what limits it has. */
const MEMORY_IMPORT = '\x03env\x06memory\x02';
/** Limits with a maximum, as the kernel is built, and of a memory that threads share. */
const LIMITS_PLAIN = 1;
const LIMITS_SHARED = 3;

/**
 * The compiled kernel on `memory`, shared or not. WebAssembly wants a module to say which of both it imports, in one byte of its
 * import section; all other bytes are the same, so that byte is set here and there is one kernel only.
 * Throws where the host has no WebAssembly SIMD (Node ≥ 16.4, every browser since 2023).
 */
export function instantiateKernel(memory: WebAssembly.Memory): KernelFunctions {
  const text = atob(KERNEL_BINARY);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  const limits = text.indexOf(MEMORY_IMPORT) + MEMORY_IMPORT.length;
  assert(
    limits >= MEMORY_IMPORT.length && bytes[limits] === LIMITS_PLAIN,
    'the kernel imports its memory with a maximum',
  );
  if (isShared(memory)) bytes[limits] = LIMITS_SHARED;
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const { sortPersons, gatherMotion, gatherSteering, steerPersons, movePersons, useScratch } =
    instance.exports as unknown as KernelFunctions;
  return { sortPersons, gatherMotion, gatherSteering, steerPersons, movePersons, useScratch };
}
