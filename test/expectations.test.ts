import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCommand, crashbar, makeFolder, ROOT } from './support/command.ts';

const scratch = makeFolder();
const SCENE = join(ROOT, 'scenarios', 'two-exits-one-chained');

beforeAll(buildCommand, 120_000);
afterAll(scratch.remove);

/** The scene's expectations with other beats, in a file of its own. */
function writeExpectations(name: string, changes: Record<string, unknown>): string {
  const own = JSON.parse(readFileSync(join(SCENE, 'expectations.json'), 'utf8'));
  const file = join(scratch.path, name);
  copyFileSync(join(SCENE, 'scenario.json'), join(scratch.path, 'scenario.json'));
  writeFileSync(file, JSON.stringify({ ...own, ...changes }));
  return file;
}

test('what is expected of the scene with a chained exit comes out', () => {
  const { exitCode, stdout } = crashbar(['verify', SCENE, '--seeds', '2', '--quiet', '--json']);
  const answer = JSON.parse(stdout);
  expect(answer.expectations.map(({ id, held }: { id: string; held: number }) => [id, held])).toEqual(
    ['1', '2', '3', '4', '5'].map((id) => [id, 2]),
  );
  expect(exitCode).toBe(0);
}, 120_000);

test('what does not come out is said, with the seeds, and the exit code is 1', () => {
  const file = writeExpectations('never.json', {
    beats: [{ id: 'x', what: 'the walls fall', shown: [{ count: { type: 'door-forced' }, least: 1 }] }],
  });
  const { exitCode, stderr } = crashbar(['verify', file, '--seeds', '1', '--quiet']);
  expect(stderr).toContain('FAIL  x  0/1  the walls fall (0, not with seed 1)');
  expect(exitCode).toBe(1);
}, 120_000);

test('a file with faults is refused with all of them, and nothing runs', () => {
  const file = writeExpectations('faults.json', { name: '', beats: [{ id: 'x', what: 'y', shown: [{ count: 3 }] }] });
  const { exitCode, stderr } = crashbar(['verify', file, '--quiet']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('name');
  expect(stderr).toContain('beats[0].shown[0]');
  expect(stderr).not.toMatch(/^ +at /m);
});
