import type { PersonEvent } from '../trace/index.ts';
import { estimateTravelDistance, PersonHarm, PersonState, travelField } from '../world/index.ts';
import { leastWalk } from './crossroads.ts';
import { type Engine, timeNow } from './engine.ts';
import { CHOICE_ASKED, MARK_EXIT, ROUTE_SLOTS, WHY_LEARNT, WHY_START, WHYS } from './kernel/table.ts';
import { isLed } from './roles/act-roles.ts';
import { buildRouteTable, type RouteTable, seedsOfExits } from './route-table.ts';
import { isFirstTimeLost, knowAWay, lookForExits, searchWay } from './search-way.ts';
import { exitsOf, forgetExits } from './stages/end-itinerary.ts';
import { HERD_EVERY, weighExits } from './weigh-exits.ts';

/** Persons look again for a better way this often, staggered by id [decisions]. */
const CHOOSE_EVERY = 20;
/** Share by which another way must be shorter before somebody changes without a reason. */
const INERTIA = 0.1;
/** Route tables kept; beyond it all are forgotten. One slot less than there are: slot 0 is none. */
const ROUTE_TABLES_MAX = ROUTE_SLOTS - 1;

/** What a changed exit is put down to, by the person's `rethink`; the last where there was none before. */
const WHY = ['nearer', 'nearer', 'found-locked', 'gave-up', 'door-changed', 'learnt', 'start'] as const;
/** Kinds of events that are told of many at once: as many as a byte tells apart. */
const ALIKE_MAX = 256;

/** The ways out by what this person believes; shared by all who believe the same. */
export function routeTableOf(engine: Engine, person: number): RouteTable {
  const { world, routes, routeOf } = engine;
  const kept = routeOf[person];
  if (kept !== undefined) return kept;
  const portalCount = world.portals.length;
  const { beliefs, u8 } = world.views;
  const first = person * portalCount;
  const only = exitsOf(engine, person);
  let table = only === undefined ? engine.routeLast : undefined;
  // many in a row believe the same
  if (table === undefined || !isRow(table.beliefs, beliefs, first)) {
    let key = only === undefined ? '' : `${only.join()} `;
    for (let k = 0; k < portalCount; k++) key += beliefs[first + k];
    table = routes.get(key);
    if (table === undefined) {
      if (routes.size >= ROUTE_TABLES_MAX) {
        forgetRoutes(engine);
        engine.routeLast = undefined;
      }
      const row = beliefs.slice(first, first + portalCount);
      table = buildRouteTable(world, row, routes.size + 1, seedsOfExits(world, only));
      routes.set(key, table);
    }
    if (only === undefined) engine.routeLast = table;
  }
  routeOf[person] = table;
  u8[engine.kernel.offsets.route + person] = table.slot;
  return table;
}

function isRow(row: Uint8Array, beliefs: Uint8Array, first: number): boolean {
  for (let k = 0; k < row.length; k++) if (row[k] !== beliefs[first + k]) return false;
  return true;
}

/** All route tables are forgotten; they can always be made again. */
function forgetRoutes({ world, routes, routeOf, kernel }: Engine): void {
  routes.clear();
  routeOf.fill(undefined);
  world.views.u8.fill(0, kernel.offsets.route, kernel.offsets.route + world.personCount);
}

/** A way to safety: its next portal, or −1 where there is none; the exit at its end; what is left to walk behind the portal [m]. */
export interface Way {
  portal: number;
  exit: number;
  rest: number;
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
  const table = routeTableOf(engine, person);
  const { behind } = table;
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
  takeNode(table, best, out);
}

/** The way to a node of a route table, or none where it is negative. */
function takeNode({ exit, walk }: RouteTable, node: number, out: Way): void {
  out.portal = node >> 1;
  out.exit = node < 0 ? -1 : exit[node];
  out.rest = node < 0 || !Number.isFinite(walk[node]) ? 0 : walk[node];
}

const way: Way = { portal: -1, exit: -1, rest: 0 };

/**
 * Persons choose their next portal: on the nearest way to safety of the graph they believe in. Done when something changed for
 * them (a new area, a belief) and every two seconds, staggered by id. Where nothing but the walk decides, the kernel looks, and leaves
 * whose way changes.
 */
export function chooseWays(engine: Engine): void {
  const { behaviour } = engine.minds;
  const isPlain = behaviour.choice === undefined && behaviour.knowledge === undefined;
  if (isPlain && engine.cast === undefined && engine.stages === undefined) {
    chooseByWalk(engine);
    return;
  }
  const { world } = engine;
  const tick = world.views.clock.tick[0];
  // who weighs exits looks at the others when everybody looks
  const stride = behaviour.choice === undefined ? 1 : HERD_EVERY;
  const turn = tick % stride === 0 ? tick / stride : -1;
  const every = CHOOSE_EVERY / stride;
  // the next whose turn it is
  let due = turn < 0 ? -1 : (every - (turn % every)) % every;
  const { personCount } = world;
  for (let i = 0; i < personCount; i++) {
    // choosing may make a field, which may renew the views
    const { rethink, state } = world.views.persons;
    i = findNews(rethink, i, due < 0 || due >= personCount ? personCount : due);
    if (i === personCount) return;
    if (i === due) due += every;
    if (state[i] !== PersonState.out) chooseWay(engine, i);
  }
}

