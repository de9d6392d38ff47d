import { Clipper, FillRule } from 'clipper2-ts';
import type { Polygon } from './schema.ts';

/** Steps per metre of the whole numbers that areas are intersected in: 0.1 mm. */
const STEPS = 10_000;

/**
 * Area that two regions share [m²], each region the union of its polygons, to about 0.1 mm times the length of their
 * outlines. Corners must be finite; coordinates are taken about the first corner. Cost: n log n for n corners.
 */
export function overlapArea(first: readonly Polygon[], second: readonly Polygon[]): number {
  const [originX, originY] = first[0]?.[0] ?? [0, 0];
  const toPaths = (polygons: readonly Polygon[]) =>
    polygons.map((polygon) =>
      polygon.map(([x, y]) => ({ x: Math.round((x - originX) * STEPS), y: Math.round((y - originY) * STEPS) })),
    );
  const union = (polygons: readonly Polygon[]) =>
    polygons.length > 1 ? Clipper.union(oriented(toPaths(polygons)), FillRule.NonZero) : toPaths(polygons);
  const shared = Clipper.intersect(union(first), union(second), FillRule.EvenOdd);
  return Math.abs(Clipper.areaPaths(shared)) / (STEPS * STEPS);
}

function oriented<T>(paths: (T & { x: number; y: number })[][]): (T & { x: number; y: number })[][] {
  return paths.map((path) => (Clipper.isPositive(path) ? path : [...path].reverse()));
}

/** Smallest box around a polygon: xmin, ymin, xmax, ymax [m]. */
export function boxAround(polygon: Polygon): readonly [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of polygon) {
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return box;
}

/** Pairs of polygons whose boxes overlap, by a sweep along x; indices ascending within a pair. */
export function pairsNear(polygons: readonly Polygon[]): (readonly [number, number])[] {
  const boxes = polygons.map(boxAround);
  const order = boxes.map((_, i) => i).sort((a, b) => boxes[a][0] - boxes[b][0] || a - b);
  const pairs: (readonly [number, number])[] = [];
  let active: number[] = [];
  for (const i of order) {
    active = active.filter((j) => boxes[j][2] > boxes[i][0]);
    for (const j of active) {
      if (boxes[j][1] < boxes[i][3] && boxes[i][1] < boxes[j][3]) pairs.push(i < j ? [i, j] : [j, i]);
    }
    active.push(i);
  }
  return pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}
