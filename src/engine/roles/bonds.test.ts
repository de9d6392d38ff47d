import { expect, test } from 'vitest';
import type { ScenarioInput } from '../../scenario/index.ts';
import { movedTrust } from '../bonds.ts';
import { makeScenario, runToEnd } from '../run.test-support.ts';

type Roles = NonNullable<ScenarioInput['roles']>;
type Populations = NonNullable<ScenarioInput['populations']>;

const still: Roles[number] = { id: 'still', states: [{ state: 'stand', do: { act: 'wait' } }] };

/** A room of 20 × 6 m, cut in two at x = 10 by a wall with a locked door. */
function makeRooms(populations: Populations, roles: Roles, inner: object | undefined, seed = 1, end = 20) {
  return makeScenario({
    levels: [
      {
        id: 'ground',
        outlines: [
          [
            [0, 0],
            [20, 0],
            [20, 6],
            [0, 6],
          ],
        ],
        walls: [
          {
            path: [
              [10, 0],
              [10, 6],
            ],
            thickness: 0.1,
          },
        ],
      },
    ],
    doors: [
      {
        id: 'door',
        level: 'ground',
        line: [
          [10, 2.5],
          [10, 3.5],
        ],
        state: 'locked',
      },
    ],
    exits: [
      {
        id: 'out',
        level: 'ground',
        line: [
          [20, 2],
          [20, 4],
        ],
      },
    ],
    populations,
    roles: [still, ...roles],
    ...(inner === undefined ? {} : { behaviour: { inner } }),
    settings: { seed, end: { time: end, stalled: 400 } },
  });
}

const at = (id: string, x: number, y: number, role: string, more: Partial<Populations[number]> = {}) => ({
  id,
  level: 'ground',
  position: [x, y] as [number, number],
  role,
  ...more,
});

test('trust moves a share of the way to where a deed draws it', () => {
  expect(movedTrust(0.4, 1, 0.5)).toBeCloseTo(0.7, 12);
  expect(movedTrust(0.4, 0, 0.25)).toBeCloseTo(0.3, 12);
  expect(movedTrust(0.4, 0.4, 1)).toBe(0.4);
});

/** Somebody calls once a second until they are heeded. */
const caller: Roles[number] = {
  id: 'caller',
  states: [
    {
      state: 'call',
      do: { act: 'call', say: 'come', who: { of: ['hearer'] }, time: 1 },
      next: [{ when: { action: 'ended' }, go: 'wait' }],
    },
    {
      state: 'wait',
      do: { act: 'wait' },
      next: [
        { when: { heard: 'yes' }, go: 'done' },
        { when: {}, go: 'call' },
      ],
    },
    { state: 'done', do: { act: 'wait' } },
  ],
};
const hearer: Roles[number] = {
  id: 'hearer',
  states: [
    { state: 'stay', do: { act: 'wait' }, next: [{ when: { heard: 'come' }, go: 'answer' }] },
    {
      state: 'answer',
      do: { act: 'call', say: 'yes', trust: 1, time: 0.1 },
      next: [{ when: { action: 'ended' }, go: 'go' }],
    },
    { state: 'go', do: { act: 'wait' } },
  ],
};
const callsUntilHeeded = (trust: number, seed: number): number => {
  const scenario = makeRooms(
    [at('caller', 2, 3, 'caller'), at('hearer', 6, 3, 'hearer', { trusts: [{ in: 'caller', start: trust }] })],
    [caller, hearer],
    undefined,
    seed,
    30,
  );
  const heard = runToEnd(scenario).events.filter((event) => event.type === 'call-heard');
  const first = heard.findIndex((event) => event.type === 'call-heard' && event.heeded);
  return first < 0 ? Number.POSITIVE_INFINITY : first + 1;
};

test('how often one has to be called goes with trust: never heeded at 0, at once at 1, 1 / p calls on average', () => {
  expect(callsUntilHeeded(0, 1)).toBe(Number.POSITIVE_INFINITY);
  expect(callsUntilHeeded(1, 1)).toBe(1);
  const p = 0.6;
  const count = 60;
  let sum = 0;
  for (let seed = 1; seed <= count; seed++) sum += callsUntilHeeded(p, seed);
  const error = Math.sqrt((1 - p) / (p * p) / count);
  expect(Math.abs(sum / count - 1 / p)).toBeLessThan(3 * error);
});

