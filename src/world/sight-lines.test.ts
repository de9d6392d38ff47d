import { expect, test } from 'vitest';
import { box, makeRandom, worldOf } from './scenes.test-support.ts';
import { countWallsBetween, findOpaque, isInSight } from './sight-lines.ts';
import { SEGMENT_FLOATS, SegmentKind, type World } from './world.ts';

const exits = [
  {
    id: 'e',
    level: 'g',
    line: [
      [0, 1],
      [0, 2],
    ] as [[number, number], [number, number]],
  },
];

/** A second implementation: every row of the table, by orientations of the plan's own f64 ends. */
function isFree(world: World, opaque: Uint8Array, x: number, y: number, toX: number, toY: number): boolean {
  const side = (ax: number, ay: number, bx: number, by: number, cx: number, cy: number) =>
    (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  for (let row = 0; row < world.segmentCount; row++) {
    if (opaque[row] === 0) continue;
    if (world.views.segments[SEGMENT_FLOATS * row + 7] === SegmentKind.leaf) {
      if (world.views.segments[SEGMENT_FLOATS * row + 9] === 0) continue;
    }
    const [ax, ay, bx, by] = world.segmentEnds.subarray(4 * row, 4 * row + 4);
    if (side(x, y, toX, toY, ax, ay) * side(x, y, toX, toY, bx, by) >= 0) continue;
    if (side(ax, ay, bx, by, x, y) * side(ax, ay, bx, by, toX, toY) >= 0) continue;
    return false;
  }
  return true;
}

function maze(): World {
  const random = makeRandom(5);
  const pillars = Array.from({ length: 40 }, () => {
    const x = 2 + 34 * random();
    const y = 2 + 24 * random();
    return { polygon: box(x, y, x + 0.3 + random(), y + 0.3 + random()), height: 2.5 };
  });
  const walls = Array.from({ length: 12 }, () => ({
    path: [
      [2 + 34 * random(), 2 + 24 * random()],
      [2 + 34 * random(), 2 + 24 * random()],
    ] as [number, number][],
  }));
  return worldOf({ levels: [{ id: 'g', outlines: [box(0, 0, 40, 30)], furniture: pillars, walls }], exits });
}

test('sight agrees with a test of every wall, both ways, on 20 000 random lines among walls and pillars', () => {
  const world = maze();
  const opaque = findOpaque(world);
  const random = makeRandom(9);
  let seen = 0;
  for (let k = 0; k < 20_000; k++) {
    const [x, y, toX, toY] = [40 * random(), 30 * random(), 40 * random(), 30 * random()].map((value, i) =>
      Math.fround(value - world.origin[i % 2]),
    );
    const free = isFree(world, opaque, x, y, toX, toY);
    expect(isInSight(world, opaque, 0, x, y, toX, toY)).toBe(free);
    expect(isInSight(world, opaque, 0, toX, toY, x, y)).toBe(free);
    if (free) seen++;
  }
  expect(seen).toBeGreaterThan(1000);
  expect(seen).toBeLessThan(19_000);
});

const partition = (wall: object) =>
  worldOf({
    levels: [
      {
        id: 'g',
        outlines: [box(0, 0, 10, 6)],
        walls: [
          {
            path: [
              [5, 1],
              [5, 6],
            ],
            ...wall,
          },
        ],
      },
    ],
    exits,
  });

test('one sees over a railing, through bars, and not through a wall', () => {
  for (const [wall, free] of [
    [{}, false],
    [{ height: 1.1 }, true],
    [{ height: 2 }, false],
    [{ seeThrough: true }, true],
  ] as const) {
    const world = partition(wall);
    const opaque = findOpaque(world);
    expect(isInSight(world, opaque, 0, -3, 1, 3, 1)).toBe(free);
    // the outer walls stay walls whatever stands in the room, and the gap beside the wall stays free
    expect(isInSight(world, opaque, 0, 3, 1, 3, 5)).toBe(false);
    expect(isInSight(world, opaque, 0, -3, -2.5, 3, -2.5)).toBe(true);
  }
});

test('low furniture is looked over, a cupboard is not', () => {
  for (const [height, free] of [
    [0.8, true],
    [2, false],
  ] as const) {
    const world = worldOf({
      levels: [{ id: 'g', outlines: [box(0, 0, 10, 6)], furniture: [{ polygon: box(4, 2, 6, 4), height }] }],
      exits,
    });
    expect(isInSight(world, findOpaque(world), 0, -3, 0, 3, 0)).toBe(free);
  }
});

test('a shut leaf stops sight, an open one does not', () => {
  for (const [state, free] of [
    ['closed', false],
    ['open', true],
  ] as const) {
    const world = worldOf({
      levels: [
        {
          id: 'g',
          outlines: [box(0, 0, 10, 6)],
          walls: [
            {
              path: [
                [5, 0],
                [5, 6],
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
            [5, 2],
            [5, 4],
          ],
          state,
        },
      ],
      exits,
    });
    const opaque = findOpaque(world);
    expect(isInSight(world, opaque, 0, -3, 0, 3, 0)).toBe(free);
    expect(isInSight(world, opaque, 0, -3, 2.5, 3, 2.5)).toBe(false);
    const out = new Float64Array(2);
    countWallsBetween(world, opaque, 0, -3, 0, 3, 0, out);
    expect([...out]).toEqual([0, free ? 0 : 1]);
    countWallsBetween(world, opaque, 0, -3, 2.5, 3, 2.5, out);
    expect([...out]).toEqual([1, 0]);
  }
});
