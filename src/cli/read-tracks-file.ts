import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, extname } from 'node:path';
import { type FloorSource, findHull } from '../analysis/index.ts';
import { readFloor } from '../importers/index.ts';
import type { Issue } from '../scenario/index.ts';
import { type ByteSource, readTracks, type TraceSheet, type TrackFormat, type Tracks } from '../trace/index.ts';
import { readInput, systemReason } from './files.ts';
import { errorIssue, hasErrors } from './outcome.ts';

/** What the command line says of a file of trajectories. */
export interface TrackFileOptions {
  /** Frames per second [1/s]. */
  readonly rate?: number;
  readonly unit?: 'm' | 'cm';
  /** File with the walkable area. */
  readonly geometry?: string;
  readonly sheet?: string;
}

/** Trajectories of a file with the floor they were walked on. */
export interface TrackFile {
  /** The file's name without its folder and ending. */
  readonly name: string;
  readonly tracks: Tracks;
  /** One a floor of the file; all have the same polygons. */
  readonly sheets: readonly TraceSheet[];
  readonly floorSource: FloorSource;
  readonly notes: readonly string[];
}

/** What a format is called to the user. */
export const FORMAT_WORDS: Readonly<Record<TrackFormat, string>> = {
  'jupedsim-sqlite': 'JuPedSim SQLite',
  'archive-text': 'text of the data archive',
  'archive-hdf5': 'HDF5 of the data archive',
  vadere: 'Vadere',
  'pathfinder-csv': 'Pathfinder CSV',
  'pathfinder-json': 'Pathfinder JSON',
  viswalk: 'Viswalk',
  crowdit: 'crowd:it',
  csv: 'CSV',
};

/** Finds the Wasm file of sql.js in its package. */
export function locateSqlWasm(file: string): string {
  return createRequire(import.meta.url).resolve(`sql.js/dist/${file}`);
}

/**
 * Reads a file of trajectories and the floor: the plan given, else what the file carries, else the convex hull of all
 * positions. All issues of both files at once.
 */
export async function readTrackFile(
  path: string,
  options: TrackFileOptions,
): Promise<{ readonly file?: TrackFile; readonly issues: readonly Issue[] }> {
  let descriptor: number;
  try {
    if (!statSync(path).isFile()) {
      const message = 'This is neither a run’s folder nor a file of trajectories.';
      return { issues: [errorIssue('not-a-file', path, message)] };
    }
    descriptor = openSync(path, 'r');
  } catch (error) {
    return { issues: [errorIssue('cannot-read', path, `The file cannot be read: ${systemReason(error)}.`)] };
  }
  try {
    const source = fileSource(descriptor);
    const libraries = {
      locateWasm: locateSqlWasm,
      // In Node the library works on the machine's own files.
      openHdf5: async () => ({ library: await import('h5wasm/node'), name: path }),
    };
    const read = await readTracks(source, libraries, { frameRate: options.rate, unit: options.unit });
    const floor = readGivenFloor(options.geometry);
    const issues = [...read.issues.map((issue) => nameOptions(issue)), ...floor.issues];
    if (read.tracks === undefined || hasErrors(issues)) return { issues };
    const { tracks } = read;
    const found = floor.polygons === undefined ? ownFloor(tracks) : { ...floor, floorSource: 'given' as const };
    if (found.polygons === undefined) return { issues: [...issues, ...found.issues] };
    const names = tracks.sheets ?? ['floor'];
    const polygons = found.polygons;
    return {
      file: {
        name: basename(path, extname(path)),
        tracks,
        sheets: names.map((id): TraceSheet => ({ id, kind: 'level', plane: [0, 0, 0], polygons })),
        floorSource: found.floorSource,
        notes: [...tracks.notes, ...found.notes],
      },
      issues: [...issues, ...found.issues],
    };
  } finally {
    closeSync(descriptor);
  }
}

