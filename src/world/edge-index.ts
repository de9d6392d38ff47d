import type { Place, Ring } from './plan-geometry.ts';

/** Edges of rings in square bins, for questions near a point. Built once, never changed. */
export interface EdgeIndex {
  /** Four numbers an edge: ax, ay, bx, by [m]. */
  readonly edges: Float64Array;
  readonly edgeCount: number;
  readonly x0: number;
  readonly y0: number;
  readonly bin: number;
  readonly columns: number;
  readonly rows: number;
  readonly start: Int32Array;
  readonly items: Int32Array;
}

/** Puts every edge of `rings` into the bins its bounding box touches. O(edges + bins). */
export function buildEdgeIndex(rings: readonly Ring[]): EdgeIndex {
  let edgeCount = 0;
  for (const ring of rings) edgeCount += ring.length;
  const edges = new Float64Array(4 * edgeCount);
  let x0 = Infinity;
  let y0 = Infinity;
  let x1 = -Infinity;
  let y1 = -Infinity;
  let e = 0;
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i++) {
      const a = ring[i];
      const b = ring[i + 1 === ring.length ? 0 : i + 1];
      edges[e++] = a[0];
      edges[e++] = a[1];
      edges[e++] = b[0];
      edges[e++] = b[1];
      x0 = Math.min(x0, a[0]);
      y0 = Math.min(y0, a[1]);
      x1 = Math.max(x1, a[0]);
      y1 = Math.max(y1, a[1]);
    }
  }
  if (edgeCount === 0) {
    x0 = y0 = x1 = y1 = 0;
  }
  const width = x1 - x0 + 1e-6;
  const height = y1 - y0 + 1e-6;
  const bin = Math.max(0.5, Math.sqrt((width * height) / (edgeCount + 16)));
  const columns = Math.floor(width / bin) + 1;
  const rows = Math.floor(height / bin) + 1;
  const start = new Int32Array(columns * rows + 1);
  const visit = (put: (cell: number, edge: number) => void): void => {
    for (let i = 0; i < edgeCount; i++) {
      const ax = edges[4 * i];
      const ay = edges[4 * i + 1];
      const bx = edges[4 * i + 2];
      const by = edges[4 * i + 3];
      const c0 = Math.floor((Math.min(ax, bx) - x0) / bin);
      const c1 = Math.floor((Math.max(ax, bx) - x0) / bin);
      const r0 = Math.floor((Math.min(ay, by) - y0) / bin);
      const r1 = Math.floor((Math.max(ay, by) - y0) / bin);
      for (let r = r0; r <= r1; r++) {
        for (let c = c0; c <= c1; c++) {
          // Long oblique edges would fill their whole box: keep only bins the line comes through.
          if (c1 > c0 && r1 > r0 && !lineMeetsBox(ax, ay, bx, by, x0 + c * bin, y0 + r * bin, bin)) continue;
          put(r * columns + c, i);
        }
      }
    }
  };
  visit((cell) => start[cell + 1]++);
  for (let i = 0; i < columns * rows; i++) start[i + 1] += start[i];
  const items = new Int32Array(start[columns * rows]);
  const next = start.slice();
  visit((cell, edge) => {
    items[next[cell]++] = edge;
  });
  return { edges, edgeCount, x0, y0, bin, columns, rows, start, items };
}

function lineMeetsBox(ax: number, ay: number, bx: number, by: number, x: number, y: number, size: number): boolean {
  const slack = 1e-6;
  const nx = by - ay;
  const ny = ax - bx;
  const d = nx * ax + ny * ay;
  const cx = x + size / 2;
  const cy = y + size / 2;
  const reach = (Math.abs(nx) + Math.abs(ny)) * (size / 2 + slack);
  return Math.abs(nx * cx + ny * cy - d) <= reach;
}

