import { Clipper, EndType, FillRule, JoinType } from 'clipper2-ts';
import { polygonContains } from '../math/index.ts';
import { type Point, ringArea } from '../scenario/index.ts';
import { lengthen, type Path, type Piece, piecesOfPaths, STEPS, strokeLine, toPath } from './plan-pieces.ts';

/** A line that is drawn for a wall [m]. */
export interface WallLine {
  readonly points: readonly Point[];
  readonly closed: boolean;
  /** Drawn width; 0 where it has none. */
  readonly width: number;
}

/** Two lines up to this far apart are the two faces of one wall [m]. */
export const WALL_MAX = 0.6;
const WALL_MIN = 0.02;
/** Closed outlines on a wall's layer smaller than this are bodies: pillars [m²]. */
const BODY_MAX = 2;
/** Faces are thin, so that they keep no room from what is drawn [m]. */
const FACE = 0.001;
/** Ways narrower than this lead nowhere: cracks of the drawing [m]. */
export const CRACK = 0.2;

export interface WallBodies {
  /** What is solid, as whole numbers about the origin. */
  readonly solid: Path[];
  /** Lines that have no second face. */
  readonly single: readonly WallLine[];
  readonly doubleCount: number;
}

/**
 * Solid bodies of walls, whichever way they are drawn: filled outlines, lines with a width, two parallel lines up to
 * `WALL_MAX` apart (filled between, where they run side by side), or single lines, which are given back as such.
 */
export function findWallBodies(
  lines: readonly WallLine[],
  filled: readonly (readonly Point[])[],
  origin: Point,
): WallBodies {
  const solid: Path[] = filled.map((ring) => toPath(ring, origin, true));
  const thin: WallLine[] = [];
  for (const line of lines) {
    if (line.width > 0) solid.push(...strokeLine(line.points, line.width, origin, line.closed));
    else if (line.closed && line.points.length > 2 && Math.abs(ringArea(line.points)) < BODY_MAX)
      solid.push(toPath(line.points, origin, true));
    else thin.push(line);
  }
  const segments: { a: Point; b: Point; line: number; length: number; paired: number }[] = [];
  thin.forEach((line, index) => {
    const count = line.points.length - (line.closed ? 0 : 1);
    for (let i = 0; i < count; i++) {
      const [a, b] = [line.points[i], line.points[(i + 1) % line.points.length]];
      const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
      if (length > 1e-6) segments.push({ a, b, line: index, length, paired: 0 });
    }
  });
  const cells = binSegments(segments);
  const seen = new Set<number>();
  let doubleCount = 0;
  segments.forEach((s, i) => {
    seen.clear();
    const [ux, uy] = [(s.b[0] - s.a[0]) / s.length, (s.b[1] - s.a[1]) / s.length];
    visitCells(s.a, s.b, (key) => {
      for (const j of cells.get(key) ?? []) {
        if (j <= i || seen.has(j)) continue;
        seen.add(j);
        const t = segments[j];
        const slant = Math.abs(ux * (t.b[1] - t.a[1]) - uy * (t.b[0] - t.a[0])) / t.length;
        if (slant > 0.035) continue;
        const along = (p: Point): number => (p[0] - s.a[0]) * ux + (p[1] - s.a[1]) * uy;
        const across = (p: Point): number => (p[1] - s.a[1]) * ux - (p[0] - s.a[0]) * uy;
        const from = Math.max(0, Math.min(along(t.a), along(t.b)));
        const to = Math.min(s.length, Math.max(along(t.a), along(t.b)));
        const apart = Math.abs((across(t.a) + across(t.b)) / 2);
        if (apart < WALL_MIN || apart > WALL_MAX || to - from < Math.max(0.02, 0.2 * apart)) continue;
        const slope = (across(t.b) - across(t.a)) / (along(t.b) - along(t.a));
        const at = (x: number, away: boolean): Point => {
          const y = away ? across(t.a) + slope * (x - along(t.a)) : 0;
          return [s.a[0] + x * ux - y * uy, s.a[1] + x * uy + y * ux];
        };
        solid.push(toPath([at(from, false), at(to, false), at(to, true), at(from, true)], origin, true));
        s.paired += to - from;
        t.paired += to - from;
        doubleCount++;
      }
    });
  });
  // A line is a face where most of it has another beside it, or where it is the short end of a wall.
  const single: WallLine[] = [];
  for (const s of segments) {
    if (s.paired >= 0.5 * s.length || s.length <= WALL_MAX) solid.push(...strokeLine([s.a, s.b], FACE, origin));
    else single.push({ points: [s.a, s.b], closed: false, width: 0 });
  }
  return { solid, single: rejoin(single), doubleCount };
}

