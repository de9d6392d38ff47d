import { estimateTravelDistance, PersonHarm, PersonState, travelField } from '../world/index.ts';
import { type Engine, timeNow } from './engine.ts';
import { buildRouteTable, effortOf, isPassable, penaltyOf, type RouteTable } from './route-table.ts';

/** Persons look again for a better way this often, staggered by id [decisions]. */
const CHOOSE_EVERY = 20;
/** Share by which another way must be shorter before somebody changes without a reason. */
const INERTIA = 0.1;
/** Route tables kept; beyond it the oldest is forgotten (it can always be made again). */
const ROUTE_TABLES_MAX = 256;

/** What a changed exit is put down to, by the person's `rethink`. */
const WHY = ['nearer', 'nearer', 'found-locked', 'gave-up', 'door-changed'] as const;

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

/**
 * The best next portal of a person here and now, or −1; the exit at the end of that way, and what is left to walk behind the portal
 * [m]. `kept` is favoured by `INERTIA`.
 */
export function bestPortal(
  engine: Engine,
  person: number,
  kept: number,
): { portal: number; exit: number; rest: number } {
  const { world } = engine;
  const { persons, beliefs } = world.views;
  const area = persons.area[person];
  const table = routeTableOf(engine, person);
  const row = person * world.portals.length;
  let best = -1;
  let bestEffort = Number.POSITIVE_INFINITY;
  let bestExit = -1;
  let rest = 0;
  const scale = effortOf(world, area);
  for (const portal of world.areas[area].portals) {
    const side = world.portals[portal].areas[0] === area ? 0 : 1;
    const belief = beliefs[row + portal];
    const node = 2 * portal + (1 - side);
    if (!isPassable(world, portal, side, belief) || table.toGo[node] === Number.POSITIVE_INFINITY) continue;
    const field = travelField(world, portal, side);
    const { x, y } = world.views.persons;
    const walk = (Number.isFinite(scale) ? scale : 1) * estimateTravelDistance(world, field, x[person], y[person]);
    const total = walk + penaltyOf(world, portal, belief) + table.toGo[node];
    const effort = portal === kept ? total * (1 - INERTIA) : total;
    if (effort < bestEffort) {
      best = portal;
      bestEffort = effort;
      bestExit = table.exit[node];
      rest = table.walk[node];
    }
  }
  return { portal: best, exit: bestExit, rest: Number.isFinite(rest) ? rest : 0 };
}

/**
 * Persons choose their next portal: on the nearest way to safety of the graph they believe in. Done when something changed for
 * them (a new area, a belief) and every two seconds, staggered by id.
 */
export function chooseWays(engine: Engine): void {
  const { world } = engine;
  const { personCount } = world;
  const tick = world.views.clock.tick[0];
  for (let i = 0; i < personCount; i++) {
    const persons = world.views.persons;
    const state = persons.state[i];
    if (state !== PersonState.walking && state !== PersonState.stranded) continue;
    if (persons.harm[i] >= PersonHarm.unconscious) continue;
    if (world.areas[persons.area[i]].kind === 'outside') continue;
    const reason = persons.rethink[i];
    if (reason === 0 && (tick + i) % CHOOSE_EVERY !== 0) continue;
    const kept = reason === 0 ? persons.portal[i] : -1;
    const { portal, exit, rest } = bestPortal(engine, i, kept);
    // choosing may build a field, which may renew the views
    const after = world.views.persons;
    after.rethink[i] = 0;
    if (portal < 0) {
      if (state !== PersonState.stranded) {
        after.state[i] = PersonState.stranded;
        after.portal[i] = -1;
        after.exit[i] = -1;
        engine.emit({ t: timeNow(world), type: 'person-stranded', person: i, reason: 'no-known-way' });
      }
      continue;
    }
    after.state[i] = PersonState.walking;
    after.restWay[i] = rest;
    if (portal !== after.portal[i]) {
      after.portal[i] = portal;
      after.bestPotential[i] = Number.POSITIVE_INFINITY;
      after.waitedTime[i] = 0;
      after.tryTime[i] = 0;
    }
    if (exit !== after.exit[i]) {
      const why = after.exit[i] < 0 ? 'start' : WHY[reason];
      after.exit[i] = exit;
      engine.emit({ t: timeNow(world), type: 'exit-chosen', person: i, exit: world.exits[exit].id, why });
    }
  }
}
