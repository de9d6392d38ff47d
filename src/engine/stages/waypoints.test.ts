import { expect, test } from 'vitest';
import type { TraceEvent } from '../../trace/index.ts';
import { makeScenario, runToEnd } from '../run.test-support.ts';
import { hall } from './hall.test-support.ts';

const BOX = [
  [0.5, 0.5],
  [6, 0.5],
  [6, 9.5],
  [0.5, 9.5],
] as [number, number][];

const people = (count: number, more: object = {}) => [
  { id: 'all', level: 'g', polygon: BOX, count, profile: 'p', itinerary: 'i', ...more },
];

interface Visit {
  readonly t: number;
  readonly type: 'waypoint-reached' | 'waypoint-served' | 'waypoint-left';
  readonly person: number;
  readonly waypoint: string;
}
const visits = (events: readonly TraceEvent[], type: Visit['type'], waypoint?: string): Visit[] =>
  (events as readonly Visit[]).filter((e) => e.type === type && (waypoint === undefined || e.waypoint === waypoint));
const timeOf = (events: readonly TraceEvent[], type: Visit['type'], waypoint?: string) =>
  new Map(visits(events, type, waypoint).map((e) => [e.person, e.t]));
const outOf = (events: readonly TraceEvent[]) => events.flatMap((e) => (e.type === 'person-out' ? [e] : []));

test('everybody goes to the waypoints in order, and then out', () => {
  const { events, result } = runToEnd(
    makeScenario(
      hall({
        waypoints: [
          { id: 'a', level: 'g', position: [12, 8], radius: 1 },
          { id: 'b', level: 'g', position: [4, 2], radius: 1 },
        ],
        itineraries: [{ id: 'i', stops: ['a', 'b'] }],
        populations: people(10),
      }),
    ),
  );
  expect(result.outcome).toBe('everyone-out');
  const a = timeOf(events, 'waypoint-reached', 'a');
  const b = timeOf(events, 'waypoint-reached', 'b');
  expect([a.size, b.size]).toEqual([10, 10]);
  for (const event of outOf(events)) {
    expect(a.get(event.person)!).toBeLessThan(b.get(event.person)!);
    expect(b.get(event.person)!).toBeLessThan(event.t);
  }
});

test('who stays for 20 s is served for 20 s, whoever comes', () => {
  const { events, result } = runToEnd(
    makeScenario(
      hall({
        waypoints: [
          {
            id: 'shop',
            level: 'g',
            polygon: [
              [8, 1],
              [14, 1],
              [14, 9],
              [8, 9],
            ],
            dwell: 20,
          },
        ],
        itineraries: [{ id: 'i', stops: ['shop'] }],
        populations: people(20),
      }),
    ),
  );
  expect(result.outcome).toBe('everyone-out');
  const served = timeOf(events, 'waypoint-served');
  const left = timeOf(events, 'waypoint-left');
  expect(left.size).toBe(20);
  for (const [person, t] of left) expect(t - served.get(person)!).toBeCloseTo(20, 6);
});

test('drawn stays have the mean of their distribution', () => {
  const { events } = runToEnd(
    makeScenario(
      hall({
        waypoints: [
          {
            id: 'shop',
            level: 'g',
            polygon: [
              [7, 1],
              [18, 1],
              [18, 9],
              [7, 9],
            ],
            dwell: { distribution: 'uniform', min: 5, max: 15 },
          },
        ],
        itineraries: [{ id: 'i', stops: ['shop'] }],
        populations: people(100),
      }),
    ),
  );
  const served = timeOf(events, 'waypoint-served');
  const stays = [...timeOf(events, 'waypoint-left')].map(([person, t]) => t - served.get(person)!);
  expect(stays.length).toBe(100);
  const mean = stays.reduce((a, b) => a + b, 0) / stays.length;
  // four standard errors of a uniform distribution 10 wide
  expect(Math.abs(mean - 10)).toBeLessThan((4 * 10) / Math.sqrt(12 * 100));
  expect(Math.min(...stays)).toBeGreaterThanOrEqual(4.9);
  expect(Math.max(...stays)).toBeLessThanOrEqual(15.1);
});

test('one server of 7 s serves n persons in 7 n s, those who came first first', () => {
  const { events, result } = runToEnd(
    makeScenario(
      hall({
        waypoints: [
          {
            id: 'desk',
            level: 'g',
            polygon: [
              [8, 1],
              [14, 1],
              [14, 9],
              [8, 9],
            ],
            dwell: 7,
            capacity: 1,
          },
        ],
        itineraries: [{ id: 'i', stops: ['desk'] }],
        populations: people(12),
      }),
    ),
  );
  expect(result.outcome).toBe('everyone-out');
  const served = visits(events, 'waypoint-served');
  const left = visits(events, 'waypoint-left');
  expect(left.at(-1)!.t - served[0].t).toBeCloseTo(7 * 12, 6);
  expect(served.map(({ person }) => person)).toEqual(visits(events, 'waypoint-reached').map(({ person }) => person));
});

