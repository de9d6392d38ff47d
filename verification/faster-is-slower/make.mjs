import { adult, makeBottleneck } from '../lib/scenes.mjs';

const door = (motivation) =>
  makeBottleneck({
    width: 0.7,
    length: 0,
    persons: 90,
    profile: adult({ motivation }),
    settings: { rates: { record: 2 } },
  });

export function makeScenes() {
  return { desperate: door(1), hurried: door(0.5), calm: door(0) };
}
