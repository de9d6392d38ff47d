import type { Ring, TraceSheet, Trajectory } from '../trace/index.ts';
import { NOT_PRESENT } from '../trace/index.ts';

/** Square cells over one sheet; cell (column, row) covers x0 + column·cell … x0 + (column + 1)·cell, and so in y [m]. */
export interface MapGrid {
  readonly x0: number;
  readonly y0: number;
  /** Side of a cell [m]. */
  readonly cell: number;
  readonly columns: number;
  readonly rows: number;
}

/** A grid with what the maps must know of the floor; flags by cell number row·columns + column. */
export interface FloorGrid extends MapGrid {
  readonly sheet: number;
  /** 1 where the cell's centre is floor; all 1 where the floor is not known. */
  readonly floor: Uint8Array;
  /** Bit k: a wall lies between this cell's centre and that of its neighbour k (see `NEIGHBOURS`). */
  readonly walled: Uint8Array;
}

/** Neighbours in the order of the bits of `walled`: [column step, row step]. */
export const NEIGHBOURS: readonly (readonly [number, number])[] = [
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
];

/**
 * One grid per sheet, `margin` metres beyond the floor (or beyond the trajectory where no floor is known). The cell is
 * `cell` metres, or the smallest doubling of it for which all grids together stay within `cellBudget` cells, so that
 * memory is bounded whatever the plan.
 * Cost O(cells + wall length / cell).
 */
export function layGrids(
  sheets: readonly TraceSheet[],
  trajectory: Trajectory,
  options: { readonly cell: number; readonly margin: number; readonly cellBudget: number },
): FloorGrid[] {
  const boxes = findBoxes(sheets, trajectory);
  let cell = options.cell;
  const lay = (size: number): MapGrid[] =>
    boxes.map((box) => {
      if (box === null) return { x0: 0, y0: 0, cell: size, columns: 0, rows: 0 };
      const x0 = Math.floor((box[0] - options.margin) / size) * size;
      const y0 = Math.floor((box[1] - options.margin) / size) * size;
      return {
        x0,
        y0,
        cell: size,
        columns: Math.ceil((box[2] + options.margin - x0) / size) + 1,
        rows: Math.ceil((box[3] + options.margin - y0) / size) + 1,
      };
    });
  let grids = lay(cell);
  while (grids.reduce((sum, grid) => sum + grid.columns * grid.rows, 0) > options.cellBudget) {
    cell *= 2;
    grids = lay(cell);
  }
  return grids.map((grid, sheet) => {
    const polygons = sheets[sheet]?.polygons ?? [];
    return { ...grid, sheet, floor: markFloor(grid, polygons), walled: markWalls(grid, polygons) };
  });
}

type Box = [number, number, number, number];

function findBoxes(sheets: readonly TraceSheet[], trajectory: Trajectory): (Box | null)[] {
  const boxes: (Box | null)[] = sheets.map(() => null);
  const extend = (sheet: number, x: number, y: number): void => {
    while (boxes.length <= sheet) boxes.push(null);
    const box = boxes[sheet];
    if (!box) boxes[sheet] = [x, y, x, y];
    else {
      if (x < box[0]) box[0] = x;
      if (y < box[1]) box[1] = y;
      if (x > box[2]) box[2] = x;
      if (y > box[3]) box[3] = y;
    }
  };
  sheets.forEach((sheet, index) => {
    for (const rings of sheet.polygons) for (const ring of rings) for (const [x, y] of ring) extend(index, x, y);
  });
  const rowCount = trajectory.frameStart[trajectory.frameCount] ?? 0;
  for (let row = 0; row < rowCount; row += 1) {
    const sheet = trajectory.sheet[row]!;
    if (sheet >= 255 && (sheet >= sheets.length || sheet === NOT_PRESENT)) continue;
    if (sheets[sheet]?.polygons.length) continue;
    extend(sheet, trajectory.x[row]!, trajectory.y[row]!);
  }
  return boxes;
}

