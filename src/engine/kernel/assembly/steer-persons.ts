import * as t from './table';
import { FOUR_BYTES } from './table';
import { addContacts, closeContacts, contactsOf, findNeighbours, foursScratch, lookScratch, placesScratch } from './neighbours';
import {
  firsts, firstsOfTwo, fourths, L_ALONG_X, L_ALONG_Y, L_AREA, L_BEHIND, L_BLOCKED, L_CLOSING, L_DENSITY_4, L_DISTANCE,
  L_ELSEWHERE_4, L_ENOUGH, L_FACE_X, L_FACE_Y, L_FOURS, L_GAP, L_GAP_AT, L_GOAL, L_GOES_ELSEWHERE, L_HX, L_HY, L_INSIDE, L_INSISTS, L_KEPT, L_LANE, L_LEAF_GAP, L_LEAST_4,
  L_LEFT, L_LEFT_4, L_LEFT_TWICE, L_LEFT_TWICE_4, L_NEAR, L_ONCOMING_4, L_POTENTIAL, L_RADIUS, L_RIGHT, L_RIGHT_4, L_RIGHT_TWICE,
  L_RIGHT_TWICE_4, L_SAME_GOAL, L_SEES, L_SIDE_4, L_SPEED_MAX, L_STANDS, L_STRAIGHT_4, L_TIME_GAP, L_VX, L_VY, L_WALLS, L_WAY_X,
  L_WAY_Y, L_WX, L_WY, L_X, L_Y, leastsOf, lookAhead, pickShorts, putBack, seconds, secondsOfTwo, SLIP_ONCOMING, sumsOf, thirds, TURN_COSINE, TURN_SINE, TWICE_COSINE,
  TWICE_SINE, twoRows,
} from './look';
import { keepOffWalls, mayNarrow, narrowLanes } from './walls';

/**
 * Numbers in all four lanes. The loop over neighbours reads them where it needs them: what it kept in registers would only be pushed
 * out again, to less even places.
 */
const QUADS: usize = memory.data<f32>([
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
  // cosine beyond which somebody is headed against one, moving or not
  -0.3, -0.3, -0.3, -0.3,
  // cosine and sine of 20° and of 40°, by which lanes beside the way are turned
  0.9396926, 0.9396926, 0.9396926, 0.9396926,
  0.3420201, 0.3420201, 0.3420201, 0.3420201,
  0.7660444, 0.7660444, 0.7660444, 0.7660444,
  0.6427876, 0.6427876, 0.6427876, 0.6427876,
], 16);
/** Coefficients of 2^−f from the fifth power down to the first; then what the names say. */
const Q_POWERS: usize = 0;
const Q_ONE: usize = 80;
const Q_LOG: usize = 96;
const Q_MOST: usize = 112;
const Q_SHIFT: usize = 128;
const Q_HALF: usize = 144;
const Q_TINY: usize = 160;
const Q_LARGE: usize = 176;
const Q_FACING: usize = 192;
const Q_COSINE: usize = 208;
const Q_SINE: usize = 224;
const Q_COSINE_TWICE: usize = 240;
const Q_SINE_TWICE: usize = 256;
const LANES: usize = memory.data<i32>([
  127 + 0x4b400000, 127 + 0x4b400000, 127 + 0x4b400000, 127 + 0x4b400000,
  0xffff, 0xffff, 0xffff, 0xffff,
  0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff,
], 16);
const I_BIAS: usize = 0;
const I_LOW: usize = 16;
const I_SIZE: usize = 32;

@inline function quad(name: usize): v128 { return v128.load(QUADS + name); }
@inline function lane(name: usize): v128 { return v128.load(LANES + name); }
@inline function sizeOf(v: v128): v128 { return v128.and(v, lane(I_SIZE)); }

/** Cosine between the way taken and the way wished below which everybody ahead counts as a leader. */
const TURNED_ASIDE: f32 = 0.2;
/** What walls leave of the way taken, below which they stop one. */
const STOPPED_BY_WALL: f32 = 0.3;

/**
 * Desired velocity of the persons `from` … `to − 1` in cell order: the freest of five lanes, anticipation steering, then the optimal-velocity law over the
 * neighbours ahead that are nearer to the same goal (all others ahead count too), and the local density. Reads the sorted copies,
 * writes headX, headY, wishX, wishY, packing, and lists contacts for the coming interval as `listContacts` does. `interval` is the
 * time between decisions [s].
 */
