import { expect, test } from 'vitest';
import { makeScenario, makeWorld, memorySink } from '../run.test-support.ts';
import { createRun } from '../run.ts';
import { createCast } from './cast.ts';
import { distanceBetween, findPerson, isThere } from './find-person.ts';

test('in a crowd the same person is found by squares as by looking at everybody', () => {
  const world = makeWorld(
    makeScenario({
      levels: [
        {
          id: 'ground',
          outlines: [
            [
              [0, 0],
              [40, 0],
              [40, 30],
              [0, 30],
            ],
          ],
        },
        {
          id: 'up',
          elevation: 3,
          outlines: [
            [
              [0, 0],
              [40, 0],
              [40, 10],
              [0, 10],
            ],
          ],
        },
      ],
      exits: [
        {
          id: 'out',
          level: 'ground',
          line: [
            [0, 1],
            [0, 29],
          ],
        },
        {
          id: 'bridge',
          level: 'up',
          line: [
            [40, 1],
            [40, 9],
          ],
        },
      ],
      populations: [
        { id: 'seekers', level: 'ground', count: 12, role: 'helper' },
        { id: 'red', level: 'ground', count: 300 },
        { id: 'blue', level: 'up', count: 150 },
      ],
      settings: { end: { time: 5 } },
    }),
  );
  const run = createRun(world, { sink: memorySink() });
  run.advance(20);
  const cast = createCast(world)!;
  const engine = { world } as Parameters<typeof findPerson>[0];
  const { population } = world.views.persons;
  for (let actor = 0; actor < cast.persons.length; actor++) {
    for (const [of, p] of [
      [undefined, -1],
      [['red'], 1],
      [['blue'], 2],
    ] as const) {
      for (const within of [1, 6, undefined]) {
        let best = -1;
        let least = within ?? 100;
        for (let other = 0; other < world.personCount; other++) {
          if (other === cast.persons[actor] || !isThere(world, other) || (p >= 0 && population[other] !== p)) continue;
          const distance = distanceBetween(world, cast.persons[actor], other);
          if (distance < least) {
            best = other;
            least = distance;
          }
        }
        const selector = { ...(of === undefined ? {} : { of: [...of] }), ...(within === undefined ? {} : { within }) };
        expect(findPerson(engine, cast, actor, selector), `${actor} ${of} ${within}`).toBe(best);
      }
    }
  }
});
