import * as t from './table';
import { BLOCK_COLUMN, BLOCK_ROW, CONTACT_BYTES, FOUR_BYTES, SEGMENT_BYTES, sumLanes, wallRange } from './table';
import { addContacts, closeContacts, contactReach, findNeighbours, foursScratch, placesScratch } from './neighbours';
import { sectorOf } from './sort-persons';

/**
 * Numbers in all four lanes, read from memory once a call: as constants the compilers would build them anew at every use. First the
 * coefficients of 2^−f, then what names below say.
 */
const QUADS: usize = memory.data<f32>([
  0.0001540353039338161, 0.0001540353039338161, 0.0001540353039338161, 0.0001540353039338161,
  -0.0013333558146428443, -0.0013333558146428443, -0.0013333558146428443, -0.0013333558146428443,
  0.009618129107628477, 0.009618129107628477, 0.009618129107628477, 0.009618129107628477,
  -0.05550410866482158, -0.05550410866482158, -0.05550410866482158, -0.05550410866482158,
  0.2402265069591007, 0.2402265069591007, 0.2402265069591007, 0.2402265069591007,
  -0.6931471805599453, -0.6931471805599453, -0.6931471805599453, -0.6931471805599453,
  1, 1, 1, 1,
  1.4426950408889634, 1.4426950408889634, 1.4426950408889634, 1.4426950408889634,
  120, 120, 120, 120,
  12582912, 12582912, 12582912, 12582912,
  0.5, 0.5, 0.5, 0.5,
  1e-12, 1e-12, 1e-12, 1e-12,
  1e9, 1e9, 1e9, 1e9,
  -0.3, -0.3, -0.3, -0.3,
], 16);
const LANES: usize = memory.data<i32>([
  0, 0, 0, 0,
  127 + 0x4b400000, 127 + 0x4b400000, 127 + 0x4b400000, 127 + 0x4b400000,
  0xffff, 0xffff, 0xffff, 0xffff,
], 16);

/**
 * Whether anybody near moves against a heading, by the flow of the blocks around. Never wrong when it says no: sixteenths of the
 * circle three or fewer apart hold no two directions more than a right angle apart.
 */
@inline function facesAny(flow: i32, hx: f32, hy: f32): bool {
  const turned = 0x1ff0 << sectorOf(hx, hy);
  return (flow & (turned | (turned >> 16)) & 0xffff) != 0;
}

