import { hashText } from '../math/index.ts';
import type { Issue } from '../scenario/index.ts';
import { chooseSheetRows } from './choose-sheet.ts';
import { countRows, type ExportSource, type FilePiece, type RowBlock, type RowStream } from './row-stream.ts';
import {
  createIndexTree,
  createPageWriter,
  createTableTree,
  encodeFirstPage,
  encodeRecord,
  integerType,
  putInteger,
  SQLITE_PAGE_BYTES,
} from './sqlite-pages.ts';
import type { TraceSheet } from './trace.ts';
import { walkableWkt } from './wkt.ts';

const TABLES = {
  trajectory_data:
    'CREATE TABLE trajectory_data(frame INTEGER NOT NULL, id INTEGER NOT NULL, pos_x REAL NOT NULL, pos_y REAL NOT NULL, ori_x REAL NOT NULL, ori_y REAL NOT NULL)',
  metadata: 'CREATE TABLE metadata(key TEXT NOT NULL UNIQUE PRIMARY KEY, value TEXT NOT NULL)',
  geometry: 'CREATE TABLE geometry(hash INTEGER NOT NULL, wkt TEXT NOT NULL)',
  geometry_hash: 'CREATE UNIQUE INDEX geometry_hash ON geometry(hash)',
  frame_data: 'CREATE TABLE frame_data(frame INTEGER NOT NULL, geometry_hash INTEGER NOT NULL)',
  frame_id_idx: 'CREATE INDEX frame_id_idx ON trajectory_data(frame, id)',
} as const;

/** A block with the unit vector of where each row's person is heading. */
export interface HeadedBlock extends RowBlock {
  readonly headX: Float64Array;
  readonly headY: Float64Array;
}

/**
 * Blocks with unit vectors of where each row's person is heading: from the frame before to the frame after (at the ends of a track one
 * of them and the frame itself). Who does not move keeps the direction before, at first (1, 0). `persons`: one more than
 * the highest person number. Memory: two blocks and 44 bytes a person.
 */