/** The first from `from` to `to` − 1 whose row is not 0, or `to`. */
function findNews(column: Uint8Array, from: number, to: number): number {
  let i = from;
  while (i < to && column[i] === 0) i++;
  return i;
}

function chooseByWalk(engine: Engine): void {
  const { world, kernel, crew } = engine;
  const turn = world.views.clock.tick[0] % CHOOSE_EVERY;
  knowRoutes(engine);
  kernel.showFields();
  kernel.showRoutes(engine.routes);
  crew.run('choosePersons', world.personCount, turn);
  const marks = kernel.offsets.unsensed;
  const choices = kernel.offsets.choice / 4;
  const news = createExitNews(engine);
  // read anew each time: putting somebody on a way may make a field, which may renew them
  const { views } = world;
  for (let i = 0; ; i++) {
    i = kernel.findByte(marks, i, world.personCount, true);
    if (i === world.personCount) break;
    const mark = views.u8[marks + i];
    views.u8[marks + i] = 0;
    const choice = views.i32[choices + i];
    if (mark === MARK_EXIT) news.note(i, choice);
    else {
      news.tell();
      putOnWay(engine, i, choice);
    }
  }
  news.tell();
}

/** Exits that have changed, told all at once: at a start they are everybody's. `choice` is as `choosePersons` leaves it. */
function createExitNews({ world, scratch, emitEach }: Engine): {
  note(person: number, choice: number): void;
  tell(): void;
} {
  const t = timeNow(world);
  const alike: PersonEvent[] = [];
  const placeOf = new Map<number, number>();
  let count = 0;
  let last = -1;
  let place = 0;

  function tell(): void {
    if (count > 0) emitEach(alike, scratch.toldWhich, scratch.told, count);
    count = 0;
  }

  function findPlace(choice: number): number {
    const known = placeOf.get(choice);
    if (known !== undefined) return known;
    if (alike.length === ALIKE_MAX) {
      tell();
      alike.length = 0;
      placeOf.clear();
    }
    placeOf.set(choice, alike.length);
    const exit = world.exits[Math.floor(choice / WHYS)].id;
    return alike.push({ t, type: 'exit-chosen', person: -1, exit, why: WHY[choice % WHYS] }) - 1;
  }

  function note(person: number, choice: number): void {
    if (choice !== last) {
      place = findPlace(choice);
      last = choice;
    }
    scratch.told[count] = person;
    scratch.toldWhich[count++] = place;
  }
  return { note, tell };
}

/** Route tables of those who walk and have none. Many in a row believe the same: they get theirs at once. */
function knowRoutes(engine: Engine): void {
  const { world, kernel } = engine;
  const { personCount, views } = world;
  const slots = kernel.offsets.route;
  const portalCount = world.portals.length;
  for (let i = 0; ; i++) {
    i = kernel.findByte(slots, i, personCount, false);
    if (i === personCount) break;
    if (views.persons.state[i] !== PersonState.walking) continue;
    const { slot } = routeTableOf(engine, i);
    const rows = views.beliefs.byteOffset + i * portalCount;
    views.u8.fill(slot, slots + i, slots + i + kernel.sameRows(rows, portalCount, personCount - i));
  }
}

/** What the kernel left to do for somebody marked: the way to the node that it chose, or to one chosen here. */
function putOnWay(engine: Engine, person: number, choice: number): void {
  if (choice === CHOICE_ASKED) chooseWay(engine, person);
  else {
    takeNode(routeTableOf(engine, person), choice, way);
    takeWay(engine, person, way.portal >= 0 ? 'goes' : 'stranded');
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
  if (way.portal < 0 && forgetExits(engine, person)) return decideWay(engine, person, reason, kept);
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
  takeWay(engine, person, decideWay(engine, person, rethink[person], portal[person]));
}

/** Puts a person on `way`, or strands them or lets them wait where it has no portal. */
function takeWay(engine: Engine, person: number, told: 'goes' | 'waits' | 'stranded'): void {
  const { world } = engine;
  const { persons } = world.views;
  if (way.portal < 0) {
    persons.rethink[person] = 0;
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
  const { exit } = way;
  const before = persons.exit[person];
  const why = before === -1 ? WHY_START : before < 0 ? WHY_LEARNT : persons.rethink[person];
  persons.rethink[person] = 0;
  persons.exit[person] = exit;
  if (exit < 0 || exit === before) return;
  engine.emit({ t: timeNow(world), type: 'exit-chosen', person, exit: world.exits[exit].id, why: WHY[why] });
}
