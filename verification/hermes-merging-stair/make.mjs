import { rectangle, tidy } from '../lib/scenes.mjs';

function makeStair(stair, door) {
  const lineAt = (x) => [
    [x, 0],
    [x, stair],
  ];
  const above = tidy(-150 / 3 / stair);
  const [low, high] = [tidy(6.2 - door / 2), tidy(6.2 + door / 2)];
  const landing = [
    [5, 0],
    [7.4, 0],
    [7.4, stair],
    [high, stair],
    [high, stair + 0.1],
    [11.2, stair + 0.1],
    [11.2, stair + 5.1],
    [1.2, stair + 5.1],
    [1.2, stair + 0.1],
    [low, stair + 0.1],
    [low, stair],
    [5, stair],
  ].filter(([x, y], k, all) => k === 0 || x !== all[k - 1][0] || y !== all[k - 1][1]);
  return {
    crashbar: 1,
    name: `HERMES TZ, stair ${stair} m, door ${door} m`,
    levels: [
      { id: 'above', elevation: 6, outlines: [rectangle(above, 0, 0, stair)] },
      { id: 'landing', elevation: 3, outlines: [landing.map(([x, y]) => [x, tidy(y)])] },
      { id: 'foot', elevation: 0, outlines: [rectangle(12.4, 0, 14.4, stair)] },
    ],
    links: [
      {
        id: 'upper flight',
        kind: 'stairs',
        from: { level: 'above', line: lineAt(0) },
        to: { level: 'landing', line: lineAt(5) },
      },
      {
        id: 'lower flight',
        kind: 'stairs',
        from: { level: 'landing', line: lineAt(7.4) },
        to: { level: 'foot', line: lineAt(12.4) },
      },
    ],
    exits: [{ id: 'end', level: 'foot', line: lineAt(14.4) }],
    populations: [
      { id: 'stair', level: 'above', count: 150 },
      {
        id: 'storey',
        level: 'landing',
        polygon: rectangle(1.2, tidy(stair + 0.1), 11.2, tidy(stair + 5.1)),
        count: 150,
      },
    ],
    settings: { rates: { record: 1 }, end: { time: 900 } },
  };
}

export function makeScenes() {
  return {
    'stair 2.4, door 2.4 m': makeStair(2.4, 2.4),
    'stair 2.4, door 1.2 m': makeStair(2.4, 1.2),
    'stair 1.2, door 2.4 m': makeStair(1.2, 2.4),
    'stair 0.9, door 0.9 m': makeStair(0.9, 0.9),
  };
}
