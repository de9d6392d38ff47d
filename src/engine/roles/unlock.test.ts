import { expect, test } from 'vitest';
import type { TraceEvent } from '../../trace/index.ts';
import { makeScenario, runToEnd } from '../run.test-support.ts';
import { makeWing } from './wing.test-support.ts';

const released = (events: readonly TraceEvent[]) =>
  events.flatMap((event) => (event.type === 'lock-released' ? [event] : []));
const guard = { id: 'guard', level: 'ground', position: [1, 1] as [number, number], role: 'keyholder' };

test('one guard releases k locks one after the other: the time at each as its lock says, and the walk between', () => {
  const { events, result } = runToEnd(
    makeScenario(makeWing({ cells: 5, persons: [guard], lock: { byKey: 4 }, roles: undefined })),
  );
  const locks = released(events);
  expect(locks.map(({ door }) => door)).toEqual(['cell 1', 'cell 2', 'cell 3', 'cell 4', 'cell 5']);
  expect(locks.every(({ how, seconds }) => how === 'key' && seconds === 4)).toBe(true);
  for (let k = 1; k < locks.length; k++) {
    const walk = locks[k].t - locks[k - 1].t - 4;
    // 2 m at a free speed of 0.5 … 2.2 m/s, with setting out and coming to rest
    expect(walk).toBeGreaterThan(0.8);
    expect(walk).toBeLessThan(4.5);
  }
  expect(result.out).toBe(6);
});
