import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Helper } from '../engine/index.ts';

/** Fewer persons than this for each thread may not repay the waking of helpers on a machine that does other work too; see docs/bench.md. */
const PERSONS_PER_THREAD = 5000;
/** More threads than this are not started, whatever is asked for. */
export const THREADS_MAX = 256;

/** Threads that help with one run, and what became of them. */
export interface HelperThreads {
  readonly helpers: readonly Helper[];
  /** Why a helper ended that should not have, or nothing. Known only after the event loop has turned. */
  readonly failure: () => string | undefined;
  /** Ends all of them at once, wherever they are. */
  readonly close: () => void;
}

/** Threads for a crowd of this size, the main one included: as many as there are cores, fewer for a small crowd. */
export function chooseThreads(persons: number): number {
  return Math.max(1, Math.min(availableParallelism(), Math.floor(persons / PERSONS_PER_THREAD)));
}

/** Starts `threads` − 1 helpers. They do not keep the process alive. */
export function startHelperThreads(threads: number): HelperThreads {
  // From src/ (tests) the built file: Node 20 runs no TypeScript.
  const file = new URL(
    import.meta.url.endsWith('.ts') ? '../../dist/cli/helper-thread.js' : 'helper-thread.js',
    import.meta.url,
  );
  let failure: string | undefined;
  let closing = false;
  const helpers = Array.from({ length: threads - 1 }, (_, index) => {
    const worker = new Worker(file);
    worker.unref();
    worker.on('error', (error) => {
      failure ??= `helper thread ${index + 1} ended: ${error.message}`;
    });
    worker.on('exit', (code) => {
      if (!closing) failure ??= `helper thread ${index + 1} ended with exit code ${code}`;
    });
    return worker;
  });
  return {
    helpers,
    failure: () => failure,
    close: () => {
      closing = true;
      for (const worker of helpers) void worker.terminate();
    },
  };
}
