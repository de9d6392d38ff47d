import { errorIssue, type Issue } from '../scenario/index.ts';
import type { FaultList } from './fault-list.ts';
import { numberPersons, type RepeatedRow, sortRows } from './row-collector.ts';
import type { Trajectory } from './trace.ts';

/** Formats of trajectories that are read. */
export type TrackFormat =
  | 'jupedsim-sqlite'
  | 'archive-text'
  | 'archive-hdf5'
  | 'vadere'
  | 'pathfinder-csv'
  | 'pathfinder-json'
  | 'viswalk'
  | 'crowdit'
  | 'csv';

/** What the user knows of a file that the file itself may not say. */
export interface TrackOptions {
  /** Frames per second [1/s]. */
  readonly frameRate?: number;
  readonly unit?: 'm' | 'cm';
}

/** Trajectories read from a file, measured in a laboratory or by another program. */
export interface Tracks {
  readonly format: TrackFormat;
  /** Persons numbered from 0 in order of their ids; positions [m]. */
  readonly trajectory: Trajectory;
  /** Id in the file of each person. */
  readonly ids: Int32Array;
  /** Names of the sheets, where the file has several floors. */
  readonly sheets?: readonly string[];
  /** Walkable area that the file carries, as well-known text [m]. */
  readonly wkt?: string;
  /** What was assumed or left out, in sentences. */
  readonly notes: readonly string[];
}

/** Either tracks or the issues that stand against them; warnings may come with tracks. */
export interface TracksResult {
  readonly tracks?: Tracks;
  readonly issues: readonly Issue[];
}

/** A file that cannot be read at all. */
export function refuseTracks(code: string, path: string, message: string, details: Partial<Issue> = {}): TracksResult {
  return { issues: [{ ...errorIssue(code, path, message), ...details, severity: 'error' }] };
}

export const FRAME_RATE_MAX = 1e5;

/** What is wrong with a frame rate, or undefined. */
export function checkFrameRate(rate: number, path: string): Issue | undefined {
  if (rate > 0 && rate < FRAME_RATE_MAX) return undefined;
  return {
    ...errorIssue('trajectory-frame-rate', path, 'The frame rate should be above 0 and below 100000 per second.'),
    expected: '0 … 100000',
    found: String(rate),
    unit: '1/s',
  };
}

/**
 * One value from a file's head and from the caller: where both speak they must agree, where neither does that is an issue.
 */
export function settle<T extends string | number>(
  what: 'frame rate' | 'unit',
  head: T | undefined,
  option: T | undefined,
  mend: string,
  issues: Issue[],
): T | undefined {
  const code = what === 'unit' ? 'trajectory-unit' : 'trajectory-frame-rate';
  if (head !== undefined && option !== undefined && head !== option) {
    const message = `The head of the file says ${what} ${head}, the caller says ${option}; leave one out or make them agree.`;
    issues.push({ ...errorIssue(code, 'head', message), expected: String(option), found: String(head) });
  } else if (head === undefined && option === undefined) {
    issues.push(errorIssue(code, 'head', `The file does not say its ${what}; ${mend}`));
  }
  return head ?? option;
}

/** Centimetres to metres, in place. */
export function scaleColumns(unit: 'm' | 'cm', ...columns: Float64Array[]): void {
  if (unit === 'm') return;
  for (const column of columns) for (let k = 0; k < column.length; k++) column[k] = column[k]! / 100;
}

/** Tells persons that come twice in a frame; `placeOf` names the row, in the order of the file. */
export function tellRepeated(
  repeated: readonly RepeatedRow[],
  faults: FaultList,
  placeOf: (row: number) => string,
): void {
  for (const { id, frame, row } of repeated) {
    const place = placeOf(row);
    const start = place === '' ? '' : `${place[0]!.toUpperCase()}${place.slice(1)}: `;
    faults.add(place, `${start}person ${id} comes twice in frame ${frame}; ids must be unique within a frame.`);
  }
}

/** Sorts and numbers rows, or tells the repeated ones. */
export function finishTracks(
  format: TrackFormat,
  frameRate: number,
  rows: Parameters<typeof sortRows>[1],
  faults: FaultList,
  more: Pick<Tracks, 'sheets' | 'wkt' | 'notes'>,
  placeOf: (row: number) => string = (row) => `row ${row + 1}`,
): TracksResult {
  const { trajectory, repeated } = sortRows(frameRate, rows);
  if (repeated.length > 0) {
    tellRepeated(repeated, faults, placeOf);
    return { issues: faults.issues() };
  }
  return { tracks: { format, ...numberPersons(trajectory), ...more }, issues: [] };
}
