import { estimateTravelDistance, PersonHarm, PersonState, travelField, type World } from '../world/index.ts';
import { type Engine, timeNow } from './engine.ts';
import { isLed } from './roles/act-roles.ts';
import { buildRouteTable, effortOf, type RouteTable } from './route-table.ts';
import { isFirstTimeLost, knowAWay, lookForExits, searchWay } from './search-way.ts';
import { HERD_EVERY, weighExits } from './weigh-exits.ts';

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

/**
 * The best way of a person here and now, to `out`; among equals, by the portal of the lowest index. `kept` is favoured by `INERTIA`.
 * It is looked at first, or without it the nearest in a straight line: most others are then too far even straight on, and need no look
 * at their fields.
 */
export function findBestWay(engine: Engine, person: number, kept: number, out: Way): void {
  const { world, crossroads } = engine;
  const { x, y, area } = world.views.persons;
  const px = x[person];
  const py = y[person];
  const here = area[person];
  const { behind, exit, walk } = routeTableOf(engine, person);
  const nodes = crossroads.nodes[here];
  const scale = crossroads.efforts[here];
  let first = -1;
  for (let k = 0; k < nodes.length; k++) if (nodes[k] >> 1 === kept) first = k;
  const favour = first < 0 ? 1 : 1 - INERTIA;
  let nearest = Number.POSITIVE_INFINITY;
  for (let k = 0; k < nodes.length && favour === 1; k++) {
    const bound = scale * leastWalk(crossroads.circles, nodes[k] >> 1, px, py) + behind[nodes[k]];
    if (bound >= nearest) continue;
    nearest = bound;
    first = k;
  }
  let least = Number.POSITIVE_INFINITY;
  let best = -1;
  for (let k = first < 0 ? 0 : -1; k < nodes.length; k++) {
    if (k >= 0 && k === first) continue;
    const node = nodes[k < 0 ? first : k];
    const portal = node >> 1;
    const rest = behind[node];
    if (rest === Number.POSITIVE_INFINITY) continue;
    if (scale * leastWalk(crossroads.circles, portal, px, py) + rest > least) continue;
    const field = travelField(world, portal, 1 - (node & 1));
    const total = scale * estimateTravelDistance(world, field, px, py) + rest;
    const effort = k < 0 ? total * favour : total;
    if (effort > least || (effort === least && node > best)) continue;
    least = effort;
    best = node;
  }
  out.portal = best >> 1;
  out.exit = best < 0 ? -1 : exit[best];
  out.rest = best < 0 || !Number.isFinite(walk[best]) ? 0 : walk[best];
}

const way: Way = { portal: -1, exit: -1, rest: 0 };

/**
 * Persons choose their next portal: on the nearest way to safety of the graph they believe in. Done when something changed for
 * them (a new area, a belief) and every two seconds, staggered by id.
 */
export function chooseWays(engine: Engine): void {
  const { world } = engine;
  const tick = world.views.clock.tick[0];
  // who weighs exits looks at the others when everybody looks
  const stride = engine.minds.behaviour.choice === undefined ? 1 : HERD_EVERY;
  const turn = tick % stride === 0 ? tick / stride : -1;
  const every = CHOOSE_EVERY / stride;
  // the next whose turn it is
  let due = turn < 0 ? -1 : (every - (turn % every)) % every;
  let { rethink, state } = world.views.persons;
  for (let i = 0; i < world.personCount; i++) {
    const isDue = i === due;
    if (isDue) due += every;
    if ((rethink[i] === 0 && !isDue) || state[i] === PersonState.out) continue;
    chooseWay(engine, i);
    // choosing may make a field, which may renew the views
    ({ rethink, state } = world.views.persons);
  }
}

/** The way, in `way`, by what the scenario asks for; whether somebody without one goes, waits or is stranded. */
function decideWay(engine: Engine, person: number, reason: number, kept: number): 'goes' | 'waits' | 'stranded' {
  const { behaviour } = engine.minds;
  if (behaviour.knowledge !== undefined) lookForExits(engine, person);
  if (behaviour.choice === undefined) findBestWay(engine, person, reason === 0 ? kept : -1, way);
  else {
    const { exit } = engine.world.views.persons;
    weighExits(engine, person, routeTableOf(engine, person), reason < 2 ? exit[person] : -1, way);
  }
  if (way.portal >= 0) knowAWay(engine, person);
  else if (behaviour.knowledge !== undefined) return searchWay(engine, person, reason, way);
  return way.portal >= 0 ? 'goes' : 'stranded';
}

function chooseWay(engine: Engine, person: number): void {
  const { world } = engine;
  const { state, harm, area, rethink, portal } = world.views.persons;
  if (state[person] !== PersonState.walking && state[person] !== PersonState.stranded) return;
  if (harm[person] >= PersonHarm.unconscious || world.areas[area[person]].kind === 'outside') return;
  if (isLed(engine, person)) return;
  const reason = rethink[person];
  const told = decideWay(engine, person, reason, portal[person]);
  const { persons } = world.views;
  persons.rethink[person] = 0;
  if (way.portal < 0) {
    if (told === 'waits') {
      persons.state[person] = PersonState.stranded;
      persons.portal[person] = -1;
      persons.exit[person] = -1;
      return;
    }
    const isNews = isFirstTimeLost(engine, person) || persons.state[person] !== PersonState.stranded;
    if (!isNews) return;
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
    const why = persons.exit[person] === -1 ? 'start' : persons.exit[person] < 0 ? 'learnt' : WHY[reason];
    persons.exit[person] = way.exit;
    if (way.exit >= 0)
      engine.emit({ t: timeNow(world), type: 'exit-chosen', person, exit: world.exits[way.exit].id, why });
  }
}
