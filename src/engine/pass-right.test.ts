import { expect, test } from 'vitest';
import { PHYSICS } from './kernel/physics.ts';
import { createReferenceKernel } from './kernel/reference/reference-kernel.ts';
import { makeScenario, makeWorld, memorySink } from './run.test-support.ts';
import { createRun, type EngineParts, hashState } from './run.ts';

type Place = [number, number];
const box = (x0: number, y0: number, x1: number, y1: number): Place[] => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];
const line = (...places: Place[]) => places as [Place, Place];

/** A corridor 20 m long with an exit at either end, and persons at places who know the far one only. */
function corridor(width: number, eastward: readonly Place[], westward: readonly Place[], more: object = {}) {
  const place = (id: string, exit: string) => (position: Place, k: number) => ({
    id: `${id} ${k}`,
    level: 'ground',
    position,
    profile: 'walker',
    knows: [exit],
  });
  return makeScenario({
    levels: [{ id: 'ground', outlines: [box(0, 0, 20, width)] }],
    exits: [
      { id: 'east', level: 'ground', line: line([20, 0], [20, width]) },
      { id: 'west', level: 'ground', line: line([0, width], [0, 0]) },
    ],
    profiles: [{ id: 'walker', freeSpeed: 1.3, body: { radius: 0.19, mass: 75 }, patience: 3600 }],
    populations: [...eastward.map(place('e', 'east')), ...westward.map(place('w', 'west'))],
    settings: { end: { time: 120 } },
    ...more,
  });
}

/** Heights of two who walk towards each other, when they are abreast. */
function heightsAbreast(apart: number, parts: EngineParts = {}): [number, number] {
  const world = makeWorld(corridor(3, [[3, 1.5]], [[17, 1.5 + apart]]));
  const run = createRun(world, { sink: memorySink() }, parts);
  const { x, y } = world.views.persons;
  while (x[0] < x[1]) run.advance(1);
  return [y[0] + world.origin[1], y[1] + world.origin[1]];
}

test('two who walk straight towards each other pass on the right, and on the left where that is the custom', () => {
  const right = heightsAbreast(0);
  expect(right[1] - right[0]).toBeGreaterThan(0.35);
  const left = heightsAbreast(0, { physics: { ...PHYSICS, passRight: -PHYSICS.passRight } });
  expect(left[0] - left[1]).toBeGreaterThan(0.35);
});

test('who comes well to the right of one is passed on the left', () => {
  // 0.5 m to the right of who walks east
  const heights = heightsAbreast(-0.5);
  expect(heights[0] - heights[1]).toBeGreaterThan(0.35);
});

test('two crowds in a corridor: kernel and plain twin agree byte for byte', () => {
  const crowd = (id: string, exit: string, x: number) => ({
    id,
    level: 'ground',
    count: 40,
    polygon: box(x, 0, x + 9, 2),
    knows: [exit],
  });
  const scenario = corridor(2, [], [], { populations: [crowd('e', 'east', 0.5), crowd('w', 'west', 10.5)] });
  const [fast, plain] = [undefined, createReferenceKernel].map((makeFunctions) => {
    const world = makeWorld(scenario);
    const run = createRun(world, { sink: memorySink() }, makeFunctions && { makeFunctions });
    return Array.from({ length: 20 }, () => {
      run.advance(10);
      return hashState(world);
    });
  });
  expect(plain).toEqual(fast);
});
