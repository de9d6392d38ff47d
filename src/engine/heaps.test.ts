import { expect, test } from 'vitest';
import type { ScenarioInput } from '../scenario/index.ts';
import type { TraceEvent } from '../trace/index.ts';
import { PersonPosture, PersonState, type World } from '../world/index.ts';
import { FALLS, isOverBody } from './falls.ts';
import {
  coverAlong,
  footprint,
  lieClearOfWalls,
  noteTreading,
  riseFactor,
  stumbles,
  treadShare,
  upset,
  upsetShare,
} from './heaps.ts';
import { makeScenario, makeWorld, runToEnd } from './run.test-support.ts';
import { createEngine } from './run.ts';

type Place = [number, number];
type Bodies = NonNullable<NonNullable<ScenarioInput['settings']>['bodies']>;

/** Persons in a passage of 40 × 2 m, standing still. */
function makeHall(places: readonly Place[], bodies: Bodies | undefined = {}, seed = 1) {
  const scenario = makeScenario({
    levels: [
      {
        id: 'hall',
        outlines: [
          [
            [0, 0],
            [40, 0],
            [40, 2],
            [0, 2],
          ],
        ],
      },
    ],
    exits: [
      {
        id: 'out',
        level: 'hall',
        line: [
          [40, 0],
          [40, 2],
        ],
      },
    ],
    profiles: [{ id: 'man', freeSpeed: 1.5 }],
    populations: [{ id: 'all', level: 'hall', count: places.length, profile: 'man' }],
    settings: { end: { time: 60 }, ...(bodies === undefined ? {} : { bodies }) },
  });
  const world = makeWorld(scenario);
  const events: TraceEvent[] = [];
  const engine = createEngine(world, seed, (event) => events.push(event));
  const { persons } = world.views;
  places.forEach(([x, y], i) => {
    persons.x[i] = x - world.origin[0];
    persons.y[i] = y - world.origin[1];
    persons.state[i] = PersonState.walking;
    persons.near[i] = -1;
  });
  return { engine, world, events, scenario };
}

/** Lays somebody down along a direction. */
function lay(world: World, person: number, x: number, y: number): void {
  const { persons, clock } = world.views;
  persons.posture[person] = PersonPosture.lying;
  persons.leanX[person] = x;
  persons.leanY[person] = y;
  clock.lyingCount[0]++;
}

test('who has 0.2 s to answer treads on an obstacle in 0.795 of the cases, who has 0.45 s in 0.031, linear between; in no time nobody answers', () => {
  expect(treadShare(0)).toBe(1);
  expect(treadShare(-1)).toBe(1);
  expect(treadShare(0.133)).toBeCloseTo(1, 2);
  expect(treadShare(0.2)).toBe(0.795);
  expect(treadShare(0.325)).toBeCloseTo((0.795 + 0.031) / 2, 12);
  expect(treadShare(0.45)).toBeCloseTo(0.031, 12);
  expect(treadShare(3)).toBeCloseTo(0.031, 12);
});

test('of those who tread on a body the share given falls at 1.3 m/s, four times as many at twice that, and never more than all', () => {
  expect(upsetShare(1.3, 0.2, FALLS)).toBeCloseTo(0.2, 12);
  expect(upsetShare(2.6, 0.2, FALLS)).toBeCloseTo(0.8, 12);
  expect(upsetShare(5, 0.2, FALLS)).toBe(1);
  expect(upsetShare(5, 0, FALLS)).toBe(0);
});

test('a body across the way covers its breadth and that of the feet of it, one along the way its length, as far as one looks', () => {
  const foot = footprint(FALLS);
  expect(foot.bodyWidth).toBeCloseTo(0.77, 12);
  const across = (x: number, y: number) => isOverBody(x, y, 0, 0, 0, 1, foot);
  const along = (x: number, y: number) => isOverBody(x, y, 0, 0, 1, 0, foot);
  expect(coverAlong(across, 0, 0, 1, 0, 2)).toBeCloseTo(0.7, 9);
  expect(coverAlong(along, 0, 0, 1, 0, 2)).toBeCloseTo(1.8, 9);
  expect(coverAlong(along, 0, 0, 1, 0, 0.7)).toBeCloseTo(1.4, 9);
  expect(coverAlong(along, 0, 1, 1, 0, 2)).toBe(0);
});

