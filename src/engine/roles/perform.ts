import { type Action, Belief } from '../../world/index.ts';
import { timeNow } from '../engine.ts';
import { actAttack, actFree, actGrab } from './attack.ts';
import { barge } from './barge.ts';
import { Movement, middleOfArea, placeOnLevel } from './cast.ts';
import { actAssist, actCall, actFollow, actHelp } from './company.ts';
import { findPerson } from './find-person.ts';
import { finish, type Turn } from './progress.ts';
import { actFlee, actHide } from './refuge.ts';
import { actGive, actTake, goalOfThing } from './things.ts';
import { actOperate, actUnlock } from './unlock.ts';
import { nearestSide, placeBeforeDoor, placeOf, stand, walkTo } from './walk-to.ts';

/** How each action is done, by its name. */
const ACTIONS: { readonly [A in Action['act']]: (turn: Turn<A>) => void } = {
  wait: (turn) => stand(turn.cast, turn.actor),
  leave: actLeave,
  go: actGo,
  unlock: actUnlock,
  operate: actOperate,
  take: actTake,
  give: actGive,
  attack: actAttack,
  grab: actGrab,
  free: actFree,
  call: actCall,
  follow: actFollow,
  flee: actFlee,
  hide: actHide,
  help: actHelp,
  assist: actAssist,
};

/** Actions that somebody can do who lies. */
export const LYING_ACTIONS: ReadonlySet<Action['act']> = new Set(['wait', 'grab', 'call']);

/** One interval of the action of an actor's state. */
export function perform(turn: Turn): void {
  (ACTIONS[turn.action.act] as (turn: Turn) => void)(turn);
}

/** Leaves as anybody does, or by one exit only: failed where that is found locked or there is no way to it. */
function actLeave(turn: Turn<'leave'>): void {
  const { engine, cast, actor, person, action } = turn;
  const { world } = engine;
  if (action.barge !== undefined) barge(turn, action.barge);
  if (action.exit === undefined) {
    cast.movement[actor] = Movement.free;
    return;
  }
  const exit = cast.exitOf.get(action.exit)!;
  const { persons, beliefs } = world.views;
  const isKnownLocked = (portal: number) => beliefs[person * world.portals.length + portal] === Belief.locked;
  const open = world.exits[exit].portals.filter((portal) => !isKnownLocked(portal));
  if (open.length === 0) {
    finish(turn, 'failed');
    return;
  }
  const here = open.find((portal) => world.portals[portal].areas[0] === persons.area[person]);
  if (here === undefined) {
    const [[ax, ay], [bx, by]] = world.portals[open[0]].line;
    const goal = { area: world.portals[open[0]].areas[0], x: (ax + bx) / 2, y: (ay + by) / 2 };
    if (walkTo(engine, cast, actor, goal, 0.2) === 'no-way') finish(turn, 'failed');
    return;
  }
  cast.movement[actor] = Movement.portal;
  persons.rethink[person] = 0;
  if (persons.portal[person] !== here) {
    persons.portal[person] = here;
    persons.restWay[person] = 0;
    persons.bestPotential[person] = Number.POSITIVE_INFINITY;
    persons.tryTime[person] = 0;
  }
  if (persons.exit[person] !== exit) {
    persons.exit[person] = exit;
    engine.emit({ t: timeNow(world), type: 'exit-chosen', person, exit: world.exits[exit].id, why: 'start' });
  }
}

/** Walks to a place, a door, a thing or a person. */
function actGo(turn: Turn<'go'>): void {
  const { engine, cast, actor, action } = turn;
  const { world } = engine;
  const { to } = action;
  if (action.barge !== undefined) barge(turn, action.barge);
  let goal: ReturnType<typeof goalOfThing>;
  if (to.place !== undefined) goal = placeOnLevel(world, to.level, to.place);
  else if (to.area !== undefined) goal = middleOfArea(world, cast, to.area, to.level);
  else if (to.console !== undefined)
    goal = cast.consoles[world.scenario.consoles!.findIndex(({ id }) => id === to.console)];
  else if (to.object !== undefined) goal = goalOfThing(turn, to.object);
  else if (to.door !== undefined) {
    const door = cast.doorOf.get(to.door)!;
    goal = placeBeforeDoor(world, door, nearestSide(engine, cast, actor, door).side);
  } else if (to.person !== undefined) {
    const other = findPerson(engine, cast, actor, to.person);
    if (other >= 0) {
      world.views.groups.actors!.same[actor] = other;
      goal = placeOf(world, other);
    }
  }
  if (goal === undefined || goal.area < 0) {
    finish(turn, 'failed');
    return;
  }
  const walk = walkTo(engine, cast, actor, goal, action.within ?? 0.6, action.drops ?? 0);
  if (walk === 'no-way') finish(turn, 'failed');
  else if (walk === 'there') finish(turn, 'done');
}
