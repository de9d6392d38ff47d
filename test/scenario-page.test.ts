import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadScenario } from '../src/scenario/index.ts';
import { compileWorld } from '../src/world/index.ts';

test('the example of docs/scenario.md compiles without an issue', () => {
  const page = readFileSync(join(import.meta.dirname, '../docs/scenario.md'), 'utf8');
  const { scenario } = loadScenario(/```json\n([\s\S]*?)```/.exec(page)![1]);
  const { world, issues } = compileWorld(scenario!);
  expect(issues).toEqual([]);
  // 150 dancers, one a square metre on the balcony of 28 m², and the barkeeper.
  expect(world?.personCount).toBe(150 + 28 + 1);
});
