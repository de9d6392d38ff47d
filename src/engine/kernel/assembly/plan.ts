import * as t from './table';
import { SEGMENT_BYTES, SHEET_BYTES } from './table';

/*
 * The building as the kernel sees it (rows written by ../plan-tables.ts): look-ups of cells, walls and travel fields in f64, operation
 * for operation what `locate.ts` and `travel-field.ts` of the world do, so that both give the same bits.
 */

const AREA_BYTES: usize = 48;
const PORTAL_BYTES: usize = 128;
const LINK_BYTES: usize = 48;

@inline export function sheetRow(index: i32): usize {
  return t.pointer(t.P_sheets) + <usize>index * SHEET_BYTES;
}
@inline export function areaRow(index: i32): usize {
  return t.pointer(t.P_areas) + <usize>index * AREA_BYTES;
}
@inline export function portalRow(index: i32): usize {
  return t.pointer(t.P_portals) + <usize>index * PORTAL_BYTES;
}
@inline export function linkRow(index: i32): usize {
  return t.pointer(t.P_links) + <usize>index * LINK_BYTES;
}

@inline export function sheetX0(sheet: usize): f64 { return load<f64>(sheet, 32); }
@inline export function sheetY0(sheet: usize): f64 { return load<f64>(sheet, 40); }
@inline export function sheetCell(sheet: usize): f64 { return load<f64>(sheet, 48); }
@inline export function sheetPerCell(sheet: usize): f64 { return load<f64>(sheet, 88); }

@inline export function areaEffort(area: usize): f64 { return load<f64>(area); }
@inline export function areaSheet(area: usize): i32 { return load<i32>(area, 8); }
@inline export function areaIsLink(area: usize): bool { return load<i32>(area, 12) == 1; }
@inline export function areaIsOutside(area: usize): bool { return load<i32>(area, 12) == 2; }
@inline export function areaLink(area: usize): i32 { return load<i32>(area, 16); }
/** Nodes of the route tables that its portals lead to, and how many. */
@inline export function areaNodes(area: usize): usize { return <usize>load<u32>(area, 40); }
@inline export function areaNodeCount(area: usize): i32 { return load<i32>(area, 44); }

@inline export function portalAx(portal: usize): f64 { return load<f64>(portal); }
@inline export function portalAy(portal: usize): f64 { return load<f64>(portal, 8); }
@inline export function portalBx(portal: usize): f64 { return load<f64>(portal, 16); }
@inline export function portalBy(portal: usize): f64 { return load<f64>(portal, 24); }
@inline export function portalWidth(portal: usize): f64 { return load<f64>(portal, 32); }
@inline export function portalArea(portal: usize, side: i32): i32 { return load<i32>(portal + (<usize>side << 2), 72); }
@inline export function portalDoor(portal: usize): i32 { return load<i32>(portal, 80); }
@inline export function portalLink(portal: usize): i32 { return load<i32>(portal, 84); }
@inline export function portalIsRegion(portal: usize): bool { return load<i32>(portal, 88) != 0; }
/** First byte of the travel field over the area on a side, 0 where it has not been built. */
@inline export function portalField(portal: usize, side: i32): usize { return <usize>load<u32>(portal + (<usize>side << 2), 92); }

/** Circle that holds the portal's line: centre and radius. */
@inline export function portalCircleX(portal: usize): f64 { return load<f64>(portal, 104); }
@inline export function portalCircleY(portal: usize): f64 { return load<f64>(portal, 112); }
@inline export function portalCircleRadius(portal: usize): f64 { return load<f64>(portal, 120); }

@inline export function linkSpeedUp(link: usize): f64 { return load<f64>(link); }
@inline export function linkSpeedDown(link: usize): f64 { return load<f64>(link, 8); }
@inline export function linkRun(link: usize): f64 { return load<f64>(link, 16); }
@inline export function linkLength(link: usize): f64 { return load<f64>(link, 24); }
@inline export function linkIsStairs(link: usize): bool { return load<i32>(link, 32) != 0; }
@inline export function linkUpper(link: usize): i32 { return load<i32>(link, 36); }
@inline export function linkLower(link: usize): i32 { return load<i32>(link, 40); }

const EAST: i32 = 1;
const NORTH: i32 = 2;
const PLAIN: i32 = 4;
const WALL_SIGHT: f64 = 0.75;
const OUTSIDE_REACH: f64 = 0.3;
const STRAIGHT_REACH: f64 = 0.6;
const NONE: u16 = 0xffff;
/** Bit of a tile's entry in the kernel's tile index: a portal is near one of its cells. */
const NEAR_PORTAL: i32 = 1 << 30;

