import { makeScene, rectangle } from '../lib/scenes.mjs';

const pillars = [14, 28, 42, 56].flatMap((x) => [15, 30, 45].map((y) => rectangle(x - 0.5, y - 0.5, x + 0.5, y + 0.5)));

export function makeScenes() {
  const door = (id, a, b) => ({ id, line: [a, b] });
  const scene = makeScene('ten thousand', rectangle(0, 0, 70, 60), {
    holes: pillars,
    exits: [
      door('south', [20, 0], [21.2, 0]),
      door('east', [70, 40], [70, 41.2]),
      door('north', [50, 60], [48.8, 60]),
      door('west', [0, 20], [0, 18.8]),
    ],
    profiles: [{ id: 'visitor', motivation: { distribution: 'uniform', min: 0, max: 0.5 } }],
    populations: [{ id: 'visitors', count: 10000, profile: 'visitor' }],
    settings: { rates: { record: 1 }, end: { time: 600 } },
  });
  return { scenario: scene };
}