test('being let out, seeing an enemy struck and what somebody says of themselves move trust by their shares, in that order', () => {
  const friend: Roles[number] = {
    id: 'friend',
    states: [
      {
        state: 'open',
        do: { act: 'unlock', doors: ['door'] },
        next: [{ when: { action: 'ended' }, go: 'strike' }],
      },
      {
        state: 'strike',
        do: {
          act: 'attack',
          who: { of: ['guard'] },
          reach: 30,
          with: 'shot',
          chance: 1,
          effects: [{ effect: 'stunned', share: 1 }],
        },
        next: [{ when: { action: 'ended' }, go: 'claim' }],
      },
      {
        state: 'claim',
        do: { act: 'call', say: 'police', claims: 0.1, reach: 30 },
        next: [{ when: { action: 'ended' }, go: 'end' }],
      },
      { state: 'end', do: { act: 'wait' } },
    ],
  };
  const prisoner: Roles[number] = { ...still, id: 'prisoner', hostileTo: ['guard'] };
  const scenario = makeRooms(
    [
      at('friend', 9, 3, 'friend'),
      at('guard', 4, 3.2, 'still'),
      at('prisoner', 12, 3, 'prisoner', { trusts: [{ in: 'friend', start: 0.4 }] }),
      at('stranger', 14, 3, 'still'),
    ],
    [friend, prisoner],
    { released: 0.5, fights: 0.1, learning: 0.2 },
  );
  const moved = runToEnd(scenario).events.flatMap((event) =>
    event.type === 'trust-moved' ? [[event.why, event.before, event.trust]] : [],
  );
  expect(moved).toEqual([
    ['released', 0.4, 0.7],
    ['fights', 0.7, 0.73],
    ['claim', 0.73, 0.604],
  ]);
});

test('a blow at somebody who is no enemy costs trust, and so does one at oneself', () => {
  const bully: Roles[number] = {
    id: 'bully',
    states: [
      {
        state: 'strike',
        do: { act: 'attack', who: { of: ['victim'] }, chance: 1, effects: [{ effect: 'stunned', share: 1 }] },
        next: [{ when: { action: 'ended' }, go: 'end' }],
      },
      { state: 'end', do: { act: 'wait' } },
    ],
  };
  const trusts = [{ in: 'bully', start: 0.5 }];
  const scenario = makeRooms(
    [at('bully', 3, 3, 'bully'), at('victim', 3.7, 3, 'still', { trusts }), at('witness', 6, 3, 'still', { trusts })],
    [bully],
    { violence: 0.2 },
  );
  const moved = runToEnd(scenario).events.flatMap((event) =>
    event.type === 'trust-moved' ? [[event.person, event.why, event.trust]] : [],
  );
  expect(moved).toEqual([
    [1, 'violence', 0.4],
    [2, 'violence', 0.4],
  ]);
});

test('a condition asks how far somebody is trusted', () => {
  const states = (start: number) => {
    const wary: Roles[number] = {
      id: 'wary',
      states: [
        {
          state: 'wait',
          do: { act: 'wait' },
          next: [{ when: { trusts: { in: 'leader', least: 0.5 } }, go: 'follow' }],
        },
        { state: 'follow', do: { act: 'follow', who: { of: ['leader'] } } },
      ],
    };
    const scenario = makeRooms(
      [at('leader', 2, 3, 'still'), at('wary', 6, 3, 'wary', { trusts: [{ in: 'leader', start }] })],
      [wary],
      undefined,
      1,
      3,
    );
    return runToEnd(scenario).events.filter(({ type }) => type === 'role-state').length;
  };
  expect(states(0.49)).toBe(0);
  expect(states(0.5)).toBe(1);
});

