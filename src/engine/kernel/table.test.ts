import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { CREW_FAILURE_MAX, CREW_WORDS, NUMBER_TABLE_OFFSET, NUMBERS, POINTER_TABLE_OFFSET, POINTERS } from './table.ts';

const assembly = readFileSync(fileURLToPath(new URL('assembly/table.ts', import.meta.url)), 'utf8');

function constants(prefix: string): string[] {
  const found: string[] = [];
  for (const [, name, index] of assembly.matchAll(new RegExp(`const ${prefix}_(\\w+): usize = (\\d+);`, 'g'))) {
    found[Number(index)] = name;
  }
  return found;
}

test('the kernel finds every pointer where the engine puts it', () => {
  expect(constants('P')).toEqual([...POINTERS]);
});

test('the kernel finds every number where the engine puts it', () => {
  expect(constants('N')).toEqual([...NUMBERS]);
});

test('both sides agree on where the tables lie, and the tables do not overlap', () => {
  expect(assembly).toContain(`POINTER_TABLE_OFFSET: usize = ${POINTER_TABLE_OFFSET};`);
  expect(assembly).toContain(`NUMBER_TABLE_OFFSET: usize = ${NUMBER_TABLE_OFFSET};`);
  expect(POINTER_TABLE_OFFSET + 4 * POINTERS.length).toBeLessThan(NUMBER_TABLE_OFFSET);
});

test('the words of a crew end before the tables', () => {
  const words = Object.values(CREW_WORDS);
  expect(new Set(words).size).toBe(words.length);
  expect(Math.max(...words)).toBe(CREW_WORDS.failureText);
  expect(CREW_WORDS.failureText + CREW_FAILURE_MAX).toBeLessThanOrEqual(POINTER_TABLE_OFFSET / 4);
});
