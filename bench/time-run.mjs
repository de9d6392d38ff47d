// Times runs of the built engine. Only the stepping is timed: neither the set-up nor what the bench looks at in between.
import { setFlagsFromString } from 'node:v8';
import { compileWorld, createRun, hashState, loadScenario } from '../dist/index.js';

// As bin/crashbar.mjs does.
setFlagsFromString('--no-liftoff');

const TICKS_PER_SECOND = 10;

/** Compiles a scene's scenario; the scene is ours, so an issue is a fault of the bench. */
export function compileScene({ scenario }) {
  const loaded = loadScenario(JSON.stringify(scenario));
  if (loaded.scenario === undefined) throw new Error(JSON.stringify(loaded.issues));
  const { world, issues } = compileWorld(loaded.scenario);
  if (world === undefined || issues.length > 0) throw new Error(JSON.stringify(issues));
  return world;
}

/** A fresh run of a scene, recorded nowhere, and its world. */
export function startRun(scene) {
  const world = compileScene(scene);
  return { world, run: createRun(world, { sink: { append() {} } }) };
}

/** Places [m] in the plan and free speeds [m/s] of all persons: rows [x, y, speed]. */
export function personsOf(world) {
  const { persons } = world.views;
  const [x0, y0] = world.origin;
  return Array.from({ length: world.personCount }, (_, i) => [
    persons.x[i] + x0,
    persons.y[i] + y0,
    persons.freeSpeed[i],
  ]);
}

/** Notes when each person first passes x = `countAt` towards +x, between two looks by proportion. */
function watchCrossings(world, countAt) {
  const { persons } = world.views;
  const line = countAt - world.origin[0];
  const before = Float64Array.from(persons.x);
  const crossed = new Uint8Array(world.personCount);
  const times = [];
  return {
    times,
    look(time, step) {
      for (let i = 0; i < before.length; i++) {
        const x = persons.x[i];
        if (crossed[i] === 0 && before[i] < line && x >= line) {
          crossed[i] = 1;
          times.push(time - step * (1 - (line - before[i]) / (x - before[i])));
        }
        before[i] = x;
      }
    },
  };
}

/**
 * Simulates a scene to its end.
 * @returns `setup` [s]; `slices`: agent-seconds simulated and seconds they took, one row a simulated second; `endTime` [s],
 *   when the last person was out or the limit; `persons`, `out`; `crossings` [s], ascending; `hash` of the state at the end;
 *   `bytesPerPerson`
 */
export function timeRun(scene) {
  const started = performance.now();
  const { world, run } = startRun(scene);
  const setup = (performance.now() - started) / 1000;
  const watch = scene.countAt === undefined ? undefined : watchCrossings(world, scene.countAt);
  const slices = [];
  let done = false;
  for (let tick = 0; !done; tick++) {
    if (tick % TICKS_PER_SECOND === 0) slices.push([0, 0]);
    const slice = slices[slices.length - 1];
    const { persons, out } = run.progress();
    slice[0] += (persons - out) / TICKS_PER_SECOND;
    const before = performance.now();
    done = run.advance(1);
    slice[1] += (performance.now() - before) / 1000;
    watch?.look((tick + 1) / TICKS_PER_SECOND, 1 / TICKS_PER_SECOND);
  }
  const { result } = run.finish();
  return {
    setup,
    slices,
    persons: world.personCount,
    out: result.out,
    endTime: result.endTime,
    crossings: watch?.times.sort((a, b) => a - b) ?? [],
    hash: hashState(world),
    bytesPerPerson: world.memory.buffer.byteLength / world.personCount,
  };
}

/** Agent-seconds per second over the simulated seconds `from` … `to` of a run. */
export function rateOf({ slices }, from = 0, to = slices.length) {
  let agentSeconds = 0;
  let elapsed = 0;
  for (const [simulated, took] of slices.slice(from, to)) {
    agentSeconds += simulated;
    elapsed += took;
  }
  return agentSeconds / elapsed;
}

/**
 * Flow [1/s] between the crossings of ranks 1 + ⌈n/10⌉ and n − ⌈n/10⌉: the middle 80 % of those who crossed. NaN where fewer
 * than ten did.
 */
export function flowOf({ crossings }) {
  const n = crossings.length;
  if (n < 10) return Number.NaN;
  const cut = Math.ceil(n / 10);
  return (n - 2 * cut - 1) / (crossings[n - cut - 1] - crossings[cut]);
}

/** Best of repeats, and by how much the worst took longer [%]. Repeats that computed something else are an error. */
export function bestOf(runs, rate) {
  const hashes = new Set(runs.map(({ hash }) => hash));
  if (hashes.size !== 1) throw new Error(`${runs.length} runs of one scene gave ${hashes.size} hashes`);
  const rates = runs.map(rate);
  const best = Math.max(...rates);
  return { rate: best, spread: 100 * (best / Math.min(...rates) - 1), hash: runs[0].hash };
}
