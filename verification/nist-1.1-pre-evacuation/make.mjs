import { makeScene, rectangle } from '../lib/scenes.mjs';

const LAWS = {
  uniform: { distribution: 'uniform', min: 10, max: 100 },
  lognormal: { distribution: 'lognormal', median: 98.1, sigma: 0.967 },
  weibull: { distribution: 'weibull', scale: 139.285, shape: 1.195 },
  gamma: { distribution: 'gamma', shape: 1.291, scale: 103.901 },
};

export function makeScenes() {
  return Object.fromEntries(
    Object.entries(LAWS).map(([name, preMovement]) => [
      name,
      makeScene(`NIST 1.1, ${name}`, rectangle(0, 0, 40, 25), {
        exits: [
          {
            id: 'out',
            line: [
              [40, 10],
              [40, 11],
            ],
          },
        ],
        profiles: [{ id: 'person', preMovement }],
        populations: [{ id: 'all', count: 1000, profile: 'person' }],
      }),
    ]),
  );
}
