import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCommand, crashbar, makeFolder } from './support/command.ts';

const folder = makeFolder();
const text = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const FLOOR = 'POLYGON ((0 0, 20 0, 20 20, 0 20, 0 0))';
const hall = {
  exits: {
    e: {
      coordinates: [
        [18, 0],
        [20, 0],
        [20, 2],
        [18, 2],
      ],
    },
  },
  distributions: {
    d: {
      coordinates: [
        [2, 2],
        [8, 2],
        [8, 8],
        [2, 8],
      ],
      parameters: { number: 5 },
    },
  },
};
const target = { id: 1, shape: { type: 'RECTANGLE', x: 27, y: 10, width: 1, height: 1 }, absorber: { enabled: true } };
const vadere = (topography: object) => ({
  release: '2.4',
  scenario: {
    topography: { attributes: { bounds: { x: 0, y: 0, width: 30, height: 20 } }, targets: [target], ...topography },
  },
});
/** Corners of a circle, or of a star that crosses itself as often as it can. */
const ring = (count: number, step: number) =>
  Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i * step) / count;
    return { x: 10 + 5 * Math.cos(angle), y: 10 + 5 * Math.sin(angle) };
  });

beforeAll(buildCommand);
afterAll(folder.remove);

/** Imports a file and looks that nothing but the plan, if anything, was written. */
function importInto(name: string, content: Uint8Array | undefined): { exitCode: number | null; codes: string[] } {
  const place = join(folder.path, name.replace(/\W/g, '-'));
  mkdirSync(place, { recursive: true });
  const file = join(place, name);
  if (content !== undefined) writeFileSync(file, content);
  else {
    const descriptor = openSync(file, 'w');
    ftruncateSync(descriptor, 2 ** 30);
    closeSync(descriptor);
  }
  const { exitCode, stdout, stderr } = crashbar(['import', file, '-o', join(place, 'plan.json'), '--json']);
  expect(stderr).not.toMatch(/ {4}at /);
  expect(readdirSync(place).filter((other) => other !== name && other !== 'plan.json')).toEqual([]);
  expect(existsSync(join(place, 'plan.json'))).toBe(exitCode === 0);
  const { issues } = JSON.parse(stdout) as { issues: { code: string }[] };
  return { exitCode, codes: issues.map((issue) => issue.code) };
}

test.each([
  ['a gigabyte without a line break', 'long.scenario', undefined, 'file-too-large'],
  [
    'a text of 40 MB in one line',
    'line.scenario',
    () => text(`{"topography": {"bounds": "${'a'.repeat(40_000_000)}"}}`),
    'missing-field',
  ],
  [
    'seven million numbers',
    'numbers.json',
    () => text(`{"exits": {}, "distributions": [${'0,'.repeat(7_000_000)}0]}`),
    'too-many-numbers',
  ],
  ['a hundred thousand brackets', 'deep.scenario', () => text('{"topography":{"bounds":'.repeat(50_000)), 'too-deep'],
  [
    'a million corners',
    'corners.scenario',
    () => text(vadere({ obstacles: [{ shape: { type: 'POLYGON', points: ring(1_000_000, 1) } }] })),
    'too-many-points',
  ],
  [
    'a star that crosses itself fifty million times',
    'star.scenario',
    () => text(vadere({ obstacles: [{ shape: { type: 'POLYGON', points: ring(10_001, 5000) } }] })),
    'polygon-self-crossing',
  ],
  [
    'coordinates that are none',
    'nan.scenario',
    () => text(JSON.stringify(vadere({})).replace('27', 'NaN')),
    'not-json',
  ],
  [
    'coordinates too large for a number',
    'huge.scenario',
    () => text(JSON.stringify(vadere({})).replace('27', '1e999')),
    'out-of-range',
  ],
  ['a bomb', 'bomb.zip', () => zipSync({ 'a.json': new Uint8Array(50_000_000) }, { level: 9 }), 'zip-ratio'],
  ['a zip in a zip', 'nested.zip', () => zipSync({ 'inner.zip': zipSync({ 'a.json': text(hall) }) }), 'unknown-format'],
  [
    'a zip cut in half',
    'half.zip',
    () => zipSync({ 'a.json': text(hall), 'b.wkt': text(FLOOR) }).subarray(0, 200),
    'zip-damaged',
  ],
  [
    'names that lead out, and nothing else',
    'out.zip',
    () => zipSync({ '../../out.json': text(hall), '/out.wkt': text(FLOOR) }),
    'zip-entry-name',
  ],
] as const)('%s is refused, and nothing is written', (_, name, make, code) => {
  const { exitCode, codes } = importInto(name, make?.());
  expect(exitCode).toBe(2);
  expect(codes).toContain(code);
});

test('names that lead out of a zip are left out, and the rest is read', () => {
  const files = { 'hall/config.json': text(hall), 'hall/floor.wkt': text(FLOOR), '../evil.json': text('{}') };
  const { exitCode, codes } = importInto('mixed.zip', zipSync(files));
  expect(exitCode).toBe(0);
  expect(codes).toContain('zip-entry-name');
});

test('a project with names that lead elsewhere is written to the folder it is to go to', () => {
  const place = join(folder.path, 'project');
  mkdirSync(join(place, 'scenarios'), { recursive: true });
  writeFileSync(join(place, 'vadere.project'), 'project');
  const source = {
    id: 2,
    shape: { type: 'RECTANGLE', x: 2, y: 2, width: 4, height: 4 },
    targetIds: [1],
    spawnNumber: 3,
  };
  for (const name of ['..evil', 'a b', 'c'])
    writeFileSync(join(place, 'scenarios', `${name}.scenario`), text(vadere({ sources: [source] })));
  writeFileSync(join(place, 'scenarios', 'broken.scenario'), '{');
  const out = join(folder.path, 'made');
  const { exitCode, stdout } = crashbar(['import', place, '-o', out, '--json']);
  // One of four cannot be run: the others are written, and the exit code says so.
  expect(exitCode).toBe(1);
  expect(readdirSync(out).sort()).toEqual(['a b.json', 'c.json', 'evil.json']);
  const { scenarios } = JSON.parse(stdout) as { scenarios: { name: string; file?: string; persons?: number }[] };
  expect(scenarios.map(({ name, persons }) => [name, persons])).toEqual([
    ['..evil', 3],
    ['a b', 3],
    ['broken', undefined],
    ['c', 3],
  ]);
  // Nothing is replaced without being asked to.
  expect(crashbar(['import', place, '-o', out, '--json']).exitCode).toBe(2);
});
