import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findCrossings, keepFirstCrossings, type MeasurementLine, measureFlow } from './crossings.ts';
import { readTrajectoryText } from './read-trajectory.test-support.ts';
import { makeTrajectory } from './synthetic-trace.test-support.ts';

const DATA = '../shared/data';

/** Ranks of `width / spacing` walkers side by side, ranks 1/(ρ·spacing) apart, towards +x at `speed`. */
function makeColumn(density: number, speed: number, width: number, ranks: number): [number, number, number, number][] {
  const files = 4;
  const spacing = width / files;
  const behind = 1 / (density * spacing);
  const rows: [number, number, number, number][] = [];
  for (let rank = 0; rank < ranks; rank += 1) {
    for (let file = 0; file < files; file += 1) {
      for (let f = 0; f < 550; f += 1) {
        rows.push([f, rank * files + file, -1 - rank * behind + (speed * f) / 10, (file + 0.5) * spacing]);
      }
    }
  }
  return rows;
}

test('a uniform column passes at density × speed × width', () => {
  const density = 1.6;
  const speed = 1.1;
  const width = 2;
  const trajectory = makeTrajectory(10, makeColumn(density, speed, width, 44));
  const line: MeasurementLine = [
    [0, width],
    [0, 0],
  ];
  const crossings = findCrossings(trajectory, line);
  expect(crossings).toHaveLength(176);
  expect(crossings.every((crossing) => crossing.direction === -1)).toBe(true);
  // One of each rank, so that the gaps are the ranks'.
  const ranks = crossings.filter((crossing) => crossing.person % 4 === 0).map((crossing) => crossing.time);
  const flow = measureFlow(ranks, width);
  expect(4 * flow.flowWhole!).toBeCloseTo(density * speed * width, 9);
  expect(4 * flow.flowMiddle!).toBeCloseTo(density * speed * width, 9);
  expect(4 * flow.specificFlowWhole!).toBeCloseTo(density * speed, 9);
  expect(flow.gapMax!).toBeCloseTo(flow.gapMedian!, 9);
});

test('a crossing is timed by linear interpolation between its two frames', () => {
  const trajectory = makeTrajectory(10, [
    [0, 0, -0.3, 0],
    [1, 0, 0.1, 0],
  ]);
  const [crossing] = findCrossings(trajectory, [
    [0, -1],
    [0, 1],
  ]);
  expect(crossing!.time).toBeCloseTo(0.075, 12);
  expect(crossing!.frame).toBe(1);
  expect(crossing!.direction).toBe(1);
});

test('a step that ends on the line and the next that leaves it are one crossing, a touch is none', () => {
  const line: MeasurementLine = [
    [0, -1],
    [0, 1],
  ];
  const through = [
    [0, 0, -1, 0],
    [1, 0, 0, 0],
    [2, 0, 1, 0],
  ] as const;
  expect(findCrossings(makeTrajectory(10, through), line)).toHaveLength(1);
  const touch = [
    [0, 0, -1, 0],
    [1, 0, 0, 0],
    [2, 0, -1, 0],
  ] as const;
  expect(findCrossings(makeTrajectory(10, touch), line)).toHaveLength(0);
  expect(findCrossings(makeTrajectory(10, touch), [line[1], line[0]])).toHaveLength(0);
});

test('steps past the ends of a line do not cross it, and each person counts once', () => {
  const line: MeasurementLine = [
    [0, -1],
    [0, 1],
  ];
  const rows = [
    [0, 0, -1, 1.5],
    [1, 0, 1, 1.5],
    [0, 1, -1, 0],
    [1, 1, 1, 0],
    [2, 1, -1, 0],
    [3, 1, 1, 0],
  ] as const;
  const crossings = findCrossings(makeTrajectory(10, rows), line);
  expect(crossings.map((crossing) => crossing.direction)).toEqual([1, -1, 1]);
  expect(keepFirstCrossings(crossings)).toHaveLength(1);
  expect(keepFirstCrossings(crossings, -1)).toHaveLength(1);
});

