import { expect, test } from 'vitest';
import { eventsOf, runScene, type SceneRun } from '../support/run-scene.ts';

const SEEDS = Array.from({ length: 10 }, (_, k) => k + 1);
/** Of ten runs, where somebody is crushed in eight of ten, fewer than eight come by chance one time in three. */
const MANY_SEEDS = Array.from({ length: 40 }, (_, k) => k + 1);

/** Unconscious or dead within reach of the fire exit. */
function countCrushedAtFireExit({ trace }: SceneRun): number {
  const crushed = [...eventsOf(trace, 'person-unconscious'), ...eventsOf(trace, 'person-dead')];
  return new Set(crushed.filter((event) => event.portal === 'fire exit').map((event) => event.person)).size;
}

test('with the fire exit chained, people are crushed at it in at least eight of ten of forty seeds', () => {
  const runs = MANY_SEEDS.map((seed) => runScene('factory-breakout/scenario.json', seed));
  const crushed = runs.map(countCrushedAtFireExit);
  console.log(`chained, unconscious or dead at the fire exit, seeds 1 … 40: ${crushed.join(' ')}`);
  expect(crushed.filter((count) => count > 0).length).toBeGreaterThanOrEqual(0.8 * MANY_SEEDS.length);

  const byGarage = runs.map(({ trace }) => eventsOf(trace, 'person-out').filter(({ exit }) => exit === 'garage exit'));
  console.log(`chained, out by the garage: ${byGarage.map((out) => out.length).join(' ')} of 46`);
  for (const [k, { trace }] of runs.entries()) {
    const found = eventsOf(trace, 'door-found-locked').filter(({ door }) => door === 'fire door');
    expect(found.length).toBeGreaterThan(0);
    // Nobody leaves by a chained door, and nobody looks for the garage before anyone has found the door chained.
    expect(eventsOf(trace, 'person-out').every(({ exit }) => exit === 'garage exit')).toBe(true);
    expect(byGarage[k][0].t).toBeGreaterThan(found[0].t);
    expect(byGarage[k].length).toBeGreaterThanOrEqual(23);
  }
});

test('with the same door closed but not chained, all leave by it and nobody is hurt, in ten of ten seeds', () => {
  for (const seed of SEEDS) {
    const { result, trace } = runScene('factory-breakout/unchained.json', seed);
    expect(result).toMatchObject({ outcome: 'everyone-out', out: 46, injured: 0, unconscious: 0, dead: 0 });
    expect(eventsOf(trace, 'person-out').every(({ exit }) => exit === 'fire exit')).toBe(true);
  }
});

test('nobody leaves a cage before its door is unlocked', () => {
  const { trace } = runScene('factory-breakout/scenario.json', 1);
  const unlocked = new Map(eventsOf(trace, 'door-unlocked').map(({ door, t }) => [door, t]));
  expect(unlocked.size).toBe(20);
  const crossings = eventsOf(trace, 'portal-crossed').filter(({ portal }) => unlocked.has(portal));
  expect(new Set(crossings.map(({ person }) => person)).size).toBe(46);
  for (const { portal, t } of crossings) expect(t).toBeGreaterThanOrEqual(unlocked.get(portal)!);
});
