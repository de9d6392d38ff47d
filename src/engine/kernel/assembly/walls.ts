import * as t from './table';
import { RUN_BYTES, WALL_FOUR_BYTES, WALLS_ALL, WALLS_MAX } from './table';
import {
  L_LEAF_GAP, L_LEFT, L_LEFT_TWICE, L_RADIUS, L_RIGHT, L_RIGHT_TWICE, L_VX, L_VY, L_WALL_MEETS, L_WALL_NEAREST, L_WALL_RUN, L_WAY_X, L_WAY_Y, L_WX, L_WY, L_X, L_Y,
  TURN_COSINE, TURN_SINE, TWICE_COSINE, TWICE_SINE,
} from './look';

/*
 * Walls of a cell, four at a time, as one person sees them: the run at `L_WALL_RUN`.
 */

/** Of four walls: where they start and whither they run, their length, and the direction of the wall before. */
const F_X: usize = 0;
const F_Y: usize = 16;
const F_UX: usize = 32;
const F_UY: usize = 48;
const F_LENGTH: usize = 64;
const F_BEFORE_X: usize = 80;
const F_BEFORE_Y: usize = 96;
const F_BITS: usize = 112;
const F_ROWS: usize = 128;

/** Address of the row of the k-th wall of a run in the wall table. */
@inline export function wallAt(run: usize, k: i32): usize {
  return <usize>load<u32>(run + RUN_BYTES + <usize>(k >> 2) * WALL_FOUR_BYTES + (<usize>(k & 3) << 2), F_ROWS);
}

/** Which of four walls a leaf that stands open is not; asked only where there are leaves. */
@inline function shutOf(at: usize): v128 {
  let solid = v128.load32_zero(<usize>load<u32>(at, F_ROWS), 36);
  solid = v128.load_lane<f32>(<usize>load<u32>(at, F_ROWS + 4) + 36, solid, 1);
  solid = v128.load_lane<f32>(<usize>load<u32>(at, F_ROWS + 8) + 36, solid, 2);
  solid = v128.load_lane<f32>(<usize>load<u32>(at, F_ROWS + 12) + 36, solid, 3);
  return v128.or(f32x4.ne(solid, f32x4.splat(0)), v128.not(isLeaf4(at)));
}
@inline function hasLeaf(at: usize): bool {
  return (load<i32>(at, F_BITS) & 1) != 0;
}
@inline function isLeaf4(at: usize): v128 {
  return i32x4.shr_s(i32x4.shl(v128.load(at, F_BITS), 2), 31);
}

/** Masks of the four walls that are solid now, and of the portals among them. */
@inline export function solidOf(at: usize): v128 {
  const stops = i32x4.shr_s(i32x4.shl(v128.load(at, F_BITS), 1), 31);
  return hasLeaf(at) ? v128.and(stops, shutOf(at)) : stops;
}
@inline export function portalsOf(at: usize): v128 {
  const bits = v128.load(at, F_BITS);
  return i32x4.shr_s(v128.andnot(bits, i32x4.shl(bits, 1)), 31);
}

/** Address of four walls of a run. */
@inline export function fourAt(run: usize, four: i32): usize {
  return run + RUN_BYTES + <usize>four * WALL_FOUR_BYTES;
}

/** Lower bounds of the distances of four walls from a place. */
@inline export function awayFrom(at: usize, x4: v128, y4: v128): v128 {
  const rx = f32x4.sub(x4, v128.load(at, F_X)), ry = f32x4.sub(y4, v128.load(at, F_Y));
  const ux = v128.load(at, F_UX), uy = v128.load(at, F_UY);
  return offWall(f32x4.add(f32x4.mul(rx, ux), f32x4.mul(ry, uy)), f32x4.sub(f32x4.mul(ux, ry), f32x4.mul(uy, rx)), v128.load(at, F_LENGTH));
}

/** Beyond every wall [m]. */
const NOWHERE: f32 = 1e9;

/**
 * Distances of four walls from a place, in f32: to a few ten-millionths of how far their starts are. Portals, leaves and what has no length are
 * no walls, and far.
 */
