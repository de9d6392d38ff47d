import { expect, test } from 'vitest';
import { makeScenario, runToEnd } from './run.test-support.ts';

type Place = [number, number];

/** A hall of 12 × 12 m, packed but for a strip before its exit; nobody goes anywhere. */
function waitingCrowd(density: number, radius?: number) {
  const square: Place[] = [
    [0, 0],
    [12, 0],
    [12, 12],
    [0, 12],
  ];
  const back = square.map(([x, y]): Place => [Math.min(x, 11), y]);
  const body = radius === undefined ? {} : { body: { radius, mass: 75 } };
  return makeScenario({
    levels: [{ id: 'ground', outlines: [square] }],
    exits: [
      {
        id: 'way out',
        level: 'ground',
        line: [
          [12, 5],
          [12, 7],
        ],
      },
    ],
    profiles: [{ id: 'waiting', preMovement: 100, ...body }],
    populations: [{ id: 'crowd', level: 'ground', density, profile: 'waiting', polygon: back }],
    settings: { end: { time: 5 } },
  });
}

test.each([
  ['6 adults', 6, undefined],
  ['7 adults', 7, undefined],
  ['7.6 adults', 7.6, undefined],
  ['6.6 equal discs', 6.6, 0.2],
])('%s per square metre who wait stay where they were placed, and press nobody', (_, density, radius) => {
  const scenario = waitingCrowd(density, radius);
  let speed = 0;
  let load = 0;
  let from: Float32Array | undefined;
  const { world } = runToEnd(scenario, {}, ({ views: { persons }, personCount }) => {
    from ??= Float32Array.from(persons.x);
    for (let i = 0; i < personCount; i++) {
      speed = Math.max(speed, Math.sqrt(persons.vx[i] ** 2 + persons.vy[i] ** 2));
      load = Math.max(load, persons.chestLoadMax[i]);
    }
  });
  expect(world.personCount).toBe(Math.round(density * 11 * 12));
  // the overlap of 1 mm that packing allows, set free at once
  expect(speed).toBeLessThan(0.1);
  expect(load).toBeLessThan(150);
  const { x } = world.views.persons;
  for (let i = 0; i < world.personCount; i++) expect(Math.abs(x[i] - from![i])).toBeLessThan(0.1);
});
