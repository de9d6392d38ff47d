import { expect, test } from 'vitest';
import { blockLanes, hashOfBlocks } from '../math/index.ts';
import { columnOffset, locateArea, PERSON_COLUMNS } from '../world/index.ts';
import { createLoneCrew } from './crew.ts';
import { instantiateKernel } from './kernel/kernel.ts';
import { createReferenceKernel, decay } from './kernel/reference/reference-kernel.ts';
import {
  CONTACTS_MAX,
  INFO_COUNT,
  INFO_SCAN,
  INFO_STRAYED,
  NUMBER_TABLE_OFFSET,
  NUMBERS,
  type NumberName,
  POINTER_TABLE_OFFSET,
  POINTERS,
  type PointerName,
} from './kernel/table.ts';
import { makeScenario, makeWorld, memorySink, runToEnd } from './run.test-support.ts';
import { createEngine, createRun, hashState } from './run.ts';

type Place = [number, number];
const box = (x0: number, y0: number, x1: number, y1: number): Place[] => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];
const line = (...places: Place[]) => places as [Place, Place];

const walker = { id: 'walker', freeSpeed: 1.33, body: { radius: 0.19, mass: 75 } };

/** A room of 8 × 5 m with an exit 1 m wide, and `count` persons. */
function roomWithExit(count: number, more: object = {}) {
  return makeScenario({
    levels: [{ id: 'ground', outlines: [box(0, 0, 8, 5)] }],
    exits: [{ id: 'way out', level: 'ground', line: line([8, 2], [8, 3]) }],
    populations: [{ id: 'crowd', level: 'ground', count, polygon: box(0.3, 0.3, 7, 4.7) }],
    ...more,
  });
}

/** How far legs alone bring somebody off the straight way in a decision, and rounding [m]. */
const LEGS_STRAY = 0.03;

test('one person walks 40 m at 1.33 m/s in 30.1 s ± 0.3', () => {
  const scenario = makeScenario({
    levels: [{ id: 'ground', outlines: [box(0, 0, 41, 2)] }],
    exits: [{ id: 'end', level: 'ground', line: line([41, 0], [41, 2]) }],
    profiles: [walker],
    populations: [{ id: 'one', level: 'ground', position: [1, 1], profile: 'walker' }],
  });
  const { events, result } = runToEnd(scenario);
  const out = events.find(({ type }) => type === 'person-out');
  expect(result.outcome).toBe('everyone-out');
  expect(out?.t).toBeGreaterThan(29.8);
  expect(out?.t).toBeLessThan(30.4);
});

for (const [direction, speed] of [
  ['up', 0.5],
  ['down', 0.8],
] as const) {
  test(`a stair 10 m along the slope takes 10 m over the set speed ${direction}, ± 2 %`, () => {
    const run = 8;
    const rise = 6;
    const up = direction === 'up';
    const lower = { id: 'lower', elevation: 0, outlines: [box(0, 0, 4, 2)] };
    const upper = { id: 'upper', elevation: rise, outlines: [box(4 + run, 0, 8 + run, 2)] };
    const scenario = makeScenario({
      levels: [lower, upper],
      links: [
        {
          id: 'stair',
          kind: 'stairs',
          from: { level: 'lower', line: line([4, 0], [4, 2]) },
          to: { level: 'upper', line: line([4 + run, 0], [4 + run, 2]) },
          speed: { [direction]: speed },
        },
      ],
      exits: [
        up
          ? { id: 'out', level: 'upper', line: line([8 + run, 0], [8 + run, 2]) }
          : { id: 'out', level: 'lower', line: line([0, 0], [0, 2]) },
      ],
      profiles: [walker],
      populations: [{ id: 'one', level: up ? 'lower' : 'upper', position: [up ? 1 : 7 + run, 1], profile: 'walker' }],
    });
    const { events } = runToEnd(scenario);
    const crossings = events.filter((event) => event.type === 'portal-crossed');
    const onStair = crossings[1].t - crossings[0].t;
    expect(crossings.length).toBeGreaterThanOrEqual(2);
    expect(Math.abs(onStair - 10 / speed)).toBeLessThan(0.02 * (10 / speed));
  });
}

