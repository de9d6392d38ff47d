// The file that every helper thread of `crashbar` runs: waits for a start, works until it is sent home, waits again.
import { parentPort } from 'node:worker_threads';
import { type HelperStart, serveCrew } from '../engine/index.ts';

parentPort?.on('message', (start: HelperStart) => serveCrew(start));
