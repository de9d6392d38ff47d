import { expect, test } from 'vitest';
import type { ScenarioInput } from '../../scenario/index.ts';
import type { TraceEvent } from '../../trace/index.ts';
import { compileWorld } from '../../world/index.ts';
import { makeScenario, runToEnd } from '../run.test-support.ts';
import { hall } from './hall.test-support.ts';

const PATCH: [number, number][] = [
  [1, 1],
  [5, 1],
  [5, 9],
  [1, 9],
];

type Population = NonNullable<ScenarioInput['populations']>[number];

function entering(population: Partial<Population>, more: Partial<ScenarioInput> = {}) {
  const populations = [{ id: 'all', level: 'g', polygon: PATCH, profile: 'p', ...population }];
  return makeScenario(hall({ populations, ...more }));
}

const arrivalsOf = (events: readonly TraceEvent[]) =>
  events.filter((e): e is Extract<TraceEvent, { type: 'person-arrived' }> => e.type === 'person-arrived');

test('persons come at the times of a list, in order, inside their region, and get out', () => {
  const times = [3, 3.25, 40, 200.1];
  const { events, result } = runToEnd(entering({ arrives: { times } }));
  const arrivals = arrivalsOf(events);
  expect(arrivals.map(({ t }) => t)).toEqual([3, 3.3, 40, 200.1]);
  expect(arrivals.map(({ person }) => person)).toEqual([0, 1, 2, 3]);
  for (const { x, y } of arrivals) {
    expect(x).toBeGreaterThanOrEqual(1);
    expect(x).toBeLessThanOrEqual(5);
    expect(y).toBeGreaterThanOrEqual(1);
    expect(y).toBeLessThanOrEqual(9);
  }
  expect([result.outcome, result.out]).toEqual(['everyone-out', 4]);
});

test('a schedule spreads each count evenly over its time', () => {
  const { events } = runToEnd(
    entering({
      arrives: {
        schedule: [
          { from: 10, to: 20, count: 5 },
          { from: 30, to: 30, count: 3 },
        ],
      },
    }),
  );
  expect(arrivalsOf(events).map(({ t }) => t)).toEqual([10, 12, 14, 16, 18, 30, 30, 30]);
});

test('one batch of three every 8 s from 5 s on, none at 40 s or later; a count cuts it', () => {
  const arrives = { every: 8, from: 5, to: 40, batch: 3 };
  const batches = [5, 13, 21, 29, 37].flatMap((t) => [t, t, t]);
  expect(arrivalsOf(runToEnd(entering({ arrives })).events).map(({ t }) => t)).toEqual(batches);
  expect(arrivalsOf(runToEnd(entering({ arrives, count: 7 })).events).map(({ t }) => t)).toEqual(batches.slice(0, 7));
});

test('a Poisson stream has its mean within four standard errors, and gaps whose spread is their mean', () => {
  const world = compileWorld(entering({ arrives: { rate: 2, to: 500 } })).world!;
  const due = [...world.views.groups.arrivals!.due].map((tick) => tick / 10);
  expect(Math.abs(due.length - 1000)).toBeLessThan(4 * Math.sqrt(1000));
  const gaps = due.slice(1).map((t, k) => t - due[k]);
  const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
  const sd = Math.sqrt(gaps.reduce((a, b) => a + (b - mean) ** 2, 0) / gaps.length);
  expect(Math.abs(sd / mean - 1)).toBeLessThan(0.15);
});

test('nobody is there before they come: not in the frames, not counted, and not in anybody’s way', () => {
  const alone = runToEnd(
    entering({ count: 1 }, { populations: [{ id: 'one', level: 'g', position: [3, 5], profile: 'p' }] }),
  );
  const both = runToEnd(
    entering(
      {},
      {
        populations: [
          { id: 'one', level: 'g', position: [3, 5], profile: 'p' },
          { id: 'late', level: 'g', polygon: PATCH, profile: 'p', arrives: { times: [100, 100, 100, 100] } },
        ],
      },
    ),
  );
  const firstOut = (events: readonly TraceEvent[]) => events.find((e) => e.type === 'person-out');
  expect(firstOut(both.events)).toEqual(firstOut(alone.events));
  expect(both.result.out).toBe(5);
});

test('who finds no place free comes later, in order; who never does is told', () => {
  // a niche for one, which the first leaves only when the door opens
  const scenario = entering(
    {
      polygon: [
        [0.2, 0.2],
        [0.5, 0.2],
        [0.5, 0.5],
        [0.2, 0.5],
      ],
      arrives: { times: [1, 1, 1] },
      itinerary: 'wait',
    },
    {
      waypoints: [{ id: 'niche', level: 'g', position: [0.35, 0.35], radius: 0.2, held: true }],
      itineraries: [{ id: 'wait', stops: ['niche'] }],
      events: [{ at: 60, do: 'release', waypoint: 'niche' }],
    },
  );
  const { events, result } = runToEnd(scenario);
  const arrivals = arrivalsOf(events);
  expect(arrivals.map(({ person }) => person)).toEqual([0, 1, 2]);
  expect(arrivals[0].t).toBe(1);
  expect(arrivals[1].t).toBeGreaterThan(60);
  expect(arrivals[1].waited).toBeCloseTo(arrivals[1].t - 1, 6);
  expect(result.outcome).toBe('everyone-out');

  const never = runToEnd({
    ...scenario,
    events: [],
    settings: { ...scenario.settings, end: { time: 50, stalled: 120 } },
  });
  expect(never.events.filter((e) => e.type === 'person-never-arrived').map((e) => 'person' in e && e.person)).toEqual([
    1, 2,
  ]);
  expect(never.result.outcome).toBe('time-over');
});

test('who comes after the alarm starts their pre-movement time on arrival', () => {
  const { events } = runToEnd(
    entering(
      { arrives: { times: [5, 50] }, alertedBy: 'bell' },
      {
        profiles: [{ id: 'p', freeSpeed: 1.3, body: { radius: 0.2, mass: 75 }, preMovement: 12 }],
        events: [{ id: 'bell', at: 20, do: 'alert' }],
      },
    ),
  );
  const started = events.filter((e) => e.type === 'person-started');
  expect(started.map(({ t }) => t)).toEqual([32, 62]);
});

test('a lattice is filled from its first place on', () => {
  const { events } = runToEnd(entering({ arrives: { times: new Array(6).fill(2), place: 'lattice' } }));
  const places = arrivalsOf(events).map(({ x, y }) => [x, y]);
  // pitch 2 × 0.2 + 0.05
  places.forEach(([x, y], k) => {
    expect(y).toBeCloseTo(1.225, 3);
    expect(x).toBeCloseTo(1.225 + 0.45 * k, 3);
  });
});

test('a region without room for anybody is told', () => {
  const { issues } = compileWorld(
    entering({
      arrives: { times: [1] },
      polygon: [
        [0, 0],
        [0.1, 0],
        [0.1, 10],
        [0, 10],
      ],
    }),
  );
  expect(issues.map(({ code, path }) => [code, path])).toEqual([['arrivals-no-room', 'populations[0]']]);
});