test('a word is company for a while: distress that grew in silence falls until that is over', () => {
  const talker: Roles[number] = {
    id: 'talker',
    states: [
      { state: 'wait', do: { act: 'wait' }, next: [{ when: { after: 20 }, go: 'talk' }] },
      { state: 'talk', do: { act: 'call', say: 'here', reach: 30 }, next: [{ when: { action: 'ended' }, go: 'end' }] },
      { state: 'end', do: { act: 'wait' } },
    ],
  };
  const distressAt = (talk: number) => {
    const scenario = makeRooms(
      [at('talker', 2, 3, 'talker'), at('alone', 14, 3, 'still')],
      [talker],
      { alone: 120, company: 30, talk },
      1,
      40,
    );
    const seen: number[] = [];
    runToEnd(scenario, {}, ({ views }) => seen.push(views.groups.inner!.distress[1]));
    return seen;
  };
  const silent = distressAt(0);
  const spoken = distressAt(10);
  // 1 − exp(−t / 120 s) in silence
  expect(silent[205]).toBeCloseTo(1 - Math.exp(-21 / 120), 2);
  expect(spoken[205]).toBeCloseTo(silent[205], 6);
  expect(spoken[305]).toBeCloseTo(spoken[215] * Math.exp(-9 / 30), 2);
  expect(silent[305]).toBeGreaterThan(silent[215]);
  expect(spoken[380]).toBeGreaterThan(spoken[320]);
});

test('whose fear does not show frightens nobody, and the record says what shows', () => {
  const fearOf = (showsFear: number) => {
    const scenario = makeRooms(
      [at('afraid', 4, 3, 'still', { profile: 'face' }), at('other', 5.5, 3, 'still')],
      [],
      { catching: 0.5, step: 0.02 },
      1,
      20,
    );
    const own = { ...scenario, profiles: [...scenario.profiles, { ...makeFace(), showsFear }] };
    let first = true;
    const { world, events } = runToEnd(own, {}, ({ views }) => {
      if (first) views.groups.inner!.fear[0] = 1;
      first = false;
    });
    return { caught: world.views.groups.inner!.fear[1], events };
  };
  expect(fearOf(1).caught).toBeGreaterThan(0.1);
  const hidden = fearOf(0);
  expect(hidden.caught).toBeLessThan(1e-6);
  const told = hidden.events.filter((event) => event.type === 'inner-state' && event.person === 0);
  expect(told.length).toBeGreaterThan(0);
  expect(told.every((event) => event.type === 'inner-state' && event.shown === 0)).toBe(true);
});

function makeFace() {
  return makeScenario({
    levels: [
      {
        id: 'g',
        outlines: [
          [
            [0, 0],
            [1, 0],
            [1, 1],
          ],
        ],
      },
    ],
    exits: [
      {
        id: 'e',
        level: 'g',
        line: [
          [0, 0],
          [1, 0],
        ],
      },
    ],
    profiles: [{ id: 'face' }],
  }).profiles[0];
}

test('who barges shoves an enemy in the way with the force given for 0.2 s, or what their feet hold against, and nobody else', () => {
  const run = (hostileTo: string[], force = 300) => {
    const rusher: Roles[number] = {
      id: 'rusher',
      hostileTo,
      states: [{ state: 'go', do: { act: 'go', to: { place: [8, 3] }, barge: force, hurry: 1 } }],
    };
    const scenario = makeRooms([at('rusher', 2, 3, 'rusher'), at('wall', 5, 3, 'still')], [rusher], undefined, 1, 6);
    const speeds: number[] = [];
    const { world, events } = runToEnd(scenario, {}, ({ views }) => speeds.push(views.persons.vx[1]));
    const { mass } = world.views.persons;
    return { own: mass[0], mass: mass[1], most: Math.max(...speeds), events };
  };
  const enemy = run(['wall']);
  const shoves = enemy.events.filter((event) => event.type === 'barged');
  expect(shoves.length).toBeGreaterThan(0);
  expect(shoves[0]).toMatchObject({ person: 1, by: 0, force: 300 });
  const strong = run(['wall'], 1000);
  expect(strong.events.find(({ type }) => type === 'barged')).toMatchObject({ force: Math.round(4.905 * strong.own) });
  // as they come there are no bodies in touch yet, later there are
  expect(strong.events.every((event) => event.type !== 'barged' || event.contact! >= 0)).toBe(true);
  expect(run([]).events.filter((event) => event.type === 'barged')).toEqual([]);
});
