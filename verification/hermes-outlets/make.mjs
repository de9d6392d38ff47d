import { makeScene, rectangle, tidy } from '../lib/scenes.mjs';

const HALF = 2.5;

function makeCorridor(corridor, outlet, persons) {
  const back = tidy(-persons / 3 / (2 * HALF));
  const c = tidy(corridor / 2);
  const o = tidy(outlet / 2);
  const side = [
    [back, HALF],
    [0, HALF],
    [0, c],
    [0.1, c],
    [0.1, HALF],
    [4.1, HALF],
    [4.1, c],
    [12.1, c],
    [12.1, o],
    [12.3, o],
  ];
  const outline = [...side.map(([x, y]) => [x, -y]), ...[...side].reverse()];
  return makeScene(`HERMES UO, ${corridor} to ${outlet} m`, outline, {
    exits: [
      {
        id: 'outlet',
        line: [
          [12.3, -o],
          [12.3, o],
        ],
      },
    ],
    populations: [{ id: 'participants', polygon: rectangle(back, -HALF, 0, HALF), count: persons }],
    settings: { rates: { record: 2 }, end: { time: 600 } },
  });
}

export function makeScenes() {
  return {
    '3.0 to 2.0 m': makeCorridor(3, 2, 400),
    '3.0 to 1.6 m': makeCorridor(3, 1.6, 400),
    '3.0 to 1.2 m': makeCorridor(3, 1.2, 400),
    '1.8 to 1.2 m': makeCorridor(1.8, 1.2, 150),
    '1.8 to 0.95 m': makeCorridor(1.8, 0.95, 150),
    '1.8 to 0.7 m': makeCorridor(1.8, 0.7, 150),
  };
}
