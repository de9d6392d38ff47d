/** A worker thread: takes jobs one at a time, runs the scene, hands back what each measure observed. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadMaker, loadScenes } from './cases.mjs';
import { KINDS } from './kinds.mjs';
import { runScene } from './run-scene.mjs';

const library = await import(workerData.library);

parentPort.on('message', async (job) => {
  try {
    parentPort.postMessage({ id: job.id, values: await runJob(job) });
  } catch (error) {
    // One scene that cannot be run must not hide what the others found: its measures have no value.
    parentPort.postMessage({
      id: job.id,
      values: job.measures.map(() => null),
      error: String(error?.message ?? error),
    });
  }
});

async function runJob({ folder, scene, seed, measures }) {
  const kinds = measures.map(({ kind, options }) => ({ kind: KINDS[kind], options }));
  if (scene === null) return kinds.map(({ kind, options }) => kind.observe({ library, seed }, options));
  const scenario = (await loadScenes(folder))[scene];
  const watchers = kinds.map(({ kind, options }) => kind.watch?.(options));
  const watch = watchers.some((watcher) => watcher !== undefined)
    ? (world) => {
        for (const watcher of watchers) watcher?.see(world);
      }
    : undefined;
  const maker = await loadMaker(folder);
  const intervene = maker?.intervene === undefined ? undefined : (world) => maker.intervene(scene, world);
  const run = kinds.some(({ kind }) => !kind.compileOnly);
  const found = runScene(library, scenario, seed, { run, intervene, watch });
  const scenes = { library, scene, seed, cache: new Map(), ...found };
  return kinds.map(({ kind, options }, k) => kind.observe({ ...scenes, watcher: watchers[k] }, options));
}
