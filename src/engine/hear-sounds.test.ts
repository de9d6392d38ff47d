import { expect, test } from 'vitest';
import { makeScenario, runToEnd } from './run.test-support.ts';

const box = (x0: number, y0: number, x1: number, y1: number): [number, number][] => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];

/** A corridor of bedrooms, one sleeper each, the bell in the first; doors shut. */
function dormitory(loudness: number, asleep = true) {
  const walls = Array.from({ length: 6 }, (_, k) => ({
    path: [
      [4 * k + 4, 2],
      [4 * k + 4, 6],
    ] as [number, number][],
  }));
  return makeScenario({
    levels: [
      {
        id: 'g',
        outlines: [box(0, 0, 28, 6)],
        walls: [
          ...walls,
          {
            path: [
              [0, 2],
              [28, 2],
            ] as [number, number][],
          },
        ],
      },
    ],
    doors: Array.from({ length: 7 }, (_, k) => ({
      id: `door ${k}`,
      level: 'g',
      line: [
        [4 * k + 1, 2],
        [4 * k + 2, 2],
      ] as [[number, number], [number, number]],
      state: 'closed' as const,
    })),
    exits: [
      {
        id: 'e',
        level: 'g',
        line: [
          [28, 0.3],
          [28, 1.7],
        ],
      },
    ],
    sounds: [{ id: 'bell', level: 'g', position: [2, 1], loudness }],
    events: [{ at: 5, do: 'sound', sound: 'bell' }],
    profiles: [{ id: 'sleeper', wakeLevel: 40, wakeDelay: 20, freeSpeed: 1.2, body: { table: 'men' } }],
    populations: Array.from({ length: 7 }, (_, k) => ({
      id: `sleeper ${k}`,
      level: 'g',
      position: [4 * k + 2, 4] as [number, number],
      profile: 'sleeper',
      ...(asleep ? { asleep } : { waits: true }),
    })),
    behaviour: { hearing: { ambient: 30, absorption: 1 } },
    settings: { end: { time: 300 } },
  });
}

test('sleepers wake in order of the level they hear, none before the sound, and then leave', () => {
  const { events, result } = runToEnd(dormitory(105));
  const woken = events.flatMap((event) => (event.type === 'person-woke' ? [event] : []));
  expect(woken.length).toBe(7);
  expect(Math.min(...woken.map(({ t }) => t))).toBeGreaterThan(5);
  const levels = woken.map(({ level }) => level);
  expect(levels).toEqual([...levels].sort((a, b) => b - a));
  expect(new Set(woken.map(({ person }) => person)).size).toBe(7);
  const alerted = events.flatMap((event) => (event.type === 'person-alerted' ? [event.person] : []));
  expect(alerted.length).toBe(7);
  expect(result.out).toBe(7);
});

test('a bell that is masked by the noise wakes nobody, and the run ends', () => {
  const scenario = dormitory(105);
  const loud = { ...scenario, behaviour: { hearing: { ...scenario.behaviour!.hearing!, ambient: 110 } } };
  const { events, result } = runToEnd(loud);
  expect(events.some(({ type }) => type === 'person-woke' || type === 'person-alerted')).toBe(false);
  expect(result.out).toBe(0);
  expect(result.outcome).toBe('stalled');
});

test('a sound that stops alerts nobody any more, and a person who is awake starts after their own time', () => {
  const scenario = dormitory(105, false);
  const { events } = runToEnd({
    ...scenario,
    profiles: scenario.profiles.map((profile) => ({ ...profile, preMovement: 3 })),
  });
  const alerted = events.flatMap((event) => (event.type === 'person-alerted' ? [event] : []));
  const started = events.flatMap((event) => (event.type === 'person-started' ? [event] : []));
  expect(alerted.length).toBe(7);
  for (const { person, t } of alerted) {
    expect(t).toBeLessThanOrEqual(6.1);
    const late = started.find((event) => event.person === person)!.t - (t + 3);
    expect(late).toBeGreaterThan(-0.001);
    expect(late).toBeLessThan(0.11);
  }
  const silenced = runToEnd({
    ...scenario,
    events: [
      { at: 5, do: 'sound', sound: 'bell', duration: 0.05 },
      { at: 250, do: 'open', door: 'door 0' },
    ],
  });
  expect(silenced.events.filter(({ type }) => type === 'person-alerted').length).toBeLessThan(7);
  expect(silenced.events.filter(({ type }) => type === 'sound-ended').length).toBe(1);
});
