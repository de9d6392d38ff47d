import { makeScene, rectangle } from '../lib/scenes.mjs';

const door = (id, x) => ({
  id,
  line: [
    [x, 20],
    [x + 1, 20],
  ],
});

function makeHall(name, behaviour) {
  return makeScene(name, rectangle(0, 0, 30, 20), {
    exits: [door('near', 20), door('far', 27)],
    populations: [{ id: 'visitors', polygon: rectangle(2, 2, 17.7, 18), count: 1000 }],
    settings: { rates: { record: 1 }, end: { time: 1500 } },
    ...behaviour,
  });
}

export const makeScenes = () => ({
  scenario: makeHall('RiMEA 11', {}),
  weighed: makeHall('RiMEA 11, exits weighed', { behaviour: { choice: {} } }),
});
