import * as t from './table';

/**
 * Stable counting sort of the present persons into the cells of one plan grid, by id within a cell, and copies of what
 * their neighbours read. Persons that are out (state 3) have cell −1. Returns how many are present.
 * Cells at the rim are never used, so that a 3 × 3 look-up needs no test.
 */
export function sortPersons(count: i32): i32 {
  const x = t.pointer(t.P_x), y = t.pointer(t.P_y), state = t.pointer(t.P_state);
  const cellOf = t.pointer(t.P_cellOf), cellStart = t.pointer(t.P_cellStart), order = t.pointer(t.P_order);
  const x0 = t.number(t.N_gridX0), y0 = t.number(t.N_gridY0), inverse = t.number(t.N_gridInverseCell);
  const columns = t.integer(t.N_gridColumns), rows = t.integer(t.N_gridRows);
  const cells = columns * rows;
  memory.fill(cellStart, 0, <usize>(cells + 2) << 2);
  for (let i = 0; i < count; i++) {
    if (t.integerAt(state, i) == 3) {
      t.setInteger(cellOf, i, -1);
      continue;
    }
    let column = <i32>((t.floatAt(x, i) - x0) * inverse);
    let row = <i32>((t.floatAt(y, i) - y0) * inverse);
    column = min(max(column, 1), columns - 2);
    row = min(max(row, 1), rows - 2);
    const cell = row * columns + column;
    t.setInteger(cellOf, i, cell);
    const at = cellStart + (<usize>(cell + 2) << 2);
    store<i32>(at, load<i32>(at) + 1);
  }
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

@inline function gather(from: usize, to: usize, order: usize, count: i32): void {
  for (let k = 0; k < count; k++) store<u32>(to + (<usize>k << 2), load<u32>(from + (<usize>t.integerAt(order, k) << 2)));
}

/** Copies into cell order what changes in every move step. `count` is what `sortPersons` returned. */
export function gatherMotion(count: i32): void {
  const order = t.pointer(t.P_order);
  gather(t.pointer(t.P_x), t.pointer(t.P_sortedX), order, count);
  gather(t.pointer(t.P_y), t.pointer(t.P_sortedY), order, count);
  gather(t.pointer(t.P_vx), t.pointer(t.P_sortedVx), order, count);
  gather(t.pointer(t.P_vy), t.pointer(t.P_sortedVy), order, count);
  gather(t.pointer(t.P_radius), t.pointer(t.P_sortedRadius), order, count);
  gather(t.pointer(t.P_mass), t.pointer(t.P_sortedMass), order, count);
  gather(t.pointer(t.P_area), t.pointer(t.P_sortedArea), order, count);
  gather(t.pointer(t.P_near), t.pointer(t.P_sortedNear), order, count);
}

/** Copies into cell order what steering reads besides the motion. */
export function gatherSteering(count: i32): void {
  const order = t.pointer(t.P_order);
  gather(t.pointer(t.P_headX), t.pointer(t.P_sortedHeadX), order, count);
  gather(t.pointer(t.P_headY), t.pointer(t.P_sortedHeadY), order, count);
  gather(t.pointer(t.P_potential), t.pointer(t.P_sortedPotential), order, count);
  gather(t.pointer(t.P_goal), t.pointer(t.P_sortedGoal), order, count);
}
