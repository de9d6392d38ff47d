import { adult, makeScene, tidy } from '../lib/scenes.mjs';

const RADIUS = 9.21;
const BOARD = 0.53;

/** Half disc before the gap, its straight side along the boards. */
const halfDisc = Array.from({ length: 25 }, (_, k) => [
  tidy(RADIUS * Math.cos(Math.PI + (Math.PI * k) / 24)),
  tidy(-BOARD + RADIUS * Math.sin(Math.PI + (Math.PI * k) / 24)),
]);

function makeExit(motivation) {
  const outline = [
    [-9.5, -10],
    [9.5, -10],
    [9.5, -BOARD],
    [1.5, -BOARD],
    [1.5, BOARD],
    [3.1, BOARD],
    [3.1, 6.25],
    [-3.1, 6.25],
    [-3.1, BOARD],
    [-1.5, BOARD],
    [-1.5, -BOARD],
    [-9.5, -BOARD],
  ];
  return makeScene('HERMES AO-300-400', outline, {
    exits: [
      {
        id: 'hall',
        line: [
          [3.1, 6.25],
          [-3.1, 6.25],
        ],
      },
    ],
    profiles: [adult({ motivation })],
    populations: [{ id: 'participants', polygon: halfDisc, count: 400, profile: 'adult' }],
    settings: { end: { time: 300 } },
  });
}

export function makeScenes() {
  return { calm: makeExit(0), hurried: makeExit(0.5) };
}
