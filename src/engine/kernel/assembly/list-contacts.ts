import * as t from './table';
import {
  contactReach4, firsts, fourths, L_AROUND, L_FAR, L_FRONT, L_HX, L_HY, L_RADIUS, L_VX, L_VY, L_WALL_RUN, L_WX, L_WY, L_X, L_Y, seconds, thirds, writeCells,
} from './look';
import { addContacts, closeContacts, contactsOf, findNeighbours, lookScratch, placesScratch } from './neighbours';

/**
 * Whom and what the persons `from` … `to − 1` in cell order can touch within `horizon` seconds, as long as everybody stays within
 * the margin of the straight way on which they are: `contacts` (places in cell order, from one's own) and `contactInfo` (how many, and whether
 * walls are near; 0: nothing can be touched). Steering does the same on the way; this is for the rest of an interval.
 */
export function listContacts(from: i32, to: i32, horizon: f32): void {
  const places = placesScratch(), look = lookScratch(places);
  for (let i = from; i < to; i += 4) {
    lookAround(look, i, min(i + 1, to - 1), min(i + 2, to - 1), min(i + 3, to - 1), horizon);
    for (let k = i; k < min(i + 4, to); k++) listOne(k, look + (<usize>(k - i) << 2), places, horizon);
  }
}

/** How far four persons must look round them for whom they can touch. */
@inline function lookAround(look: usize, k0: i32, k1: i32, k2: i32, k3: i32, horizon: f32): void {
  const bodies = t.pointer(t.P_bodiesFrom), traits = t.pointer(t.P_traits);
  const b0 = v128.load(bodies + (<usize>k0 << 4)), b1 = v128.load(bodies + (<usize>k1 << 4));
  const b2 = v128.load(bodies + (<usize>k2 << 4)), b3 = v128.load(bodies + (<usize>k3 << 4));
  const x4 = firsts(b0, b1, b2, b3), y4 = seconds(b0, b1, b2, b3), vx4 = thirds(b0, b1, b2, b3), vy4 = fourths(b0, b1, b2, b3);
  const t0 = v128.load(traits + (<usize>k0 << 4)), t1 = v128.load(traits + (<usize>k1 << 4));
  const t2 = v128.load(traits + (<usize>k2 << 4)), t3 = v128.load(traits + (<usize>k3 << 4));
  const radius4 = f32x4.abs(firsts(t0, t1, t2, t3)), zero4 = f32x4.splat(0);
  const speed4 = f32x4.sqrt(f32x4.add(f32x4.mul(vx4, vx4), f32x4.mul(vy4, vy4)));
  const around4 = contactReach4(radius4, speed4, horizon);
  writeCells(look, x4, y4, around4, around4, around4, around4);
  const order = t.pointer(t.P_order);
  v128.store(look, x4, L_X);
  v128.store(look, y4, L_Y);
  t.writeWallRuns(look + L_WALL_RUN, t.integerAt(order, k0), t.integerAt(order, k1), t.integerAt(order, k2), t.integerAt(order, k3), look + L_X, look + L_Y);
  v128.store(look, zero4, L_WX);
  v128.store(look, zero4, L_WY);
  v128.store(look, zero4, L_HX);
  v128.store(look, zero4, L_HY);
  v128.store(look, f32x4.mul(around4, around4), L_FRONT);
  v128.store(look, f32x4.mul(around4, around4), L_FAR);
  v128.store(look, f32x4.mul(around4, around4), L_AROUND);
  v128.store(look, vx4, L_VX);
  v128.store(look, vy4, L_VY);
  v128.store(look, radius4, L_RADIUS);
}

@inline function listOne(i: i32, look: usize, places: usize, horizon: f32): void {
  const bodies = t.pointer(t.P_bodiesFrom), traits = t.pointer(t.P_traits);
  const own = <usize>i << 4;
  const list = contactsOf(i);
  const radius = load<f32>(traits + own);
  if (radius <= 0) {
    closeContacts(i, 0, look, horizon);
    return;
  }
  let end = list;
  const fours = findNeighbours(i, look, places, t.integer(t.N_empty));
  const zero4 = f32x4.splat(0), horizonSquared4 = f32x4.splat(horizon * horizon);
  const x4 = v128.load32_splat(look, L_X), y4 = v128.load32_splat(look, L_Y);
  const vx4 = v128.load32_splat(bodies + own, 8), vy4 = v128.load32_splat(bodies + own, 12);
  const radius4 = f32x4.splat(radius), margins4 = f32x4.splat(<f32>2 * t.number(t.N_margin));
  const place = load<i32>(traits + own, 8);
  const area4 = i32x4.splat(place & 0xffff), near4 = i32x4.splat(place >> 16), low4 = i32x4.splat(0xffff);
  for (let four = 0; four < fours; four++) {
    const at = places + (<usize>four << 4);
    const k0 = <usize>load<i32>(at) << 4, k1 = <usize>load<i32>(at, 4) << 4, k2 = <usize>load<i32>(at, 8) << 4, k3 = <usize>load<i32>(at, 12) << 4;
    const b0 = v128.load(bodies + k0), b1 = v128.load(bodies + k1), b2 = v128.load(bodies + k2), b3 = v128.load(bodies + k3);
    const dx = f32x4.sub(firsts(b0, b1, b2, b3), x4), dy = f32x4.sub(seconds(b0, b1, b2, b3), y4);
    const dvx = f32x4.sub(thirds(b0, b1, b2, b3), vx4), dvy = f32x4.sub(fourths(b0, b1, b2, b3), vy4);
    const t0 = v128.load(traits + k0), t1 = v128.load(traits + k1), t2 = v128.load(traits + k2), t3 = v128.load(traits + k3);
    const other = firsts(t0, t1, t2, t3);
    const places4 = thirds(t0, t1, t2, t3);
    const distance = f32x4.sqrt(f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy)));
    // the same for both, so that nobody is listed by whom they do not list
    const gap = f32x4.sub(f32x4.sub(distance, f32x4.add(radius4, other)), margins4);
    const closing = f32x4.mul(horizonSquared4, f32x4.add(f32x4.mul(dvx, dvx), f32x4.mul(dvy, dvy)));
    let mask = v128.and(v128.or(f32x4.lt(gap, zero4), f32x4.lt(f32x4.mul(gap, gap), closing)), f32x4.gt(other, zero4));
    const otherArea = v128.and(places4, low4), otherNear = i32x4.shr_s(places4, 16);
    mask = v128.and(mask, v128.or(i32x4.eq(otherArea, area4), v128.or(i32x4.eq(otherArea, near4), i32x4.eq(otherNear, area4))));
    end = addContacts(i, end, list, at, i32x4.bitmask(mask));
  }
  closeContacts(i, <i32>((end - list) >> 1), look, horizon);
}
