import { createRun } from '../engine/index.ts';
import { readTrace, type Trace } from '../trace/index.ts';
import { errorIssue } from './outcome.ts';
import { readScenario } from './read-scenario.ts';

/** Simulated tenths of a second between two looks for Ctrl-C. */
const SLICE_TICKS = 20;

/** Runs a scenario file with one seed and reads its record back, without files; no trace where it was stopped, an issue where it cannot be run. */
export async function runInMemory(
  file: string,
  seed: number,
  watch: { readonly isStopped: () => boolean; readonly onShare: (share: number) => void },
): Promise<{ readonly trace?: Trace } | { readonly issue: ReturnType<typeof errorIssue> }> {
  const { world, issues } = readScenario(file, { seed });
  if (world === undefined) {
    const first = issues.find(({ severity }) => severity === 'error')?.message ?? 'it cannot be compiled';
    return { issue: errorIssue('seed-unfit', 'seeds', `With seed ${seed} the scenario cannot be run: ${first}`) };
  }
  const parts: Record<string, Uint8Array[]> = { 'frames.bin': [], 'events.ndjson': [] };
  const run = createRun(world, { sink: { append: (name, bytes) => void parts[name]?.push(bytes.slice()) } });
  while (!run.advance(SLICE_TICKS)) {
    const { time, endTime, out, persons } = run.progress();
    watch.onShare(Math.max(out / persons, time / endTime));
    await new Promise((resolve) => setImmediate(resolve));
    if (watch.isStopped()) return {};
  }
  const { header } = run.finish();
  const { trace } = readTrace({
    run: new TextEncoder().encode(JSON.stringify(header)),
    frames: new Uint8Array(Buffer.concat(parts['frames.bin'] ?? [])),
    events: new Uint8Array(Buffer.concat(parts['events.ndjson'] ?? [])),
  });
  if (trace === undefined) throw new Error('the trace of a run just made cannot be read');
  return { trace };
}

/** Does `work` while Ctrl-C only asks to stop, so that what was found until then can still be told. */
export async function untilStopped<T>(work: (isStopped: () => boolean) => Promise<T>): Promise<T> {
  let stopped = false;
  const stop = (): void => {
    stopped = true;
  };
  process.once('SIGINT', stop);
  try {
    return await work(() => stopped);
  } finally {
    process.removeListener('SIGINT', stop);
  }
}
