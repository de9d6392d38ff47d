import { expect, test } from 'vitest';
import { normalCumulative } from '../../math/index.ts';
import type { ScenarioInput } from '../../scenario/index.ts';
import type { TraceEvent } from '../../trace/index.ts';
import { PersonHarm, PersonPosture } from '../../world/index.ts';
import { makeScenario, makeWorld, memorySink, runToEnd } from '../run.test-support.ts';
import { createRun } from '../run.ts';
import { hitChance } from './attack.ts';

type Roles = NonNullable<ScenarioInput['roles']>;
type States = Roles[number]['states'];
type Populations = NonNullable<ScenarioInput['populations']>;

const leave: States[number] = { state: 'leave', do: { act: 'leave' } };
const still: Roles[number] = { id: 'still', states: [{ state: 'stand', do: { act: 'wait' } }] };
const role = (id: string, ...states: States): Roles[number] => ({ id, states });
const person = (id: string, x: number, y: number, of?: string): Populations[number] => ({
  id,
  level: 'ground',
  position: [x, y],
  ...(of === undefined ? {} : { role: of }),
});

/** A hall of 20 × 10 m with a room of 4 × 4 m in a corner, its door at (4, 8); the exit is at the right. */
function makeHall(parts: Partial<ScenarioInput> & { readonly populations: Populations }, end = 60) {
  return makeScenario({
    levels: [
      {
        id: 'ground',
        outlines: [
          [
            [0, 0],
            [20, 0],
            [20, 10],
            [0, 10],
          ],
        ],
        areas: [
          {
            id: 'room',
            polygon: [
              [0, 6],
              [4, 6],
              [4, 10],
              [0, 10],
            ],
          },
          {
            id: 'hall',
            polygon: [
              [0, 0],
              [20, 0],
              [20, 10],
              [4, 10],
              [4, 6],
              [0, 6],
            ],
          },
        ],
        walls: [
          {
            path: [
              [0, 6],
              [4, 6],
              [4, 10],
            ],
            thickness: 0.1,
          },
        ],
      },
    ],
    doors: [
      {
        id: 'room door',
        level: 'ground',
        line: [
          [4, 7.5],
          [4, 8.5],
        ],
      },
    ],
    exits: [
      {
        id: 'out',
        level: 'ground',
        line: [
          [20, 4],
          [20, 6],
        ],
      },
    ],
    settings: { end: { time: end } },
    ...parts,
  });
}

const ofType = <T extends TraceEvent['type']>(events: readonly TraceEvent[], type: T) =>
  events.filter((event): event is TraceEvent & { readonly type: T } => event.type === type);

test('a thing is taken off somebody who is down, handed over, and is in one hand at every time', () => {
  const taker = role(
    'taker',
    {
      state: 'strike',
      do: {
        act: 'attack',
        who: { of: ['holder'] },
        chance: 1,
        effects: [{ effect: 'down', share: 1, lasts: 100 }],
      },
      next: [{ when: { action: 'done' }, go: 'take' }],
    },
    { state: 'take', do: { act: 'take', object: 'key', time: 5 }, next: [{ when: { action: 'done' }, go: 'give' }] },
    {
      state: 'give',
      do: { act: 'give', object: 'key', to: { of: ['friend'] } },
      next: [{ when: { action: 'ended' }, go: 'leave' }],
    },
    leave,
  );
  const scenario = makeHall({
    populations: [person('taker', 2, 2, 'taker'), person('holder', 5, 2, 'still'), person('friend', 9, 3, 'still')],
    roles: [taker, still],
    objects: [{ id: 'bunch', kind: 'key', heldBy: 'holder' }],
  });
  const holders: number[] = [];
  const { events } = runToEnd(scenario, {}, (world) => holders.push(world.views.groups.objects!.holder[0] - 1));
  const [taken] = ofType(events, 'object-taken');
  const [down] = ofType(events, 'person-downed');
  const [given] = ofType(events, 'object-given');
  expect(taken).toMatchObject({ object: 'bunch', person: 0, from: 1 });
  expect(taken.t - down.t).toBeGreaterThan(5);
  expect(given).toMatchObject({ object: 'bunch', person: 2, from: 0 });
  expect(given.t).toBeGreaterThan(taken.t);
  expect([...new Set(holders)]).toEqual([1, 0, 2]);
});

