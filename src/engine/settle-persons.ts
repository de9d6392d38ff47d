import { normalQuantile, polygonContains, RandomPurpose, randomUnit } from '../math/index.ts';
import { Belief, PersonHarm, PersonState, type Portal } from '../world/index.ts';
import { findBestWay, type Way } from './choose-ways.ts';
import { nextDose } from './dose.ts';
import { DECISION_INTERVAL, type Engine, setBelief, timeNow } from './engine.ts';
import { FRACTURE_LOAD, REGION_REACH } from './kernel/kernel.ts';
import { isLed } from './roles/act-roles.ts';
import { isSearchGoal } from './search-way.ts';
import { RETHINK } from './set-door.ts';
import { countOut, mayLeaveBy } from './stages/hold-at-exits.ts';
import { tellHarm } from './tell-harm.ts';

/** A person past the exit line stays a body until this far beyond it [m], or for this long [s]. */
const LEAVING_DISTANCE = 0.8;
const LEAVING_TIME = 5;

/** Portals crossed in this interval: who is where, who is out. */
export function settleCrossings(engine: Engine): void {
  const { world, scratch } = engine;
  const { persons } = world.views;
  for (let k = 0; k < scratch.watchedCount; k++) {
    const i = scratch.watched[k];
    const state = persons.state[i];
    if (state === PersonState.out) continue;
    if (persons.crossedA[i] !== 0) {
      for (const mark of [persons.crossedA[i], persons.crossedB[i]]) {
        if (mark === 0) continue;
        const portal = world.portals[Math.abs(mark) - 1];
        const direction = mark > 0 ? 1 : -1;
        engine.emit({
          t: crossingTime(engine, i, portal),
          type: 'portal-crossed',
          person: i,
          portal: portal.id,
          direction,
        });
      }
      persons.crossedA[i] = 0;
      persons.crossedB[i] = 0;
      if (persons.rethink[i] === 0) persons.rethink[i] = RETHINK.newArea;
    }
    if (state === PersonState.leaving) {
      persons.waitedTime[i] += DECISION_INTERVAL;
      const back = world.areas[persons.area[i]].kind !== 'outside';
      if (back || persons.potential[i] < -LEAVING_DISTANCE || persons.waitedTime[i] > LEAVING_TIME) {
        persons.state[i] = PersonState.out;
      }
      continue;
    }
    if (world.areas[persons.area[i]].kind === 'outside')
      leave(engine, i, exitOfArea(engine, persons.area[i]), PersonState.leaving);
    else if (state === PersonState.walking && persons.potential[i] < REGION_REACH) {
      const exit = regionExitAt(engine, i);
      if (exit >= 0 && mayLeaveBy(engine, i, world.portals[exit].exit)) leave(engine, i, exit, PersonState.out);
    }
  }
}

/** When the line was crossed within the last interval, by how far beyond it the person is at what speed [s]. */
function crossingTime({ world }: Engine, person: number, portal: Portal): number {
  const { persons } = world.views;
  const [a, b] = portal.line;
  const ux = (b[0] - a[0]) / portal.width;
  const uy = (b[1] - a[1]) / portal.width;
  const past = Math.abs(ux * (persons.y[person] - a[1]) - uy * (persons.x[person] - a[0]));
  const speed = Math.abs(ux * persons.vy[person] - uy * persons.vx[person]);
  const ago = speed > 0 ? Math.min(DECISION_INTERVAL, past / speed) : 0;
  return round(timeNow(world) - ago);
}

function leave(engine: Engine, person: number, portal: number, state: number): void {
  const { world } = engine;
  const { persons, clock } = world.views;
  const { exit } = world.portals[portal];
  countOut(engine, person, exit);
  persons.state[person] = state;
  persons.portal[person] = portal;
  persons.exit[person] = exit;
  persons.waitedTime[person] = 0;
  clock.outCount[0]++;
  clock.lastProgressTick[0] = clock.tick[0];
  const crossed = world.portals[portal];
  const t = crossed.region === undefined ? crossingTime(engine, person, crossed) : timeNow(world);
  engine.emit({ t, type: 'person-out', person, exit: world.exits[exit].id });
}

function exitOfArea(engine: Engine, area: number): number {
  return engine.world.areas[area].portals[0];
}

function regionExitAt(engine: Engine, person: number): number {
  const { world } = engine;
  const { persons } = world.views;
  const portal = world.portals[persons.portal[person]];
  if (portal?.region === undefined) return -1;
  return polygonContains([portal.region], persons.x[person], persons.y[person]) ? portal.index : -1;
}

/** Dose of the chest load and what it does; ribs broken by a load beyond what this person stands. */
export function settleHarm(engine: Engine): void {
  const { world, scratch, seed, dose: law } = engine;
  const { persons } = world.views;
  for (let k = 0; k < scratch.watchedCount; k++) {
    const i = scratch.watched[k];
    if (persons.state[i] >= PersonState.leaving && persons.state[i] !== PersonState.stranded) continue;
    const load = persons.chestLoad[i];
    if (load === 0 && persons.dose[i] === 0) continue;
    const dose = nextDose(persons.dose[i], load, persons.susceptibility[i], DECISION_INTERVAL, law);
    persons.dose[i] = dose;
    const before = persons.harm[i];
    let harm: number = before;
    if (dose >= law.dead) harm = PersonHarm.dead;
    else if (dose >= law.unconscious) harm = Math.max(harm, PersonHarm.unconscious);
    else if (harm === PersonHarm.none && load > FRACTURE_LOAD) {
      const unit = randomUnit(seed, RandomPurpose.fracture, i, 0);
      const stands = law.fractureMean + law.fractureSd * normalQuantile(unit);
      const limit = stands * persons.susceptibility[i] * law.susceptibility;
      if (load > limit) harm = PersonHarm.injured;
    }
    if (harm === before) continue;
    persons.harm[i] = harm;
    tellHarm(engine, i);
  }
}

const round = (value: number) => Math.round(1000 * value) / 1000;

const other: Way = { portal: -1, exit: -1, rest: 0 };

/**
 * Who has come no nearer for longer than their patience takes the next portal for blocked, if they know another way; else they
 * stay and their patience starts anew; who searches looks elsewhere in any case. Decided by what one feels, never by what happens at the front.
 */
export function settlePatience(engine: Engine): void {
  const { world, scratch } = engine;
  for (let k = 0; k < scratch.watchedCount; k++) {
    const i = scratch.watched[k];
    const { persons, beliefs } = world.views;
    if (persons.state[i] !== PersonState.walking || persons.harm[i] >= PersonHarm.unconscious) continue;
    if (!(persons.waitedTime[i] > persons.patience[i]) || persons.portal[i] < 0 || isLed(engine, i)) continue;
    const portal = persons.portal[i];
    const row = i * world.portals.length + portal;
    const belief = beliefs[row];
    setBelief(engine, i, portal, Belief.locked);
    findBestWay(engine, i, -1, other);
    const after = world.views;
    after.persons.waitedTime[i] = 0;
    if (other.portal < 0 && !isSearchGoal(after.persons.exit[i])) {
      setBelief(engine, i, portal, belief);
      continue;
    }
    after.persons.rethink[i] = RETHINK.gaveUp;
    engine.emit({ t: timeNow(world), type: 'gave-up-waiting', person: i, portal: world.portals[portal].id });
  }
}
