// Speed of the engine alone in open halls, one thread, with a hash of what was computed.
import { openHall } from './scenes.mjs';
import { bestOf, rateOf, timeRun } from './time-run.mjs';

/** Simulated seconds before the clock counts: the crowd is under way and the code compiled [s]. */
const WARM_UP = 5;

const QUICK = [
  [500, 1, 10],
  [2000, 1, 5],
];
const FULL = [
  [1000, 1, 20],
  [10_000, 1, 10],
];
const LARGE = [[100_000, 2, 5]];

/**
 * Times the halls, one after the other, `repeats` warm repeats each in this process, and hands every row to `tell`.
 * @returns rows: `scene`, `what`, agent-seconds per second `rate` (best repeat), `spread` [%], `realTime` (simulated seconds
 *   per second), `bytesPerPerson`, `setup` [s], `hash`
 */
export function benchHalls({ quick = false, large = false, repeats = 3, tell = () => {} } = {}) {
  const halls = quick ? QUICK : large ? [...FULL, ...LARGE] : FULL;
  return halls.map(([count, density, seconds]) => {
    const scene = openHall(count, density, WARM_UP + seconds);
    const runs = Array.from({ length: repeats }, () => timeRun(scene));
    const { rate, spread, hash } = bestOf(runs, (run) => rateOf(run, WARM_UP));
    const agentSeconds = runs[0].slices.slice(WARM_UP).reduce((sum, [simulated]) => sum + simulated, 0);
    const row = {
      scene: scene.name,
      what: scene.what,
      rate,
      spread,
      realTime: (rate * seconds) / agentSeconds,
      bytesPerPerson: runs[0].bytesPerPerson,
      setup: Math.min(...runs.map(({ setup }) => setup)),
      hash,
    };
    tell(row);
    return row;
  });
}