@inline function leastLane(v: v128): f32 {
  return min<f32>(
    min<f32>(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    min<f32>(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

/** What `facesWall` found: distance, and the direction away from the wall. */
let wallDistance: f32 = 0;
let wallX: f32 = 0;
let wallY: f32 = 0;

/** Whether a place lies in front of a segment or is nearest to its corner; a leaf has two fronts, and no corner. */
@inline function facesWall(segment: usize, x: f32, y: f32): bool {
  const isLeaf = load<f32>(segment, 28) == 1;
  const ux = load<f32>(segment, 8), uy = load<f32>(segment, 12);
  const rx: f32 = x - load<f32>(segment), ry: f32 = y - load<f32>(segment, 4);
  const along: f32 = rx * ux + ry * uy;
  let nx: f32 = -uy, ny: f32 = ux, distance: f32 = ux * ry - uy * rx;
  if (along >= 0) {
    if (along > load<f32>(segment, 16)) return false;
    if (distance < 0) {
      if (!isLeaf) return false;
      distance = -distance;
      nx = -nx;
      ny = -ny;
    }
  } else {
    if (isLeaf || rx * load<f32>(segment, 20) + ry * load<f32>(segment, 24) < 0) return false;
    distance = sqrt<f32>(max<f32>(rx * rx + ry * ry, 1e-12));
    nx = rx / distance;
    ny = ry / distance;
  }
  wallDistance = distance;
  wallX = nx;
  wallY = ny;
  return true;
}

/** Gap that a wall leaves in a direction (x, y), where that points into it. */
@inline function gapToWall(gap: f32, x: f32, y: f32, radius: f32): f32 {
  const towards: f32 = -(x * wallX + y * wallY);
  return towards > <f32>0.05 ? min<f32>(gap, max<f32>(0, wallDistance - radius) / towards) : gap;
}

/** Speed of progress in a direction with this cosine to the way, with this gap before one. */
@inline function progress(cosine: f32, gap: f32, inverseGap: f32, speedMax: f32): f32 {
  return cosine * min<f32>(speedMax, max<f32>(0, gap) * inverseGap);
}

/** Cosine and sine of 20°, by which lanes beside the way are turned, once and twice. */
const TURN_COSINE: f32 = 0.9396926;
const TURN_SINE: f32 = 0.3420201;
const TWICE_COSINE: f32 = 0.7660444;
const TWICE_SINE: f32 = 0.6427876;
/** Oncoming people, weighted by nearness, from which on somebody blocked slips through, and the share of the lane's width that takes. */
const SLIP_ONCOMING: f32 = 0.2;
const SLIP_SHARE: f32 = 0.6;
/** Cosine between the way taken and the way wished below which everybody ahead counts as a leader. */
const TURNED_ASIDE: f32 = 0.2;

/**
 * Desired velocity of the persons `from` … `to − 1` in cell order: the freest of five lanes, anticipation steering, then the optimal-velocity law over the
 * neighbours ahead that are nearer to the same goal (all others ahead count too), and the local density. Reads the sorted copies,
 * writes headX, headY, wishX, wishY, packing, and lists contacts for the coming interval as `listContacts` does. `interval` is the
 * time between decisions [s].
 */
export function steerPersons(from: i32, to: i32, interval: f32): void {
  const order = t.pointer(t.P_order);
  const bodies = t.pointer(t.P_bodiesFrom), traits = t.pointer(t.P_traits), aims = t.pointer(t.P_aims), contacts = t.pointer(t.P_contacts);
  const wantX = t.pointer(t.P_wantX), wantY = t.pointer(t.P_wantY), headX = t.pointer(t.P_headX), headY = t.pointer(t.P_headY);
  const wishX = t.pointer(t.P_wishX), wishY = t.pointer(t.P_wishY), wishSpeed = t.pointer(t.P_wishSpeed);
  const timeGap = t.pointer(t.P_timeGap), blockedTime = t.pointer(t.P_blockedTime), oncomingOf = t.pointer(t.P_oncoming), packing = t.pointer(t.P_packing), sheetOf = t.pointer(t.P_sheet);
  const sheets = t.pointer(t.P_sheets), segments = t.pointer(t.P_segments);
  const wallStart = t.pointer(t.P_wallCellStart), wallItems = t.pointer(t.P_wallCellItems);
  const empty = t.integer(t.N_present);
  const x0 = t.number(t.N_gridX0), y0 = t.number(t.N_gridY0), inverse = t.number(t.N_gridInverseCell), inverseRow = t.number(t.N_gridInverseRow);
  const flow = t.pointer(t.P_flow), blocks = t.integer(t.N_gridBlocks), radiusMax = t.number(t.N_radiusMax);
  const strength = t.number(t.N_steerStrength), range = t.number(t.N_steerRange), anticipation = t.number(t.N_anticipation);
  const turnShare: f32 = interval / t.number(t.N_turnShare);
  const cutNear = t.number(t.N_cutNear), cutFar = t.number(t.N_cutFar), wallBuffer = t.number(t.N_wallBuffer);
  const leafTouch = t.number(t.N_leafTouch);
  const places = placesScratch(), kept = foursScratch();

  const c0 = v128.load(QUADS), c1 = v128.load(QUADS, 16), c2 = v128.load(QUADS, 32), c3 = v128.load(QUADS, 48), c4 = v128.load(QUADS, 64);
  const c5 = v128.load(QUADS, 80), one4 = v128.load(QUADS, 96), log4 = v128.load(QUADS, 112), most4 = v128.load(QUADS, 128);
  const shift4 = v128.load(QUADS, 144), half4 = v128.load(QUADS, 160), tiny4 = v128.load(QUADS, 176), large4 = v128.load(QUADS, 192);
  // cosine beyond which somebody is headed against one, moving or not
  const facing4 = v128.load(QUADS, 208);
  const bias4 = v128.load(LANES, 16), zero4 = f32x4.splat(0), low4 = v128.load(LANES, 32);
  const strength4 = f32x4.splat(strength), inverseRange4 = f32x4.splat(<f32>1 / range), anticipation4 = f32x4.splat(anticipation);
  const near4squared = f32x4.splat(cutNear * cutNear), horizonSquared4 = f32x4.splat(interval * interval);
  const lane4 = f32x4.splat(t.number(t.N_laneShare));
  const cosine4 = f32x4.splat(TURN_COSINE), sine4 = f32x4.splat(TURN_SINE);
  const cosine4twice = f32x4.splat(TWICE_COSINE), sine4twice = f32x4.splat(TWICE_SINE), passMargin = t.number(t.N_passMargin);
  const followTime = t.number(t.N_followTime), followTime4 = f32x4.splat(followTime);

  for (let i = from; i < to; i++) {
    const id = t.integerAt(order, i);
    const own = <usize>i << 4;
    const x = load<f32>(bodies + own), y = load<f32>(bodies + own, 4), vx = load<f32>(bodies + own, 8), vy = load<f32>(bodies + own, 12);
    const ownRadius = load<f32>(traits + own), margin = load<f32>(traits + own, 8), potential = load<f32>(traits + own, 12);
    const hx = load<f32>(aims + own), hy = load<f32>(aims + own, 4), goal = load<i32>(aims + own, 8), place = load<i32>(aims + own, 12);
    const radius = abs<f32>(ownRadius);
    const wx = t.floatAt(wantX, id), wy = t.floatAt(wantY, id);
    const speedMax = t.floatAt(wishSpeed, id);
    const speed: f32 = sqrt<f32>(vx * vx + vy * vy);
    // who stands by sees who is at their side; who walks, as far as somebody ahead can slow them; far, where it is not crowded, if
    // anybody comes towards them
    let reach: f32 = 1;
    if (speedMax > 0) {
      reach = max<f32>(cutNear, min<f32>(cutFar, speedMax * t.floatAt(timeGap, id) + radius + radiusMax));
      if (reach < cutFar && t.floatAt(packing, id) < 2) {
        const column = <i32>((x - x0) * inverse), row = <i32>((y - y0) * inverseRow);
        const block = ((row >> BLOCK_ROW) + 1) * blocks + (column >> BLOCK_COLUMN) + 1;
        if (facesAny(t.integerAt(flow, block), hx, hy)) reach = cutFar;
      }
    }
    // behind, only who is at their side or can be touched
    const around: f32 = max<f32>(1, contactReach(radius, margin, speed, interval));
    const fours = findNeighbours(i, x, y, around, max<f32>(reach, around), wx, wy, hx, hy, places, empty);

    const x4 = f32x4.splat(x), y4 = f32x4.splat(y), vx4 = f32x4.splat(vx), vy4 = f32x4.splat(vy), radius4 = f32x4.splat(radius);
    const wx4 = f32x4.splat(wx), wy4 = f32x4.splat(wy), hx4 = f32x4.splat(hx), hy4 = f32x4.splat(hy), self4 = i32x4.splat(i);
    const area4 = i32x4.splat(place & 0xffff), near4 = i32x4.splat(place >> 16);
    const reach4squared = f32x4.splat(reach * reach), contact4 = f32x4.splat(ownRadius + margin);
    // who has been blocked for a second no longer gives way to those behind on the same way
    const goal4 = i32x4.splat(goal), potential4 = f32x4.splat(potential);
    const hasGoal = i32x4.ge_s(goal4, zero4);
    const blocked = t.floatAt(blockedTime, id) > 1 ? i32x4.splat(-1) : zero4;
    const insists = v128.and(hasGoal, blocked);
    // who has been blocked for a second by people coming towards them slips through sideways
    const slips = t.floatAt(blockedTime, id) > 1 && t.floatAt(oncomingOf, id) > <f32>SLIP_ONCOMING;
    const ownLane4 = slips ? f32x4.mul(lane4, f32x4.splat(SLIP_SHARE)) : lane4;
    const list = contacts + <usize>i * CONTACT_BYTES;
    let count = 0;
    let side4 = zero4, density4 = zero4, oncoming4 = zero4;
    for (let four = 0; four < fours; four++) {
      const at = places + (<usize>four << 4);
      const k0 = <usize>load<i32>(at) << 4, k1 = <usize>load<i32>(at, 4) << 4, k2 = <usize>load<i32>(at, 8) << 4, k3 = <usize>load<i32>(at, 12) << 4;
      const b0 = v128.load(bodies + k0), b1 = v128.load(bodies + k1), b2 = v128.load(bodies + k2), b3 = v128.load(bodies + k3);
      const p01 = v128.shuffle<f32>(b0, b1, 0, 4, 1, 5), p23 = v128.shuffle<f32>(b2, b3, 0, 4, 1, 5);
      const v01 = v128.shuffle<f32>(b0, b1, 2, 6, 3, 7), v23 = v128.shuffle<f32>(b2, b3, 2, 6, 3, 7);
      const dx = f32x4.sub(v128.shuffle<f32>(p01, p23, 0, 1, 4, 5), x4), dy = f32x4.sub(v128.shuffle<f32>(p01, p23, 2, 3, 6, 7), y4);
      const jvx = v128.shuffle<f32>(v01, v23, 0, 1, 4, 5), jvy = v128.shuffle<f32>(v01, v23, 2, 3, 6, 7);
      const t0 = v128.load(traits + k0), t1 = v128.load(traits + k1), t2 = v128.load(traits + k2), t3 = v128.load(traits + k3);
      const r01 = v128.shuffle<f32>(t0, t1, 0, 4, 1, 5), r23 = v128.shuffle<f32>(t2, t3, 0, 4, 1, 5);
      const m01 = v128.shuffle<f32>(t0, t1, 2, 6, 3, 7), m23 = v128.shuffle<f32>(t2, t3, 2, 6, 3, 7);
      const other = v128.shuffle<f32>(r01, r23, 0, 1, 4, 5), margins = v128.shuffle<f32>(m01, m23, 0, 1, 4, 5);
      const jPotential = v128.shuffle<f32>(m01, m23, 2, 3, 6, 7);
      const a0 = v128.load(aims + k0), a1 = v128.load(aims + k1), a2 = v128.load(aims + k2), a3 = v128.load(aims + k3);
      const h01 = v128.shuffle<f32>(a0, a1, 0, 4, 1, 5), h23 = v128.shuffle<f32>(a2, a3, 0, 4, 1, 5);
      const g01 = v128.shuffle<f32>(a0, a1, 2, 6, 3, 7), g23 = v128.shuffle<f32>(a2, a3, 2, 6, 3, 7);
      const jhx = v128.shuffle<f32>(h01, h23, 0, 1, 4, 5), jhy = v128.shuffle<f32>(h01, h23, 2, 3, 6, 7);
      const jGoal = v128.shuffle<f32>(g01, g23, 0, 1, 4, 5), jPlace = v128.shuffle<f32>(g01, g23, 2, 3, 6, 7);

      const squared = f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy));
      const distance = f32x4.sqrt(f32x4.pmax(tiny4, squared));
      const otherArea = v128.and(jPlace, low4), otherNear = i32x4.shr_s(jPlace, 16);
      const inSight = v128.or(i32x4.eq(otherArea, area4), v128.or(i32x4.eq(otherArea, near4), i32x4.eq(otherNear, area4)));
      const dvx = f32x4.sub(jvx, vx4), dvy = f32x4.sub(jvy, vy4);
      const standing = f32x4.gt(other, zero4);

      // who can be touched before the next decision
      const room = f32x4.sub(distance, f32x4.add(contact4, f32x4.add(other, margins)));
      const nearing = f32x4.mul(horizonSquared4, f32x4.add(f32x4.mul(dvx, dvx), f32x4.mul(dvy, dvy)));
      const touches = v128.and(v128.or(f32x4.lt(room, zero4), f32x4.lt(f32x4.mul(room, room), nearing)), v128.and(standing, inSight));
      const bits = i32x4.bitmask(touches);
      if (bits != 0) count = addContacts(list, count, at, bits);

      const seen = v128.and(inSight, f32x4.lt(squared, reach4squared));
      const inside = v128.and(seen, f32x4.pmax(zero4, f32x4.sub(one4, squared)));
      density4 = f32x4.add(density4, f32x4.mul(inside, inside));
      // ahead of where one wants to go, or of where one heads
      const front = f32x4.ge(
        f32x4.pmax(f32x4.add(f32x4.mul(wx4, dx), f32x4.mul(wy4, dy)), f32x4.add(f32x4.mul(hx4, dx), f32x4.mul(hy4, dy))),
        zero4,
      );
      const oncoming = f32x4.lt(f32x4.add(f32x4.mul(jvx, hx4), f32x4.mul(jvy, hy4)), zero4);
      const faces = f32x4.lt(f32x4.add(f32x4.mul(jhx, hx4), f32x4.mul(jhy, hy4)), facing4);
      // who makes for the same exit from another side is not oncoming
      oncoming4 = f32x4.add(oncoming4, v128.and(v128.andnot(front, i32x4.eq(jGoal, goal4)), v128.and(faces, inside)));
      const nearer = v128.or(
        f32x4.lt(jPotential, potential4),
        v128.and(f32x4.eq(jPotential, potential4), i32x4.lt_s(v128.load(at), self4)),
      );
      const behind = v128.andnot(i32x4.eq(jGoal, goal4), nearer);
      const touch = f32x4.add(radius4, f32x4.abs(other));
      const gapNow = f32x4.sub(distance, touch);
      // for the speed law: who follows is no leader, nor is who lies, whom one walks over
      const leads = v128.and(v128.and(seen, standing), v128.not(v128.and(hasGoal, behind)));
      const keep = kept + <usize>four * FOUR_BYTES;
      v128.store(keep, dx);
      v128.store(keep, dy, 16);
      v128.store(keep, f32x4.mul(ownLane4, touch), 32);
      v128.store(keep, v128.bitselect(gapNow, large4, leads), 48);
      v128.store(keep, jvx, 64);
      v128.store(keep, jvy, 80);
      // in a lane beside the way everybody counts: one does not press into those who follow
      v128.store(keep, v128.bitselect(gapNow, large4, v128.and(seen, standing)), 96);

      // one walks round who lies, but not off a body underfoot, nor when there is no other way
      const ignored = v128.andnot(v128.or(blocked, f32x4.lt(gapNow, zero4)), standing);
      const mask = v128.andnot(
        v128.and(v128.and(seen, front), v128.or(oncoming, f32x4.lt(squared, near4squared))),
        v128.or(v128.and(insists, behind), ignored),
      );
      if (!v128.any_true(mask)) continue;
      const closing = f32x4.div(f32x4.add(f32x4.mul(dvx, dx), f32x4.mul(dvy, dy)), distance);
      const gap = f32x4.pmax(zero4, f32x4.add(gapNow, f32x4.mul(closing, anticipation4)));
      const aheadX = f32x4.add(dx, f32x4.mul(jvx, anticipation4)), aheadY = f32x4.add(dy, f32x4.mul(jvy, anticipation4));
      const cross = f32x4.sub(f32x4.mul(wx4, aheadY), f32x4.mul(wy4, aheadX));
      const facing = f32x4.add(f32x4.mul(wx4, jhx), f32x4.mul(wy4, jhy));
      const factor = f32x4.add(one4, f32x4.mul(half4, f32x4.sub(one4, facing)));
      // e^−x for x ≥ 0 as 2^−n · 2^−f, x · log2 e = n + f, n the nearest whole number (adding 1.5 · 2^23 rounds, and leaves it in the
      // low bits): degree-6 Taylor polynomial, relative error < 3e-7; 0 beyond x = 83
      const scaled = f32x4.pmin(most4, f32x4.mul(f32x4.mul(gap, inverseRange4), log4));
      const shifted = f32x4.add(scaled, shift4);
      const f = f32x4.sub(scaled, f32x4.sub(shifted, shift4));
      let p = f32x4.add(f32x4.mul(c0, f), c1);
      p = f32x4.add(f32x4.mul(p, f), c2);
      p = f32x4.add(f32x4.mul(p, f), c3);
      p = f32x4.add(f32x4.mul(p, f), c4);
      p = f32x4.add(f32x4.mul(p, f), c5);
      p = f32x4.add(f32x4.mul(p, f), one4);
      const decay = f32x4.mul(p, i32x4.shl(i32x4.sub(bias4, shifted), 23));
      const size = f32x4.mul(f32x4.mul(strength4, factor), decay);
      side4 = f32x4.add(side4, v128.and(mask, v128.bitselect(size, f32x4.neg(size), f32x4.ge(cross, zero4))));
    }
    closeContacts(i, list, ownRadius > 0 ? count : 0, x, y, radius + margin + interval * speed);
    t.setFloat(oncomingOf, id, sumLanes(oncoming4));
    // 3/π · Σ (1 − d²)², the person itself included
    t.setFloat(packing, id, <f32>0.9549296585513720 * ((<f32>1) + sumLanes(density4)));

    if (speedMax <= 0) {
      t.setFloat(wishX, id, 0);
      t.setFloat(wishY, id, 0);
      continue;
    }
    const T = t.floatAt(timeGap, id), inverseGap: f32 = <f32>1 / T;
    const near = wallRange(sheets, wallStart, t.integerAt(sheetOf, id), x, y);
    const first = <i32>(near >> 32), last = <i32>(near & 0xffffffff);

    // where the lane ahead slows one: is one of those turned by 20° and 40° freer?
    let chosenX: f32 = wx, chosenY: f32 = wy;
    const enough: f32 = speedMax * T;
    const enough4 = f32x4.splat(enough);
    let straight4 = enough4, left4 = enough4, right4 = enough4, left4twice = enough4, right4twice = enough4;
    for (let four = 0; four < fours; four++) {
      const keep = kept + <usize>four * FOUR_BYTES;
      const dx = v128.load(keep), dy = v128.load(keep, 16), gap = v128.load(keep, 48), gapOfAll = v128.load(keep, 96);
      const along = f32x4.add(f32x4.mul(wx4, dx), f32x4.mul(wy4, dy));
      // who does not count becomes not-a-number, which a least leaves out
      const apart = v128.or(f32x4.le(along, zero4), f32x4.ge(gapOfAll, enough4));
      if (i32x4.all_true(apart)) continue;
      const half = v128.load(keep, 32), across = f32x4.sub(f32x4.mul(wx4, dy), f32x4.mul(wy4, dx));
      const limit = v128.or(gapOfAll, apart);
      straight4 = f32x4.pmin(straight4, v128.or(v128.or(gap, apart), f32x4.gt(f32x4.abs(across), half)));
      const alongCosine = f32x4.mul(along, cosine4), acrossSine = f32x4.mul(across, sine4);
      const acrossCosine = f32x4.mul(across, cosine4), alongSine = f32x4.mul(along, sine4);
      left4 = f32x4.pmin(left4, v128.or(limit, v128.or(
        f32x4.le(f32x4.add(alongCosine, acrossSine), zero4), f32x4.gt(f32x4.abs(f32x4.sub(acrossCosine, alongSine)), half))));
      right4 = f32x4.pmin(right4, v128.or(limit, v128.or(
        f32x4.le(f32x4.sub(alongCosine, acrossSine), zero4), f32x4.gt(f32x4.abs(f32x4.add(acrossCosine, alongSine)), half))));
      const alongTwice = f32x4.mul(along, cosine4twice), acrossTwice = f32x4.mul(across, sine4twice);
      const acrossTurned = f32x4.mul(across, cosine4twice), alongTurned = f32x4.mul(along, sine4twice);
      left4twice = f32x4.pmin(left4twice, v128.or(limit, v128.or(
        f32x4.le(f32x4.add(alongTwice, acrossTwice), zero4), f32x4.gt(f32x4.abs(f32x4.sub(acrossTurned, alongTurned)), half))));
      right4twice = f32x4.pmin(right4twice, v128.or(limit, v128.or(
        f32x4.le(f32x4.sub(alongTwice, acrossTwice), zero4), f32x4.gt(f32x4.abs(f32x4.add(acrossTurned, alongTurned)), half))));
    }
    const straight = leastLane(straight4);
    if (straight < enough) {
      let left = leastLane(left4), right = leastLane(right4), leftTwice = leastLane(left4twice), rightTwice = leastLane(right4twice);
      const leftX: f32 = TURN_COSINE * wx - TURN_SINE * wy, leftY: f32 = TURN_COSINE * wy + TURN_SINE * wx;
      const rightX: f32 = TURN_COSINE * wx + TURN_SINE * wy, rightY: f32 = TURN_COSINE * wy - TURN_SINE * wx;
      const leftTwiceX: f32 = TWICE_COSINE * wx - TWICE_SINE * wy, leftTwiceY: f32 = TWICE_COSINE * wy + TWICE_SINE * wx;
      const rightTwiceX: f32 = TWICE_COSINE * wx + TWICE_SINE * wy, rightTwiceY: f32 = TWICE_COSINE * wy - TWICE_SINE * wx;
      for (let w = first; w < last; w++) {
        const segment = segments + <usize>t.integerAt(wallItems, w) * SEGMENT_BYTES;
        if (load<f32>(segment, 36) == 0 || load<f32>(segment, 28) == 2 || !facesWall(segment, x, y)) continue;
        left = gapToWall(left, leftX, leftY, radius);
        right = gapToWall(right, rightX, rightY, radius);
        leftTwice = gapToWall(leftTwice, leftTwiceX, leftTwiceY, radius);
        rightTwice = gapToWall(rightTwice, rightTwiceX, rightTwiceY, radius);
      }
      // left and right alike: the side to which one leans already, or one's own
      const leaning: f32 = hy * wx - hx * wy;
      const leansLeft = leaning > 0 || (leaning == 0 && (id & 1) == 0);
      let best: f32 = progress(1, straight, inverseGap, speedMax) + passMargin * speedMax;
      const byLeft = progress(TURN_COSINE, left, inverseGap, speedMax), byRight = progress(TURN_COSINE, right, inverseGap, speedMax);
      const isLeft = byLeft > byRight || (byLeft == byRight && leansLeft);
      const once: f32 = isLeft ? byLeft : byRight;
      if (once > best) {
        best = once;
        chosenX = isLeft ? leftX : rightX;
        chosenY = isLeft ? leftY : rightY;
      }
      const byLeftTwice = progress(TWICE_COSINE, leftTwice, inverseGap, speedMax);
      const byRightTwice = progress(TWICE_COSINE, rightTwice, inverseGap, speedMax);
      const isLeftTwice = byLeftTwice > byRightTwice || (byLeftTwice == byRightTwice && leansLeft);
      if ((isLeftTwice ? byLeftTwice : byRightTwice) > best) {
        chosenX = isLeftTwice ? leftTwiceX : rightTwiceX;
        chosenY = isLeftTwice ? leftTwiceY : rightTwiceY;
      }
    }

    const side = sumLanes(side4);
    let ex: f32 = chosenX + side * chosenY, ey: f32 = chosenY - side * chosenX;
    let size: f32 = sqrt<f32>(max<f32>(ex * ex + ey * ey, 1e-12));
    ex = ex / size;
    ey = ey / size;
    ex = hx + (ex - hx) * turnShare;
    ey = hy + (ey - hy) * turnShare;
    size = sqrt<f32>(ex * ex + ey * ey);
    if (size < <f32>1e-3) {
      ex = wx;
      ey = wy;
    } else {
      ex = ex / size;
      ey = ey / size;
    }
    t.setFloat(headX, id, ex);
    t.setFloat(headY, id, ey);

    // along walls: take away the part that points into a wall nearer than the buffer
    let wayX = ex, wayY = ey;
    let leafGap: f32 = 1e9;
    for (let w = first; w < last; w++) {
      const segment = segments + <usize>t.integerAt(wallItems, w) * SEGMENT_BYTES;
      const kind = load<f32>(segment, 28);
      if (load<f32>(segment, 36) == 0 || kind == 2) continue;
      if (!facesWall(segment, x, y)) continue;
      const nx = wallX, ny = wallY;
      const gap: f32 = wallDistance - radius;
      if (kind == 1) {
        // a shut leaf ahead is walked up to, not run into
        const towards: f32 = -(wayX * nx + wayY * ny);
        if (towards > <f32>0.1) leafGap = min<f32>(leafGap, max<f32>(0, gap + leafTouch) / towards);
        continue;
      }
      if (gap >= wallBuffer) continue;
      const into: f32 = wayX * nx + wayY * ny;
      if (into >= 0) continue;
      const share: f32 = min<f32>(1, (<f32>1) - gap / wallBuffer);
      wayX = wayX - into * share * nx;
      wayY = wayY - into * share * ny;
    }

    // the lane lies along the way that is taken: a wall that turns the way turns the lane too
    size = sqrt<f32>(wayX * wayX + wayY * wayY);
    const alongX: f32 = size < <f32>1e-3 ? ex : wayX / size, alongY: f32 = size < <f32>1e-3 ? ey : wayY / size;
    const ex4 = f32x4.splat(alongX), ey4 = f32x4.splat(alongY);
    // who has to turn far aside does not press into those who follow either
    const gapAt: usize = alongX * wx + alongY * wy < <f32>TURNED_ASIDE ? 96 : 48;
    const inverseGap4 = f32x4.splat(inverseGap), inverseFollow4 = f32x4.splat(<f32>1 / (T + followTime));
    let least4 = large4;
    for (let four = 0; four < fours; four++) {
      const keep = kept + <usize>four * FOUR_BYTES;
      const dx = v128.load(keep), dy = v128.load(keep, 16);
      const ahead = v128.and(
        f32x4.gt(f32x4.add(f32x4.mul(ex4, dx), f32x4.mul(ey4, dy)), zero4),
        f32x4.le(f32x4.abs(f32x4.sub(f32x4.mul(ex4, dy), f32x4.mul(ey4, dx))), v128.load(keep, 32)),
      );
      // somebody who walks away leaves more room than the gap of now
      const gap = v128.load(keep + gapAt);
      const away = f32x4.add(f32x4.mul(ex4, v128.load(keep, 64)), f32x4.mul(ey4, v128.load(keep, 80)));
      const bound = f32x4.pmax(f32x4.mul(gap, inverseGap4), f32x4.mul(f32x4.add(gap, f32x4.mul(away, followTime4)), inverseFollow4));
      least4 = f32x4.pmin(least4, v128.bitselect(bound, large4, ahead));
    }
    const wish: f32 = min<f32>(speedMax, max<f32>(0, min<f32>(leafGap * inverseGap, leastLane(least4))));
    t.setFloat(wishX, id, wayX * wish);
    t.setFloat(wishY, id, wayY * wish);
  }
}
