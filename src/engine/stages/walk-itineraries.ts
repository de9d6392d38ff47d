import { RandomPurpose, randomUnit } from '../../math/index.ts';
import { type Goal, hasStraightWay, PersonHarm, PersonState, StagePhase, type World } from '../../world/index.ts';
import type { Way } from '../choose-ways.ts';
import { type Engine, timeNow } from '../engine.ts';
import { RETHINK } from '../set-door.ts';
import { leaveBy } from './end-itinerary.ts';
import { isInPatch, serveWaypoints } from './serve-waypoints.ts';
import { listMembers, type StageTables } from './stage-tables.ts';
import { findWayToWaypoint } from './way-to-waypoint.ts';

/** Somebody on the way looks for a better one this often, staggered by person [decision intervals]. */
const LOOK_EVERY = 20;
/** Who is this near to the place in line that is free next joins it [m]; who comes when all are taken joins behind, farther off by this much a person. */
const JOIN_REACH = 1.5;
const JOIN_PITCH = 0.7;
const JOIN_MOST = 15;

/**
 * Everybody with an itinerary: who begins with it, who is diverted or alerted and drops it, who comes to a waypoint, who is served and let go; in order
 * of person, so that of two who come at the same time the lower number is first. O(persons).
 */
export function walkItineraries(engine: Engine): void {
  const { world, stages: tables } = engine;
  if (tables === undefined) return;
  divert(engine);
  listMembers(world, tables);
  const now = timeNow(world);
  for (let i = 0; i < world.personCount; i++) {
    // finding a way may build a field, which may renew the views
    const { persons, groups } = world.views;
    const columns = groups.stages!;
    if (columns.phase[i] === StagePhase.none) continue;
    const state = persons.state[i];
    if (state === PersonState.out && groups.arrivals !== undefined && groups.arrivals.due[i] >= 0) continue;
    if (state === PersonState.out || state === PersonState.leaving || persons.harm[i] >= PersonHarm.unconscious) {
      columns.phase[i] = StagePhase.none;
      const isOut = state === PersonState.out || state === PersonState.leaving;
      if (isOut) engine.emit({ t: now, type: 'itinerary-left', person: i, why: 'swept-out' });
      continue;
    }
    if (columns.calm[i] === 1) {
      if (persons.startTime[i] <= now + 1e-9) {
        columns.calm[i] = 0;
        persons.state[i] = PersonState.walking;
        engine.emit({ t: now, type: 'person-started', person: i });
        engine.emit({ t: now, type: 'itinerary-left', person: i, why: 'alerted' });
        leaveBy(engine, i, -1);
        continue;
      }
      if (state === PersonState.waiting) persons.state[i] = PersonState.walking;
    } else if (state === PersonState.waiting) continue;
    if (state === PersonState.stranded) persons.state[i] = PersonState.walking;
    if (columns.phase[i] !== StagePhase.heading) continue;
    if (columns.at[i] < 0) advance(engine, i);
    head(engine, tables, i);
  }
  serveWaypoints(engine, tables);
  for (const i of tables.released) head(engine, tables, i);
  tables.released.length = 0;
}

/** Who enters a diversion for the first time is asked, and changes to another itinerary by its chance. */
function divert(engine: Engine): void {
  const { world, seed } = engine;
  const { asked } = world.views.groups;
  const { diversions = [] } = world.scenario;
  if (asked === undefined || world.stages === undefined) return;
  const { persons, groups } = world.views;
  const columns = groups.stages!;
  diversions.forEach(({ id, chance, to }, d) => {
    const patch = world.stages!.diversions[d];
    for (let i = 0; i < world.personCount; i++) {
      const cell = i * diversions.length + d;
      if (asked.asked[cell] !== 0 || persons.state[i] !== PersonState.walking) continue;
      if (!isInPatch(world, patch, i)) continue;
      asked.asked[cell] = 1;
      if (randomUnit(seed, RandomPurpose.diversion, i, 2 * d) >= chance) continue;
      const sum = to.reduce((all, { share }) => all + share, 0);
      let left = sum * randomUnit(seed, RandomPurpose.diversion, i, 2 * d + 1);
      let k = 0;
      while (k < to.length - 1 && left >= to[k].share) left -= to[k++].share;
      const { itinerary } = to[k];
      const index = world.scenario.itineraries!.findIndex((one) => one.id === itinerary);
      columns.phase[i] = StagePhase.heading;
      columns.at[i] = -1;
      columns.spot[i] = -1;
      columns.exits[i] = 0;
      columns.next[i] = world.stages!.starts[index];
      engine.routeOf[i] = undefined;
      engine.emit({ t: timeNow(world), type: 'person-diverted', person: i, diversion: id, itinerary });
    }
  });
}

