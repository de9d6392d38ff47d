import { closestWord } from './closest-word.ts';
import type { Issue } from './issue.ts';

/** What of an issue may be left out when it is made. */
interface IssueDetails {
  readonly expected?: string;
  readonly found?: string;
  readonly unit?: string;
}

/** An issue that stops the work. */
export function errorIssue(code: string, path: string, message: string, details: IssueDetails = {}): Issue {
  return { code, path, message: toSentence(message), ...details, severity: 'error' };
}

/** An issue that is reported while the work goes on. */
export function warningIssue(code: string, path: string, message: string, details: IssueDetails = {}): Issue {
  return { code, path, message: toSentence(message), ...details, severity: 'warning' };
}

/** The text with a capital letter and a full stop. */
function toSentence(text: string): string {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(start) ? start : `${start}.`;
}

/** `["doors", 2, "line", 1]` → `doors[2].line[1]`; names that are no plain words are quoted: `["a b"]`. */
export function formatPath(keys: readonly PropertyKey[]): string {
  let path = '';
  for (const key of keys) {
    if (typeof key === 'number') path += `[${key}]`;
    else if (/^[A-Za-z_$][\w$]*$/.test(String(key))) path += path === '' ? String(key) : `.${String(key)}`;
    else path += `[${JSON.stringify(String(key))}]`;
  }
  return path;
}

/** A value as the user wrote it, in at most 60 characters. */
export function showShort(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value) && value.length > 8) return `list of ${value.length}`;
  let text: string;
  try {
    text = JSON.stringify(value) ?? typeof value;
  } catch {
    text = typeof value;
  }
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** A number of metres and the like, for messages: at most 3 decimals, no trailing zeros. */
export function showNumber(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 1000) / 1000) : String(value);
}

/** A point for messages, e.g. `(1.5, 2)`. */
export function showPoint(point: readonly number[]): string {
  return `(${showNumber(point[0])}, ${showNumber(point[1])})`;
}

/** `did you mean "hall"?`, or the words to choose from, or `fallback` where there are none. */
export function suggestWord(written: string, words: readonly string[], fallback: string): string {
  const near = closestWord(written, words);
  if (near !== undefined) return `did you mean ${JSON.stringify(near)}?`;
  if (words.length === 0) return fallback;
  const shown = words
    .slice(0, 8)
    .map((word) => JSON.stringify(word))
    .join(', ');
  return `choose one of ${shown}${words.length > 8 ? ` and ${words.length - 8} more` : ''}`;
}

/** The first `limit` issues, in their order, errors preferred, and one more that says how many were left out. */
export function limitIssues(issues: readonly Issue[], limit = 1000): Issue[] {
  if (issues.length <= limit) return [...issues];
  const errors = issues.filter((issue) => issue.severity === 'error');
  const warnings = issues.filter((issue) => issue.severity === 'warning');
  const kept = [...errors, ...warnings].slice(0, limit);
  const left = `${issues.length - limit} more problems are not shown; mend these first`;
  const make = errors.length > limit ? errorIssue : warningIssue;
  return [...kept, make('too-many-issues', '', left, { expected: `at most ${limit}`, found: String(issues.length) })];
}
