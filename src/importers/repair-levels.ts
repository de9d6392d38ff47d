import { Clipper, EndType, FillRule, JoinType } from 'clipper2-ts';
import { findRingFaults, type Point, ringArea, type ScenarioInput, showNumber, showPoint } from '../scenario/index.ts';
import { TOLERANCE_DEFAULT } from './importer.ts';
import { fromPath, type Path, piecesOfPaths, STEPS, separateHoles, toPath } from './plan-pieces.ts';

type LevelInput = ScenarioInput['levels'][number];
type Ring = [number, number][];

/** Corners nearer than this to the line through their neighbours are in line with them [m]. */
const IN_LINE = 0.001;
/** Gaps smaller than this are the corners of what meets at a point [m²]. */
const GAP_AREA = 1e-3;
/** Pieces of floor smaller than this hold nobody [m²]. */
const CRUMB = 0.05;

/**
 * Levels with their faults mended: doubled corners and corners in line dropped, rings that cross themselves taken apart,
 * overlapping outlines and holes united, gaps between pieces of floor up to `tolerance` closed, slivers thinner than `tolerance` removed.
 * Every repair is a sentence that says where and how much. A level without faults comes back as it was.
 */
export function repairLevels(
  levels: readonly LevelInput[],
  tolerance = TOLERANCE_DEFAULT,
): { readonly levels: LevelInput[]; readonly repairs: readonly string[] } {
  const repairs: string[] = [];
  const mended = levels.map((level) => {
    const say = (what: string): void => {
      repairs.push(levels.length > 1 ? `${level.id}: ${what}` : what);
    };
    return repairLevel(level, tolerance, say);
  });
  return { levels: mended, repairs };
}

function repairLevel(level: LevelInput, tolerance: number, say: (what: string) => void): LevelInput {
  const outlines = (level.outlines as Ring[]).flatMap((ring, i) => mendRing(ring, `outline ${i}`, say));
  const holes = ((level.holes ?? []) as Ring[]).flatMap((ring, i) => mendRing(ring, `hole ${i}`, say));
  const furniture = (level.furniture ?? []).flatMap((item, i) =>
    mendRing(item.polygon as Ring, `furniture ${item.id ?? i}`, say).map((polygon) => ({ ...item, polygon })),
  );
  const areas = (level.areas ?? []).flatMap((area) =>
    mendRing(area.polygon as Ring, `area ${area.id}`, say)
      .slice(0, 1)
      .map((polygon) => ({ ...area, polygon })),
  );
  const floor = uniteFloor(outlines, holes, tolerance, say);
  return {
    ...level,
    outlines: floor.outlines,
    ...(floor.holes.length > 0 || level.holes !== undefined ? { holes: floor.holes } : {}),
    ...(level.furniture === undefined ? {} : { furniture }),
    ...(level.areas === undefined ? {} : { areas }),
  };
}

/** The ring without needless corners; several rings where it crossed itself, none where nothing is left. */
function mendRing(ring: Ring, name: string, say: (what: string) => void): Ring[] {
  const { kept, dropped, farthest, at } = dropCorners(ring);
  if (dropped > 0) {
    const how = farthest > 0 ? `, the farthest ${showNumber(farthest * 1000)} mm off the line` : '';
    say(`${name}: dropped ${dropped} doubled corners or corners in line, the first at ${showPoint(at)} m${how}`);
  }
  if (kept.length < 3 || Math.abs(ringArea(kept)) < 1e-4) {
    const crossing = kept.length > 3 && findRingFaults(kept, 1).some((fault) => fault.kind === 'crossing');
    if (!crossing) {
      say(`${name}: removed, it encloses no area, at ${showPoint(ring[0] ?? [0, 0])} m`);
      return [];
    }
  }
  const crossing = findRingFaults(kept, 1).find((fault) => fault.kind === 'crossing');
  if (crossing?.kind !== 'crossing') return [kept];
  const origin = kept[0];
  const united = Clipper.union([toRaw(kept, origin)], FillRule.NonZero) as Path[];
  // What it encloses without being wound around is a hole of it; a hole of a hole is rare and is told as floor.
  const outer = united.filter((path) => Clipper.area(path) > 0).map((path) => fromPath(path, origin));
  say(
    `${name}: it crossed itself at ${showPoint(crossing.point)} m; taken apart into ${outer.length} ring${outer.length === 1 ? '' : 's'} of ${showNumber(outer.reduce((sum, part) => sum + Math.abs(ringArea(part)), 0))} m²`,
  );
  return outer;
}

