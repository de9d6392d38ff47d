import type { Issue, Level, Scenario } from '../scenario/index.ts';
import { buildEdgeIndex, distanceToEdges, type EdgeIndex, findCrossings, indexContains } from './edge-index.ts';
import { lineIssue } from './issues.ts';
import {
  between,
  distance,
  joinLines,
  type Paths64,
  type Place,
  type Ring,
  strokeWall,
  subtractPaths,
  thickenLine,
  tidyPaths,
  toPositivePath,
  toRing,
  unit,
  unitePaths,
  weldPaths,
} from './plan-geometry.ts';

/** What a line across the floor is for. */
export type GateKind = 'door' | 'exit' | 'link';

/** A line where one passes: a door's, an exit's, or the end of a link, on one level. */
export interface Gate {
  readonly kind: GateKind;
  /** Index into scenario.doors, exits or links. */
  readonly source: number;
  /** Door in it (index into scenario.doors) or −1. */
  readonly door: number;
  /** Exit it is (index into scenario.exits) or −1. */
  readonly exit: number;
  /** Where in the scenario file. */
  readonly path: string;
  readonly id: string;
  /** Line as drawn, local [m]. For exits and links the floor lies on the side given by `floorSide`. */
  line: readonly [Place, Place];
  /** 1 left, −1 right: where the floor is; 0 both (doors between rooms). Exits: found; links: away from the link. */
  floorSide: -1 | 0 | 1;
  /** False where the gate cannot be made; an issue says why. */
  usable: boolean;
}

/** Floor of one level after walls, furniture and links are taken out and doors are cut in. */
export interface LevelFloor {
  readonly level: Level;
  readonly levelIndex: number;
  readonly gates: readonly Gate[];
  /** Walkable floor, whole-number paths; outlines counter-clockwise, holes clockwise. */
  readonly floor: Paths64;
  readonly rings: readonly Ring[];
  readonly index: EdgeIndex;
}

/** A gate that lies nearer to the outline than this is on it [m]. */
const SNAP = 0.1;
/** Deepest wall that a gate cuts where no wall's thickness is known (holes, gaps between outlines) [m]. */
const OPENING_MAX = 0.6;
/** How far the two parts of one thing may miss each other in a drawing [m]. */
const DRAWING_SLACK = 0.05;
/** Openings reach this far into the floor they join, so that the union has no hair cracks [m]. */
const OVERLAP = 0.001;

/**
 * Walkable floor of a level and its gates, put where they belong: openings cut through walls, lines trimmed or
 * lengthened to the jambs, the floor cut back to the lines of exits. `origin` is taken off all coordinates.
 * Problems are pushed to `issues`; a gate with one becomes `usable: false`.
 */
export function buildLevelFloor(
  scenario: Scenario,
  levelIndex: number,
  origin: Place,
  gates: Gate[],
  issues: Issue[],
): LevelFloor {
  const level = scenario.levels[levelIndex];
  const local = (ring: readonly Place[]): Ring => ring.map(([x, y]) => [x - origin[0], y - origin[1]] as const);
  const outlines = level.outlines.map((ring) => toPositivePath(local(ring)));
  const outline = unitePaths(outlines.length > 1 ? weldPaths(outlines) : outlines);
  const solid: Paths64 = [];
  for (const ring of level.holes) solid.push(toPositivePath(local(ring)));
  for (const item of level.furniture) solid.push(toPositivePath(local(item.polygon)));
  solid.push(...strokeWalls(level, local, outline, solid));
  const bare = subtractPaths(outline, unitePaths(solid));
  const bareIndex = buildEdgeIndex(bare.map(toRing));

  const openings: Paths64 = [];
  const cuts: Paths64 = [];
  const walls = level.walls.map((wall) => ({ path: local(wall.path), thickness: wall.thickness, closed: wall.closed }));
  for (const gate of gates) {
    if (!gate.usable) continue;
    const depthMax = Math.max(OPENING_MAX, wallThicknessAt(walls, gate.line) + 2 * DRAWING_SLACK);
    openGate(gate, bareIndex, depthMax, openings, cuts, issues);
  }
  const footprints: Paths64 = [];
  for (let i = 0; i < scenario.links.length; i++) {
    const link = scenario.links[i];
    if (link.from.level !== level.id && link.to.level !== level.id) continue;
    const [a, b] = local(link.from.line);
    const [c, d] = local(link.to.line);
    footprints.push(toPositivePath(joinLines(a, b, c, d)));
  }
  let floor = unitePaths([...bare, ...openings]);
  if (cuts.length > 0 || footprints.length > 0) floor = subtractPaths(floor, unitePaths([...cuts, ...footprints]));
  floor = tidyPaths(floor, 0.0005, 0.0001);
  // Crumbs of floor nobody could stand on, left between walls.
  floor = dropCrumbs(floor, 0.05);
  const rings = floor.map(toRing);
  const index = buildEdgeIndex(rings);
  for (const gate of gates) if (gate.usable) fitGate(gate, index, level, issues);
  return { level, levelIndex, gates, floor, rings, index };
}

