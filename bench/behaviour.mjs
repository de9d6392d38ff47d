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

/** Runs a fresh world of a scene to its end. */
function runScene(scene, clock) {
  const world = compileScene(scene);
  const run = createRun(world, { sink: { append() {} }, clock });
  const wallStart = performance.now();
  const start = processorTime();
  while (!run.advance(TICKS_PER_SECOND));
  const processor = processorTime() - start;
  const wall = (performance.now() - wallStart) / 1000;
  const phases = run.profile();
  const { result } = run.finish();
  return { processor, wall, phases, simulated: result.endTime, out: result.out, hash: hashState(world) };
}

/** The first run of a scene in this process, `repeats` more without a clock, and as many with the time of their phases, by processor time. */
function timeScene(scene, repeats) {
  const cold = runScene(scene);
  const warm = Array.from({ length: repeats }, () => runScene(scene));
  const watched = Array.from({ length: Math.max(1, repeats) }, () => runScene(scene, () => 1000 * processorTime()));
  const { phases } = watched.reduce((one, other) => (other.processor < one.processor ? other : one));
  const hashes = new Set([cold, ...warm, ...watched].map(({ hash }) => hash));
  if (hashes.size !== 1) throw new Error(`runs of ${scene.name} gave ${hashes.size} states`);
  // looking at the clock costs more than a short phase
  const look = costOfALook();
  return {
    cold,
    warm,
    phases: phases.map((one) => ({ ...one, seconds: Math.max(0, one.seconds - look * one.calls) })),
  };
}

function costOfALook() {
  const start = processorTime();
  for (let k = 0; k < 10_000; k++) processorTime();
  return (processorTime() - start) / 10_000;
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
 * Times each scene: a cold run, warm ones, some with their phases, of which the quickest counts, and one of the same crowd without behaviour.
 * @returns rows: `scene`, `what`, `persons`, `simulated` [s], `processor` and `wall` [s] of the quickest warm run by processor time, `realTime` (simulated seconds per
 *   second of processor), `realTimeWall`, `realTimeCold` (the first run in its process, compiling included, by processor time), `spread` [%], `share` of the time of a
 *   step that behaviour takes with the choice of ways [%], `onTop`: the same less what choosing ways takes in the crowd without [%], `mechanisms` (name, share [%]),
 *   `phases`, `hash`, `rate` [agent-s/s]
 */
export function benchBehaviour({ quick = false, repeats = 3, tell = () => {} } = {}) {
  const scenes = quick
    ? [noticingHalls(600, 5), busyBuilding(300, 5)]
    : [noticingHalls(10_000, 60), busyBuilding(2000, 60)];
  return scenes.map((scene) => {
    const { cold, warm, phases } = timeScene(scene, repeats);
    const best = warm.reduce((one, other) => (other.processor < one.processor ? other : one));
    const total = phases.reduce((sum, { seconds }) => sum + seconds, 0);
    const mechanisms = byMechanism(phases);
    const spent = mechanisms.reduce((sum, { seconds }) => sum + seconds, 0);
    const bare = timeScene(scene.bare, 0);
    const anyway = byMechanism(bare.phases).find(({ name }) => name === 'choice of ways')?.seconds ?? 0;
    const row = {
      scene: scene.name,
      what: scene.what,
      persons: scene.persons,
      simulated: best.simulated,
      processor: best.processor,
      wall: best.wall,
      realTime: best.simulated / best.processor,
      realTimeWall: best.simulated / Math.min(...warm.map(({ wall }) => wall)),
      realTimeCold: cold.simulated / cold.processor,
      spread: 100 * (Math.max(...warm.map(({ processor }) => processor)) / best.processor - 1),
      share: (100 * spent) / total,
      onTop: (100 * (spent - anyway)) / total,
      mechanisms: mechanisms.map(({ name, seconds }) => ({ name, share: (100 * seconds) / total })),
      phases,
      out: best.out,
      rate: (scene.persons * best.simulated) / best.processor,
      hash: best.hash,
    };
    tell(row);
    return row;
  });
}
