import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distanceToSegment, polygonContains } from '../math/index.ts';
import { loadScenario, overlapArea, type Point, type Scenario } from '../scenario/index.ts';
import { detectImporter, importers, importWkt } from './index.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const load = (text: string, options = {}) => {
  const result = importWkt(bytes(text), options);
  const loaded = result.scenario === undefined ? undefined : loadScenario(JSON.stringify(result.scenario));
  return { ...result, loaded };
};
const codes = (text: string, options = {}) => load(text, options).issues.map((issue) => issue.code);
const errors = (text: string, options = {}) =>
  load(text, options)
    .issues.filter((issue) => issue.severity === 'error')
    .map((issue) => issue.code);
const EXIT = { exits: ['10,2 10,4'] };
const SQUARE = 'POLYGON ((0 0, 10 0, 10 8, 0 8, 0 0))';

function floorArea(scenario: Scenario): number {
  const level = scenario.levels[0];
  return (
    overlapArea(level.outlines, level.outlines) -
    (level.holes.length === 0 ? 0 : overlapArea(level.outlines, level.holes))
  );
}

test('a polygon becomes a level, its closing point dropped', () => {
  const { scenario, loaded, issues } = load(SQUARE, { ...EXIT, persons: 20, name: 'Hall' });
  expect(issues).toEqual([]);
  expect(loaded?.issues).toEqual([]);
  expect(scenario?.levels[0].outlines).toEqual([
    [
      [0, 0],
      [10, 0],
      [10, 8],
      [0, 8],
    ],
  ]);
  expect(scenario?.exits).toEqual([
    {
      id: 'exit-1',
      level: 'ground',
      line: [
        [10, 2],
        [10, 4],
      ],
    },
  ]);
  expect(scenario?.populations?.[0].count).toBe(20);
  expect(scenario?.name).toBe('Hall');
});

test.each([
  ['any case, line breaks and tabs', 'polygon\n((0 0,\t10 0 , 10 8\r\n,0 8,0 0) )'],
  ['exponents and signs', 'POLYGON ((0e0 -0, 1e1 0, +10.0 8., 0 .8E1, 0 0))'],
  ['a comment before it', '# a hall\n  # drawn by hand\nPOLYGON ((0 0, 10 0, 10 8, 0 8, 0 0))'],
  ['a coordinate system', 'SRID=25832; POLYGON ((0 0, 10 0, 10 8, 0 8, 0 0))'],
  ['heights', 'POLYGON Z ((0 0 3, 10 0 3, 10 8 3, 0 8 3, 0 0 3))'],
  ['heights, the letter stuck on', 'POLYGONZM ((0 0 3 1, 10 0 3 1, 10 8 3 1, 0 8 3 1, 0 0 3 1))'],
  ['the other turn', 'POLYGON ((0 0, 0 8, 10 8, 10 0, 0 0))'],
  ['an open ring', 'POLYGON ((0 0, 10 0, 10 8, 0 8))'],
  ['doubled points', 'POLYGON ((0 0, 0 0, 10 0, 10 8, 10 8, 0 8, 0 0, 0 0))'],
  [
    'a collection in a collection',
    'GEOMETRYCOLLECTION (GEOMETRYCOLLECTION (POINT (1 2), POLYGON ((0 0, 10 0, 10 8, 0 8, 0 0))), LINESTRING (1 2, 3 4), MULTIPOINT ((1 2), 3 4))',
  ],
  ['empty shapes beside it', 'MULTIPOLYGON (EMPTY, ((0 0, 10 0, 10 8, 0 8, 0 0))) POLYGON EMPTY; POINT EMPTY'],
  ['two halves that meet', 'POLYGON ((0 0, 5 0, 5 8, 0 8, 0 0))\nPOLYGON ((5 0, 10 0, 10 8, 5 8, 5 0))'],
])('a hall of 80 m² is read from %s', (_, text) => {
  const { loaded } = load(text, EXIT);
  expect(loaded?.issues.filter((issue) => issue.severity === 'error')).toEqual([]);
  expect(floorArea(loaded!.scenario!)).toBeCloseTo(80, 6);
});

