import { expect, test } from 'vitest';
import { randomUint32, randomUnit } from '../math/index.ts';
import type { TraceEvent } from '../trace/index.ts';
import { composeChronicle } from './chronicle.ts';

/** Events of three kinds at random times, some exits, some persons. */
function drawEvents(seed: number, count: number): TraceEvent[] {
  const events = Array.from({ length: count }, (_, k): TraceEvent => {
    const t = Math.round(1000 * randomUnit(seed, 1, k, 0)) / 10;
    const person = randomUint32(seed, 2, k, 0) % 20;
    const exit = `exit ${randomUint32(seed, 3, k, 0) % 2}`;
    const kind = randomUint32(seed, 4, k, 0) % 3;
    if (kind === 0) return { t, type: 'person-out', person, exit };
    return kind === 1 ? { t, type: 'person-started', person } : { t, type: 'state-hash', hash: 'f' };
  });
  return events.sort((a, b) => a.t - b.t);
}

test('every event that is told stands in one entry, once, and entries follow the time', () => {
  const events = drawEvents(3, 500);
  const entries = composeChronicle({ events });
  expect(entries.flatMap((entry) => entry.events).sort((a, b) => a.t - b.t)).toHaveLength(
    events.filter((event) => event.type !== 'state-hash').length,
  );
  expect(new Set(entries.flatMap((entry) => entry.events)).size).toBe(entries.flatMap((entry) => entry.events).length);
  for (let k = 1; k < entries.length; k++) expect(entries[k]!.t).toBeGreaterThanOrEqual(entries[k - 1]!.t);
});

test('alike events are one entry while 3 s or less lie between them, and no longer', () => {
  const out = (t: number, person: number): TraceEvent => ({ t, type: 'person-out', person, exit: 'a' });
  const entries = composeChronicle({ events: [out(1, 0), out(4, 1), out(7.5, 2), out(7.6, 2)] });
  expect(entries.map(({ t, until, persons }) => [t, until, persons])).toEqual([
    [1, 4, [0, 1]],
    [7.5, 7.6, [2]],
  ]);
});

test('of one person it tells what happened to them and what they did to others', () => {
  const events: TraceEvent[] = [
    { t: 1, type: 'grabbed', person: 1, by: 2 },
    { t: 2, type: 'freed-by', person: 1, by: 3, holder: 2 },
    { t: 3, type: 'person-started', person: 4 },
  ];
  const told = (person: number) => composeChronicle({ events }, person).map((entry) => entry.events[0].type);
  expect(told(1)).toEqual(['grabbed', 'freed-by']);
  expect(told(2)).toEqual(['grabbed', 'freed-by']);
  expect(told(3)).toEqual(['freed-by']);
  expect(told(4)).toEqual(['person-started']);
});

test('what somebody feels is told where it comes into another quarter, once for what hovers at its bound, and together for several', () => {
  const inner = (t: number, person: number, fear: number, distress = 0): TraceEvent => ({
    t,
    type: 'inner-state',
    person,
    fear,
    distress,
    fatigue: 0,
    trust: 0,
  });
  const entries = composeChronicle({
    events: [
      inner(1, 0, 0.2),
      inner(2, 0, 0.32),
      inner(3, 1, 0.35),
      inner(4, 0, 0.23),
      inner(5, 0, 0.27),
      inner(6, 0, 0.9),
      inner(20, 0, 0.1, 0.6),
    ],
  });
  const told = entries.map(({ t, events: [event], persons }) =>
    event.type === 'inner-turn' ? [t, event.state, event.quarter, event.rises, persons] : [],
  );
  expect(told).toEqual([
    [2, 'fear', 1, true, [0, 1]],
    [6, 'fear', 3, true, [0]],
    [20, 'fear', 0, false, [0]],
    [20, 'distress', 2, true, [0]],
  ]);
});
