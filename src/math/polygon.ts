/** Corners of a closed ring in order; the first is not repeated at the end (if it is, nothing breaks). */
export type Corners = readonly (readonly [number, number])[];

/** Signed area of a ring [m²]: positive when counter-clockwise; 0 for fewer than three corners. O(n). */
export function polygonArea(ring: Corners): number {
  if (ring.length < 3) return 0;
  // About the first corner, so that far-off coordinates (UTM) do not cancel.
  const [x0, y0] = ring[0]!;
  let sum = 0;
  for (let i = 1; i + 1 < ring.length; i++) {
    const [ax, ay] = ring[i]!;
    const [bx, by] = ring[i + 1]!;
    sum += (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
  }
  return sum / 2;
}

/**
 * Whether (x, y) lies in the polygon: even-odd over all rings (outline, holes, islands), and every point within 1e-9 m of
 * a boundary counts as inside. O(corners).
 */
export function polygonContains(rings: readonly Corners[], x: number, y: number): boolean {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [ax, ay] = ring[j]!;
      const [bx, by] = ring[i]!;
      if (x >= Math.min(ax, bx) - 1e-9 && x <= Math.max(ax, bx) + 1e-9) {
        if (y >= Math.min(ay, by) - 1e-9 && y <= Math.max(ay, by) + 1e-9) {
          if (distanceToSegment(x, y, ax, ay, bx, by) <= 1e-9) return true;
        }
      }
      if (ay > y !== by > y) {
        const side = findOrientation(ax, ay, bx, by, x, y);
        if (by > ay ? side > 0 : side < 0) inside = !inside;
      }
    }
  }
  return inside;
}

/** Distance from (px, py) to the segment a–b [m]; a segment of length 0 is its point. */
export function distanceToSegment(px: number, py: number, ax: number, ay: number, bx: number, by: number): number {
  const dx = bx - ax;
  const dy = by - ay;
  const length2 = dx * dx + dy * dy;
  let t = length2 > 0 ? ((px - ax) * dx + (py - ay) * dy) / length2 : 0;
  t = Math.max(0, Math.min(1, t));
  const ex = ax + t * dx - px;
  const ey = ay + t * dy - py;
  return Math.sqrt(ex * ex + ey * ey);
}

/** Twelve terms whose exact sum is the orientation determinant; scratch of one call. */
const TERMS = new Float64Array(12);
const EXPANSION = new Float64Array(12);

/** Writes a·b exactly as product + error. @source Dekker 1971 */
function putProduct(index: number, a: number, b: number): void {
  const product = a * b;
  let c = 134217729 * a;
  const aHigh = c - (c - a);
  const aLow = a - aHigh;
  c = 134217729 * b;
  const bHigh = c - (c - b);
  const bLow = b - bHigh;
  TERMS[index] = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
  TERMS[index + 1] = product;
}

/**
 * On which side of the line a → b the point c lies: 1 left, −1 right, 0 exactly on it. Exact for coordinates of
 * 1e-140 … 1e140: a fast f64 estimate, and where its error bound does not decide, an exact sum.
 * @source Shewchuk 1997: Adaptive precision floating-point arithmetic, doi 10.1007/PL00009321
 */
export function findOrientation(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): -1 | 0 | 1 {
  const left = (ax - cx) * (by - cy);
  const right = (ay - cy) * (bx - cx);
  const estimate = left - right;
  const bound = 3.3306690738754716e-16 * (Math.abs(left) + Math.abs(right));
  if (estimate > bound) return 1;
  if (estimate < -bound) return -1;
  if (left === 0 && right === 0) {
    // A difference of two numbers is 0 only when they are equal, so one factor of each product is truly 0.
    if ((ax === cx || by === cy) && (ay === cy || bx === cx)) return 0;
  }
  putProduct(0, ax, by);
  putProduct(2, -ax, cy);
  putProduct(4, -cx, by);
  putProduct(6, -ay, bx);
  putProduct(8, ay, cx);
  putProduct(10, cy, bx);
  // Grows an expansion term by term; its components do not overlap, so the last that is not 0 has the sign of the sum.
  let count = 0;
  for (let i = 0; i < 12; i++) {
    let carry = TERMS[i]!;
    let kept = 0;
    for (let j = 0; j < count; j++) {
      const b = EXPANSION[j]!;
      const sum = carry + b;
      const bPart = sum - carry;
      const error = carry - (sum - bPart) + (b - bPart);
      if (error !== 0) EXPANSION[kept++] = error;
      carry = sum;
    }
    if (carry !== 0) EXPANSION[kept++] = carry;
    count = kept;
  }
  if (count === 0) return 0;
  return EXPANSION[count - 1]! > 0 ? 1 : -1;
}

