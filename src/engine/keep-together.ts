import { PersonHarm, PersonState } from '../world/index.ts';
import type { Engine } from './engine.ts';

/**
 * Populations that stay together: nobody sets out before all have started, who is farther ahead of the last than the scenario allows waits,
 * and who is more than half of that ahead walks no faster than the slowest. Ahead is by the way left to the exit. Who is unconscious or dead is left.
 */
export function keepTogether({ world }: Engine): void {
  const { populations } = world.scenario;
  for (let p = 0; p < populations.length; p++) {
    const { together } = populations[p];
    if (together === undefined) continue;
    const { population, state, harm, posture, portal, potential, levelSpeed, wishSpeed } = world.views.persons;
    let farthest = 0;
    let slowest = Infinity;
    let waits = false;
    for (let i = 0; i < world.personCount; i++) {
      if (population[i] !== p || harm[i] >= PersonHarm.unconscious) continue;
      if (state[i] === PersonState.waiting || (state[i] === PersonState.walking && posture[i] !== 0)) waits = true;
      if (state[i] !== PersonState.walking || portal[i] < 0) continue;
      farthest = Math.max(farthest, potential[i]);
      slowest = Math.min(slowest, levelSpeed[i]);
    }
    for (let i = 0; i < world.personCount; i++) {
      if (population[i] !== p || state[i] !== PersonState.walking || portal[i] < 0) continue;
      const ahead = farthest - potential[i];
      if (waits || ahead > together) wishSpeed[i] = 0;
      else if (ahead > together / 2) wishSpeed[i] = Math.min(wishSpeed[i], slowest);
    }
  }
}
