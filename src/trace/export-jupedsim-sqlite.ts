import { hashText } from '../math/index.ts';
import type { Issue } from '../scenario/index.ts';
import { chooseSheet, type ExportSource } from './choose-sheet.ts';
import type { TraceSheet, Trajectory } from './trace.ts';
import { walkableWkt } from './wkt.ts';

/** sql.js builds the file in one memory of at most 2 GB; a row with its index entry takes about 65 bytes. */
const ROWS_MAX = 20_000_000;

const TABLES = `
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE trajectory_data(frame INTEGER NOT NULL, id INTEGER NOT NULL, pos_x REAL NOT NULL, pos_y REAL NOT NULL, ori_x REAL NOT NULL, ori_y REAL NOT NULL);
CREATE TABLE metadata(key TEXT NOT NULL UNIQUE PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE geometry(hash INTEGER NOT NULL, wkt TEXT NOT NULL);
CREATE UNIQUE INDEX geometry_hash ON geometry(hash);
CREATE TABLE frame_data(frame INTEGER NOT NULL, geometry_hash INTEGER NOT NULL);
BEGIN;
`;

/**
 * Unit vectors of where each row's person is heading: from the frame before to the frame after (at the ends of a track one
 * of them and the frame itself). Who does not move keeps the direction before, at first (1, 0).
 */
export function findHeadings(trajectory: Trajectory): { readonly x: Float64Array; readonly y: Float64Array } {
  const { frameCount, frameStart, person, x, y } = trajectory;
  const count = person.length;
  const headX = new Float64Array(count);
  const headY = new Float64Array(count);
  const before = new Int32Array(count).fill(-1);
  const after = new Int32Array(count).fill(-1);
  const seen = new Map<number, { row: number; frame: number }>();
  for (let frame = 0; frame < frameCount; frame++) {
    for (let row = frameStart[frame]!; row < frameStart[frame + 1]!; row++) {
      const last = seen.get(person[row]!);
      if (last === undefined) {
        seen.set(person[row]!, { row, frame });
        continue;
      }
      if (last.frame === frame - 1) {
        before[row] = last.row;
        after[last.row] = row;
      }
      last.row = row;
      last.frame = frame;
    }
  }
  for (let row = 0; row < count; row++) {
    const from = before[row]! < 0 ? row : before[row]!;
    const to = after[row]! < 0 ? row : after[row]!;
    const dx = x[to]! - x[from]!;
    const dy = y[to]! - y[from]!;
    const length = Math.sqrt(dx * dx + dy * dy);
    if (length > 0) {
      headX[row] = dx / length;
      headY[row] = dy / length;
    } else {
      headX[row] = before[row]! < 0 ? 1 : headX[before[row]!]!;
      headY[row] = before[row]! < 0 ? 0 : headY[before[row]!]!;
    }
  }
  return { x: headX, y: headY };
}

/** The frame rate as the readers want it: always with a decimal point. */
function rateText(rate: number): string {
  return Number.isInteger(rate) ? rate.toFixed(1) : String(rate);
}

function boundsOf(sheet: TraceSheet): [number, number, number, number] {
  const bounds: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const polygon of sheet.polygons) {
    for (const [x, y] of polygon[0] ?? []) {
      bounds[0] = Math.min(bounds[0], x);
      bounds[1] = Math.min(bounds[1], y);
      bounds[2] = Math.max(bounds[2], x);
      bounds[3] = Math.max(bounds[3], y);
    }
  }
  return bounds;
}

/**
 * A JuPedSim trajectory file (SQLite, version 2), which PedPy and JuPedSim read, of one sheet (see `chooseSheet`): every
 * frame from 0 has its line in `frame_data`; ids are the run's person numbers (from 0); a person has rows only while on
 * the sheet; the orientation is where the person is heading. `bytes` is absent when there is an error among the issues.
 *
 * `locateWasm` maps the name `sql-wasm.wasm` (in a browser `sql-wasm-browser.wasm`) to its URL or path, from the package
 * sql.js; when left out, sql.js looks beside itself. Cost about 2 µs and 65 bytes of file a row; at most 2·10⁷ rows.
 */
export async function exportJupedsimSqlite(
  source: ExportSource,
  options: { readonly sheet?: number | string; readonly locateWasm?: (file: string) => string } = {},
): Promise<{ readonly bytes?: Uint8Array; readonly issues: readonly Issue[] }> {
  const { index, trajectory, issues } = chooseSheet(source, options.sheet);
  if (index === undefined || trajectory === undefined) return { issues };
  const sheet = source.header.sheets[index]!;
  const rows = trajectory.person.length;
  if (rows > ROWS_MAX) {
    const message = `The sheet has ${rows} rows, a SQLite export takes at most ${ROWS_MAX}; export the text format, or read every 5th frame of the run.`;
    const found = String(rows);
    return {
      issues: [{ code: 'export-too-long', path: 'sheet', message, expected: `${ROWS_MAX}`, found, severity: 'error' }],
    };
  }
  const warnings: Issue[] = [];
  if (sheet.polygons.length !== 1) {
    const message = `The floor of sheet "${sheet.id}" has ${sheet.polygons.length} pieces; PedPy's walkable area takes one. The trajectories can be read all the same.`;
    const found = String(sheet.polygons.length);
    warnings.push({ code: 'floor-in-pieces', path: 'sheet', message, expected: '1', found, severity: 'warning' });
  }

  const { default: initSqlJs } = await import('sql.js');
  const sql = await initSqlJs(options.locateWasm === undefined ? undefined : { locateFile: options.locateWasm });
  const database = new sql.Database();
  try {
    database.run(TABLES);
    const wkt = walkableWkt(sheet);
    // 64 bits as a literal: a bound number would lose the last eleven.
    const hash = BigInt.asIntN(64, BigInt(`0x${hashText(wkt)}`)).toString();
    database.run(`INSERT INTO geometry VALUES (${hash}, ?)`, [wkt]);
    const [xMin, yMin, xMax, yMax] = boundsOf(sheet);
    const metadata = {
      version: '2',
      fps: rateText(trajectory.frameRate),
      xmin: xMin,
      xmax: xMax,
      ymin: yMin,
      ymax: yMax,
    };
    for (const [key, value] of Object.entries(metadata)) {
      database.run('INSERT INTO metadata VALUES (?, ?)', [key, String(value)]);
    }
    const heading = findHeadings(trajectory);
    const insertRow = database.prepare('INSERT INTO trajectory_data VALUES (?, ?, ?, ?, ?, ?)');
    const insertFrame = database.prepare(`INSERT INTO frame_data VALUES (?, ${hash})`);
    const { frameCount, frameStart, person, x, y } = trajectory;
    for (let frame = 0; frame < frameCount; frame++) {
      insertFrame.run([frame]);
      for (let row = frameStart[frame]!; row < frameStart[frame + 1]!; row++) {
        insertRow.run([frame, person[row]!, x[row]!, y[row]!, heading.x[row]!, heading.y[row]!]);
      }
    }
    insertRow.free();
    insertFrame.free();
    database.run('COMMIT; CREATE INDEX frame_id_idx ON trajectory_data(frame, id);');
    return { bytes: database.export(), issues: warnings };
  } finally {
    database.close();
  }
}
