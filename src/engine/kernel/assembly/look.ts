import * as t from './table';
import { BLOCK_COLUMN, BLOCK_ROW } from './table';

/*
 * Four persons side by side: what is the same sum for each of them is worked out for four at a time, and what each finds among their
 * neighbours lies in rows of four lanes (16 bytes), one lane a person.
 */

export const L_X: usize = 0;
export const L_Y: usize = 16;
export const L_WX: usize = 32;
export const L_WY: usize = 48;
export const L_HX: usize = 64;
export const L_HY: usize = 80;
/** Squares of the distances within which others count: all around; ahead; and ahead, if they come towards one. */
export const L_AROUND: usize = 96;
export const L_FRONT: usize = 112;
export const L_FAR: usize = 128;
/** Cells of the plan grid within reach. */
export const L_COLUMN_FROM: usize = 144;
export const L_COLUMN_TO: usize = 160;
export const L_ROW_FROM: usize = 176;
export const L_ROW_TO: usize = 192;
/** Bound of the speed, time gap, and the gap that leaves one unhindered. */
export const L_SPEED_MAX: usize = 208;
export const L_TIME_GAP: usize = 224;
export const L_ENOUGH: usize = 240;
/** Walls of the cell: address of their run, and a bit for each four of it among which one turns the way. */
export const L_WALL_RUN: usize = 272;
export const L_WALL_MEETS: usize = 288;
/** Lower bound of the distance of the nearest wall of the cell; of who has none there it is far. */
export const L_WALL_NEAREST: usize = 304;
/** Gaps in the lanes 20° and 40° to the left and to the right. */
export const L_LEFT: usize = 320;
export const L_RIGHT: usize = 336;
export const L_LEFT_TWICE: usize = 352;
export const L_RIGHT_TWICE: usize = 368;
/** Way taken, along walls; its direction; gap to a leaf ahead; where the gaps that count lie in a four, and its fours. */
export const L_WAY_X: usize = 384;
export const L_WAY_Y: usize = 400;
export const L_ALONG_X: usize = 416;
export const L_ALONG_Y: usize = 432;
export const L_LEAF_GAP: usize = 448;
export const L_GAP_AT: usize = 464;
export const L_FOURS: usize = 480;
/** Where the fours kept of each begin. */
export const L_KEPT: usize = 496;
/** Velocity, body radius, and within what distance from the other's body a contact is listed (below 0: lying). */
export const L_VX: usize = 512;
export const L_VY: usize = 528;
export const L_RADIUS: usize = 544;
/** Exit made for, area and the area beside it that is in sight, distance to the exit. */
export const L_GOAL: usize = 576;
export const L_AREA: usize = 592;
export const L_NEAR: usize = 608;
export const L_POTENTIAL: usize = 624;
/** Masks: blocked for a second; and on a way to an exit, so that one no longer gives way. Half width of a lane as a share of both radii. */
export const L_BLOCKED: usize = 640;
export const L_INSISTS: usize = 656;
export const L_LANE: usize = 672;
/** Four rows a sum or least: the four lanes of each person's neighbours, not yet put together. */
export const L_SIDE_4: usize = 688;
export const L_DENSITY_4: usize = 752;
export const L_ONCOMING_4: usize = 816;
export const L_STRAIGHT_4: usize = 880;
export const L_LEFT_4: usize = 944;
export const L_RIGHT_4: usize = 1008;
export const L_LEFT_TWICE_4: usize = 1072;
export const L_RIGHT_TWICE_4: usize = 1136;
export const L_LEAST_4: usize = 1200;
/** What is known of the four neighbours at hand. */
export const L_DISTANCE: usize = 1264;
export const L_GAP: usize = 1280;
export const L_SEES: usize = 1296;
export const L_STANDS: usize = 1312;
export const L_SAME_GOAL: usize = 1328;
export const L_BEHIND: usize = 1344;
export const L_INSIDE: usize = 1360;
export const L_CLOSING: usize = 1376;
export const L_FACE_X: usize = 1392;
export const L_FACE_Y: usize = 1408;
/** Whether they go somewhere else than one does. */
export const L_GOES_ELSEWHERE: usize = 1424;
/** What is known of four walls at hand; see walls.ts. */
export const L_WALLS: usize = 1440;
/** Four rows, as above: those ahead who go elsewhere, by nearness. */
export const L_ELSEWHERE_4: usize = 1520;
export const LOOK_BYTES: usize = 1584;

