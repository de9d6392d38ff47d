import type { Trajectory } from './trace.ts';

/** Most rows that are read of one file: about 2 GB of memory. */
export const ROWS_MAX = 50_000_000;
/** Frames beyond this are a mistake of the file, not a long experiment. */
export const FRAME_MAX = 10_000_000;
/** Ids of persons lie within ± this. */
export const ID_MAX = 2_147_483_647;

const BLOCK = 1 << 18;

/** Rows of any order on their way to a trajectory. */
export interface RowCollector {
  /** Takes a row; false, and nothing taken, where there are more than `ROWS_MAX`. `when`: frame number or time [s]. */
  add(id: number, when: number, x: number, y: number, sheet?: number): boolean;
  readonly count: () => number;
  /** Whole collected column i-th row; for readers that must look at all before they can say what a frame is. */
  readonly columns: () => CollectedRows;
}

/** Collected rows as whole columns, in the order of the file. */
export interface CollectedRows {
  readonly id: Int32Array;
  readonly when: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly sheet: Uint16Array;
}

/** Starts a collector; memory 26 bytes a row, twice that while `columns` joins them. */
export function createRowCollector(): RowCollector {
  const blocks: { id: Int32Array; when: Float64Array; x: Float64Array; y: Float64Array; sheet: Uint16Array }[] = [];
  let count = 0;
  let at = BLOCK;
  return {
    add(id, when, x, y, sheet = 0) {
      if (count >= ROWS_MAX) return false;
      if (at === BLOCK) {
        blocks.push({
          id: new Int32Array(BLOCK),
          when: new Float64Array(BLOCK),
          x: new Float64Array(BLOCK),
          y: new Float64Array(BLOCK),
          sheet: new Uint16Array(BLOCK),
        });
        at = 0;
      }
      const block = blocks[blocks.length - 1]!;
      block.id[at] = id;
      block.when[at] = when;
      block.x[at] = x;
      block.y[at] = y;
      block.sheet[at] = sheet;
      at += 1;
      count += 1;
      return true;
    },
    count: () => count,
    columns() {
      const joined: CollectedRows = {
        id: new Int32Array(count),
        when: new Float64Array(count),
        x: new Float64Array(count),
        y: new Float64Array(count),
        sheet: new Uint16Array(count),
      };
      for (let to = 0; blocks.length > 0; to += BLOCK) {
        const block = blocks.shift()!;
        const rows = Math.min(BLOCK, count - to);
        joined.id.set(block.id.subarray(0, rows), to);
        joined.when.set(block.when.subarray(0, rows), to);
        joined.x.set(block.x.subarray(0, rows), to);
        joined.y.set(block.y.subarray(0, rows), to);
        joined.sheet.set(block.sheet.subarray(0, rows), to);
      }
      return joined;
    },
  };
}

/** A (person, frame) that came twice; `row` counts in the order of the file, from 0. */
export interface RepeatedRow {
  readonly id: number;
  readonly frame: number;
  readonly row: number;
}

/** How many repeated rows are told. */
const REPEATED_MAX = 21;

/**
 * Sorts rows by frame, then by person, in two counting passes and a sort within frames that need one. `frame` must hold
 * whole numbers of 0 … `FRAME_MAX`. Ids stay as they are. A (person, frame) that comes twice is told in `repeated`, up to 21 of them.
 * O(rows + frames), O(rows log persons) where rows of a frame are not in order of persons.
 */
export function sortRows(
  frameRate: number,
  rows: {
    readonly frame: ArrayLike<number>;
    readonly id: ArrayLike<number>;
    readonly x: ArrayLike<number>;
    readonly y: ArrayLike<number>;
    readonly sheet?: ArrayLike<number>;
  },
): { readonly trajectory: Trajectory; readonly repeated: readonly RepeatedRow[] } {
  const { frame, id } = rows;
  const count = frame.length;
  let frameCount = 0;
  for (let i = 0; i < count; i++) if (frame[i]! >= frameCount) frameCount = frame[i]! + 1;
  const frameStart = new Int32Array(frameCount + 1);
  for (let i = 0; i < count; i++) frameStart[frame[i]! + 1]! += 1;
  for (let f = 0; f < frameCount; f++) frameStart[f + 1]! += frameStart[f]!;
  const next = frameStart.slice(0, frameCount);
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[next[frame[i]!]!++] = i;
  const person = new Int32Array(count);
  const repeated: RepeatedRow[] = [];
  for (let f = 0; f < frameCount; f++) {
    const begin = frameStart[f]!;
    const end = frameStart[f + 1]!;
    let sorted = true;
    for (let k = begin + 1; k < end && sorted; k++) sorted = id[order[k - 1]!]! <= id[order[k]!]!;
    if (!sorted) order.subarray(begin, end).sort((a, b) => id[a]! - id[b]! || a - b);
    for (let k = begin; k < end; k++) {
      person[k] = id[order[k]!]!;
      if (k > begin && person[k] === person[k - 1] && repeated.length < REPEATED_MAX) {
        repeated.push({ id: person[k]!, frame: f, row: order[k]! });
      }
    }
  }
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  const sheet = new Uint16Array(count);
  for (let k = 0; k < count; k++) {
    const from = order[k]!;
    x[k] = rows.x[from]!;
    y[k] = rows.y[from]!;
    if (rows.sheet !== undefined) sheet[k] = rows.sheet[from]!;
  }
  return { trajectory: { frameRate, frameCount, frameStart, person, x, y, sheet }, repeated };
}

/**
 * Numbers persons from 0 in order of their ids, in place of the ids: what the analysis takes. `ids[person]` is the id.
 * O(rows log persons).
 */
export function numberPersons(trajectory: Trajectory): { readonly trajectory: Trajectory; readonly ids: Int32Array } {
  const ids = Int32Array.from(new Set(trajectory.person)).sort();
  const numberOf = new Map<number, number>();
  ids.forEach((id, k) => void numberOf.set(id, k));
  return { trajectory: { ...trajectory, person: trajectory.person.map((id) => numberOf.get(id)!) }, ids };
}
