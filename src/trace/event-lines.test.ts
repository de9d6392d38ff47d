import { expect, test } from 'vitest';
import { createEventLines } from './event-lines.ts';
import type { PersonEvent, TraceEvent } from './trace.ts';

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const EXIT = 'Ausgang "süd" → 出口 🚪\\\n';

test('every line is what JSON.stringify writes', () => {
  const events: TraceEvent[] = [
    { t: 0.30000000000000004, type: 'exit-chosen', person: 99, exit: EXIT, why: 'found-locked' },
    { t: 1e-7, type: 'person-started', person: 0 },
    { t: 1, type: 'person-out', person: 2, exit: EXIT },
  ];
  const lines = createEventLines();
  for (const event of events) lines.append(event);
  expect(decode(lines.take())).toBe(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  expect(lines.size()).toBe(0);
});

test('events told of many at once read as if told one by one', () => {
  const alike: PersonEvent[] = [
    { t: 0.30000000000000004, type: 'person-started', person: -1 },
    { t: 12.1, type: 'exit-chosen', person: -1, exit: 'north', why: 'start' },
    { t: 1e-7, type: 'exit-chosen', person: -1, exit: EXIT, why: 'found-locked' },
  ];
  const persons = Int32Array.of(0, 9, 10, 99, 100, 7, 1_000_000, 999_999, 2_147_483_647);
  const which = Uint8Array.from(persons, (_, k) => k % alike.length);
  const many = createEventLines();
  const single = createEventLines();
  many.append({ t: 0, type: 'person-started', person: 3 });
  single.append({ t: 0, type: 'person-started', person: 3 });
  many.appendEach(alike, which, persons, persons.length);
  persons.forEach((person, k) => {
    single.append({ ...alike[which[k]], person });
  });
  expect(decode(many.take())).toBe(decode(single.take()));
});

test('lines longer than the room there was at first are whole, and what was taken does not change', () => {
  const lines = createEventLines();
  const long: TraceEvent = { t: 1, type: 'person-out', person: 1, exit: '出'.repeat(200_000) };
  lines.append({ t: 1, type: 'person-started', person: 3 });
  const before = lines.take();
  lines.append(long);
  const persons = Int32Array.from({ length: 20_000 }, (_, k) => k);
  lines.appendEach([{ t: 2, type: 'person-started', person: 0 }], new Uint8Array(20_000), persons, 20_000);
  const text = decode(lines.take()).trimEnd().split('\n');
  expect(text).toHaveLength(20_001);
  expect(JSON.parse(text[0])).toEqual(long);
  expect(JSON.parse(text[20_000])).toEqual({ t: 2, type: 'person-started', person: 19_999 });
  expect(decode(before)).toBe('{"t":1,"type":"person-started","person":3}\n');
});
