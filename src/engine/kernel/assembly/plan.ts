import * as t from './table';
import { SHEET_BYTES } from './table';
import { firsts, seconds, thirds } from './look';
import { awayFrom, distancesOf, fourAt, nearestOf, ROUNDING, wallAt } from './walls';

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
export const WALL_SIGHT: f64 = 0.75;
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
  const cell = i32x4.trunc_sat_f64x2_s_zero(f64x2.floor(f64x2.mul(cellsFrom(sheet, x, y), v128.load64_splat(sheet, 88))));
  const at = findCell(sheet, i32x4.extract_lane(cell, 0), i32x4.extract_lane(cell, 1));
  if (at < 0) return -1;
  const portal = load<u16>(<usize>load<u32>(sheet, 84) + (<usize>at << 1));
  return portal == NONE ? -1 : <i32>portal;
}

/** A place in f64, from where the cells of its sheet begin. */
@inline function cellsFrom(sheet: usize, x: f64, y: f64): v128 {
  return f64x2.sub(f64x2.replace_lane(f64x2.splat(x), 1, y), v128.load(sheet, 32));
}

/** Wall cell of a place in f64, or −1 outside the grid. */
@inline function wallCellAt(sheet: usize, x: f64, y: f64): i32 {
  const cell = i32x4.trunc_sat_f64x2_s_zero(f64x2.floor(f64x2.div(cellsFrom(sheet, x, y), v128.load64_splat(sheet, 56))));
  const column = i32x4.extract_lane(cell, 0), row = i32x4.extract_lane(cell, 1), columns = load<i32>(sheet, 12);
  if (<u32>column >= <u32>columns || <u32>row >= <u32>load<i32>(sheet, 16)) return -1;
  return load<i32>(sheet, 20) + row * columns + column;
}

/** The walls of the cell of a place, four by four, or 0 where there are none. */
@inline export function wallsAbout(sheet: usize, x: f64, y: f64): usize {
  return wallsOf(wallCellAt(sheet, x, y));
}
@inline function wallsOf(cell: i32): usize {
  if (cell < 0) return 0;
  const run = t.pointer(t.P_wallRuns) + <usize>t.integerAt(t.pointer(t.P_wallRunOf), cell);
  return load<i32>(run) == 0 ? 0 : run;
}

/** The same, of four places at once, to a row at `at`: a pointer each. */
@inline export function writeWallsAbout(at: usize, sheet: usize, x: v128, y: v128): void {
  const x0 = v128.load64_splat(sheet, 32), y0 = v128.load64_splat(sheet, 40), size = v128.load64_splat(sheet, 56);
  const column = joinCells(f64x2.div(f64x2.sub(lowTwo(x), x0), size), f64x2.div(f64x2.sub(highTwo(x), x0), size));
  const row = joinCells(f64x2.div(f64x2.sub(lowTwo(y), y0), size), f64x2.div(f64x2.sub(highTwo(y), y0), size));
  const columns = v128.load32_splat(sheet, 12), isInside = v128.and(i32x4.lt_u(column, columns), i32x4.lt_u(row, v128.load32_splat(sheet, 16)));
  const cell = v128.or(i32x4.add(v128.load32_splat(sheet, 20), i32x4.add(i32x4.mul(row, columns), column)), v128.not(isInside));
  store<u32>(at, <u32>wallsOf(i32x4.extract_lane(cell, 0)));
  store<u32>(at, <u32>wallsOf(i32x4.extract_lane(cell, 1)), 4);
  store<u32>(at, <u32>wallsOf(i32x4.extract_lane(cell, 2)), 8);
  store<u32>(at, <u32>wallsOf(i32x4.extract_lane(cell, 3)), 12);
}
@inline function joinCells(low: v128, high: v128): v128 {
  return v128.shuffle<i64>(i32x4.trunc_sat_f64x2_s_zero(f64x2.floor(low)), i32x4.trunc_sat_f64x2_s_zero(f64x2.floor(high)), 0, 2);
}

/** What `sampleWall` found. */
export let wallDistance: f64 = 0;
export let wallX: f64 = 0;
export let wallY: f64 = 0;

