import { expect, test } from 'vitest';
import { eventsOf, runScene } from '../support/run-scene.ts';

const SEEDS = [1, 2, 3, 4, 5];

/** Time of the last lock released, with everybody out in the end. */
function lastRelease(file: string, seed: number): number {
  const { result, trace } = runScene(`detention-wing/${file}`, seed);
  expect(result.outcome).toBe('everyone-out');
  const released = eventsOf(trace, 'lock-released');
  expect(new Set(released.map(({ door }) => door)).size).toBe(25);
  return released[released.length - 1].t;
}

test('a second set of keys opens the last lock sooner, a console sooner still, in every seed', () => {
  const table = SEEDS.map((seed) =>
    ['scenario.json', 'two-officers.json', 'gang-release.json'].map((file) => lastRelease(file, seed)),
  );
  console.log(`last lock, one officer, two, console [s]: ${table.map((row) => row.join(' / ')).join(', ')}`);
  for (const [one, two, gang] of table) {
    expect(two).toBeLessThan(0.7 * one);
    expect(gang).toBeLessThan(0.5 * two);
  }
});

test('nobody leaves a cell before its lock is released', () => {
  const { trace } = runScene('detention-wing/scenario.json', 1);
  const released = new Map(eventsOf(trace, 'lock-released').map(({ door, t }) => [door, t]));
  const crossings = eventsOf(trace, 'portal-crossed').filter(({ portal }) => released.has(portal));
  expect(crossings.length).toBeGreaterThanOrEqual(36);
  for (const { portal, t } of crossings) expect(t).toBeGreaterThanOrEqual(released.get(portal)!);
});
