import { expect, test } from 'vitest';
import { makeScenario, makeWorld, memorySink, runToEnd } from './run.test-support.ts';
import { createRun } from './run.ts';

type Line = [[number, number], [number, number]];
const box = (x0: number, y0: number, x1: number, y1: number): [number, number][] => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];

/** Offices along a corridor, every mechanism on. */
function office(count = 60) {
  return makeScenario({
    levels: [
      {
        id: 'g',
        outlines: [box(0, 0, 40, 14)],
        walls: [
          {
            path: [
              [0, 6],
              [40, 6],
            ],
          },
          {
            path: [
              [0, 8.5],
              [40, 8.5],
            ],
          },
          ...[10, 20, 30].map((x) => ({
            path: [
              [x, 8.5],
              [x, 14],
            ] as [number, number][],
          })),
        ],
      },
    ],
    doors: [
      ...[4, 14, 24, 34].map((x, k) => ({
        id: `north ${k}`,
        level: 'g',
        line: [
          [x, 8.5],
          [x + 1, 8.5],
        ] as Line,
        state: 'closed' as const,
      })),
      {
        id: 'hall',
        level: 'g',
        line: [
          [18, 6],
          [20, 6],
        ] as Line,
      },
      {
        id: 'west door',
        level: 'g',
        line: [
          [0, 6.6],
          [0, 7.8],
        ] as Line,
        state: 'chained',
      },
    ],
    exits: [
      { id: 'west', door: 'west door' },
      {
        id: 'east',
        level: 'g',
        line: [
          [40, 6.6],
          [40, 7.8],
        ],
      },
      {
        id: 'south',
        level: 'g',
        line: [
          [8, 0],
          [9.2, 0],
        ],
      },
    ],
    signs: [
      { id: 'sign east', level: 'g', position: [39.8, 7.2], facing: 180, exit: 'east', dynamic: true },
      { id: 'sign west', level: 'g', position: [0.2, 7.2], facing: 0, exit: 'west' },
    ],
    sounds: [{ id: 'bell', level: 'g', position: [20, 7], kind: 'voice', loudness: 95 }],
    populations: [
      {
        id: 'offices',
        level: 'g',
        polygon: box(1, 9, 39, 13.5),
        count: Math.floor(count / 2),
        knows: ['west'],
        waits: true,
      },
      { id: 'guests', level: 'g', polygon: box(1, 1, 39, 5), count: Math.floor(count / 3), knows: [], waits: true },
      {
        id: 'asleep',
        level: 'g',
        polygon: box(22, 1, 39, 5),
        count: Math.floor(count / 6),
        asleep: true,
        knows: ['south'],
      },
    ],
    events: [{ at: 3, do: 'sound', sound: 'bell', duration: 60 }],
    behaviour: {
      signs: {},
      hearing: {},
      contagion: {},
      knowledge: {},
      word: {},
      following: {},
      choice: {},
      inner: {},
    },
    settings: { end: { time: 240 } },
  });
}

test('with everything on, people get out, and each mechanism has its events', () => {
  const { events, result } = runToEnd(office());
  // who stays was not woken, or not convinced before the message ended
  const started = events.filter(({ type }) => type === 'person-started').length;
  expect(result.out).toBe(started);
  expect(started).toBeGreaterThan(50);
  const kinds = new Set(events.map(({ type }) => type));
  for (const kind of [
    'sign-seen',
    'belief-changed',
    'person-told',
    'sound-started',
    'sound-ended',
    'person-woke',
    'person-investigates',
    'person-alerted',
    'person-searches',
    'person-follows',
    'inner-state',
  ]) {
    expect(kinds).toContain(kind);
  }
});

test('a run that goes on from a snapshot of any tick leaves the same bytes and events', () => {
  const scenario = office();
  const whole = runToEnd(scenario);
  for (const tick of [37, 113, 200]) {
    const sink = memorySink();
    const first = createRun(makeWorld(scenario), { sink });
    first.advance(tick);
    const snapshot = first.snapshot();
    const rest = memorySink();
    const second = createRun(makeWorld(scenario), { sink: rest, resumeFrom: snapshot, validate: true });
    while (!second.advance(50));
    expect(second.finish().result.stateHash).toBe(whole.result.stateHash);
    const events = [...sink.events(), ...rest.events()];
    expect(events).toEqual(whole.events);
  }
});

test('what a scenario does not ask for takes no memory and no event', () => {
  const { behaviour: _, sounds: _sounds, ...rest } = office();
  const world = makeWorld({ ...rest, events: [] });
  expect(world.views.groups).toEqual({});
  const full = makeWorld(office());
  // all together, of 60 persons with 10 portals, 9 areas and two signs
  expect((full.stateBytes - world.stateBytes) / 60).toBeLessThan(300);
});

test('the mechanisms cost persons who take part in them less than 300 bytes each', () => {
  const world = makeWorld(office(300));
  const { behaviour: _, sounds: _sounds, ...rest } = office(300);
  const perPerson = (world.stateBytes - makeWorld({ ...rest, events: [] }).stateBytes) / 300;
  expect(perPerson).toBeLessThan(200);
});