test('from somebody who stands nothing can be taken', () => {
  const taker = role(
    'taker',
    { state: 'take', do: { act: 'take', object: 'key' }, next: [{ when: { action: 'failed' }, go: 'leave' }] },
    leave,
  );
  const { events } = runToEnd(
    makeHall({
      populations: [person('taker', 2, 2, 'taker'), person('holder', 5, 2, 'still')],
      roles: [taker, still],
      objects: [{ id: 'key', heldBy: 'holder' }],
    }),
  );
  expect(ofType(events, 'object-taken')).toEqual([]);
  expect(ofType(events, 'role-state').map(({ state }) => state)).toEqual(['leave']);
});

test('attempts come at their rate and succeed with their chance, within three standard errors', () => {
  const striker = role('striker', {
    state: 'strike',
    do: {
      act: 'attack',
      who: { of: ['victim'] },
      every: 0.5,
      chance: 0.3,
      rounds: 400,
      effects: [{ effect: 'stunned', share: 0.5, lasts: 0.1 }],
    },
  });
  const { events } = runToEnd(
    makeHall(
      {
        populations: [person('striker', 10, 5, 'striker'), person('victim', 10.7, 5, 'still')],
        roles: [striker, still],
      },
      220,
    ),
  );
  const hits = ofType(events, 'person-struck');
  const misses = ofType(events, 'attempt-missed');
  const all = [...hits, ...misses].sort((a, b) => a.t - b.t);
  expect(all.length).toBe(400);
  expect(all[399].t - all[0].t).toBeCloseTo(399 * 0.5, 6);
  expect(Math.abs(hits.length / 400 - 0.3)).toBeLessThan(3 * Math.sqrt((0.3 * 0.7) / 400));
  const stunned = hits.filter(({ effect }) => effect === 'stunned').length;
  expect(Math.abs(stunned / hits.length - 0.5)).toBeLessThan(3 * Math.sqrt(0.25 / hits.length));
  expect(ofType(events, 'person-stunned').length).toBe(stunned);
});

test('the chance of a shot is that of two normal errors on a target of 0.44 × 0.8 m', () => {
  for (const [spread, distance, chance] of [
    [2, 5, 0.78],
    [2, 10, 0.35],
    [3, 5, 0.52],
    [5, 5, 0.25],
    [8, 2, 0.48],
  ] as const) {
    expect(hitChance(spread, distance)).toBeCloseTo(chance, 1);
    const error = distance * ((spread * Math.PI) / 180);
    expect(hitChance(spread, distance)).toBeCloseTo(
      (2 * normalCumulative(0.22 / error) - 1) * (2 * normalCumulative(0.4 / error) - 1),
      12,
    );
  }
});

test('who is stunned stands for as long as it lasts, and walks on', () => {
  const striker = role(
    'striker',
    {
      state: 'strike',
      do: {
        act: 'attack',
        who: { of: ['walker'] },
        reach: 3,
        with: 'device',
        chance: 1,
        effects: [{ effect: 'stunned', share: 1, lasts: 4 }],
      },
      next: [{ when: { action: 'done' }, go: 'stay' }],
    },
    { state: 'stay', do: { act: 'wait' } },
  );
  const moved: number[] = [];
  const { events } = runToEnd(
    makeHall({ populations: [person('striker', 6, 6, 'striker'), person('walker', 5, 5)], roles: [striker] }),
    {},
    (world) => {
      const { vx, vy } = world.views.persons;
      moved.push(Math.hypot(vx[1], vy[1]));
    },
  );
  const [stun] = ofType(events, 'person-stunned');
  const from = Math.round(stun.t * 10);
  expect(stun.seconds).toBe(4);
  for (let k = from + 15; k < from + 39; k++) expect(moved[k]).toBeLessThan(0.05);
  expect(Math.max(...moved.slice(from + 50, from + 70))).toBeGreaterThan(0.5);
  expect(ofType(events, 'person-out').map(({ person: out }) => out)).toEqual([1]);
});

