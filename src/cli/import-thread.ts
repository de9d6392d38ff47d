// The file that a thread of `crashbar import` runs: reads one plan with foreign code, where it can be stopped.
import { parentPort, workerData } from 'node:worker_threads';
import { type ImportOptions, importers } from '../importers/index.ts';

const { importer, bytes, options } = workerData as { importer: string; bytes: Uint8Array; options: ImportOptions };
const result = await importers[importer]!.importFile(bytes, options);
parentPort?.postMessage(result);
