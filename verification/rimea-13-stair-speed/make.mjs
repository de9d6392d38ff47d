import { rectangle, tidy } from '../lib/scenes.mjs';

function makeStair(direction, width) {
  const [low, high] = [tidy(5 - width / 2), tidy(5 + width / 2)];
  const room = [
    [0, 0],
    [10, 0],
    [10, low],
    [10.2, low],
    [10.2, 4],
    [12.2, 4],
    [12.2, 6],
    [10.2, 6],
    [10.2, high],
    [10, high],
    [10, 10],
    [0, 10],
  ];
  return {
    crashbar: 1,
    name: `RiMEA 13, ${direction}, ${width} m`,
    levels: [
      { id: 'room', elevation: direction === 'up' ? 0 : 3, outlines: [room] },
      { id: 'end', elevation: direction === 'up' ? 3 : 0, outlines: [rectangle(17.2, 4, 20.2, 6)] },
    ],
    links: [
      {
        id: 'stair',
        kind: 'stairs',
        from: {
          level: 'room',
          line: [
            [12.2, 4],
            [12.2, 6],
          ],
        },
        to: {
          level: 'end',
          line: [
            [17.2, 4],
            [17.2, 6],
          ],
        },
      },
    ],
    exits: [
      {
        id: 'end',
        level: 'end',
        line: [
          [20.2, 4],
          [20.2, 6],
        ],
      },
    ],
    populations: [{ id: 'crowd', level: 'room', polygon: rectangle(0, 0, 8, 10), count: 100 }],
    settings: { rates: { record: 2 }, end: { time: 600 } },
  };
}

export function makeScenes() {
  return Object.fromEntries(
    ['up', 'down'].flatMap((direction) =>
      [0.8, 1.2, 1.8].map((width) => [`${direction}, ${width.toFixed(1)} m`, makeStair(direction, width)]),
    ),
  );
}
