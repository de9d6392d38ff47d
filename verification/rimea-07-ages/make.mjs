import { makeScene, rectangle, tidy } from '../lib/scenes.mjs';

/** Weidmann 1993, as in RiMEA's figure: age, mean and standard deviation [m/s]. */
const AGES = [
  [20, 1.61, 0.315],
  [30, 1.54, 0.3],
  [40, 1.48, 0.2875],
  [50, 1.41, 0.275],
  [60, 1.27, 0.2425],
  [70, 1.07, 0.21],
  [80, 0.68, 0.19],
];

export function makeScenes() {
  const populations = [...AGES.map(([age]) => `age ${age}`), 'imo-male-30-50'].map((id, k) => ({
    id,
    polygon: rectangle(tidy(30 * k), 0, tidy(30 * k + 30), 50),
    count: 2000,
    profile: id,
  }));
  const width = 30 * populations.length;
  return {
    ages: makeScene('RiMEA 7', rectangle(0, 0, width, 50), {
      exits: [
        {
          id: 'end',
          line: [
            [width, 0],
            [width, 50],
          ],
        },
      ],
      profiles: AGES.map(([age, average, sd]) => ({
        id: `age ${age}`,
        freeSpeed: { distribution: 'normal', mean: average, sd },
      })),
      populations,
      settings: { end: { time: 1 } },
    }),
  };
}