@inline export function distancesOf(at: usize, x4: v128, y4: v128): v128 {
  const zero4 = f32x4.splat(0), length = v128.load(at, F_LENGTH), ux = v128.load(at, F_UX), uy = v128.load(at, F_UY);
  const rx = f32x4.sub(x4, v128.load(at, F_X)), ry = f32x4.sub(y4, v128.load(at, F_Y));
  const along = f32x4.add(f32x4.mul(rx, ux), f32x4.mul(ry, uy)), across = f32x4.sub(f32x4.mul(ux, ry), f32x4.mul(uy, rx));
  const beyond = f32x4.pmax(zero4, f32x4.pmax(f32x4.neg(along), f32x4.sub(along, length)));
  const isWall = v128.andnot(f32x4.gt(length, zero4), v128.or(portalsOf(at), isLeaf4(at)));
  return v128.bitselect(f32x4.sqrt(f32x4.add(f32x4.mul(across, across), f32x4.mul(beyond, beyond))), f32x4.splat(NOWHERE), isWall);
}

/**
 * Walls this much farther away than the nearest one are left out where the nearest is looked for [m]: of so few walls none of them can hold
 * back, by the ties of a hundred-thousandth, one that is nearer. The rest is room for rounding, up to some kilometres.
 */
const NEAREST_ROOM: f32 = 0.004;
const NEAREST_FOURS_MAX: i32 = 16;

/** Nearer than this is every wall of a run that may be the nearest, if it is nearer than `sight` [m]. `first`: `distancesOf` its first four. */
@inline export function nearestOf(run: usize, first: v128, x4: v128, y4: v128, sight: f32): f32 {
  const fours = load<i32>(run);
  if (fours > NEAREST_FOURS_MAX) return Infinity;
  let least4 = f32x4.pmin(f32x4.splat(sight), first);
  for (let four = 1; four < fours; four++) least4 = f32x4.pmin(least4, distancesOf(fourAt(run, four), x4, y4));
  return leastLane(least4) + NEAREST_ROOM;
}

/** What differs by less than this is not told apart in f32 [m]. */
const UNSURE: f32 = 0.002;

/**
 * Whether the wall nearest to a place is nearer than `reach` and a way (wx, wy) points into it by more than `facing`: 1 yes, 0 no, −1 where rounding to f32 leaves it
 * open. Walls farther away than `sight` are not seen; a place behind a wall is nearer than any before it.
 */
export function facesNearest(run: usize, x: f32, y: f32, wx: f32, wy: f32, reach: f32, facing: f32, sight: f32): i32 {
  const x4 = f32x4.splat(x), y4 = f32x4.splat(y), fours = load<i32>(run), first = distancesOf(fourAt(run, 0), x4, y4);
  const limit = nearestOf(run, first, x4, y4, sight);
  const limit4 = f32x4.splat(limit), zero4 = f32x4.splat(0), unsure4 = f32x4.splat(UNSURE), reach4 = f32x4.splat(reach);
  // nothing in sight is nearest too
  let some = 0, all = limit < sight - UNSURE ? 15 : 0;
  for (let four = 0; four < fours; four++) {
    const at = fourAt(run, four), distance = four == 0 ? first : distancesOf(at, x4, y4), isNear = f32x4.lt(distance, limit4);
    if (!v128.any_true(isNear)) continue;
    const ux = v128.load(at, F_UX), uy = v128.load(at, F_UY), rx = f32x4.sub(x4, v128.load(at, F_X)), ry = f32x4.sub(y4, v128.load(at, F_Y));
    const share = f32x4.pmin(v128.load(at, F_LENGTH), f32x4.pmax(zero4, f32x4.add(f32x4.mul(rx, ux), f32x4.mul(ry, uy))));
    const across = f32x4.sub(f32x4.mul(ux, ry), f32x4.mul(uy, rx)), isBehind = f32x4.lt(across, zero4);
    const ex = f32x4.sub(rx, f32x4.mul(share, ux)), ey = f32x4.sub(ry, f32x4.mul(share, uy));
    const along = f32x4.add(f32x4.mul(f32x4.splat(wx), ex), f32x4.mul(f32x4.splat(wy), ey));
    // below 0: the way points into the wall
    const into = f32x4.add(v128.bitselect(f32x4.neg(along), along, isBehind), f32x4.mul(f32x4.splat(facing), distance));
    const isSided = f32x4.gt(f32x4.abs(across), unsure4), beyond = f32x4.sub(v128.bitselect(f32x4.neg(distance), distance, isBehind), reach4);
    const no = v128.and(isSided, v128.or(f32x4.gt(beyond, unsure4), f32x4.gt(into, unsure4)));
    const yes = v128.and(isSided, v128.and(f32x4.lt(beyond, f32x4.neg(unsure4)), f32x4.lt(into, f32x4.neg(unsure4))));
    some |= i32x4.bitmask(v128.andnot(isNear, no));
    all &= i32x4.bitmask(v128.or(yes, v128.not(isNear)));
  }
  if (some == 0) return 0;
  return all == 15 ? 1 : -1;
}

