import { expect, test } from 'vitest';
import { pushOf, speedFactorOf, timeGapOf } from './motivation.ts';

test('the three settings that the flows were measured with are met exactly', () => {
  expect([0, 0.5, 1].map(timeGapOf)).toEqual([0.87, 0.5, 0.12]);
  expect([0, 0.5, 1].map((motivation) => pushOf(motivation, 76))).toEqual([0, 100, 300]);
  expect(1.34 * speedFactorOf(0.5)).toBeCloseTo(1.8, 12);
  expect(1.34 * speedFactorOf(1)).toBeCloseTo(2.5, 12);
});

test('nobody pushes harder than the floor carries', () => {
  const strong = { calm: 0, hurried: 500, desperate: 1000 };
  for (const mass of [20, 40, 80]) expect(pushOf(1, mass, strong)).toBeCloseTo(0.5 * mass * 9.81, 12);
});

test('strength goes with mass: a child of half the mass pushes half as hard', () => {
  for (const motivation of [0.2, 0.5, 1]) {
    expect(pushOf(motivation, 38)).toBeCloseTo(pushOf(motivation, 76) / 2, 12);
  }
});

test('more motivation means a shorter gap, a harder push, a faster walk', () => {
  for (let k = 0; k < 100; k++) {
    expect(timeGapOf((k + 1) / 100)).toBeLessThan(timeGapOf(k / 100));
    expect(pushOf((k + 1) / 100, 80)).toBeGreaterThan(pushOf(k / 100, 80));
    expect(speedFactorOf((k + 1) / 100)).toBeGreaterThan(speedFactorOf(k / 100));
  }
});
