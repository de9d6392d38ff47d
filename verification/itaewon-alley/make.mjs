import { makeScene, rectangle } from '../lib/scenes.mjs';

const [LOW, HIGH] = [0, 3.2];
const outline = [
  [-12, -6.4],
  [0, -6.4],
  [0, LOW],
  [40, LOW],
  [40, -6.4],
  [52, -6.4],
  [52, 9.6],
  [40, 9.6],
  [40, HIGH],
  [0, HIGH],
  [0, 9.6],
  [-12, 9.6],
];

export function makeScenes() {
  const scene = makeScene('Itaewon', outline, {
    exits: [
      {
        id: 'up',
        line: [
          [52, -6.4],
          [52, 9.6],
        ],
      },
      {
        id: 'down',
        line: [
          [-12, 9.6],
          [-12, -6.4],
        ],
      },
    ],
    profiles: [{ id: 'visitor', motivation: 0.5, patience: 1e6 }],
    populations: [
      {
        id: 'upwards in the alley',
        polygon: rectangle(0, LOW, 20, HIGH),
        count: 250,
        profile: 'visitor',
        knows: ['up'],
      },
      { id: 'upwards', polygon: rectangle(-10, -6.4, 0, 9.6), count: 380, profile: 'visitor', knows: ['up'] },
      {
        id: 'downwards in the alley',
        polygon: rectangle(20, LOW, 40, HIGH),
        count: 250,
        profile: 'visitor',
        knows: ['down'],
      },
      { id: 'downwards', polygon: rectangle(40, -6.4, 50, 9.6), count: 380, profile: 'visitor', knows: ['down'] },
    ],
    settings: { rates: { record: 1 }, end: { time: 600, stalled: 10000 } },
  });
  return { scenario: scene };
}