/** A file that is open as bytes to read from anywhere. */
function fileSource(descriptor: number): ByteSource {
  const { size } = fstatSync(descriptor);
  return {
    size,
    read(offset, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      let filled = 0;
      while (filled < bytes.length) {
        const more = readSync(descriptor, bytes, filled, bytes.length - filled, offset + filled);
        if (more === 0) break;
        filled += more;
      }
      return bytes.subarray(0, filled);
    },
  };
}

type Polygons = TraceSheet['polygons'];

interface FoundFloor {
  readonly polygons?: Polygons;
  readonly notes: readonly string[];
  readonly issues: readonly Issue[];
}

function readGivenFloor(path: string | undefined): FoundFloor {
  if (path === undefined) return { notes: [], issues: [] };
  const { file, bytes, issues } = readInput(path);
  if (bytes === undefined) return { notes: [], issues };
  const { floor, issues: faults } = readFloor(new TextDecoder().decode(bytes));
  const told = faults.map((issue) => ({ ...issue, path: `${file}: ${issue.path}` }));
  if (floor === undefined) return { notes: [], issues: told };
  return { polygons: polygonsOf(floor.pieces), notes: floor.notes, issues: told };
}

function polygonsOf(
  pieces: readonly { readonly outline: [number, number][]; readonly holes: readonly [number, number][][] }[],
): Polygons {
  return pieces.map(({ outline, holes }) => [outline, ...holes]);
}

function ownFloor(tracks: Tracks): FoundFloor & { readonly floorSource: FloorSource } {
  const notes: string[] = [];
  if (tracks.wkt !== undefined) {
    const { floor, issues } = readFloor(tracks.wkt);
    if (floor !== undefined) {
      return { polygons: polygonsOf(floor.pieces), floorSource: 'file', notes: floor.notes, issues: [] };
    }
    notes.push(`The walkable area in the file cannot be used: ${issues[0]?.message ?? 'it is empty.'}`);
  }
  const hull = findHull(tracks.trajectory);
  if (hull.length >= 3) return { polygons: [[hull]], floorSource: 'hull', notes, issues: [] };
  // Somebody alone, or people in a line: a box of a person's size round them.
  const { x, y } = tracks.trajectory;
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let k = 0; k < x.length; k += 1) {
    x0 = Math.min(x0, x[k]!);
    x1 = Math.max(x1, x[k]!);
    y0 = Math.min(y0, y[k]!);
    y1 = Math.max(y1, y[k]!);
  }
  const ring: [number, number][] = [
    [x0 - 0.25, y0 - 0.25],
    [x1 + 0.25, y0 - 0.25],
    [x1 + 0.25, y1 + 0.25],
    [x0 - 0.25, y1 + 0.25],
  ];
  return { polygons: [[ring]], floorSource: 'hull', notes, issues: [] };
}

/** The option of the command line that mends an issue, told where the reader cannot know it. */
function nameOptions(issue: Issue): Issue {
  const option = { 'trajectory-frame-rate': '--rate', 'trajectory-unit': '--unit' }[issue.code];
  return option === undefined ? issue : { ...issue, message: `${issue.message} On the command line: ${option}.` };
}

/** A list of points `x,y x,y …`, with `NAME=` before it or not; what is wrong with it otherwise. */
export function parsePlace(text: string): {
  readonly name?: string;
  readonly points?: [number, number][];
  readonly fault?: string;
} {
  const [, name, list] = /^(?:([^=]*)=)?(.*)$/s.exec(text)!;
  const points: [number, number][] = [];
  for (const token of list!.trim().split(/[\s;]+/)) {
    const [x, y, more] = token.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
    if (x === undefined || y === undefined || more !== undefined || !Number.isFinite(x) || !Number.isFinite(y)) {
      return { fault: `"${token.slice(0, 40)}" is no point x,y` };
    }
    points.push([x, y]);
  }
  return { ...(name === undefined || name.trim() === '' ? {} : { name: name.trim() }), points };
}
