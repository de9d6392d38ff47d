import { adult, makeBottleneck } from '../lib/scenes.mjs';

/** Widths of the passage [m]. */
const WIDTHS = [0.8, 1, 1.2, 1.6];

export function makeScenes() {
  return Object.fromEntries(
    WIDTHS.map((width) => {
      const persons = Math.ceil(115 * width);
      return [`${width.toFixed(1)} m`, makeBottleneck({ width, length: 1, persons, profile: adult() })];
    }),
  );
}
