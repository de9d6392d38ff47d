import { existsSync, statSync } from 'node:fs';
import {
  isConvexRing,
  measureTracks,
  type TrackMeasures,
  type TrackPlaces,
  type TrackSubject,
} from '../analysis/index.ts';
import {
  headlineTracks,
  renderAreasCsv,
  renderPassedCsv,
  renderTracksMarkdown,
  renderTracksReport,
} from '../report/index.ts';
import type { Issue } from '../scenario/index.ts';
import { chooseSheet, numberPersons } from '../trace/index.ts';
import { writeAtomically } from './files.ts';
import { readVersion } from './main.ts';
import type { CommandOutcome } from './outcome.ts';
import { checkOutput, errorIssue, formatIssues, hasErrors, refuse, succeed } from './outcome.ts';
import { readRun } from './read-run.ts';
import { FORMAT_WORDS, parsePlace, readTrackFile, type TrackFileOptions } from './read-tracks-file.ts';
import { isRunFolder } from './run-folder.ts';

export interface ReportTracksOptions extends TrackFileOptions {
  readonly output?: string;
  readonly markdown?: boolean;
  readonly csv?: boolean;
  readonly damaged?: boolean;
  readonly line?: readonly string[];
  readonly area?: readonly string[];
  /** [m] */
  readonly cutOff?: number;
}

/** Whether a path is trajectories to measure: a file, or a run with lines or areas to measure at. */
export function isTracks(path: string, options: ReportTracksOptions): boolean {
  if (isRunFolder(path)) return (options.line?.length ?? 0) + (options.area?.length ?? 0) > 0;
  return !existsSync(path) || !statSync(path).isDirectory();
}

/** `crashbar report FILE`: measures trajectories of another program or a laboratory, or a run at given lines and areas. */
export async function reportTracks(path: string, options: ReportTracksOptions): Promise<CommandOutcome> {
  const { places, issues: placeIssues } = readPlaces(options);
  const read = isRunFolder(path) ? readRunSubject(path, options) : await readFileSubject(path, options);
  if ('outcome' in read) return read.outcome;
  const issues = [...placeIssues, ...read.issues];
  if (read.subject === undefined || hasErrors(issues)) return refuse(path, issues);
  const measures = measureTracks(read.subject, places, options.cutOff === undefined ? {} : { cutOff: options.cutOff });
  const files = [...listFiles(`${read.subject.name}-report`, options, measures)];
  const wrong = files.flatMap(([file]) => checkOutput(file));
  if (wrong.length > 0) return refuse(path, wrong);
  for (const [file, text] of files) writeAtomically(file, text);
  const sentence = `${headlineTracks(measures)}.`;
  const warnings = issues.length === 0 ? [] : [formatIssues(issues)];
  const paths = files.map(([file]) => file);
  return succeed([sentence, ...measures.notes, ...warnings, ...paths.map((file) => `report ${file}`)].join('\n'), {
    source: path,
    reports: paths,
    headline: sentence,
    issues,
    measures: { ...measures, maps: undefined, sheets: undefined },
  });
}

interface ReadSubject {
  readonly subject?: TrackSubject;
  readonly issues: readonly Issue[];
}

async function readFileSubject(path: string, options: ReportTracksOptions): Promise<ReadSubject> {
  const { file, issues } = await readTrackFile(path, options);
  if (file === undefined) return { issues };
  const { name, tracks, sheets, floorSource, notes } = file;
  const chosen = chooseSheet({ header: { sheets }, trajectory: tracks.trajectory }, options.sheet);
  if (chosen.trajectory === undefined) return { issues: [...issues, ...chosen.issues] };
  const source = `${path} (${FORMAT_WORDS[tracks.format]})`;
  const trajectory = numberPersons(chosen.trajectory).trajectory;
  return { subject: { name, source, trajectory, sheet: sheets[chosen.index!]!, floorSource, notes }, issues };
}

function readRunSubject(
  path: string,
  options: ReportTracksOptions,
): ReadSubject | { readonly outcome: CommandOutcome } {
  const read = readRun(path, options.damaged === true);
  if ('outcome' in read) return read;
  const given = (['geometry', 'rate', 'unit'] as const).filter((key) => options[key] !== undefined);
  if (given.length > 0) {
    const message = 'A run has its own plan, frame rate and unit: leave this out.';
    return { issues: given.map((key) => errorIssue('run-knows-itself', `--${key}`, message)) };
  }
  const { header } = read.trace;
  const chosen = chooseSheet(read.trace, options.sheet);
  if (chosen.trajectory === undefined) return { issues: chosen.issues };
  const sheet = header.sheets[chosen.index!]!;
  return {
    subject: {
      name: `${header.name}, ${sheet.id}`,
      source: `${path} (a run of Crashbar, seed ${header.seed})`,
      trajectory: chosen.trajectory,
      sheet,
      floorSource: 'file',
      notes: read.trace.damage.map((damage) => `Damaged: ${damage}`),
    },
    issues: [],
  };
}

/** The lines and areas of the command line; every one that is wrong is told. */
function readPlaces(options: ReportTracksOptions): { readonly places: TrackPlaces; readonly issues: readonly Issue[] } {
  const issues: Issue[] = [];
  const places: { lines: TrackPlaces['lines'][number][]; areas: TrackPlaces['areas'][number][] } = {
    lines: [],
    areas: [],
  };
  const alone = (list: readonly string[] | undefined, word: string, k: number): string =>
    (list?.length ?? 0) > 1 ? `${word} ${k + 1}` : `the ${word}`;
  options.line?.forEach((text, k) => {
    const { name = alone(options.line, 'line', k), points, fault } = parsePlace(text);
    const [from, to] = points ?? [];
    if (points?.length !== 2 || from === undefined || to === undefined || (from[0] === to[0] && from[1] === to[1])) {
      const found = fault ?? `${points?.length ?? 0} points`;
      const message = 'A line is two different points, such as --line "0,0 0,3" or --line "gate=0,0 0,3" [m].';
      issues.push(errorIssue('line-not-understood', `--line "${text}"`, message, { expected: '"x,y x,y"', found }));
    } else places.lines.push({ name, line: [from, to] });
  });
  options.area?.forEach((text, k) => {
    const { name = alone(options.area, 'area', k), points, fault } = parsePlace(text);
    if (points === undefined || points.length < 3) {
      const message = 'An area is three corners or more, such as --area "0,0 2,0 2,2 0,2" [m].';
      const found = fault ?? `${points?.length ?? 0} points`;
      issues.push(
        errorIssue('area-not-understood', `--area "${text}"`, message, { expected: '"x,y x,y x,y …"', found }),
      );
    } else if (!isConvexRing(points)) {
      const message = 'A measurement area is convex and its corners run round it; give several for other shapes.';
      issues.push(errorIssue('area-not-convex', `--area "${text}"`, message));
    } else places.areas.push({ name, ring: points });
  });
  return { places, issues };
}

/** The files to write and what goes into them. CSV makes a file a table. */
function* listFiles(stem: string, options: ReportTracksOptions, measures: TrackMeasures): Generator<[string, string]> {
  const safe = stem.replace(/[^\p{L}\p{N}._-]+/gu, '-');
  if (options.csv) {
    const start = (options.output ?? safe).replace(/\.csv$/i, '');
    yield [`${start}-passed.csv`, renderPassedCsv(measures)];
    yield [`${start}-areas.csv`, renderAreasCsv(measures)];
  } else if (options.markdown) yield [options.output ?? `${safe}.md`, renderTracksMarkdown(measures)];
  else yield [options.output ?? `${safe}.html`, renderTracksReport(measures, readVersion())];
}