test('what is dropped or guessed is in the report', () => {
  const { report } = load(
    'SRID=25832; GEOMETRYCOLLECTION (POINT (1 2), POLYGON Z ((0 0 1, 10 0 1, 10 8 1, 0 8 1, 0 0 1)))',
    { persons: 3 },
  );
  expect(report.read).toEqual([
    'coordinates: EPSG:25832, metric, taken as it is',
    'floor: 1 polygon with 0 holes, 4 corners, in m',
  ]);
  expect(report.ignored).toEqual(['1 × POINT', 'heights or measures of 5 points']);
  expect(report.guessed[0]).toMatch(/^exit region .*: no outer edge has a door’s width/);
  expect(report.guessed[1]).toMatch(/^persons: adults/);
});

test.each([
  ['mm', 1000],
  ['cm', 100],
  ['m', 1],
  ['ft', 1 / 0.3048],
  ['in', 1 / 0.0254],
] as const)('a plan in %s has the same corners in metres', (unit, scale) => {
  const text = `POLYGON ((0 0, ${10 * scale} 0, ${10 * scale} ${8.1 * scale}, 0 ${8.1 * scale}, 0 0))`;
  const corners = load(text, { unit, ...EXIT }).scenario?.levels[0].outlines[0];
  expect(corners?.map(([x, y]) => [Math.round(x * 1e9) / 1e9, Math.round(y * 1e9) / 1e9])).toEqual([
    [0, 0],
    [10, 0],
    [10, 8.1],
    [0, 8.1],
  ]);
});

test.each([
  ['', ['no-floor']],
  ['POLYGON EMPTY', ['no-floor']],
  ['POLYGON', ['wkt-syntax']],
  ['POLYGON (0 0, 1 0, 1 1)', ['wkt-syntax']],
  ['POLYGON ((0 0, 1 0, 1 1', ['wkt-syntax']],
  ['POLYGON ((0 0, 1, 1 1))', ['wkt-syntax']],
  ['POLYGON ((0 0 0 0 0, 1 1, 2 0))', ['wkt-syntax']],
  ['POLYGON ((0 0, 1 nan, 1 1))', ['wkt-syntax']],
  ['POLYGON ((0 0, 1e999 0, 1 1))', ['wkt-syntax']],
  ['POLYGON ((0,0, 1,0, 1,1))', ['wkt-syntax']],
  ['POLYGON ((0 0, 1.5.2 0, 1 1))', ['wkt-syntax']],
  ['CURVEPOLYGON ((0 0, 1 0, 1 1))', ['wkt-syntax']],
  ['POLYGON ((0 0, 10 8, 10 0, 0 9, 0 0))', ['polygon-self-crossing']],
  ['SRID=4326;POLYGON ((500000 5600000, 500010 5600000, 500010 5600010))', ['plan-not-in-degrees']],
  [`${'GEOMETRYCOLLECTION ('.repeat(40)}POINT (1 2)${')'.repeat(40)}`, ['too-deep']],
])('refused: %# %j', (text, expected) => {
  expect(errors(text)).toEqual(expected);
  expect(load(text).scenario).toBeUndefined();
});

test('a hundred thousand nested collections are refused without recursion to the end', () => {
  expect(errors('GEOMETRYCOLLECTION ('.repeat(100_000))).toEqual(['too-deep']);
});

test('an error says its line and column', () => {
  const [issue] = importWkt(bytes('# plan\nPOLYGON ((0 0,\n 1 x, 1 1))')).issues;
  expect(issue.path).toBe('line 3, column 4');
  expect(issue.message).toMatch(/^A point needs two coordinates/);
});

test('rings that cross, double a point, turn back or enclose nothing are named by ring and polygon', () => {
  const { issues } = load(
    'POLYGON ((0 0, 10 0, 10 8, 0 8, 0 0), (1 1, 2 1, 1 1), (3 3, 3 3, 4 3, 4 4, 3 3), (5 5, 7 7, 7 5, 5 6.5, 5 5))',
    EXIT,
  );
  expect(issues.map((issue) => `${issue.severity} ${issue.code} ${issue.message.slice(0, 19)}`)).toEqual([
    'warning polygon-no-area Ring 1 of polygon 0',
    'warning duplicate-corner Ring 2 of polygon 0',
    'error polygon-self-crossing Ring 3 of polygon 0',
  ]);
  expect(codes('POLYGON ((0 0, 10 0, 10 8, 12 8, 10 8, 0 8, 0 0))', EXIT)).toEqual(['polygon-spike']);
});

