import { errorIssue, type Issue } from '../scenario/index.ts';
import { type ByteSource, DamagedPacking, LINE_MAX, readLines, readPieces } from './byte-source.ts';
import { createFaultList, type FaultList } from './fault-list.ts';
import { firstNumber, quoteToken } from './read-archive-text.ts';
import { type CollectedRows, createRowCollector, FRAME_MAX, ID_MAX, ROWS_MAX } from './row-collector.ts';
import {
  checkFrameRate,
  finishTracks,
  refuseTracks,
  scaleColumns,
  settle,
  type TrackFormat,
  type TrackOptions,
  type TracksResult,
} from './tracks.ts';

/*
 * Tables of other programs: a header with the names of the columns, then a line a row. They differ in the separator, the
 * names, and in what says when: a frame number, a time in seconds at a steady rate, or the times of footsteps.
 */

interface TableKind {
  readonly format: TrackFormat;
  readonly separator: ' ' | ',' | ';';
  /** Lines that begin so say nothing. */
  readonly comment?: string;
  /** Names of the columns, lower case. */
  readonly id: string;
  readonly when: string;
  readonly x: string;
  readonly y: string;
  readonly sheet?: string;
  /** Whether a column's name only has to hold the name asked for (`startX-PID1`). */
  readonly partly?: boolean;
  readonly timing: 'frames' | 'times' | 'steps';
}

const KINDS: readonly TableKind[] = [
  {
    format: 'vadere',
    separator: ' ',
    comment: '#',
    id: 'pedestrianid',
    when: 'simtime',
    x: 'startx',
    y: 'starty',
    partly: true,
    timing: 'steps',
  },
  {
    format: 'viswalk',
    separator: ';',
    comment: '*',
    id: 'no',
    when: 'simsec',
    x: 'coordcentx',
    y: 'coordcenty',
    timing: 'times',
  },
  { format: 'crowdit', separator: ',', id: 'pedid', when: 'time', x: 'posx', y: 'posy', timing: 'times' },
  {
    format: 'csv',
    separator: ',',
    comment: '#',
    id: 'id',
    when: 'frame',
    x: 'x',
    y: 'y',
    sheet: 'sheet',
    timing: 'frames',
  },
  { format: 'pathfinder-csv', separator: ',', id: 'id', when: 't', x: 'x', y: 'y', timing: 'times' },
];

/** Names of the columns of a header line, lower case, without quotes, byte-order mark and what viswalk puts in front. */
function columnNames(line: string, separator: string): string[] {
  return splitLine(line.replace(/^\uFEFF/, '').trim(), separator).map((name) =>
    name
      .trim()
      .replace(/^\$PEDESTRIAN:/i, '')
      .toLowerCase(),
  );
}

/** Cells of a line; quotes around a cell may hold the separator. */
function splitLine(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator === ' ' ? /\s+/ : separator);
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let k = 0; k < line.length; k++) {
    const character = line[k]!;
    if (character === '"') {
      if (quoted && line[k + 1] === '"') cell += line[k++]!;
      else quoted = !quoted;
    } else if (character === separator && !quoted) {
      cells.push(cell);
      cell = '';
    } else cell += character;
  }
  cells.push(cell);
  return cells;
}

/** Column of each thing a kind needs; undefined where one is missing or comes twice. */
function findColumns(
  kind: TableKind,
  names: readonly string[],
): { id: number; when: number; x: number; y: number } | undefined {
  const find = (wanted: string): number => {
    const fits = names.flatMap((name, k) => ((kind.partly ? name.includes(wanted) : name === wanted) ? [k] : []));
    return fits.length === 1 ? fits[0]! : -1;
  };
  const found = { id: find(kind.id), when: find(kind.when), x: find(kind.x), y: find(kind.y) };
  return Object.values(found).some((k) => k < 0) ? undefined : found;
}

/** The kind of table whose header a line is, or undefined. */
export function recogniseTable(line: string): TrackFormat | undefined {
  return KINDS.find((kind) => findColumns(kind, columnNames(line, kind.separator)) !== undefined)?.format;
}

/** Lines above the header that are looked at: viswalk has a page of comments there. */
export const HEADER_LINES_MAX = 400;

