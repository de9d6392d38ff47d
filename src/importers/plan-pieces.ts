import { Clipper, EndType, FillRule, JoinType } from 'clipper2-ts';
import { boxAround, overlapArea, type Point, pairsNear } from '../scenario/index.ts';

/** A connected piece of floor: one outline and the holes in it [m]; rings not closed, either turn. */
export interface Piece {
  readonly outline: [number, number][];
  readonly holes: readonly [number, number][][];
}

/** Steps per metre of the whole numbers that rings are combined in: 10 µm. */
export const STEPS = 100_000;

export interface Vertex {
  x: number;
  y: number;
}
export type Path = Vertex[];

/**
 * The holes of all pieces, cut so that none covers floor of another piece (an island in an atrium): in a scenario every
 * hole is taken from the whole level. Holes that cover nothing else are returned as they are.
 */
export function separateHoles(pieces: readonly Piece[]): [number, number][][] {
  const holes = pieces.flatMap((piece, owner) => piece.holes.map((ring) => ({ ring, owner })));
  if (holes.length === 0 || pieces.length === 1) return holes.map((hole) => hole.ring);
  const outlines = pieces.map((piece) => piece.outline);
  const near = new Map<number, number[]>();
  for (const [a, b] of pairsNear([...outlines, ...holes.map((hole) => hole.ring)])) {
    // Pairs of an outline and a hole of another piece.
    if (a >= outlines.length || b < outlines.length) continue;
    const hole = b - outlines.length;
    if (holes[hole].owner === a || overlapArea([outlines[a]], [holes[hole].ring]) < 1e-6) continue;
    near.set(hole, [...(near.get(hole) ?? []), a]);
  }
  return holes.flatMap(({ ring }, index) => {
    const covered = near.get(index);
    if (covered === undefined) return [ring];
    const origin = ring[0];
    let left: Path[] = [toPath(ring, origin, true)];
    for (const piece of covered) {
      const floor = Clipper.difference(
        [toPath(pieces[piece].outline, origin, true)],
        pieces[piece].holes.map((hole) => toPath(hole, origin, true)),
        FillRule.NonZero,
      );
      left = Clipper.difference(left, floor, FillRule.NonZero);
    }
    return cutOpen(left).map((path) => fromPath(path, origin));
  });
}

/** The connected pieces of the united outlines less the holes, in the order in which Clipper finds them; slivers under 1 dm² left out. */
export function findPieces(outlines: readonly (readonly Point[])[], holes: readonly (readonly Point[])[]): Piece[] {
  const origin = outlines[0]?.[0] ?? [0, 0];
  const floor = Clipper.difference(
    Clipper.union(
      outlines.map((ring) => toPath(ring, origin, true)),
      FillRule.NonZero,
    ),
    holes.map((ring) => toPath(ring, origin, true)),
    FillRule.NonZero,
  );
  return piecesOfPaths(floor, origin);
}

/** The connected pieces of a region as the booleans return it; slivers under 1 dm² left out. */
export function piecesOfPaths(floor: readonly Path[], origin: Point): Piece[] {
  const outer = floor.filter((path) => Clipper.area(path) > 0.01 * STEPS * STEPS);
  const inner = floor.filter((path) => Clipper.area(path) < 0);
  const owned = outer.map((): Path[] => []);
  // A hole belongs to the smallest outline around it.
  const order = outer.map((_, i) => i).sort((a, b) => Clipper.area(outer[a]) - Clipper.area(outer[b]) || a - b);
  for (const hole of inner) {
    const owner = order.find((i) => isInside(hole, outer[i]));
    if (owner !== undefined) owned[owner].push(hole);
  }
  return outer.map((path, i) => ({
    outline: fromPath(path, origin),
    holes: owned[i].map((hole) => fromPath(hole, origin)),
  }));
}

/**
 * The pieces of a shape that lies within `distance` of a ring [m], corners rounded; at distance 0 the ring itself, without
 * what it may enclose twice.
 */
export function growRing(ring: readonly Point[], distance: number): [number, number][][] {
  const origin = ring[0];
  const paths = Clipper.union([toPath(ring, origin, true)], FillRule.NonZero);
  const arc = 0.005 * STEPS; // Roundings are true to half a centimetre.
  const grown =
    distance === 0 ? paths : Clipper.inflatePaths(paths, distance * STEPS, JoinType.Round, EndType.Polygon, 2, arc);
  return grown.filter((path) => Clipper.area(path) > 0).map((path) => fromPath(path, origin));
}

