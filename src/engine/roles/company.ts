import { RandomPurpose } from '../../math/index.ts';
import { Belief, PersonHarm, PersonPosture, PersonState } from '../../world/index.ts';
import { bondWith, moveBond } from '../bonds.ts';
import { timeNow } from '../engine.ts';
import { hearTalk } from '../feel.ts';
import { learn } from '../learn.ts';
import { RETHINK } from '../set-door.ts';
import { liftUp } from '../settle-falls.ts';
import { tell, trustIn } from '../spread-word.ts';
import { barge } from './barge.ts';
import { drawForActor, unitForActor } from './draw.ts';
import { canSee, distanceBetween, findPerson, isThere } from './find-person.ts';
import {
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
import { placeOf, stand, walkTo } from './walk-to.ts';

const EARSHOT = 10;
const CALL_TIME = 1;

/** Says a word to one person or to all in earshot; who believes it may change their mind about a door or an exit. */
export function actCall(turn: Turn<'call'>): void {
  const { engine, cast, actor, person, action } = turn;
  const { world } = engine;
  if (isAtWork(turn)) return;
  if (!isWorkOver(turn)) {
    beginWork(turn, drawForActor(engine, actor, person, action.time ?? CALL_TIME));
    return;
  }
  const reach = action.reach ?? EARSHOT;
  const only =
    action.who === undefined
      ? -1
      : findPerson(engine, cast, actor, { ...action.who, within: Math.min(reach, action.who.within ?? reach) });
  if (action.who !== undefined && only < 0) {
    finish(turn, 'failed');
    return;
  }
  let heard = 0;
  let believed = 0;
  for (let other = 0; other < world.personCount; other++) {
    if (other === person || (only >= 0 && other !== only) || !isThere(world, other)) continue;
    if (world.views.persons.harm[other] >= PersonHarm.unconscious || distanceBetween(world, person, other) > reach)
      continue;
    heard++;
    const trust = action.trust ?? trustIn(engine, other, person);
    const believes =
      action.tells === undefined
        ? unitForActor(engine, actor, person, RandomPurpose.belief) < trust
        : tellPortals(turn, other, trust);
    hearTalk(engine, other);
    if (bondWith(world, other, person) !== undefined) {
      const t = timeNow(world);
      engine.emit({
        t,
        type: 'call-heard',
        person: other,
        by: person,
        say: action.say,
        trust: round(trust),
        heeded: believes,
      });
      if (action.claims !== undefined) moveBond(engine, other, person, 'claim', action.claims);
    }
    if (!believes) continue;
    believed++;
    const listener = cast.actorOf[other];
    if (listener >= 0) actorsOf(world).heard[listener] |= 1 << cast.words.indexOf(action.say);
  }
  engine.emit({ t: timeNow(world), type: 'called', person, say: action.say, heard, believed });
  if (only >= 0) actorsOf(world).same[actor] = only;
  finish(turn, 'done');
}

/** Tells somebody of a door or an exit; whether they believe it. */
function tellPortals(turn: Turn<'call'>, other: number, trust: number): boolean {
  const { engine, person, action } = turn;
  const belief = action.tells!.is === 'open' ? Belief.open : Belief.locked;
  const [first, ...rest] = portalsTold(turn);
  const believes = tell(engine, other, person, first, belief, trust);
  if (believes) for (const portal of rest) learn(engine, other, portal, belief, 'word', person);
  return believes;
}

/** Portals of what is told. */
function portalsTold({ engine, cast, action }: Turn<'call'>): readonly number[] {
  const { world } = engine;
  const { door, exit } = action.tells!;
  return door !== undefined
    ? [world.doors[cast.doorOf.get(door)!].portal]
    : world.exits[cast.exitOf.get(exit!)!].portals;
}

const FOLLOW_GAP = 1.2;
const LOST_AFTER = 8;

/** Walks behind somebody, a little apart; ends when they are gone, and fails when they were not seen for too long. */
export function actFollow(turn: Turn<'follow'>): void {
  const { engine, cast, actor, person, action } = turn;
  const { world } = engine;
  const actors = actorsOf(world);
  const { clock } = world.views;
  if (actors.aim[actor] < 0) {
    const leader = findTarget(turn, action.who);
    if (leader < 0) return;
    aimAt(turn, leader);
    actors.seenTick[actor] = clock.tick[0];
  }
  const leader = actors.aim[actor];
  if (!isThere(world, leader)) {
    finish(turn, 'done');
    return;
  }
  const there = placeOf(world, leader);
  if (canSee(world, cast, person, leader)) {
    actors.seenTick[actor] = clock.tick[0];
    actors.seenX[actor] = there.x;
    actors.seenY[actor] = there.y;
    actors.seenArea[actor] = there.area + 1;
  }
  if ((clock.tick[0] - actors.seenTick[actor]) / 10 > (action.lost ?? LOST_AFTER)) {
    finish(turn, 'failed');
    return;
  }
  if (action.barge !== undefined) barge(turn, action.barge);
  const gap = action.gap ?? FOLLOW_GAP;
  // out of sight: first to where they were seen last, by the way that they took, then after them
  const isLost = actors.seenTick[actor] < clock.tick[0] && actors.seenArea[actor] > 0;
  const goal = isLost ? { area: actors.seenArea[actor] - 1, x: actors.seenX[actor], y: actors.seenY[actor] } : there;
  const walk = walkTo(engine, cast, actor, goal, isLost ? Math.min(gap, 0.6) : gap, action.drops ?? 0);
  if (walk === 'going') return;
  stand(cast, actor);
  if (isLost) {
    actors.seenArea[actor] = 0;
    world.views.persons.rethink[person] = RETHINK.newArea;
  }
}

const HELP_REACH = 0.8;
const HELP_TIME = { distribution: 'uniform', min: 2, max: 4 } as const;

/** Goes to somebody who lies and helps them up; fails where others lie or stand on them or in the way. Who is unconscious is not helped up. */
export function actHelp(turn: Turn<'help'>): void {
  const { engine, cast, actor, person, action } = turn;
  const { world } = engine;
  const actors = actorsOf(world);
  const { persons } = world.views;
  if (isAtWork(turn)) return;
  const aimed = actors.aim[actor];
  if (isWorkOver(turn) && aimed >= 0 && persons.posture[aimed] === PersonPosture.lying) {
    actedOf(world).downUntil[aimed] = 0;
    const isUp = persons.harm[aimed] < PersonHarm.unconscious && liftUp(engine, aimed, person);
    if (isUp) {
      engine.emit({ t: timeNow(world), type: 'helped-up', person: aimed, by: person });
      moveBond(engine, aimed, person, 'freed');
    }
    finish(turn, isUp ? 'done' : 'failed');
    return;
  }
  const fallen = findPerson(engine, cast, actor, { ...action.who, is: 'down' });
  if (fallen < 0 || persons.harm[fallen] >= PersonHarm.unconscious) {
    finish(turn, fallen < 0 && aimed >= 0 ? 'done' : 'failed');
    return;
  }
  aimAt(turn, fallen);
  if (walkUpTo(turn, fallen, HELP_REACH))
    beginWork(turn, drawForActor(engine, actor, person, action.time ?? HELP_TIME));
}

const ASSIST_REACH = 1.2;
const ASSIST_READY = 5;

/**
 * Stays with somebody and lends them speed: while there are enough helpers beside them, the one assisted walks at that of the helpers. Ends
 * when they are out.
 */
export function actAssist(turn: Turn<'assist'>): void {
  const { engine, cast, actor, person, action } = turn;
  const { world } = engine;
  const actors = actorsOf(world);
  const acted = actedOf(world);
  if (isAtWork(turn)) return;
  if (actors.aim[actor] >= 0 && !isThere(world, actors.aim[actor])) {
    finish(turn, 'done');
    return;
  }
  if (actors.aim[actor] < 0) {
    const other = findTarget(turn, action.who);
    if (other < 0) return;
    aimAt(turn, other);
  }
  const other = actors.aim[actor];
  if (isWorkOver(turn)) {
    actors.tries[actor] = 1;
    engine.emit({ t: timeNow(world), type: 'assisted', person: other, by: person });
    if (acted.lentSpeed[other] === 0) acted.lentSpeed[other] = drawForActor(engine, actor, person, action.speed ?? 1);
  }
  const near = actors.tries[actor] === 0 ? 1 : 0.7;
  const walk = walkTo(engine, cast, actor, placeOf(world, other), near);
  if (actors.tries[actor] === 0) {
    if (walk === 'there') beginWork(turn, drawForActor(engine, actor, person, action.time ?? ASSIST_READY));
    else if (walk === 'no-way') finish(turn, 'failed');
    return;
  }
  const isWalking = world.views.persons.state[other] === PersonState.walking;
  if (isWalking && distanceBetween(world, person, other) < ASSIST_REACH)
    acted.helpers[other] += ENOUGH_HELP / (action.helpers ?? 1);
}

/** What `acted.helpers` comes to with enough helpers: their shares add up to it, whatever number of 1 … 8 is asked for. */
export const ENOUGH_HELP = 840;

const round = (value: number) => Math.round(1000 * value) / 1000;