/** A ring as whole numbers in its own turn. */
function toRaw(ring: Ring, origin: Point): Path {
  return ring.map(([x, y]) => ({ x: Math.round((x - origin[0]) * STEPS), y: Math.round((y - origin[1]) * STEPS) }));
}

function dropCorners(ring: Ring): { kept: Ring; dropped: number; farthest: number; at: Point } {
  let kept = ring;
  let dropped = 0;
  let farthest = 0;
  let at: Point = ring[0] ?? [0, 0];
  const drop = (corner: Point, off: number): void => {
    if (dropped++ === 0) at = corner;
    farthest = Math.max(farthest, off);
  };
  // Corners in line, all of those between two that stay measured against the edge that takes their place.
  const straight: Ring = [];
  let pending: Ring = [];
  for (let i = 0; i < kept.length; i++) {
    const before = straight.at(-1) ?? kept[(i + kept.length - 1) % kept.length];
    const after = kept[(i + 1) % kept.length];
    const offs = [...pending, kept[i]].map((corner) => offLine(corner, before, after));
    const isNeeded =
      offs.some((off) => off > IN_LINE) || pending.length > 1000 || kept.length - i + straight.length <= 3;
    if (isNeeded) {
      straight.push(kept[i]);
      pending = [];
    } else {
      pending.push(kept[i]);
      drop(kept[i], offs[offs.length - 1]);
    }
  }
  kept = straight;
  // What came to lie on its neighbour by that: spikes, from their tip to their foot.
  for (let again = true; again && kept.length >= 3; ) {
    again = false;
    for (let i = 0; i < kept.length && kept.length > 3; i++) {
      const before = kept[(i + kept.length - 1) % kept.length];
      const after = kept[(i + 1) % kept.length];
      const isSpike = before[0] === after[0] && before[1] === after[1];
      if (!isSpike && !(kept[i][0] === after[0] && kept[i][1] === after[1])) continue;
      drop(kept[i], 0);
      kept.splice(i, 1);
      again = true;
    }
  }
  return { kept, dropped, farthest, at };
}

/** How far a corner lies off the straight way between its neighbours; a spike lies far off none but the corner it starts from. */
function offLine(p: Point, a: Point, b: Point): number {
  const [ux, uy] = [b[0] - a[0], b[1] - a[1]];
  const [vx, vy] = [p[0] - a[0], p[1] - a[1]];
  const length = Math.hypot(ux, uy);
  if (length === 0) return 0; // there and back again: a spike
  const across = Math.abs(ux * vy - uy * vx) / length;
  const along = (ux * vx + uy * vy) / length;
  // A corner beyond its neighbours is the tip of a spike or of a real corner; only the first lies on their line.
  return along < 0 || along > length ? (across <= 1e-9 ? 0 : Math.max(across, 2 * IN_LINE)) : across;
}

