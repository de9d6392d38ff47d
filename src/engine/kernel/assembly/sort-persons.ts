import * as t from './table';
import { BLOCK_COLUMN, BLOCK_ROW } from './table';

/** Sixteenth of the circle in which a velocity points, 0 … 15 from the x axis on. Without a branch. */
@inline export function sectorOf(vx: f32, vy: f32): i32 {
  const right = <i32>(vx >= 0), up = <i32>(vy >= 0);
  const quarter = select<i32>(1 - right, 2 + right, up != 0);
  const ax: f32 = abs<f32>(vx), ay: f32 = abs<f32>(vy);
  const isEven = (quarter & 1) == 0;
  const u: f32 = select<f32>(ax, ay, isEven), w: f32 = select<f32>(ay, ax, isEven);
  return 4 * quarter + <i32>(w > <f32>0.41421356237309503 * u) + <i32>(w > u) + <i32>(w > <f32>2.4142135623730951 * u);
}

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
  let speedMax: f32 = 0;
  for (let i = 0; i < count; i++) {
    if (t.integerAt(state, i) == 3) {
      t.setInteger(cellOf, i, -1);
      continue;
    }
    let column = <i32>((t.floatAt(x, i) - x0) * inverse);
    let row = <i32>((t.floatAt(y, i) - y0) * inverseRow);
    column = min(max(column, 1), columns - 2);
    row = min(max(row, 1), rows - 2);
    const cell = row * columns + column;
    t.setInteger(cellOf, i, cell);
    const at = cellStart + (<usize>(cell + 2) << 2);
    store<i32>(at, load<i32>(at) + 1);
    const u = t.floatAt(vx, i), w = t.floatAt(vy, i);
    const squared: f32 = u * u + w * w;
    if (squared > 0) {
      if (squared > speedMax) speedMax = squared;
      const block = flowHere + (<usize>(((row >> BLOCK_ROW) + 1) * blocks + (column >> BLOCK_COLUMN) + 1) << 2);
      store<i32>(block, load<i32>(block) | (1 << sectorOf(u, w)));
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
  t.setNumber(t.N_speedMax, sqrt<f32>(speedMax));
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
 * Copies into cell order, for the places `from` … `to − 1`, what neighbours read: x and y each by themselves, and rows of four:
 * bodies (x, y, vx, vy), traits (radius, mass, nothing, potential) and aims (heading, goal, area | near area << 16). Somebody lying has
 * a negative radius, so that no body is pushed by theirs.
 */
export function gatherPersons(from: i32, to: i32): void {
  const order = t.pointer(t.P_order);
  const xs = t.pointer(t.P_x), ys = t.pointer(t.P_y), vx = t.pointer(t.P_vx), vy = t.pointer(t.P_vy);
  const radius = t.pointer(t.P_radius), mass = t.pointer(t.P_mass), posture = t.pointer(t.P_posture);
  const area = t.pointer(t.P_area), near = t.pointer(t.P_near);
  const headX = t.pointer(t.P_headX), headY = t.pointer(t.P_headY), potential = t.pointer(t.P_potential), goal = t.pointer(t.P_goal);
  const sx = t.pointer(t.P_sortedX), sy = t.pointer(t.P_sortedY);
  const bodies = t.pointer(t.P_bodiesFrom), traits = t.pointer(t.P_traits), aims = t.pointer(t.P_aims);
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
    store<f32>(traits + at, t.integerAt(posture, id) == 0 ? r : -r);
    store<f32>(traits + at, t.floatAt(mass, id), 4);
    store<f32>(traits + at, 0, 8);
    store<f32>(traits + at, t.floatAt(potential, id), 12);
    store<f32>(aims + at, t.floatAt(headX, id));
    store<f32>(aims + at, t.floatAt(headY, id), 4);
    store<i32>(aims + at, t.integerAt(goal, id), 8);
    store<i32>(aims + at, (t.integerAt(area, id) & 0xffff) | (t.integerAt(near, id) << 16), 12);
  }
  // the empty place, which fills up fours: far from everybody, in both buffers
  const at = <usize>t.integer(t.N_present) << 4;
  v128.store(bodies + at, f32x4(1e9, 1e9, 0, 0));
  v128.store(t.pointer(t.P_bodiesTo) + at, f32x4(1e9, 1e9, 0, 0));
  v128.store(traits + at, f32x4(0, 1, 0, 0));
  v128.store(aims + at, i32x4(0, 0, -2, -1));
}
