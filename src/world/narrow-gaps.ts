import { distanceToEdges, type EdgeIndex, indexContains } from './edge-index.ts';
import { distance, type Place, unit } from './plan-geometry.ts';
import type { SegmentRow } from './wall-segments.ts';
import { SegmentKind } from './world.ts';

/**
 * Nobody plans a way through a gap narrower than this [m]: most grown bodies (radius 0.18 … 0.20 m) would have to turn
 * sideways, which is not modelled. Our choice; doors and exits of any width stay open.
 */
export const GAP_MIN = 0.4;

const CELL = 1;

/**
 * Bridges over the gaps between walls that are narrower than `GAP_MIN`: from each corner that sticks out into the floor to
 * the nearest place of every other wall as near as that, where floor lies between. They stop fields, not bodies.
 * O(walls) for walls spread over the plan.
 * @param walls rows of one sheet; `floor` its index; `ways` the lines of its portals, which are never bridged.
 */
export function findNarrowGaps(
  walls: readonly SegmentRow[],
  floor: EdgeIndex,
  ways: readonly (readonly [Place, Place])[],
  sheet: number,
): SegmentRow[] {
  const cells = new Map<string, number[]>();
  walls.forEach(({ a, b }, index) => {
    if (distance(a, b) === 0) return;
    const c0 = Math.floor((Math.min(a[0], b[0]) - GAP_MIN) / CELL);
    const c1 = Math.floor((Math.max(a[0], b[0]) + GAP_MIN) / CELL);
    const r0 = Math.floor((Math.min(a[1], b[1]) - GAP_MIN) / CELL);
    const r1 = Math.floor((Math.max(a[1], b[1]) + GAP_MIN) / CELL);
    for (let r = r0; r <= r1; r++) {
      for (let c = c0; c <= c1; c++) {
        if (!isNear(a, b, (c + 0.5) * CELL, (r + 0.5) * CELL)) continue;
        const key = `${c},${r}`;
        const list = cells.get(key);
        if (list === undefined) cells.set(key, [index]);
        else list.push(index);
      }
    }
  });
  const bridges: SegmentRow[] = [];
  for (const { a, along, before } of walls) {
    const free = before[0] === 0 && before[1] === 0;
    if (!free && before[0] * along[1] - before[1] * along[0] > -1e-9) continue;
    for (const other of cells.get(`${Math.floor(a[0] / CELL)},${Math.floor(a[1] / CELL)}`) ?? []) {
      const to = nearestOn(walls[other], a);
      const width = distance(a, to);
      if (width < 0.005 || width >= GAP_MIN) continue;
      const inside = [0.25, 0.5, 0.75].every((share) => {
        const x = a[0] + share * (to[0] - a[0]);
        const y = a[1] + share * (to[1] - a[1]);
        return indexContains(floor, x, y) && distanceToEdges(floor, x, y, 0.01) > 0.001;
      });
      if (!inside) continue;
      const middle: Place = [(a[0] + to[0]) / 2, (a[1] + to[1]) / 2];
      if (ways.some(([c, d]) => distance(middle, nearestOn({ a: c, b: d }, middle)) < 0.05)) continue;
      bridges.push({
        a,
        b: to,
        along: unit(a, to),
        before: [0, 0],
        kind: SegmentKind.bridge,
        subject: -1,
        solid: 0,
        sheets: [sheet, -1],
        areas: [-1, -1],
      });
    }
  }
  return bridges;
}

/** Whether a segment comes within reach of a cell's middle: its half diagonal and the widest gap. */
function isNear(a: Place, b: Place, x: number, y: number): boolean {
  return distance(nearestOn({ a, b }, [x, y]), [x, y]) <= CELL * 0.7072 + GAP_MIN;
}

function nearestOn({ a, b }: { readonly a: Place; readonly b: Place }, p: Place): Place {
  const ux = b[0] - a[0];
  const uy = b[1] - a[1];
  const squared = ux * ux + uy * uy;
  const t = squared === 0 ? 0 : Math.min(1, Math.max(0, ((p[0] - a[0]) * ux + (p[1] - a[1]) * uy) / squared));
  return [a[0] + t * ux, a[1] + t * uy];
}
