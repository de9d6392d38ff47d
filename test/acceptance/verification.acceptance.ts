import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ROOT } from '../support/command.ts';
import { isInside } from '../support/inside.ts';
import { eventsOf, loadScene, runScene, type SceneRun } from '../support/run-scene.ts';

/*
 * The gallery's scenes against the guidelines and the laboratory. Each line of the README's table is one test here;
 * `verification/` has many more cases, known failures among them.
 */

const SEEDS = [1, 2, 3];
const table: string[] = [];

function report(name: string, demanded: string, found: string): void {
  table.push(`| ${name} | ${demanded} | ${found} |`);
}

afterAll(() => {
  mkdirSync(join(ROOT, '.build'), { recursive: true });
  writeFileSync(join(ROOT, '.build', 'verification.md'), `${table.join('\n')}\n`);
  console.log(table.join('\n'));
});

/** Crossing times of the scene's exits, ascending [s]. */
function exitTimes({ trace }: SceneRun): number[] {
  return eventsOf(trace, 'person-out').map(({ t }) => t);
}

/** Specific flow of the middle 80 % of those who got out [1/(m·s)], and the longest gap between two of all [s]. */
function measureBottleneck(file: string, seed: number): { flow: number; gap: number } {
  const [[x0, y0], [x1, y1]] = loadScene(file).exits[0].line!;
  const times = exitTimes(runScene(file, seed));
  const first = Math.floor(times.length / 10);
  const last = times.length - 1 - first;
  const flow = (last - first) / (times[last] - times[first]) / Math.hypot(x1 - x0, y1 - y0);
  return { flow, gap: Math.max(...times.slice(1).map((t, k) => t - times[k])) };
}

/** Rows whose position lies off the scene's first level [count]. */
function countOffFloor(file: string, { trace }: SceneRun): number {
  const { outlines, holes } = loadScene(file).levels[0];
  const { x, y, person } = trace.trajectory;
  let off = 0;
  for (let row = 0; row < person.length; row++) {
    const onFloor = outlines.some((outline) => isInside([outline, ...holes], x[row], y[row], 0.001));
    if (!onFloor) off++;
  }
  return off;
}

const two = (value: number) => value.toFixed(2);
const widthOf = (file: string) => two(Math.abs(loadScene(file).exits[0].line![1][1] * 2));

test('RiMEA 1: a person at 1.33 m/s walks the corridor of 40 m in 26 to 34 s', () => {
  const [time] = exitTimes(runScene('corridor/scenario.json', 1));
  report('RiMEA 1, corridor 40 m at 1.33 m/s', '26–34 s', `${time.toFixed(1)} s`);
  expect(time).toBeGreaterThan(26);
  expect(time).toBeLessThan(34);
});

test('RiMEA 6: nobody of twenty passes through a wall at the corner', () => {
  const runs = SEEDS.map((seed) => runScene('corner/scenario.json', seed));
  const off = runs.map((run) => countOffFloor('corner/scenario.json', run));
  report('RiMEA 6, corner, 20 persons, 3 seeds', '0 positions off the floor', `${off.join(', ')}`);
  expect(off).toEqual([0, 0, 0]);
  for (const { result } of runs) expect(result.out).toBe(20);
});

describe('calm bottlenecks', () => {
  // Kretz 2006, Seyfried 2009: 1.6 to 1.9 1/(m·s); SFPE 1.3; Liddle: long passages let fewer pass.
  const wide = ['0.8', '1.0', '1.2', '1.6'].map((width) =>
    width === '1.0' ? 'bottleneck/scenario.json' : `bottleneck/width-${width}.json`,
  );
  for (const file of wide) {
    test(`${file}: the specific flow is 1.4 to 1.9 1/(m·s)`, () => {
      const flows = SEEDS.map((seed) => measureBottleneck(file, seed).flow);
      report(`bottleneck ${widthOf(file)} m, calm`, '1.4–1.9 /(m s)', flows.map(two).join(', '));
      for (const flow of flows) {
        expect(flow).toBeGreaterThan(1.4);
        expect(flow).toBeLessThan(1.9);
      }
    });
  }

  test('bottleneck/width-0.5.json: nobody waits longer than 10 s for the next to pass', () => {
    const gaps = SEEDS.map((seed) => measureBottleneck('bottleneck/width-0.5.json', seed).gap);
    report('bottleneck 0.50 m, calm, longest gap', '≤ 10 s', `${gaps.map((gap) => gap.toFixed(1)).join(', ')} s`);
    for (const gap of gaps) expect(gap).toBeLessThanOrEqual(10);
  });
});

test('the flow of a calm bottleneck grows with its width', () => {
  const files = ['width-0.8', 'scenario', 'width-1.2', 'width-1.6', 'width-2.0', 'width-2.5', 'width-3.0', 'width-5.0'];
  const flows = files.map((name) => {
    const file = `bottleneck/${name}.json`;
    return measureBottleneck(file, 1).flow * Number(widthOf(file));
  });
  report('flow of 0.8 … 5.0 m, calm', 'grows', `${flows.map(two).join(', ')} /s`);
  expect([...flows].sort((a, b) => a - b)).toEqual(flows);
});

test('three storeys: everybody gets out, by both exits, and nobody is hurt', () => {
  const { result, trace } = runScene('three-storey/scenario.json', 1);
  report('three storeys, 144 persons', 'all out, unhurt', `all out after ${result.endTime.toFixed(0)} s`);
  expect(result).toMatchObject({ outcome: 'everyone-out', out: 144, injured: 0, unconscious: 0, dead: 0 });
  expect(new Set(eventsOf(trace, 'person-out').map(({ exit }) => exit)).size).toBe(2);
});

test('two exits, one chained: everybody leaves by the other, and only those who touched the chained door knew', () => {
  const { result, trace } = runScene('two-exits-one-chained/scenario.json', 1);
  const found = new Set(eventsOf(trace, 'door-found-locked').map(({ person }) => person));
  report('two exits, one chained, 120 persons', 'all out by the other', `all out after ${result.endTime.toFixed(0)} s`);
  expect(result).toMatchObject({ outcome: 'everyone-out', out: 120, unconscious: 0, dead: 0 });
  expect(eventsOf(trace, 'person-out').every(({ exit }) => exit === 'east exit')).toBe(true);
  const turned = eventsOf(trace, 'exit-chosen').filter(({ why }) => why === 'found-locked');
  expect(turned.length).toBeGreaterThan(0);
  for (const { person } of turned) expect(found.has(person)).toBe(true);
});

test('the same scene and seed leave the same hash, and another seed another', () => {
  const [first, again, other] = [1, 1, 2].map((seed) => runScene('double-bottleneck/scenario.json', seed).result);
  report(
    'repeatability, double bottleneck twice',
    'same state hash',
    first.stateHash === again.stateHash ? 'same' : 'different',
  );
  expect(again.stateHash).toBe(first.stateHash);
  expect(other.stateHash).not.toBe(first.stateHash);
});
