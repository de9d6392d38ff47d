import { expect, test } from 'vitest';
import { normalQuantile, RandomPurpose, randomUnit } from '../math/index.ts';
import { meanInterval, studentQuantile } from './mean-interval.ts';

test('the quantile is that of the tables', () => {
  const table = { 1: 12.7062, 2: 4.30265, 3: 3.18245, 4: 2.77645, 9: 2.26216, 19: 2.09302, 99: 1.98422 };
  for (const [degrees, quantile] of Object.entries(table)) {
    expect(Math.abs(studentQuantile(Number(degrees)) / quantile - 1)).toBeLessThan(0.0015);
  }
  expect(studentQuantile(1e9)).toBeCloseTo(1.959964, 6);
});

test('of 4000 samples of five normal numbers, 95 in a hundred have the true mean in their interval', () => {
  let covered = 0;
  for (let sample = 0; sample < 4000; sample++) {
    const draw = (k: number) => normalQuantile(randomUnit(1, RandomPurpose.search, sample, k));
    const { mean, half } = meanInterval([0, 1, 2, 3, 4].map((k) => 3 + 2 * draw(k)));
    if (Math.abs(mean - 3) <= half) covered++;
  }
  // three binomial standard deviations
  expect(Math.abs(covered / 4000 - 0.95)).toBeLessThan(0.0104);
});

test('one value has a mean and no interval', () => {
  expect(meanInterval([2])).toEqual({ mean: 2, half: Number.NaN });
});
