import { distanceToSegment, polygonContains } from '../../math/index.ts';
import { PersonHarm, PersonState, type Portal } from '../../world/index.ts';
import { DECISIONS_PER_SECOND, type Engine } from '../engine.ts';
import { countUnasked, spendCredit } from './spend-credit.ts';

/** Nearer than this to the line of a throttled exit one is considered for passing, and farther than that one does not wait [m]. */
const REACH = 1.5;
/** Who may not pass yet stops with the body this far from the line [m]; our choice. */
const GAP = 0.2;
/** Deceleration to it [m/s²]; as to a stair. */
const COMFORT = 1;
/** Who is blocked on the way to such an exit within this does not press: they see that people wait there [m]. */
const POLITE_REACH = 10;

/**
 * Exits that let out only so many a second: who came before one first passes first, by (tick, person); the others wait before the line, or in the
 * region. O(persons × throttled exits).
 */
export function holdAtExits(engine: Engine): void {
  const { world } = engine;
  const { throttles, waits } = world.views.groups;
  if (throttles === undefined || waits === undefined) return;
  const { persons, clock } = world.views;
  const tick = clock.tick[0];
  const waiting: number[][] = world.exits.map(() => []);
  for (let i = 0; i < world.personCount; i++) {
    const portal = persons.portal[i];
    const isOn = persons.state[i] === PersonState.walking && persons.harm[i] < PersonHarm.unconscious && portal >= 0;
    const exit = isOn ? world.portals[portal].exit : -1;
    if (exit < 0 || world.scenario.exits[exit].throughput === undefined) {
      waits.since[i] = 0;
      waits.pass[i] = 0;
      continue;
    }
    if (persons.potential[i] < POLITE_REACH) {
      persons.blockedTime[i] = 0;
      persons.pushNow[i] = 0;
    }
    const away = distanceToExit(world.portals[portal], persons.x[i], persons.y[i]);
    if (away > REACH) {
      waits.since[i] = 0;
      if (waits.pass[i] !== exit + 1) waits.pass[i] = 0;
      continue;
    }
    if (waits.since[i] === 0) waits.since[i] = tick + 1;
    if (waits.pass[i] === exit + 1) continue;
    waiting[exit].push(i);
  }
  waiting.forEach((queue, exit) => {
    if (queue.length === 0) return;
    queue.sort((i, j) => waits.since[i] - waits.since[j] || i - j);
    const perTick = world.scenario.exits[exit].throughput! / DECISIONS_PER_SECOND;
    let passed = 0;
    while (passed < queue.length && isAtLine(engine, queue[passed]) && spendCredit(throttles, exit, tick, perTick)) {
      waits.pass[queue[passed]] = exit + 1;
      passed++;
    }
    for (const i of queue.slice(passed)) {
      const portal = world.portals[persons.portal[i]];
      const left =
        distanceToExit(portal, persons.x[i], persons.y[i]) -
        (portal.region === undefined ? persons.radius[i] + GAP : 0);
      persons.wishSpeed[i] = left <= 0 ? 0 : Math.min(persons.wishSpeed[i], Math.sqrt(2 * COMFORT * left));
      persons.waitedTime[i] = 0;
    }
  });
}

/** Whether somebody who is considered may really pass: in a region exit only from inside. */
function isAtLine({ world }: Engine, person: number): boolean {
  const { persons } = world.views;
  const { region } = world.portals[persons.portal[person]];
  return region === undefined || polygonContains([region], persons.x[person], persons.y[person]);
}

/** Distance to the line of an exit, or to its region, 0 inside [m]. */
function distanceToExit({ line, region }: Portal, x: number, y: number): number {
  if (region === undefined) return distanceToSegment(x, y, ...line[0], ...line[1]);
  if (polygonContains([region], x, y)) return 0;
  let least = Infinity;
  for (let k = 0; k < region.length; k++) {
    least = Math.min(least, distanceToSegment(x, y, ...region[k], ...region[(k + 1) % region.length]));
  }
  return least;
}

/** Whether an exit lets this person out now, or does not count people. */
export function mayLeaveBy({ world }: Engine, person: number, exit: number): boolean {
  if (world.scenario.exits[exit].throughput === undefined) return true;
  return world.views.groups.waits!.pass[person] === exit + 1;
}

/** Counts somebody who got out; who was shoved through unasked makes those behind wait longer. */
export function countOut({ world }: Engine, person: number, exit: number): void {
  const { clock, groups } = world.views;
  const { throttles, waits } = groups;
  const { throughput } = world.scenario.exits[exit];
  if (throughput === undefined || throttles === undefined || waits === undefined) return;
  if (waits.pass[person] === exit + 1) waits.pass[person] = 0;
  else countUnasked(throttles, exit, clock.tick[0], throughput / DECISIONS_PER_SECOND);
}
