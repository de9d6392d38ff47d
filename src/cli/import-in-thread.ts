import { Worker } from 'node:worker_threads';
import type { Importer, ImportOptions, ImportResult } from '../importers/index.ts';
import { errorIssue } from './outcome.ts';

/** Processor time for a small plan, and for each further MiB [s]: a model of 100 MiB has ten minutes. */
const SECONDS = 5;
const SECONDS_PER_MIB = 6;
/** On the clock it may take so many times as long: the machine may have other work. */
const CLOCK = 10;
/** How often the time is looked at [ms]. */
const LOOK = 100;
/** Memory of the thread for JavaScript [MiB]; the shapes are in WebAssembly memory, 4 GiB at most. */
const HEAP_MIB = 4096;

/** What stops an import. */
export interface ThreadLimits {
  /** Of processor time [s]. */
  readonly seconds: number;
  /** [MiB] */
  readonly heap: number;
}

/** Limits for a file of this size [bytes]. */
export function limitsFor(size: number): ThreadLimits {
  return { seconds: SECONDS + (SECONDS_PER_MIB * size) / 2 ** 20, heap: HEAP_MIB };
}

/**
 * Reads a plan in a thread of its own, which is ended when it takes too long or too much memory: that is an issue of the file
 * then, like any other. Never rejects.
 */
export function importInThread(
  importer: Importer,
  bytes: Uint8Array,
  options: ImportOptions,
  limits: ThreadLimits = limitsFor(bytes.byteLength),
): Promise<ImportResult> {
  // From src/ (tests) the built file: Node 20 runs no TypeScript.
  const file = new URL(
    import.meta.url.endsWith('.ts') ? '../../dist/cli/import-thread.js' : 'import-thread.js',
    import.meta.url,
  );
  return new Promise((resolve) => {
    const worker = new Worker(file, {
      workerData: { importer: importer.name, bytes, options },
      resourceLimits: { maxOldGenerationSizeMb: limits.heap, stackSizeMb: 16 },
      // What foreign code prints is not for the user.
      stdout: true,
      stderr: true,
    });
    const end = (result: ImportResult): void => {
      clearInterval(timer);
      void worker.terminate();
      resolve(result);
    };
    const refuse = (code: string, message: string, details = {}): void => {
      const report = { importer: importer.name, read: [], guessed: [], ignored: [] };
      end({ issues: [errorIssue(code, '', message, details)], report });
    };
    const started = process.hrtime.bigint();
    const before = process.cpuUsage();
    const timer = setInterval(() => {
      // This thread waits meanwhile: what the process works is the reader's.
      const { user, system } = process.cpuUsage(before);
      const clock = Number(process.hrtime.bigint() - started) / 1e9;
      if ((user + system) / 1e6 < limits.seconds && clock < CLOCK * limits.seconds) return;
      const message =
        'Reading the file takes too long: it is damaged, or holds shapes that the reader cannot work out. Export it again, or less of it.';
      refuse('import-too-slow', message, { expected: `at most ${Math.round(limits.seconds)}`, unit: 's' });
    }, LOOK);
    worker.on('message', end);
    worker.on('error', (error: Error & { code?: string }) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
        const message = 'Reading the file takes more memory than an import has; export less of the model.';
        refuse('import-too-large', message, { expected: `at most ${limits.heap}`, unit: 'MiB' });
      } else refuse('import-failed', `The reader fails on this file: ${error.message.split('\n')[0]}.`);
    });
    worker.on('exit', () => refuse('import-failed', 'The reader fails on this file and says nothing.'));
  });
}