/** Entry of a cell in its sheet's tables, or −1. */
@inline function findCell(sheet: usize, column: i32, row: i32): i32 {
  if (column < 0 || row < 0) return -1;
  const tx = column >> 3, ty = row >> 3;
  const tileColumns = load<i32>(sheet, 24);
  if (tx >= tileColumns || ty >= load<i32>(sheet, 28)) return -1;
  const tile = load<i32>(<usize>load<u32>(sheet, 72) + (<usize>(ty * tileColumns + tx) << 2)) & ~NEAR_PORTAL;
  return tile < 0 ? -1 : (tile << 6) | ((row & 7) << 3) | (column & 7);
}
@inline function cellArea(sheet: usize, cell: i32): i32 {
  const area = load<u16>(<usize>load<u32>(sheet, 76) + (<usize>cell << 1));
  return area == NONE ? -1 : <i32>area;
}
@inline function cellBlocked(sheet: usize, cell: i32): i32 {
  return <i32>load<u8>(<usize>load<u32>(sheet, 80) + <usize>cell);
}
@inline function isOpen(sheet: usize, column: i32, row: i32, bit: i32): bool {
  const cell = findCell(sheet, column, row);
  return cell >= 0 && (cellBlocked(sheet, cell) & bit) == 0;
}

/** `locateNearPortal` of the world. */
export function nearPortal(sheet: usize, x: f64, y: f64): i32 {
  const perCell = sheetPerCell(sheet);
  const at = findCell(sheet, <i32>floor<f64>((x - sheetX0(sheet)) * perCell), <i32>floor<f64>((y - sheetY0(sheet)) * perCell));
  if (at < 0) return -1;
  const portal = load<u16>(<usize>load<u32>(sheet, 84) + (<usize>at << 1));
  return portal == NONE ? -1 : <i32>portal;
}

/** Wall cell of a place in f64, or −1 outside the grid. */
@inline function wallCellAt(sheet: usize, x: f64, y: f64): i32 {
  const size = load<f64>(sheet, 56);
  const column = <i32>floor<f64>((x - sheetX0(sheet)) / size);
  const row = <i32>floor<f64>((y - sheetY0(sheet)) / size);
  const columns = load<i32>(sheet, 12);
  if (column < 0 || row < 0 || column >= columns || row >= load<i32>(sheet, 16)) return -1;
  return load<i32>(sheet, 20) + row * columns + column;
}

/** What `sampleWall` found. */
export let wallDistance: f64 = 0;
export let wallX: f64 = 0;
export let wallY: f64 = 0;

/** `sampleWallDistance` of the world. */
export function sampleWall(sheet: usize, x: f64, y: f64): bool {
  wallDistance = WALL_SIGHT;
  wallX = 0;
  wallY = 0;
  const cell = wallCellAt(sheet, x, y);
  if (cell < 0) return false;
  const segments = t.pointer(t.P_segments), items = t.pointer(t.P_wallCellItems), starts = t.pointer(t.P_wallCellStart);
  let best: f64 = WALL_SIGHT, bestX: f64 = 0, bestY: f64 = 0, bestSide: f64 = 1;
  let found = false;
  const end = t.integerAt(starts, cell + 1);
  for (let k = t.integerAt(starts, cell); k < end; k++) {
    const s = segments + <usize>t.integerAt(items, k) * SEGMENT_BYTES;
    const length = <f64>load<f32>(s, 16);
    if (load<f32>(s, 28) != 0 || length == 0) continue;
    const dx: f64 = x - <f64>load<f32>(s), dy: f64 = y - <f64>load<f32>(s, 4);
    const ux = <f64>load<f32>(s, 8), uy = <f64>load<f32>(s, 12);
    const along: f64 = dx * ux + dy * uy;
    const side: f64 = dy * ux - dx * uy;
    const share: f64 = along < 0 ? 0 : min<f64>(along, length);
    const ex: f64 = dx - share * ux, ey: f64 = dy - share * uy;
    const d: f64 = sqrt<f64>(ex * ex + ey * ey);
    if (d < best - 1e-5 || (d <= best + 1e-5 && bestSide < 0 && side > 0)) {
      best = d;
      bestSide = side >= 0 ? 1 : -1;
      found = true;
      if (d > 1e-6) {
        bestX = (ex / d) * bestSide;
        bestY = (ey / d) * bestSide;
      } else {
        bestX = -uy;
        bestY = ux;
      }
    }
  }
  if (!found) return false;
  wallDistance = best * bestSide;
  wallX = bestX;
  wallY = bestY;
  return true;
}

