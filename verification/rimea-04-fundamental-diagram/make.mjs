import { makeScene, rectangle, tidy } from '../lib/scenes.mjs';

/** Nominal densities [1/m²]; the placing of adults may give up from 4.7 on. Thin crowds need a longer way behind the box, dense ones a longer way in front of it. */
const DENSITIES = [0.2, 0.5, 1, 1.5, 2, 2.5, 3, 4, 4.5];

export function makeScenes() {
  return Object.fromEntries(
    DENSITIES.map((density) => {
      const [back, front] = density < 2 ? [-75, 25] : [-40, 40];
      const scene = makeScene(`corridor at ${density} per m²`, rectangle(back, -2.5, front, 2.5), {
        exits: [
          {
            id: 'end',
            line: [
              [front, -2.5],
              [front, 2.5],
            ],
          },
        ],
        populations: [{ id: 'stream', count: tidy(density * 5 * (front - back)) }],
        settings: { rates: { record: 2 }, end: { time: 45 } },
      });
      return [`${density} per m²`, scene];
    }),
  );
}
