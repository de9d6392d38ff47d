import { type ByteSource, isGzip, readHead } from './byte-source.ts';
import { type Hdf5Place, readArchiveHdf5 } from './read-archive-hdf5.ts';
import { readArchiveText } from './read-archive-text.ts';
import { HEADER_LINES_MAX, readTable, recogniseTable } from './read-delimited.ts';
import { readJupedsimSqlite } from './read-jupedsim-sqlite.ts';
import { readPathfinderJson } from './read-pathfinder-json.ts';
import { numberPersons } from './row-collector.ts';
import { refuseTracks, type TrackFormat, type TrackOptions, type TracksResult } from './tracks.ts';

/** The packages that the binary formats need, supplied by the caller: where they lie differs between Node and browsers. */
export interface TrackLibraries {
  readonly locateWasm?: (file: string) => string;
  /** Where the HDF5 library finds the source's bytes. */
  readonly openHdf5: () => Promise<Hdf5Place>;
}

/** Bytes from which the format is told. */
const HEAD_BYTES = 65_536;

const SQLITE_MAGIC = 'SQLite format 3\0';
const HDF5_MAGIC = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Tells a file's format by its content, never by its name; undefined where it is none of them (or empty). O(1). */
export function detectTrackFormat(source: ByteSource): TrackFormat | undefined {
  const raw = source.read(0, 2048 + 8);
  if (new TextDecoder('latin1').decode(raw.subarray(0, 16)) === SQLITE_MAGIC) return 'jupedsim-sqlite';
  for (const at of [0, 512, 1024, 2048]) {
    if (HDF5_MAGIC.every((byte, k) => raw[at + k] === byte)) return 'archive-hdf5';
  }
  const head = readHead(source, HEAD_BYTES);
  // No text of numbers holds these.
  if (head.length === 0 || head.includes(0)) return undefined;
  const text = new TextDecoder().decode(head).replace(/^\uFEFF/, '');
  if (/^\s*\{/.test(text)) return isGzip(raw) ? undefined : 'pathfinder-json';
  const lines = text.split('\n', HEADER_LINES_MAX);
  const isRow = (line: string): boolean => /^\s*[-+]?[\d.]+([\s,;]+[-+\d.eE]+){3}/.test(line);
  for (const line of lines) {
    const kind = recogniseTable(line);
    if (kind !== undefined) return kind;
    // Rows of numbers: no header comes any more.
    if (isRow(line)) break;
  }
  if (lines.some((line) => isRow(line) || /^\s*#/.test(line))) return 'archive-text';
  return undefined;
}

/**
 * Reads trajectories of any known format (see `TrackFormat`), told by the content. Persons are numbered from 0 in order of
 * their ids. All issues at once, or tracks; any bytes may be given, none make it throw.
 */
export async function readTracks(
  source: ByteSource,
  libraries: TrackLibraries,
  options: TrackOptions = {},
): Promise<TracksResult> {
  const format = detectTrackFormat(source);
  switch (format) {
    case undefined: {
      const message = 'This is no file of trajectories that is known.';
      const expected =
        'JuPedSim SQLite, text or HDF5 of the Jülich data archive, Vadere (pedestrianId simTime … startX startY), Pathfinder CSV or JSON, viswalk, crowd:it CSV, or CSV with id, frame, x, y';
      return refuseTracks('unknown-format', 'file', message, { expected });
    }
    case 'jupedsim-sqlite':
      return readJupedsimSqlite(source, { ...options, locateWasm: libraries.locateWasm });
    case 'archive-hdf5':
      return readArchiveHdf5(await libraries.openHdf5(), options);
    case 'pathfinder-json':
      return readPathfinderJson(source, options);
    case 'archive-text': {
      const { trajectory, wkt, issues } = readArchiveText(source, options);
      if (trajectory === undefined) return { issues };
      return {
        tracks: { format, ...numberPersons(trajectory), ...(wkt === undefined ? {} : { wkt }), notes: [] },
        issues,
      };
    }
    default:
      return readTable(source, options);
  }
}
