import type { Database, SqlJsStatic } from 'sql.js';
import { errorIssue, type Issue } from '../scenario/index.ts';
import type { ByteSource } from './byte-source.ts';
import { createFaultList } from './fault-list.ts';
import { createRowCollector, FRAME_MAX, ID_MAX, ROWS_MAX } from './row-collector.ts';
import { checkFrameRate, finishTracks, refuseTracks, settle, type TrackOptions, type TracksResult } from './tracks.ts';

/** The reader of SQLite keeps the whole file in its memory, and so does the caller. */
const BYTES_MAX = 400 * 1024 * 1024;
/** Geometries that are read: one a change of the plan. */
const GEOMETRIES_MAX = 10_000;

/**
 * Reads JuPedSim's trajectory file, versions 1 to 3: frames, ids, positions [m], frame rate, and of the walkable area the
 * text of each geometry (more than one where the plan changed; the union of them is what PedPy takes). Files up to 400 MB.
 * All issues at once; any bytes may be given, none make it throw.
 * `locateWasm` as in `exportJupedsimSqlite`. About a million rows a second; memory 60 bytes a row and twice the file.
 * @source jupedsim 1.4.2 `sqlite_serialization.py`; PedPy 1.5 `jupedsim_loader.py`
 */
export async function readJupedsimSqlite(
  source: ByteSource,
  options: TrackOptions & { readonly locateWasm?: (file: string) => string } = {},
): Promise<TracksResult> {
  if (source.size > BYTES_MAX) {
    return refuseTracks('file-too-large', 'file', 'SQLite files are read up to 400 MB.', {
      expected: `at most ${BYTES_MAX}`,
      found: String(source.size),
      unit: 'bytes',
    });
  }
  const { default: initSqlJs } = await import('sql.js');
  const sql: SqlJsStatic = await initSqlJs(
    options.locateWasm === undefined ? undefined : { locateFile: options.locateWasm },
  );
  let database: Database | undefined;
  try {
    database = new sql.Database(source.read(0, source.size));
    return readDatabase(database, options);
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return refuseTracks(
      'trajectory-not-sqlite',
      'file',
      `SQLite cannot read the file: ${found}. It was cut off, or is no database.`,
    );
  } finally {
    database?.close();
  }
}

function readDatabase(database: Database, options: TrackOptions): TracksResult {
  // A view or a trigger of a stranger could compute for ever.
  database.run('PRAGMA trusted_schema = OFF; PRAGMA query_only = ON;');
  const tables = new Map<string, string>();
  for (const [name, text] of database.exec("SELECT name, sql FROM sqlite_master WHERE type = 'table' LIMIT 1000")[0]
    ?.values ?? []) {
    tables.set(String(name).toLowerCase(), String(text));
  }
  const issues: Issue[] = [];
  for (const name of ['trajectory_data', 'metadata', 'geometry']) {
    if (!tables.has(name)) {
      issues.push(
        errorIssue(
          'trajectory-table-missing',
          name,
          `There is no table ${name}; JuPedSim’s trajectory files have one.`,
        ),
      );
    } else if (/^\s*CREATE\s+VIRTUAL/i.test(tables.get(name)!)) {
      issues.push(
        errorIssue('trajectory-table-missing', name, `${name} is a virtual table; JuPedSim’s is a plain one.`),
      );
    }
  }
  if (issues.some(({ path }) => path === 'trajectory_data')) return { issues };
  const metadata = new Map<string, string>();
  if (tables.has('metadata')) {
    for (const [key, value] of database.exec('SELECT key, value FROM metadata LIMIT 1000')[0]?.values ?? []) {
      metadata.set(String(key), String(value));
    }
  }
  const version = Number(metadata.get('version') ?? Number.NaN);
  if (tables.has('metadata') && ![1, 2, 3].includes(version)) {
    issues.push({
      ...errorIssue('trajectory-version', 'metadata', 'The version of the file should be 1, 2 or 3.'),
      expected: '1, 2 or 3',
      found: metadata.get('version') ?? 'nothing',
    });
  }
  const told = metadata.get('fps');
  const head = told === undefined ? undefined : Number(told);
  const rate = settle('frame rate', head, options.frameRate, 'metadata has no row fps; give the frame rate.', issues);
  if (rate !== undefined) {
    const wrong = checkFrameRate(rate, 'metadata');
    if (wrong !== undefined) issues.push(wrong);
  }
  if (options.unit === 'cm') {
    issues.push(errorIssue('trajectory-unit', 'unit', 'JuPedSim writes metres; leave the unit out.'));
  }
  const faults = createFaultList('trajectory-row-wrong');
  const rows = createRowCollector();
  const statement = database.prepare('SELECT frame, id, pos_x, pos_y FROM trajectory_data');
  let number = 0;
  while (statement.step()) {
    number++;
    const [frame, id, x, y] = statement.get() as unknown[];
    const place = `trajectory_data row ${number}`;
    if (!Number.isInteger(id) || Math.abs(id as number) > ID_MAX) {
      faults.add(place, `Row ${number}: the id should be a whole number of at most ${ID_MAX}, found ${show(id)}.`);
    } else if (!Number.isInteger(frame) || (frame as number) < 0 || (frame as number) > FRAME_MAX) {
      faults.add(place, `Row ${number}: the frame should be a whole number of 0 … ${FRAME_MAX}, found ${show(frame)}.`);
    } else if (!Number.isFinite(x) || !Number.isFinite(y)) {
      faults.add(place, `Row ${number}: pos_x and pos_y should be numbers, found ${show(x)} and ${show(y)}.`);
    } else if (!rows.add(id as number, frame as number, x as number, y as number)) {
      faults.add(place, `There are more than ${ROWS_MAX} rows, the most that are read of one file.`);
      break;
    }
    if (faults.full()) break;
  }
  statement.free();
  if (number === 0)
    issues.push(errorIssue('trajectory-empty', 'trajectory_data', 'The table trajectory_data has no rows.'));
  const texts = tables.has('geometry')
    ? (database.exec(`SELECT wkt FROM geometry LIMIT ${GEOMETRIES_MAX}`)[0]?.values ?? []).map(([wkt]) => String(wkt))
    : [];
  if (faults.count() > 0 || issues.length > 0) return { issues: [...faults.issues(), ...issues] };
  const { when, ...columns } = rows.columns();
  const notes =
    texts.length > 1 ? [`The walkable area changed ${texts.length - 1} times; the union of all of them is taken.`] : [];
  const more = { notes, ...(texts.length === 0 ? {} : { wkt: texts.join('\n') }) };
  return finishTracks('jupedsim-sqlite', rate!, { ...columns, frame: when, sheet: undefined }, faults, more);
}

const show = (value: unknown): string => (value === null ? 'nothing' : JSON.stringify(String(value).slice(0, 40)));
