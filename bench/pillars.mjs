// What an agent-second costs in one hall with more and more pillars, in one process and by turns. One thread.
import { hashState } from '../dist/index.js';
import { pillarHall } from './scenes.mjs';
import { startRun } from './time-run.mjs';

const TICKS_PER_SECOND = 10;
/** Columns and rows of pillars. */
const LATTICES = [
  [0, 0],
  [4, 4],
  [9, 10],
  [19, 20],
];
/** Nearly all are still there [s]. */
const FIRST_SECONDS = 10;
/** So many copies of every hall are simulated: turns that are too short measure the clock. */
const COPIES = 4;

/**
 * Steps halls of 1 000 persons at 0.5 /m² until all are out, a simulated second of each in turn, so that other work on the machine slows
 * all alike. Each repeat is made of fresh worlds; one before them, in which the code is still compiled, does not count.
 * @returns rows: `scene`, `what`, `pillars`, agent-seconds per second `rate` to the end (best repeat), `spread` [%], and cost of an agent-second
 *   over the hall without pillars (median over the repeats): `cost` to the end, `costMin`, `costMax`, `first` of the first 10 s, `firstMin`,
 *   `firstMax`; `hash`
 */
export function benchPillars({ quick = false, repeats = 3, tell = () => {} } = {}) {
  const scenes = LATTICES.map(([columns, rows]) => pillarHall(columns, rows, quick ? { count: 200, seconds: 20 } : {}));
  const hashes = scenes.map(() => new Set());
  const repeatsTimed = [];
  for (let repeat = -1; repeat < repeats; repeat++) {
    const slices = stepByTurns(scenes, quick ? 1 : COPIES, hashes);
    if (repeat < 0) continue;
    repeatsTimed.push(slices);
    tell({ what: `repeat ${repeat + 1}` });
  }
  return scenes.map((scene, k) => {
    if (hashes[k].size !== 1) throw new Error(`${scene.name} gave ${hashes[k].size} states`);
    const costs = repeatsTimed.map((slices) => costOf(slices[k]));
    const over = (to) =>
      repeatsTimed.map((slices) => costOf(slices[k], to) / costOf(slices[0], to)).sort((a, b) => a - b);
    const [all, first] = [over(), over(FIRST_SECONDS)];
    return {
      scene: `${scene.name}-by-turns`,
      what: scene.what,
      pillars: LATTICES[k][0] * LATTICES[k][1],
      persons: scene.scenario.populations[0].count,
      rate: 1 / Math.min(...costs),
      spread: 100 * (Math.max(...costs) / Math.min(...costs) - 1),
      cost: all[all.length >> 1],
      costMin: all[0],
      costMax: all[all.length - 1],
      first: first[first.length >> 1],
      firstMin: first[0],
      firstMax: first[first.length - 1],
      hash: [...hashes[k]][0],
    };
  });
}

/** Of each scene rows of agent-seconds and seconds that they took, one a simulated second. */
function stepByTurns(scenes, copies, hashes) {
  const groups = scenes.map((scene) => Array.from({ length: copies }, () => ({ ...startRun(scene), isDone: false })));
  const slices = scenes.map(() => []);
  for (let second = 0; groups.some((group) => group.some(({ isDone }) => !isDone)); second++) {
    for (let turn = 0; turn < scenes.length; turn++) {
      // there and back, so that nobody is always first
      const k = second % 2 === 0 ? turn : scenes.length - 1 - turn;
      const slice = [0, 0];
      for (const one of groups[k]) {
        for (let tick = 0; tick < TICKS_PER_SECOND && !one.isDone; tick++) {
          const { persons, out } = one.run.progress();
          slice[0] += (persons - out) / TICKS_PER_SECOND;
          const before = performance.now();
          one.isDone = one.run.advance(1);
          slice[1] += (performance.now() - before) / 1000;
        }
      }
      if (slice[0] > 0) slices[k].push(slice);
    }
  }
  groups.forEach((group, k) => {
    for (const { run, world } of group) {
      run.finish();
      hashes[k].add(hashState(world));
    }
  });
  return slices;
}

/** Seconds for an agent-second, of the first `to` simulated seconds. */
function costOf(slices, to = slices.length) {
  const sum = (column) => slices.slice(0, to).reduce((all, slice) => all + slice[column], 0);
  return sum(1) / sum(0);
}
