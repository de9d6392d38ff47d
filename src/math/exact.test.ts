import { expect, test } from 'vitest';
import {
  exactAtan2,
  exactCos,
  exactExp,
  exactLog,
  exactPow,
  exactSin,
  normalCumulative,
  normalQuantile,
  randomUnit,
} from './index.ts';

/** Distance of neighbouring f64 numbers at x. */
function ulp(x: number): number {
  const a = Math.abs(x);
  if (a < 2 ** -1022) return 2 ** -1074;
  const exponent = Math.floor(Math.log2(a));
  const step = 2 ** (exponent - 52);
  return a / step >= 2 ** 53 ? 2 * step : a / step < 2 ** 52 ? step / 2 : step;
}

/** Largest distance in ulp of ours from the host's over `count` arguments. */
function worst(
  count: number,
  argument: (u: number) => number,
  ours: (x: number) => number,
  host: (x: number) => number,
) {
  let largest = 0;
  for (let i = 0; i < count; i++) {
    const x = argument(randomUnit(5, 0, i, 0));
    const reference = host(x);
    const value = ours(x);
    if (value === reference) continue;
    const distance = Math.abs(value - reference) / ulp(reference);
    if (!(distance <= largest)) largest = distance;
  }
  return largest;
}

/** The same special value (NaN, ±0, ±∞), or within 2 ulp of a finite one. */
function expectSame(value: number, reference: number, name: string): void {
  if (Number.isFinite(reference) && reference !== 0) {
    expect(Math.abs(value - reference), name).toBeLessThanOrEqual(2 * ulp(reference));
  } else expect(value, name).toBe(reference);
}

const COUNT = 200_000;

test('exactExp is within 2 ulp of Math.exp on −745 … 709.7 and near 0', () => {
  expect(worst(COUNT, (u) => -745 + 1454.7 * u, exactExp, Math.exp)).toBeLessThanOrEqual(2);
  expect(worst(COUNT, (u) => 2 * u - 1, exactExp, Math.exp)).toBeLessThanOrEqual(2);
  expect(worst(COUNT, (u) => (2 * u - 1) * 1e-6, exactExp, Math.exp)).toBeLessThanOrEqual(2);
});

test('exactLog is within 2 ulp of Math.log over all magnitudes and near 1', () => {
  expect(worst(COUNT, (u) => 2 ** (2090 * u - 1070), exactLog, Math.log)).toBeLessThanOrEqual(2);
  expect(worst(COUNT, (u) => 0.5 + 1.5 * u, exactLog, Math.log)).toBeLessThanOrEqual(2);
  expect(worst(COUNT, (u) => 1 + (u - 0.5) * 1e-3, exactLog, Math.log)).toBeLessThanOrEqual(2);
});

test('exactSin and exactCos are within 2 ulp of Math.* for |x| ≤ 1e6', () => {
  for (const range of [1e-3, 1, 10, 1e3, 1e6]) {
    expect(
      worst(COUNT / 4, (u) => (2 * u - 1) * range, exactSin, Math.sin),
      `sin ${range}`,
    ).toBeLessThanOrEqual(2);
    expect(
      worst(COUNT / 4, (u) => (2 * u - 1) * range, exactCos, Math.cos),
      `cos ${range}`,
    ).toBeLessThanOrEqual(2);
  }
});

test('exactSin and exactCos keep their digits next to their zeros', () => {
  for (let n = 1; n < 20_000; n++) {
    const x = (n * Math.PI) / 2;
    for (const [ours, host] of [
      [exactSin, Math.sin],
      [exactCos, Math.cos],
    ] as const) {
      expect(Math.abs(ours(x) - host(x))).toBeLessThanOrEqual(2 * ulp(host(x)));
    }
  }
});

test('exactAtan2 is within 3 ulp of Math.atan2 in every direction and for all lengths', () => {
  let largest = 0;
  for (let i = 0; i < COUNT; i++) {
    const stretch = 2 ** (1200 * randomUnit(8, 0, i, 2) - 600);
    const y = (2 * randomUnit(8, 0, i, 0) - 1) * (i % 3 === 0 ? stretch : 1);
    const x = (2 * randomUnit(8, 0, i, 1) - 1) * (i % 5 === 0 ? stretch : 1);
    const reference = Math.atan2(y, x);
    largest = Math.max(largest, Math.abs(exactAtan2(y, x) - reference) / ulp(reference));
  }
  expect(largest).toBeLessThanOrEqual(3);
});

