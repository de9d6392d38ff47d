import type { Point } from '../scenario/index.ts';
import type { Shape, ShapeArc } from './expand-dxf.ts';

/** A door as far as a drawing shows it [m]. */
export interface DrawnDoor {
  /** From jamb to jamb; with a hinge, it is at the first end. */
  readonly line: readonly [Point, Point];
  readonly leaf: 'single' | 'double' | 'none';
  /** Side to which it opens, seen from the first end; undefined where the drawing does not show it. */
  readonly swing: 'left' | 'right' | 'both' | undefined;
  readonly block: string | undefined;
  readonly layer: string;
}

/** A shape of a door, with the number of the placed block that is the whole door, or −1. */
export type DoorShape = Shape & { readonly insert: number };

const LEAF_MIN = 0.4;
const LEAF_MAX = 2.6;
/** Shapes nearer than this belong to one door, where no block holds them together [m]. */
const TOGETHER = 0.15;

/** Whether an arc can be the swing of a leaf: about a quarter of a circle with a leaf's radius. */
export function isSwing({ radius, sweep }: ShapeArc): boolean {
  return radius >= LEAF_MIN && radius <= LEAF_MAX && sweep > 0.7 && sweep < 2.2;
}

/**
 * Doors in the shapes of door layers and blocks. A swing arc gives hinge (its centre), width (its radius) and side: of its
 * ends one is at the open leaf's edge, the other at the latch, where the wall goes on. Two arcs that end at one latch are a double door.
 * Without an arc, the longest straight side of what is drawn is the line, and nothing is known of its swing.
 * @param isWall whether there is wall at a place: tells the latch from the open leaf where the leaf is not drawn.
 * @returns the doors; how many groups of shapes were none.
 */
export function findDoors(
  shapes: readonly DoorShape[],
  isWall: (place: Point) => boolean,
): { readonly doors: DrawnDoor[]; readonly strange: readonly DoorShape[] } {
  const doors: DrawnDoor[] = [];
  const strange: DoorShape[] = [];
  for (const group of groupShapes(shapes)) {
    const arcs = group.flatMap((shape) => shape.arcs).filter(isSwing);
    const leaves = arcs.map((arc) => readSwing(arc, group, isWall));
    const { layer, blocks } = group[0];
    const block = blocks.at(-1);
    if (leaves.length > 0) {
      doors.push(...pairLeaves(leaves).map((door) => ({ ...door, layer, block })));
      continue;
    }
    const line = longestLine(group, isWall);
    if (line === undefined) strange.push(...group);
    else doors.push({ line, leaf: 'single', swing: undefined, layer, block });
  }
  return { doors, strange };
}

interface Leaf {
  readonly hinge: Point;
  readonly latch: Point;
  readonly tip: Point;
}

function readSwing(arc: ShapeArc, group: readonly Shape[], isWall: (place: Point) => boolean): Leaf {
  // The leaf itself, drawn from the hinge to where it stands open.
  const standsAt = (end: Point): boolean =>
    group.some((shape) =>
      shape.paths.some(({ points, closed }) => {
        if (shape.arcs.length > 0 && points.length > 8) return false;
        const count = points.length - (closed ? 0 : 1);
        for (let i = 0; i < count; i++) {
          const [p, q] = [points[i], points[(i + 1) % points.length]];
          const slack = 0.12 * arc.radius;
          if (
            (near(p, arc.centre, slack) && near(q, end, slack)) ||
            (near(q, arc.centre, slack) && near(p, end, slack))
          )
            return true;
        }
        return false;
      }),
    );
  const [fromLeaf, toLeaf] = [standsAt(arc.from), standsAt(arc.to)];
  const make = (tip: Point, latch: Point): Leaf => ({ hinge: arc.centre, latch, tip });
  if (fromLeaf !== toLeaf) return fromLeaf ? make(arc.from, arc.to) : make(arc.to, arc.from);
  // Not told by a leaf: beyond the latch there is wall, beyond the open edge there is none.
  const beyond = (end: Point): boolean =>
    [0.06, 0.12, 0.2].some((more) => {
      const share = 1 + more / arc.radius;
      return isWall([
        arc.centre[0] + share * (end[0] - arc.centre[0]),
        arc.centre[1] + share * (end[1] - arc.centre[1]),
      ]);
    });
  const [fromWall, toWall] = [beyond(arc.from), beyond(arc.to)];
  return fromWall && !toWall ? make(arc.to, arc.from) : make(arc.from, arc.to);
}

/** Leaves that meet at one latch are a double door. */
function pairLeaves(leaves: readonly Leaf[]): Omit<DrawnDoor, 'layer' | 'block'>[] {
  const doors: Omit<DrawnDoor, 'layer' | 'block'>[] = [];
  const used = new Set<number>();
  leaves.forEach((leaf, i) => {
    if (used.has(i)) return;
    used.add(i);
    const width = distance(leaf.hinge, leaf.latch);
    const partner = leaves.findIndex(
      (other, j) =>
        !used.has(j) && near(other.latch, leaf.latch, 0.1 + 0.05 * width) && distance(other.hinge, leaf.hinge) > width,
    );
    if (partner < 0) {
      // Two arcs about one hinge, to either side: it swings both ways.
      const twin = leaves.findIndex(
        (other, j) => !used.has(j) && near(other.hinge, leaf.hinge, 0.05) && near(other.latch, leaf.latch, 0.1),
      );
      if (twin >= 0) used.add(twin);
      const swing = twin >= 0 ? 'both' : sideOf(leaf.hinge, leaf.latch, leaf.tip);
      doors.push({ line: [leaf.hinge, leaf.latch], leaf: 'single', swing });
      return;
    }
    used.add(partner);
    const other = leaves[partner];
    const own = sideOf(leaf.hinge, other.hinge, leaf.tip);
    const swing = own === sideOf(leaf.hinge, other.hinge, other.tip) ? own : 'both';
    doors.push({ line: [leaf.hinge, other.hinge], leaf: 'double', swing });
  });
  return doors;
}

