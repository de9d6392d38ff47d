import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { block, drawing, entity, insert, line, polyline, rectangle } from '../src/importers/dxf-text.test-support.ts';
import { type ImportOptions, type ImportResult, importDxf, importGeojson, importWkt } from '../src/importers/index.ts';
import { loadScenario } from '../src/scenario/index.ts';

type Reader = (bytes: Uint8Array, options?: ImportOptions) => ImportResult;
const bytes = (text: string) => new TextEncoder().encode(text);
const OPTIONS: ImportOptions = { persons: 5, gaps: true };

/** An import either says what is wrong or has a scenario that loads; it never throws. */
function mustAnswer(read: Reader, input: Uint8Array, options: ImportOptions = OPTIONS): ImportResult {
  const result = read(input, options);
  const errors = result.issues.filter(({ severity }) => severity === 'error');
  if (result.scenario === undefined) expect(errors.length).toBeGreaterThan(0);
  else {
    expect(errors).toEqual([]);
    // A scenario of the right form; whether it can be run is the compiler's to say.
    const { issues } = loadScenario(JSON.stringify(result.scenario));
    expect(
      issues.filter(
        ({ severity, code }) => severity === 'error' && /^(schema|unknown-field|wrong-type|not-json)/.test(code),
      ),
    ).toEqual([]);
  }
  return result;
}

/** Processor time of this process [s]. */
function secondsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const HOUSE = drawing(
  line('WALL', [0, 0], [10, 0]) +
    polyline(
      'WALL',
      [
        [10, 0],
        [10, 8],
        [0, 8],
        [0, 0],
      ],
      { closed: false },
    ) +
    insert('DOOR', 'D', [10, 3], [50, 90]) +
    polyline(
      'floor',
      [
        [1, 1],
        [9, 1],
        [9, 7],
        [1, 7],
      ],
      { bulges: { 1: 0.3 } },
    ) +
    entity('TEXT', 'text', [10, 2], [20, 2], [40, 0.3], [1, 'Room']) +
    entity(
      'SPLINE',
      'furniture',
      [70, 8],
      [71, 2],
      [72, 6],
      [73, 3],
      [40, 0],
      [40, 0],
      [40, 0],
      [40, 1],
      [40, 1],
      [40, 1],
      [10, 2],
      [20, 2],
      [10, 3],
      [20, 4],
      [10, 4],
      [20, 2],
    ) +
    entity(
      'HATCH',
      'columns',
      [10, 0],
      [20, 0],
      [91, 1],
      [92, 3],
      [72, 0],
      [73, 1],
      [93, 3],
      [10, 5],
      [20, 5],
      [10, 6],
      [20, 5],
      [10, 5.5],
      [20, 6],
      [97, 0],
    ),
  { blocks: block('D', line('0', [0, 0], [0, 1]) + entity('ARC', '0', [10, 0], [20, 0], [40, 1], [50, 0], [51, 90])) },
);
const SITE = JSON.stringify({
  type: 'FeatureCollection',
  features: [
    {
      type: 'Feature',
      properties: { role: 'floor', level: 0 },
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [10, 0],
            [10, 8],
            [0, 8],
            [0, 0],
          ],
          [
            [2, 2],
            [3, 2],
            [3, 3],
            [2, 3],
            [2, 2],
          ],
        ],
      },
    },
    { type: 'Feature', properties: { role: 'door', width: 1 }, geometry: { type: 'Point', coordinates: [10, 4] } },
    {
      type: 'Feature',
      properties: { role: 'wall' },
      geometry: {
        type: 'LineString',
        coordinates: [
          [5, 0],
          [5, 3],
        ],
      },
    },
  ],
});
const TEXT = 'GEOMETRYCOLLECTION (POLYGON ((0 0, 10 0, 10 8, 0 8, 0 0), (2 2, 3 2, 3 3, 2 3, 2 2)), POINT (1 2))';
const SAMPLES: readonly (readonly [string, Reader, string])[] = [
  ['dxf', importDxf, HOUSE],
  ['geojson', importGeojson, SITE],
  ['wkt', importWkt, TEXT],
];

describe.each(SAMPLES)('%s', (name, read, sample) => {
  test('read whole, it is a scenario', () => {
    expect(mustAnswer(read, bytes(sample)).scenario).toBeDefined();
  });

  test('cut at every hundredth, it is refused or read, and never thrown at', () => {
    const whole = bytes(sample);
    for (let percent = 0; percent < 100; percent++) {
      const result = mustAnswer(read, whole.subarray(0, Math.floor((whole.length * percent) / 100)));
      // A drawing with half of its building is never taken for a whole one.
      if (name === 'dxf' && percent < 98) expect(result.scenario).toBeUndefined();
    }
  });

  test('with pieces changed, doubled, dropped and swapped, it is refused or read', () => {
    const lines = sample.split(/(?<=[\n,])/);
    const words = [
      'NaN',
      '1e999',
      '-1',
      '0',
      '',
      '1e308',
      '-1e308',
      'SECTION',
      'ENDSEC',
      '999999999',
      '\u0000',
      '[',
      '}',
      '(',
      'ä',
      '0.0000001',
    ];
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            at: fc.nat(lines.length - 1),
            how: fc.constantFrom('change', 'double', 'drop', 'swap'),
            word: fc.constantFrom(...words),
            other: fc.nat(lines.length - 1),
          }),
          { minLength: 1, maxLength: 6 },
        ),
        (edits) => {
          const copy = [...lines];
          for (const { at, how, word, other } of edits) {
            if (how === 'change') copy[at] = copy[at].replace(/[^\n,]+/, word);
            else if (how === 'double') copy[at] += copy[at];
            else if (how === 'drop') copy[at] = '';
            else [copy[at], copy[other]] = [copy[other], copy[at]];
          }
          mustAnswer(read, bytes(copy.join('')));
          mustAnswer(read, bytes(copy.join('')), { repair: true, tolerance: 0.2 });
        },
      ),
      { numRuns: 150 },
    );
  });

  test('any bytes are refused or read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (input) => void mustAnswer(read, input)),
      { numRuns: 200 },
    );
  });
});

