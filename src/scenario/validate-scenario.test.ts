import { expect, test } from 'vitest';
import { type Scenario, type ScenarioInput, scenarioSchema } from './schema.ts';
import { validateScenario } from './validate-scenario.ts';

function hall(change: Partial<ScenarioInput> = {}): Scenario {
  return scenarioSchema.parse({
    crashbar: 1,
    name: 'hall',
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
    populations: [{ id: 'guests', level: 'ground', count: 20, profile: 'adult' }],
    ...change,
  } satisfies ScenarioInput);
}

const verdict = (scenario: Scenario) => validateScenario(scenario).map((issue) => `${issue.code} ${issue.path}`);

const secondLevel = {
  id: 'upper',
  elevation: 3,
  outlines: [
    [
      [0, 0],
      [10, 0],
      [10, 8],
      [0, 8],
    ],
  ] as [number, number][][],
};

test('a plain hall has no issues', () => {
  expect(validateScenario(hall())).toEqual([]);
});

test('every issue is a sentence that ends with how to mend it, and carries a severity', () => {
  const issues = validateScenario(hall({ exits: [{ id: 'out', door: 'frnt' }], populations: [] }));
  expect(issues.map((issue) => issue.severity)).toEqual(['error', 'warning']);
  for (const issue of issues) expect(issue.message).toMatch(/^[A-Z"].*; .+[.?!]$/);
  expect(issues[0].message).toContain('did you mean "front"?');
});

const cases: [string, Partial<ScenarioInput>, string[]][] = [
  [
    'ids are unique within their kind',
    {
      exits: [
        { id: 'out', door: 'front' },
        {
          id: 'out',
          line: [
            [0, 2],
            [0, 3],
          ],
        },
      ],
    },
    ['duplicate-id exits[1].id'],
  ],
  ['a door may have the name of an exit', { exits: [{ id: 'front', door: 'front' }] }, []],
  [
    'a door lies on a level that exists',
    {
      doors: [
        {
          id: 'front',
          level: 'grund',
          line: [
            [10, 3],
            [10, 4],
          ],
        },
      ],
    },
    ['unknown-level doors[0].level'],
  ],
  ['an exit has a door that exists', { exits: [{ id: 'out', door: 'back' }] }, ['unknown-door exits[0].door']],
  [
    'an exit has one of door, line, polygon',
    {
      exits: [
        {
          id: 'out',
          door: 'front',
          line: [
            [0, 2],
            [0, 3],
          ],
        },
      ],
    },
    ['exit-needs-one exits[0]'],
  ],
  ['an exit has at least one of door, line, polygon', { exits: [{ id: 'out' }] }, ['exit-needs-one exits[0]']],
  [
    'one door leads out once',
    {
      exits: [
        { id: 'a', door: 'front' },
        { id: 'b', door: 'front' },
      ],
    },
    ['door-of-two-exits exits[1].door'],
  ],
  [
    'a population has a built-in or own profile',
    { populations: [{ id: 'p', level: 'ground', count: 1, profile: 'adlut' }] },
    ['unknown-profile populations[0].profile'],
  ],
  [
    'a mix names profiles that exist',
    { populations: [{ id: 'p', level: 'ground', count: 1, profiles: [{ profile: 'x', share: 1 }] }] },
    ['unknown-profile populations[0].profiles[0].profile'],
  ],
  [
    'a population has profile or profiles',
    { populations: [{ id: 'p', level: 'ground', count: 1, profile: 'man', profiles: [{ profile: 'man', share: 1 }] }] },
    ['profile-or-profiles populations[0]'],
  ],
  [
    'a population is counted once',
    { populations: [{ id: 'p', level: 'ground', count: 1, density: 1 }] },
    ['population-needs-one populations[0]'],
  ],
  ['a population is counted', { populations: [{ id: 'p', level: 'ground' }] }, ['population-needs-one populations[0]']],
  [
    'a person at a position fills no area',
    {
      populations: [
        {
          id: 'p',
          level: 'ground',
          position: [1, 1],
          polygon: [
            [0, 0],
            [1, 0],
            [1, 1],
          ],
        },
      ],
    },
    ['population-place populations[0]'],
  ],
  [
    'a population fills an area of its level',
    { populations: [{ id: 'p', level: 'ground', count: 1, area: 'hall' }] },
    ['unknown-area populations[0].area'],
  ],
  [
    'a population knows exits that exist',
    { populations: [{ id: 'p', level: 'ground', count: 1, knows: ['out', 'uot'] }] },
    ['unknown-exit populations[0].knows[1]'],
  ],
  [
    'a population is alerted by an event',
    { populations: [{ id: 'p', level: 'ground', count: 1, alertedBy: 'bell' }] },
    ['unknown-event populations[0].alertedBy'],
  ],
  [
    'an event works on a door that exists',
    { events: [{ at: 3, do: 'lock', door: 'back' }] },
    ['unknown-door events[0].door'],
  ],
  [
    'an alert reaches populations that exist',
    { events: [{ at: 3, do: 'alert', populations: ['gests'] }] },
    ['unknown-population events[0].populations[0]'],
  ],
  [
    'an event comes before the end of the run',
    { events: [{ at: 601, do: 'lock', door: 'front' }] },
    ['event-after-end events[0].at'],
  ],
  [
    'a sign points to an exit on a level',
    { signs: [{ id: 's', level: 'x', position: [1, 1], exit: 'y' }] },
    ['unknown-level signs[0].level', 'unknown-exit signs[0].exit'],
  ],
  [
    'a door is wide enough for a person',
    {
      doors: [
        {
          id: 'front',
          level: 'ground',
          line: [
            [10, 3],
            [10, 3.2],
          ],
        },
      ],
    },
    ['door-width doors[0].line'],
  ],
  [
    'a door has two ends',
    {
      doors: [
        {
          id: 'front',
          level: 'ground',
          line: [
            [10, 3],
            [10, 3],
          ],
        },
      ],
    },
    ['line-no-length doors[0].line'],
  ],
  [
    'an outline does not cross itself',
    {
      levels: [
        {
          id: 'ground',
          outlines: [
            [
              [0, 0],
              [10, 8],
              [10, 0],
              [0, 9],
            ],
          ],
        },
      ],
    },
    ['polygon-self-crossing levels[0].outlines[0]'],
  ],
  [
    'an outline encloses an area',
    {
      levels: [
        {
          id: 'ground',
          outlines: [
            [
              [0, 0],
              [5, 0],
              [10, 0],
            ],
          ],
        },
      ],
    },
    [
      'polygon-no-area levels[0].outlines[0]',
      'polygon-spike levels[0].outlines[0][0]',
      'polygon-spike levels[0].outlines[0][2]',
    ],
  ],
  [
    'a ring is not closed by hand',
    {
      levels: [
        {
          id: 'ground',
          outlines: [
            [
              [0, 0],
              [10, 0],
              [10, 8],
              [0, 8],
              [0, 0],
            ],
          ],
        },
      ],
    },
    ['duplicate-corner levels[0].outlines[0][4]'],
  ],
  [
    'a corner is given once',
    {
      levels: [
        {
          id: 'ground',
          outlines: [
            [
              [0, 0],
              [10, 0],
              [10, 0],
              [10, 8],
              [0, 8],
            ],
          ],
        },
      ],
    },
    ['duplicate-corner levels[0].outlines[0][2]'],
  ],
  [
    'areas do not overlap',
    {
      levels: [
        {
          ...secondLevel,
          id: 'ground',
          areas: [
            {
              id: 'a',
              polygon: [
                [0, 0],
                [6, 0],
                [6, 8],
                [0, 8],
              ],
            },
            {
              id: 'b',
              polygon: [
                [5, 0],
                [10, 0],
                [10, 8],
                [5, 8],
              ],
            },
          ],
        },
      ],
    },
    ['areas-overlap levels[0].areas[1].polygon'],
  ],
  [
    'areas may share an edge',
    {
      levels: [
        {
          ...secondLevel,
          id: 'ground',
          areas: [
            {
              id: 'a',
              polygon: [
                [0, 0],
                [5, 0],
                [5, 8],
                [0, 8],
              ],
            },
            {
              id: 'b',
              polygon: [
                [5, 0],
                [10, 0],
                [10, 8],
                [5, 8],
              ],
            },
          ],
        },
      ],
    },
    [],
  ],
  [
    'an area lies on its level',
    {
      levels: [
        {
          ...secondLevel,
          id: 'ground',
          areas: [
            {
              id: 'a',
              polygon: [
                [20, 0],
                [26, 0],
                [26, 8],
              ],
            },
          ],
        },
      ],
    },
    ['area-off-level levels[0].areas[0].polygon'],
  ],
  [
    'a plan in millimetres is noticed',
    {
      levels: [
        {
          id: 'ground',
          outlines: [
            [
              [0, 0],
              [10_000, 0],
              [10_000, 8000],
              [0, 8000],
            ],
          ],
        },
      ],
    },
    ['unusual-size levels[0].outlines'],
  ],
  [
    'coordinates lie on the Earth',
    {
      levels: [
        {
          id: 'ground',
          outlines: [
            [
              [0, 0],
              [1e300, 0],
              [1e300, 8000],
              [0, 8000],
            ],
          ],
        },
      ],
    },
    ['impossible-value levels[0].outlines[0][1][0]'],
  ],
  [
    'levels at one height do not overlap',
    { levels: [{ ...secondLevel, id: 'ground' }, secondLevel] },
    ['levels-overlap levels[1]'],
  ],
  [
    'levels at one height may lie side by side',
    {
      levels: [
        { ...secondLevel, id: 'ground' },
        {
          ...secondLevel,
          outlines: [
            [
              [10, 0],
              [20, 0],
              [20, 8],
            ],
          ],
        },
      ],
    },
    [],
  ],
  [
    'an exit without a door says on which level it lies',
    {
      levels: [{ ...secondLevel, id: 'ground', elevation: 0 }, secondLevel],
      exits: [
        {
          id: 'out',
          line: [
            [0, 2],
            [0, 3],
          ],
        },
      ],
    },
    ['missing-field exits[0].level'],
  ],
  [
    'an exit lies on the level of its door',
    {
      levels: [{ ...secondLevel, id: 'ground', elevation: 0 }, secondLevel],
      exits: [{ id: 'out', door: 'front', level: 'upper' }],
    },
    ['exit-level exits[0].level'],
  ],
  ['nobody is a warning', { populations: [] }, ['no-population populations']],
  [
    'a motivation of 3 is impossible',
    { profiles: [{ id: 'p', motivation: 3 }] },
    ['impossible-value profiles[0].motivation'],
  ],
  [
    'a speed in km/h is noticed',
    { profiles: [{ id: 'p', freeSpeed: 4.8 }] },
    ['impossible-value profiles[0].freeSpeed'],
  ],
  [
    'a slow walker is unusual, not impossible',
    { profiles: [{ id: 'p', freeSpeed: 0.1 }] },
    ['unusual-value profiles[0].freeSpeed'],
  ],
  [
    'min lies below max',
    { profiles: [{ id: 'p', freeSpeed: { distribution: 'uniform', min: 1.5, max: 1.1 } }] },
    ['min-above-max profiles[0].freeSpeed'],
  ],
  [
    'the middle of a distribution is not cut away',
    { profiles: [{ id: 'p', freeSpeed: { distribution: 'normal', mean: 1.3, sd: 0.1, min: 1.5, max: 2 } }] },
    ['distribution-cut profiles[0].freeSpeed'],
  ],
  [
    'a wide normal distribution wants bounds',
    { profiles: [{ id: 'p', freeSpeed: { distribution: 'normal', mean: 1, sd: 0.5 } }] },
    ['distribution-open profiles[0].freeSpeed'],
  ],
  [
    'a radius in centimetres is noticed',
    { profiles: [{ id: 'p', body: { radius: 20, mass: 70 } }] },
    ['impossible-value profiles[0].body.radius'],
  ],
  [
    'stairs do not give wings',
    { profiles: [{ id: 'p', stairFactor: { up: 1.5, down: 4 } }] },
    ['unusual-value profiles[0].stairFactor.up', 'impossible-value profiles[0].stairFactor.down'],
  ],
];

test.each(cases)('%s', (_, change, expected) => {
  expect(verdict(hall(change))).toEqual(expected);
});

const twoLevels = (link: NonNullable<ScenarioInput['links']>[number]): Scenario =>
  hall({ levels: [{ ...secondLevel, id: 'ground', elevation: 0 }, secondLevel], links: [link] });
const stairs = {
  id: 'stairs',
  kind: 'stairs' as const,
  from: {
    level: 'ground',
    line: [
      [2, 1],
      [2, 2.4],
    ] as [[number, number], [number, number]],
  },
  to: {
    level: 'upper',
    line: [
      [7, 1],
      [7, 2.4],
    ] as [[number, number], [number, number]],
  },
};

const linkCases: [string, Parameters<typeof twoLevels>[0], string[]][] = [
  ['stairs of 3 m over 5 m are fine', stairs, []],
  [
    'a link joins two levels',
    { ...stairs, to: { ...stairs.to, level: 'ground' } },
    ['link-same-level links[0].to.level'],
  ],
  [
    'a link joins levels that exist',
    { ...stairs, to: { ...stairs.to, level: 'uper' } },
    ['unknown-level links[0].to.level'],
  ],
  [
    'stairs over 2 m for 3 m are steep',
    {
      ...stairs,
      to: {
        level: 'upper',
        line: [
          [4, 1],
          [4, 2.4],
        ],
      },
    },
    ['link-steep links[0]'],
  ],
  ['a ramp of 3 m over 5 m is steep', { ...stairs, kind: 'ramp' }, ['link-steep links[0]']],
  [
    'stairs need room in plan',
    {
      ...stairs,
      to: {
        level: 'upper',
        line: [
          [2, 1],
          [2, 2.4],
        ],
      },
    },
    ['link-no-run links[0]'],
  ],
  ['a drop goes down', { ...stairs, kind: 'drop' }, ['drop-upwards links[0]']],
  [
    'ends are equally wide',
    {
      ...stairs,
      to: {
        level: 'upper',
        line: [
          [7, 1.1],
          [7, 2.3],
        ],
      },
    },
    ['link-widths-differ links[0]'],
  ],
  ['a length fits the ends', { ...stairs, length: 5 }, ['link-length links[0].length']],
];

test.each(linkCases)('%s', (_, link, expected) => {
  expect(verdict(twoLevels(link))).toEqual(expected);
});

test('the message of a crossing names both edges and the point', () => {
  const [issue] = validateScenario(
    hall({
      levels: [
        {
          id: 'ground',
          outlines: [
            [
              [0, 0],
              [10, 8],
              [10, 0],
              [0, 9],
            ],
          ],
        },
      ],
    }),
  );
  expect(issue.message).toMatch(
    /Edge 0 from \(0, 0\) to \(10, 8\) crosses edge 2 from \(10, 0\) to \(0, 9\) at \(5\.294, 4\.235\)/,
  );
});

test('problems do not hide each other', () => {
  const scenario = hall({
    levels: [
      {
        id: 'ground',
        outlines: [
          [
            [0, 0],
            [10, 8],
            [10, 0],
            [0, 9],
          ],
        ],
      },
    ],
    doors: [
      {
        id: 'front',
        level: 'cellar',
        line: [
          [10, 3],
          [10, 3.1],
        ],
      },
    ],
    exits: [{ id: 'out', door: 'back' }],
    populations: [{ id: 'guests', level: 'ground', count: 20, profile: 'x' }],
    events: [{ at: 1, do: 'open', door: 'side' }],
  });
  expect(verdict(scenario)).toEqual([
    'unknown-level doors[0].level',
    'unknown-door exits[0].door',
    'unknown-profile populations[0].profile',
    'unknown-door events[0].door',
    'polygon-self-crossing levels[0].outlines[0]',
    'door-width doors[0].line',
  ]);
});

test('a number that is not finite in a scenario made by a program is found', () => {
  const scenario = hall();
  scenario.levels[0].outlines[0][1][0] = Number.NaN;
  expect(verdict(scenario)).toEqual(['not-finite levels[0].outlines[0][1][0]']);
});

test('twenty thousand doors with as many unknown levels give a thousand issues and one that says so', () => {
  const doors = Array.from({ length: 20_000 }, (_, i) => ({
    id: `d${i}`,
    level: `l${i}`,
    line: [
      [10, 3],
      [10, 4],
    ] as [[number, number], [number, number]],
  }));
  const issues = validateScenario(hall({ doors, exits: [{ id: 'out', door: 'd1' }] }));
  expect(issues.length).toBe(1001);
  expect(issues[1000].code).toBe('too-many-issues');
});
