import { Clipper, FillRule } from 'clipper2-ts';
import { distanceToSegment, polygonContains } from '../math/index.ts';
import { boxAround, type Point } from '../scenario/index.ts';
import { lengthen, type Piece, piecesOfPaths, strokeLine, toPath } from './plan-pieces.ts';

/** Widths of openings that are looked for where nothing else is said [m]: from the narrowest door to a wide gate. */
export const GAP_WIDTHS: readonly [number, number] = [0.6, 3];

/** An opening between two spaces, from wall to wall [m]. */
export interface Gap {
  readonly line: [[number, number], [number, number]];
  readonly width: number;
}

export interface GapOptions {
  readonly widthMin: number;
  readonly widthMax: number;
  /** Doors and exits that are there already: an opening at one of them is not told again. */
  readonly taken?: readonly (readonly [Point, Point])[];
}

/**
 * A space is as wide as this many times the opening that leads to it. A door of 0.9 m in a corridor of 1.1 m is one; what the
 * raster adds to a plain corridor's width (below 1.2) is none. Our choice.
 */
const PROMINENCE = 1.2;
/**
 * Where two ways of one width cross, it is √2 times as wide as they are: a space up to this wide is one only if it goes on, that is
 * if the middle of somebody as wide as the opening has this much floor in it [m²]. Our choice.
 */
const CROSSING = 1.45;
const CROSSING_AREA = 1;
/** Radius of the greatest disc that fits into the smallest space: a cubicle of 0.9 m [m]. Our choice. */
const SPACE_RADIUS = 0.44;
/** And its floor [m²]. */
const SPACE_AREA = 1;
const CELLS_MAX = 4_000_000;
/** And of all pieces together. */
const CELLS_TOTAL = 12_000_000;
/** Smallest cell, and greatest share of the narrowest opening that a cell may be. */
const CELL_MIN = 0.05;
const CELL_SHARE = 8;
const CELL_SHARE_MIN = 3;
/** An opening this near to a door or exit is that door or exit [m]. */
const TAKEN_NEAR = 0.4;

/**
 * The openings of a floor: the places where the way between two spaces is narrowest. The distance to the nearest wall is
 * a landscape over the floor, spaces are the basins around its summits, and openings are the passes between two of them; a summit
 * that stands less than `PROMINENCE` above a pass belongs to its neighbour. The raster finds the passes; the line and width of each
 * are then taken from the walls themselves, exactly: the shortest way across, in the middle where the walls run side by side.
 * Cost O(cells + corners); the cell is at most a third of `widthMin`, and there are at most `CELLS_TOTAL` of them.
 * @returns openings from left to right; `unsearched` says why a piece was left out.
 * @source basins and passes: watershed by flooding, Vincent and Soille 1991, doi:10.1109/34.87344; the threshold is ours
 */
export function findGaps(
  pieces: readonly Piece[],
  options: GapOptions,
): { readonly gaps: readonly Gap[]; readonly unsearched?: string } {
  const gaps: Gap[] = [];
  let unsearched: string | undefined;
  let left = CELLS_TOTAL;
  for (const piece of pieces) {
    if (isConvex(piece)) continue;
    const raster = drawRaster(
      piece,
      edgesOf([piece.outline, ...piece.holes]),
      options.widthMin,
      Math.min(left, CELLS_MAX),
    );
    left -= raster?.inside.length ?? 0;
    const found = raster === undefined ? undefined : searchPiece(piece, raster, options);
    if (found === undefined)
      unsearched = `the plan is too large to be searched for openings of ${options.widthMin} m; name doors yourself, or give wider --gap-widths`;
    else gaps.push(...found);
  }
  gaps.sort((a, b) => a.line[0][0] + a.line[1][0] - b.line[0][0] - b.line[1][0] || a.line[0][1] - b.line[0][1]);
  return unsearched === undefined ? { gaps } : { gaps, unsearched };
}

interface Raster {
  readonly x0: number;
  readonly y0: number;
  readonly cell: number;
  readonly columns: number;
  readonly rows: number;
  /** 1 where the middle of the cell is floor. */
  readonly inside: Uint8Array;
  /** Distance of the middle to the nearest wall [m]. */
  readonly clear: Float32Array;
  /** That wall's edge. */
  readonly edge: Int32Array;
}

/** Edges of all rings: ax, ay, bx, by each. */
type Edges = Float64Array;

