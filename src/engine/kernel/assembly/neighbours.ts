import * as t from './table';
import { CONTACT_BYTES, CONTACT_FAR, CONTACTS_MAX, INFO_SCAN, INFO_WALLS_SHIFT } from './table';
import {
  LOOK_BYTES, L_AROUND, L_COLUMN_FROM, L_COLUMN_TO, L_FAR, L_FRONT, L_HX, L_HY, L_RADIUS, L_ROW_FROM, L_ROW_TO, 
  L_WALL_RUN, L_WX, L_WY, L_X, L_Y, fourths, thirds,
} from './look';
import { nearWalls, noWalls } from './walls';

/*
 * Neighbours of one person: `findNeighbours` writes the places of all within reach, without a branch, filled up to fours with the
 * empty place. Each thread has its own scratch: places, the look of four, and what steering keeps of fours.
 */

/** Places that fit; nobody has as many neighbours. */
const PLACES_MAX: i32 = 2048;
/** Bytes of the places, with room for one store beyond. */
const PLACES_BYTES: usize = 8192 + 64;
let ownScratch: usize = 0;
/** Every further thread, which has an instance of its own, is given its own scratch, `SCRATCH_BYTES` of table.ts. */
export function useScratch(offset: usize): void {
  ownScratch = offset;
}
export function placesScratch(): usize {
  return ownScratch != 0 ? ownScratch : t.pointer(t.P_scratch);
}
@inline export function lookScratch(places: usize): usize {
  return places + PLACES_BYTES;
}
@inline export function foursScratch(places: usize): usize {
  return places + PLACES_BYTES + LOOK_BYTES;
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

/** Appends those of four places whose bit is set at `at`, where 16 bytes are written; returns the new end. */
@inline export function appendPlaces(at: usize, places: v128, bits: i32): usize {
  v128.store(at, i8x16.swizzle(places, v128.load(PACK + (<usize>bits << 4))));
  return at + (<usize>popcnt(bits) << 2);
}

/** Bits of the four persons from place k on who count, by the squares of their distances and the sides on which they are. */
@inline function nearBits(
  sx: usize, sy: usize, bodies: usize, k: i32, index: v128, end4: v128, self4: v128, x4: v128, y4: v128, wx4: v128, wy4: v128, hx4: v128,
  hy4: v128, around4: v128, front4: v128, far4: v128, looksFar: bool,
): i32 {
  const from = <usize>k << 2, zero4 = f32x4.splat(0);
  const dx = f32x4.sub(v128.load(sx + from), x4), dy = f32x4.sub(v128.load(sy + from), y4);
  const squared = f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy));
  const ahead = f32x4.pmax(f32x4.add(f32x4.mul(wx4, dx), f32x4.mul(wy4, dy)), f32x4.add(f32x4.mul(hx4, dx), f32x4.mul(hy4, dy)));
  let near = f32x4.lt(squared, front4);
  if (looksFar) {
    const row = bodies + (<usize>k << 4);
    const b0 = v128.load(row), b1 = v128.load(row, 16), b2 = v128.load(row, 32), b3 = v128.load(row, 48);
    const nearing = f32x4.add(f32x4.mul(thirds(b0, b1, b2, b3), hx4), f32x4.mul(fourths(b0, b1, b2, b3), hy4));
    near = v128.or(near, v128.and(f32x4.lt(squared, far4), f32x4.lt(nearing, zero4)));
  }
  near = v128.or(f32x4.lt(squared, around4), v128.and(near, f32x4.ge(ahead, zero4)));
  return i32x4.bitmask(v128.andnot(v128.and(near, i32x4.lt_s(index, end4)), i32x4.eq(index, self4)));
}

/** `findNeighbours`, for those who look far and for the others. */
@inline function scanRows(self: i32, look: usize, places: usize, looksFar: bool): usize {
  const sx = t.pointer(t.P_sortedX), sy = t.pointer(t.P_sortedY), bodies = t.pointer(t.P_bodiesFrom);
  const width = <usize>t.integer(t.N_gridColumns) << 2, column = load<i32>(look, L_COLUMN_FROM);
  const corner = t.pointer(t.P_cellStart) + (<usize>column << 2), wide = <usize>(load<i32>(look, L_COLUMN_TO) + 1 - column) << 2;
  const last = corner + <usize>load<i32>(look, L_ROW_TO) * width;
  const x4 = v128.load32_splat(look, L_X), y4 = v128.load32_splat(look, L_Y);
  const around4 = v128.load32_splat(look, L_AROUND), front4 = v128.load32_splat(look, L_FRONT), far4 = v128.load32_splat(look, L_FAR);
  const wx4 = v128.load32_splat(look, L_WX), wy4 = v128.load32_splat(look, L_WY), hx4 = v128.load32_splat(look, L_HX), hy4 = v128.load32_splat(look, L_HY);
  const self4 = i32x4.splat(self), lanes = i32x4(0, 1, 2, 3), four4 = i32x4.splat(4);
  const full = places + (<usize>PLACES_MAX << 2);
  let at = places, starts = corner + <usize>load<i32>(look, L_ROW_FROM) * width;
  if (starts > last) return at;
  let k = load<i32>(starts), end = load<i32>(starts + wide);
  // two fours a turn: most rows end after one. One loop for all rows: its end is the only branch
  do {
    const end4 = i32x4.splat(end), index = i32x4.add(i32x4.splat(k), lanes), next = i32x4.add(index, four4);
    const bits = nearBits(sx, sy, bodies, k, index, end4, self4, x4, y4, wx4, wy4, hx4, hy4, around4, front4, far4, looksFar);
    at = appendPlaces(at, index, bits);
    const more = nearBits(sx, sy, bodies, k + 4, next, end4, self4, x4, y4, wx4, wy4, hx4, hy4, around4, front4, far4, looksFar);
    at = appendPlaces(at, next, more);
    k += 8;
    const isDone = k >= end, above = starts + width;
    k = select<i32>(load<i32>(above), k, isDone);
    end = select<i32>(load<i32>(above + wide), end, isDone);
    starts = select<usize>(above, starts, isDone);
  } while (starts <= last && at < full);
  return at;
}

