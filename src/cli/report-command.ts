import { join } from 'node:path';
import { measureRun } from '../analysis/index.ts';
import { headline, renderReport } from '../report/index.ts';
import { writeAtomically } from './files.ts';
import type { CommandOutcome } from './outcome.ts';
import { succeed } from './outcome.ts';
import { readRun } from './read-run.ts';
import { RUN_FILES } from './run-folder.ts';

export interface ReportOptions {
  readonly output?: string;
  readonly markdown?: boolean;
  readonly csv?: boolean;
  readonly damaged?: boolean;
}

/** What `writeRunReport` did: the file and the report's first sentence, or why there is none. */
export interface ReportSummary {
  readonly file?: string;
  readonly headline?: string;
  readonly problem?: string;
}

/** `crashbar report`: measures a run and writes the report. */
export async function reportRun(folder: string, options: ReportOptions): Promise<CommandOutcome> {
  const read = readRun(folder, options.damaged === true);
  if ('outcome' in read) return read.outcome;
  const measures = measureRun(read.trace);
  const format = options.markdown ? 'markdown' : options.csv ? 'csv' : 'html';
  const file =
    options.output ?? join(folder, { html: RUN_FILES.report, markdown: 'report.md', csv: 'report.csv' }[format]);
  writeAtomically(file, renderReport(measures, { format }));
  const sentence = headline(measures);
  return succeed(`${sentence}\nreport ${file}`, { run: folder, report: file, headline: sentence });
}

/** Writes report.html into the folder of a run that just ended. */
export function writeRunReport(folder: string): ReportSummary {
  const read = readRun(folder, false);
  if ('outcome' in read) return { problem: read.outcome.text };
  const measures = measureRun(read.trace);
  const file = join(folder, RUN_FILES.report);
  writeAtomically(file, renderReport(measures, { format: 'html' }));
  return { file, headline: headline(measures) };
}