/** Calls `visit(edge)` for every edge whose bins touch the box; an edge may come more than once. */
export function visitEdges(
  index: EdgeIndex,
  xMin: number,
  yMin: number,
  xMax: number,
  yMax: number,
  visit: (edge: number) => void,
): void {
  const c0 = Math.max(0, Math.floor((xMin - index.x0) / index.bin));
  const c1 = Math.min(index.columns - 1, Math.floor((xMax - index.x0) / index.bin));
  const r0 = Math.max(0, Math.floor((yMin - index.y0) / index.bin));
  const r1 = Math.min(index.rows - 1, Math.floor((yMax - index.y0) / index.bin));
  for (let r = r0; r <= r1; r++) {
    for (let c = c0; c <= c1; c++) {
      const cell = r * index.columns + c;
      for (let k = index.start[cell]; k < index.start[cell + 1]; k++) visit(index.items[k]);
    }
  }
}

/** Even-odd test of a point against all rings of the index; looks at the bins of one row only. */
export function indexContains(index: EdgeIndex, x: number, y: number): boolean {
  const row = Math.floor((y - index.y0) / index.bin);
  if (row < 0 || row >= index.rows || index.edgeCount === 0) return false;
  let inside = false;
  const c0 = Math.max(0, Math.floor((x - index.x0) / index.bin));
  for (let c = c0; c < index.columns; c++) {
    const cell = row * index.columns + c;
    for (let k = index.start[cell]; k < index.start[cell + 1]; k++) {
      const e = 4 * index.items[k];
      const ay = index.edges[e + 1];
      const by = index.edges[e + 3];
      if (ay > y === by > y) continue;
      const ax = index.edges[e];
      const bx = index.edges[e + 2];
      const crossing = ax + ((y - ay) / (by - ay)) * (bx - ax);
      if (!(crossing > x)) continue;
      // An edge is in several bins of the row; it counts in the one that its crossing falls into.
      const own = Math.floor((Math.min(Math.max(crossing, Math.min(ax, bx)), Math.max(ax, bx)) - index.x0) / index.bin);
      if (own === c) inside = !inside;
    }
  }
  return inside;
}

/**
 * Parameters t (0 … 1, ascending) at which the segment p → q meets edges of the index. Edges that run along it are left
 * out (their ends belong to their neighbours).
 */
export function findCrossings(index: EdgeIndex, p: Place, q: Place): number[] {
  const dx = q[0] - p[0];
  const dy = q[1] - p[1];
  const found: number[] = [];
  visitEdges(
    index,
    Math.min(p[0], q[0]) - 1e-6,
    Math.min(p[1], q[1]) - 1e-6,
    Math.max(p[0], q[0]) + 1e-6,
    Math.max(p[1], q[1]) + 1e-6,
    (e) => {
      const ax = index.edges[4 * e];
      const ay = index.edges[4 * e + 1];
      const ex = index.edges[4 * e + 2] - ax;
      const ey = index.edges[4 * e + 3] - ay;
      const turn = dx * ey - dy * ex;
      const scale = Math.sqrt((dx * dx + dy * dy) * (ex * ex + ey * ey));
      if (Math.abs(turn) <= 1e-9 * scale) return;
      const t = ((ax - p[0]) * ey - (ay - p[1]) * ex) / turn;
      const s = ((ax - p[0]) * dy - (ay - p[1]) * dx) / turn;
      if (t < -1e-9 || t > 1 + 1e-9 || s < -1e-9 || s > 1 + 1e-9) return;
      found.push(t);
    },
  );
  found.sort((a, b) => a - b);
  return found.filter((t, i) => i === 0 || t - found[i - 1] > 1e-9);
}

/** Distance from (x, y) to the nearest edge, or `reach` where none is nearer [m]. */
export function distanceToEdges(index: EdgeIndex, x: number, y: number, reach: number): number {
  let best = reach;
  visitEdges(index, x - reach, y - reach, x + reach, y + reach, (e) => {
    const ax = index.edges[4 * e];
    const ay = index.edges[4 * e + 1];
    const ex = index.edges[4 * e + 2] - ax;
    const ey = index.edges[4 * e + 3] - ay;
    const length2 = ex * ex + ey * ey;
    let t = length2 > 0 ? ((x - ax) * ex + (y - ay) * ey) / length2 : 0;
    t = t < 0 ? 0 : Math.min(t, 1);
    const px = ax + t * ex - x;
    const py = ay + t * ey - y;
    const d = Math.sqrt(px * px + py * py);
    if (d < best) best = d;
  });
  return best;
}