test('twenty persons round an L-shaped corner and nobody enters a wall', () => {
  const scenario = makeScenario({
    levels: [
      {
        id: 'ground',
        outlines: [
          [
            [0, 0],
            [12, 0],
            [12, 12],
            [10, 12],
            [10, 2],
            [0, 2],
          ],
        ],
      },
    ],
    exits: [{ id: 'end', level: 'ground', line: line([10, 12], [12, 12]) }],
    populations: [{ id: 'twenty', level: 'ground', count: 20, polygon: box(0, 0, 6, 2) }],
  });
  const { result } = runToEnd(scenario);
  expect(result.outcome).toBe('everyone-out');
});

test('the same scenario and seed give the same bytes, and another seed gives others', () => {
  const first = runToEnd(roomWithExit(40));
  const again = runToEnd(roomWithExit(40));
  const other = runToEnd(roomWithExit(40, { settings: { seed: 2 } }));
  expect(again.result.stateHash).toBe(first.result.stateHash);
  expect(again.frames).toEqual(first.frames);
  expect(other.result.stateHash).not.toBe(first.result.stateHash);
});

test('a run resumed from a snapshot ends with the same bytes as one that was never stopped', () => {
  const scenario = roomWithExit(60, {
    profiles: [{ id: 'hurried', motivation: 0.7 }],
    populations: [{ id: 'crowd', level: 'ground', count: 60, profile: 'hurried' }],
  });
  const whole = runToEnd(scenario);
  const world = makeWorld(scenario);
  const sink = memorySink();
  const run = createRun(world, { sink });
  run.advance(57);
  const snapshot = run.snapshot();
  const rest = memorySink();
  const resumed = createRun(makeWorld(scenario), { sink: rest, resumeFrom: snapshot });
  while (!resumed.advance(10));
  expect(resumed.finish().result).toEqual(whole.result);
  const kept = sink.events().concat(rest.events());
  expect(kept).toEqual(whole.events);
});

test('a snapshot of a version that laid the state out otherwise is refused, and so is what is none', () => {
  const world = makeWorld(roomWithExit(5));
  const run = createRun(world, { sink: memorySink() });
  const old = run.snapshot();
  old.set(new TextEncoder().encode('CBSNAP01'));
  const resume = (bytes: Uint8Array) => () =>
    createRun(makeWorld(roomWithExit(5)), { sink: memorySink(), resumeFrom: bytes });
  expect(resume(old)).toThrow('of another version (CBSNAP01');
  expect(resume(new Uint8Array(100))).toThrow('not a snapshot');
});

test('the kernel and its plain twin agree byte for byte at every step of a crowded run', () => {
  const scenario = roomWithExit(70, {
    profiles: [{ id: 'hurried', motivation: { distribution: 'uniform', min: 0, max: 1 } }],
    populations: [{ id: 'crowd', level: 'ground', count: 70, profile: 'hurried' }],
    doors: [],
  });
  const make = (reference: boolean) => {
    const world = makeWorld(scenario);
    const run = createRun(world, { sink: memorySink() }, reference ? { makeFunctions: createReferenceKernel } : {});
    return { world, run };
  };
  const fast = make(false);
  const plain = make(true);
  for (let k = 0; k < 120; k++) {
    fast.run.advance(1);
    plain.run.advance(1);
    expect(hashState(plain.world)).toBe(hashState(fast.world));
  }
});

