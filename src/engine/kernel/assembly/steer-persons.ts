import * as t from './table';
import { SEGMENT_BYTES, sumLanes } from './table';
import { wallRange } from './move-persons';

/** Room for the groups of neighbours in sight: of the first thread behind the tables of the reserved page (24 … 56 KiB). */
let scratch: usize = 24576;
const GROUPS_MAX: i32 = 4096;

/** Every further thread, which has an instance of its own, is given its own 32 KiB of scratch. */
export function useScratch(offset: usize): void {
  scratch = offset;
}

/**
 * e^−x for x ≥ 0, as 2^−n · p(f), x·log2 e = n + f: degree-7 Taylor polynomial, relative error < 2e-6; 0 beyond x = 83.
 */
@inline function decay4(x: v128): v128 {
  const scaled = f32x4.min(f32x4.mul(x, f32x4.splat(1.4426950408889634)), f32x4.splat(120));
  const whole = i32x4.trunc_sat_f32x4_s(scaled);
  const f = f32x4.sub(scaled, f32x4.convert_i32x4_s(whole));
  let p = f32x4.splat(-0.00001525273380405984);
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.0001540353039338161));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-0.0013333558146428443));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.009618129107628477));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-0.05550410866482158));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.2402265069591007));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-0.6931471805599453));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1));
  return f32x4.mul(p, i32x4.shl(i32x4.sub(i32x4.splat(127), whole), 23));
}

/**
 * Desired velocity of the persons `from` … `to − 1` in cell order: anticipation steering, then the optimal-velocity law over the
 * neighbours ahead that are nearer to the same goal (all others ahead count too), and the local density.
 * Reads the sorted copies, writes headX, headY, wishX, wishY, packing. `interval` is the time between decisions [s].
 */
