import { adult, makeBottleneck } from '../lib/scenes.mjs';

const door = (motivation, move) =>
  makeBottleneck({
    width: 1,
    length: 0,
    persons: 150,
    profile: adult({ motivation }),
    settings: { rates: { move, record: 1 } },
  });

export function makeScenes() {
  return Object.fromEntries(
    [
      ['calm', 0],
      ['hurried', 0.5],
      ['desperate', 1],
    ].flatMap(([name, motivation]) => [60, 120].map((move) => [`${name} at ${move}`, door(motivation, move)])),
  );
}
