import { makeScene, rectangle, tidy } from '../lib/scenes.mjs';

const CELLS = 10;
const WIDTH = 2.4;
const END = tidy(CELLS * WIDTH + 3);

function makeWing(guards, role, rest = {}) {
  return makeScene(`ten locks, ${guards} by ${role}`, rectangle(0, 0, END, 4.5), {
    walls: [
      {
        path: [
          [0, 2],
          [END, 2],
        ],
      },
      ...Array.from({ length: CELLS + 1 }, (_, k) => ({
        path: [
          [tidy(3 + WIDTH * k), 2],
          [tidy(3 + WIDTH * k), 4.5],
        ],
      })),
    ],
    doors: Array.from({ length: CELLS }, (_, k) => ({
      id: `cell ${k + 1}`,
      level: 'ground',
      line: [
        [tidy(3.8 + WIDTH * k), 2],
        [tidy(4.6 + WIDTH * k), 2],
      ],
      state: 'locked',
      lock: {},
    })),
    exits: [
      {
        id: 'out',
        line: [
          [0, 0.4],
          [0, 1.6],
        ],
      },
    ],
    populations: [
      ...Array.from({ length: guards }, (_, k) => ({
        id: `guard ${k + 1}`,
        position: [2.2, tidy(0.6 + 0.8 * k)],
        role,
      })),
      ...Array.from({ length: CELLS }, (_, k) => ({ id: `inmate ${k + 1}`, position: [tidy(4.2 + WIDTH * k), 3.4] })),
    ],
    settings: { end: { time: 240 } },
    ...rest,
  });
}

export function makeScenes() {
  const doors = Array.from({ length: CELLS }, (_, k) => `cell ${k + 1}`);
  return {
    one: makeWing(1, 'keyholder'),
    two: makeWing(2, 'keyholder'),
    console: makeWing(1, 'officer', {
      consoles: [{ id: 'desk', level: 'ground', position: [0.6, 0.6], doors }],
      roles: [
        {
          id: 'officer',
          states: [
            {
              state: 'desk',
              do: { act: 'operate', console: 'desk' },
              next: [{ when: { action: 'ended' }, go: 'leave' }],
            },
            { state: 'leave', do: { act: 'leave' } },
          ],
        },
      ],
    }),
  };
}
