import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  baseName,
  detectFilesImporter,
  detectImporter,
  type ImportOne,
  type ImportOptions,
  type ImportReport,
  importers,
  LAYER_ROLES,
  type LayerRole,
  mendImport,
  type NamedImport,
  type PlanUnit,
} from '../importers/index.ts';
import { type Issue, suggestWord } from '../scenario/index.ts';
import { drawPreview } from './draw-preview.ts';
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
  /** `NAME=role`, may be repeated. */
  readonly layer?: readonly string[];
  readonly tolerance?: number;
  readonly sagitta?: number;
  readonly wallThickness?: number;
  readonly epsg?: number;
  readonly repair?: boolean;
  /** Left out: where the plan knows no doors. */
  readonly gaps?: boolean;
  /** `low,high` [m]. */
  readonly gapWidths?: readonly [number, number];
  /** SVG to write. */
  readonly preview?: string;
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
  /** Its picture as SVG, where one is asked for. */
  readonly picture?: string;
  readonly counts?: Readonly<Record<string, number>>;
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
  const layers = readLayers(options.layer ?? []);
  const wrongPreview = checkPreview(options);
  if (layers.issues.length + wrongPreview.length > 0) return refuse(subject, [...layers.issues, ...wrongPreview]);
  const asked: ImportOptions = {
    name: options.name,
    unit: options.unit,
    exits: options.exit,
    persons: options.persons,
    density: options.density,
    layers: layers.roles,
    tolerance: options.tolerance,
    sagitta: options.sagitta,
    wallThickness: options.wallThickness,
    epsg: options.epsg,
    repair: options.repair,
    gaps: options.gaps ?? 'auto',
    gapWidths: options.gapWidths,
  };
  const raw = await importSource(source, asked);
  const imports = raw?.map((result) => ({ ...mendImport(result, asked), name: result.name }));
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
    finish(result, isSingle ? options.output : join(options.output, `${fileName(result.name)}.json`), options),
  );
  if (isSingle) {
    const [only] = made;
    if (only.text === undefined) return refuse(subject, [...source.issues, ...only.issues]);
    writeAtomically(only.file, only.text);
    if (only.picture !== undefined) writeAtomically(options.preview!, only.picture);
    const lines = describe(only, subject, source.issues);
    if (only.picture !== undefined) lines.push('', `${options.preview}: the plan as a picture`);
    const { file, persons, report, counts } = only;
    const preview = only.picture === undefined ? {} : { preview: options.preview };
    return succeed(lines.join('\n'), {
      file,
      persons,
      counts,
      report,
      ...preview,
      issues: [...source.issues, ...only.issues],
    });
  }
  const good = made.filter((scenario) => scenario.text !== undefined);
  if (good.length === 0) {
    const issues = made.flatMap(({ name, issues: own }) =>
      own.map((issue) => ({ ...issue, path: issue.path === '' ? name : `${name}: ${issue.path}` })),
    );
    return refuse(subject, [...source.issues, ...issues]);
  }
  for (const { name, file, text, picture } of good) {
    writeAtomically(file, text!);
    if (picture !== undefined) writeAtomically(pictureFile(options.preview!, name), picture);
  }
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
    scenarios: made.map(({ text, file, picture: _, ...rest }) => (text === undefined ? rest : { file, ...rest })),
  };
  return good.length === made.length ? succeed(lines.join('\n'), document) : fail(lines.join('\n'), document);
}

const importOne: ImportOne = (importer, bytes, options) =>
  importer.mayHang ? importInThread(importer, bytes, options) : importer.importFile(bytes, options);

/** Every scenario of the source, or `undefined` where no importer can read it. */
async function importSource(source: PlanSource, options: ImportOptions): Promise<readonly NamedImport[] | undefined> {
  if (source.file !== undefined) {
    const { name, bytes } = source.file;
    const importer = detectImporter(name, bytes);
    if (importer === undefined) return undefined;
    const own = baseName(name);
    const named = { ...options, name: options.name ?? own };
    return [{ name: own, ...(await importOne(importer, bytes, named)) }];
  }
  const found = detectFilesImporter(source.files ?? []);
  if (found === undefined) return undefined;
  const named = { ...options, name: options.name ?? baseName(source.subject.replace(/[/\\]+$/, '')) };
  const imports = await found.run(named, importOne);
  const skipped = source.skipped.map((name) => `file ${name.slice(0, 80)}`);
  if (skipped.length > 10) skipped.splice(10, skipped.length, `and ${skipped.length - 10} files more`);
  return imports.map((result, i) =>
    i > 0 ? result : { ...result, report: { ...result.report, ignored: [...result.report.ignored, ...skipped] } },
  );
}