test('somebody shot falls back into those behind, who fall over each other', () => {
  const shooter: Roles[number] = {
    id: 'shooter',
    hostileTo: ['others'],
    states: [
      {
        state: 'shoot',
        do: {
          act: 'attack',
          who: { hostile: true },
          with: 'shot',
          chance: 1,
          impulse: 200,
          effects: [{ effect: 'unconscious', share: 1 }],
        },
        next: [{ when: { action: 'done' }, go: 'stay' }],
      },
      { state: 'stay', do: { act: 'wait' } },
    ],
  };
  const { events } = runToEnd(
    makeHall(
      {
        populations: [
          person('shooter', 5, 3, 'shooter'),
          {
            id: 'others',
            level: 'ground',
            polygon: [
              [7, 2.6],
              [9, 2.6],
              [9, 3.4],
              [7, 3.4],
            ],
            count: 6,
            role: 'still',
          },
        ],
        roles: [shooter, still],
      },
      20,
    ),
  );
  const [struck] = ofType(events, 'person-struck');
  const falls = ofType(events, 'person-fell');
  expect(falls[0]).toMatchObject({ person: struck.person, why: 'knocked' });
  // the nearest is the one
  expect(ofType(events, 'person-unconscious').map(({ person: hit }) => hit)).toEqual([struck.person]);
});

test('a shot is not made while somebody else stands in the line', () => {
  const shooter: Roles[number] = {
    id: 'shooter',
    hostileTo: ['target'],
    states: [
      {
        state: 'shoot',
        do: { act: 'attack', who: { hostile: true }, with: 'shot', chance: 1, effects: [{ effect: 'dead', share: 1 }] },
      },
    ],
  };
  const { events } = runToEnd(
    makeHall(
      {
        populations: [
          person('shooter', 5, 3, 'shooter'),
          person('target', 11, 3, 'still'),
          person('bystander', 8, 3.1, 'still'),
        ],
        roles: [shooter, still],
      },
      15,
    ),
  );
  expect(ofType(events, 'person-struck')).toEqual([]);
  expect(ofType(events, 'attempt-missed')).toEqual([]);
});

test('who is held cannot walk until somebody frees them', () => {
  const grabber = role(
    'grabber',
    {
      state: 'grab',
      do: { act: 'grab', who: { of: ['walker'] }, breaks: 0 },
      next: [{ when: { action: 'done' }, go: 'stay' }],
    },
    { state: 'stay', do: { act: 'wait' } },
  );
  const friend = role(
    'friend',
    { state: 'watch', do: { act: 'wait' }, next: [{ when: { near: { is: 'held' }, after: 6 }, go: 'free' }] },
    {
      state: 'free',
      do: { act: 'free', who: { of: ['walker'] }, chance: 1 },
      next: [{ when: { action: 'ended' }, go: 'leave' }],
    },
    leave,
  );
  const { events, result } = runToEnd(
    makeHall({
      populations: [person('grabber', 8, 5.3, 'grabber'), person('walker', 7, 5), person('friend', 5, 5, 'friend')],
      roles: [grabber, friend],
    }),
  );
  const [grabbed] = ofType(events, 'grabbed');
  const [freed] = ofType(events, 'freed-by');
  expect(grabbed).toMatchObject({ person: 1, by: 0 });
  expect(freed).toMatchObject({ person: 1, by: 2, holder: 0 });
  expect(freed.t).toBeGreaterThan(7);
  expect(result.out).toBe(2);
});

test('who is held alone gets free after a time that is geometric in seconds', () => {
  const times: number[] = [];
  for (let seed = 1; seed <= 30; seed++) {
    const grabber = role(
      'grabber',
      {
        state: 'grab',
        do: { act: 'grab', who: { of: ['held'] }, breaks: 0.3 },
        next: [{ when: { action: 'done' }, go: 'stay' }],
      },
      { state: 'stay', do: { act: 'wait' } },
    );
    const { events } = runToEnd(
      makeHall({
        populations: [person('grabber', 8, 5, 'grabber'), person('held', 8.6, 5, 'still')],
        roles: [grabber, still],
        settings: { seed, end: { time: 40 } },
      }),
    );
    times.push(ofType(events, 'freed-by')[0].t - ofType(events, 'grabbed')[0].t);
  }
  const mean = times.reduce((sum, t) => sum + t, 0) / times.length;
  // mean 1 / 0.3 s, standard deviation √0.7 / 0.3 s
  expect(Math.abs(mean - 1 / 0.3)).toBeLessThan((3 * Math.sqrt(0.7)) / 0.3 / Math.sqrt(30) + 0.2);
});

