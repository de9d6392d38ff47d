import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import binaryen from 'binaryen';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRun, type KernelBuild } from '../src/engine/index.ts';
import { KERNEL_BINARIES } from '../src/engine/kernel/kernel-binary.ts';
import { compileWorld } from '../src/world/index.ts';
import { buildCommand, crashbar, makeFolder, ROOT } from './support/command.ts';
import { loadScene } from './support/run-scene.ts';

/*
 * The kernel with SIMD and the kernel without leave the same bytes. The first seconds of every scene are in threads.test.ts.
 */
const scratch = makeFolder();
beforeAll(buildCommand, 240_000);
afterAll(scratch.remove);

function runToEnd(file: string, kernel: KernelBuild) {
  const { world } = compileWorld(loadScene(file));
  const run = createRun(world!, { sink: { append: () => undefined } }, { kernel });
  while (!run.advance(100));
  return run.finish().result;
}

test('one kernel has SIMD instructions and the other has none', () => {
  const isPlain = (['simd', 'scalar'] as const).map((build) => {
    const module = binaryen.readBinaryWithFeatures(
      inflateRawSync(Buffer.from(KERNEL_BINARIES[build], 'base64')),
      binaryen.Features.All,
    );
    const text = module.emitText();
    module.dispose();
    return !/v128|[if]\d+x\d+/.test(text);
  });
  expect(isPlain).toEqual([false, true]);
});

test.each([
  ['a crowd at a chained exit that goes to the other', 'two-exits-one-chained/scenario.json'],
  ['a breakout with injured people', 'factory-breakout/scenario.json'],
  ['a crowd on stairs', 'vomitory/scenario.json'],
])('%s ends the same with SIMD and without', (_, file) => {
  const simd = runToEnd(file, 'simd');
  expect(simd.outcome).toBe('everyone-out');
  expect(runToEnd(file, 'scalar')).toEqual(simd);
});

const SCENE = 'scenarios/bottleneck/width-5.0.json';
const argumentsFor = (folder: string) => ['run', SCENE, '--time', '4', '--no-report', '--threads', '2', '-o', folder];

test('`--kernel` changes nothing in a run’s files but the time it took', () => {
  const sums = (['simd', 'scalar'] as const).map((kernel) => {
    const folder = join(scratch.path, kernel);
    const { exitCode, stderr } = crashbar([...argumentsFor(folder), '--kernel', kernel]);
    expect(exitCode, stderr).toBe(0);
    return readFileSync(join(folder, 'checksums.txt'), 'utf8');
  });
  expect(sums[1]).toBe(sums[0]);
});

/** V8 has no SIMD in WebAssembly on an x64 processor that lacks SSE 4.1, and can be told that it does. */
const WITHOUT_SIMD = ['--no-enable-sse4-1', join(ROOT, 'bin', 'crashbar.mjs')];

test.skipIf(process.arch !== 'x64')('a host without SIMD runs the other kernel by itself, to the same bytes', () => {
  const simd = join(scratch.path, 'host-simd');
  const scalar = join(scratch.path, 'host-scalar');
  expect(crashbar(argumentsFor(simd)).exitCode).toBe(0);
  const onHost = (...args: string[]) =>
    spawnSync(process.execPath, [...WITHOUT_SIMD, ...args], { cwd: ROOT, encoding: 'utf8' });
  const done = onHost(...argumentsFor(scalar));
  expect(done.status, done.stderr).toBe(0);
  const [one, other] = [simd, scalar].map((folder) => readFileSync(join(folder, 'checksums.txt'), 'utf8'));
  expect(other).toBe(one);
  const refused = onHost(...argumentsFor(join(scratch.path, 'refused')), '--kernel', 'simd');
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain('This host has no WebAssembly SIMD');
  const library = pathToFileURL(join(ROOT, 'dist', 'index.js')).href;
  const program = `
    const { compileWorld, createRun, loadScenario } = await import('${library}');
    const { scenario } = loadScenario((await import('node:fs')).readFileSync('${SCENE}'));
    createRun(compileWorld(scenario).world, { sink: { append() {} } }, { kernel: 'simd' });`;
  const asked = spawnSync(process.execPath, [WITHOUT_SIMD[0], '--input-type=module', '-e', program], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(asked.stderr).toContain('this host has no WebAssembly SIMD');
});
