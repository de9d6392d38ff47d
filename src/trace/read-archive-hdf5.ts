import { errorIssue, type Issue } from '../scenario/index.ts';
import { createFaultList } from './fault-list.ts';
import { createRowCollector, FRAME_MAX, ID_MAX, ROWS_MAX } from './row-collector.ts';
import { checkFrameRate, finishTracks, refuseTracks, settle, type TrackOptions, type TracksResult } from './tracks.ts';

/** Rows read at once. */
const ROWS_PER_PIECE = 65_536;
/** Bytes of one row at most: the archive's have 40. */
const ROW_BYTES_MAX = 4096;

/** What is used of the package h5wasm (its `h5wasm/node` in Node, `h5wasm` in a browser). */
export interface Hdf5Library {
  readonly ready: Promise<unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: the package's own types do not cover its low-level calls
  readonly File: any;
}

interface Member {
  readonly name: string;
  readonly type: number;
  readonly size: number;
  readonly offset: number;
  readonly signed: boolean;
  readonly littleEndian: boolean;
  readonly shape?: readonly number[];
}

/** A file that the library can open: the library and the file's name in the library's file system (in Node: its path). */
export interface Hdf5Place {
  readonly library: Hdf5Library;
  readonly name: string;
}

/**
 * Reads the HDF5 files of the Jülich data archive, also as JuPedSim writes them: dataset `/trajectory` whose rows have id,
 * frame, x, y of any number types, its attribute `fps`, the file's attribute `wkt_geometry`.
 * All issues at once; any bytes may be given, none make it throw. About a million rows a second, 60 bytes of memory a row.
 * @source PedPy 1.5 `load_trajectory_from_ped_data_archive_hdf5`
 */
export async function readArchiveHdf5(place: Hdf5Place, options: TrackOptions = {}): Promise<TracksResult> {
  // biome-ignore lint/suspicious/noExplicitAny: see Hdf5Library
  const module = (await place.library.ready) as any;
  // The library prints its own stack of errors otherwise.
  module.activate_throwing_error_handler?.();
  // biome-ignore lint/suspicious/noExplicitAny: see Hdf5Library
  let file: any;
  try {
    // The library reports what it cannot do by exceptions; what it says of a damaged file is of no use to anybody.
    file = new place.library.File(place.name, 'r');
    return readFile(file, module, options);
  } catch (error) {
    const found = findReason(error instanceof Error ? error.message : String(error));
    return refuseTracks(
      'trajectory-not-hdf5',
      'file',
      `The HDF5 library cannot read the file: ${found}. It was cut off, or is damaged.`,
    );
  } finally {
    try {
      file?.close();
    } catch {
      // A damaged file may refuse to be closed too.
    }
  }
}

