import { expect, test } from 'vitest';
import { randomUnit } from '../math/index.ts';
import type { TraceSheet } from '../trace/index.ts';
import { TraceState } from '../trace/index.ts';
import { densityAtPerson, mapCrowd, type SheetMaps } from './maps.ts';
import { makeTrajectory } from './synthetic-trace.test-support.ts';

type Row = [number, number, number, number];

function makeSheet(...rings: [number, number][][]): TraceSheet {
  return { id: 'floor', kind: 'level', plane: [0, 0, 0], polygons: [rings] };
}

function box(x0: number, y0: number, x1: number, y1: number): [number, number][] {
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
}

const HALL = makeSheet(box(0, 0, 12, 8));

function scatter(count: number, x0: number, y0: number, width: number, height: number): Row[] {
  return Array.from({ length: count }, (_, person) => [
    0,
    person,
    x0 + width * randomUnit(5, 9, person, 0),
    y0 + height * randomUnit(5, 9, person, 1),
  ]);
}

function integrate(maps: SheetMaps, inside?: (x: number, y: number) => boolean): number {
  const { x0, y0, cell, columns } = maps.grid;
  return maps.densityMean.reduce((sum, value, c) => {
    const x = x0 + ((c % columns) + 0.5) * cell;
    const y = y0 + (Math.floor(c / columns) + 0.5) * cell;
    return inside && !inside(x, y) ? sum : sum + value * cell * cell;
  }, 0);
}

test('the integral of density over the floor is the number of persons, also of a crowd against the walls', () => {
  const rows = [...scatter(60, 0, 0, 12, 8), ...scatter(40, 0, 0, 1, 1).map(([f, p, x, y]): Row => [f, p + 60, x, y])];
  const maps = mapCrowd([HALL], makeTrajectory(10, rows)).sheets[0]!;
  expect(integrate(maps)).toBeCloseTo(100, 0);
  expect(integrate(maps, (x, y) => x > 0 && y > 0 && x < 12 && y < 8)).toBeCloseTo(integrate(maps), 9);
});

test('far from walls one person’s density is the Gaussian, with its top 1 / (2πσ²)', () => {
  const maps = mapCrowd([], makeTrajectory(10, [[0, 0, 0.125, 0.125]]));
  const sheet = maps.sheets[0]!;
  const top = 1 / (2 * Math.PI * 0.49);
  expect(Math.max(...sheet.densityPeak) / top).toBeGreaterThan(0.97);
  expect(Math.max(...sheet.densityPeak) / top).toBeLessThan(1.03);
  const { x0, y0, cell, columns } = sheet.grid;
  sheet.densityPeak.forEach((value, c) => {
    const dx = x0 + ((c % columns) + 0.5) * cell - 0.125;
    const dy = y0 + (Math.floor(c / columns) + 0.5) * cell - 0.125;
    if (dx * dx + dy * dy > 4) return;
    expect(Math.abs(value - top * Math.exp(-(dx * dx + dy * dy) / 0.98))).toBeLessThan(0.012);
  });
});

test('no density leaks through a wall 0.1 m thick', () => {
  const walled = makeSheet(box(0, 0, 10, 6), box(4.95, -1, 5.05, 7));
  // The wall as a hole cuts the floor in two.
  const split: TraceSheet = { ...walled, polygons: [[box(0, 0, 4.95, 6)], [box(5.05, 0, 10, 6)]] };
  const maps = mapCrowd([split], makeTrajectory(10, scatter(30, 4, 1, 0.9, 4))).sheets[0]!;
  expect(integrate(maps, (x) => x > 5)).toBe(0);
  expect(integrate(maps, (x) => x < 5)).toBeCloseTo(30, 0);
});

