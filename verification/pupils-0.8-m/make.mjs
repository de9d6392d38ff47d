import { makeScene, rectangle } from '../lib/scenes.mjs';

function makeDoor(motivation) {
  const outline = [
    [-2.4, 0.3],
    [-0.4, 0.3],
    [-0.4, -0.26],
    [-2.4, -0.26],
    [-2.4, -3],
    [2.4, -3],
    [2.4, -0.26],
    [0.4, -0.26],
    [0.4, 0.3],
    [2.4, 0.3],
    [2.4, 6],
    [-2.4, 6],
  ];
  return makeScene('pupils 00_01a', outline, {
    exits: [
      {
        id: 'hall',
        line: [
          [-2.4, -3],
          [2.4, -3],
        ],
      },
    ],
    profiles: [
      {
        id: 'pupil',
        body: { table: 'children' },
        freeSpeed: { distribution: 'uniform', min: 0.6, max: 1.2 },
        motivation,
      },
    ],
    populations: [{ id: 'pupils', polygon: rectangle(-1.5, 1.3, 1.6, 5), count: 46, profile: 'pupil' }],
    settings: { end: { time: 200 } },
  });
}

export function makeScenes() {
  return { calm: makeDoor(0), hurried: makeDoor(0.5) };
}
