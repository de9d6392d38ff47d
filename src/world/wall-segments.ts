import { distance, type Place, type Ring, unit } from './plan-geometry.ts';
import { SEGMENT_FLOATS, SegmentKind, type SheetGrid } from './world.ts';

/** One row of the wall table before it is written; see `SEGMENT_FLOATS`. */
export interface SegmentRow {
  readonly a: Place;
  readonly b: Place;
  /** Unit direction of the segment that ends at `a`, or (0, 0). */
  readonly before: Place;
  /** Unit direction, told apart from a → b so that a segment of length 0 has one. */
  readonly along: Place;
  readonly kind: number;
  readonly subject: number;
  readonly solid: number;
  readonly sheets: readonly [number, number];
  areas: readonly [number, number];
}

/** Reach of a wall cell's list beyond the cell [m]; the kernel looks for contacts and near walls within it. */
export const WALL_REACH = 0.75;

/**
 * Walls of one sheet: every edge of its rings (walkable side to the left) less the stretches that lie on `gaps`.
 *
 * A corner belongs to the segment that starts at it. Where a wall ends at a gap nothing starts, so a segment of length 0
 * is put there that points back along the wall: with t < 0 past the wall's end and `before` the wall's own direction, the
 * one rule for contacts (interior if 0 ≤ t ≤ length and the distance to the left is positive; corner if t < 0 and
 * `before` is (0, 0) or (p − a)·before ≥ 0) gives that corner exactly one owner.
 */
export function traceWalls(
  rings: readonly Ring[],
  gaps: readonly (readonly [Place, Place])[],
  sheet: number,
): SegmentRow[] {
  const rows: SegmentRow[] = [];
  const boxes = gaps.map(([c, d]) => [
    Math.min(c[0], d[0]) - GAP_REACH,
    Math.min(c[1], d[1]) - GAP_REACH,
    Math.max(c[0], d[0]) + GAP_REACH,
    Math.max(c[1], d[1]) + GAP_REACH,
  ]);
  for (const ring of rings) {
    const pieces: [Place, Place][] = [];
    for (let i = 0; i < ring.length; i++) {
      const a = ring[i];
      const b = ring[i + 1 === ring.length ? 0 : i + 1];
      if (distance(a, b) === 0) continue;
      pieces.push(...cutEdge(a, b, gaps, boxes));
    }
    for (let i = 0; i < pieces.length; i++) {
      const [a, b] = pieces[i];
      const previous = pieces[i === 0 ? pieces.length - 1 : i - 1];
      const next = pieces[i + 1 === pieces.length ? 0 : i + 1];
      const along = unit(a, b);
      const joined = distance(previous[1], a) < 1e-9;
      const wall = { kind: SegmentKind.wall, subject: -1, solid: 1, sheets: [sheet, -1], areas: [-1, -1] } as const;
      rows.push({ ...wall, a, b, along, before: joined ? unit(previous[0], previous[1]) : [0, 0] });
      if (distance(b, next[0]) >= 1e-9) rows.push({ ...wall, a: b, b, along: [-along[0], -along[1]], before: along });
    }
  }
  return rows;
}

/** An edge is on a gap where it is no farther from it than this [m]. */
const GAP_REACH = 0.002;

/** What is left of the edge a → b without the gaps that run along it. */
function cutEdge(
  a: Place,
  b: Place,
  gaps: readonly (readonly [Place, Place])[],
  boxes: readonly (readonly number[])[],
): [Place, Place][] {
  const length = distance(a, b);
  const [ux, uy] = unit(a, b);
  const cuts: [number, number][] = [];
  const x0 = Math.min(a[0], b[0]);
  const y0 = Math.min(a[1], b[1]);
  const x1 = Math.max(a[0], b[0]);
  const y1 = Math.max(a[1], b[1]);
  for (let g = 0; g < gaps.length; g++) {
    const box = boxes[g];
    if (box[0] > x1 || box[2] < x0 || box[1] > y1 || box[3] < y0) continue;
    const [c, d] = gaps[g];
    const ct = (c[0] - a[0]) * ux + (c[1] - a[1]) * uy;
    const dt = (d[0] - a[0]) * ux + (d[1] - a[1]) * uy;
    const cn = (c[1] - a[1]) * ux - (c[0] - a[0]) * uy;
    const dn = (d[1] - a[1]) * ux - (d[0] - a[0]) * uy;
    if (Math.abs(dt - ct) < 1e-6) continue;
    const from = Math.max(0, Math.min(ct, dt));
    const to = Math.min(length, Math.max(ct, dt));
    if (to - from < 1e-6) continue;
    const slope = (dn - cn) / (dt - ct);
    if (Math.abs(cn + slope * (from - ct)) > GAP_REACH || Math.abs(cn + slope * (to - ct)) > GAP_REACH) continue;
    if (Math.abs(slope) > 0.1) continue;
    cuts.push([from, to]);
  }
  if (cuts.length === 0) return [[a, b]];
  cuts.sort((p, q) => p[0] - q[0]);
  const pieces: [Place, Place][] = [];
  let at = 0;
  for (const [from, to] of cuts) {
    if (from - at > 0.001) pieces.push([pointAt(a, ux, uy, at), pointAt(a, ux, uy, from)]);
    at = Math.max(at, to);
  }
  if (length - at > 0.001) pieces.push([pointAt(a, ux, uy, at), b]);
  return pieces;
}

