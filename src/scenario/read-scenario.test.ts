import { expect, test } from 'vitest';
import { canonicalScenarioText, locateIssues } from './index.ts';
import { migrate0To1 } from './migrations/migrate-0-to-1.ts';
import { MIGRATIONS, migrateScenario } from './migrations/migrations.ts';
import { loadScenario, readScenario } from './read-scenario.ts';
import { SCENARIO_VERSION, type ScenarioInput, scenarioSchema } from './schema.ts';
import { unitOf } from './zod-issues.ts';

const HALL: ScenarioInput = {
  crashbar: 1,
  name: 'Halle für alle',
  levels: [
    {
      id: 'ground',
      outlines: [
        [
          [0, 0],
          [10, 0],
          [10, 8],
          [0, 8],
        ],
      ],
    },
  ],
  doors: [
    {
      id: 'front',
      level: 'ground',
      line: [
        [10, 3],
        [10, 4.2],
      ],
    },
  ],
  exits: [{ id: 'out', door: 'front' }],
  populations: [{ id: 'guests', level: 'ground', count: 20 }],
};
const DRAFT = {
  name: 'Halle für alle',
  levels: [
    {
      id: 'ground',
      outline: [
        [0, 0],
        [10, 0],
        [10, 8],
        [0, 8],
      ],
    },
  ],
  doors: [{ id: 'front', level: 'ground', from: [10, 3], to: [10, 4.2] }],
  exits: [
    {
      id: 'out',
      level: 'ground',
      segment: [
        [0, 2],
        [0, 3],
      ],
    },
  ],
  populations: [{ id: 'guests', level: 'ground', count: 20 }],
};
const bytes = (text: string) => new TextEncoder().encode(text);

test('text, bytes and bytes with a byte order mark are one scenario', () => {
  const text = JSON.stringify(HALL);
  const { scenario, issues } = readScenario(text);
  expect(issues).toEqual([]);
  expect(scenario?.name).toBe('Halle für alle');
  expect(readScenario(bytes(text)).scenario).toEqual(scenario);
  expect(readScenario(bytes(`\ufeff${text}`)).scenario).toEqual(scenario);
  expect(readScenario(`\ufeff${text}`).scenario).toEqual(scenario);
});

test('defaults are filled in, and an exit gets the level of its door or the only one', () => {
  const { scenario } = readScenario(
    JSON.stringify({
      ...HALL,
      exits: [
        { id: 'a', door: 'front' },
        {
          id: 'b',
          line: [
            [0, 1],
            [0, 2],
          ],
        },
      ],
    }),
  );
  expect(scenario?.doors[0].state).toBe('open');
  expect(scenario?.settings.end.time).toBe(600);
  expect(scenario?.exits.map((exit) => exit.level)).toEqual(['ground', 'ground']);
});

test('the size is the size in UTF-8', () => {
  expect(readScenario('"äöü€𝄞"', { bytesMax: 15 }).issues[0].code).toBe('wrong-type');
  expect(readScenario('"äöü€𝄞"', { bytesMax: 14 }).issues[0]).toMatchObject({ code: 'too-large', found: '15 bytes' });
});

test('a draft without a version, and one of version 0, are brought to version 1 with a warning', () => {
  for (const draft of [DRAFT, { crashbar: 0, ...DRAFT }]) {
    const { scenario, issues } = loadScenario(JSON.stringify(draft));
    expect(issues.map((issue) => `${issue.severity} ${issue.code}`)).toEqual(['warning migrated']);
    expect(scenario).toMatchObject({
      crashbar: 1,
      levels: [
        {
          outlines: [
            [
              [0, 0],
              [10, 0],
              [10, 8],
              [0, 8],
            ],
          ],
        },
      ],
      doors: [
        {
          line: [
            [10, 3],
            [10, 4.2],
          ],
        },
      ],
      exits: [
        {
          line: [
            [0, 2],
            [0, 3],
          ],
        },
      ],
    });
  }
});