/** Whether a piece has no hole and no corner that sticks into it: it narrows nowhere. */
function isConvex({ outline, holes }: Piece): boolean {
  if (holes.length > 0) return false;
  let sign = 0;
  for (let i = 0; i < outline.length; i++) {
    const a = outline[i];
    const b = outline[(i + 1) % outline.length];
    const c = outline[(i + 2) % outline.length];
    const turn = (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0]);
    if (turn === 0) continue;
    if (sign !== 0 && turn > 0 !== sign > 0) return false;
    sign = turn;
  }
  return true;
}

function searchPiece(piece: Piece, raster: Raster, options: GapOptions): Gap[] {
  const edges = edgesOf([piece.outline, ...piece.holes]);
  const basins = flood(raster);
  const gaps: Gap[] = [];
  for (const { cell, sides } of passes(raster, basins)) {
    // What the raster gets wrong by half a cell's diagonal on either side is sorted out below, by the exact width.
    if (2 * (raster.clear[cell] - raster.cell) > options.widthMax) continue;
    if (sides.some((side) => basins.size[side] * raster.cell ** 2 < SPACE_AREA)) continue;
    const gap = measure(raster, cell, edges);
    if (gap === undefined) continue;
    if (gap.width < options.widthMin - 1e-6 || gap.width > options.widthMax + 1e-6) continue;
    if (sides.some((side) => basins.peak[side] < (PROMINENCE * gap.width) / 2)) continue;
    if (!crossesFloor(piece, gap)) continue;
    if (
      isTaken(gap, options.taken ?? []) ||
      isTaken(
        gap,
        gaps.map((other) => other.line),
      )
    )
      continue;
    gaps.push(gap);
  }
  return partingGaps(piece, gaps, options.taken ?? []);
}

/** Those that part something: with all of them and all doors shut, their two sides are different pieces of floor. */
function partingGaps(piece: Piece, gaps: readonly Gap[], taken: readonly (readonly [Point, Point])[]): Gap[] {
  if (gaps.length === 0) return [];
  const origin = piece.outline[0];
  const floor = [toPath(piece.outline, origin, true), ...piece.holes.map((hole) => toPath(hole, origin, false))];
  const shut = [...gaps.map(({ line }) => line), ...taken].flatMap(([a, b]) =>
    strokeLine(lengthen(a, b, 0.01), 0.01, origin),
  );
  const parts = piecesOfPaths(Clipper.difference(floor, shut, FillRule.NonZero), origin);
  const boxes = parts.map(({ outline }) => boxAround(outline));
  const partAt = (x: number, y: number): number =>
    parts.findIndex(({ outline, holes }, i) => {
      const [x0, y0, x1, y1] = boxes[i];
      return x >= x0 && x <= x1 && y >= y0 && y <= y1 && polygonContains([outline, ...holes], x, y);
    });
  return gaps.filter(({ line: [a, b], width }) => {
    const [mx, my] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    const [nx, ny] = [-(b[1] - a[1]) / width, (b[0] - a[0]) / width];
    const [left, right] = [1, -1].map((side) => partAt(mx + 0.03 * side * nx, my + 0.03 * side * ny));
    return left !== right && left >= 0 && right >= 0;
  });
}

function edgesOf(rings: readonly (readonly Point[])[]): Edges {
  const count = rings.reduce((sum, ring) => sum + ring.length, 0);
  const edges = new Float64Array(4 * count);
  let at = 0;
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i++) {
      const [ax, ay] = ring[i];
      const [bx, by] = ring[(i + 1) % ring.length];
      edges.set([ax, ay, bx, by], at);
      at += 4;
    }
  }
  return edges;
}