test('a throughput of 0.7 /s lets n persons go in (n − 1) / 0.7 s', () => {
  const { events, result } = runToEnd(
    makeScenario(
      hall({
        waypoints: [
          {
            id: 'gate',
            level: 'g',
            polygon: [
              [8, 0.5],
              [16, 0.5],
              [16, 9.5],
              [8, 9.5],
            ],
            throughput: 0.7,
            held: true,
          },
        ],
        itineraries: [{ id: 'i', stops: ['gate'] }],
        populations: people(30),
        events: [{ at: 30, do: 'release', waypoint: 'gate' }],
      }),
    ),
  );
  expect(result.outcome).toBe('everyone-out');
  const left = visits(events, 'waypoint-left').map(({ t }) => t);
  expect(left.length).toBe(30);
  expect(left[0]).toBe(30);
  expect(Math.abs(left[29] - left[0] - 29 / 0.7)).toBeLessThan(0.1);
});

test('a line at a counter is served in the order in which people joined it, each at its place', () => {
  const places = Array.from({ length: 8 }, (_, k): [number, number] => [11 - 0.8 * k, 5]);
  const { events, result } = runToEnd(
    makeScenario(
      hall({
        waypoints: [{ id: 'desk', level: 'g', position: [12.2, 5], radius: 0.4, dwell: 4, places }],
        itineraries: [{ id: 'i', stops: ['desk'] }],
        populations: people(15),
      }),
    ),
  );
  expect(result.outcome).toBe('everyone-out');
  const joined = visits(events, 'waypoint-reached').map(({ person }) => person);
  expect(joined.length).toBe(15);
  expect(visits(events, 'waypoint-served').map(({ person }) => person)).toEqual(joined);
  const served = visits(events, 'waypoint-served').map(({ t }) => t);
  // the way from the first place to the counter comes between two services of 4 s
  for (let k = 1; k < served.length; k++) expect(served[k] - served[k - 1]).toBeGreaterThanOrEqual(4);
  expect(served.at(-1)! - served[0]).toBeLessThan(14 * 7);
});

test('who comes when all places are taken stands behind the last one, and moves up', () => {
  const places: [number, number][] = [
    [11, 5],
    [10.2, 5],
    [9.4, 5],
  ];
  let moved = true;
  const behind = new Map<number, number>();
  const { result } = runToEnd(
    makeScenario(
      hall({
        waypoints: [{ id: 'desk', level: 'g', position: [12.2, 5], radius: 0.4, dwell: 6, places }],
        itineraries: [{ id: 'i', stops: ['desk'] }],
        populations: people(12),
      }),
    ),
    {},
    (world, run) => {
      const { phase, ticket } = world.views.groups.stages!;
      const { x, y } = world.views.persons;
      const line = [...phase].flatMap((one, i) => (one === 2 ? [i] : [])).sort((i, j) => ticket[i] - ticket[j]);
      const from = (i: number) => Math.hypot(x[i] + world.origin[0] - 9.4, y[i] + world.origin[1] - 5);
      // once the line has formed, the fourth to sixth are no farther off than their place behind the third, and a step
      if (run.progress().time < 40) return;
      line.slice(3, 6).forEach((i, k) => {
        behind.set(i, from(i));
        if (from(i) > 0.7 * (k + 1) + 1.5) moved = false;
      });
    },
  );
  expect(result.outcome).toBe('everyone-out');
  expect(behind.size).toBeGreaterThan(2);
  expect(moved).toBe(true);
});

test('two servers with 10 s each let two go every 10 s', () => {
  const { events } = runToEnd(
    makeScenario(
      hall({
        waypoints: [
          {
            id: 'desk',
            level: 'g',
            polygon: [
              [8, 1],
              [14, 1],
              [14, 9],
              [8, 9],
            ],
            dwell: 10,
            capacity: 2,
          },
        ],
        itineraries: [{ id: 'i', stops: ['desk'] }],
        populations: people(8),
      }),
    ),
  );
  const served = visits(events, 'waypoint-served').map(({ t }) => t);
  const left = visits(events, 'waypoint-left').map(({ t }) => t);
  for (let k = 2; k < 8; k++) expect(served[k]).toBeCloseTo(left[k - 2], 6);
  expect(left[7] - served[1]).toBeLessThanOrEqual(40 + 1e-6);
});

