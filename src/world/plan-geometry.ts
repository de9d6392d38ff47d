import { Clipper, EndType, FillRule, JoinType, type Path64, type Paths64 } from 'clipper2-ts';

/** A point of the plan in local coordinates [m]. */
export type Place = readonly [number, number];
/** A closed ring, the first corner not repeated [m]. */
export type Ring = readonly Place[];
/** Ring 0 is the outline, counter-clockwise; the others are holes, clockwise [m]. */
export type Rings = readonly Ring[];

/**
 * Booleans on polygons are done in whole numbers of 10 µm, so that they are exact up to rounding to that grid and the
 * same on every host. Coordinates up to 20 km stay far inside the whole numbers an f64 holds.
 */
export const PLAN_SCALE = 1e5;

export type { Path64, Paths64 };

/** A ring of local metres as whole numbers. */
export function toPath(ring: Ring): Path64 {
  return ring.map(([x, y]) => ({ x: Math.round(x * PLAN_SCALE), y: Math.round(y * PLAN_SCALE) }));
}

/** The same, turned counter-clockwise, so that rings of either turn unite under the non-zero rule. */
export function toPositivePath(ring: Ring): Path64 {
  const path = toPath(ring);
  return Clipper.area(path) < 0 ? path.reverse() : path;
}

/** A whole-number path back in metres. */
export function toRing(path: Path64): Ring {
  return path.map(({ x, y }) => [x / PLAN_SCALE, y / PLAN_SCALE] as const);
}

export function unitePaths(paths: Paths64): Paths64 {
  return paths.length === 0 ? [] : Clipper.union(paths, FillRule.NonZero);
}

export function subtractPaths(subject: Paths64, clip: Paths64): Paths64 {
  if (subject.length === 0) return [];
  return clip.length === 0 ? unitePaths(subject) : Clipper.difference(subject, clip, FillRule.NonZero);
}

export function intersectPaths(subject: Paths64, clip: Paths64): Paths64 {
  return subject.length === 0 || clip.length === 0 ? [] : Clipper.intersect(subject, clip, FillRule.NonZero);
}

/** Area enclosed by paths as the booleans return them (holes negative) [m²]. */
export function sizeOfPaths(paths: Paths64): number {
  return Clipper.areaPaths(paths) / (PLAN_SCALE * PLAN_SCALE);
}

/** A region less a rim of `width` metres along its edges; corners stay sharp, so no transcendental function is needed. */
export function shrinkPaths(paths: Paths64, width: number): Paths64 {
  return paths.length === 0 ? [] : Clipper.inflatePaths(paths, -width * PLAN_SCALE, JoinType.Miter, EndType.Polygon);
}

/**
 * Takes out corners that lie within `tolerance` metres of the line through their neighbours (and do not double back),
 * repeats and rings that enclose less than `sizeMin` square metres. Keeps orientation. O(corners) for plain plans.
 */
export function tidyPaths(paths: Paths64, tolerance: number, sizeMin: number): Paths64 {
  const result: Paths64 = [];
  for (const path of paths) {
    const ring = dropFlatCorners(path, tolerance * PLAN_SCALE);
    if (ring.length < 3 || Math.abs(Clipper.area(ring)) < sizeMin * PLAN_SCALE * PLAN_SCALE) continue;
    result.push(ring);
  }
  return result;
}

function dropFlatCorners(path: Path64, tolerance: number): Path64 {
  const count = path.length;
  if (count < 4) return path;
  // Start at a corner that certainly stays: the lowest, then leftmost.
  let start = 0;
  for (let i = 1; i < count; i++) {
    if (path[i].y < path[start].y || (path[i].y === path[start].y && path[i].x < path[start].x)) start = i;
  }
  const kept: Path64 = [path[start]];
  let anchor = 0;
  for (let k = 1; k <= count; k++) {
    const last = path[(start + anchor) % count];
    const here = path[(start + k) % count];
    const next = path[(start + k + 1) % count];
    if (k === count) break;
    let flat = true;
    for (let j = anchor + 1; j <= k && flat; j++) {
      const p = path[(start + j) % count];
      const dx = next.x - last.x;
      const dy = next.y - last.y;
      const length = Math.sqrt(dx * dx + dy * dy);
      if (length === 0) flat = false;
      else {
        const along = ((p.x - last.x) * dx + (p.y - last.y) * dy) / length;
        const across = Math.abs((p.x - last.x) * dy - (p.y - last.y) * dx) / length;
        flat = across <= tolerance && along >= 0 && along <= length;
      }
    }
    if (flat) continue;
    if (here.x !== last.x || here.y !== last.y) kept.push(here);
    anchor = k;
  }
  return kept;
}