// biome-ignore lint/suspicious/noExplicitAny: see Hdf5Library
function readFile(file: any, module: any, options: TrackOptions): TracksResult {
  const dataset = file.get('trajectory');
  const metadata = dataset?.metadata;
  if (
    metadata?.shape === undefined ||
    metadata.shape === null ||
    metadata.shape.length !== 1 ||
    metadata.compound_type === undefined
  ) {
    return refuseTracks(
      'trajectory-table-missing',
      '/trajectory',
      'There is no table /trajectory; the data archive’s files have one with id, frame, x, y.',
    );
  }
  const issues: Issue[] = [];
  const members = metadata.compound_type.members as Member[];
  const readers = (['id', 'frame', 'x', 'y'] as const).map((column) => {
    const member = members.find((one) => one.name === column);
    const read = member === undefined ? undefined : memberReader(member, metadata.size);
    if (read === undefined) {
      const found = members
        .map((one) => one.name)
        .join(', ')
        .slice(0, 200);
      issues.push({
        ...errorIssue('trajectory-columns', '/trajectory', `The column ${column} is missing or no number.`),
        found,
      });
    }
    return read;
  });
  const count = Number(metadata.shape[0]);
  if (!(count <= ROWS_MAX)) {
    issues.push({
      ...errorIssue('trajectory-too-long', '/trajectory', 'There are more rows than are read of one file.'),
      expected: `at most ${ROWS_MAX}`,
      found: String(count),
    });
  }
  if (count === 0) issues.push(errorIssue('trajectory-empty', '/trajectory', 'The table has no rows.'));
  const told = Number(dataset.attrs.fps?.value ?? file.attrs.fps?.value ?? Number.NaN);
  const rate = settle(
    'frame rate',
    Number.isNaN(told) ? undefined : told,
    options.frameRate,
    'the table has no attribute fps; give the frame rate.',
    issues,
  );
  if (rate !== undefined) {
    const wrong = checkFrameRate(rate, '/trajectory fps');
    if (wrong !== undefined) issues.push(wrong);
  }
  if (options.unit === 'cm') {
    issues.push(
      errorIssue('trajectory-unit', 'unit', 'The data archive’s HDF5 files are in metres; leave the unit out.'),
    );
  }
  if (!(metadata.size > 0 && metadata.size <= ROW_BYTES_MAX)) {
    issues.push(
      errorIssue(
        'trajectory-columns',
        '/trajectory',
        `A row has ${metadata.size} bytes, at most ${ROW_BYTES_MAX} are read.`,
      ),
    );
  }
  if (issues.length > 0) return { issues };

  const [readId, readFrame, readX, readY] = readers as ((view: DataView, at: number) => number)[];
  const faults = createFaultList('trajectory-row-wrong');
  const rows = createRowCollector();
  const pointer = module._malloc(ROWS_PER_PIECE * metadata.size);
  try {
    for (let first = 0; first < count && !faults.full(); first += ROWS_PER_PIECE) {
      const here = Math.min(ROWS_PER_PIECE, count - first);
      const status = module.get_dataset_data(
        file.file_id,
        '/trajectory',
        [BigInt(here)],
        [BigInt(first)],
        [1n],
        BigInt(pointer),
      );
      if (status < 0) throw new Error(`rows ${first} to ${first + here - 1} are damaged`);
      const view = new DataView(module.HEAPU8.buffer, pointer, here * metadata.size);
      for (let k = 0; k < here && !faults.full(); k++) {
        const at = k * metadata.size;
        const id = readId!(view, at);
        const frame = readFrame!(view, at);
        const x = readX!(view, at);
        const y = readY!(view, at);
        const place = `row ${first + k}`;
        if (!Number.isInteger(id) || Math.abs(id) > ID_MAX)
          faults.add(place, `The id should be a whole number of at most ${ID_MAX}, found ${id}.`);
        else if (!Number.isInteger(frame) || frame < 0 || frame > FRAME_MAX)
          faults.add(place, `The frame should be a whole number of 0 … ${FRAME_MAX}, found ${frame}.`);
        else if (!Number.isFinite(x) || !Number.isFinite(y))
          faults.add(place, `x and y should be numbers, found ${x} and ${y}.`);
        else rows.add(id, frame, x, y);
      }
    }
  } finally {
    module._free(pointer);
  }
  if (faults.count() > 0) return { issues: faults.issues() };
  const wkt = file.attrs.wkt_geometry?.value;
  const { when, ...columns } = rows.columns();
  const more = { notes: [], ...(typeof wkt === 'string' ? { wkt } : {}) };
  return finishTracks('archive-hdf5', rate!, { ...columns, frame: when, sheet: undefined }, faults, more);
}

/** The innermost reason in the library's stack of errors, `#006: file line 577 in H5F__super_read(): truncated file: …`. */
function findReason(message: string): string {
  const reasons = [...message.matchAll(/#\d+: \S+ line \d+ in \S+: (.*)/g)].map((found) => found[1]!);
  return (reasons.at(-1) ?? message.split('\n')[0]!).slice(0, 200);
}

/** Reads one column's number from a row; undefined for what is no plain number or lies outside the row. */
function memberReader(member: Member, rowBytes: number): ((view: DataView, at: number) => number) | undefined {
  const { type, size, offset, signed, littleEndian } = member;
  if (!(offset >= 0 && offset + size <= rowBytes) || (member.shape?.length ?? 0) > 0) return undefined;
  if (type === 1 && size === 8) return (view, at) => view.getFloat64(at + offset, littleEndian);
  if (type === 1 && size === 4) return (view, at) => view.getFloat32(at + offset, littleEndian);
  if (type !== 0) return undefined;
  if (size === 8) {
    return signed
      ? (view, at) => Number(view.getBigInt64(at + offset, littleEndian))
      : (view, at) => Number(view.getBigUint64(at + offset, littleEndian));
  }
  if (size === 4)
    return signed
      ? (view, at) => view.getInt32(at + offset, littleEndian)
      : (view, at) => view.getUint32(at + offset, littleEndian);
  if (size === 2)
    return signed
      ? (view, at) => view.getInt16(at + offset, littleEndian)
      : (view, at) => view.getUint16(at + offset, littleEndian);
  if (size === 1) return signed ? (view, at) => view.getInt8(at + offset) : (view, at) => view.getUint8(at + offset);
  return undefined;
}