/**
 * Reads trajectories as a table with a header: Vadere (`pedestrianId simTime … startX … startY`, footsteps, moved to
 * `frameRate` by straight lines between the starts of steps), viswalk, crowd:it (also gzipped), Pathfinder CSV, and plain CSV with the
 * columns id, frame, x, y, as Crashbar writes it. Where rows have times, the frame rate is, as in PedPy, the rounded inverse of the mean
 * time between a person's rows, unless `frameRate` says otherwise; where they have frames, the file's head, a column t
 * or `frameRate` must tell.
 * All issues at once; any bytes may be given, none make it throw. About 700 000 rows a second.
 * @source column names and rules of PedPy 1.5's loaders, checked against them (scripts/check-tracks-with-pedpy.py)
 */
export function readTable(source: ByteSource, options: TrackOptions = {}): TracksResult {
  const faults = createFaultList('trajectory-line-wrong');
  const rows = createRowCollector();
  let kind: TableKind | undefined;
  let columns: { id: number; when: number; x: number; y: number } | undefined;
  let timeColumn = -1;
  let sheetColumn = -1;
  let number = 0;
  let rowsAfterHeader = 0;
  let headRate: number | undefined;
  let unit: 'm' | 'cm' | undefined;
  let ownTable = false;
  let lastTime = 0;
  let lastFrame = 0;
  const sheets: string[] = [];
  const complain = (message: string): void => faults.add(`line ${number}`, `Line ${number}: ${message}`);
  try {
    for (const raw of readLines(readPieces(source))) {
      number++;
      if (raw === null) {
        complain(`longer than ${LINE_MAX} characters; this is no table of trajectories. Nothing after it is read.`);
        break;
      }
      const line = raw.trim();
      if (line === '') continue;
      if (kind === undefined || columns === undefined) {
        if (line.startsWith('#')) {
          if (line.includes('framerate')) headRate ??= firstNumber(line);
          if (/x\/cm|in cm/.test(line)) unit = 'cm';
          else if (/x\/m|in m(et(er|re)s?)?\b/.test(line)) unit = 'm';
        }
        kind = KINDS.find((one) => findColumns(one, columnNames(line, one.separator)) !== undefined);
        if (kind === undefined) {
          if (number < HEADER_LINES_MAX) continue;
          break;
        }
        const names = columnNames(line, kind.separator);
        columns = findColumns(kind, names)!;
        ownTable = line === 't,frame,id,x,y,z,sheet,chest_load,state';
        if (kind.timing === 'frames') timeColumn = names.indexOf('t');
        if (kind.sheet !== undefined) sheetColumn = names.indexOf(kind.sheet);
        continue;
      }
      if (kind.comment !== undefined && line.startsWith(kind.comment)) continue;
      if (faults.full()) break;
      const cells = splitLine(line, kind.separator);
      rowsAfterHeader++;
      const idText = (cells[columns.id] ?? '').trim();
      const whenText = (cells[columns.when] ?? '').trim();
      const xText = (cells[columns.x] ?? '').trim();
      const yText = (cells[columns.y] ?? '').trim();
      // Pathfinder writes the units below the names.
      if (rowsAfterHeader === 1 && kind.format === 'pathfinder-csv' && !/\d/.test(whenText)) {
        const told = xText.replace(/[[\]()]/g, '');
        if (told === 'cm') unit = 'cm';
        else if (told !== '' && told !== 'm') complain(`x should be in m or cm, found the unit ${quoteToken(xText)}.`);
        continue;
      }
      const id = toNumber(idText);
      const when = toNumber(whenText);
      const x = toNumber(xText);
      const y = toNumber(yText);
      if (!Number.isInteger(id) || Math.abs(id) > ID_MAX) {
        complain(`the id should be a whole number of at most ${ID_MAX}, found ${quoteToken(idText)}.`);
      } else if (kind.timing === 'frames' && !(Number.isInteger(when) && when >= 0 && when <= FRAME_MAX)) {
        complain(`the frame should be a whole number of 0 … ${FRAME_MAX}, found ${quoteToken(whenText)}.`);
      } else if (kind.timing !== 'frames' && !(when >= 0 && when <= 1e8)) {
        complain(`the time should be a number of seconds from 0 on, found ${quoteToken(whenText)}.`);
      } else if (!Number.isFinite(x) || !Number.isFinite(y)) {
        complain(`x and y should be numbers, found ${quoteToken(xText)} and ${quoteToken(yText)}.`);
      } else {
        let sheet = 0;
        if (sheetColumn >= 0) {
          const name = (cells[sheetColumn] ?? '').trim();
          sheet = sheets.indexOf(name);
          if (sheet < 0) sheet = sheets.push(name) - 1;
          if (sheet > 1000) {
            complain('there are more than a thousand different sheets.');
            break;
          }
        }
        if (timeColumn >= 0 && when > lastFrame) {
          lastFrame = when;
          lastTime = toNumber((cells[timeColumn] ?? '').trim());
        }
        if (!rows.add(id, when, x, y, sheet)) {
          complain(`there are more than ${ROWS_MAX} rows, the most that are read of one file.`);
          break;
        }
      }
    }
  } catch (error) {
    if (!(error instanceof DamagedPacking)) throw error;
    complain(`the packed data are damaged here: ${error.message}.`);
  }
  if (kind === undefined || columns === undefined) {
    if (faults.count() > 0) return { issues: faults.issues() };
    const expected = KINDS.map((one) => `${one.format}: ${[one.id, one.when, one.x, one.y].join(', ')}`).join('; ');
    return refuseTracks(
      'trajectory-columns',
      'header',
      'No line of the file names the columns of a known table of trajectories.',
      {
        expected,
      },
    );
  }
  const issues: Issue[] = [];
  if (rows.count() === 0 && faults.count() === 0) {
    issues.push(errorIssue('trajectory-empty', 'file', 'The file holds a header and no rows.'));
  }
  if (kind.timing === 'frames' && timeColumn >= 0 && lastTime > 0) {
    // The times are rounded to a millisecond, the rate is a number that people chose.
    headRate ??= Number((lastFrame / lastTime).toPrecision(4));
  }
  const rate = settleRate(kind, headRate, options, issues);
  const notes: string[] = [];
  let scale: 'm' | 'cm' = 'm';
  if (kind.format === 'csv' && !ownTable) {
    scale =
      settle('unit', unit, options.unit, 'add a line "# x/m" (or "# x/cm") at the top, or give the unit.', issues) ??
      'm';
  } else if (options.unit !== undefined && options.unit !== (unit ?? 'm')) {
    settle('unit', unit ?? 'm', options.unit, '', issues);
  } else scale = unit ?? 'm';
  if (faults.count() > 0 || issues.length > 0) return { issues: [...faults.issues(), ...issues] };
  const collected = rows.columns();
  scaleColumns(scale, collected.x, collected.y);
  if (kind.timing === 'frames') {
    const more = { notes, ...(sheets.length > 1 ? { sheets } : {}) };
    return finishTracks(kind.format, rate!, { ...collected, frame: collected.when }, faults, more);
  }
  if (kind.timing === 'steps') return finishSteps(collected, rate!, faults);
  return finishTimes(kind.format, collected, rate, faults, notes);
}