/** A wall that ends nearer than this to another, to a hole or to the outline ends at it [m]. */
const CRACK = 0.0015;

/** Outlines of a level's walls. Ends that stop a hair short of something solid are carried on into it. */
function strokeWalls(
  level: Level,
  local: (ring: readonly Place[]) => Ring,
  outline: Paths64,
  others: Paths64,
): Paths64 {
  const paths = level.walls.map((wall) => local(wall.path));
  const plain = level.walls.flatMap((wall, i) => strokeWall(paths[i], wall.thickness, wall.closed));
  const solid = buildEdgeIndex(unitePaths([...others, ...plain]).map(toRing));
  const floor = buildEdgeIndex(outline.map(toRing));
  const reaches = (from: Place, end: Place): number => {
    const [ux, uy] = unit(from, end);
    const x = end[0] + CRACK * ux;
    const y = end[1] + CRACK * uy;
    return indexContains(solid, x, y) || !indexContains(floor, x, y) ? CRACK : 0;
  };
  return level.walls.flatMap((wall, i) => {
    const path = paths[i];
    if (wall.closed || path.length < 2) return strokeWall(path, wall.thickness, wall.closed);
    const last = path.length - 1;
    return strokeWall(path, wall.thickness, false, [reaches(path[1], path[0]), reaches(path[last - 1], path[last])]);
  });
}

function dropCrumbs(paths: Paths64, sizeMin: number): Paths64 {
  const crumbs = paths.filter((path) => {
    const [ring] = tidyPaths([path], 0, sizeMin);
    return ring === undefined;
  });
  // Small holes (columns) stay: only pieces of floor, which are counter-clockwise, are crumbs.
  const outlines = crumbs.filter((path) => signedArea(path) > 0);
  return outlines.length === 0 ? paths : paths.filter((path) => !outlines.includes(path));
}

function signedArea(path: Paths64[number]): number {
  let sum = 0;
  for (let i = 0, j = path.length - 1; i < path.length; j = i++) {
    sum += path[j].x * path[i].y - path[i].x * path[j].y;
  }
  return sum;
}

/** Thickness of the thickest wall whose centre line passes by the middle of the gate, or 0. */
function wallThicknessAt(
  walls: readonly { path: Ring; thickness: number; closed: boolean }[],
  line: readonly [Place, Place],
): number {
  const middle = between(line[0], line[1], 0.5);
  let thickest = 0;
  for (const { path, thickness, closed } of walls) {
    if (thickness <= thickest) continue;
    const count = closed ? path.length : path.length - 1;
    for (let i = 0; i < count; i++) {
      const a = path[i];
      const b = path[(i + 1) % path.length];
      if (pointToSegment(middle, a, b) <= thickness / 2 + DRAWING_SLACK) {
        thickest = thickness;
        break;
      }
    }
  }
  return thickest;
}

function pointToSegment(p: Place, a: Place, b: Place): number {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const length2 = dx * dx + dy * dy;
  let t = length2 > 0 ? ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length2 : 0;
  t = t < 0 ? 0 : Math.min(t, 1);
  return distance(p, [a[0] + t * dx, a[1] + t * dy]);
}

interface Probe {
  /** Distance from the line to the floor on this side, or Infinity. */
  readonly near: number;
  /** Where that floor ends, going on [m]. */
  readonly far: number;
}

