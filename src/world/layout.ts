import { assert } from '../math/index.ts';
import type { ColumnGroupName, ColumnKind, PlacedGroup } from './column-groups.ts';
import {
  CLOCK_COLUMNS,
  DOOR_COLUMNS,
  DOOR_TOUCH_COLUMNS,
  PERSON_COLUMNS,
  SEGMENT_FLOATS,
  type World,
  type WorldLayout,
  type WorldViews,
} from './world.ts';

/** One page of WebAssembly memory [bytes]. The first page is the kernel's own. */
const PAGE = 65_536;
/** Most pages a 32-bit memory has: 4 GiB. */
const PAGES_MAX = 65_536;

/** Tables whose columns have places in the memory. */
export type TableName = 'clock' | 'doors' | 'persons';

/** Lengths of everything that is laid out when a world is compiled. */
export interface LayoutCounts {
  readonly persons: number;
  readonly doors: number;
  readonly portals: number;
  readonly segments: number;
  readonly wallCells: number;
  readonly wallItems: number;
}

/** Entries that a person column has room for: `count` rounded up to a multiple of 4, and 4 spare ones for SIMD tails. */
export function roomOfColumn(count: number): number {
  return 4 * Math.ceil(count / 4) + 4;
}

/** Bytes that the state of a run takes, so that a world that cannot fit is refused before it is made. */
export function stateSize(
  counts: Pick<LayoutCounts, 'persons' | 'doors' | 'portals'>,
  groups: readonly PlacedGroup[] = [],
): number {
  const { persons, doors, portals } = counts;
  const columns = Object.keys(PERSON_COLUMNS).reduce((sum, name) => sum + align(personColumnBytes(name, counts)), 0);
  const doorBytes = Object.keys(DOOR_COLUMNS).length * 4 * roomOfColumn(doors);
  let groupBytes = 0;
  for (const group of groups) {
    for (const kind of Object.values(group.columns)) groupBytes += columnBytes(kind, group.rows);
  }
  return columns + doorBytes + Object.keys(CLOCK_COLUMNS).length * 16 + align(persons * portals) + groupBytes;
}

/** Bytes of a number of each kind. */
const BYTES = { f32: 4, i32: 4, u16: 2, i16: 2, u8: 1 } as const satisfies Record<ColumnKind, number>;

/** Persons for whom a column of the person table has an entry. */
export function entriesOfColumn(name: string, { persons, doors }: Pick<LayoutCounts, 'persons' | 'doors'>): number {
  return doors === 0 && DOOR_TOUCH_COLUMNS.has(name) ? 0 : persons;
}

/** Bytes of a column of the person table with its spare room. */
export function personColumnBytes(name: string, counts: Pick<LayoutCounts, 'persons' | 'doors'>): number {
  if (counts.doors === 0 && DOOR_TOUCH_COLUMNS.has(name)) return 0;
  return BYTES[PERSON_COLUMNS[name as keyof typeof PERSON_COLUMNS]] * roomOfColumn(counts.persons);
}

/** Bytes of one column with its spare room, a multiple of 16. */
function columnBytes(kind: ColumnKind, rows: number): number {
  return align(BYTES[kind] < 4 ? BYTES[kind] * rows : 4 * roomOfColumn(rows));
}

/**
 * Lays out a new memory: the first page for the kernel, then the state (clock, doors, persons, beliefs, the
 * column groups in use; every column starts at a multiple of 16 bytes), then segments and wall cells. All zero.
 */
export function makeLayout(
  counts: LayoutCounts,
  groups: readonly PlacedGroup[] = [],
): { memory: WebAssembly.Memory; layout: WorldLayout } {
  const offsets: Record<string, number> = {};
  let top = PAGE;
  const place = (name: string, bytes: number): void => {
    offsets[name] = top;
    top += align(bytes);
  };
  for (const name of Object.keys(CLOCK_COLUMNS)) place(`clock.${name}`, 16);
  for (const name of Object.keys(DOOR_COLUMNS)) place(`doors.${name}`, 4 * roomOfColumn(counts.doors));
  for (const name of Object.keys(PERSON_COLUMNS)) place(`persons.${name}`, personColumnBytes(name, counts));
  place('beliefs', counts.persons * counts.portals);
  for (const { name, rows, columns } of groups) {
    for (const [column, kind] of Object.entries(columns)) place(`${name}.${column}`, columnBytes(kind, rows));
  }
  const stateBytes = top - PAGE;
  place('segments', 4 * SEGMENT_FLOATS * counts.segments);
  place('wallCellStart', 4 * (counts.wallCells + 1));
  place('wallCellItems', 4 * counts.wallItems);
  const initial = Math.ceil(top / PAGE);
  assert(initial <= PAGES_MAX, `the world needs ${initial} pages of memory, more than ${PAGES_MAX}`);
  const memory = makeMemory(initial);
  return { memory, layout: { offsets, counts, groups, stateOffset: PAGE, stateBytes, top } };
}