test('a word that is believed changes minds and lets the table go on; one that is not does neither', () => {
  const caller = role(
    'caller',
    {
      state: 'call',
      do: { act: 'call', say: 'not there', trust: 1, tells: { exit: 'out', is: 'locked' } },
      next: [{ when: { action: 'done' }, go: 'stay' }],
    },
    { state: 'stay', do: { act: 'wait' } },
  );
  const listener = role(
    'listener',
    { state: 'listen', do: { act: 'wait' }, next: [{ when: { heard: 'not there' }, go: 'leave' }] },
    leave,
  );
  const run = (distance: number) =>
    runToEnd(
      makeHall(
        {
          populations: [person('caller', 5, 5, 'caller'), person('listener', 5 + distance, 5, 'listener')],
          roles: [caller, listener],
        },
        12,
      ),
    ).events;
  const near = run(5);
  expect(ofType(near, 'called')).toMatchObject([{ person: 0, say: 'not there', heard: 1, believed: 1 }]);
  expect(ofType(near, 'person-told')).toMatchObject([
    { person: 1, from: 0, portal: 'out', belief: 'locked', believed: true },
  ]);
  expect(ofType(near, 'belief-changed')).toMatchObject([
    { person: 1, portal: 'out', belief: 'locked', by: 'word', from: 0 },
  ]);
  expect(ofType(near, 'role-state').map(({ person: who, state }) => [who, state])).toContainEqual([1, 'leave']);
  // the one exit is believed locked
  expect(ofType(near, 'person-stranded').map(({ person: who }) => who)).toEqual([1]);
  const far = run(12);
  expect(ofType(far, 'called')).toMatchObject([{ heard: 0, believed: 0 }]);
  expect(ofType(far, 'person-told')).toEqual([]);
});

test('a follower goes where the leader goes, and leaves when the leader is out', () => {
  const leader = role(
    'leader',
    { state: 'round', do: { act: 'go', to: { place: [2, 8] } }, next: [{ when: { action: 'done' }, go: 'leave' }] },
    leave,
  );
  const follower = role(
    'follower',
    {
      state: 'follow',
      do: { act: 'follow', who: { role: 'leader' } },
      next: [{ when: { action: 'ended' }, go: 'leave' }],
    },
    leave,
  );
  let inRoom = false;
  const { result, events } = runToEnd(
    makeHall({
      populations: [person('leader', 9, 3, 'leader'), person('follower', 10, 3, 'follower')],
      roles: [leader, follower],
    }),
    {},
    (world) => {
      if (world.areas[world.views.persons.area[1]].id === 'room') inRoom = true;
    },
  );
  expect(inRoom).toBe(true);
  expect(result.out).toBe(2);
  expect(ofType(events, 'person-out').map(({ person: who }) => who)).toEqual([0, 1]);
});

test('who hides goes into the room and locks it from inside; a hunter cannot come in', () => {
  const hider = role('hider', { state: 'hide', do: { act: 'hide', in: ['room'], locks: true } });
  const { events, world } = runToEnd(
    makeHall(
      { populations: [person('hider', 6, 5, 'hider'), person('hunter', 18, 1, 'assailant')], roles: [hider] },
      90,
    ),
  );
  expect(ofType(events, 'hidden')).toMatchObject([{ person: 0, area: 'room', locked: true }]);
  expect(ofType(events, 'door-locked')).toMatchObject([{ door: 'room door', by: 'person', person: 0 }]);
  expect(ofType(events, 'person-struck')).toEqual([]);
  expect(world.areas[world.views.persons.area[1]].id).toBe('hall');
});

test('whoever lies is helped up sooner than they get up alone', () => {
  const striker = role(
    'striker',
    {
      state: 'strike',
      do: { act: 'attack', who: { of: ['victim'] }, chance: 1, effects: [{ effect: 'down', share: 1, lasts: 30 }] },
      next: [{ when: { action: 'done' }, go: 'leave' }],
    },
    leave,
  );
  const run = (helper: boolean) =>
    runToEnd(
      makeHall({
        populations: [
          person('striker', 10, 5, 'striker'),
          person('victim', 11, 5, 'still'),
          ...(helper ? [person('helper', 8, 2, 'helper')] : []),
        ],
        roles: [striker, still],
      }),
    ).events;
  const alone = run(false);
  const helped = run(true);
  expect(ofType(alone, 'person-got-up')[0].after).toBeGreaterThan(30);
  expect(ofType(helped, 'helped-up')).toMatchObject([{ person: 1, by: 2 }]);
  expect(ofType(helped, 'person-got-up')[0].after).toBeLessThan(15);
});

