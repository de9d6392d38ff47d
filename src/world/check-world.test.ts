import { expect, test } from 'vitest';
import { scenarioSchema } from '../scenario/index.ts';
import { compileWorld } from './index.ts';

test('a console or a thing beside the floor is told, with its place', () => {
  const { world, issues } = compileWorld(
    scenarioSchema.parse({
      crashbar: 1,
      name: 'test',
      levels: [
        {
          id: 'ground',
          outlines: [
            [
              [0, 0],
              [10, 0],
              [10, 5],
              [0, 5],
            ],
          ],
        },
      ],
      doors: [
        {
          id: 'door',
          level: 'ground',
          line: [
            [10, 2],
            [10, 3],
          ],
        },
      ],
      exits: [{ id: 'out', door: 'door' }],
      populations: [{ id: 'one', level: 'ground', position: [2, 2] }],
      consoles: [
        { id: 'on', level: 'ground', position: [1, 1], doors: ['door'] },
        { id: 'off', level: 'ground', position: [20, 1], doors: ['door'] },
      ],
      objects: [{ id: 'key', level: 'ground', position: [5, 9] }],
    }),
  );
  expect(world).toBeUndefined();
  expect(issues.map(({ code, path }) => [code, path])).toEqual([
    ['console-off-floor', 'consoles[1].position'],
    ['object-off-floor', 'objects[0].position'],
  ]);
});
