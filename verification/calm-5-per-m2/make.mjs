import { makeScene, rectangle } from '../lib/scenes.mjs';

export function makeScenes() {
  const scene = makeScene('calm at 5 per m²', rectangle(0, 0, 10, 6), {
    doors: [
      {
        id: 'door',
        level: 'ground',
        line: [
          [10, 2.5],
          [10, 3.5],
        ],
        state: 'chained',
      },
    ],
    exits: [{ id: 'out', door: 'door' }],
    profiles: [{ id: 'adult', patience: 1e6 }],
    populations: [{ id: 'crowd', count: 300, profile: 'adult' }],
    settings: { rates: { record: 1 }, end: { time: 600, stalled: 10000 } },
  });
  return { scenario: scene };
}
