import { describe, expect, test } from 'vitest';
import { createMinds } from './minds.ts';
import { makeScenario, makeWorld, runToEnd } from './run.test-support.ts';
import { isExposed } from './see-signs.ts';

const box = (x0: number, y0: number, x1: number, y1: number): [number, number][] => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];

/** A hall in which people wait, none of them knows the exit that the sign shows. */
function hall(input: {
  dynamic?: boolean;
  count: number;
  seconds: number;
  seed: number;
  wall?: boolean;
  signs?: boolean;
}) {
  return makeScenario({
    levels: [
      {
        id: 'g',
        outlines: [box(0, 0, 30, 20)],
        ...(input.wall
          ? {
              walls: [
                {
                  path: [
                    [13, 0],
                    [13, 20],
                  ] as [number, number][],
                },
              ],
            }
          : {}),
      },
    ],
    ...(input.wall
      ? {
          doors: [
            {
              id: 'd',
              level: 'g',
              line: [
                [13, 18],
                [13, 19],
              ] as [[number, number], [number, number]],
              state: 'closed' as const,
            },
          ],
        }
      : {}),
    exits: [
      {
        id: 'known',
        level: 'g',
        line: [
          [30, 1],
          [30, 2],
        ],
      },
      {
        id: 'other',
        level: 'g',
        line: [
          [0, 1],
          [0, 2],
        ],
      },
    ],
    signs: [
      {
        id: 'sign',
        level: 'g',
        position: [0.1, 10],
        facing: 0,
        exit: 'other',
        size: 0.15,
        ...(input.dynamic ? { dynamic: true } : {}),
      },
    ],
    populations: [
      { id: 'p', level: 'g', polygon: box(14, 8, 22, 12), count: input.count, knows: ['known'], waits: true },
    ],
    // somebody else keeps the run going
    events: [{ at: input.seconds, do: 'alert' }],
    behaviour: input.signs === false ? {} : { signs: {} },
    settings: { seed: input.seed, end: { time: input.seconds } },
  });
}

describe('signs', () => {
  test('of those exposed for five seconds 38 % notice a static and 77 % a dynamic sign, and longer exposure changes nothing', () => {
    for (const [dynamic, share] of [
      [false, 0.38],
      [true, 0.77],
    ] as const) {
      const count = 60;
      let seen = 0;
      let total = 0;
      for (let seed = 1; seed <= 12; seed++) {
        // 5.5 s: ten looks, half a second apart, staggered by id
        const { events } = runToEnd(hall({ dynamic, count, seconds: seed % 2 === 0 ? 5.5 : 12, seed }));
        seen += events.filter(({ type }) => type === 'sign-seen').length;
        total += count;
      }
      // four standard errors of a binomial share
      expect(Math.abs(seen / total - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / total));
    }
  });

  test('in half the exposure time the share is that of a constant rate', () => {
    let seen = 0;
    const total = 12 * 60;
    for (let seed = 1; seed <= 12; seed++) {
      const { events } = runToEnd(hall({ count: 60, seconds: 2.5, seed }));
      seen += events.filter(({ type }) => type === 'sign-seen').length;
    }
    const share = 1 - Math.sqrt(1 - 0.38);
    expect(Math.abs(seen / total - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / total));
  });

  test('nobody notices a sign through a wall, nor where signs are not simulated', () => {
    for (const input of [{ wall: true }, { signs: false }]) {
      const { events } = runToEnd(hall({ dynamic: true, count: 40, seconds: 20, seed: 3, ...input }));
      expect(events.some(({ type }) => type === 'sign-seen' || type === 'belief-changed')).toBe(false);
    }
  });

  test('who notices it takes its exit for open, and the trace says so', () => {
    const { events, world } = runToEnd(hall({ dynamic: true, count: 40, seconds: 12, seed: 1 }));
    const seen = events.flatMap((event) => (event.type === 'sign-seen' ? [event.person] : []));
    const learnt = events.flatMap((event) => (event.type === 'belief-changed' ? [event] : []));
    expect(learnt.map(({ person }) => person)).toEqual(seen);
    expect(seen.length).toBeGreaterThan(10);
    for (const event of learnt) expect(event).toMatchObject({ portal: 'other', belief: 'open', by: 'sign' });
    const portal = world.portals.findIndex(({ id }) => id === 'other');
    for (let i = 0; i < 40; i++) {
      expect(world.views.beliefs[i * world.portals.length + portal]).toBe(seen.includes(i) ? 1 : 0);
    }
  });

  test('a sign is read from the circle of its viewing distance, not from beside or behind it', () => {
    const world = makeWorld(hall({ count: 1, seconds: 1, seed: 1 }));
    const { opaque, signs } = createMinds(world);
    const [sign] = signs;
    expect(sign.range).toBeCloseTo(30, 9);
    const { persons } = world.views;
    const at = (distance: number, angle: number): boolean => {
      persons.x[0] = sign.x + distance * Math.cos(angle);
      persons.y[0] = sign.y + distance * Math.sin(angle);
      return isExposed(world, opaque, sign, 0, -1);
    };
    for (let k = -78; k <= 78; k += 5) {
      const angle = (k * Math.PI) / 180;
      const edge = 30 * Math.cos(angle);
      const readable = Math.abs(k) <= 70;
      // within the hall only: beyond its walls nothing is seen
      const inHall = (d: number) => d * Math.cos(angle) < 29.5 && Math.abs(d * Math.sin(angle)) < 9.5;
      if (inHall(edge * 0.98)) expect(at(edge * 0.98, angle)).toBe(readable);
      if (inHall(edge * 1.02)) expect(at(edge * 1.02, angle)).toBe(false);
      expect(at(1, angle + Math.PI)).toBe(false);
    }
  });
});
