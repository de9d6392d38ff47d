import { expect, test } from 'vitest';
import { BUILT_IN_ROLES } from './roles.ts';
import { type ScenarioInput, scenarioSchema } from './schema.ts';
import { validateScenario } from './validate-scenario.ts';

const base: ScenarioInput = {
  crashbar: 1,
  name: 'test',
  levels: [
    {
      id: 'ground',
      outlines: [
        [
          [0, 0],
          [10, 0],
          [10, 5],
          [0, 5],
        ],
      ],
      areas: [
        {
          id: 'hall',
          polygon: [
            [0, 0],
            [10, 0],
            [10, 5],
            [0, 5],
          ],
        },
      ],
    },
  ],
  doors: [
    {
      id: 'door',
      level: 'ground',
      line: [
        [10, 2],
        [10, 3],
      ],
    },
  ],
  exits: [{ id: 'out', door: 'door' }],
  populations: [{ id: 'one', level: 'ground', position: [2, 2] }],
};
const issuesOf = (parts: Partial<ScenarioInput>) =>
  validateScenario(scenarioSchema.parse({ ...base, ...parts })).map(({ code, path, severity }) => [
    code,
    path,
    severity,
  ]);
const wait = { act: 'wait' as const };

test('every state of the built-in roles can be come to, and every way leads to one', () => {
  expect(BUILT_IN_ROLES.length).toBeGreaterThan(3);
  expect(issuesOf({ roles: BUILT_IN_ROLES.map((role) => ({ ...role, id: `own ${role.id}` })) })).toEqual([]);
});

test('names that nothing has are told with their place, all at once', () => {
  const issues = issuesOf({
    roles: [
      {
        id: 'guard',
        hostileTo: ['nobody'],
        start: 'begin',
        states: [
          {
            state: 'rounds',
            do: { act: 'unlock', doors: ['gate'] },
            next: [
              { when: { sees: { of: ['crowd'], in: ['yard'] } }, go: 'gone' },
              { when: { event: 'alarm', unlocked: 'window', has: 'key', heard: 'come' }, go: 'rounds' },
            ],
          },
        ],
      },
    ],
    populations: [{ id: 'one', level: 'ground', position: [2, 2], role: 'gard' }],
    objects: [{ id: 'stick', heldBy: 'two' }],
    consoles: [{ id: 'desk', level: 'cellar', position: [1, 1], doors: ['gate'], key: 'card' }],
  });
  expect(issues.map(([, path]) => path)).toEqual(
    [
      'roles[0].start',
      'roles[0].hostileTo[0]',
      'roles[0].states[0].do.doors[0]',
      'roles[0].states[0].next[0].go',
      'roles[0].states[0].next[0].when.sees.in[0]',
      'roles[0].states[0].next[0].when.sees.of[0]',
      'roles[0].states[0].next[1].when.event',
      'roles[0].states[0].next[1].when.unlocked',
      'roles[0].states[0].next[1].when.has',
      'roles[0].states[0].next[1].when.heard',
      'objects[0].heldBy',
      'consoles[0].level',
      'consoles[0].doors[0]',
      'consoles[0].key',
      'populations[0].role',
    ].sort((a, b) => issues.findIndex(([, path]) => path === a) - issues.findIndex(([, path]) => path === b)),
  );
  expect(new Set(issues.map(([code]) => code))).toEqual(new Set(['unknown-name']));
});

test('a state that nothing leads to is a warning, two of one name an error', () => {
  expect(
    issuesOf({
      roles: [
        {
          id: 'r',
          states: [
            { state: 'a', do: wait },
            { state: 'b', do: wait },
            { state: 'a', do: wait },
          ],
        },
      ],
    }),
  ).toEqual([
    ['duplicate-id', 'roles[0].states[2].state', 'error'],
    ['state-not-reached', 'roles[0].states[1].state', 'warning'],
  ]);
});

test('a target is one thing, effects share at most 1, a thing is in one place', () => {
  expect(
    issuesOf({
      roles: [
        {
          id: 'r',
          states: [
            { state: 'a', do: { act: 'go', to: { area: 'hall', door: 'door' } }, next: [{ when: {}, go: 'b' }] },
            {
              state: 'b',
              do: {
                act: 'attack',
                who: {},
                effects: [
                  { effect: 'down', share: 0.7 },
                  { effect: 'dead', share: 0.4 },
                ],
              },
              next: [{ when: {}, go: 'a' }],
            },
          ],
        },
      ],
      objects: [{ id: 'key', heldBy: 'one', position: [1, 1] }, { id: 'card' }],
    }).map(([code, path]) => [code, path]),
  ).toEqual([
    ['target-needs-one', 'roles[0].states[0].do.to'],
    ['shares-above-one', 'roles[0].states[1].do.effects'],
    ['object-place', 'objects[0]'],
    ['object-place', 'objects[1]'],
  ]);
});

test('a role needs a known number of persons, and a pulled door a leaf', () => {
  expect(
    issuesOf({
      doors: [
        {
          id: 'door',
          level: 'ground',
          line: [
            [10, 2],
            [10, 3],
          ],
          leaf: 'none',
          pull: 300,
        },
      ],
      populations: [{ id: 'many', level: 'ground', density: 1, role: 'keyholder' }],
    }).map(([code]) => code),
  ).toEqual(['pull-without-leaf', 'role-needs-count']);
});
