import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadScenario, type Point } from '../scenario/index.ts';
import { compileWorld } from '../world/index.ts';
import { findGaps, GAP_WIDTHS, importWkt } from './index.ts';
import { findPieces } from './plan-pieces.ts';

const [widthMin, widthMax] = GAP_WIDTHS;
type Ring = readonly Point[];
const box = (x0: number, y0: number, x1: number, y1: number): Ring => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];
const search = (outlines: Ring[], holes: Ring[] = [], taken: (readonly [Point, Point])[] = []) =>
  findGaps(findPieces(outlines, holes), { widthMin, widthMax, taken }).gaps;
const turn = (ring: Ring, angle: number): Ring =>
  ring.map(
    ([x, y]): Point => [
      x * Math.cos(angle) - y * Math.sin(angle) + 300_000,
      x * Math.sin(angle) + y * Math.cos(angle) + 5_000_000,
    ],
  );

test.each([0.6, 0.8, 1, 1.2, 2, 3])('a door of %d m between two rooms is found where it is, and as wide', (width) => {
  const gaps = search([box(0, 0, 20, 10)], [box(9.9, -1, 10.1, 4), box(9.9, 4 + width, 10.1, 11)]);
  expect(gaps.length).toBe(1);
  expect(gaps[0].width).toBeCloseTo(width, 4);
  for (const [x] of gaps[0].line) expect(x).toBeCloseTo(10, 4);
  expect(gaps[0].line.map(([, y]) => y).sort((a, b) => a - b)).toEqual([4, 4 + width].map((y) => expect.closeTo(y, 4)));
});

test('openings narrower or wider than asked for are none', () => {
  for (const width of [0.5, 3.2])
    expect(search([box(0, 0, 20, 10)], [box(9.9, -1, 10.1, 4), box(9.9, 4 + width, 10.1, 11)])).toEqual([]);
});

test('two doors between the same two rooms are two', () => {
  const gaps = search([box(0, 0, 20, 12)], [box(9.9, -1, 10.1, 2), box(9.9, 3, 10.1, 8), box(9.9, 9.2, 10.1, 13)]);
  expect(gaps.map(({ width }) => width)).toEqual([1, 1.2].map((width) => expect.closeTo(width, 4)));
});

test('turned by any angle and far from the origin, the same widths come out', () => {
  for (const angle of [0.1, 0.7, 1.3, 2.2]) {
    const gaps = search(
      [turn(box(0, 0, 20, 12), angle)],
      [box(9.9, -1, 10.1, 2), box(9.9, 3, 10.1, 8), box(9.9, 9.2, 10.1, 13)].map((ring) => turn(ring, angle)),
    );
    expect(gaps.map(({ width }) => width).sort()).toEqual([1, 1.2].map((width) => expect.closeTo(width, 3)));
  }
});

test('a corridor with doors to rooms on both sides has those doors and nothing across it', () => {
  // Corridor 1.5 m, six rooms of 4 × 5 m with doors of 0.9 m, each opposite another.
  const holes: Ring[] = [];
  for (const [y0, y1] of [
    [5, 5.1],
    [6.6, 6.7],
  ]) {
    for (const x of [0, 4, 8]) holes.push(box(x, y0, x + 1.5, y1), box(x + 2.4, y0, x + 4, y1));
  }
  for (const x of [3.95, 7.95]) holes.push(box(x, -1, x + 0.1, 5.1), box(x, 6.6, x + 0.1, 12));
  const gaps = search([box(0, 0, 12, 11.7)], holes);
  expect(gaps.map(({ width }) => width)).toEqual([0.9, 0.9, 0.9, 0.9, 0.9, 0.9].map((w) => expect.closeTo(w, 4)));
  for (const { line } of gaps) expect(Math.abs(line[0][1] - line[1][1])).toBeLessThan(1e-4);
});

