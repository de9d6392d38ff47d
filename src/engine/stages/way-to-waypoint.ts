import {
  estimateTravelDistance,
  regionField,
  sampleField,
  travelField,
  type World,
  type WorldWaypoint,
} from '../../world/index.ts';
import type { Way } from '../choose-ways.ts';
import { leastWalk } from '../crossroads.ts';
import type { Engine } from '../engine.ts';
import { buildRouteTable, effortOf, type RouteSeed, type RouteTable } from '../route-table.ts';
import type { StageTables } from './stage-tables.ts';

/** Route tables kept; beyond it the oldest is forgotten (it can always be made again). */
const ROUTE_TABLES_MAX = 256;

const sample = new Float64Array(3);

/** Walking distance to a waypoint within an area [m]; Infinity where it has no part in it or no way leads there. */
export function distanceToWaypoint(world: World, { heads }: WorldWaypoint, area: number, x: number, y: number): number {
  let least = Infinity;
  for (const head of heads) {
    if (head.area !== area) continue;
    if (sampleField(world, regionField(world, head), x, y, sample)) least = Math.min(least, sample[0]);
  }
  return least;
}

/** Where ways to a waypoint end: the portals of its areas, with the effort that is left behind each [m]. */
function seedsOf(world: World, waypoint: WorldWaypoint): RouteSeed[] {
  const seeds: RouteSeed[] = [];
  const areas = [...new Set(waypoint.heads.map(({ area }) => area))];
  for (const area of areas) {
    const effort = effortOf(world, area);
    if (!Number.isFinite(effort)) continue;
    for (const portal of world.areas[area].portals) {
      const { line, areas: sides } = world.portals[portal];
      const [[ax, ay], [bx, by]] = line;
      const walk = effort * distanceToWaypoint(world, waypoint, area, (ax + bx) / 2, (ay + by) / 2);
      if (walk < Infinity) seeds.push({ node: 2 * portal + (sides[0] === area ? 0 : 1), effort: walk });
    }
  }
  return seeds;
}

/** The ways to a waypoint by what this person believes; shared by all who believe the same. */
function tableTo(engine: Engine, tables: StageTables, person: number, waypoint: number): RouteTable {
  const { world } = engine;
  const { routes, routeOf, routeTo } = tables;
  const kept = routeOf[person];
  if (kept !== undefined && routeTo[person] === waypoint) return kept;
  const portalCount = world.portals.length;
  const row = world.views.beliefs.slice(person * portalCount, (person + 1) * portalCount);
  const key = `${waypoint} ${row.join('')}`;
  let table = routes.get(key);
  if (table === undefined) {
    table = buildRouteTable(world, row, 0, seedsOf(world, world.stages!.waypoints[waypoint]));
    if (routes.size >= ROUTE_TABLES_MAX) routes.delete(routes.keys().next().value as string);
    routes.set(key, table);
  }
  routeOf[person] = table;
  routeTo[person] = waypoint;
  return table;
}

/**
 * The best way of a person to a waypoint here and now, to `out`: its next portal, or −1 where it is in the area itself; among equals the portal of the
 * lowest index. @returns whether there is a way by what they believe. May build fields, which may renew the views.
 */
export function findWayToWaypoint(
  engine: Engine,
  tables: StageTables,
  person: number,
  waypoint: number,
  out: Way,
): boolean {
  const { world, crossroads } = engine;
  const { x, y, area } = world.views.persons;
  const px = x[person];
  const py = y[person];
  const here = area[person];
  const table = tableTo(engine, tables, person, waypoint);
  const scale = crossroads.efforts[here];
  let least = scale * distanceToWaypoint(world, world.stages!.waypoints[waypoint], here, px, py);
  out.portal = -1;
  out.exit = -1;
  out.rest = 0;
  for (const node of crossroads.nodes[here]) {
    const rest = table.behind[node];
    if (rest === Infinity) continue;
    const portal = node >> 1;
    if (scale * leastWalk(crossroads.circles, portal, px, py) + rest >= least) continue;
    const field = travelField(world, portal, 1 - (node & 1));
    const total = scale * estimateTravelDistance(world, field, px, py) + rest;
    if (!(total < least)) continue;
    least = total;
    out.portal = portal;
    out.rest = table.walk[node];
  }
  return least < Infinity;
}
