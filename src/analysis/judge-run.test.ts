import { expect, test } from 'vitest';
import type { Trace, TraceEvent } from '../trace/index.ts';
import { readExpectations, type Shown } from './expectations.ts';
import { judgeRun } from './judge-run.ts';
import { makeHeader, makeTrajectory } from './synthetic-trace.test-support.ts';

const PERSON = { profile: 'adult', radius: 0.2, mass: 75, freeSpeed: 1.3 };
const EVENTS: TraceEvent[] = [
  { t: 1, type: 'person-started', person: 0 },
  { t: 2, type: 'person-started', person: 1 },
  { t: 4, type: 'door-found-locked', person: 1, door: 'gate', state: 'chained', first: true },
  { t: 5, type: 'grabbed', person: 0, by: 2 },
  { t: 8, type: 'freed-by', person: 0, by: 1, holder: 2 },
  { t: 9, type: 'person-out', person: 0, exit: 'a' },
];
// Person 0 walks 1 m a second along x; the others stand at (2.5, 0.5).
const ROWS = Array.from({ length: 11 }, (_, k) => [
  [k, 0, k, 0.5] as const,
  [k, 1, 2.5, 0.5] as const,
  [k, 2, 2.5, 0.5] as const,
]).flat();
const TRACE: Trace = {
  header: makeHeader({
    sheets: [{ id: 'floor', kind: 'level', plane: [0, 0, 0], polygons: [] }],
    persons: [
      { population: 'runner', ...PERSON },
      { population: 'others', ...PERSON },
      { population: 'others', ...PERSON },
    ],
  }),
  trajectory: makeTrajectory(1, ROWS),
  events: EVENTS,
  damage: [],
};
const find = (shown: Shown) => judgeRun(TRACE, { beats: [{ id: '1', what: 'x', shown: [shown] }] })[0]!.findings[0]!;

test('events are counted by their fields, by ranges and by the population of a person', () => {
  expect(find({ count: { type: 'person-started' } }).value).toBe(2);
  expect(find({ count: { type: 'person-started', person: 'others' } }).value).toBe(1);
  expect(find({ count: { type: 'grabbed', person: 'runner', by: ['others', 'nobody'] }, least: 1 }).holds).toBe(true);
  expect(find({ count: { type: 'person-started', t: { min: 1.5 } }, least: 2 }).holds).toBe(false);
  expect(find({ count: { type: 'door-found-locked', first: true, state: 'chained' }, most: 1 })).toEqual({
    value: 1,
    holds: true,
  });
});

test('shares are of populations or of the persons of other events', () => {
  expect(find({ persons: { type: 'person-started' }, of: ['runner', 'others'] }).value).toBeCloseTo(2 / 3, 12);
  expect(find({ persons: { type: 'person-out' }, of: { type: 'person-started' } }).value).toBe(0.5);
});

test('events are counted after and before others, and persons followed from one thing to another', () => {
  const count = { type: ['person-started', 'door-found-locked', 'grabbed'] };
  expect(find({ count, after: { type: 'door-found-locked' }, seconds: 1 }).value).toBe(2);
  expect(find({ count, before: { type: 'grabbed' } }).value).toBe(3);
  expect(find({ count, after: { type: 'drop-taken' } }).value).toBe(0);
  const follow = {
    of: { type: 'person-started' },
    before: { type: 'grabbed' },
    next: { type: 'person-out' },
    seconds: 4,
  };
  expect(find({ follow }).value).toBe(0.5);
  expect(find({ follow: { ...follow, seconds: 3 } }).value).toBe(0);
});

test('an order holds where the first of each come one after the other, and all come', () => {
  expect(find({ order: [{ type: 'person-started' }, { type: 'grabbed' }, { type: 'person-out' }] }).holds).toBe(true);
  expect(find({ order: [{ type: 'person-out' }, { type: 'grabbed' }] }).holds).toBe(false);
  expect(find({ order: [{ type: 'grabbed' }, { type: 'drop-taken' }] }).holds).toBe(false);
});

test('delays are between the first of one and the next of the other; shares are reached with the last needed event', () => {
  const from = { type: 'grabbed' };
  expect(find({ delay: { from, to: { type: 'freed-by', by: 'others' }, last: false }, most: 3 })).toEqual({
    value: 3,
    holds: true,
  });
  expect(find({ delay: { from, to: { type: 'grabbed', by: 'runner' }, last: false } }).holds).toBe(false);
  const of = { type: 'person-started' };
  expect(find({ reach: { share: 0.5, of, after: of } }).value).toBe(0);
  expect(find({ reach: { share: 0.9, of, after: of } }).value).toBe(1);
});

test('density is persons over the area of a region, at its greatest, and elsewhere at that moment', () => {
  const box = (x: number) => ({
    level: 'floor',
    polygon: [
      [x, 0],
      [x + 1, 0],
      [x + 1, 1],
      [x, 1],
    ] as [number, number][],
  });
  // Two stand in 2 … 3, and the runner passes at x = 2.
  expect(find({ density: box(1.9), least: 3 })).toEqual({ value: 3, holds: true });
  expect(find({ density: box(1.9), meanwhile: { place: box(7), most: 0 } }).holds).toBe(true);
  expect(find({ density: box(7), meanwhile: { place: box(1.9), most: 1 } })).toEqual({ value: 1, holds: false });
});

