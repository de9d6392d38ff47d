import { describe, expect, test } from 'vitest';
import { makeScenario, makeWorld, memorySink, runToEnd } from './run.test-support.ts';
import { createRun } from './run.ts';
import { nextRisk } from './spread-movement.ts';

const box = (x0: number, y0: number, x1: number, y1: number): [number, number][] => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];
const LAW = { fade: 60, influence: 0.6, inhibition: 0.0065 };

describe('perceived risk', () => {
  test('follows its differential equation for constant cues, in steps of any length', () => {
    for (const [cue, seen] of [
      [0.05, [0, 0, 0, 0]],
      [0.01, [0, 0, 0.2, 0]],
      [0, [3, 0, 0.05, 0.4]],
    ] as const) {
      const pull = (k: number) => (LAW.influence * seen[k]) / (1 + seen[k]);
      const slope = (r: number) =>
        -r / LAW.fade +
        cue * (1 - r) +
        pull(2) * (0.9 - r) +
        pull(3) * (1 - r) -
        (LAW.inhibition * seen[0]) / (1 + seen[0]);
      let stepped = 0.1;
      for (let k = 0; k < 12; k++) stepped = nextRisk(stepped, cue, seen, 0.5, LAW);
      // linear: value and slope at 0 give the exponential
      const rate = slope(0) - slope(1);
      const end = slope(0) / rate;
      expect(stepped).toBeCloseTo(end + (0.1 - end) * Math.exp(-rate * 6), 9);
      expect(nextRisk(0.1, cue, seen, 6, LAW)).toBeCloseTo(stepped, 9);
      // and a fine Euler integration gives the same
      let euler = 0.1;
      for (let k = 0; k < 60_000; k++) euler += slope(euler) * 1e-4;
      expect(stepped).toBeCloseTo(euler, 4);
    }
  });

  test('the sight of people who look round conveys no more than that, of walking ones more, of a runner all', () => {
    const settle = (seen: number[]) => {
      let r = 0;
      for (let k = 0; k < 200; k++) r = nextRisk(r, 0, seen, 0.5, { ...LAW, fade: 1e9 });
      return r;
    };
    expect(settle([0, 5, 0, 0])).toBeCloseTo(0.3, 3);
    expect(settle([0, 5, 0.5, 0])).toBeCloseTo(0.9, 3);
    expect(settle([0, 5, 0.5, 0.2])).toBeCloseTo(1, 3);
  });

  test('stays within 0 and 1', () => {
    expect(nextRisk(0.01, 0, [100, 0, 0, 0], 60, LAW)).toBe(0);
    expect(nextRisk(0.9, 0, [0, 0, 0, 1000], 60, LAW)).toBeLessThanOrEqual(1);
  });
});

/** A hall full of people who are not alerted, and `runners` who start at once. */
function hall(input: {
  count: number;
  runners: number;
  seed?: number;
  behaviour?: object;
  end?: number;
  sounds?: boolean;
  side?: number;
}) {
  const side = input.side ?? 14;
  return makeScenario({
    levels: [{ id: 'g', outlines: [box(0, 0, side, side)] }],
    exits: [
      {
        id: 'e',
        level: 'g',
        line: [
          [side, side / 2 - 1.5],
          [side, side / 2 + 1.5],
        ],
      },
    ],
    profiles: [{ id: 'runner', motivation: 0.6 }],
    ...(input.sounds
      ? { sounds: [{ id: 'bell', level: 'g', position: [1, 1] as [number, number], playing: true }] }
      : {}),
    populations: [
      ...(input.count > 0 ? [{ id: 'p', level: 'g', count: input.count, waits: true }] : []),
      ...(input.runners > 0
        ? [
            {
              id: 'r',
              level: 'g',
              polygon: box(1, side / 2 - 2, 4, side / 2 + 2),
              count: input.runners,
              profile: 'runner',
            },
          ]
        : []),
    ],
    behaviour: { contagion: {}, ...input.behaviour },
    settings: { seed: input.seed ?? 1, end: { time: input.end ?? 60, stalled: 600 } },
  });
}

