import { makeScene, rectangle } from '../lib/scenes.mjs';

export const makeScenes = () => ({
  scenario: makeScene('NIST 4.1', rectangle(0, 0, 10, 8), {
    doors: [
      {
        id: 'door 1',
        level: 'ground',
        line: [
          [0, 3.5],
          [0, 4.5],
        ],
      },
      {
        id: 'door 2',
        level: 'ground',
        line: [
          [10, 3.5],
          [10, 4.5],
        ],
      },
    ],
    exits: [
      { id: 'exit 1', door: 'door 1' },
      { id: 'exit 2', door: 'door 2' },
    ],
    populations: [{ id: 'persons', polygon: rectangle(2.5, 2, 4, 6), count: 5 }],
    events: [{ at: 1, do: 'lock', door: 'door 1' }],
    settings: { end: { time: 120 } },
  }),
});