test('bytes that are no text, and too many of them, are refused', () => {
  expect(importWkt(new Uint8Array([0xff, 0xfe, 0x50, 0])).issues[0].code).toBe('not-utf8');
  expect(importWkt(bytes(SQUARE), {}, { bytesMax: 10, depthMax: 32, pointsMax: 100 }).issues[0].code).toBe('too-large');
  expect(importWkt(bytes(SQUARE), {}, { bytesMax: 1000, depthMax: 32, pointsMax: 4 }).issues[0].code).toBe(
    'too-many-points',
  );
});

test('an island in a hole keeps its floor', () => {
  const text =
    'MULTIPOLYGON (((0 0, 20 0, 20 20, 0 20, 0 0), (5 5, 15 5, 15 15, 5 15, 5 5)), ((8 8, 12 8, 12 12, 8 12, 8 8)))';
  const { loaded, issues } = load(text, { exits: ['0,2 0,4'] });
  expect(issues.map((issue) => issue.code)).toEqual(['floor-in-pieces']);
  expect(loaded?.issues.filter((issue) => issue.severity === 'error')).toEqual([]);
  expect(floorArea(loaded!.scenario!)).toBeCloseTo(400 - 100 + 16, 6);
});

test('exits are taken as lines and as regions, as text and as points', () => {
  const { scenario } = load(SQUARE, {
    exits: [
      '10,2 10,4',
      [
        [0, 0],
        [1, 0],
        [1, 1],
      ],
    ],
  });
  expect(scenario?.exits).toEqual([
    {
      id: 'exit-1',
      level: 'ground',
      line: [
        [10, 2],
        [10, 4],
      ],
    },
    {
      id: 'exit-2',
      level: 'ground',
      polygon: [
        [0, 0],
        [1, 0],
        [1, 1],
      ],
    },
  ]);
  expect(errors(SQUARE, { exits: ['10,2'] })).toEqual(['exit-not-understood']);
  expect(errors(SQUARE, { exits: ['a,b c,d'] })).toEqual(['exit-not-understood']);
  expect(errors(SQUARE, { exits: [], guessExits: false })).toEqual(['no-exit']);
  expect(errors(SQUARE, { ...EXIT, persons: 3, density: 1 })).toEqual(['population-needs-one']);
});

test('the exits guessed for a corridor are its two ends', () => {
  const { scenario, issues } = load('POLYGON ((0 0, 40 0, 40 2, 0 2, 0 0))');
  expect(issues.map((issue) => `${issue.severity} ${issue.code}`)).toEqual(['warning exits-guessed']);
  const ends = scenario?.exits.map((exit) => exit.line?.map(([x]) => x));
  expect(ends).toEqual([
    [0, 0],
    [40, 40],
  ]);
  expect(scenario?.description).toMatch(/guesses/);
});

test('the exit guessed for a hall without narrow edges is a square region off its walls, far from the middle', () => {
  const { scenario, loaded } = load('POLYGON ((0 0, 30 0, 30 20, 0 20, 0 0), (10 8, 20 8, 20 12, 10 12, 10 8))');
  const region = scenario?.exits[0].polygon as [number, number][];
  const xs = region.map(([x]) => x);
  const ys = region.map(([, y]) => y);
  expect(Math.max(...xs) - Math.min(...xs)).toBeGreaterThanOrEqual(1);
  expect(Math.min(...xs, ...ys)).toBeGreaterThanOrEqual(0.3);
  expect(Math.max(...xs)).toBeLessThanOrEqual(29.7);
  expect(Math.max(...ys)).toBeLessThanOrEqual(19.7);
  const middle = [(xs[0] + xs[1]) / 2 - 15, (ys[1] + ys[2]) / 2 - 10];
  expect(Math.sqrt(middle[0] ** 2 + middle[1] ** 2)).toBeGreaterThan(15);
  expect(loaded?.issues.map((issue) => issue.code)).toEqual(['no-population']);
});

