import { expect, test } from 'vitest';
import { DOSE, nextDose } from './dose.ts';
import { PHYSICS } from './kernel/physics.ts';
import { applyVaried, partsAt, UNCERTAIN_PARAMETERS, variedOf } from './parameters.ts';
import { makeScenario, makeWorld, memorySink, runToEnd } from './run.test-support.ts';
import { createRun } from './run.ts';

const room = makeScenario({
  levels: [
    {
      id: 'ground',
      outlines: [
        [
          [0, 0],
          [8, 0],
          [8, 5],
          [0, 5],
        ],
      ],
    },
  ],
  exits: [
    {
      id: 'way out',
      level: 'ground',
      line: [
        [8, 2],
        [8, 3],
      ],
    },
  ],
  populations: [
    {
      id: 'crowd',
      level: 'ground',
      count: 20,
      polygon: [
        [0.3, 0.3],
        [7, 0.3],
        [7, 4.7],
        [0.3, 4.7],
      ],
    },
  ],
});

/** Time at which a constant load is lethal [s]. */
function timeToDeath(load: number, law: typeof DOSE | ReturnType<typeof partsAt>['dose']): number {
  let dose = 0;
  let steps = 0;
  while (dose < 1 && steps < 100_000) {
    dose = nextDose(dose, load, 1, 0.01, law);
    steps++;
  }
  return steps / 100;
}

test('parameters equal to the standard are not varied', () => {
  expect(variedOf({})).toBeUndefined();
  expect(variedOf({ physics: { ...PHYSICS }, dose: DOSE })).toBeUndefined();
});

test('what was varied and the parts made of it say the same, for both ends of every parameter', () => {
  for (const parameter of UNCERTAIN_PARAMETERS) {
    for (const end of ['low', 'high'] as const) {
      const { parts, unknown } = applyVaried(parameter[end]);
      expect(unknown).toEqual([]);
      // a number that is the standard's (no push of the calm) is not varied
      for (const [name, value] of Object.entries(variedOf(parts) ?? {})) expect(parameter[end][name]).toBe(value);
      expect(variedOf(parts)).toBeDefined();
    }
  }
});

test('a name that is no parameter is told', () => {
  expect(applyVaried({ 'dose.humour': 1, stiffness: 2, 'door.width': 3 }).unknown).toEqual([
    'dose.humour',
    'stiffness',
    'door.width',
  ]);
});

test('both ends of the lethal time meet their own point at 1112 N and 15 s at 6227 N', () => {
  const lethal = UNCERTAIN_PARAMETERS.find(({ id }) => id === 'lethal-time')!;
  expect(timeToDeath(1112, partsAt(lethal, 'low').dose)).toBeCloseTo(240, 0);
  expect(timeToDeath(1112, partsAt(lethal, 'high').dose)).toBeCloseTo(360, 0);
  for (const end of ['low', 'high'] as const) {
    const time = timeToDeath(6227, partsAt(lethal, end).dose);
    expect(time).toBeGreaterThan(14.9);
    expect(time).toBeLessThan(15.1);
  }
});

test('who stands 0.8 times the load is harmed like a standard person under 1 / 0.8 of it', () => {
  const weak = partsAt(UNCERTAIN_PARAMETERS.find(({ id }) => id === 'susceptibility')!, 'low').dose;
  expect(nextDose(0, 1000, 1, 0.1, weak)).toBe(nextDose(0, 1250, 1, 0.1));
});

test('a varied run names what was varied and has other hashes than the standard, also where it changed nothing', () => {
  const standard = runToEnd(room);
  const varied = runToEnd(room, applyVaried({ 'dose.threshold': 450 }).parts);
  expect(standard.run.header.varied).toBeUndefined();
  expect(varied.run.header.varied).toEqual({ 'dose.threshold': 450 });
  // nobody is pressed here, so nobody moved otherwise
  expect(varied.frames).toEqual(standard.frames);
  expect(varied.result.stateHash).not.toBe(standard.result.stateHash);
  expect(varied.run.header.scenarioHash).not.toBe(standard.run.header.scenarioHash);
  const again = runToEnd(room, applyVaried({ 'dose.threshold': 450 }).parts);
  expect(again.result.stateHash).toBe(varied.result.stateHash);
});

test('a snapshot of a varied run goes on only with the same parameters', () => {
  const { parts } = applyVaried({ 'physics.stiffness': 60_000 });
  const run = createRun(makeWorld(room), { sink: memorySink() }, parts);
  run.advance(20);
  const snapshot = run.snapshot();
  while (!run.advance(100));
  const resumed = createRun(makeWorld(room), { sink: memorySink(), resumeFrom: snapshot }, parts);
  while (!resumed.advance(100));
  expect(resumed.finish().result.stateHash).toBe(run.finish().result.stateHash);
  expect(() => createRun(makeWorld(room), { sink: memorySink(), resumeFrom: snapshot })).toThrow(/another run/);
});

test('without frames a run writes events only and ends in the same state', () => {
  const standard = runToEnd(room);
  const sink = memorySink();
  const run = createRun(makeWorld(room), { sink, frames: false });
  while (!run.advance(100));
  expect(run.finish().result.stateHash).toBe(standard.result.stateHash);
  expect(sink.bytes('frames.bin').length).toBe(0);
  expect(sink.events().filter(({ type }) => type === 'person-out').length).toBe(20);
});
