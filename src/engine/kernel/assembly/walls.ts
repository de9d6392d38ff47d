import * as t from './table';
import { SEGMENT_BYTES, WALLS_ALL, WALLS_MAX } from './table';
import {
  firsts, fourths, L_LEAF_GAP, L_LEFT, L_LEFT_TWICE, L_RADIUS, L_RIGHT, L_RIGHT_TWICE, L_VX, L_VY, L_WALL_FROM, L_WALL_TO, L_WAY_X, L_WAY_Y, L_WX, L_WY,
  L_X, L_Y, seconds, thirds, TURN_COSINE, TURN_SINE, TWICE_COSINE, TWICE_SINE,
} from './look';

/*
 * Walls of a cell's list, four at a time, as one person sees them. The walls of a person lie in `L_WALL_FROM` … `L_WALL_TO` − 1.
 */

/** Lane numbers of the walls that are left, of four from w on, as a mask. */
@inline function remain(w: i32, last: i32): v128 {
  return i32x4.lt_s(i32x4.add(i32x4.splat(w), i32x4(0, 1, 2, 3)), i32x4.splat(last));
}

/** Rows of the wall at w, or of the last one where there are no more. */
@inline function rowOf(w: i32, last: i32): usize {
  return t.pointer(t.P_segments) + <usize>t.integerAt(t.pointer(t.P_wallCellItems), min(w, last - 1)) * SEGMENT_BYTES;
}

/**
 * Bits of the walls and portals of the list that come within `touch` of somebody who walks straight on for `horizon` seconds, or
 * `WALLS_ALL` where one of these has no bit. How far off a wall is changes by no more than the way walked:
 * so nobody who is a and then b off comes nearer than (a + b − way) / 2.
 */
export function nearWalls(look: usize, horizon: f32, touch: f32): i32 {
  const first = load<i32>(look, L_WALL_FROM), last = load<i32>(look, L_WALL_TO);
  const vx: f32 = horizon * load<f32>(look, L_VX), vy: f32 = horizon * load<f32>(look, L_VY);
  const x4 = v128.load32_splat(look, L_X), y4 = v128.load32_splat(look, L_Y), vx4 = f32x4.splat(vx), vy4 = f32x4.splat(vy);
  const reach4 = f32x4.splat(<f32>2 * touch + sqrt<f32>(vx * vx + vy * vy));
  let bits = 0;
  for (let w = first; w < last; w += 4) {
    const s0 = rowOf(w, last), s1 = rowOf(w + 1, last), s2 = rowOf(w + 2, last), s3 = rowOf(w + 3, last);
    const a0 = v128.load(s0), a1 = v128.load(s1), a2 = v128.load(s2), a3 = v128.load(s3);
    const b0 = v128.load(s0, 16), b1 = v128.load(s1, 16), b2 = v128.load(s2, 16), b3 = v128.load(s3, 16);
    const c0 = v128.load(s0, 32), c1 = v128.load(s1, 32), c2 = v128.load(s2, 32), c3 = v128.load(s3, 32);
    const rx = f32x4.sub(x4, firsts(a0, a1, a2, a3)), ry = f32x4.sub(y4, seconds(a0, a1, a2, a3));
    const ux = thirds(a0, a1, a2, a3), uy = fourths(a0, a1, a2, a3), length = firsts(b0, b1, b2, b3);
    const along = f32x4.add(f32x4.mul(rx, ux), f32x4.mul(ry, uy)), across = f32x4.sub(f32x4.mul(ux, ry), f32x4.mul(uy, rx));
    const then = f32x4.add(along, f32x4.add(f32x4.mul(vx4, ux), f32x4.mul(vy4, uy)));
    const thenAcross = f32x4.add(across, f32x4.sub(f32x4.mul(ux, vy4), f32x4.mul(uy, vx4)));
    const counts = v128.or(f32x4.ne(seconds(c0, c1, c2, c3), f32x4.splat(0)), f32x4.eq(fourths(b0, b1, b2, b3), f32x4.splat(2)));
    const off = f32x4.add(offWall(along, across, length), offWall(then, thenAcross, length));
    const some = i32x4.bitmask(v128.and(v128.and(f32x4.lt(off, reach4), counts), remain(w, last)));
    if (w + 4 - first <= WALLS_MAX) bits |= some << (w - first);
    else if (some != 0) return WALLS_ALL;
  }
  return bits;
}

/** Lower bound of the distance from a segment. */
@inline function offWall(along: v128, across: v128, length: v128): v128 {
  return f32x4.pmax(f32x4.abs(across), f32x4.pmax(f32x4.neg(along), f32x4.sub(along, length)));
}

