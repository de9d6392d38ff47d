import { Clipper, ClipType, FillRule, type Path64, type Paths64, type PolyPath64, PolyTree64 } from 'clipper2-ts';

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

export type { Paths64 };

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

/** The connected pieces of a region: each an outline followed by its holes, in a fixed order. */
export function separatePieces(paths: Paths64): Paths64[] {
  if (paths.length === 0) return [];
  const tree = new PolyTree64();
  Clipper.booleanOpWithPolyTree(ClipType.Union, paths, null, tree, FillRule.NonZero);
  const pieces: Paths64[] = [];
  const visit = (outline: PolyPath64): void => {
    const piece: Paths64 = [outline.poly!];
    pieces.push(piece);
    for (let i = 0; i < outline.count; i++) {
      const hole = outline.child(i);
      piece.push(hole.poly!);
      for (let j = 0; j < hole.count; j++) visit(hole.child(j));
    }
  };
  for (let i = 0; i < tree.count; i++) visit(tree.child(i));
  return pieces;
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
 * Outline of a wall: its centre line thickened by half the thickness on each side. Butt ends; joins mitred up to a
 * factor of 2, blunter ones bevelled. Pieces overlap; unite them.
 */
export function strokeWall(points: readonly Place[], thickness: number, closed: boolean): Paths64 {
  const half = thickness / 2;
  const path: Place[] = [];
  for (const point of points) {
    const last = path[path.length - 1];
    if (last === undefined || distance(last, point) > 1e-6) path.push(point);
  }
  if (closed && path.length > 2 && distance(path[0], path[path.length - 1]) <= 1e-6) path.pop();
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
