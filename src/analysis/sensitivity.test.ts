import { expect, test } from 'vitest';
import { rankParameters, readSensitivity, type SensitivityRun, summarizeSensitivity } from './sensitivity.ts';

const parameter = (id: string) => ({
  id,
  name: `name of ${id}`,
  values: ['a', 'b', 'c'] as const,
  mark: 'D',
  basis: 'none',
});

function run(given: Partial<SensitivityRun>): SensitivityRun {
  return {
    seed: 1,
    parameter: null,
    end: 'standard',
    outcome: 'everyone-out',
    out: 10,
    injured: 0,
    unconscious: 0,
    dead: 0,
    evacuationTime: 60,
    chestLoad: 500,
    stateHash: '0',
    deduced: false,
    ...given,
  };
}

const head = {
  name: 'hall',
  engine: '0',
  scenarioHash: 'abc',
  persons: 10,
  seeds: [1, 2],
  parameters: [parameter('push'), parameter('faint')],
  planned: 10,
};

const runs = [
  run({ dead: 2 }),
  run({ seed: 2, dead: 4, evacuationTime: null }),
  run({ parameter: 'push', end: 'low', dead: 1 }),
  run({ parameter: 'push', end: 'high', dead: 9 }),
  run({ parameter: 'faint', end: 'low', dead: 2 }),
];

test('each line has the mean and the range of its runs; a time only of runs in which everyone got out', () => {
  const study = summarizeSensitivity({ ...head, runs });
  expect(study.rows.map(({ parameter, end, runs }) => [parameter, end, runs])).toEqual([
    [null, 'standard', 2],
    ['push', 'low', 1],
    ['push', 'high', 1],
    ['faint', 'low', 1],
  ]);
  expect(study.rows[0].spreads.dead).toEqual({ count: 2, mean: 3, min: 2, max: 4 });
  expect(study.rows[0].spreads.evacuationTime).toEqual({ count: 1, mean: 60, min: 60, max: 60 });
  expect(study.all.dead).toEqual({ count: 5, mean: 18 / 5, min: 1, max: 9 });
});

test('a study of which no run got everyone out has no evacuation time', () => {
  const study = summarizeSensitivity({ ...head, runs: [run({ evacuationTime: null })] });
  expect(study.all.evacuationTime).toBeNull();
});

test('parameters are ranked by how far they move the mean over the seeds that both ends have', () => {
  const ranked = rankParameters(summarizeSensitivity({ ...head, runs }), 'dead');
  // seed 2 has no varied run yet, so the standard of seed 1 (2 dead) is what counts; faint has one end only
  expect(ranked.map(({ parameter, low, high, swing }) => [parameter.id, low, high, swing])).toEqual([
    ['push', 1, 9, 8],
  ]);
});

test('what is written is read back, and a summary that was tampered with is made anew of the runs', () => {
  const study = summarizeSensitivity({ ...head, runs });
  expect(readSensitivity(JSON.stringify(study))).toEqual(study);
  expect(readSensitivity(JSON.stringify({ ...study, all: {} }))).toEqual(study);
});

test('what is no study is not taken for one', () => {
  for (const text of ['', 'null', '3', '{}', '{"format":"crashbar-sensitivity","version":2}']) {
    expect(readSensitivity(text)).toBeUndefined();
  }
  const study = summarizeSensitivity({ ...head, runs });
  expect(readSensitivity(JSON.stringify({ ...study, runs: [{ seed: 'x' }] }))).toBeUndefined();
});
