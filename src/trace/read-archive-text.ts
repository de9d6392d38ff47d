import { errorIssue, type Issue } from '../scenario/index.ts';
import { type ByteSource, DamagedPacking, LINE_MAX, memorySource, readLines, readPieces } from './byte-source.ts';
import { createFaultList } from './fault-list.ts';
import { createRowCollector, FRAME_MAX, ID_MAX, ROWS_MAX, sortRows } from './row-collector.ts';
import type { Trajectory } from './trace.ts';
import { checkFrameRate, scaleColumns, settle, type TrackOptions, tellRepeated } from './tracks.ts';

/** First token of the line that is a number, as the readers of the field take it, or undefined. */
export function firstNumber(line: string): number | undefined {
  for (const token of line.split(/\s+/)) {
    if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(token)) return Number(token);
  }
  return undefined;
}

/** What of a line is told to the user. */
export const quoteToken = (token: string): string => `"${token.slice(0, 40)}"`;

export interface ArchiveText {
  readonly trajectory?: Trajectory;
  /** Walkable area that a comment `# wkt_geometry: …` holds. */
  readonly wkt?: string;
  readonly issues: readonly Issue[];
}

/**
 * Reads the text format of the Jülich data archive (PeTrack): lines `id frame x y [z …]`, parted by blanks or tabs, after
 * a block of `#` lines that may name `framerate:` [1/s] and the unit (`x/m`, `x/cm`, `in m`, `in metres`, `in cm`). Centimetres become
 * metres, ids stay as they are, everyone is on sheet 0. For files whose head is silent, `options` say rate and unit;
 * where both speak and differ, that is an issue, as it is when neither does.
 *
 * All issues at once (the first twenty lines one by one); then no trajectory. Any text may be given; none makes it throw.
 * About a million rows a second; memory 60 bytes a row, whatever the length of the text.
 */
export function readArchiveText(text: string | ByteSource, options: TrackOptions = {}): ArchiveText {
  const source = typeof text === 'string' ? memorySource(new TextEncoder().encode(text)) : text;
  const issues: Issue[] = [];
  const faults = createFaultList('trajectory-line-wrong');
  let frameRate: number | undefined;
  let unit: 'm' | 'cm' | undefined;
  let wkt: string | undefined;
  let inHead = true;
  const rows = createRowCollector();
  const lineOfRow: Int32Array[] = [];
  const LINES = 1 << 18;
  let number = 0;
  const complain = (message: string): void => faults.add(`line ${number}`, `Line ${number}: ${message}`);
  try {
    for (const raw of readLines(readPieces(source))) {
      number++;
      if (raw === null) {
        complain(
          `longer than ${LINE_MAX} characters; this is no text of rows "id frame x y". Nothing after it is read.`,
        );
        break;
      }
      const line = raw.trim();
      if (line === '') continue;
      if (line.startsWith('#')) {
        if (!inHead) continue;
        if (line.includes('framerate') && frameRate === undefined) frameRate = firstNumber(line);
        if (line.includes('x/cm') || line.includes('in cm')) unit = 'cm';
        else if (line.includes('x/m') || /in m(et(er|re)s?)?\b/.test(line)) unit = 'm';
        wkt ??= /wkt_geometry\s*:\s*(.+)$/.exec(line)?.[1];
        continue;
      }
      inHead = false;
      if (faults.full()) break;
      const tokens = line.split(/\s+/, 4);
      if (tokens.length < 4) {
        complain(`expected id, frame, x, y, found ${tokens.length} columns.`);
        continue;
      }
      const [id, frame, x, y] = [Number(tokens[0]), Number(tokens[1]), Number(tokens[2]), Number(tokens[3])] as const;
      if (!Number.isInteger(id) || Math.abs(id) > ID_MAX) {
        complain(`the id should be a whole number of at most ${ID_MAX}, found ${quoteToken(tokens[0]!)}.`);
      } else if (!Number.isInteger(frame) || frame < 0 || frame > FRAME_MAX) {
        complain(`the frame should be a whole number of 0 … ${FRAME_MAX}, found ${quoteToken(tokens[1]!)}.`);
      } else if (!Number.isFinite(x) || !Number.isFinite(y)) {
        complain(`x and y should be numbers, found ${quoteToken(tokens[2]!)} and ${quoteToken(tokens[3]!)}.`);
      } else if (!rows.add(id, frame, x, y)) {
        complain(`there are more than ${ROWS_MAX} rows, the most that are read of one file.`);
        break;
      } else {
        const row = rows.count() - 1;
        if (row % LINES === 0) lineOfRow.push(new Int32Array(LINES));
        lineOfRow[lineOfRow.length - 1]![row % LINES] = number;
      }
    }
  } catch (error) {
    if (!(error instanceof DamagedPacking)) throw error;
    complain(`the packed data are damaged here: ${error.message}.`);
  }
  const rate = settle(
    'frame rate',
    frameRate,
    options.frameRate,
    'add a line "# framerate: 25" at the top, or give the frame rate.',
    issues,
  );
  const scale = settle(
    'unit',
    unit,
    options.unit,
    'add a line "# id frame x/m y/m z/m" (or x/cm) at the top, or give the unit.',
    issues,
  );
  if (rate !== undefined) {
    const wrong = checkFrameRate(rate, 'head');
    if (wrong !== undefined) issues.push(wrong);
  }
  if (rows.count() === 0 && faults.count() === 0) {
    issues.push(errorIssue('trajectory-empty', 'file', 'The file holds no rows; expected lines "id frame x y".'));
  }
  if (faults.count() > 0 || issues.length > 0) return { issues: [...faults.issues(), ...issues] };
  const columns = rows.columns();
  scaleColumns(scale!, columns.x, columns.y);
  const { trajectory, repeated } = sortRows(rate!, { ...columns, frame: columns.when, sheet: undefined });
  if (repeated.length > 0) {
    tellRepeated(repeated, faults, (row) => `line ${lineOfRow[Math.floor(row / LINES)]![row % LINES]}`);
    return { issues: faults.issues() };
  }
  return { trajectory, ...(wkt === undefined ? {} : { wkt }), issues };
}
