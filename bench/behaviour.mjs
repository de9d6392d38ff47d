// What behaviour costs: the same crowd with and without it, and a building in which every mechanism is at work. One thread.
import { createRun, hashState } from '../dist/index.js';
import { busyBuilding, noticingHalls } from './behaviour-scenes.mjs';
import { compileScene } from './time-run.mjs';

const TICKS_PER_SECOND = 10;

/** What each phase of a step is put down to; phases that are not here move bodies and record. */
const MECHANISMS = {
  hear: 'hearing',
  signs: 'signs',
  word: 'word',
  words: 'word',
  contagion: 'contagion',
  feel: 'inner',
  follow: 'following',
  choose: 'choice of ways',
  flows: 'choice of ways',
  roles: 'roles',
  actors: 'roles',
  closers: 'closers',
  drops: 'drops',
  groups: 'groups',
  start: 'starting',
};

/** Time this process has had on the processor, other work on the machine left out [s]. */
function processorTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Runs a scene to its end, once for the compiler and `repeats` times for the clock, each time a fresh world. */
function timeScene(scene, repeats) {
  const runs = [];
  for (let repeat = 0; repeat <= repeats; repeat++) {
    const world = compileScene(scene);
    const run = createRun(world, { sink: { append() {} }, clock: () => 1000 * processorTime() });
    const wallStart = performance.now();
    const start = processorTime();
    while (!run.advance(TICKS_PER_SECOND));
    const processor = processorTime() - start;
    const wall = (performance.now() - wallStart) / 1000;
    const phases = run.profile();
    const { result } = run.finish();
    if (repeat === 0 && repeats > 0) continue;
    runs.push({ processor, wall, phases, simulated: result.endTime, out: result.out, hash: hashState(world) });
  }
  const hashes = new Set(runs.map(({ hash }) => hash));
  if (hashes.size !== 1) throw new Error(`${runs.length} runs of ${scene.name} gave ${hashes.size} states`);
  return runs.sort((one, other) => one.processor - other.processor);
}

/** Seconds by mechanism of a run's phases, greatest first. */
function byMechanism(phases) {
  const sums = new Map();
  for (const { phase, seconds } of phases) {
    const name = MECHANISMS[phase];
    if (name !== undefined) sums.set(name, (sums.get(name) ?? 0) + seconds);
  }
  return [...sums].map(([name, seconds]) => ({ name, seconds })).sort((one, other) => other.seconds - one.seconds);
}

/**
 * Times each scene with its behaviour and without (`bare`, where the scene has one), by turns of whole runs.
 * @returns rows: `scene`, `what`, `persons`, `simulated` [s], `processor` and `wall` [s] of the best repeat by processor time, `realTime` and
 *   `realTimeWall` (simulated seconds per second of each), `spread` [%], `share` of the time of a step that behaviour takes with the choice of ways [%],
 *   `onTop`: the same less what choosing ways takes in the crowd without [%], `mechanisms` (name, share [%]), `phases`, `hash`, `rate` [agent-s/s]
 */
export function benchBehaviour({ quick = false, repeats = 3, tell = () => {} } = {}) {
  const scenes = quick
    ? [noticingHalls(600, 5), busyBuilding(300, 5)]
    : [noticingHalls(10_000, 60), busyBuilding(2000, 60)];
  return scenes.map((scene) => {
    const [best, ...others] = timeScene(scene, repeats);
    const total = best.phases.reduce((sum, { seconds }) => sum + seconds, 0);
    const mechanisms = byMechanism(best.phases);
    const spent = mechanisms.reduce((sum, { seconds }) => sum + seconds, 0);
    const bare = timeScene(scene.bare, Math.min(repeats, 1))[0];
    const anyway = byMechanism(bare.phases).find(({ name }) => name === 'choice of ways')?.seconds ?? 0;
    const row = {
      scene: scene.name,
      what: scene.what,
      persons: scene.persons,
      simulated: best.simulated,
      processor: best.processor,
      wall: best.wall,
      realTime: best.simulated / best.processor,
      realTimeWall: best.simulated / Math.min(best.wall, ...others.map(({ wall }) => wall)),
      spread: 100 * (Math.max(best.processor, ...others.map(({ processor }) => processor)) / best.processor - 1),
      share: (100 * spent) / total,
      onTop: (100 * (spent - anyway)) / total,
      mechanisms: mechanisms.map(({ name, seconds }) => ({ name, share: (100 * seconds) / total })),
      phases: best.phases,
      out: best.out,
      rate: (scene.persons * best.simulated) / best.processor,
      hash: best.hash,
    };
    tell(row);
    return row;
  });
}
