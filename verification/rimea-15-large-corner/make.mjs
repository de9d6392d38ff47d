import { makeScene, rectangle } from '../lib/scenes.mjs';

function makeRun(name, outline, line) {
  return makeScene(name, outline, {
    exits: [{ id: 'end', line }],
    populations: [{ id: 'crowd', polygon: rectangle(0, 0, 6, 20), count: 500 }],
    settings: { rates: { record: 1 }, end: { time: 400 } },
  });
}

const straight = (length) =>
  makeRun(`straight ${length} m`, rectangle(0, 0, length, 20), [
    [length, 0],
    [length, 20],
  ]);

export function makeScenes() {
  const corner = [
    [0, 0],
    [34, 0],
    [34, 50],
    [14, 50],
    [14, 20],
    [0, 20],
  ];
  return {
    'straight 44 m': straight(44),
    corner: makeRun('corner', corner, [
      [34, 50],
      [14, 50],
    ]),
    'straight 75.4 m': straight(75.4),
  };
}
