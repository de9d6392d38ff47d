import { makeScene, rectangle } from '../lib/scenes.mjs';

const doorAt = (id, x) => ({
  id: `${id} door`,
  level: 'ground',
  leaf: 'double',
  state: 'closed',
  line: [
    [x, 8.5],
    [x, 11.5],
  ],
});

function makeHall(name, left, right, behaviour) {
  const informed = (exit, count) =>
    count === 0 ? [] : [{ id: `knows ${exit}`, polygon: rectangle(13, 6, 17, 14), count, knows: [exit] }];
  return makeScene(name, rectangle(0, 0, 30, 20), {
    doors: [doorAt('left', 0), doorAt('right', 30)],
    exits: [
      { id: 'left', door: 'left door' },
      { id: 'right', door: 'right door' },
    ],
    populations: [
      { id: 'crowd', polygon: rectangle(9, 3, 21, 17), count: 200 - left - right, knows: [] },
      ...informed('left', left),
      ...informed('right', right),
    ],
    behaviour,
    settings: { rates: { record: 1 }, end: { time: 300 } },
  });
}

export function makeScenes() {
  const following = { knowledge: {}, following: {} };
  return {
    'ten know': makeHall('ten know', 10, 0, following),
    'ten against five': makeHall('ten against five', 10, 5, following),
    'nobody follows': makeHall('nobody follows', 10, 0, { knowledge: {} }),
  };
}
