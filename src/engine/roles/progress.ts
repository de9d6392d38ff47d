import { type Action, ActorProgress, type PersonSelector, type World } from '../../world/index.ts';
import type { Engine } from '../engine.ts';
import type { Cast } from './cast.ts';
import { ticksOf } from './draw.ts';
import { findPerson } from './find-person.ts';
import { placeOf, stand, walkTo } from './walk-to.ts';

/** One actor in one interval. */
export interface ActorTurn {
  readonly engine: Engine;
  readonly cast: Cast;
  readonly actor: number;
  readonly person: number;
}

/** One actor at its action in one interval. */
export interface Turn<A extends Action['act'] = Action['act']> extends ActorTurn {
  readonly action: Extract<Action, { act: A }>;
}

/** The actors' columns. */
export function actorsOf(world: World) {
  return world.views.groups.actors!;
}

/** What was done to persons. */
export function actedOf(world: World) {
  return world.views.groups.acted!;
}

/** The action has come to its end; the actor stands. */
export function finish({ engine, cast, actor }: ActorTurn, how: 'done' | 'failed'): void {
  const actors = actorsOf(engine.world);
  actors.progress[actor] = ActorProgress[how];
  actors.busyUntil[actor] = 0;
  stand(cast, actor);
}

/** Begins something that takes a time [s]; the actor stands until then. */
export function beginWork({ engine, cast, actor }: ActorTurn, seconds: number): void {
  const { world } = engine;
  const actors = actorsOf(world);
  actors.progress[actor] = ActorProgress.busy;
  actors.busyFor[actor] = ticksOf(seconds);
  actors.busyUntil[actor] = world.views.clock.tick[0] + actors.busyFor[actor];
  stand(cast, actor);
}

/** Whether the actor is at something that takes longer; then they stand. */
export function isAtWork({ engine, cast, actor }: ActorTurn): boolean {
  const { world } = engine;
  const actors = actorsOf(world);
  if (actors.progress[actor] !== ActorProgress.busy) return false;
  stand(cast, actor);
  const { clock } = world.views;
  // somebody at work is progress: the run has not stalled
  clock.lastProgressTick[0] = clock.tick[0];
  return clock.tick[0] < actors.busyUntil[actor];
}

/** Whether the time of something begun is over; then the actor is free for the next thing. */
export function isWorkOver({ engine, actor }: ActorTurn): boolean {
  const actors = actorsOf(engine.world);
  if (actors.progress[actor] !== ActorProgress.busy) return false;
  actors.progress[actor] = ActorProgress.going;
  actors.busyUntil[actor] = 0;
  return true;
}

/** The nearest person that the action is about; −1 where there is none, and then the action has failed. */
export function findTarget(turn: ActorTurn, who: PersonSelector): number {
  const target = findPerson(turn.engine, turn.cast, turn.actor, who);
  if (target < 0) finish(turn, 'failed');
  return target;
}

/** The action is about somebody from now on. */
export function aimAt({ engine, actor }: ActorTurn, target: number): void {
  const actors = actorsOf(engine.world);
  actors.aim[actor] = target;
  actors.same[actor] = target;
}

/** Walks up to somebody, to within so many metres; whether the actor is there. Where there is no way the action has failed. */
export function walkUpTo(turn: ActorTurn, target: number, metres: number): boolean {
  const walk = walkTo(turn.engine, turn.cast, turn.actor, placeOf(turn.engine.world, target), metres);
  if (walk === 'no-way') finish(turn, 'failed');
  return walk === 'there';
}
