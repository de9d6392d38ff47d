import { ActorProgress, PersonHarm, PersonPosture, PersonState, StagePhase } from '../../world/index.ts';
import { type Engine, timeNow } from '../engine.ts';
import { speedFactorOf, timeGapOf } from '../motivation.ts';
import { RETHINK } from '../set-door.ts';
import { letGo } from './attack.ts';
import { type Cast, Movement, rowOfActor } from './cast.ts';
import { holds } from './conditions.ts';
import { isThere } from './find-person.ts';
import { dropClaims } from './locks.ts';
import { LYING_ACTIONS, perform } from './perform.ts';
import { actedOf, actorsOf } from './progress.ts';
import { stand } from './walk-to.ts';

/**
 * Everybody with a role moves on in the table of it and does what it says for one interval, in order of person: of two who want the same
 * thing in the same interval the lower number has it. Costs nothing where nobody has a role.
 */
export function actRoles(engine: Engine): void {
  const { cast, world } = engine;
  if (cast === undefined) return;
  actedOf(world).helpers.fill(0);
  for (let actor = 0; actor < cast.persons.length; actor++) actRole(engine, cast, actor);
}

function actRole(engine: Engine, cast: Cast, actor: number): void {
  const { world } = engine;
  const { persons, clock } = world.views;
  const actors = actorsOf(world);
  const person = cast.persons[actor];
  const state = persons.state[person];
  cast.movement[actor] = Movement.free;
  if (state === PersonState.waiting) return;
  if (!isThere(world, person) || persons.harm[person] >= PersonHarm.unconscious) {
    stopActing(engine, cast, actor);
    stand(cast, actor);
    return;
  }
  const { next } = rowOfActor(world, cast, actor);
  const to = next.findIndex(({ when }, place) => holds(engine, cast, actor, when, place));
  if (to >= 0) enterState(engine, cast, actor, next[to].go);
  const { do: action } = rowOfActor(world, cast, actor);
  const isStunned = actedOf(world).stunnedUntil[person] > clock.tick[0];
  const isLying = persons.posture[person] === PersonPosture.lying;
  if (isStunned || (isLying && !LYING_ACTIONS.has(action.act))) {
    interrupt(engine, cast, actor);
    stand(cast, actor);
    return;
  }
  const progress = actors.progress[actor];
  if (progress === ActorProgress.done || progress === ActorProgress.failed) stand(cast, actor);
  else perform({ engine, cast, actor, person, action });
  const { movement } = cast;
  const after = world.views.persons;
  // who goes somewhere of their own is not stranded for want of a known way out
  if (
    movement[actor] !== Movement.free &&
    movement[actor] !== Movement.away &&
    after.state[person] === PersonState.stranded
  ) {
    after.state[person] = PersonState.walking;
    if (after.rethink[person] === 0) after.rethink[person] = RETHINK.newArea;
  }
}

/** Into another state of the role: nothing of the last one is left but whom it was about. */
function enterState(engine: Engine, cast: Cast, actor: number, name: string): void {
  const { world } = engine;
  const { persons, clock } = world.views;
  const actors = actorsOf(world);
  const person = cast.persons[actor];
  const { id, role, rowOf } = cast.roles[cast.roleOf[actor]];
  stopActing(engine, cast, actor);
  const from = role.states[actors.state[actor]].state;
  actors.state[actor] = rowOf.get(name)!;
  actors.since[actor] = clock.tick[0];
  actors.seenTick[actor] = clock.tick[0];
  actors.progress[actor] = ActorProgress.going;
  actors.tries[actor] = 0;
  actors.heard[actor] = 0;
  const motivation = role.states[actors.state[actor]].do.hurry ?? actors.ownMotivation[actor];
  if (Math.fround(motivation) !== persons.motivation[person]) {
    persons.motivation[person] = motivation;
    if (world.views.groups.inner !== undefined) world.views.groups.inner.calmMotivation[person] = motivation;
    persons.timeGap[person] = timeGapOf(persons.motivation[person]);
    persons.levelSpeed[person] = persons.freeSpeed[person] * speedFactorOf(persons.motivation[person]);
  }
  persons.portal[person] = -1;
  persons.waitedTime[person] = 0;
  persons.bestPotential[person] = Number.POSITIVE_INFINITY;
  persons.rethink[person] = RETHINK.newArea;
  engine.emit({ t: timeNow(world), type: 'role-state', person, role: id, from, state: name });
}

/** What is being done is broken off; it begins anew when the actor can go on. */
function interrupt(engine: Engine, cast: Cast, actor: number): void {
  const actors = actorsOf(engine.world);
  if (actors.progress[actor] !== ActorProgress.busy && actors.aim[actor] < 0) return;
  const progress = actors.progress[actor];
  stopActing(engine, cast, actor);
  if (progress === ActorProgress.busy) actors.progress[actor] = ActorProgress.going;
}

/** Lets go whom an actor holds, and what they have claimed. */
function stopActing(engine: Engine, cast: Cast, actor: number): void {
  const { world } = engine;
  const actors = actorsOf(world);
  const person = cast.persons[actor];
  const aim = actors.aim[actor];
  if (aim < 0 && actors.busyUntil[actor] === 0) return;
  const { action } = { action: rowOfActor(world, cast, actor).do };
  if (action.act === 'grab' && aim >= 0 && actedOf(world).heldBy[aim] === person + 1)
    letGo({ engine, person }, aim, -1);
  if (action.act === 'unlock') dropClaims(world, person);
  actors.aim[actor] = -1;
  actors.busyUntil[actor] = 0;
  if (actors.progress[actor] === ActorProgress.busy) actors.progress[actor] = ActorProgress.going;
}

/** Whether somebody's role or itinerary says where they go now, instead of their own choice of a way out. */
export function isLed({ cast, stages, world }: Pick<Engine, 'cast' | 'stages' | 'world'>, person: number): boolean {
  if (stages !== undefined && world.views.groups.stages!.phase[person] !== StagePhase.none) return true;
  if (cast === undefined) return false;
  const actor = cast.actorOf[person];
  return actor >= 0 && cast.movement[actor] !== Movement.free && cast.movement[actor] !== Movement.away;
}
