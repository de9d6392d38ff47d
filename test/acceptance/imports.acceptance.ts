import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCommand, crashbar, makeFolder, ROOT } from '../support/command.ts';
import { isInside, readPolygons } from '../support/inside.ts';

/** A run keeps positions in whole millimetres; nothing else is forgiven. */
const TOLERANCE = 0.001;

const folder = makeFolder();
const data = join(ROOT, '..', 'shared', 'data', 'geometry');
const plans = [
  join(ROOT, 'scenarios', 'double-bottleneck', 'plan.wkt'),
  ...(existsSync(data) ? readdirSync(data).filter((name) => name.endsWith('.wkt')) : []).map((name) =>
    join(data, name),
  ),
];

beforeAll(buildCommand, 120_000);
afterAll(folder.remove);

test.each(plans.map((plan) => [basename(plan, '.wkt'), plan]))(
  'the plan %s is imported, all of 250 persons get out of it, and every exported position lies on its floor',
  (name, plan) => {
    const scenario = join(folder.path, `${name}.json`);
    const run = join(folder.path, name);
    const text = join(folder.path, `${name}.txt`);
    const imported = crashbar(['import', plan, '-o', scenario, '--persons', '250']);
    expect(imported.stderr).toBe('');
    expect(imported.exitCode).toBe(0);
    const ran = crashbar(['run', scenario, '-o', run, '--quiet', '--no-report', '--json']);
    expect(ran.exitCode).toBe(0);
    expect(crashbar(['export', run, '--format', 'txt', '--sheet', 'ground', '-o', text]).exitCode).toBe(0);

    const polygons = readPolygons(readFileSync(plan, 'utf8'));
    expect(polygons.length).toBeGreaterThan(0);
    const persons = new Set<string>();
    let rows = 0;
    const outside: string[] = [];
    for (const line of readFileSync(text, 'utf8').split('\n')) {
      if (line === '' || line.startsWith('#')) continue;
      const [id, , x, y] = line.trim().split(/\s+/);
      rows++;
      persons.add(id);
      if (!polygons.some((rings) => isInside(rings, Number(x), Number(y), TOLERANCE))) outside.push(line);
    }
    const { out, outcome } = JSON.parse(ran.stdout);
    console.log(
      `${name}: ${rows} positions of ${persons.size} persons, ${outside.length} off the floor; ${out} out, ${outcome}`,
    );
    expect(persons.size).toBe(250);
    expect(rows).toBeGreaterThan(10_000);
    expect(outside.slice(0, 5)).toEqual([]);
    expect(out).toBe(250);
    expect(outcome).toBe('everyone-out');
  },
);

test('a point that is moved through a wall is noticed', () => {
  const polygons = readPolygons(readFileSync(plans[0], 'utf8'));
  expect(polygons[0].length).toBe(3);
  const [rings] = polygons;
  expect(isInside(rings, 17, 5, TOLERANCE)).toBe(true);
  expect(isInside(rings, 17, 6, TOLERANCE)).toBe(false);
  expect(isInside(rings, 22, 3.4, TOLERANCE)).toBe(false);
  expect(isInside(rings, 22, 5, TOLERANCE)).toBe(true);
  expect(isInside(rings, -0.0011, 5, TOLERANCE)).toBe(false);
});
