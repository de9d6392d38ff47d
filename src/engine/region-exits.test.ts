import { expect, test } from 'vitest';
import { compileWorld, PersonState } from '../world/index.ts';
import { makeScenario } from './run.test-support.ts';
import { createEngine } from './run.ts';
import { watchPersons } from './watch-persons.ts';

/*
 * Caught: the kernel looked for whether an exit is a region in rows of another length than they have, so that behind the first portal it
 * read another number, and who stood still in a region might not be looked at, and so not be out.
 */
test('whoever is about to come into the region of an exit is looked at, whichever exit it is', () => {
  const exits = Array.from({ length: 6 }, (_, k) => ({
    id: `exit ${k}`,
    level: 'ground',
    polygon: square(12, 2 * k, 14, 2 * k + 1),
  }));
  const scenario = makeScenario({
    levels: [{ id: 'ground', outlines: [square(0, 0, 16, 12)] }],
    exits,
    populations: [{ id: 'one', level: 'ground', position: [8, 4] }],
  });
  const { world } = compileWorld(scenario, { seed: 1 });
  if (world === undefined) throw new Error('no world');
  const engine = createEngine(world, 1, () => undefined);
  const { persons } = world.views;
  persons.state[0] = PersonState.walking;
  for (const { index } of world.portals) {
    persons.portal[0] = index;
    const isLookedAt = (potential: number) => {
      persons.potential[0] = potential;
      watchPersons(engine);
      return engine.scratch.watchedCount === 1;
    };
    expect(isLookedAt(5)).toBe(false);
    expect(isLookedAt(0.5)).toBe(true);
  }
  expect(world.portals).toHaveLength(exits.length);
});

function square(x0: number, y0: number, x1: number, y1: number): [number, number][] {
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
}