/** Cosine and sine of 20°, by which lanes beside the way are turned, once and twice. */
export const TURN_COSINE: f32 = 0.9396926;
export const TURN_SINE: f32 = 0.3420201;
export const TWICE_COSINE: f32 = 0.7660444;
export const TWICE_SINE: f32 = 0.6427876;

/** Oncoming people, weighted by nearness, from which on somebody blocked slips through, and the share of the lane's width that takes. */
export const SLIP_ONCOMING: f32 = 0.2;
const SLIP_SHARE: f32 = 0.6;

/** Entries of a column for four persons by id. */
@inline export function pick(column: usize, id0: i32, id1: i32, id2: i32, id3: i32): v128 {
  let v = v128.load32_zero(column + (<usize>id0 << 2));
  v = v128.load_lane<f32>(column + (<usize>id1 << 2), v, 1);
  v = v128.load_lane<f32>(column + (<usize>id2 << 2), v, 2);
  return v128.load_lane<f32>(column + (<usize>id3 << 2), v, 3);
}

/** Writes entries of a column for four persons by id; of one who stands in several lanes the first counts. */
@inline export function putBack(column: usize, id0: i32, id1: i32, id2: i32, id3: i32, value: v128): void {
  v128.store_lane<f32>(column + (<usize>id3 << 2), value, 3);
  v128.store_lane<f32>(column + (<usize>id2 << 2), value, 2);
  v128.store_lane<f32>(column + (<usize>id1 << 2), value, 1);
  v128.store_lane<f32>(column + (<usize>id0 << 2), value, 0);
}

/** First, second, third or fourth numbers of four rows. */
@inline export function firsts(a: v128, b: v128, c: v128, d: v128): v128 {
  return v128.shuffle<f32>(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 0, 4, 1, 5), 0, 1, 4, 5);
}
@inline export function seconds(a: v128, b: v128, c: v128, d: v128): v128 {
  return v128.shuffle<f32>(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 0, 4, 1, 5), 2, 3, 6, 7);
}
@inline export function thirds(a: v128, b: v128, c: v128, d: v128): v128 {
  return v128.shuffle<f32>(v128.shuffle<f32>(a, b, 2, 6, 3, 7), v128.shuffle<f32>(c, d, 2, 6, 3, 7), 0, 1, 4, 5);
}
@inline export function fourths(a: v128, b: v128, c: v128, d: v128): v128 {
  return v128.shuffle<f32>(v128.shuffle<f32>(a, b, 2, 6, 3, 7), v128.shuffle<f32>(c, d, 2, 6, 3, 7), 2, 3, 6, 7);
}

/** Two rows of two numbers side by side; and the first or second numbers of four of them, given as two and two. */
@inline export function twoRows(rows: usize, k0: i32, k1: i32): v128 {
  return v128.load64_lane(rows + (<usize>k1 << 3), v128.load64_zero(rows + (<usize>k0 << 3)), 1);
}
@inline export function firstsOfTwo(ab: v128, cd: v128): v128 { return v128.shuffle<f32>(ab, cd, 0, 2, 4, 6); }
@inline export function secondsOfTwo(ab: v128, cd: v128): v128 { return v128.shuffle<f32>(ab, cd, 1, 3, 5, 7); }

/** Entries of a column of 16-bit numbers. */
@inline export function pickShorts(column: usize, k0: i32, k1: i32, k2: i32, k3: i32): v128 {
  let v = v128.load16_lane(column + (<usize>k0 << 1), i32x4.splat(0), 0);
  v = v128.load16_lane(column + (<usize>k1 << 1), v, 1);
  v = v128.load16_lane(column + (<usize>k2 << 1), v, 2);
  return i32x4.extend_low_i16x8_s(v128.load16_lane(column + (<usize>k3 << 1), v, 3));
}

/** Writes entries of such a column for four persons by id, as `putBack` does. */
@inline export function putShorts(column: usize, id0: i32, id1: i32, id2: i32, id3: i32, value: v128): void {
  const shorts = i16x8.narrow_i32x4_s(value, value);
  v128.store16_lane(column + (<usize>id3 << 1), shorts, 3);
  v128.store16_lane(column + (<usize>id2 << 1), shorts, 2);
  v128.store16_lane(column + (<usize>id1 << 1), shorts, 1);
  v128.store16_lane(column + (<usize>id0 << 1), shorts, 0);
}

