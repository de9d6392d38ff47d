import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Issue } from '../scenario/index.ts';
import { decodeRunHeader, type RunHeader, readTrace, type Trace } from '../trace/index.ts';
import type { CommandOutcome } from './outcome.ts';
import { errorIssue, fail, refuse } from './outcome.ts';
import { findChangedFiles, isRunFolder, RUN_FILES, readRunFile } from './run-folder.ts';

/** Reads run.json. Without a valid one `damage` says what is wrong with it. */
export function readRunHeader(folder: string): { readonly header?: RunHeader; readonly damage: readonly string[] } {
  const { header, issues } = decodeRunHeader(readRunFile(folder, RUN_FILES.header));
  return { header, damage: issues.map(describeIssue) };
}

/** A run read back, or the outcome with which the command that needs it ends. */
export type ReadRun = { readonly trace: Trace } | { readonly outcome: CommandOutcome };

/**
 * Reads a whole run. A damaged one is refused unless `useDamaged`, since measures of a part can mislead.
 * @param folder the run's folder
 */
export function readRun(folder: string, useDamaged: boolean): ReadRun {
  const missing = findMissing(folder);
  if (missing !== undefined) return { outcome: missing };
  const { trace, issues } = readTrace({
    run: readRunFile(folder, RUN_FILES.header),
    frames: readRunFile(folder, RUN_FILES.frames),
    events: readRunFile(folder, RUN_FILES.events),
  });
  const { damage, outcome } = findDamage(folder, trace?.header, trace?.damage, issues, useDamaged);
  return outcome === undefined ? { trace: { ...trace!, damage } } : { outcome };
}

/**
 * Every damage of a run, what the reader saw and what only the checksums show; and the outcome that refuses it, unless
 * there is none, or it can be read and `useDamaged` says so.
 */
export function findDamage(
  folder: string,
  header: RunHeader | undefined,
  seen: readonly string[] | undefined,
  issues: readonly Issue[],
  useDamaged: boolean,
): { readonly damage: readonly string[]; readonly outcome?: CommandOutcome } {
  const damage = header === undefined ? issues.map(describeIssue) : [...(seen ?? [])];
  for (const name of findChangedFiles(folder)) {
    // The trace names damage piece by piece where it can see it; a changed digit only the checksum shows.
    if (damage.some((line) => line.includes(name))) continue;
    damage.push(`${name} is not what it was when the run ended: its checksum differs from ${RUN_FILES.checksums}`);
  }
  if (header !== undefined && (damage.length === 0 || useDamaged)) return { damage };
  const way = header === undefined ? '' : ' --damaged uses what can be read.';
  const resume = header?.outcome === 'running' ? ` The run did not end; crashbar run --resume goes on with it.` : '';
  const text = `${folder} is damaged:\n${damage.map((line) => `  ${line}`).join('\n')}\nNothing was written.${way}${resume}`;
  return { damage, outcome: fail(text, { run: folder, damage }) };
}

function describeIssue(issue: Issue): string {
  return `${issue.path}: ${issue.message}`;
}

/** The refusal of a path that is no run's folder. */
export function findMissing(folder: string): CommandOutcome | undefined {
  if (isRunFolder(folder)) return undefined;
  const message = existsSync(folder)
    ? `This is not a run’s folder: there is no ${join(folder, RUN_FILES.header)}.`
    : 'There is no such folder.';
  return refuse(folder, [errorIssue('no-run', folder, message)]);
}