test('a crowd against a wall reads as dense as the same crowd in the open', () => {
  const rows: Row[] = [];
  for (let i = 0; i < 12; i += 1)
    for (let j = 0; j < 16; j += 1) rows.push([0, rows.length, 0.25 + i / 2, 0.25 + j / 2]);
  const maps = mapCrowd([makeSheet(box(0, 0, 6, 8))], makeTrajectory(10, rows)).sheets[0]!;
  const { x0, y0, cell, columns } = maps.grid;
  const at = (x: number, y: number): number =>
    maps.densityPeak[Math.floor((y - y0) / cell) * columns + Math.floor((x - x0) / cell)]!;
  expect(at(3, 4)).toBeCloseTo(4, 1);
  for (const [x, y] of [
    [0.1, 4],
    [0.6, 4],
    [5.9, 2],
    [3, 7.9],
  ] as const) {
    expect(at(x, y)).toBeGreaterThan(3.85);
    expect(at(x, y)).toBeLessThan(4.15);
  }
  // In a corner too, where a plain kernel reads a quarter.
  expect(Math.abs(at(0.1, 0.1) - 4)).toBeLessThan(0.3);
});

test('someone half over the edge of the sheet is spread over the floor next to it, not piled up in one cell', () => {
  const sheet = makeSheet(box(0.1, 0.1, 6, 3));
  const maps = mapCrowd(
    [sheet],
    makeTrajectory(10, [
      [0, 0, 0.05, 1.5],
      [0, 1, -3, 1.5],
    ]),
  ).sheets[0]!;
  expect(integrate(maps)).toBeCloseTo(1, 1);
  expect(maps.densityHighest!.value).toBeLessThan(1);
});

test('mirroring the plan mirrors every map', () => {
  const rows = scatter(50, 0.3, 0.3, 11.4, 7.4);
  const later = rows.map(([, p, x, y], k): Row => [5, p, x + 0.3 * randomUnit(1, 1, k, 0), y]);
  const all = [...rows, ...later];
  const chestLoad = all.map((_, k) => 40 * (k % 50));
  const before = mapCrowd([HALL], makeTrajectory(10, all, { chestLoad })).sheets[0]!;
  const after = mapCrowd(
    [makeSheet(box(-12, 0, 0, 8))],
    makeTrajectory(
      10,
      all.map(([f, p, x, y]): Row => [f, p, -x, y]),
      { chestLoad },
    ),
  ).sheets[0]!;
  const lookUp = (maps: SheetMaps, values: readonly (number | null)[], x: number, y: number): number | null =>
    values[
      Math.floor((y - maps.grid.y0) / maps.grid.cell) * maps.grid.columns +
        Math.floor((x - maps.grid.x0) / maps.grid.cell)
    ]!;
  for (let x = 0.125; x < 12; x += 0.25) {
    for (let y = 0.125; y < 8; y += 0.25) {
      for (const key of ['densityPeak', 'densityMean', 'pressurePeak', 'chestLoadMax', 'chestLoad95'] as const) {
        expect(lookUp(after, after[key]!, -x, y)).toBeCloseTo(lookUp(before, before[key]!, x, y)!, 6);
      }
    }
  }
});

test('walkers of one velocity make no pressure, two streams make density × variance', () => {
  const still: Row[] = [];
  const mixed: Row[] = [];
  for (let f = 0; f < 11; f += 1) {
    for (let k = 0; k < 16; k += 1) {
      const x = 4 + (k % 4) * 0.4;
      const y = 3 + Math.floor(k / 4) * 0.4;
      still.push([f, k, x + 0.05 * f, y]);
      mixed.push([f, k, x + (k % 2 ? 0.05 : -0.05) * (f - 5), y]);
    }
  }
  const one = mapCrowd([HALL], makeTrajectory(10, still)).sheets[0]!;
  expect(one.pressureHighest?.value ?? 0).toBeLessThan(1e-6);
  expect(Math.max(...one.speedMean.map((value) => value ?? 0))).toBeCloseTo(0.5, 5);
  const two = mapCrowd([HALL], makeTrajectory(10, mixed)).sheets[0]!;
  // Halves at ± 0.5 m/s: variance 0.25 (m/s)², at most, where both weigh the same.
  const c = two.pressurePeak.indexOf(Math.max(...two.pressurePeak));
  expect(two.pressurePeak[c]! / two.densityPeak[c]!).toBeGreaterThan(0.2);
  expect(two.pressurePeak[c]! / two.densityPeak[c]!).toBeLessThanOrEqual(0.2505);
});

