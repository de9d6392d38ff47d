import { estimateTravelDistance, PersonHarm, PersonState, travelField, type World } from '../world/index.ts';
import { type Engine, timeNow } from './engine.ts';
import { buildRouteTable, effortOf, isPassable, penaltyOf, type RouteTable } from './route-table.ts';

/** Persons look again for a better way this often, staggered by id [decisions]. */
const CHOOSE_EVERY = 20;
/** Share by which another way must be shorter before somebody changes without a reason. */
const INERTIA = 0.1;
/** Route tables kept; beyond it the oldest is forgotten (it can always be made again). */
const ROUTE_TABLES_MAX = 256;

/** What a changed exit is put down to, by the person's `rethink`. */
const WHY = ['nearer', 'nearer', 'found-locked', 'gave-up', 'door-changed', 'learnt'] as const;

/** The ways out by what this person believes; shared by all who believe the same. */
export function routeTableOf(engine: Engine, person: number): RouteTable {
  const { world, routes, routeOf } = engine;
  const kept = routeOf[person];
  if (kept !== undefined) return kept;
  const portalCount = world.portals.length;
  const row = world.views.beliefs.subarray(person * portalCount, (person + 1) * portalCount);
  let key = '';
  for (let k = 0; k < portalCount; k++) key += row[k];
  let table = routes.get(key);
  if (table === undefined) {
    table = buildRouteTable(world, row.slice());
    if (routes.size >= ROUTE_TABLES_MAX) routes.delete(routes.keys().next().value as string);
    routes.set(key, table);
  }
  routeOf[person] = table;
  return table;
}

/** A way to safety: its next portal, or −1 where there is none; the exit at its end; what is left to walk behind the portal [m]. */
export interface Way {
  portal: number;
  exit: number;
  rest: number;
}

/** By how much less than a straight line a travel field may say near walls, between its cells and beside them [m]: five cells of 0.2 m. */
const FIELD_SLACK = 1;

/** Circles that hold the portals' lines: x, y, radius [m] each; the circle of a region holds everything. */
export function circlesOf({ portals }: World): Float64Array {
  const circles = new Float64Array(3 * portals.length);
  portals.forEach(({ line: [a, b], width, region }, k) => {
    circles.set([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, region === undefined ? width / 2 : Infinity], 3 * k);
  });
  return circles;
}

/** Lower bound of what a travel field says to a portal, by its circle [m]. */
function leastWalk(circles: Float64Array, portal: number, x: number, y: number): number {
  const dx = x - circles[3 * portal];
  const dy = y - circles[3 * portal + 1];
  return Math.max(0, Math.sqrt(dx * dx + dy * dy) - circles[3 * portal + 2] - FIELD_SLACK);
}

/**
 * The best way of a person here and now, to `out`; among equals, by the portal of the lowest index. `kept` is favoured by `INERTIA`, and
 * looked at first: most others are then too far even in a straight line, and need no look at their fields.
 */
export function findBestWay(engine: Engine, person: number, kept: number, out: Way): void {
  const { world, circles } = engine;
  const area = world.views.persons.area[person];
  const table = routeTableOf(engine, person);
  const { portals } = world.areas[area];
  const row = person * world.portals.length;
  const effortHere = effortOf(world, area);
  const scale = Number.isFinite(effortHere) ? effortHere : 1;
  const first = portals.indexOf(kept);
  let least = Number.POSITIVE_INFINITY;
  out.portal = -1;
  out.exit = -1;
  out.rest = 0;
  for (let k = first < 0 ? 0 : -1; k < portals.length; k++) {
    if (k >= 0 && k === first) continue;
    const index = k < 0 ? kept : portals[k];
    const side = world.portals[index].areas[0] === area ? 0 : 1;
    const belief = world.views.beliefs[row + index];
    const node = 2 * index + (1 - side);
    if (!isPassable(world, index, side, belief) || table.toGo[node] === Number.POSITIVE_INFINITY) continue;
    const { x, y } = world.views.persons;
    const behind = penaltyOf(world, index, belief) + table.toGo[node];
    if (scale * leastWalk(circles, index, x[person], y[person]) + behind > least) continue;
    const field = travelField(world, index, side);
    // making a field may renew the views
    const { persons } = world.views;
    const total = scale * estimateTravelDistance(world, field, persons.x[person], persons.y[person]) + behind;
    const effort = k < 0 ? total * (1 - INERTIA) : total;
    if (effort > least || (effort === least && index > out.portal)) continue;
    least = effort;
    out.portal = index;
    out.exit = table.exit[node];
    out.rest = Number.isFinite(table.walk[node]) ? table.walk[node] : 0;
  }
}

const way: Way = { portal: -1, exit: -1, rest: 0 };

/**
 * Persons choose their next portal: on the nearest way to safety of the graph they believe in. Done when something changed for
 * them (a new area, a belief) and every two seconds, staggered by id.
 */
export function chooseWays(engine: Engine): void {
  const { world } = engine;
  const tick = world.views.clock.tick[0];
  let { rethink } = world.views.persons;
  for (let i = 0; i < world.personCount; i++) {
    if (rethink[i] === 0 && (tick + i) % CHOOSE_EVERY !== 0) continue;
    chooseWay(engine, i);
    ({ rethink } = world.views.persons);
  }
}

function chooseWay(engine: Engine, person: number): void {
  const { world } = engine;
  const { state, harm, area, rethink, portal } = world.views.persons;
  if (state[person] !== PersonState.walking && state[person] !== PersonState.stranded) return;
  if (harm[person] >= PersonHarm.unconscious || world.areas[area[person]].kind === 'outside') return;
  const reason = rethink[person];
  findBestWay(engine, person, reason === 0 ? portal[person] : -1, way);
  const { persons } = world.views;
  persons.rethink[person] = 0;
  if (way.portal < 0) {
    if (persons.state[person] === PersonState.stranded) return;
    persons.state[person] = PersonState.stranded;
    persons.portal[person] = -1;
    persons.exit[person] = -1;
    engine.emit({ t: timeNow(world), type: 'person-stranded', person, reason: 'no-known-way' });
    return;
  }
  persons.state[person] = PersonState.walking;
  persons.restWay[person] = way.rest;
  if (way.portal !== persons.portal[person]) {
    persons.portal[person] = way.portal;
    persons.bestPotential[person] = Number.POSITIVE_INFINITY;
    persons.waitedTime[person] = 0;
    persons.tryTime[person] = 0;
  }
  if (way.exit !== persons.exit[person]) {
    const why = persons.exit[person] < 0 ? 'start' : WHY[reason];
    persons.exit[person] = way.exit;
    engine.emit({ t: timeNow(world), type: 'exit-chosen', person, exit: world.exits[way.exit].id, why });
  }
}