/** The scenario as text, if it can be run. */
function finish(result: NamedImport, file: string, options: ImportCommandOptions): MadeScenario {
  const { name, report } = result;
  const own = result.issues.map(nameOption);
  if (result.scenario === undefined) return { name, file, report, issues: own };
  const text = formatJson(result.scenario);
  const { world, issues: scenarioIssues } = compileScenario(new TextEncoder().encode(text));
  const issues = withoutRepeats([...own, ...scenarioIssues]);
  if (world === undefined || hasErrors(issues)) return { name, file, report, issues };
  const level = world.sheets.filter(({ kind }) => kind === 'level').length;
  const counts = {
    levels: level,
    areas: world.areas.filter(({ kind }) => kind === 'room').length,
    doors: world.scenario.doors.filter(({ leaf }) => leaf !== 'none').length,
    openings: world.scenario.doors.filter(({ leaf }) => leaf === 'none').length,
    exits: world.exits.length,
    links: world.links.length,
    persons: world.personCount,
  };
  const picture = options.preview === undefined ? {} : { picture: drawPreview(result.scenario, world) };
  return { name, file, report, issues, text, persons: world.personCount, counts, ...picture };
}

function describe(made: MadeScenario, subject: string, more: readonly Issue[]): string[] {
  const { report } = made;
  const issues = [...more, ...made.issues];
  const lines = [`${made.file}: a scenario for ${made.persons} persons, from ${subject} (${report.importer})`];
  const counts = Object.entries(made.counts ?? {}).filter(([, count]) => count > 0);
  if (counts.length > 0)
    lines.push(counts.map(([what, count]) => `${count} ${count === 1 ? what.slice(0, -1) : what}`).join(', '));
  for (const [title, sentences] of [
    ['Read', report.read],
    ['Guessed, please check', report.guessed],
    ['Repaired', report.repaired ?? []],
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

/** Layers of a drawing by role, from `NAME=role`. */
function readLayers(given: readonly string[]): { roles: Record<string, LayerRole>; issues: Issue[] } {
  const roles: Record<string, LayerRole> = {};
  const issues: Issue[] = [];
  for (const text of given) {
    const split = text.lastIndexOf('=');
    const role = text.slice(split + 1).trim();
    const name = text.slice(0, Math.max(0, split)).trim();
    if (split > 0 && name !== '' && isLayerRole(role)) roles[name] = role;
    else {
      const hint =
        split > 0 ? suggestWord(role, LAYER_ROLES, '') : 'write the name of the layer, an equals sign and its role';
      issues.push(
        errorIssue('layer-not-understood', '--layer', `Layer ${JSON.stringify(text)} is not understood; ${hint}.`, {
          expected: 'NAME=role',
          found: text.slice(0, 60),
        }),
      );
    }
  }
  return { roles, issues };
}

function isLayerRole(word: string): word is LayerRole {
  return (LAYER_ROLES as readonly string[]).includes(word);
}

function checkPreview({ preview, force, output }: ImportCommandOptions): Issue[] {
  if (preview === undefined) return [];
  if (!preview.toLowerCase().endsWith('.svg')) {
    const message = 'The picture is an SVG; name it so.';
    return [errorIssue('option-range', '--preview', message, { expected: 'NAME.svg', found: preview })];
  }
  if (preview === output)
    return [errorIssue('output-twice', '--preview', 'The picture and the scenario need two files.')];
  const wrong = checkOutput(preview);
  if (wrong.length > 0) return wrong;
  return existsSync(preview) && !force ? [existsAlready(preview)] : [];
}

/** The picture's file for one of several scenarios: `plan.svg` → `plan-NAME.svg`. */
function pictureFile(preview: string, name: string): string {
  return `${preview.slice(0, -'.svg'.length)}-${fileName(name)}.svg`;
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