/** What is known of four walls: a mask of those that face the place and of those that are leaves, distance and direction away. */
const W_FACES: usize = 0;
const W_LEAF: usize = 16;
const W_DISTANCE: usize = 32;
const W_X: usize = 48;
const W_Y: usize = 64;

/**
 * Solid walls and leaves, of four from w on, in front of which a place lies or to whose corner it is nearest; a leaf has two fronts,
 * and no corner. Written to `four`.
 */
@inline function faceWalls(four: usize, w: i32, last: i32, x4: v128, y4: v128): void {
  const zero4 = f32x4.splat(0);
  const s0 = rowOf(w, last), s1 = rowOf(w + 1, last), s2 = rowOf(w + 2, last), s3 = rowOf(w + 3, last);
  const a0 = v128.load(s0), a1 = v128.load(s1), a2 = v128.load(s2), a3 = v128.load(s3);
  const rx = f32x4.sub(x4, firsts(a0, a1, a2, a3)), ry = f32x4.sub(y4, seconds(a0, a1, a2, a3));
  const ux = thirds(a0, a1, a2, a3), uy = fourths(a0, a1, a2, a3);
  const along = f32x4.add(f32x4.mul(rx, ux), f32x4.mul(ry, uy)), distance = f32x4.sub(f32x4.mul(ux, ry), f32x4.mul(uy, rx));
  const b0 = v128.load(s0, 16), b1 = v128.load(s1, 16), b2 = v128.load(s2, 16), b3 = v128.load(s3, 16);
  const kind = fourths(b0, b1, b2, b3), isLeaf = f32x4.eq(kind, f32x4.splat(1)), isBehind = f32x4.lt(distance, zero4);
  const before = f32x4.lt(along, zero4);
  const inFront = v128.andnot(v128.andnot(f32x4.le(along, firsts(b0, b1, b2, b3)), before), v128.andnot(isBehind, isLeaf));
  const turned = f32x4.lt(f32x4.add(f32x4.mul(rx, seconds(b0, b1, b2, b3)), f32x4.mul(ry, thirds(b0, b1, b2, b3))), zero4);
  const atCorner = v128.andnot(v128.andnot(before, isLeaf), turned);
  const far = f32x4.sqrt(f32x4.pmax(f32x4.splat(1e-12), f32x4.add(f32x4.mul(rx, rx), f32x4.mul(ry, ry))));
  const c0 = v128.load(s0, 32), c1 = v128.load(s1, 32), c2 = v128.load(s2, 32), c3 = v128.load(s3, 32);
  const counts = v128.andnot(f32x4.ne(seconds(c0, c1, c2, c3), zero4), f32x4.eq(kind, f32x4.splat(2)));
  v128.store(four, v128.and(v128.and(v128.or(inFront, atCorner), counts), remain(w, last)), W_FACES);
  v128.store(four, isLeaf, W_LEAF);
  v128.store(four, v128.bitselect(far, f32x4.abs(distance), atCorner), W_DISTANCE);
  v128.store(four, v128.bitselect(f32x4.div(rx, far), v128.bitselect(uy, f32x4.neg(uy), isBehind), atCorner), W_X);
  v128.store(four, v128.bitselect(f32x4.div(ry, far), v128.bitselect(f32x4.neg(ux), ux, isBehind), atCorner), W_Y);
}

/** Gaps that four walls leave in a direction (x, y), where that points into them: the lesser of them and of `gap`, in four lanes. */
@inline function gapsToWalls(gap4: v128, four: usize, room: v128, x4: v128, y4: v128): v128 {
  const towards = f32x4.neg(f32x4.add(f32x4.mul(x4, v128.load(four, W_X)), f32x4.mul(y4, v128.load(four, W_Y))));
  const into = v128.and(v128.load(four, W_FACES), f32x4.gt(towards, f32x4.splat(0.05)));
  return f32x4.pmin(gap4, v128.bitselect(f32x4.div(room, towards), gap4, into));
}

@inline function leastLane(v: v128): f32 {
  const pairs = f32x4.pmin(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmin(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2)), 0);
}

