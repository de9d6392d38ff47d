import { expect, test } from 'vitest';
import type { TraceEvent } from '../trace/index.ts';
import { PersonHarm, PersonPosture, PersonState, type World } from '../world/index.ts';
import type { Engine } from './engine.ts';
import { FALLS, tripChance } from './falls.ts';
import { createReferenceKernel } from './kernel/reference/reference-kernel.ts';
import { makeScenario, makeWorld, memorySink, runToEnd } from './run.test-support.ts';
import { createEngine, createRun, hashState } from './run.ts';
import { settleFalls } from './settle-falls.ts';
import { watchPersons } from './watch-persons.ts';

type Place = [number, number];

/** Persons in a hall of 40 × 40 m, set where a test wants them: standing still, conscious, 70 kg, 0.18 m. */
function makeHall(places: readonly Place[]): { engine: Engine; world: World; events: TraceEvent[] } {
  const scenario = makeScenario({
    levels: [
      {
        id: 'hall',
        outlines: [
          [
            [0, 0],
            [40, 0],
            [40, 40],
            [0, 40],
          ],
        ],
      },
    ],
    exits: [
      {
        id: 'out',
        level: 'hall',
        line: [
          [40, 19],
          [40, 21],
        ],
      },
    ],
    populations: [{ id: 'all', level: 'hall', count: places.length }],
  });
  const world = makeWorld(scenario);
  const events: TraceEvent[] = [];
  const engine = createEngine(world, 1, (event) => events.push(event));
  const { persons } = world.views;
  places.forEach(([x, y], i) => {
    persons.x[i] = x - world.origin[0];
    persons.y[i] = y - world.origin[1];
    persons.state[i] = PersonState.walking;
    persons.near[i] = -1;
    persons.radius[i] = 0.18;
    persons.mass[i] = 70;
    persons.headX[i] = 1;
    persons.headY[i] = 0;
  });
  return { engine, world, events };
}

/** One interval in which nothing else happens. */
function settle(engine: Engine): void {
  engine.world.views.clock.tick[0]++;
  engine.kernel.sortPersons(engine.world.personCount);
  watchPersons(engine);
  settleFalls(engine);
}

/** Lays somebody down along x, as if they had fallen at the tick given. */
function lay(world: World, person: number, fellTick: number): void {
  const { persons, clock } = world.views;
  persons.posture[person] = PersonPosture.lying;
  persons.leanX[person] = 0.001;
  persons.fellTick[person] = fellTick;
  clock.lyingCount[0]++;
}

/** Shoves somebody who stands: their velocity as the kernel would leave it. */
function shove(world: World, person: number, vx: number, vy = 0): void {
  world.views.persons.vx[person] = vx;
  world.views.persons.vy[person] = vy;
}

const isLying = (world: World, person: number) => world.views.persons.posture[person] === PersonPosture.lying;

test('with room for a step, a shove of 1 m/s is stepped out of and one of 3 m/s is not', () => {
  for (const [speed, falls] of [
    [1, false],
    [3, true],
  ] as const) {
    const { engine, world, events } = makeHall([[20, 20]]);
    settle(engine);
    shove(world, 0, speed);
    settle(engine);
    expect(isLying(world, 0)).toBe(falls);
    expect(events.filter(({ type }) => type === 'person-fell').length).toBe(falls ? 1 : 0);
  }
});

test('many small shoves that are stepped out of between them add up to no fall', () => {
  const { engine, world } = makeHall([[20, 20]]);
  for (let k = 0; k < 200; k++) {
    shove(world, 0, k % 10 === 0 ? 0.5 : 0);
    settle(engine);
  }
  expect(isLying(world, 0)).toBe(false);
});

test('where a body lies in the way of the step, half a metre per second is enough', () => {
  const { engine, world } = makeHall([
    [20, 20],
    [20.33, 20.2],
  ]);
  lay(world, 1, 0);
  settle(engine);
  shove(world, 0, 0.7);
  settle(engine);
  expect(isLying(world, 0)).toBe(true);
});