/** Segments that follow each other in one line, as that line again. */
function rejoin(lines: readonly WallLine[]): WallLine[] {
  const joined: { points: Point[]; closed: boolean; width: number }[] = [];
  for (const { points } of lines) {
    const last = joined.at(-1);
    const end = last?.points.at(-1);
    if (last !== undefined && end !== undefined && end[0] === points[0][0] && end[1] === points[0][1])
      last.points.push(points[1]);
    else joined.push({ points: [...points], closed: false, width: 0 });
  }
  for (const line of joined) {
    const { points } = line;
    const last = points[points.length - 1];
    if (points.length > 3 && points[0][0] === last[0] && points[0][1] === last[1]) {
      points.pop();
      line.closed = true;
    }
  }
  return joined;
}

function visitCells(a: Point, b: Point, visit: (key: string) => void): void {
  const steps = Math.max(1, Math.ceil(Math.hypot(b[0] - a[0], b[1] - a[1])));
  let last = '';
  for (let k = 0; k <= Math.min(steps, 20_000); k++) {
    const key = `${Math.floor(a[0] + ((b[0] - a[0]) * k) / steps)},${Math.floor(a[1] + ((b[1] - a[1]) * k) / steps)}`;
    if (key !== last) visit(key);
    last = key;
  }
}

/** Segments by the cells of a metre that they pass, and the eight around. */
function binSegments(segments: readonly { a: Point; b: Point }[]): Map<string, number[]> {
  const cells = new Map<string, number[]>();
  segments.forEach(({ a, b }, i) => {
    const own = new Set<string>();
    visitCells(a, b, (key) => {
      const [x, y] = key.split(',').map(Number);
      for (const dx of [-1, 0, 1]) for (const dy of [-1, 0, 1]) own.add(`${x + dx},${y + dy}`);
    });
    for (const key of own) {
      const list = cells.get(key);
      if (list === undefined) cells.set(key, [i]);
      else list.push(i);
    }
  });
  return cells;
}

/**
 * What walls enclose: the connected pieces of the plan that lead nowhere outside, once `closings` (doors, exits,
 * openings) are shut. Cracks under `CRACK` count as shut. Corners are as drawn; nooks narrower than a crack are left out.
 * @param margin how far outside reaches around everything solid [m].
 */
export function enclosedFloor(
  solid: readonly Path[],
  closings: readonly (readonly [Point, Point])[],
  origin: Point,
  margin: number,
): { readonly inside: Piece[]; readonly free: Piece[] } {
  const all = solid as Path[];
  if (all.length === 0) return { inside: [], free: [] };
  let [xMin, yMin, xMax, yMax] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const path of all) {
    for (const { x, y } of path) {
      xMin = Math.min(xMin, x);
      yMin = Math.min(yMin, y);
      xMax = Math.max(xMax, x);
      yMax = Math.max(yMax, y);
    }
  }
  const more = margin * STEPS;
  const box: Path = [
    { x: xMin - more, y: yMin - more },
    { x: xMax + more, y: yMin - more },
    { x: xMax + more, y: yMax + more },
    { x: xMin - more, y: yMax + more },
  ];
  const shut = closings.flatMap(([a, b]) => strokeLine(lengthen(a, b, CRACK / 2 + 0.02), 0.02, origin));
  const bodies = Clipper.union(all, FillRule.NonZero);
  const open = Clipper.difference([box], bodies, FillRule.NonZero) as Path[];
  const free = (shut.length === 0 ? open : Clipper.difference(open, shut, FillRule.NonZero)) as Path[];
  const half = (CRACK / 2) * STEPS;
  const spaces = piecesOfPaths(Clipper.inflatePaths(free, -half, JoinType.Miter, EndType.Polygon, 4) as Path[], origin);
  const outside: Point = [
    (xMin - more) / STEPS + origin[0] + margin / 2,
    (yMin - more) / STEPS + origin[1] + margin / 2,
  ];
  const inside = spaces
    .filter((piece) => !polygonContains([piece.outline, ...piece.holes], outside[0], outside[1]))
    .flatMap((piece) => {
      const grown = Clipper.inflatePaths(
        [toPath(piece.outline, origin, true), ...piece.holes.map((hole) => toPath(hole, origin, false))],
        half * 1.02,
        JoinType.Miter,
        EndType.Polygon,
        4,
      ) as Path[];
      return piecesOfPaths(Clipper.intersect(grown, free, FillRule.NonZero) as Path[], origin);
    })
    .filter((piece) => Math.abs(ringArea(piece.outline)) >= 0.5);
  return { inside, free: piecesOfPaths(open, origin) };
}
