import { describe, expect, test } from 'vitest';
import { makeScenario, runToEnd } from './run.test-support.ts';

type Line = [[number, number], [number, number]];
const box = (x0: number, y0: number, x1: number, y1: number): [number, number][] => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];

/** A corridor of 30 m with three rooms to one side, exits at both of its ends; who is in the middle room knows none. */
function corridor(input: {
  knows?: string[];
  behaviour?: object;
  seed?: number;
  shut?: 'closed' | 'locked';
  end?: number;
  count?: number;
}) {
  return makeScenario({
    levels: [
      {
        id: 'g',
        outlines: [box(0, 0, 30, 8)],
        walls: [
          {
            path: [
              [0, 3],
              [30, 3],
            ],
          },
          {
            path: [
              [10, 3],
              [10, 8],
            ],
          },
          {
            path: [
              [20, 3],
              [20, 8],
            ],
          },
        ],
      },
    ],
    doors: [
      ...[2, 12, 22].map((x, k) => ({
        id: `room ${k}`,
        level: 'g',
        line: [
          [x, 3],
          [x + 1, 3],
        ] as Line,
      })),
      ...(input.shut
        ? [
            {
              id: 'west door',
              level: 'g',
              line: [
                [0, 1],
                [0, 2],
              ] as Line,
              state: input.shut,
              strength: 1e9,
            },
            {
              id: 'east door',
              level: 'g',
              line: [
                [30, 1],
                [30, 2],
              ] as Line,
              state: input.shut,
              strength: 1e9,
            },
          ]
        : []),
    ],
    exits: input.shut
      ? [
          { id: 'west', door: 'west door' },
          { id: 'east', door: 'east door' },
        ]
      : [
          {
            id: 'west',
            level: 'g',
            line: [
              [0, 1],
              [0, 2],
            ],
          },
          {
            id: 'east',
            level: 'g',
            line: [
              [30, 1],
              [30, 2],
            ],
          },
        ],
    populations: [
      { id: 'p', level: 'g', polygon: box(12, 4, 19, 7.5), count: input.count ?? 8, knows: input.knows ?? [] },
    ],
    behaviour: { knowledge: {}, ...input.behaviour },
    settings: { seed: input.seed ?? 1, end: { time: input.end ?? 400 } },
  });
}

describe('who knows no way out', () => {
  test('looks round, then searches room by room and gets out', () => {
    const { events, result } = runToEnd(corridor({}));
    expect(result.out).toBe(8);
    const searches = events.flatMap((event) => (event.type === 'person-searches' ? [event] : []));
    expect(new Set(searches.map(({ person }) => person)).size).toBe(8);
    // nobody searches before they have looked round, and the exit they take they have seen first
    expect(Math.min(...searches.map(({ t }) => t))).toBeGreaterThan(0.5);
    const outs = events.flatMap((event) => (event.type === 'person-out' ? [event] : []));
    for (const { person, exit, t } of outs) {
      const seen = events.find(
        (event) => event.type === 'belief-changed' && event.person === person && event.portal === exit,
      );
      expect(seen).toMatchObject({ belief: 'open', by: 'sight' });
      expect(seen!.t).toBeLessThan(t);
    }
  });

  test('opens shut doors to see what is behind', () => {
    const { events, result } = runToEnd(corridor({ shut: 'closed' }));
    expect(result.out).toBe(8);
    const first = events.find(({ type }) => type === 'person-out') as { person: number };
    expect(events.some((event) => event.type === 'belief-changed' && event.person === first.person)).toBe(false);
  });

  test('is stranded once everything was searched and found locked, is told of once, and the run ends', () => {
    const { events, result } = runToEnd(corridor({ shut: 'locked', count: 4, end: 900 }));
    expect(result.out).toBe(0);
    const stranded = events.flatMap((event) => (event.type === 'person-stranded' ? [event.person] : []));
    expect([...stranded].sort()).toEqual([0, 1, 2, 3]);
    expect(result.outcome).toBe('stalled');
  });

  test('does not go into open rooms that are seen to be dead ends, alone or after others', () => {
    const scenario = (seed: number) =>
      makeScenario({
        levels: [
          {
            id: 'g',
            outlines: [box(0, 0, 30, 6)],
            walls: [
              {
                path: [
                  [0, 3],
                  [20, 3],
                ],
              },
              ...[5, 10, 15, 20].map((x) => ({
                path: [
                  [x, 3],
                  [x, 6],
                ] as [number, number][],
              })),
            ],
          },
        ],
        doors: [
          ...[2, 7, 12, 17].map((x, k) => ({
            id: `room ${k}`,
            level: 'g',
            line: [
              [x, 3],
              [x + 1, 3],
            ] as Line,
          })),
          {
            id: 'way out',
            level: 'g',
            line: [
              [30, 4],
              [30, 5],
            ] as Line,
            state: 'closed' as const,
          },
        ],
        exits: [{ id: 'out', door: 'way out' }],
        populations: [{ id: 'p', level: 'g', polygon: box(1, 0.5, 12, 2.5), count: 12, knows: [] }],
        behaviour: { knowledge: {}, following: {} },
        settings: { seed, end: { time: 200 } },
      });
    for (const seed of [1, 2, 3]) {
      const { events, result } = runToEnd(scenario(seed));
      expect(result.out).toBe(12);
      // who stands right beside a doorway may be in it before they have looked round again
      const inRooms = events.filter((event) => event.type === 'portal-crossed' && event.portal.startsWith('room'));
      expect(inRooms.length).toBeLessThanOrEqual(4);
    }
  });

  test('does not look for a way over a railing', () => {
    const scenario = (seed: number) =>
      makeScenario({
        levels: [
          { id: 'up', elevation: 3, outlines: [box(0, 0, 20, 6), box(20, 2, 26, 3)] },
          { id: 'down', elevation: 0, outlines: [box(26.5, 0, 36, 6)] },
        ],
        doors: [
          {
            id: 'shut',
            level: 'up',
            line: [
              [0, 2],
              [0, 3],
            ],
          },
        ],
        exits: [
          { id: 'up there', door: 'shut' },
          {
            id: 'down there',
            level: 'down',
            line: [
              [36, 2],
              [36, 4],
            ],
          },
        ],
        links: [
          {
            id: 'over the railing',
            kind: 'drop',
            from: {
              level: 'up',
              line: [
                [26, 2.2],
                [26, 2.8],
              ],
            },
            to: {
              level: 'down',
              line: [
                [26.5, 2.2],
                [26.5, 2.8],
              ],
            },
          },
        ],
        populations: [{ id: 'p', level: 'up', polygon: box(12, 0.5, 19, 5.5), count: 20, knows: [] }],
        behaviour: { knowledge: {} },
        settings: { seed, end: { time: 120 } },
      });
    for (const seed of [1, 2, 3]) {
      const { events, result } = runToEnd(scenario(seed));
      expect(result.out).toBe(20);
      const exits = events.flatMap((event) => (event.type === 'person-out' ? [event.exit] : []));
      expect(new Set(exits)).toEqual(new Set(['up there']));
    }
  });

  test('does not search where they know a way', () => {
    const { events, result } = runToEnd(corridor({ knows: ['east'], behaviour: { knowledge: { recognise: 5 } } }));
    expect(result.out).toBe(8);
    expect(events.some(({ type }) => type === 'person-searches')).toBe(false);
    const exits = events.flatMap((event) => (event.type === 'person-out' ? [event.exit] : []));
    expect(new Set(exits)).toEqual(new Set(['east']));
  });
});

