import { adult, makeBottleneck } from '../lib/scenes.mjs';

const door = (width, motivation) => makeBottleneck({ width, length: 0, persons: 200, profile: adult({ motivation }) });

export function makeScenes() {
  return {
    'hurried 0.8 m': door(0.8, 0.5),
    'hurried 1.0 m': door(1, 0.5),
    'hurried 1.2 m': door(1.2, 0.5),
    'desperate 1.0 m': door(1, 1),
  };
}
