import { expect, test } from 'vitest';
import { isOverBody, paceOverBodies, pileLoad, tripChance, unsteadyChange } from './falls.ts';

const out = new Float64Array(2);
function unsteady(v: [number, number], dv: [number, number], legs: [number, number]): [number, number] {
  unsteadyChange(...v, ...dv, ...legs, 4.905, 0.1, out);
  return [out[0], out[1]];
}

test('half the weight above rests on the chest: 343 N a body of 70 kg, 2.06 kN under six, 3.8 kN under eleven', () => {
  expect(pileLoad(70)).toBeCloseTo(343.35, 6);
  expect(pileLoad(6 * 70)).toBeCloseTo(2060.1, 6);
  expect(pileLoad(11 * 70)).toBeCloseTo(3776.85, 6);
});

test('the chance of tripping is 0.05 /s at 1.3 m/s and goes with the square of the speed', () => {
  expect(tripChance(1.3, 0.1)).toBeCloseTo(0.005, 12);
  expect(tripChance(0.65, 0.1)).toBeCloseTo(0.005 / 4, 12);
  expect(tripChance(0, 0.1)).toBe(0);
  expect(tripChance(1000, 1)).toBe(1);
});

test('somebody shoved while standing takes all of it', () => {
  expect(unsteady([0, 0], [0.6, 0.2], [0, 0])).toEqual([0.6, 0.2]);
  expect(unsteady([0, 0], [0.6, 0], [-4, 0])).toEqual([0.6, 0]);
});

test('what one’s own legs do upsets nobody: starting, walking faster, braking, turning within the grip', () => {
  for (const dv of [
    [0.3, 0],
    [0, -0.4],
  ] as [number, number][]) {
    const [x, y] = unsteady([0, 0], dv, [dv[0] * 10, dv[1] * 10]);
    expect(Math.hypot(x, y)).toBeLessThan(1e-12);
  }
});

test('legs account for no more than the grip of the floor: of 1 m/s in 0.1 s, 0.51 are left', () => {
  expect(unsteady([0, 0], [1, 0], [30, 0])[0]).toBeCloseTo(1 - 0.4905, 12);
});

test('being stopped by whatever one walks into is no loss of balance; being thrown back is', () => {
  expect(Math.hypot(...unsteady([1.5, 0], [-1.5, 0], [0, 0]))).toBe(0);
  expect(Math.hypot(...unsteady([1.5, 0], [-0.7, 0], [0, 0]))).toBe(0);
  expect(unsteady([1.5, 0], [-2, 0], [0, 0])[0]).toBeCloseTo(-0.5, 12);
});

test('a wall that turns a walker aside takes nobody’s balance', () => {
  // 45° into a wall along x: the part into it is lost
  const [x, y] = unsteady([1, -1], [0, 1], [0, 0]);
  expect(Math.hypot(x, y)).toBe(0);
});

test('a shove from the side of a walker counts whole', () => {
  expect(unsteady([1.3, 0], [0, 0.6], [0, 0])).toEqual([0, 0.6]);
});

test('a lying body is a stadium 1.7 m long and 0.45 m wide, whichever way it lies', () => {
  expect(isOverBody(0.849, 0, 0, 0, 1, 0)).toBe(true);
  expect(isOverBody(0.851, 0, 0, 0, 1, 0)).toBe(false);
  expect(isOverBody(0, 0.224, 0, 0, 1, 0)).toBe(true);
  expect(isOverBody(0, 0.226, 0, 0, 1, 0)).toBe(false);
  expect(isOverBody(2 + 0.6 * 0.8, 1 + 0.8 * 0.8, 2, 1, 0.6, 0.8)).toBe(true);
  expect(isOverBody(2 + 0.8 * 0.8, 1 - 0.6 * 0.8, 2, 1, 0.6, 0.8)).toBe(false);
});

test('under a high ceiling one goes over one body at 0.4 of the speed, over more at 0.2 m/s', () => {
  expect(paceOverBodies(1, Infinity, 1.3)).toBe(0.4);
  expect(paceOverBodies(3, Infinity, 1)).toBeCloseTo(0.2, 12);
});

test('under a low ceiling the pile decides: one stoops below 1.5 m, crawls below 0.9 m, and does not get through below 0.45 m', () => {
  // 2.1 m less 0.25 m a body
  expect(paceOverBodies(1, 2.1, 3)).toBe(0.4);
  expect(paceOverBodies(1, 1.7, 3)).toBeCloseTo(0.3, 12);
  expect(paceOverBodies(1, 1.1, 2)).toBeCloseTo(0.1, 12);
  expect(paceOverBodies(6, 2.1, 1)).toBeCloseTo(0.2, 12);
  expect(paceOverBodies(7, 2.1, 1)).toBe(0);
});