/** Sum and least of the four lanes of each of four rows, in the one order that the twin uses too. */
@inline export function sumsOf(at: usize): v128 {
  const a = v128.load(at), b = v128.load(at, 16), c = v128.load(at, 32), d = v128.load(at, 48);
  return f32x4.add(f32x4.add(firsts(a, b, c, d), seconds(a, b, c, d)), f32x4.add(thirds(a, b, c, d), fourths(a, b, c, d)));
}
@inline export function leastsOf(at: usize): v128 {
  const a = v128.load(at), b = v128.load(at, 16), c = v128.load(at, 32), d = v128.load(at, 48);
  return f32x4.pmin(f32x4.pmin(firsts(a, b, c, d), seconds(a, b, c, d)), f32x4.pmin(thirds(a, b, c, d), fourths(a, b, c, d)));
}

/** Sixteenths of the circle in which four vectors point, 0 … 15 from the x axis on. Without a branch. */
@inline export function sectorsOf(x4: v128, y4: v128): v128 {
  const zero4 = f32x4.splat(0), one4 = i32x4.splat(1);
  const right = f32x4.ge(x4, zero4), up = f32x4.ge(y4, zero4);
  const quarter = v128.bitselect(v128.andnot(one4, right), i32x4.sub(i32x4.splat(2), right), up);
  const isEven = i32x4.eq(right, up);
  const ax = f32x4.abs(x4), ay = f32x4.abs(y4);
  const u = v128.bitselect(ax, ay, isEven), w = v128.bitselect(ay, ax, isEven);
  const part = i32x4.add(
    i32x4.add(f32x4.gt(w, f32x4.mul(f32x4.splat(0.41421356237309503), u)), f32x4.gt(w, u)),
    f32x4.gt(w, f32x4.mul(f32x4.splat(2.4142135623730951), u)),
  );
  return i32x4.sub(i32x4.shl(quarter, 2), part);
}

/**
 * Whether anybody near moves against a heading, by the flow of the blocks around. Never wrong when it says no: sixteenths of the
 * circle three or fewer apart hold no two directions more than a right angle apart.
 */
@inline function facesAny(flow: i32, sector: i32): i32 {
  const turned = 0x1ff0 << sector;
  return select<i32>(-1, 0, (flow & (turned | (turned >> 16)) & 0xffff) != 0);
}

/** Farthest that somebody not nearer than this can come to touch each of four persons within `horizon` seconds [m]. */
@inline export function contactReach4(radius4: v128, speed4: v128, horizon: f32): v128 {
  const others: f32 = t.number(t.N_radiusMax) + <f32>2 * t.number(t.N_margin) + horizon * t.number(t.N_speedMax);
  return f32x4.add(f32x4.add(radius4, f32x4.mul(f32x4.splat(horizon), speed4)), f32x4.splat(others));
}

/** Writes the cells of the plan grid within these distances of four places. */
@inline export function writeCells(look: usize, x4: v128, y4: v128, west4: v128, east4: v128, south4: v128, north4: v128): void {
  const x0 = f32x4.splat(t.number(t.N_gridX0)), y0 = f32x4.splat(t.number(t.N_gridY0));
  const inverse = f32x4.splat(t.number(t.N_gridInverseCell)), inverseRow = f32x4.splat(t.number(t.N_gridInverseRow));
  const columns = i32x4.splat(t.integer(t.N_gridColumns) - 1), rows = i32x4.splat(t.integer(t.N_gridRows) - 1), zero4 = i32x4.splat(0);
  const west = f32x4.mul(f32x4.sub(f32x4.sub(x4, west4), x0), inverse), east = f32x4.mul(f32x4.sub(f32x4.add(x4, east4), x0), inverse);
  const south = f32x4.mul(f32x4.sub(f32x4.sub(y4, south4), y0), inverseRow), north = f32x4.mul(f32x4.sub(f32x4.add(y4, north4), y0), inverseRow);
  v128.store(look, i32x4.max_s(i32x4.trunc_sat_f32x4_s(west), zero4), L_COLUMN_FROM);
  v128.store(look, i32x4.min_s(i32x4.trunc_sat_f32x4_s(east), columns), L_COLUMN_TO);
  v128.store(look, i32x4.max_s(i32x4.trunc_sat_f32x4_s(south), zero4), L_ROW_FROM);
  v128.store(look, i32x4.min_s(i32x4.trunc_sat_f32x4_s(north), rows), L_ROW_TO);
}

