import type { ScenarioInput } from '../../scenario/index.ts';

/** What of a wing a test is about. */
export interface WingParts {
  readonly cells: number;
  readonly persons?: ScenarioInput['populations'];
  readonly roles?: ScenarioInput['roles'];
  readonly objects?: ScenarioInput['objects'];
  readonly consoles?: ScenarioInput['consoles'];
  readonly lock?: NonNullable<ScenarioInput['doors']>[number]['lock'];
  readonly strength?: number;
  readonly end?: number;
}

/** A corridor 2 m wide with cells of 2 × 2.5 m along its upper side, each with a locked door and one person; its exit is at the left end. */
export function makeWing({
  cells,
  persons = [],
  roles,
  objects,
  consoles,
  lock,
  strength,
  end = 200,
}: WingParts): ScenarioInput {
  const length = 2 * cells + 4;
  return {
    crashbar: 1,
    name: 'wing',
    levels: [
      {
        id: 'ground',
        outlines: [
          [
            [0, 0],
            [length, 0],
            [length, 4.5],
            [0, 4.5],
          ],
        ],
        walls: [
          {
            path: [
              [0, 2],
              [length, 2],
            ],
            thickness: 0.1,
          },
          ...Array.from({ length: cells + 1 }, (_, k) => ({
            path: [
              [2 + 2 * k, 2],
              [2 + 2 * k, 4.5],
            ] as [number, number][],
            thickness: 0.1,
          })),
        ],
      },
    ],
    doors: Array.from({ length: cells }, (_, k) => ({
      id: `cell ${k + 1}`,
      level: 'ground',
      line: [
        [2.6 + 2 * k, 2],
        [3.4 + 2 * k, 2],
      ] as [[number, number], [number, number]],
      state: 'locked' as const,
      ...(lock === undefined ? {} : { lock }),
      ...(strength === undefined ? {} : { strength }),
    })),
    exits: [
      {
        id: 'out',
        level: 'ground',
        line: [
          [0, 0.4],
          [0, 1.6],
        ],
      },
    ],
    populations: [
      ...persons,
      ...Array.from({ length: cells }, (_, k) => ({
        id: `inmate ${k + 1}`,
        level: 'ground',
        position: [3 + 2 * k, 3.4] as [number, number],
      })),
    ],
    roles,
    objects,
    consoles,
    settings: { end: { time: end } },
  };
}
