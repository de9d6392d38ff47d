import { assert } from '../math/index.ts';
import { buildField, shrinkOf } from './build-field.ts';
import { BLOCKED_EAST, BLOCKED_NORTH, TILE_CELLS } from './cell-tables.ts';
import { allocate } from './layout.ts';
import { findCell, findHomeCell, sampleWallDistance } from './locate.ts';
import type { AreaTiles, Portal, TravelField, World } from './world.ts';

/** Nearer to the target than this one walks straight at it [m]. */
const STRAIGHT_REACH = 0.6;

const target = new Float64Array(3);
const wall = new Float64Array(3);
const patch = new Float64Array(9);

/**
 * Handle of the travel field of `portal` over `portal.areas[side]`, made on the first call and kept in the world.
 * Making it may grow the memory (see `allocate`); for its cost see `castField`. The cells of one area only.
 * @throws where there is no area on that side.
 */
export function travelField(world: World, portal: number, side: number): number {
  const known = world.fieldOf[2 * portal + side];
  if (known >= 0) return known;
  const area = world.portals[portal].areas[side];
  assert(area >= 0, `portal ${portal} has an area on side ${side}`);
  const size = TILE_CELLS * (world.areaTiles[area]?.count ?? 0);
  const offset = allocate(world, 4 * size);
  const cells = buildField(world, world.portals[portal], side, world.views.f32.subarray(offset / 4, offset / 4 + size));
  const handle = world.fields.length;
  world.fields.push({ portal, side, area, offset, cells });
  world.fieldOf[2 * portal + side] = handle;
  return handle;
}

/** What the fields built so far take: cells with a value, bytes of memory, how many fields. */
export function fieldCosts(world: World): {
  readonly cells: number;
  readonly bytes: number;
  readonly built: number;
} {
  let cells = 0;
  let bytes = 0;
  for (const field of world.fields) {
    cells += field.cells;
    bytes += 4 * TILE_CELLS * (world.areaTiles[field.area]?.count ?? 0);
  }
  return { cells, bytes, built: world.fields.length };
}

/** Distance from a place to the shrunken target, in `target[0]`, and the nearest point of it in [1], [2]. */
function measureTarget(portal: Portal, x: number, y: number): void {
  if (portal.region !== undefined) {
    const ring = portal.region;
    let best = Infinity;
    let inside = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [ax, ay] = ring[j];
      const [bx, by] = ring[i];
      if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
      nearestOnSegment(ax, ay, bx, by, x, y);
      if (nearest[0] < best) {
        best = nearest[0];
        target[1] = nearest[1];
        target[2] = nearest[2];
      }
    }
    target[0] = best;
    if (inside) {
      target[0] = 0;
      target[1] = portal.line[0][0];
      target[2] = portal.line[0][1];
    }
    return;
  }
  const [a, b] = portal.line;
  const share = shrinkOf(portal);
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  nearestOnSegment(a[0] + share * dx, a[1] + share * dy, b[0] - share * dx, b[1] - share * dy, x, y);
  target[0] = nearest[0];
  target[1] = nearest[1];
  target[2] = nearest[2];
}

const nearest = new Float64Array(3);

function nearestOnSegment(ax: number, ay: number, bx: number, by: number, x: number, y: number): void {
  const dx = bx - ax;
  const dy = by - ay;
  const length2 = dx * dx + dy * dy;
  let t = length2 > 0 ? ((x - ax) * dx + (y - ay) * dy) / length2 : 0;
  t = t < 0 ? 0 : Math.min(t, 1);
  nearest[1] = ax + t * dx;
  nearest[2] = ay + t * dy;
  nearest[0] = Math.sqrt((x - nearest[1]) * (x - nearest[1]) + (y - nearest[2]) * (y - nearest[2]));
}

/** Whether the place lies before or behind the portal's line, not beyond one of its ends. */
function isBesideLine(portal: Portal, x: number, y: number): boolean {
  const [a, b] = portal.line;
  const along = (x - a[0]) * (b[0] - a[0]) + (y - a[1]) * (b[1] - a[1]);
  return along >= 0 && along <= portal.width * portal.width;
}

