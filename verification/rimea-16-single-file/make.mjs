import { makeScene, rectangle, tidy } from '../lib/scenes.mjs';

/** Persons per metre. */
const DENSITIES = [0.3, 0.6, 0.9, 1.2, 1.6, 2];
const [BACK, FRONT] = [-80, 40];

export function makeScenes() {
  return Object.fromEntries(
    DENSITIES.map((density) => {
      const count = Math.floor((FRONT - BACK - 1) * density);
      const scene = makeScene(`single file, ${density} per m`, rectangle(BACK, 0, FRONT, 0.5), {
        exits: [
          {
            id: 'end',
            line: [
              [FRONT, 0],
              [FRONT, 0.5],
            ],
          },
        ],
        populations: Array.from({ length: count }, (_, k) => ({
          id: `person ${k}`,
          position: [tidy(BACK + 0.5 + k / density), 0.25],
        })),
        settings: { rates: { record: 2 }, end: { time: 60 } },
      });
      return [`${density} per m`, scene];
    }),
  );
}
