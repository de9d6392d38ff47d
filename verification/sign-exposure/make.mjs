import { makeScene, rectangle } from '../lib/scenes.mjs';

function makeHall(name, sign, walls = []) {
  return makeScene(name, rectangle(0, 0, 40, 30), {
    walls,
    exits: [
      {
        id: 'way in',
        line: [
          [40, 1],
          [40, 3],
        ],
      },
      {
        id: 'exit',
        line: [
          [0, 14],
          [0, 16],
        ],
      },
    ],
    signs: [{ id: 'sign', level: 'ground', position: [0.1, 15], facing: 0, exit: 'exit', size: 0.2, ...sign }],
    populations: [{ id: 'guests', polygon: rectangle(15, 9, 30, 21), count: 400, knows: ['way in'], waits: true }],
    events: [{ at: 5.5, do: 'alert' }],
    behaviour: { signs: {} },
    settings: { rates: { record: 1 }, end: { time: 5.5 } },
  });
}

export function makeScenes() {
  const wall = {
    path: [
      [12, 0],
      [12, 26],
    ],
  };
  return {
    static: makeHall('static sign', {}),
    dynamic: makeHall('dynamic sign', { dynamic: true }),
    'behind a wall': makeHall('sign behind a wall', { dynamic: true }, [wall]),
  };
}
