import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './support/command.ts';

/** Words of every scene of the gallery that no general code has a reason to use: its name, its populations, areas, doors and roles. */
function wordsOfScenes(): Set<string> {
  const words = new Set<string>();
  const folder = join(ROOT, 'scenarios');
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    words.add(entry.name);
    for (const file of readdirSync(join(folder, entry.name)).filter((name) => name.endsWith('.json'))) {
      const scenario = JSON.parse(readFileSync(join(folder, entry.name, file), 'utf8'));
      for (const kind of ['populations', 'doors', 'exits', 'links', 'roles', 'objects', 'profiles']) {
        for (const { id } of scenario[kind] ?? []) words.add(id);
      }
    }
  }
  return words;
}

/** Names that are words of the language as well, or built into the format. */
const COMMON = new Set([
  'out',
  'adult',
  'man',
  'woman',
  'child',
  'elderly',
  'crowd',
  'person',
  'exit',
  'stair',
  'corner',
  'corridor',
  'guard',
  'early',
  'six',
  'eight',
  'strong',
  'gate',
  'console',
  'captive',
  'yard',
]);

test('no code that simulates knows a scene of the gallery by name', () => {
  const words = [...wordsOfScenes()].filter((word) => !COMMON.has(word) && word.length > 3);
  expect(words.length).toBeGreaterThan(60);
  const found: string[] = [];
  for (const folder of ['engine', 'world', 'trace', 'math']) {
    for (const file of readdirSync(join(ROOT, 'src', folder), { recursive: true }) as string[]) {
      if (!file.endsWith('.ts') || file.includes('.test') || file.includes('kernel-binary')) continue;
      const text = readFileSync(join(ROOT, 'src', folder, file), 'utf8');
      for (const word of words)
        if (text.includes(`'${word}'`) || text.includes(`"${word}"`)) found.push(`${folder}/${file}: ${word}`);
    }
  }
  expect(found).toEqual([]);
});
