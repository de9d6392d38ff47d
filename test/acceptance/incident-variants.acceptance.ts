import { expect, test } from 'vitest';
import { eventsOf, runScene, type SceneRun } from '../support/run-scene.ts';

const SEEDS = Array.from({ length: 20 }, (_, k) => k + 1);

/** Unconscious or dead at the fire exit. */
function crushed({ trace }: SceneRun): number {
  const hurt = [...eventsOf(trace, 'person-unconscious'), ...eventsOf(trace, 'person-dead')];
  return new Set(hurt.filter(({ portal, x }) => portal === 'fire exit' || x > 39.5).map(({ person }) => person)).size;
}

/** From the first cage opened to the last [s]. */
function openingTime({ trace }: SceneRun): number {
  const locks = eventsOf(trace, 'lock-released').filter(({ door }) => door.includes('cage'));
  expect(locks.length).toBe(20);
  return locks[19].t - locks[0].t;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const median = (values: readonly number[]) => {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
};
/** Half width of the 95 % interval of a mean of twenty, by Student's t with 19 degrees of freedom. */
function halfWidth(values: readonly number[]): number {
  const centre = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
  return 2.093 * Math.sqrt(variance / values.length);
}

test('unchaining the fire exit, more keys, a console and a guide each do what they are for', () => {
  const rows = ['', '-unchained', '-keys-duplicated', '-gang-release', '-guide', '-nobody-comes'].map((variant) => {
    const runs = SEEDS.map((seed) => runScene(`factory-breakout/incident${variant}.json`, seed));
    return { variant, crushed: runs.map(crushed), opening: runs.map(openingTime) };
  });
  console.log(
    rows
      .map(
        ({ variant, crushed: hurt, opening }) =>
          `incident${variant}: crushed at the fire exit ${mean(hurt).toFixed(2)} ± ${halfWidth(hurt).toFixed(2)} (median ${median(hurt)}, ${Math.min(...hurt)} … ${Math.max(...hurt)}), first to last cage ${mean(opening).toFixed(1)} ± ${halfWidth(opening).toFixed(1)} s`,
      )
      .join('\n'),
  );
  const [base, unchained, keys, gang, guide] = rows;
  expect(median(base.crushed)).toBeGreaterThan(0);
  expect(Math.max(...unchained.crushed)).toBe(0);
  expect(mean(keys.opening)).toBeLessThan(mean(base.opening));
  expect(mean(gang.opening)).toBeLessThan(mean(keys.opening));
  expect(mean(guide.crushed)).toBeLessThan(mean(base.crushed));
}, 900_000);
