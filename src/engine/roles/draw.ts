import { RandomPurpose, randomUnit } from '../../math/index.ts';
import { type Distribution, drawDistribution } from '../../world/index.ts';
import { DECISIONS_PER_SECOND, type Engine } from '../engine.ts';

/** Decision intervals in a time [s], one at least. */
export function ticksOf(seconds: number): number {
  return Math.max(1, Math.round(seconds * DECISIONS_PER_SECOND));
}

/** One number of two for a draw: who or what draws, and the how-manieth draw of theirs. */
export function drawIndex(subject: number, draw: number): number {
  return (subject ^ Math.imul(draw, 0x9e37_79b1)) >>> 0;
}

/** A number from a distribution for an actor; each draw is another one. */
export function drawForActor(engine: Engine, actor: number, person: number, distribution: Distribution): number {
  const { draws } = engine.world.views.groups.actors!;
  return drawDistribution(distribution, engine.seed, RandomPurpose.action, drawIndex(person, draws[actor]++));
}

/** A number of 0 … 1 for an actor and a purpose; each draw is another one. */
export function unitForActor(engine: Engine, actor: number, person: number, purpose: number): number {
  const { draws } = engine.world.views.groups.actors!;
  return randomUnit(engine.seed, purpose, person, draws[actor]++);
}
