import { polygonContains, separatePieces } from '../math/index.ts';
import { buildEdgeIndex, visitEdges } from './edge-index.ts';
import type { Gate, LevelFloor } from './level-geometry.ts';
import {
  between,
  distance,
  intersectPaths,
  type Paths64,
  PLAN_SCALE,
  type Place,
  type Ring,
  type Rings,
  sizeOfPaths,
  subtractPaths,
  thickenLine,
  tidyPaths,
  toPositivePath,
  toRing,
  unit,
  unitePaths,
} from './plan-geometry.ts';

/** One connected piece of floor between door lines and the borders of named areas. */
export interface FloorPiece {
  readonly id: string;
  readonly rings: Rings;
  /** [m²]. */
  readonly size: number;
  readonly box: readonly [number, number, number, number];
}

/** A straight stretch where two pieces touch without a door. Piece `left` lies to the left of the line. */
export interface OpenBorder {
  readonly left: number;
  readonly right: number;
  readonly line: readonly [Place, Place];
}

/** Width of the strip by which a door line parts two rooms while they are looked for [m]. */
const STRIP = 0.002;
/** Strips reach this far into the jambs [m]. */
const STRIP_MORE = 0.005;
/** Unnamed leftovers smaller than this (door reveals) join a neighbour [m²]. */
const LEFTOVER = 1.5;
/** Shortest stretch of a border that is a way through [m]. */
const BORDER_MIN = 0.2;

/**
 * Parts the floor of a level into areas: along door lines, and along the borders of named areas where the level names
 * any. Every piece is connected; a named area that falls into several is `id`, `id#2`, …; what no name covers is
 * `LEVEL/1`, `LEVEL/2`, … Pieces that share a door have the door's line as an exact common edge.
 */
export function findAreas(
  floor: LevelFloor,
  origin: Place,
): { readonly pieces: readonly FloorPiece[]; readonly borders: readonly OpenBorder[] } {
  const doors = floor.gates.filter((gate) => gate.kind === 'door' && gate.usable);
  const strips = doors.map((gate) => thickenLine(gate.line[0], gate.line[1], STRIP / 2, STRIP / 2, STRIP_MORE));
  const parted = strips.length > 0 ? subtractPaths(floor.floor, unitePaths(strips)) : floor.floor;
  const { areas } = floor.level;
  let found: { id: string; paths: Paths64 }[] = [];
  if (areas.length === 0) {
    found = separatePieces(parted).map((paths, i) => ({ id: `${floor.level.id}/${i + 1}`, paths }));
  } else {
    let rest = parted;
    for (const area of areas) {
      const shape = [toPositivePath(area.polygon.map(([x, y]) => [x - origin[0], y - origin[1]] as const))];
      const inside = intersectPaths(rest, shape);
      const pieces = separatePieces(tidyPaths(inside, 0, 0.01));
      pieces.sort((a, b) => sizeOfPaths(b) - sizeOfPaths(a));
      pieces.forEach((paths, i) => {
        found.push({ id: i === 0 ? area.id : `${area.id}#${i + 1}`, paths });
      });
      rest = subtractPaths(rest, shape);
    }
    const leftovers = separatePieces(tidyPaths(rest, 0, 1e-6));
    joinLeftovers(found, leftovers);
    leftovers
      .filter((paths) => sizeOfPaths(paths) >= 0.01)
      .forEach((paths, i) => {
        found.push({ id: `${floor.level.id}/${i + 1}`, paths });
      });
  }
  const borders = areas.length === 0 ? [] : findBorders(found.map(({ paths }) => paths.map(toRing)));
  const snap = prepareSnap(doors);
  const pieces = found.map(({ id, paths }): FloorPiece => {
    const rings = paths.map((path) => snap(toRing(path)));
    let x0 = Infinity;
    let y0 = Infinity;
    let x1 = -Infinity;
    let y1 = -Infinity;
    for (const [x, y] of rings[0]) {
      x0 = Math.min(x0, x);
      y0 = Math.min(y0, y);
      x1 = Math.max(x1, x);
      y1 = Math.max(y1, y);
    }
    let size = 0;
    for (const ring of rings) size += ringSize(ring);
    return { id, rings, size, box: [x0, y0, x1, y1] };
  });
  return { pieces, borders };
}

