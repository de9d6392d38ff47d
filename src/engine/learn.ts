import { Belief } from '../world/index.ts';
import { DECISIONS_PER_SECOND, type Engine, setBelief, timeNow } from './engine.ts';
import { moveTrust } from './feel.ts';
import { RETHINK } from './set-door.ts';

/** By what a belief changes. */
export type LearntBy = 'sign' | 'sight' | 'touch' | 'word';

export const BELIEF_WORDS = ['unknown', 'open', 'locked'] as const;

/**
 * A person holds something else true of a portal from now on: the belief, when it was learnt (where people talk), the trace, and a
 * new choice of their way. Nothing where they hold it already, but it counts as learnt now. What they were told and find out themselves moves
 * their trust. In scenarios without `behaviour` and roles, what is seen and touched changes the belief alone: no event, no new
 * choice.
 * @returns whether the belief changed.
 */
export function learn(
  engine: Engine,
  person: number,
  portal: number,
  belief: number,
  by: LearntBy,
  from?: number,
): boolean {
  const { world } = engine;
  const { beliefs, groups, persons, clock } = world.views;
  const at = person * world.portals.length + portal;
  if (by !== 'word' && world.scenario.behaviour === undefined && engine.cast === undefined) {
    setBelief(engine, person, portal, belief);
    return true;
  }
  if (groups.word !== undefined) {
    // what was hearsay is found true or false by one's own eyes and hands
    if (by !== 'word' && groups.word.hearsay[at] === 1) moveTrust(engine, person, beliefs[at] === belief);
    groups.word.hearsay[at] = by === 'word' ? 1 : 0;
    groups.word.learnt[at] = Math.min(65_535, Math.floor(clock.tick[0] / DECISIONS_PER_SECOND) + 1);
  }
  if (beliefs[at] === belief) return false;
  setBelief(engine, person, portal, belief);
  if (persons.rethink[person] === 0) persons.rethink[person] = RETHINK.learnt;
  engine.emit({
    t: timeNow(world),
    type: 'belief-changed',
    person,
    portal: world.portals[portal].id,
    belief: BELIEF_WORDS[belief],
    by,
    ...(from === undefined ? {} : { from }),
  });
  return true;
}

/** What a person holds true of a portal; one of `Belief`. */
export function beliefOf(engine: Engine, person: number, portal: number): number {
  return engine.world.views.beliefs[person * engine.world.portals.length + portal];
}

/** Whether somebody knows of an exit that they take for open. O(portals of exits). */
export function knowsAnExit(engine: Engine, person: number): boolean {
  const { exits } = engine.world;
  for (const { portals } of exits) {
    for (const portal of portals) if (beliefOf(engine, person, portal) === Belief.open) return true;
  }
  return false;
}

/** Who passes a portal that they were told is open has found it true. Before crossings are settled; O(persons watched), where people talk and feel. */
export function proveWords(engine: Engine): void {
  const { world, minds, scratch } = engine;
  const { word } = world.views.groups;
  if (word === undefined || minds.behaviour.inner === undefined) return;
  const { crossedA, crossedB } = world.views.persons;
  const prove = (person: number, mark: number): void => {
    const at = person * world.portals.length + Math.abs(mark) - 1;
    if (mark === 0 || word.hearsay[at] === 0) return;
    moveTrust(engine, person, world.views.beliefs[at] === Belief.open);
    word.hearsay[at] = 0;
  };
  for (let k = 0; k < scratch.watchedCount; k++) {
    const i = scratch.watched[k];
    prove(i, crossedA[i]);
    prove(i, crossedB[i]);
  }
}