/**
 * Memory that threads can share where the host allows it: in Node always, in browsers on pages that are cross-origin isolated.
 * Elsewhere, or where the host has no room for one, plain memory; the bytes in it are the same.
 */
function makeMemory(initial: number): WebAssembly.Memory {
  if (typeof SharedArrayBuffer === 'function') {
    try {
      return new WebAssembly.Memory({ initial, maximum: PAGES_MAX, shared: true });
    } catch {
      // some hosts reserve the whole maximum of a shared memory at once and may refuse it
    }
  }
  return new WebAssembly.Memory({ initial, maximum: PAGES_MAX });
}

/** Whether threads can share this memory. */
export function isShared(memory: WebAssembly.Memory): boolean {
  return typeof SharedArrayBuffer === 'function' && (memory.buffer as ArrayBufferLike) instanceof SharedArrayBuffer;
}

/** Views of everything laid out, over the memory as it is now. */
export function makeViews(memory: WebAssembly.Memory, layout: WorldLayout): WorldViews {
  const { buffer } = memory;
  const { offsets, counts, groups } = layout;
  const columns = (table: string, kinds: Readonly<Record<string, ColumnKind>>, length: number): unknown =>
    Object.fromEntries(
      Object.entries(kinds).map(([name, kind]) => [name, viewOf(buffer, kind, offsets[`${table}.${name}`], length)]),
    );
  const persons = Object.entries(PERSON_COLUMNS).map(([name, kind]) => [
    name,
    viewOf(buffer, kind, offsets[`persons.${name}`], entriesOfColumn(name, counts)),
  ]);
  return {
    f32: new Float32Array(buffer),
    i32: new Int32Array(buffer),
    i16: new Int16Array(buffer),
    u8: new Uint8Array(buffer),
    clock: columns('clock', CLOCK_COLUMNS, 1) as WorldViews['clock'],
    doors: columns('doors', DOOR_COLUMNS, counts.doors) as WorldViews['doors'],
    persons: Object.fromEntries(persons) as WorldViews['persons'],
    groups: Object.fromEntries(groups.map((group) => [group.name, columns(group.name, group.columns, group.rows)])),
    beliefs: new Uint8Array(buffer, offsets.beliefs, counts.persons * counts.portals),
    segments: new Float32Array(buffer, offsets.segments, SEGMENT_FLOATS * counts.segments),
    wallCellStart: new Int32Array(buffer, offsets.wallCellStart, counts.wallCells + 1),
    wallCellItems: new Int32Array(buffer, offsets.wallCellItems, counts.wallItems),
  };
}

/** View of a column in the memory. */
export function viewOf(buffer: ArrayBuffer, kind: ColumnKind, offset: number, length: number): ArrayBufferView {
  if (kind === 'u8') return new Uint8Array(buffer, offset, length);
  if (kind === 'u16') return new Uint16Array(buffer, offset, length);
  if (kind === 'i16') return new Int16Array(buffer, offset, length);
  return kind === 'f32' ? new Float32Array(buffer, offset, length) : new Int32Array(buffer, offset, length);
}

/**
 * Takes `bytes` of zeroed memory that stay until the world is dropped; returns the offset, a multiple of 16. Grows the
 * memory where needed and then renews the fields of `world.views` in place: read them again after every call.
 * @throws where 4 GiB are not enough.
 */
export function allocate(world: World, bytes: number): number {
  const { memory, layout } = world;
  const offset = layout.top;
  const top = offset + align(bytes);
  const missing = top - memory.buffer.byteLength;
  if (missing > 0) {
    // Fields come one by one: grow by an eighth at least, so that the views are seldom renewed.
    const wanted = Math.max(Math.ceil(missing / PAGE), Math.ceil(memory.buffer.byteLength / PAGE / 8));
    const have = memory.buffer.byteLength / PAGE;
    const pages = Math.min(wanted, PAGES_MAX - have);
    assert(pages * PAGE >= missing, `the world needs more than ${PAGES_MAX} pages of memory`);
    memory.grow(pages);
    Object.assign(world.views, makeViews(memory, layout));
  }
  layout.top = top;
  return offset;
}

/**
 * Byte offset of a column (`persons`, `doors`, `clock`, or a column group that the world has), or of `beliefs`, `segments`, `wallCellStart`, `wallCellItems`
 * where `table` is one of these and `name` is left out.
 * @throws where there is no such column.
 */
export function columnOffset(
  world: World,
  table: TableName | ColumnGroupName | 'beliefs' | 'segments' | 'wallCellStart' | 'wallCellItems',
  name?: string,
): number {
  const offset = world.layout.offsets[name === undefined ? table : `${table}.${name}`];
  assert(offset !== undefined, `no column ${table}.${name}`);
  return offset;
}

function align(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}