test('problems of a draft are told in the new version’s words', () => {
  const { issues } = loadScenario(
    JSON.stringify({
      ...DRAFT,
      levels: [
        {
          id: 'ground',
          outline: [
            [0, 0],
            [1, 'x'],
            [1, 1],
          ],
        },
      ],
    }),
  );
  expect(issues.map((issue) => `${issue.code} ${issue.path}`)).toEqual([
    'migrated crashbar',
    'wrong-type levels[0].outlines[0][1][1]',
  ]);
});

test('the migration leaves alone what it does not know', () => {
  for (const value of [
    null,
    3,
    'x',
    [],
    { levels: 3 },
    { levels: [null, 3, { outlines: 1, outline: 2 }], doors: [{ from: 1 }] },
  ]) {
    expect(() => migrate0To1(value)).not.toThrow();
  }
  expect(migrate0To1({ levels: [{ outlines: 1, outline: 2 }], x: 3 })).toEqual({
    crashbar: 1,
    levels: [{ outlines: 1, outline: 2 }],
    x: 3,
  });
});

test('migrations are taken one after the other', () => {
  const steps = [
    { from: 0, to: 1, migrate: (value: unknown) => `${value}a` },
    { from: 1, to: 2, migrate: (value: unknown) => `${value}b` },
    { from: 3, to: 4, migrate: (value: unknown) => `${value}c` },
  ];
  expect(migrateScenario('x', 0, 2, steps)?.value).toBe('xab');
  expect(migrateScenario('x', 1, 2, steps)?.value).toBe('xb');
  expect(migrateScenario('x', 2, 2, steps)?.value).toBe('x');
  expect(migrateScenario('x', 0, 4, steps)).toBeUndefined();
  expect(MIGRATIONS.at(-1)?.to).toBe(SCENARIO_VERSION);
  MIGRATIONS.forEach((step, i) => {
    if (i > 0) expect(step.from).toBe(MIGRATIONS[i - 1].to);
  });
});

test('a newer, a negative and a strange version are refused with the version that is read', () => {
  for (const version of [2, -1, 0.5, '1', null, {}]) {
    const { scenario, issues } = readScenario(JSON.stringify({ ...HALL, crashbar: version }));
    expect(scenario).toBeUndefined();
    expect(issues.map((issue) => issue.code)).toEqual(['unknown-version']);
    expect(issues[0].message).toContain('This build reads version 1');
  }
});

test('an issue has the unit of its field, or that of the field around it', () => {
  const { issues } = readScenario(
    JSON.stringify({
      ...HALL,
      levels: [
        {
          id: 'ground',
          elevation: '3',
          outlines: [
            [
              [0, 'a'],
              [10, 0],
              [10, 8],
            ],
          ],
        },
      ],
      doors: [
        {
          id: 'front',
          level: 'ground',
          line: [
            [10, 3],
            [10, 4],
          ],
          strength: -1,
          openingTime: 61,
        },
      ],
      profiles: [
        { id: 'p', freeSpeed: { distribution: 'lognormal', median: 0, sigma: -1 }, body: { radius: 'x', mass: null } },
      ],
      populations: [{ id: 'q', level: 'ground', density: 9 }],
    }),
  );
  expect(issues.map((issue) => [issue.path, issue.unit])).toEqual([
    ['levels[0].elevation', 'm'],
    ['levels[0].outlines[0][0][1]', 'm'],
    ['doors[0].openingTime', 's'],
    ['doors[0].strength', 'N'],
    ['profiles[0].body.radius', 'm'],
    ['profiles[0].body.mass', 'kg'],
    ['profiles[0].freeSpeed.median', 'm/s'],
    ['profiles[0].freeSpeed.sigma', undefined],
    ['populations[0].density', '1/m²'],
  ]);
});

