import type { Trajectory } from '../trace/index.ts';

/** Rows of a trajectory regrouped by person, each person's rows in order of frame. */
export interface PersonRows {
  /** One more than the highest person number. */
  readonly personCount: number;
  /** Rows of person p are `rows[start[p]]` … `rows[start[p + 1] − 1]`; `[personCount + 1]`. */
  readonly start: Int32Array;
  /** Row numbers of the trajectory; `[rowCount]`. */
  readonly rows: Int32Array;
  /** Frame of each row of the trajectory (not of `rows`); `[rowCount]`. */
  readonly frame: Int32Array;
}

/**
 * Regroups a trajectory by person with one stable counting sort.
 * Persons are numbered from 0; a number that never appears has no rows.
 * Cost O(rows); allocates 8 bytes a row.
 */
export function groupRowsByPerson(trajectory: Trajectory): PersonRows {
  const { frameStart, frameCount, person } = trajectory;
  const rowCount = frameStart[frameCount] ?? 0;
  let personCount = 0;
  for (let row = 0; row < rowCount; row += 1) if (person[row]! >= personCount) personCount = person[row]! + 1;
  const start = new Int32Array(personCount + 1);
  for (let row = 0; row < rowCount; row += 1) start[person[row]! + 1]! += 1;
  for (let p = 0; p < personCount; p += 1) start[p + 1]! += start[p]!;
  const next = start.slice();
  const rows = new Int32Array(rowCount);
  const frame = new Int32Array(rowCount);
  for (let f = 0; f < frameCount; f += 1) {
    for (let row = frameStart[f]!; row < frameStart[f + 1]!; row += 1) {
      const p = person[row]!;
      rows[next[p]!] = row;
      next[p]! += 1;
      frame[row] = f;
    }
  }
  return { personCount, start, rows, frame };
}