test('who has somebody firm in front does not fall; who is shoved together with them does', () => {
  for (const together of [false, true]) {
    const { engine, world } = makeHall([
      [20, 20],
      [20.45, 20],
      [20.3, 20.5],
    ]);
    lay(world, 2, 0); // no room for a step
    world.views.persons.leanX[2] = 0;
    world.views.persons.leanY[2] = 0.001; // across the way
    settle(engine);
    shove(world, 0, 1.2);
    if (together) shove(world, 1, 1.2);
    settle(engine);
    expect(isLying(world, 0)).toBe(together);
  }
});

test('who loses consciousness falls where they stand alone, and stays up between two who press', () => {
  const alone = makeHall([[20, 20]]);
  alone.world.views.persons.harm[0] = PersonHarm.unconscious;
  for (let k = 0; k < FALLS.sinkTicks - 1; k++) settle(alone.engine);
  expect(isLying(alone.world, 0)).toBe(false);
  settle(alone.engine);
  expect(isLying(alone.world, 0)).toBe(true);
  expect(alone.events[0]).toMatchObject({ type: 'person-fell', person: 0, why: 'fainted', onto: 0 });
  // 3 mm of overlap on each side are 240 N each, more than 0.3 of a weight together
  const held = makeHall([
    [20, 20],
    [19.643, 20],
    [20.357, 20],
  ]);
  held.world.views.persons.harm[0] = PersonHarm.unconscious;
  for (let k = 0; k < 3 * FALLS.sinkTicks; k++) settle(held.engine);
  expect(isLying(held.world, 0)).toBe(false);
});

test('in a pile everybody’s chest carries half the weight above: closed form, person by person', () => {
  const count = 7;
  const { engine, world } = makeHall(Array.from({ length: count }, () => [20, 20] as Place));
  const { persons } = world.views;
  for (let i = 0; i < count; i++) {
    persons.mass[i] = 60 + 5 * i;
    // not in order of number: who fell later lies above
    lay(world, i, 1 + ((3 * i) % count));
  }
  world.views.clock.tick[0] = 10;
  for (let k = 0; k < 100; k++) settle(engine);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    let above = 0;
    for (let j = 0; j < count; j++) if (persons.fellTick[j] > persons.fellTick[i]) above += persons.mass[j];
    const expected = 0.5 * 9.81 * above;
    expect(Math.abs(persons.chestLoad[i] - expected)).toBeLessThan(1e-3 * Math.max(1, expected));
    sum += persons.chestLoad[i];
  }
  // conserved: a body with n below it adds half its weight n times
  const below = (i: number) => persons.fellTick.subarray(0, count).filter((tick) => tick < persons.fellTick[i]).length;
  const total = Array.from({ length: count }, (_, i) => 0.5 * 9.81 * persons.mass[i] * below(i)).reduce(
    (a, b) => a + b,
  );
  expect(Math.abs(sum / total - 1)).toBeLessThan(1e-3);
});

test('somebody who stands on a body weighs on it like one who lies there, and goes slower: 0.4, on a pile 0.2 m/s', () => {
  const { engine, world } = makeHall([
    [20, 20],
    [20.5, 20],
    [30, 20],
    [30, 20],
    [30, 20],
  ]);
  const { persons } = world.views;
  for (const [i, tick] of [
    [0, 1],
    [2, 1],
    [3, 2],
  ]) {
    lay(world, i, tick);
  }
  for (let k = 0; k < 60; k++) settle(engine);
  expect(persons.chestLoad[0]).toBeCloseTo(0.5 * 9.81 * 70, 1);
  expect(persons.chestLoad[2]).toBeCloseTo(0.5 * 9.81 * 140, 1);
  expect(persons.pace[1]).toBeCloseTo(0.4, 6);
  expect(persons.pace[4] * persons.levelSpeed[4]).toBeCloseTo(0.2, 5);
  persons.x[1] += 5;
  settle(engine);
  expect(persons.pace[1]).toBe(1);
});

