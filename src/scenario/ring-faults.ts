import type { Point, Polygon } from './schema.ts';

/** What can be wrong with a closed ring of corners. Edge `i` runs from corner `i` to corner `i + 1` (the last to the first). */
export type RingFault =
  /** Corner `corner` lies on the corner before it; `closing`: the last corner repeats the first. */
  | { readonly kind: 'duplicate-corner'; readonly corner: number; readonly closing: boolean }
  /** At `corner` the ring turns back on itself along the edge it came by. */
  | { readonly kind: 'spike'; readonly corner: number }
  /** Two edges cross at `point`. */
  | { readonly kind: 'crossing'; readonly edges: readonly [number, number]; readonly point: Point }
  /** Two edges touch or run on each other at `point`, without crossing: legal, but often a slip. */
  | { readonly kind: 'touching'; readonly edges: readonly [number, number]; readonly point: Point }
  /** The corners enclose less than 1 cm². */
  | { readonly kind: 'no-area'; readonly area: number }
  /** So many edges lie beside each other that crossings were not searched for to the end. */
  | { readonly kind: 'not-checked' };

const AREA_MIN = 1e-4;
/** Pairs of edges looked at before the search gives up: three seconds or so, more than real plans need. */
const PAIRS_MAX = 4e7;

/**
 * Everything wrong with a ring, at most `faultsMax` crossings and touchings. Corners must be finite.
 * Exact up to the rounding of f64: a corner nearer to an edge than the rounding error of the test counts as touching it.
 * Cost: sort and sweep along the axis on which fewer edges lie side by side; n log n for rings that look like buildings.
 */
export function findRingFaults(ring: Polygon, faultsMax = 5): RingFault[] {
  const faults: RingFault[] = [];
  const count = ring.length;
  const corners: number[] = [];
  for (let i = 0; i < count; i++) {
    const [x, y] = ring[i];
    const [nextX, nextY] = ring[(i + 1) % count];
    if (x === nextX && y === nextY && count > 1) {
      const closing = i === count - 1;
      faults.push({ kind: 'duplicate-corner', corner: closing ? i : i + 1, closing });
    } else corners.push(i);
  }
  const area = Math.abs(ringArea(ring));
  if (corners.length < 3 || area < AREA_MIN) {
    faults.push({ kind: 'no-area', area });
    if (corners.length < 3) return faults;
  }
  for (let k = 0; k < corners.length; k++) {
    const a = ring[corners[(k + corners.length - 1) % corners.length]];
    const b = ring[corners[k]];
    const c = ring[corners[(k + 1) % corners.length]];
    const ahead = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]);
    if (ahead < 0 && turn(a, b, c) === 0) faults.push({ kind: 'spike', corner: corners[k] });
  }
  findMeetings(ring, corners, faultsMax, faults);
  return faults;
}

/** Signed area of a ring, positive counter-clockwise [m²]; summed about its first corner, so that far-away plans lose nothing. */
export function ringArea(ring: Polygon): number {
  const [originX, originY] = ring[0] ?? [0, 0];
  let twice = 0;
  for (let i = 0; i < ring.length; i++) {
    const [ax, ay] = ring[i];
    const [bx, by] = ring[(i + 1) % ring.length];
    twice += (ax - originX) * (by - originY) - (bx - originX) * (ay - originY);
  }
  return twice / 2;
}

function findMeetings(ring: Polygon, corners: readonly number[], faultsMax: number, faults: RingFault[]): void {
  const count = corners.length;
  const low = [new Float64Array(count), new Float64Array(count)];
  const high = [new Float64Array(count), new Float64Array(count)];
  for (let k = 0; k < count; k++) {
    const a = ring[corners[k]];
    const b = ring[corners[(k + 1) % count]];
    for (const axis of [0, 1]) {
      low[axis][k] = Math.min(a[axis], b[axis]);
      high[axis][k] = Math.max(a[axis], b[axis]);
    }
  }
  const axis = countSideBySide(low[0], high[0]) <= countSideBySide(low[1], high[1]) ? 0 : 1;
  const other = 1 - axis;
  const order = Array.from({ length: count }, (_, k) => k).sort((a, b) => low[axis][a] - low[axis][b] || a - b);
  const found: (RingFault & { edges: readonly [number, number] })[] = [];
  let pairs = 0;
  const active: number[] = [];
  for (const edge of order) {
    let kept = 0;
    for (const candidate of active) {
      if (high[axis][candidate] < low[axis][edge]) continue;
      active[kept++] = candidate;
      pairs++;
      if (low[other][candidate] > high[other][edge] || high[other][candidate] < low[other][edge]) continue;
      const meeting = meet(ring, corners, Math.min(candidate, edge), Math.max(candidate, edge));
      if (meeting !== undefined) found.push(meeting);
    }
    active.length = kept;
    active.push(edge);
    if (pairs > PAIRS_MAX) {
      faults.push({ kind: 'not-checked' });
      break;
    }
    if (found.length > 10_000) break;
  }
  // A crossing at a corner is met from both of its edges: one report a point is enough.
  const seen = new Set<string>();
  found.sort((a, b) =>
    a.kind === b.kind ? a.edges[0] - b.edges[0] || a.edges[1] - b.edges[1] : a.kind === 'crossing' ? -1 : 1,
  );
  let reported = 0;
  for (const fault of found) {
    if (fault.kind !== 'crossing' && fault.kind !== 'touching') continue;
    const key = `${fault.point[0]} ${fault.point[1]}`;
    if (seen.has(key)) continue;
    seen.add(key);
    faults.push(fault);
    if (++reported >= faultsMax) break;
  }
}

