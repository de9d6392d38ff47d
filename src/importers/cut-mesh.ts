import { Clipper, FillRule, type Path64 } from 'clipper2-ts';
import type { Point } from '../scenario/index.ts';
import type { IfcMesh } from './ifc-model.ts';
import { convexHullOf, REGION_STEPS, type Region, stroke, toRegion, unite } from './plan-region.ts';

/** Shapes of more triangles than this in the band are cut at a few heights only. */
const FACES_MAX = 4000;
/** The heights at which they are, as shares of the band. */
const CUTS_OF_MANY = [0, 0.2, 0.4, 0.6, 0.8, 1];
/** Faces that cover less of the plan than this are upright [m²]. */
const FACE_MIN = 1e-5;
/** Surfaces without a thickness get this one [m]. */
const SHEET = 0.02;

/** Lowest and highest corner [m]; infinite where there is none. */
export function heightsOf(meshes: readonly IfcMesh[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const { corners, triangles } of meshes) {
    for (const i of triangles) {
      low = Math.min(low, corners[3 * i + 2]);
      high = Math.max(high, corners[3 * i + 2]);
    }
  }
  return [low, high];
}

/**
 * What of the plan is covered by anything of the shapes between two heights: the union of all horizontal cuts there. It is the
 * cuts at both heights and the faces between them seen from above, for whatever lies in the band has a face or a cut over it.
 * Surfaces that enclose nothing count as sheets 2 cm thick. O(n log n) for n triangles.
 */
export function footprintInBand(meshes: readonly IfcMesh[], low: number, high: number): Region {
  const parts: Region[] = [];
  for (const mesh of meshes) {
    const inBand = trianglesIn(mesh, low, high);
    if (inBand.length === 0) continue;
    const many = inBand.length > FACES_MAX;
    for (const share of many ? CUTS_OF_MANY : [0, 1]) {
      // A little off the round numbers that floors, sills and steps lie at.
      const z = low + share * (high - low) + (share === 1 ? -0.00037 : 0.00037);
      parts.push(sectionAt(mesh, inBand, z));
    }
    if (many) continue;
    const faces: Path64[] = [];
    for (const t of inBand) {
      const ring = clipTriangle(mesh, t, low, high);
      const path = ring.map(([x, y]) => ({ x: Math.round(x * REGION_STEPS), y: Math.round(y * REGION_STEPS) }));
      const area = Clipper.area(path);
      if (Math.abs(area) < FACE_MIN * REGION_STEPS * REGION_STEPS) continue;
      faces.push(area > 0 ? path : path.reverse());
    }
    if (faces.length > 0) parts.push(Clipper.union(faces, FillRule.NonZero));
  }
  return unite(...parts);
}

/** The horizontal cut through the shapes at one height. */
export function cutAt(meshes: readonly IfcMesh[], z: number): Region {
  return unite(...meshes.map((mesh) => sectionAt(mesh, trianglesIn(mesh, z, z), z)));
}

/** Convex hull of what lies between two heights, for shapes whose details do not matter. Empty where there is nothing. */
export function hullInBand(meshes: readonly IfcMesh[], low: number, high: number): Region {
  const points: Point[] = [];
  for (const mesh of meshes) {
    for (const t of trianglesIn(mesh, low, high))
      for (const [x, y] of clipTriangle(mesh, t, low, high)) points.push([x, y]);
  }
  const hull = convexHullOf(points);
  return hull.length < 3 ? [] : toRegion([hull]);
}

/** A stretch of surface that one can stand on: its place in the plan and the heights it spans [m]. */
export interface UpFace {
  readonly ring: readonly [Point, Point, Point];
  readonly low: number;
  readonly high: number;
  /** Gradient of the surface: metres up for each metre along x and y. */
  readonly slope: Point;
  /** In the plan [m²]. */
  readonly size: number;
}

/** The faces that look up and are no steeper than `slopeMax` (metres up for a metre in the plan). */
export function upFaces(meshes: readonly IfcMesh[], slopeMax: number): UpFace[] {
  const faces: UpFace[] = [];
  for (const { corners, triangles } of meshes) {
    for (let t = 0; t < triangles.length; t += 3) {
      const at = (k: number): [number, number, number] => {
        const i = 3 * triangles[t + k];
        return [corners[i], corners[i + 1], corners[i + 2]];
      };
      const [a, b, c] = [at(0), at(1), at(2)];
      const [ux, uy, uz] = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
      const [vx, vy, vz] = [c[0] - a[0], c[1] - a[1], c[2] - a[2]];
      const nz = ux * vy - uy * vx;
      if (!(nz > 2 * FACE_MIN)) continue;
      const slope: Point = [-(uy * vz - uz * vy) / nz, -(uz * vx - ux * vz) / nz];
      if (Math.hypot(slope[0], slope[1]) > slopeMax) continue;
      faces.push({
        ring: [
          [a[0], a[1]],
          [b[0], b[1]],
          [c[0], c[1]],
        ],
        low: Math.min(a[2], b[2], c[2]),
        high: Math.max(a[2], b[2], c[2]),
        slope,
        size: nz / 2,
      });
    }
  }
  return faces;
}