export function steerPersons(from: i32, to: i32, interval: f32): void {
  const places = placesScratch(), look = lookScratch(places);
  for (let i = from; i < to; i += 4) {
    // where four are not left, the last stands in more than one lane
    const k1 = min(i + 1, to - 1), k2 = min(i + 2, to - 1), k3 = min(i + 3, to - 1);
    lookAhead(look, i, k1, k2, k3, interval);
    seeNeighbours(i, to - 1, look, places, interval);
    const goes = chooseWay(i, k1, k2, k3, look, interval);
    if (goes) followLeaders(look);
    writeWish(i, k1, k2, k3, look);
  }
}

/*
 * Four neighbours are looked at in three parts. What a part knows it leaves in memory for the next (`L_DISTANCE` … of the look, and
 * the fours kept), so that each has room in the registers.
 */

/**
 * Places, bodies and aims of the four neighbours listed at `at`: contacts added at `end`, density, and the gaps that count for the
 * speed law. Returns the new end of the list.
 */
@inline function meetFour(
  i: i32, at: usize, look: usize, rows: usize, group: usize, keep: usize, end: usize, list: usize, bodies: usize, traits: usize,
  aims: usize, goals: usize, horizonSquared: f32,
): usize {
  const place0 = load<i32>(at), place1 = load<i32>(at, 4), place2 = load<i32>(at, 8), place3 = load<i32>(at, 12);
  const k0 = <usize>place0 << 4, k1 = <usize>place1 << 4, k2 = <usize>place2 << 4, k3 = <usize>place3 << 4;
  const zero4 = f32x4.splat(0);
  const b0 = v128.load(bodies + k0), b1 = v128.load(bodies + k1), b2 = v128.load(bodies + k2), b3 = v128.load(bodies + k3);
  const dx = f32x4.sub(firsts(b0, b1, b2, b3), v128.load32_splat(look, L_X)), dy = f32x4.sub(seconds(b0, b1, b2, b3), v128.load32_splat(look, L_Y));
  const jvx = thirds(b0, b1, b2, b3), jvy = fourths(b0, b1, b2, b3);
  const squared = f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy)), distance = f32x4.sqrt(f32x4.pmax(quad(Q_TINY), squared));
  const dvx = f32x4.sub(jvx, v128.load32_splat(look, L_VX)), dvy = f32x4.sub(jvy, v128.load32_splat(look, L_VY));
  v128.store(keep, dx);
  v128.store(keep, dy, 16);
  v128.store(keep, jvx, 64);
  v128.store(keep, jvy, 80);
  v128.store(group, f32x4.add(f32x4.mul(dvx, dx), f32x4.mul(dvy, dy)), L_CLOSING);
  v128.store(group, distance, L_DISTANCE);
  const nearing = f32x4.mul(f32x4.splat(horizonSquared), f32x4.add(f32x4.mul(dvx, dvx), f32x4.mul(dvy, dvy)));

  const a01 = twoRows(aims, place0, place1), a23 = twoRows(aims, place2, place3);
  v128.store(group, firstsOfTwo(a01, a23), L_FACE_X);
  v128.store(group, secondsOfTwo(a01, a23), L_FACE_Y);
  const t0 = v128.load(traits + k0), t1 = v128.load(traits + k1), t2 = v128.load(traits + k2), t3 = v128.load(traits + k3);
  const jPlace = thirds(t0, t1, t2, t3), otherArea = v128.and(jPlace, lane(I_LOW)), area4 = v128.load32_splat(look, L_AREA);
  const seen = v128.or(
    i32x4.eq(otherArea, area4),
    v128.or(i32x4.eq(otherArea, v128.load32_splat(look, L_NEAR)), i32x4.eq(i32x4.shr_s(jPlace, 16), area4)),
  );
  const inside = v128.and(seen, f32x4.pmax(zero4, f32x4.sub(quad(Q_ONE), squared)));
  v128.store(group, inside, L_INSIDE);
  v128.store(rows, f32x4.add(v128.load(rows, L_DENSITY_4), f32x4.mul(inside, inside)), L_DENSITY_4);
  const goal4 = v128.load32_splat(look, L_GOAL), jGoal = pickShorts(goals, place0, place1, place2, place3), sameGoal = i32x4.eq(jGoal, goal4);
  v128.store(group, v128.andnot(i32x4.ge_s(jGoal, f32x4.splat(0)), sameGoal), L_GOES_ELSEWHERE);
  v128.store(group, sameGoal, L_SAME_GOAL);
  v128.store(group, seen, L_SEES);

  const other = firsts(t0, t1, t2, t3), standing = f32x4.gt(other, zero4), counts = v128.and(seen, standing);
  v128.store(group, standing, L_STANDS);
  // who can be touched before the next decision
  const touch = f32x4.add(v128.load32_splat(look, L_RADIUS), sizeOf(other)), gapNow = f32x4.sub(distance, touch);
  const room = f32x4.sub(gapNow, f32x4.splat(<f32>2 * t.number(t.N_margin)));
  const touches = v128.and(v128.or(f32x4.lt(room, zero4), f32x4.lt(f32x4.mul(room, room), nearing)), counts);
  const next = addContacts(i, end, list, at, i32x4.bitmask(touches));

  v128.store(keep, f32x4.mul(v128.load32_splat(look, L_LANE), touch), 32);
  v128.store(group, gapNow, L_GAP);
  const jPotential = fourths(t0, t1, t2, t3), potential4 = v128.load32_splat(look, L_POTENTIAL);
  const nearer = v128.or(
    f32x4.lt(jPotential, potential4),
    v128.and(f32x4.eq(jPotential, potential4), i32x4.lt_s(v128.load(at), i32x4.splat(i))),
  );
  const behind = v128.andnot(sameGoal, nearer);
  v128.store(group, behind, L_BEHIND);
  // for the speed law: who follows is no leader, nor is who lies, whom one walks over
  v128.store(keep, v128.bitselect(gapNow, quad(Q_LARGE), v128.andnot(counts, v128.and(i32x4.ge_s(goal4, zero4), behind))), 48);
  // in a lane beside the way everybody counts: one does not press into those who follow
  v128.store(keep, v128.bitselect(gapNow, quad(Q_LARGE), counts), 96);
  return next;
}

