import { expect, test } from 'vitest';
import type { World } from '../world/index.ts';
import { chooseWays } from './choose-ways.ts';
import type { Engine } from './engine.ts';
import { makeScenario, makeWorld } from './run.test-support.ts';
import { createEngine } from './run.ts';
import { senseWays } from './sense-ways.ts';

/** One person in a hall of 12 × 6 m cut by a wall at x = 6, with a gap of 0.3 m at y = 0 and one of 1 m at y = 5. */
function standAt(x: number, y: number): { engine: Engine; world: World } {
  const world = makeWorld(
    makeScenario({
      levels: [
        {
          id: 'hall',
          outlines: [
            [
              [0, 0],
              [12, 0],
              [12, 6],
              [0, 6],
            ],
          ],
          walls: [
            {
              path: [
                [6, 0.3],
                [6, 5],
              ],
              thickness: 0.2,
            },
          ],
        },
      ],
      exits: [
        {
          id: 'out',
          level: 'hall',
          line: [
            [12, 0],
            [12, 1],
          ],
        },
      ],
      profiles: [{ id: 'disc', body: { radius: 0.19, mass: 75 } }],
      populations: [{ id: 'one', level: 'hall', position: [1, 0.5], profile: 'disc' }],
    }),
  );
  const engine = createEngine(world, 1, () => undefined);
  const { persons } = world.views;
  persons.x[0] = x - world.origin[0];
  persons.y[0] = y - world.origin[1];
  persons.state[0] = 1;
  persons.rethink[0] = 1;
  chooseWays(engine);
  return { engine, world };
}

/** What they want after having been blocked for `blocked` seconds, at each of ten decisions. */
function wantsOver(x: number, y: number, blocked: number, radius: number): string[] {
  const { engine, world } = standAt(x, y);
  senseWays(engine);
  return Array.from({ length: 10 }, () => {
    const { persons, clock } = world.views;
    persons.blockedTime[0] = blocked;
    persons.radius[0] = radius;
    persons.packing[0] = 1;
    clock.tick[0]++;
    senseWays(engine);
    return `${world.views.persons.wantX[0].toFixed(4)} ${world.views.persons.wantY[0].toFixed(4)}`;
  });
}

test('who is blocked in a nook of the walls looks for a free step twice a second and keeps to it in between', () => {
  // the way goes round the end of the wall, closer than the body can
  const [x, y] = [5.75, 4.85];
  const calm = wantsOver(x, y, 0, 0.25);
  expect(new Set(calm).size).toBe(1);
  const stuck = wantsOver(x, y, 5, 0.25);
  const found = stuck[9];
  expect(found).not.toBe(calm[0]);
  // tick 1 … 4 as before, from tick 5 on the step found
  expect(stuck).toEqual([...Array(4).fill(calm[0]), ...Array(6).fill(found)]);
});

test('who is blocked by people only, along a wall or away from walls, goes on by the field', () => {
  for (const [x, y] of [
    [3, 3],
    [5.72, 3],
    [11, 3],
  ]) {
    expect(wantsOver(x, y, 5, 0.19)).toEqual(wantsOver(x, y, 0, 0.19));
  }
});
