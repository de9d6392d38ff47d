import type { World } from '../world/index.ts';
import { effortOf } from './route-table.ts';

/** By how much less than a straight line a travel field may say near walls, between its cells and beside them [m]: five cells of 0.2 m. */
const FIELD_SLACK = 1;

/** What choosing a way looks up again and again. */
export interface Crossroads {
  /** Nodes of the route tables that each area's portals lead to, ascending. */
  readonly nodes: readonly Int32Array[];
  /** Effort of a metre in each area [m]; 1 where it cannot be walked. */
  readonly efforts: Float64Array;
  /** Circles that hold the portals' lines: x, y, radius [m] each; the circle of a region holds everything. */
  readonly circles: Float64Array;
}

/** Tables for a world. O(portals). */
export function createCrossroads(world: World): Crossroads {
  const { areas, portals } = world;
  const circles = new Float64Array(3 * portals.length);
  portals.forEach(({ line: [a, b], width, region }, k) => {
    circles.set([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, region === undefined ? width / 2 : Infinity], 3 * k);
  });
  const sideOf = (portal: number, area: number) => (portals[portal].areas[0] === area ? 0 : 1);
  return {
    nodes: areas.map(({ portals: own }, area) =>
      Int32Array.from(own, (portal) => 2 * portal + 1 - sideOf(portal, area)),
    ),
    efforts: Float64Array.from(areas, (_, area) =>
      Number.isFinite(effortOf(world, area)) ? effortOf(world, area) : 1,
    ),
    circles,
  };
}

/** Lower bound of what a travel field says to a portal, by its circle [m]. */
export function leastWalk(circles: Float64Array, portal: number, x: number, y: number): number {
  const dx = x - circles[3 * portal];
  const dy = y - circles[3 * portal + 1];
  return Math.max(0, Math.sqrt(dx * dx + dy * dy) - circles[3 * portal + 2] - FIELD_SLACK);
}
