import { Belief } from '../world/index.ts';
import { DECISIONS_PER_SECOND, type Engine, setBelief, timeNow } from './engine.ts';
import { RETHINK } from './set-door.ts';

/** By what a belief changes. */
export type LearntBy = 'sign' | 'sight' | 'touch' | 'word';

export const BELIEF_WORDS = ['unknown', 'open', 'locked'] as const;

/**
 * A person holds something else true of a portal from now on: the belief, when it was learnt (where people talk), the trace, and a
 * new choice of their way. Nothing where they hold it already, but it counts as learnt now.
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
  if (groups.word !== undefined) {
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
