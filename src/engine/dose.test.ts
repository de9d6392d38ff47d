import { expect, test } from 'vitest';
import { DOSE, nextDose } from './dose.ts';

/** Time at which a constant load reaches a dose [s]. */
function timeTo(target: number, load: number, susceptibility = 1): number {
  let dose = 0;
  let steps = 0;
  while (dose < target && steps < 100_000) {
    dose = nextDose(dose, load, susceptibility, 0.1);
    steps++;
  }
  return steps / 10;
}

test('the two published points are met: 1112 N kills in 300 s, 6227 N in 15 s', () => {
  expect(timeTo(1, 1112)).toBeCloseTo(300, 0);
  expect(timeTo(1, 6227)).toBeGreaterThan(14.8);
  expect(timeTo(1, 6227)).toBeLessThan(15.3);
});

test('somebody under 1112 N faints after 30 s', () => {
  expect(timeTo(DOSE.unconscious, 1112)).toBeCloseTo(30, 0);
});

test('a load below 600 N never adds to the dose and lets it fall', () => {
  expect(nextDose(0.3, 599, 1, 0.1)).toBeCloseTo(0.3 - 0.1 / 120, 12);
  expect(nextDose(0, 599, 1, 0.1)).toBe(0);
});

test('beyond half the lethal dose nobody recovers by themselves', () => {
  expect(nextDose(0.6, 0, 1, 100)).toBe(0.6);
});

test('half the susceptibility is twice the load', () => {
  expect(nextDose(0, 800, 0.5, 0.1)).toBeCloseTo(nextDose(0, 1600, 1, 0.1), 12);
});
