import { distanceToSegment, polygonContains } from '../math/index.ts';
import { boxAround, type Point, ringArea } from '../scenario/index.ts';
import type { Piece } from './plan-pieces.ts';

/** An exit for a plan that has none, and why just there. Exactly one of `line` and `polygon`. */
export type SuggestedExit =
  | { readonly line: [[number, number], [number, number]]; readonly polygon?: undefined; readonly why: string }
  | { readonly polygon: [number, number][]; readonly line?: undefined; readonly why: string };

const EDGE_MIN = 0.8;
const EDGE_MAX = 6;
/** A wall's thickness and a bit more stays free between a region and the walls [m]. */
const REGION_MARGIN = 0.3;
const REGION_HALF_MIN = 0.5;
const REGION_HALF_MAX = 1;
const ENDS_MAX = 4;
/** Point-to-edge distances computed per piece at most: some tenths of a second. */
const WORK_MAX = 2e7;

/**
 * Exits for connected pieces of floor that have none, so that a plan runs at once. They are guesses, and to be called so.
 *
 * For each piece: the ends of corridors, that is edges of 0.8 … 6 m on the convex hull of its outline between two longer
 * edges that leave it squarely (four at most, the farthest from the middle first); failing that, the edge of that length on the hull farthest from the
 * middle; failing that, a square region of 1 … 2 m a side, 0.3 m off the walls where there is room, as far from the middle as such a square
 * fits. No exit for a piece in which not even that fits.
 */
export function suggestExits(pieces: readonly Piece[]): SuggestedExit[] {
  return pieces.flatMap((piece) => {
    const lines = suggestLines(piece);
    if (lines.length > 0) return lines;
    const region = suggestRegion(piece);
    return region === undefined ? [] : [region];
  });
}

function suggestLines(piece: Piece): SuggestedExit[] {
  const ring = dropCornersInLine(piece.outline);
  const hull = convexHull(ring);
  const middle = centroid(piece.outline);
  const length = (i: number) => distance(ring[i], ring[(i + 1) % ring.length]);
  const candidates = ring
    .map((_, i) => i)
    .filter((i) => length(i) >= EDGE_MIN && length(i) <= EDGE_MAX)
    .filter((i) => liesOnHull(hull, ring[i], ring[(i + 1) % ring.length]))
    .filter((i) => isFreeInside(piece, ring[i], ring[(i + 1) % ring.length]))
    .map((i) => ({ i, far: distance(middle, midpoint(ring[i], ring[(i + 1) % ring.length])) }))
    .sort((a, b) => b.far - a.far || a.i - b.i);
  const ends = candidates.filter(({ i }) => {
    const before = (i + ring.length - 1) % ring.length;
    const after = (i + 1) % ring.length;
    const isLonger = length(before) >= 1.5 * length(i) && length(after) >= 1.5 * length(i);
    return isLonger && isSquare(ring, before, i) && isSquare(ring, i, after);
  });
  const toExit =
    (why: string) =>
    ({ i }: { i: number }): SuggestedExit => ({ line: [ring[i], ring[(i + 1) % ring.length]], why });
  if (ends.length > 0) return ends.slice(0, ENDS_MAX).map(toExit('an end of a corridor at the outside of the plan'));
  return candidates.slice(0, 1).map(toExit('the outer edge of a door’s width farthest from the middle'));
}