/** Reach, along an axis, of the edges of half discs ahead of two directions of which these are the parts; a little more, for rounding. */
@inline function edgeOf(a4: v128, b4: v128): v128 {
  const least = f32x4.pmin(f32x4.mul(a4, a4), f32x4.mul(b4, b4));
  return f32x4.sqrt(f32x4.pmax(f32x4.splat(0), f32x4.sub(f32x4.splat(1.001), least)));
}

/**
 * How far a half disc ahead of one of two directions reaches towards one side of an axis, with the disc `around4` about one: as far as
 * `reach4` where a direction has a part `a4` or `b4` to that side, else as far as the ends of its edge, which reach by `edge4`.
 */
@inline function extentTo(a4: v128, b4: v128, reach4: v128, edge4: v128, around4: v128): v128 {
  return v128.bitselect(reach4, f32x4.pmax(around4, edge4), f32x4.ge(f32x4.pmax(a4, b4), f32x4.splat(0)));
}

/**
 * Where, whither and how far the persons at four places k … in cell order look: who stands by sees who is at their side; who walks, as
 * far as somebody ahead can slow them; far, where it is not crowded, if anybody comes towards them.
 */
export function lookAhead(look: usize, k0: i32, k1: i32, k2: i32, k3: i32, interval: f32): void {
  const order = t.pointer(t.P_order), bodies = t.pointer(t.P_bodiesFrom), traits = t.pointer(t.P_traits), aims = t.pointer(t.P_aims);
  const i0 = t.integerAt(order, k0), i1 = t.integerAt(order, k1), i2 = t.integerAt(order, k2), i3 = t.integerAt(order, k3);
  const r0 = <usize>k0 << 4, r1 = <usize>k1 << 4, r2 = <usize>k2 << 4, r3 = <usize>k3 << 4;
  const b0 = v128.load(bodies + r0), b1 = v128.load(bodies + r1), b2 = v128.load(bodies + r2), b3 = v128.load(bodies + r3);
  const x4 = firsts(b0, b1, b2, b3), y4 = seconds(b0, b1, b2, b3), vx4 = thirds(b0, b1, b2, b3), vy4 = fourths(b0, b1, b2, b3);
  const t0 = v128.load(traits + r0), t1 = v128.load(traits + r1), t2 = v128.load(traits + r2), t3 = v128.load(traits + r3);
  const radius4 = f32x4.abs(firsts(t0, t1, t2, t3));
  const a01 = twoRows(aims, k0, k1), a23 = twoRows(aims, k2, k3);
  const hx4 = firstsOfTwo(a01, a23), hy4 = secondsOfTwo(a01, a23);
  const speedMax4 = pick(t.pointer(t.P_wishSpeed), i0, i1, i2, i3), gap4 = pick(t.pointer(t.P_timeGap), i0, i1, i2, i3);
  const packing4 = pick(t.pointer(t.P_packing), i0, i1, i2, i3);
  const speed4 = f32x4.sqrt(f32x4.add(f32x4.mul(vx4, vx4), f32x4.mul(vy4, vy4)));
  const one4 = f32x4.splat(1), far4 = f32x4.splat(t.number(t.N_cutFar));

  const enough4 = f32x4.mul(speedMax4, gap4);
  const slows = f32x4.add(f32x4.add(enough4, radius4), f32x4.splat(t.number(t.N_radiusMax)));
  let reach4 = f32x4.pmax(f32x4.splat(t.number(t.N_cutNear)), f32x4.pmin(far4, slows));
  const column = i32x4.trunc_sat_f32x4_s(f32x4.mul(f32x4.sub(x4, f32x4.splat(t.number(t.N_gridX0))), f32x4.splat(t.number(t.N_gridInverseCell))));
  const row = i32x4.trunc_sat_f32x4_s(f32x4.mul(f32x4.sub(y4, f32x4.splat(t.number(t.N_gridY0))), f32x4.splat(t.number(t.N_gridInverseRow))));
  const block = i32x4.add(
    i32x4.mul(i32x4.add(i32x4.shr_s(row, BLOCK_ROW), i32x4.splat(1)), i32x4.splat(t.integer(t.N_gridBlocks))),
    i32x4.add(i32x4.shr_s(column, BLOCK_COLUMN), i32x4.splat(1)),
  );
  const flow = t.pointer(t.P_flow), sector = sectorsOf(hx4, hy4);
  let faces = i32x4.splat(facesAny(t.integerAt(flow, i32x4.extract_lane(block, 0)), i32x4.extract_lane(sector, 0)));
  faces = i32x4.replace_lane(faces, 1, facesAny(t.integerAt(flow, i32x4.extract_lane(block, 1)), i32x4.extract_lane(sector, 1)));
  faces = i32x4.replace_lane(faces, 2, facesAny(t.integerAt(flow, i32x4.extract_lane(block, 2)), i32x4.extract_lane(sector, 2)));
  faces = i32x4.replace_lane(faces, 3, facesAny(t.integerAt(flow, i32x4.extract_lane(block, 3)), i32x4.extract_lane(sector, 3)));
  const looksFar = v128.and(v128.and(faces, f32x4.lt(packing4, f32x4.splat(2))), f32x4.gt(speedMax4, f32x4.splat(0)));
  reach4 = v128.bitselect(reach4, one4, f32x4.gt(speedMax4, f32x4.splat(0)));
  // behind, only who is at their side or can be touched
  const around4 = f32x4.pmax(one4, contactReach4(radius4, speed4, interval));
  const front4 = f32x4.pmax(reach4, around4), farthest4 = v128.bitselect(f32x4.pmax(far4, front4), front4, looksFar);
  const wx4 = pick(t.pointer(t.P_wantX), i0, i1, i2, i3), wy4 = pick(t.pointer(t.P_wantY), i0, i1, i2, i3);
  const edgeX = f32x4.mul(farthest4, edgeOf(wx4, hx4)), edgeY = f32x4.mul(farthest4, edgeOf(wy4, hy4));
  writeCells(
    look, x4, y4,
    extentTo(f32x4.neg(wx4), f32x4.neg(hx4), farthest4, edgeX, around4), extentTo(wx4, hx4, farthest4, edgeX, around4),
    extentTo(f32x4.neg(wy4), f32x4.neg(hy4), farthest4, edgeY, around4), extentTo(wy4, hy4, farthest4, edgeY, around4),
  );

  const zero4 = f32x4.splat(0), goal4 = pickShorts(t.pointer(t.P_goals), k0, k1, k2, k3), place4 = thirds(t0, t1, t2, t3);
  const blocked = f32x4.gt(pick(t.pointer(t.P_blockedTime), i0, i1, i2, i3), one4);
  // who has been blocked for a second by people coming towards them slips through sideways
  const oncoming4 = pick(t.pointer(t.P_oncoming), i0, i1, i2, i3), lane4 = f32x4.splat(t.number(t.N_laneShare));
  const slips = v128.and(blocked, f32x4.gt(oncoming4, f32x4.splat(SLIP_ONCOMING)));
  v128.store(look, x4, L_X);
  v128.store(look, y4, L_Y);
  t.writeWallRuns(look + L_WALL_RUN, i0, i1, i2, i3, look + L_X, look + L_Y);
  v128.store(look, vx4, L_VX);
  v128.store(look, vy4, L_VY);
  v128.store(look, wx4, L_WX);
  v128.store(look, wy4, L_WY);
  v128.store(look, hx4, L_HX);
  v128.store(look, hy4, L_HY);
  v128.store(look, f32x4.mul(around4, around4), L_AROUND);
  v128.store(look, f32x4.mul(front4, front4), L_FRONT);
  v128.store(look, f32x4.mul(farthest4, farthest4), L_FAR);
  v128.store(look, speedMax4, L_SPEED_MAX);
  v128.store(look, gap4, L_TIME_GAP);
  v128.store(look, enough4, L_ENOUGH);
  v128.store(look, radius4, L_RADIUS);
  v128.store(look, goal4, L_GOAL);
  v128.store(look, v128.and(place4, i32x4.splat(0xffff)), L_AREA);
  v128.store(look, i32x4.shr_s(place4, 16), L_NEAR);
  v128.store(look, fourths(t0, t1, t2, t3), L_POTENTIAL);
  // who treads on bodies already looks for no way round the next
  const treads = f32x4.lt(pick(t.pointer(t.P_pace), i0, i1, i2, i3), one4);
  v128.store(look, v128.or(blocked, treads), L_BLOCKED);
  v128.store(look, v128.and(i32x4.ge_s(goal4, zero4), blocked), L_INSISTS);
  v128.store(look, v128.bitselect(f32x4.mul(lane4, f32x4.splat(SLIP_SHARE)), lane4, slips), L_LANE);
}