/** Empty cells are no zeros. */
const toNumber = (text: string): number => (text === '' ? Number.NaN : Number(text));

function settleRate(
  kind: TableKind,
  head: number | undefined,
  options: TrackOptions,
  issues: Issue[],
): number | undefined {
  const mend =
    kind.timing === 'steps'
      ? 'it holds footsteps and no frames: give the frame rate that positions are wanted at, such as 10.'
      : 'add a line "# framerate: 25" at the top, or give the frame rate.';
  const rate =
    kind.timing === 'times' ? options.frameRate : settle('frame rate', head, options.frameRate, mend, issues);
  if (rate === undefined) return undefined;
  const wrong = checkFrameRate(rate, 'head');
  if (wrong !== undefined) issues.push(wrong);
  return rate;
}

/**
 * Frames of rows that have times: frame = round(time · rate). Without a rate it is the rounded inverse of the mean time
 * between consecutive rows of a person.
 */
export function finishTimes(
  format: TrackFormat,
  { id, when, x, y }: CollectedRows,
  given: number | undefined,
  faults: FaultList,
  notes: string[],
): TracksResult {
  let rate = given;
  if (rate === undefined) {
    const spans = new Map<number, { first: number; last: number; count: number }>();
    for (let k = 0; k < id.length; k++) {
      const span = spans.get(id[k]!);
      if (span === undefined) spans.set(id[k]!, { first: when[k]!, last: when[k]!, count: 1 });
      else {
        span.first = Math.min(span.first, when[k]!);
        span.last = Math.max(span.last, when[k]!);
        span.count++;
      }
    }
    let time = 0;
    let steps = 0;
    for (const span of spans.values()) {
      time += span.last - span.first;
      steps += span.count - 1;
    }
    rate = Math.round(steps / time);
    if (!(rate >= 1 && rate < 1e5)) {
      const message =
        steps === 0
          ? 'Nobody has more than one row, so that the frame rate cannot be told; give it.'
          : `The rows of a person are ${(time / steps).toPrecision(3)} s apart on average, which makes no whole number of frames a second; give the frame rate.`;
      return refuseTracks('trajectory-frame-rate', 'file', message);
    }
    notes.push(`Frame rate ${rate} per second, from the times between the rows.`);
  }
  const frame = new Float64Array(when.length);
  let off = 0;
  for (let k = 0; k < when.length; k++) {
    frame[k] = Math.round(when[k]! * rate);
    off = Math.max(off, Math.abs(frame[k]! - when[k]! * rate));
    if (frame[k]! > FRAME_MAX) {
      faults.add(`row ${k + 1}`, `Row ${k + 1}: ${when[k]} s at ${rate} frames a second is beyond frame ${FRAME_MAX}.`);
      if (faults.full()) break;
    }
  }
  if (faults.count() > 0) return { issues: faults.issues() };
  if (off > 0.05) notes.push(`Times were moved to whole frames by up to ${(off / rate).toPrecision(2)} s.`);
  return finishTracks(format, rate, { id, frame, x, y }, faults, { notes });
}

