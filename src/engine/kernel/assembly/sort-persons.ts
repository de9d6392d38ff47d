import * as t from './table';
import { BLOCK_COLUMN, BLOCK_ROW } from './table';
import { sectorsOf } from './look';
import { placesScratch } from './neighbours';

const OUT: i32 = 3;

/**
 * Stable counting sort of the present persons into the cells of one plan grid, by id within a cell. Persons that are out (state 3)
 * have cell −1. Returns how many are present. Also the greatest speed, and for each block of `BLOCK` cells each way the sixteenths of
 * the circle in which somebody moves there or in a block beside it.
 */
export function sortPersons(count: i32): i32 {
  const x = t.pointer(t.P_x), y = t.pointer(t.P_y), vx = t.pointer(t.P_vx), vy = t.pointer(t.P_vy), state = t.pointer(t.P_state);
  const cellOf = t.pointer(t.P_cellOf), cellStart = t.pointer(t.P_cellStart), order = t.pointer(t.P_order);
  const flow = t.pointer(t.P_flow);
  const x0 = t.number(t.N_gridX0), y0 = t.number(t.N_gridY0), inverse = t.number(t.N_gridInverseCell), inverseRow = t.number(t.N_gridInverseRow);
  const columns = t.integer(t.N_gridColumns), rows = t.integer(t.N_gridRows);
  const cells = columns * rows, blocks = t.integer(t.N_gridBlocks);
  memory.fill(cellStart, 0, <usize>(cells + 2) << 2);
  const blockRows = (rows >> BLOCK_ROW) + 3, flowHere = t.pointer(t.P_flowHere);
  memory.fill(flowHere, 0, <usize>(blocks * blockRows) << 2);
  const x04 = f32x4.splat(x0), y04 = f32x4.splat(y0), inverse4 = f32x4.splat(inverse), inverseRow4 = f32x4.splat(inverseRow);
  const one4 = i32x4.splat(1), lastColumn4 = i32x4.splat(columns - 2), lastRow4 = i32x4.splat(rows - 2), columns4 = i32x4.splat(columns);
  const blocks4 = i32x4.splat(blocks), zero4 = f32x4.splat(0);
  const lanes = i32x4(0, 1, 2, 3), count4 = i32x4.splat(count), own = placesScratch();
  let fastest4 = zero4;
  // columns have room for whole fours
  for (let i = 0; i < count; i += 4) {
    const at = <usize>i << 2;
    const column = i32x4.min_s(i32x4.max_s(i32x4.trunc_sat_f32x4_s(f32x4.mul(f32x4.sub(v128.load(x + at), x04), inverse4)), one4), lastColumn4);
    const row = i32x4.min_s(i32x4.max_s(i32x4.trunc_sat_f32x4_s(f32x4.mul(f32x4.sub(v128.load(y + at), y04), inverseRow4)), one4), lastRow4);
    const cell = i32x4.add(i32x4.mul(row, columns4), column);
    const u = v128.load(vx + at), w = v128.load(vy + at);
    const squared = f32x4.add(f32x4.mul(u, u), f32x4.mul(w, w));
    const isRow = i32x4.lt_s(i32x4.add(i32x4.splat(i), lanes), count4);
    const away = v128.not(v128.andnot(isRow, i32x4.eq(t.bytesAt(state, i), i32x4.splat(OUT))));
    const moves = v128.andnot(f32x4.gt(squared, zero4), away);
    v128.store(cellOf + at, v128.or(cell, away));
    let moving = i32x4.bitmask(moves), present = i32x4.bitmask(v128.not(away));
    for (; present != 0; present &= present - 1) {
      const start = cellStart + (<usize>(load<i32>(cellOf + at + (<usize>ctz(present) << 2)) + 2) << 2);
      store<i32>(start, load<i32>(start) + 1);
    }
    if (moving == 0) continue;
    fastest4 = f32x4.pmax(fastest4, v128.and(squared, moves));
    const block = i32x4.add(i32x4.mul(i32x4.add(i32x4.shr_s(row, BLOCK_ROW), one4), blocks4), i32x4.add(i32x4.shr_s(column, BLOCK_COLUMN), one4));
    v128.store(own, block);
    v128.store(own, sectorsOf(u, w), 16);
    for (; moving != 0; moving &= moving - 1) {
      const k = <usize>ctz(moving) << 2;
      const flows = flowHere + (<usize>load<i32>(own + k) << 2);
      store<i32>(flows, load<i32>(flows) | (1 << load<i32>(own + k, 16)));
    }
  }
  for (let line = 1; line < blockRows - 1; line++) {
    for (let k = line * blocks + 1; k < line * blocks + blocks - 1; k++) {
      let all = 0;
      for (let next = k - blocks; next <= k + blocks; next += blocks)
        all |= t.integerAt(flowHere, next - 1) | t.integerAt(flowHere, next) | t.integerAt(flowHere, next + 1);
      t.setInteger(flow, k, all);
    }
  }
  const fastest = max<f32>(
    max<f32>(f32x4.extract_lane(fastest4, 0), f32x4.extract_lane(fastest4, 1)), max<f32>(f32x4.extract_lane(fastest4, 2), f32x4.extract_lane(fastest4, 3)));
  t.setNumber(t.N_speedMax, sqrt<f32>(fastest));
  let sum = 0;
  for (let c = 2; c < cells + 2; c++) {
    sum += t.integerAt(cellStart, c);
    t.setInteger(cellStart, c, sum);
  }
  for (let i = 0; i < count; i++) {
    const cell = t.integerAt(cellOf, i);
    if (cell < 0) continue;
    const at = cellStart + (<usize>(cell + 1) << 2);
    const place = load<i32>(at);
    store<i32>(at, place + 1);
    t.setInteger(order, place, i);
  }
  return sum;
}