test('the kernel and its plain twin agree byte for byte through doors, up stairs and past a pillar', () => {
  const scenario = makeScenario({
    levels: [
      {
        id: 'ground',
        outlines: [box(0, 0, 6, 4), box(6, 1, 8, 3)],
        holes: [box(3, 1.8, 3.4, 2.2)],
      },
      { id: 'above', elevation: 3, outlines: [box(12, 0, 16, 4)] },
    ],
    links: [
      {
        id: 'stair',
        kind: 'stairs',
        from: { level: 'ground', line: line([8, 1], [8, 3]) },
        to: { level: 'above', line: line([12, 1], [12, 3]) },
      },
    ],
    exits: [{ id: 'out', level: 'above', line: line([16, 1], [16, 2]) }],
    profiles: [{ id: 'hurried', motivation: 0.6 }],
    populations: [
      { id: 'below', level: 'ground', count: 25, polygon: box(0.3, 0.3, 5.7, 3.7), profile: 'hurried' },
      { id: 'up', level: 'above', count: 10, polygon: box(12.5, 0.5, 15.5, 3.5) },
    ],
  });
  const hashes = [undefined, createReferenceKernel].map((makeFunctions) => {
    const world = makeWorld(scenario);
    const run = createRun(world, { sink: memorySink(), validate: true }, makeFunctions && { makeFunctions });
    return Array.from({ length: 30 }, () => {
      run.advance(10);
      return hashState(world);
    });
  });
  expect(hashes[1]).toEqual(hashes[0]);
});

test('people whose neighbours are too far away in the order to be listed push them all the same', () => {
  // a row of the plan grid, 1 … 2.5 m up, with 33 000 people in a passage: between those in the room before it and those above them
  const slim = { id: 'slim', motivation: 1, body: { radius: 0.15, mass: 70 } };
  const scenario = makeScenario({
    levels: [{ id: 'ground', outlines: [box(0, 0, 2, 4), box(2, 1.02, 4100, 2.48)] }],
    exits: [{ id: 'way out', level: 'ground', line: line([0, 3], [0, 2]) }],
    profiles: [slim],
    populations: [
      { id: 'few', level: 'ground', count: 50, polygon: box(0.2, 0.2, 1.8, 3.8), profile: 'slim' },
      { id: 'many', level: 'ground', count: 33_000, polygon: box(2.2, 1.02, 4100, 2.48), profile: 'slim' },
    ],
  });
  const runs = [undefined, createReferenceKernel].map((makeFunctions) => {
    const world = makeWorld(scenario);
    createRun(world, { sink: memorySink() }, makeFunctions && { makeFunctions }).advance(1);
    return world;
  });
  const scans = runs.map(({ views, personCount }) => {
    const first = views.i32[POINTER_TABLE_OFFSET / 4 + POINTERS.indexOf('contactInfo')] / 4;
    return views.i32.subarray(first, first + personCount).filter((info) => (info & INFO_SCAN) !== 0).length;
  });
  expect(scans[0]).toBeGreaterThan(5);
  expect(scans[1]).toBe(scans[0]);
  expect(hashState(runs[1])).toBe(hashState(runs[0]));
});

test('the hash of 9 000 persons is taken in blocks, of all of their numbers, by the kernel and without it', () => {
  const world = makeWorld(
    makeScenario({
      levels: [{ id: 'ground', outlines: [box(0, 0, 100, 100)] }],
      exits: [{ id: 'way out', level: 'ground', line: line([100, 40], [100, 60]) }],
      populations: [{ id: 'many', level: 'ground', count: 9000 }],
    }),
  );
  const { kernel } = createEngine(world, 1, () => undefined);
  const { persons } = world.views;
  const hashes = new Set([hashState(world)]);
  for (const i of [0, 1, 2, 3, 4095, 4096, 8191, 8192, 8993, 8998, 8999]) {
    for (const name of ['x', 'state', 'area', 'profile'] as const) {
      const column: Float32Array | Uint8Array | Uint16Array | Int16Array = persons[name];
      if (name !== 'profile') column[i] += 1;
      const hash = hashState(world);
      expect(kernel.hashState(createLoneCrew(kernel))).toBe(hash);
      hashes.add(hash);
    }
  }
  expect(hashes.size).toBe(1 + 11 * 3);
});

