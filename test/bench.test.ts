import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { buildCommand, ROOT } from './support/command.ts';

interface BenchRow {
  readonly scene: string;
  readonly rate: number;
  readonly hash: string;
  readonly threads?: number;
  readonly kernel?: string;
  readonly realTime?: number;
  readonly touching?: number;
  readonly persons?: number;
  readonly rise?: number;
  readonly riseMin?: number;
  readonly pillars?: number;
  readonly cost?: number;
  readonly costMin?: number;
  readonly costMax?: number;
  readonly first?: number;
  readonly share?: number;
  readonly mechanisms?: readonly { readonly name: string; readonly share: number }[];
}

beforeAll(buildCommand, 120_000);

/** `npm run bench -- …` without npm; the parsed document. */
function bench(...args: readonly string[]): { readonly rows: readonly BenchRow[] } {
  const script = join(ROOT, 'scripts', 'bench.mjs');
  const done = spawnSync(process.execPath, [script, ...args, '--json'], { cwd: ROOT, encoding: 'utf8' });
  expect(done.stderr).not.toMatch(/\n\s+at /);
  expect(done.status).toBe(0);
  return JSON.parse(done.stdout);
}

test('the quick bench runs, its rates are numbers and its states are the same in a second process', () => {
  const runs = [bench('--quick', '--repeats', '1'), bench('--quick', '--repeats', '1')];
  for (const { rows } of runs) {
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(row.rate).toBeGreaterThan(0);
      expect(row.hash).toMatch(/^[0-9a-f]{16}$/);
    }
    expect(rows[0].hash).not.toBe(rows[1].hash);
  }
  expect(runs[1].rows.map(({ hash }) => hash)).toEqual(runs[0].rows.map(({ hash }) => hash));
}, 60_000);

// Jobs of fewer than 1000 items wake no helper, so a smaller crowd would prove nothing.
test('the bench of threads leaves one state with one and with two', () => {
  const { rows } = bench('--threads', '1,2', '--persons', '3000', '--quick', '--repeats', '1');
  expect(rows).toHaveLength(2);
  expect(rows[0].scene).not.toBe(rows[1].scene);
  expect(rows[1].hash).toBe(rows[0].hash);
  for (const { rate } of rows) expect(rate).toBeGreaterThan(0);
}, 60_000);

test('the bench of both builds of the kernel leaves one state', () => {
  const { rows } = bench('--kernels', 'simd,scalar', '--persons', '1000', '--quick', '--repeats', '1');
  expect(rows.map(({ kernel, threads }) => [kernel, threads])).toEqual([
    ['simd', 1],
    ['scalar', 1],
  ]);
  expect(rows[1].hash).toBe(rows[0].hash);
}, 60_000);

test('the bench of packed crowds leaves one state with one and with two threads, and its persons touch', () => {
  const { rows } = bench('--dense', '--persons', '3000', '--quick', '--repeats', '1');
  expect(rows.map(({ threads }) => threads)).toEqual([1, 2]);
  expect(rows[1].hash).toBe(rows[0].hash);
  for (const { rate, realTime, touching } of rows) {
    expect(rate).toBeGreaterThan(0);
    expect(realTime).toBeGreaterThan(0);
    expect(touching).toBeGreaterThan(1);
  }
}, 60_000);

test('the bench of sizes tells what an agent-second costs more in the larger crowd', () => {
  const { rows } = bench('--scale', '--quick', '--repeats', '2');
  expect(rows.map(({ persons }) => persons)).toEqual([500, 2000]);
  expect(rows[0].rise).toBe(0);
  expect(rows[1].riseMin).toBeLessThanOrEqual(rows[1].rise as number);
  expect(rows[1].hash).not.toBe(rows[0].hash);
}, 60_000);

test('the bench of pillars tells what an agent-second costs more among them, to the end and in the first seconds', () => {
  const { rows } = bench('--pillars', '--quick', '--repeats', '2');
  expect(rows.map(({ pillars }) => pillars)).toEqual([0, 16, 90, 380]);
  expect([rows[0].cost, rows[0].first]).toEqual([1, 1]);
  for (const { rate, cost, costMin, costMax, first } of rows) {
    expect(rate).toBeGreaterThan(0);
    expect(costMin).toBeLessThanOrEqual(cost as number);
    expect(costMax).toBeGreaterThanOrEqual(cost as number);
    expect(first).toBeGreaterThan(0);
  }
  expect(new Set(rows.map(({ hash }) => hash)).size).toBe(4);
}, 60_000);

test('the bench of behaviour tells the share of a step that it takes, by mechanism, and both scenes run to the same state each time', () => {
  const { rows } = bench('--behaviour', '--quick', '--repeats', '1');
  expect(rows.map(({ persons }) => persons)).toEqual([600, 300]);
  for (const { share, realTime, mechanisms, hash } of rows) {
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(100);
    expect(realTime).toBeGreaterThan(0);
    expect(mechanisms!.reduce((sum, one) => sum + one.share, 0)).toBeCloseTo(share!, 6);
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
  }
  const named = new Set(rows[1].mechanisms!.map(({ name }) => name));
  for (const name of [
    'hearing',
    'signs',
    'word',
    'contagion',
    'inner',
    'following',
    'choice of ways',
    'roles',
    'closers',
    'drops',
    'groups',
  ])
    expect(named).toContain(name);
}, 60_000);

test.each([
  [['--threads', '0'], '--threads'],
  [['--persons', '10'], '--persons'],
  [['--repeats', 'many'], '--repeats'],
  [['--quick', '--large'], '--quick'],
  [['--dense', '--large'], '--dense'],
  [['--scale', '--threads', '1,2'], '--scale'],
  [['--kernels', 'fast'], '--kernels'],
  [['--behaviour', '--dense'], '--behaviour'],
  [['--pillars', '--scale'], '--pillars'],
])('the bench refuses %j in a line that names the option', (args, option) => {
  const script = join(ROOT, 'scripts', 'bench.mjs');
  const done = spawnSync(process.execPath, [script, ...args], { cwd: ROOT, encoding: 'utf8' });
  expect(done.status).not.toBe(0);
  expect(done.stderr).toContain(option);
  expect(done.stderr).not.toMatch(/\n\s+at /);
});
