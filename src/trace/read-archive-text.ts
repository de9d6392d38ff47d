import type { Issue } from '../scenario/index.ts';
import type { Trajectory } from './trace.ts';
import { trajectoryOfRows } from './trajectory.ts';

/** So many lines are told one by one, the rest as a number. */
const ISSUES_MAX = 20;
/** Frames beyond this are a mistake of the file, not a long experiment. */
const FRAME_MAX = 10_000_000;

/** First token of the line that is a number, as the readers of the field take it, or undefined. */
function firstNumber(line: string): number | undefined {
  for (const token of line.split(/\s+/)) {
    if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(token)) return Number(token);
  }
  return undefined;
}

/**
 * Reads the text format of the Jülich data archive (PeTrack): lines `id frame x y [z …]`, parted by blanks or tabs, after
 * a block of `#` lines that may name `framerate:` [1/s] and the unit (`x/m`, `x/cm`, `in m`, `in cm`). Centimetres become
 * metres, ids stay as they are, everyone is on sheet 0. For files whose head is silent, `options` say rate and unit;
 * where both speak and differ, that is an issue, as it is when neither does.
 *
 * All issues at once (the first twenty lines one by one); then no trajectory. Any text may be given; none makes it throw.
 * About 2 million rows a second.
 */
export function readArchiveText(
  text: string,
  options: { readonly frameRate?: number; readonly unit?: 'm' | 'cm' } = {},
): { readonly trajectory?: Trajectory; readonly issues: readonly Issue[] } {
  const issues: Issue[] = [];
  let frameRate: number | undefined;
  let unit: 'm' | 'cm' | undefined;
  let inHead = true;
  let faults = 0;
  const complain = (line: number, message: string): void => {
    faults++;
    if (faults > ISSUES_MAX) return;
    issues.push({
      code: 'trajectory-line-wrong',
      path: `line ${line}`,
      message: `Line ${line}: ${message}`,
      severity: 'error',
    });
  };
  const ids: number[] = [];
  const frames: number[] = [];
  const xs: number[] = [];
  const ys: number[] = [];
  const lineOfRow: number[] = [];
  let number = 0;
  for (let start = 0; start < text.length; ) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const line = text.slice(start, end).trim();
    start = end + 1;
    number++;
    if (line === '') continue;
    if (line.startsWith('#')) {
      if (!inHead) continue;
      if (line.includes('framerate') && frameRate === undefined) frameRate = firstNumber(line);
      if (line.includes('x/cm') || line.includes('in cm')) unit = 'cm';
      else if (line.includes('x/m') || /in m\b/.test(line)) unit = 'm';
      continue;
    }
    inHead = false;
    const tokens = line.split(/[\s]+/);
    if (tokens.length < 4) {
      complain(number, `expected id, frame, x, y, found ${tokens.length} columns.`);
      continue;
    }
    const [id, frame, x, y] = [Number(tokens[0]), Number(tokens[1]), Number(tokens[2]), Number(tokens[3])] as const;
    if (!Number.isInteger(id) || Math.abs(id) > 2_147_483_647) {
      complain(number, `the id should be a whole number, found "${tokens[0]!.slice(0, 40)}".`);
    } else if (!Number.isInteger(frame) || frame < 0 || frame > FRAME_MAX) {
      complain(number, `the frame should be a whole number of 0 … ${FRAME_MAX}, found "${tokens[1]!.slice(0, 40)}".`);
    } else if (!Number.isFinite(x) || !Number.isFinite(y)) {
      complain(
        number,
        `x and y should be numbers, found "${tokens[2]!.slice(0, 40)}" and "${tokens[3]!.slice(0, 40)}".`,
      );
    } else {
      ids.push(id);
      frames.push(frame);
      xs.push(x);
      ys.push(y);
      lineOfRow.push(number);
    }
  }
  const settle = <T>(
    code: string,
    what: string,
    head: T | undefined,
    option: T | undefined,
    mend: string,
  ): T | undefined => {
    if (head !== undefined && option !== undefined && head !== option) {
      const message = `The head of the file says ${what} ${head}, the caller says ${option}; leave one out or make them agree.`;
      issues.push({ code, path: 'head', message, expected: String(option), found: String(head), severity: 'error' });
    } else if (head === undefined && option === undefined) {
      issues.push({ code, path: 'head', message: `The file does not say its ${what}; ${mend}`, severity: 'error' });
    }
    return head ?? option;
  };
  const rate = settle(
    'trajectory-frame-rate',
    'frame rate',
    frameRate,
    options.frameRate,
    'add a line "# framerate: 25" at the top, or give the frame rate.',
  );
  const scale = settle(
    'trajectory-unit',
    'unit',
    unit,
    options.unit,
    'add a line "# id frame x/m y/m z/m" (or x/cm) at the top, or give the unit.',
  );
  if (rate !== undefined && !(rate > 0 && rate < 1e5)) {
    const message = `The frame rate should be above 0 and below 100000 per second, found ${rate}.`;
    issues.push({
      code: 'trajectory-frame-rate',
      path: 'head',
      message,
      found: String(rate),
      unit: '1/s',
      severity: 'error',
    });
  }
  if (ids.length === 0 && faults === 0) {
    const message = 'The file holds no rows; expected lines "id frame x y".';
    issues.push({ code: 'trajectory-empty', path: 'file', message, severity: 'error' });
  }
  if (faults === 0 && rate !== undefined && rate > 0 && ids.length > 0) {
    if (scale === 'cm') {
      for (let i = 0; i < xs.length; i++) {
        xs[i] = xs[i]! / 100;
        ys[i] = ys[i]! / 100;
      }
    }
    const trajectory = trajectoryOfRows(rate, { frame: frames, person: ids, x: xs, y: ys });
    for (let f = 0; f < trajectory.frameCount; f++) {
      for (let row = trajectory.frameStart[f]! + 1; row < trajectory.frameStart[f + 1]!; row++) {
        const id = trajectory.person[row]!;
        if (id !== trajectory.person[row - 1]) continue;
        const first = lineOfRow[ids.findIndex((other, i) => other === id && frames[i] === f)]!;
        complain(first, `person ${id} comes twice in frame ${f}; ids must be unique within a frame.`);
        if (faults > ISSUES_MAX) break;
      }
      if (faults > ISSUES_MAX) break;
    }
    if (issues.length === 0) return { trajectory, issues };
  }
  if (faults > ISSUES_MAX) {
    const message = `${faults - ISSUES_MAX} or more further lines have faults of these kinds.`;
    issues.push({ code: 'trajectory-line-wrong', path: 'file', message, severity: 'error' });
  }
  return { issues };
}