test('bodies that overlap are listed as contacts of each other, or look round, in every move step, and nobody left to their legs overlaps', () => {
  const scenario = roomWithExit(130, {
    profiles: [{ id: 'desperate', motivation: 1 }],
    populations: [{ id: 'crowd', level: 'ground', count: 130, polygon: box(0.3, 0.3, 7, 4.7), profile: 'desperate' }],
  });
  const world = makeWorld(scenario);
  const at = (name: PointerName) => world.views.i32[POINTER_TABLE_OFFSET / 4 + POINTERS.indexOf(name)] / 4;
  const count = (name: NumberName) => world.views.i32[NUMBER_TABLE_OFFSET / 4 + NUMBERS.indexOf(name)];
  const elapsed = () => world.views.f32[NUMBER_TABLE_OFFSET / 4 + NUMBERS.indexOf('elapsed')];
  let overlaps = 0;
  let missed = 0;
  let unseen = 0;
  let looking = 0;
  const makeFunctions = (memory: WebAssembly.Memory) => {
    const functions = instantiateKernel(memory);
    return {
      ...functions,
      movePersons: (from: number, to: number, h: number) => {
        const { f32, i32 } = world.views;
        const i16 = new Int16Array(world.memory.buffer);
        const present = count('present');
        const { persons } = world.views;
        // of who walks on legs alone the body in cell order waits until the end: it is at most what legs can do off the straight way
        const placeOf = (i: number): [number, number] => {
          const id = i32[at('order') + i];
          const since = elapsed() - h;
          return i32[at('contactInfo') + i] === 0
            ? [persons.x[id] + persons.vx[id] * since, persons.y[id] + persons.vy[id] * since]
            : [f32[at('bodiesFrom') + 4 * i], f32[at('bodiesFrom') + 4 * i + 1]];
        };
        for (let i = 0; i < present; i++) {
          const info = i32[at('contactInfo') + i];
          if ((info & INFO_STRAYED) !== 0) looking++;
          const start = 2 * at('contacts') + CONTACTS_MAX * i;
          const listed = new Set(Array.from(i16.subarray(start, start + (info & INFO_COUNT)), (away) => i + away));
          for (let k = 0; k < present; k++) {
            const [x, y] = placeOf(i);
            const [otherX, otherY] = placeOf(k);
            const away = Math.hypot(x - otherX, y - otherY);
            const reach = f32[at('traits') + 4 * i] + f32[at('traits') + 4 * k];
            const free = info === 0 || i32[at('contactInfo') + k] === 0;
            if (i === k || away >= reach) continue;
            if (free && away < reach - LEGS_STRAY) unseen++;
            if (free) continue;
            overlaps++;
            if ((info & INFO_SCAN) === 0 && !listed.has(k)) missed++;
          }
        }
        functions.movePersons(from, to, h);
      },
    };
  };
  const run = createRun(world, { sink: memorySink(), validate: true }, { makeFunctions });
  run.advance(60);
  expect(missed).toBe(0);
  expect(unseen).toBe(0);
  expect(overlaps).toBeGreaterThan(5_000);
  expect(looking).toBeGreaterThan(50);
});

test('contacts of all are listed anew where more stray than are asked for, and not for a few', () => {
  const scenario = makeScenario({
    levels: [{ id: 'ground', outlines: [box(0, 0, 20, 20)], holes: [box(9, 9, 11, 11)] }],
    exits: [{ id: 'way out', level: 'ground', line: line([20, 9], [20, 11]) }],
    populations: [{ id: 'few', level: 'ground', count: 60 }],
  });
  const [few, any] = [Number.POSITIVE_INFINITY, 0].map((limit) => {
    const world = makeWorld(scenario);
    const counts = { listings: 0, looks: 0 };
    const makeFunctions = (memory: WebAssembly.Memory) => {
      const functions = instantiateKernel(memory);
      return {
        ...functions,
        listContacts: (from: number, to: number, horizon: number) => {
          counts.listings++;
          functions.listContacts(from, to, horizon);
        },
        wakeAround: (present: number, h: number, most: number) => {
          counts.looks++;
          return functions.wakeAround(present, h, Math.min(most, limit));
        },
      };
    };
    createRun(world, { sink: memorySink(), validate: true }, { makeFunctions }).advance(100);
    return counts;
  });
  expect(few.looks).toBeGreaterThan(5);
  expect(few.listings).toBe(0);
  expect(any.looks).toBeGreaterThan(5);
  expect(any.listings).toBe(any.looks);
});