test('the special values are those of Math.*', () => {
  const special = [0, -0, 1, -1, 0.5, Infinity, -Infinity, NaN, 5e-324, 1.7976931348623157e308, -1e-310, 710, -746];
  for (const x of special) {
    expectSame(exactExp(x), Math.exp(x), `exp ${x}`);
    expectSame(exactLog(x), Math.log(x), `log ${x}`);
    if (!(Math.abs(x) > 1e6 && Math.abs(x) < Infinity)) {
      expectSame(exactSin(x), Math.sin(x), `sin ${x}`);
      expectSame(exactCos(x), Math.cos(x), `cos ${x}`);
    }
    for (const y of special) {
      expectSame(exactAtan2(y, x), Math.atan2(y, x), `atan2 ${y} ${x}`);
    }
  }
  expect(() => exactSin(1e7)).toThrow(/1e6/);
  for (const [x, y] of [
    [0, 0],
    [0, 0.5],
    [0, -0.5],
    [1, 1e300],
    [2, -1074],
    [Infinity, 0.5],
    [2, 2000],
    [-2, 3],
  ] as const) {
    expect(exactPow(x, y)).toBe(x ** y);
  }
  expect(exactPow(-2, 0.5)).toBeNaN();
});

test('exactPow stays within its stated relative error', () => {
  let largest = 0;
  for (let i = 0; i < COUNT; i++) {
    const x = 2 ** (40 * randomUnit(9, 0, i, 0) - 20);
    const y = i % 4 === 0 ? Math.floor(40 * randomUnit(9, 0, i, 1)) - 20 : 40 * randomUnit(9, 0, i, 1) - 20;
    const reference = x ** y;
    const allowed = Number.isInteger(y) ? 1.2e-16 * (Math.abs(y) + 1) : 2.3e-16 * (3 + Math.abs(y * Math.log(x)));
    // The host's own power is good to 1 ulp.
    largest = Math.max(largest, Math.abs(exactPow(x, y) / reference - 1) / (allowed + 2.3e-16));
  }
  expect(largest).toBeLessThanOrEqual(1);
});

// Summed to 900 decimal digits from the series x + x³/3 + x⁵/15 + …, then rounded to f64.
const NORMAL_TABLE: [number, number][] = [
  [-0.0625, 0.47508233097075275],
  [-0.5, 0.3085375387259869],
  [-0.99, 0.1610870595108309],
  [-1, 0.15865525393145705],
  [-1.5, 0.06680720126885807],
  [-2.25, 0.012224472655044703],
  [-2.99, 0.0013948872354922494],
  [-3, 0.0013498980316300946],
  [-3.5, 0.00023262907903552504],
  [-5, 2.866515718791939e-7],
  [-8.0625, 3.737487301113002e-16],
  [-12.3, 4.5287069561587846e-35],
  [-20, 2.7536241186062337e-89],
  [-30.7, 2.8458302208738193e-207],
  [-37.5, 4.605353009581955e-308],
  [0.3, 0.6179114221889527],
  [1, 0.8413447460685429],
  [2.5, 0.9937903346742238],
];

test('normalCumulative has a relative error below 1e-14, out to the far tail', () => {
  for (const [x, p] of NORMAL_TABLE) expect(Math.abs(normalCumulative(x) / p - 1), `${x}`).toBeLessThan(1e-14);
  expect(normalCumulative(0)).toBe(0.5);
  expect(normalCumulative(-Infinity)).toBe(0);
  expect(normalCumulative(Infinity)).toBe(1);
  for (let x = -9; x < 9; x += 0.01) {
    expect(Math.abs(normalCumulative(x) + normalCumulative(-x) - 1)).toBeLessThan(1e-15);
    // Both sides of the change of method too.
    expect(normalCumulative(x + 0.005)).toBeGreaterThanOrEqual(normalCumulative(x));
  }
});

test('normalQuantile inverts normalCumulative within 1e-15 + 1e-14 |z|', () => {
  for (const [x, p] of NORMAL_TABLE) {
    if (x < 0) expect(Math.abs(normalQuantile(p) - x), `${x}`).toBeLessThan(1e-15 + 1e-14 * Math.abs(x));
  }
  expect(normalQuantile(0.5)).toBe(0);
  for (let i = 0; i < 20_000; i++) {
    const p = randomUnit(3, 0, i, 0);
    expect(normalQuantile(p)).toBe(-normalQuantile(1 - p) || 0);
    const back = normalCumulative(normalQuantile(p));
    expect(Math.abs(back - p)).toBeLessThan(1e-15 + 4e-14 * Math.min(p, 1 - p));
  }
  expect(normalQuantile(0)).toBe(-Infinity);
  expect(normalQuantile(1)).toBe(Infinity);
  expect(normalQuantile(1.1)).toBeNaN();
});
