import type { Place, Ring, Rings } from './plan-geometry.ts';
import type { SegmentRow } from './wall-segments.ts';
import type { AreaTiles, SheetGrid, SheetTiles, SmallIndices } from './world.ts';

/** Cells along one side of a tile. */
export const TILE = 8;
export const TILE_CELLS = TILE * TILE;

/** Bits of `SheetTiles.blocked`. */
export const BLOCKED_EAST = 1;
export const BLOCKED_NORTH = 2;
/** This cell and its eight neighbours lie in one area and no link among them is cut. */
export const PLAIN = 4;

/**
 * The grids of a sheet: padded by 2 m on every side, shifted by 3 µm so that no centre of a cell lies on the 10 µm grid
 * of the plan (a wall along x or y never runs exactly through centres).
 */
export function makeGrid(
  box: readonly [number, number, number, number],
  cell: number,
  wallCellBase: number,
): SheetGrid {
  const pad = 2;
  const x0 = Math.floor((box[0] - pad) * 1e5) / 1e5 + 3e-6;
  const y0 = Math.floor((box[1] - pad) * 1e5) / 1e5 + 3e-6;
  const width = box[2] + pad - x0;
  const height = box[3] + pad - y0;
  const columns = Math.ceil(width / cell / TILE) * TILE;
  const rows = Math.ceil(height / cell / TILE) * TILE;
  const wallCell = 1;
  return {
    x0,
    y0,
    cell,
    columns,
    rows,
    wallCell,
    wallColumns: Math.ceil(width / wallCell),
    wallRows: Math.ceil(height / wallCell),
    wallCellBase,
  };
}

/** What `tabulateCells` needs of an area. */
export interface TabulatedArea {
  readonly index: number;
  readonly polygons: readonly Rings[];
}

/**
 * Which area the centre of each cell lies in, stored by tiles that hold at least one such cell, and which links between
 * the centres of neighbouring cells are cut by a wall. An area listed earlier keeps a cell that two cover.
 * `areaCount`: of the world, so that all sheets' tables have entries of one size. O(cells + boundary / cell).
 */
export function tabulateCells(
  grid: SheetGrid,
  areas: readonly TabulatedArea[],
  barriers: readonly Pick<SegmentRow, 'a' | 'b'>[],
  areaCount: number,
): SheetTiles {
  const tileColumns = grid.columns / TILE;
  const tileRows = grid.rows / TILE;
  const tileIndex = new Int32Array(tileColumns * tileRows).fill(-1);
  let tileCount = 0;
  for (const area of areas) {
    for (const rings of area.polygons) {
      visitSpans(rings, grid, (row, first, last) => {
        const base = (row >> 3) * tileColumns;
        for (let t = first >> 3; t <= last >> 3; t++) if (tileIndex[base + t] < 0) tileIndex[base + t] = tileCount++;
      });
    }
  }
  // Numbered along rows, so that the order does not hang on the order of areas.
  tileCount = 0;
  for (let i = 0; i < tileIndex.length; i++) if (tileIndex[i] >= 0) tileIndex[i] = tileCount++;
  const cellArea = makeIndices(tileCount * TILE_CELLS, areaCount);
  const blocked = new Uint8Array(tileCount * TILE_CELLS);
  for (const area of areas) {
    for (const rings of area.polygons) {
      visitSpans(rings, grid, (row, first, last) => {
        for (let column = first; column <= last; column++) {
          const at = cellAt(tileIndex, tileColumns, column, row);
          if (cellArea[at] < 0) cellArea[at] = area.index;
        }
      });
    }
  }
  const { x0, y0, cell } = grid;
  for (const { a, b } of barriers) {
    const [ax, ay] = a;
    const [bx, by] = b;
    const put = (column: number, row: number, bit: number): void => {
      if (column < 0 || row < 0 || column >= grid.columns || row >= grid.rows) return;
      if (tileIndex[(row >> 3) * tileColumns + (column >> 3)] < 0) return;
      blocked[cellAt(tileIndex, tileColumns, column, row)] |= bit;
    };
    const rowFirst = Math.ceil((Math.min(ay, by) - y0) / cell - 0.5);
    const rowLast = Math.floor((Math.max(ay, by) - y0) / cell - 0.5);
    for (let row = rowFirst; row <= rowLast; row++) {
      const y = y0 + (row + 0.5) * cell;
      if (ay > y === by > y) continue;
      const x = ax + ((y - ay) / (by - ay)) * (bx - ax);
      put(Math.floor((x - x0) / cell - 0.5), row, BLOCKED_EAST);
    }
    const columnFirst = Math.ceil((Math.min(ax, bx) - x0) / cell - 0.5);
    const columnLast = Math.floor((Math.max(ax, bx) - x0) / cell - 0.5);
    for (let column = columnFirst; column <= columnLast; column++) {
      const x = x0 + (column + 0.5) * cell;
      if (ax > x === bx > x) continue;
      const y = ay + ((x - ax) / (bx - ax)) * (by - ay);
      put(column, Math.floor((y - y0) / cell - 0.5), BLOCKED_NORTH);
    }
  }
  const tiles: SheetTiles = {
    tileColumns,
    tileRows,
    tileIndex,
    tileCount,
    cellArea,
    blocked,
    cellPortal: new Int8Array(0),
  };
  markPlain(tiles);
  return tiles;
}

