import { TILE } from './cell-tables.ts';
import { type AreaTiles, SEGMENT_FLOATS, SegmentKind, type World } from './world.ts';

/**
 * What stops sight within an area, and the corners that walks turn around, in cells: column c and row r of the area's
 * tiles have their centre at (c, r). Made once an area and shared by its fields.
 */
export interface SightTable {
  /** Tiles along a row of the directories below: one more than the area has, for what lies beyond its last cells. */
  readonly columns: number;
  /** Barriers, four numbers each: both ends. */
  readonly barriers: Float64Array;
  /** Corners, six numbers each: place, then unit directions between which the floor lies, counter-clockwise from the second. */
  readonly corners: Float64Array;
  /** Barriers that come within a cell of a tile, and corners within a cell of it: start of each tile's list, `+1` at the end. */
  readonly barrierStart: Counts;
  readonly barrierItems: Int32Array;
  readonly cornerStart: Counts;
  readonly cornerItems: Int32Array;
  /** Tiles with an entry in either list, counted along rows (`columns` + 1 entries a row) and along columns. */
  readonly busyAlongRows: Counts;
  readonly busyAlongColumns: Counts;
}

/** Numbers from 0 on, in as few bytes as they need: tiles are many, and few of them have anything in their lists. */
export type Counts = Uint16Array | Int32Array;

function packCounts(counts: Int32Array, most: number): Counts {
  return most < 65_536 ? Uint16Array.from(counts) : counts;
}

/** Corners that turn by less than this [rad] are none: a walk loses nothing by going straight past them. */
const TURN_MIN = 1e-4;
/** Ends of two portals nearer than this are one place [m]. */
const JOINED = 0.005;
/** Numbers of one corner. */
export const CORNER_NUMBERS = 6;

/** `SightTable` of an area that has tiles. O(wall cells under the area + barriers). */
export function makeSightTable(world: World, area: number, tiles: AreaTiles): SightTable {
  const { grid } = world.sheets[world.areas[area].sheet];
  const toX = (x: number): number => (x - grid.x0) / grid.cell - 0.5 - TILE * tiles.tx0;
  const toY = (y: number): number => (y - grid.y0) / grid.cell - 0.5 - TILE * tiles.ty0;
  const rows = listRows(world, area, tiles);
  const barriers = new Float64Array(4 * rows.length);
  rows.forEach((row, i) => {
    barriers[4 * i] = toX(world.segmentEnds[4 * row]);
    barriers[4 * i + 1] = toY(world.segmentEnds[4 * row + 1]);
    barriers[4 * i + 2] = toX(world.segmentEnds[4 * row + 2]);
    barriers[4 * i + 3] = toY(world.segmentEnds[4 * row + 3]);
  });
  const found = [...wallCorners(world, rows), ...portalCorners(world, area)];
  const corners = new Float64Array(CORNER_NUMBERS * found.length);
  found.forEach((corner, i) => {
    corners.set(corner, CORNER_NUMBERS * i);
    corners[CORNER_NUMBERS * i] = toX(corner[0]);
    corners[CORNER_NUMBERS * i + 1] = toY(corner[1]);
  });

  const columns = tiles.columns + 1;
  const tileRows = tiles.rows + 1;
  const barrierLists = listByTile(columns, tileRows, rows.length, (i, put) => {
    const [ax, ay, bx, by] = barriers.subarray(4 * i, 4 * i + 4);
    const c0 = Math.max(0, Math.floor((Math.min(ax, bx) - 1) / TILE));
    const c1 = Math.min(columns - 1, Math.floor((Math.max(ax, bx) + 1) / TILE));
    const r0 = Math.max(0, Math.floor((Math.min(ay, by) - 1) / TILE));
    const r1 = Math.min(tileRows - 1, Math.floor((Math.max(ay, by) + 1) / TILE));
    for (let r = r0; r <= r1; r++) {
      for (let c = c0; c <= c1; c++) {
        // Oblique: only the tiles that the line comes through, a cell more all round.
        const across = (c * TILE + TILE / 2 - ax) * (by - ay) - (r * TILE + TILE / 2 - ay) * (bx - ax);
        if (Math.abs(across) > (TILE / 2 + 1.01) * (Math.abs(bx - ax) + Math.abs(by - ay))) continue;
        put(r * columns + c);
      }
    }
  });
  const cornerLists = listByTile(columns, tileRows, found.length, (i, put) => {
    const x = corners[CORNER_NUMBERS * i];
    const y = corners[CORNER_NUMBERS * i + 1];
    const c0 = Math.max(0, Math.floor((x - 1) / TILE));
    const c1 = Math.min(columns - 1, Math.floor((x + 1) / TILE));
    const r0 = Math.max(0, Math.floor((y - 1) / TILE));
    const r1 = Math.min(tileRows - 1, Math.floor((y + 1) / TILE));
    for (let r = r0; r <= r1; r++) for (let c = c0; c <= c1; c++) put(r * columns + c);
  });
  const busyAlongRows = new Int32Array((columns + 1) * tileRows);
  const busyAlongColumns = new Int32Array((tileRows + 1) * columns);
  for (let r = 0; r < tileRows; r++) {
    for (let c = 0; c < columns; c++) {
      const t = r * columns + c;
      const busy =
        barrierLists.start[t + 1] > barrierLists.start[t] || cornerLists.start[t + 1] > cornerLists.start[t] ? 1 : 0;
      busyAlongRows[r * (columns + 1) + c + 1] = busyAlongRows[r * (columns + 1) + c] + busy;
      busyAlongColumns[c * (tileRows + 1) + r + 1] = busyAlongColumns[c * (tileRows + 1) + r] + busy;
    }
  }
  return {
    columns,
    barriers,
    corners,
    barrierStart: packCounts(barrierLists.start, barrierLists.items.length),
    barrierItems: barrierLists.items,
    cornerStart: packCounts(cornerLists.start, cornerLists.items.length),
    cornerItems: cornerLists.items,
    busyAlongRows: packCounts(busyAlongRows, columns),
    busyAlongColumns: packCounts(busyAlongColumns, tileRows),
  };
}