test('a light that is red for 20 s of 30 lets nobody go in that time', () => {
  const { events, result } = runToEnd(
    makeScenario(
      hall({
        waypoints: [
          {
            id: 'light',
            level: 'g',
            polygon: [
              [8, 1],
              [14, 1],
              [14, 9],
              [8, 9],
            ],
            cycle: { open: 10, shut: 20, starts: 'shut' },
          },
        ],
        itineraries: [{ id: 'i', stops: ['light'] }],
        populations: people(20),
      }),
    ),
  );
  expect(result.outcome).toBe('everyone-out');
  const left = visits(events, 'waypoint-left');
  expect(left.length).toBe(20);
  for (const { t } of left) expect(t % 30).toBeGreaterThanOrEqual(20 - 1e-6);
});

test('branches are taken in their shares, within four standard errors', () => {
  const shares = [5, 3, 2];
  const n = 300;
  const { events } = runToEnd(
    makeScenario(
      hall({
        waypoints: shares.map((_, k) => ({
          id: `w${k}`,
          level: 'g',
          position: [12, 2 + 3 * k] as [number, number],
          radius: 1,
        })),
        itineraries: [{ id: 'i', stops: [{ any: shares.map((share, k) => ({ waypoint: `w${k}`, share })) }] }],
        populations: people(n),
      }),
    ),
  );
  shares.forEach((share, k) => {
    const p = share / 10;
    const got = visits(events, 'waypoint-reached', `w${k}`).length;
    expect(Math.abs(got - n * p)).toBeLessThan(4 * Math.sqrt(n * p * (1 - p)));
  });
  expect(visits(events, 'waypoint-reached').length).toBe(n);
});

test('a mix of itineraries is given out in exact shares, and an inner itinerary with an end of its own ends there', () => {
  const { events, result } = runToEnd(
    makeScenario(
      hall({
        exits: [
          {
            id: 'right',
            level: 'g',
            line: [
              [20, 3],
              [20, 7],
            ],
          },
          {
            id: 'left',
            level: 'g',
            line: [
              [0, 7],
              [0, 3],
            ],
          },
        ],
        waypoints: [
          { id: 'a', level: 'g', position: [12, 5], radius: 1 },
          { id: 'b', level: 'g', position: [9, 8], radius: 1 },
        ],
        itineraries: [
          { id: 'i', stops: ['a', { any: [{ itinerary: 'back' }] }, 'b'], end: ['right'] },
          { id: 'back', stops: [], end: ['left'] },
          { id: 'on', stops: ['a', { any: [{ itinerary: 'by b' }] }], end: ['right'] },
          { id: 'by b', stops: ['b'] },
        ],
        populations: people(40, {
          itinerary: undefined,
          itineraries: [
            { itinerary: 'i', share: 1 },
            { itinerary: 'on', share: 3 },
          ],
        }),
      }),
    ),
  );
  expect(result.outcome).toBe('everyone-out');
  expect(visits(events, 'waypoint-reached', 'b').length).toBe(30);
  const by = (exit: string) => events.filter((e) => e.type === 'person-out' && e.exit === exit).length;
  expect([by('left'), by('right')]).toEqual([10, 30]);
});

test('an itinerary that comes back to itself in its last stop is walked round until a share leads out', () => {
  const { events, result } = runToEnd(
    makeScenario(
      hall({
        waypoints: [
          { id: 'a', level: 'g', position: [4, 5], radius: 1 },
          { id: 'b', level: 'g', position: [12, 5], radius: 1 },
        ],
        itineraries: [{ id: 'i', stops: ['a', 'b', { any: [{ itinerary: 'i', share: 3 }, { share: 1 }] }] }],
        populations: people(40),
      }),
    ),
  );
  expect(result.outcome).toBe('everyone-out');
  // rounds are geometric with mean 4 and variance 12
  const rounds = visits(events, 'waypoint-reached', 'b').length / 40;
  expect(Math.abs(rounds - 4)).toBeLessThan(4 * Math.sqrt(12 / 40));
});