/**
 * Outline of a wall: its centre line thickened by half the thickness on each side. Butt ends, `more[0]` metres before the
 * first point and `more[1]` beyond the last; joins mitred up to a factor of 2, blunter ones bevelled. Pieces overlap; unite
 * them.
 */
export function strokeWall(
  points: readonly Place[],
  thickness: number,
  closed: boolean,
  more: readonly [number, number] = [0, 0],
): Paths64 {
  const half = thickness / 2;
  const path: Place[] = [];
  for (const point of points) {
    const last = path[path.length - 1];
    if (last === undefined || distance(last, point) > 1e-6) path.push(point);
  }
  if (closed && path.length > 2 && distance(path[0], path[path.length - 1]) <= 1e-6) path.pop();
  if (!closed && path.length > 1) {
    const [ux, uy] = unit(path[0], path[1]);
    path[0] = [path[0][0] - more[0] * ux, path[0][1] - more[0] * uy];
    const last = path.length - 1;
    const [vx, vy] = unit(path[last - 1], path[last]);
    path[last] = [path[last][0] + more[1] * vx, path[last][1] + more[1] * vy];
  }
  const pieces: Paths64 = [];
  const segmentCount = closed && path.length > 2 ? path.length : path.length - 1;
  for (let i = 0; i < segmentCount; i++) {
    const a = path[i];
    const b = path[(i + 1) % path.length];
    const [ux, uy] = unit(a, b);
    const nx = -uy * half;
    const ny = ux * half;
    pieces.push(
      toPositivePath([
        [a[0] + nx, a[1] + ny],
        [a[0] - nx, a[1] - ny],
        [b[0] - nx, b[1] - ny],
        [b[0] + nx, b[1] + ny],
      ]),
    );
    const joined = closed ? path.length > 2 : i + 1 < segmentCount;
    if (!joined) continue;
    const c = path[(i + 2) % path.length];
    const [vx, vy] = unit(b, c);
    const turn = ux * vy - uy * vx;
    if (Math.abs(turn) < 1e-9) continue;
    const side = turn > 0 ? -1 : 1;
    const first: Place = [b[0] - uy * half * side, b[1] + ux * half * side];
    const second: Place = [b[0] - vy * half * side, b[1] + vx * half * side];
    const dot = ux * vx + uy * vy;
    // The mitre reaches half / cos(turn / 2) from the corner; 1 + dot = 2 cos².
    const wedge: Place[] = [b, first];
    if (1 + dot > 0.5) {
      const k = 1 / (1 + dot);
      wedge.push([b[0] + k * (first[0] + second[0] - 2 * b[0]), b[1] + k * (first[1] + second[1] - 2 * b[1])]);
    }
    wedge.push(second);
    pieces.push(toPositivePath(wedge));
  }
  return pieces;
}

export function distance(a: Place, b: Place): number {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  return Math.sqrt(dx * dx + dy * dy);
}

/** Unit vector from a to b; (1, 0) where they are one point. */
export function unit(a: Place, b: Place): [number, number] {
  const length = distance(a, b);
  return length > 0 ? [(b[0] - a[0]) / length, (b[1] - a[1]) / length] : [1, 0];
}

