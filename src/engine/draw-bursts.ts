import { RandomPurpose, randomUnit } from '../math/index.ts';
import type { Engine } from './engine.ts';
import { pushOf, pushShareOf } from './motivation.ts';

/** Length of a burst of pushing, and of a rest from it [decision intervals]; people push for 2 … 5 s at a time. */
const BURST = 30;

/**
 * People push in bursts: every 3 s, staggered by id, each draws whether they push for the next 3 s, with the chance that their
 * motivation gives. What is drawn is the force in `push`, used while they are blocked. Costs a thirtieth of the persons each time.
 */
export function drawBursts({ world, seed, pushForces }: Engine): void {
  const { motivation, mass, push } = world.views.persons;
  const tick = world.views.clock.tick[0];
  for (let i = tick % BURST; i < world.personCount; i += BURST) {
    const force = pushOf(motivation[i], mass[i], pushForces);
    // the calm push with no force, whatever they draw
    const pushes = force > 0 && randomUnit(seed, RandomPurpose.pushBurst, i, tick) < pushShareOf(motivation[i]);
    push[i] = pushes ? force : 0;
  }
}
