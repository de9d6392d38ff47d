import { PersonState, type World } from '../world/index.ts';

/** Cells of the grid [m]: whoever is within this of a place is in its cell or one of the eight around. */
export const BODY_CELL = 1.25;

/**
 * Persons by place, made anew when somebody lies or may fall, from the table of persons alone. A hash table of cells, each a chain
 * in order of id: every look-up goes through the same persons in the same order on every machine.
 */
export interface BodyGrid {
  /** First person of a bucket and next of the same bucket, −1 at the end. */
  readonly first: Int32Array;
  readonly next: Int32Array;
  readonly column: Int32Array;
  readonly row: Int32Array;
  /** Bodies underfoot of each standing person at this settle. */
  readonly under: Uint8Array;
  /** Persons found by a search, `found` of them. */
  readonly list: Int32Array;
  /** Those who fall at this settle, and why (`FallReason`). */
  readonly falling: Int32Array;
  readonly reason: Uint8Array;
}

/** Scratch for a world, 4 bytes × 7 a person. */
export function createBodyGrid(world: World): BodyGrid {
  const count = world.personCount;
  let buckets = 16;
  while (buckets < count) buckets *= 2;
  return {
    first: new Int32Array(buckets),
    next: new Int32Array(count),
    column: new Int32Array(count),
    row: new Int32Array(count),
    under: new Uint8Array(count),
    list: new Int32Array(count),
    falling: new Int32Array(count),
    reason: new Uint8Array(count),
  };
}

function bucketOf(grid: BodyGrid, column: number, row: number): number {
  return (Math.imul(column, 73_856_093) ^ Math.imul(row, 19_349_663)) & (grid.first.length - 1);
}

/** Puts everybody who is still a body in the building into the grid. O(persons). */
export function fillBodyGrid(grid: BodyGrid, world: World): void {
  const { x, y, state } = world.views.persons;
  const { first, next, column, row } = grid;
  first.fill(-1);
  // From the last to the first, so that chains run in order of id.
  for (let i = world.personCount - 1; i >= 0; i--) {
    if (state[i] === PersonState.out || state[i] === PersonState.leaving) continue;
    column[i] = Math.floor(x[i] / BODY_CELL);
    row[i] = Math.floor(y[i] / BODY_CELL);
    const bucket = bucketOf(grid, column[i], row[i]);
    next[i] = first[bucket];
    first[bucket] = i;
  }
}

/**
 * Writes to `grid.list` who is in the nine cells around a person and on the same floor or just across an open portal, the person
 * not included, and returns how many. Whoever is within `BODY_CELL` is among them.
 */
export function findAround(grid: BodyGrid, world: World, person: number): number {
  const { area, near } = world.views.persons;
  const { first, next, column, row, list } = grid;
  let found = 0;
  for (let dr = -1; dr <= 1; dr++) {
    for (let dc = -1; dc <= 1; dc++) {
      const c = column[person] + dc;
      const r = row[person] + dr;
      for (let j = first[bucketOf(grid, c, r)]; j >= 0; j = next[j]) {
        // Different cells may share a bucket.
        if (column[j] !== c || row[j] !== r || j === person) continue;
        if (area[j] !== area[person] && area[j] !== near[person] && near[j] !== area[person]) continue;
        list[found++] = j;
      }
    }
  }
  return found;
}
