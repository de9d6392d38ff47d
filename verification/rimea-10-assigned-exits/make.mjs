import { makeScene, rectangle, tidy } from '../lib/scenes.mjs';

const CABINS = 6;
const WIDTH = 3;
const END = CABINS * WIDTH;
const MAIN = [1, 2, 3, 4, 7, 8, 9, 10];

/** Walls of one row: between the cabins, and along the corridor at `front` with a door of 0.9 m a cabin. */
function wallsOfRow(back, front) {
  const between = Array.from({ length: CABINS - 1 }, (_, k) => ({
    path: [
      [WIDTH * (k + 1), back],
      [WIDTH * (k + 1), front],
    ],
  }));
  const along = Array.from({ length: CABINS + 1 }, (_, k) => ({
    path: [
      [tidy(Math.max(0, WIDTH * k - 1.05)), front],
      [tidy(Math.min(END, WIDTH * k + 1.05)), front],
    ],
  }));
  return [...between, ...along];
}

export function makeScenes() {
  const scene = makeScene(
    'RiMEA 10',
    [rectangle(0, 0, END, 11), rectangle(-2, 4.5, 0, 6.5), rectangle(END, 5, END + 1, 6)],
    {
      walls: [...wallsOfRow(0, 4.95), ...wallsOfRow(11, 6.05)],
      exits: [
        {
          id: 'main',
          line: [
            [-2, 4.9],
            [-2, 6.1],
          ],
        },
        {
          id: 'secondary',
          line: [
            [END + 1, 5],
            [END + 1, 6],
          ],
        },
      ],
      populations: Array.from({ length: 2 * CABINS }, (_, k) => {
        const x = WIDTH * (k % CABINS);
        const y = k < CABINS ? 0 : 6.1;
        const isMain = MAIN.includes(k + 1);
        return {
          id: `${isMain ? 'main' : 'secondary'}, cabin ${k + 1}`,
          polygon: rectangle(x + 0.3, tidy(y + 0.3), x + WIDTH - 0.3, tidy(y + 4.5)),
          count: k + 1 === 3 ? 1 : 2,
          knows: [isMain ? 'main' : 'secondary'],
        };
      }),
      settings: { end: { time: 120 } },
    },
  );
  return { scenario: scene };
}
