import * as t from './table';
import { portalIsRegion, portalRow } from './plan';

/*
 * After the motion: how far everybody leans, and who is to be looked at when the step is settled. Most persons walk, lean on nobody and
 * bear no load; only the others are marked in `watched`, and the phases that settle a step go through these alone.
 */

const WALKING: i32 = 1;
const LEAVING: i32 = 2;
const OUT: i32 = 3;
const UNCONSCIOUS: i32 = 2;

/** Changes of velocity below this, of somebody who stands upright, are not looked at [m/s]. */
const STEADY: f64 = 0.05;
/** A lean below this is none [m]. */
const UPRIGHT: f64 = 0.001;
/** Below this load no ribs break [N]. */
const FRACTURE_LOAD: f64 = 1000;

@inline function floatsOf(pointer: usize, i: i32): v128 {
  return v128.load(t.pointer(pointer) + (<usize>i << 2));
}
@inline function floatOf(pointer: usize, i: i32): f64 {
  return <f64>t.floatAt(t.pointer(pointer), i);
}
@inline function byteOf(pointer: usize, i: i32): i32 {
  return t.byteAt(t.pointer(pointer), i);
}
@inline function shortOf(pointer: usize, i: i32): i32 {
  return t.shortAt(t.pointer(pointer), i);
}
@inline function bytesOf(pointer: usize, i: i32): v128 {
  return t.bytesAt(t.pointer(pointer), i);
}

/**
 * One person. The lean of who stands in the building follows from how the velocity changed since the last time, less what the legs
 * did: `unsteadyChange` of ../../falls.ts, operation for operation. `laws` has its numbers; ../kernel.ts says which.
 */
function watchPerson(i: i32, laws: usize): bool {
  const state = byteOf(t.P_state, i);
  if (state == OUT) return false;
  const vx = floatOf(t.P_vx, i), vy = floatOf(t.P_vy, i);
  const beforeX = floatOf(t.P_settledVx, i), beforeY = floatOf(t.P_settledVy, i);
  t.setFloat(t.pointer(t.P_settledVx), i, <f32>vx);
  t.setFloat(t.pointer(t.P_settledVy), i, <f32>vy);
  const chestLoad = floatOf(t.P_chestLoad, i);
  const isUnconscious = byteOf(t.P_harm, i) >= UNCONSCIOUS, stands = byteOf(t.P_posture, i) == 0;
  const isWatched =
    isUnconscious ||
    !stands ||
    state == LEAVING ||
    shortOf(t.P_crossedA, i) != 0 ||
    shortOf(t.P_touched, i) != 0 ||
    floatOf(t.P_pace, i) != 1 ||
    floatOf(t.P_dose, i) != 0 ||
    chestLoad > FRACTURE_LOAD ||
    chestLoad > load<f64>(laws, 48) * floatOf(t.P_susceptibility, i) ||
    floatOf(t.P_waitedTime, i) > floatOf(t.P_patience, i) ||
    (state == WALKING && floatOf(t.P_potential, i) < load<f64>(laws, 72) && isRegion(shortOf(t.P_portal, i)));
  if (!stands || state == LEAVING) return true;
  const leanX = floatOf(t.P_leanX, i), leanY = floatOf(t.P_leanY, i);
  let x: f64 = vx - beforeX, y: f64 = vy - beforeY;
  if (!isUnconscious && leanX == 0 && leanY == 0 && x * x + y * y < STEADY * STEADY) return isWatched;
  const relaxTime = load<f64>(laws, 16), swayRate = load<f64>(laws, 8);
  const push: f64 = floatOf(t.P_pushNow, i) / floatOf(t.P_mass, i);
  const legX: f64 = (floatOf(t.P_wishX, i) - beforeX) / relaxTime + push * floatOf(t.P_wantX, i);
  const legY: f64 = (floatOf(t.P_wishY, i) - beforeY) / relaxTime + push * floatOf(t.P_wantY, i);
  const against: f64 = -(x * beforeX + y * beforeY);
  if (against > 0) {
    const kept: f64 = max<f64>(0, 1 - against / (x * x + y * y));
    x *= kept;
    y *= kept;
  }
  const size: f64 = sqrt<f64>(legX * legX + legY * legY);
  const along: f64 = size == 0 ? 0 : (x * legX + y * legY) / size;
  if (along > 0) {
    const own: f64 = min<f64>(along, load<f64>(laws, 32) * min<f64>(size, load<f64>(laws, 24)));
    x -= (own * legX) / size;
    y -= (own * legY) / size;
  }
  const keep = load<f64>(laws);
  x = leanX * keep + x / swayRate;
  y = leanY * keep + y / swayRate;
  const isUpright = x * x + y * y < UPRIGHT * UPRIGHT;
  const newX: f32 = isUpright ? 0 : <f32>x, newY: f32 = isUpright ? 0 : <f32>y;
  t.setFloat(t.pointer(t.P_leanX), i, newX);
  t.setFloat(t.pointer(t.P_leanY), i, newY);
  const marginMin = load<f64>(laws, 40);
  return isWatched || <f64>newX * <f64>newX + <f64>newY * <f64>newY > marginMin * marginMin;
}

@inline function isRegion(portal: i32): bool {
  return portal >= 0 && portalIsRegion(portalRow(portal));
}

/**
 * Of four persons, a bit each: who is not plainly at rest. Whoever is has nothing to settle and would be left upright by `watchPerson`: it
 * bounds the lean from above, in f32 with room for rounding. Somebody out is at rest.
 */
