import { expect, test } from 'vitest';
import type { ScenarioInput } from '../scenario/index.ts';
import { makeScenario, runToEnd } from './run.test-support.ts';

/** A corridor of 40 m with three persons of one population, at 0.6, 1 and 1.6 m/s, in a row. */
function timesOut(together: number | undefined, preMovement: ScenarioInput['profiles']): number[] {
  const { events } = runToEnd(
    makeScenario({
      levels: [
        {
          id: 'ground',
          outlines: [
            [
              [0, 0],
              [40, 0],
              [40, 3],
              [0, 3],
            ],
          ],
        },
      ],
      exits: [
        {
          id: 'out',
          level: 'ground',
          line: [
            [40, 0.5],
            [40, 2.5],
          ],
        },
      ],
      profiles: preMovement,
      populations: [
        {
          id: 'family',
          level: 'ground',
          polygon: [
            [1, 0.5],
            [3, 0.5],
            [3, 2.5],
            [1, 2.5],
          ],
          count: 3,
          profiles: (preMovement ?? []).map(({ id }) => ({ profile: id, share: 1 })),
          ...(together === undefined ? {} : { together }),
        },
      ],
      settings: { end: { time: 200 } },
    }),
  );
  return events.flatMap((event) => (event.type === 'person-out' ? [event.t] : []));
}
const speeds = [
  { id: 'slow', freeSpeed: 0.6 },
  { id: 'middle', freeSpeed: 1 },
  { id: 'fast', freeSpeed: 1.6 },
];
const spread = (times: readonly number[]) => Math.max(...times) - Math.min(...times);

test('who stays together comes out together, at the pace of the slowest', () => {
  const apart = timesOut(undefined, speeds);
  const joined = timesOut(3, speeds);
  expect(spread(apart)).toBeGreaterThan(20);
  // 3 m at 0.6 m/s
  expect(spread(joined)).toBeLessThan(3 / 0.6 + 1);
  expect(Math.abs(Math.max(...joined) - Math.max(...apart))).toBeLessThan(3);
});

test('nobody of them sets out before all have started', () => {
  const late = [
    { id: 'at once', freeSpeed: 1.3 },
    { id: 'late', freeSpeed: 1.3, preMovement: 20 },
    { id: 'soon', freeSpeed: 1.3, preMovement: 5 },
  ];
  const times = timesOut(3, late);
  expect(Math.min(...times)).toBeGreaterThan(20 + 36 / 1.3 - 1);
});
