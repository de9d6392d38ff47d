import { assert, normalCumulative, RandomPurpose } from '../../math/index.ts';
import { hasStraightWay, PersonHarm, PersonPosture } from '../../world/index.ts';
import { moveBond, personsWithBond } from '../bonds.ts';
import { timeNow } from '../engine.ts';
import { makeSound } from '../hear-sounds.ts';
import { knockDown } from '../settle-falls.ts';
import { tellHarm } from '../tell-harm.ts';
import { drawForActor, ticksOf, unitForActor } from './draw.ts';
import { canSee, distanceBetween, isHelpless, isThere } from './find-person.ts';
import {
  type ActorTurn,
  actedOf,
  actorsOf,
  aimAt,
  beginWork,
  findTarget,
  finish,
  isAtWork,
  isWorkOver,
  type Turn,
  walkUpTo,
} from './progress.ts';
import { stand } from './walk-to.ts';

/*
 * Violence as a hazard: attempts with a rate, a chance, and consequences that are numbers. All numbers come from the scenario; the
 * defaults are design values.
 */

const REACH = { hand: 0.9, shot: 30, device: 5 } as const;
const EVERY = 1;
const CHANCE = 0.6;
const LASTS = 3;
/** Half the width and height of what is aimed at [m]. */
const TARGET_X = 0.22;
const TARGET_Y = 0.4;
/** Somebody nearer than this to the line of a shot is in the way [m]. */
const IN_THE_WAY = 0.45;
/** Of a shot at 1 m [dB], peak; 150 … 160 are reported. */
const SHOT_LOUDNESS = 150;
/** Share of the speed that is left to the wounded [1]. */
const WOUNDED = 0.5;

/**
 * Chance that a shot of angular dispersion σ [deg] (each way, normal) is on a target of 0.44 × 0.8 m at a distance [m]:
 * erf(0.22 / (d σ √2)) · erf(0.40 / (d σ √2)), σ in rad. 0 … 1.
 */
export function hitChance(spread: number, distance: number): number {
  const sigma = (spread * Math.PI) / 180;
  const half = Math.max(1e-6, distance) * sigma;
  return (2 * normalCumulative(TARGET_X / half) - 1) * (2 * normalCumulative(TARGET_Y / half) - 1);
}

/** Attempts on the nearest person asked for, walking up to where they are in reach, until one succeeds or `rounds` are over. */
export function actAttack(turn: Turn<'attack'>): void {
  const { engine, actor, action } = turn;
  const { world } = engine;
  const actors = actorsOf(world);
  const reach = action.reach ?? REACH[action.with];
  if (isAtWork(turn)) return;
  if (isWorkOver(turn)) {
    const aimed = actors.aim[actor];
    if (isThere(world, aimed) && isInReach(turn, aimed, reach)) {
      const victim = action.with === 'shot' ? firstOnLine(turn, aimed) : aimed;
      if (victim >= 0) {
        actors.tries[actor]++;
        const succeeds = attempt(turn, victim);
        if ((succeeds && action.rounds === undefined) || actors.tries[actor] === action.rounds) {
          finish(turn, 'done');
          return;
        }
      }
    }
  }
  const target = findTarget(turn, action.who);
  if (target < 0) return;
  aimAt(turn, target);
  if (isInReach(turn, target, reach)) beginWork(turn, action.every ?? EVERY);
  else walkUpTo(turn, target, 0.9 * reach);
}

/** Whether a target is near enough and in sight; for a hand, with nothing between that one sees through either. */
function isInReach({ engine, cast, person, action }: Turn<'attack'>, target: number, reach: number): boolean {
  const { world } = engine;
  if (distanceBetween(world, person, target) > reach || !canSee(world, cast, person, target)) return false;
  const { x, y, sheet } = world.views.persons;
  return action.with !== 'hand' || hasStraightWay(world, sheet[person], x[person], y[person], x[target], y[target]);
}

/**
 * Who is first on the line of a shot: the target, or somebody before them to whom the actor is hostile; −1 where anybody else is in the
 * way, and no shot is made.
 */
