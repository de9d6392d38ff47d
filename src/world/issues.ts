import type { Issue } from '../scenario/index.ts';

type Details = Pick<Issue, 'expected' | 'found' | 'unit'>;

/** An issue that stops the work. */
export function error(code: string, path: string, message: string, details: Details = {}): Issue {
  return { code, path, message, ...details, severity: 'error' };
}

/** An issue that is reported while the work goes on. */
export function warning(code: string, path: string, message: string, details: Details = {}): Issue {
  return { code, path, message, ...details, severity: 'warning' };
}

/** An issue at a gate's place in the scenario. */
export function lineIssue(
  code: string,
  gate: { readonly path: string },
  severity: Issue['severity'],
  message: string,
): Issue {
  return { code, path: gate.path, message, severity };
}