test('turning walkers and line together changes no time, mirroring turns the direction', () => {
  const rows = makeColumn(1, 1.3, 2, 6);
  const line: MeasurementLine = [
    [0.2, 0],
    [-0.2, 2],
  ];
  const before = findCrossings(makeTrajectory(10, rows), line);
  const turn = (x: number, y: number): [number, number] => [0.6 * x - 0.8 * y, 0.8 * x + 0.6 * y];
  const turned = findCrossings(
    makeTrajectory(
      10,
      rows.map(([f, p, x, y]) => [f, p, ...turn(x, y)]),
    ),
    [turn(0.2, 0), turn(-0.2, 2)],
  );
  const mirrored = findCrossings(
    makeTrajectory(
      10,
      rows.map(([f, p, x, y]) => [f, p, -x, y]),
    ),
    [
      [-0.2, 0],
      [0.2, 2],
    ],
  );
  expect(before.length).toBe(24);
  for (const other of [turned, mirrored]) {
    // Walkers side by side cross at the same time: compare person by person.
    const time = new Map(other.map((crossing) => [crossing.person, crossing.time]));
    for (const crossing of before) expect(time.get(crossing.person)).toBeCloseTo(crossing.time, 9);
  }
  expect(turned.map((c) => c.direction)).toEqual(before.map((c) => c.direction));
  expect(mirrored.map((c) => -c.direction)).toEqual(before.map((c) => c.direction));
});

test('flows of too few persons are null, not zero', () => {
  expect(measureFlow([], 1)).toMatchObject({ count: 0, first: null, flowWhole: null, gapMax: null });
  expect(measureFlow([3], 1)).toMatchObject({ count: 1, first: 3, last: 3, flowWhole: null });
  expect(measureFlow([3, 3], 1).flowWhole).toBeNull();
  expect(measureFlow([1, 2, 3, 4, 5, 6, 7, 8, 9], 1).flowMiddle).toBeNull();
});

/**
 * Line and width; then measured: crossing frames by PedPy 1.5.1 `compute_n_t` (sum of frames, sum of id × frame), flow of
 * the middle 80 % and of the whole run, gaps.
 */
const LABORATORY = [
  {
    file: 'bottleneck-hermes2009/ao-300-400_reduced.txt',
    line: [
      [-0.6, 0],
      [2.4, 0],
    ] as MeasurementLine,
    width: 3,
    persons: 348,
    frames: 133_384,
    weighted: 28_795_562,
    middle: 7.158,
    whole: 6.695,
    median: 0.11,
    p90: 0.333,
    max: 1.006,
  },
  {
    file: 'bottleneck-crowdqueue2018/040_c_56_h-.txt',
    line: [
      [0.25, -0.15],
      [-0.25, -0.15],
    ] as MeasurementLine,
    width: 0.5,
    persons: 75,
    frames: 59_105,
    weighted: 2_443_253,
    middle: 1.154,
    whole: 1.15,
    median: 0.886,
    p90: 1.25,
    max: 1.524,
  },
  {
    file: 'bottleneck-gymbay2014/00_01a.txt',
    line: [
      [0.4, 0],
      [-0.4, 0],
    ] as MeasurementLine,
    width: 0.8,
    persons: 46,
    frames: 27_569,
    weighted: 646_491,
    middle: 2.676,
    whole: 2.6,
    median: 0.37,
    p90: 0.699,
    max: 1.067,
  },
];

for (const run of LABORATORY) {
  test.skipIf(!existsSync(`${DATA}/${run.file}`))(
    `${run.file}: the crossing frames are PedPy’s, the flows those of the literature`,
    () => {
      const trajectory = readTrajectoryText(readFileSync(`${DATA}/${run.file}`, 'utf8'));
      const crossings = keepFirstCrossings(findCrossings(trajectory, run.line));
      expect(crossings).toHaveLength(run.persons);
      expect(crossings.reduce((sum, crossing) => sum + crossing.frame, 0)).toBe(run.frames);
      expect(crossings.reduce((sum, crossing) => sum + crossing.person * crossing.frame, 0)).toBe(run.weighted);
      const flow = measureFlow(
        crossings.map((crossing) => crossing.time),
        run.width,
      );
      expect(flow.flowMiddle! / run.middle).toBeCloseTo(1, 2);
      expect(flow.flowWhole! / run.whole).toBeCloseTo(1, 2);
      expect(flow.specificFlowMiddle!).toBeCloseTo(flow.flowMiddle! / run.width, 12);
      expect(flow.gapMedian!).toBeCloseTo(run.median, 2);
      expect(flow.gap90!).toBeCloseTo(run.p90, 2);
      expect(flow.gapMax!).toBeCloseTo(run.max, 2);
    },
  );
}