function firstOnLine({ engine, cast, actor, person }: Turn<'attack'>, target: number): number {
  const { world } = engine;
  const { x, y, sheet, posture, population } = world.views.persons;
  const dx = x[target] - x[person];
  const dy = y[target] - y[person];
  const distance = Math.sqrt(dx * dx + dy * dy);
  let first = target;
  let nearest = distance;
  for (let j = 0; j < world.personCount; j++) {
    if (j === person || j === target || sheet[j] !== sheet[person] || !isThere(world, j)) continue;
    if (posture[j] !== PersonPosture.standing) continue;
    const along = ((x[j] - x[person]) * dx + (y[j] - y[person]) * dy) / distance;
    const aside = ((x[j] - x[person]) * dy - (y[j] - y[person]) * dx) / distance;
    if (along <= 0 || along >= nearest || Math.abs(aside) > IN_THE_WAY) continue;
    first = cast.roles[cast.roleOf[actor]].hostileTo[population[j]] === 1 ? j : -1;
    nearest = along;
  }
  return first;
}

/** One attempt; returns whether it succeeded. */
function attempt(turn: Turn<'attack'>, victim: number): boolean {
  const { engine, actor, person, action } = turn;
  const { world } = engine;
  const chance =
    action.spread === undefined
      ? (action.chance ?? CHANCE)
      : hitChance(action.spread, distanceBetween(world, person, victim));
  const t = timeNow(world);
  const kind = action.with;
  if (kind === 'shot') {
    const { sheet, area, x, y } = world.views.persons;
    const source = { sheet: sheet[person], area: area[person], x: x[person], y: y[person], loudness: SHOT_LOUDNESS };
    makeSound(engine, source, 'danger', 1, 'shot', person);
  }
  if (unitForActor(engine, actor, person, RandomPurpose.attempt) >= chance) {
    engine.emit({ t, type: 'attempt-missed', person: victim, by: person, with: kind });
    return false;
  }
  let unit = unitForActor(engine, actor, person, RandomPurpose.effect);
  const found = action.effects.find(({ share }) => {
    unit -= share;
    return unit < 0;
  });
  const effect = found?.effect ?? 'none';
  engine.emit({ t, type: 'person-struck', person: victim, by: person, with: kind, effect });
  const struck = turn.cast.actorOf[victim];
  if (struck >= 0) actorsOf(world).struckTick[struck] = world.views.clock.tick[0];
  const seconds = found === undefined ? 0 : drawForActor(engine, actor, person, found.lasts ?? LASTS);
  tellWitnesses(turn, victim);
  const push = pushAway(turn, victim, action.impulse ?? 0);
  applyEffect(turn, victim, effect, seconds, push);
  return true;
}

/** Who sees a blow thinks better or worse of whoever struck it. */
function tellWitnesses({ engine, cast, person }: ActorTurn, victim: number): void {
  const { world } = engine;
  const { harm, population } = world.views.persons;
  for (const other of personsWithBond(world, person)) {
    if (!isThere(world, other) || harm[other] >= PersonHarm.unconscious || !canSee(world, cast, other, person))
      continue;
    const actor = cast.actorOf[other];
    const isHostile = actor >= 0 && cast.roles[cast.roleOf[actor]].hostileTo[population[victim]] === 1;
    moveBond(engine, other, person, isHostile && other !== victim ? 'fights' : 'violence');
  }
}

/** Gives somebody an impulse away from the actor; returns the change of velocity [m/s]. */
function pushAway({ engine, person }: ActorTurn, victim: number, impulse: number): readonly [number, number] {
  const { x, y, vx, vy, mass } = engine.world.views.persons;
  const dx = x[victim] - x[person];
  const dy = y[victim] - y[person];
  const distance = Math.max(1e-6, Math.sqrt(dx * dx + dy * dy));
  const change = impulse / mass[victim];
  vx[victim] += (change * dx) / distance;
  vy[victim] += (change * dy) / distance;
  return [(change * dx) / distance, (change * dy) / distance];
}

type Effect = 'none' | 'stunned' | 'down' | 'wounded' | 'unconscious' | 'dead';

/** What an attempt does to a person. */
function applyEffect(
  turn: ActorTurn,
  victim: number,
  effect: Effect,
  seconds: number,
  push: readonly [number, number],
): void {
  const { engine, person } = turn;
  const { world } = engine;
  const { persons, clock } = world.views;
  const acted = actedOf(world);
  const until = clock.tick[0] + ticksOf(seconds);
  const t = timeNow(world);
  switch (effect) {
    case 'none':
      return;
    case 'stunned':
      acted.stunnedUntil[victim] = Math.max(acted.stunnedUntil[victim], until);
      engine.emit({ t, type: 'person-stunned', person: victim, by: person, seconds: round(seconds) });
      return;
    case 'down':
      acted.downUntil[victim] = Math.max(acted.downUntil[victim], until);
      engine.emit({ t, type: 'person-downed', person: victim, by: person, seconds: round(seconds) });
      knockDown(engine, victim, push[0], push[1]);
      return;
    case 'wounded':
      if (persons.harm[victim] === PersonHarm.none) {
        persons.harm[victim] = PersonHarm.injured;
        tellHarm(engine, victim);
      }
      persons.freeSpeed[victim] *= WOUNDED;
      persons.levelSpeed[victim] *= WOUNDED;
      return;
    case 'unconscious':
    case 'dead': {
      const harm = effect === 'dead' ? PersonHarm.dead : PersonHarm.unconscious;
      if (persons.harm[victim] >= harm) return;
      persons.harm[victim] = harm;
      tellHarm(engine, victim);
      knockDown(engine, victim, push[0], push[1]);
      return;
    }
    default:
      assert(false, `the effect ${String(effect)} is known`);
  }
}

