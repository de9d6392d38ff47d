import { makeIndices, PLAIN } from './cell-tables.ts';
import { SEGMENT_FLOATS, SegmentKind, type SheetTiles, type World } from './world.ts';

/** Farthest that `sampleWallDistance` sees [m]. */
export const WALL_SIGHT = 0.75;
/** Farthest outside the walkable cells that a place is still given an area [m]. */
const OUTSIDE_REACH = 0.3;
/** Reach of `locateNearPortal` [m]. */
export const PORTAL_REACH = 2.5;

/** Entry of the cell at column, row of a sheet in its tables, or −1 where its tile is not stored. O(1). */
export function findCell(world: Pick<World, 'tiles'>, sheet: number, column: number, row: number): number {
  const { tileColumns, tileRows, tileIndex } = world.tiles[sheet];
  if (column < 0 || row < 0) return -1;
  const tx = column >> 3;
  const ty = row >> 3;
  if (tx >= tileColumns || ty >= tileRows) return -1;
  const tile = tileIndex[ty * tileColumns + tx];
  return tile < 0 ? -1 : (tile << 6) | ((row & 7) << 3) | (column & 7);
}

/**
 * Nearest wall of the sheet within 0.75 m of a place: out[0] distance [m], negative where the place is behind the wall;
 * out[1], out[2] unit vector from the wall to the walkable side at the nearest point. Where no wall is that near, 0.75 and
 * (0, 0), false. Doors' leaves and portals are not walls. O(1): the segments of one wall cell. Allocates nothing.
 */
