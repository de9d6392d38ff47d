import { areaOfObject, type Goal } from '../../world/index.ts';
import { timeNow } from '../engine.ts';
import { drawForActor } from './draw.ts';
import { distanceBetween, findPerson, isHelpless, isThere } from './find-person.ts';
import { findThing } from './locks.ts';
import { type ActorTurn, actorsOf, beginWork, finish, isAtWork, isWorkOver, type Turn } from './progress.ts';
import { placeOf, walkTo } from './walk-to.ts';

/** Near enough to take something up or off somebody, or to hand it over [m]. */
const REACH = 0.8;
/** Times of SCIENCE §7 [s], design values. */
const FROM_FLOOR = { distribution: 'uniform', min: 1, max: 2 } as const;
const FROM_BODY = { distribution: 'uniform', min: 5, max: 8 } as const;
const HAND_OVER = 2;

/** Added to the distance of what its holder would not give away [m]: what can be had comes first. */
const OUT_OF_REACH = 1e6;

/** The nearest object of that name or kind that the actor has not, those first that can be had; −1 where there is none. */
function findOther({ engine, person, action }: Turn<'take'>): number {
  const { world } = engine;
  const { persons, groups } = world.views;
  const { objects } = groups;
  let best = -1;
  let least = Infinity;
  world.scenario.objects?.forEach(({ id, kind }, k) => {
    if (id !== action.object && kind !== action.object) return;
    const holder = objects!.holder[k] - 1;
    if (holder === person || (holder >= 0 && !isThere(world, holder))) return;
    const dx = objects!.x[k] - persons.x[person];
    const dy = objects!.y[k] - persons.y[person];
    const away = holder < 0 ? Math.sqrt(dx * dx + dy * dy) : distanceBetween(world, person, holder);
    const distance = holder < 0 || isHelpless(world, holder) ? away : away + OUT_OF_REACH;
    if (distance >= least) return;
    best = k;
    least = distance;
  });
  return best;
}

/** Takes a thing up from the floor, or off somebody who is helpless; from anybody else it cannot be had. */
export function actTake(turn: Turn<'take'>): void {
  const { engine, cast, actor, person, action } = turn;
  const { world } = engine;
  const actors = actorsOf(world);
  if (isAtWork(turn)) return;
  const objects = world.views.groups.objects;
  if (objects === undefined) {
    finish(turn, 'failed');
    return;
  }
  if (isWorkOver(turn)) {
    const object = actors.aim[actor];
    const holder = objects.holder[object] - 1;
    // somebody else may have been quicker, or the holder may have come round
    if (holder < 0 || (isHelpless(world, holder) && distanceBetween(world, person, holder) < 2 * REACH)) {
      objects.holder[object] = person + 1;
      const { id } = world.scenario.objects![object];
      engine.emit({ t: timeNow(world), type: 'object-taken', object: id, person, from: holder });
      finish(turn, 'done');
      return;
    }
  }
  const object = findOther(turn);
  if (object < 0) {
    finish(turn, findThing(world, person, action.object) >= 0 ? 'done' : 'failed');
    return;
  }
  const holder = objects.holder[object] - 1;
  if (holder >= 0 && !isHelpless(world, holder)) {
    finish(turn, 'failed');
    return;
  }
  actors.aim[actor] = object;
  if (holder >= 0) actors.same[actor] = holder;
  const goal: Goal =
    holder >= 0
      ? placeOf(world, holder)
      : { area: areaOfObject(world, object), x: objects.x[object], y: objects.y[object] };
  if (goal.area < 0) {
    finish(turn, 'failed');
    return;
  }
  const walk = walkTo(engine, cast, actor, goal, REACH);
  if (walk === 'no-way') finish(turn, 'failed');
  else if (walk === 'there') {
    beginWork(turn, drawForActor(engine, actor, person, action.time ?? (holder < 0 ? FROM_FLOOR : FROM_BODY)));
  }
}

/** Where the nearest thing of that name or kind is; undefined where there is none that the actor has not. */
export function goalOfThing({ engine, cast, actor, person }: ActorTurn, name: string): Goal | undefined {
  const { world } = engine;
  const object = findOther({ engine, cast, actor, person, action: { act: 'take', object: name } });
  if (object < 0) return undefined;
  const { objects } = world.views.groups;
  const holder = objects!.holder[object] - 1;
  if (holder >= 0) return placeOf(world, holder);
  const area = areaOfObject(world, object);
  return area < 0 ? undefined : { area, x: objects!.x[object], y: objects!.y[object] };
}

/** Hands a thing over to somebody who can take it. */
export function actGive(turn: Turn<'give'>): void {
  const { engine, cast, actor, person, action } = turn;
  const { world } = engine;
  const actors = actorsOf(world);
  if (isAtWork(turn)) return;
  const object = findThing(world, person, action.object);
  if (object < 0) {
    finish(turn, 'failed');
    return;
  }
  const other = isWorkOver(turn) ? actors.aim[actor] : -1;
  if (
    other >= 0 &&
    isThere(world, other) &&
    !isHelpless(world, other) &&
    distanceBetween(world, person, other) < 2 * REACH
  ) {
    world.views.groups.objects!.holder[object] = other + 1;
    const { id } = world.scenario.objects![object];
    engine.emit({ t: timeNow(world), type: 'object-given', object: id, person: other, from: person });
    finish(turn, 'done');
    return;
  }
  const to = findPerson(engine, cast, actor, action.to);
  if (to < 0) {
    finish(turn, 'failed');
    return;
  }
  actors.aim[actor] = to;
  actors.same[actor] = to;
  const walk = walkTo(engine, cast, actor, placeOf(world, to), REACH);
  if (walk === 'no-way') finish(turn, 'failed');
  else if (walk === 'there') beginWork(turn, drawForActor(engine, actor, person, action.time ?? HAND_OVER));
}