test('a waypoint behind a locked door is found out by those who try it, and left out', () => {
  const { events, result } = runToEnd(
    makeScenario(
      hall({
        levels: [
          {
            id: 'g',
            outlines: [
              [
                [0, 0],
                [20, 0],
                [20, 10],
                [0, 10],
              ],
            ],
            walls: [
              {
                path: [
                  [8, 0],
                  [8, 4],
                  [13, 4],
                  [13, 0],
                ],
                thickness: 0.2,
              },
            ],
          },
        ],
        doors: [
          {
            id: 'd',
            level: 'g',
            line: [
              [10, 4],
              [11, 4],
            ],
            state: 'locked',
          },
        ],
        waypoints: [{ id: 'vault', level: 'g', position: [10.5, 2], radius: 0.8 }],
        itineraries: [{ id: 'i', stops: ['vault'] }],
        populations: people(3),
      }),
    ),
  );
  expect(result.outcome).toBe('everyone-out');
  expect(events.filter((e) => e.type === 'door-found-locked').length).toBeGreaterThan(0);
  expect(events.filter((e) => e.type === 'waypoint-skipped').length).toBe(3);
  expect(visits(events, 'waypoint-reached').length).toBe(0);
});

test('who is about their business drops it when alerted, after their pre-movement', () => {
  const { events, result } = runToEnd(
    makeScenario(
      hall({
        waypoints: [
          {
            id: 'shop',
            level: 'g',
            polygon: [
              [8, 1],
              [14, 1],
              [14, 9],
              [8, 9],
            ],
            dwell: 500,
          },
        ],
        itineraries: [{ id: 'i', stops: ['shop'] }],
        profiles: [{ id: 'p', freeSpeed: 1.3, body: { radius: 0.2, mass: 75 }, preMovement: 5 }],
        populations: people(10, { alertedBy: 'bell' }),
        events: [{ id: 'bell', at: 40, do: 'alert' }],
      }),
    ),
  );
  expect(result.outcome).toBe('everyone-out');
  expect(visits(events, 'waypoint-served').length).toBe(10);
  expect(visits(events, 'waypoint-left').length).toBe(0);
  const started = events.filter((e) => e.type === 'person-started');
  expect(started.map(({ t }) => t)).toEqual(new Array(10).fill(45));
  expect(Math.min(...outOf(events).map(({ t }) => t))).toBeGreaterThan(45);
});

test('who stays at the last stop stays until alerted', () => {
  const { events, result } = runToEnd(
    makeScenario(
      hall({
        waypoints: [
          {
            id: 'seat',
            level: 'g',
            polygon: [
              [8, 1],
              [14, 1],
              [14, 9],
              [8, 9],
            ],
          },
        ],
        itineraries: [{ id: 'i', stops: ['seat'], end: 'stay' }],
        populations: people(10, { alertedBy: 'bell' }),
        events: [{ id: 'bell', at: 200, do: 'alert' }],
      }),
    ),
  );
  expect(result.outcome).toBe('everyone-out');
  expect(outOf(events).length).toBe(10);
  expect(Math.min(...outOf(events).map(({ t }) => t))).toBeGreaterThan(200);
});

test('a diversion asks each person once, and diverts by its chance', () => {
  const n = 100;
  const { events, result } = runToEnd(
    makeScenario(
      hall({
        waypoints: [
          { id: 'a', level: 'g', position: [16, 8], radius: 1 },
          { id: 'b', level: 'g', position: [16, 2], radius: 1 },
        ],
        itineraries: [
          { id: 'i', stops: ['a'] },
          { id: 'j', stops: ['b'] },
        ],
        diversions: [
          {
            id: 'd',
            level: 'g',
            polygon: [
              [8, 0],
              [9, 0],
              [9, 10],
              [8, 10],
            ],
            chance: 0.3,
            to: [{ itinerary: 'j' }],
          },
        ],
        populations: people(n),
      }),
    ),
  );
  expect(result.outcome).toBe('everyone-out');
  const diverted = events.filter((e) => e.type === 'person-diverted').length;
  expect(Math.abs(diverted - 0.3 * n)).toBeLessThan(4 * Math.sqrt(0.3 * 0.7 * n));
  // who walks before an exit may be swept out by those who make for it
  const swept = events.filter((e) => e.type === 'itinerary-left').length;
  expect(swept).toBeLessThan(5);
  const b = visits(events, 'waypoint-reached', 'b').length;
  expect(b).toBeLessThanOrEqual(diverted);
  expect(b + visits(events, 'waypoint-reached', 'a').length).toBe(n - swept);
});

test('a leaving speed holds from the waypoint on', () => {
  const { world } = runToEnd(
    makeScenario(
      hall({
        waypoints: [{ id: 'a', level: 'g', position: [8, 5], radius: 1, leavingSpeed: 0.6 }],
        itineraries: [{ id: 'i', stops: ['a'] }],
        populations: people(1),
      }),
    ),
  );
  expect(world.views.persons.freeSpeed[0]).toBeCloseTo(0.6, 6);
});
