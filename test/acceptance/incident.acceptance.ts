import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judgeRun, readExpectations } from '../../src/analysis/index.ts';
import { ROOT } from '../support/command.ts';
import { runScene } from '../support/run-scene.ts';

const SCENE = 'factory-breakout';

test('every beat of the incident comes out in as many of its seeds as its expectations ask for', () => {
  const text = readFileSync(join(ROOT, 'scenarios', SCENE, 'expectations.json'), 'utf8');
  const { expectations, issues } = readExpectations(text);
  expect(issues).toEqual([]);
  if (expectations === undefined) return;
  const { beats, seeds, least } = expectations;
  expect([seeds, least]).toEqual([20, 18]);
  const asked = [
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
    '7',
    '8',
    '9',
    '10',
    '11',
    '12',
    '13',
    '14',
    '15',
    '16',
    '17',
    '18',
    '23',
    '24',
  ];
  expect(beats.map(({ id }) => id)).toEqual(expect.arrayContaining(asked));
  const held = beats.map(() => 0);
  const missed: number[][] = beats.map(() => []);
  for (let seed = 1; seed <= seeds; seed++) {
    const traces = new Map<string, ReturnType<typeof runScene>['trace']>();
    beats.forEach((beat, k) => {
      const file = `${SCENE}/${beat.scenario ?? expectations.scenario}`;
      if (!traces.has(file)) traces.set(file, runScene(file, seed).trace);
      if (judgeRun(traces.get(file)!, { beats: [beat] })[0].holds) held[k]++;
      else missed[k].push(seed);
    });
  }
  console.log(
    beats
      .map(
        ({ id, what }, k) =>
          `${held[k]}/${seeds}  ${id} ${what}${missed[k].length > 0 ? ` (not with ${missed[k].join(' ')})` : ''}`,
      )
      .join('\n'),
  );
  beats.forEach((beat, k) => {
    expect(held[k], beat.id).toBeGreaterThanOrEqual(beat.least ?? least);
  });
}, 900_000);