test('the chest load map keeps the highest reading where it was, and the 95th percentile of readings', () => {
  const rows: Row[] = Array.from({ length: 100 }, (_, f) => [f, 0, 5.1, 4.1]);
  const chestLoad = rows.map((_, f) => f * 10);
  const trajectory = makeTrajectory(10, rows, { chestLoad });
  const maps = mapCrowd([HALL], trajectory).sheets[0]!;
  expect(maps.chestLoadHighest).toEqual({ value: 990, x: 5.1, y: 4.1, t: 9.9 });
  const c =
    Math.floor((4.1 - maps.grid.y0) / maps.grid.cell) * maps.grid.columns +
    Math.floor((5.1 - maps.grid.x0) / maps.grid.cell);
  expect(maps.chestLoadMax![c]).toBe(990);
  expect(Math.abs(maps.chestLoad95![c]! - 950)).toBeLessThan(20);
  const { chestLoad: _, ...without } = trajectory;
  expect(mapCrowd([HALL], without).sheets[0]!.chestLoadMax).toBeNull();
});

const TOP = 1 / (2 * Math.PI * 0.49);

test('someone alone is at 0 /m², and a square lattice from 1 /m² up is read within 6 %', () => {
  expect(densityAtPerson(TOP, TOP)).toBe(0);
  for (const density of [1, 2, 3, 5, 8]) {
    const spacing = Math.sqrt(1 / density);
    let estimate = 0;
    for (let i = -40; i <= 40; i += 1) {
      for (let j = -40; j <= 40; j += 1) {
        estimate += TOP * Math.exp((-(i * i + j * j) * spacing * spacing) / 0.98);
      }
    }
    expect(Math.abs(densityAtPerson(estimate, TOP) / density - 1)).toBeLessThan(0.06);
  }
});

test('random crowds that keep 0.6 of their spacing are read right on average, from 0.3 to 5 /m²', () => {
  for (const density of [0.3, 1, 3, 5]) {
    const side = density < 1 ? 40 : 20;
    const apart = 0.36 / density;
    const points: [number, number][] = [];
    for (let draw = 0; points.length < density * side * side && draw < 60_000; draw += 1) {
      const x = side * randomUnit(3, 1, draw, 0);
      const y = side * randomUnit(3, 1, draw, 1);
      if (points.every(([px, py]) => (px - x) ** 2 + (py - y) ** 2 > apart)) points.push([x, y]);
    }
    expect(points.length).toBeGreaterThanOrEqual(density * side * side);
    const inner = points.filter(([x, y]) => x > 3 && y > 3 && x < side - 3 && y < side - 3);
    const sum = inner.reduce((total, [x, y]) => {
      const estimate = points.reduce(
        (part, [px, py]) => part + TOP * Math.exp(-((px - x) ** 2 + (py - y) ** 2) / 0.98),
        0,
      );
      return total + densityAtPerson(estimate, TOP);
    }, 0);
    expect(Math.abs(sum / inner.length / density - 1)).toBeLessThan(0.1);
  }
});

test('the time at all levels of service together is the persons’ time inside, and those past an exit line are left out', () => {
  const rows: Row[] = [];
  const state: number[] = [];
  for (let f = 0; f < 40; f += 1) {
    for (let person = 0; person < 3; person += 1) {
      rows.push([f, person, 2 + 4 * person, 4]);
      state.push(person === 2 ? TraceState.leaving : TraceState.walking);
    }
  }
  const { sheets, sampleInterval } = mapCrowd([HALL], makeTrajectory(10, rows, { state }));
  const total = (times: readonly number[]): number => times.reduce((sum, time) => sum + time, 0);
  expect(sampleInterval).toBe(0.5);
  expect(total(sheets[0]!.fruinTime)).toBeCloseTo(2 * 4, 9);
  expect(total(sheets[0]!.crowdingTime)).toBeCloseTo(2 * 4, 9);
  expect(sheets[0]!.fruinTime[0]).toBeCloseTo(8, 9);
  expect(integrate(sheets[0]!)).toBeCloseTo(2, 1);
});

test('a plan of a square kilometre stays within the budget of cells', () => {
  const maps = mapCrowd([makeSheet(box(0, 0, 1000, 1000))], makeTrajectory(10, scatter(50, 100, 100, 800, 800)));
  const { columns, rows, cell } = maps.sheets[0]!.grid;
  expect(columns * rows).toBeLessThanOrEqual(600_000);
  expect(cell).toBe(2);
  expect(integrate(maps.sheets[0]!)).toBeCloseTo(50, 0);
});
