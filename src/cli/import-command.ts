import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  baseName,
  detectFilesImporter,
  detectImporter,
  type ImportOptions,
  type ImportReport,
  importers,
  type NamedImport,
  type PlanUnit,
} from '../importers/index.ts';
import type { Issue } from '../scenario/index.ts';
import { writeAtomically } from './files.ts';
import { formatJson } from './format-json.ts';
import { importInThread } from './import-in-thread.ts';
import type { CommandOutcome } from './outcome.ts';
import { checkOutput, countIssues, errorIssue, fail, formatIssues, hasErrors, refuse, succeed } from './outcome.ts';
import { compileScenario } from './read-scenario.ts';
import { type PlanSource, readSource } from './read-source.ts';

export interface ImportCommandOptions {
  readonly output: string;
  readonly exit?: readonly string[];
  readonly persons?: number;
  readonly density?: number;
  readonly name?: string;
  readonly unit?: PlanUnit;
  readonly force?: boolean;
}

/** A scenario on its way out: what was made of it, and the file it goes to. */
interface MadeScenario {
  readonly name: string;
  readonly file: string;
  readonly report: ImportReport;
  readonly issues: readonly Issue[];
  /** Missing where it cannot be run. */
  readonly text?: string;
  readonly persons?: number;
}

/**
 * `crashbar import`: makes a scenario of another program's plan or scenario: a file, a folder or a zip. Writes it only if
 * it can be run. A source of several scenarios is written to a folder, each that can be run; where one cannot, the exit code is 1.
 */
export async function importPlan(path: string, options: ImportCommandOptions): Promise<CommandOutcome> {
  const source = readSource(path);
  const { subject } = source;
  if (source.file === undefined && source.files === undefined) return refuse(subject, source.issues);
  // Before the work: a file in the way is one whatever the source holds.
  if (existsSync(options.output) && !statSync(options.output).isDirectory() && !options.force)
    return refuse(subject, [existsAlready(options.output)]);
  const imports = await importSource(source, {
    name: options.name,
    unit: options.unit,
    exits: options.exit,
    persons: options.persons,
    density: options.density,
  });
  if (imports === undefined) {
    const known = Object.values(importers)
      .map(({ name, extensions }) => `${name} (${extensions.join(', ')})`)
      .join(', ');
    const what = source.file === undefined ? 'Nothing in here is' : 'This is no';
    const message = `${what} plan in a format that can be imported.`;
    return refuse(subject, [...source.issues, errorIssue('unknown-format', subject, message, { expected: known })]);
  }
  const isSingle = imports.length === 1;
  const wrong = isSingle ? checkFile(options) : checkFolder(options, imports);
  if (wrong.length > 0) return refuse(subject, wrong);
  const made = imports.map((result) =>
    finish(result, isSingle ? options.output : join(options.output, `${fileName(result.name)}.json`)),
  );
  if (isSingle) {
    const [only] = made;
    if (only.text === undefined) return refuse(subject, [...source.issues, ...only.issues]);
    writeAtomically(only.file, only.text);
    const lines = describe(only, subject, source.issues);
    const { file, persons, report } = only;
    return succeed(lines.join('\n'), { file, persons, report, issues: [...source.issues, ...only.issues] });
  }
  const good = made.filter((scenario) => scenario.text !== undefined);
  if (good.length === 0) {
    const issues = made.flatMap(({ name, issues: own }) =>
      own.map((issue) => ({ ...issue, path: issue.path === '' ? name : `${name}: ${issue.path}` })),
    );
    return refuse(subject, [...source.issues, ...issues]);
  }
  for (const { file, text } of good) writeAtomically(file, text!);
  const lines: string[] = [];
  for (const scenario of made) {
    if (scenario.text !== undefined) lines.push(...describe(scenario, `${scenario.name} in ${subject}`, []), '');
    else lines.push(`${scenario.name}: not written`, '', formatIssues(scenario.issues), '');
  }
  if (source.issues.length > 0) lines.push(formatIssues(source.issues), '');
  lines.push(`${good.length} of ${made.length} scenarios written to ${options.output}.`);
  const document = {
    folder: options.output,
    issues: source.issues,
    scenarios: made.map(({ text, file, ...rest }) => (text === undefined ? rest : { file, ...rest })),
  };
  return good.length === made.length ? succeed(lines.join('\n'), document) : fail(lines.join('\n'), document);
}

