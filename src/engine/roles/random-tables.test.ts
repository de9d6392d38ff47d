import { expect, test } from 'vitest';
import { RandomPurpose, randomUnit } from '../../math/index.ts';
import type { ScenarioInput } from '../../scenario/index.ts';
import { makeScenario, makeWorld, memorySink } from '../run.test-support.ts';
import { createRun } from '../run.ts';

type States = NonNullable<ScenarioInput['roles']>[number]['states'];
type Act = States[number]['do'];
type When = NonNullable<States[number]['next']>[number]['when'];

const ACTS: readonly Act[] = [
  { act: 'unlock', doors: 'all' },
  { act: 'unlock', doors: ['door'], by: 'force' },
  { act: 'take', object: 'key' },
  { act: 'give', object: 'key', to: {} },
  { act: 'attack', who: {}, effects: [{ effect: 'down', share: 1 }] },
  { act: 'attack', who: {}, with: 'shot', spread: 3, effects: [{ effect: 'wounded', share: 1 }], impulse: 200 },
  { act: 'grab', who: {} },
  { act: 'free', who: {} },
  { act: 'call', say: 'word', tells: { door: 'door', is: 'locked' } },
  { act: 'follow', who: {} },
  { act: 'flee', from: {} },
  { act: 'hide', in: ['room'], locks: true },
  { act: 'help', who: {} },
  { act: 'assist', who: {} },
  { act: 'operate', console: 'desk' },
  { act: 'go', to: { person: { is: 'holding-me' } } },
  { act: 'go', to: { object: 'key' } },
  { act: 'go', to: { door: 'door' } },
  { act: 'leave', exit: 'out' },
  { act: 'leave' },
  { act: 'wait' },
];
const WHENS: readonly When[] = [
  { after: 2 },
  { action: 'ended' },
  { am: 'struck' },
  { am: 'down' },
  { sees: { is: 'moving' } },
  { none: { is: 'up', within: 3 } },
  { heard: 'word' },
  {},
];

/** Three roles of four states each, actions and conditions drawn from everything there is, on a small floor with a room and two things. */
function makeTables(seed: number) {
  let draw = 0;
  const pick = <T>(list: readonly T[]): T =>
    list[Math.floor(randomUnit(seed, RandomPurpose.route, 0, draw++) * list.length)];
  const names = ['a', 'b', 'c', 'd'];
  const roles = ['one', 'two', 'three'].map((id) => ({
    id,
    hostileTo: 'others' as const,
    states: names.map((state) => ({
      state,
      do: pick(ACTS),
      next: [
        { when: pick(WHENS), go: pick(names) },
        { when: { after: 3 }, go: pick(names) },
      ],
    })),
  }));
  return makeScenario({
    levels: [
      {
        id: 'ground',
        outlines: [
          [
            [0, 0],
            [12, 0],
            [12, 8],
            [0, 8],
          ],
        ],
        areas: [
          {
            id: 'room',
            polygon: [
              [0, 0],
              [4, 0],
              [4, 4],
              [0, 4],
            ],
          },
          {
            id: 'hall',
            polygon: [
              [4, 0],
              [12, 0],
              [12, 8],
              [0, 8],
              [0, 4],
              [4, 4],
            ],
          },
        ],
        walls: [
          {
            path: [
              [0, 4],
              [4, 4],
              [4, 0],
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
          [4, 1],
          [4, 2],
        ],
        state: pick(['open', 'closed', 'locked'] as const),
        closer: 3,
        pull: 400,
        lock: {},
      },
    ],
    exits: [
      {
        id: 'out',
        level: 'ground',
        line: [
          [12, 3],
          [12, 5],
        ],
      },
    ],
    populations: roles.map(({ id }) => ({ id, level: 'ground', count: 4, role: id })),
    objects: [
      { id: 'first', kind: 'key', heldBy: 'two' },
      { id: 'second', kind: 'key', level: 'ground', position: [8, 6] },
    ],
    consoles: [{ id: 'desk', level: 'ground', position: [10, 7], doors: ['door'] }],
    roles,
    settings: { seed, end: { time: 30 } },
  });
}

test.each(Array.from({ length: 16 }, (_, k) => k + 1))(
  'tables drawn at random run, a thing stays in one hand or place, and a resumed run ends alike (seed %i)',
  (seed) => {
    const scenario = makeTables(seed);
    const run = (resumeFrom?: Uint8Array) => {
      let snapshot: Uint8Array | undefined;
      const world = makeWorld(scenario);
      const one = createRun(world, {
        sink: memorySink(),
        validate: true,
        snapshotSeconds: 9.7,
        onSnapshot: (bytes) => (snapshot ??= bytes.slice()),
        ...(resumeFrom === undefined ? {} : { resumeFrom }),
      });
      while (!one.advance(5)) {
        const { holder, x, y } = world.views.groups.objects!;
        for (let k = 0; k < holder.length; k++) {
          expect(holder[k]).toBeGreaterThanOrEqual(0);
          expect(holder[k]).toBeLessThanOrEqual(world.personCount);
          expect(Number.isFinite(x[k] + y[k])).toBe(true);
        }
        const { heldBy } = world.views.groups.acted!;
        heldBy.forEach((by, held) => void expect(by).not.toBe(held + 1));
      }
      return { hash: one.finish().result.stateHash, snapshot };
    };
    const whole = run();
    if (whole.snapshot !== undefined) expect(run(whole.snapshot).hash).toBe(whole.hash);
  },
);