test('over many persons as many trip as the hazard says, ± 4 standard deviations, and none of those who stand still', () => {
  const count = 401;
  const { engine, world, events } = makeHall(Array.from({ length: count }, () => [20, 20] as Place));
  const { persons } = world.views;
  lay(world, 0, 0);
  const intervals = 250;
  const speed = 0.9;
  for (let k = 0; k < intervals; k++) {
    for (let i = 1; i < count; i++) {
      if (isLying(world, i)) {
        persons.posture[i] = PersonPosture.standing;
        world.views.clock.lyingCount[0]--;
      }
      const v = i <= 200 ? speed : 0;
      persons.vx[i] = v;
      persons.settledVx[i] = v;
      persons.leanX[i] = 0;
      persons.leanY[i] = 0;
    }
    // they strike nobody: the test is about tripping alone
    persons.fellTick.fill(-100);
    settle(engine);
  }
  const fell = events.filter((event) => event.type === 'person-fell');
  expect(fell.every((event) => event.why === 'tripped' && event.person <= 200)).toBe(true);
  const trials = 200 * intervals;
  const chance = tripChance(speed, 0.1);
  const spread = Math.sqrt(trials * chance * (1 - chance));
  expect(Math.abs(fell.length - trials * chance)).toBeLessThan(4 * spread);
  expect(fell.length).toBeGreaterThan(50);
});

test('who fell alone gets up after 2 to 4 s; nobody gets up under a body or from under somebody’s feet', () => {
  const { engine, world, events } = makeHall([
    [10, 10],
    [20, 20],
    [20, 20],
    [30, 30],
    [30.1, 30],
  ]);
  const { persons } = world.views;
  for (const i of [0, 1, 2, 3]) lay(world, i, i);
  persons.harm[2] = PersonHarm.dead;
  for (let k = 0; k < 100; k++) settle(engine);
  const up = events.filter((event) => event.type === 'person-got-up');
  expect(up.map(({ person }) => person)).toEqual([0]);
  expect(up[0].t).toBeGreaterThanOrEqual(FALLS.upLow);
  expect(up[0].t).toBeLessThanOrEqual(FALLS.upHigh + 0.1);
  // the one who stood over person 3 leaves
  persons.x[4] -= 5;
  for (let k = 0; k < 50; k++) settle(engine);
  expect(isLying(world, 3)).toBe(false);
  expect(isLying(world, 1)).toBe(true);
  expect(world.views.clock.lyingCount[0]).toBe(2);
});

test('a falling body hands its momentum to the nearest person along its fall, and to nobody behind', () => {
  const { engine, world } = makeHall([
    [20, 20],
    [20.8, 20],
    [19.5, 20],
  ]);
  const { persons } = world.views;
  persons.mass[1] = 50;
  settle(engine);
  shove(world, 0, 3); // unopposed, but with 0.44 m of room only
  persons.leanX[1] = 1; // not firm
  settle(engine);
  expect(isLying(world, 0)).toBe(true);
  persons.leanX[1] = 0;
  persons.posture[1] = PersonPosture.standing;
  const lean = persons.leanX[0];
  settle(engine);
  persons.vx[1] = 0;
  settle(engine);
  expect(persons.vx[1]).toBeCloseTo((3 * lean * 70) / 50, 5);
  expect(persons.vx[2]).toBe(0);
});

test('where nobody is shoved and nobody lies, nothing is written', () => {
  const { engine, world, events } = makeHall([
    [20, 20],
    [20.4, 20],
  ]);
  const { persons } = world.views;
  for (let k = 0; k < 20; k++) {
    persons.vx.fill(0.02 * k);
    settle(engine);
  }
  expect(events).toEqual([]);
  expect(Array.from(persons.leanX)).toEqual([0, 0]);
  expect(Array.from(persons.pace)).toEqual([1, 1]);
});

/** Nobody holds anybody, so that a crush at a door has many falls. */
const NOBODY_HOLDS = { falls: { ...FALLS, firmLean: 0, sinkTicks: 1 } };

/** Two hundred desperate people and a door of 1 m. */
function crush() {
  return makeScenario({
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
    exits: [
      {
        id: 'out',
        level: 'ground',
        line: [
          [10, 3.5],
          [10, 4.5],
        ],
      },
    ],
    profiles: [{ id: 'desperate', motivation: 1 }],
    populations: [
      {
        id: 'crowd',
        level: 'ground',
        count: 200,
        profile: 'desperate',
        polygon: [
          [1, 0.3],
          [9, 0.3],
          [9, 7.7],
          [1, 7.7],
        ],
      },
    ],
    settings: { end: { time: 40, stalled: 1000 } },
  });
}