/** A wall this much farther away than it counts is still looked at, for rounding [m]. */
export const ROUNDING: f32 = 0.001;
/** Fours of a run that have a bit of their own in `L_WALL_MEETS`; the last bit is for all further ones. */
const MEETS_LAST: i32 = 31;

/**
 * Bits of the walls and portals of the run that come within `touch` of somebody who walks straight on for `horizon` seconds, or
 * `WALLS_ALL` where one of these has no bit; 0 where none comes within `least`, unless `always`. How far off a wall is changes by no more than
 * the way walked: so nobody who is a and then b off comes nearer than (a + b − way) / 2. Leaves in `L_WALL_MEETS` which fours turn the way, and in
 * `L_WALL_NEAREST` how far off the nearest wall is.
 */
export function nearWalls(look: usize, run: usize, horizon: f32, least: f32, touch: f32, always: bool): i32 {
  const vx: f32 = horizon * load<f32>(look, L_VX), vy: f32 = horizon * load<f32>(look, L_VY);
  const x4 = v128.load32_splat(look, L_X), y4 = v128.load32_splat(look, L_Y), vx4 = f32x4.splat(vx), vy4 = f32x4.splat(vy);
  const way: f32 = sqrt<f32>(vx * vx + vy * vy);
  const least4 = f32x4.splat(<f32>2 * least + way), reach4 = f32x4.splat(<f32>2 * touch + way);
  // who is farther off than this now is near in neither sense, and turns nobody
  const radius = load<f32>(look, L_RADIUS), buffer: f32 = radius + t.number(t.N_wallBuffer) + ROUNDING, buffer4 = f32x4.splat(buffer);
  const farthest4 = f32x4.splat(max<f32>(max<f32>(least, touch) + way + ROUNDING, buffer));
  const fours = load<i32>(run);
  let bits = 0, meets = 0, isAll = false, isNear = always, nearest4 = f32x4.splat(NOWHERE);
  for (let four = 0; four < fours; four++) {
    const at = fourAt(run, four);
    const rx = f32x4.sub(x4, v128.load(at, F_X)), ry = f32x4.sub(y4, v128.load(at, F_Y));
    const ux = v128.load(at, F_UX), uy = v128.load(at, F_UY), length = v128.load(at, F_LENGTH);
    const along = f32x4.add(f32x4.mul(rx, ux), f32x4.mul(ry, uy)), across = f32x4.sub(f32x4.mul(ux, ry), f32x4.mul(uy, rx));
    const now = offWall(along, across, length);
    nearest4 = f32x4.pmin(nearest4, v128.bitselect(nearest4, now, portalsOf(at)));
    if (!v128.any_true(f32x4.lt(now, farthest4)) && !hasLeaf(at)) continue;
    const then = f32x4.add(along, f32x4.add(f32x4.mul(vx4, ux), f32x4.mul(vy4, uy)));
    const thenAcross = f32x4.add(across, f32x4.sub(f32x4.mul(ux, vy4), f32x4.mul(uy, vx4)));
    const off = f32x4.add(now, offWall(then, thenAcross, length));
    let counts = i32x4.shr_s(v128.load(at, F_BITS), 31);
    let turns = v128.and(f32x4.lt(now, buffer4), counts);
    if (hasLeaf(at)) {
      counts = v128.and(counts, shutOf(at));
      turns = v128.or(turns, isLeaf4(at));
    }
    isNear = isNear || v128.any_true(v128.and(f32x4.lt(off, least4), counts));
    const some = i32x4.bitmask(v128.and(f32x4.lt(off, reach4), counts));
    if (4 * four + 4 <= WALLS_MAX) bits |= some << (4 * four);
    else if (some != 0) isAll = true;
    meets |= <i32>v128.any_true(turns) << min(four, MEETS_LAST);
  }
  store<i32>(look, meets, L_WALL_MEETS);
  store<f32>(look, leastLane(nearest4), L_WALL_NEAREST);
  if (!isNear) return 0;
  return isAll ? WALLS_ALL : bits;
}

