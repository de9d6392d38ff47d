import { makeScene, rectangle } from '../lib/scenes.mjs';

const SIDE = 20.3;
/** Hall, and the lobby before its front door. */
const outline = [
  [0, 0],
  [SIDE, 0],
  [SIDE, SIDE],
  [0, SIDE],
];
const lobby = rectangle(9.24, -3, 11.07, 0);
const wall = [
  {
    path: [
      [9.24, 0],
      [9.7, 0],
    ],
  },
  {
    path: [
      [10.61, 0],
      [11.07, 0],
    ],
  },
];
const exits = [
  {
    id: 'front',
    line: [
      [9.24, -3],
      [11.07, -3],
    ],
  },
  {
    id: 'bar',
    line: [
      [SIDE, 5],
      [SIDE, 5.91],
    ],
  },
  {
    id: 'kitchen',
    line: [
      [SIDE, 16],
      [SIDE, 16.91],
    ],
  },
  {
    id: 'stage',
    line: [
      [0, 15],
      [0, 15.91],
    ],
  },
];

function makeClub(name, populations) {
  return makeScene(`The Station, ${name}`, [outline, lobby], {
    walls: wall,
    exits,
    populations: populations.map((population) => ({ polygon: outline, ...population })),
    settings: { rates: { record: 1 }, end: { time: 900 } },
  });
}

export function makeScenes() {
  return {
    'all exits': makeClub('all exits', [{ id: 'guests', count: 404 }]),
    '90 % front': makeClub('90 % front', [
      { id: 'guests', count: 364, knows: ['front'] },
      { id: 'regulars', count: 40, knows: ['bar', 'kitchen', 'stage'] },
    ]),
  };
}