/** `length` entries of −1, of the smallest type that holds indices below `count`. */
export function makeIndices(length: number, count: number): SmallIndices {
  if (count <= 128) return new Int8Array(length).fill(-1);
  return count <= 32_768 ? new Int16Array(length).fill(-1) : new Int32Array(length).fill(-1);
}

function markPlain(tiles: SheetTiles): void {
  const { tileColumns, tileRows, tileIndex, cellArea, blocked } = tiles;
  const cellOf = (column: number, row: number): number => {
    if (column < 0 || row < 0 || column >= tileColumns * TILE || row >= tileRows * TILE) return -1;
    if (tileIndex[(row >> 3) * tileColumns + (column >> 3)] < 0) return -1;
    return cellAt(tileIndex, tileColumns, column, row);
  };
  for (let ty = 0; ty < tileRows; ty++) {
    for (let tx = 0; tx < tileColumns; tx++) {
      const tile = tileIndex[ty * tileColumns + tx];
      if (tile < 0) continue;
      for (let k = 0; k < TILE_CELLS; k++) {
        const at = tile * TILE_CELLS + k;
        const area = cellArea[at];
        if (area < 0) continue;
        let plain = true;
        for (let dy = -1; dy <= 1 && plain; dy++) {
          for (let dx = -1; dx <= 1 && plain; dx++) {
            const other = cellOf(tx * TILE + (k & 7) + dx, ty * TILE + (k >> 3) + dy);
            if (other < 0 || cellArea[other] !== area) plain = false;
            else if (dx < 1 && (blocked[other] & BLOCKED_EAST) !== 0) plain = false;
            else if (dy < 1 && (blocked[other] & BLOCKED_NORTH) !== 0) plain = false;
          }
        }
        if (plain) blocked[at] |= PLAIN;
      }
    }
  }
}

/** Entry of a cell whose tile is stored. */
export function cellAt(tileIndex: Int32Array, tileColumns: number, column: number, row: number): number {
  return (tileIndex[(row >> 3) * tileColumns + (column >> 3)] << 6) | ((row & 7) << 3) | (column & 7);
}

