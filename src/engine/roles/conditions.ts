import { RandomPurpose } from '../../math/index.ts';
import {
  ActorProgress,
  type Condition,
  drawDistribution,
  PersonHarm,
  PersonPosture,
  PersonState,
} from '../../world/index.ts';
import { bondWith } from '../bonds.ts';
import { DECISIONS_PER_SECOND, type Engine, timeNow } from '../engine.ts';
import type { Cast } from './cast.ts';
import { drawIndex } from './draw.ts';
import { findPerson } from './find-person.ts';
import { findThing, seesDoor } from './locks.ts';
import { actedOf, actorsOf } from './progress.ts';

/** Whether everything that a condition asks for holds for an actor now. `place`: of the condition among those of its state. */
export function holds(engine: Engine, cast: Cast, actor: number, when: Condition, place: number): boolean {
  const { world, seed } = engine;
  const { clock, doors } = world.views;
  const actors = actorsOf(world);
  const person = cast.persons[actor];
  if (when.after !== undefined) {
    // drawn once for each time that the state is entered
    const index = drawIndex(drawIndex(person, actors.since[actor]), place + 1);
    const seconds = drawDistribution(when.after, seed, RandomPurpose.action, index);
    if (clock.tick[0] - actors.since[actor] < seconds * DECISIONS_PER_SECOND - 1e-6) return false;
  }
  if (when.time !== undefined && timeNow(world) < when.time - 1e-6) return false;
  if (when.action !== undefined) {
    const progress = actors.progress[actor];
    if (progress !== ActorProgress.done && progress !== ActorProgress.failed) return false;
    if (when.action !== 'ended' && progress !== ActorProgress[when.action]) return false;
  }
  if (when.event !== undefined && !hasHappened(engine, when.event)) return false;
  if (when.heard !== undefined && (actors.heard[actor] & (1 << cast.words.indexOf(when.heard))) === 0) return false;
  if (when.has !== undefined && findThing(world, person, when.has) < 0) return false;
  if (when.lacks !== undefined && findThing(world, person, when.lacks) >= 0) return false;
  if (when.trusts !== undefined && !trustsSomebody(engine, person, when.trusts)) return false;
  if (when.unlocked !== undefined) {
    const door = cast.doorOf.get(when.unlocked)!;
    if (!seesDoor(world, person, door) || doors.state[door] >= 2) return false;
  }
  if (when.am !== undefined && !isSelf(engine, cast, actor, when.am)) return false;
  if (when.at !== undefined && !when.at.includes(world.areas[world.views.persons.area[person]].id)) return false;
  if (when.sees !== undefined && findPerson(engine, cast, actor, when.sees, true) < 0) return false;
  if (when.near !== undefined && findPerson(engine, cast, actor, when.near) < 0) return false;
  return when.none === undefined || findPerson(engine, cast, actor, when.none) < 0;
}

/** Whether somebody trusts a person of a population so far. */
function trustsSomebody({ world }: Engine, person: number, asked: NonNullable<Condition['trusts']>): boolean {
  const { population } = world.views.persons;
  const which = world.scenario.populations.findIndex(({ id }) => id === asked.in);
  const other = population.indexOf(which);
  const trust = other < 0 ? undefined : bondWith(world, person, other);
  return trust !== undefined && trust >= asked.least;
}

/** Whether a scheduled event has happened. */
function hasHappened({ world, schedule }: Engine, id: string): boolean {
  const { events } = world.scenario;
  const next = world.views.clock.nextEvent[0];
  for (let k = 0; k < next; k++) if (events[schedule[k]].id === id) return true;
  return false;
}

/** Whether an actor is what a condition asks of themself. */
function isSelf({ world }: Engine, cast: Cast, actor: number, what: NonNullable<Condition['am']>): boolean {
  const { persons, clock } = world.views;
  const person = cast.persons[actor];
  const acted = actedOf(world);
  switch (what) {
    case 'up':
      return persons.posture[person] === PersonPosture.standing && persons.harm[person] < PersonHarm.unconscious;
    case 'down':
      return persons.posture[person] === PersonPosture.lying;
    case 'held':
      return acted.heldBy[person] > 0;
    case 'free':
      return acted.heldBy[person] === 0;
    case 'stunned':
      return acted.stunnedUntil[person] > clock.tick[0];
    case 'struck':
      return (
        actorsOf(world).struckTick[actor] >= actorsOf(world).since[actor] && actorsOf(world).struckTick[actor] >= 0
      );
    case 'stranded':
      return persons.state[person] === PersonState.stranded;
  }
}
