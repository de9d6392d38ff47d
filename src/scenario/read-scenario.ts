import type { Issue } from './issue.ts';
import { errorIssue, limitIssues, showShort, warningIssue } from './issues.ts';
import { looksLikeDraft } from './migrations/migrate-0-to-1.ts';
import { migrateScenario } from './migrations/migrations.ts';
import { DEFAULT_READ_LIMITS, type ReadLimits, readJson } from './read-json.ts';
import { type LooseScenario, salvage } from './salvage.ts';
import { type PlaceTree, scanJson } from './scan-json.ts';
import { SCENARIO_VERSION, type Scenario, scenarioSchema } from './schema.ts';
import { checkScenario } from './validate-scenario.ts';
import { issuesFromZod } from './zod-issues.ts';

/** What reading gave: a scenario where no issue is an error, and every issue found. */
export interface ReadResult {
  readonly scenario?: Scenario;
  readonly issues: Issue[];
}

/**
 * A scenario file as the schema understands it, every default filled in: size, UTF-8, JSON, version and migrations,
 * schema. Does not say whether doors lie on levels that exist and the like: that is `loadScenario`.
 *
 * @param input bytes of a UTF-8 file (with or without byte order mark), or its text
 * @returns `scenario` is missing when any issue is an error; never throws for what the user wrote
 */
export function readScenario(input: string | Uint8Array, limits: Partial<ReadLimits> = {}): ReadResult {
  const read = readAsFarAsPossible(input, { ...DEFAULT_READ_LIMITS, ...limits });
  return finish(read, read.issues);
}

/**
 * `readScenario` and `validateScenario` in one: all issues at once. Where the schema refuses parts of the file, the rest
 * is validated all the same.
 */
export function loadScenario(input: string | Uint8Array, limits: Partial<ReadLimits> = {}): ReadResult {
  const read = readAsFarAsPossible(input, { ...DEFAULT_READ_LIMITS, ...limits });
  const loose = read.scenario ?? (read.value === undefined ? undefined : salvage(scenarioSchema, read.value));
  if (loose === undefined) return finish(read, read.issues);
  return finish(read, [...read.issues, ...checkScenario(loose as LooseScenario)]);
}

interface PartlyRead {
  readonly issues: Issue[];
  readonly text?: string;
  /** The parsed file, migrated; missing where it is no JSON. */
  readonly value?: unknown;
  readonly isMigrated?: boolean;
  readonly scenario?: Scenario;
}

function finish(read: PartlyRead, found: readonly Issue[]): ReadResult {
  const issues = limitIssues(read.text === undefined || read.isMigrated ? found : locateIssues(found, read.text));
  const isGood = read.scenario !== undefined && !issues.some((issue) => issue.severity === 'error');
  return isGood ? { scenario: fillLevels(read.scenario!), issues } : { issues };
}

function readAsFarAsPossible(input: string | Uint8Array, limits: ReadLimits): PartlyRead {
  const read = readJson(input, limits);
  const { issues, text } = read;
  if (read.text === undefined || read.value === undefined) return { issues, text };
  const parsed = read.value;
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    const message = `a scenario is an object, this file holds ${showShort(parsed)}; start with { "crashbar": ${SCENARIO_VERSION}, …`;
    return {
      issues: [...issues, errorIssue('wrong-type', '', message, { expected: 'object', found: showShort(parsed) })],
      text,
    };
  }
  const versioned = bringToVersion(parsed as Record<string, unknown>);
  issues.push(...versioned.issues);
  if (versioned.value === undefined) return { issues, text };
  const result = scenarioSchema.safeParse(versioned.value);
  const rest = { text, value: versioned.value, isMigrated: versioned.isMigrated };
  if (!result.success)
    return { ...rest, issues: [...issues, ...issuesFromZod(result.error, scenarioSchema, versioned.value)] };
  return { ...rest, issues, scenario: result.data };
}

