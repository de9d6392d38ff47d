import { makeScene, rectangle } from '../lib/scenes.mjs';

const door = (x, y) => ({
  id: `door ${x} ${y}`,
  line: [
    [x, y],
    [x + 1, y],
  ],
});
const hall = (exits) =>
  makeScene('RiMEA 9', rectangle(0, 0, 30, 20), {
    exits,
    populations: [{ id: 'visitors', polygon: rectangle(2, 2, 28, 18), count: 1000 }],
    settings: { rates: { record: 1 }, end: { time: 1500 } },
  });

export function makeScenes() {
  const north = [door(4, 20), door(25, 20)];
  const south = [door(4, 0), door(25, 0)];
  return { 'two doors': hall(north), 'four doors': hall([...north, ...south]) };
}
