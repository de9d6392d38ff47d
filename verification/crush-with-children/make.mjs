import { makeScene, rectangle } from '../lib/scenes.mjs';

const pressed = { motivation: 1, patience: 1e6, susceptibility: 20 };

function makeColumn(move) {
  return makeScene(`children in a column at ${move}`, rectangle(-13, 0, 0, 4), {
    doors: [
      {
        id: 'door',
        level: 'ground',
        line: [
          [0, 0],
          [0, 4],
        ],
        state: 'chained',
        strength: 1e9,
      },
    ],
    exits: [{ id: 'out', door: 'door' }],
    profiles: [
      { id: 'adult', ...pressed },
      {
        id: 'child',
        body: { table: 'children' },
        freeSpeed: { distribution: 'uniform', min: 0.6, max: 1.2 },
        ...pressed,
      },
    ],
    populations: [
      {
        id: 'column',
        count: 240,
        profiles: [
          { profile: 'adult', share: 2 },
          { profile: 'child', share: 1 },
        ],
      },
    ],
    settings: { rates: { move, record: 2 }, end: { time: 50, stalled: 1000 } },
  });
}

export function makeScenes() {
  return { 'asked for 60': makeColumn(60), 'asked for 120': makeColumn(120) };
}