function suggestRegion(piece: Piece): SuggestedExit | undefined {
  const rings = [piece.outline, ...piece.holes];
  const edges = rings.reduce((sum, ring) => sum + ring.length, 0);
  const [xMin, yMin, xMax, yMax] = boxAround(piece.outline);
  const pointsMax = Math.max(400, Math.min(40_000, WORK_MAX / edges));
  const [width, height] = [xMax - xMin, yMax - yMin];
  const step = Math.max(0.25, Math.sqrt((width * height) / pointsMax), width / pointsMax, height / pointsMax);
  const middle = centroid(piece.outline);
  // Rules from the wished-for to the barely possible: free distance to the nearest wall, half of a diagonal.
  const wished = (REGION_HALF_MIN + REGION_MARGIN) * Math.SQRT2;
  const possible = REGION_HALF_MIN * Math.SQRT2;
  let best: { point: Point; free: number; far: number; rank: number } | undefined;
  for (let y = yMin + step / 2; y < yMax; y += step) {
    for (let x = xMin + step / 2; x < xMax; x += step) {
      if (!polygonContains(rings, x, y)) continue;
      const free = distanceToRings(rings, x, y);
      if (free < possible) continue;
      const rank = free >= wished ? 1 : 0;
      const far = distance(middle, [x, y]);
      if (best === undefined || rank > best.rank || (rank === best.rank && far > best.far))
        best = { point: [x, y], free, far, rank };
    }
  }
  if (best === undefined) return undefined;
  const margin = best.rank === 1 ? REGION_MARGIN : 0;
  const half = Math.max(
    REGION_HALF_MIN,
    Math.min(REGION_HALF_MAX, Math.floor((best.free / Math.SQRT2 - margin) * 100) / 100),
  );
  const [x, y] = best.point.map((value) => Math.round(value * 1000) / 1000);
  const why = 'no outer edge has a door’s width; a region far from the middle, entered to be out';
  return {
    polygon: [
      [x - half, y - half],
      [x + half, y - half],
      [x + half, y + half],
      [x - half, y + half],
    ],
    why,
  };
}

/** Whether there is floor to walk on before an edge: a point half a metre in from its middle is inside and off the other walls. */
function isFreeInside(piece: Piece, a: Point, b: Point): boolean {
  const rings = [piece.outline, ...piece.holes];
  const [x, y] = midpoint(a, b);
  const length = distance(a, b);
  const normal = [-(b[1] - a[1]) / length, (b[0] - a[0]) / length];
  return [0.5, -0.5].some((side) => {
    const px = x + side * normal[0];
    const py = y + side * normal[1];
    return polygonContains(rings, px, py) && distanceToRings(rings, px, py) > 0.25;
  });
}

/** Whether the corner between two edges (each named by its start) is within 30° of a right angle. */
function isSquare(ring: readonly Point[], first: number, second: number): boolean {
  const a = ring[first];
  const b = ring[second];
  const c = ring[(second + 1) % ring.length];
  const dot = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]);
  return Math.abs(dot) <= 0.5 * distance(a, b) * distance(b, c);
}

function distanceToRings(rings: readonly (readonly Point[])[], x: number, y: number): number {
  let nearest = Infinity;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      nearest = Math.min(nearest, distanceToSegment(x, y, ring[j][0], ring[j][1], ring[i][0], ring[i][1]));
    }
  }
  return nearest;
}

/** The ring without corners at which it does not turn (by less than a millimetre off the line). */
function dropCornersInLine(ring: readonly [number, number][]): [number, number][] {
  const kept: [number, number][] = [];
  for (let i = 0; i < ring.length; i++) {
    const a = kept.at(-1) ?? ring[(i + ring.length - 1) % ring.length];
    const b = ring[i];
    const c = ring[(i + 1) % ring.length];
    if (distanceToSegment(b[0], b[1], a[0], a[1], c[0], c[1]) > 0.001) kept.push(b);
  }
  return kept.length >= 3 ? kept : [...ring];
}

/** Convex hull, counter-clockwise, without corners in line. @source Andrew 1979 */
function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (list: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const p of list) {
      while (chain.length >= 2 && cross(chain[chain.length - 2], chain[chain.length - 1], p) <= 0) chain.pop();
      chain.push(p);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

function liesOnHull(hull: readonly Point[], a: Point, b: Point): boolean {
  return hull.some((p, i) => {
    const q = hull[(i + 1) % hull.length];
    return [a, b].every((end) => distanceToSegment(end[0], end[1], p[0], p[1], q[0], q[1]) <= 0.001);
  });
}

function cross(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/** Centre of gravity of a ring. */
function centroid(ring: readonly Point[]): Point {
  const [originX, originY] = ring[0];
  let x = 0;
  let y = 0;
  for (let i = 0; i < ring.length; i++) {
    const ax = ring[i][0] - originX;
    const ay = ring[i][1] - originY;
    const bx = ring[(i + 1) % ring.length][0] - originX;
    const by = ring[(i + 1) % ring.length][1] - originY;
    x += (ax + bx) * (ax * by - bx * ay);
    y += (ay + by) * (ax * by - bx * ay);
  }
  const six = 6 * ringArea(ring);
  return [originX + x / six, originY + y / six];
}

function distance(a: Point, b: Point): number {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  return Math.sqrt(dx * dx + dy * dy);
}

function midpoint(a: Point, b: Point): Point {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}