/** Calls `visit(row, first, last)` for every run of cells whose centres lie in the polygon (even-odd). */
export function visitSpans(
  rings: readonly Ring[],
  grid: SheetGrid,
  visit: (row: number, first: number, last: number) => void,
): void {
  const { x0, y0, cell } = grid;
  let yMin = Infinity;
  let yMax = -Infinity;
  for (const ring of rings) {
    for (const [, y] of ring) {
      yMin = Math.min(yMin, y);
      yMax = Math.max(yMax, y);
    }
  }
  if (yMax === -Infinity) return;
  const rowFirst = Math.max(0, Math.ceil((yMin - y0) / cell - 0.5));
  const rowLast = Math.min(grid.rows - 1, Math.floor((yMax - y0) / cell - 0.5));
  if (rowLast < rowFirst) return;
  // Crossings by row, counted then filled, so that a long ring costs its length and not rows × corners.
  const start = new Int32Array(rowLast - rowFirst + 2);
  const cross = (a: Place, b: Place, put: (row: number, x: number) => void): void => {
    const low = Math.min(a[1], b[1]);
    const high = Math.max(a[1], b[1]);
    const from = Math.max(rowFirst, Math.ceil((low - y0) / cell - 0.5));
    const to = Math.min(rowLast, Math.floor((high - y0) / cell - 0.5));
    for (let row = from; row <= to; row++) {
      const y = y0 + (row + 0.5) * cell;
      if (a[1] > y === b[1] > y) continue;
      put(row, a[0] + ((y - a[1]) / (b[1] - a[1])) * (b[0] - a[0]));
    }
  };
  const each = (put: (row: number, x: number) => void): void => {
    for (const ring of rings) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) cross(ring[j], ring[i], put);
    }
  };
  each((row) => {
    start[row - rowFirst + 1]++;
  });
  for (let i = 0; i + 1 < start.length; i++) start[i + 1] += start[i];
  const xs = new Float64Array(start[start.length - 1]);
  const next = start.slice();
  each((row, x) => {
    xs[next[row - rowFirst]++] = x;
  });
  for (let row = rowFirst; row <= rowLast; row++) {
    const line = xs.subarray(start[row - rowFirst], start[row - rowFirst + 1]).sort();
    for (let k = 0; k + 1 < line.length; k += 2) {
      const first = Math.max(0, Math.ceil((line[k] - x0) / cell - 0.5));
      const last = Math.min(grid.columns - 1, Math.ceil((line[k + 1] - x0) / cell - 0.5) - 1);
      if (last >= first) visit(row, first, last);
    }
  }
}

/** Which tiles of its sheet an area has cells in, as a directory over their bounding rectangle. */
export function findAreaTiles(tiles: SheetTiles, areaCount: number, areaTiles: (AreaTiles | undefined)[]): void {
  const { tileColumns, tileRows, tileIndex, cellArea } = tiles;
  const boxes = new Map<number, [number, number, number, number]>();
  const eachTile = (visit: (area: number, tx: number, ty: number) => void): void => {
    for (let ty = 0; ty < tileRows; ty++) {
      for (let tx = 0; tx < tileColumns; tx++) {
        const tile = tileIndex[ty * tileColumns + tx];
        if (tile < 0) continue;
        let last = -1;
        for (let k = 0; k < TILE_CELLS; k++) {
          const area = cellArea[tile * TILE_CELLS + k];
          if (area < 0 || area === last) continue;
          last = area;
          visit(area, tx, ty);
        }
      }
    }
  };
  eachTile((area, tx, ty) => {
    const box = boxes.get(area);
    if (box === undefined) boxes.set(area, [tx, ty, tx, ty]);
    else {
      box[0] = Math.min(box[0], tx);
      box[1] = Math.min(box[1], ty);
      box[2] = Math.max(box[2], tx);
      box[3] = Math.max(box[3], ty);
    }
  });
  const counts = new Int32Array(areaCount);
  for (const [area, [tx0, ty0, tx1, ty1]] of boxes) {
    const columns = tx1 - tx0 + 1;
    const rows = ty1 - ty0 + 1;
    areaTiles[area] = { tx0, ty0, columns, rows, slots: new Int32Array(columns * rows).fill(-1), count: 0 };
  }
  eachTile((area, tx, ty) => {
    const { tx0, ty0, columns, slots } = areaTiles[area]!;
    const at = (ty - ty0) * columns + tx - tx0;
    if (slots[at] < 0) slots[at] = counts[area]++;
  });
  for (const area of boxes.keys()) areaTiles[area] = { ...areaTiles[area]!, count: counts[area] };
}