/** Looks from the line to one side (1 left, −1 right) at five places for floor within `depthMax`. */
function probeSide(line: readonly [Place, Place], side: number, index: EdgeIndex, depthMax: number): Probe {
  const [ux, uy] = unit(line[0], line[1]);
  const nx = -uy * side;
  const ny = ux * side;
  const reach = depthMax + 2 * SNAP + 0.5;
  let nearMin = Infinity;
  let nearMax = -1;
  let far = 0;
  for (const t of [0.5, 0.3, 0.7, 0.1, 0.9]) {
    const p = between(line[0], line[1], t);
    const q: Place = [p[0] + nx * reach, p[1] + ny * reach];
    const marks = [0, ...findCrossings(index, p, q).map((s) => Math.max(0, s * reach)), reach];
    for (let i = 0; i + 1 < marks.length; i++) {
      if (marks[i + 1] - marks[i] < 0.002) continue;
      const s = (marks[i] + marks[i + 1]) / 2;
      if (!indexContains(index, p[0] + nx * s, p[1] + ny * s)) continue;
      if (marks[i] <= depthMax) {
        nearMin = Math.min(nearMin, marks[i]);
        nearMax = Math.max(nearMax, marks[i]);
        far = Math.max(far, marks[i + 1]);
      }
      break;
    }
  }
  // An oblique line needs its deepest place; one that looks past a corner must not cut the wall beside it.
  return nearMax < 0 ? { near: Infinity, far: 0 } : { near: Math.min(nearMax, nearMin + 0.3), far };
}

function openGate(
  gate: Gate,
  index: EdgeIndex,
  depthMax: number,
  openings: Paths64,
  cuts: Paths64,
  issues: Issue[],
): void {
  const [a, b] = gate.line;
  const left = probeSide(gate.line, 1, index, depthMax);
  const right = probeSide(gate.line, -1, index, depthMax);
  const open = (toLeft: number, toRight: number): void => {
    openings.push(thickenLine(a, b, toLeft, toRight));
  };
  if (gate.kind === 'door') {
    if (left.near === Infinity && right.near === Infinity) {
      gate.usable = false;
      issues.push(
        lineIssue(
          'door-not-on-wall',
          gate,
          'error',
          `Door '${gate.id}' has no floor on either side; its line must lie in a wall between two rooms.`,
        ),
      );
      return;
    }
    if (left.near === Infinity || right.near === Infinity) {
      gate.usable = false;
      issues.push(
        lineIssue(
          'door-leads-nowhere',
          gate,
          'error',
          `Door '${gate.id}' has floor on one side only and no exit names it. Add an exit with "door": "${gate.id}", or floor behind it.`,
        ),
      );
      return;
    }
    if (left.near > 0.002 || right.near > 0.002) open(left.near + OVERLAP, right.near + OVERLAP);
    return;
  }
  if (gate.kind === 'link') {
    const probe = gate.floorSide === 1 ? left : right;
    if (probe.near === Infinity) {
      gate.usable = false;
      issues.push(
        lineIssue(
          'link-off-level',
          gate,
          'error',
          `The end of link '${gate.id}' does not touch the floor of its level; move the line to the edge of the floor.`,
        ),
      );
      return;
    }
    if (probe.near > 0.002) {
      if (gate.floorSide === 1) open(probe.near + OVERLAP, 0);
      else open(0, probe.near + OVERLAP);
    }
    return;
  }
  // An exit: floor on one side; on the other at most the thickness of the wall or the slack of the drawing.
  const thin = depthMax > OPENING_MAX ? depthMax : SNAP + 0.15;
  const leftIsFloor = left.far > thin && left.near < Infinity;
  const rightIsFloor = right.far > thin && right.near < Infinity;
  if (leftIsFloor === rightIsFloor) {
    gate.usable = false;
    issues.push(
      lineIssue(
        'exit-not-on-outline',
        gate,
        'error',
        leftIsFloor
          ? `Exit '${gate.id}' has floor on both sides; its line must lie on the outline of the level (within ${SNAP} m), or use a polygon for an exit inside the floor.`
          : `Exit '${gate.id}' does not touch the floor; its line must lie on the outline of the level (within ${SNAP} m).`,
      ),
    );
    return;
  }
  gate.floorSide = leftIsFloor ? 1 : -1;
  const inside = leftIsFloor ? left : right;
  const outside = leftIsFloor ? right : left;
  if (inside.near > 0.002) {
    if (leftIsFloor) open(inside.near + OVERLAP, 0);
    else open(0, inside.near + OVERLAP);
  }
  if (outside.near < Infinity) {
    const depth = outside.far + OVERLAP;
    cuts.push(leftIsFloor ? thickenLine(a, b, 0, depth) : thickenLine(a, b, depth, 0));
  }
}

