import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHelperThreads } from '../src/cli/helper-threads.ts';
import type { Helper } from '../src/engine/index.ts';
import { createReferenceKernel } from '../src/engine/kernel/reference/reference-kernel.ts';
import { createRun, type EngineParts } from '../src/engine/run.ts';
import type { TraceEvent } from '../src/trace/index.ts';
import { compileWorld, isShared } from '../src/world/index.ts';
import { buildCommand, crashbar, makeFolder, ROOT, startCrashbar, waitForEnd } from './support/command.ts';
import { loadScene } from './support/run-scene.ts';

/*
 * Threads change no byte. Pieces are made as small as they can be, so that the scenes of some hundred persons are shared out too.
 */
const SMALL: EngineParts = { crew: { chunkMin: 16, wakeItems: 0 } };
const SCENES = readdirSync(join(ROOT, 'scenarios'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
/** Simulated time of each scene [decisions]; the twin is some twenty times slower. */
const TICKS = 60;
const TICKS_TWIN = 10;

const scratch = makeFolder();
beforeAll(buildCommand, 120_000);
afterAll(scratch.remove);

function start(scene: string, helpers: readonly Helper[], parts: EngineParts = SMALL, resumeFrom?: Uint8Array) {
  const { world } = compileWorld(loadScene(`${scene}/scenario.json`));
  if (world === undefined) throw new Error(`${scene} cannot be compiled`);
  const decoder = new TextDecoder();
  let text = '';
  const sink = {
    append: (file: string, bytes: Uint8Array) => {
      if (file === 'events.ndjson') text += decoder.decode(bytes, { stream: true });
    },
  };
  const run = createRun(world, { sink, helpers, resumeFrom }, parts);
  const hashes = () => {
    const { result } = run.finish();
    const events = text.split('\n').filter((line) => line !== '');
    const each = events.map((line) => JSON.parse(line) as TraceEvent).filter(({ type }) => type === 'state-hash');
    return [...each.map((event) => (event.type === 'state-hash' ? event.hash : '')), result.stateHash];
  };
  return { world, run, hashes };
}

function hashesOf(scene: string, helpers: readonly Helper[], ticks: number, parts: EngineParts = SMALL): string[] {
  const { run, hashes } = start(scene, helpers, parts);
  run.advance(ticks);
  return hashes();
}

test('the memory of a world can be shared by threads on this host', () => {
  expect(isShared(start(SCENES[0], []).world.memory)).toBe(true);
});

test('every scene has the same state at every second with 1, 2, 3 and 8 threads and without SIMD, and the first second is the twin’s', () => {
  const threads = startHelperThreads(8);
  try {
    for (const scene of SCENES) {
      const alone = hashesOf(scene, [], TICKS);
      expect(alone).toHaveLength(TICKS / 10 + 1);
      for (const count of [2, 3, 8]) {
        expect(hashesOf(scene, threads.helpers.slice(0, count - 1), TICKS), `${scene}, ${count} threads`).toEqual(
          alone,
        );
      }
      for (const count of [1, 2]) {
        const helpers = threads.helpers.slice(0, count - 1);
        const scalar = hashesOf(scene, helpers, TICKS, { ...SMALL, kernel: 'scalar' });
        expect(scalar, `${scene}, ${count} threads without SIMD`).toEqual(alone);
      }
      const twin = hashesOf(scene, [], TICKS_TWIN, { makeFunctions: createReferenceKernel });
      expect(twin[0], `${scene}, twin`).toBe(alone[0]);
    }
    expect(threads.failure()).toBeUndefined();
  } finally {
    threads.close();
  }
});

test('a run goes on from a snapshot with another number of threads to the same state', () => {
  const threads = startHelperThreads(8);
  try {
    const whole = hashesOf('double-bottleneck', [], 80);
    const first = start('double-bottleneck', threads.helpers.slice(0, 2));
    first.run.advance(43);
    const snapshot = first.run.snapshot();
    first.run.finish();
    for (const count of [1, 2, 8]) {
      const second = start('double-bottleneck', threads.helpers.slice(0, count - 1), SMALL, snapshot);
      second.run.advance(37);
      expect(second.hashes(), `${count} threads`).toEqual(whole.slice(4));
    }
  } finally {
    threads.close();
  }
});

test('a helper thread that is ended is told of, one that was closed is not', async () => {
  const threads = startHelperThreads(3);
  const ended = threads.helpers[1] as Worker;
  await new Promise((resolve) => ended.once('online', resolve));
  await ended.terminate();
  expect(threads.failure()).toContain('helper thread 2 ended');
  const others = startHelperThreads(2);
  const other = others.helpers[0] as Worker;
  const exit = new Promise((resolve) => other.once('exit', resolve));
  others.close();
  await exit;
  expect(others.failure()).toBeUndefined();
  threads.close();
});

test('`--threads` changes nothing in a run’s files but the time it took', () => {
  const hashes = [1, 3].map((threads) => {
    const folder = join(scratch.path, `threads-${threads}`);
    const args = [
      'run',
      'scenarios/bottleneck/width-5.0.json',
      '--time',
      '4',
      '--no-report',
      '--threads',
      `${threads}`,
    ];
    const { exitCode, stdout, stderr } = crashbar([...args, '-o', folder]);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain('state hash');
    return readFileSync(join(folder, 'checksums.txt'), 'utf8');
  });
  expect(hashes[1]).toBe(hashes[0]);
  const replay = crashbar(['replay', join(scratch.path, 'threads-1'), '--threads', '2']);
  expect(replay.exitCode, replay.stderr).toBe(0);
});

test('`--threads` below 1 is refused', () => {
  expect(crashbar(['run', 'scenarios/corridor', '--threads', '0']).exitCode).toBe(2);
});

test.skipIf(process.platform === 'win32')(
  'Ctrl-C ends a run with threads, and it goes on with another number of them to the same state',
  async () => {
    const scene = 'scenarios/bottleneck/width-5.0.json';
    const whole = join(scratch.path, 'whole');
    const stopped = join(scratch.path, 'stopped');
    expect(crashbar(['run', scene, '--time', '40', '--no-report', '--threads', '1', '-o', whole]).exitCode).toBe(0);
    const child = startCrashbar(['run', scene, '--time', '40', '--no-report', '--threads', '3', '-o', stopped]);
    const end = waitForEnd(child);
    const deadline = performance.now() + 60_000;
    while (!existsSync(join(stopped, 'snapshot.bin'))) {
      if (performance.now() > deadline) throw new Error('no snapshot was written');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.kill('SIGINT');
    expect(await end).toEqual({ code: 1, signal: null });
    expect(crashbar(['run', '--resume', stopped, '--no-report', '--threads', '2']).exitCode).toBe(0);
    const stateOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')).stateHash;
    expect(stateOf(stopped)).toBe(stateOf(whole));
  },
);
