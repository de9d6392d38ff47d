import fc from 'fast-check';
import { expect, test } from 'vitest';
import { polygonContains } from '../math/index.ts';
import { isClearOfWalls } from './place-persons.ts';
import { mixProfiles } from './populations.ts';
import { box, type Corner, compileScene, hasPlan, readPlan, type SceneInput, worldOf } from './scenes.test-support.ts';
import { PersonState, type World } from './world.ts';

/** Faults of a placed crowd: overlapping pairs and persons in walls or off the floor, counted by brute force in bins. */
function faultsOf(world: World): { overlaps: number; inWalls: number; offFloor: number } {
  const { x, y, radius, sheet } = world.views.persons;
  const bins = new Map<string, number[]>();
  let overlaps = 0;
  let inWalls = 0;
  let offFloor = 0;
  for (let i = 0; i < world.personCount; i++) {
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        for (const j of bins.get(`${sheet[i]}:${Math.floor(x[i]) + dx}:${Math.floor(y[i]) + dy}`) ?? []) {
          if (Math.hypot(x[i] - x[j], y[i] - y[j]) < radius[i] + radius[j] - 1e-5) overlaps++;
        }
      }
    }
    const key = `${sheet[i]}:${Math.floor(x[i])}:${Math.floor(y[i])}`;
    bins.set(key, [...(bins.get(key) ?? []), i]);
    if (!isClearOfWalls(world, sheet[i], x[i], y[i], radius[i] - 1e-5)) inWalls++;
    if (!world.sheets[sheet[i]].polygons.some((rings) => polygonContains(rings, x[i], y[i]))) offFloor++;
  }
  return { overlaps, inWalls, offFloor };
}

const none = { overlaps: 0, inWalls: 0, offFloor: 0 };

function room(width: number, height: number, density: number, more: Partial<SceneInput['levels'][0]> = {}): SceneInput {
  return {
    levels: [{ id: 'g', outlines: [box(0, 0, width, height)], ...more }],
    exits: [
      {
        id: 'e',
        level: 'g',
        line: [
          [width, 0.05],
          [width, 0.95],
        ],
      },
    ],
    populations: [{ id: 'p', level: 'g', density }],
  };
}

test('up to 4 persons per square metre always fit into a room of at least 2 m, nobody in a wall or in another', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 2, max: 12, noNaN: true }),
      fc.double({ min: 2, max: 12, noNaN: true }),
      fc.double({ min: 0.2, max: 4, noNaN: true }),
      fc.integer({ min: 0, max: 1e6 }),
      (width, height, density, seed) => {
        const world = worldOf(room(width, height, density), seed);
        expect(world.personCount).toBe(Math.round(density * world.areas[0].size));
        expect(faultsOf(world)).toEqual(none);
      },
    ),
    { numRuns: 60, seed: 1 },
  );
});

test('3 persons per square metre always fit among furniture and oblique walls', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          x: fc.double({ min: 1, max: 8, noNaN: true }),
          y: fc.double({ min: 1, max: 8, noNaN: true }),
          turn: fc.double({ min: 0, max: 3.14, noNaN: true }),
          long: fc.double({ min: 0.3, max: 3, noNaN: true }),
        }),
        { maxLength: 4 },
      ),
      fc.integer({ min: 0, max: 1e6 }),
      (things, seed) => {
        const furniture = things.map(({ x, y, turn, long }) => {
          const [c, s] = [Math.cos(turn), Math.sin(turn)];
          const polygon = box(-long / 2, -0.3, long / 2, 0.3).map(
            ([u, v]): Corner => [x + u * c - v * s, y + u * s + v * c],
          );
          return { polygon };
        });
        const input = room(10, 10, 3, { furniture });
        const { world, issues } = compileScene(input, seed);
        expect(issues.filter(({ code }) => code === 'population-does-not-fit')).toEqual([]);
        if (world !== undefined) expect(faultsOf(world)).toEqual(none);
      },
    ),
    { numRuns: 25, seed: 2 },
  );
});