@inline function restlessOf(i: i32, laws: usize): i32 {
  const zero = f32x4.splat(0);
  const state = bytesOf(t.P_state, i);
  const vx = floatsOf(t.P_vx, i), vy = floatsOf(t.P_vy, i);
  const beforeX = floatsOf(t.P_settledVx, i), beforeY = floatsOf(t.P_settledVy, i);
  const lean = v128.or(floatsOf(t.P_leanX, i), floatsOf(t.P_leanY, i));
  const touched = v128.or(t.shortsAt(t.pointer(t.P_crossedA), i), t.shortsAt(t.pointer(t.P_touched), i));
  const marks = v128.or(touched, v128.or(bytesOf(t.P_posture, i), v128.or(lean, floatsOf(t.P_dose, i))));
  let restless = i32x4.ne(v128.or(marks, floatsOf(t.P_pushNow, i)), i32x4.splat(0));
  restless = v128.or(restless, i32x4.ge_s(bytesOf(t.P_harm, i), i32x4.splat(UNCONSCIOUS)));
  restless = v128.or(restless, i32x4.eq(state, i32x4.splat(LEAVING)));
  restless = v128.or(restless, f32x4.ne(floatsOf(t.P_pace, i), f32x4.splat(1)));
  restless = v128.or(restless, f32x4.gt(floatsOf(t.P_chestLoad, i), f32x4.splat(<f32>load<f64>(laws, 56))));
  restless = v128.or(restless, f32x4.gt(floatsOf(t.P_waitedTime, i), f32x4.splat(<f32>load<f64>(laws, 64))));
  restless = v128.or(restless, f32x4.lt(floatsOf(t.P_potential, i), f32x4.splat(<f32>load<f64>(laws, 72))));
  // what of the change of velocity is left without braking and without the legs
  let x = f32x4.sub(vx, beforeX), y = f32x4.sub(vy, beforeY);
  const squared = f32x4.add(f32x4.mul(x, x), f32x4.mul(y, y));
  const against = f32x4.add(f32x4.mul(x, beforeX), f32x4.mul(y, beforeY));
  const kept = f32x4.max(zero, f32x4.min(f32x4.splat(1), f32x4.add(f32x4.splat(1), f32x4.div(against, f32x4.max(squared, f32x4.splat(1e-12))))));
  const legX = f32x4.sub(floatsOf(t.P_wishX, i), beforeX), legY = f32x4.sub(floatsOf(t.P_wishY, i), beforeY);
  const legs = f32x4.max(f32x4.add(f32x4.mul(legX, legX), f32x4.mul(legY, legY)), f32x4.splat(1e-12));
  x = f32x4.mul(x, kept);
  y = f32x4.mul(y, kept);
  // along the legs they take `reach` of it at most, a share of the difference from the wish
  const share = f32x4.div(f32x4.add(f32x4.mul(x, legX), f32x4.mul(y, legY)), legs);
  const most = f32x4.min(f32x4.splat(<f32>(load<f64>(laws, 32) / load<f64>(laws, 16))), f32x4.div(f32x4.splat(<f32>(load<f64>(laws, 32) * load<f64>(laws, 24))), f32x4.sqrt(legs)));
  const own = f32x4.max(zero, f32x4.min(share, most));
  x = f32x4.sub(x, f32x4.mul(own, legX));
  y = f32x4.sub(y, f32x4.mul(own, legY));
  const limit = <f32>(0.5 * UPRIGHT * load<f64>(laws, 8));
  const left = f32x4.add(f32x4.mul(x, x), f32x4.mul(y, y));
  const isLeft = v128.not(f32x4.lt(left, f32x4.splat(limit * limit)));
  const isUnsteady = v128.not(f32x4.lt(squared, f32x4.splat(<f32>(0.98 * STEADY * STEADY))));
  restless = v128.or(restless, v128.and(isLeft, isUnsteady));
  return i32x4.bitmask(v128.andnot(restless, i32x4.eq(state, i32x4.splat(OUT))));
}

/** Persons `from` … `to − 1` by id. Clears `unsensed`, where goals in cell order were while they moved, in whole words. */
export function watchPersons(from: i32, to: i32, unused: f32): void {
  const laws = t.pointer(t.P_laws), watched = t.pointer(t.P_watched);
  memory.fill(t.pointer(t.P_unsensed) + <usize>from, 0, <usize>((to - from + 3) & ~3));
  let i = from;
  for (; i + 4 <= to; i += 4) {
    if (i32x4.all_true(i32x4.eq(bytesOf(t.P_state, i), i32x4.splat(OUT)))) {
      store<u32>(watched + <usize>i, 0);
      continue;
    }
    const restless = restlessOf(i, laws);
    if (restless == 0) {
      store<u32>(watched + <usize>i, 0);
      v128.store(t.pointer(t.P_settledVx) + (<usize>i << 2), floatsOf(t.P_vx, i));
      v128.store(t.pointer(t.P_settledVy) + (<usize>i << 2), floatsOf(t.P_vy, i));
      continue;
    }
    for (let k = i; k < i + 4; k++) {
      if ((restless >> (k - i)) & 1) {
        store<u8>(watched + <usize>k, <u8>watchPerson(k, laws));
        continue;
      }
      store<u8>(watched + <usize>k, 0);
      t.setFloat(t.pointer(t.P_settledVx), k, t.floatAt(t.pointer(t.P_vx), k));
      t.setFloat(t.pointer(t.P_settledVy), k, t.floatAt(t.pointer(t.P_vy), k));
    }
  }
  for (; i < to; i++) store<u8>(watched + <usize>i, <u8>watchPerson(i, laws));
}
