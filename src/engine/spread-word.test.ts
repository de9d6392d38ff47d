import { expect, test } from 'vitest';
import { makeScenario, runToEnd } from './run.test-support.ts';

const box = (x0: number, y0: number, x1: number, y1: number): [number, number][] => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];

/** Pairs that stand apart from each other: one who knows the exit, and one who does not. */
function pairs(input: {
  count: number;
  seconds: number;
  seed: number;
  word?: object;
  hearing?: object;
  uniform?: boolean;
  walled?: boolean;
}) {
  const side = 6 * Math.ceil(Math.sqrt(input.count));
  const place = (k: number): [number, number] => [
    3 + 6 * (k % Math.ceil(Math.sqrt(input.count))),
    3 + 6 * Math.floor(k / Math.ceil(Math.sqrt(input.count))),
  ];
  return makeScenario({
    levels: [
      {
        id: 'g',
        outlines: [box(0, 0, side, side)],
        ...(input.walled
          ? {
              walls: Array.from({ length: input.count }, (_, k) => {
                const [x, y] = place(k);
                return {
                  path: [
                    [x + 0.5, y - 2],
                    [x + 0.5, y + 2],
                  ] as [number, number][],
                };
              }),
            }
          : {}),
      },
    ],
    exits: [
      {
        id: 'e',
        level: 'g',
        line: [
          [side, 1],
          [side, 2],
        ],
      },
    ],
    populations: Array.from({ length: input.count }, (_, k) => {
      const [x, y] = place(k);
      return [
        {
          id: `knows ${k}`,
          level: 'g',
          position: [x, y] as [number, number],
          waits: true,
          ...(input.uniform ? { uniform: true } : {}),
        },
        { id: `asks ${k}`, level: 'g', position: [x + 1, y] as [number, number], waits: true, knows: [] },
      ];
    }).flat(),
    events: [{ at: input.seconds, do: 'alert' }],
    behaviour: { word: input.word ?? {}, ...(input.hearing ? { hearing: input.hearing } : {}) },
    settings: { seed: input.seed, end: { time: input.seconds } },
  });
}

function learnt(input: Parameters<typeof pairs>[0]): number {
  const { events } = runToEnd(pairs(input));
  return events.filter(({ type }) => type === 'belief-changed').length;
}

test('word gets from one to the other at its rate, and is believed by the share that trusts', () => {
  for (const [uniform, trust] of [
    [false, 0.5],
    [true, 0.95],
  ] as const) {
    const count = 49;
    const seconds = 3;
    let heard = 0;
    for (let seed = 1; seed <= 8; seed++) heard += learnt({ count, seconds, seed, uniform });
    const share = 1 - (1 - (1 - Math.exp(-0.3)) * trust) ** seconds;
    const total = 8 * count;
    expect(Math.abs(heard / total - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / total));
  }
});

test('the one who knew is told nothing, and every word is in the trace with who said it', () => {
  const { events } = runToEnd(pairs({ count: 25, seconds: 10, seed: 2 }));
  const told = events.flatMap((event) => (event.type === 'person-told' ? [event] : []));
  expect(told.length).toBeGreaterThan(10);
  for (const { person, from, portal, belief } of told) {
    expect(person % 2).toBe(1);
    expect(from).toBe(person - 1);
    expect([portal, belief]).toEqual(['e', 'open']);
  }
  const changed = events.flatMap((event) => (event.type === 'belief-changed' ? [event] : []));
  expect(changed.map(({ person, from }) => [person, from])).toEqual(
    told.filter(({ believed }) => believed).map(({ person, from }) => [person, from]),
  );
});

test('nobody is told anything through a wall, in too much noise, or by who cannot be trusted at all', () => {
  const base = { count: 25, seconds: 20, seed: 3 };
  expect(learnt({ ...base, walled: true })).toBe(0);
  expect(learnt({ ...base, hearing: { ambient: 90 } })).toBe(0);
  expect(learnt({ ...base, word: { stranger: 0 } })).toBe(0);
  expect(learnt({ ...base, hearing: { ambient: 60 } })).toBeGreaterThan(20);
});