function sideOf(a: Point, b: Point, p: Point): 'left' | 'right' {
  return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0 ? 'left' : 'right';
}

/** The line of a door without a swing: the middle line of the box around it along the wall, or its longest straight side. */
function longestLine(group: readonly Shape[], isWall: (place: Point) => boolean): [Point, Point] | undefined {
  let best: [Point, Point] | undefined;
  let bestLength = 0;
  let bestScore = -1;
  const points: Point[] = [];
  for (const shape of group) {
    for (const path of shape.paths) {
      points.push(...path.points);
      const count = path.points.length - (path.closed ? 0 : 1);
      for (let i = 0; i < count; i++) {
        const [a, b] = [path.points[i], path.points[(i + 1) % path.points.length]];
        const length = distance(a, b);
        if (length < LEAF_MIN || length > 2 * LEAF_MAX) continue;
        // With wall at both its ends it runs from jamb to jamb, whatever is longer.
        const [u, v] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
        const hits = [0.06, 0.15].some((d) => isWall([a[0] - d * u, a[1] - d * v])) ? 1 : 0;
        const score = hits + ([0.06, 0.15].some((d) => isWall([b[0] + d * u, b[1] + d * v])) ? 1 : 0);
        if (score < bestScore || (score === bestScore && length <= bestLength)) continue;
        bestScore = score;
        best = [a, b];
        bestLength = length;
      }
    }
  }
  if (best === undefined) return undefined;
  // The middle of everything drawn beside that line: a leaf or a lining has a thickness.
  const [a, b] = best;
  const [ux, uy] = [(b[0] - a[0]) / bestLength, (b[1] - a[1]) / bestLength];
  let low = 0;
  let high = 0;
  for (const p of points) {
    const across = (p[1] - a[1]) * ux - (p[0] - a[0]) * uy;
    low = Math.min(low, across);
    high = Math.max(high, across);
  }
  if (high - low > 0.6) return best;
  const off = (low + high) / 2;
  const move = ([x, y]: Point): Point => [x - off * uy, y + off * ux];
  return [move(a), move(b)];
}

/** Shapes of one placed block together; loose shapes with what lies beside them. */
function groupShapes(shapes: readonly DoorShape[]): DoorShape[][] {
  const groups: DoorShape[][] = [];
  const byInsert = new Map<number, DoorShape[]>();
  const loose: DoorShape[] = [];
  for (const shape of shapes) {
    if (shape.insert < 0) {
      loose.push(shape);
      continue;
    }
    const list = byInsert.get(shape.insert);
    if (list === undefined) {
      const own = [shape];
      byInsert.set(shape.insert, own);
      groups.push(own);
    } else list.push(shape);
  }
  const boxes = loose.map((shape) => {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const { points } of shape.paths) {
      for (const [x, y] of points) {
        box[0] = Math.min(box[0], x);
        box[1] = Math.min(box[1], y);
        box[2] = Math.max(box[2], x);
        box[3] = Math.max(box[3], y);
      }
    }
    return box;
  });
  const parent = loose.map((_, i) => i);
  const root = (i: number): number => {
    let r = i;
    while (parent[r] !== r) {
      parent[r] = parent[parent[r]];
      r = parent[r];
    }
    return r;
  };
  const order = loose.map((_, i) => i).sort((a, b) => boxes[a][0] - boxes[b][0] || a - b);
  let active: number[] = [];
  for (const i of order) {
    active = active.filter((j) => boxes[j][2] + TOGETHER >= boxes[i][0]);
    for (const j of active) {
      if (boxes[i][1] > boxes[j][3] + TOGETHER || boxes[j][1] > boxes[i][3] + TOGETHER) continue;
      if (touches(loose[i], loose[j])) parent[Math.max(root(i), root(j))] = Math.min(root(i), root(j));
    }
    active.push(i);
  }
  const byRoot = new Map<number, DoorShape[]>();
  loose.forEach((shape, i) => {
    const list = byRoot.get(root(i));
    if (list === undefined) byRoot.set(root(i), [shape]);
    else list.push(shape);
  });
  return [...groups, ...byRoot.values()];
}

/** Whether an end or a hinge of one shape lies at one of the other. */
function touches(a: Shape, b: Shape): boolean {
  const marks = (shape: Shape): Point[] => [
    ...shape.paths.flatMap(({ points }) => (points.length > 12 ? [points[0], points[points.length - 1]] : points)),
    ...shape.arcs.map((arc) => arc.centre),
  ];
  const others = marks(b);
  return marks(a).some((p) => others.some((q) => near(p, q, TOGETHER)));
}

function near(a: Point, b: Point, reach: number): boolean {
  return distance(a, b) <= reach;
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