/** Number of pairs whose extents along one axis overlap, in n log n. */
function countSideBySide(low: Float64Array, high: Float64Array): number {
  const starts = low.slice().sort();
  const ends = high.slice().sort();
  let pairs = 0;
  let ended = 0;
  for (let i = 0; i < starts.length; i++) {
    while (ended < i && ends[ended] < starts[i]) ended++;
    pairs += i - ended;
  }
  return pairs;
}

/** How the edges from `corners[i]` and `corners[j]` (i < j) meet, beyond the corner that neighbours share. */
function meet(
  ring: Polygon,
  corners: readonly number[],
  i: number,
  j: number,
): Extract<RingFault, { kind: 'crossing' | 'touching' }> | undefined {
  const count = corners.length;
  if (j === i + 1 || (i === 0 && j === count - 1)) return undefined; // neighbours: only a spike could be wrong
  const at = (k: number) => ring[corners[((k % count) + count) % count]];
  const [a, b, c, d] = [at(i), at(i + 1), at(j), at(j + 1)];
  const edges = [corners[i], corners[j]] as const;
  const sideC = turn(a, b, c);
  const sideD = turn(a, b, d);
  const sideA = turn(c, d, a);
  const sideB = turn(c, d, b);
  if (sideC * sideD < 0 && sideA * sideB < 0) return { kind: 'crossing', edges, point: intersect(a, b, c, d) };
  // Ends of one edge on the other: each such corner is judged with the two edges that meet there.
  for (const [corner, start, end, edgeOther] of [
    [j, a, b, i],
    [j + 1, a, b, i],
    [i, c, d, j],
    [i + 1, c, d, j],
  ] as const) {
    const p = at(corner);
    if (turn(start, end, p) !== 0 || !withinBox(start, end, p)) continue;
    const before = at(corner - 1);
    const after = at(corner + 1);
    const twin = samePoint(p, start) ? edgeOther : samePoint(p, end) ? edgeOther + 1 : undefined;
    const crosses =
      twin === undefined
        ? turn(start, end, before) * turn(start, end, after) < 0
        : isSeparated(p, before, after, at(twin - 1), at(twin + 1));
    return { kind: crosses ? 'crossing' : 'touching', edges, point: p };
  }
  return undefined;
}

/** Whether the rays p→c and p→d lie on different sides of the path a→p→b; rays on the path count as neither. */
function isSeparated(p: Point, a: Point, b: Point, c: Point, d: Point): boolean {
  const sideOf = (q: Point): number => {
    const left = turn(p, b, q);
    const right = turn(a, p, q);
    const bend = turn(a, p, b);
    if (bend >= 0) {
      if (left > 0 && right > 0) return 1;
      if (left < 0 || right < 0) return onRay(p, a, q) || onRay(p, b, q) ? 0 : -1;
    } else {
      if (left < 0 && right < 0) return -1;
      if (left > 0 || right > 0) return onRay(p, a, q) || onRay(p, b, q) ? 0 : 1;
    }
    return 0;
  };
  return sideOf(c) * sideOf(d) < 0;
}

function onRay(p: Point, through: Point, q: Point): boolean {
  const ahead = (through[0] - p[0]) * (q[0] - p[0]) + (through[1] - p[1]) * (q[1] - p[1]);
  return ahead > 0 && turn(p, through, q) === 0;
}

/** 1 where c lies left of a→b, −1 right, 0 where f64 cannot tell them apart from in line (Shewchuk's error bound). */
function turn(a: Point, b: Point, c: Point): -1 | 0 | 1 {
  const left = (b[0] - a[0]) * (c[1] - a[1]);
  const right = (b[1] - a[1]) * (c[0] - a[0]);
  const twice = left - right;
  const bound = 3.3306690738754716e-16 * (Math.abs(left) + Math.abs(right));
  return twice > bound ? 1 : twice < -bound ? -1 : 0;
}

function withinBox(a: Point, b: Point, p: Point): boolean {
  return (
    p[0] >= Math.min(a[0], b[0]) &&
    p[0] <= Math.max(a[0], b[0]) &&
    p[1] >= Math.min(a[1], b[1]) &&
    p[1] <= Math.max(a[1], b[1])
  );
}

function samePoint(a: Point, b: Point): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

function intersect(a: Point, b: Point, c: Point, d: Point): Point {
  const ux = b[0] - a[0];
  const uy = b[1] - a[1];
  const vx = d[0] - c[0];
  const vy = d[1] - c[1];
  const share = ((c[0] - a[0]) * vy - (c[1] - a[1]) * vx) / (ux * vy - uy * vx);
  return [a[0] + share * ux, a[1] + share * uy];
}