/** Least gap in a lane turned to a side, `aheadness` along it and `beside` it. */
@inline function narrow(rows: usize, name: usize, limit: v128, ahead: v128, beside: v128, half: v128): void {
  const apart = v128.or(f32x4.le(ahead, f32x4.splat(0)), f32x4.gt(sizeOf(beside), half));
  v128.store(rows + name, f32x4.pmin(v128.load(rows + name), v128.or(limit, apart)));
}

/**
 * Gaps before the four in the five lanes: where the lane ahead slows one, is one of those turned by 20° and 40° freer? Who does not count becomes
 * not-a-number, which a least leaves out.
 */
@inline function narrowByFour(look: usize, rows: usize, keep: usize): void {
  const dx = v128.load(keep), dy = v128.load(keep, 16), wx4 = v128.load32_splat(look, L_WX), wy4 = v128.load32_splat(look, L_WY);
  const along = f32x4.add(f32x4.mul(wx4, dx), f32x4.mul(wy4, dy)), across = f32x4.sub(f32x4.mul(wx4, dy), f32x4.mul(wy4, dx));
  const half = v128.load(keep, 32), gapOfAll = v128.load(keep, 96);
  const apart = v128.or(f32x4.le(along, f32x4.splat(0)), f32x4.ge(gapOfAll, v128.load32_splat(look, L_ENOUGH))), limit = v128.or(gapOfAll, apart);
  const straight = v128.or(v128.or(v128.load(keep, 48), apart), f32x4.gt(sizeOf(across), half));
  v128.store(rows, f32x4.pmin(v128.load(rows, L_STRAIGHT_4), straight), L_STRAIGHT_4);
  const alongCosine = f32x4.mul(along, quad(Q_COSINE)), acrossSine = f32x4.mul(across, quad(Q_SINE));
  const acrossCosine = f32x4.mul(across, quad(Q_COSINE)), alongSine = f32x4.mul(along, quad(Q_SINE));
  narrow(rows, L_LEFT_4, limit, f32x4.add(alongCosine, acrossSine), f32x4.sub(acrossCosine, alongSine), half);
  narrow(rows, L_RIGHT_4, limit, f32x4.sub(alongCosine, acrossSine), f32x4.add(acrossCosine, alongSine), half);
  const alongTwice = f32x4.mul(along, quad(Q_COSINE_TWICE)), acrossTwice = f32x4.mul(across, quad(Q_SINE_TWICE));
  const acrossTurned = f32x4.mul(across, quad(Q_COSINE_TWICE)), alongTurned = f32x4.mul(along, quad(Q_SINE_TWICE));
  narrow(rows, L_LEFT_TWICE_4, limit, f32x4.add(alongTwice, acrossTwice), f32x4.sub(acrossTurned, alongTurned), half);
  narrow(rows, L_RIGHT_TWICE_4, limit, f32x4.sub(alongTwice, acrossTwice), f32x4.add(acrossTurned, alongTurned), half);
}

