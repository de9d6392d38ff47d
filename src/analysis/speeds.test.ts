import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { groupRowsByPerson } from './person-rows.ts';
import { readTrajectoryText } from './read-trajectory.test-support.ts';
import { computeSpeeds, computeVelocities, measureArea } from './speeds.ts';
import { makeTrajectory } from './synthetic-trace.test-support.ts';

const DATA = '../shared/data';

test('a straight walk has its speed at every row, the first and last too', () => {
  const rows = Array.from({ length: 50 }, (_, f) => [f, 0, 0.03 * f, -0.04 * f] as const);
  const speeds = computeSpeeds(makeTrajectory(25, rows), 5);
  expect([...speeds].every((speed) => Math.abs(speed - 1.25) < 1e-6)).toBe(true);
});

test('within a step of the ends the difference is one-sided, in the middle central', () => {
  const rows = Array.from({ length: 9 }, (_, f) => [f, 0, f * f, 0] as const);
  const { vx } = computeVelocities(makeTrajectory(1, rows), 2);
  expect([...vx]).toEqual([2, 4, 4, 6, 8, 10, 12, 12, 14]);
});

test('missing frames lengthen the interval instead of raising the speed, one row alone has none', () => {
  const rows = [
    [0, 0, 0, 0],
    [1, 0, 1, 0],
    [5, 0, 5, 0],
    [3, 1, 0, 0],
  ] as const;
  const trajectory = makeTrajectory(10, rows);
  const speeds = computeSpeeds(trajectory, 1);
  const { rows: order, start } = groupRowsByPerson(trajectory);
  expect([0, 1, 2].map((k) => speeds[order[k]!])).toEqual([10, 10, 10]);
  expect(speeds[order[start[1]!]!]).toBeNaN();
});

test('turning the plan leaves every speed as it is', () => {
  const rows = Array.from({ length: 40 }, (_, f) => [f, f % 2, ((f * 37) % 11) / 10, ((f * 53) % 13) / 10] as const);
  const turned = rows.map(([f, p, x, y]) => [f, p, 0.6 * x - 0.8 * y, 0.8 * x + 0.6 * y] as const);
  const before = computeSpeeds(makeTrajectory(10, rows), 2);
  const after = computeSpeeds(makeTrajectory(10, turned), 2);
  for (let row = 0; row < before.length; row += 1) expect(after[row]).toBeCloseTo(before[row]!, 5);
});

test('classic density is persons over area, holes taken off, with the mean speed of those inside', () => {
  const rows = [
    [0, 0, 0.5, 0.5],
    [0, 1, 1.5, 1.5],
    [0, 2, 9, 9],
    [1, 0, 0.6, 0.5],
    [1, 1, 1.8, 1.5],
    [1, 2, 8, 9],
  ] as const;
  const trajectory = makeTrajectory(10, rows);
  const square = [
    [0, 0],
    [4, 0],
    [4, 4],
    [0, 4],
  ] as const;
  const hole = [
    [2, 2],
    [3, 2],
    [3, 3],
    [2, 3],
  ] as const;
  const series = measureArea(trajectory, [square, hole], computeSpeeds(trajectory, 1));
  expect(series.persons[0]).toBe(2);
  expect(series.density[0]).toBeCloseTo(2 / 15, 12);
  expect(series.speed[0]).toBeCloseTo(2, 5);
});

/** By PedPy 1.5.1: individual speed ± half a second, and an area 0.8 × 0.8 m from 0.5 m before the line. */
const LABORATORY = [
  {
    file: 'bottleneck-hermes2009/ao-300-400_reduced.txt',
    step: 8,
    area: [-1.3, -0.5],
    speed: [128_783, 0.47171927482661974, 2.0697990240600648, 1449440.249713027],
    density: [3.87936652763295, 9.375],
    mean: [0.4148881160545193, 1.0099668039403964],
  },
  {
    file: 'bottleneck-crowdqueue2018/040_c_56_h-.txt',
    step: 12,
    area: [0.35, 1.15],
    speed: [63_110, 0.18109170945947212, 1.478808436668222, 273540.56599596015],
    density: [6.709226010863004, 10.9375],
    mean: [0.13037049513544346, 0.4532531547700775],
  },
  {
    file: 'bottleneck-gymbay2014/00_01a.txt',
    step: 12,
    area: [0.5, 1.3],
    speed: [30_701, 0.26718579159466505, 1.7887328966153746, 193335.37628624076],
    density: [2.5318133616118765, 12.5],
    mean: [0.20201712818283807, 1.1891814895201493],
  },
] as const;

for (const run of LABORATORY) {
  test.skipIf(!existsSync(`${DATA}/${run.file}`))(
    `${run.file}: speeds, density and mean speed in an area are PedPy’s`,
    () => {
      const trajectory = readTrajectoryText(readFileSync(`${DATA}/${run.file}`, 'utf8'));
      const personRows = groupRowsByPerson(trajectory);
      const speeds = computeSpeeds(trajectory, run.step, personRows);
      const [count, mean, max, weighted] = run.speed;
      const sum = speeds.reduce((total, speed) => total + speed, 0);
      expect(speeds.length).toBe(count);
      expect(sum / speeds.length).toBeCloseTo(mean, 6);
      expect(speeds.reduce((most, speed) => Math.max(most, speed), 0)).toBeCloseTo(max, 5);
      // Tells whether each speed belongs to its person and frame.
      let check = 0;
      for (let row = 0; row < speeds.length; row += 1) {
        check += speeds[row]! * ((trajectory.person[row]! % 7) + 1) * ((personRows.frame[row]! % 11) + 1);
      }
      expect(check / weighted).toBeCloseTo(1, 6);
      const [low, high] = run.area;
      const ring = [
        [-0.4, low],
        [0.4, low],
        [0.4, high],
        [-0.4, high],
      ] as const;
      const series = measureArea(trajectory, [ring], speeds);
      const average = (values: ArrayLike<number>): number =>
        Array.from(values, (value) => (Number.isNaN(value) ? 0 : value)).reduce((a, b) => a + b, 0) / values.length;
      const highest = (values: Float64Array): number =>
        values.reduce((most, value) => Math.max(most, Number.isNaN(value) ? 0 : value), 0);
      // A person exactly on the edge is inside here and outside there: a few frames of hundreds.
      expect(average(series.density) / run.density[0]).toBeCloseTo(1, 2);
      expect(highest(series.density)).toBeCloseTo(run.density[1], 9);
      expect(average(series.speed) / run.mean[0]).toBeCloseTo(1, 2);
      expect(highest(series.speed)).toBeCloseTo(run.mean[1], 5);
    },
  );
}
