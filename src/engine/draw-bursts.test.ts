import { expect, test } from 'vitest';
import { drawBursts } from './draw-bursts.ts';
import { makeScenario, makeWorld } from './run.test-support.ts';
import { createEngine } from './run.ts';

/** Share of the time in which each of many persons pushes, over three minutes. */
function sharesOf(motivation: number): { shares: number[]; forces: Set<number> } {
  const square: [number, number][] = [
    [0, 0],
    [30, 0],
    [30, 30],
    [0, 30],
  ];
  const scenario = makeScenario({
    levels: [{ id: 'ground', outlines: [square] }],
    exits: [
      {
        id: 'out',
        level: 'ground',
        line: [
          [30, 10],
          [30, 20],
        ],
      },
    ],
    profiles: [{ id: 'crowd', motivation, body: { radius: 0.19, mass: 76 } }],
    populations: [{ id: 'crowd', level: 'ground', count: 200, profile: 'crowd' }],
  });
  const world = makeWorld(scenario);
  const engine = createEngine(world, 1, () => undefined);
  const { persons, clock } = world.views;
  const pushing = new Array<number>(world.personCount).fill(0);
  const forces = new Set<number>();
  for (let tick = 0; tick < 1830; tick++) {
    clock.tick[0] = tick;
    drawBursts(engine);
    if (tick < 30) continue;
    for (let i = 0; i < world.personCount; i++) {
      forces.add(persons.push[i]);
      if (persons.push[i] > 0) pushing[i]++;
    }
  }
  return { shares: pushing.map((ticks) => ticks / 1800), forces };
}

test('hurried people push 100 N for 45 % of the time, each in bursts of their own', () => {
  const { shares, forces } = sharesOf(0.5);
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  // 200 persons × 60 draws: standard error 0.0045
  expect(Math.abs(mean - 0.45)).toBeLessThan(0.0176);
  expect([...forces].sort((a, b) => a - b)).toEqual([0, 100]);
  expect(new Set(shares).size).toBeGreaterThan(10);
});

test('desperate people push all the time', () => {
  const { shares, forces } = sharesOf(1);
  expect(Math.min(...shares)).toBe(1);
  expect([...forces]).toEqual([300]);
});
