import { expect, test } from 'vitest';
import { measureRun, type SensitivityRun, summarizeSensitivity } from '../analysis/index.ts';
import { makeLockedExitTrace } from '../analysis/synthetic-trace.test-support.ts';
import { describeDoubt, formatSensitivity, shortenDoubt } from './describe-doubt.ts';
import { headline } from './headline.ts';
import { renderMarkdown } from './render-markdown.ts';
import { renderReport } from './render-report.ts';

const NOBODY = { injured: 0, unconscious: 0, dead: 0 };
const SOME = { injured: 1, unconscious: 0, dead: 2 };

function run(given: Partial<SensitivityRun>): SensitivityRun {
  return {
    seed: 1,
    parameter: null,
    end: 'standard',
    outcome: 'everyone-out',
    out: 12,
    injured: 0,
    unconscious: 0,
    dead: 0,
    evacuationTime: 61.2,
    chestLoad: 1234,
    stateHash: '0',
    deduced: false,
    ...given,
  };
}

const study = summarizeSensitivity({
  name: 'hall',
  engine: '0',
  scenarioHash: 'abc',
  persons: 12,
  seeds: [1, 2],
  parameters: [
    {
      id: 'push',
      name: 'force with <which> people push',
      values: ['60 N', '100 N', '200 N'],
      mark: 'D',
      basis: 'none',
    },
  ],
  planned: 6,
  runs: [
    run({ dead: 2 }),
    run({ parameter: 'push', end: 'low', evacuationTime: 60 }),
    run({ parameter: 'push', end: 'high', dead: 7, unconscious: 3, evacuationTime: null, deduced: true }),
  ],
});
const calm = summarizeSensitivity({ ...study, planned: 1, parameters: [], runs: [run({})] });

test('where nobody is hurt and nothing was studied, nothing is said', () => {
  expect(describeDoubt(NOBODY, null)).toBe('');
  expect(shortenDoubt(NOBODY, null)).toBe('');
});

test('a casualty without a study comes with what it rests on and the command that gives the spread', () => {
  for (const counts of [SOME, { ...NOBODY, injured: 1 }, { ...NOBODY, unconscious: 1 }]) {
    expect(describeDoubt(counts, null)).toMatch(
      /two estimates of 1993 and one tolerance test.*crashbar run FILE --sensitivity/,
    );
    expect(shortenDoubt(counts, null)).toMatch(/order of magnitude/);
  }
});

test('with a study the ranges are told in numbers, and how much of it was done', () => {
  const text = describeDoubt(SOME, study);
  expect(text).toContain('0 to 7 dead, 0 to 3 unconscious and 0 injured');
  expect(text).toContain('stopped after 3 of 6 runs');
  expect(text).toContain('Most depends on the force with');
  expect(shortenDoubt(SOME, study)).toBe('; over the uncertain parameters 0 to 7 dead and 0 to 3 unconscious');
});

test('a study with casualties is told also where this run had none', () => {
  expect(describeDoubt(NOBODY, study)).toMatch(/0 to 7 dead.*order of magnitude/);
  expect(describeDoubt(NOBODY, calm)).toContain('0 dead, 0 unconscious and 0 injured');
  expect(shortenDoubt(NOBODY, calm)).toBe('');
});

test('the table has a line for the standard, for each end, and for all runs, and says where not everyone was out', () => {
  const lines = formatSensitivity(study).split('\n');
  expect(lines.length).toBe(2 + 3 + 1);
  expect(lines[2]).toMatch(/^standard +0 +0 +2 +61\.2 s +1\s234 N$/);
  expect(lines[4]).toMatch(/200 N +0 +3 +7 +not all out/);
  expect(lines[5]).toMatch(/^all runs .* 0 – 7 .*60 s – 61\.2 s, in 2 of 3/);
});

const trace = makeLockedExitTrace({ persons: 12, dead: 2, unconscious: 1 });

test('headline, page and Markdown of a run with casualties say how sure they are, with and without a study', () => {
  const bare = measureRun(trace);
  const studied = measureRun(trace, { sensitivity: study });
  expect(headline(bare)).toMatch(/order of magnitude/);
  expect(headline(studied)).toMatch(/0 to 7 dead/);
  for (const text of [renderReport(bare), renderMarkdown(bare)]) expect(text).toContain('--sensitivity');
  for (const text of [renderReport(studied), renderMarkdown(studied)]) expect(text).toMatch(/0 to 7.dead/);
  expect(renderReport(bare)).not.toContain('id="sensitivity"');
  expect(renderReport(studied)).toContain('id="sensitivity"');
  expect(renderReport(studied)).toContain('force with &lt;which&gt; people push');
  expect(renderReport(studied)).not.toContain('<which>');
});

test('a page of a run with varied parameters says so first of all', () => {
  const varied = { ...trace, header: { ...trace.header, varied: { 'dose.threshold': 450 } } };
  expect(renderReport(measureRun(varied))).toContain('dose.threshold = 450');
});
