import { expect, test } from 'vitest';
import { createRun, hashState } from '../engine/index.ts';
import { prepareFields } from './prepare-fields.ts';
import { box, type SceneInput, worldOf } from './scenes.test-support.ts';
import { fieldCosts } from './travel-field.ts';

/** Two rooms and a corridor; the way out is through the corridor. */
const SCENE: SceneInput = {
  levels: [
    {
      id: 'g',
      outlines: [box(0, 0, 20, 10)],
      walls: [
        {
          path: [
            [0, 6],
            [20, 6],
          ],
        },
        {
          path: [
            [10, 6],
            [10, 10],
          ],
        },
      ],
    },
  ],
  doors: [
    {
      id: 'left',
      level: 'g',
      line: [
        [4, 6],
        [5.2, 6],
      ],
    },
    {
      id: 'right',
      level: 'g',
      line: [
        [14, 6],
        [15.2, 6],
      ],
    },
  ],
  exits: [
    {
      id: 'e',
      level: 'g',
      line: [
        [20, 1],
        [20, 3],
      ],
    },
  ],
  populations: [
    {
      id: 'p',
      level: 'g',
      polygon: box(0.5, 6.5, 9, 9.5),
      count: 12,
    },
  ],
};

test('a run with its fields prepared has the hashes of one that builds them when they are asked for', () => {
  const hashes = [false, true].map((prepared) => {
    const world = worldOf(SCENE);
    if (prepared) prepareFields(world);
    const built = fieldCosts(world).built;
    const run = createRun(world, { sink: { append: () => undefined } });
    const list: string[] = [];
    while (!run.advance(10)) list.push(hashState(world));
    const { result } = run.finish();
    expect(result.out).toBe(12);
    // Everything was there already: nothing is built during the run.
    if (prepared) expect(fieldCosts(world).built).toBe(built);
    else expect(built).toBe(0);
    return [...list, result.stateHash];
  });
  expect(hashes[1]).toEqual(hashes[0]);
});

test('fields are prepared area by area, first where persons are, and progress ends at the number of all', () => {
  const world = worldOf(SCENE);
  const told: [number, number][] = [];
  prepareFields(world, (done, total) => told.push([done, total]));
  const home = world.views.persons.area[0];
  expect(world.fields[0].area).toBe(home);
  // Room, corridor, other room: one, three and one portals.
  expect(told).toEqual([
    [1, 5],
    [4, 5],
    [5, 5],
  ]);
  expect(fieldCosts(world).built).toBe(5);
  prepareFields(world);
  expect(fieldCosts(world).built).toBe(5);
});