/** `isCut` of the world, walls, leaves and portals. */
function isCut(sheet: usize, x: f64, y: f64, toX: f64, toY: f64): bool {
  const cell = wallCellAt(sheet, x, y);
  if (cell < 0) return true;
  const segments = t.pointer(t.P_segments), items = t.pointer(t.P_wallCellItems), starts = t.pointer(t.P_wallCellStart);
  const end = t.integerAt(starts, cell + 1);
  for (let k = t.integerAt(starts, cell); k < end; k++) {
    const s = segments + <usize>t.integerAt(items, k) * SEGMENT_BYTES;
    const ax = <f64>load<f32>(s), ay = <f64>load<f32>(s, 4), ux = <f64>load<f32>(s, 8), uy = <f64>load<f32>(s, 12);
    const fromSide: f64 = (y - ay) * ux - (x - ax) * uy;
    const toSide: f64 = (toY - ay) * ux - (toX - ax) * uy;
    if (!((fromSide > 1e-6 && toSide < -1e-6) || (fromSide < -1e-6 && toSide > 1e-6))) continue;
    const share: f64 = fromSide / (fromSide - toSide);
    const along: f64 = (x + share * (toX - x) - ax) * ux + (y + share * (toY - y) - ay) * uy;
    if (along > -1e-6 && along < <f64>load<f32>(s, 16) + 1e-6) return true;
  }
  return false;
}

/** Byte of the value of a field at a cell, or 0 where it has none. */
@inline function valuePlace(area: usize, field: usize, column: i32, row: i32): usize {
  if (column < 0 || row < 0) return 0;
  const slots = <usize>load<u32>(area, 36);
  if (slots == 0) return 0;
  const tx = (column >> 3) - load<i32>(area, 20), ty = (row >> 3) - load<i32>(area, 24);
  const columns = load<i32>(area, 28);
  if (tx < 0 || ty < 0 || tx >= columns || ty >= load<i32>(area, 32)) return 0;
  const slot = load<i32>(slots + (<usize>(ty * columns + tx) << 2));
  return slot < 0 ? 0 : field + (<usize>((slot << 6) | ((row & 7) << 3) | (column & 7)) << 2);
}
@inline function valueAt(area: usize, field: usize, column: i32, row: i32): f64 {
  const at = valuePlace(area, field, column, row);
  return at == 0 ? Infinity : <f64>abs<f32>(load<f32>(at));
}

/** What `estimateField` says where only the host can tell. */
export const UNTOLD: f64 = -1;

/** `estimateTravelDistance` of the world; `UNTOLD` beside walls where the portal is a region. */
export function estimateField(portal: usize, side: i32, field: usize, x: f64, y: f64): f64 {
  const area = areaRow(portalArea(portal, side));
  const sheet = sheetRow(areaSheet(area));
  const size = sheetCell(sheet);
  const at = valuePlace(area, field, <i32>floor<f64>((x - sheetX0(sheet)) / size), <i32>floor<f64>((y - sheetY0(sheet)) / size));
  const value: f64 = at == 0 ? Infinity : <f64>load<f32>(at);
  if (value > 0 && value < Infinity) return value;
  if (portalIsRegion(portal)) return UNTOLD;
  sampleField(portal, side, field, x, y);
  return fieldDistance;
}

let homeColumn: i32 = 0;
let homeRow: i32 = 0;

/** `findFieldCell` of the world: the cell with a value that stands for a place, in `homeColumn`, `homeRow`. */
function findHome(sheet: usize, area: usize, areaIndex: i32, field: usize, x: f64, y: f64): bool {
  const size = sheetCell(sheet), x0 = sheetX0(sheet), y0 = sheetY0(sheet);
  const column = <i32>floor<f64>((x - x0) / size), row = <i32>floor<f64>((y - y0) / size);
  const here = findCell(sheet, column, row);
  if (here >= 0 && (cellBlocked(sheet, here) & PLAIN) != 0 && cellArea(sheet, here) == areaIndex) {
    if (valueAt(area, field, column, row) < Infinity) {
      homeColumn = column;
      homeRow = row;
      return true;
    }
  }
  let seenDistance: f64 = Infinity, nearestDistance: f64 = Infinity;
  let seenColumn = -1, seenRow = -1, nearestColumn = -1, nearestRow = -1;
  const rings = <i32>ceil<f64>(OUTSIDE_REACH / size) + 1;
  const limit: f64 = OUTSIDE_REACH + size;
  for (let ring = 0; ring <= rings; ring++) {
    for (let dy = -ring; dy <= ring; dy++) {
      const step = dy == -ring || dy == ring ? 1 : 2 * ring;
      for (let dx = -ring; dx <= ring; dx += step == 0 ? 1 : step) {
        const cell = findCell(sheet, column + dx, row + dy);
        if (cell < 0) continue;
        const own = cellArea(sheet, cell);
        if (own < 0 || own != areaIndex) continue;
        if (!(valueAt(area, field, column + dx, row + dy) < Infinity)) continue;
        const cx: f64 = x0 + (<f64>(column + dx) + 0.5) * size;
        const cy: f64 = y0 + (<f64>(row + dy) + 0.5) * size;
        const d: f64 = sqrt<f64>((cx - x) * (cx - x) + (cy - y) * (cy - y));
        if (d > limit) continue;
        if (d < nearestDistance) {
          nearestDistance = d;
          nearestColumn = column + dx;
          nearestRow = row + dy;
        }
        if (d < seenDistance && !isCut(sheet, x, y, cx, cy)) {
          seenDistance = d;
          seenColumn = column + dx;
          seenRow = row + dy;
        }
      }
    }
    if (seenColumn >= 0 && seenDistance <= (<f64>ring + 0.5) * size) break;
    if (seenColumn < 0 && nearestColumn >= 0 && ring >= 2 && nearestDistance <= (<f64>ring + 0.5) * size) break;
  }
  if (seenColumn >= 0) {
    homeColumn = seenColumn;
    homeRow = seenRow;
    return true;
  }
  homeColumn = nearestColumn;
  homeRow = nearestRow;
  return nearestColumn >= 0;
}

