import { makeScene, rectangle } from '../lib/scenes.mjs';

const outline = [
  [-10, 0],
  [0, 0],
  [0, 4],
  [10, 4],
  [10, 0],
  [20, 0],
  [20, 10],
  [10, 10],
  [10, 6],
  [0, 6],
  [0, 10],
  [-10, 10],
];

function makeMeeting(others) {
  const first = { id: 'first', polygon: rectangle(-10, 0, 0, 10), count: 100, profile: 'imo-male-30-50', knows: ['east'] };
  const second = { id: 'second', polygon: rectangle(10, 0, 20, 10), count: others, profile: 'imo-male-30-50', knows: ['west'] };
  return makeScene(`IMO 8, ${others} against`, outline, {
    exits: [
      {
        id: 'east',
        line: [
          [20, 0],
          [20, 10],
        ],
      },
      {
        id: 'west',
        line: [
          [-10, 10],
          [-10, 0],
        ],
      },
    ],
    populations: others === 0 ? [first] : [first, second],
    settings: { end: { time: 600 } },
  });
}

export function makeScenes() {
  return Object.fromEntries([0, 10, 50, 100].map((others) => [`${others} against`, makeMeeting(others)]));
}
