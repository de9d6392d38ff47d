import { expect, test } from 'vitest';
import { loadScenario, overlapArea, type Point } from '../scenario/index.ts';
import { compileWorld } from '../world/index.ts';
import { importWkt } from './index.ts';
import { repairLevels } from './repair-levels.ts';

type Ring = [number, number][];
const box = (x0: number, y0: number, x1: number, y1: number): Ring => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];
const repair = (outlines: Ring[], holes: Ring[] = [], tolerance?: number) => {
  const { levels, repairs } = repairLevels([{ id: 'a', outlines, holes }], tolerance);
  const [level] = levels;
  const [floor, gone] = [level.outlines as Ring[], level.holes as Ring[]];
  const area = overlapArea(floor, floor) - (gone.length === 0 ? 0 : overlapArea(floor, gone));
  return { floor, holes: gone, repairs, area };
};

test('a plan without faults comes back as it was, and nothing is told', () => {
  const outlines = [box(0, 0, 10, 8)];
  const holes = [box(2, 2, 3, 3)];
  const { floor, holes: left, repairs } = repair(outlines, holes);
  expect(repairs).toEqual([]);
  expect([floor, left]).toEqual([outlines, holes]);
});

test('a gap between two pieces of floor is closed up to the tolerance, told with its width, area and place', () => {
  const { floor, repairs, area } = repair([box(0, 0, 5, 8), box(5.04, 0, 10, 8)]);
  expect(floor.length).toBe(1);
  expect(area).toBeCloseTo(80, 3);
  expect(repairs.length).toBe(1);
  expect(repairs[0]).toMatch(/^closed a gap of 0\.04 m between pieces of floor, 0\.32 m², at \(5\.02, 4\) m$/);
  expect(repair([box(0, 0, 5, 8), box(5.04, 0, 10, 8)], [], 0.03).floor.length).toBe(2);
  expect(repair([box(0, 0, 5, 8), box(5.2, 0, 10, 8)], [], 0.25).area).toBeCloseTo(80, 3);
});

test('overlapping outlines and holes are united, with the area they shared', () => {
  const { floor, repairs, area } = repair([box(0, 0, 6, 8), box(4, 0, 10, 8)], [box(1, 1, 3, 3), box(2, 2, 4, 4)]);
  expect(floor.length).toBe(1);
  expect(area).toBeCloseTo(80 - 7, 6);
  expect(repairs).toEqual(['united 2 outlines that overlapped on 16 m²', 'united 2 holes that overlapped on 1 m²']);
});

test('slivers of floor are removed', () => {
  const { floor, repairs } = repair([box(0, 0, 10, 8), box(20, 0, 20.02, 8)]);
  expect(floor).toEqual([expect.any(Array)]);
  expect(repairs.length).toBe(1);
  expect(repairs[0]).toMatch(/^removed a sliver of floor of 0\.16 m², 0\.02 m wide, at \(20\.01, 4\) m$/);
});

test('doubled corners and corners in line are dropped, within a millimetre, and counted', () => {
  const ring: Ring = [
    [0, 0],
    [3, 0],
    [3, 0],
    [6, 0.0005],
    [10, 0],
    [10, 8],
    [0, 8],
  ];
  const { floor, repairs } = repair([ring]);
  expect(floor[0].length).toBe(4);
  expect(repairs[0]).toMatch(
    /^outline 0: dropped 3 doubled corners or corners in line, the first at \(3, 0\) m, the farthest 0\.\d+ mm off the line$/,
  );
});

test('a fine circle is not worn away: every corner farther than a millimetre from where its edge would be stays', () => {
  const circle: Ring = Array.from({ length: 2000 }, (_, i) => [
    5 * Math.cos((2 * Math.PI * i) / 2000),
    5 * Math.sin((2 * Math.PI * i) / 2000),
  ]);
  const { area, floor } = repair([circle]);
  expect(floor[0].length).toBeLessThan(300);
  // Chords at most a millimetre off: less than the circumference times that.
  expect(Math.abs(area - overlapArea([circle], [circle]))).toBeLessThan(2 * Math.PI * 5 * 0.001);
});

test('a bow tie is taken apart into its two triangles; a ring that runs over itself keeps what it covers', () => {
  const { repairs, area } = repair([
    [
      [0, 0],
      [10, 8],
      [10, 0],
      [0, 8],
    ],
  ]);
  expect(area).toBeCloseTo(40, 3);
  expect(repairs).toEqual(['outline 0: it crossed itself at (5, 4) m; taken apart into 2 rings of 40 m²']);
});

test('with repair, a text that is refused without it becomes a plan that compiles, and says what was done', () => {
  const text = new TextEncoder().encode(
    'MULTIPOLYGON (((0 0, 5 0, 5 8, 0 8)), ((5.03 0, 10 0, 10 0, 10 8, 5.03 8, 5.03 4, 5.03 0)), ((20 0, 24 3, 24 0, 20 3, 20 0)))',
  );
  const exits = ['10,3 10,4'];
  const refused = importWkt(text, { exits });
  expect(refused.issues.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual([
    'polygon-self-crossing',
  ]);
  expect(refused.issues[refused.issues.length - 1].message).toContain('--repair');
  const { scenario, report } = importWkt(text, { exits, repair: true, persons: 10 });
  expect(report.repaired).toEqual([
    'outline 1: dropped 1 doubled corners or corners in line, the first at (5.03, 4) m',
    'outline 2: it crossed itself at (22, 1.5) m; taken apart into 2 rings of 6 m²',
    'closed a gap of 0.03 m between pieces of floor, 0.24 m², at (5.015, 4) m',
  ]);
  const loaded = loadScenario(JSON.stringify(scenario));
  expect(loaded.issues).toEqual([]);
  const { issues } = compileWorld(loaded.scenario!);
  expect(issues.filter(({ severity, code }) => severity === 'error' && code !== 'no-way-out')).toEqual([]);
});

test('a ring inside a ring stays a hole; what repair returns never covers a hole again', () => {
  const court: Point[] = box(3, 3, 7, 5);
  const { area, holes } = repair([box(0, 0, 5, 8), box(5, 0, 10, 8), box(4.9, 0, 5.1, 8)], [court as Ring]);
  expect(holes.length).toBe(1);
  expect(area).toBeCloseTo(72, 3);
});