test('speeds and passings are of the paths between two events', () => {
  const speed = { person: 'runner', from: { type: 'grabbed' }, to: { type: 'freed-by' } };
  expect(find({ speed }).value).toBe(1);
  const line = [
    [5.5, 0],
    [5.5, 1],
  ] as [[number, number], [number, number]];
  expect(find({ passings: { level: 'floor', line, from: { type: 'grabbed' }, seconds: 3 } }).value).toBe(1);
  expect(find({ passings: { level: 'floor', line, from: { type: 'freed-by' }, seconds: 3 } }).value).toBe(0);
});

test('a file with several faults is refused with all of them', () => {
  const { expectations, issues } = readExpectations(
    JSON.stringify({ expectations: 1, name: '', scenario: 'scenario.json', beats: [{ id: 'a', shown: [] }] }),
  );
  expect(expectations).toBeUndefined();
  expect(issues.length).toBeGreaterThanOrEqual(3);
  expect(readExpectations('{').issues[0]?.code).toBe('not-json');
});

test('passings may be counted across where something happened, later on, and without those to whom another thing happened', () => {
  const at = { type: 'person-fell', person: 'others' };
  const trace: Trace = {
    ...TRACE,
    events: [
      ...EVENTS,
      { t: 1, type: 'person-fell', person: 1, x: 4.5, y: 0, sheet: 0, why: 'tripped', onto: 0 },
      { t: 9, type: 'climbed-over', person: 0, x: 5, y: 0, sheet: 0, way: 1, seconds: 5, speed: 0.2, layers: 1 },
    ],
  };
  const count = (passings: object) =>
    judgeRun(trace, {
      beats: [{ id: '1', what: 'x', shown: [{ passings: { level: 'floor', at, ...passings } } as unknown as Shown] }],
    })[0]!.findings[0]!.value;
  const from = { type: 'person-started' };
  expect(count({ from, seconds: 9 })).toBe(1);
  expect(count({ from, wait: 5, seconds: 4 })).toBe(0);
  expect(count({ from, seconds: 9, along: [0, 1] })).toBe(0);
  expect(count({ from, seconds: 9, but: { type: 'climbed-over' } })).toBe(0);
});

test('the speed of populations after an event is a mean over all of them, and a speed between events may begin later', () => {
  const motion = (persons: string[]) =>
    find({ motion: { persons, from: { type: 'person-started' }, seconds: 5 } }).value;
  expect(motion(['runner'])).toBeCloseTo(1, 12);
  expect(motion(['others'])).toBe(0);
  expect(motion(['runner', 'others'])).toBeCloseTo(1 / 3, 12);
  const from = { type: 'grabbed' };
  expect(find({ speed: { person: 'runner', from, to: { type: 'freed-by' }, wait: 1 } }).value).toBeCloseTo(1, 12);
  expect(find({ speed: { person: 'runner', from, to: { type: 'freed-by' }, wait: 5 } }).holds).toBe(false);
});

test('the trend of a field is 1 where it only rises, −1 where it only falls, and missing without two events', () => {
  const woke = (levels: number[]): Trace => ({
    ...TRACE,
    events: levels.map((level, k) => ({ t: k, type: 'person-woke' as const, person: 0, level })),
  });
  const trend = (levels: number[]) =>
    judgeRun(woke(levels), {
      beats: [{ id: '1', what: 'x', shown: [{ trend: { of: { type: 'person-woke' }, field: 'level' } }] }],
    })[0]!.findings[0]!;
  expect(trend([50, 60, 70]).value).toBe(1);
  expect(trend([70, 60, 50]).value).toBe(-1);
  expect(trend([70, 50, 60]).value).toBeCloseTo(-1 / 3, 12);
  expect(trend([70])).toEqual({ value: null, holds: false });
});

test('events are counted from some time after another on', () => {
  const count = { type: ['person-started', 'door-found-locked', 'grabbed'] };
  expect(find({ count, after: { type: 'person-started' }, wait: 2 }).value).toBe(2);
});

test('the greatest load is that on anybody within the region on its level, and there is none where no loads are recorded', () => {
  const chestLoad = ROWS.map(([frame, person]) => (person === 0 ? 100 * frame : person === 1 ? 350 : 40));
  const trace: Trace = { ...TRACE, trajectory: makeTrajectory(1, ROWS, { chestLoad }) };
  const loadIn = (x0: number, x1: number, level = 'floor', least?: number) =>
    judgeRun(trace, {
      beats: [
        {
          id: '1',
          what: 'x',
          shown: [
            {
              load: {
                level,
                polygon: [
                  [x0, 0],
                  [x1, 0],
                  [x1, 1],
                  [x0, 1],
                ],
              },
              least,
            },
          ],
        },
      ],
    })[0]!.findings[0]!;
  // person 0 is at x = k with 100 k newtons, person 1 at 2.5 m with 350
  expect(loadIn(-0.5, 2.2).value).toBe(200);
  expect(loadIn(-0.5, 3.2).value).toBe(350);
  expect(loadIn(4.5, 20).value).toBe(1000);
  expect(loadIn(4.5, 20, 'another level').value).toBe(0);
  expect(loadIn(2.2, 2.8, 'floor', 351).holds).toBe(false);
  expect(loadIn(2.2, 2.8, 'floor', 350).holds).toBe(true);
  expect(
    find({
      load: {
        level: 'floor',
        polygon: [
          [0, 0],
          [9, 0],
          [9, 1],
        ],
      },
      most: 1,
    }),
  ).toEqual({
    value: null,
    holds: false,
  });
});
