import { join } from 'node:path';
import { measureRun, type RunMeasures } from '../analysis/index.ts';
import {
  describeDoubt,
  headline,
  renderCurveCsv,
  renderDoorsCsv,
  renderMarkdown,
  renderReport,
  renderWaypointsCsv,
} from '../report/index.ts';
import { writeAtomically } from './files.ts';
import type { CommandOutcome } from './outcome.ts';
import { checkOutput, errorIssue, refuse, succeed } from './outcome.ts';
import { readRun } from './read-run.ts';
import { isTracks, type ReportTracksOptions, reportTracks } from './report-tracks.ts';
import { RUN_FILES } from './run-folder.ts';
import { readStudy } from './sensitivity.ts';

export type ReportOptions = ReportTracksOptions;

/** What `writeRunReport` did: the file and the report's first sentence, or why there is none. */
export interface ReportSummary {
  readonly file?: string;
  readonly headline?: string;
  readonly problem?: string;
}

/** `crashbar report`: measures a run, or trajectories of another origin, and writes the report. */
export async function report(path: string, options: ReportOptions): Promise<CommandOutcome> {
  return isTracks(path, options) ? reportTracks(path, options) : reportRun(path, options);
}

async function reportRun(folder: string, options: ReportOptions): Promise<CommandOutcome> {
  const useless = (['geometry', 'rate', 'unit', 'cutOff', 'sheet'] as const).filter(
    (key) => options[key] !== undefined,
  );
  if (useless.length > 0) {
    const message = 'This is for trajectories of a file, or for measuring a run at a --line or --area; leave it out.';
    return refuse(
      folder,
      useless.map((key) => errorIssue('option-without-effect', key === 'cutOff' ? '--cut-off' : `--${key}`, message)),
    );
  }
  const read = readRun(folder, options.damaged === true);
  if ('outcome' in read) return read.outcome;
  const measures = measureRun(read.trace, { sensitivity: readStudy(folder, read.trace.header) });
  const doubt = describeDoubt(measures.persons, measures.sensitivity);
  const files = [...listFiles(folder, options, measures)];
  const wrong = files.flatMap(([file]) => checkOutput(file));
  if (wrong.length > 0) return refuse(folder, wrong);
  for (const [file, text] of files) writeAtomically(file, text);
  const paths = files.map(([file]) => file);
  const sentence = headline(measures);
  const text = [sentence, ...(doubt === '' ? [] : [doubt]), ...paths.map((path) => `report ${path}`)].join('\n');
  return succeed(text, {
    run: folder,
    reports: paths,
    headline: sentence,
    persons: measures.persons,
    uncertainty: doubt,
  });
}

/** The files to write and what goes into them. CSV makes two, three where there are waypoints: a table is a file. */
function* listFiles(folder: string, options: ReportOptions, measures: RunMeasures): Generator<[string, string]> {
  if (options.csv) {
    const stem = (options.output ?? join(folder, 'report')).replace(/\.csv$/i, '');
    yield [`${stem}-curve.csv`, renderCurveCsv(measures)];
    yield [`${stem}-doors.csv`, renderDoorsCsv(measures)];
    if (measures.stages.waypoints.length > 0) yield [`${stem}-waypoints.csv`, renderWaypointsCsv(measures)];
  } else if (options.markdown) {
    yield [options.output ?? join(folder, 'report.md'), renderMarkdown(measures)];
  } else {
    yield [options.output ?? join(folder, RUN_FILES.report), renderReport(measures)];
  }
}

/** Writes report.html into the folder of a run that just ended. */
export function writeRunReport(folder: string): ReportSummary {
  const read = readRun(folder, false);
  if ('outcome' in read) return { problem: read.outcome.text };
  const measures = measureRun(read.trace, { sensitivity: readStudy(folder, read.trace.header) });
  const file = join(folder, RUN_FILES.report);
  writeAtomically(file, renderReport(measures));
  return { file, headline: headline(measures) };
}
