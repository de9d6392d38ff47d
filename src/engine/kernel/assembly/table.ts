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
export const P_blockedTime: usize = 26;
export const P_oncoming: usize = 27;
export const P_portal: usize = 28;
export const P_exit: usize = 29;
export const P_harm: usize = 30;
export const P_posture: usize = 31;
export const P_pace: usize = 32;
export const P_waitedTime: usize = 33;
export const P_bestPotential: usize = 34;
export const P_push: usize = 35;
export const P_levelSpeed: usize = 36;
export const P_profile: usize = 37;
export const P_stairFactors: usize = 38;
export const P_restWay: usize = 39;
export const P_bodyRadius: usize = 40;
export const P_goal: usize = 41;
export const P_leafImpulse: usize = 42;
export const P_unsensed: usize = 43;
export const P_order: usize = 44;
export const P_cellOf: usize = 45;
export const P_cellStart: usize = 46;
export const P_flow: usize = 47;
export const P_flowHere: usize = 48;
export const P_sortedX: usize = 49;
export const P_sortedY: usize = 50;
export const P_bodiesFrom: usize = 51;
export const P_bodiesTo: usize = 52;
export const P_traits: usize = 53;
export const P_aims: usize = 54;
export const P_contacts: usize = 55;
export const P_contactInfo: usize = 56;
export const P_scratch: usize = 57;
export const P_sheets: usize = 58;
export const P_areas: usize = 59;
export const P_portals: usize = 60;
export const P_links: usize = 61;
export const P_segments: usize = 62;
export const P_wallCellStart: usize = 63;
export const P_wallCellItems: usize = 64;
export const P_doorState: usize = 65;
export const P_tick: usize = 66;
export const P_lastProgressTick: usize = 67;
export const P_settledVx: usize = 68;
export const P_settledVy: usize = 69;
export const P_leanX: usize = 70;
export const P_leanY: usize = 71;
export const P_dose: usize = 72;
export const P_susceptibility: usize = 73;
export const P_patience: usize = 74;
export const P_watched: usize = 75;
export const P_laws: usize = 76;
export const P_wallRunOf: usize = 77;
export const P_wallRuns: usize = 78;
export const P_rethink: usize = 79;
export const P_route: usize = 80;
export const P_routes: usize = 81;
export const P_choice: usize = 82;
export const P_goals: usize = 83;
export const P_tryTime: usize = 84;
export const P_blocks: usize = 85;
export const P_blockLanes: usize = 86;

export const N_gridX0: usize = 0;
export const N_gridY0: usize = 1;
export const N_gridInverseCell: usize = 2;
export const N_gridInverseRow: usize = 3;
export const N_gridColumns: usize = 4;
export const N_gridRows: usize = 5;
export const N_gridBlocks: usize = 6;
export const N_radiusMax: usize = 7;
export const N_speedMax: usize = 8;
export const N_present: usize = 9;
export const N_strayed: usize = 10;
export const N_stepsDone: usize = 11;
export const N_elapsed: usize = 12;
export const N_stiffness: usize = 13;
export const N_dampingShare: usize = 14;
export const N_capShare: usize = 15;
export const N_friction: usize = 16;
export const N_slideDamping: usize = 17;
export const N_relaxTime: usize = 18;
export const N_speedCap: usize = 19;
export const N_clearance: usize = 20;
export const N_loadTime: usize = 21;
export const N_steerStrength: usize = 22;
export const N_steerRange: usize = 23;
export const N_anticipation: usize = 24;
export const N_turnShare: usize = 25;
export const N_cutNear: usize = 26;
export const N_cutFar: usize = 27;
export const N_wallBuffer: usize = 28;
export const N_grip: usize = 29;
export const N_leafTouch: usize = 30;
export const N_laneShare: usize = 31;
export const N_margin: usize = 32;
export const N_strayMost: usize = 33;
export const N_legsStray: usize = 34;
export const N_followTime: usize = 35;
export const N_passMargin: usize = 36;
export const N_passRight: usize = 37;
export const N_empty: usize = 38;

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

/** Entries of columns of 8 bits, unsigned, and of 16 bits, signed. */
@inline export function byteAt(base: usize, index: i32): i32 {
  return <i32>load<u8>(base + <usize>index);
}
@inline export function shortAt(base: usize, index: i32): i32 {
  return <i32>load<i16>(base + (<usize>index << 1));
}
@inline export function setByte(base: usize, index: i32, value: i32): void {
  store<u8>(base + <usize>index, <u8>value);
}
@inline export function setShort(base: usize, index: i32, value: i32): void {
  store<i16>(base + (<usize>index << 1), <i16>value);
}
/** Four entries of them, from `index` on. */
@inline export function bytesAt(base: usize, index: i32): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(base + <usize>index)));
}
@inline export function shortsAt(base: usize, index: i32): v128 {
  return v128.load16x4_s(base + (<usize>index << 1));
}

@inline export function setNumber(index: usize, value: f32): void {
  store<f32>(NUMBER_TABLE_OFFSET + (index << 2), value);
}
@inline export function setIntegerNumber(index: usize, value: i32): void {
  store<i32>(NUMBER_TABLE_OFFSET + (index << 2), value);
}

/** Cells of a block along x and y, as powers of two: 4 m × 3 m, as far as anybody looks. */
export const BLOCK_COLUMN: i32 = 3;
export const BLOCK_ROW: i32 = 1;

/**
 * Places listed for one person at most, and their bytes: how far each is from one's own place in the order, in 16 bits. Where there are more,
 * or one is farther than `CONTACT_FAR`, they are scanned for.
 */