/** Oncoming people among the four, and how far they turn one to a side (anticipation steering). */
@inline function avoidFour(
  look: usize, rows: usize, group: usize, keep: usize, anticipation: f32, inverseRange: f32, strength: f32, nearSquared: f32,
  passRight: f32,
): void {
  const zero4 = f32x4.splat(0), dx = v128.load(keep), dy = v128.load(keep, 16), jvx = v128.load(keep, 64), jvy = v128.load(keep, 80);
  const wx4 = v128.load32_splat(look, L_WX), wy4 = v128.load32_splat(look, L_WY), hx4 = v128.load32_splat(look, L_HX), hy4 = v128.load32_splat(look, L_HY);
  // ahead of where one wants to go, or of where one heads
  const along = f32x4.add(f32x4.mul(wx4, dx), f32x4.mul(wy4, dy));
  const front = f32x4.ge(f32x4.pmax(along, f32x4.add(f32x4.mul(hx4, dx), f32x4.mul(hy4, dy))), zero4);
  const oncoming = f32x4.lt(f32x4.add(f32x4.mul(jvx, hx4), f32x4.mul(jvy, hy4)), zero4);
  const jhx = v128.load(group, L_FACE_X), jhy = v128.load(group, L_FACE_Y);
  const faces = f32x4.lt(f32x4.add(f32x4.mul(jhx, hx4), f32x4.mul(jhy, hy4)), quad(Q_FACING));
  // who makes for the same exit from another side is not oncoming
  const against = v128.and(v128.andnot(front, v128.load(group, L_SAME_GOAL)), v128.and(faces, v128.load(group, L_INSIDE)));
  v128.store(rows, f32x4.add(v128.load(rows, L_ONCOMING_4), against), L_ONCOMING_4);
  const elsewhere = v128.load(group, L_GOES_ELSEWHERE), beside = v128.and(v128.and(front, elsewhere), v128.load(group, L_INSIDE));
  v128.store(rows, f32x4.add(v128.load(rows, L_ELSEWHERE_4), beside), L_ELSEWHERE_4);
  const gapNow = v128.load(group, L_GAP), distance = v128.load(group, L_DISTANCE);
  // one walks round who lies, but not off a body underfoot, nor when there is no other way
  const ignored = v128.andnot(v128.or(v128.load32_splat(look, L_BLOCKED), f32x4.lt(gapNow, zero4)), v128.load(group, L_STANDS));
  const squared = f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy));
  const mask = v128.andnot(
    v128.and(v128.and(v128.load(group, L_SEES), front), v128.or(oncoming, f32x4.lt(squared, f32x4.splat(nearSquared)))),
    v128.or(v128.and(v128.load32_splat(look, L_INSISTS), v128.load(group, L_BEHIND)), ignored),
  );
  const anticipation4 = f32x4.splat(anticipation), closing = f32x4.div(v128.load(group, L_CLOSING), distance);
  const gap = f32x4.pmax(zero4, f32x4.add(gapNow, f32x4.mul(closing, anticipation4)));
  const aheadX = f32x4.add(dx, f32x4.mul(jvx, anticipation4)), aheadY = f32x4.add(dy, f32x4.mul(jvy, anticipation4));
  const cross = f32x4.sub(f32x4.mul(wx4, aheadY), f32x4.mul(wy4, aheadX));
  const facing = f32x4.add(f32x4.mul(wx4, jhx), f32x4.mul(wy4, jhy));
  const factor = f32x4.add(quad(Q_ONE), f32x4.mul(quad(Q_HALF), f32x4.sub(quad(Q_ONE), facing)));
  // e^−x for x ≥ 0 as 2^−n · 2^−f, x · log2 e = n + f, n the nearest whole number (adding 1.5 · 2^23 rounds, and leaves it in the
  // low bits): degree-5 Taylor polynomial in pairs of powers, relative error < 3.6e-6 up to x = 10, 6e-6 up to 80; 0 beyond x = 83
  const scaled = f32x4.pmin(quad(Q_MOST), f32x4.mul(f32x4.mul(gap, f32x4.splat(inverseRange)), quad(Q_LOG)));
  const shifted = f32x4.add(scaled, quad(Q_SHIFT));
  const f = f32x4.sub(scaled, f32x4.sub(shifted, quad(Q_SHIFT))), f2 = f32x4.mul(f, f);
  const high = f32x4.add(f32x4.mul(quad(Q_POWERS), f), quad(Q_POWERS + 16));
  const middle = f32x4.add(f32x4.mul(quad(Q_POWERS + 32), f), quad(Q_POWERS + 48));
  const low = f32x4.add(f32x4.mul(quad(Q_POWERS + 64), f), quad(Q_ONE));
  const p = f32x4.add(low, f32x4.mul(f2, f32x4.add(middle, f32x4.mul(f2, high))));
  const decay = f32x4.mul(p, i32x4.shl(i32x4.sub(lane(I_BIAS), shifted), 23));
  const size = f32x4.mul(f32x4.mul(f32x4.splat(strength), factor), decay);
  // who comes towards one is passed on their left, unless they come well to the right
  const right = v128.and(v128.and(faces, elsewhere), f32x4.splat(-passRight));
  const turn = v128.and(mask, v128.bitselect(size, f32x4.neg(size), f32x4.ge(cross, right)));
  v128.store(rows, f32x4.add(v128.load(rows, L_SIDE_4), turn), L_SIDE_4);
}

