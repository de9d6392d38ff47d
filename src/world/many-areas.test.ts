import { expect, test } from 'vitest';
import { createRun } from '../engine/index.ts';
import { findAreasWithWayOut, portalDistances, shortestWalk } from './graph.ts';
import { prepareFields } from './prepare-fields.ts';
import { box, type Corner, type SceneInput, worldOf } from './scenes.test-support.ts';
import { fieldCosts } from './travel-field.ts';

/** A street 10 m wide with rooms on both sides, one door each, and an exit at either end. */
function street(length: number, rooms: number): SceneInput {
  const width = length / rooms;
  const starts = Array.from({ length: rooms }, (_, i) => i * width);
  const line = (x: number, y: number): [Corner, Corner] => [
    [x, y],
    [x + 1, y],
  ];
  return {
    levels: [
      {
        id: 'g',
        outlines: [box(0, 0, length, 22)],
        walls: [6, 16].flatMap((y) => [
          { path: [[0, y] as Corner, [length, y] as Corner] },
          ...starts.slice(1).map((x) => ({ path: [[x, y === 6 ? 0 : 16] as Corner, [x, y === 6 ? 6 : 22] as Corner] })),
        ]),
      },
    ],
    doors: [6, 16].flatMap((y) => starts.map((x, i) => ({ id: `${y}/${i}`, level: 'g', line: line(x + 2, y) }))),
    exits: [
      { id: 'west', level: 'g', line: [[0, 16] as Corner, [0, 6] as Corner] },
      { id: 'east', level: 'g', line: [[length, 6] as Corner, [length, 16] as Corner] },
    ],
    populations: starts.map((x, i) => ({ id: `p${i}`, level: 'g', polygon: box(x + 0.5, 0.5, x + 4, 5.5), count: 2 })),
    settings: { end: { time: 300 } },
  };
}

test('a street of twenty rooms has a field for each room and one for each end, and all get out', () => {
  const world = worldOf(street(80, 10));
  expect(world.portals.length).toBe(22);
  prepareFields(world);
  expect(fieldCosts(world).built).toBe(20 + 2);
  const run = createRun(world, { sink: { append: () => undefined } });
  while (!run.advance(100));
  expect(run.finish().result.out).toBe(20);
  expect(fieldCosts(world).built).toBe(20 + 2);
});

test('portals to dead ends are as far as Infinity, those that lead on are not', () => {
  const world = worldOf(street(40, 5));
  const area = world.areas.findIndex(({ portals }) => portals.length === 12);
  const { portals } = world.areas[area];
  const table = portalDistances(world, area);
  portals.forEach((portal, j) => {
    const column = portals.flatMap((_, i) => (i === j ? [] : [table[i * 12 + j]]));
    if (world.portals[portal].exit >= 0) for (const distance of column) expect(distance).toBeLessThan(45);
    else for (const distance of column) expect(distance).toBe(Infinity);
  });
});

/**
 * Storeys of 20 m × 8 m with four rooms on a corridor, by turns west and east of a stairwell 4 m wide; flights go up in it,
 * eastwards and westwards by turns.
 */
function tower(storeys: number): SceneInput {
  const levels = Array.from({ length: storeys }, (_, s) => {
    const x0 = s % 2 === 0 ? 0 : 24;
    return {
      id: `L${s}`,
      elevation: 3 * s,
      outlines: [box(x0, 0, x0 + 20, 8)],
      walls: [[0, 5, 20, 5] as const, ...[5, 10, 15].map((x) => [x, 5, x, 8] as const)].map(([ax, ay, bx, by]) => ({
        path: [[x0 + ax, ay] as Corner, [x0 + bx, by] as Corner],
      })),
    };
  });
  const line = (ax: number, ay: number, bx: number, by: number): [Corner, Corner] => [
    [ax, ay],
    [bx, by],
  ];
  return {
    levels,
    doors: levels.flatMap(({ id }, s) =>
      [2, 7, 12, 17].map((x) => {
        const at = (s % 2 === 0 ? 0 : 24) + x;
        return { id: `${id}/${x}`, level: id, line: line(at, 5, at + 1, 5) };
      }),
    ),
    links: levels.slice(1).map(({ id }, s) => {
      const [from, to] = s % 2 === 0 ? [20, 24] : [24, 20];
      const y = s % 2 === 0 ? 1 : 3;
      return {
        id: `S${s}`,
        kind: 'stairs' as const,
        from: { level: `L${s}`, line: line(from, y, from, y + 1.2) },
        to: { level: id, line: line(to, y, to, y + 1.2) },
      };
    }),
    exits: [{ id: 'e', level: 'L0', line: line(0, 4, 0, 2) }],
    populations: levels.map(({ id }, s) => {
      const x0 = s % 2 === 0 ? 0 : 24;
      return { id: `p${id}`, level: id, polygon: box(x0 + 0.5, 5.5, x0 + 19.5, 7.5), count: 4 };
    }),
    settings: { end: { time: 600 } },
  };
}

test('a tower of six storeys compiles, its top is as far from the exit as the stairs are long, and all get out', () => {
  const world = worldOf(tower(6));
  expect(findAreasWithWayOut(world).filter((is) => is === 1).length).toBe(6 * 5 + 5);
  const top = world.sheets.findIndex(({ id }) => id === 'L5');
  const walk = shortestWalk(world, top, 43 - world.origin[0], 3 - world.origin[1]);
  // 19 m to the stairs, five flights of 5 m (4 along, 3 down) with 2 m between two on their storey, 20 m to the exit.
  expect(walk?.distance).toBeGreaterThan(19 + 25 + 4 * 1 + 20 - 1);
  expect(walk?.distance).toBeLessThan(19 + 25 + 4 * 2.5 + 20 + 1);
  expect(walk?.portals.length).toBe(11);
  const run = createRun(world, { sink: { append: () => undefined } });
  while (!run.advance(100));
  expect(run.finish().result.out).toBe(24);
  const sizes = fieldCosts(world);
  // A field for each room's door, for stairs and exit on their storeys, for both ends of each flight.
  expect(sizes.built).toBeLessThan(6 * 4 + 6 * 3 + 5 * 2 + 1);
});