/** A hall with an exit in each of two opposite walls, as many behind a partition; `guides` of those in it know the left one. */
function hall(guides: [left: number, right: number], seed: number, following = true) {
  const others = 200 - guides[0] - guides[1];
  return makeScenario({
    levels: [{ id: 'g', outlines: [box(0, 0, 30, 20)] }],
    doors: [
      {
        id: 'l',
        level: 'g',
        line: [
          [0, 8.5],
          [0, 11.5],
        ],
        leaf: 'double',
        state: 'closed',
      },
      {
        id: 'r',
        level: 'g',
        line: [
          [30, 8.5],
          [30, 11.5],
        ],
        leaf: 'double',
        state: 'closed',
      },
    ],
    exits: [
      { id: 'left', door: 'l' },
      { id: 'right', door: 'r' },
    ],
    populations: [
      { id: 'crowd', level: 'g', polygon: box(9, 3, 21, 17), count: others, knows: [] },
      ...(guides[0] > 0
        ? [{ id: 'to the left', level: 'g', polygon: box(13, 6, 17, 14), count: guides[0], knows: ['left'] }]
        : []),
      ...(guides[1] > 0
        ? [{ id: 'to the right', level: 'g', polygon: box(13, 6, 17, 14), count: guides[1], knows: ['right'] }]
        : []),
    ],
    behaviour: { knowledge: {}, ...(following ? { following: {} } : {}) },
    settings: { seed, end: { time: 300 } },
  });
}

describe('a few who know', () => {
  const shareLeft = (guides: [number, number], seed: number, following = true) => {
    const { events, result } = runToEnd(hall(guides, seed, following));
    expect(result.out).toBe(200);
    const exits = events.flatMap((event) => (event.type === 'person-out' ? [event.exit] : []));
    return exits.filter((exit) => exit === 'left').length / 200;
  };

  test('five in a hundred steer a crowd of two hundred without a word', () => {
    const shares = [1, 2, 3].map((seed) => shareLeft([10, 0], seed));
    for (const share of shares) expect(share).toBeGreaterThan(0.8);
  });

  test('without following they steer only themselves', () => {
    const share = shareLeft([10, 0], 1, false);
    expect(share).toBeGreaterThan(0.35);
    expect(share).toBeLessThan(0.7);
  });
});