export function* findHeadings(stream: RowStream, persons: number): Generator<HeadedBlock, void, undefined> {
  const lastFrame = new Int32Array(persons).fill(-2);
  const lastX = new Float64Array(persons);
  const lastY = new Float64Array(persons);
  const lastHeadX = new Float64Array(persons);
  const lastHeadY = new Float64Array(persons);
  const settle = (block: RowBlock, next: RowBlock | undefined): HeadedBlock => {
    const { frameCount, frameStart, person, x, y } = block;
    const headX = new Float64Array(person.length);
    const headY = new Float64Array(person.length);
    const follows = next !== undefined && next.firstFrame === block.firstFrame + frameCount ? next : undefined;
    for (let f = 0; f < frameCount; f++) {
      const after = f + 1 < frameCount ? block : follows;
      // Rows of the frame after, walked along beside this frame's: both are in order of persons.
      let k = after === undefined ? 0 : after === block ? frameStart[f + 1]! : after.frameStart[0]!;
      const end = after === undefined ? 0 : after === block ? frameStart[f + 2]! : after.frameStart[1]!;
      for (let row = frameStart[f]!; row < frameStart[f + 1]!; row++) {
        const who = person[row]!;
        const known = lastFrame[who] === block.firstFrame + f - 1;
        while (k < end && after!.person[k]! < who) k++;
        const comes = k < end && after!.person[k] === who;
        const dx = (comes ? after!.x[k]! : x[row]!) - (known ? lastX[who]! : x[row]!);
        const dy = (comes ? after!.y[k]! : y[row]!) - (known ? lastY[who]! : y[row]!);
        const length = Math.sqrt(dx * dx + dy * dy);
        headX[row] = length > 0 ? dx / length : known ? lastHeadX[who]! : 1;
        headY[row] = length > 0 ? dy / length : known ? lastHeadY[who]! : 0;
        lastFrame[who] = block.firstFrame + f;
        lastX[who] = x[row]!;
        lastY[who] = y[row]!;
        lastHeadX[who] = headX[row]!;
        lastHeadY[who] = headY[row]!;
      }
    }
    return { ...block, headX, headY };
  };
  let held: RowBlock | undefined;
  for (const block of stream.blocks()) {
    if (held !== undefined) yield settle(held, block);
    held = block;
  }
  if (held !== undefined) yield settle(held, undefined);
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
 * frame from 0 has its line in `frame_data`; ids are the source's own, or the run's person numbers (from 0); a person has rows only while on
 * the sheet; the orientation is where the person is heading. `pieces` is absent when there is an error among the issues; the
 * first page comes again at the end, to be put in its place. The same source makes the same bytes.
 * Cost about 1 µs and 70 bytes of file a row; memory: the blocks of the source and 64 bytes a person, whatever the number of rows.
 * @source jupedsim 1.4.2 `sqlite_serialization.py`
 */
export function exportJupedsimSqlite(
  source: ExportSource,
  options: { readonly sheet?: number | string } = {},
): { readonly pieces?: Iterable<FilePiece>; readonly issues: readonly Issue[] } {
  const { index, rows, issues } = chooseSheetRows(source, options.sheet);
  if (index === undefined || rows === undefined) return { issues };
  const sheet = source.header.sheets[index]!;
  const warnings: Issue[] = [];
  if (sheet.polygons.length !== 1) {
    const message = `The floor of sheet "${sheet.id}" has ${sheet.polygons.length} pieces; PedPy's walkable area takes one. The trajectories can be read all the same.`;
    const found = String(sheet.polygons.length);
    warnings.push({ code: 'floor-in-pieces', path: 'sheet', message, expected: '1', found, severity: 'warning' });
  }
  return { pieces: writeDatabase(sheet, rows, source.ids), issues: warnings };
}

/** Pages are handed on in pieces of about so many bytes. */
const PIECE_BYTES = 1 << 20;

function* writeDatabase(
  sheet: TraceSheet,
  rows: RowStream,
  ids: Int32Array | undefined,
): Generator<FilePiece, void, undefined> {
  const { persons } = countRows(rows);
  const ready: Uint8Array[] = [];
  const pages = createPageWriter((page) => void ready.push(page));
  const drain = function* (): Generator<FilePiece, void, undefined> {
    const piece = new Uint8Array(ready.length * SQLITE_PAGE_BYTES);
    ready.forEach((page, k) => void piece.set(page, k * SQLITE_PAGE_BYTES));
    ready.length = 0;
    yield piece;
  };
  yield new Uint8Array(SQLITE_PAGE_BYTES);

  const data = createTableTree(pages);
  const dataIndex = createIndexTree(pages, 4 + 4 + 4 + 6);
  const frames = createTableTree(pages);
  const wkt = walkableWkt(sheet);
  // 64 bits whole: a number would lose the last eleven.
  const hash = BigInt.asIntN(64, BigInt(`0x${hashText(wkt)}`));
  const record = new Uint8Array(64);
  const view = new DataView(record.buffer);
  const key = new Uint8Array(24);
  let rowid = 0;
  for (const block of findHeadings(rows, persons)) {
    for (let f = 0; f < block.frameCount; f++) {
      const frame = block.firstFrame + f;
      const frameType = integerType(frame);
      for (let row = block.frameStart[f]!; row < block.frameStart[f + 1]!; row++) {
        const id = ids === undefined ? block.person[row]! : ids[block.person[row]!]!;
        const idType = integerType(id);
        record.set([7, frameType, idType, 7, 7, 7, 7]);
        let end = putInteger(record, putInteger(record, 7, frame, frameType), id, idType);
        view.setFloat64(end, block.x[row]!);
        view.setFloat64(end + 8, block.y[row]!);
        view.setFloat64(end + 16, block.headX[row]!);
        view.setFloat64(end + 24, block.headY[row]!);
        data.add(record, end + 32);
        rowid++;
        const rowType = integerType(rowid);
        key.set([4, frameType, idType, rowType]);
        end = putInteger(key, putInteger(key, putInteger(key, 4, frame, frameType), id, idType), rowid, rowType);
        dataIndex.add(key, end);
      }
      if (ready.length * SQLITE_PAGE_BYTES >= PIECE_BYTES) yield* drain();
    }
  }
  for (let frame = 0; frame < rows.frameCount; frame++) {
    const line = encodeRecord([frame, hash]);
    frames.add(line, line.length);
  }
  const [xMin, yMin, xMax, yMax] = boundsOf(sheet);
  const texts: [string, string][] = Object.entries({
    version: '2',
    fps: rateText(rows.frameRate),
    xmin: String(xMin),
    xmax: String(xMax),
    ymin: String(yMin),
    ymax: String(yMax),
  });
  const metadata = createTableTree(pages);
  for (const pair of texts) addRecord(metadata, pair);
  const metadataKeys = createIndexTree(pages, 64);
  const order = texts.map(([name], k) => [name, k + 1] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const pair of order) addRecord(metadataKeys, pair);
  const geometry = createTableTree(pages);
  addRecord(geometry, [hash, wkt]);
  const geometryHash = createIndexTree(pages, 64);
  addRecord(geometryHash, [hash, 1]);
  const entry = (type: 'table' | 'index', name: keyof typeof TABLES, table: string, root: number) => ({
    type,
    name,
    table,
    root,
    sql: TABLES[name],
  });
  const schema = [
    entry('table', 'trajectory_data', 'trajectory_data', data.finish()),
    entry('table', 'metadata', 'metadata', metadata.finish()),
    {
      type: 'index' as const,
      name: 'sqlite_autoindex_metadata_1',
      table: 'metadata',
      root: metadataKeys.finish(),
      sql: null,
    },
    entry('table', 'geometry', 'geometry', geometry.finish()),
    entry('index', 'geometry_hash', 'geometry', geometryHash.finish()),
    entry('table', 'frame_data', 'frame_data', frames.finish()),
    entry('index', 'frame_id_idx', 'trajectory_data', dataIndex.finish()),
  ];
  yield* drain();
  yield { offset: 0, bytes: encodeFirstPage(schema, pages.count()) };
}

function addRecord(tree: ReturnType<typeof createTableTree>, values: Parameters<typeof encodeRecord>[0]): void {
  const record = encodeRecord(values);
  tree.add(record, record.length);
}
