import { expect, test } from 'vitest';
import type { TraceEvent } from '../trace/index.ts';
import { measureReleases } from './releases.ts';
import { makeHeader, makeTrajectory } from './synthetic-trace.test-support.ts';

const header = makeHeader({
  scenario: {
    doors: [{ id: 'a', state: 'locked' }, { id: 'b', state: 'locked' }, { id: 'c', state: 'chained' }, { id: 'd' }],
  },
});
const release = (t: number, door: string, person: number, seconds: number): TraceEvent => ({
  t,
  type: 'lock-released',
  door,
  person,
  how: 'key',
  seconds,
});
const measure = (events: readonly TraceEvent[]) =>
  measureReleases({ header, trajectory: makeTrajectory(10, []), events, damage: [] });

test('of each lock the work and the walk before it are told, of each person how many and the means', () => {
  const events: TraceEvent[] = [
    release(10, 'a', 0, 4),
    { t: 10, type: 'door-opened', door: 'a', by: 'person', person: 0 },
    release(20, 'b', 0, 6),
    { t: 20, type: 'door-opened', door: 'b', by: 'person', person: 0 },
  ];
  expect(measure(events)).toMatchObject({
    releases: [
      { door: 'a', work: 4, walk: null },
      { door: 'b', work: 6, walk: 4 },
    ],
    releasers: [{ person: 0, locks: 2, first: 10, last: 20, workMean: 5, walkMean: 4 }],
    first: 10,
    last: 20,
    lastDoor: 'b',
    neverReleased: ['c'],
    failedAttempts: 0,
  });
});

test('locks released at once by a console have no walk between them', () => {
  const measured = measure([release(10, 'a', 0, 3), release(10, 'b', 0, 3)]);
  expect(measured?.releases.map(({ walk }) => walk)).toEqual([null, null]);
  expect(measured?.releasers[0].walkMean).toBeNull();
});

test('a run in which nobody touched a lock has no such measure', () => {
  expect(measure([])).toBeNull();
});