function uniteFloor(
  outlines: Ring[],
  holes: Ring[],
  tolerance: number,
  say: (what: string) => void,
): { outlines: Ring[]; holes: Ring[] } {
  if (outlines.length === 0) return { outlines, holes };
  const origin = outlines[0][0];
  const separate = outlines.map((ring) => toPath(ring, origin, true));
  const union = Clipper.union(separate, FillRule.NonZero) as Path[];
  const size = (paths: readonly Path[]): number => Clipper.areaPaths(paths as Path[]) / STEPS ** 2;
  const overlap = separate.reduce((sum, path) => sum + Math.abs(Clipper.area(path)), 0) / STEPS ** 2 - size(union);
  let changed = false;
  if (overlap > 1e-4 && outlines.length > 1) {
    say(`united ${outlines.length} outlines that overlapped on ${showNumber(overlap)} m²`);
    changed = true;
  }
  const solid = Clipper.union(
    holes.map((ring) => toPath(ring, origin, true)),
    FillRule.NonZero,
  ) as Path[];
  const overlapHoles = holes.reduce((sum, ring) => sum + Math.abs(ringArea(ring)), 0) - size(solid);
  if (overlapHoles > 1e-4 && holes.length > 1) {
    say(`united ${holes.length} holes that overlapped on ${showNumber(overlapHoles)} m²`);
    changed = true;
  }
  // Closing: what two pieces of floor leave between them, thinner than the tolerance, becomes floor.
  let closed = union;
  if (outlines.length > 1 || union.length > 1) {
    const grown = Clipper.inflatePaths(union, (tolerance / 2) * STEPS, JoinType.Miter, EndType.Polygon, 4) as Path[];
    const shrunk = Clipper.inflatePaths(
      Clipper.union(grown, FillRule.NonZero) as Path[],
      (-tolerance / 2) * STEPS,
      JoinType.Miter,
      EndType.Polygon,
      4,
    ) as Path[];
    const gaps = piecesOfSize(Clipper.difference(shrunk, union, FillRule.NonZero) as Path[], GAP_AREA);
    for (const gap of gaps) {
      say(
        `closed a gap of ${showNumber(thickness(gap))} m between pieces of floor, ${showNumber(size([gap]))} m², at ${showPoint(middle(gap, origin))} m`,
      );
      changed = true;
    }
    if (gaps.length > 0) closed = Clipper.union([...union, ...gaps.map(widen)], FillRule.NonZero) as Path[];
  }
  const floor = (solid.length === 0 ? closed : Clipper.difference(closed, solid, FillRule.NonZero)) as Path[];
  const kept: Path[] = [];
  for (const path of floor) {
    const area = Clipper.area(path) / STEPS ** 2;
    const isSliver = area > 0 && (area < CRUMB || thickness(path) < tolerance);
    if (!isSliver) {
      kept.push(path);
      continue;
    }
    say(
      `removed a sliver of floor of ${showNumber(area)} m², ${showNumber(thickness(path))} m wide, at ${showPoint(middle(path, origin))} m`,
    );
    changed = true;
  }
  if (!changed || kept.length === 0) return { outlines, holes };
  const pieces = piecesOfPaths(kept, origin);
  return { outlines: pieces.map((piece) => piece.outline), holes: separateHoles(pieces) };
}

function piecesOfSize(paths: readonly Path[], areaMin: number): Path[] {
  return paths.filter((path) => Clipper.area(path) > areaMin * STEPS ** 2);
}

/** A hair wider, so that the union with its neighbours has no cracks. */
function widen(path: Path): Path {
  return (Clipper.inflatePaths([path], 2, JoinType.Miter, EndType.Polygon, 2) as Path[])[0] ?? path;
}

/** Width of a long thin shape: twice its area by its outline's length [m]. */
function thickness(path: Path): number {
  let length = 0;
  for (let i = 0; i < path.length; i++) {
    const next = path[(i + 1) % path.length];
    length += Math.hypot(next.x - path[i].x, next.y - path[i].y);
  }
  return length > 0 ? (2 * Math.abs(Clipper.area(path))) / length / STEPS : 0;
}

function middle(path: Path, origin: Point): Point {
  const sum = path.reduce((total, { x, y }) => [total[0] + x, total[1] + y], [0, 0]);
  return [sum[0] / path.length / STEPS + origin[0], sum[1] / path.length / STEPS + origin[1]];
}