test('every number of the schema has a unit in its description or in that of a field around it', () => {
  const bare: string[] = [];
  // biome-ignore lint/suspicious/noExplicitAny: a walk over every kind of schema node
  const visit = (node: any, path: string, unit: string | undefined): void => {
    const own = (node.description && unitOf(node.description)) ?? unit;
    const { def } = node;
    if (def.innerType) visit(def.innerType, path, own);
    else if (def.type === 'number' && own === undefined) bare.push(path);
    else if (
      def.type === 'literal' &&
      def.values.some((value: unknown) => typeof value === 'number') &&
      own === undefined
    )
      bare.push(path);
    else if (def.shape) for (const key of Object.keys(def.shape)) visit(def.shape[key], `${path}.${key}`, own);
    else if (def.element) visit(def.element, `${path}[]`, own);
    else if (def.items) for (const item of def.items) visit(item, `${path}[]`, own);
    else if (def.options) for (const option of def.options) visit(option, path, own);
  };
  visit(scenarioSchema, '', undefined);
  expect(bare).toEqual([]);
});

test('of a union only the branch that was meant is told about', () => {
  const profile = (freeSpeed: unknown) => {
    const { issues } = readScenario(JSON.stringify({ ...HALL, profiles: [{ id: 'p', freeSpeed }] }));
    return issues.map((issue) => `${issue.code} ${issue.path} ${issue.expected}`);
  };
  expect(profile({ distribution: 'normal', mean: 1, sdd: 1 })).toEqual([
    'missing-field profiles[0].freeSpeed.sd number',
    expect.stringMatching(/^unknown-field profiles\[0\]\.freeSpeed\.sdd/),
  ]);
  expect(profile({ distribution: 'norml' })).toEqual([
    expect.stringMatching(/^unknown-word profiles\[0\]\.freeSpeed\.distribution "uniform", "normal"/),
  ]);
  expect(profile('fast')).toEqual(['wrong-type profiles[0].freeSpeed number or object']);
  expect(profile({})).toEqual([expect.stringMatching(/^missing-field profiles\[0\]\.freeSpeed\.distribution/)]);
});

test('ten thousand wrong fields give a thousand issues and one that counts the rest', () => {
  const corners = Array.from({ length: 10_000 }, () => ['x', 'y']);
  const { issues } = loadScenario(JSON.stringify({ ...HALL, levels: [{ id: 'ground', outlines: [corners] }] }));
  expect(issues.length).toBe(1001);
  expect(issues[1000]).toMatchObject({ code: 'too-many-issues', severity: 'error', found: '20000' });
});

test('issues found later are located in the text, or at the nearest field around them', () => {
  const issue = { code: 'x', path: 'doors[0].line[1]', message: '', severity: 'error' } as const;
  const text = '{\n "doors": [\n  {"line": [[1, 2],\n   [3, 4]]}]}';
  expect(
    locateIssues([issue, { ...issue, path: 'doors[0].width' }, { ...issue, path: '' }], text).map((found) => [
      found.line,
      found.column,
    ]),
  ).toEqual([
    [4, 4],
    [3, 3],
    [undefined, undefined],
  ]);
});

test('equal scenarios have equal canonical texts, however they are written', () => {
  const text = (input: unknown) => canonicalScenarioText(readScenario(JSON.stringify(input)).scenario!);
  const reversed = Object.fromEntries(Object.entries(HALL).reverse());
  const explicit = {
    ...HALL,
    $schema: 'x.json',
    description: '',
    doors: [
      {
        line: [
          [10, 3],
          [10, 4.2],
        ],
        state: 'open',
        level: 'ground',
        id: 'front',
        hinge: 'first',
      },
    ],
    exits: [{ level: 'ground', door: 'front', id: 'out' }],
  };
  expect(text(reversed)).toBe(text(HALL));
  expect(text(explicit)).toBe(text(HALL));
  expect(text({ ...HALL, name: 'other' })).not.toBe(text(HALL));
  expect(text({ ...HALL, levels: [{ ...HALL.levels[0], elevation: -0 }] })).toBe(text(HALL));
  expect(JSON.parse(text(HALL)).crashbar).toBe(1);
  // Read again, it is the same scenario.
  expect(text(JSON.parse(text(HALL)))).toBe(text(HALL));
});
