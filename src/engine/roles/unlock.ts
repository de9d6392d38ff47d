import { RandomPurpose, randomUnit } from '../../math/index.ts';
import { Belief, drawDistribution } from '../../world/index.ts';
import { setBelief, timeNow } from '../engine.ts';
import { drawIndex } from './draw.ts';
import { canSee } from './find-person.ts';
import {
  canRelease,
  findThing,
  knowsBeyondRelease,
  lockTime,
  noteBeyondRelease,
  releaseLock,
  seesDoor,
  strengthOfLock,
} from './locks.ts';
import { type ActorTurn, actorsOf, beginWork, finish, isAtWork, isWorkOver, type Turn } from './progress.ts';
import { LOCK_REACH, nearestSide, placeBeforeDoor, stand, walkTo } from './walk-to.ts';

/** Whether an actor takes a door for locked: what they see where they see it, else what they believe, or that they were sent to it. */
function takesForLocked({ engine, actor, person, action }: Turn<'unlock'>, door: number): boolean {
  const { world } = engine;
  const { tried } = world.views.groups;
  const at = actor * world.doors.length + door;
  if (seesDoor(world, person, door)) {
    const isLocked = world.views.doors.state[door] >= 2;
    if (!isLocked) tried!.door[at] = 1;
    else if (tried!.door[at] === 1) tried!.door[at] = 0;
    return isLocked;
  }
  if (action.doors !== 'all') return tried!.door[at] !== 1;
  return world.views.beliefs[person * world.portals.length + world.doors[door].portal] === Belief.locked;
}

/**
 * Releases locks one after the other: to the next door, work at it, on. Doors that somebody in sight has claimed are left to them. What is
 * aimed at is 2 × door + the side on which one stands.
 */
export function actUnlock(turn: Turn<'unlock'>): void {
  const { engine, cast, actor, person, action } = turn;
  const { world } = engine;
  const { doors, clock, groups } = world.views;
  const actors = actorsOf(world);
  const { claimedBy } = groups.locks!;
  if (isAtWork(turn)) return;
  if (isWorkOver(turn)) {
    const door = actors.aim[actor] >> 1;
    if (doors.state[door] >= 2 && (action.by === 'key' || breaks(turn, door))) {
      releaseLock(engine, actor, person, door, action.by, actors.busyFor[actor]);
    }
    claimedBy[door] = 0;
    actors.aim[actor] = -1;
  }
  const aimed = actors.aim[actor] >> 1;
  if (aimed >= 0 && !takesForLocked(turn, aimed)) {
    setBelief(engine, person, world.doors[aimed].portal, Belief.open);
    claimedBy[aimed] = 0;
    actors.aim[actor] = -1;
  }
  if (actors.aim[actor] < 0) {
    const next = chooseDoor(turn);
    if (next === 'none' || next === 'beyond') {
      finish(turn, next === 'none' ? 'done' : 'failed');
      return;
    }
    if (next === 'others') {
      stand(cast, actor);
      return;
    }
    actors.aim[actor] = next;
    claimedBy[next >> 1] = person + 1;
    if (actors.releases[actor] === 0 && actors.lastTick[actor] === 0) actors.lastTick[actor] = clock.tick[0];
    world.views.persons.rethink[person] = 1;
  }
  const door = actors.aim[actor] >> 1;
  const walk = walkTo(engine, cast, actor, placeBeforeDoor(world, door, actors.aim[actor] & 1), LOCK_REACH);
  if (walk === 'no-way') {
    noteBeyondRelease(world, actor, door);
    claimedBy[door] = 0;
    actors.aim[actor] = -1;
  } else if (walk === 'there') beginWork(turn, lockTime(engine, door, action.by));
}

/** One attempt to break a lock, just over. */
function breaks({ engine, cast, actor, person }: ActorTurn, door: number): boolean {
  const { world } = engine;
  const { strength } = cast.roles[cast.roleOf[actor]].role;
  const needed = strengthOfLock(world, door);
  const success = strength >= needed;
  engine.emit({
    t: timeNow(world),
    type: 'force-attempt',
    door: world.doors[door].id,
    person,
    success,
    strength,
    needed,
  });
  if (!success) {
    noteBeyondRelease(world, actor, door);
    setBelief(engine, person, world.doors[door].portal, Belief.locked);
    world.views.persons.rethink[person] = 2;
  }
  return success;
}

/**
 * The next door, as 2 × door + side: `none` where nothing is locked any more, `others` where all that is left is claimed by others,
 * `beyond` where the actor cannot release what is left.
 */
function chooseDoor(turn: Turn<'unlock'>): number | 'none' | 'others' | 'beyond' {
  const { engine, cast, actor, person, action } = turn;
  const { world } = engine;
  const { claimedBy } = world.views.groups.locks!;
  const list =
    action.doors === 'all' ? world.doors.map(({ index }) => index) : action.doors.map((id) => cast.doorOf.get(id)!);
  const left = list.filter((door) => takesForLocked(turn, door));
  if (left.length === 0) return 'none';
  const open = left.filter((door) => canRelease(world, cast, actor, door, action.by));
  // who is out of sight is not reckoned with
  const isLeft = (other: number) => other < 0 || other === person || !canSee(world, cast, person, other);
  const free = open.filter((door) => isLeft(claimedBy[door] - 1));
  if (free.length === 0) return open.length > 0 ? 'others' : 'beyond';
  const { area } = world.views.persons;
  const near = free.filter((door) => world.portals[world.doors[door].portal].areas.includes(area[person]));
  let best = -1;
  let least = Infinity;
  for (const group of action.order === 'given' ? free.map((door) => [door]) : [near, free]) {
    for (const door of group) {
      const { side, effort } = nearestSide(engine, cast, actor, door);
      if (!(effort < least)) continue;
      best = 2 * door + side;
      least = effort;
    }
    if (best >= 0) return best;
  }
  return free.some((door) => !knowsBeyondRelease(world, actor, door)) ? 'beyond' : 'none';
}

/** Works a console: all its doors are released at once, but those whose release fails. */
export function actOperate(turn: Turn<'operate'>): void {
  const { engine, cast, actor, person, action } = turn;
  const { world } = engine;
  const { scenario } = world;
  const index = scenario.consoles!.findIndex(({ id }) => id === action.console);
  const console = scenario.consoles![index];
  if (isAtWork(turn)) return;
  if (isWorkOver(turn)) {
    let released = 0;
    let failed = 0;
    const ticks = actorsOf(world).busyFor[actor];
    for (const id of console.doors) {
      const door = cast.doorOf.get(id)!;
      if (world.views.doors.state[door] < 2) continue;
      const unit = randomUnit(engine.seed, RandomPurpose.gang, door, world.views.groups.locks!.releases[door]);
      if (unit < console.failure) failed++;
      else {
        released++;
        releaseLock(engine, actor, person, door, 'console', ticks);
      }
    }
    engine.emit({ t: timeNow(world), type: 'console-operated', console: console.id, person, released, failed });
    finish(turn, 'done');
    return;
  }
  if (console.key !== undefined && findThing(world, person, console.key) < 0) {
    finish(turn, 'failed');
    return;
  }
  const walk = walkTo(engine, cast, actor, cast.consoles[index], 0.6);
  if (walk === 'no-way') finish(turn, 'failed');
  else if (walk === 'there') {
    const time = drawDistribution(console.time, engine.seed, RandomPurpose.gang, drawIndex(index, 1_000_003));
    beginWork(turn, Math.max(0.1, time));
  }
}
