import { makeScene, rectangle } from '../lib/scenes.mjs';

/** Rooms of 10 × 10 m in a row, with passages 1 m wide and `length` long between them. */
function roomsInRow(count, length) {
  const low = [];
  const high = [];
  for (let k = 0; k < count; k++) {
    const [x0, x1] = [k * (10 + length), k * (10 + length) + 10];
    if (k > 0) {
      low.push([x0, 4.5]);
      high.push([x0, 5.5]);
    }
    low.push([x0, 0], [x1, 0]);
    high.push([x0, 10], [x1, 10]);
    if (k < count - 1) {
      low.push([x1, 4.5]);
      high.push([x1, 5.5]);
    }
  }
  return [...low, ...high.reverse()];
}

function makeRooms(name, count, length, exit) {
  const end = count * 10 + (count - 1) * length;
  return makeScene(name, roomsInRow(count, length), {
    exits: [
      {
        id: 'exit',
        line: [
          [end, exit[0]],
          [end, exit[1]],
        ],
      },
    ],
    populations: [{ id: 'crowd', polygon: rectangle(0, 0, 5, 10), count: 150 }],
    settings: { end: { time: 600 } },
  });
}

export function makeScenes() {
  return { 12: makeRooms('RiMEA 12', 2, 5, [4.5, 5.5]), '12c': makeRooms('RiMEA 12c', 3, 0.2, [0, 10]) };
}