test('6 persons per square metre fit into a hall', () => {
  const world = worldOf(room(10, 10, 6));
  expect(world.personCount).toBe(600);
  expect(faultsOf(world)).toEqual(none);
});

test('a single file fits into a corridor hardly wider than a person', () => {
  const world = worldOf({
    levels: [{ id: 'g', outlines: [box(0, 0, 20, 0.6)] }],
    exits: [
      {
        id: 'e',
        level: 'g',
        line: [
          [20, 0],
          [20, 0.6],
        ],
      },
    ],
    populations: [{ id: 'p', level: 'g', count: 30, profile: 'woman' }],
  });
  expect(faultsOf(world)).toEqual(none);
});

test('a population keeps clear of persons placed before it, by hand or not', () => {
  const world = worldOf({
    levels: [{ id: 'g', outlines: [box(0, 0, 6, 6)] }],
    exits: [
      {
        id: 'e',
        level: 'g',
        line: [
          [6, 2],
          [6, 3],
        ],
      },
    ],
    populations: [
      { id: 'a', level: 'g', density: 2 },
      { id: 'b', level: 'g', density: 1.5 },
      { id: 'c', level: 'g', position: [3, 3] },
    ],
  });
  const { x, y, population } = world.views.persons;
  expect(faultsOf(world)).toEqual(none);
  expect([x[world.personCount - 1], y[world.personCount - 1]]).toEqual([0, 0]);
  expect(population[0]).toBe(0);
  expect(population[world.personCount - 1]).toBe(2);
});