test('halls, corridors, corners and crossings of corridors have none; nor has a pillar beside a wall', () => {
  expect(search([box(0, 0, 30, 20)])).toEqual([]);
  expect(search([box(0, 0, 30, 2)])).toEqual([]);
  expect(
    search([
      [
        [0, 0],
        [20, 0],
        [20, 2],
        [2, 2],
        [2, 20],
        [0, 20],
      ],
    ]),
  ).toEqual([]);
  expect(search([box(0, 9, 20, 11), box(9, 0, 11, 20)])).toEqual([]);
  expect(search([box(0, 0, 30, 20)], [box(10, 1, 10.5, 1.5)])).toEqual([]);
  // A ring of corridor around a core: no part of it is parted by one line.
  expect(search([box(0, 0, 20, 20)], [box(1.5, 1.5, 18, 18)])).toEqual([]);
});

test('an opening at a door that is there is not told again', () => {
  const holes = [box(9.9, -1, 10.1, 4), box(9.9, 5, 10.1, 11)];
  const door: [Point, Point] = [
    [10, 4],
    [10, 5],
  ];
  expect(search([box(0, 0, 20, 10)], holes, [door])).toEqual([]);
});

test('gaps wider than long and walls that are not parallel: the shortest way across', () => {
  // Two wedges that point at each other, 1 m apart.
  const gaps = search(
    [box(0, 0, 20, 10)],
    [
      [
        [8, -1],
        [12, -1],
        [10, 4.5],
      ],
      [
        [10, 5.5],
        [12, 11],
        [8, 11],
      ],
    ],
  );
  expect(gaps.length).toBe(1);
  expect(gaps[0].width).toBeCloseTo(1, 6);
});

test('a plan too large for the narrowest opening is said to be so', () => {
  const { gaps, unsearched } = findGaps(
    [
      {
        outline: [
          [0, 0],
          [5000, 0],
          [5000, 5000],
          [0, 5000],
          [100, 100],
        ],
        holes: [],
      },
    ],
    { widthMin, widthMax },
  );
  expect(gaps).toEqual([]);
  expect(unsearched).toContain('too large');
});

test('in the factory every door and opening between rooms that is a gap’s width wide is found as one', () => {
  const { scenario } = loadScenario(readFileSync('scenarios/factory-breakout/scenario.json', 'utf8'));
  const { world } = compileWorld(scenario!);
  const { sheets, portals, areas } = world!;
  let doors = 0;
  let found = 0;

  for (const sheet of sheets.filter(({ kind }) => kind === 'level')) {
    const pieces = sheet.polygons.map(([outline, ...holes]) => ({
      outline: outline.map(([x, y]): [number, number] => [x, y]),
      holes: holes.map((hole) => hole.map(([x, y]): [number, number] => [x, y])),
    }));
    const { gaps } = findGaps(pieces, { widthMin, widthMax });

    for (const portal of portals) {
      const [a, b] = portal.areas.map((area) => areas[area]);
      if (portal.door < 0 || a?.sheet !== sheet.index || b?.sheet !== sheet.index || b.kind !== 'room') continue;
      if (portal.width < widthMin || portal.width > widthMax) continue;
      doors++;
      const middle = (line: readonly (readonly [number, number])[]) =>
        [0, 1].map((axis) => (line[0][axis] + line[1][axis]) / 2);
      const at = middle(portal.line);
      const gap = gaps.find(({ line }) => Math.hypot(middle(line)[0] - at[0], middle(line)[1] - at[1]) < 0.3);
      if (gap !== undefined && Math.abs(gap.width - portal.width) < 0.02) found++;
    }
  }

  expect(doors).toBeGreaterThan(15);
  expect(found).toBe(doors);
});

const DATA = '../shared/data/geometry';
describe.skipIf(!existsSync(DATA))('plans of the field', () => {
  test('double_bottleneck has its two passages of 2 m, in their middles', () => {
    const { scenario } = importWkt(new Uint8Array(readFileSync(`${DATA}/double_bottleneck.wkt`)), { gaps: true });
    expect(scenario?.doors?.map(({ id, line }) => [id, line[0][0], line[1][0]])).toEqual([
      ['gap 1 (2.00 m)', 6, 6],
      ['gap 2 (2.00 m)', 18, 18],
    ]);
  });
});
