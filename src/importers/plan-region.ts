import { Clipper, EndType, FillRule, JoinType, type Paths64 } from 'clipper2-ts';
import type { Point } from '../scenario/index.ts';

/** Steps per metre of the whole numbers that regions are combined in: 10 µm. */
export const REGION_STEPS = 100_000;

/** A part of the plan in whole numbers: outlines counter-clockwise, holes clockwise, none overlapping another. */
export type Region = Paths64;

/** The region that rings of either turn cover together [m]. */
export function toRegion(rings: readonly (readonly Point[])[]): Region {
  const paths = rings.map((ring) => {
    const path = ring.map(([x, y]) => ({ x: Math.round(x * REGION_STEPS), y: Math.round(y * REGION_STEPS) }));
    return Clipper.isPositive(path) ? path : path.reverse();
  });
  return paths.length === 0 ? [] : Clipper.union(paths, FillRule.NonZero);
}

/** Rings of a region [m], outlines counter-clockwise, holes clockwise. */
export function toRings(region: Region): [number, number][][] {
  return region.map((path) => path.map(({ x, y }): [number, number] => [x / REGION_STEPS, y / REGION_STEPS]));
}

export function unite(...regions: readonly Region[]): Region {
  const paths = regions.flat();
  return paths.length === 0 ? [] : Clipper.union(paths, FillRule.NonZero);
}

export function subtract(region: Region, less: Region): Region {
  if (region.length === 0 || less.length === 0) return region;
  return Clipper.difference(region, less, FillRule.NonZero);
}

export function intersect(first: Region, second: Region): Region {
  if (first.length === 0 || second.length === 0) return [];
  return Clipper.intersect(first, second, FillRule.NonZero);
}

/** The region grown by a distance with square corners, or shrunk by a negative one [m]. */
export function grow(region: Region, distance: number): Region {
  if (region.length === 0) return [];
  return Clipper.inflatePaths(region, distance * REGION_STEPS, JoinType.Miter, EndType.Polygon, 2);
}

/** A line as a strip of some width [m]. */
export function stroke(points: readonly Point[], width: number): Region {
  const path = points.map(([x, y]) => ({ x: Math.round(x * REGION_STEPS), y: Math.round(y * REGION_STEPS) }));
  return Clipper.inflatePaths([path], (width / 2) * REGION_STEPS, JoinType.Miter, EndType.Square, 2);
}

/** [m²] */
export function sizeOf(region: Region): number {
  return Clipper.areaPaths(region) / (REGION_STEPS * REGION_STEPS);
}

/** The outlines alone: what they enclose, holes filled. */
export function fillHoles(region: Region): Region {
  return unite(region.filter((path) => Clipper.area(path) > 0));
}

/** The part of a region in an upright box [m]; far cheaper than an intersection. */
export function clipToBox(region: Region, x0: number, y0: number, x1: number, y1: number): Region {
  const box = {
    left: Math.floor(x0 * REGION_STEPS),
    top: Math.floor(y0 * REGION_STEPS),
    right: Math.ceil(x1 * REGION_STEPS),
    bottom: Math.ceil(y1 * REGION_STEPS),
  };
  const near = region.filter((path) => {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const { x, y } of path) {
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
    return left <= box.right && right >= box.left && top <= box.bottom && bottom >= box.top;
  });
  if (near.length === 0) return [];
  const corners = [
    { x: box.left, y: box.top },
    { x: box.right, y: box.top },
    { x: box.right, y: box.bottom },
    { x: box.left, y: box.bottom },
  ];
  return Clipper.intersect(near, [corners], FillRule.NonZero);
}

/** The region without corners nearer than `tolerance` to the line through their neighbours, and without specks [m], [m²]. */
export function tidy(region: Region, tolerance: number, sizeMin: number): Region {
  const simple = Clipper.simplifyPaths(region, tolerance * REGION_STEPS, true);
  return simple.filter((path) => Math.abs(Clipper.area(path)) >= sizeMin * REGION_STEPS * REGION_STEPS);
}

/** Smallest upright box around a region: xmin, ymin, xmax, ymax [m]; all infinite where it is empty. */
export function boxOfRegion(region: Region): [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const path of region) {
    for (const { x, y } of path) {
      box[0] = Math.min(box[0], x / REGION_STEPS);
      box[1] = Math.min(box[1], y / REGION_STEPS);
      box[2] = Math.max(box[2], x / REGION_STEPS);
      box[3] = Math.max(box[3], y / REGION_STEPS);
    }
  }
  return box;
}

/** Convex hull, counter-clockwise. @source Andrew 1979 */
export function convexHullOf(points: readonly Point[]): [number, number][] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (list: readonly Point[]): [number, number][] => {
    const chain: [number, number][] = [];
    for (const [x, y] of list) {
      while (chain.length >= 2) {
        const [a, b] = [chain[chain.length - 2], chain[chain.length - 1]];
        if ((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]) > 0) break;
        chain.pop();
      }
      chain.push([x, y]);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}
