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

test('the seeds begin with the one given, and those in which it failed are called by their numbers', () => {
  const file = writeExpectations('late.json', {
    beats: [{ id: 'x', what: 'the walls fall', shown: [{ count: { type: 'door-forced' }, least: 1 }] }],
  });
  const { stdout } = crashbar(['verify', file, '--first-seed', '7', '--seeds', '2', '--quiet', '--json']);
  const answer = JSON.parse(stdout);
  expect([answer.firstSeed, answer.seeds]).toEqual([7, 2]);
  expect(answer.expectations[0].failed).toEqual([7, 8]);
}, 120_000);

test('a file with faults is refused with all of them, and nothing runs', () => {
  const file = writeExpectations('faults.json', { name: '', beats: [{ id: 'x', what: 'y', shown: [{ count: 3 }] }] });
  const { exitCode, stderr } = crashbar(['verify', file, '--quiet']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('name');
  expect(stderr).toContain('beats[0].shown[0]');
  expect(stderr).not.toMatch(/^ +at /m);
});

/** The scene and the same with its west door merely closed, for 30 s, in a folder with a comparison of the two. */
function writeVariants(name: string, changes: object = {}): string {
  const scene = JSON.parse(readFileSync(join(SCENE, 'scenario.json'), 'utf8'));
  const short = { ...scene, settings: { ...scene.settings, end: { time: 30 } } };
  const closed = short.doors.map((door: { id: string }) =>
    door.id === 'west door' ? { ...door, state: 'closed' } : door,
  );
  writeFileSync(join(scratch.path, 'chained.json'), JSON.stringify(short));
  writeFileSync(join(scratch.path, 'closed.json'), JSON.stringify({ ...short, doors: closed }));
  const file = join(scratch.path, name);
  const finders = { persons: { type: 'door-found-locked', door: 'west door' } };
  const variants = {
    variants: 1,
    name: 'a chain',
    seeds: 3,
    measures: [{ id: 'found it locked', what: 'persons who touch the chained door', shown: finders }],
    scenarios: [
      { file: 'chained.json', what: 'the door is chained' },
      { file: 'closed.json', what: 'the door is closed' },
    ],
    expect: [
      { measure: 'found it locked', of: 'chained.json', median: { least: 1 } },
      { measure: 'found it locked', of: 'closed.json', below: 'chained.json', always: { most: 0 } },
    ],
  };
  writeFileSync(file, JSON.stringify({ ...variants, ...changes }));
  return file;
}

test('variants are compared in one table with intervals, and what is expected of them is judged', () => {
  const file = writeVariants('variants.json');
  const { exitCode, stdout } = crashbar(['verify', scratch.path, '--variants', '--quiet']);
  expect(stdout).toMatch(/^chained\.json +\d+\.\d+ ± \d+\.\d+, \d+ \(\d+ … \d+\) +the door is chained$/m);
  expect(stdout).toMatch(/^closed\.json +0\.00 ± 0\.00, 0 \(0 … 0\)/m);
  expect(stdout).toContain('a chain: 2 of 2 comparisons come out.');
  expect(exitCode).toBe(0);
  const answer = JSON.parse(crashbar(['verify', file, '--variants', '--seeds', '2', '--quiet', '--json']).stdout);
  expect(answer.variants.map((row: { cells: { count: number }[] }) => row.cells[0].count)).toEqual([2, 2]);
}, 120_000);

test('what does not come out of variants is said, and the exit code is 1', () => {
  writeVariants('wrong.json', { expect: [{ measure: 'found it locked', of: 'chained.json', below: 'closed.json' }] });
  const { exitCode, stderr } = crashbar([
    'verify',
    join(scratch.path, 'wrong.json'),
    '--variants',
    '--seeds',
    '2',
    '--quiet',
  ]);
  expect(stderr).toContain('FAIL  chained.json: found it locked less than closed.json');
  expect(exitCode).toBe(1);
}, 120_000);

test('variants with faults, or one seed, are refused', () => {
  const faults = crashbar([
    'verify',
    writeVariants('names.json', { expect: [{ measure: 'x', of: 'y' }] }),
    '--variants',
  ]);
  expect(faults.exitCode).toBe(2);
  expect(faults.stderr).toContain('expect[0].measure');
  expect(faults.stderr).toContain('expect[0].of');
  const one = crashbar(['verify', writeVariants('one.json'), '--variants', '--seeds', '1']);
  expect(one.exitCode).toBe(2);
  expect(one.stderr).toContain('--seeds');
});
