import { expect, test } from 'vitest';
import { composeChronicle } from '../analysis/index.ts';
import type { TraceEvent } from '../trace/index.ts';
import { castOf, narrate } from './narrate.ts';

const CAST = castOf([
  { population: 'guide' },
  ...Array.from({ length: 5 }, () => ({ population: 'visitors' })),
  { population: 'staff' },
  { population: 'staff' },
]);
const tell = (events: TraceEvent[]) => narrate(composeChronicle({ events }), CAST).split('\n');

test('somebody alone in a population goes by its name, others by their number in it', () => {
  expect(tell([{ t: 2, type: 'person-out', person: 0, exit: 'gate' }])[0]).toMatch(/^2 s +Guide is out by gate\.$/);
  expect(tell([{ t: 2, type: 'person-out', person: 3, exit: 'gate' }])[0]).toMatch(
    /Person 3 of visitors is out by gate\.$/,
  );
});

test('up to three are named, more are counted', () => {
  const out = (persons: number[]): TraceEvent[] =>
    persons.map((person) => ({ t: 5, type: 'person-out', person, exit: 'gate' }));
  expect(tell(out([0, 6]))[0]).toContain('Guide and person 6 of staff are out by gate.');
  expect(tell(out([1, 2, 3, 4]))[0]).toContain('4 of visitors are out by gate.');
  expect(tell(out([1, 2, 3, 6]))[0]).toContain('4 people are out by gate.');
});

test('of several who are harmed the greatest load is told', () => {
  const dead = (person: number, chestLoad: number): TraceEvent => ({
    t: 9,
    type: 'person-dead',
    person,
    x: 0,
    y: 0,
    sheet: 0,
    portal: 'gate',
    chestLoad,
    dose: 1,
  });
  expect(tell([dead(1, 1500), dead(2, 2500)])[0]).toMatch(/die at gate; chest load 2.500 N at most\./);
});

test('marks of the record and steps on a way are left out', () => {
  const text = tell([
    { t: 1, type: 'state-hash', hash: 'f' },
    { t: 1, type: 'portal-crossed', person: 1, portal: 'gate', direction: 1 },
  ]);
  expect(text).toEqual(['']);
});

test('what people feel is told in words, rising and falling', () => {
  const fear = (t: number, value: number): TraceEvent => ({
    t,
    type: 'inner-state',
    person: 0,
    fear: value,
    distress: 0,
    fatigue: 0,
    trust: 0,
  });
  const lines = tell([fear(1, 0.8), fear(20, 0.4), fear(40, 0.05)]);
  expect(lines[0]).toMatch(/is terrified\.$/);
  expect(lines[1]).toMatch(/is no more than uneasy now\.$/);
  expect(lines[2]).toMatch(/is calm again\.$/);
});
