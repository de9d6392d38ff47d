import { expect, test } from 'vitest';
import { type ScenarioInput, scenarioSchema } from '../scenario/index.ts';
import { compileWorld, findWayTo, hasStraightWay, innerPlace, locateArea, type World } from './index.ts';

/** Two rooms of 5 × 4 m side by side over a corridor of 10 × 2 m; doors of 1 m from each room to the corridor. */
function makeRooms(): World {
  const input: ScenarioInput = {
    crashbar: 1,
    name: 'rooms',
    levels: [
      {
        id: 'ground',
        outlines: [
          [
            [0, 0],
            [10, 0],
            [10, 6],
            [0, 6],
          ],
        ],
        walls: [
          {
            path: [
              [0, 2],
              [10, 2],
            ],
            thickness: 0.1,
          },
          {
            path: [
              [5, 2],
              [5, 6],
            ],
            thickness: 0.1,
          },
        ],
      },
    ],
    doors: [
      {
        id: 'west',
        level: 'ground',
        line: [
          [2, 2],
          [3, 2],
        ],
        state: 'locked',
      },
      {
        id: 'east',
        level: 'ground',
        line: [
          [7, 2],
          [8, 2],
        ],
      },
    ],
    exits: [
      {
        id: 'out',
        level: 'ground',
        line: [
          [0, 0.5],
          [0, 1.5],
        ],
      },
    ],
    populations: [{ id: 'one', level: 'ground', position: [8, 5] }],
  };
  const { world, issues } = compileWorld(scenarioSchema.parse(input));
  expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  return world!;
}

const at = (world: World, x: number, y: number) => {
  const [ox, oy] = world.origin;
  return { area: locateArea(world, 0, x - ox, y - oy), x: x - ox, y: y - oy };
};

test('the way to a place in another room leads through both doors and is as long as the taut line by their middles', () => {
  const world = makeRooms();
  const from = at(world, 8, 5);
  const to = at(world, 2.5, 5);
  const way = findWayTo(world, from.area, from.x, from.y, to, () => 0);
  expect(world.portals[way!.portal].id).toBe('east');
  // To the door's middle 3 m, along the corridor 5 m less twice the part of a door that a walk may cut, up 3 m.
  expect(way!.effort).toBeGreaterThan(10.2);
  expect(way!.effort).toBeLessThan(11.1);
  expect(way!.rest).toBeGreaterThan(7.2);
});

test('a dead end is found too, where the goal is in it', () => {
  const world = makeRooms();
  const from = at(world, 1, 1);
  for (const [x, door] of [
    [2.5, 'west'],
    [7.5, 'east'],
  ] as const) {
    const way = findWayTo(world, from.area, from.x, from.y, at(world, x, 4), () => 0);
    expect(world.portals[way!.portal].id).toBe(door);
  }
});

test('a portal that cannot be passed is no way, and one that costs effort adds it', () => {
  const world = makeRooms();
  const from = at(world, 8, 5);
  const to = at(world, 2.5, 5);
  const west = world.doors[0].portal;
  expect(findWayTo(world, from.area, from.x, from.y, to, (portal) => (portal === west ? Infinity : 0))).toBeUndefined();
  const free = findWayTo(world, from.area, from.x, from.y, to, () => 0)!;
  const dear = findWayTo(world, from.area, from.x, from.y, to, (portal) => (portal === west ? 7 : 0))!;
  expect(dear.effort).toBeCloseTo(free.effort + 7, 9);
});

test('walls and shut leaves hide, open doors do not', () => {
  const world = makeRooms();
  const [ox, oy] = world.origin;
  const sees = (x0: number, y0: number, x1: number, y1: number) =>
    hasStraightWay(world, 0, x0 - ox, y0 - oy, x1 - ox, y1 - oy);
  expect(sees(1, 1, 9, 1)).toBe(true);
  expect(sees(1, 5, 9, 5)).toBe(false);
  expect(sees(7.5, 1, 7.5, 5)).toBe(true);
  expect(sees(2.5, 1, 2.5, 5)).toBe(false);
  expect(sees(6.5, 1, 6.5, 5)).toBe(false);
});

test('the inner place of a room lies in it, near its middle', () => {
  const world = makeRooms();
  const room = at(world, 2, 4);
  const inner = innerPlace(world, room.area)!;
  expect(inner.area).toBe(room.area);
  expect(Math.abs(inner.x + world.origin[0] - 2.475)).toBeLessThan(0.2);
  expect(Math.abs(inner.y + world.origin[1] - 4.025)).toBeLessThan(0.2);
});