// Each within five seconds of processor time on a machine of its own; here three times that, since a slow host is no fault.
const SECONDS = 15;
const many = (count: number, write: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => write(i)).join('');

test.each([
  [
    'a block that holds itself',
    () =>
      drawing(insert('wall', 'A', [0, 0]), {
        blocks: block('A', rectangle('wall', 0, 0, 5, 5) + insert('0', 'A', [1, 1])),
      }),
  ],
  [
    'two blocks that hold each other',
    () =>
      drawing(insert('wall', 'A', [0, 0]), {
        blocks:
          block('A', rectangle('wall', 0, 0, 9, 9) + insert('0', 'B', [1, 1])) + block('B', insert('0', 'A', [1, 1])),
      }),
  ],
  [
    'an array of a million',
    () =>
      drawing(insert('wall', 'A', [0, 0], [70, 1000], [71, 1000], [44, 2], [45, 2]), {
        blocks: block('A', rectangle('0', 0, 0, 1, 1)),
      }),
  ],
  [
    'an array of ten to the ninth of nothing that is read',
    () =>
      drawing(rectangle('floor', 0, 0, 9, 9) + insert('wall', 'A', [0, 0], [70, 30000], [71, 30000]), {
        blocks: block('A', entity('WIPEOUT', '0', [10, 0])),
      }),
  ],
  [
    'blocks ten in ten, twelve deep',
    () =>
      drawing(insert('wall', 'B0', [0, 0]), {
        blocks: many(12, (i) =>
          block(`B${i}`, i === 11 ? rectangle('0', 0, 0, 1, 1) : many(10, (k) => insert('0', `B${i + 1}`, [k, i]))),
        ),
      }),
  ],
  [
    'a million vertices',
    () =>
      drawing(
        `0\nLWPOLYLINE\n8\nfloor\n70\n1\n${many(1_000_000, (i) => `10\n${Math.cos(i / 159_155) * 50}\n20\n${Math.sin(i / 159_155) * 50}\n`)}`,
      ),
  ],
  [
    'twenty thousand walls',
    () =>
      drawing(
        many(20_000, (i) => line('wall', [i % 300, Math.floor(i / 300)], [(i % 300) + 0.7, Math.floor(i / 300)])),
      ),
  ],
  [
    'a spline of ten thousand points',
    () =>
      drawing(
        entity(
          'SPLINE',
          'floor',
          [70, 8],
          [71, 3],
          ...Array.from({ length: 10_004 }, (_, i) => [40, i] as const),
          ...Array.from(
            { length: 10_000 },
            (_, i) =>
              [
                [10, i % 100],
                [20, i % 7],
              ] as const,
          ).flat(),
        ),
      ),
  ],
  ['a line of thirty million characters', () => `0\nSECTION\n2\nHEADER\n9\n${'x'.repeat(30_000_000)}`],
  [
    'ten thousand texts on one place',
    () =>
      drawing(
        rectangle('floor', 0, 0, 9, 9) + many(10_000, () => entity('TEXT', 'text', [10, 2], [20, 2], [1, 'Office'])),
      ),
  ],
  [
    'walls out to the edge of the Earth',
    () => drawing(line('wall', [0, 0], [9e7, 9e7]) + line('wall', [0, 1], [9e7, 0])),
  ],
])(
  'a drawing with %s is answered in time',
  (_, write) => {
    const input = bytes(write());
    expect(secondsOf(() => void mustAnswer(importDxf, input, { gaps: 'auto' }))).toBeLessThan(SECONDS);
  },
  120_000,
);

test.each([
  [
    'a million points in one ring',
    () =>
      `{"type":"Polygon","coordinates":[[${Array.from({ length: 1_000_000 }, (_, i) => `[${i % 1000},${Math.floor(i / 1000)}]`).join()}]]}`,
  ],
  [
    'a thousand rooms',
    () =>
      `{"type":"FeatureCollection","features":[${Array.from({ length: 1000 }, (_, i) => `{"type":"Feature","properties":{"indoor":"room","name":"r"},"geometry":{"type":"Polygon","coordinates":[[[${(i % 150) * 10},${Math.floor(i / 150) * 10 + 0}],[${(i % 150) * 10 + 9},${Math.floor(i / 150) * 10 + 0}],[${(i % 150) * 10 + 9},${Math.floor(i / 150) * 10 + 9}],[${(i % 150) * 10},${Math.floor(i / 150) * 10 + 0}]]]}}`).join()}]}`,
  ],
  ['lists a million deep', () => `{"type":"Polygon","coordinates":${'['.repeat(1_000_000)}`],
])(
  'GeoJSON with %s is answered in time',
  (_, write) => {
    const input = bytes(write());
    expect(secondsOf(() => void mustAnswer(importGeojson, input, { gaps: 'auto' }))).toBeLessThan(SECONDS);
  },
  120_000,
);

const DATA = '../shared/data/geometry';
describe.skipIf(!existsSync(DATA))('drawings of the field, cut', () => {
  test('ISO-Office cut at every hundredth is refused', () => {
    const whole = new Uint8Array(readFileSync(`${DATA}/ISO-Office.dxf`));
    for (let percent = 0; percent < 100; percent++) {
      const { scenario } = mustAnswer(importDxf, whole.subarray(0, Math.floor((whole.length * percent) / 100)));
      expect(scenario).toBeUndefined();
    }
  });
});