test('each piece of a plan in pieces gets an exit', () => {
  const { scenario } = load('POLYGON ((0 0, 10 0, 10 8, 0 8, 0 0)) POLYGON ((20 0, 30 0, 30 8, 20 8, 20 0))');
  const insides = scenario?.exits.map((exit) => (exit.polygon?.[0][0] as number) > 15);
  expect(insides?.sort()).toEqual([false, true]);
});

test('a text cut or changed anywhere gives issues or a scenario, and never throws', () => {
  const text = `# x\nSRID=1;GEOMETRYCOLLECTION (${SQUARE}, MULTIPOLYGON Z (((1 1 1, 2 1 1, 2 2 1, 1 1 1))), POINT EMPTY)`;
  for (let end = 0; end < text.length; end++)
    expect(importWkt(bytes(text.slice(0, end))).issues.length).toBeGreaterThan(0);
  const piece = fc.constantFrom(
    '(',
    ')',
    ',',
    ' ',
    '1',
    '-',
    'e',
    'Z',
    'EMPTY',
    ';',
    '#',
    '\n',
    'NaN',
    '\0',
    'POLYGON',
    '9e300',
  );
  fc.assert(
    fc.property(fc.nat(text.length), fc.nat(5), fc.array(piece, { maxLength: 3 }), (at, cut, pieces) => {
      const result = importWkt(bytes(text.slice(0, at) + pieces.join('') + text.slice(at + cut)));
      expect(result.scenario !== undefined || result.issues.length > 0).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('the importer is found by the name of a file or by its first bytes', () => {
  expect(detectImporter('PLAN.WKT', bytes(''))).toBe(importers.wkt);
  expect(detectImporter('plan.txt', bytes('# note\n  srid=4; polygon((0 0'))).toBe(importers.wkt);
  expect(detectImporter('plan.txt', bytes('{"crashbar": 1}'))).toBeUndefined();
});

const DATA = '../shared/data/geometry';

describe.skipIf(!existsSync(DATA))('plans of the field', () => {
  test.each([
    ['aknz_evac', 6],
    ['BUW', 41],
    ['arena', 19],
    ['double_bottleneck', 1],
  ])('%s is imported whole and loads without errors', (name, ringCount) => {
    const text = readFileSync(`${DATA}/${name}.wkt`, 'utf8');
    const { scenario, loaded, issues } = load(text, { persons: 100, name });
    const level = scenario!.levels[0];
    const kept = level.outlines.length + (level.holes?.length ?? 0);
    const dropped = issues.filter((issue) => issue.code === 'polygon-no-area').length;
    expect(kept + dropped).toBe(ringCount);
    // A second way to the area: shoelace over the numbers of the text, the first ring less the others.
    const rings = [...text.matchAll(/\(([-\d., e]+)\)/g)].map(([, list]) =>
      list.split(',').map((pair) => pair.trim().split(/\s+/).map(Number)),
    );
    expect(rings.length).toBe(ringCount);
    const areas = rings.map(
      (ring) =>
        Math.abs(
          ring.reduce(
            (sum, [x, y], i) => sum + x * ring[(i + 1) % ring.length][1] - ring[(i + 1) % ring.length][0] * y,
            0,
          ),
        ) / 2,
    );
    expect(dropped).toBe(areas.filter((area) => area < 1e-4).length);
    const area = areas.slice(1).reduce((rest, hole) => rest - hole, areas[0]);
    expect(floorArea(loaded!.scenario!)).toBeCloseTo(area, 1);
    expect(issues.filter((issue) => issue.severity === 'error')).toEqual([]);
    expect(loaded!.issues.filter((issue) => issue.severity === 'error')).toEqual([]);
    // Exits that were guessed lie on the floor, to the 10 µm in which pieces of floor are put together.
    const floor = [...level.outlines, ...(level.holes ?? [])];
    const near = (x: number, y: number) =>
      floor.some((ring) =>
        ring.some(([ax, ay], i) => {
          const [bx, by] = ring[(i + 1) % ring.length];
          return distanceToSegment(x, y, ax, ay, bx, by) < 2e-5;
        }),
      );
    for (const exit of loaded!.scenario!.exits) {
      const points = (exit.polygon ?? exit.line) as readonly Point[];
      expect(points.every(([x, y]) => polygonContains(floor, x, y) || near(x, y))).toBe(true);
    }
  });
});
