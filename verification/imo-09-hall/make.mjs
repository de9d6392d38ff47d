import { makeScene, rectangle } from '../lib/scenes.mjs';

const door = (x, y) => ({
  id: `door ${x} ${y}`,
  line: [
    [x, y],
    [x + 1, y],
  ],
});
const hall = (exits) =>
  makeScene('IMO 9', rectangle(0, 0, 30, 20), {
    exits,
    populations: [{ id: 'men', count: 1000, profile: 'imo-male-30-50' }],
    settings: { rates: { record: 1 }, end: { time: 1500 } },
  });

export function makeScenes() {
  const north = [door(4, 20), door(25, 20)];
  const south = [door(4, 0), door(25, 0)];
  return { 'two exits': hall(south), 'four exits': hall([...north, ...south]) };
}