/** Diagonal neighbour of a patch: its value where it is linked by way of both cells between, else the plane's. */
function cornerOf(sheet: usize, area: usize, field: usize, column: i32, row: i32, dx: i32, dy: i32, besideX: f64, besideY: f64, plane: f64): f64 {
  const value = valueAt(area, field, column + dx, row + dy);
  if (value == Infinity) return plane;
  const south = dy < 0 ? row - 1 : row;
  const west = dx < 0 ? column - 1 : column;
  if (!(besideX < Infinity) || !(besideY < Infinity)) return plane;
  if (!isOpen(sheet, column + dx, south, NORTH)) return plane;
  return isOpen(sheet, west, row + dy, EAST) ? value : plane;
}

/** What `sampleField` and `sampleFetched` found. */
export let fieldDistance: f64 = 0;
export let fieldX: f64 = 0;
export let fieldY: f64 = 0;

/** What `blend` found: the value, and its slope. */
let blended: f64 = 0;
let slopeX: f64 = 0;
let slopeY: f64 = 0;

/** Quadratic B-spline through nine cells, at (tx, ty) cells from the centre of the middle one. */
@inline function blend(p0: f64, p1: f64, p2: f64, p3: f64, p4: f64, p5: f64, p6: f64, p7: f64, p8: f64, tx: f64, ty: f64, perCell: f64): void {
  const wx0: f64 = 0.5 * (0.5 - tx) * (0.5 - tx), wx2: f64 = 0.5 * (0.5 + tx) * (0.5 + tx), wx1: f64 = 1 - wx0 - wx2;
  const wy0: f64 = 0.5 * (0.5 - ty) * (0.5 - ty), wy2: f64 = 0.5 * (0.5 + ty) * (0.5 + ty), wy1: f64 = 1 - wy0 - wy2;
  const low: f64 = wx0 * p0 + wx1 * p1 + wx2 * p2;
  const mid: f64 = wx0 * p3 + wx1 * p4 + wx2 * p5;
  const high: f64 = wx0 * p6 + wx1 * p7 + wx2 * p8;
  slopeX =
    ((0.5 - tx) * (wy0 * (p1 - p0) + wy1 * (p4 - p3) + wy2 * (p7 - p6)) +
      (0.5 + tx) * (wy0 * (p2 - p1) + wy1 * (p5 - p4) + wy2 * (p8 - p7))) *
    perCell;
  slopeY = ((0.5 - ty) * (mid - low) + (0.5 + ty) * (high - mid)) * perCell;
  blended = wy0 * low + wy1 * mid + wy2 * high;
}

/** Whether the way set by `setWay` has no special case: a built field over level floor to a line that leads to level floor. */
export let wayIsUsual: bool = false;
export let wayEffort: f64 = 1;
let wayX0: f64 = 0, wayY0: f64 = 0, wayPerCell: f64 = 0, wayNear: f64 = 0;
let wayField: usize = 0, waySlots: usize = 0, wayColumns: i32 = 0, wayRows: i32 = 0, wayTileX: i32 = 0, wayTileY: i32 = 0;
let wayTiles: usize = 0, wayTileColumns: i32 = 0;
/** Whether a portal may be near the place that `findPatch` was last asked for. */
let portalMayBeNear: bool = false;

/** From here on `fetchPatch` is about this portal seen from this area. */
export function setWay(portalIndex: i32, areaIndex: i32): void {
  const portal = portalRow(portalIndex), area = areaRow(areaIndex);
  const field = portalField(portal, portalArea(portal, 0) == areaIndex ? 0 : 1);
  const slots = <usize>load<u32>(area, 36);
  wayIsUsual = field != 0 && slots != 0 && !portalIsRegion(portal) && !areaIsLink(area) && portalLink(portal) < 0;
  if (!wayIsUsual) return;
  const sheet = sheetRow(areaSheet(area));
  wayEffort = areaEffort(area);
  wayX0 = sheetX0(sheet);
  wayY0 = sheetY0(sheet);
  wayPerCell = sheetPerCell(sheet);
  wayNear = STRAIGHT_REACH + sheetCell(sheet);
  wayField = field;
  waySlots = slots;
  wayTileX = load<i32>(area, 20);
  wayTileY = load<i32>(area, 24);
  wayColumns = load<i32>(area, 28);
  wayRows = load<i32>(area, 32);
  wayTiles = <usize>load<u32>(sheet, 72);
  wayTileColumns = load<i32>(sheet, 24);
}

