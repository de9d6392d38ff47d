import { expect, test } from 'vitest';
import { exactLog, normalCumulative } from '../math/index.ts';
import { type Profile, profileSchema } from '../scenario/index.ts';
import { drawDistribution, truncatedNormal } from './draw-distribution.ts';
import { drawPerson } from './draw-person.ts';

const COUNT = 20_000;

function momentsOf(values: readonly number[]): { mean: number; sd: number } {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return { mean, sd: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length) };
}

/** Largest distance between the empirical and the given distribution function (Kolmogorov–Smirnov). */
function distanceOf(values: readonly number[], cumulative: (x: number) => number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.max(...sorted.map((v, i) => Math.abs(cumulative(v) - (i + 0.5) / sorted.length)));
}

const draws = (distribution: Parameters<typeof drawDistribution>[0]): number[] =>
  Array.from({ length: COUNT }, (_, i) => drawDistribution(distribution, 3, 99, i));

// 0.1 % critical value of Kolmogorov–Smirnov.
const CRITICAL = 1.95 / Math.sqrt(COUNT);

test('each distribution is drawn as its own distribution function says', () => {
  const normal = (x: number) => normalCumulative((x - 2) / 0.5);
  expect(distanceOf(draws({ distribution: 'normal', mean: 2, sd: 0.5 }), normal)).toBeLessThan(CRITICAL);
  expect(
    distanceOf(
      draws({ distribution: 'normal', mean: 2, sd: 0.5, min: 1.8, max: 3 }),
      (x) => (normal(x) - normal(1.8)) / (normal(3) - normal(1.8)),
    ),
  ).toBeLessThan(CRITICAL);
  expect(
    distanceOf(draws({ distribution: 'lognormal', median: 60, sigma: 0.4 }), (x) =>
      normalCumulative(exactLog(x / 60) / 0.4),
    ),
  ).toBeLessThan(CRITICAL);
  expect(
    distanceOf(draws({ distribution: 'weibull', scale: 30, shape: 1.5 }), (x) => 1 - Math.exp(-((x / 30) ** 1.5))),
  ).toBeLessThan(CRITICAL);
  // Gamma of shape 2: closed form 1 − (1 + x/θ) exp(−x/θ); of shape ½: the square of a normal.
  expect(
    distanceOf(draws({ distribution: 'gamma', shape: 2, scale: 5 }), (x) => 1 - (1 + x / 5) * Math.exp(-x / 5)),
  ).toBeLessThan(CRITICAL);
  expect(
    distanceOf(draws({ distribution: 'gamma', shape: 0.5, scale: 2 }), (x) => 2 * normalCumulative(Math.sqrt(x)) - 1),
  ).toBeLessThan(CRITICAL);
  expect(distanceOf(draws({ distribution: 'uniform', min: 2, max: 6 }), (x) => (x - 2) / 4)).toBeLessThan(CRITICAL);
});

test('every draw lies between min and max, far tails too', () => {
  const cases = [
    { distribution: 'normal', mean: 0, sd: 1, min: 6, max: 7 },
    { distribution: 'normal', mean: 0, sd: 1, min: -7, max: -6 },
    { distribution: 'lognormal', median: 10, sigma: 0.5, min: 40, max: 50 },
    { distribution: 'weibull', scale: 10, shape: 2, min: 12, max: 13 },
    { distribution: 'gamma', shape: 2, scale: 3, min: 30, max: 31 },
  ] as const;
  for (const distribution of cases) {
    for (let i = 0; i < 500; i++) {
      const value = drawDistribution(distribution, 1, 2, i);
      expect(value).toBeGreaterThanOrEqual(distribution.min);
      expect(value).toBeLessThanOrEqual(distribution.max);
    }
  }
  expect(truncatedNormal(6, 7)(0.5)).toBeCloseTo(-truncatedNormal(-7, -6)(0.5), 9);
});

test.each([
  ['men', 0.189, 0.014, 85.5, 14.2, 1],
  ['women', 0.176, 0.014, 67.8, 11, 0.75],
  ['children', 0.145, 0.012, 35, 9, 0.45],
] as const)(
  'bodies of %s have the radius, mass, correlation and susceptibility of their table',
  (table, r, rSd, m, mSd, s) => {
    const profile: Profile = profileSchema.parse({ id: 'x', body: { table } });
    const persons = Array.from({ length: COUNT }, (_, i) => drawPerson(profile, 5, i));
    const radius = momentsOf(persons.map((p) => p.radius));
    const mass = momentsOf(persons.map((p) => p.mass));
    // A normal cut at ± 2.5 sd keeps 0.9535 of its spread.
    expect(radius.mean).toBeCloseTo(r, 3);
    expect(radius.sd / (0.9535 * rSd)).toBeCloseTo(1, 1);
    expect(mass.mean / m).toBeCloseTo(1, 2);
    expect(mass.sd / (0.9535 * mSd)).toBeCloseTo(1, 1);
    const covariance =
      persons.reduce((sum, p) => sum + (p.radius - radius.mean) * (p.mass - mass.mean), 0) /
      COUNT /
      (radius.sd * mass.sd);
    expect(covariance).toBeCloseTo(0.87, 1);
    for (const p of persons) expect(Math.abs(p.radius - r)).toBeLessThanOrEqual(2.5 * rSd + 1e-12);
    const sorted = persons.map((p) => p.susceptibility).sort((a, b) => a - b);
    expect(sorted[COUNT / 2] / s).toBeCloseTo(1, 1);
  },
);

test('adults are half men, half women', () => {
  const profile = profileSchema.parse({ id: 'x', body: { table: 'adults' } });
  const persons = Array.from({ length: COUNT }, (_, i) => drawPerson(profile, 5, i));
  expect(momentsOf(persons.map((p) => p.mass)).mean).toBeCloseTo((85.5 + 67.8) / 2, -0.5);
  expect(momentsOf(persons.map((p) => p.radius)).mean).toBeCloseTo((0.189 + 0.176) / 2, 3);
});

test('a person depends on the seed and their index alone', () => {
  const profile = profileSchema.parse({ id: 'x' });
  expect(drawPerson(profile, 5, 17)).toEqual(drawPerson(profile, 5, 17));
  expect(drawPerson(profile, 5, 17)).not.toEqual(drawPerson(profile, 5, 18));
  expect(drawPerson(profile, 6, 17)).not.toEqual(drawPerson(profile, 5, 17));
});