/** Positions at whole frames, on straight lines between the starts of a person's footsteps. */
function finishSteps({ id, when, x, y }: CollectedRows, rate: number, faults: FaultList): TracksResult {
  const order = new Uint32Array(id.length)
    .map((_, k) => k)
    .sort((a, b) => id[a]! - id[b]! || when[a]! - when[b]! || a - b);
  const frames: number[] = [];
  const ids: number[] = [];
  const xs: number[] = [];
  const ys: number[] = [];
  let short = 0;
  for (let begin = 0; begin < order.length; ) {
    let end = begin + 1;
    while (end < order.length && id[order[end]!] === id[order[begin]!]) end++;
    const person = id[order[begin]!]!;
    const first = Math.ceil(when[order[begin]!]! * rate - 1e-9);
    const last = Math.floor(when[order[end - 1]!]! * rate + 1e-9);
    if (end - begin < 2 || last < first) short++;
    else if (last > FRAME_MAX || frames.length + last - first > ROWS_MAX / 4) {
      faults.add(
        `person ${person}`,
        `Person ${person} would have ${last - first + 1} frames, more than are read; lower the frame rate.`,
      );
      if (faults.full()) break;
    } else {
      let k = begin;
      for (let frame = first; frame <= last; frame++) {
        const time = frame / rate;
        while (k + 2 < end && when[order[k + 1]!]! <= time) k++;
        const a = order[k]!;
        const b = order[k + 1]!;
        const span = when[b]! - when[a]!;
        const share = span > 0 ? Math.min(1, Math.max(0, (time - when[a]!) / span)) : 1;
        frames.push(frame);
        ids.push(person);
        xs.push(x[a]! + share * (x[b]! - x[a]!));
        ys.push(y[a]! + share * (y[b]! - y[a]!));
      }
    }
    begin = end;
  }
  if (faults.count() > 0) return { issues: faults.issues() };
  if (frames.length === 0) {
    return refuseTracks(
      'trajectory-empty',
      'file',
      `Nobody has two footsteps ${(1 / rate).toPrecision(2)} s apart or more.`,
    );
  }
  const notes = [`Footsteps, moved to ${rate} frames a second on straight lines between the starts of steps.`];
  if (short > 0) notes.push(`${short} persons left out, whose steps hold no frame.`);
  return finishTracks('vadere', rate, { id: ids, frame: frames, x: xs, y: ys }, faults, { notes });
}