/** Byte of a value of the way's field at a cell that has one. */
@inline function wayPlace(column: i32, row: i32): usize {
  const slot = load<i32>(waySlots + (<usize>(((row >> 3) - wayTileY) * wayColumns + (column >> 3) - wayTileX) << 2));
  return wayField + (<usize>((slot << 6) | ((row & 7) << 3) | (column & 7)) << 2);
}
@inline function positive(at: usize): f64 {
  return <f64>abs<f32>(load<f32>(at));
}

/** Rows of a patch as `fetchPatch` leaves it: nine values of four persons each, their places in the block one after the other. */
export const PATCH_STRIDE: usize = 128;

/** Places of the cells around the one that `findPatch` was asked for; of the middle and of its eight neighbours in order of rows. */
let place0: usize = 0, place1: usize = 0, place2: usize = 0, place3: usize = 0, place4: usize = 0;
let place5: usize = 0, place6: usize = 0, place7: usize = 0, place8: usize = 0;

/**
 * The nine cells about (fx, fy) [cells from the way's corner], where there is no wall, portal or target about: then all of them have
 * values. False where the place is another.
 */
@inline function findPatch(fx: f64, fy: f64): bool {
  if (!(fx >= 0 && fy >= 0)) return false;
  const column = <i32>fx, row = <i32>fy;
  const tileX = column >> 3, tileY = row >> 3;
  const tx8 = tileX - wayTileX, ty8 = tileY - wayTileY;
  if (<u32>tx8 >= <u32>wayColumns || <u32>ty8 >= <u32>wayRows) return false;
  const slot = load<i32>(waySlots + (<usize>(ty8 * wayColumns + tx8) << 2));
  if (slot < 0) return false;
  const cx = column & 7, cy = row & 7;
  const at = wayField + (<usize>((slot << 6) | (cy << 3) | cx) << 2);
  const middle = load<f32>(at);
  if (!(<f64>middle >= wayNear && middle < Infinity)) return false;
  portalMayBeNear = (load<i32>(wayTiles + (<usize>(tileY * wayTileColumns + tileX) << 2)) & NEAR_PORTAL) != 0;
  place4 = at;
  place1 = cy > 0 ? at - 32 : wayPlace(column, row - 1);
  place7 = cy < 7 ? at + 32 : wayPlace(column, row + 1);
  if (cx > 0) {
    place0 = place1 - 4;
    place3 = at - 4;
    place6 = place7 - 4;
  } else {
    place0 = wayPlace(column - 1, row - 1);
    place3 = wayPlace(column - 1, row);
    place6 = wayPlace(column - 1, row + 1);
  }
  if (cx < 7) {
    place2 = place1 + 4;
    place5 = at + 4;
    place8 = place7 + 4;
  } else {
    place2 = wayPlace(column + 1, row - 1);
    place5 = wayPlace(column + 1, row);
    place8 = wayPlace(column + 1, row + 1);
  }
  return true;
}

/**
 * Fetches the values about a place to `patch`, nine rows `PATCH_STRIDE` bytes apart, for `sampleFour`. 0 where the place is no plain one, 3
 * where a portal may be near, else 1.
 */
@inline export function fetchPatch(x: f64, y: f64, patch: usize): u8 {
  if (!findPatch((x - wayX0) * wayPerCell, (y - wayY0) * wayPerCell)) return 0;
  store<f32>(patch, load<f32>(place0));
  store<f32>(patch, load<f32>(place1), PATCH_STRIDE);
  store<f32>(patch, load<f32>(place2), 2 * PATCH_STRIDE);
  store<f32>(patch, load<f32>(place3), 3 * PATCH_STRIDE);
  store<f32>(patch, load<f32>(place4), 4 * PATCH_STRIDE);
  store<f32>(patch, load<f32>(place5), 5 * PATCH_STRIDE);
  store<f32>(patch, load<f32>(place6), 6 * PATCH_STRIDE);
  store<f32>(patch, load<f32>(place7), 7 * PATCH_STRIDE);
  store<f32>(patch, load<f32>(place8), 8 * PATCH_STRIDE);
  return portalMayBeNear ? 3 : 1;
}

/** What `sampleFour` found, of the first two and the last two: distances and directions. */
export let distances0: v128 = i32x4.splat(0);
export let distances1: v128 = i32x4.splat(0);
export let fourX: v128 = i32x4.splat(0);
export let fourY: v128 = i32x4.splat(0);

@inline function first(v: v128): v128 { return f64x2.promote_low_f32x4(f32x4.abs(v)); }
@inline function second(v: v128): v128 {
  return f64x2.promote_low_f32x4(f32x4.abs(i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15)));
}

