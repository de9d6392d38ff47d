// Repeats the order of ../table.ts; table.test.ts compares the two.
export const POINTER_TABLE_OFFSET: usize = 1024;
export const NUMBER_TABLE_OFFSET: usize = 2048;

export const P_x: usize = 0;
export const P_y: usize = 1;
export const P_vx: usize = 2;
export const P_vy: usize = 3;
export const P_radius: usize = 4;
export const P_mass: usize = 5;
export const P_wantX: usize = 6;
export const P_wantY: usize = 7;
export const P_headX: usize = 8;
export const P_headY: usize = 9;
export const P_wishX: usize = 10;
export const P_wishY: usize = 11;
export const P_wishSpeed: usize = 12;
export const P_timeGap: usize = 13;
export const P_pushNow: usize = 14;
export const P_potential: usize = 15;
export const P_chestLoad: usize = 16;
export const P_chestLoadMax: usize = 17;
export const P_packing: usize = 18;
export const P_sheet: usize = 19;
export const P_area: usize = 20;
export const P_near: usize = 21;
export const P_state: usize = 22;
export const P_crossedA: usize = 23;
export const P_crossedB: usize = 24;
export const P_touched: usize = 25;
export const P_goal: usize = 26;
export const P_leafImpulse: usize = 27;
export const P_order: usize = 28;
export const P_cellOf: usize = 29;
export const P_cellStart: usize = 30;
export const P_sortedX: usize = 31;
export const P_sortedY: usize = 32;
export const P_sortedVx: usize = 33;
export const P_sortedVy: usize = 34;
export const P_sortedRadius: usize = 35;
export const P_sortedMass: usize = 36;
export const P_sortedArea: usize = 37;
export const P_sortedNear: usize = 38;
export const P_sortedHeadX: usize = 39;
export const P_sortedHeadY: usize = 40;
export const P_sortedPotential: usize = 41;
export const P_sortedGoal: usize = 42;
export const P_sheets: usize = 43;
export const P_segments: usize = 44;
export const P_wallCellStart: usize = 45;
export const P_wallCellItems: usize = 46;
export const P_blockedTime: usize = 47;
export const P_oncoming: usize = 48;

export const N_gridX0: usize = 0;
export const N_gridY0: usize = 1;
export const N_gridInverseCell: usize = 2;
export const N_gridColumns: usize = 3;
export const N_gridRows: usize = 4;
export const N_gridReachNear: usize = 5;
export const N_gridReachFar: usize = 6;
export const N_stiffness: usize = 7;
export const N_dampingShare: usize = 8;
export const N_capShare: usize = 9;
export const N_friction: usize = 10;
export const N_slideDamping: usize = 11;
export const N_relaxTime: usize = 12;
export const N_speedCap: usize = 13;
export const N_clearance: usize = 14;
export const N_loadTime: usize = 15;
export const N_steerStrength: usize = 16;
export const N_steerRange: usize = 17;
export const N_anticipation: usize = 18;
export const N_turnShare: usize = 19;
export const N_cutNear: usize = 20;
export const N_cutFar: usize = 21;
export const N_wallBuffer: usize = 22;
export const N_grip: usize = 23;
export const N_leafTouch: usize = 24;
export const N_laneShare: usize = 25;

@inline export function pointer(index: usize): usize {
  return <usize>load<u32>(POINTER_TABLE_OFFSET + (index << 2));
}
@inline export function number(index: usize): f32 {
  return load<f32>(NUMBER_TABLE_OFFSET + (index << 2));
}
@inline export function integer(index: usize): i32 {
  return load<i32>(NUMBER_TABLE_OFFSET + (index << 2));
}
@inline export function floatAt(base: usize, index: i32): f32 {
  return load<f32>(base + (<usize>index << 2));
}
@inline export function integerAt(base: usize, index: i32): i32 {
  return load<i32>(base + (<usize>index << 2));
}
@inline export function setFloat(base: usize, index: i32, value: f32): void {
  store<f32>(base + (<usize>index << 2), value);
}
@inline export function setInteger(base: usize, index: i32, value: i32): void {
  store<i32>(base + (<usize>index << 2), value);
}

/** Bytes of one row of the wall table. */
export const SEGMENT_BYTES: usize = 64;

/** Sum of four lanes in the one order that the twin uses too. */
@inline export function sumLanes(v: v128): f32 {
  return (f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1)) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}
