import { makeScene, rectangle } from '../lib/scenes.mjs';

export function makeScenes() {
  const scene = makeScene('column', rectangle(-26, 0, 0, 4), {
    doors: [
      {
        id: 'door',
        level: 'ground',
        line: [
          [0, 0],
          [0, 4],
        ],
        state: 'chained',
        strength: 1e9,
      },
    ],
    exits: [{ id: 'out', door: 'door' }],
    profiles: [{ id: 'desperate', motivation: 1, patience: 1e6, susceptibility: 20 }],
    populations: [{ id: 'column', polygon: rectangle(-26, 0, 0, 4), count: 500, profile: 'desperate' }],
    settings: { rates: { record: 2 }, end: { time: 60, stalled: 1000 } },
  });
  return { scenario: scene };
}