/** What `blendTwo` found. */
let blendedTwo: v128 = i32x4.splat(0);
let slopeTwoX: v128 = i32x4.splat(0);
let slopeTwoY: v128 = i32x4.splat(0);

/** `blend` of two persons, operation for operation. */
@inline function blendTwo(p0: v128, p1: v128, p2: v128, p3: v128, p4: v128, p5: v128, p6: v128, p7: v128, p8: v128, tx: v128, ty: v128, perCell: v128): void {
  const half = f64x2.splat(0.5), one = f64x2.splat(1);
  const lessX = f64x2.sub(half, tx), moreX = f64x2.add(half, tx), lessY = f64x2.sub(half, ty), moreY = f64x2.add(half, ty);
  const wx0 = f64x2.mul(f64x2.mul(half, lessX), lessX), wx2 = f64x2.mul(f64x2.mul(half, moreX), moreX), wx1 = f64x2.sub(f64x2.sub(one, wx0), wx2);
  const wy0 = f64x2.mul(f64x2.mul(half, lessY), lessY), wy2 = f64x2.mul(f64x2.mul(half, moreY), moreY), wy1 = f64x2.sub(f64x2.sub(one, wy0), wy2);
  const low = f64x2.add(f64x2.add(f64x2.mul(wx0, p0), f64x2.mul(wx1, p1)), f64x2.mul(wx2, p2));
  const mid = f64x2.add(f64x2.add(f64x2.mul(wx0, p3), f64x2.mul(wx1, p4)), f64x2.mul(wx2, p5));
  const high = f64x2.add(f64x2.add(f64x2.mul(wx0, p6), f64x2.mul(wx1, p7)), f64x2.mul(wx2, p8));
  const west = f64x2.add(
    f64x2.add(f64x2.mul(wy0, f64x2.sub(p1, p0)), f64x2.mul(wy1, f64x2.sub(p4, p3))), f64x2.mul(wy2, f64x2.sub(p7, p6)));
  const east = f64x2.add(
    f64x2.add(f64x2.mul(wy0, f64x2.sub(p2, p1)), f64x2.mul(wy1, f64x2.sub(p5, p4))), f64x2.mul(wy2, f64x2.sub(p8, p7)));
  slopeTwoX = f64x2.mul(f64x2.add(f64x2.mul(lessX, west), f64x2.mul(moreX, east)), perCell);
  slopeTwoY = f64x2.mul(f64x2.add(f64x2.mul(lessY, f64x2.sub(mid, low)), f64x2.mul(moreY, f64x2.sub(high, mid))), perCell);
  blendedTwo = f64x2.add(f64x2.add(f64x2.mul(wy0, low), f64x2.mul(wy1, mid)), f64x2.mul(wy2, high));
}

