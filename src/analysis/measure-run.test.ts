import { expect, test } from 'vitest';
import type { Trace, TraceEvent } from '../trace/index.ts';
import { TraceState } from '../trace/index.ts';
import { findDoorState, measurePortals } from './doors.ts';
import { listPersonsOut, measureEvacuation } from './evacuation-curve.ts';
import { measureRun } from './measure-run.ts';
import {
  makeHeader,
  makeLockedExitTrace,
  makeTrajectory,
  TWO_ROOMS,
  TWO_ROOMS_PORTALS,
} from './synthetic-trace.test-support.ts';

const PERSON = { population: 'guests', profile: 'adult', radius: 0.19, mass: 75, freeSpeed: 1.3 };

function makeTrace(events: readonly TraceEvent[], persons: number, parts: Partial<Trace> = {}): Trace {
  return {
    header: makeHeader({
      sheets: [TWO_ROOMS],
      portals: TWO_ROOMS_PORTALS,
      persons: Array.from({ length: persons }, () => PERSON),
    }),
    trajectory: makeTrajectory(10, []),
    events,
    damage: [],
    ...parts,
  };
}

test('everybody is counted once: out, dead, unconscious or inside', () => {
  const measures = measureRun(makeLockedExitTrace({ persons: 60, dead: 3, unconscious: 2 }));
  const { total, out, dead, unconscious, inside, injured } = measures.persons;
  expect({ total, out, dead, unconscious, inside, injured }).toEqual({
    total: 60,
    out: 53,
    dead: 3,
    unconscious: 2,
    inside: 2,
    injured: 1,
  });
  expect(measures.notOutCounts.reduce((sum, count) => sum + count.persons, 0)).toBe(total - out);
  expect(measures.evacuation.byExit).toEqual([{ exit: 'garden door', persons: 53 }]);
  expect(measures.casualtyPlaces).toEqual([
    { portal: 'portal-fire-exit', sheet: 0, dead: 3, unconscious: 2, injured: 1, first: 30 },
  ]);
});

test('measures are plain JSON: nothing is lost on the way to a file and back', () => {
  for (const trace of [makeLockedExitTrace({ persons: 30 }), makeTrace([], 0), makeTrace([], 3)]) {
    const measures = measureRun(trace);
    expect(JSON.parse(JSON.stringify(measures))).toEqual(measures);
    expect(JSON.stringify(measures)).not.toMatch(/NaN|Infinity/);
  }
});

test('the time of a share is that of everyone, not of those who got out', () => {
  const events = Array.from(
    { length: 18 },
    (_, person): TraceEvent => ({ t: 10 + person, type: 'person-out', person, exit: 'a' }),
  );
  const curve = measureEvacuation(listPersonsOut(events), 20);
  expect(curve.shareOut).toEqual([
    { share: 0.5, t: 19 },
    { share: 0.8, t: 25 },
    { share: 0.9, t: 27 },
    { share: 0.95, t: null },
    { share: 1, t: null },
  ]);
  expect(curve.complete).toBe(false);
  expect(curve.lastOut).toBe(27);
  expect(curve.mean).toBeCloseTo(18.5, 12);
});

test('a person who is reported out twice is out once, at the first time', () => {
  const events: TraceEvent[] = [
    { t: 9, type: 'person-out', person: 0, exit: 'b' },
    { t: 5, type: 'person-out', person: 0, exit: 'a' },
  ];
  expect(listPersonsOut(events)).toEqual([{ person: 0, t: 5, exit: 'a' }]);
});

test('a door’s states follow its events, and its first touch is the first', () => {
  const trace = makeTrace(
    [
      { t: 4, type: 'door-found-locked', person: 2, door: 'fire exit', state: 'chained', first: true },
      { t: 5, type: 'door-found-locked', person: 1, door: 'fire exit', state: 'chained', first: false },
      { t: 6, type: 'door-found-locked', person: 2, door: 'fire exit', state: 'chained', first: false },
      { t: 20, type: 'door-unlocked', door: 'fire exit', by: 'schedule' },
      { t: 30, type: 'door-opened', door: 'fire exit', by: 'person', person: 1 },
      { t: 31, type: 'person-out', person: 1, exit: 'fire exit' },
      { t: 33, type: 'person-out', person: 2, exit: 'fire exit' },
      { t: 40, type: 'door-forced', door: 'garden door', force: 4600 },
    ],
    3,
  );
  const header = {
    ...trace.header,
    scenario: { doors: [{ id: 'fire exit', state: 'chained' }, { id: 'garden door' }] },
  };
  const [fire, opening, garden] = measurePortals({ ...trace, header });
  expect(fire!.states.map((change) => change.state)).toEqual(['chained', 'closed', 'open']);
  expect([0, 19.9, 20, 30].map((t) => findDoorState(fire!, t))).toEqual(['chained', 'chained', 'closed', 'open']);
  expect(fire!.firstTouch).toEqual({ t: 4, person: 2, state: 'chained' });
  expect(fire!.tried).toBe(2);
  expect(fire!.persons).toBe(2);
  expect(fire!.flow.flowWhole).toBeCloseTo(0.5, 12);
  expect(fire!.flow.specificFlowWhole).toBeCloseTo(0.5 / 1.2, 12);
  expect(opening!.states).toEqual([]);
  expect(garden!.states.map((change) => change.state)).toEqual(['open', 'forced']);
  expect(garden!.states[1]!.force).toBe(4600);
});