/** The point a + t·(b − a). */
export function between(a: Place, b: Place, t: number): [number, number] {
  return [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
}

/**
 * Rectangle along the line a → b from `right` metres to its right to `left` metres to its left, longer by `more` at both
 * ends, as a whole-number path.
 */
export function thickenLine(a: Place, b: Place, left: number, right: number, more = 0): Path64 {
  const [ux, uy] = unit(a, b);
  const p: Place = [a[0] - ux * more, a[1] - uy * more];
  const q: Place = [b[0] + ux * more, b[1] + uy * more];
  return toPositivePath([
    [p[0] + uy * right, p[1] - ux * right],
    [q[0] + uy * right, q[1] - ux * right],
    [q[0] - uy * left, q[1] + ux * left],
    [p[0] - uy * left, p[1] + ux * left],
  ]);
}

/** Interior angle-safe order of the corners of a link: from.line then to.line so that the sides do not cross. */
export function joinLines(a: Place, b: Place, c: Place, d: Place): [Place, Place, Place, Place] {
  const straight = distance(a, c) + distance(b, d);
  const crossed = distance(a, d) + distance(b, c);
  return straight <= crossed ? [a, b, d, c] : [a, b, c, d];
}

/**
 * Welds rings that are meant to touch: corners within half a millimetre become one point, and an edge that passes a corner
 * within half a millimetre gets that corner, so that common edges are the same whole numbers and unite without a crack.
 * O(corners) for plain plans.
 */
export function weldPaths(paths: Paths64): Paths64 {
  const reach = 0.0005 * PLAN_SCALE;
  const bins = new Map<string, { x: number; y: number }[]>();
  const near = (x: number, y: number): { x: number; y: number } | undefined => {
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        for (const corner of bins.get(`${Math.floor(x / reach) + dx},${Math.floor(y / reach) + dy}`) ?? []) {
          if ((corner.x - x) * (corner.x - x) + (corner.y - y) * (corner.y - y) <= reach * reach) return corner;
        }
      }
    }
    return undefined;
  };
  const corners: { x: number; y: number }[] = [];
  const snapped = paths.map((path) =>
    path.map(({ x, y }) => {
      const known = near(x, y);
      if (known !== undefined) return known;
      const corner = { x, y };
      corners.push(corner);
      const key = `${Math.floor(x / reach)},${Math.floor(y / reach)}`;
      const list = bins.get(key);
      if (list === undefined) bins.set(key, [corner]);
      else list.push(corner);
      return corner;
    }),
  );
  // Corners by bins of about their mean distance, for the question which of them an edge passes.
  let x0 = Infinity;
  let y0 = Infinity;
  let x1 = -Infinity;
  let y1 = -Infinity;
  for (const { x, y } of corners) {
    x0 = Math.min(x0, x);
    y0 = Math.min(y0, y);
    x1 = Math.max(x1, x);
    y1 = Math.max(y1, y);
  }
  const bin = Math.max(reach * 4, Math.sqrt(((x1 - x0 + 1) * (y1 - y0 + 1)) / (corners.length + 1)));
  const wide = new Map<string, { x: number; y: number }[]>();
  for (const corner of corners) {
    const key = `${Math.floor(corner.x / bin)},${Math.floor(corner.y / bin)}`;
    const list = wide.get(key);
    if (list === undefined) wide.set(key, [corner]);
    else list.push(corner);
  }
  return snapped.map((path) => {
    const welded: Path64 = [];
    path.forEach((a, i) => {
      const b = path[i + 1 === path.length ? 0 : i + 1];
      if (a === b) return;
      welded.push({ x: a.x, y: a.y });
      const dx = b.x - a.x;
      const dy = b.y - a.y;
      const length = Math.sqrt(dx * dx + dy * dy);
      const passed: { t: number; corner: { x: number; y: number } }[] = [];
      const c0 = Math.floor((Math.min(a.x, b.x) - reach) / bin);
      const c1 = Math.floor((Math.max(a.x, b.x) + reach) / bin);
      const r0 = Math.floor((Math.min(a.y, b.y) - reach) / bin);
      const r1 = Math.floor((Math.max(a.y, b.y) + reach) / bin);
      for (let r = r0; r <= r1; r++) {
        for (let c = c0; c <= c1; c++) {
          for (const corner of wide.get(`${c},${r}`) ?? []) {
            if (corner === a || corner === b) continue;
            const t = ((corner.x - a.x) * dx + (corner.y - a.y) * dy) / length;
            const away = Math.abs((corner.x - a.x) * dy - (corner.y - a.y) * dx) / length;
            if (away <= reach && t > 0 && t < length) passed.push({ t, corner });
          }
        }
      }
      passed.sort((p, q) => p.t - q.t);
      for (const { corner } of passed) welded.push({ x: corner.x, y: corner.y });
    });
    return welded;
  });
}

/** Least and greatest coordinates of some rings: xmin, ymin, xmax, ymax. */
export function boxOf(rings: Iterable<Ring>): [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (const [x, y] of ring) {
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
  }
  return box;
}

/** A point inside a polygon: the middle of the widest run of a level line through the middle of its height. */
export function innerPoint(rings: Rings): Place {
  const [, y0, , y1] = boxOf([rings[0]]);
  const y = y0 + (y1 - y0) * 0.5000123;
  const xs: number[] = [];
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [ax, ay] = ring[j];
      const [bx, by] = ring[i];
      if (ay > y !== by > y) xs.push(ax + ((y - ay) / (by - ay)) * (bx - ax));
    }
  }
  xs.sort((p, q) => p - q);
  let best: Place = rings[0][0];
  let width = -1;
  for (let k = 0; k + 1 < xs.length; k += 2) {
    if (xs[k + 1] - xs[k] <= width) continue;
    width = xs[k + 1] - xs[k];
    best = [(xs[k] + xs[k + 1]) / 2, y];
  }
  return best;
}
