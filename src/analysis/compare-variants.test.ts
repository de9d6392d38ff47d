import { expect, test } from 'vitest';
import { compareVariants } from './compare-variants.ts';
import { readVariants } from './expectations.ts';

const variants = {
  variants: 1,
  name: 'two',
  measures: [{ id: 'hurt', what: 'hurt', shown: { persons: { type: 'person-injured' } } }],
  scenarios: [
    { file: 'a.json', what: 'as it is' },
    { file: 'b.json', what: 'other' },
  ],
  expect: [{ measure: 'hurt', of: 'b.json', below: 'a.json' }],
};
const read = (changes: object = {}) => readVariants(JSON.stringify({ ...variants, ...changes }));
const holds = (expectation: object, found: readonly (readonly (number | null)[])[]) =>
  compareVariants(
    read({ expect: [expectation] }).variants!,
    found.map((values) => [values]),
  ).verdicts[0]!.holds;

test('one scenario is below another where the interval of the difference, seed by seed, lies below 0', () => {
  const less = { measure: 'hurt', of: 'b.json', below: 'a.json' };
  const seeds = [10, 20, 30, 40, 50];
  // seeds differ much more than the scenarios do
  expect(holds(less, [seeds, seeds.map((value) => value - 1)])).toBe(true);
  expect(holds(less, [seeds, seeds])).toBe(false);
  expect(holds(less, [seeds, seeds.map((value, k) => value + (k % 2 === 0 ? 1 : -2))])).toBe(false);
  // differences −3, −1, −2: mean −2, s 1, half width 4.303 / √3 = 2.48
  expect(
    holds(less, [
      [5, 5, 5],
      [2, 4, 3],
    ]),
  ).toBe(false);
  // −3, −1, −2, −2: s 0.816, half width 3.182 · 0.408 = 1.30
  expect(
    holds(less, [
      [5, 5, 5, 5],
      [2, 4, 3, 3],
    ]),
  ).toBe(true);
});

test('seeds that gave nothing are left out of means and count against what must always be', () => {
  const { rows } = compareVariants(read().variants!, [[[2, null, 4]], [[null, null, null]]]);
  expect(rows[0]!.cells[0]).toMatchObject({ count: 2, mean: 3, median: 3, min: 2, max: 4 });
  expect(rows[1]!.cells[0]).toMatchObject({ count: 0, mean: null, half: null });
  const always = { measure: 'hurt', of: 'a.json', always: { least: 0 } };
  expect(holds(always, [[0, 1], []])).toBe(true);
  expect(holds(always, [[0, null], []])).toBe(false);
});

test('a median is judged by its bounds', () => {
  const none = { measure: 'hurt', of: 'a.json', median: { most: 0 } };
  expect(holds(none, [[0, 0, 7], []])).toBe(true);
  expect(holds(none, [[0, 1, 1], []])).toBe(false);
});

test('names that nothing has are all told at once', () => {
  const { issues } = read({ expect: [{ measure: 'harm', of: 'c.json', below: 'd.json' }] });
  expect(issues.map(({ code, path }) => [code, path])).toEqual([
    ['unknown-measure', 'expect[0].measure'],
    ['unknown-scenario', 'expect[0].of'],
    ['unknown-scenario', 'expect[0].below'],
  ]);
});
