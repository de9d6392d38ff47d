import { describe, expect, test } from 'vitest';
import { wakeTime } from './hear-sounds.ts';
import { createMinds } from './minds.ts';
import { makeScenario, makeWorld } from './run.test-support.ts';
import { echoOf, findSoundPaths, type HearingLaw, soundLevelAt } from './sound-paths.ts';

const box = (x0: number, y0: number, x1: number, y1: number): [number, number][] => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];
const LAW: HearingLaw = {
  ambient: 40,
  areas: [],
  wallLoss: 40,
  doorLoss: 25,
  openingLoss: 3,
  floorLoss: 50,
  absorption: 1,
  height: 3,
};

/** Two rooms of 20 × 10 m beside each other, a door in the middle of the wall between them at x = 20. */
function twoRooms(state: 'open' | 'closed') {
  const scenario = makeScenario({
    levels: [
      {
        id: 'g',
        outlines: [box(0, 0, 40, 10)],
        walls: [
          {
            path: [
              [20, 0],
              [20, 10],
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
          [20, 4.5],
          [20, 5.5],
        ],
        state,
      },
    ],
    exits: [
      {
        id: 'e',
        level: 'g',
        line: [
          [0, 1],
          [0, 2],
        ],
      },
    ],
    behaviour: { hearing: {} },
  });
  const world = makeWorld(scenario);
  const { opaque } = createMinds(world);
  const areaAt = (x: number) =>
    world.areas.findIndex(
      ({ kind, polygons }) =>
        kind === 'room' && polygons[0][0].some(([px]) => Math.abs(px + world.origin[0] - x) < 1e-6),
    );
  const [left, right] = [areaAt(0), areaAt(40)];
  const local = (x: number, y: number) => [x - world.origin[0], y - world.origin[1]] as const;
  const level = (from: readonly [number, number], to: readonly [number, number], law = LAW) => {
    const [x, y] = local(...from);
    const paths = findSoundPaths(world, { sheet: 0, area: from[0] < 20 ? left : right, x, y, loudness: 100 }, law);
    const [px, py] = local(...to);
    return soundLevelAt(world, paths, opaque, law, 0, to[0] < 20 ? left : right, px, py);
  };
  return { world, level, left };
}

describe('sound', () => {
  test('in the open falls by 20 log10 of the distance, and not beyond what it is at 1 m', () => {
    const { level } = twoRooms('open');
    for (const d of [1, 2, 5, 10, 15]) expect(level([2, 2], [2 + d, 2])).toBeCloseTo(100 - 20 * Math.log10(d), 9);
    expect(level([2, 2], [2.1, 2])).toBeCloseTo(100, 9);
  });

  test('with echo adds the constant level of the room', () => {
    const { level, world, left } = twoRooms('open');
    const law = { ...LAW, absorption: 0.2 };
    // 19.9 × 10 m less nothing: floor and ceiling, and the edge times the height
    const surface = 2 * 199 + 2 * (19.9 + 10) * 3;
    const echo = 100 + 10 * Math.log10((16 * Math.PI * (1 - 0.2)) / (0.2 * surface));
    expect(echoOf(world, left, 100, law)).toBeCloseTo(echo, 1);
    const direct = 100 - 20 * Math.log10(10);
    expect(level([2, 2], [12, 2], law)).toBeCloseTo(10 * Math.log10(10 ** (direct / 10) + 10 ** (echo / 10)), 1);
  });

  test('goes through an open door as through the opening, through a shut one with its loss, through a wall with more', () => {
    const way = Math.hypot(5, 4) + Math.hypot(5, 4);
    const open = twoRooms('open').level([15, 1], [25, 1]);
    expect(open).toBeCloseTo(100 - 20 * Math.log10(way) - 3, 6);
    const shut = twoRooms('closed').level([15, 1], [25, 1]);
    expect(shut).toBeCloseTo(100 - 20 * Math.log10(way) - 25, 6);
    // straight through the wall is louder where the door is still tighter
    expect(twoRooms('closed').level([15, 1], [25, 1], { ...LAW, doorLoss: 60 })).toBeCloseTo(100 - 20 - 40, 6);
  });

  test('straight through an open door loses nothing', () => {
    expect(twoRooms('open').level([15, 5], [25, 5])).toBeCloseTo(80, 6);
  });

  test('is the same from here to there as from there to here', () => {
    for (const state of ['open', 'closed'] as const) {
      const { level } = twoRooms(state);
      for (const [a, b] of [
        [
          [3, 2],
          [31, 8],
        ],
        [
          [19, 9],
          [21, 9],
        ],
        [
          [10, 5],
          [30, 1],
        ],
      ] as const) {
        expect(level(a, b)).toBeCloseTo(level(b, a), 9);
      }
    }
  });
});

test('ten decibels more halve the time to wake, and what is softer than the waking level never wakes', () => {
  expect(wakeTime(70, 70, 12)).toBe(12);
  expect(wakeTime(80, 70, 12)).toBeCloseTo(6, 9);
  expect(wakeTime(100, 70, 12)).toBeCloseTo(1.5, 9);
  expect(wakeTime(69.9, 70, 12)).toBe(Infinity);
});
