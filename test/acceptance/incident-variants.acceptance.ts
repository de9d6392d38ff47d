import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compareVariants, judgeCondition, readVariants } from '../../src/analysis/index.ts';
import { ROOT } from '../support/command.ts';
import { runScene } from '../support/run-scene.ts';

test('unchaining the fire exit, more keys, a console, the sign and a guide each do what they are for', () => {
  const file = join(ROOT, 'scenarios', 'factory-breakout', 'variants.json');
  const { variants, issues } = readVariants(readFileSync(file, 'utf8'));
  expect(issues).toEqual([]);
  const { measures, scenarios, seeds } = variants!;
  const found = scenarios.map((scenario) => {
    const traces = Array.from({ length: seeds }, (_, k) => runScene(`factory-breakout/${scenario.file}`, k + 1).trace);
    return measures.map(({ shown }) => traces.map((trace) => judgeCondition(trace, shown).value));
  });
  const { verdicts } = compareVariants(variants!, found);
  expect(verdicts.filter(({ holds }) => !holds)).toEqual([]);
}, 1_800_000);
