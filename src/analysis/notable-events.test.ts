import { expect, test } from 'vitest';
import type { TraceEvent } from '../trace/index.ts';
import { listNotableEvents } from './notable-events.ts';
import { makeHeader, makeTrajectory } from './synthetic-trace.test-support.ts';

const fear = (t: number, person: number, value: number): TraceEvent => ({
  t,
  type: 'inner-state',
  person,
  fear: value,
  distress: 0,
  fatigue: 0,
  trust: 0,
});
const mostAfraid = (events: TraceEvent[]) =>
  listNotableEvents({ header: makeHeader(), trajectory: makeTrajectory(1, []), events, damage: [] }, [], []).filter(
    ({ kind }) => kind === 'most-afraid',
  );

test('the story says when most people at once are afraid, and how many; nothing where nobody is', () => {
  const events = [fear(1, 0, 0.6), fear(2, 1, 0.7), fear(3, 0, 0.2), fear(4, 2, 0.9), fear(5, 3, 0.4)];
  expect(mostAfraid(events)).toEqual([{ t: 2, kind: 'most-afraid', persons: 2 }]);
  expect(mostAfraid([fear(5, 3, 0.49)])).toEqual([]);
});
