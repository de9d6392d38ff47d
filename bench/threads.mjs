// The same hall with different numbers of threads or builds of the kernel, in one process and by turns, with a hash of what was computed.
import { Worker } from 'node:worker_threads';
import { createRun, hashState, PersonState } from '../dist/index.js';
import { openHall, packedHall } from './scenes.mjs';
import { compileScene } from './time-run.mjs';

const WORKER = new URL('../dist/cli/helper-thread.js', import.meta.url);
const TICKS_PER_SECOND = 10;
/** Simulated seconds before the clock counts: fields are built, helpers are up, the code is compiled [s]. */
const WARM_UP = 5;

const PERSONS = 100_000;
const DENSITY = 2;
const DENSITY_PACKED = 6;
const SECONDS = 5;

/**
 * Steps one world for every number of threads, a simulated second of each in turn, so that other work on the machine slows all alike.
 * @param threads numbers of threads, the first of them what the others are compared with; `kernels` builds of the kernel, each with all
 *   numbers of threads, what the host can run by default; `persons` in the hall; `dense`: the packed
 *   hall at 6 /m² instead of the open one at 2 /m²
 * @returns rows: `scene`, `what`, `threads`, `kernel`, agent-seconds per second `rate` (best repeat), `spread` [%], `realTime` (simulated seconds
 *   per second, best repeat), `ratio` to the first number of threads (median over the repeats), `ratioMin`, `ratioMax`, `touching`
 *   (persons touched by a person, mean at the end), `hash`
 */
export async function benchThreads({
  threads,
  kernels = [undefined],
  persons,
  dense = false,
  quick = false,
  repeats = 3,
  tell = () => {},
}) {
  const seconds = quick ? 2 : SECONDS;
  const count = persons ?? (quick ? 4000 : PERSONS);
  const end = WARM_UP + repeats * seconds;
  const scene = dense ? packedHall(count, DENSITY_PACKED, end) : openHall(count, DENSITY, end);
  const ways = kernels.flatMap((kernel) => threads.map((number) => ({ number, kernel })));
  const runs = ways.map(({ number, kernel }) => startRun(scene, number, kernel));
  await Promise.all(runs.flatMap(({ ready }) => ready));
  try {
    for (let second = 0; second < WARM_UP; second++) for (const { run } of runs) run.advance(TICKS_PER_SECOND);
    const turns = Array.from({ length: repeats }, () => runs.map(() => 0));
    const left = Array.from({ length: repeats }, () => 0);
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (let second = 0; second < seconds; second++) {
        const now = runs[0].run.progress();
        left[repeat] += now.persons - now.out;
        // there and back, so that nobody is always first
        const order = runs.map((_, k) => (second % 2 === 0 ? k : runs.length - 1 - k));
        for (const k of order) {
          const before = performance.now();
          runs[k].run.advance(TICKS_PER_SECOND);
          turns[repeat][k] += (performance.now() - before) / 1000;
        }
      }
    }
    const hashes = runs.map(({ world }) => hashState(world));
    if (new Set(hashes).size !== 1)
      throw new Error(
        `threads ${threads.join(', ')} and builds ${kernels.join(', ')} gave the states ${hashes.join(', ')}`,
      );
    const touching = touchedByOne(runs[0].world);
    return ways.map(({ number, kernel }, k) => {
      const rates = turns.map((times, repeat) => left[repeat] / times[k]);
      const ratios = turns.map((times) => times[0] / times[k]).sort((a, b) => a - b);
      const row = {
        scene: `${scene.name}-threads-${number}${kernel === undefined ? '' : `-${kernel}`}`,
        what: `${scene.what}, ${number} thread${number === 1 ? '' : 's'}${kernel === undefined ? '' : `, ${kernel}`}`,
        threads: number,
        kernel,
        rate: Math.max(...rates),
        spread: 100 * (Math.max(...rates) / Math.min(...rates) - 1),
        realTime: Math.max(...turns.map((times) => seconds / times[k])),
        touching,
        ratio: ratios[ratios.length >> 1],
        ratioMin: ratios[0],
        ratioMax: ratios[ratios.length - 1],
        hash: hashes[k],
      };
      tell(row);
      return row;
    });
  } finally {
    for (const { run, workers } of runs) {
      run.finish();
      for (const worker of workers) await worker.terminate();
    }
  }
}

/** How many others a person who stands touches, mean over those still there. */
function touchedByOne(world) {
  const { x, y, radius, state, sheet } = world.views.persons;
  const present = Array.from({ length: world.personCount }, (_, i) => i).filter((i) => state[i] !== PersonState.out);
  const bins = new Map();
  const keyOf = (i, dx = 0, dy = 0) => `${sheet[i]} ${Math.floor(2 * x[i]) + dx} ${Math.floor(2 * y[i]) + dy}`;
  for (const i of present) {
    const key = keyOf(i);
    if (!bins.has(key)) bins.set(key, []);
    bins.get(key).push(i);
  }
  let touches = 0;
  for (const i of present) {
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        for (const j of bins.get(keyOf(i, dx, dy)) ?? []) {
          if (j !== i && Math.hypot(x[j] - x[i], y[j] - y[i]) < radius[i] + radius[j]) touches++;
        }
      }
    }
  }
  return touches / present.length;
}

function startRun(scene, threads, kernel) {
  const world = compileScene(scene);
  const workers = Array.from({ length: threads - 1 }, () => new Worker(WORKER));
  const ready = workers.map((worker) => new Promise((resolve) => worker.once('online', resolve)));
  const run = createRun(world, { sink: { append() {} }, helpers: workers }, { kernel });
  return { world, run, workers, ready };
}