/** Distance from the portal's line, positive on the given side [m]. */
function signedSide(portal: Portal, side: number, x: number, y: number): number {
  const [a, b] = portal.line;
  const left = ((y - a[1]) * (b[0] - a[0]) - (x - a[0]) * (b[1] - a[1])) / portal.width;
  return side === 0 ? left : -left;
}

/** Where the value of a field at a cell of its sheet lies in `views.f32`, or −1 where it has none. */
function cellOffset(world: World, field: TravelField, column: number, row: number): number {
  const at = slotOffset(world.areaTiles[field.area], column, row);
  return at < 0 ? -1 : field.offset / 4 + at;
}

/** The same from the start of any field of an area. */
function slotOffset(directory: AreaTiles | undefined, column: number, row: number): number {
  if (directory === undefined || column < 0 || row < 0) return -1;
  const tx = (column >> 3) - directory.tx0;
  const ty = (row >> 3) - directory.ty0;
  if (tx < 0 || ty < 0 || tx >= directory.columns || ty >= directory.rows) return -1;
  const slot = directory.slots[ty * directory.columns + tx];
  return slot < 0 ? -1 : slot * TILE_CELLS + ((row & 7) << 3) + (column & 7);
}

/** Value of a field at a cell of its sheet; Infinity where it has none. */
function valueAt(world: World, field: TravelField, column: number, row: number): number {
  const at = cellOffset(world, field, column, row);
  return at < 0 ? Infinity : Math.abs(world.views.f32[at]);
}

/**
 * Walking distance and direction to the field's portal from a place in its area or up to 0.3 m outside its walkable
 * cells: out[0] distance [m], out[1], out[2] unit direction of walking. Returns false, with out = (Infinity, 0, 0), where
 * the portal cannot be reached from there or the place is not near the area.
 *
 * The direction is the downhill gradient of the quadratic B-spline over the 3 × 3 cells around the place (continuous from
 * cell to cell), one-sided where a wall cuts a link; within half a cell or 0.1 m of a wall its part into the wall is
 * taken out. Near the target one walks straight at its nearest point; on the portal's line, straight across.
 * O(1): about 0.2 µs in the open (one core of a shared server), more beside walls.
 */
export function sampleTravelField(world: World, handle: number, x: number, y: number, out: Float64Array): boolean {
  return sampleField(world, world.fields[handle], x, y, out);
}

