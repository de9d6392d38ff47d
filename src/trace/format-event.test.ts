import { expect, test } from 'vitest';
import { formatEvent } from './format-event.ts';
import type { TraceEvent } from './trace.ts';

test('events put together by hand are what JSON.stringify writes', () => {
  const events: TraceEvent[] = [
    { t: 0, type: 'person-started', person: 7 },
    { t: 0.30000000000000004, type: 'exit-chosen', person: 0, exit: 'north', why: 'start' },
    { t: 12.1, type: 'exit-chosen', person: 3, exit: 'a "quoted"\\\n exit', why: 'found-locked' },
    { t: 12.1, type: 'exit-chosen', person: 4, exit: 'a "quoted"\\\n exit', why: 'nearer' },
    { t: 1e-7, type: 'exit-chosen', person: 5, exit: '', why: 'learnt' },
    { t: 1, type: 'person-out', person: 2, exit: 'north' },
  ];
  for (const event of events) expect(formatEvent(event)).toBe(JSON.stringify(event));
});