function listByTile(
  columns: number,
  tileRows: number,
  count: number,
  visit: (i: number, put: (tile: number) => void) => void,
): { start: Int32Array; items: Int32Array } {
  const start = new Int32Array(columns * tileRows + 1);
  for (let i = 0; i < count; i++) visit(i, (tile) => start[tile + 1]++);
  for (let t = 0; t + 1 < start.length; t++) start[t + 1] += start[t];
  const items = new Int32Array(start[start.length - 1]);
  const next = start.slice();
  for (let i = 0; i < count; i++) {
    visit(i, (tile) => {
      items[next[tile]++] = i;
    });
  }
  return { start, items };
}

/** Rows of the wall table that stop walks within the area: walls, bridged gaps, its portals, leaves that part nothing. */
function listRows(world: World, area: number, tiles: AreaTiles): number[] {
  const { grid } = world.sheets[world.areas[area].sheet];
  const { segments, wallCellStart, wallCellItems } = world.views;
  const perWallCell = (TILE * grid.cell) / grid.wallCell;
  const c0 = Math.max(0, Math.floor(tiles.tx0 * perWallCell) - 1);
  const c1 = Math.min(grid.wallColumns - 1, Math.floor((tiles.tx0 + tiles.columns) * perWallCell) + 1);
  const r0 = Math.max(0, Math.floor(tiles.ty0 * perWallCell) - 1);
  const r1 = Math.min(grid.wallRows - 1, Math.floor((tiles.ty0 + tiles.rows) * perWallCell) + 1);
  const found = new Set<number>();
  for (let r = r0; r <= r1; r++) {
    const first = grid.wallCellBase + r * grid.wallColumns;
    for (let k = wallCellStart[first + c0]; k < wallCellStart[first + c1 + 1]; k++) found.add(wallCellItems[k]);
  }
  return [...found]
    .sort((p, q) => p - q)
    .filter((row) => {
      const s = row * SEGMENT_FLOATS;
      const left = segments[s + 11];
      const right = segments[s + 12];
      switch (segments[s + 7]) {
        case SegmentKind.wall:
        case SegmentKind.bridge:
          return true;
        case SegmentKind.leaf:
          return left === right;
        default:
          return left !== right && (left === area || right === area);
      }
    });
}

