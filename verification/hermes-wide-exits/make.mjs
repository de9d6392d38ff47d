import { adult, makeScene, tidy } from '../lib/scenes.mjs';

const WIDTHS = [2.4, 3, 3.6, 4.4, 5];
const RADIUS = 9.21;
const BOARD = 0.53;

/** Half disc before the gap, its straight side along the boards. */
const halfDisc = Array.from({ length: 25 }, (_, k) => [
  tidy(RADIUS * Math.cos(Math.PI + (Math.PI * k) / 24)),
  tidy(-BOARD + RADIUS * Math.sin(Math.PI + (Math.PI * k) / 24)),
]);

function makeExit(motivation, width) {
  const half = tidy(width / 2);
  const side = tidy(half + 1.6);
  const outline = [
    [-9.5, -10],
    [9.5, -10],
    [9.5, -BOARD],
    [half, -BOARD],
    [half, BOARD],
    [side, BOARD],
    [side, 6.25],
    [-side, 6.25],
    [-side, BOARD],
    [-half, BOARD],
    [-half, -BOARD],
    [-9.5, -BOARD],
  ];
  return makeScene(`HERMES AO, ${width} m`, outline, {
    exits: [
      {
        id: 'hall',
        line: [
          [side, 6.25],
          [-side, 6.25],
        ],
      },
    ],
    profiles: [adult({ motivation })],
    populations: [{ id: 'participants', polygon: halfDisc, count: 400, profile: 'adult' }],
    settings: { rates: { record: 5 }, end: { time: 300 } },
  });
}

export function makeScenes() {
  return Object.fromEntries(
    [
      ['calm', 0],
      ['hurried', 0.5],
    ].flatMap(([name, motivation]) =>
      WIDTHS.map((width) => [`${name}, ${width.toFixed(1)} m`, makeExit(motivation, width)]),
    ),
  );
}
