import { makeScene, rectangle } from '../lib/scenes.mjs';

/** Two rooms and a corridor; the floor goes on 3 m behind the rooms, so that nobody is jostled over the line at their back. */
const outline = [
  [-13, 0],
  [0, 0],
  [0, 4],
  [10, 4],
  [10, 0],
  [23, 0],
  [23, 10],
  [10, 10],
  [10, 6],
  [0, 6],
  [0, 10],
  [-13, 10],
];
const profiles = [
  {
    id: 'man of 30 to 50',
    body: { table: 'men' },
    freeSpeed: { distribution: 'uniform', min: 0.97, max: 1.62 },
    patience: 3600,
  },
];

function makeMeeting(others) {
  const first = {
    id: 'first',
    polygon: rectangle(-10, 0, 0, 10),
    count: 100,
    profile: 'man of 30 to 50',
    knows: ['east'],
  };
  const second = {
    id: 'second',
    polygon: rectangle(10, 0, 20, 10),
    count: others,
    profile: 'man of 30 to 50',
    knows: ['west'],
  };
  return makeScene(`IMO 8, ${others} against`, outline, {
    exits: [
      {
        id: 'east',
        line: [
          [23, 0],
          [23, 10],
        ],
      },
      {
        id: 'west',
        line: [
          [-13, 10],
          [-13, 0],
        ],
      },
    ],
    profiles,
    populations: others === 0 ? [first] : [first, second],
    settings: { end: { time: 600 } },
  });
}

export function makeScenes() {
  return Object.fromEntries([0, 10, 50, 100].map((others) => [`${others} against`, makeMeeting(others)]));
}
