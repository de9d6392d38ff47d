import { makeScene, rectangle, tidy } from '../lib/scenes.mjs';

const [ROWS, PITCH, BENCH] = [10, 0.8, 0.35];
const [AISLE, BLOCK] = [1.2, 15];
const WIDTH = AISLE + BLOCK + AISLE;
const LEAF = 1.2;

function makeStand(name, { leaves, count }) {
  const middle = WIDTH / 2;
  const line = [
    [tidy(middle - LEAF), -AISLE],
    [tidy(middle - LEAF + leaves * LEAF), -AISLE],
  ];
  const rows = Array.from({ length: ROWS }, (_, k) => tidy(k * PITCH));
  return makeScene(`HERMES vomitory, ${name}`, rectangle(0, -AISLE, WIDTH, ROWS * PITCH), {
    holes: rows.map((y) => rectangle(AISLE, y, AISLE + BLOCK, tidy(y + BENCH))),
    exits: [{ id: 'vomitory', line }],
    populations: rows.map((y, k) => ({
      id: `row ${k + 1}`,
      polygon: rectangle(AISLE, tidy(y + BENCH), AISLE + BLOCK, tidy(y + PITCH)),
      count: count / ROWS,
    })),
    settings: { rates: { record: 2 }, end: { time: 600 } },
  });
}

export function makeScenes() {
  return {
    open: makeStand('open', { leaves: 2, count: 300 }),
    'leaf closed': makeStand('leaf closed', { leaves: 1, count: 300 }),
    half: makeStand('half', { leaves: 2, count: 150 }),
  };
}
