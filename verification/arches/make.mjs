import { adult, makeBottleneck } from '../lib/scenes.mjs';

const MOTIVATIONS = { calm: 0, hurried: 0.5, desperate: 1 };
/** Name, width and length of the opening [m]. */
const OPENINGS = [
  ['door 0.8 m', 0.8, 0],
  ['door 1.0 m', 1, 0],
  ['door 1.2 m', 1.2, 0],
  ['passage 0.8 m', 0.8, 1],
  ['passage 1.0 m', 1, 1],
];

export function makeScenes() {
  const scenes = {};
  for (const [mode, motivation] of Object.entries(MOTIVATIONS)) {
    for (const [name, width, length] of OPENINGS) {
      const settings = { rates: { record: 2 } };
      scenes[`${mode}, ${name}`] = makeBottleneck({
        width,
        length,
        persons: 120,
        profile: adult({ motivation, patience: 3600 }),
        settings,
      });
    }
  }
  return scenes;
}