/** The same where the cell has no walls. */
@inline export function noWalls(look: usize): void {
  store<i32>(look, 0, L_WALL_MEETS);
  store<f32>(look, NOWHERE, L_WALL_NEAREST);
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
 * Solid walls and leaves, of the four at `at`, in front of which a place lies or to whose corner it is nearest; a leaf has two fronts,
 * and no corner. Written to `four`.
 */
@inline function faceWalls(four: usize, at: usize, x4: v128, y4: v128): void {
  const zero4 = f32x4.splat(0);
  const rx = f32x4.sub(x4, v128.load(at, F_X)), ry = f32x4.sub(y4, v128.load(at, F_Y));
  const ux = v128.load(at, F_UX), uy = v128.load(at, F_UY);
  const along = f32x4.add(f32x4.mul(rx, ux), f32x4.mul(ry, uy)), distance = f32x4.sub(f32x4.mul(ux, ry), f32x4.mul(uy, rx));
  const isLeaf = isLeaf4(at), isBehind = f32x4.lt(distance, zero4), before = f32x4.lt(along, zero4);
  const inFront = v128.andnot(v128.andnot(f32x4.le(along, v128.load(at, F_LENGTH)), before), v128.andnot(isBehind, isLeaf));
  const turned = f32x4.lt(f32x4.add(f32x4.mul(rx, v128.load(at, F_BEFORE_X)), f32x4.mul(ry, v128.load(at, F_BEFORE_Y))), zero4);
  const atCorner = v128.andnot(v128.andnot(before, isLeaf), turned);
  const far = f32x4.sqrt(f32x4.pmax(f32x4.splat(1e-12), f32x4.add(f32x4.mul(rx, rx), f32x4.mul(ry, ry))));
  v128.store(four, v128.and(v128.or(inFront, atCorner), solidOf(at)), W_FACES);
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

@inline export function leastLane(v: v128): f32 {
  const pairs = f32x4.pmin(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmin(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2)), 0);
}

/** Whether walls may lessen one of the gaps of the lanes beside the way of each of four persons: none leaves less than how far off it is. */
@inline export function mayNarrow(look: usize): v128 {
  const most = f32x4.pmax(f32x4.pmax(v128.load(look, L_LEFT), v128.load(look, L_RIGHT)), f32x4.pmax(v128.load(look, L_LEFT_TWICE), v128.load(look, L_RIGHT_TWICE)));
  return f32x4.lt(v128.load(look, L_WALL_NEAREST), f32x4.add(f32x4.add(most, v128.load(look, L_RADIUS)), f32x4.splat(ROUNDING)));
}

/** Lessens the gaps of the four lanes beside the way by the walls in them. `four`: scratch of `WALL_FOUR_BYTES`. */
export function narrowLanes(look: usize, four: usize): void {
  const run = <usize>load<u32>(look, L_WALL_RUN), fours = load<i32>(run);
  const x4 = v128.load32_splat(look, L_X), y4 = v128.load32_splat(look, L_Y), radius4 = v128.load32_splat(look, L_RADIUS);
  const wx4 = v128.load32_splat(look, L_WX), wy4 = v128.load32_splat(look, L_WY);
  const cx = f32x4.mul(f32x4.splat(TURN_COSINE), wx4), cy = f32x4.mul(f32x4.splat(TURN_COSINE), wy4);
  const sx = f32x4.mul(f32x4.splat(TURN_SINE), wx4), sy = f32x4.mul(f32x4.splat(TURN_SINE), wy4);
  const cx2 = f32x4.mul(f32x4.splat(TWICE_COSINE), wx4), cy2 = f32x4.mul(f32x4.splat(TWICE_COSINE), wy4);
  const sx2 = f32x4.mul(f32x4.splat(TWICE_SINE), wx4), sy2 = f32x4.mul(f32x4.splat(TWICE_SINE), wy4);
  let left = v128.load32_splat(look, L_LEFT), right = v128.load32_splat(look, L_RIGHT);
  let leftTwice = v128.load32_splat(look, L_LEFT_TWICE), rightTwice = v128.load32_splat(look, L_RIGHT_TWICE);
  const far4 = f32x4.add(f32x4.add(f32x4.pmax(f32x4.pmax(left, right), f32x4.pmax(leftTwice, rightTwice)), radius4), f32x4.splat(ROUNDING));
  for (let at = run + RUN_BYTES; at < run + RUN_BYTES + <usize>fours * WALL_FOUR_BYTES; at += WALL_FOUR_BYTES) {
    if (!v128.any_true(f32x4.lt(awayFrom(at, x4, y4), far4))) continue;
    faceWalls(four, at, x4, y4);
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

/** Takes away the part of the way that points into a wall nearer than the buffer, and gives it back along the wall; a shut leaf ahead is walked up to. `four`: as above. */
export function keepOffWalls(look: usize, four: usize): void {
  const meets = load<i32>(look, L_WALL_MEETS);
  if (meets == 0) return;
  const run = <usize>load<u32>(look, L_WALL_RUN), fours = load<i32>(run);
  const wallBuffer = t.number(t.N_wallBuffer), leafTouch = t.number(t.N_leafTouch), radius = load<f32>(look, L_RADIUS);
  const x4 = v128.load32_splat(look, L_X), y4 = v128.load32_splat(look, L_Y);
  const buffer4 = f32x4.splat(wallBuffer), radius4 = f32x4.splat(radius);
  const wantX = load<f32>(look, L_WX), wantY = load<f32>(look, L_WY);
  let wayX = load<f32>(look, L_WAY_X), wayY = load<f32>(look, L_WAY_Y), leafGap = load<f32>(look, L_LEAF_GAP);
  for (let w = 0; w < fours; w++) {
    if (((meets >> min(w, MEETS_LAST)) & 1) == 0) continue;
    faceWalls(four, fourAt(run, w), x4, y4);
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
      // along the wall, as one goes and as one wants to
      const alongX: f32 = wayX - into * nx, alongY: f32 = wayY - into * ny;
      const wantInto: f32 = wantX * nx + wantY * ny;
      const wantAlongX: f32 = wantX - wantInto * nx, wantAlongY: f32 = wantY - wantInto * ny;
      const agree: f32 = alongX * wantAlongX + alongY * wantAlongY;
      const goes: f32 = alongX * alongX + alongY * alongY, wants: f32 = wantAlongX * wantAlongX + wantAlongY * wantAlongY;
      wayX = wayX - into * share * nx;
      wayY = wayY - into * share * ny;
      // what the wall takes of the way is given back along it, as far as one wants to go there
      if (agree < 0 || wants <= goes) continue;
      wayX = wayX + share * (wantAlongX - alongX);
      wayY = wayY + share * (wantAlongY - alongY);
    }
  }
  store<f32>(look, wayX, L_WAY_X);
  store<f32>(look, wayY, L_WAY_Y);
  store<f32>(look, leafGap, L_LEAF_GAP);
}
