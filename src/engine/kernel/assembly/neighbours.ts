import * as t from './table';
import { CONTACTS_MAX, INFO_SCAN, INFO_WALLS, SEGMENT_BYTES, wallRange } from './table';

/*
 * Neighbours of one person: `findNeighbours` writes the places of all within reach, without a branch, filled up to fours with the
 * empty place; `take…` then reads fours of their rows. Each thread has its own scratch.
 */

/** Places that fit; nobody has as many neighbours. */
const PLACES_MAX: i32 = 2048;
/** Bytes of the places, with room for one store beyond; what steering keeps of each four follows. */
const PLACES_BYTES: usize = 8192 + 64;

let ownScratch: usize = 0;
/** Every further thread, which has an instance of its own, is given its own scratch, `SCRATCH_BYTES` of table.ts. */
export function useScratch(offset: usize): void {
  ownScratch = offset;
}
export function placesScratch(): usize {
  return ownScratch != 0 ? ownScratch : t.pointer(t.P_scratch);
}
export function foursScratch(): usize {
  return placesScratch() + PLACES_BYTES;
}

/** Shuffles that move the lanes whose bit is set to the front, in order. */
const PACK: usize = memory.data<u8>([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  4, 5, 6, 7, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  8, 9, 10, 11, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  0, 1, 2, 3, 8, 9, 10, 11, 8, 9, 10, 11, 12, 13, 14, 15,
  4, 5, 6, 7, 8, 9, 10, 11, 8, 9, 10, 11, 12, 13, 14, 15,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  12, 13, 14, 15, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15,
  4, 5, 6, 7, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15,
  0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15, 12, 13, 14, 15,
  8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15,
  0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 12, 13, 14, 15,
  4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 12, 13, 14, 15,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
], 16);

/**
 * Places of all others within `around` of (x, y), and of those within `reach` who are ahead of one of the directions w and h (or
 * abreast), whatever their area, in cell order, into `places`; how many fours (the last one filled up with `empty`).
 */
export function findNeighbours(
  self: i32, x: f32, y: f32, around: f32, reach: f32, wx: f32, wy: f32, hx: f32, hy: f32, places: usize, empty: i32,
): i32 {
  const sx = t.pointer(t.P_sortedX), sy = t.pointer(t.P_sortedY), cellStart = t.pointer(t.P_cellStart);
  const x0 = t.number(t.N_gridX0), y0 = t.number(t.N_gridY0);
  const inverse = t.number(t.N_gridInverseCell), inverseRow = t.number(t.N_gridInverseRow);
  const columns = t.integer(t.N_gridColumns), rows = t.integer(t.N_gridRows);
  const columnFrom = max(<i32>((x - reach - x0) * inverse), 0), columnTo = min(<i32>((x + reach - x0) * inverse), columns - 1);
  const rowFrom = max(<i32>((y - reach - y0) * inverseRow), 0), rowTo = min(<i32>((y + reach - y0) * inverseRow), rows - 1);
  const x4 = f32x4.splat(x), y4 = f32x4.splat(y), reach4 = f32x4.splat(reach * reach), self4 = i32x4.splat(self);
  const around4 = f32x4.splat(around * around), zero4 = f32x4.splat(0);
  const wx4 = f32x4.splat(wx), wy4 = f32x4.splat(wy), hx4 = f32x4.splat(hx), hy4 = f32x4.splat(hy);
  const lanes = i32x4(0, 1, 2, 3), four4 = i32x4.splat(4);
  let at = places;
  const full = places + (<usize>PLACES_MAX << 2);
  for (let line = rowFrom; line <= rowTo; line++) {
    const start = t.integerAt(cellStart, line * columns + columnFrom), end = t.integerAt(cellStart, line * columns + columnTo + 1);
    const end4 = i32x4.splat(end);
    let index = i32x4.add(i32x4.splat(start), lanes);
    // two fours a turn: most rows end after one
    for (let k = start; k < end && at < full; k += 8) {
      const from = <usize>k << 2;
      const dx = f32x4.sub(v128.load(sx + from), x4), dy = f32x4.sub(v128.load(sy + from), y4);
      const squared = f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy));
      const ahead = f32x4.pmax(f32x4.add(f32x4.mul(wx4, dx), f32x4.mul(wy4, dy)), f32x4.add(f32x4.mul(hx4, dx), f32x4.mul(hy4, dy)));
      const near = v128.or(f32x4.lt(squared, around4), v128.and(f32x4.lt(squared, reach4), f32x4.ge(ahead, zero4)));
      const bits = i32x4.bitmask(v128.andnot(v128.and(near, i32x4.lt_s(index, end4)), i32x4.eq(index, self4)));
      v128.store(at, i8x16.swizzle(index, v128.load(PACK + (<usize>bits << 4))));
      at += <usize>popcnt(bits) << 2;
      index = i32x4.add(index, four4);
      const dx2 = f32x4.sub(v128.load(sx + from, 16), x4), dy2 = f32x4.sub(v128.load(sy + from, 16), y4);
      const squared2 = f32x4.add(f32x4.mul(dx2, dx2), f32x4.mul(dy2, dy2));
      const ahead2 = f32x4.pmax(f32x4.add(f32x4.mul(wx4, dx2), f32x4.mul(wy4, dy2)), f32x4.add(f32x4.mul(hx4, dx2), f32x4.mul(hy4, dy2)));
      const near2 = v128.or(f32x4.lt(squared2, around4), v128.and(f32x4.lt(squared2, reach4), f32x4.ge(ahead2, zero4)));
      const bits2 = i32x4.bitmask(v128.andnot(v128.and(near2, i32x4.lt_s(index, end4)), i32x4.eq(index, self4)));
      v128.store(at, i8x16.swizzle(index, v128.load(PACK + (<usize>bits2 << 4))));
      at += <usize>popcnt(bits2) << 2;
      index = i32x4.add(index, four4);
    }
  }
  const count = <i32>((at - places) >> 2);
  v128.store(at, i32x4.splat(empty));
  return (count + 3) >> 2;
}

