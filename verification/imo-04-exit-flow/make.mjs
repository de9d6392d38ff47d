import { makeScene, rectangle } from '../lib/scenes.mjs';

export function makeScenes() {
  const scene = makeScene('IMO 4', rectangle(0, 0, 8, 5), {
    exits: [
      {
        id: 'exit',
        line: [
          [8, 2],
          [8, 3],
        ],
      },
    ],
    profiles: [{ id: 'adult' }],
    populations: [{ id: 'crowd', count: 100, profile: 'adult' }],
    settings: { end: { time: 300 } },
  });
  return { scenario: scene };
}
