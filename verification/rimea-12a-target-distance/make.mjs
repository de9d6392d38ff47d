import { makeScene, rectangle } from '../lib/scenes.mjs';

function makeDistance(distance) {
  const end = 10.2 + distance;
  const behind = [
    [10.2, 0],
    [end, 0],
    [end, 10],
    [10.2, 10],
  ];
  const outline = [
    [0, 0],
    [10, 0],
    [10, 4.5],
    [10.2, 4.5],
    ...(distance > 0 ? behind : []),
    [10.2, 5.5],
    [10, 5.5],
    [10, 10],
    [0, 10],
  ];
  return makeScene(`RiMEA 12a, ${distance} m`, outline, {
    exits: [
      {
        id: 'target',
        line:
          distance > 0
            ? [behind[1], behind[2]]
            : [
                [10.2, 4.5],
                [10.2, 5.5],
              ],
      },
    ],
    populations: [{ id: 'crowd', polygon: rectangle(0, 0, 5, 10), count: 150 }],
    settings: { end: { time: 600 } },
  });
}

export function makeScenes() {
  return Object.fromEntries([0, 1, 5, 10].map((distance) => [`${distance} m`, makeDistance(distance)]));
}
