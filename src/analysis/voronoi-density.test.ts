import { expect, test } from 'vitest';
import { randomUnit } from '../math/index.ts';
import { type Ring, trajectoryOfRows } from '../trace/index.ts';
import { isConvexRing, measureVoronoi } from './voronoi-density.ts';

const box = (x0: number, y0: number, x1: number, y1: number): [number, number][] => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];

function frameOf(points: readonly (readonly [number, number])[]) {
  return trajectoryOfRows(10, {
    frame: points.map(() => 0),
    person: points.map((_, k) => k),
    x: points.map(([x]) => x),
    y: points.map(([, y]) => y),
  });
}

/** A second implementation: the nearest person to each point of a fine raster, floor only. */
function rasterDensity(
  points: readonly (readonly [number, number])[],
  isFloor: (x: number, y: number) => boolean,
  span: number,
  step: number,
): number[] {
  const cells = points.map(() => 0);
  for (let x = step / 2; x < span; x += step) {
    for (let y = step / 2; y < span; y += step) {
      if (!isFloor(x, y)) continue;
      let best = 0;
      let least = Infinity;
      points.forEach(([px, py], k) => {
        const square = (px - x) ** 2 + (py - y) ** 2;
        if (square < least) [least, best] = [square, k];
      });
      cells[best]! += step * step;
    }
  }
  return cells.map((area) => 1 / area);
}

test('on a square lattice every inner cell is a square of the spacing, and so is the density of any area', () => {
  const spacing = 0.6;
  const points: [number, number][] = [];
  for (let i = 0; i < 12; i += 1) for (let j = 0; j < 9; j += 1) points.push([i * spacing, j * spacing]);
  const trajectory = frameOf(points);
  const areas = [box(1, 1, 3, 3), box(2.03, 1.4, 2.1, 4), [[1, 1] as const, [3, 1] as const, [2, 3.3] as const]];
  const speeds = new Float32Array(points.length).fill(1.25);
  const { density, speed, individual } = measureVoronoi(trajectory, [[box(-5, -5, 20, 20)]], areas, speeds);
  for (const series of density) expect(series[0]).toBeCloseTo(1 / spacing ** 2, 9);
  for (const series of speed) expect(series[0]).toBeCloseTo(1.25, 9);
  expect(individual[points.findIndex(([x, y]) => x === 5 * spacing && y === 4 * spacing)]).toBeCloseTo(2.7778, 3);
});

test('on a hexagonal lattice it is 2 / (√3 a²)', () => {
  const a = 0.5;
  const points: [number, number][] = [];
  for (let i = 0; i < 16; i += 1) {
    for (let j = 0; j < 16; j += 1) points.push([(i + (j % 2) / 2) * a, (j * a * Math.sqrt(3)) / 2]);
  }
  const { density } = measureVoronoi(
    frameOf(points),
    [[box(-9, -9, 20, 20)]],
    [box(2, 2, 5, 4)],
    new Float32Array(256),
  );
  expect(density[0]![0]).toBeCloseTo(2 / (Math.sqrt(3) * a * a), 9);
});

test('cells part the floor: their areas add up to it, whoever stands where, and an area that is all of it counts all', () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const points = Array.from({ length: 1 + seed * 2 }, (_, k): [number, number] => [
      10 * randomUnit(seed, 1, k, 0),
      10 * randomUnit(seed, 1, k, 1),
    ]);
    const { individual, density } = measureVoronoi(
      frameOf(points),
      [[box(0, 0, 10, 10)]],
      [box(0, 0, 10, 10)],
      new Float32Array(points.length),
    );
    const sum = [...individual].reduce((total, value) => total + 1 / value, 0);
    expect(sum).toBeCloseTo(100, 3);
    expect(density[0]![0]! * 100).toBeCloseTo(points.length, 5);
  }
});

