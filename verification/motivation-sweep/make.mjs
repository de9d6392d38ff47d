import { adult, makeBottleneck } from '../lib/scenes.mjs';

/** Motivations of the scenes. */
const MOTIVATIONS = [0, 0.25, 0.5, 0.75, 1];

export function makeScenes() {
  return Object.fromEntries(
    MOTIVATIONS.map((motivation) => [
      `motivation ${motivation}`,
      makeBottleneck({
        width: 1,
        length: 0,
        persons: 150,
        profile: adult({ motivation }),
        settings: { rates: { record: 2 } },
      }),
    ]),
  );
}