test('nobody stands in the leaf of a shut door', () => {
  const world = worldOf({
    levels: [
      {
        id: 'g',
        outlines: [box(0, 0, 4, 3)],
        walls: [
          {
            path: [
              [2, 0],
              [2, 3],
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
          [2, 0.5],
          [2, 2.5],
        ],
        state: 'closed',
      },
    ],
    exits: [
      {
        id: 'e',
        level: 'g',
        line: [
          [4, 1],
          [4, 2],
        ],
      },
    ],
    populations: [{ id: 'p', level: 'g', density: 3.5 }],
  });
  const { x, radius } = world.views.persons;
  for (let i = 0; i < world.personCount; i++) expect(Math.abs(x[i])).toBeGreaterThan(radius[i] - 1e-4);
});

test('persons keep to their region and are spread evenly over it', () => {
  const world = worldOf({
    levels: [{ id: 'g', outlines: [box(0, 0, 20, 20)] }],
    exits: [
      {
        id: 'e',
        level: 'g',
        line: [
          [20, 2],
          [20, 3],
        ],
      },
    ],
    populations: [{ id: 'p', level: 'g', polygon: box(2, 2, 18, 18), count: 512 }],
  });
  const { x, y } = world.views.persons;
  const counts = new Array<number>(16).fill(0);
  for (let i = 0; i < 512; i++) {
    expect(Math.abs(x[i])).toBeLessThanOrEqual(8);
    expect(Math.abs(y[i])).toBeLessThanOrEqual(8);
    counts[4 * Math.min(3, Math.floor((y[i] + 8) / 4)) + Math.min(3, Math.floor((x[i] + 8) / 4))]++;
  }
  // 32 expected in each sixteenth; independent places would spread by 5.5, blue noise by far less.
  const spread = Math.sqrt(counts.reduce((sum, n) => sum + (n - 32) ** 2, 0) / 16);
  expect(spread).toBeLessThan(4.5);
});

test('a population that does not fit is told how many do', () => {
  const { issues } = compileScene({ ...room(3, 3, 1), populations: [{ id: 'p', level: 'g', count: 200 }] });
  const issue = issues.find(({ code }) => code === 'population-does-not-fit');
  const fit = Number(issue?.expected?.replace('≤ ', ''));
  expect(fit).toBeGreaterThan(40);
  expect(fit).toBeLessThan(90);
});

test('persons are written with their traits, their room and a start time', () => {
  const world = worldOf({
    ...room(10, 10, 1),
    profiles: [{ id: 'late', preMovement: { distribution: 'uniform', min: 5, max: 9 } }],
    populations: [
      { id: 'p', level: 'g', count: 20, profile: 'late' },
      { id: 'q', level: 'g', count: 20, profile: 'late', alertedBy: 'bell', knows: [] },
    ],
    events: [{ id: 'bell', at: 3, do: 'alert' }],
  });
  const { persons, beliefs } = world.views;
  for (let i = 0; i < 40; i++) {
    expect(persons.area[i]).toBe(0);
    expect(persons.sheet[i]).toBe(0);
    expect(persons.state[i]).toBe(PersonState.waiting);
    expect([persons.portal[i], persons.exit[i], persons.vx[i], persons.vy[i]]).toEqual([-1, -1, 0, 0]);
    expect(Math.hypot(persons.headX[i], persons.headY[i])).toBeCloseTo(1, 6);
    expect(persons.preMovement[i]).toBeGreaterThanOrEqual(5);
    expect(persons.startTime[i]).toBe(i < 20 ? persons.preMovement[i] : Infinity);
    expect(world.profileIds[persons.profile[i]]).toBe('late');
    expect(beliefs[i * world.portals.length]).toBe(i < 20 ? 1 : 0);
    expect(persons.mass[i]).toBeGreaterThan(30);
    expect(persons.radius[i]).toBeLessThanOrEqual(world.radiusMax);
  }
});

test('a mix has its shares exactly, by largest remainder, and is shuffled', () => {
  const mix = mixProfiles([4, 7, 9], [1, 1, 1], 100, 1, 0);
  expect([4, 7, 9].map((p) => mix.filter((q) => q === p).length)).toEqual([34, 33, 33]);
  expect([...mix.slice(0, 20)].every((p) => p === 4)).toBe(false);
  expect([...mixProfiles([4, 7], [3, 1], 10, 1, 0)].filter((p) => p === 4)).toHaveLength(8);
  expect([...mixProfiles([4, 7, 9], [1, 1, 1], 100, 2, 0)]).not.toEqual([...mix]);
});

test('a room without a way out is left empty when the whole level is filled, with a warning', () => {
  const { world, issues } = compileScene({
    ...room(10, 5, 1),
    levels: [
      {
        id: 'g',
        outlines: [box(0, 0, 10, 5)],
        walls: [
          {
            path: [
              [4, 0],
              [4, 5],
            ],
          },
        ],
      },
    ],
    populations: [{ id: 'p', level: 'g', count: 40 }],
  });
  expect(issues.map(({ code }) => code)).toEqual(['area-without-way-out']);
  expect(Math.min(...world!.views.persons.x)).toBeGreaterThan(-1);
});

test('a person placed by hand stays where they are, or is moved off a wall they overlap', () => {
  const { world, issues } = compileScene({
    ...room(10, 5, 1),
    populations: [
      { id: 'p', level: 'g', position: [3.25, 2.125] },
      { id: 'q', level: 'g', position: [7, 0.03] },
    ],
  });
  const { x, y, radius } = world!.views.persons;
  expect([x[0] + 5, y[0] + 2.5]).toEqual([3.25, 2.125]);
  expect(y[1] + 2.5).toBeCloseTo(radius[1], 3);
  expect(issues.map(({ code, path }) => `${code} ${path}`)).toEqual(['person-moved populations[1].position']);
});

test.each(['BUW', 'aknz_evac', 'arena'].filter(hasPlan))(
  '%s holds 1000 persons, nobody in a wall or in another',
  (name) => {
    const [outline, ...holes] = readPlan(name)[0];
    const [x, y] = outline[0];
    const { world } = compileScene({
      levels: [{ id: 'g', outlines: [outline], holes }],
      exits: [{ id: 'e', level: 'g', polygon: box(x - 2, y - 2, x + 2, y + 2) }],
      populations: [{ id: 'p', level: 'g', count: 1000 }],
    });
    expect(world!.personCount).toBe(1000);
    expect(faultsOf(world!)).toEqual(none);
  },
);
