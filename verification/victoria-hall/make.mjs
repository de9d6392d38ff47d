import { rectangle, tidy } from '../lib/scenes.mjs';

const [LOW, HIGH] = [5.25, 6.75];

function makeHall(name, gap, { state = 'open', end = 300 } = {}) {
  const line = [
    [23.5, LOW],
    [23.5, tidy(LOW + gap)],
  ];
  return {
    crashbar: 1,
    name: `Victoria Hall, ${name}`,
    levels: [
      { id: 'gallery', elevation: 4, outlines: [rectangle(0, 0, 14, 12)] },
      { id: 'landing', elevation: 0, outlines: [rectangle(21, LOW, 23.5, HIGH)] },
    ],
    links: [
      {
        id: 'stair',
        kind: 'stairs',
        from: {
          level: 'gallery',
          line: [
            [14, LOW],
            [14, HIGH],
          ],
        },
        to: {
          level: 'landing',
          line: [
            [21, LOW],
            [21, HIGH],
          ],
        },
      },
    ],
    doors: [{ id: 'door', level: 'landing', line, state, leaf: state === 'open' ? 'none' : 'single', strength: 1e9 }],
    exits: [{ id: 'out', door: 'door' }],
    profiles: [
      {
        id: 'child',
        body: { table: 'children' },
        freeSpeed: { distribution: 'uniform', min: 0.6, max: 1.2 },
        motivation: 0.5,
        patience: 3600,
      },
    ],
    populations: [{ id: 'children', level: 'gallery', count: 500, profile: 'child' }],
    settings: { rates: { record: 1 }, end: { time: end, stalled: 1000 } },
  };
}

export function makeScenes() {
  return {
    ajar: makeHall('bolted ajar', 0.4),
    shut: makeHall('shut', 1.5, { state: 'chained' }),
    free: makeHall('free', 1.5, { end: 600 }),
  };
}