/** Place, direction back along the one wall, direction along the other: the floor lies counter-clockwise from the latter. */
type Corner = readonly [x: number, y: number, backX: number, backY: number, alongX: number, alongY: number];

/** Corners of walls that stick out into the floor, free ends too; where a bridge ends at one, what is left beside it. */
function wallCorners(world: World, rows: readonly number[]): Corner[] {
  const { segments } = world.views;
  const { segmentEnds } = world;
  const bridges = new Map<string, [number, number][]>();
  const keyOf = (x: number, y: number): string => `${Math.round(x * 1e5)} ${Math.round(y * 1e5)}`;
  for (const row of rows) {
    const s = row * SEGMENT_FLOATS;
    if (segments[s + 7] !== SegmentKind.bridge) continue;
    for (const [end, turn] of [
      [4 * row, 1],
      [4 * row + 2, -1],
    ]) {
      const key = keyOf(segmentEnds[end], segmentEnds[end + 1]);
      const list = bridges.get(key) ?? [];
      list.push([turn * segments[s + 2], turn * segments[s + 3]]);
      bridges.set(key, list);
    }
  }
  const corners: Corner[] = [];
  for (const row of rows) {
    const s = row * SEGMENT_FLOATS;
    if (segments[s + 7] !== SegmentKind.wall) continue;
    const alongX = segments[s + 2];
    const alongY = segments[s + 3];
    let backX = -segments[s + 5];
    let backY = -segments[s + 6];
    const free = (backX === 0 && backY === 0) || segments[s + 4] === 0;
    if (!free && backX * alongY - backY * alongX < TURN_MIN) continue;
    if (backX === 0 && backY === 0) {
      backX = alongX;
      backY = alongY;
    }
    const x = segmentEnds[4 * row];
    const y = segmentEnds[4 * row + 1];
    const cuts = (bridges.size === 0 ? undefined : bridges.get(keyOf(x, y))) ?? [];
    const turnOf = ([dx, dy]: readonly [number, number]): number => {
      const cosine = dx * alongX + dy * alongY;
      return alongX * dy - alongY * dx >= 0 ? 1 - cosine : 3 + cosine;
    };
    const marks: [number, number][] = [
      [alongX, alongY],
      ...[...cuts].sort((p, q) => turnOf(p) - turnOf(q)),
      [backX, backY],
    ];
    for (let k = 0; k + 1 < marks.length; k++) {
      const [fromX, fromY] = marks[k];
      const [toX, toY] = marks[k + 1];
      const whole = cuts.length === 0 && free;
      if (whole || fromX * toY - fromY * toX < -TURN_MIN) corners.push([x, y, toX, toY, fromX, fromY]);
    }
  }
  return corners;
}

/** Corners where two portals of an area meet on open floor. */
function portalCorners(world: World, area: number): Corner[] {
  const lines = world.areas[area].portals
    .map((portal) => world.portals[portal])
    .filter(({ region }) => region === undefined)
    .map(({ line: [a, b], areas, width }) => {
      const [from, to] = areas[0] === area ? [a, b] : [b, a];
      return { from, to, ux: (to[0] - from[0]) / width, uy: (to[1] - from[1]) / width };
    });
  const corners: Corner[] = [];
  for (const before of lines) {
    for (const after of lines) {
      const dx = after.from[0] - before.to[0];
      const dy = after.from[1] - before.to[1];
      if (dx * dx + dy * dy > JOINED * JOINED) continue;
      if (before.ux * after.uy - before.uy * after.ux > -TURN_MIN) continue;
      corners.push([after.from[0], after.from[1], -before.ux, -before.uy, after.ux, after.uy]);
    }
  }
  return corners;
}
