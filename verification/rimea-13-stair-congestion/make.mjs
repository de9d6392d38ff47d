import { rectangle } from '../lib/scenes.mjs';

export function makeScenes() {
  const corridor = [
    [0, 0],
    [8, 0],
    [8, 1.5],
    [20, 1.5],
    [20, 3.5],
    [8, 3.5],
    [8, 5],
    [0, 5],
  ];
  const scene = {
    crashbar: 1,
    name: 'RiMEA 13',
    levels: [
      { id: 'lower', elevation: 0, outlines: [corridor] },
      { id: 'upper', elevation: 3, outlines: [rectangle(25.2, 1.5, 26.2, 3.5)] },
    ],
    links: [
      {
        id: 'stair',
        kind: 'stairs',
        from: {
          level: 'lower',
          line: [
            [20, 1.5],
            [20, 3.5],
          ],
        },
        to: {
          level: 'upper',
          line: [
            [25.2, 1.5],
            [25.2, 3.5],
          ],
        },
      },
    ],
    exits: [
      {
        id: 'end',
        level: 'upper',
        line: [
          [26.2, 1.5],
          [26.2, 3.5],
        ],
      },
    ],
    populations: [{ id: 'crowd', level: 'lower', polygon: rectangle(0, 0, 8, 5), count: 150 }],
    settings: { end: { time: 600 } },
  };
  return { scenario: scene };
}