test('the share of those who stumble over what nothing warned them of is the product of both shares, within binomial error', () => {
  const { engine, world } = makeHall([[20, 1]], { upset: 0.2, surprise: 0 });
  const { persons, clock, groups } = world.views;
  const count = 4000;
  for (const [speed, warned] of [
    [2, 0],
    [2, 3],
    [2.9, 0],
  ]) {
    persons.vx[0] = speed;
    groups.bodies!.warned[0] = warned;
    const chance = treadShare(warned / 10) * upsetShare(speed, 0.2, FALLS);
    let fallen = 0;
    for (let k = 0; k < count; k++) {
      clock.tick[0]++;
      if (stumbles(engine, 0, [])) fallen++;
    }
    expect(Math.abs(fallen / count - chance)).toBeLessThan(4 * Math.sqrt((chance * (1 - chance)) / count));
  }
  groups.bodies!.over[0] = 1;
  expect(stumbles(engine, 0, [])).toBe(false);
});

test('surprise takes its time from what there is to answer', () => {
  const run = (surprise: number): number => {
    const { engine, world } = makeHall([[20, 1]], { surprise });
    world.views.persons.vx[0] = 2.9;
    world.views.groups.bodies!.warned[0] = 5;
    let fallen = 0;
    for (let k = 0; k < 1000; k++) {
      world.views.clock.tick[0]++;
      if (stumbles(engine, 0, [])) fallen++;
    }
    return fallen;
  };
  expect(run(0)).toBeLessThan(60);
  expect(run(0.3)).toBeGreaterThan(700);
});

test('a falling body takes the feet of whom it meets: their lean grows by all of the change of velocity, also against their run', () => {
  const { engine, world } = makeHall([[20, 1]]);
  upset(engine, 0, -1.5, 0);
  expect(world.views.persons.leanX[0]).toBeCloseTo(-1.5 / FALLS.swayRate, 6);
  expect(world.views.persons.settledVx[0]).toBeCloseTo(-1.5, 6);
});

test('who lies across one body takes twice as long to get up, across two three times, and beside nobody no longer', () => {
  const { engine, world } = makeHall([
    [20, 1],
    [20.3, 1],
    [20.1, 1.2],
    [25, 1],
  ]);
  for (const i of [0, 1, 2, 3]) lay(world, i, i === 1 ? 0 : 1, i === 1 ? 1 : 0);
  expect(riseFactor(engine, 0, [1])).toBe(2);
  expect(riseFactor(engine, 0, [1, 2])).toBe(3);
  expect(riseFactor(engine, 0, [3])).toBe(1);
});

/** Somebody walks along a passage of 1 m whose floor is covered by unconscious people for a few metres. */
function walkOver(count: number, settings: ScenarioInput['settings'], ceiling?: number) {
  const scenario = makeScenario({
    levels: [
      {
        id: 'hall',
        outlines: [
          [
            [0, 0],
            [16, 0],
            [16, 1],
            [0, 1],
          ],
        ],
        areas: [
          {
            id: 'all',
            polygon: [
              [0, 0],
              [16, 0],
              [16, 1],
              [0, 1],
            ],
            ...(ceiling === undefined ? {} : { ceiling }),
          },
        ],
      },
    ],
    exits: [
      {
        id: 'out',
        level: 'hall',
        line: [
          [16, 0],
          [16, 1],
        ],
      },
    ],
    profiles: [{ id: 'man', freeSpeed: 1.2 }],
    populations: [
      { id: 'walker', level: 'hall', position: [1, 0.5], profile: 'man' },
      ...Array.from({ length: count }, (_, k) => ({
        id: `body ${k}`,
        level: 'hall',
        position: [6 + 0.55 * k, 0.5] as [number, number],
        profile: 'man',
        knows: [],
        waits: true,
      })),
    ],
    events: [],
    settings: { seed: 3, ...settings },
  });
  let isLaid = false;
  return runToEnd(scenario, {}, (world) => {
    const { persons } = world.views;
    if (isLaid) return;
    isLaid = true;
    for (let i = 1; i <= count; i++) {
      persons.harm[i] = 2;
      lay(world, i, 0, 1);
    }
  });
}

