import { adult, makeScene, rectangle } from '../lib/scenes.mjs';

function makeGate(motivation) {
  const outline = [
    [-2.8, 0],
    [-0.4, 0],
    [-0.25, -0.15],
    [-0.25, -1.1],
    [-3.5, -1.1],
    [-3.5, -2],
    [3.5, -2],
    [3.5, -1.1],
    [0.25, -1.1],
    [0.25, -0.15],
    [0.4, 0],
    [2.8, 0],
    [2.8, 6.7],
    [-2.8, 6.7],
  ];
  return makeScene('CrowdQueue 040_c_56_h-', outline, {
    exits: [
      {
        id: 'behind the gate',
        line: [
          [-3.5, -2],
          [3.5, -2],
        ],
      },
    ],
    profiles: [adult({ motivation })],
    populations: [{ id: 'students', polygon: rectangle(-2.6, 0.1, 2.3, 6), count: 75, profile: 'adult' }],
    settings: { end: { time: 300 } },
  });
}

export function makeScenes() {
  return { hurried: makeGate(0.5), calm: makeGate(0) };
}
