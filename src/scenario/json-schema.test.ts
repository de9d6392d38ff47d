import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitsJsonSchema } from './check-json-schema.test-support.ts';
import { scenarioJsonSchema } from './json-schema.ts';
import { readScenario } from './read-scenario.ts';
import { scenarioSchema } from './schema.ts';

const ROOT = join(import.meta.dirname, '../..');
const schema = scenarioJsonSchema();

function gallery(): string[] {
  const folder = join(ROOT, 'scenarios');
  return readdirSync(folder)
    .map((name) => join(folder, name, 'scenario.json'))
    .filter((file) => existsSync(file));
}

test('every scenario of the gallery fits the published schema, and is read without errors', () => {
  expect(gallery().length).toBeGreaterThan(0);
  for (const file of gallery()) {
    const text = readFileSync(file, 'utf8');
    expect(fitsJsonSchema(schema, JSON.parse(text)), file).toBe(true);
    expect(
      readScenario(text).issues.filter((issue) => issue.severity === 'error'),
      file,
    ).toEqual([]);
  }
});

test('the published schema and the reader give the same verdict on every broken file that is JSON', () => {
  const folder = join(ROOT, 'test/broken-scenarios');
  let compared = 0;
  for (const file of readdirSync(folder)) {
    const text = readFileSync(join(folder, file), 'utf8');
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      continue;
    }
    if (file === 'duplicate-keys.json') continue; // JSON Schema sees a value in which one of the two is gone
    compared++;
    expect(fitsJsonSchema(schema, value), file).toBe(readScenario(text).scenario !== undefined);
  }
  expect(compared).toBeGreaterThan(25);
});

test('the published schema and the reader give the same verdict on changed scenarios', () => {
  const text = readFileSync(join(ROOT, 'test/broken-scenarios/good.json'), 'utf8');
  const keys: (string | number)[][] = [];
  const collect = (value: unknown, at: (string | number)[]): void => {
    if (at.length > 0) keys.push(at);
    if (Array.isArray(value)) for (const [i, part] of value.entries()) collect(part, [...at, i]);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, part] of Object.entries(value)) collect(part, [...at, key]);
    }
  };
  collect(JSON.parse(text), []);
  const odd = fc.constantFrom<unknown>(
    null,
    true,
    '',
    'open',
    'all',
    [],
    {},
    [
      [0, 0],
      [1, 1],
    ],
    -1,
    0,
    1,
    2.5,
    1e9,
    { table: 'men' },
  );
  let good = 0;
  fc.assert(
    fc.property(fc.constantFrom(...keys), fc.option(odd, { nil: undefined }), (place, value) => {
      const changed = JSON.parse(text);
      const holder = place.slice(0, -1).reduce((part, key) => part[key], changed);
      if (value === undefined) delete holder[place.at(-1)!];
      else holder[place.at(-1)!] = value;
      const written = JSON.parse(JSON.stringify(changed));
      const verdict = scenarioSchema.safeParse(written).success;
      if (verdict) good++;
      expect(fitsJsonSchema(schema, written), place.join('.')).toBe(verdict);
    }),
    { numRuns: 1000 },
  );
  expect(good).toBeGreaterThan(0);
});

test('the schema says what it is', () => {
  expect(schema.$id).toBe('urn:crashbar:scenario:1');
  expect(schema.title).toBe('Crashbar scenario, version 1');
});