/** What each of four persons sees around: contacts, density, oncoming people, sideways steering, and the gaps in five lanes. */
function seeNeighbours(from: i32, last: i32, group: usize, places: usize, interval: f32): void {
  const bodies = t.pointer(t.P_bodiesFrom), traits = t.pointer(t.P_traits), aims = t.pointer(t.P_aims), goals = t.pointer(t.P_goals);
  const empty = t.integer(t.N_empty), anticipation = t.number(t.N_anticipation), inverseRange: f32 = <f32>1 / t.number(t.N_steerRange);
  const strength = t.number(t.N_steerStrength), nearSquared: f32 = t.number(t.N_cutNear) * t.number(t.N_cutNear);
  const passRight = t.number(t.N_passRight);
  let keep = foursScratch(places);
  for (let person = 0; person < 4; person++) {
    const i = min(from + person, last), look = group + (<usize>person << 2), rows = group + (<usize>person << 4);
    const fours = findNeighbours(i, look, places, empty);
    store<i32>(look, fours, L_FOURS);
    store<u32>(look, <u32>keep, L_KEPT);
    const enough4 = v128.load32_splat(look, L_ENOUGH);
    v128.store(rows, f32x4.splat(0), L_SIDE_4);
    v128.store(rows, f32x4.splat(0), L_DENSITY_4);
    v128.store(rows, f32x4.splat(0), L_ONCOMING_4);
    v128.store(rows, f32x4.splat(0), L_ELSEWHERE_4);
    v128.store(rows, enough4, L_STRAIGHT_4);
    v128.store(rows, enough4, L_LEFT_4);
    v128.store(rows, enough4, L_RIGHT_4);
    v128.store(rows, enough4, L_LEFT_TWICE_4);
    v128.store(rows, enough4, L_RIGHT_TWICE_4);
    const list = contactsOf(i);
    let end = list;
    for (let at = places; at < places + (<usize>fours << 4); at += 16) {
      end = meetFour(i, at, look, rows, group, keep, end, list, bodies, traits, aims, goals, interval * interval);
      narrowByFour(look, rows, keep);
      avoidFour(look, rows, group, keep, anticipation, inverseRange, strength, nearSquared, passRight);
      keep += FOUR_BYTES;
    }
    closeContacts(i, load<f32>(traits + (<usize>i << 4)) > 0 ? <i32>((end - list) >> 1) : 0, look, interval);
  }
}

