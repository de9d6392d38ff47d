import { expect, test } from 'vitest';
import { PersonHarm, PersonPosture, PersonState } from '../world/index.ts';
import { makeScenario, makeWorld, memorySink } from './run.test-support.ts';
import { createRun } from './run.ts';

type Place = [number, number];

/** A room, a passage 0.8 m wide and 1 m long from x = 0, and the exit at its end. */
function makePassage(count: number) {
  const outline: Place[] = [
    [-4, -2],
    [0, -2],
    [0, -0.4],
    [1, -0.4],
    [1, 0.4],
    [0, 0.4],
    [0, 2],
    [-4, 2],
  ];
  return makeScenario({
    levels: [{ id: 'ground', outlines: [outline] }],
    exits: [
      {
        id: 'out',
        level: 'ground',
        line: [
          [1, -0.4],
          [1, 0.4],
        ],
      },
    ],
    profiles: [{ id: 'desperate', motivation: 1, patience: 3600, body: { radius: 0.19, mass: 75 } }],
    populations: [{ id: 'all', level: 'ground', count, profile: 'desperate' }],
    settings: { end: { time: 60, stalled: 60 } },
  });
}

/** Bodies that fill the passage and its mouth. */
const DEAD: readonly Place[] = [
  [-0.2, -0.87],
  [-0.15, 0.24],
  [-0.06, 0.12],
  [0.11, 0.18],
  [0.13, 0.21],
  [0.22, 0.17],
  [0.23, -0.21],
  [0.31, -0.18],
  [0.42, 0.06],
  [0.43, -0.2],
  [0.53, 0.21],
  [0.54, -0.05],
  [0.68, -0.22],
  [0.69, 0.2],
];

// They walked round bodies that filled the way, pushed for a tenth of a second when that had held them for one, and so on for good.
test('two people at the sides of a passage full of bodies get over them', () => {
  const walkers: readonly Place[] = [
    [-0.25, -0.45],
    [-0.18, 0.48],
  ];
  const world = makeWorld(makePassage(DEAD.length + walkers.length));
  const run = createRun(world, { sink: memorySink() });
  const { persons, clock } = world.views;
  [...DEAD, ...walkers].forEach(([x, y], i) => {
    persons.x[i] = x - world.origin[0];
    persons.y[i] = y - world.origin[1];
    if (i >= DEAD.length) return;
    persons.harm[i] = PersonHarm.dead;
    persons.dose[i] = 1;
    persons.posture[i] = PersonPosture.lying;
    persons.leanX[i] = 0.001;
    clock.lyingCount[0]++;
  });
  while (!run.advance(10));
  const out = walkers.map((_, k) => persons.state[DEAD.length + k]);
  expect(out).toEqual([PersonState.out, PersonState.out]);
});
