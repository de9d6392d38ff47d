import { Belief, findWayTo, type Goal, hasStraightWay, type World } from '../../world/index.ts';
import type { Engine } from '../engine.ts';
import { dropTime, takeDrop } from '../take-drop.ts';
import { type Cast, Movement } from './cast.ts';
import { ticksOf } from './draw.ts';
import { canPassLock, knowsBeyondRelease, lockTime, releaseLock } from './locks.ts';

/** An actor looks for the way anew this often, staggered by person [decision intervals]. */
const LOOK_EVERY = 10;
/** Effort of releasing a lock on the way, of climbing a railing and letting go: what one walks in that time [m]. */
const RELEASE_EFFORT = 8;
const DROP_EFFORT = 5;

/** What passing a portal costs an actor [m]: nothing, the release of a lock, a drop; Infinity where they cannot or believe they cannot. */
function costOfPortal(engine: Engine, cast: Cast, actor: number, drops: number, portal: number): number {
  const { world } = engine;
  const { beliefs } = world.views;
  const { door, link, exit } = world.portals[portal];
  if (exit >= 0) return Infinity;
  if (link >= 0 && world.links[link].kind === 'drop') {
    const { upper, rise } = world.links[link];
    return portal === upper ? (rise <= drops ? DROP_EFFORT : Infinity) : 0;
  }
  if (beliefs[cast.persons[actor] * world.portals.length + portal] !== Belief.locked) return 0;
  if (door < 0 || knowsBeyondRelease(world, actor, door)) return Infinity;
  return canPassLock(world, cast, actor, door) ? RELEASE_EFFORT : Infinity;
}

/** Effort of the way of an actor to a goal [m on the level]; Infinity where they know of none. */
export function effortTo(engine: Engine, cast: Cast, actor: number, goal: Goal, drops = 0): number {
  const { world } = engine;
  const { area, x, y } = world.views.persons;
  const person = cast.persons[actor];
  const way = findWayTo(world, area[person], x[person], y[person], goal, (portal) =>
    costOfPortal(engine, cast, actor, drops, portal),
  );
  return way?.effort ?? Infinity;
}

/** What came of walking in this interval. */
export type Walk = 'there' | 'going' | 'no-way';

/**
 * Lets an actor walk to a goal until it is within `within` metres and in sight. The way is looked for when the actor has come into another area,
 * has learnt something, and once a second; in between the next portal is kept in the state.
 */
export function walkTo(engine: Engine, cast: Cast, actor: number, goal: Goal, within: number, drops = 0): Walk {
  const { world } = engine;
  const person = cast.persons[actor];
  const { persons, clock } = world.views;
  const area = persons.area[person];
  if (area === goal.area || world.areas[area].sheet === world.areas[goal.area].sheet) {
    const dx = goal.x - persons.x[person];
    const dy = goal.y - persons.y[person];
    const isNear = dx * dx + dy * dy <= within * within;
    const { sheet } = world.areas[goal.area];
    if (isNear && hasStraightWay(world, sheet, persons.x[person], persons.y[person], goal.x, goal.y)) {
      stand(cast, actor);
      return 'there';
    }
  }
  let portal = persons.portal[person];
  const isStale =
    persons.rethink[person] !== 0 ||
    (clock.tick[0] + person) % LOOK_EVERY === 0 ||
    (portal < 0 ? area !== goal.area : !world.portals[portal].areas.includes(area));
  if (isStale) {
    const way = findWayTo(world, area, persons.x[person], persons.y[person], goal, (one) =>
      costOfPortal(engine, cast, actor, drops, one),
    );
    // looking may have built a field, which may have renewed the views
    const after = world.views.persons;
    after.rethink[person] = 0;
    if (way === undefined) {
      stand(cast, actor);
      return 'no-way';
    }
    portal = way.portal;
    if (portal !== after.portal[person]) {
      after.bestPotential[person] = Number.POSITIVE_INFINITY;
      after.tryTime[person] = 0;
    }
    after.portal[person] = portal;
    after.restWay[person] = Number.isFinite(way.rest) ? way.rest : 0;
    after.exit[person] = -1;
  }
  if (portal >= 0) {
    cast.movement[actor] = Movement.portal;
    unlockOnWay(engine, cast, actor, portal);
    dropOnWay(engine, cast, actor, portal);
    return 'going';
  }
  cast.movement[actor] = Movement.place;
  cast.toX[actor] = goal.x;
  cast.toY[actor] = goal.y;
  cast.stopAt[actor] = Math.max(0, within - 0.1);
  return 'going';
}

/** Somebody this near to the place before a door can work its lock [m]. */
export const LOCK_REACH = 0.5;