function bringToVersion(file: Record<string, unknown>): { issues: Issue[]; value?: unknown; isMigrated: boolean } {
  const written = Object.hasOwn(file, 'crashbar') ? file.crashbar : undefined;
  if (written === undefined && !looksLikeDraft(file)) {
    const message = `the scenario has no "crashbar"; add "crashbar": ${SCENARIO_VERSION}, the version of the format, as its first field`;
    const issue = errorIssue('missing-field', 'crashbar', message, {
      expected: String(SCENARIO_VERSION),
      found: 'nothing',
    });
    return { issues: [issue], value: { ...file, crashbar: SCENARIO_VERSION }, isMigrated: false };
  }
  if (written === SCENARIO_VERSION) return { issues: [], value: file, isMigrated: false };
  const version = written === undefined ? 0 : written;
  const migrated =
    typeof version === 'number' && Number.isInteger(version) && version < SCENARIO_VERSION
      ? migrateScenario(file, version, SCENARIO_VERSION)
      : undefined;
  if (migrated === undefined) {
    const isNewer = typeof version === 'number' && version > SCENARIO_VERSION;
    const mend = isNewer
      ? 'use a newer crashbar, or save the scenario for this version'
      : `write "crashbar": ${SCENARIO_VERSION}`;
    const message = `this build reads version ${SCENARIO_VERSION} of the format, the file says ${showShort(version)}; ${mend}`;
    return {
      issues: [
        errorIssue('unknown-version', 'crashbar', message, {
          expected: String(SCENARIO_VERSION),
          found: showShort(version),
        }),
      ],
      isMigrated: false,
    };
  }
  const message =
    `the file was written for version ${version} of the format and read as version ${SCENARIO_VERSION}: ` +
    'paths in other issues are those of the new version; save it anew to be rid of this warning';
  const issue = warningIssue('migrated', 'crashbar', message, {
    expected: String(SCENARIO_VERSION),
    found: showShort(version),
  });
  return { issues: [issue], value: migrated.value, isMigrated: true };
}

/** Exits get the level that goes without saying: their door's, or the only one. */
function fillLevels(scenario: Scenario): Scenario {
  const doors = new Map(scenario.doors.map((door) => [door.id, door.level]));
  const only = scenario.levels.length === 1 ? scenario.levels[0].id : undefined;
  return {
    ...scenario,
    exits: scenario.exits.map((exit) => {
      const level = exit.level ?? (exit.door === undefined ? only : doors.get(exit.door));
      return level === undefined ? exit : { ...exit, level };
    }),
  };
}

/**
 * The issues with the line and column of their field in the scenario's text, or of the nearest field around it that the
 * text has; for issues of `compileWorld`, too. The first 2000 are located; those without a path stay as they are.
 */
export function locateIssues(issues: readonly Issue[], text: string): Issue[] {
  const root: PlaceTree = { parts: new Map() };
  const keysOf = (path: string) =>
    [...path.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([A-Za-z_$][\w$]*)/g)].map(([, index, quoted, word]) =>
      index !== undefined ? Number(index) : (word ?? (JSON.parse(`"${quoted}"`) as string)),
    );
  const located = issues.slice(0, 2000).filter((issue) => issue.line === undefined && issue.path !== '');
  for (const issue of located) {
    let node = root;
    for (const key of keysOf(issue.path)) {
      if (!node.parts.has(key)) node.parts.set(key, { parts: new Map() });
      node = node.parts.get(key)!;
    }
  }
  if (located.length === 0) return [...issues];
  scanJson(text, { depthMax: Infinity, numbersMax: Infinity }, root);
  const offsets: number[] = [];
  const offsetOf = (path: string): number => {
    let node: PlaceTree | undefined = root;
    let offset = root.offset ?? 0;
    for (const key of keysOf(path)) {
      node = node?.parts.get(key);
      if (node?.offset === undefined) break;
      offset = node.offset;
    }
    offsets.push(offset);
    return offset;
  };
  const places = new Map(located.map((issue) => [issue, offsetOf(issue.path)]));
  const lines = lineFinder(text, offsets);
  return issues.map((issue) => {
    const offset = places.get(issue);
    return offset === undefined ? issue : { ...issue, ...lines(offset) };
  });
}

/** Line and column for many offsets in one pass over the text. */
function lineFinder(text: string, offsets: readonly number[]): (offset: number) => { line: number; column: number } {
  const places = new Map<number, { line: number; column: number }>();
  let line = 1;
  let start = 0;
  for (const offset of [...offsets].sort((a, b) => a - b)) {
    for (let next = text.indexOf('\n', start); next >= 0 && next < offset; next = text.indexOf('\n', start)) {
      line++;
      start = next + 1;
    }
    places.set(offset, { line, column: offset - start + 1 });
  }
  return (offset) => places.get(offset)!;
}