test('the decay function of the kernel is e^−x within 3.6e-6 of it up to x = 10, and within 6e-6 up to 80', () => {
  for (const [most, bound] of [
    [10, 3.6e-6],
    [80, 6e-6],
  ]) {
    let worst = 0;
    for (let k = 0; k < 200_000; k++) {
      const x = Math.fround((k * most) / 200_000);
      worst = Math.max(worst, Math.abs(decay(x) / Math.exp(-x) - 1));
    }
    expect(worst).toBeLessThan(bound);
    expect(worst).toBeGreaterThan(0.5 * bound);
  }
});

test('people find out a chained door by touch, and those who found out leave by the other exit', () => {
  const scenario = makeScenario({
    levels: [{ id: 'ground', outlines: [box(0, 0, 12, 6)] }],
    doors: [{ id: 'chained door', level: 'ground', line: line([12, 2.4], [12, 3.6]), state: 'chained' }],
    exits: [
      { id: 'fire exit', door: 'chained door' },
      { id: 'back door', level: 'ground', line: line([0, 2], [0, 4]) },
    ],
    populations: [{ id: 'few', level: 'ground', count: 6, polygon: box(7, 1, 11, 5) }],
  });
  const { events, result } = runToEnd(scenario);
  const found = events.filter(({ type }) => type === 'door-found-locked');
  expect(found.length).toBeGreaterThan(0);
  expect(found[0]).toMatchObject({ door: 'chained door', state: 'chained', first: true });
  expect(found[0].t).toBeGreaterThan(2);
  expect(result.outcome).toBe('everyone-out');
  const outs = events.filter((event) => event.type === 'person-out');
  expect(outs.every((event) => event.type === 'person-out' && event.exit === 'back door')).toBe(true);
});

test('a closed door that is not locked opens to the first who pushes it', () => {
  const scenario = roomWithExit(5, {
    doors: [{ id: 'door', level: 'ground', line: line([8, 2], [8, 3]), state: 'closed', openingTime: 1.5 }],
    exits: [{ id: 'way out', door: 'door' }],
  });
  const { events, result } = runToEnd(scenario);
  const opened = events.filter(({ type }) => type === 'door-opened');
  expect(opened).toHaveLength(1);
  expect(opened[0]).toMatchObject({ door: 'door', by: 'person' });
  expect(result.outcome).toBe('everyone-out');
});

test('nobody passes a wall or a chained door, however hard eighty desperate people push', () => {
  const scenario = makeScenario({
    levels: [{ id: 'ground', outlines: [box(0, 0, 2.4, 14)] }],
    doors: [{ id: 'door', level: 'ground', line: line([2.4, 0], [0, 0]), state: 'chained', strength: 1e6 }],
    exits: [{ id: 'out', door: 'door' }],
    profiles: [{ id: 'desperate', motivation: 1, patience: 1e6 }],
    populations: [{ id: 'crowd', level: 'ground', density: 2.4, profile: 'desperate' }],
    settings: { end: { time: 30, stalled: 1000 } },
  });
  const { world, result } = runToEnd(scenario);
  expect(result.out).toBe(0);
  for (let i = 0; i < world.personCount; i++) {
    expect(locateArea(world, 0, world.views.persons.x[i], world.views.persons.y[i])).toBe(world.views.persons.area[i]);
  }
});

