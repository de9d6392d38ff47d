import { existsSync } from 'node:fs';
import type { Issue } from '../scenario/index.ts';
import {
  type ExportSource,
  exportArchiveHdf5,
  exportArchiveText,
  exportCsv,
  exportGeojson,
  exportGltf,
  exportJupedsimSqlite,
  exportParquet,
  type FilePiece,
  type RowStream,
  type RunHeader,
  streamRows,
  streamRun,
} from '../trace/index.ts';
import type { ExportFormat } from './export-formats.ts';
import type { CommandOutcome } from './outcome.ts';
import { checkOutput, errorIssue, fail, formatIssues, hasErrors, refuse, succeed } from './outcome.ts';
import { findDamage, findMissing } from './read-run.ts';
import { readTrackFile, type TrackFileOptions } from './read-tracks-file.ts';
import { isRunFolder, RUN_FILES, readRunFile } from './run-folder.ts';
import { Interrupted, writePieces } from './write-pieces.ts';

export interface ExportOptions extends TrackFileOptions {
  readonly format: ExportFormat;
  readonly output: string;
  readonly damaged?: boolean;
  readonly force?: boolean;
  readonly epsg?: number;
  readonly quiet?: boolean;
}

/** What is exported: a run, or trajectories of another program's file. */
interface Opened {
  readonly source: ExportSource & {
    readonly header: Pick<RunHeader, 'name' | 'sheets'> & Partial<Pick<RunHeader, 'portals'>>;
  };
  readonly notes: readonly string[];
  readonly issues: readonly Issue[];
}

/** `crashbar export`: writes trajectories in another tool's format, whole or not at all. */
export async function exportTracks(path: string, options: ExportOptions): Promise<CommandOutcome> {
  const wrong = [...checkOutput(options.output), ...checkOptions(options)];
  if (wrong.length === 0 && existsSync(options.output) && !options.force) {
    const message = 'The file exists already. Choose another name, or replace it with --force.';
    wrong.push(errorIssue('output-exists', options.output, message));
  }
  if (wrong.length > 0) return refuse(path, wrong);
  const opened = isRunFolder(path) || !existsSync(path) ? openRun(path, options) : await openFile(path, options);
  if ('exitCode' in opened) return opened;
  const display = createDisplay(options.quiet === true);
  const source = { ...opened.source, trajectory: display.watch(streamRows(opened.source.trajectory)) };
  const { pieces, issues: exportIssues } = encode(source, options);
  const issues = [...opened.issues, ...exportIssues];
  if (pieces === undefined || hasErrors(issues)) return refuse(path, issues);
  let bytes: number;
  try {
    bytes = await writePieces(options.output, pieces, display.update);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    return fail(`${options.output}: stopped by hand. Nothing was written.`, { source: path, interrupted: true });
  }
  const told = [...opened.notes, ...(issues.length === 0 ? [] : [formatIssues(issues)])];
  const text = [`${options.output}: ${bytes} bytes`, ...told].join('\n');
  return succeed(text, { run: path, file: options.output, format: options.format, bytes, notes: opened.notes, issues });
}

const ALL_SHEETS: readonly ExportFormat[] = ['csv', 'parquet', 'gltf', 'geojson'];

function checkOptions({ format, sheet, epsg }: ExportOptions): Issue[] {
  const issues: Issue[] = [];
  if (sheet !== undefined && ALL_SHEETS.includes(format)) {
    const message = `${format} holds every level and link, named in it: leave --sheet out.`;
    issues.push(errorIssue(format === 'csv' ? 'no-sheet-in-csv' : 'no-sheet-in-format', '--sheet', message));
  }
  if (epsg !== undefined && format !== 'geojson') {
    issues.push(
      errorIssue('epsg-without-geojson', '--epsg', 'Only GeoJSON names a coordinate system: leave --epsg out.'),
    );
  }
  return issues;
}

function openRun(folder: string, options: ExportOptions): Opened | CommandOutcome {
  const missing = findMissing(folder);
  if (missing !== undefined) return missing;
  const given = (['geometry', 'rate', 'unit'] as const).filter((key) => options[key] !== undefined);
  if (given.length > 0) {
    const message = 'A run has its own plan, frame rate and unit: leave this out.';
    return refuse(
      folder,
      given.map((key) => errorIssue('run-knows-itself', `--${key}`, message)),
    );
  }
  const { run, issues } = streamRun({
    run: readRunFile(folder, RUN_FILES.header),
    frames: readRunFile(folder, RUN_FILES.frames),
    events: new Uint8Array(0),
  });
  const damaged = findDamage(folder, run?.header, run?.damage, issues, options.damaged === true);
  if (damaged.outcome !== undefined) return damaged.outcome;
  return { source: run!, notes: damaged.damage.map((line) => `Damaged: ${line}`), issues: [] };
}

async function openFile(path: string, options: ExportOptions): Promise<Opened | CommandOutcome> {
  const { file, issues } = await readTrackFile(path, options);
  if (file === undefined) return refuse(path, issues);
  const { name, tracks, sheets, floorSource, notes } = file;
  const hull =
    floorSource === 'hull'
      ? ['No walls are known: the floor written is the convex hull of all positions. --geometry names a plan.']
      : [];
  return {
    source: { header: { name, sheets }, trajectory: tracks.trajectory, ids: tracks.ids },
    notes: [...notes, ...hull],
    issues,
  };
}

interface Encoded {
  readonly pieces?: Iterable<FilePiece>;
  readonly issues: readonly Issue[];
}

function encode(source: Opened['source'], { format, sheet, epsg }: ExportOptions): Encoded {
  switch (format) {
    case 'sqlite':
      return exportJupedsimSqlite(source, { sheet });
    case 'txt':
      return exportArchiveText(source, { sheet });
    case 'hdf5':
      return exportArchiveHdf5(source, { sheet });
    case 'csv':
      return { pieces: exportCsv(source), issues: [] };
    case 'parquet':
      return { pieces: exportParquet(source), issues: [] };
    case 'gltf':
      return { pieces: exportGltf(source), issues: [] };
    case 'geojson':
      return { pieces: [exportGeojson(source.header, { epsg })], issues: [] };
  }
}

/** Seconds on the wall between lines of progress, on standard error. */
const LINE_INTERVAL = 5;

/** Tells every five seconds how far a long export is; nothing where it is done before. */
function createDisplay(quiet: boolean) {
  let frame = 0;
  let total = 0;
  let shownAt = performance.now();
  return {
    watch(stream: RowStream): RowStream {
      total = stream.frameCount;
      const blocks = function* () {
        for (const block of stream.blocks()) {
          yield block;
          frame = block.firstFrame + block.frameCount;
        }
      };
      return { ...stream, blocks };
    },
    update(bytes: number): void {
      if (quiet || performance.now() - shownAt < 1000 * LINE_INTERVAL) return;
      shownAt = performance.now();
      process.stderr.write(`frame ${frame} of ${total}, ${(bytes / 1e6).toFixed(0)} MB written\n`);
    },
  };
}