/** `sampleTravelField` of a field that is no portal's, too (`pointField`). */
export function sampleField(world: World, field: TravelField, x: number, y: number, out: Float64Array): boolean {
  const portal = field.target ?? world.portals[field.portal];
  const { sheet } = world.areas[field.area];
  const { grid } = world.sheets[sheet];
  const perCell = 1 / grid.cell;
  let column = Math.floor((x - grid.x0) * perCell);
  let row = Math.floor((y - grid.y0) * perCell);
  const at = cellOffset(world, field, column, row);
  let middle = at < 0 ? Infinity : world.views.f32[at];
  const plain = middle > 0 && middle < Infinity;
  if (!plain) {
    const id = findFieldCell(world, field, x, y);
    if (id < 0) {
      out[0] = Infinity;
      out[1] = 0;
      out[2] = 0;
      return false;
    }
    column = id % grid.columns;
    row = Math.floor(id / grid.columns);
    middle = valueAt(world, field, column, row);
  }
  gatherPatch(world, field, column, row, middle, plain);
  // Offset from the centre in cells; beyond the home cell the patch goes on straight.
  const fullX = (x - grid.x0) * perCell - column - 0.5;
  const fullY = (y - grid.y0) * perCell - row - 0.5;
  const tx = fullX < -0.5 ? -0.5 : Math.min(fullX, 0.5);
  const ty = fullY < -0.5 ? -0.5 : Math.min(fullY, 0.5);
  const wx0 = 0.5 * (0.5 - tx) * (0.5 - tx);
  const wx2 = 0.5 * (0.5 + tx) * (0.5 + tx);
  const wx1 = 1 - wx0 - wx2;
  const wy0 = 0.5 * (0.5 - ty) * (0.5 - ty);
  const wy2 = 0.5 * (0.5 + ty) * (0.5 + ty);
  const wy1 = 1 - wy0 - wy2;
  const low = wx0 * patch[0] + wx1 * patch[1] + wx2 * patch[2];
  const mid = wx0 * patch[3] + wx1 * patch[4] + wx2 * patch[5];
  const high = wx0 * patch[6] + wx1 * patch[7] + wx2 * patch[8];
  const gx =
    ((0.5 - tx) * (wy0 * (patch[1] - patch[0]) + wy1 * (patch[4] - patch[3]) + wy2 * (patch[7] - patch[6])) +
      (0.5 + tx) * (wy0 * (patch[2] - patch[1]) + wy1 * (patch[5] - patch[4]) + wy2 * (patch[8] - patch[7]))) *
    perCell;
  const gy = ((0.5 - ty) * (mid - low) + (0.5 + ty) * (high - mid)) * perCell;
  let distance = wy0 * low + wy1 * mid + wy2 * high;
  distance += ((fullX - tx) * gx + (fullY - ty) * gy) * grid.cell;
  let directionX = -gx;
  let directionY = -gy;
  let straight = false;
  measureTarget(portal, x, y);
  if (target[0] < STRAIGHT_REACH && middle < STRAIGHT_REACH + grid.cell && distance < target[0] + 0.5 * grid.cell) {
    const isPast = portal.region === undefined && signedSide(portal, field.side, x, y) < 0.02;
    // Past the line but beside its end, round a corner: by the field, not straight across.
    straight = !isPast || isBesideLine(portal, x, y);
    if (straight) distance = target[0];
    if (isPast && straight) {
      const turn = field.side === 0 ? 1 : -1;
      directionX = (turn * (portal.line[1][1] - portal.line[0][1])) / portal.width;
      directionY = (-turn * (portal.line[1][0] - portal.line[0][0])) / portal.width;
    } else if (straight) {
      directionX = target[1] - x;
      directionY = target[2] - y;
    }
  }
  if (distance < 0) distance = 0;
  let length = Math.sqrt(directionX * directionX + directionY * directionY);
  if (!plain && !straight) {
    if (sampleWallDistance(world, sheet, x, y, wall) && wall[0] < Math.max(0.1, 0.5 * grid.cell)) {
      const into = directionX * wall[1] + directionY * wall[2];
      if (into < 0) {
        const slideX = directionX - into * wall[1];
        const slideY = directionY - into * wall[2];
        const slide = Math.sqrt(slideX * slideX + slideY * slideY);
        if (slide > 1e-3 * length) {
          directionX = slideX;
          directionY = slideY;
          length = slide;
        } else {
          directionX = wall[1];
          directionY = wall[2];
          length = 1;
        }
      }
    }
  }
  if (length < 1e-9) {
    // On a ridge (two ways equally long) or in the middle of a region: any direction will do, but always the same.
    directionX = 1;
    directionY = 0;
    length = 1;
  }
  out[0] = distance;
  out[1] = directionX / length;
  out[2] = directionY / length;
  return true;
}

/**
 * Walking distance to the field's portal to within a cell: the value of the cell a place is in, where no wall is beside it; else that of
 * `sampleTravelField`. For choices, not for motion. O(1).
 */
export function estimateTravelDistance(world: World, handle: number, x: number, y: number): number {
  return readTravelDistance(world, handle, locateInFields(world, world.fields[handle].area, x, y), x, y);
}

/** Where the cell of a place lies in all travel fields of an area, for `readTravelDistance`, or −1 where they have none. */
export function locateInFields(world: World, area: number, x: number, y: number): number {
  const { grid } = world.sheets[world.areas[area].sheet];
  return slotOffset(
    world.areaTiles[area],
    Math.floor((x - grid.x0) / grid.cell),
    Math.floor((y - grid.y0) / grid.cell),
  );
}

/** `estimateTravelDistance` for a place whose cell in the fields of that area is known. */
export function readTravelDistance(world: World, handle: number, cell: number, x: number, y: number): number {
  const value = cell < 0 ? Infinity : world.views.f32[world.fields[handle].offset / 4 + cell];
  if (value > 0 && value < Infinity) return value;
  sampleTravelField(world, handle, x, y, estimate);
  return estimate[0];
}

const estimate = new Float64Array(3);

/** The cell with a value that stands for a place; see `findHomeCell`. */
function findFieldCell(world: World, field: TravelField, x: number, y: number): number {
  const { sheet } = world.areas[field.area];
  return findHomeCell(world, sheet, x, y, field.area, (c, r) => valueAt(world, field, c, r) < Infinity);
}

