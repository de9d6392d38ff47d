import { expect, test } from 'vitest';
import type { TraceEvent } from '../../trace/index.ts';
import { makeScenario, makeWorld, memorySink, runToEnd } from '../run.test-support.ts';
import { createRun } from '../run.ts';
import { makeWing } from './wing.test-support.ts';

const released = (events: readonly TraceEvent[]) =>
  events.flatMap((event) => (event.type === 'lock-released' ? [event] : []));
const guard = { id: 'guard', level: 'ground', position: [1, 1] as [number, number], role: 'keyholder' };

test('one guard releases k locks one after the other: the time at each as its lock says, and the walk between', () => {
  const { events, result } = runToEnd(
    makeScenario(makeWing({ cells: 5, persons: [guard], lock: { byKey: 4 }, roles: undefined })),
  );
  const locks = released(events);
  expect(locks.map(({ door }) => door)).toEqual(['cell 1', 'cell 2', 'cell 3', 'cell 4', 'cell 5']);
  expect(locks.every(({ how, seconds }) => how === 'key' && seconds === 4)).toBe(true);
  for (let k = 1; k < locks.length; k++) {
    const walk = locks[k].t - locks[k - 1].t - 4;
    // 2 m at a free speed of 0.5 … 2.2 m/s, with setting out and coming to rest
    expect(walk).toBeGreaterThan(0.8);
    expect(walk).toBeLessThan(4.5);
  }
  expect(result.out).toBe(6);
});

test('two guards share the locks: each is released once, and the last about twice as soon', () => {
  const second = { ...guard, id: 'second guard', position: [1, 0.5] as [number, number] };
  const slow = { byKey: 20 };
  const alone = released(runToEnd(makeScenario(makeWing({ cells: 6, persons: [guard], lock: slow }))).events);
  const both = released(runToEnd(makeScenario(makeWing({ cells: 6, persons: [guard, second], lock: slow }))).events);
  expect(new Set(both.map(({ door }) => door)).size).toBe(6);
  expect(both.length).toBe(6);
  expect(new Set(both.map(({ person }) => person)).size).toBe(2);
  for (const one of [0, 1]) expect(both.filter(({ person }) => person === one).length).toBe(3);
  // work of 6 × 20 s against 3 × 20 s, walking besides
  expect(alone[5].t - both[5].t).toBeGreaterThan(50);
  expect(alone[5].t - both[5].t).toBeLessThan(75);
});

test('a lock takes the same time whoever releases it, and in whichever order', () => {
  const lock = { byKey: { distribution: 'uniform' as const, min: 4, max: 7 } };
  const far = { ...guard, position: [11, 1] as [number, number] };
  const times = (persons: (typeof guard)[]) =>
    new Map(
      released(runToEnd(makeScenario(makeWing({ cells: 4, persons, lock }))).events).map(({ door, seconds }) => [
        door,
        seconds,
      ]),
    );
  const left = times([guard]);
  expect(left.size).toBe(4);
  expect(times([far])).toEqual(left);
  expect(new Set(left.values()).size).toBe(4);
});

test('without the key nothing is released; with it everything is', () => {
  const lock = { key: 'cell key', byKey: 4 };
  const objects = [{ id: 'ring', kind: 'cell key', heldBy: 'guard' }];
  const elsewhere = [{ id: 'ring', kind: 'cell key', level: 'ground', position: [1, 1] as [number, number] }];
  expect(released(runToEnd(makeScenario(makeWing({ cells: 3, persons: [guard], lock, objects }))).events).length).toBe(
    3,
  );
  const { events } = runToEnd(makeScenario(makeWing({ cells: 3, persons: [guard], lock, objects: elsewhere })));
  expect(released(events)).toEqual([]);
  expect(events.some((event) => event.type === 'role-state' && event.state === 'leave')).toBe(true);
});