test('a raster of nearest persons finds the same cells, with a column and a wall in the hall', () => {
  const column = box(4, 4, 6, 6);
  const wall = box(2, 0, 2.2, 7);
  const floor: Ring[] = [
    [
      [0, 0],
      [2, 0],
      [2, 7],
      [2.2, 7],
      [2.2, 0],
      [10, 0],
      [10, 10],
      [0, 10],
    ],
    column,
  ];
  const within = (ring: [number, number][], x: number, y: number) =>
    x > ring[0]![0] && x < ring[1]![0] && y > ring[0]![1] && y < ring[2]![1];
  const points: [number, number][] = [
    [1, 1],
    [1, 5],
    [3, 8.5],
    [5, 8],
    [8, 8],
    [8, 5],
    [7.5, 2],
    [4.5, 1.5],
    [3, 5],
  ];
  // Cells that the wall parts are left out: the raster does not tell which part belongs to whom.
  const { individual, offFloor } = measureVoronoi(frameOf(points), [floor], [], new Float32Array(points.length));
  const expected = rasterDensity(points, (x, y) => !within(column, x, y) && !within(wall, x, y), 10, 0.02);
  for (const k of [2, 3, 4, 5, 6]) expect(individual[k]).toBeCloseTo(expected[k]!, 2);
  expect(offFloor).toBe(0);
});

test('of a cell that a wall parts only the person’s own side counts', () => {
  const floor = [[box(0, 0, 4, 10)], [box(5, 0, 9, 10)]];
  const one = frameOf([[2, 5]]);
  const { individual } = measureVoronoi(one, floor, [], new Float32Array(1));
  expect(individual[0]).toBeCloseTo(1 / 40, 9);
});

test('the cut-off makes a lonely person’s cell its regular polygon', () => {
  const { individual } = measureVoronoi(frameOf([[50, 50]]), [[box(0, 0, 100, 100)]], [], new Float32Array(1), {
    cutOff: { radius: 1 },
  });
  // A regular polygon of twelve corners on a circle of 1 m: 3 m².
  expect(individual[0]).toBeCloseTo(1 / 3, 6);
});

test('moving, turning and mirroring everything changes no density', () => {
  const points = Array.from({ length: 40 }, (_, k): [number, number] => [
    8 * randomUnit(5, 2, k, 0),
    8 * randomUnit(5, 2, k, 1),
  ]);
  const area = box(2, 2, 5, 6);
  const hall = box(0, 0, 8, 8);
  const measure = (map: (p: readonly [number, number]) => [number, number]): number =>
    measureVoronoi(frameOf(points.map(map)), [[hall.map(map)]], [area.map(map)], new Float32Array(40)).density[0]![0]!;
  const plain = measure(([x, y]) => [x, y]);
  expect(plain).toBeGreaterThan(0.2);
  expect(measure(([x, y]) => [-y, x])).toBeCloseTo(plain, 9);
  expect(measure(([x, y]) => [-x, y])).toBeCloseTo(plain, 9);
  expect(measure(([x, y]) => [x + 4e5, y + 5.7e6])).toBeCloseTo(plain, 6);
});

test('convex rings are told from others, whichever way they run', () => {
  expect(isConvexRing(box(0, 0, 2, 1))).toBe(true);
  expect(isConvexRing([...box(0, 0, 2, 1)].reverse())).toBe(true);
  expect(isConvexRing([...box(0, 0, 2, 1), [0, 0.5]])).toBe(true);
  const bay: Ring = [
    [0, 0],
    [2, 0],
    [1, 0.5],
    [2, 2],
  ];
  expect(isConvexRing(bay)).toBe(false);
  const star = Array.from({ length: 5 }, (_, k): [number, number] => [
    Math.cos((4 * Math.PI * k) / 5),
    Math.sin((4 * Math.PI * k) / 5),
  ]);
  expect(isConvexRing(star)).toBe(false);
  expect(isConvexRing(box(0, 0, 2, 0))).toBe(false);
});