const GRAB_REACH = 0.8;
const BREAKS = 0.3;
/** A grip ends when the two are farther apart than this [m]. */
const TORN = 1.5;

/** Holds somebody in reach, so that they cannot walk, until the grip ends. */
export function actGrab(turn: Turn<'grab'>): void {
  const { engine, cast, actor, person, action } = turn;
  const { world } = engine;
  const actors = actorsOf(world);
  const { heldBy } = actedOf(world);
  const { clock } = world.views;
  const held = actors.aim[actor];
  if (held >= 0 && heldBy[held] === person + 1) {
    stand(cast, actor);
    const isOver = actors.busyUntil[actor] > 0 && clock.tick[0] >= actors.busyUntil[actor];
    if (isOver || !isThere(world, held) || distanceBetween(world, person, held) > TORN) {
      letGo(turn, held, -1);
      finish(turn, 'done');
    } else if ((clock.tick[0] - actors.seenTick[actor]) % 10 === 9) {
      if (unitForActor(engine, actor, person, RandomPurpose.attempt) < (action.breaks ?? BREAKS)) {
        letGo(turn, held, held);
        finish(turn, 'done');
      }
    }
    return;
  }
  if (held >= 0) {
    // somebody freed them
    finish(turn, 'done');
    return;
  }
  const target = findTarget(turn, action.who);
  if (target < 0) return;
  const reach = action.reach ?? GRAB_REACH;
  if (distanceBetween(world, person, target) <= reach && heldBy[target] === 0) {
    aimAt(turn, target);
    actors.seenTick[actor] = clock.tick[0];
    if (action.lasts !== undefined) {
      actors.busyUntil[actor] = clock.tick[0] + ticksOf(drawForActor(engine, actor, person, action.lasts));
    }
    heldBy[target] = person + 1;
    engine.emit({ t: timeNow(world), type: 'grabbed', person: target, by: person });
    stand(cast, actor);
  } else if (isHelpless(world, person)) stand(cast, actor);
  else walkUpTo(turn, target, 0.9 * reach);
}

/** Ends the grip of an actor on somebody; `by`: who ended it, −1 the holder. */
export function letGo({ engine, person }: Pick<ActorTurn, 'engine' | 'person'>, held: number, by: number): void {
  const { world } = engine;
  const { heldBy } = actedOf(world);
  const holder = heldBy[held] - 1;
  if (holder < 0) return;
  heldBy[held] = 0;
  if (by >= 0 && by !== held) moveBond(engine, held, by, 'freed');
  engine.emit({ t: timeNow(world), type: 'freed-by', person: held, by, holder: holder === person ? person : holder });
}

const FREE_CHANCE = 0.6;

/** Goes to somebody who is held and frees them: one try a second. */
export function actFree(turn: Turn<'free'>): void {
  const { engine, actor, person, action } = turn;
  const { world } = engine;
  const actors = actorsOf(world);
  const { heldBy } = actedOf(world);
  if (isAtWork(turn)) return;
  const held = actors.aim[actor];
  if (isWorkOver(turn) && held >= 0 && heldBy[held] > 0) {
    if (unitForActor(engine, actor, person, RandomPurpose.attempt) < (action.chance ?? FREE_CHANCE)) {
      letGo(turn, held, person);
      finish(turn, 'done');
      return;
    }
  }
  if (held >= 0 && heldBy[held] === 0) {
    finish(turn, 'done');
    return;
  }
  const target = findTarget(turn, { ...action.who, is: 'held' });
  if (target < 0) return;
  aimAt(turn, target);
  if (walkUpTo(turn, target, 1)) beginWork(turn, 1);
}

const round = (value: number) => Math.round(1000 * value) / 1000;