test('the force on a chained door is the sum of what all who queue before it push with, ± 0.5 %', () => {
  const scenario = makeScenario({
    levels: [{ id: 'ground', outlines: [box(0, 0, 12, 0.42)] }],
    doors: [{ id: 'door', level: 'ground', line: line([12, 0], [12, 0.42]), state: 'chained', strength: 1e6 }],
    exits: [{ id: 'out', door: 'door' }],
    // nobody faints, so that all push to the end
    profiles: [{ id: 'desperate', motivation: 1, patience: 1e6, body: { radius: 0.2, mass: 76 }, susceptibility: 5 }],
    populations: [2, 3, 4, 5, 6, 7].map((x) => ({
      id: `person at ${x}`,
      level: 'ground',
      position: [x, 0.21] as Place,
      profile: 'desperate',
    })),
    settings: { end: { time: 20, stalled: 1000 } },
  });
  const { world } = runToEnd(scenario);
  const { persons, doors } = world.views;
  let legs = 0;
  for (let i = 0; i < world.personCount; i++) {
    legs += persons.pushNow[i] * persons.wantX[i] + (persons.mass[i] * persons.wishX[i]) / 0.3;
  }
  // who stands at the door has found it locked and pushes no more; the five behind push 300 N each
  expect(Math.abs(legs / (5 * 300) - 1)).toBeLessThan(0.005);
  expect(Math.abs(doors.force[0] / legs - 1)).toBeLessThan(0.005);
  // the load on each chest is what those behind push with, and one's own push is felt by the one in front
  const front = persons.x.indexOf(Math.max(...persons.x));
  expect(persons.chestLoad[front]).toBeGreaterThan(0.85 * legs);
});

test.each([
  ['without doors', {}],
  [
    'with a door',
    { doors: [{ id: 'door', level: 'ground', line: line([8, 2], [8, 3]) }], exits: [{ id: 'way out', door: 'door' }] },
  ],
])('the hash of a state %s is that of its numbers in 32 bits, by the kernel and without it', (_, more) => {
  const world = makeWorld(roomWithExit(7, more));
  const { kernel } = createEngine(world, 1, () => undefined);
  const { persons, u8, f32 } = world.views;
  const { stateOffset, stateBytes, stairFactors } = world;
  const [first, last] = [columnOffset(world, 'persons', 'x'), columnOffset(world, 'beliefs')];
  const state = u8.subarray(stateOffset, stateOffset + stateBytes);
  for (let k = 0; k < 20; k++) {
    for (let i = 0; i < state.length; i++) state[i] = (i * i * (k + 1)) >> 3;
    // room for 8 and 4 spare ones in a column; what lies there is hashed too
    for (const [name, kind] of Object.entries(PERSON_COLUMNS)) {
      if (persons[name as keyof typeof persons].length === 0) continue;
      const from = columnOffset(world, 'persons', name);
      const width = { f32: 4, i32: 4, u16: 2, i16: 2, u8: 1 }[kind];
      u8.fill(0, from + 7 * width, from + 12 * width);
    }
    persons.profile.fill(0);
    const words = Object.entries(PERSON_COLUMNS).flatMap(([name, kind]) => {
      const bytes = new Uint8Array(4 * 12);
      const column = persons[name as keyof typeof persons];
      if (kind === 'f32') new Float32Array(bytes.buffer).set(column);
      else new Int32Array(bytes.buffer).set(column);
      const stairs = [0, 1].map((side) => new Float32Array(12).fill(stairFactors[side], 0, 7));
      return name === 'freeSpeed' ? [bytes, ...stairs.map(({ buffer }) => new Uint8Array(buffer))] : [bytes];
    });
    const all = [u8.slice(stateOffset, first), ...words, u8.slice(last, stateOffset + stateBytes)];
    const lanes = all.filter(({ length }) => length > 0).map(blockLanes);
    const hash = hashOfBlocks(
      lanes,
      all.reduce((sum, bytes) => sum + bytes.length, 0),
    );
    expect(kernel.hashState(createLoneCrew(kernel))).toBe(hash);
    expect(hashState(world)).toBe(hash);
  }
  expect(f32[columnOffset(world, 'persons', 'freeSpeed') / 4]).toBe(persons.freeSpeed[0]);
});
