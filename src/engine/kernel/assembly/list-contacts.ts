import * as t from './table';
import { CONTACT_BYTES } from './table';
import { addContacts, closeContacts, contactReach, findNeighbours, placesScratch } from './neighbours';

/**
 * Whom and what the persons `from` … `to − 1` in cell order can touch within `horizon` seconds, as long as everybody stays within
 * their margin of the straight way on which they are: `contacts` (places in cell order) and `contactInfo` (fours listed, and whether
 * walls are near; 0: nothing can be touched). Steering does the same on the way; this is for the rest of an interval.
 */
export function listContacts(from: i32, to: i32, horizon: f32): void {
  const bodies = t.pointer(t.P_bodiesFrom), traits = t.pointer(t.P_traits), aims = t.pointer(t.P_aims);
  const contacts = t.pointer(t.P_contacts), empty = t.integer(t.N_present);
  const places = placesScratch();
  const zero4 = f32x4.splat(0), horizonSquared4 = f32x4.splat(horizon * horizon);
  for (let i = from; i < to; i++) {
    const own = <usize>i << 4;
    const x = load<f32>(bodies + own), y = load<f32>(bodies + own, 4), vx = load<f32>(bodies + own, 8), vy = load<f32>(bodies + own, 12);
    const radius = load<f32>(traits + own), margin = load<f32>(traits + own, 8);
    const speed: f32 = sqrt<f32>(vx * vx + vy * vy);
    const list = contacts + <usize>i * CONTACT_BYTES;
    let count = 0;
    if (radius > 0) {
      const around = contactReach(radius, margin, speed, horizon);
      const fours = findNeighbours(i, x, y, around, around, 0, 0, 0, 0, places, empty);
      const x4 = f32x4.splat(x), y4 = f32x4.splat(y), vx4 = f32x4.splat(vx), vy4 = f32x4.splat(vy);
      const reach4 = f32x4.splat(radius + margin);
      const place = load<i32>(aims + own, 12);
      const area4 = i32x4.splat(place & 0xffff), near4 = i32x4.splat(place >> 16), low4 = i32x4.splat(0xffff);
      for (let four = 0; four < fours; four++) {
        const at = places + (<usize>four << 4);
        const k0 = <usize>load<i32>(at) << 4, k1 = <usize>load<i32>(at, 4) << 4, k2 = <usize>load<i32>(at, 8) << 4, k3 = <usize>load<i32>(at, 12) << 4;
        const b0 = v128.load(bodies + k0), b1 = v128.load(bodies + k1), b2 = v128.load(bodies + k2), b3 = v128.load(bodies + k3);
        const p01 = v128.shuffle<f32>(b0, b1, 0, 4, 1, 5), p23 = v128.shuffle<f32>(b2, b3, 0, 4, 1, 5);
        const v01 = v128.shuffle<f32>(b0, b1, 2, 6, 3, 7), v23 = v128.shuffle<f32>(b2, b3, 2, 6, 3, 7);
        const dx = f32x4.sub(v128.shuffle<f32>(p01, p23, 0, 1, 4, 5), x4), dy = f32x4.sub(v128.shuffle<f32>(p01, p23, 2, 3, 6, 7), y4);
        const dvx = f32x4.sub(v128.shuffle<f32>(v01, v23, 0, 1, 4, 5), vx4), dvy = f32x4.sub(v128.shuffle<f32>(v01, v23, 2, 3, 6, 7), vy4);
        const t0 = v128.load(traits + k0), t1 = v128.load(traits + k1), t2 = v128.load(traits + k2), t3 = v128.load(traits + k3);
        const r01 = v128.shuffle<f32>(t0, t1, 0, 4, 1, 5), r23 = v128.shuffle<f32>(t2, t3, 0, 4, 1, 5);
        const m01 = v128.shuffle<f32>(t0, t1, 2, 6, 3, 7), m23 = v128.shuffle<f32>(t2, t3, 2, 6, 3, 7);
        const other = v128.shuffle<f32>(r01, r23, 0, 1, 4, 5), margins = v128.shuffle<f32>(m01, m23, 0, 1, 4, 5);
        const a01 = v128.shuffle<f32>(v128.load(aims + k0), v128.load(aims + k1), 2, 6, 3, 7);
        const a23 = v128.shuffle<f32>(v128.load(aims + k2), v128.load(aims + k3), 2, 6, 3, 7);
        const places4 = v128.shuffle<f32>(a01, a23, 2, 3, 6, 7);
        const distance = f32x4.sqrt(f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy)));
        const gap = f32x4.sub(distance, f32x4.add(reach4, f32x4.add(other, margins)));
        const closing = f32x4.mul(horizonSquared4, f32x4.add(f32x4.mul(dvx, dvx), f32x4.mul(dvy, dvy)));
        let mask = v128.and(v128.or(f32x4.lt(gap, zero4), f32x4.lt(f32x4.mul(gap, gap), closing)), f32x4.gt(other, zero4));
        const otherArea = v128.and(places4, low4), otherNear = i32x4.shr_s(places4, 16);
        mask = v128.and(mask, v128.or(i32x4.eq(otherArea, area4), v128.or(i32x4.eq(otherArea, near4), i32x4.eq(otherNear, area4))));
        count = addContacts(list, count, at, i32x4.bitmask(mask));
      }
    }
    closeContacts(i, list, count, x, y, abs<f32>(radius) + margin + horizon * speed);
  }
}