/** A locked door on the way, that the actor can release, is released before it is passed. */
function unlockOnWay(engine: Engine, cast: Cast, actor: number, portal: number): void {
  const { world } = engine;
  const { persons, doors, clock, groups } = world.views;
  const { busyUntil, busyFor } = groups.actors!;
  const { door, areas } = world.portals[portal];
  if (door < 0 || doors.state[door] < 2 || !canPassLock(world, cast, actor, door)) return;
  const person = cast.persons[actor];
  const before = placeBeforeDoor(world, door, areas[0] === persons.area[person] ? 0 : 1);
  const dx = before.x - persons.x[person];
  const dy = before.y - persons.y[person];
  if (dx * dx + dy * dy > LOCK_REACH * LOCK_REACH) return;
  stand(cast, actor);
  persons.tryTime[person] = 0;
  if (busyUntil[actor] === 0) {
    busyFor[actor] = ticksOf(lockTime(engine, door, 'key'));
    busyUntil[actor] = clock.tick[0] + busyFor[actor];
  }
  if (clock.tick[0] < busyUntil[actor]) return;
  busyUntil[actor] = 0;
  releaseLock(engine, actor, person, door, 'key', busyFor[actor]);
}

/** Somebody this near to the edge of a drop can climb over its railing or let go [m]. */
const EDGE_REACH = 0.6;

/** At the edge of a drop on the way: over the railing, down. */
function dropOnWay(engine: Engine, cast: Cast, actor: number, portal: number): void {
  const { world } = engine;
  const { link, line, width } = world.portals[portal];
  if (link < 0 || world.links[link].kind !== 'drop' || portal !== world.links[link].upper) return;
  const person = cast.persons[actor];
  const { x, y } = world.views.persons;
  const [a, b] = line;
  const ux = (b[0] - a[0]) / width;
  const uy = (b[1] - a[1]) / width;
  const away = Math.abs(ux * (y[person] - a[1]) - uy * (x[person] - a[0]));
  const along = ux * (x[person] - a[0]) + uy * (y[person] - a[1]);
  if (away > EDGE_REACH || along < 0 || along > width) return;
  const { clock, groups } = world.views;
  const { busyUntil, busyFor } = groups.actors!;
  stand(cast, actor);
  if (busyUntil[actor] === 0) {
    busyFor[actor] = ticksOf(dropTime(engine, person, link));
    busyUntil[actor] = clock.tick[0] + busyFor[actor];
  }
  if (clock.tick[0] < busyUntil[actor]) return;
  busyUntil[actor] = 0;
  takeDrop(engine, person, link, false);
}

/** Lets an actor stand. */
export function stand(cast: Cast, actor: number): void {
  cast.movement[actor] = Movement.stand;
}

/** Where a person is, as a goal. */
export function placeOf(world: World, person: number): Goal {
  const { area, x, y } = world.views.persons;
  return { area: area[person], x: x[person], y: y[person] };
}

/** How far in front of a door somebody stands who works its lock [m]. */
const BEFORE_DOOR = 0.45;

/** The place before a door on one of its sides. */
export function placeBeforeDoor(world: World, door: number, side: number): Goal {
  const { line, areas, width } = world.portals[world.doors[door].portal];
  const [a, b] = line;
  const turn = side === 0 ? 1 : -1;
  return {
    area: areas[side],
    x: (a[0] + b[0]) / 2 - (turn * BEFORE_DOOR * (b[1] - a[1])) / width,
    y: (a[1] + b[1]) / 2 + (turn * BEFORE_DOOR * (b[0] - a[0])) / width,
  };
}

/**
 * The side of a door that an actor comes to first, and the effort of the way to it [m]; Infinity where there is none. In the actor's own
 * area no way is looked for.
 */
export function nearestSide(
  engine: Engine,
  cast: Cast,
  actor: number,
  door: number,
): { readonly side: number; readonly effort: number } {
  const { world } = engine;
  const { areas } = world.portals[world.doors[door].portal];
  const area = world.views.persons.area[cast.persons[actor]];
  const own = areas[0] === area ? 0 : areas[1] === area ? 1 : -1;
  if (own >= 0) return { side: own, effort: effortTo(engine, cast, actor, placeBeforeDoor(world, door, own)) };
  let best = { side: 0, effort: Infinity };
  for (const side of [0, 1]) {
    if (areas[side] < 0 || world.areas[areas[side]].kind === 'outside') continue;
    const effort = effortTo(engine, cast, actor, placeBeforeDoor(world, door, side));
    if (effort < best.effort) best = { side, effort };
  }
  return best;
}
