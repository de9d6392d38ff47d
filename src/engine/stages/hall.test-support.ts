import type { ScenarioInput } from '../../scenario/index.ts';
import type { makeScenario } from '../run.test-support.ts';

type Input = Parameters<typeof makeScenario>[0];

/** A hall of 20 m × 10 m with an exit at its right-hand end, and people who walk at 1.3 m/s. */
export function hall(input: Partial<ScenarioInput>): Input {
  return {
    levels: [
      {
        id: 'g',
        outlines: [
          [
            [0, 0],
            [20, 0],
            [20, 10],
            [0, 10],
          ],
        ],
      },
    ],
    exits: [
      {
        id: 'out',
        level: 'g',
        line: [
          [20, 3],
          [20, 7],
        ],
      },
    ],
    profiles: [{ id: 'p', freeSpeed: 1.3, body: { radius: 0.2, mass: 75 } }],
    settings: { end: { time: 600 } },
    ...input,
  };
}