function pointAt(a: Place, ux: number, uy: number, t: number): Place {
  return t === 0 ? a : [a[0] + t * ux, a[1] + t * uy];
}

/** The rows as the flat table of the world: `rows.length × SEGMENT_FLOATS`. */
export function writeSegments(rows: readonly SegmentRow[]): Float32Array {
  const table = new Float32Array(rows.length * SEGMENT_FLOATS);
  rows.forEach((row, i) => {
    table.set(
      [
        row.a[0],
        row.a[1],
        row.along[0],
        row.along[1],
        distance(row.a, row.b),
        row.before[0],
        row.before[1],
        row.kind,
        row.subject,
        row.solid,
        row.sheets[0],
        row.areas[0],
        row.areas[1],
        row.sheets[0],
        row.sheets[1],
        0,
      ],
      i * SEGMENT_FLOATS,
    );
  });
  return table;
}

/** Ends of the rows, four numbers each: what the table of 32-bit floats says only nearly. */
export function listEnds(rows: readonly SegmentRow[]): Float64Array {
  const ends = new Float64Array(4 * rows.length);
  rows.forEach(({ a, b }, i) => {
    ends.set([a[0], a[1], b[0], b[1]], 4 * i);
  });
  return ends;
}

/**
 * Lists of segments by wall cell, all sheets one after the other: a cell lists every segment of its sheet within
 * `WALL_REACH`, ascending. A segment with two sheets (portals between them) is listed for both.
 */
export function listWallCells(
  rows: readonly SegmentRow[],
  grids: readonly SheetGrid[],
): { start: Int32Array; items: Int32Array } {
  let cellCount = 0;
  for (const grid of grids) cellCount += grid.wallColumns * grid.wallRows;
  const start = new Int32Array(cellCount + 1);
  const visit = (put: (cell: number, row: number) => void): void => {
    rows.forEach((row, i) => {
      const [first, second] = row.sheets;
      visitCells(row, grids[first], (cell) => put(cell, i));
      if (second >= 0 && second !== first) visitCells(row, grids[second], (cell) => put(cell, i));
    });
  };
  visit((cell) => start[cell + 1]++);
  for (let i = 0; i < cellCount; i++) start[i + 1] += start[i];
  const items = new Int32Array(start[cellCount]);
  const next = start.slice();
  visit((cell, row) => {
    items[next[cell]++] = row;
  });
  return { start, items };
}

function visitCells(row: SegmentRow, grid: SheetGrid, put: (cell: number) => void): void {
  const { a, b } = row;
  const reach = WALL_REACH + 1e-3;
  const size = grid.wallCell;
  const c0 = Math.max(0, Math.floor((Math.min(a[0], b[0]) - reach - grid.x0) / size));
  const c1 = Math.min(grid.wallColumns - 1, Math.floor((Math.max(a[0], b[0]) + reach - grid.x0) / size));
  const r0 = Math.max(0, Math.floor((Math.min(a[1], b[1]) - reach - grid.y0) / size));
  const r1 = Math.min(grid.wallRows - 1, Math.floor((Math.max(a[1], b[1]) + reach - grid.y0) / size));
  for (let r = r0; r <= r1; r++) {
    for (let c = c0; c <= c1; c++) {
      if (distanceToBox(a, b, grid.x0 + c * size, grid.y0 + r * size, size) <= reach) {
        put(grid.wallCellBase + r * grid.wallColumns + c);
      }
    }
  }
}

/** Distance from a segment to a square [m]; 0 where they meet. */
function distanceToBox(a: Place, b: Place, x: number, y: number, size: number): number {
  // Liang–Barsky: does the segment enter the square?
  let t0 = 0;
  let t1 = 1;
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  let inside = true;
  for (const [p, q] of [
    [-dx, a[0] - x],
    [dx, x + size - a[0]],
    [-dy, a[1] - y],
    [dy, y + size - a[1]],
  ]) {
    if (p === 0) {
      if (q < 0) inside = false;
    } else if (p < 0) t0 = Math.max(t0, q / p);
    else t1 = Math.min(t1, q / p);
  }
  if (inside && t0 <= t1) return 0;
  // Otherwise the nearest pair has an end of the segment or a corner of the square in it.
  let best = Math.min(pointToBox(a, x, y, size), pointToBox(b, x, y, size));
  for (let k = 0; k < 4; k++) {
    const px = x + (k & 1 ? size : 0);
    const py = y + (k & 2 ? size : 0);
    const length2 = dx * dx + dy * dy;
    let t = length2 > 0 ? ((px - a[0]) * dx + (py - a[1]) * dy) / length2 : 0;
    t = t < 0 ? 0 : Math.min(t, 1);
    best = Math.min(best, distance([px, py], [a[0] + t * dx, a[1] + t * dy]));
  }
  return best;
}

function pointToBox(p: Place, x: number, y: number, size: number): number {
  const dx = Math.max(x - p[0], 0, p[0] - x - size);
  const dy = Math.max(y - p[1], 0, p[1] - y - size);
  return Math.sqrt(dx * dx + dy * dy);
}
