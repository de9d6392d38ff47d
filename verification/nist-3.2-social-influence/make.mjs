import { makeScene, rectangle } from '../lib/scenes.mjs';

function makeRoom(name, herd) {
  return makeScene(name, rectangle(0, 0, 15, 10), {
    exits: [
      {
        id: 'exit 1',
        line: [
          [0, 4],
          [0, 6],
        ],
      },
      {
        id: 'exit 2',
        line: [
          [15, 4],
          [15, 6],
        ],
      },
    ],
    profiles: [{ id: 'later', preMovement: 1 }],
    populations: [
      { id: 'leaders', polygon: rectangle(6.5, 2, 8.5, 8), count: 10, knows: ['exit 1'] },
      { id: 'undecided', polygon: rectangle(6.5, 2, 8.5, 8), count: 10, profile: 'later' },
    ],
    behaviour: { choice: { wait: 0, herd } },
    settings: { end: { time: 60 } },
  });
}

export const makeScenes = () => ({ influenced: makeRoom('influenced', 5), alone: makeRoom('alone', 0) });