/** Values of the 3 × 3 cells around a home cell; those behind a wall or of another area are continued one-sidedly. */
function gatherPatch(
  world: World,
  field: TravelField,
  column: number,
  row: number,
  middle: number,
  plain: boolean,
): void {
  patch[4] = middle;
  if (plain) {
    const cx = column & 7;
    const cy = row & 7;
    if (cx > 0 && cx < 7 && cy > 0 && cy < 7) {
      // All nine in one tile.
      const { f32 } = world.views;
      const at = cellOffset(world, field, column, row);
      patch[0] = Math.abs(f32[at - 9]);
      patch[1] = Math.abs(f32[at - 8]);
      patch[2] = Math.abs(f32[at - 7]);
      patch[3] = Math.abs(f32[at - 1]);
      patch[5] = Math.abs(f32[at + 1]);
      patch[6] = Math.abs(f32[at + 7]);
      patch[7] = Math.abs(f32[at + 8]);
      patch[8] = Math.abs(f32[at + 9]);
      return;
    }
    patch[0] = valueAt(world, field, column - 1, row - 1);
    patch[1] = valueAt(world, field, column, row - 1);
    patch[2] = valueAt(world, field, column + 1, row - 1);
    patch[3] = valueAt(world, field, column - 1, row);
    patch[5] = valueAt(world, field, column + 1, row);
    patch[6] = valueAt(world, field, column - 1, row + 1);
    patch[7] = valueAt(world, field, column, row + 1);
    patch[8] = valueAt(world, field, column + 1, row + 1);
    return;
  }
  const { sheet } = world.areas[field.area];
  const w = isOpen(world, sheet, column - 1, row, BLOCKED_EAST) ? valueAt(world, field, column - 1, row) : Infinity;
  const e = isOpen(world, sheet, column, row, BLOCKED_EAST) ? valueAt(world, field, column + 1, row) : Infinity;
  const s = isOpen(world, sheet, column, row - 1, BLOCKED_NORTH) ? valueAt(world, field, column, row - 1) : Infinity;
  const n = isOpen(world, sheet, column, row, BLOCKED_NORTH) ? valueAt(world, field, column, row + 1) : Infinity;
  // Uphill the slope goes on; downhill, into what is closed, it ends.
  patch[3] = w < Infinity ? w : e < Infinity ? middle + Math.max(0, middle - e) : middle;
  patch[5] = e < Infinity ? e : w < Infinity ? middle + Math.max(0, middle - w) : middle;
  patch[1] = s < Infinity ? s : n < Infinity ? middle + Math.max(0, middle - n) : middle;
  patch[7] = n < Infinity ? n : s < Infinity ? middle + Math.max(0, middle - s) : middle;
  patch[0] = corner(world, field, column, row, -1, -1, w, s, patch[3] + patch[1] - middle);
  patch[2] = corner(world, field, column, row, 1, -1, e, s, patch[5] + patch[1] - middle);
  patch[6] = corner(world, field, column, row, -1, 1, w, n, patch[3] + patch[7] - middle);
  patch[8] = corner(world, field, column, row, 1, 1, e, n, patch[5] + patch[7] - middle);
}

/** Diagonal neighbour: its value where it is linked by way of both cells between, else the plane's. */
function corner(
  world: World,
  field: TravelField,
  column: number,
  row: number,
  dx: number,
  dy: number,
  besideX: number,
  besideY: number,
  plane: number,
): number {
  const { sheet } = world.areas[field.area];
  const value = valueAt(world, field, column + dx, row + dy);
  if (value === Infinity) return plane;
  const south = dy < 0 ? row - 1 : row;
  const west = dx < 0 ? column - 1 : column;
  if (!(besideX < Infinity) || !(besideY < Infinity)) return plane;
  if (!isOpen(world, sheet, column + dx, south, BLOCKED_NORTH)) return plane;
  return isOpen(world, sheet, west, row + dy, BLOCKED_EAST) ? value : plane;
}

function isOpen(world: World, sheet: number, column: number, row: number, bit: number): boolean {
  const cell = findCell(world, sheet, column, row);
  return cell >= 0 && (world.tiles[sheet].blocked[cell] & bit) === 0;
}
