// What an agent-second costs in crowds of 1 000 to 100 000 persons at one density, in one process and by turns. One thread.
import { hashState } from '../dist/index.js';
import { front } from './scenes.mjs';
import { startRun } from './time-run.mjs';

const TICKS_PER_SECOND = 10;
const DENSITY = 1;
/** Simulated seconds before the clock counts, and those that are timed [s]: the same phase of every crowd. */
const WARM_UP = 5;
const SECONDS = 5;
/** So many persons are simulated of every size, in several copies where one has fewer: turns that are too short measure the clock. */
const PERSONS_TIMED = 20_000;

const COUNTS = [1000, 3000, 10_000, 30_000, 100_000];
const QUICK = [500, 2000];

/**
 * Steps crowds of all sizes, a simulated second of each in turn, so that other work on the machine slows all alike. Each repeat is made of
 * fresh worlds.
 * @returns rows: `scene`, `what`, `persons`, `copies`, agent-seconds per second `rate` (best repeat), `spread` [%], `rise` of the cost of
 *   an agent-second over the first row's [%] (median over the repeats), `riseMin`, `riseMax`, `hash`
 */
export function benchScale({ quick = false, repeats = 3, tell = () => {} } = {}) {
  const counts = quick ? QUICK : COUNTS;
  const scenes = counts.map((count) => front(count, DENSITY, WARM_UP + SECONDS));
  const copies = counts.map((count) => Math.ceil((quick ? 2000 : PERSONS_TIMED) / count));
  const hashes = counts.map(() => new Set());
  const costs = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const groups = scenes.map((scene, k) => Array.from({ length: copies[k] }, () => startRun(scene)));
    for (let second = 0; second < WARM_UP; second++) for (const { run } of groups.flat()) run.advance(TICKS_PER_SECOND);
    const agentSeconds = counts.map(() => 0);
    const took = counts.map(() => 0);
    for (let second = 0; second < SECONDS; second++) {
      // there and back, so that nobody is always first
      for (let turn = 0; turn < counts.length; turn++) {
        const k = second % 2 === 0 ? turn : counts.length - 1 - turn;
        for (const { run } of groups[k]) {
          const { persons, out } = run.progress();
          const before = performance.now();
          run.advance(TICKS_PER_SECOND);
          took[k] += (performance.now() - before) / 1000;
          agentSeconds[k] += persons - out;
        }
      }
    }
    groups.forEach((group, k) => {
      for (const { run, world } of group) {
        hashes[k].add(hashState(world));
        run.finish();
      }
    });
    costs.push(took.map((time, k) => time / agentSeconds[k]));
    tell({ what: `repeat ${repeat + 1}` });
  }
  return counts.map((persons, k) => {
    if (hashes[k].size !== 1) throw new Error(`${persons} persons gave ${hashes[k].size} states`);
    const own = costs.map((cost) => cost[k]);
    const rises = costs.map((cost) => 100 * (cost[k] / cost[0] - 1)).sort((a, b) => a - b);
    return {
      scene: scenes[k].name,
      what: scenes[k].what,
      persons,
      copies: copies[k],
      rate: 1 / Math.min(...own),
      spread: 100 * (Math.max(...own) / Math.min(...own) - 1),
      rise: rises[rises.length >> 1],
      riseMin: rises[0],
      riseMax: rises[rises.length - 1],
      hash: [...hashes[k]][0],
    };
  });
}