/** Area of what a ring and the pieces have in common [m²]. */
export function areaOnFloor(ring: readonly Point[], pieces: readonly Piece[]): number {
  const origin = ring[0];
  const [left, low, right, high] = boxAround(ring);
  const near = pieces.filter(({ outline }) => {
    const [x0, y0, x1, y1] = boxAround(outline);
    return x0 <= right && x1 >= left && y0 <= high && y1 >= low;
  });
  if (near.length === 0) return 0;
  const floor = near.flatMap((piece) => [
    toPath(piece.outline, origin, true),
    ...piece.holes.map((hole) => toPath(hole, origin, false)),
  ]);
  const common = Clipper.intersect([toPath(ring, origin, true)], floor, FillRule.NonZero);
  return common.reduce((sum, path) => sum + Clipper.area(path), 0) / (STEPS * STEPS);
}

/** Whether a ring lies inside another that it does not cross: more of its corners and edge middles inside than outside. */
function isInside(ring: Path, outline: Path): boolean {
  let votes = 0;
  for (let i = 0; i < ring.length; i++) {
    const next = ring[(i + 1) % ring.length];
    for (const [x, y] of [
      [ring[i].x, ring[i].y],
      [(ring[i].x + next.x) / 2, (ring[i].y + next.y) / 2],
    ]) {
      let inside = false;
      for (let j = 0, k = outline.length - 1; j < outline.length; k = j++) {
        const [a, b] = [outline[j], outline[k]];
        if (a.y > y !== b.y > y && x < a.x + ((b.x - a.x) * (y - a.y)) / (b.y - a.y)) inside = !inside;
      }
      votes += inside ? 1 : -1;
    }
  }
  return votes > 0;
}

/** Paths with holes (negative area) as paths without: each is cut in two through its first hole, again and again. */
export function cutOpen(paths: readonly Path[]): Path[] {
  const hole = paths.find((path) => Clipper.area(path) < 0);
  if (hole === undefined) return [...paths];
  const [holeLow, , holeHigh] = boxAround(hole.map(({ x, y }): Point => [x, y]));
  const [xMin, yMin, xMax, yMax] = boxAround(paths.flat().map(({ x, y }): Point => [x, y]));
  const middle = Math.round((holeLow + holeHigh) / 2);
  const half = (from: number, to: number): Path => [
    { x: from, y: yMin - 1 },
    { x: to, y: yMin - 1 },
    { x: to, y: yMax + 1 },
    { x: from, y: yMax + 1 },
  ];
  return [half(xMin - 1, middle), half(middle, xMax + 1)].flatMap((box) =>
    cutOpen(Clipper.intersect([...paths], [box], FillRule.NonZero)),
  );
}

/** A ring as whole numbers about `origin`, turned as asked. */
export function toPath(ring: readonly Point[], origin: Point, positive: boolean): Path {
  const path = ring.map(([x, y]) => ({
    x: Math.round((x - origin[0]) * STEPS),
    y: Math.round((y - origin[1]) * STEPS),
  }));
  return Clipper.isPositive(path) === positive ? path : path.reverse();
}

/** Such a path back in metres. */
export function fromPath(path: Path, origin: Point): [number, number][] {
  return path.map(({ x, y }) => [x / STEPS + origin[0], y / STEPS + origin[1]]);
}

/** Outline of a line drawn with a thickness, ends cut off square at the end points, as whole numbers. */
export function strokeLine(line: readonly Point[], thickness: number, origin: Point, closed = false): Path[] {
  const path = line.map(([x, y]) => ({
    x: Math.round((x - origin[0]) * STEPS),
    y: Math.round((y - origin[1]) * STEPS),
  }));
  return Clipper.inflatePaths(
    [path],
    (thickness / 2) * STEPS,
    JoinType.Miter,
    closed && path.length > 2 ? EndType.Joined : EndType.Butt,
    2,
  ) as Path[];
}

/** The line, longer by `more` at both ends [m]. */
export function lengthen(a: Point, b: Point, more: number): [Point, Point] {
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
  if (length === 0) return [a, b];
  const [ux, uy] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
  return [
    [a[0] - more * ux, a[1] - more * uy],
    [b[0] + more * ux, b[1] + more * uy],
  ];
}