test('a heap wider than a stride is climbed at the speed given, one body is stepped over', () => {
  const law: ScenarioInput['settings'] = { end: { time: 60 }, bodies: { climb: 0.2, upset: 0 } };
  const heap = walkOver(6, law).events.filter(({ type }) => type === 'climbed-over');
  expect(heap.length).toBe(1);
  const [climb] = heap as (TraceEvent & { readonly type: 'climbed-over' })[];
  expect(climb.person).toBe(0);
  // from the first metre of the heap, come upon at a walk, to its end
  expect(climb.speed).toBeGreaterThan(0.19);
  expect(climb.speed).toBeLessThan(0.25);
  expect(climb.way).toBeGreaterThan(2.5);
  expect(walkOver(1, law).events.filter(({ type }) => type === 'climbed-over')).toEqual([]);
});

test('without bodies that have a height a heap is crossed as before, and no state is laid out for them', () => {
  const { world, events } = walkOver(6, { end: { time: 60 } });
  expect(world.views.groups.bodies).toBeUndefined();
  expect(events.filter(({ type }) => type === 'climbed-over')).toEqual([]);
});

test('bodies that nobody comes upon change no place and no speed of anybody', () => {
  const paths = [undefined, {}].map((bodies) => {
    const scenario = makeHall(
      [
        [2, 1],
        [4, 1],
      ],
      bodies,
    ).scenario;
    const own =
      bodies === undefined ? { ...scenario, settings: { ...scenario.settings, bodies: undefined } } : scenario;
    const trace: number[] = [];
    runToEnd(own, {}, ({ views }) => trace.push(views.persons.x[0], views.persons.y[0], views.persons.x[1]));
    return trace;
  });
  expect(paths[1]).toEqual(paths[0]);
});

/** Of 1000 who run onto what lies in the hall, how many fall. */
function fallenOf(warned: number, speed: number, along: boolean, lean = 0): number {
  const { engine, world } = makeHall(
    [
      [20, 1],
      [20.3, 1],
    ],
    { surprise: 0 },
  );
  lay(world, 1, along ? 1 : 0, along ? 0 : 1);
  const { persons, clock, groups } = world.views;
  persons.vx[0] = speed;
  persons.leanX[0] = lean;
  groups.bodies!.warned[0] = warned;
  let fallen = 0;
  for (let k = 0; k < 1000; k++) {
    clock.tick[0]++;
    if (stumbles(engine, 0, [1])) fallen++;
  }
  return fallen;
}

test('a body across the way is cleared by a longer step, one along it is too long for that: only who had time to stop does not stumble', () => {
  expect(fallenOf(5, 3, false)).toBeLessThan(60);
  // braking from 3 m/s takes the half second, and a little
  expect(fallenOf(5, 3, true)).toBe(1000);
  expect(fallenOf(10, 3, true)).toBeLessThan(60);
});

test('who is struck as they run comes upon the body with the legs of before: they stumble as if they had not been slowed', () => {
  expect(fallenOf(0, 0.4, true)).toBe(0);
  expect(fallenOf(0, 0.4, true, -2.6 / FALLS.swayRate)).toBe(1000);
});

test('who hardly moves sees the body before them too, and is not surprised by it', () => {
  const { engine, world } = makeHall([
    [20, 1],
    [21, 1],
  ]);
  const { persons, groups } = world.views;
  lay(world, 1, 0, 1);
  persons.wantX[0] = 1;
  persons.wantY[0] = 0;
  for (let k = 0; k < 3; k++) noteTreading(engine, [], [1]);
  expect(groups.bodies!.warned[0]).toBe(3);
  persons.wantX[0] = -1;
  noteTreading(engine, [], [1]);
  expect(groups.bodies!.warned[0]).toBe(0);
});

test('who falls beside a wall comes to lie beside it and not in it; in the open, and where two walls leave no room, nothing moves', () => {
  const place = (y: number) => {
    const { engine, world } = makeHall([[20, y]]);
    lay(world, 0, 1, 0);
    lieClearOfWalls(engine, 0);
    const { persons } = world.views;
    return [persons.x[0] + world.origin[0], persons.y[0] + world.origin[1]];
  };
  // 0.57 m broad
  expect(place(0.2)[1]).toBeCloseTo(0.285, 5);
  expect(place(1.85)[1]).toBeCloseTo(1.715, 5);
  expect(place(1)).toEqual([20, 1]);
  expect(place(0.2)[0]).toBe(20);
});