/**
 * Copies into cell order, for the places `from` … `to − 1`, what neighbours read: x and y each by themselves, goals (16 bits), rows of four:
 * bodies (x, y, vx, vy) and traits (radius, mass, area | near area << 16, potential), and rows of two: aims (heading). Somebody lying has
 * a negative radius, so that no body is pushed by theirs. What only steering and listing read lies where `movePersons` puts new bodies.
 */
export function gatherPersons(from: i32, to: i32): void {
  const order = t.pointer(t.P_order);
  const xs = t.pointer(t.P_x), ys = t.pointer(t.P_y), vx = t.pointer(t.P_vx), vy = t.pointer(t.P_vy);
  const radius = t.pointer(t.P_radius), mass = t.pointer(t.P_mass), posture = t.pointer(t.P_posture);
  const area = t.pointer(t.P_area), near = t.pointer(t.P_near);
  const headX = t.pointer(t.P_headX), headY = t.pointer(t.P_headY), potential = t.pointer(t.P_potential), goal = t.pointer(t.P_goal);
  const sx = t.pointer(t.P_sortedX), sy = t.pointer(t.P_sortedY);
  const bodies = t.pointer(t.P_bodiesFrom), traits = t.pointer(t.P_traits), aims = t.pointer(t.P_aims), goals = t.pointer(t.P_goals);
  for (let k = from; k < to; k++) {
    const id = t.integerAt(order, k);
    const x = t.floatAt(xs, id), y = t.floatAt(ys, id);
    t.setFloat(sx, k, x);
    t.setFloat(sy, k, y);
    const at = <usize>k << 4;
    store<f32>(bodies + at, x);
    store<f32>(bodies + at, y, 4);
    store<f32>(bodies + at, t.floatAt(vx, id), 8);
    store<f32>(bodies + at, t.floatAt(vy, id), 12);
    const r = t.floatAt(radius, id);
    store<f32>(traits + at, t.byteAt(posture, id) == 0 ? r : -r);
    store<f32>(traits + at, t.floatAt(mass, id), 4);
    store<i32>(traits + at, (t.shortAt(area, id) & 0xffff) | (t.shortAt(near, id) << 16), 8);
    store<f32>(traits + at, t.floatAt(potential, id), 12);
    const aim = aims + (<usize>k << 3);
    store<f32>(aim, t.floatAt(headX, id));
    store<f32>(aim, t.floatAt(headY, id), 4);
    t.setShort(goals, k, t.shortAt(goal, id));
  }
}
