import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { detectImporter, importers, type PlanUnit } from '../importers/index.ts';
import type { Issue } from '../scenario/index.ts';
import { readInput, writeAtomically } from './files.ts';
import { formatJson } from './format-json.ts';
import type { CommandOutcome } from './outcome.ts';
import { checkOutput, countIssues, errorIssue, formatIssues, hasErrors, refuse, succeed } from './outcome.ts';
import { compileScenario } from './read-scenario.ts';

export interface ImportCommandOptions {
  readonly output: string;
  readonly exit?: readonly string[];
  readonly persons?: number;
  readonly density?: number;
  readonly name?: string;
  readonly unit?: PlanUnit;
  readonly force?: boolean;
}

/** `crashbar import`: makes a scenario of another program's plan. Writes it only if it can be run. */
export async function importPlan(path: string, options: ImportCommandOptions): Promise<CommandOutcome> {
  const { file, bytes, issues: fileIssues } = readInput(path);
  if (bytes === undefined) return refuse(file, fileIssues);
  const wrong = checkOutput(options.output);
  if (wrong.length > 0) return refuse(file, wrong);
  if (existsSync(options.output) && !options.force) {
    const message = 'The file exists already. Choose another name, or replace it with --force.';
    return refuse(file, [errorIssue('output-exists', options.output, message)]);
  }
  const importer = detectImporter(basename(file), bytes);
  if (importer === undefined) {
    const known = Object.values(importers)
      .map(({ name, extensions }) => `${name} (${extensions.join(', ')})`)
      .join(', ');
    const message = 'This is no plan in a format that can be imported.';
    return refuse(file, [errorIssue('unknown-format', file, message, { expected: known })]);
  }
  const result = await importer.importFile(bytes, {
    name: options.name ?? basename(file, extname(file)),
    unit: options.unit,
    exits: options.exit,
    persons: options.persons,
    density: options.density,
  });
  if (result.scenario === undefined) return refuse(file, result.issues.map(nameOption));
  const text = formatJson(result.scenario);
  const { world, issues: scenarioIssues } = compileScenario(new TextEncoder().encode(text));
  const issues = withoutRepeats([...result.issues, ...scenarioIssues]);
  if (world === undefined || hasErrors(issues)) return refuse(file, issues);
  writeAtomically(options.output, text);
  const { report } = result;
  const lines = [`${options.output}: a scenario for ${world.personCount} persons, from ${file} (${report.importer})`];
  for (const [title, sentences] of [
    ['Read', report.read],
    ['Guessed, please check', report.guessed],
    ['Not taken over', report.ignored],
  ] as const) {
    if (sentences.length > 0) lines.push('', `${title}:`, ...sentences.map((sentence) => `  ${sentence}`));
  }
  if (issues.length > 0) lines.push('', formatIssues(issues), '', `${countIssues(issues)}.`);
  return succeed(lines.join('\n'), { file: options.output, persons: world.personCount, report, issues });
}

/** The option of the command line for what an importer calls its options. */
function nameOption(issue: Issue): Issue {
  if (issue.path !== 'options') return issue;
  return { ...issue, path: issue.code === 'exit-not-understood' ? '--exit' : '--persons, --density' };
}

function withoutRepeats(issues: readonly Issue[]): Issue[] {
  const seen = new Set<string>();
  return issues.filter((issue) => {
    const key = JSON.stringify(issue);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