/** Index of the piece that contains the point, or −1. */
export function findPiece(pieces: readonly FloorPiece[], x: number, y: number): number {
  for (let i = 0; i < pieces.length; i++) {
    const [x0, y0, x1, y1] = pieces[i].box;
    if (x < x0 || x > x1 || y < y0 || y > y1) continue;
    if (polygonContains(pieces[i].rings, x, y)) return i;
  }
  return -1;
}

function ringSize(ring: Ring): number {
  let sum = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    sum += ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
  }
  return sum / 2;
}

/** Gives every small leftover to the piece it shares most border with; takes those given out of `leftovers`. */
function joinLeftovers(found: { id: string; paths: Paths64 }[], leftovers: Paths64[]): void {
  for (let again = true; again; ) {
    again = false;
    for (let i = 0; i < leftovers.length; i++) {
      if (sizeOfPaths(leftovers[i]) >= LEFTOVER) continue;
      const rings = [leftovers[i].map(toRing), ...found.map(({ paths }) => paths.map(toRing))];
      const shared = new Float64Array(found.length);
      for (const border of findBorders(rings, 0, 0.01)) {
        const other = border.left === 0 ? border.right : border.left;
        shared[other - 1] += distance(border.line[0], border.line[1]);
      }
      let best = -1;
      for (let k = 0; k < shared.length; k++) if (shared[k] > 0.05 && (best < 0 || shared[k] > shared[best])) best = k;
      if (best < 0) continue;
      const [piece] = separatePieces(tidyPaths(unitePaths([...found[best].paths, ...leftovers[i]]), 0, 0.0001));
      found[best].paths = piece;
      leftovers.splice(i, 1);
      i--;
      again = true;
    }
  }
}

/**
 * Straight stretches (at least `shortest` metres) where edges of two pieces run against each other within a millimetre.
 * Only pairs with the piece `only`, where given. Sorted by pieces and place.
 */
function findBorders(pieces: readonly (readonly Ring[])[], only = -1, shortest = BORDER_MIN): OpenBorder[] {
  const all: Ring[] = [];
  const owner: number[] = [];
  pieces.forEach((rings, i) => {
    for (const ring of rings) {
      all.push(ring);
      for (let k = 0; k < ring.length; k++) owner.push(i);
    }
  });
  const index = buildEdgeIndex(all);
  const { edges } = index;
  const stretches: OpenBorder[] = [];
  for (let e = 0; e < index.edgeCount; e++) {
    if (only >= 0 && owner[e] !== only) continue;
    const a: Place = [edges[4 * e], edges[4 * e + 1]];
    const b: Place = [edges[4 * e + 2], edges[4 * e + 3]];
    const length = distance(a, b);
    if (length < 0.001) continue;
    const [ux, uy] = unit(a, b);
    const seen = new Set<number>();
    visitEdges(
      index,
      Math.min(a[0], b[0]) - 0.001,
      Math.min(a[1], b[1]) - 0.001,
      Math.max(a[0], b[0]) + 0.001,
      Math.max(a[1], b[1]) + 0.001,
      (f) => {
        if (owner[f] === owner[e] || (only < 0 && owner[f] < owner[e]) || seen.has(f)) return;
        seen.add(f);
        const cx = edges[4 * f] - a[0];
        const cy = edges[4 * f + 1] - a[1];
        const dx = edges[4 * f + 2] - a[0];
        const dy = edges[4 * f + 3] - a[1];
        const c = cx * ux + cy * uy;
        const d = dx * ux + dy * uy;
        if (d >= c) return;
        const from = Math.max(0, d);
        const to = Math.min(length, c);
        if (to - from < 0.001) return;
        const away = (t: number): number => {
          const s = (t - c) / (d - c);
          const x = cx + s * (dx - cx) - t * ux;
          const y = cy + s * (dy - cy) - t * uy;
          return Math.abs(x * -uy + y * ux);
        };
        if (away(from) > 0.001 || away(to) > 0.001) return;
        stretches.push({
          left: owner[e],
          right: owner[f],
          line: [between(a, b, from / length), between(a, b, to / length)],
        });
      },
    );
  }
  return mergeStretches(stretches).filter(({ line }) => distance(line[0], line[1]) >= shortest);
}