/** `sampleWallDistance` of the world, operation for operation, of those walls that may be the nearest. */
export function sampleWall(sheet: usize, x: f64, y: f64): bool {
  wallDistance = WALL_SIGHT;
  wallX = 0;
  wallY = 0;
  const run = wallsAbout(sheet, x, y);
  if (run == 0) return false;
  const x4 = f32x4.splat(<f32>x), y4 = f32x4.splat(<f32>y), fours = load<i32>(run), first = distancesOf(fourAt(run, 0), x4, y4);
  const limit4 = f32x4.splat(nearestOf(run, first, x4, y4, <f32>WALL_SIGHT));
  let best: f64 = WALL_SIGHT, bestX: f64 = 0, bestY: f64 = 0, bestSide: f64 = 1;
  let found = false;
  for (let four = 0; four < fours; four++) {
    const distances = four == 0 ? first : distancesOf(fourAt(run, four), x4, y4);
    for (let bits = i32x4.bitmask(f32x4.lt(distances, limit4)); bits != 0; bits &= bits - 1) {
      const s = wallAt(run, 4 * four + ctz(bits)), length = <f64>load<f32>(s, 16);
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
  }
  if (!found) return false;
  wallDistance = best * bestSide;
  wallX = bestX;
  wallY = bestY;
  return true;
}

/** `isCut` of the world, walls, leaves and portals, operation for operation, of those that may be as near as the other place. */
function isCut(sheet: usize, x: f64, y: f64, toX: f64, toY: f64): bool {
  const cell = wallCellAt(sheet, x, y);
  if (cell < 0) return true;
  const run = wallsOf(cell);
  if (run == 0) return false;
  const x4 = f32x4.splat(<f32>x), y4 = f32x4.splat(<f32>y), fours = load<i32>(run);
  const way4 = f32x4.splat(<f32>sqrt<f64>((toX - x) * (toX - x) + (toY - y) * (toY - y)) + ROUNDING);
  for (let four = 0; four < fours; four++) {
    for (let bits = i32x4.bitmask(f32x4.lt(awayFrom(fourAt(run, four), x4, y4), way4)); bits != 0; bits &= bits - 1) {
      const s = wallAt(run, 4 * four + ctz(bits));
      const ax = <f64>load<f32>(s), ay = <f64>load<f32>(s, 4), ux = <f64>load<f32>(s, 8), uy = <f64>load<f32>(s, 12);
      const fromSide: f64 = (y - ay) * ux - (x - ax) * uy;
      const toSide: f64 = (toY - ay) * ux - (toX - ax) * uy;
      if (!((fromSide > 1e-6 && toSide < -1e-6) || (fromSide < -1e-6 && toSide > 1e-6))) continue;
      const share: f64 = fromSide / (fromSide - toSide);
      const along: f64 = (x + share * (toX - x) - ax) * ux + (y + share * (toY - y) - ay) * uy;
      if (along > -1e-6 && along < <f64>load<f32>(s, 16) + 1e-6) return true;
    }
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

@inline function isWithin(along: f64, size: f64): bool {
  return along > 0.001 * size && along < 0.999 * size;
}

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
    // well within its cell a place is nearer to no other centre
    if (seenColumn >= 0 && ring == 0 && isWithin(x - x0 - <f64>column * size, size) && isWithin(y - y0 - <f64>row * size, size)) break;
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

/** What `sampleField` found. */
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
let wayTiles: usize = 0, wayPortals: usize = 0, wayTileColumns: i32 = 0;

/** From here on `locateFour` and what follows are about this portal seen from this area. */
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
  wayPortals = <usize>load<u32>(sheet, 84);
  wayTileColumns = load<i32>(sheet, 24);
}

/** Bytes of a patch as `fetchPatch` leaves it: three rows of three values, each with a fourth that says nothing. */
export const PATCH_BYTES: usize = 48;
/** Bytes of what `locateFour` leaves for each of four persons in rows of four. */
const PLACE_COLUMN: usize = 0;
const PLACE_ROW: usize = 16;
const PLACE_SLOT: usize = 32;

/** What `fetchPatch` says of a place that is no plain one, and of one with no portal near. */
export const NOT_PLAIN: i32 = -2;
export const NOBODY: i32 = -1;

/** Cells of the way's field at four places, to three rows of four at `place`: column, row, and where the slot of the tile is, or −1. */
@inline export function locateFour(x: v128, y: v128, place: usize): void {
  const x0 = f64x2.splat(wayX0), y0 = f64x2.splat(wayY0), perCell = f64x2.splat(wayPerCell), zero = f64x2.splat(0);
  const fx0 = f64x2.mul(f64x2.sub(lowTwo(x), x0), perCell), fx1 = f64x2.mul(f64x2.sub(highTwo(x), x0), perCell);
  const fy0 = f64x2.mul(f64x2.sub(lowTwo(y), y0), perCell), fy1 = f64x2.mul(f64x2.sub(highTwo(y), y0), perCell);
  const isInside = evenLanes(v128.and(f64x2.ge(fx0, zero), f64x2.ge(fy0, zero)), v128.and(f64x2.ge(fx1, zero), f64x2.ge(fy1, zero)));
  const column = v128.shuffle<i64>(i32x4.trunc_sat_f64x2_s_zero(fx0), i32x4.trunc_sat_f64x2_s_zero(fx1), 0, 2);
  const row = v128.shuffle<i64>(i32x4.trunc_sat_f64x2_s_zero(fy0), i32x4.trunc_sat_f64x2_s_zero(fy1), 0, 2);
  const tx = i32x4.sub(i32x4.shr_s(column, 3), i32x4.splat(wayTileX)), ty = i32x4.sub(i32x4.shr_s(row, 3), i32x4.splat(wayTileY));
  const isStored = v128.and(isInside, v128.and(i32x4.lt_u(tx, i32x4.splat(wayColumns)), i32x4.lt_u(ty, i32x4.splat(wayRows))));
  v128.store(place, column, PLACE_COLUMN);
  v128.store(place, row, PLACE_ROW);
  v128.store(place, v128.or(i32x4.add(i32x4.mul(ty, i32x4.splat(wayColumns)), tx), v128.not(isStored)), PLACE_SLOT);
}

/**
 * Fetches the values about a place to `patch`, for `sampleFour`. `NOT_PLAIN` where a wall, portal or target is about, or the place has no value: elsewhere
 * all nine cells have. Else the portal near, or `NOBODY`.
 * @param place the person's lane of what `locateFour` left
 */
@inline export function fetchPatch(place: usize, patch: usize): i32 {
  const tile8 = load<i32>(place, PLACE_SLOT);
  if (tile8 < 0) return NOT_PLAIN;
  const slot = load<i32>(waySlots + (<usize>tile8 << 2));
  if (slot < 0) return NOT_PLAIN;
  const column = load<i32>(place, PLACE_COLUMN), row = load<i32>(place, PLACE_ROW), cx = column & 7, cy = row & 7, cell = (cy << 3) | cx;
  const at = wayField + (<usize>((slot << 6) | cell) << 2);
  const middle = load<f32>(at);
  if (!(<f64>middle >= wayNear && middle < Infinity)) return NOT_PLAIN;
  // by the tiles of the rows and columns beside, without a branch: a quarter of all cells are the last of theirs
  const slots = waySlots + (<usize>tile8 << 2), line = wayColumns << 2, west = (((cx - 1) >> 3) << 2), east = (((cx + 1) >> 3) << 2);
  fetchRow(slots + ((cy - 1) >> 3) * line, (cy - 1) & 7, cx, west, east, patch);
  fetchRow(slots, cy, cx, west, east, patch + 16);
  fetchRow(slots + ((cy + 1) >> 3) * line, (cy + 1) & 7, cx, west, east, patch + 32);
  const tile = load<i32>(wayTiles + (<usize>((row >> 3) * wayTileColumns + (column >> 3)) << 2));
  if ((tile & NEAR_PORTAL) == 0) return NOBODY;
  const portal = load<u16>(wayPortals + (<usize>(((tile & ~NEAR_PORTAL) << 6) | cell) << 1));
  return portal == NONE ? NOBODY : <i32>portal;
}

/** Three values of row cy of the tile whose slot is at `slots`, about column cx; `west` and `east` lead to the slots of the tiles of those beside it. */
@inline function fetchRow(slots: usize, cy: i32, cx: i32, west: i32, east: i32, patch: usize): void {
  const row = wayField + (<usize>cy << 5);
  let three = v128.load32_zero(row + (<usize>load<i32>(slots + west) << 8) + (<usize>((cx - 1) & 7) << 2));
  three = v128.load_lane<f32>(row + (<usize>load<i32>(slots) << 8) + (<usize>cx << 2), three, 1);
  v128.store(patch, v128.load_lane<f32>(row + (<usize>load<i32>(slots + east) << 8) + (<usize>((cx + 1) & 7) << 2), three, 2));
}

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

/**
 * `sampleField` of the way set for four persons at (x, y) whose patches have been fetched, operation for operation: at `aim` distances, x and y of directions, four f64 each. False where one
 * of them is on a flat place.
 */
@inline export function sampleFour(patch0: usize, patch1: usize, patch2: usize, patch3: usize, x: v128, y: v128, aim: usize): bool {
  const x0 = f64x2.splat(wayX0), y0 = f64x2.splat(wayY0), perCell = f64x2.splat(wayPerCell), half = f64x2.splat(0.5);
  const fx0 = f64x2.mul(f64x2.sub(lowTwo(x), x0), perCell), fy0 = f64x2.mul(f64x2.sub(lowTwo(y), y0), perCell);
  const fx1 = f64x2.mul(f64x2.sub(highTwo(x), x0), perCell), fy1 = f64x2.mul(f64x2.sub(highTwo(y), y0), perCell);
  const a0 = v128.load(patch0), a1 = v128.load(patch1), a2 = v128.load(patch2), a3 = v128.load(patch3);
  const b0 = v128.load(patch0, 16), b1 = v128.load(patch1, 16), b2 = v128.load(patch2, 16), b3 = v128.load(patch3, 16);
  const c0 = v128.load(patch0, 32), c1 = v128.load(patch1, 32), c2 = v128.load(patch2, 32), c3 = v128.load(patch3, 32);
  const p0 = firsts(a0, a1, a2, a3), p1 = seconds(a0, a1, a2, a3), p2 = thirds(a0, a1, a2, a3);
  const p3 = firsts(b0, b1, b2, b3), p4 = seconds(b0, b1, b2, b3), p5 = thirds(b0, b1, b2, b3);
  const p6 = firsts(c0, c1, c2, c3), p7 = seconds(c0, c1, c2, c3), p8 = thirds(c0, c1, c2, c3);
  blendTwo(
    first(p0), first(p1), first(p2), first(p3), first(p4), first(p5), first(p6), first(p7), first(p8),
    f64x2.sub(f64x2.sub(fx0, f64x2.trunc(fx0)), half), f64x2.sub(f64x2.sub(fy0, f64x2.trunc(fy0)), half), perCell,
  );
  v128.store(aim, blendedTwo);
  const gx0 = slopeTwoX, gy0 = slopeTwoY, length0 = f64x2.sqrt(f64x2.add(f64x2.mul(gx0, gx0), f64x2.mul(gy0, gy0)));
  blendTwo(
    second(p0), second(p1), second(p2), second(p3), second(p4), second(p5), second(p6), second(p7), second(p8),
    f64x2.sub(f64x2.sub(fx1, f64x2.trunc(fx1)), half), f64x2.sub(f64x2.sub(fy1, f64x2.trunc(fy1)), half), perCell,
  );
  v128.store(aim, blendedTwo, 16);
  const gx1 = slopeTwoX, gy1 = slopeTwoY, length1 = f64x2.sqrt(f64x2.add(f64x2.mul(gx1, gx1), f64x2.mul(gy1, gy1)));
  const least = f64x2.splat(1e-9);
  if (!i64x2.all_true(v128.and(f64x2.ge(length0, least), f64x2.ge(length1, least)))) return false;
  v128.store(aim, f64x2.div(f64x2.neg(gx0), length0), 32);
  v128.store(aim, f64x2.div(f64x2.neg(gx1), length1), 48);
  v128.store(aim, f64x2.div(f64x2.neg(gy0), length0), 64);
  v128.store(aim, f64x2.div(f64x2.neg(gy1), length1), 80);
  return true;
}

/** Masks of four lanes from those of two and two. */
@inline export function evenLanes(low: v128, high: v128): v128 {
  return v128.shuffle<i32>(low, high, 0, 2, 4, 6);
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