/** Whether c, known to be on the line a–b, lies on the segment a–b. */
function isBetween(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): boolean {
  return cx >= Math.min(ax, bx) && cx <= Math.max(ax, bx) && cy >= Math.min(ay, by) && cy <= Math.max(ay, by);
}

/** Whether the closed segments a–b and c–d share a point (crossing, touching or overlapping). Exact. */
export function segmentsIntersect(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  cx: number,
  cy: number,
  dx: number,
  dy: number,
): boolean {
  const abc = findOrientation(ax, ay, bx, by, cx, cy);
  const abd = findOrientation(ax, ay, bx, by, dx, dy);
  const cda = findOrientation(cx, cy, dx, dy, ax, ay);
  const cdb = findOrientation(cx, cy, dx, dy, bx, by);
  if (abc * abd < 0 && cda * cdb < 0) return true;
  return (
    (abc === 0 && isBetween(ax, ay, bx, by, cx, cy)) ||
    (abd === 0 && isBetween(ax, ay, bx, by, dx, dy)) ||
    (cda === 0 && isBetween(cx, cy, dx, dy, ax, ay)) ||
    (cdb === 0 && isBetween(cx, cy, dx, dy, bx, by))
  );
}

/** Where a ring meets itself: the two edges (edge i runs from corner i to corner i + 1) and a point they share [m]. */
export interface SelfCrossing {
  readonly edges: readonly [number, number];
  readonly point: readonly [number, number];
}

/**
 * First place found where a ring crosses, touches or doubles back on itself, or undefined when it is simple.
 * Corners that repeat the one before are passed over (edge indices still count them). Exact: no tolerance.
 *
 * Sweep of Shamos and Hoey: corners in order of x, then y; the edges under the sweep line are kept from below to above in a
 * flat array; an edge is tested against its neighbours when it enters, and the two that meet when it leaves.
 * O(n log n) comparisons (and moves of at most n numbers in the flat array): 1e5 corners in about 0.1 s.
 * @source Shamos & Hoey 1976: Geometric intersection problems, doi 10.1109/SFCS.1976.16
 */
