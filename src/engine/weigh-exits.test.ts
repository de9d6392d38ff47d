import { describe, expect, test } from 'vitest';
import { makeScenario, runToEnd } from './run.test-support.ts';
import { expectedWait } from './weigh-exits.ts';

type Line = [[number, number], [number, number]];
const box = (x0: number, y0: number, x1: number, y1: number): [number, number][] => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];
const NOTHING = { wait: 0, familiar: 0, visible: 0, signed: 0, herd: 0, spread: 0, inertia: 0 };

/** A hall of 40 × 10 m with an exit in each short wall; one person each at the places `x`, apart in y. */
function hall(input: {
  x: number[];
  choice?: object;
  familiar?: string[];
  profile?: string;
  seed?: number;
  walls?: boolean;
}) {
  return makeScenario({
    levels: [
      {
        id: 'g',
        outlines: [box(0, 0, 40, 10)],
        // a screen right before the right exit, with ways round it
        ...(input.walls
          ? {
              walls: [
                {
                  path: [
                    [37, 1.5],
                    [37, 8.5],
                  ] as [number, number][],
                },
              ],
            }
          : {}),
      },
    ],
    exits: [
      {
        id: 'left',
        level: 'g',
        line: [
          [0, 4],
          [0, 6],
        ] as Line,
      },
      {
        id: 'right',
        level: 'g',
        line: [
          [40, 4],
          [40, 6],
        ] as Line,
      },
    ],
    profiles: [{ id: 'even', freeSpeed: 1.25, body: { table: 'men' } }],
    populations: input.x.map((x, k) => ({
      id: `p${k}`,
      level: 'g',
      position: [x, 1 + (8 * (k + 0.5)) / input.x.length] as [number, number],
      profile: 'even',
      ...(input.familiar ? { familiar: input.familiar } : {}),
    })),
    ...(input.choice ? { behaviour: { choice: { ...NOTHING, ...input.choice } } } : {}),
    settings: { seed: input.seed ?? 1, end: { time: 90 } },
  });
}

function firstChoices(scenario: ReturnType<typeof hall>): string[] {
  const { events, world } = runToEnd(scenario);
  return Array.from({ length: world.personCount }, (_, i) => {
    const event = events.find((candidate) => candidate.type === 'exit-chosen' && candidate.person === i);
    return (event as { exit: string }).exit;
  });
}

describe('exits are weighed', () => {
  const places = [12, 16, 19, 21, 24, 28];

  test('by walking alone where nothing else weighs: the nearest, as without weighing', () => {
    const nearest = firstChoices(hall({ x: places }));
    expect(nearest).toEqual(['left', 'left', 'left', 'right', 'right', 'right']);
    expect(firstChoices(hall({ x: places, choice: {} }))).toEqual(nearest);
  });

  test('a familiar exit is taken exactly where the other is nearer by less than its worth', () => {
    // from x the way to the right is 40 − x, to the left x: difference 40 − 2x, at 1.25 m/s
    for (const worth of [5, 10, 15]) {
      const choices = firstChoices(hall({ x: places, choice: { familiar: worth }, familiar: ['right'] }));
      places.forEach((x, k) => {
        expect(choices[k]).toBe((40 - 2 * x) / 1.25 < worth ? 'right' : 'left');
      });
    }
  });

  test('an exit in sight is preferred to one behind a screen', () => {
    expect(firstChoices(hall({ x: [21, 22], choice: { visible: 10 } }))).toEqual(['right', 'right']);
    expect(firstChoices(hall({ x: [21, 22], choice: { visible: 10 }, walls: true }))).toEqual(['left', 'left']);
  });

  test('what differs between persons spreads their choices as a normal law says', () => {
    const spread = 6;
    const x = 22;
    let right = 0;
    let total = 0;
    for (let seed = 1; seed <= 25; seed++) {
      const choices = firstChoices(hall({ x: Array.from({ length: 12 }, () => x), choice: { spread }, seed }));
      right += choices.filter((exit) => exit === 'right').length;
      total += choices.length;
    }
    // Φ(gain / (spread √2)) of a gain of 2 (x − 20) / 1.25 s; ways to the middle differ by a hand's breadth with y
    const z = (2 * (x - 20)) / 1.25 / (spread * Math.SQRT2);
    const share = 0.5 * (1 + erf(z / Math.SQRT2));
    expect(Math.abs(right / total - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / total) + 0.02);
  });

  test('a queue in sight drives people to the other exit', () => {
    const scene = (wait: number) =>
      makeScenario({
        levels: [{ id: 'g', outlines: [box(0, 0, 30, 12)] }],
        exits: [
          {
            id: 'near',
            level: 'g',
            line: [
              [0, 5.5],
              [0, 6.5],
            ],
          },
          {
            id: 'far',
            level: 'g',
            line: [
              [30, 5.5],
              [30, 6.5],
            ],
          },
        ],
        populations: [{ id: 'p', level: 'g', polygon: box(1, 1, 11, 11), count: 150, profile: 'patient' }],
        profiles: [{ id: 'patient', patience: 1000 }],
        behaviour: { choice: { ...NOTHING, wait, inertia: 0.1 } },
        settings: { end: { time: 400 } },
      });
    const used = (wait: number) => {
      const { events, result } = runToEnd(scene(wait));
      expect(result.out).toBe(150);
      const far = events.filter((event) => event.type === 'person-out' && event.exit === 'far').length;
      return { far, time: result.endTime };
    };
    const blind = used(0);
    const seeing = used(1);
    expect(blind.far).toBe(0);
    expect(seeing.far).toBeGreaterThan(25);
    expect(seeing.far).toBeLessThan(75);
    expect(seeing.time).toBeLessThan(blind.time * 0.85);
  });
});

test('a queue costs what it needs beyond the walk', () => {
  expect(expectedWait(20, 2, 4)).toBe(6);
  expect(expectedWait(20, 2, 12)).toBe(0);
});

/** Abramowitz, Stegun 7.1.26. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const sum = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - sum * Math.exp(-x * x));
}
