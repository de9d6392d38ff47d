import { expect, test } from 'vitest';
import { chanceOfHurt, chanceToDie, dropOutcome, freeFall } from './drop-injury.ts';

test('the chance to die is that of the log-logistic law: half at 14.6 m, 0.2 % at 3 m, 3 % at 6 m, 19 % at 10 m', () => {
  expect(chanceToDie(14.6)).toBeCloseTo(0.5, 12);
  expect(chanceToDie(25.6)).toBeCloseTo(0.9, 2);
  expect(chanceToDie(3)).toBeCloseTo(0.002, 3);
  expect(chanceToDie(6)).toBeCloseTo(0.03, 2);
  expect(chanceToDie(10)).toBeCloseTo(0.19, 2);
  expect(chanceToDie(0)).toBe(0);
});

test('the chance of being hurt is 3, 16, 30, 50, 84 % at 1, 2, 2.5, 3, 4 m; less for who hung first or lands on somebody', () => {
  for (const [height, share] of [
    [1, 0.03],
    [2, 0.16],
    [2.5, 0.3],
    [3, 0.5],
    [4, 0.84],
  ] as const) {
    expect(chanceOfHurt(height, false, false)).toBeCloseTo(share, 2);
    expect(chanceOfHurt(height, true, false)).toBeCloseTo(0.6 * chanceOfHurt(height, false, false), 12);
    expect(chanceOfHurt(height, false, true)).toBeCloseTo(0.3 * chanceOfHurt(height, false, false), 12);
  }
});

test('hanging by the hands takes 2 m off the fall, never more than there is', () => {
  expect(freeFall(3.4, false)).toBe(3.4);
  expect(freeFall(3.4, true)).toBeCloseTo(1.4, 12);
  expect(freeFall(1.5, true)).toBe(0);
});

test('outcomes share the unit cube as the chances say', () => {
  const n = 40;
  const counts: Record<string, number> = {};
  for (let a = 0; a < n; a++)
    for (let b = 0; b < n; b++)
      for (let c = 0; c < n; c++) {
        const outcome = dropOutcome(10, false, false, [(a + 0.5) / n, (b + 0.5) / n, (c + 0.5) / n]);
        counts[outcome] = (counts[outcome] ?? 0) + 1;
      }
  const total = n * n * n;
  expect(Math.abs(counts.dead / total - chanceToDie(10))).toBeLessThan(1 / n);
  expect(Math.abs(counts.limping / (total - counts.dead) - 0.5)).toBeLessThan(2 / n);
  expect(Math.abs(counts.crawling / (total - counts.dead) - 0.4)).toBeLessThan(2 / n);
});
