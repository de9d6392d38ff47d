import { rectangle } from '../lib/scenes.mjs';

/** The way round on the level goes `depth` [m] away from the rooms and back: √(4 + (2 + depth)²) + 14 + √(4 + depth²) + 1 metres. */
function makeChoice(depth) {
  const round = [
    [0, 0],
    [1, 0],
    [1, -depth - 2],
    [19, -depth - 2],
    [19, 0],
    [20, 0],
    [20, 4],
    [16, 4],
    [16, 0],
    [17, 0],
    [17, -depth],
    [3, -depth],
    [3, 0],
    [4, 0],
    [4, 4],
    [0, 4],
  ];
  const lineAt = (x) => [
    [x, 1],
    [x, 3],
  ];
  return {
    crashbar: 1,
    name: `RiMEA 14, ${depth} m`,
    levels: [
      { id: 'ground', elevation: 0, outlines: [round] },
      { id: 'upper', elevation: 3, outlines: [rectangle(9, 1, 11, 3)] },
    ],
    links: [
      { id: 'up', kind: 'stairs', from: { level: 'ground', line: lineAt(4) }, to: { level: 'upper', line: lineAt(9) } },
      {
        id: 'down',
        kind: 'stairs',
        from: { level: 'upper', line: lineAt(11) },
        to: { level: 'ground', line: lineAt(16) },
      },
    ],
    exits: [
      {
        id: 'end',
        level: 'ground',
        line: [
          [20, 0],
          [20, 4],
        ],
      },
    ],
    populations: [{ id: 'ten', level: 'ground', polygon: rectangle(0.3, 1, 1.7, 3), count: 10 }],
    settings: { end: { time: 200 } },
  };
}

export function makeScenes() {
  return { 'level way cheaper': makeChoice(3), 'stairs cheaper': makeChoice(8) };
}
