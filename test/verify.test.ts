import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildCommand, makeFolder, ROOT } from './support/command.ts';

let folder: ReturnType<typeof makeFolder>;
beforeAll(buildCommand, 120_000);
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => folder.remove());

const scenario = {
  crashbar: 1,
  name: 'five metres',
  levels: [
    {
      id: 'ground',
      outlines: [
        [
          [0, 0],
          [6, 0],
          [6, 2],
          [0, 2],
        ],
      ],
    },
  ],
  exits: [
    {
      id: 'end',
      level: 'ground',
      line: [
        [6, 0],
        [6, 2],
      ],
    },
  ],
  profiles: [{ id: 'walker', freeSpeed: 1 }],
  populations: [{ id: 'walker', level: 'ground', position: [1, 1], profile: 'walker' }],
};

/** Runs the verification of one case: somebody walks 5 m at 1 m/s, which takes 5.3 s with the start. */
function verify(measure: object, { slow = false, flags = [] as string[] } = {}) {
  const caseFolder = join(folder.path, 'five-metres');
  mkdirSync(caseFolder, { recursive: true });
  writeFileSync(join(caseFolder, 'scenario.json'), JSON.stringify(scenario));
  const measures = [{ name: 'time', kind: 'time-out', unit: 's', seeds: 2, ...measure }];
  writeFileSync(
    join(caseFolder, 'expect.json'),
    JSON.stringify({ title: 'walk', source: 'closed form', ...(slow && { slow }), measures }),
  );
  const script = join(ROOT, 'scripts', 'verify.mjs');
  const done = spawnSync(process.execPath, [script, '--folder', folder.path, ...flags], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { exitCode: done.status, stdout: done.stdout, stderr: done.stderr };
}
const results = () => readFileSync(join(folder.path, 'RESULTS.md'), 'utf8');

test('a case in its band passes, and the results are the same text each time', () => {
  expect(verify({ band: [5, 6], status: 'pass' }).exitCode).toBe(0);
  const first = results();
  expect(first).toMatch(/\| five-metres \| time \| 5–6 s \| 5\.\d+ s \(.*, 2 seeds\) \| pass \|/);
  expect(verify({ band: [5, 6], status: 'pass' }).exitCode).toBe(0);
  expect(results()).toBe(first);
  expect(readFileSync(join(folder.path, 'results.html'), 'utf8')).toContain('five-metres');
});

test('a case that leaves its band fails the run, and one that is known to does not', () => {
  const changed = verify({ band: [1, 2], status: 'pass' });
  expect(changed.exitCode).toBe(1);
  expect(changed.stdout).toContain('**FAILS NOW**');
  const known = verify({ band: [1, 2], status: 'known-failure', reason: 'people need time' });
  expect(known.exitCode).toBe(0);
  expect(results()).toContain('people need time');
});

test('a known failure that passes fails the run, so that its mark goes', () => {
  const changed = verify({ band: [5, null], status: 'known-failure', reason: 'none any more' });
  expect(changed.exitCode).toBe(1);
  expect(changed.stdout).toContain('**PASSES NOW**');
});

test('a measure that cannot be told is never in its band', () => {
  const { exitCode, stdout } = verify({ kind: 'flow', band: [0, null], status: 'pass' });
  expect(exitCode).toBe(1);
  expect(stdout).toContain('cannot be told');
});

test('a slow case runs on request only, and its row stays in the results of later runs', () => {
  const measure = { band: [5, 6], status: 'pass' };
  expect(verify(measure, { slow: true }).stdout).toContain('not run');
  expect(verify(measure, { slow: true, flags: ['--slow'] }).exitCode).toBe(0);
  const withRun = results();
  expect(withRun).toMatch(/\| five-metres \(slow\) \| time \| 5–6 s \| 5\.\d+ s .* \| pass \|/);
  const later = verify(measure, { slow: true });
  expect(later.exitCode).toBe(0);
  expect(later.stderr).toContain('0 runs');
  expect(results()).toBe(withRun);
});

test('a kept result of a slow case that leaves its band fails the run', () => {
  verify({ band: [5, 6], status: 'pass' }, { slow: true, flags: ['--slow'] });
  expect(verify({ band: [1, 2], status: 'pass' }, { slow: true }).exitCode).toBe(1);
});

test('two bodies deep in one another for longer than a second are found, in a crush or for a moment they are not', async () => {
  const { watchOverlaps } = await import(pathToFileURL(join(ROOT, 'verification', 'lib', 'overlaps.mjs')).href);
  const overlapping = (seconds: number, gap: number, chestLoad: number, posture = 0) => {
    const watcher = watchOverlaps({ depth: 0.3, seconds: 1, load: 600 });
    const columns = {
      radius: [0.2, 0.2],
      y: [0, 0],
      area: [0, 0],
      state: [1, 1],
      posture: [0, posture],
      chestLoad: [0, chestLoad],
    };
    for (let tick = 1; tick <= 10 * seconds; tick++) {
      watcher.see({ views: { clock: { tick: [tick] }, persons: { x: [0.4, 0.4 + gap], ...columns } }, personCount: 2 });
    }
    return watcher.pairs.size;
  };
  expect(overlapping(2, 0.3, 0)).toBe(1);
  expect(overlapping(2, 0.35, 0)).toBe(0);
  expect(overlapping(1, 0.3, 0)).toBe(0);
  expect(overlapping(2, 0.3, 700)).toBe(0);
  // one steps over who lies
  expect(overlapping(2, 0.3, 0, 1)).toBe(0);
});

test('a case that is written wrongly is refused with every fault named', () => {
  const { exitCode, stdout, stderr } = verify({ kind: 'time', band: [null, null], status: 'maybe', colour: 'red' });
  expect(exitCode).toBe(1);
  for (const word of ['unknown kind time', 'band must be', 'status must be', 'unknown field colour']) {
    expect(stderr).toContain(word);
  }
  expect(`${stdout}${stderr}`).not.toMatch(/^\s+at /m);
});

test('every test of the guidelines has a case that there is, or a reason, and every case of a guideline stands in its table', async () => {
  const root = join(ROOT, 'verification');
  const { findCases, loadGuidelines } = await import(pathToFileURL(join(root, 'lib', 'guidelines.mjs')).href);
  const names = readdirSync(root).filter((name) => existsSync(join(root, name, 'expect.json')));
  const guidelines: { short: string; tests: { test: string; cases: string[]; why?: string }[] }[] =
    loadGuidelines(root);
  expect(guidelines.map(({ tests }) => tests.length)).toEqual([16, 12, 17]);
  const tests = guidelines.flatMap((one) => one.tests);
  for (const { cases, why } of tests) {
    expect(cases.filter((name) => !names.includes(name))).toEqual([]);
    expect(cases.length > 0 || why !== undefined).toBe(true);
  }
  const answered = new Set(tests.flatMap(({ cases }) => cases));
  expect(names.filter((name) => /^(rimea|imo|nist)-/.test(name) && !answered.has(name))).toEqual([]);
  expect(findCases('nist-2.8', names, guidelines)).toEqual(['imo-08-counterflow']);
  expect(findCases('rimea-05', names, guidelines)).toEqual(['rimea-05-pre-movement']);
  expect(findCases('imo-08-counterflow', names, guidelines)).toEqual(['imo-08-counterflow']);
  expect(findCases('nist-2.5', names, guidelines)).toBeUndefined();
});