describe('movement spreads', () => {
  test('nobody starts where there is no cue and nobody moves', () => {
    const { events } = runToEnd(hall({ count: 60, runners: 0, end: 60 }));
    expect(events.some(({ type }) => type === 'person-started' || type === 'person-investigates')).toBe(false);
  });

  test('one runner makes a room of people leave within ten seconds', () => {
    const shares: number[] = [];
    for (let seed = 1; seed <= 6; seed++) {
      const { events } = runToEnd(hall({ count: 50, runners: 1, seed, side: 10 }));
      shares.push(events.filter((event) => event.type === 'person-started' && event.t <= 10).length / 51);
    }
    shares.sort((a, b) => a - b);
    expect(shares[2]).toBeGreaterThanOrEqual(0.9);
  });

  test('people who stay hold each other back: a weak bell moves a lone person or a crowd only after long', () => {
    const started = (count: number, seed: number) =>
      runToEnd(hall({ count, runners: 0, seed, end: 400, sounds: true, behaviour: { contagion: {}, hearing: {} } }))
        .events.flatMap((event) => (event.type === 'person-alerted' ? [event.t] : []))
        .sort((a, b) => a - b);
    const medians = [1, 2, 3].map((seed) => {
      const times = started(80, seed);
      return times.length < 40 ? Infinity : times[40];
    });
    for (const median of medians) expect(median).toBeGreaterThan(60);
  });

  test('a wall between the room and the runner keeps the news out', () => {
    const scenario = makeScenario({
      levels: [
        {
          id: 'g',
          outlines: [box(0, 0, 20, 10)],
          walls: [
            {
              path: [
                [10, 0],
                [10, 10],
              ],
            },
          ],
        },
      ],
      doors: [
        {
          id: 'd',
          level: 'g',
          line: [
            [10, 8],
            [10, 9],
          ],
          state: 'closed',
        },
      ],
      exits: [
        {
          id: 'e',
          level: 'g',
          line: [
            [20, 4],
            [20, 6],
          ],
        },
        {
          id: 'f',
          level: 'g',
          line: [
            [0, 4],
            [0, 6],
          ],
        },
      ],
      populations: [
        { id: 'p', level: 'g', polygon: box(12, 1, 18, 9), count: 20, waits: true },
        { id: 'r', level: 'g', polygon: box(6, 1, 9, 9), count: 10, knows: ['f'] },
      ],
      behaviour: { contagion: {} },
      settings: { end: { time: 30, stalled: 600 } },
    });
    const { events } = runToEnd(scenario);
    expect(events.filter(({ type }) => type === 'person-started').length).toBe(10);
    expect(events.some(({ type }) => type === 'person-investigates')).toBe(false);
  });

  test('a crowd in one spot follows the mean-field equations of its thresholds', () => {
    // all see all alike: the decay is far longer than the room; nobody can get away, so the counts are those of the stages
    const law = { influence: 0.03, inhibition: 0.005, fade: 60, decay: 1e6, range: 30, dwell: 0, voice: 0.04 };
    const side = 6;
    const count = 60;
    const scenario = makeScenario({
      levels: [{ id: 'g', outlines: [box(0, 0, side, side)] }],
      doors: [
        {
          id: 'd',
          level: 'g',
          line: [
            [side, 2],
            [side, 4],
          ],
          state: 'chained',
          strength: 1e9,
        },
      ],
      exits: [{ id: 'e', door: 'd' }],
      sounds: [{ id: 'voice', level: 'g', position: [1, 1], kind: 'voice', playing: true }],
      profiles: [{ id: 'slow', patience: 1e6 }],
      populations: [{ id: 'p', level: 'g', count, waits: true, profile: 'slow' }],
      behaviour: {
        hearing: {},
        contagion: {
          ...law,
          investigate: { distribution: 'uniform', min: 0.05, max: 0.35 },
          leave: { distribution: 'uniform', min: 0.35, max: 0.9 },
        },
      },
      settings: { end: { time: 60, stalled: 600 } },
    });
    const world = makeWorld(scenario);
    const run = createRun(world, { sink: memorySink(), validate: true });
    run.advance(10); // everybody has listened once
    const { risk, stage, investigate, leave } = world.views.groups.contagion!;
    const { startTime, state } = world.views.persons;
    // the equations, from the mean of now; the stages by the thresholds that were drawn
    let r = risk.reduce((a, b) => a + b, 0) / count;
    const shareBelow = (thresholds: Float32Array, x: number) =>
      thresholds.reduce((sum, threshold) => sum + (threshold < x ? 1 : 0), 0) / count;
    let worst = 0;
    for (let second = 0; second < 40; second++) {
      for (let k = 0; k < 1000; k++) {
        const looks = shareBelow(investigate, r);
        const left = shareBelow(leave, r);
        const others = count - 1;
        const sums = [1 - looks, looks - left, left].map((share) => others * share);
        const [still, looking, walking] = sums.map((sum) => sum / (1 + sum));
        const told = looking * Math.max(0, 0.3 - r) + walking * Math.max(0, 0.9 - r);
        r += 1e-3 * (law.voice * (1 - r) - r / law.fade + law.influence * told - law.inhibition * still);
        r = Math.min(1, Math.max(0, r));
      }
      run.advance(10);
      // of those who have not decided yet
      const open = [...risk].filter((_, i) => startTime[i] === Infinity);
      if (open.length > 0) worst = Math.max(worst, Math.abs(open.reduce((a, b) => a + b, 0) / open.length - r));
      const moving = startTime.reduce((sum, t, i) => sum + (t !== Infinity || state[i] !== 0 ? 1 : 0), 0) / count;
      expect(Math.abs(moving - shareBelow(leave, r))).toBeLessThan(0.1);
    }
    expect(stage.some((value) => value === 2)).toBe(true);
    expect(worst).toBeLessThan(0.03);
  });

  test('who has which number changes nothing', () => {
    const places = Array.from({ length: 24 }, (_, k): [number, number] => [
      1 + (k % 6) * 1.3,
      1.2 + Math.floor(k / 6) * 1.7,
    ]);
    const risksBy = (order: number[]) => {
      const scenario = makeScenario({
        levels: [
          {
            id: 'g',
            outlines: [box(0, 0, 10, 9)],
            walls: [
              {
                path: [
                  [4.7, 2],
                  [4.7, 9],
                ],
              },
            ],
          },
        ],
        exits: [
          {
            id: 'e',
            level: 'g',
            line: [
              [10, 3],
              [10, 5],
            ],
          },
        ],
        profiles: [{ id: 'even', body: { table: 'men' }, freeSpeed: 1.3 }],
        populations: order.map((place) => ({
          id: `at ${place}`,
          level: 'g',
          position: places[place],
          profile: 'even',
          waits: true,
        })),
        // nobody gets so far as to leave: where they walk would depend on their bodies, which are drawn
        behaviour: { contagion: { investigate: 0.2, leave: 1, dwell: 0.5, inhibition: 0.001 }, inner: {} },
        settings: { end: { time: 60, stalled: 600 } },
      });
      const world = makeWorld(scenario);
      const run = createRun(world, { sink: memorySink(), validate: true });
      const { contagion, inner } = world.views.groups;
      places.forEach((_, place) => {
        contagion!.risk[order.indexOf(place)] = place % 7 === 0 ? 0.3 : 0.1;
        inner!.fear[order.indexOf(place)] = place % 5 === 0 ? 0.8 : 0;
      });
      run.advance(101);
      return places.map((_, place) => {
        const i = order.indexOf(place);
        return [contagion!.risk[i], contagion!.stage[i], inner!.fear[i], inner!.distress[i]];
      });
    };
    const forwards = places.map((_, k) => k);
    const first = risksBy(forwards);
    expect(first.some(([risk, stage]) => risk > 0.2 && stage === 1)).toBe(true);
    const mixed = risksBy(forwards.map((k) => (7 * k + 5) % 24));
    first.forEach((row, place) => {
      row.forEach((value, k) => {
        expect(mixed[place][k]).toBeCloseTo(value, 6);
      });
    });
  });
});