/** Floor and clearance over the piece, or `undefined` where it would take more cells than are allowed. */
function drawRaster(piece: Piece, edges: Edges, widthMin: number, cellsMax: number): Raster | undefined {
  const [xMin, yMin, xMax, yMax] = boxAround(piece.outline);
  let cell = Math.max(CELL_MIN, widthMin / CELL_SHARE);
  const cellMax = widthMin / CELL_SHARE_MIN;
  const cellsAt = (size: number): number => ((xMax - xMin) / size + 3) * ((yMax - yMin) / size + 3);
  if (cellsAt(cell) > cellsMax)
    cell = Math.min(cellMax, cell * Math.sqrt(cellsAt(cell) / Math.max(1, cellsMax)) * 1.05);
  if (!(cellsAt(cell) <= cellsMax)) return undefined;
  const columns = Math.ceil((xMax - xMin) / cell) + 2;
  const rows = Math.ceil((yMax - yMin) / cell) + 2;
  // Middles lie off round numbers, so that they hit no wall that is drawn on them.
  const x0 = xMin - cell * 0.9371;
  const y0 = yMin - cell * 0.9173;
  const count = columns * rows;
  const inside = new Uint8Array(count);
  const clear = new Float32Array(count).fill(Infinity);
  const edge = new Int32Array(count).fill(-1);
  fillInside(inside, edges, x0, y0, cell, columns, rows);

  const offer = (c: number, e: number): void => {
    if (e < 0 || edge[c] === e) return;
    const x = x0 + ((c % columns) + 0.5) * cell;
    const y = y0 + (Math.floor(c / columns) + 0.5) * cell;
    const d = distanceToSegment(x, y, edges[4 * e], edges[4 * e + 1], edges[4 * e + 2], edges[4 * e + 3]);
    if (d < clear[c]) {
      clear[c] = d;
      edge[c] = e;
    }
  };
  for (let e = 0; 4 * e < edges.length; e++) {
    const [ax, ay, bx, by] = edges.subarray(4 * e, 4 * e + 4);
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(bx - ax), Math.abs(by - ay)) / (0.7 * cell)));
    for (let k = 0; k <= steps; k++) {
      const column = Math.floor((ax + ((bx - ax) * k) / steps - x0) / cell);
      const row = Math.floor((ay + ((by - ay) * k) / steps - y0) / cell);
      for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++) {
        for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c++) offer(r * columns + c, e);
      }
    }
  }
  // The nearest edge of a cell is, nearly always, the nearest of a neighbour: it is passed on in sweeps.
  for (let round = 0; round < 2; round++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const c = row * columns + column;
        if (column > 0) offer(c, edge[c - 1]);
        if (row === 0) continue;
        offer(c, edge[c - columns]);
        if (column > 0) offer(c, edge[c - columns - 1]);
        if (column < columns - 1) offer(c, edge[c - columns + 1]);
      }
    }
    for (let row = rows - 1; row >= 0; row--) {
      for (let column = columns - 1; column >= 0; column--) {
        const c = row * columns + column;
        if (column < columns - 1) offer(c, edge[c + 1]);
        if (row === rows - 1) continue;
        offer(c, edge[c + columns]);
        if (column > 0) offer(c, edge[c + columns - 1]);
        if (column < columns - 1) offer(c, edge[c + columns + 1]);
      }
    }
  }
  return { x0, y0, cell, columns, rows, inside, clear, edge };
}

/** Marks the cells whose middles lie inside, by the crossings of each row's middle line. */
function fillInside(
  inside: Uint8Array,
  edges: Edges,
  x0: number,
  y0: number,
  cell: number,
  columns: number,
  rows: number,
): void {
  const crossings: number[][] = Array.from({ length: rows }, () => []);
  for (let e = 0; e < edges.length; e += 4) {
    const [ax, ay, bx, by] = edges.subarray(e, e + 4);
    const low = Math.max(0, Math.ceil((Math.min(ay, by) - y0) / cell - 0.5));
    const high = Math.min(rows - 1, Math.floor((Math.max(ay, by) - y0) / cell - 0.5));
    for (let row = low; row <= high; row++) {
      const y = y0 + (row + 0.5) * cell;
      if (ay > y !== by > y) crossings[row].push(ax + ((y - ay) / (by - ay)) * (bx - ax));
    }
  }
  crossings.forEach((list, row) => {
    list.sort((a, b) => a - b);
    for (let i = 0; i + 1 < list.length; i += 2) {
      const from = Math.max(0, Math.ceil((list[i] - x0) / cell - 0.5));
      const to = Math.min(columns - 1, Math.floor((list[i + 1] - x0) / cell - 0.5));
      if (to >= from) inside.fill(1, row * columns + from, row * columns + to + 1);
    }
  });
}

interface Basins {
  /** Basin of each cell, −1 outside. */
  readonly of: Int32Array;
  /** Clearance of its summit [m]. */
  readonly peak: Float64Array;
  /** Cells. */
  readonly size: Int32Array;
}