export const CONTACTS_MAX: i32 = 16;
export const CONTACT_BYTES: usize = 32;
export const CONTACT_FAR: i32 = 32766;
/**
 * Bits of `contactInfo`: how many are listed; cells to be scanned instead; who has left the margin for which contacts were listed; and from
 * `INFO_WALLS_SHIFT` on a bit for each of the first `WALLS_MAX` walls and portals of the cell's list that are near, or `WALLS_ALL`: all that the cell lists.
 */
export const INFO_COUNT: i32 = 255;
export const INFO_SCAN: i32 = 256;
export const INFO_STRAYED: i32 = 512;
export const INFO_PERSONS: i32 = 1023;
export const INFO_WALLS_SHIFT: i32 = 10;
export const WALLS_MAX: i32 = 20;
export const WALLS_ALL: i32 = 1 << 20;
/** Nothing is listed: whom and what one touches is looked for in the cells around. */
export const INFO_LOOKS: i32 = INFO_SCAN | (WALLS_ALL << INFO_WALLS_SHIFT);

/** Persons look again for a better way after so many decisions; what is left in `choice` instead of a node. */
export const CHOOSE_EVERY: i32 = 20;
export const CHOICE_NONE: i32 = -1;
export const CHOICE_ASKED: i32 = -2;
export const MARK_NODE: u8 = 1;
export const MARK_EXIT: u8 = 2;
export const WHYS: i32 = 8;
export const WHY_LEARNT: i32 = 5;
export const WHY_START: i32 = 6;

/** Bytes of one row of the table of sheets. */
export const SHEET_BYTES: usize = 96;

/** Bytes of what steering keeps of four neighbours: six numbers each. */
export const FOUR_BYTES: usize = 112;

/** Bytes of one row of the wall table. */
export const SEGMENT_BYTES: usize = 64;

/** Sum of four lanes in the one order that the twin uses too. */
@inline export function sumLanes(v: v128): f32 {
  return (f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1)) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** Bytes of a run's head and of four walls in it; what lies where is said in ../wall-runs.ts. */
export const RUN_BYTES: usize = 16;
export const WALL_FOUR_BYTES: usize = 144;

/** Address of the walls of the cell at a place of a sheet, four by four. */
@inline function wallRun(sheet: i32, x: f32, y: f32): usize {
  const row = pointer(P_sheets) + <usize>(sheet * <i32>SHEET_BYTES);
  const inverse = load<f32>(row, 8);
  const columns = load<i32>(row, 12), rows = load<i32>(row, 16), base = load<i32>(row, 20);
  let column = <i32>((x - load<f32>(row)) * inverse);
  let line = <i32>((y - load<f32>(row, 4)) * inverse);
  column = min(max(column, 0), columns - 1);
  line = min(max(line, 0), rows - 1);
  return pointer(P_wallRuns) + <usize>integerAt(pointer(P_wallRunOf), base + line * columns + column);
}

/** Writes the same of four places, in rows at `xs` and `ys`, on the sheets of the persons i0 … i3, to a row. */
export function writeWallRuns(at: usize, i0: i32, i1: i32, i2: i32, i3: i32, xs: usize, ys: usize): void {
  const x4 = v128.load(xs), y4 = v128.load(ys);
  const sheets = pointer(P_sheet), s0 = shortAt(sheets, i0), s1 = shortAt(sheets, i1), s2 = shortAt(sheets, i2), s3 = shortAt(sheets, i3);
  if (((s0 ^ s1) | (s0 ^ s2) | (s0 ^ s3)) != 0) {
    store<u32>(at, <u32>wallRun(s0, f32x4.extract_lane(x4, 0), f32x4.extract_lane(y4, 0)));
    store<u32>(at, <u32>wallRun(s1, f32x4.extract_lane(x4, 1), f32x4.extract_lane(y4, 1)), 4);
    store<u32>(at, <u32>wallRun(s2, f32x4.extract_lane(x4, 2), f32x4.extract_lane(y4, 2)), 8);
    store<u32>(at, <u32>wallRun(s3, f32x4.extract_lane(x4, 3), f32x4.extract_lane(y4, 3)), 12);
    return;
  }
  const row = pointer(P_sheets) + <usize>(s0 * <i32>SHEET_BYTES), inverse4 = v128.load32_splat(row, 8), columns4 = v128.load32_splat(row, 12);
  const zero4 = i32x4.splat(0), one4 = i32x4.splat(1), last4 = i32x4.sub(v128.load32_splat(row, 16), one4);
  const column = i32x4.trunc_sat_f32x4_s(f32x4.mul(f32x4.sub(x4, v128.load32_splat(row)), inverse4));
  const line = i32x4.trunc_sat_f32x4_s(f32x4.mul(f32x4.sub(y4, v128.load32_splat(row, 4)), inverse4));
  const across = i32x4.min_s(i32x4.max_s(column, zero4), i32x4.sub(columns4, one4)), up = i32x4.min_s(i32x4.max_s(line, zero4), last4);
  const cell = i32x4.add(v128.load32_splat(row, 20), i32x4.add(i32x4.mul(up, columns4), across));
  const runOf = pointer(P_wallRunOf), runs = <i32>pointer(P_wallRuns);
  store<i32>(at, runs + integerAt(runOf, i32x4.extract_lane(cell, 0)));
  store<i32>(at, runs + integerAt(runOf, i32x4.extract_lane(cell, 1)), 4);
  store<i32>(at, runs + integerAt(runOf, i32x4.extract_lane(cell, 2)), 8);
  store<i32>(at, runs + integerAt(runOf, i32x4.extract_lane(cell, 3)), 12);
}