/** Speed of progress in a direction with this cosine to the way, with this gap before one. */
@inline function progress(cosine: f32, gap: v128, inverseGap: v128, speedMax: v128): v128 {
  return f32x4.mul(f32x4.splat(cosine), f32x4.pmin(speedMax, f32x4.mul(f32x4.pmax(f32x4.splat(0), gap), inverseGap)));
}

/**
 * The freest of five lanes, turned by those ahead and by walls: writes headX, headY, oncoming and packing, and leaves the way along
 * walls in the look. Whether any of the four goes anywhere: if not, nothing but oncoming and packing is written.
 */
function chooseWay(k0: i32, k1: i32, k2: i32, k3: i32, look: usize, interval: f32): bool {
  const order = t.pointer(t.P_order);
  const i0 = t.integerAt(order, k0), i1 = t.integerAt(order, k1), i2 = t.integerAt(order, k2), i3 = t.integerAt(order, k3);
  const zero4 = f32x4.splat(0), one4 = f32x4.splat(1), tiny4 = f32x4.splat(1e-12), least4 = f32x4.splat(1e-3);
  putBack(t.pointer(t.P_oncoming), i0, i1, i2, i3, sumsOf(look + L_ONCOMING_4));
  // 3/π · Σ (1 − d²)², the person itself included
  const density = f32x4.mul(f32x4.splat(0.9549296585513720), f32x4.add(one4, sumsOf(look + L_DENSITY_4)));
  putBack(t.pointer(t.P_packing), i0, i1, i2, i3, density);
  const speedMax = v128.load(look, L_SPEED_MAX), goes = f32x4.gt(speedMax, zero4);
  if (!v128.any_true(goes)) return false;

  const wx = v128.load(look, L_WX), wy = v128.load(look, L_WY), hx = v128.load(look, L_HX), hy = v128.load(look, L_HY);
  const enough = v128.load(look, L_ENOUGH), straight = leastsOf(look + L_STRAIGHT_4);
  let chosenX = wx, chosenY = wy;
  const slowed = v128.and(goes, f32x4.lt(straight, enough));
  if (v128.any_true(slowed)) {
    v128.store(look, leastsOf(look + L_LEFT_4), L_LEFT);
    v128.store(look, leastsOf(look + L_RIGHT_4), L_RIGHT);
    v128.store(look, leastsOf(look + L_LEFT_TWICE_4), L_LEFT_TWICE);
    v128.store(look, leastsOf(look + L_RIGHT_TWICE_4), L_RIGHT_TWICE);
    const inverseGap = f32x4.div(one4, v128.load(look, L_TIME_GAP));
    let best = f32x4.add(progress(1, straight, inverseGap, speedMax), f32x4.mul(f32x4.splat(t.number(t.N_passMargin)), speedMax));
    // walls only take from a lane beside the way: they do not matter where none is better without them
    const once4 = progress(TURN_COSINE, f32x4.pmax(v128.load(look, L_LEFT), v128.load(look, L_RIGHT)), inverseGap, speedMax);
    const twice4 = progress(TWICE_COSINE, f32x4.pmax(v128.load(look, L_LEFT_TWICE), v128.load(look, L_RIGHT_TWICE)), inverseGap, speedMax);
    const mayTurn = v128.and(slowed, f32x4.gt(f32x4.pmax(once4, twice4), best));
    for (let bits = i32x4.bitmask(v128.and(mayTurn, mayNarrow(look))); bits != 0; bits &= bits - 1) narrowLanes(look + (<usize>ctz(bits) << 2), look + L_WALLS);
    const cosine = f32x4.splat(TURN_COSINE), sine = f32x4.splat(TURN_SINE), cosineTwice = f32x4.splat(TWICE_COSINE), sineTwice = f32x4.splat(TWICE_SINE);
    // left and right alike: the side to which one leans already, or one's own
    const leaning = f32x4.sub(f32x4.mul(hy, wx), f32x4.mul(hx, wy));
    const ids = i32x4.replace_lane(i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(i0), 1, i1), 2, i2), 3, i3);
    const isEven = i32x4.eq(v128.and(ids, i32x4.splat(1)), i32x4.splat(0));
    const leansLeft = v128.or(f32x4.gt(leaning, zero4), v128.and(f32x4.eq(leaning, zero4), isEven));
    const byLeft = progress(TURN_COSINE, v128.load(look, L_LEFT), inverseGap, speedMax);
    const byRight = progress(TURN_COSINE, v128.load(look, L_RIGHT), inverseGap, speedMax);
    const isLeft = v128.or(f32x4.gt(byLeft, byRight), v128.and(f32x4.eq(byLeft, byRight), leansLeft));
    const once = v128.bitselect(byLeft, byRight, isLeft);
    // to the right is to the left with the sine negative
    const turn = v128.bitselect(sine, f32x4.neg(sine), isLeft);
    const better = v128.and(slowed, f32x4.gt(once, best));
    best = v128.bitselect(once, best, better);
    chosenX = v128.bitselect(f32x4.sub(f32x4.mul(cosine, wx), f32x4.mul(turn, wy)), chosenX, better);
    chosenY = v128.bitselect(f32x4.add(f32x4.mul(cosine, wy), f32x4.mul(turn, wx)), chosenY, better);
    const byLeftTwice = progress(TWICE_COSINE, v128.load(look, L_LEFT_TWICE), inverseGap, speedMax);
    const byRightTwice = progress(TWICE_COSINE, v128.load(look, L_RIGHT_TWICE), inverseGap, speedMax);
    const isLeftTwice = v128.or(f32x4.gt(byLeftTwice, byRightTwice), v128.and(f32x4.eq(byLeftTwice, byRightTwice), leansLeft));
    const turnTwice = v128.bitselect(sineTwice, f32x4.neg(sineTwice), isLeftTwice);
    const betterTwice = v128.and(slowed, f32x4.gt(v128.bitselect(byLeftTwice, byRightTwice, isLeftTwice), best));
    chosenX = v128.bitselect(f32x4.sub(f32x4.mul(cosineTwice, wx), f32x4.mul(turnTwice, wy)), chosenX, betterTwice);
    chosenY = v128.bitselect(f32x4.add(f32x4.mul(cosineTwice, wy), f32x4.mul(turnTwice, wx)), chosenY, betterTwice);
  }

  const side = sumsOf(look + L_SIDE_4);
  let ex = f32x4.add(chosenX, f32x4.mul(side, chosenY)), ey = f32x4.sub(chosenY, f32x4.mul(side, chosenX));
  let size = f32x4.sqrt(f32x4.pmax(tiny4, f32x4.add(f32x4.mul(ex, ex), f32x4.mul(ey, ey))));
  const turnShare = f32x4.splat(interval / t.number(t.N_turnShare));
  ex = f32x4.add(hx, f32x4.mul(f32x4.sub(f32x4.div(ex, size), hx), turnShare));
  ey = f32x4.add(hy, f32x4.mul(f32x4.sub(f32x4.div(ey, size), hy), turnShare));
  size = f32x4.sqrt(f32x4.add(f32x4.mul(ex, ex), f32x4.mul(ey, ey)));
  const turnsBack = f32x4.lt(size, least4);
  ex = v128.bitselect(wx, f32x4.div(ex, size), turnsBack);
  ey = v128.bitselect(wy, f32x4.div(ey, size), turnsBack);
  v128.store(look, ex, L_WAY_X);
  v128.store(look, ey, L_WAY_Y);
  v128.store(look, f32x4.splat(1e9), L_LEAF_GAP);
  for (let person: usize = 0; person < 16; person += 4) keepOffWalls(look + person, look + L_WALLS);

  // the lane lies along the way that is taken: a wall that turns the way turns the lane too
  const wayX = v128.load(look, L_WAY_X), wayY = v128.load(look, L_WAY_Y);
  size = f32x4.sqrt(f32x4.add(f32x4.mul(wayX, wayX), f32x4.mul(wayY, wayY)));
  const stopped = f32x4.lt(size, least4);
  // who has been blocked for a second before people bound elsewhere, and whom a wall stops, turns off it
  const meets = f32x4.gt(sumsOf(look + L_ELSEWHERE_4), f32x4.splat(SLIP_ONCOMING));
  const turnsOff = v128.and(v128.and(v128.load(look, L_INSISTS), meets), f32x4.lt(size, f32x4.splat(STOPPED_BY_WALL)));
  let offX = f32x4.sub(f32x4.add(wayX, wayX), ex), offY = f32x4.sub(f32x4.add(wayY, wayY), ey);
  const offSize = f32x4.sqrt(f32x4.pmax(tiny4, f32x4.add(f32x4.mul(offX, offX), f32x4.mul(offY, offY))));
  offX = v128.bitselect(f32x4.div(offX, offSize), ex, turnsOff);
  offY = v128.bitselect(f32x4.div(offY, offSize), ey, turnsOff);
  // who stands by keeps their heading
  putBack(t.pointer(t.P_headX), i0, i1, i2, i3, v128.bitselect(offX, hx, goes));
  putBack(t.pointer(t.P_headY), i0, i1, i2, i3, v128.bitselect(offY, hy, goes));
  const alongX = v128.bitselect(ex, f32x4.div(wayX, size), stopped), alongY = v128.bitselect(ey, f32x4.div(wayY, size), stopped);
  v128.store(look, alongX, L_ALONG_X);
  v128.store(look, alongY, L_ALONG_Y);
  // who has to turn far aside does not press into those who follow either
  const aside = f32x4.lt(f32x4.add(f32x4.mul(alongX, wx), f32x4.mul(alongY, wy)), f32x4.splat(TURNED_ASIDE));
  v128.store(look, v128.bitselect(i32x4.splat(96), i32x4.splat(48), aside), L_GAP_AT);
  return true;
}

