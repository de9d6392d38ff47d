import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BUILT_IN_PROFILES } from './profiles.ts';
import { loadScenario } from './read-scenario.ts';
import { scenarioSchema } from './schema.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/scenario.md'), 'utf8');

test('the example of the page loads without an issue', () => {
  const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => text);
  expect(examples.length).toBe(1);
  const { scenario, issues } = loadScenario(examples[0]);
  expect(issues).toEqual([]);
  expect(scenario?.populations.length).toBe(3);
});

test('every field of the format is on the page', () => {
  const fields = new Set<string>();
  // biome-ignore lint/suspicious/noExplicitAny: a walk over every kind of schema node
  const visit = ({ def }: any): void => {
    if (def.innerType) visit(def.innerType);
    for (const [key, part] of Object.entries(def.shape ?? {})) {
      fields.add(key);
      visit(part);
    }
    if (def.element) visit(def.element);
    for (const option of def.options ?? []) visit(option);
    for (const value of def.type === 'enum' ? Object.values(def.entries) : []) fields.add(value as string);
  };
  visit(scenarioSchema);
  fields.delete('$schema');
  expect(fields.size).toBeGreaterThan(80);
  const words = new Set(page.match(/[\w-]+/g));
  expect([...fields].filter((field) => !words.has(field))).toEqual([]);
});

test('every code of an issue of this folder is on the page, and no other', () => {
  const codes = new Set<string>();
  for (const file of readdirSync(import.meta.dirname)) {
    if (!file.endsWith('.ts') || file.includes('.test')) continue;
    const text = readFileSync(join(import.meta.dirname, file), 'utf8');
    for (const [, code] of text.matchAll(/(?:Issue|make|lost)\(\s*'([a-z0-9-]+)'/g)) codes.add(code);
    if (file === 'validate-scenario.ts') {
      for (const [, kind] of text.matchAll(/refer\('([a-z]+)'|unknownIssue\('([a-z]+)'/g))
        if (kind) codes.add(`unknown-${kind}`);
    }
  }
  // `unknownIssue('area', …)` makes an issue of the code `unknown-area`.
  if (codes.delete('area')) codes.add('unknown-area');
  const table = page.slice(page.indexOf('## What is checked'));
  const listed = [...table.matchAll(/`([a-z0-9]+(?:-[a-z0-9]+)*)`/g)]
    .map(([, code]) => code)
    .filter((code) => code !== 'migrated');
  codes.delete('migrated');
  expect([...codes].sort()).toEqual([...new Set(listed)].sort());
});

test('the built-in profiles are on the page', () => {
  for (const { id } of BUILT_IN_PROFILES) {
    const written =
      page.includes(`\`${id}\``) ||
      (id.startsWith('imo-male') && page.includes(`\`${id.replace('-male', '-female')}\``));
    expect(written, id).toBe(true);
  }
});