/** On to the next waypoint, drawn by shares where there is a choice; or to the end of the itinerary. */
export function advance(engine: Engine, person: number): void {
  const { world, seed } = engine;
  const columns = world.views.groups.stages!;
  const { nodes } = world.stages!;
  for (;;) {
    const node = nodes[columns.next[person]];
    if (node.end !== undefined) {
      if (node.end.stays) {
        columns.phase[person] = StagePhase.staying;
        world.views.persons.portal[person] = -1;
        return;
      }
      engine.emit({ t: timeNow(world), type: 'itinerary-done', person });
      leaveBy(engine, person, node.end.exits);
      return;
    }
    let k = 0;
    if (node.shares.length > 1) {
      const u = randomUnit(seed, RandomPurpose.branch, person, columns.draws[person]++);
      while (u >= node.shares[k]) k++;
    }
    columns.next[person] = node.next[k];
    if (node.waypoints[k] < 0) continue;
    const { persons } = world.views;
    columns.at[person] = node.waypoints[k];
    columns.phase[person] = StagePhase.heading;
    columns.spot[person] = -1;
    persons.portal[person] = -1;
    persons.exit[person] = -1;
    persons.waitedTime[person] = 0;
    persons.bestPotential[person] = Number.POSITIVE_INFINITY;
    persons.rethink[person] = RETHINK.newArea;
    return;
  }
}

/** The place in line that somebody who comes now would take. */
export function nextPlace(world: World, tables: StageTables, waypoint: number): Goal | undefined {
  const { places } = world.stages!.waypoints[waypoint];
  return places[Math.min(tables.inLine[waypoint], places.length - 1)];
}

const way: Way = { portal: -1, exit: -1, rest: 0 };

/** On the way to a waypoint: there, or by which portal. Who knows no way leaves it out. */
function head(engine: Engine, tables: StageTables, person: number): void {
  const { world } = engine;
  const { waypoints } = world.stages!;
  // each waypoint left out leads on in the itinerary, which has no circle without a waypoint; those that can be reached end the loop
  for (let skipped = 0; skipped <= waypoints.length; skipped++) {
    const { persons, groups, clock } = world.views;
    const columns = groups.stages!;
    if (columns.phase[person] !== StagePhase.heading) return;
    const waypoint = columns.at[person];
    if (isThere(world, tables, person, waypoint)) {
      columns.phase[person] = StagePhase.line;
      columns.ticket[person] = groups.waypoints!.tickets[waypoint]++;
      tables.rank[person] = tables.inLine[waypoint]++;
      persons.portal[person] = -1;
      persons.waitedTime[person] = 0;
      persons.rethink[person] = 0;
      engine.emit({ t: timeNow(world), type: 'waypoint-reached', person, waypoint: waypoints[waypoint].id });
      return;
    }
    const { area } = persons;
    const aimed = nextPlace(world, tables, waypoint);
    if (aimed !== undefined && aimed.area === area[person]) {
      persons.portal[person] = -1;
      persons.rethink[person] = 0;
      return;
    }
    const portal = persons.portal[person];
    const isStale =
      persons.rethink[person] !== 0 ||
      (clock.tick[0] + person) % LOOK_EVERY === 0 ||
      (portal >= 0 && !world.portals[portal].areas.includes(area[person]));
    if (!isStale) return;
    if (findWayToWaypoint(engine, tables, person, waypoint, way)) {
      const after = world.views.persons;
      after.rethink[person] = 0;
      after.exit[person] = -1;
      if (way.portal !== after.portal[person]) {
        after.bestPotential[person] = Number.POSITIVE_INFINITY;
        after.waitedTime[person] = 0;
        after.tryTime[person] = 0;
      }
      after.portal[person] = way.portal;
      after.restWay[person] = Number.isFinite(way.rest) ? way.rest : 0;
      return;
    }
    engine.emit({
      t: timeNow(world),
      type: 'waypoint-skipped',
      person,
      waypoint: waypoints[waypoint].id,
      reason: 'no-known-way',
    });
    advance(engine, person);
  }
}

/** Whether somebody has come to a waypoint: into its region, or up to the end of its line. */
function isThere(world: World, tables: StageTables, person: number, index: number): boolean {
  const waypoint = world.stages!.waypoints[index];
  const { x, y, sheet, area } = world.views.persons;
  if (sheet[person] !== waypoint.sheet) return false;
  if (waypoint.places.length === 0) return isInPatch(world, waypoint, person);
  const free = Math.min(tables.inLine[index], waypoint.places.length - 1);
  const beyond = tables.inLine[index] - free;
  const reach = Math.min(JOIN_MOST, JOIN_REACH + JOIN_PITCH * beyond);
  // from another area one comes by the last place, and goes up the line from there
  const last = waypoint.places[waypoint.places.length - 1];
  const place = waypoint.places[free].area === area[person] ? waypoint.places[free] : last;
  if (place.area !== area[person]) return false;
  const dx = place.x - x[person];
  const dy = place.y - y[person];
  if (dx * dx + dy * dy > reach * reach) return false;
  return hasStraightWay(world, waypoint.sheet, x[person], y[person], place.x, place.y);
}
