import { RandomPurpose } from '../../math/index.ts';
import { Belief, drawDistribution, type World } from '../../world/index.ts';
import { moveBond, personsWithBond } from '../bonds.ts';
import { DECISIONS_PER_SECOND, type Engine, setBelief, timeNow } from '../engine.ts';
import { setDoor } from '../set-door.ts';
import type { Cast } from './cast.ts';
import { drawIndex } from './draw.ts';

/** Whether a door is locked is seen by those who are as near as this in one of its rooms [m]; our choice, as for doors that open. */
const SEEN_WITHIN = 10;

/** Index of an object that a person has, by its name or kind, or −1. */
export function findThing(world: World, person: number, name: string): number {
  const { objects } = world.views.groups;
  if (objects === undefined) return -1;
  return (world.scenario.objects ?? []).findIndex(
    ({ id, kind }, k) => (id === name || kind === name) && objects.holder[k] === person + 1,
  );
}

/** Force that a lock bears [N]. */
export function strengthOfLock(world: World, door: number): number {
  return world.views.doors.strength[door];
}

/** Whether an actor has what it takes to release a door: its key, or strength; and does not know better. */
export function canRelease(world: World, cast: Cast, actor: number, door: number, by: 'key' | 'force'): boolean {
  if (knowsBeyondRelease(world, actor, door)) return false;
  if (by === 'force') return true;
  const key = world.scenario.doors[door].lock?.key;
  return key === undefined || findThing(world, cast.persons[actor], key) >= 0;
}

/** Whether an actor releases a locked door that is in their way: they have its key, or it needs none and they know the doors. */
export function canPassLock(world: World, cast: Cast, actor: number, door: number): boolean {
  const key = world.scenario.doors[door].lock?.key;
  return key === undefined
    ? cast.roles[cast.roleOf[actor]].role.knows === 'doors'
    : findThing(world, cast.persons[actor], key) >= 0;
}

/** Whether an actor has found out that a lock is stronger than they are. */
export function knowsBeyondRelease(world: World, actor: number, door: number): boolean {
  return world.views.groups.tried!.door[actor * world.doors.length + door] === 2;
}

/** Notes that an actor has found a lock too strong. */
export function noteBeyondRelease(world: World, actor: number, door: number): void {
  world.views.groups.tried!.door[actor * world.doors.length + door] = 2;
}

/** Whether a person sees in which state a door is: in one of its rooms, within 10 m. */
export function seesDoor(world: World, person: number, door: number): boolean {
  const { area, x, y } = world.views.persons;
  const { areas, line } = world.portals[world.doors[door].portal];
  if (areas[0] !== area[person] && areas[1] !== area[person]) return false;
  const dx = (line[0][0] + line[1][0]) / 2 - x[person];
  const dy = (line[0][1] + line[1][1]) / 2 - y[person];
  return dx * dx + dy * dy <= SEEN_WITHIN * SEEN_WITHIN;
}

/** Time that the next release of a door takes [s]: drawn for the lock, so that it is the same whoever does it and in which order. */
export function lockTime(engine: Engine, door: number, how: 'key' | 'force'): number {
  const { world, seed } = engine;
  const { lock, releaseTime } = world.scenario.doors[door];
  const time = lock === undefined ? releaseTime : how === 'key' ? lock.byKey : lock.byForce;
  const index = drawIndex(2 * door + (how === 'key' ? 0 : 1), world.views.groups.locks!.releases[door]);
  return Math.max(0, drawDistribution(time, seed, RandomPurpose.lockTime, index));
}

/** A lock is released and the door swung open; those near see it. `ticks`: how long it took. */
export function releaseLock(
  engine: Engine,
  actor: number,
  person: number,
  door: number,
  how: 'key' | 'force' | 'console',
  ticks: number,
): void {
  const { world } = engine;
  const { clock, groups } = world.views;
  const { locks, actors } = groups;
  locks!.releases[door]++;
  locks!.claimedBy[door] = 0;
  actors!.releases[actor]++;
  actors!.lastTick[actor] = clock.tick[0];
  clock.lastProgressTick[0] = clock.tick[0];
  const seconds = ticks / DECISIONS_PER_SECOND;
  engine.emit({ t: timeNow(world), type: 'lock-released', door: world.doors[door].id, person, how, seconds });
  thankFor(engine, person, door);
  setDoor(engine, door, 'open', 'door-opened', 'person', person);
  setBelief(engine, person, world.doors[door].portal, Belief.open);
}

/** Who was shut in behind a door thinks better of whoever released it. */
function thankFor(engine: Engine, person: number, door: number): void {
  const { world } = engine;
  const { area } = world.views.persons;
  const { areas } = world.portals[world.doors[door].portal];
  for (const other of personsWithBond(world, person)) {
    if (area[other] !== area[person] && areas.includes(area[other])) moveBond(engine, other, person, 'released');
  }
}

/** Takes back what an actor has claimed. */
export function dropClaims(world: World, person: number): void {
  const { claimedBy } = world.views.groups.locks!;
  for (let door = 0; door < claimedBy.length; door++) if (claimedBy[door] === person + 1) claimedBy[door] = 0;
}
