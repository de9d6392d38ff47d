import { makeScene, rectangle, tidy } from '../lib/scenes.mjs';

function makeOpening(width) {
  const [low, high] = [tidy(5 - width / 2), tidy(5 + width / 2)];
  const outline = [
    [0, 0],
    [10, 0],
    [10, low],
    [10.2, low],
    [10.2, high],
    [10, high],
    [10, 10],
    [0, 10],
  ];
  return makeScene(`RiMEA 12d, ${width} m`, outline, {
    exits: [
      {
        id: 'opening',
        line: [
          [10.2, low],
          [10.2, high],
        ],
      },
    ],
    populations: [{ id: 'crowd', polygon: rectangle(0, 0, 5, 10), count: 150 }],
    settings: { end: { time: 600 } },
  });
}

export function makeScenes() {
  return Object.fromEntries([0.8, 1, 1.2].map((width) => [`${width.toFixed(1)} m`, makeOpening(width)]));
}
