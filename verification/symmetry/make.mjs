import { makeScene, tidy } from '../lib/scenes.mjs';

const COS = Math.cos((37 * Math.PI) / 180);
const SIN = Math.sin((37 * Math.PI) / 180);

function makePlan(name, place) {
  const at = (points) => points.map(([x, y]) => place(x, y).map(tidy));
  return makeScene(
    name,
    at([
      [0, 0],
      [14, 0],
      [14, 6],
      [9, 6],
      [9, 10],
      [0, 10],
    ]),
    {
      holes: [
        at([
          [6, 3],
          [7.5, 3],
          [7.5, 4.5],
          [6, 4.5],
        ]),
      ],
      exits: [
        {
          id: 'narrow',
          line: at([
            [14, 2],
            [14, 3],
          ]),
        },
        {
          id: 'wide',
          line: at([
            [2, 10],
            [3.4, 10],
          ]),
        },
      ],
      populations: [
        {
          id: 'crowd',
          polygon: at([
            [1, 1],
            [5.5, 1],
            [5.5, 9],
            [1, 9],
          ]),
          count: 80,
        },
      ],
      settings: { rates: { record: 1 }, end: { time: 300 } },
    },
  );
}

export function makeScenes() {
  return {
    plan: makePlan('plan', (x, y) => [x, y]),
    rotated: makePlan('rotated', (x, y) => [COS * x - SIN * y, SIN * x + COS * y]),
    mirrored: makePlan('mirrored', (x, y) => [-x, y]),
  };
}
