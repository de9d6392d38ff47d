/** Which case answers which test of a guideline: `guidelines.json`. Cases bear the name of one guideline, and many tests are in several. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Guidelines with their tests; none where the folder has no such file. */
export function loadGuidelines(root) {
  const file = join(root, 'guidelines.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
}

/** Cases that a word of the command line means: its own name, or those of a test (`nist-2.8`, `rimea-05`); undefined where there are none. */
export function findCases(word, names, guidelines) {
  if (names.includes(word)) return [word];
  for (const { short, tests } of guidelines) {
    if (!word.startsWith(`${short}-`)) continue;
    const number = word.slice(short.length + 1).replace(/^0+(?=\d)/, '');
    const found = tests.find(({ test, cases }) => test === number && cases.length > 0);
    if (found !== undefined) return found.cases;
  }
  return undefined;
}

/** How the measures of some cases did, in words: `pass`, or how many of them are known failures, changed or not run. */
function verdictOf(cases, results) {
  const measures = cases.flatMap((name) => results.find((one) => one.name === name)?.measures ?? []);
  const counts = new Map();
  for (const { outcome } of measures) counts.set(outcome.verdict, (counts.get(outcome.verdict) ?? 0) + 1);
  if (measures.length === 0) return '–';
  if (counts.size === 1 && counts.has('pass')) return 'pass';
  return [...counts].map(([verdict, count]) => `${count} ${verdict}`).join(', ');
}

/** Lines of a table: every test of every guideline, the cases that answer it, and how they did. */
export function renderGuidelines(guidelines, results) {
  if (guidelines.length === 0) return [];
  const lines = ['', '## Tests of the guidelines', '', '| test | about | cases | verdict |', '|---|---|---|---|'];
  for (const { guideline, tests } of guidelines) {
    for (const { test, what, cases, why } of tests) {
      const answer = cases.length > 0 ? cases.map((name) => `\`${name}\``).join(', ') : why;
      lines.push(`| ${guideline}, ${test} | ${what} | ${answer} | ${verdictOf(cases, results)} |`);
    }
  }
  return lines;
}