/** Every scenario of the source, or `undefined` where no importer can read it. */
async function importSource(source: PlanSource, options: ImportOptions): Promise<readonly NamedImport[] | undefined> {
  if (source.file !== undefined) {
    const { name, bytes } = source.file;
    const importer = detectImporter(name, bytes);
    if (importer === undefined) return undefined;
    const own = baseName(name);
    const named = { ...options, name: options.name ?? own };
    const result = importer.mayHang ? importInThread(importer, bytes, named) : importer.importFile(bytes, named);
    return [{ name: own, ...(await result) }];
  }
  const found = detectFilesImporter(source.files ?? []);
  if (found === undefined) return undefined;
  const imports = await found.run({
    ...options,
    name: options.name ?? baseName(source.subject.replace(/[/\\]+$/, '')),
  });
  const skipped = source.skipped.map((name) => `file ${name.slice(0, 80)}`);
  if (skipped.length > 10) skipped.splice(10, skipped.length, `and ${skipped.length - 10} files more`);
  return imports.map((result, i) =>
    i > 0 ? result : { ...result, report: { ...result.report, ignored: [...result.report.ignored, ...skipped] } },
  );
}

/** The scenario as text, if it can be run. */
function finish(result: NamedImport, file: string): MadeScenario {
  const { name, report } = result;
  const own = result.issues.map(nameOption);
  if (result.scenario === undefined) return { name, file, report, issues: own };
  const text = formatJson(result.scenario);
  const { world, issues: scenarioIssues } = compileScenario(new TextEncoder().encode(text));
  const issues = withoutRepeats([...own, ...scenarioIssues]);
  if (world === undefined || hasErrors(issues)) return { name, file, report, issues };
  return { name, file, report, issues, text, persons: world.personCount };
}

function describe(made: MadeScenario, subject: string, more: readonly Issue[]): string[] {
  const { report } = made;
  const issues = [...more, ...made.issues];
  const lines = [`${made.file}: a scenario for ${made.persons} persons, from ${subject} (${report.importer})`];
  for (const [title, sentences] of [
    ['Read', report.read],
    ['Guessed, please check', report.guessed],
    ['Not taken over', report.ignored],
  ] as const) {
    if (sentences.length > 0) lines.push('', `${title}:`, ...sentences.map((sentence) => `  ${sentence}`));
  }
  if (issues.length > 0) lines.push('', formatIssues(issues), '', `${countIssues(issues)}.`);
  return lines;
}

function checkFile(options: ImportCommandOptions): Issue[] {
  const wrong = checkOutput(options.output);
  if (wrong.length > 0) return wrong;
  return existsSync(options.output) && !options.force ? [existsAlready(options.output)] : [];
}

function checkFolder(options: ImportCommandOptions, imports: readonly NamedImport[]): Issue[] {
  const { output } = options;
  if (existsSync(output) && !statSync(output).isDirectory()) {
    const message = `The source holds ${imports.length} scenarios; name a folder for them, this is a file.`;
    return [errorIssue('output-is-file', output, message, { expected: 'a folder, new or not', found: 'a file' })];
  }
  const files = imports.map(({ name }) => join(output, `${fileName(name)}.json`));
  const issues = files.filter((file) => existsSync(file) && !options.force).map(existsAlready);
  for (const [i, file] of files.entries()) {
    if (files.indexOf(file) === i) continue;
    issues.push(
      errorIssue('output-twice', file, 'Two scenarios of the source would be written to this file; rename one.'),
    );
  }
  return issues;
}

function existsAlready(file: string): Issue {
  return errorIssue('output-exists', file, 'The file exists already. Choose another name, or replace it with --force.');
}

/** A name from inside a source as a file's: nothing of it can lead elsewhere. */
function fileName(name: string): string {
  const safe = name
    .replace(/[^\p{L}\p{N} _.+-]/gu, '-')
    .replace(/^[.\s-]+/, '')
    .slice(0, 100);
  return safe === '' ? 'scenario' : safe;
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
