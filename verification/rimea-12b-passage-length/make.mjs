import { makeScene, rectangle } from '../lib/scenes.mjs';

function makePassage(length) {
  const outline = [
    [0, 0],
    [10, 0],
    [10, 4.5],
    [10 + length, 4.5],
    [10 + length, 0],
    [20 + length, 0],
    [20 + length, 10],
    [10 + length, 10],
    [10 + length, 5.5],
    [10, 5.5],
    [10, 10],
    [0, 10],
  ];
  return makeScene(`RiMEA 12b, ${length} m`, outline, {
    exits: [
      {
        id: 'far end',
        line: [
          [20 + length, 0],
          [20 + length, 10],
        ],
      },
    ],
    populations: [{ id: 'crowd', polygon: rectangle(0, 0, 5, 10), count: 150 }],
    settings: { end: { time: 600 } },
  });
}

export function makeScenes() {
  return { short: makePassage(0.2), long: makePassage(5) };
}