/** Floods the landscape from its summits down; basins that meet above their lesser summit / `PROMINENCE` become one. */
function flood({ columns, inside, clear, cell }: Raster): Basins {
  // Highest first, to the millimetre; cells of one height in their order.
  const heights = 65_536;
  const starts = new Int32Array(heights + 1);
  const heightOf = (c: number): number => heights - 1 - Math.min(heights - 1, Math.round(clear[c] * 1000));
  for (let c = 0; c < inside.length; c++) if (inside[c] === 1) starts[heightOf(c) + 1]++;
  for (let h = 0; h < heights; h++) starts[h + 1] += starts[h];
  const order = new Int32Array(starts[heights]);
  for (let c = 0; c < inside.length; c++) if (inside[c] === 1) order[starts[heightOf(c)]++] = c;

  const parents: number[] = [];
  const peaks: number[] = [];
  const sizes: number[] = [];
  const isSpace = (basin: number, pass: number): boolean => {
    if (peaks[basin] < SPACE_RADIUS || peaks[basin] < PROMINENCE * pass) return false;
    return peaks[basin] >= CROSSING * pass || sizes[basin] * cell * cell >= CROSSING_AREA;
  };
  const root = (basin: number): number => {
    let b = basin;
    while (parents[b] !== b) {
      parents[b] = parents[parents[b]];
      b = parents[b];
    }
    return b;
  };
  const of = new Int32Array(inside.length).fill(-1);
  const around = [1, -1, columns, -columns, columns + 1, columns - 1, -columns + 1, -columns - 1];
  for (const c of order) {
    // The cell belongs where its highest neighbour does; basins that meet here are parted or joined.
    let best = -1;
    let highest = -1;
    for (const step of around) {
      const near = of[c + step];
      if (near < 0) continue;
      const other = root(near);
      if (best >= 0 && other !== root(best)) {
        const own = root(best);
        const [high, low] = peaks[other] > peaks[own] ? [other, own] : [own, other];
        if (!isSpace(low, clear[c])) {
          parents[low] = high;
          sizes[high] += sizes[low];
        }
      }
      if (clear[c + step] > highest) {
        highest = clear[c + step];
        best = other;
      }
    }
    if (best >= 0) best = root(best);
    if (best < 0) {
      best = parents.length;
      parents.push(best);
      peaks.push(clear[c]);
      sizes.push(0);
    }
    of[c] = best;
    sizes[best]++;
  }
  const size = new Int32Array(parents.length);
  for (const c of order) {
    of[c] = root(of[c]);
    size[of[c]]++;
  }
  return { of, peak: Float64Array.from(peaks), size };
}

/** The highest cell of every stretch along which two basins meet. */
function passes(
  { columns, inside, clear }: Raster,
  { of }: Basins,
): { cell: number; sides: readonly [number, number] }[] {
  const found: { cell: number; sides: readonly [number, number] }[] = [];
  const around = [1, -1, columns, -columns, columns + 1, columns - 1, -columns + 1, -columns - 1];
  // Cells of the basin with the lower number that touch another one; each pair of basins on its own.
  const pairs = new Map<string, number[]>();
  for (let c = 0; c < inside.length; c++) {
    if (inside[c] === 0) continue;
    for (const step of around) {
      const other = of[c + step];
      if (other <= of[c]) continue;
      const key = `${of[c]} ${other}`;
      const list = pairs.get(key);
      if (list === undefined) pairs.set(key, [c]);
      else if (list[list.length - 1] !== c) list.push(c);
    }
  }
  for (const [key, cells] of pairs) {
    const [a, b] = key.split(' ').map(Number);
    const left = new Set(cells);
    for (const first of cells) {
      if (!left.delete(first)) continue;
      let best = first;
      const queue = [first];
      for (const c of queue) {
        if (clear[c] > clear[best]) best = c;
        // Two cells wide, since the border between basins may jump by one.
        for (const step of around) {
          for (const more of [0, ...around]) if (left.delete(c + step + more)) queue.push(c + step + more);
        }
      }
      found.push({ cell: best, sides: [a, b] });
    }
  }
  return found;
}

