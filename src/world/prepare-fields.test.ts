import { expect, test } from 'vitest';
import { createRun, hashState } from '../engine/index.ts';
import { prepareFields } from './prepare-fields.ts';
import { box, type SceneInput, worldOf } from './scenes.test-support.ts';
import { fieldCosts, travelField } from './travel-field.ts';

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

test('a run has the same hashes whether fields are built when it starts or before, in any order and more than it needs', () => {
  const hashes = [false, true].map((before) => {
    const world = worldOf(SCENE);
    if (before) {
      for (const { index, areas } of [...world.portals].reverse()) {
        for (const side of [1, 0]) if (areas[side] >= 0) travelField(world, index, side);
      }
    }
    const run = createRun(world, { sink: { append: () => undefined } });
    const { built } = fieldCosts(world);
    const list: string[] = [];
    while (!run.advance(10)) list.push(hashState(world));
    const { result } = run.finish();
    expect(result.out).toBe(12);
    // Everything was there at the start: nothing is built during the run.
    expect(fieldCosts(world).built).toBe(built);
    return [...list, result.stateHash];
  });
  expect(hashes[1]).toEqual(hashes[0]);
});

test('fields are prepared first where persons are, none to dead ends, and progress ends at the number of all', () => {
  const world = worldOf(SCENE);
  const told: [number, number][] = [];
  prepareFields(world, (done, total) => told.push([done, total]));
  expect(world.fields[0].area).toBe(world.views.persons.area[0]);
  // Each room to its door, the corridor to the exit; nobody goes from the corridor into a room to get out.
  expect(told).toEqual([
    [1, 3],
    [2, 3],
    [3, 3],
  ]);
  expect(fieldCosts(world).built).toBe(3);
  prepareFields(world);
  expect(fieldCosts(world).built).toBe(3);
});