/** Trims or lengthens the line to the jambs: to the stretch of floor around its middle. */
function fitGate(gate: Gate, index: EdgeIndex, level: Level, issues: Issue[]): void {
  const [a, b] = gate.line;
  const width = distance(a, b);
  const [ux, uy] = unit(a, b);
  // Lines on the edge of the floor are looked at a little inside it.
  const inset = 0.005 * gate.floorSide;
  const more = gate.kind === 'link' ? 0 : 0.15;
  const p: Place = [a[0] - ux * more - uy * inset, a[1] - uy * more + ux * inset];
  const q: Place = [b[0] + ux * more - uy * inset, b[1] + uy * more + ux * inset];
  const length = width + 2 * more;
  const marks = [0, ...findCrossings(index, p, q), 1];
  let bestStart = 0;
  let bestEnd = 0;
  let bestScore = -1;
  for (let i = 0; i + 1 < marks.length; i++) {
    if (marks[i + 1] - marks[i] < 1e-9) continue;
    const middle = between(p, q, (marks[i] + marks[i + 1]) / 2);
    if (!indexContains(index, middle[0], middle[1])) continue;
    let end = i + 1;
    while (end + 1 < marks.length) {
      const next = between(p, q, (marks[end] + marks[end + 1]) / 2);
      if (!indexContains(index, next[0], next[1])) break;
      end++;
    }
    const score = marks[end] - marks[i];
    if (score > bestScore) {
      bestScore = score;
      bestStart = marks[i];
      bestEnd = marks[end];
    }
    i = end;
  }
  const fail = (code: string, message: string): void => {
    gate.usable = false;
    issues.push(lineIssue(code, gate, 'error', message));
  };
  if (bestScore * length < 0.05) {
    const code =
      gate.kind === 'door' ? 'door-not-on-wall' : gate.kind === 'exit' ? 'exit-not-on-outline' : 'link-off-level';
    fail(code, `The line of '${gate.id}' does not run over the floor of level '${level.id}'.`);
    return;
  }
  const freeStart = bestStart <= 1e-9 && more > 0;
  const freeEnd = bestEnd >= 1 - 1e-9 && more > 0;
  let from = bestStart * length - more;
  let to = bestEnd * length - more;
  // An exit may end in the middle of a side: its line is what was drawn.
  if (gate.kind === 'exit' || freeStart) from = Math.max(from, 0);
  if (gate.kind === 'exit' || freeEnd) to = Math.min(to, width);
  if (gate.kind === 'door' && freeStart && freeEnd) {
    const near = Math.min(
      distanceToEdges(index, a[0], a[1], DRAWING_SLACK + 0.1),
      distanceToEdges(index, b[0], b[1], DRAWING_SLACK + 0.1),
    );
    if (near >= DRAWING_SLACK + 0.1) {
      fail(
        'door-not-on-wall',
        `Neither end of door '${gate.id}' lies on a wall; move its line into the wall, from jamb to jamb.`,
      );
      return;
    }
  }
  gate.line = [
    [a[0] + ux * from, a[1] + uy * from],
    [a[0] + ux * to, a[1] + uy * to],
  ];
  const fitted = to - from;
  if (fitted < 0.3) {
    const code =
      gate.kind === 'door' ? 'door-too-narrow' : gate.kind === 'exit' ? 'exit-too-narrow' : 'link-too-narrow';
    gate.usable = false;
    issues.push({
      code,
      path: gate.path,
      message: `'${gate.id}' is too narrow for a person; make its line at least 0.3 m long within the floor.`,
      expected: '≥ 0.3',
      found: fitted.toFixed(3),
      unit: 'm',
      severity: 'error',
    });
  }
}
