import { expect, test } from 'vitest';
import { loadScenario } from './read-scenario.ts';

const box = [
  [0, 0],
  [10, 0],
  [10, 8],
  [0, 8],
];

/** Issues of a hall with these parts, each as `code path`. */
function issuesOf(parts: object): string[] {
  const scenario = {
    crashbar: 1,
    name: 'hall',
    levels: [{ id: 'g', outlines: [box] }],
    exits: [
      {
        id: 'e',
        level: 'g',
        line: [
          [10, 3],
          [10, 4],
        ],
      },
    ],
    populations: [{ id: 'p', level: 'g', count: 3 }],
    ...parts,
  };
  return loadScenario(JSON.stringify(scenario)).issues.map(({ code, path }) => `${code} ${path}`);
}

test('a scenario may switch everything on with its defaults', () => {
  const all = ['signs', 'hearing', 'contagion', 'knowledge', 'word', 'following', 'choice', 'inner'];
  expect(issuesOf({ behaviour: Object.fromEntries(all.map((part) => [part, {}])) })).toEqual([]);
});

test('all that is wrong with behaviour and sounds is told at once', () => {
  expect(
    issuesOf({
      sounds: [
        { id: 'bell', level: 'attic', position: [1, 1], loudness: 300 },
        { id: 'bell', level: 'g', position: [1, 1] },
      ],
      events: [{ at: 1, do: 'sound', sound: 'gong' }],
      populations: [{ id: 'p', level: 'g', count: 3, familiar: ['back door'] }],
      profiles: [{ id: 'x', trust: 2, wakeLevel: { distribution: 'uniform', min: 80, max: 40 } }],
      behaviour: {
        signs: { static: 1.5 },
        hearing: { areas: [{ level: 'g', area: 'kitchen', ambient: 60 }] },
        contagion: { leave: 3 },
        words: {},
      },
    }).sort(),
  ).toEqual(
    [
      'duplicate-id sounds[1].id',
      'impossible-value behaviour.contagion.leave',
      'impossible-value profiles[0].trust',
      'min-above-max profiles[0].wakeLevel',
      'out-of-range behaviour.signs.static',
      'out-of-range sounds[0].loudness',
      'unknown-area behaviour.hearing.areas[0].area',
      'unknown-exit populations[0].familiar[0]',
      'unknown-field behaviour.words',
      'unknown-level sounds[0].level',
      'unknown-sound events[0].sound',
    ].sort(),
  );
});

test('what is written for a mechanism that is off is a warning', () => {
  const sounds = [{ id: 'bell', level: 'g', position: [1, 1] }];
  expect(issuesOf({ sounds })).toEqual(['nobody-hears sounds']);
  expect(issuesOf({ sounds, behaviour: { hearing: {} } })).toEqual([]);
  expect(issuesOf({ populations: [{ id: 'p', level: 'g', count: 3, asleep: true }] })).toEqual([
    'never-woken populations[0].asleep',
  ]);
  expect(issuesOf({ populations: [{ id: 'p', level: 'g', count: 3, waits: true }] })).toEqual([
    'never-alerted populations[0].waits',
  ]);
  const alert = [{ at: 5, do: 'alert', populations: ['p'] }];
  expect(issuesOf({ populations: [{ id: 'p', level: 'g', count: 3, waits: true }], events: alert })).toEqual([]);
  expect(issuesOf({ behaviour: { following: {} } })).toEqual(['nobody-follows behaviour.following']);
});