/** Bounds of the speed of four persons by those in the lane ahead, four lanes of neighbours each. */
function followLeaders(group: usize): void {
  const zero4 = f32x4.splat(0), large4 = quad(Q_LARGE), one4 = quad(Q_ONE);
  const followTime4 = f32x4.splat(t.number(t.N_followTime));
  for (let person = 0; person < 4; person++) {
    const look = group + (<usize>person << 2);
    const ex4 = v128.load32_splat(look, L_ALONG_X), ey4 = v128.load32_splat(look, L_ALONG_Y), T4 = v128.load32_splat(look, L_TIME_GAP);
    const inverseGap4 = f32x4.div(one4, T4), inverseFollow4 = f32x4.div(one4, f32x4.add(T4, followTime4));
    const gapAt = <usize>load<i32>(look, L_GAP_AT);
    let keep = <usize>load<u32>(look, L_KEPT), least4 = large4;
    const end = keep + <usize>load<i32>(look, L_FOURS) * FOUR_BYTES;
    for (; keep < end; keep += FOUR_BYTES) {
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
    v128.store(group + (<usize>person << 4), least4, L_LEAST_4);
  }
}

/** The desired velocity. */
@inline function writeWish(k0: i32, k1: i32, k2: i32, k3: i32, look: usize): void {
  const order = t.pointer(t.P_order);
  const i0 = t.integerAt(order, k0), i1 = t.integerAt(order, k1), i2 = t.integerAt(order, k2), i3 = t.integerAt(order, k3);
  const zero4 = f32x4.splat(0), speedMax = v128.load(look, L_SPEED_MAX), inverseGap = f32x4.div(f32x4.splat(1), v128.load(look, L_TIME_GAP));
  const bound = f32x4.pmin(f32x4.mul(v128.load(look, L_LEAF_GAP), inverseGap), leastsOf(look + L_LEAST_4));
  // who stands by wishes to stand
  const wish = v128.and(f32x4.gt(speedMax, zero4), f32x4.pmin(speedMax, f32x4.pmax(zero4, bound)));
  const goes = f32x4.gt(speedMax, zero4);
  putBack(t.pointer(t.P_wishX), i0, i1, i2, i3, v128.and(goes, f32x4.mul(v128.load(look, L_WAY_X), wish)));
  putBack(t.pointer(t.P_wishY), i0, i1, i2, i3, v128.and(goes, f32x4.mul(v128.load(look, L_WAY_Y), wish)));
}
