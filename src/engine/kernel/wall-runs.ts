import { allocate, SEGMENT_FLOATS, SegmentKind, type World } from '../../world/index.ts';

/** Walls of each cell as the kernel reads them; byte offsets in the world's memory. */
export interface WallRuns {
  /** For each wall cell of all sheets, where its run begins behind `runs` [bytes]. */
  readonly runOf: number;
  readonly runs: number;
}

/** Bytes of the head of a run, and of four walls. */
const HEAD_BYTES = 16;
const FOUR_BYTES = 144;
/** Bits of what a wall is: portals and what may be solid; what may be solid; leaves. Bit 0 in the first lane: there is a leaf among the four. */
const MATTERS = 1 << 31;
const STOPS = 1 << 30;
const LEAF = 1 << 29;

/**
 * Copies the wall list of every cell side by side, so that four walls are read without being gathered. A run: 0 how many fours (i32), 16
 * the fours. A four, rows of four lanes: 0 x, 16 y of the start, 32 x, 48 y along, 64 length, 80 x, 96 y along the wall before, 112 bits of
 * what it is, 128 address of its row in the wall table. In the order of the list, filled up with walls far away that stop nobody. Cells
 * with the same list share a run. O(items); 36 bytes a wall and list at most.
 */
export function writeWallRuns(world: World): WallRuns {
  const { wallCellStart, wallCellItems } = world.views;
  const cells = wallCellStart.length - 1;
  const placeOf = new Int32Array(cells);
  const places = new Map<string, number>();
  const lists: Int32Array[] = [];
  let top = 0;
  for (let cell = 0; cell < cells; cell++) {
    const list = wallCellItems.slice(wallCellStart[cell], wallCellStart[cell + 1]);
    const key = list.join();
    let place = places.get(key);
    if (place === undefined) {
      place = top;
      places.set(key, place);
      lists.push(list);
      top += HEAD_BYTES + FOUR_BYTES * Math.ceil(list.length / 4);
    }
    placeOf[cell] = place;
  }
  const runOf = allocate(world, 4 * Math.max(1, cells));
  // a row of zeros: neither solid nor a portal
  const nothing = allocate(world, 4 * SEGMENT_FLOATS);
  const runs = allocate(world, Math.max(HEAD_BYTES, top));
  const { i32, f32, segments } = world.views;
  i32.set(placeOf, runOf / 4);
  let at = runs / 4;
  for (const list of lists) {
    const fours = Math.ceil(list.length / 4);
    i32[at] = fours;
    at += HEAD_BYTES / 4;
    for (let k = 0; k < 4 * fours; k++) {
      const lane = at + (k % 4);
      const row = k < list.length ? SEGMENT_FLOATS * list[k] : -1;
      for (let column = 0; column < 7; column++)
        f32[lane + 4 * column] = row < 0 ? FAR[column] : segments[row + column];
      i32[lane + 28] = row < 0 ? 0 : bitsOf(segments[row + 7], segments[row + 9]);
      i32[lane + 32] = row < 0 ? nothing : segments.byteOffset + 4 * row;
      if (row >= 0 && segments[row + 7] === SegmentKind.leaf) i32[at + 28] |= 1;
      if (k % 4 === 3) at += FOUR_BYTES / 4;
    }
  }
  return { runOf, runs };
}

/** A wall of no length far from everybody. */
const FAR = [1e9, 1e9, 1, 0, 0, 0, 0];

function bitsOf(kind: number, solid: number): number {
  if (kind === SegmentKind.portal) return MATTERS;
  if (kind === SegmentKind.leaf) return MATTERS | STOPS | LEAF;
  return solid === 0 ? 0 : MATTERS | STOPS;
}