test('falls repeat to the bit, also after a resume in the midst of them, and no state leaves its bounds', () => {
  const whole = runToEnd(crush(), NOBODY_HOLDS);
  expect(whole.events.filter(({ type }) => type === 'person-fell').length).toBeGreaterThan(5);
  expect(runToEnd(crush(), NOBODY_HOLDS).result.stateHash).toBe(whole.result.stateHash);
  const sink = memorySink();
  const run = createRun(makeWorld(crush()), { sink }, NOBODY_HOLDS);
  run.advance(250);
  const world = makeWorld(crush());
  const resumed = createRun(world, { sink: memorySink(), resumeFrom: run.snapshot(), validate: true }, NOBODY_HOLDS);
  expect(world.views.clock.lyingCount[0]).toBeGreaterThan(0);
  while (!resumed.advance(100));
  expect(resumed.finish().result.stateHash).toBe(whole.result.stateHash);
});

test('everybody who fell got up, lies still, or was out in the same moment, and is counted once', () => {
  const { world, events } = runToEnd(crush(), NOBODY_HOLDS);
  const { persons, clock } = world.views;
  const fell = events.filter(({ type }) => type === 'person-fell').length;
  const up = events.filter(({ type }) => type === 'person-got-up').length;
  const lying = persons.posture.reduce((sum, posture) => sum + posture, 0);
  const out = new Map(events.filter((event) => event.type === 'person-out').map(({ person, t }) => [person, t]));
  const fellOut = events.filter(
    (event) => event.type === 'person-fell' && event.t >= (out.get(event.person) ?? 1e9) - 0.1,
  );
  expect(fell - up - fellOut.length).toBe(lying);
  expect(clock.lyingCount[0]).toBe(lying);
});

test('the kernel leaves out nobody who has something to settle: a crush with falls is the same on its twin, which looks at all', () => {
  const start = createRun(makeWorld(crush()), { sink: memorySink() }, NOBODY_HOLDS);
  start.advance(200);
  const resumeFrom = start.snapshot();
  const sink = memorySink();
  const fast = makeWorld(crush());
  const plain = makeWorld(crush());
  const fastRun = createRun(fast, { sink, resumeFrom }, NOBODY_HOLDS);
  const plainRun = createRun(
    plain,
    { sink: memorySink(), resumeFrom },
    { ...NOBODY_HOLDS, makeFunctions: createReferenceKernel },
  );
  for (let k = 0; k < 60; k++) {
    fastRun.advance(1);
    plainRun.advance(1);
    expect(hashState(plain)).toBe(hashState(fast));
  }
  fastRun.finish();
  const types = new Set(sink.events().map(({ type }) => type));
  for (const type of ['person-fell', 'person-got-up', 'person-out']) expect(types).toContain(type);
});

test('who trod on a body that then got up walks on at full pace', () => {
  const { engine, world } = makeHall([
    [20, 20],
    [20.5, 20],
  ]);
  const { persons } = world.views;
  lay(world, 0, 1);
  settle(engine);
  expect(persons.pace[1]).toBeCloseTo(0.4, 6);
  persons.posture[0] = PersonPosture.standing;
  persons.leanX[0] = 0;
  world.views.clock.lyingCount[0]--;
  settle(engine);
  expect(persons.pace[1]).toBe(1);
});

test('the foot of who is shoved while they run lands farther on: on a body there, a shove is a fall that is none for who stands', () => {
  const falls = (speed: number) => {
    const { engine, world } = makeHall([
      [20, 20],
      [20.5, 20.1],
    ]);
    lay(world, 1, 0);
    world.views.persons.leanX[1] = 0;
    world.views.persons.leanY[1] = 0.001; // across the way
    world.views.persons.x[1] += 0.4;
    shove(world, 0, speed);
    world.views.persons.settledVx[0] = speed;
    settle(engine);
    // to the side: no wall, nobody to hold on to
    shove(world, 0, speed, 1.2);
    settle(engine);
    return isLying(world, 0);
  };
  expect(falls(0)).toBe(false);
  expect(falls(3)).toBe(true);
});