/** `sampleFetched` of four persons at (x, y) whose patches have been fetched, operation for operation; false where one of them is on a flat place. */
@inline export function sampleFour(patch: usize, x: v128, y: v128): bool {
  const x0 = f64x2.splat(wayX0), y0 = f64x2.splat(wayY0), perCell = f64x2.splat(wayPerCell), half = f64x2.splat(0.5);
  const high = i8x16.shuffle(x, y, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  const fx0 = f64x2.mul(f64x2.sub(f64x2.promote_low_f32x4(x), x0), perCell), fy0 = f64x2.mul(f64x2.sub(f64x2.promote_low_f32x4(y), y0), perCell);
  const fx1 = f64x2.mul(f64x2.sub(f64x2.promote_low_f32x4(high), x0), perCell);
  const fy1 = f64x2.mul(f64x2.sub(f64x2.promote_low_f32x4(i8x16.shuffle(high, high, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15)), y0), perCell);
  const p0 = v128.load(patch), p1 = v128.load(patch, PATCH_STRIDE), p2 = v128.load(patch, 2 * PATCH_STRIDE);
  const p3 = v128.load(patch, 3 * PATCH_STRIDE), p4 = v128.load(patch, 4 * PATCH_STRIDE), p5 = v128.load(patch, 5 * PATCH_STRIDE);
  const p6 = v128.load(patch, 6 * PATCH_STRIDE), p7 = v128.load(patch, 7 * PATCH_STRIDE), p8 = v128.load(patch, 8 * PATCH_STRIDE);
  blendTwo(
    first(p0), first(p1), first(p2), first(p3), first(p4), first(p5), first(p6), first(p7), first(p8),
    f64x2.sub(f64x2.sub(fx0, f64x2.trunc(fx0)), half), f64x2.sub(f64x2.sub(fy0, f64x2.trunc(fy0)), half), perCell,
  );
  distances0 = blendedTwo;
  const gx0 = slopeTwoX, gy0 = slopeTwoY, length0 = f64x2.sqrt(f64x2.add(f64x2.mul(gx0, gx0), f64x2.mul(gy0, gy0)));
  blendTwo(
    second(p0), second(p1), second(p2), second(p3), second(p4), second(p5), second(p6), second(p7), second(p8),
    f64x2.sub(f64x2.sub(fx1, f64x2.trunc(fx1)), half), f64x2.sub(f64x2.sub(fy1, f64x2.trunc(fy1)), half), perCell,
  );
  distances1 = blendedTwo;
  const gx1 = slopeTwoX, gy1 = slopeTwoY, length1 = f64x2.sqrt(f64x2.add(f64x2.mul(gx1, gx1), f64x2.mul(gy1, gy1)));
  const least = f64x2.splat(1e-9);
  if (!i64x2.all_true(v128.and(f64x2.ge(length0, least), f64x2.ge(length1, least)))) return false;
  fourX = joinTwo(f64x2.div(f64x2.neg(gx0), length0), f64x2.div(f64x2.neg(gx1), length1));
  fourY = joinTwo(f64x2.div(f64x2.neg(gy0), length0), f64x2.div(f64x2.neg(gy1), length1));
  return true;
}

/** Two and two numbers, rounded to f32. */
@inline export function joinTwo(low: v128, high: v128): v128 {
  return i8x16.shuffle(
    f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
}
/** The first two of four numbers, and the last two. */
@inline export function lowTwo(v: v128): v128 { return f64x2.promote_low_f32x4(v); }
@inline export function highTwo(v: v128): v128 {
  return f64x2.promote_low_f32x4(i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15));
}

/** `sampleField` of the way set at a place whose patch has been fetched, operation for operation; false where it is flat. */
export function sampleFetched(patch: usize, x: f64, y: f64): bool {
  const fx: f64 = (x - wayX0) * wayPerCell, fy: f64 = (y - wayY0) * wayPerCell;
  const tx: f64 = fx - <f64><i32>fx - 0.5, ty: f64 = fy - <f64><i32>fy - 0.5;
  blend(
    positive(patch), positive(patch + PATCH_STRIDE), positive(patch + 2 * PATCH_STRIDE), positive(patch + 3 * PATCH_STRIDE),
    positive(patch + 4 * PATCH_STRIDE), positive(patch + 5 * PATCH_STRIDE), positive(patch + 6 * PATCH_STRIDE),
    positive(patch + 7 * PATCH_STRIDE), positive(patch + 8 * PATCH_STRIDE), tx, ty, wayPerCell,
  );
  const gx = slopeX, gy = slopeY;
  const length: f64 = sqrt<f64>(gx * gx + gy * gy);
  if (!(length >= 1e-9)) return false;
  fieldDistance = blended;
  fieldX = -gx / length;
  fieldY = -gy / length;
  return true;
}

/** `sampleTravelField` of the world, for portals that are lines. */
export function sampleField(portal: usize, side: i32, field: usize, x: f64, y: f64): bool {
  const areaIndex = portalArea(portal, side);
  const area = areaRow(areaIndex);
  const sheet = sheetRow(areaSheet(area));
  const size = sheetCell(sheet), x0 = sheetX0(sheet), y0 = sheetY0(sheet);
  const perCell = sheetPerCell(sheet);
  let column = <i32>floor<f64>((x - x0) * perCell), row = <i32>floor<f64>((y - y0) * perCell);
  let at = valuePlace(area, field, column, row);
  let middle: f64 = at == 0 ? Infinity : <f64>load<f32>(at);
  const plain = middle > 0 && middle < Infinity;
  if (!plain) {
    if (!findHome(sheet, area, areaIndex, field, x, y)) {
      fieldDistance = Infinity;
      fieldX = 0;
      fieldY = 0;
      return false;
    }
    column = homeColumn;
    row = homeRow;
    middle = valueAt(area, field, column, row);
  }
  let p0: f64, p1: f64, p2: f64, p3: f64, p5: f64, p6: f64, p7: f64, p8: f64;
  if (plain) {
    const cx = column & 7, cy = row & 7;
    if (cx > 0 && cx < 7 && cy > 0 && cy < 7) {
      p0 = <f64>abs<f32>(load<f32>(at - 36));
      p1 = <f64>abs<f32>(load<f32>(at - 32));
      p2 = <f64>abs<f32>(load<f32>(at - 28));
      p3 = <f64>abs<f32>(load<f32>(at - 4));
      p5 = <f64>abs<f32>(load<f32>(at + 4));
      p6 = <f64>abs<f32>(load<f32>(at + 28));
      p7 = <f64>abs<f32>(load<f32>(at + 32));
      p8 = <f64>abs<f32>(load<f32>(at + 36));
    } else {
      p0 = valueAt(area, field, column - 1, row - 1);
      p1 = valueAt(area, field, column, row - 1);
      p2 = valueAt(area, field, column + 1, row - 1);
      p3 = valueAt(area, field, column - 1, row);
      p5 = valueAt(area, field, column + 1, row);
      p6 = valueAt(area, field, column - 1, row + 1);
      p7 = valueAt(area, field, column, row + 1);
      p8 = valueAt(area, field, column + 1, row + 1);
    }
  } else {
    const w = isOpen(sheet, column - 1, row, EAST) ? valueAt(area, field, column - 1, row) : Infinity;
    const e = isOpen(sheet, column, row, EAST) ? valueAt(area, field, column + 1, row) : Infinity;
    const s = isOpen(sheet, column, row - 1, NORTH) ? valueAt(area, field, column, row - 1) : Infinity;
    const n = isOpen(sheet, column, row, NORTH) ? valueAt(area, field, column, row + 1) : Infinity;
    p3 = w < Infinity ? w : e < Infinity ? middle + max<f64>(0, middle - e) : middle;
    p5 = e < Infinity ? e : w < Infinity ? middle + max<f64>(0, middle - w) : middle;
    p1 = s < Infinity ? s : n < Infinity ? middle + max<f64>(0, middle - n) : middle;
    p7 = n < Infinity ? n : s < Infinity ? middle + max<f64>(0, middle - s) : middle;
    p0 = cornerOf(sheet, area, field, column, row, -1, -1, w, s, p3 + p1 - middle);
    p2 = cornerOf(sheet, area, field, column, row, 1, -1, e, s, p5 + p1 - middle);
    p6 = cornerOf(sheet, area, field, column, row, -1, 1, w, n, p3 + p7 - middle);
    p8 = cornerOf(sheet, area, field, column, row, 1, 1, e, n, p5 + p7 - middle);
  }
  const fullX: f64 = (x - x0) * perCell - <f64>column - 0.5;
  const fullY: f64 = (y - y0) * perCell - <f64>row - 0.5;
  const tx: f64 = fullX < -0.5 ? -0.5 : min<f64>(fullX, 0.5);
  const ty: f64 = fullY < -0.5 ? -0.5 : min<f64>(fullY, 0.5);
  blend(p0, p1, p2, p3, middle, p5, p6, p7, p8, tx, ty, perCell);
  const gx = slopeX, gy = slopeY;
  let distance = blended;
  distance += ((fullX - tx) * gx + (fullY - ty) * gy) * size;
  let directionX: f64 = -gx, directionY: f64 = -gy;
  let straight = false;
  if (middle < STRAIGHT_REACH + size) {
    // nearest point of the shrunken target
    const ax = load<f64>(portal, 40), ay = load<f64>(portal, 48), bx = load<f64>(portal, 56), by = load<f64>(portal, 64);
    const dx: f64 = bx - ax, dy: f64 = by - ay;
    const length2: f64 = dx * dx + dy * dy;
    let share: f64 = length2 > 0 ? ((x - ax) * dx + (y - ay) * dy) / length2 : 0;
    share = share < 0 ? 0 : min<f64>(share, 1);
    const px: f64 = ax + share * dx, py: f64 = ay + share * dy;
    const away: f64 = sqrt<f64>((x - px) * (x - px) + (y - py) * (y - py));
    if (away < STRAIGHT_REACH && distance < away + 0.5 * size) {
      const lax = portalAx(portal), lay = portalAy(portal), lbx = portalBx(portal), lby = portalBy(portal);
      const width = portalWidth(portal);
      const left: f64 = ((y - lay) * (lbx - lax) - (x - lax) * (lby - lay)) / width;
      const past: f64 = side == 0 ? left : -left;
      // Past the line but beside its end, round a corner: by the field, not straight across.
      const along: f64 = (x - lax) * (lbx - lax) + (y - lay) * (lby - lay);
      straight = past >= 0.02 || (along >= 0 && along <= width * width);
      if (straight) distance = away;
      if (straight && past < 0.02) {
        const turn: f64 = side == 0 ? 1 : -1;
        directionX = (turn * (lby - lay)) / width;
        directionY = (-turn * (lbx - lax)) / width;
      } else if (straight) {
        directionX = px - x;
        directionY = py - y;
      }
    }
  }
  if (distance < 0) distance = 0;
  let length: f64 = sqrt<f64>(directionX * directionX + directionY * directionY);
  if (!plain && !straight) {
    if (sampleWall(sheet, x, y) && wallDistance < max<f64>(0.1, 0.5 * size)) {
      const into: f64 = directionX * wallX + directionY * wallY;
      if (into < 0) {
        const slideX: f64 = directionX - into * wallX;
        const slideY: f64 = directionY - into * wallY;
        const slide: f64 = sqrt<f64>(slideX * slideX + slideY * slideY);
        if (slide > 1e-3 * length) {
          directionX = slideX;
          directionY = slideY;
          length = slide;
        } else {
          directionX = wallX;
          directionY = wallY;
          length = 1;
        }
      }
    }
  }
  if (length < 1e-9) {
    directionX = 1;
    directionY = 0;
    length = 1;
  }
  fieldDistance = distance;
  fieldX = directionX / length;
  fieldY = directionY / length;
  return true;
}
