import { makeScene, rectangle } from '../lib/scenes.mjs';

/** The door lies in the wall x = 6, its line upwards: the room is to its left. */
function makeRoom(name, swing, count, motivation, time) {
  return makeScene(`inward door, ${name}`, rectangle(0, 0, 6, 6), {
    doors: [
      {
        id: 'door',
        level: 'ground',
        line: [
          [6, 2.5],
          [6, 3.5],
        ],
        state: 'closed',
        swing,
        pull: 500,
      },
    ],
    exits: [{ id: 'out', door: 'door' }],
    profiles: [{ id: 'person', motivation }],
    populations: [{ id: 'persons', polygon: rectangle(count > 10 ? 1 : 3, 1, 5.5, 5), count, profile: 'person' }],
    settings: { end: { time } },
  });
}

export const makeScenes = () => ({
  outward: makeRoom('outward', 'right', 60, 1, 120),
  inward: makeRoom('inward', 'left', 60, 1, 60),
  calm: makeRoom('calm', 'left', 3, 0, 120),
});