/** How much farther a wall is looked for than a body could come in the listed time, for the last step of it [m]. */
const WALL_SLACK: f32 = 0.1;

/** Farthest that somebody not nearer than this can come to touch a person within `horizon` seconds [m]. */
@inline export function contactReach(radius: f32, margin: f32, speed: f32, horizon: f32): f32 {
  return radius + margin + horizon * speed + (t.number(t.N_radiusMax) + t.number(t.N_marginPacked) + horizon * t.number(t.N_speedMax));
}

/** Adds those of four places whose bit is set to a list of `count`; returns the new count, which may be more than are written. */
@inline export function addContacts(list: usize, count: i32, places: usize, bits: i32): i32 {
  while (bits != 0) {
    if (count < CONTACTS_MAX) store<i32>(list + (<usize>count << 2), load<i32>(places + (<usize>ctz(bits) << 2)));
    count++;
    bits &= bits - 1;
  }
  return count;
}

/** Fills a list up to fours, looks for walls in reach, and writes `contactInfo`. */
export function closeContacts(i: i32, list: usize, count: i32, x: f32, y: f32, wallReach: f32): void {
  let info = INFO_SCAN;
  if (count <= CONTACTS_MAX) {
    const empty = t.integer(t.N_present);
    for (; (count & 3) != 0; count++) store<i32>(list + (<usize>count << 2), empty);
    info = count >> 2;
  }
  const segments = t.pointer(t.P_segments), wallItems = t.pointer(t.P_wallCellItems);
  const sheet = t.integerAt(t.pointer(t.P_sheet), t.integerAt(t.pointer(t.P_order), i));
  const range = wallRange(t.pointer(t.P_sheets), t.pointer(t.P_wallCellStart), sheet, x, y);
  const last = <i32>(range & 0xffffffff), reach: f32 = wallReach + WALL_SLACK;
  for (let w = <i32>(range >> 32); w < last; w++) {
    const segment = segments + <usize>t.integerAt(wallItems, w) * SEGMENT_BYTES;
    if (load<f32>(segment, 36) == 0 && load<f32>(segment, 28) != 2) continue;
    const ux = load<f32>(segment, 8), uy = load<f32>(segment, 12);
    const rx: f32 = x - load<f32>(segment), ry: f32 = y - load<f32>(segment, 4);
    const along: f32 = rx * ux + ry * uy;
    if (abs<f32>(ux * ry - uy * rx) < reach && along > -reach && along < load<f32>(segment, 16) + reach) {
      info |= INFO_WALLS;
      break;
    }
  }
  t.setInteger(t.pointer(t.P_contactInfo), i, info);
}
