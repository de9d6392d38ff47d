import { describe, expect, test } from 'vitest';
import { nextShare } from './feel.ts';
import { makeScenario, makeWorld, memorySink, runToEnd } from './run.test-support.ts';
import { createRun } from './run.ts';

type Line = [[number, number], [number, number]];
const box = (x0: number, y0: number, x1: number, y1: number): [number, number][] => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];

test('a share follows its differential equation in steps of any length, and stays within 0 and 1', () => {
  const [rise, fall] = [0.03, 0.05];
  let stepped = 0.9;
  for (let k = 0; k < 30; k++) stepped = nextShare(stepped, rise, fall, 1);
  const end = rise / (rise + fall);
  expect(stepped).toBeCloseTo(end + (0.9 - end) * Math.exp(-(rise + fall) * 30), 12);
  expect(nextShare(0.9, rise, fall, 30)).toBeCloseTo(stepped, 12);
  expect(nextShare(0.4, 0, 0, 1e9)).toBe(0.4);
  expect(nextShare(0, 1, 0, 1e9)).toBe(1);
});

/** People who stand where they are put and wait. */
function waiting(places: [number, number][], behaviour: object) {
  const scenario = makeScenario({
    levels: [{ id: 'g', outlines: [box(0, 0, 40, 40)] }],
    exits: [
      {
        id: 'e',
        level: 'g',
        line: [
          [40, 1],
          [40, 3],
        ],
      },
    ],
    populations: places.map((position, k) => ({ id: `p${k}`, level: 'g', position, waits: true })),
    events: [{ at: 500, do: 'alert' }],
    behaviour: { inner: {}, ...behaviour },
    settings: { end: { time: 500 } },
  });
  const world = makeWorld(scenario);
  const run = createRun(world, { sink: memorySink(), validate: true });
  return { world, run, inner: world.views.groups.inner!, persons: world.views.persons };
}

describe('what people feel', () => {
  test('distress grows alone and falls in company, each by its time', () => {
    const { run, inner } = waiting(
      [
        [3, 3],
        [30, 30],
        [31, 30],
      ],
      {},
    );
    inner.distress.fill(0.5);
    run.advance(301);
    // 31 renewals: ticks 0, 10 … 300
    expect(inner.distress[0]).toBeCloseTo(1 - 0.5 * Math.exp(-31 / 120), 5);
    expect(inner.distress[1]).toBeCloseTo(0.5 * Math.exp(-31 / 30), 5);
    expect(inner.distress[2]).toBeCloseTo(inner.distress[1], 6);
  });

  test('fear fades by itself, is caught in sight and not through a wall, and hurries people', () => {
    const { run, inner, persons } = waiting(
      [
        [3, 3],
        [30, 30],
        [33, 30],
      ],
      {},
    );
    inner.fear[0] = 1;
    inner.fear[1] = 1;
    run.advance(101);
    expect(inner.fear[0]).toBeCloseTo(Math.exp(-11 / 60), 5);
    expect(inner.fear[2]).toBeGreaterThan(0.1);
    expect(inner.fear[2]).toBeLessThan(inner.fear[1]);
    expect(persons.motivation[0]).toBeCloseTo(0.5 * inner.fear[0], 5);
    expect(persons.levelSpeed[0]).toBeGreaterThan(persons.freeSpeed[0]);
    expect(persons.timeGap[0]).toBeLessThan(0.87);
  });

  test('who runs tires and gets slower, who rests recovers', () => {
    const scenario = makeScenario({
      levels: [{ id: 'g', outlines: [box(0, 0, 200, 3)] }],
      exits: [
        {
          id: 'e',
          level: 'g',
          line: [
            [200, 0.5],
            [200, 2.5],
          ],
        },
      ],
      profiles: [{ id: 'runner', motivation: 0.9, freeSpeed: 1.3 }],
      populations: [{ id: 'p', level: 'g', position: [1, 1.5], profile: 'runner' }],
      behaviour: { inner: { tiring: 100 } },
      settings: { end: { time: 200 } },
    });
    const world = makeWorld(scenario);
    const run = createRun(world, { sink: memorySink(), validate: true });
    run.advance(50);
    const fresh = world.views.persons.levelSpeed[0];
    run.advance(400);
    const { fatigue } = world.views.groups.inner!;
    expect(fatigue[0]).toBeGreaterThan(0.4);
    expect(world.views.persons.levelSpeed[0]).toBeCloseTo((fresh * (1 - 0.3 * fatigue[0])) / 1, 0);
    expect(world.views.persons.levelSpeed[0]).toBeLessThan(fresh - 0.1);
  });

  test('the trace tells the state whenever it has moved by a tenth', () => {
    const sink = memorySink();
    const { world } = waiting([[3, 3]], {});
    const run = createRun(world, { sink, validate: true });
    run.advance(600);
    run.finish();
    const states = sink.events().flatMap((event) => (event.type === 'inner-state' ? [event] : []));
    expect(states.length).toBeGreaterThan(2);
    expect(states[0].distress).toBeGreaterThan(0.1);
    for (let k = 1; k < states.length; k++) expect(states[k].distress - states[k - 1].distress).toBeGreaterThan(0.095);
  });

  test('a word that proves false costs trust, one that proves true earns it', () => {
    const scene = (told: 'left' | 'right') =>
      makeScenario({
        levels: [{ id: 'g', outlines: [box(0, 0, 20, 6)] }],
        doors: [
          {
            id: 'l',
            level: 'g',
            line: [
              [0, 2],
              [0, 4],
            ] as Line,
            state: 'locked',
            strength: 1e9,
          },
          {
            id: 'r',
            level: 'g',
            line: [
              [20, 2],
              [20, 4],
            ] as Line,
            state: 'open',
          },
        ],
        exits: [
          { id: 'left', door: 'l' },
          { id: 'right', door: 'r' },
        ],
        populations: [
          { id: 'guide', level: 'g', position: [10, 4], knows: [told], waits: true, uniform: true },
          { id: 'guest', level: 'g', position: [10, 3], knows: [], profile: 'guest' },
        ],
        profiles: [{ id: 'guest', trust: 0.5 }],
        behaviour: {
          word: { rate: 5, uniform: 1 },
          knowledge: { hesitate: 20, recognise: 0 },
          inner: { learning: 0.2 },
        },
        settings: { end: { time: 60, stalled: 60 } },
      });
    const trustAfter = (told: 'left' | 'right') => {
      const { world, events } = runToEnd(scene(told));
      expect(events.some((event) => event.type === 'person-told' && event.person === 1 && event.believed)).toBe(true);
      return world.views.groups.trust!.trust[1];
    };
    expect(trustAfter('left')).toBeCloseTo(0.4, 5);
    expect(trustAfter('right')).toBeCloseTo(0.6, 5);
  });
});