export function sampleWallDistance(world: World, sheet: number, x: number, y: number, out: Float64Array): boolean {
  const { grid } = world.sheets[sheet];
  const { segments, wallCellStart, wallCellItems } = world.views;
  out[0] = WALL_SIGHT;
  out[1] = 0;
  out[2] = 0;
  const column = Math.floor((x - grid.x0) / grid.wallCell);
  const row = Math.floor((y - grid.y0) / grid.wallCell);
  if (!(column >= 0 && row >= 0 && column < grid.wallColumns && row < grid.wallRows)) return false;
  const cell = grid.wallCellBase + row * grid.wallColumns + column;
  let best = WALL_SIGHT;
  let bestX = 0;
  let bestY = 0;
  let bestSide = 1;
  let found = false;
  for (let k = wallCellStart[cell]; k < wallCellStart[cell + 1]; k++) {
    const s = wallCellItems[k] * SEGMENT_FLOATS;
    if (segments[s + 7] !== SegmentKind.wall || segments[s + 4] === 0) continue;
    const dx = x - segments[s];
    const dy = y - segments[s + 1];
    const ux = segments[s + 2];
    const uy = segments[s + 3];
    const length = segments[s + 4];
    const along = dx * ux + dy * uy;
    const side = dy * ux - dx * uy;
    const t = along < 0 ? 0 : Math.min(along, length);
    const ex = dx - t * ux;
    const ey = dy - t * uy;
    const d = Math.sqrt(ex * ex + ey * ey);
    // Two walls meet in their common end: the place is walkable if it is on the left of either.
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
  out[0] = best * bestSide;
  out[1] = bestX;
  out[2] = bestY;
  return true;
}

/**
 * Whether the straight way between two places within 0.75 m of each other crosses a wall, a leaf or a portal
 * (`wallsOnly`: only walls). The segments of the wall cell of the first place decide. O(1).
 */
export function isCut(
  world: World,
  sheet: number,
  x: number,
  y: number,
  toX: number,
  toY: number,
  wallsOnly: boolean,
): boolean {
  const { grid } = world.sheets[sheet];
  const { segments, wallCellStart, wallCellItems } = world.views;
  const column = Math.floor((x - grid.x0) / grid.wallCell);
  const row = Math.floor((y - grid.y0) / grid.wallCell);
  if (!(column >= 0 && row >= 0 && column < grid.wallColumns && row < grid.wallRows)) return true;
  const cell = grid.wallCellBase + row * grid.wallColumns + column;
  for (let k = wallCellStart[cell]; k < wallCellStart[cell + 1]; k++) {
    const s = wallCellItems[k] * SEGMENT_FLOATS;
    const kind = segments[s + 7];
    if (wallsOnly && kind !== SegmentKind.wall && kind !== SegmentKind.bridge) continue;
    if (segmentCuts(segments, s, x, y, toX, toY)) return true;
  }
  return false;
}

/** Whether the row at `s` of the wall table properly crosses the line between two places; touching is not crossing. */
export function segmentCuts(
  segments: Float32Array,
  s: number,
  x: number,
  y: number,
  toX: number,
  toY: number,
): boolean {
  const ux = segments[s + 2];
  const uy = segments[s + 3];
  const fromSide = (y - segments[s + 1]) * ux - (x - segments[s]) * uy;
  const toSide = (toY - segments[s + 1]) * ux - (toX - segments[s]) * uy;
  if (!((fromSide > 1e-6 && toSide < -1e-6) || (fromSide < -1e-6 && toSide > 1e-6))) return false;
  const share = fromSide / (fromSide - toSide);
  const along = (x + share * (toX - x) - segments[s]) * ux + (y + share * (toY - y) - segments[s + 1]) * uy;
  return along > -1e-6 && along < segments[s + 4] + 1e-6;
}

/**
 * The walkable cell that stands for a place: of `area` (any where −1), its centre not parted from the place by a wall or
 * portal where possible, else the nearest within 0.3 m. Returns row × columns + column of the sheet's cell grid, or −1.
 * `usable(cell)` may turn cells down. O(1).
 */
export function findHomeCell(
  world: World,
  sheet: number,
  x: number,
  y: number,
  area: number,
  usable: ((column: number, row: number) => boolean) | undefined,
): number {
  const { grid } = world.sheets[sheet];
  const { cellArea, blocked } = world.tiles[sheet];
  const column = Math.floor((x - grid.x0) / grid.cell);
  const row = Math.floor((y - grid.y0) / grid.cell);
  const here = findCell(world, sheet, column, row);
  if (here >= 0 && (blocked[here] & PLAIN) !== 0 && (area < 0 || cellArea[here] === area)) {
    if (usable === undefined || usable(column, row)) return row * grid.columns + column;
  }
  let seen = -1;
  let seenDistance = Infinity;
  let nearest = -1;
  let nearestDistance = Infinity;
  const rings = Math.ceil(OUTSIDE_REACH / grid.cell) + 1;
  const limit = OUTSIDE_REACH + grid.cell;
  for (let ring = 0; ring <= rings; ring++) {
    for (let dy = -ring; dy <= ring; dy++) {
      const step = dy === -ring || dy === ring ? 1 : 2 * ring;
      for (let dx = -ring; dx <= ring; dx += step === 0 ? 1 : step) {
        const cell = findCell(world, sheet, column + dx, row + dy);
        if (cell < 0) continue;
        const own = cellArea[cell];
        if (own < 0 || (area >= 0 && own !== area)) continue;
        if (usable !== undefined && !usable(column + dx, row + dy)) continue;
        const cx = grid.x0 + (column + dx + 0.5) * grid.cell;
        const cy = grid.y0 + (row + dy + 0.5) * grid.cell;
        const d = Math.sqrt((cx - x) * (cx - x) + (cy - y) * (cy - y));
        if (d > limit) continue;
        const id = (row + dy) * grid.columns + column + dx;
        if (d < nearestDistance) {
          nearestDistance = d;
          nearest = id;
        }
        if (d < seenDistance && !isCut(world, sheet, x, y, cx, cy, false)) {
          seenDistance = d;
          seen = id;
        }
      }
    }
    // A later ring holds nothing nearer than its distance from the place.
    if (seen >= 0 && seenDistance <= (ring + 0.5) * grid.cell) break;
    if (seen < 0 && nearest >= 0 && ring >= 2 && nearestDistance <= (ring + 0.5) * grid.cell) break;
  }
  return seen >= 0 ? seen : nearest;
}

/**
 * Area of a place on a sheet, or −1 where none is within 0.3 m. Near walls and portals the side decides on which the
 * place lies, not the centre of its cell. O(1).
 */
export function locateArea(world: World, sheet: number, x: number, y: number): number {
  const id = findHomeCell(world, sheet, x, y, -1, undefined);
  if (id < 0) return -1;
  const { columns } = world.sheets[sheet].grid;
  return world.tiles[sheet].cellArea[findCell(world, sheet, id % columns, Math.floor(id / columns))];
}

/**
 * Nearest portal (as the crow flies, by the centre of the place's cell) within 2.5 m that has the cell's area on one of
 * its sides, or −1. Whether it is open is not asked. O(1), one look-up.
 */
export function locateNearPortal(world: World, sheet: number, x: number, y: number): number {
  const { grid } = world.sheets[sheet];
  const perCell = 1 / grid.cell;
  const column = Math.floor((x - grid.x0) * perCell);
  const row = Math.floor((y - grid.y0) * perCell);
  const cell = findCell(world, sheet, column, row);
  return cell < 0 ? -1 : world.tiles[sheet].cellPortal[cell];
}

/** The sheets' tables with the one behind `locateNearPortal` in them. O(cells + portals × cells within 2.5 m of one). */
export function tabulatePortals(world: Pick<World, 'areas' | 'portals' | 'sheets' | 'tiles'>): SheetTiles[] {
  const tables = world.tiles.map(({ cellArea }) => makeIndices(cellArea.length, world.portals.length));
  const best = world.tiles.map(({ cellArea }) => new Float32Array(cellArea.length).fill(Infinity));
  for (const { index } of world.portals) {
    visitCellsNear(world, index, (sheet, cell, distance) => {
      if (distance >= best[sheet][cell]) return;
      best[sheet][cell] = distance;
      tables[sheet][cell] = index;
    });
  }
  return world.tiles.map((tiles, i) => ({ ...tiles, cellPortal: tables[i] }));
}

/** Calls `visit(sheet, cell, distance)` for the cells of a portal's areas within `PORTAL_REACH` of its line. */
function visitCellsNear(
  world: Pick<World, 'areas' | 'portals' | 'sheets' | 'tiles'>,
  index: number,
  visit: (sheet: number, cell: number, distance: number) => void,
): void {
  const portal = world.portals[index];
  if (portal.region !== undefined) return;
  const [a, b] = portal.line;
  const first = world.areas[portal.areas[0]].sheet;
  const second = portal.areas[1] < 0 ? first : world.areas[portal.areas[1]].sheet;
  for (const sheet of first === second ? [first] : [first, second]) {
    const { grid } = world.sheets[sheet];
    const { cellArea } = world.tiles[sheet];
    const c0 = Math.floor((Math.min(a[0], b[0]) - PORTAL_REACH - grid.x0) / grid.cell);
    const c1 = Math.floor((Math.max(a[0], b[0]) + PORTAL_REACH - grid.x0) / grid.cell);
    const r0 = Math.floor((Math.min(a[1], b[1]) - PORTAL_REACH - grid.y0) / grid.cell);
    const r1 = Math.floor((Math.max(a[1], b[1]) + PORTAL_REACH - grid.y0) / grid.cell);
    const length2 = (b[0] - a[0]) * (b[0] - a[0]) + (b[1] - a[1]) * (b[1] - a[1]);
    for (let row = Math.max(0, r0); row <= Math.min(grid.rows - 1, r1); row++) {
      for (let column = Math.max(0, c0); column <= Math.min(grid.columns - 1, c1); column++) {
        const cell = findCell(world, sheet, column, row);
        if (cell < 0) continue;
        const area = cellArea[cell];
        if (area < 0 || (area !== portal.areas[0] && area !== portal.areas[1])) continue;
        const x = grid.x0 + (column + 0.5) * grid.cell - a[0];
        const y = grid.y0 + (row + 0.5) * grid.cell - a[1];
        let t = (x * (b[0] - a[0]) + y * (b[1] - a[1])) / length2;
        t = t < 0 ? 0 : Math.min(t, 1);
        const ex = x - t * (b[0] - a[0]);
        const ey = y - t * (b[1] - a[1]);
        const d = Math.sqrt(ex * ex + ey * ey);
        if (d <= PORTAL_REACH) visit(sheet, cell, d);
      }
    }
  }
}
