import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCommand, crashbar, makeFolder, ROOT, startCrashbar, waitForEnd } from './support/command.ts';

const scratch = makeFolder();
const scene = join(ROOT, 'scenarios', 'bottleneck', 'width-0.8.json');
const crush = join(ROOT, 'scenarios', 'factory-breakout');
const study = (run: string) => JSON.parse(readFileSync(join(run, 'sensitivity.json'), 'utf8'));

beforeAll(buildCommand, 120_000);
afterAll(scratch.remove);

test('a study has every parameter at both ends; its standard run is the run itself, and what was deduced is what a run gives', () => {
  const folder = join(scratch.path, 'calm');
  const done = crashbar(['run', scene, '--sensitivity', '--seeds', '1', '--json', '-o', folder]);
  expect(done.exitCode).toBe(0);
  const document = JSON.parse(done.stdout);
  const { runs, planned, parameters } = study(folder);
  expect(runs.length).toBe(planned);
  expect(planned).toBe(1 + 2 * parameters.length);
  expect(document.sensitivity.runs).toEqual(runs);
  expect(runs[0].stateHash).toBe(document.stateHash);
  const html = readFileSync(join(folder, 'report.html'), 'utf8');
  expect(html).toContain('id="sensitivity"');

  const deduced = runs.find(
    (run: { deduced: boolean; parameter: string }) => run.deduced && run.parameter === 'threshold',
  );
  const varied = crashbar(['run', scene, '--vary', 'threshold=low', '--json', '-o', join(scratch.path, 'varied')]);
  const result = JSON.parse(varied.stdout);
  for (const key of ['out', 'injured', 'unconscious', 'dead'] as const) expect(result[key]).toBe(deduced[key]);
  expect(result.varied).toEqual({ 'dose.threshold': 450 });
  // the same movement, but never mistaken for a standard run
  expect(result.endTime).toBe(document.endTime);
  expect(result.stateHash).not.toBe(document.stateHash);
  expect(crashbar(['replay', join(scratch.path, 'varied')]).exitCode).toBe(0);
}, 240_000);

test('a varied run of a study repeats as a run of its own, to the bit', () => {
  const folder = join(scratch.path, 'push');
  const { stateHash } = study(join(scratch.path, 'calm')).runs.find(
    (run: { parameter: string; end: string }) => run.parameter === 'push' && run.end === 'high',
  );
  const varied = crashbar(['run', scene, '--vary', 'push=high', '--json', '-o', folder]);
  expect(JSON.parse(varied.stdout).stateHash).toBe(stateHash);
}, 120_000);

test('stopped by Ctrl-C a study leaves what was done, readable, and the report tells how much that is', async () => {
  const folder = join(scratch.path, 'stopped');
  const child = startCrashbar(['run', crush, '--sensitivity', '--seeds', '50', '--time', '20', '-o', folder]);
  while (!existsSync(join(folder, 'sensitivity.json')) || study(folder).runs.length < 2) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill('SIGINT');
  expect((await waitForEnd(child)).code).toBe(1);
  const { runs, planned } = study(folder);
  expect(runs.length).toBeGreaterThanOrEqual(2);
  expect(runs.length).toBeLessThan(planned);
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain(`${runs.length} of`);
}, 240_000);

test('every wrong option of a study is told at once, with exit code 2, and nothing is written', () => {
  const folder = join(scratch.path, 'wrong');
  const options = [
    '--sensitivity',
    '--seeds',
    '0',
    '--vary',
    'push=high',
    '--vary',
    'luck=low',
    '--json',
    '-o',
    folder,
  ];
  const done = crashbar(['run', scene, ...options]);
  expect(done.exitCode).toBe(2);
  const codes = JSON.parse(done.stdout).issues.map(({ code }: { code: string }) => code);
  expect(codes).toEqual(['seeds-wrong', 'vary-in-study', 'vary-wrong']);
  expect(existsSync(folder)).toBe(false);
});
