import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { LAYERS, NODE_LAYERS } from './layers.ts';

const src = dirname(fileURLToPath(import.meta.url));

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'assembly' ? [] : sourceFiles(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

function importsOf(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]);
}

test('every import under src/ goes down the table of layers', () => {
  const wrong: string[] = [];
  for (const file of sourceFiles(src)) {
    const place = relative(src, file);
    const layer = place.split('/')[0];
    if (!(layer in LAYERS)) continue;
    if (/\.(test|test-support|bench|fuzz)\.ts$/.test(file)) continue;
    for (const target of importsOf(file)) {
      if (target.startsWith('node:') && !NODE_LAYERS.includes(layer)) wrong.push(`${place} imports ${target}`);
      if (!target.startsWith('.')) continue;
      const to = relative(src, resolve(dirname(file), target)).split('/')[0];
      if (to === layer || LAYERS[layer].includes(to)) continue;
      wrong.push(`${place} imports ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('every folder of src/ has its line in the table', () => {
  const folders = readdirSync(src, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map((entry) => entry.name).sort()).toEqual(Object.keys(LAYERS).sort());
});