test('nobody is helped up from under others: the help fails, and comes once they are off', () => {
  const scenario = makeHall({
    populations: [person('helper', 10, 5, 'helper'), person('under', 11, 5, 'still'), person('on', 11.1, 5.4, 'still')],
    roles: [
      still,
      role(
        'helper',
        { state: 'wait', do: { act: 'wait' }, next: [{ when: { near: { of: ['under'], is: 'down' } }, go: 'help' }] },
        {
          state: 'help',
          do: { act: 'help', who: { of: ['under'] }, time: 1 },
          next: [{ when: { action: 'ended' }, go: 'wait' }],
        },
      ),
    ],
  });
  const laid = (off: number) => {
    let tick = 0;
    return runToEnd(scenario, {}, ({ views }) => {
      const { persons, clock } = views;
      if (++tick === 2) {
        for (const i of [1, 2]) {
          persons.posture[i] = PersonPosture.lying;
          persons.y[i] = persons.y[1];
          persons.leanX[i] = 0.1;
          persons.fellTick[i] = clock.tick[0] + i;
          clock.lyingCount[0]++;
        }
        persons.harm[2] = PersonHarm.unconscious;
      }
      if (tick === off) persons.x[2] += 3;
    }).events;
  };
  expect(ofType(laid(-1), 'helped-up')).toEqual([]);
  expect(ofType(laid(100), 'helped-up')[0].t).toBeGreaterThan(10);
});

test('a condition may ask in which room the actor is', () => {
  const events = runToEnd(
    makeHall({
      populations: [person('walker', 3, 5, 'walker')],
      roles: [
        role(
          'walker',
          {
            state: 'go',
            do: { act: 'go', to: { place: [16, 5] } },
            next: [
              { when: { at: ['room'] }, go: 'stop' },
              { when: { at: ['room', 'hall'], after: 2 }, go: 'stop' },
            ],
          },
          { state: 'stop', do: { act: 'wait' } },
        ),
      ],
    }),
  ).events;
  expect(ofType(events, 'role-state')[0].t).toBeCloseTo(2, 1);
});

test('who is assisted walks at the speed that is lent, with enough helpers only', () => {
  const profiles = [
    { id: 'chair', freeSpeed: 0.3 },
    { id: 'walker', freeSpeed: 1.3 },
  ];
  const porter = (helpers: number): Roles[number] =>
    role(
      'porter',
      {
        state: 'assist',
        do: { act: 'assist', who: { of: ['patient'] }, speed: 0.9, helpers, time: 2 },
        next: [{ when: { action: 'ended' }, go: 'leave' }],
      },
      leave,
    );
  const out = (helpers: number, asked: number) => {
    const populations = [
      { ...person('patient', 4, 5), profile: 'chair' },
      ...Array.from({ length: helpers }, (_, k) => ({
        ...person(`porter ${k}`, 3, 4 + k, 'porter'),
        profile: 'walker',
      })),
    ];
    const { events } = runToEnd(makeHall({ populations, roles: helpers === 0 ? [] : [porter(asked)], profiles }, 120));
    return ofType(events, 'person-out').find(({ person: who }) => who === 0)!.t;
  };
  // 16 m at 0.3 m/s, and at 0.9 m/s after getting ready
  expect(out(0, 1)).toBeGreaterThan(50);
  expect(out(1, 1)).toBeLessThan(30);
  expect(out(1, 2)).toBeGreaterThan(45);
  expect(out(2, 2)).toBeLessThan(32);
});

test('with every action in it a run resumed from a snapshot ends in the same state', () => {
  const scenario = makeHall({
    populations: [
      person('leader', 2, 8, 'helper'),
      { id: 'crowd', level: 'ground', area: 'hall', count: 30 },
      {
        id: 'hunters',
        level: 'ground',
        polygon: [
          [15, 0.5],
          [19, 0.5],
          [19, 2],
          [15, 2],
        ],
        count: 3,
        role: 'assailant',
      },
    ],
  });
  const run = (resumeFrom?: Uint8Array) => {
    let snapshot: Uint8Array | undefined;
    const one = createRun(makeWorld(scenario), {
      sink: memorySink(),
      snapshotSeconds: 6.1,
      onSnapshot: (bytes) => (snapshot ??= bytes.slice()),
      ...(resumeFrom === undefined ? {} : { resumeFrom }),
    });
    while (!one.advance(50));
    return { hash: one.finish().result.stateHash, snapshot };
  };
  const whole = run();
  expect(run(whole.snapshot).hash).toBe(whole.hash);
});