/** Even-odd scan along the middle of every row of cells. */
function markFloor(grid: MapGrid, polygons: readonly (readonly Ring[])[]): Uint8Array {
  const { x0, y0, cell, columns, rows } = grid;
  const floor = new Uint8Array(columns * rows);
  if (polygons.length === 0) return floor.fill(1);
  const cuts: number[][] = Array.from({ length: rows }, () => []);
  for (const rings of polygons) {
    for (const line of cuts) line.length = 0;
    for (const ring of rings) {
      for (let k = 0; k < ring.length; k += 1) {
        const [ax, ay] = ring[k]!;
        const [bx, by] = ring[(k + 1) % ring.length]!;
        const low = Math.min(ay, by);
        const high = Math.max(ay, by);
        for (let row = Math.max(0, Math.ceil((low - y0) / cell - 0.5)); row < rows; row += 1) {
          const y = y0 + (row + 0.5) * cell;
          if (y >= high) break;
          if (y >= low) cuts[row]!.push(ax + ((y - ay) / (by - ay)) * (bx - ax));
        }
      }
    }
    for (let row = 0; row < rows; row += 1) {
      const line = cuts[row]!.sort((a, b) => a - b);
      for (let k = 0; k + 1 < line.length; k += 2) {
        const first = Math.max(0, Math.ceil((line[k]! - x0) / cell - 0.5));
        for (let column = first; column < columns && x0 + (column + 0.5) * cell <= line[k + 1]!; column += 1) {
          floor[row * columns + column] = 1;
        }
      }
    }
  }
  return floor;
}

/** Marks every pair of neighbouring centres that an edge of the floor lies between. */
function markWalls(grid: MapGrid, polygons: readonly (readonly Ring[])[]): Uint8Array {
  const { x0, y0, cell, columns, rows } = grid;
  const walled = new Uint8Array(columns * rows);
  for (const rings of polygons) {
    for (const ring of rings) {
      for (let k = 0; k < ring.length; k += 1) {
        const [ax, ay] = ring[k]!;
        const [bx, by] = ring[(k + 1) % ring.length]!;
        // Long edges in pieces, so that a diagonal one does not visit its whole box.
        const pieces = Math.max(1, Math.ceil(Math.max(Math.abs(bx - ax), Math.abs(by - ay)) / (8 * cell)));
        for (let piece = 0; piece < pieces; piece += 1) {
          const px = ax + ((bx - ax) * piece) / pieces;
          const py = ay + ((by - ay) * piece) / pieces;
          const qx = ax + ((bx - ax) * (piece + 1)) / pieces;
          const qy = ay + ((by - ay) * (piece + 1)) / pieces;
          const firstColumn = Math.max(0, Math.floor((Math.min(px, qx) - x0) / cell) - 1);
          const lastColumn = Math.min(columns - 1, Math.floor((Math.max(px, qx) - x0) / cell) + 1);
          const firstRow = Math.max(0, Math.floor((Math.min(py, qy) - y0) / cell) - 1);
          const lastRow = Math.min(rows - 1, Math.floor((Math.max(py, qy) - y0) / cell) + 1);
          for (let row = firstRow; row <= lastRow; row += 1) {
            for (let column = firstColumn; column <= lastColumn; column += 1) {
              const cx = x0 + (column + 0.5) * cell;
              const cy = y0 + (row + 0.5) * cell;
              for (let bit = 0; bit < 4; bit += 1) {
                const [stepX, stepY] = NEIGHBOURS[bit]!;
                const otherColumn = column + stepX;
                const otherRow = row + stepY;
                if (otherColumn < 0 || otherColumn >= columns || otherRow >= rows) continue;
                if (!segmentsCross(cx, cy, cx + stepX * cell, cy + stepY * cell, px, py, qx, qy)) continue;
                walled[row * columns + column]! |= 1 << bit;
                walled[otherRow * columns + otherColumn]! |= 1 << (bit + 4);
              }
            }
          }
        }
      }
    }
  }
  return walled;
}

function segmentsCross(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  px: number,
  py: number,
  qx: number,
  qy: number,
): boolean {
  const a = (qx - px) * (ay - py) - (qy - py) * (ax - px);
  const b = (qx - px) * (by - py) - (qy - py) * (bx - px);
  if (a > 0 === b > 0) return false;
  const p = (bx - ax) * (py - ay) - (by - ay) * (px - ax);
  const q = (bx - ax) * (qy - ay) - (by - ay) * (qx - ax);
  // Closed at both ends: a ray through a shared corner of two edges must not slip between them.
  return (p >= 0 && q <= 0) || (p <= 0 && q >= 0);
}