/**
 * Places, in cell order and whatever their area, of all others within the radius `L_AROUND` of a look; of those ahead of one of its
 * directions (or abreast) within `L_FRONT`; and of those ahead within `L_FAR` who come towards it. How many fours, the last one filled
 * up with `empty`.
 * @param look row `L_X` of this person's lane
 */
export function findNeighbours(self: i32, look: usize, places: usize, empty: i32): i32 {
  const at = load<f32>(look, L_FAR) > load<f32>(look, L_FRONT) ? scanRows(self, look, places, true) : scanRows(self, look, places, false);
  v128.store(at, i32x4.splat(empty));
  return (<i32>((at - places) >> 2) + 3) >> 2;
}

/** How much farther a wall is looked for, for what one walks beyond the margin in the step that leaves it [m]. */
const WALL_SLACK: f32 = 0.1;

/** Where the contacts of the person at place i are listed. */
@inline export function contactsOf(i: i32): usize {
  return t.pointer(t.P_contacts) + <usize>i * CONTACT_BYTES;
}

/**
 * Adds those of four places whose bit is set to the end `at` of the contacts that the person at place i has listed at `list`; returns the new
 * end. Of too many only the number is kept.
 */
@inline export function addContacts(i: i32, at: usize, list: usize, places: usize, bits: i32): usize {
  if (at > list + (CONTACT_BYTES - 8)) return addLast(i, at, list, places, bits);
  const away = i8x16.swizzle(i32x4.sub(v128.load(places), i32x4.splat(i)), v128.load(PACK + (<usize>bits << 4)));
  // what does not fit becomes the least or most that does
  v128.store64_lane(at, i16x8.narrow_i32x4_s(away, away), 0);
  return at + (<usize>popcnt(bits) << 1);
}

/** Where four no longer fit: the next list is another person's. */
function addLast(i: i32, at: usize, list: usize, places: usize, bits: i32): usize {
  for (; bits != 0; bits &= bits - 1) {
    const away = load<i32>(places + (<usize>ctz(bits) << 2)) - i;
    if (at < list + CONTACT_BYTES) store<i16>(at, <i16>min(max(away, -CONTACT_FAR - 1), CONTACT_FAR + 1));
    at += 2;
  }
  return at;
}

/** Whether one of the contacts listed, filled up to fours, is too far away in the order to be told. */
function isFar(list: usize, count: i32): bool {
  let most = i16x8.splat(0);
  for (let at = list; at < list + (<usize>count << 1); at += 8) {
    const away = v128.load64_zero(at);
    most = i16x8.max_s(most, i16x8.max_s(away, i16x8.sub_sat_s(i16x8.splat(0), away)));
  }
  return v128.any_true(i16x8.gt_s(most, i16x8.splat(<i16>CONTACT_FAR)));
}

/**
 * Fills up the contacts of the person at place i, of which `count` are listed, to fours with the last of them; lists walls of the run in the look that are
 * in reach; and writes `contactInfo`.
 */
export function closeContacts(i: i32, count: i32, look: usize, horizon: f32): void {
  let info = INFO_SCAN;
  if (count <= CONTACTS_MAX) {
    const list = contactsOf(i);
    // whoever stands in more than one lane touches in none but the first, and needs no look where they do not touch
    const last = count > 0 ? load<i16>(list + (<usize>(count - 1) << 1)) : 0;
    if (count <= CONTACTS_MAX - 4) v128.store64_lane(list + (<usize>count << 1), i16x8.splat(last), 0);
    else for (let k = count; k < CONTACTS_MAX; k++) store<i16>(list + (<usize>k << 1), last);
    if (t.integer(t.N_present) <= CONTACT_FAR || !isFar(list, count)) info = count;
  }
  const run = <usize>load<u32>(look, L_WALL_RUN);
  if (load<i32>(run) == 0) noWalls(look);
  else {
    // whom nobody can touch strays only as far as legs go, until a wall comes in the way
    const radius = load<f32>(look, L_RADIUS);
    info |= nearWalls(look, run, horizon, radius + t.number(t.N_legsStray), radius + t.number(t.N_margin) + WALL_SLACK, count > 0) << INFO_WALLS_SHIFT;
  }
  t.setInteger(t.pointer(t.P_contactInfo), i, info);
}
