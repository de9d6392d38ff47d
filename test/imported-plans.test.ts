import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { importWkt } from '../src/importers/index.ts';
import { loadScenario } from '../src/scenario/index.ts';
import { compileWorld } from '../src/world/index.ts';

const DATA = '../shared/data/geometry';

describe.skipIf(!existsSync(DATA))('plans of the field, with guessed exits', () => {
  test.each(['arena', 'BUW', 'aknz_evac', 'double_bottleneck'])('%s compiles, and everybody has a way out', (name) => {
    const { scenario } = importWkt(new Uint8Array(readFileSync(`${DATA}/${name}.wkt`)), { persons: 50 });
    const loaded = loadScenario(JSON.stringify(scenario));
    const { world, issues } = compileWorld(loaded.scenario!);
    expect(issues.filter((issue) => issue.severity === 'error' || issue.code === 'exit-unreachable')).toEqual([]);
    expect(world?.personCount).toBe(50);
  });
});

test.each([
  ['a hall', 'POLYGON ((0 0, 30 0, 30 20, 0 20, 0 0))', 1],
  ['a corridor', 'POLYGON ((0 0, 40 0, 40 2, 0 2, 0 0))', 2],
  ['an L of corridors', 'POLYGON ((0 0, 20 0, 20 2, 2 2, 2 20, 0 20, 0 0))', 2],
  ['two halls apart', 'POLYGON ((0 0, 10 0, 10 8, 0 8, 0 0)) POLYGON ((20 0, 30 0, 30 8, 20 8, 20 0))', 2],
  [
    'a court around a court',
    'MULTIPOLYGON (((0 0, 20 0, 20 20, 0 20, 0 0), (5 5, 15 5, 15 15, 5 15, 5 5)), ((8 8, 12 8, 12 12, 8 12, 8 8)))',
    2,
  ],
  ['a small room', 'POLYGON ((0 0, 4 0, 4 3, 0 3, 0 0))', 1],
])('the exits guessed for %s lead out of the compiled world', (_, text, exits) => {
  const { scenario } = importWkt(new TextEncoder().encode(text), { density: 0.3 });
  expect(scenario?.exits.length).toBe(exits);
  const { world, issues } = compileWorld(loadScenario(JSON.stringify(scenario)).scenario!);
  expect(issues).toEqual([]);
  expect(world?.personCount).toBeGreaterThan(2);
});
