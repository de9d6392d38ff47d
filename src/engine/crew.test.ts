import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { type Crew, type CrewSettings, createCrew, HelperFailure, type HelperStart } from './crew.ts';
import type { KernelFunctions } from './kernel/kernel.ts';

/*
 * Helpers run the built library, so this needs `npm run build` (as `npm test` does first). Their kernel is a stub that adds one
 * to every item it is given, so that a piece done twice, by nobody or with another job's words shows.
 */
const LIBRARY = new URL('../../dist/index.js', import.meta.url);
const ITEMS_AT = 65_536 / 4;

const workers: Worker[] = [];
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.terminate();
}, 60_000);

/** Adds `argument` to items; what a helper does before that is text, because it runs over there. */
function countItems(items: Int32Array): KernelFunctions['movePersons'] {
  return (from, to, argument) => {
    for (let i = from; i < to; i++) items[i] += argument;
  };
}

function startHelper(before = ''): Worker {
  const code = `
    const { parentPort } = require('node:worker_threads');
    import(${JSON.stringify(LIBRARY.href)}).then(({ serveCrew }) => { parentPort.postMessage('ready'); parentPort.on('message', (start) => {
      const items = new Int32Array(start.memory.buffer, ${4 * ITEMS_AT});
      const helped = new Int32Array(start.memory.buffer, ${4 * ITEMS_AT} - 4 * 64);
      const movePersons = (from, to, argument) => {
        ${before}
        helped[start.number] += to - from;
        for (let i = from; i < to; i++) items[i] += argument;
      };
      serveCrew(start, () => ({ movePersons, useScratch() {} }));
      parentPort.postMessage('home');
    }); });`;
  const worker = new Worker(code, { eval: true });
  workers.push(worker);
  return worker;
}

function makeCrew(
  helpers: Worker[],
  settings: CrewSettings = {},
): { crew: Crew; items: Int32Array; helped: () => number } {
  expect(existsSync(LIBRARY), 'dist/ is built').toBe(true);
  const memory = new WebAssembly.Memory({ initial: 8, maximum: 8, shared: true });
  const items = new Int32Array(memory.buffer, 4 * ITEMS_AT);
  const movePersons = countItems(items);
  const functions = { movePersons } as KernelFunctions;
  const scratches = helpers.map(() => 0);
  const helped = new Int32Array(memory.buffer, 4 * ITEMS_AT - 4 * 64, 16);
  return {
    crew: createCrew(functions, memory, helpers, scratches, settings),
    items,
    helped: () => helped.reduce((sum, value) => sum + value, 0),
  };
}

test('of thousands of jobs in a row every item is done exactly once, by 1, 2, 3 and 8 threads', async () => {
  const all = Array.from({ length: 7 }, () => startHelper());
  await Promise.all(all.map((helper) => new Promise((resolve) => helper.once('message', resolve))));
  for (const threads of [1, 2, 3, 8]) {
    const helpers = all.slice(0, threads - 1);
    const homes = helpers.map((helper) => new Promise((resolve) => helper.once('message', resolve)));
    const { crew, items, helped } = makeCrew(helpers, { chunkMin: 16, wakeItems: 0 });
    const wanted = new Int32Array(5000);
    const started = performance.now();
    let jobs = 0;
    while (jobs < 2000 || (threads > 1 && helped() < 1e5 && performance.now() - started < 20_000)) {
      const count = [5000, 1, 16, 31, 32, 33, 1000, 4999][jobs % 8];
      crew.run('movePersons', count, 1 + (jobs % 3));
      for (let i = 0; i < count; i++) wanted[i] += 1 + (jobs % 3);
      jobs++;
      if (jobs % 100 === 0) expect(items.subarray(0, 5000)).toEqual(wanted);
    }
    crew.close();
    await Promise.all(homes);
    expect(items.subarray(0, 5000)).toEqual(wanted);
    if (threads > 1) expect(helped()).toBeGreaterThan(0);
  }
});

test('helpers that were sent home serve another crew, also where they were sent home before they had started', async () => {
  const helper = startHelper();
  await new Promise((resolve) => helper.once('message', resolve));
  for (let round = 0; round < 3; round++) {
    const isHome = new Promise((resolve) => helper.once('message', resolve));
    const { crew, items } = makeCrew([helper]);
    crew.run('movePersons', 4000, 7);
    crew.close();
    expect(items.subarray(0, 4000).every((value) => value === 7)).toBe(true);
    expect(await isHome).toBe('home');
  }
});

/** Gives the crew jobs until one of them fails; returns the failure. */
function runUntilFailure(crew: Crew): unknown {
  const started = performance.now();
  while (performance.now() - started < 20_000) {
    try {
      crew.run('movePersons', 10_000, 1);
    } catch (error) {
      return error;
    }
  }
  return undefined;
}

test('a phase that throws in a helper throws in the caller, with what it says', () => {
  const { crew } = makeCrew([startHelper(`throw new RangeError('out of ${'bounds '.repeat(30)}');`)]);
  const failure = runUntilFailure(crew);
  expect(failure).toBeInstanceOf(HelperFailure);
  expect(String(failure)).toContain('helper thread 1 failed in movePersons: out of bounds bounds');
  crew.close();
});

test('a helper that dies in the middle of a piece is an error after a while and not a hang', () => {
  const { crew } = makeCrew([startHelper('process.exit(3);')], { patienceMs: 500 });
  const failure = runUntilFailure(crew);
  expect(failure).toBeInstanceOf(HelperFailure);
  expect(String(failure)).toContain('1 of 1 helper threads did not answer for 0.5 s');
  crew.close();
});

test('a helper that dies between two jobs holds nobody up', async () => {
  const helper = startHelper();
  const { crew, items } = makeCrew([helper]);
  crew.run('movePersons', 10_000, 1);
  await helper.terminate();
  for (let job = 0; job < 100; job++) crew.run('movePersons', 10_000, 1);
  expect(items.subarray(0, 10_000).every((value) => value === 101)).toBe(true);
});

test('helpers are told which build of the kernel to run', () => {
  const told: HelperStart[] = [];
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const helper = { postMessage: (start: HelperStart) => told.push(start) };
  createCrew({} as KernelFunctions, memory, [helper, helper], [64, 128], { kernel: 'scalar' }).close();
  expect(told.map(({ number, kernel }) => [number, kernel])).toEqual([
    [1, 'scalar'],
    [2, 'scalar'],
  ]);
});