export function steerPersons(from: i32, to: i32, interval: f32): void {
  const groupList = scratch;
  const order = t.pointer(t.P_order), cellOf = t.pointer(t.P_cellOf), cellStart = t.pointer(t.P_cellStart);
  const sx = t.pointer(t.P_sortedX), sy = t.pointer(t.P_sortedY), svx = t.pointer(t.P_sortedVx), svy = t.pointer(t.P_sortedVy);
  const sr = t.pointer(t.P_sortedRadius), sarea = t.pointer(t.P_sortedArea), snear = t.pointer(t.P_sortedNear);
  const shx = t.pointer(t.P_sortedHeadX), shy = t.pointer(t.P_sortedHeadY);
  const spotential = t.pointer(t.P_sortedPotential), sgoal = t.pointer(t.P_sortedGoal);
  const wantX = t.pointer(t.P_wantX), wantY = t.pointer(t.P_wantY), headX = t.pointer(t.P_headX), headY = t.pointer(t.P_headY);
  const wishX = t.pointer(t.P_wishX), wishY = t.pointer(t.P_wishY), wishSpeed = t.pointer(t.P_wishSpeed);
  const timeGap = t.pointer(t.P_timeGap), blockedTime = t.pointer(t.P_blockedTime), oncomingOf = t.pointer(t.P_oncoming), packing = t.pointer(t.P_packing), sheetOf = t.pointer(t.P_sheet);
  const sheets = t.pointer(t.P_sheets), segments = t.pointer(t.P_segments);
  const wallStart = t.pointer(t.P_wallCellStart), wallItems = t.pointer(t.P_wallCellItems);
  const columns = t.integer(t.N_gridColumns), rows = t.integer(t.N_gridRows);
  const reachNear = t.integer(t.N_gridReachNear), reachFar = t.integer(t.N_gridReachFar);
  const strength = t.number(t.N_steerStrength), range = t.number(t.N_steerRange), anticipation = t.number(t.N_anticipation);
  const turnShare: f32 = interval / t.number(t.N_turnShare);
  const cutNear = t.number(t.N_cutNear), cutFar = t.number(t.N_cutFar), wallBuffer = t.number(t.N_wallBuffer);
  const leafTouch = t.number(t.N_leafTouch);

  const zero4 = f32x4.splat(0), one4 = f32x4.splat(1), half4 = f32x4.splat(0.5), tiny4 = f32x4.splat(1e-12), large4 = f32x4.splat(1e9);
  const strength4 = f32x4.splat(strength), inverseRange4 = f32x4.splat(<f32>1 / range), anticipation4 = f32x4.splat(anticipation);
  const near4squared = f32x4.splat(cutNear * cutNear), far4squared = f32x4.splat(cutFar * cutFar);
  // cosine beyond which somebody is headed against one, moving or not
  const facing4 = f32x4.splat(-0.3);
  const lane4 = f32x4.splat(t.number(t.N_laneShare));
  const lanes = i32x4(0, 1, 2, 3);

  for (let i = from; i < to; i++) {
    const id = t.integerAt(order, i);
    const x = t.floatAt(sx, i), y = t.floatAt(sy, i), vx = t.floatAt(svx, i), vy = t.floatAt(svy, i);
    const radius = t.floatAt(sr, i);
    const wx = t.floatAt(wantX, id), wy = t.floatAt(wantY, id);
    const hx = t.floatAt(shx, i), hy = t.floatAt(shy, i);
    const x4 = f32x4.splat(x), y4 = f32x4.splat(y), vx4 = f32x4.splat(vx), vy4 = f32x4.splat(vy), radius4 = f32x4.splat(radius);
    const wx4 = f32x4.splat(wx), wy4 = f32x4.splat(wy), hx4 = f32x4.splat(hx), hy4 = f32x4.splat(hy);
    const area4 = i32x4.splat(t.integerAt(sarea, i)), near4 = i32x4.splat(t.integerAt(snear, i)), self4 = i32x4.splat(i);
    const speedMax = t.floatAt(wishSpeed, id);
    // far look only where it is not crowded: there, few are in sight and they matter
    const reach = t.floatAt(packing, id) < 2 ? reachFar : reachNear;
    const cell = t.integerAt(cellOf, id);
    const row = cell / columns, column = cell - row * columns;
    const rowFrom = max(row - reach, 0), rowTo = min(row + reach, rows - 1);
    const columnFrom = max(column - reach, 0), columnTo = min(column + reach, columns - 1);

    // who has been blocked for a second no longer gives way to those behind on the same way
    const goal = t.integerAt(sgoal, i), potential = t.floatAt(spotential, i);
    const goal4 = i32x4.splat(goal), potential4 = f32x4.splat(potential), id4 = i32x4.splat(id);
    const hasGoal = i32x4.ge_s(goal4, i32x4.splat(0));
    const insists = v128.and(hasGoal, t.floatAt(blockedTime, id) > 1 ? i32x4.splat(-1) : i32x4.splat(0));

    let groups = 0;
    let side4 = zero4, density4 = zero4, oncoming4 = zero4;
    for (let line = rowFrom; line <= rowTo; line++) {
      const start = t.integerAt(cellStart, line * columns + columnFrom), end = t.integerAt(cellStart, line * columns + columnTo + 1);
      const end4 = i32x4.splat(end);
      for (let k = start; k < end; k += 4) {
        const at = <usize>k << 2;
        const dx = f32x4.sub(v128.load(sx + at), x4), dy = f32x4.sub(v128.load(sy + at), y4);
        const squared = f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy));
        const index = i32x4.add(i32x4.splat(k), lanes);
        const otherArea = v128.load(sarea + at);
        let mask = v128.and(f32x4.lt(squared, far4squared), v128.and(i32x4.lt_s(index, end4), i32x4.ne(index, self4)));
        mask = v128.and(mask, v128.or(i32x4.eq(otherArea, area4), v128.or(i32x4.eq(otherArea, near4), i32x4.eq(v128.load(snear + at), area4))));
        if (!v128.any_true(mask)) continue;
        if (groups < GROUPS_MAX) store<u64>(groupList + (<usize>groups << 3), ((<u64>k) << 32) | <u64>end);
        groups++;
        const inside = f32x4.max(zero4, f32x4.sub(one4, squared));
        density4 = f32x4.add(density4, v128.and(mask, f32x4.mul(inside, inside)));
        const jvx = v128.load(svx + at), jvy = v128.load(svy + at);
        const distance = f32x4.sqrt(f32x4.max(squared, tiny4));
        const ex = f32x4.div(dx, distance), ey = f32x4.div(dy, distance);
        const front = v128.or(
          f32x4.ge(f32x4.add(f32x4.mul(wx4, ex), f32x4.mul(wy4, ey)), zero4),
          f32x4.ge(f32x4.add(f32x4.mul(hx4, ex), f32x4.mul(hy4, ey)), zero4),
        );
        const oncoming = f32x4.lt(f32x4.add(f32x4.mul(jvx, hx4), f32x4.mul(jvy, hy4)), zero4);
        const jhx = v128.load(shx + at), jhy = v128.load(shy + at);
        const faces = f32x4.lt(f32x4.add(f32x4.mul(jhx, hx4), f32x4.mul(jhy, hy4)), facing4);
        oncoming4 = f32x4.add(oncoming4, v128.and(v128.and(mask, front), v128.and(faces, inside)));
        mask = v128.and(v128.and(mask, front), v128.or(oncoming, f32x4.lt(squared, near4squared)));
        const jPotential = v128.load(spotential + at);
        const nearer = v128.or(
          f32x4.lt(jPotential, potential4),
          v128.and(f32x4.eq(jPotential, potential4), i32x4.lt_s(v128.load(order + at), id4)),
        );
        mask = v128.andnot(mask, v128.andnot(v128.and(insists, i32x4.eq(v128.load(sgoal + at), goal4)), nearer));
        const closing = f32x4.add(f32x4.mul(f32x4.sub(vx4, jvx), ex), f32x4.mul(f32x4.sub(vy4, jvy), ey));
        const touch = f32x4.add(radius4, v128.load(sr + at));
        const gap = f32x4.max(zero4, f32x4.sub(f32x4.sub(distance, touch), f32x4.mul(closing, anticipation4)));
        const aheadX = f32x4.add(dx, f32x4.mul(jvx, anticipation4)), aheadY = f32x4.add(dy, f32x4.mul(jvy, anticipation4));
        const cross = f32x4.sub(f32x4.mul(wx4, aheadY), f32x4.mul(wy4, aheadX));
        const facing = f32x4.add(f32x4.mul(wx4, jhx), f32x4.mul(wy4, jhy));
        const factor = f32x4.add(one4, f32x4.mul(half4, f32x4.sub(one4, facing)));
        const size = f32x4.mul(f32x4.mul(strength4, factor), decay4(f32x4.mul(gap, inverseRange4)));
        side4 = f32x4.add(side4, v128.and(mask, v128.bitselect(size, f32x4.neg(size), f32x4.ge(cross, zero4))));
      }
    }
    t.setFloat(oncomingOf, id, sumLanes(oncoming4));
    // 3/π · Σ (1 − d²)², the person itself included
    t.setFloat(packing, id, <f32>0.9549296585513720 * ((<f32>1) + sumLanes(density4)));

    if (speedMax <= 0) {
      t.setFloat(wishX, id, 0);
      t.setFloat(wishY, id, 0);
      continue;
    }
    const side = sumLanes(side4);
    let ex: f32 = wx + side * wy, ey: f32 = wy - side * wx;
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
    const list = wallRange(sheets, wallStart, t.integerAt(sheetOf, id), x, y);
    const first = <i32>(list >> 32), last = <i32>(list & 0xffffffff);
    for (let w = first; w < last; w++) {
      const segment = segments + <usize>t.integerAt(wallItems, w) * SEGMENT_BYTES;
      const kind = load<f32>(segment, 28);
      if (load<f32>(segment, 36) == 0 || kind == 2) continue;
      const ux = load<f32>(segment, 8), uy = load<f32>(segment, 12);
      const rx: f32 = x - load<f32>(segment), ry: f32 = y - load<f32>(segment, 4);
      const along: f32 = rx * ux + ry * uy;
      let nx: f32 = -uy, ny: f32 = ux, distance: f32 = ux * ry - uy * rx;
      if (along >= 0) {
        if (along > load<f32>(segment, 16)) continue;
        if (distance < 0) {
          if (kind != 1) continue;
          distance = -distance;
          nx = -nx;
          ny = -ny;
        }
      } else {
        if (kind == 1 || rx * load<f32>(segment, 20) + ry * load<f32>(segment, 24) < 0) continue;
        distance = sqrt<f32>(max<f32>(rx * rx + ry * ry, 1e-12));
        nx = rx / distance;
        ny = ry / distance;
      }
      const gap: f32 = distance - radius;
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

    const ex4 = f32x4.splat(ex), ey4 = f32x4.splat(ey);
    let gap4 = large4;
    // the groups of four that had somebody in sight; all of them again where the list was too short (a minimum has no order)
    const isListed = groups <= GROUPS_MAX;
    const rounds = isListed ? 1 : rowTo - rowFrom + 1;
    for (let round = 0; round < rounds; round++) {
      const line = rowFrom + round;
      const start = isListed ? 0 : t.integerAt(cellStart, line * columns + columnFrom);
      const stop = isListed ? 4 * groups : t.integerAt(cellStart, line * columns + columnTo + 1);
      for (let g = start; g < stop; g += 4) {
        let k = g, end = stop;
        if (isListed) {
          const group = load<u64>(groupList + (<usize>g << 1));
          k = <i32>(group >> 32);
          end = <i32>(group & 0xffffffff);
        }
        const end4 = i32x4.splat(end);
        const at = <usize>k << 2;
        const dx = f32x4.sub(v128.load(sx + at), x4), dy = f32x4.sub(v128.load(sy + at), y4);
        const squared = f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy));
        const index = i32x4.add(i32x4.splat(k), lanes);
        const otherArea = v128.load(sarea + at);
        const touch = f32x4.add(radius4, v128.load(sr + at));
        let mask = v128.and(f32x4.lt(squared, far4squared), v128.and(i32x4.lt_s(index, end4), i32x4.ne(index, self4)));
        mask = v128.and(mask, v128.or(i32x4.eq(otherArea, area4), v128.or(i32x4.eq(otherArea, near4), i32x4.eq(v128.load(snear + at), area4))));
        mask = v128.and(mask, f32x4.gt(f32x4.add(f32x4.mul(ex4, dx), f32x4.mul(ey4, dy)), zero4));
        mask = v128.and(mask, f32x4.le(f32x4.abs(f32x4.sub(f32x4.mul(ex4, dy), f32x4.mul(ey4, dx))), f32x4.mul(lane4, touch)));
        if (!v128.any_true(mask)) continue;
        const jPotential = v128.load(spotential + at);
        const nearer = v128.or(
          f32x4.lt(jPotential, potential4),
          v128.and(f32x4.eq(jPotential, potential4), i32x4.lt_s(v128.load(order + at), id4)),
        );
        const follower = v128.andnot(v128.and(hasGoal, i32x4.eq(v128.load(sgoal + at), goal4)), nearer);
        mask = v128.andnot(mask, follower);
        gap4 = f32x4.min(gap4, v128.bitselect(f32x4.sub(f32x4.sqrt(squared), touch), large4, mask));
      }
    }
    const gap: f32 = min<f32>(leafGap, min<f32>(
      min<f32>(f32x4.extract_lane(gap4, 0), f32x4.extract_lane(gap4, 1)),
      min<f32>(f32x4.extract_lane(gap4, 2), f32x4.extract_lane(gap4, 3)),
    ));
    const speed: f32 = min<f32>(speedMax, max<f32>(0, gap / t.floatAt(timeGap, id)));
    t.setFloat(wishX, id, wayX * speed);
    t.setFloat(wishY, id, wayY * speed);
  }
}