/** The shortest way across the floor at a pass, from wall to wall. */
function measure(raster: Raster, cell: number, edges: Edges): Gap | undefined {
  const { x0, y0, columns, clear, edge } = raster;
  const px = x0 + ((cell % columns) + 0.5) * raster.cell;
  const py = y0 + (Math.floor(cell / columns) + 0.5) * raster.cell;
  const a = nearestOn(edges, edge[cell], px, py);
  const reach = 2 * clear[cell] + 4 * raster.cell;
  const [ux, uy] = [(px - a[0]) / clear[cell], (py - a[1]) / clear[cell]];
  let b: Point | undefined;
  let nearest = Infinity;
  const close: number[] = [];
  for (let e = 0; 4 * e < edges.length; e++) {
    const q = nearestOn(edges, e, px, py);
    const d = Math.hypot(q[0] - px, q[1] - py);
    if (d > reach) continue;
    close.push(e);
    // Across: within 60° of straight on from the nearest wall.
    if ((q[0] - px) * ux + (q[1] - py) * uy < 0.5 * d || d >= nearest) continue;
    nearest = d;
    b = q;
  }
  if (b === undefined) return undefined;
  // The walls at either end, and the closest pair of places on them.
  const near = Math.max(0.3, 3 * raster.cell);
  const [c, d] = [a, b];
  const first = close.filter((e) => distance(nearestOn(edges, e, c[0], c[1]), c) <= near);
  const second = close.filter((e) => !first.includes(e) && distance(nearestOn(edges, e, d[0], d[1]), d) <= near);
  let best: { line: [[number, number], [number, number]]; width: number; overlap: number } | undefined;
  for (const e of first) {
    for (const f of second) {
      const way = shortestBetween(edges, e, f);
      const middle: Point = [(way.line[0][0] + way.line[1][0]) / 2, (way.line[0][1] + way.line[1][1]) / 2];
      if (distance(middle, [px, py]) > Math.max(1.5, 1.5 * way.width)) continue;
      if (
        best === undefined ||
        way.width < best.width - 0.001 ||
        (way.width < best.width + 0.001 && way.overlap > best.overlap)
      )
        best = way;
    }
  }
  const round = ([x, y]: readonly number[]): [number, number] => [Math.round(x * 1e4) / 1e4, Math.round(y * 1e4) / 1e4];
  if (best === undefined) return { line: [round(c), round(d)], width: distance(c, d) };
  return { line: [round(best.line[0]), round(best.line[1])], width: best.width };
}

/** Shortest way between two edges; in the middle of where they run side by side, if they are parallel within 2°. */
function shortestBetween(
  edges: Edges,
  e: number,
  f: number,
): { line: [[number, number], [number, number]]; width: number; overlap: number } {
  const [ax, ay, bx, by] = edges.subarray(4 * e, 4 * e + 4);
  const [cx, cy, dx, dy] = edges.subarray(4 * f, 4 * f + 4);
  const length = Math.hypot(bx - ax, by - ay);
  const otherLength = Math.hypot(dx - cx, dy - cy);
  if (length > 0 && otherLength > 0) {
    const [ux, uy] = [(bx - ax) / length, (by - ay) / length];
    const slant = Math.abs(ux * (dy - cy) - uy * (dx - cx)) / otherLength;
    const s = (cx - ax) * ux + (cy - ay) * uy;
    const t = (dx - ax) * ux + (dy - ay) * uy;
    const from = Math.max(0, Math.min(s, t));
    const to = Math.min(length, Math.max(s, t));
    if (slant < 0.035 && to - from > 0.02) {
      const middle = (from + to) / 2;
      const p: [number, number] = [ax + middle * ux, ay + middle * uy];
      const [qx, qy] = nearestOn(edges, f, p[0], p[1]);
      return { line: [p, [qx, qy]], width: distance(p, [qx, qy]), overlap: to - from };
    }
  }
  const ways: [[number, number], [number, number]][] = [
    [[ax, ay], nearestOn(edges, f, ax, ay)],
    [[bx, by], nearestOn(edges, f, bx, by)],
    [nearestOn(edges, e, cx, cy), [cx, cy]],
    [nearestOn(edges, e, dx, dy), [dx, dy]],
  ];
  let line = ways[0];
  for (const way of ways) if (distance(way[0], way[1]) < distance(line[0], line[1])) line = way;
  return { line, width: distance(line[0], line[1]), overlap: 0 };
}

/** Whether the line runs over floor all the way, and not along a wall. */
function crossesFloor(piece: Piece, { line: [a, b], width }: Gap): boolean {
  const rings = [piece.outline, ...piece.holes];
  if (!(width > 0)) return false;
  return [0.1, 0.3, 0.5, 0.7, 0.9].every((t) =>
    polygonContains(rings, a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])),
  );
}

function isTaken({ line: [a, b], width }: Gap, taken: readonly (readonly [Point, Point])[]): boolean {
  const [mx, my] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  return taken.some(([c, d]) => {
    if (distanceToSegment(mx, my, c[0], c[1], d[0], d[1]) < TAKEN_NEAR) return true;
    // Crossing lines: one opening told twice.
    const [nx, ny] = [(c[0] + d[0]) / 2, (c[1] + d[1]) / 2];
    return distanceToSegment(nx, ny, a[0], a[1], b[0], b[1]) < Math.min(TAKEN_NEAR, width / 2);
  });
}

function nearestOn(edges: Edges, e: number, x: number, y: number): [number, number] {
  const [ax, ay, bx, by] = edges.subarray(4 * e, 4 * e + 4);
  const dx = bx - ax;
  const dy = by - ay;
  const length2 = dx * dx + dy * dy;
  const t = length2 > 0 ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length2)) : 0;
  return [ax + t * dx, ay + t * dy];
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