/** Starts of the triangles that reach into the band. */
function trianglesIn({ corners, triangles }: IfcMesh, low: number, high: number): number[] {
  const found: number[] = [];
  for (let t = 0; t < triangles.length; t += 3) {
    const a = corners[3 * triangles[t] + 2];
    const b = corners[3 * triangles[t + 1] + 2];
    const c = corners[3 * triangles[t + 2] + 2];
    if (Math.max(a, b, c) >= low && Math.min(a, b, c) <= high) found.push(t);
  }
  return found;
}

/** The part of a triangle between two heights, seen from above [m]. */
function clipTriangle({ corners, triangles }: IfcMesh, t: number, low: number, high: number): Point[] {
  let ring: [number, number, number][] = [0, 1, 2].map((k) => {
    const i = 3 * triangles[t + k];
    return [corners[i], corners[i + 1], corners[i + 2]];
  });
  for (const [limit, sign] of [
    [low, 1],
    [high, -1],
  ]) {
    const kept: [number, number, number][] = [];
    ring.forEach((p, i) => {
      const q = ring[(i + 1) % ring.length];
      const [dp, dq] = [sign * (p[2] - limit), sign * (q[2] - limit)];
      if (dp >= 0) kept.push(p);
      if (dp >= 0 !== dq >= 0) {
        const s = dp / (dp - dq);
        kept.push([p[0] + s * (q[0] - p[0]), p[1] + s * (q[1] - p[1]), limit]);
      }
    });
    ring = kept;
  }
  return ring.map(([x, y]) => [x, y]);
}

/**
 * The cut at a height: where triangles cross it, their edges make oriented segments, and these make loops with the inside on one
 * side. Loops that do not close are sheets.
 */
function sectionAt({ corners, triangles }: IfcMesh, candidates: readonly number[], z: number): Region {
  const from: { x: number; y: number; to: { x: number; y: number } }[] = [];
  const crossing = (i: number, j: number): { x: number; y: number } => {
    // Both triangles of an edge must find the same point: from the lower corner to the higher.
    if (corners[3 * i + 2] > corners[3 * j + 2]) [i, j] = [j, i];
    const s = (z - corners[3 * i + 2]) / (corners[3 * j + 2] - corners[3 * i + 2]);
    return {
      x: Math.round((corners[3 * i] + s * (corners[3 * j] - corners[3 * i])) * REGION_STEPS),
      y: Math.round((corners[3 * i + 1] + s * (corners[3 * j + 1] - corners[3 * i + 1])) * REGION_STEPS),
    };
  };
  for (const t of candidates) {
    const up: number[] = [];
    for (let k = 0; k < 3; k++) if (corners[3 * triangles[t + k] + 2] > z) up.push(k);
    if (up.length === 0 || up.length === 3) continue;
    // The corner that is alone on its side, and its neighbours in order.
    const alone = up.length === 1 ? up[0] : [0, 1, 2].find((k) => !up.includes(k))!;
    const i = triangles[t + alone];
    const first = crossing(i, triangles[t + ((alone + 1) % 3)]);
    const second = crossing(i, triangles[t + ((alone + 2) % 3)]);
    if (first.x === second.x && first.y === second.y) continue;
    const [a, b] = up.length === 1 ? [first, second] : [second, first];
    from.push({ ...a, to: b });
  }
  const starts = new Map<string, number[]>();
  from.forEach(({ x, y }, i) => {
    const key = `${x},${y}`;
    const list = starts.get(key);
    if (list === undefined) starts.set(key, [i]);
    else list.push(i);
  });
  const used = new Uint8Array(from.length);
  const loops: Path64[] = [];
  const sheets: Region[] = [];
  for (let i = 0; i < from.length; i++) {
    if (used[i] === 1) continue;
    const path: Path64 = [{ x: from[i].x, y: from[i].y }];
    let at = i;
    let isClosed = false;
    for (;;) {
      used[at] = 1;
      const { to } = from[at];
      if (to.x === path[0].x && to.y === path[0].y) {
        isClosed = true;
        break;
      }
      path.push(to);
      const next = starts.get(`${to.x},${to.y}`)?.find((k) => used[k] === 0) ?? nearStart(from, used, to);
      if (next === undefined) break;
      at = next;
    }
    const last = path[path.length - 1];
    // Rounding of corners that are drawn twice leaves cracks of a millimetre.
    if (!isClosed && Math.abs(last.x - path[0].x) + Math.abs(last.y - path[0].y) < CRACK) isClosed = true;
    if (isClosed) loops.push(path);
    else
      sheets.push(
        stroke(
          path.map(({ x, y }): Point => [x / REGION_STEPS, y / REGION_STEPS]),
          SHEET,
        ),
      );
  }
  const solid = loops.length === 0 ? [] : Clipper.union(loops, FillRule.NonZero);
  return sheets.length === 0 ? solid : unite(solid, ...sheets);
}

/** Ends and starts nearer than this are one corner [10 µm]. */
const CRACK = 0.002 * REGION_STEPS;
/** Ends searched for a start nearby: sections of more segments are taken as they are. */
const SEGMENTS_MAX = 3000;

function nearStart(
  from: readonly { x: number; y: number }[],
  used: Uint8Array,
  end: { x: number; y: number },
): number | undefined {
  if (from.length > SEGMENTS_MAX) return undefined;
  const found = from.findIndex((p, i) => used[i] === 0 && Math.abs(p.x - end.x) + Math.abs(p.y - end.y) < CRACK);
  return found < 0 ? undefined : found;
}
