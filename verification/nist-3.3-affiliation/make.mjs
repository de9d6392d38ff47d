import { makeScene, rectangle } from '../lib/scenes.mjs';

function makeRoom(name, familiar) {
  return makeScene(name, rectangle(0, 0, 15, 10), {
    exits: [
      {
        id: 'exit 1',
        line: [
          [0, 4.5],
          [0, 5.5],
        ],
      },
      {
        id: 'exit 2',
        line: [
          [15, 4.5],
          [15, 5.5],
        ],
      },
    ],
    populations: [{ id: 'occupant', position: [7.5, 5], familiar }],
    behaviour: { choice: {} },
    settings: { end: { time: 60 } },
  });
}

export const makeScenes = () => ({ familiar: makeRoom('familiar', ['exit 1']), neither: makeRoom('neither', []) });