/** Lessens the gaps of the four lanes beside the way by the walls in them. `four`: scratch of `WALL_FOUR_BYTES`. */
export function narrowLanes(look: usize, four: usize): void {
  const first = load<i32>(look, L_WALL_FROM), last = load<i32>(look, L_WALL_TO);
  if (first == last) return;
  const x4 = v128.load32_splat(look, L_X), y4 = v128.load32_splat(look, L_Y), radius4 = v128.load32_splat(look, L_RADIUS);
  const wx4 = v128.load32_splat(look, L_WX), wy4 = v128.load32_splat(look, L_WY);
  const cx = f32x4.mul(f32x4.splat(TURN_COSINE), wx4), cy = f32x4.mul(f32x4.splat(TURN_COSINE), wy4);
  const sx = f32x4.mul(f32x4.splat(TURN_SINE), wx4), sy = f32x4.mul(f32x4.splat(TURN_SINE), wy4);
  const cx2 = f32x4.mul(f32x4.splat(TWICE_COSINE), wx4), cy2 = f32x4.mul(f32x4.splat(TWICE_COSINE), wy4);
  const sx2 = f32x4.mul(f32x4.splat(TWICE_SINE), wx4), sy2 = f32x4.mul(f32x4.splat(TWICE_SINE), wy4);
  let left = v128.load32_splat(look, L_LEFT), right = v128.load32_splat(look, L_RIGHT);
  let leftTwice = v128.load32_splat(look, L_LEFT_TWICE), rightTwice = v128.load32_splat(look, L_RIGHT_TWICE);
  for (let w = first; w < last; w += 4) {
    faceWalls(four, w, last, x4, y4);
    const room = f32x4.pmax(f32x4.splat(0), f32x4.sub(v128.load(four, W_DISTANCE), radius4));
    left = gapsToWalls(left, four, room, f32x4.sub(cx, sy), f32x4.add(cy, sx));
    right = gapsToWalls(right, four, room, f32x4.add(cx, sy), f32x4.sub(cy, sx));
    leftTwice = gapsToWalls(leftTwice, four, room, f32x4.sub(cx2, sy2), f32x4.add(cy2, sx2));
    rightTwice = gapsToWalls(rightTwice, four, room, f32x4.add(cx2, sy2), f32x4.sub(cy2, sx2));
  }
  store<f32>(look, leastLane(left), L_LEFT);
  store<f32>(look, leastLane(right), L_RIGHT);
  store<f32>(look, leastLane(leftTwice), L_LEFT_TWICE);
  store<f32>(look, leastLane(rightTwice), L_RIGHT_TWICE);
}

/** Takes away the part of the way that points into a wall nearer than the buffer; a shut leaf ahead is walked up to. `four`: as above. */
export function keepOffWalls(look: usize, four: usize): void {
  const first = load<i32>(look, L_WALL_FROM), last = load<i32>(look, L_WALL_TO);
  if (first == last) return;
  const wallBuffer = t.number(t.N_wallBuffer), leafTouch = t.number(t.N_leafTouch), radius = load<f32>(look, L_RADIUS);
  const x4 = v128.load32_splat(look, L_X), y4 = v128.load32_splat(look, L_Y);
  const buffer4 = f32x4.splat(wallBuffer), radius4 = f32x4.splat(radius);
  let wayX = load<f32>(look, L_WAY_X), wayY = load<f32>(look, L_WAY_Y), leafGap = load<f32>(look, L_LEAF_GAP);
  for (let w = first; w < last; w += 4) {
    faceWalls(four, w, last, x4, y4);
    const isNear = f32x4.lt(f32x4.sub(v128.load(four, W_DISTANCE), radius4), buffer4);
    let bits = i32x4.bitmask(v128.and(v128.load(four, W_FACES), v128.or(isNear, v128.load(four, W_LEAF))));
    for (; bits != 0; bits &= bits - 1) {
      const at = four + (<usize>ctz(bits) << 2), nx = load<f32>(at, W_X), ny = load<f32>(at, W_Y);
      const gap: f32 = load<f32>(at, W_DISTANCE) - radius;
      if (load<i32>(at, W_LEAF) != 0) {
        // a shut leaf ahead is walked up to, not run into
        const towards: f32 = -(wayX * nx + wayY * ny);
        if (towards > <f32>0.1) leafGap = min<f32>(leafGap, max<f32>(0, gap + leafTouch) / towards);
        continue;
      }
      const into: f32 = wayX * nx + wayY * ny;
      if (into >= 0) continue;
      const share: f32 = min<f32>(1, (<f32>1) - gap / wallBuffer);
      wayX = wayX - into * share * nx;
      wayY = wayY - into * share * ny;
    }
  }
  store<f32>(look, wayX, L_WAY_X);
  store<f32>(look, wayY, L_WAY_Y);
  store<f32>(look, leafGap, L_LEAF_GAP);
}