test('by force a lock opens to who is as strong as it is; a stronger one is tried once and left', () => {
  const breaker = (strength: number) => ({
    id: 'strong',
    strength,
    states: [
      {
        state: 'break',
        do: { act: 'unlock' as const, doors: ['cell 1', 'cell 2'], by: 'force' as const },
        next: [{ when: { action: 'ended' as const }, go: 'leave' }],
      },
      { state: 'leave', do: { act: 'leave' as const } },
    ],
  });
  const run = (strength: number) =>
    runToEnd(
      makeScenario(
        makeWing({
          cells: 2,
          persons: [{ ...guard, role: 'strong' }],
          roles: [breaker(strength)],
          lock: { byForce: 5 },
          strength: 3000,
          end: 60,
        }),
      ),
    ).events;
  const strong = run(3000);
  expect(released(strong).map(({ how }) => how)).toEqual(['force', 'force']);
  const weak = run(2999);
  expect(released(weak)).toEqual([]);
  const attempts = weak.flatMap((event) => (event.type === 'force-attempt' ? [event] : []));
  expect(attempts.map(({ door, success, needed }) => [door, success, needed])).toEqual([
    ['cell 1', false, 3000],
    ['cell 2', false, 3000],
  ]);
});

test('at a console all doors are released at once', () => {
  const doors = ['cell 1', 'cell 2', 'cell 3', 'cell 4'];
  const { events, result } = runToEnd(
    makeScenario(
      makeWing({
        cells: 4,
        persons: [{ ...guard, role: 'officer' }],
        consoles: [{ id: 'desk', level: 'ground', position: [1.5, 1.5], doors, time: 3 }],
        roles: [
          {
            id: 'officer',
            states: [
              {
                state: 'desk',
                do: { act: 'operate', console: 'desk' },
                next: [{ when: { action: 'done' }, go: 'leave' }],
              },
              { state: 'leave', do: { act: 'leave' } },
            ],
          },
        ],
      }),
    ),
  );
  const locks = released(events);
  expect(locks.map(({ door }) => door)).toEqual(doors);
  expect(new Set(locks.map(({ t }) => t)).size).toBe(1);
  expect(locks.every(({ how }) => how === 'console')).toBe(true);
  expect(result.out).toBe(5);
});

test('a run resumed in the middle of a release goes on to the same bytes', () => {
  const scenario = makeScenario(
    makeWing({ cells: 4, persons: [guard], lock: { byKey: { distribution: 'uniform', min: 4, max: 7 } } }),
  );
  const whole = createRun(makeWorld(scenario), { sink: memorySink() });
  let snapshot: Uint8Array | undefined;
  const first = createRun(makeWorld(scenario), {
    sink: memorySink(),
    snapshotSeconds: 7.3,
    onSnapshot: (bytes) => (snapshot ??= bytes.slice()),
  });
  while (snapshot === undefined) first.advance(1);
  const second = createRun(makeWorld(scenario), { sink: memorySink(), resumeFrom: snapshot });
  while (!whole.advance(100));
  while (!second.advance(100));
  expect(second.finish().result.stateHash).toBe(whole.finish().result.stateHash);
});

test('who is listed first changes nothing of the rounds: the same locks at the same times', () => {
  const same = { profiles: [{ id: 'same', body: { radius: 0.18, mass: 75 }, freeSpeed: 1.3, patience: 1000 }] };
  const wing = makeWing({ cells: 5, persons: [guard], lock: { byKey: { distribution: 'uniform', min: 4, max: 7 } } });
  const all = wing.populations!.map((population) => ({ ...population, profile: 'same' }));
  const rounds = (populations: typeof all) =>
    released(runToEnd(makeScenario({ ...wing, ...same, populations })).events).map(({ t, door, seconds }) => [
      t,
      door,
      seconds,
    ]);
  const first = rounds(all);
  expect(first.length).toBe(5);
  expect(rounds([...all.slice(1), all[0]])).toEqual(first);
});