test('a person who goes to and fro counts once at an opening, each passing at its side', () => {
  const cross = (t: number, person: number, direction: 1 | -1): TraceEvent => ({
    t,
    type: 'portal-crossed',
    person,
    portal: 'portal-opening',
    direction,
  });
  const opening = measurePortals(makeTrace([cross(1, 0, 1), cross(2, 0, -1), cross(3, 0, 1), cross(4, 1, 1)], 2))[1]!;
  expect(opening).toMatchObject({ persons: 2, forward: 3, back: 1 });
  expect(opening.flow).toMatchObject({ first: 1, last: 4 });
});

test('the highest load near a door is that of rows within 2 m on its level', () => {
  const rows = [
    [0, 0, 1.5, 5],
    [0, 1, 3, 5],
    [1, 0, 1.5, 5],
  ] as const;
  const trajectory = makeTrajectory(10, rows, { chestLoad: [300, 900, 450] });
  const portals = measurePortals(makeTrace([], 2, { trajectory }));
  expect(portals.map((portal) => portal.chestLoadPeak)).toEqual([450, 0, 0]);
});

test('who is not out is told apart: queueing, walking, not alerted, not started, stranded, dead', () => {
  const rows: [number, number, number, number][] = [];
  const state: number[] = [];
  const add = (person: number, x: (f: number) => number, activity: number): void => {
    for (let f = 0; f <= 100; f += 1) {
      rows.push([f, person, x(f), 5]);
      state.push(activity);
    }
  };
  add(0, () => 21, TraceState.walking); // 5 m before the garden door, standing
  add(1, (f) => 4 + 0.1 * f, TraceState.walking);
  add(2, () => 12, TraceState.waiting);
  add(3, () => 12, TraceState.waiting);
  add(4, () => 1, TraceState.stranded);
  add(5, () => 0.5, TraceState.walking | (3 << 4));
  // The portal named is where the person was heading; the place told is where they lie.
  const at = { person: 5, x: 0.5, y: 5, sheet: 0, portal: 'portal-opening', chestLoad: 1500, dose: 1 };
  const events: TraceEvent[] = [
    { t: 0, type: 'persons-alerted', event: 'bell', persons: 5 },
    ...[0, 1, 4, 5].map((person): TraceEvent => ({ t: 1, type: 'person-started', person })),
    { t: 1, type: 'exit-chosen', person: 0, exit: 'garden door', why: 'start' },
    { t: 2, type: 'person-stranded', person: 4, reason: 'no-known-way' },
    { t: 3, type: 'person-injured', ...at },
    { t: 4, type: 'person-unconscious', ...at },
    { t: 5, type: 'person-dead', ...at },
  ];
  const base = makeTrace(events, 6, { trajectory: makeTrajectory(10, rows, { state }) });
  const persons = base.header.persons.map((person, k) => (k === 2 ? { ...person, population: 'sleepers' } : person));
  const scenario = { populations: [{ id: 'guests' }, { id: 'sleepers', alertedBy: 'night bell' }] };
  const measures = measureRun({ ...base, header: { ...base.header, persons, scenario } });
  expect(measures.notOut.map((person) => [person.reason, person.portal])).toEqual([
    ['queueing', 'portal-garden-door'],
    ['walking', 'portal-opening'],
    ['never-alerted', null],
    ['not-started', null],
    ['no-known-way', 'portal-fire-exit'],
    ['dead', 'portal-fire-exit'],
  ]);
  expect(measures.casualties[0]).toMatchObject({ harm: 'dead', injured: 3, unconscious: 4, dead: 5 });
});

test('the story is told in order of time and merges what many do', () => {
  const { story } = measureRun(makeLockedExitTrace({ persons: 200, dead: 30, unconscious: 5 }));
  for (let k = 1; k < story.length; k += 1) expect(story[k]!.t).toBeGreaterThanOrEqual(story[k - 1]!.t);
  expect(story.length).toBeLessThan(40);
  expect(story.filter((event) => event.kind === 'found-locked')).toHaveLength(1);
  expect(story.filter((event) => event.kind === 'gave-up')).toMatchObject([{ persons: 163 }]);
  const dead = story.flatMap((event) => (event.kind === 'casualty' && event.harm === 'dead' ? [event.rank] : []));
  expect(dead).toEqual([1, 10, 20, 30]);
});

test('a trace without frames, loads or events is measured, with nulls for what cannot be told', () => {
  const measures = measureRun(makeTrace([], 2));
  expect(measures.persons).toMatchObject({ total: 2, out: 0, inside: 2 });
  expect(measures.notOutCounts).toEqual([{ reason: 'unknown', portal: null, sheet: null, persons: 2 }]);
  expect(measures.chestLoad).toBeNull();
  expect(measures.maps.sheets[0]!.densityHighest).toBeNull();
});