/** Joins stretches of one pair that follow each other on one straight line. */
function mergeStretches(stretches: readonly OpenBorder[]): OpenBorder[] {
  const result: OpenBorder[] = [];
  const used = new Uint8Array(stretches.length);
  for (let i = 0; i < stretches.length; i++) {
    if (used[i] === 1) continue;
    used[i] = 1;
    let { line } = stretches[i];
    const { left, right } = stretches[i];
    for (let grown = true; grown; ) {
      grown = false;
      for (let j = 0; j < stretches.length; j++) {
        const other = stretches[j];
        if (used[j] === 1 || other.left !== left || other.right !== right) continue;
        const [ux, uy] = unit(line[0], line[1]);
        const [vx, vy] = unit(other.line[0], other.line[1]);
        if (ux * vx + uy * vy < 0.9999) continue;
        if (distance(line[1], other.line[0]) < 0.003) line = [line[0], other.line[1]];
        else if (distance(other.line[1], line[0]) < 0.003) line = [other.line[0], line[1]];
        else continue;
        used[j] = 1;
        grown = true;
      }
    }
    result.push({ left, right, line });
  }
  return result;
}

/** Moves corners that a strip left beside a door line back onto the line, so that the two rooms share it. */
function prepareSnap(doors: readonly Gate[]): (ring: Ring) => Ring {
  if (doors.length === 0) return (ring) => ring;
  const bin = 2;
  const bins = new Map<string, number[]>();
  doors.forEach((gate, i) => {
    const [a, b] = gate.line;
    for (let c = Math.floor((Math.min(a[0], b[0]) - 0.1) / bin); c * bin <= Math.max(a[0], b[0]) + 0.1; c++) {
      for (let r = Math.floor((Math.min(a[1], b[1]) - 0.1) / bin); r * bin <= Math.max(a[1], b[1]) + 0.1; r++) {
        const key = `${c},${r}`;
        const list = bins.get(key);
        if (list === undefined) bins.set(key, [i]);
        else list.push(i);
      }
    }
  });
  const reach = STRIP / 2 + 3 / PLAN_SCALE;
  return (ring) => {
    const moved: Place[] = [];
    for (const [x, y] of ring) {
      let place: Place = [x, y];
      for (const i of bins.get(`${Math.floor(x / bin)},${Math.floor(y / bin)}`) ?? []) {
        const [a, b] = doors[i].line;
        const [ux, uy] = unit(a, b);
        const along = (x - a[0]) * ux + (y - a[1]) * uy;
        const across = (y - a[1]) * ux - (x - a[0]) * uy;
        if (Math.abs(across) > reach || along < -STRIP_MORE - reach) continue;
        if (along > distance(a, b) + STRIP_MORE + reach) continue;
        place = [
          Math.round((x + across * uy) * PLAN_SCALE) / PLAN_SCALE,
          Math.round((y - across * ux) * PLAN_SCALE) / PLAN_SCALE,
        ];
        break;
      }
      const last = moved[moved.length - 1];
      if (last === undefined || last[0] !== place[0] || last[1] !== place[1]) moved.push(place);
    }
    return moved;
  };
}