export function findSelfCrossing(ring: Corners): SelfCrossing | undefined {
  const corner: number[] = [];
  for (let i = 0; i < ring.length; i++) {
    const [x, y] = ring[i]!;
    const last = ring[corner.length > 0 ? corner[corner.length - 1]! : 0]!;
    if (corner.length === 0 || x !== last[0] || y !== last[1]) corner.push(i);
  }
  while (corner.length > 1) {
    const first = ring[corner[0]!]!;
    const last = ring[corner[corner.length - 1]!]!;
    if (first[0] !== last[0] || first[1] !== last[1]) break;
    corner.pop();
  }
  const count = corner.length;
  if (count < 3) return undefined;
  const xs = new Float64Array(count);
  const ys = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    xs[i] = ring[corner[i]!]![0];
    ys[i] = ring[corner[i]!]![1];
  }
  // The edge that leaves corner i in the reduced ring starts at the last of its repeated corners in the given one.
  const edgeName = (i: number): number => {
    const next = corner[(i + 1) % count]!;
    return i === count - 1 ? (next === 0 ? lastDistinct() : next - 1) : next - 1;
  };
  const lastDistinct = (): number => {
    let last = ring.length - 1;
    while (last > 0 && ring[last]![0] === xs[0] && ring[last]![1] === ys[0]) last--;
    return last;
  };
  const report = (i: number, j: number, x: number, y: number): SelfCrossing => {
    const a = edgeName(i);
    const b = edgeName(j);
    return { edges: a < b ? [a, b] : [b, a], point: [x, y] };
  };

  for (let i = 0; i < count; i++) {
    const before = (i + count - 1) % count;
    const after = (i + 1) % count;
    const inX = xs[i]! - xs[before]!;
    const inY = ys[i]! - ys[before]!;
    const outX = xs[after]! - xs[i]!;
    const outY = ys[after]! - ys[i]!;
    if (
      inX * outX + inY * outY < 0 &&
      findOrientation(xs[before]!, ys[before]!, xs[i]!, ys[i]!, xs[after]!, ys[after]!) === 0
    ) {
      return report(before, i, xs[i]!, ys[i]!);
    }
  }

  const order = new Int32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  order.sort((a, b) => xs[a]! - xs[b]! || ys[a]! - ys[b]! || a - b);
  for (let k = 1; k < count; k++) {
    const a = order[k - 1]!;
    const b = order[k]!;
    if (xs[a] === xs[b] && ys[a] === ys[b]) return report(a, b, xs[a]!, ys[a]!);
  }
  const rank = new Int32Array(count);
  for (let k = 0; k < count; k++) rank[order[k]!] = k;

  /** Side of the point on edge e, seen from its left end to its right end. */
  const side = (e: number, x: number, y: number): number => {
    const next = (e + 1) % count;
    return rank[e]! < rank[next]!
      ? findOrientation(xs[e]!, ys[e]!, xs[next]!, ys[next]!, x, y)
      : findOrientation(xs[next]!, ys[next]!, xs[e]!, ys[e]!, x, y);
  };
  const meet = (e: number, f: number): SelfCrossing | undefined => {
    const e1 = (e + 1) % count;
    const f1 = (f + 1) % count;
    // Neighbours in the ring share their corner, and the test above has shown that they share no more.
    if (e === f1 || f === e1) return undefined;
    const ax = xs[e]!;
    const ay = ys[e]!;
    const bx = xs[e1]!;
    const by = ys[e1]!;
    const cx = xs[f]!;
    const cy = ys[f]!;
    const dx = xs[f1]!;
    const dy = ys[f1]!;
    if (!segmentsIntersect(ax, ay, bx, by, cx, cy, dx, dy)) return undefined;
    if (side(e, cx, cy) === 0 && isBetween(ax, ay, bx, by, cx, cy)) return report(e, f, cx, cy);
    if (side(e, dx, dy) === 0 && isBetween(ax, ay, bx, by, dx, dy)) return report(e, f, dx, dy);
    if (side(f, ax, ay) === 0 && isBetween(cx, cy, dx, dy, ax, ay)) return report(e, f, ax, ay);
    if (side(f, bx, by) === 0 && isBetween(cx, cy, dx, dy, bx, by)) return report(e, f, bx, by);
    const t = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / ((bx - ax) * (dy - cy) - (by - ay) * (dx - cx));
    return report(e, f, ax + t * (bx - ax), ay + t * (by - ay));
  };

  const active = new Int32Array(count);
  let activeCount = 0;
  for (let k = 0; k < count; k++) {
    const v = order[k]!;
    const x = xs[v]!;
    const y = ys[v]!;
    const before = (v + count - 1) % count;
    // Lowest active edge that is not strictly below the corner.
    let low = 0;
    let high = activeCount;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (side(active[middle]!, x, y) > 0) low = middle + 1;
      else high = middle;
    }
    const beforeEnds = rank[before]! < k;
    const leavingEnds = rank[(v + 1) % count]! < k;
    const ending = (beforeEnds ? 1 : 0) + (leavingEnds ? 1 : 0);
    // Edges through the corner must be exactly those that end at it.
    for (let j = low; j < activeCount && j < low + ending + 1; j++) {
      const edge = active[j]!;
      if (edge !== before && edge !== v) {
        if (j < low + ending || side(edge, x, y) === 0) return report(edge, v, x, y);
      }
    }
    if (ending === 1) {
      active[low] = beforeEnds ? v : before;
    } else if (ending === 2) {
      active.copyWithin(low, low + 2, activeCount);
      activeCount -= 2;
      if (low > 0 && low < activeCount) {
        const found = meet(active[low - 1]!, active[low]!);
        if (found !== undefined) return found;
      }
      continue;
    } else {
      active.copyWithin(low + 2, low, activeCount);
      activeCount += 2;
      const after = (v + 1) % count;
      const leavingIsAbove = side(before, xs[after]!, ys[after]!) > 0;
      active[low] = leavingIsAbove ? before : v;
      active[low + 1] = leavingIsAbove ? v : before;
    }
    const top = ending === 1 ? low : low + 1;
    if (low > 0) {
      const found = meet(active[low - 1]!, active[low]!);
      if (found !== undefined) return found;
    }
    if (top + 1 < activeCount) {
      const found = meet(active[top]!, active[top + 1]!);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Whether a ring neither crosses, touches nor doubles back on itself and has an area; see `findSelfCrossing`. */
export function isSimpleRing(ring: Corners): boolean {
  return ring.length >= 3 && polygonArea(ring) !== 0 && findSelfCrossing(ring) === undefined;
}

/** The ring counter-clockwise (or clockwise when `counterClockwise` is false), as it is or reversed. */
export function orientRing<T extends Corners>(ring: T, counterClockwise = true): T {
  if (polygonArea(ring) >= 0 === counterClockwise) return ring;
  return [...ring].reverse() as unknown as T;
}
