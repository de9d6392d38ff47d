import { existsSync, statSync } from 'node:fs';
import type { Issue } from '../scenario/index.ts';

/**
 * What a command hands back. `exitCode`: 0 it worked, 1 the run or the program failed, 2 the input is at fault.
 * `text` is for people, `document` for scripts (`--json`); both say the same.
 */
export interface CommandOutcome {
  readonly exitCode: 0 | 1 | 2;
  readonly text: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** How many issues of one kind are printed before the rest is counted; `--json` always has them all. */
const ISSUES_SHOWN = 8;

/** The work was done. */
export function succeed(text: string, document: Readonly<Record<string, unknown>>): CommandOutcome {
  return { exitCode: 0, text, document: { ok: true, ...document } };
}

/** The run failed, or a record turned out damaged or different. */
export function fail(text: string, document: Readonly<Record<string, unknown>>): CommandOutcome {
  return { exitCode: 1, text, document: { ok: false, ...document } };
}

/** The input cannot be used: says every issue and that nothing was written. */
export function refuse(subject: string, issues: readonly Issue[]): CommandOutcome {
  const text = `${subject}\n\n${formatIssues(issues)}\n${countIssues(issues)}. Nothing was written.`;
  return { exitCode: 2, text, document: { ok: false, subject, issues } };
}

/** What is wrong with a file to write: a folder has that name already. */
export function checkOutput(file: string): Issue[] {
  if (!existsSync(file) || !statSync(file).isDirectory()) return [];
  const message = 'There is a folder of that name. Name a file, such as one in that folder.';
  return [
    errorIssue('output-is-folder', file, message, { expected: 'a file, new or to be replaced', found: 'a folder' }),
  ];
}

/** One issue of the user's command line or files, as an error. */
export function errorIssue(code: string, path: string, message: string, more: Partial<Issue> = {}): Issue {
  return { code, path, message, ...more, severity: 'error' };
}

export function hasErrors(issues: readonly Issue[]): boolean {
  return issues.some((issue) => issue.severity === 'error');
}

/** `3 errors, 1 warning`. */
export function countIssues(issues: readonly Issue[]): string {
  const errors = issues.filter((issue) => issue.severity === 'error').length;
  const warnings = issues.length - errors;
  const parts: string[] = [];
  if (errors > 0 || warnings === 0) parts.push(`${errors} error${errors === 1 ? '' : 's'}`);
  if (warnings > 0) parts.push(`${warnings} warning${warnings === 1 ? '' : 's'}`);
  return parts.join(', ');
}

/** Issues for people: errors first, those of one kind together, in the order in which they were found. */
export function formatIssues(issues: readonly Issue[]): string {
  const groups = new Map<string, Issue[]>();
  for (const severity of ['error', 'warning'] as const) {
    for (const issue of issues) {
      if (issue.severity !== severity) continue;
      const key = `${severity} ${issue.code}`;
      const group = groups.get(key);
      if (group) group.push(issue);
      else groups.set(key, [issue]);
    }
  }
  let text = '';
  for (const [key, group] of groups) {
    text += `${key}\n`;
    for (const issue of group.slice(0, ISSUES_SHOWN)) {
      text += `  ${issue.path === '' ? '(whole file)' : issue.path}\n    ${issue.message}\n`;
      const facts = formatFacts(issue);
      if (facts !== '') text += `    ${facts}\n`;
    }
    const hidden = group.length - ISSUES_SHOWN;
    if (hidden > 0) text += `  … and ${hidden} more of this kind (--json lists all)\n`;
    text += '\n';
  }
  return text.trimEnd();
}

/** `expected 0.05 or less, found 0.35 [m]`, or nothing where the issue has no such facts. */
function formatFacts(issue: Issue): string {
  const parts: string[] = [];
  if (issue.expected !== undefined) parts.push(`expected ${issue.expected}`);
  if (issue.found !== undefined) parts.push(`found ${issue.found}`);
  if (parts.length === 0) return '';
  return parts.join(', ') + (issue.unit === undefined ? '' : ` [${issue.unit}]`);
}
