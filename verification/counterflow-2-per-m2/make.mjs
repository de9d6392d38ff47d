import { makeScene, rectangle } from '../lib/scenes.mjs';

export function makeScenes() {
  const scene = makeScene('counterflow', rectangle(-30, 0, 30, 5), {
    exits: [
      {
        id: 'east',
        line: [
          [30, 0],
          [30, 5],
        ],
      },
      {
        id: 'west',
        line: [
          [-30, 5],
          [-30, 0],
        ],
      },
    ],
    populations: [
      { id: 'eastward', count: 300, knows: ['east'] },
      { id: 'westward', count: 300, knows: ['west'] },
    ],
    settings: { rates: { record: 2 }, end: { time: 25 } },
  });
  return { scenario: scene };
}
