import type { Issue } from '../scenario/index.ts';
import { chooseSheetRows } from './choose-sheet.ts';
import { countRows, type ExportSource, type FilePiece } from './row-stream.ts';
import { walkableWkt } from './wkt.ts';

/*
 * An HDF5 file of fixed layout: superblock, the root group's header with its attributes and one link, the dataset's header,
 * a global heap with the texts, and the rows, uncompressed, in one stretch. All sizes are known once the rows are counted,
 * so it is written front to back.
 *
 *     0 superblock │ 48 root header │ dataset header │ heap │ rows
 *
 * @source HDF5 File Format Specification 3.0: superblock 2 (II.B), object headers 2 (IV.A.1.b), messages (IV.A.2)
 */

/** Bytes of a row: id i4, frame u4, x, y, z f8. */
const ROW_BYTES = 32;
const ROWS_PER_PIECE = 32_768;
const UNDEFINED_ADDRESS = 0xffffffffffffffffn;

/** Bytes put one after the other, the lowest first. */
function createBytes() {
  let bytes = new Uint8Array(256);
  let length = 0;
  const room = (more: number): DataView => {
    if (length + more > bytes.length) {
      const larger = new Uint8Array(2 * (length + more));
      larger.set(bytes);
      bytes = larger;
    }
    return new DataView(bytes.buffer);
  };
  const self = {
    u8: (...values: number[]) => {
      room(values.length);
      for (const value of values) bytes[length++] = value;
      return self;
    },
    u16: (value: number) => {
      room(2).setUint16(length, value, true);
      length += 2;
      return self;
    },
    u32: (value: number) => {
      room(4).setUint32(length, value, true);
      length += 4;
      return self;
    },
    u64: (value: number | bigint) => {
      room(8).setBigUint64(length, BigInt(value), true);
      length += 8;
      return self;
    },
    f64: (value: number) => {
      room(8).setFloat64(length, value, true);
      length += 8;
      return self;
    },
    all: (more: Uint8Array) => {
      room(more.length);
      bytes.set(more, length);
      length += more.length;
      return self;
    },
    zeros: (count: number) => {
      room(count);
      length += count;
      return self;
    },
    length: () => length,
    done: () => bytes.slice(0, length),
  };
  return self;
}

const textBytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Data types, as messages encode them. */
const integerType = (size: number, signed: boolean): Uint8Array =>
  createBytes()
    .u8(0x10, signed ? 8 : 0, 0, 0)
    .u32(size)
    .u16(0)
    .u16(8 * size)
    .done();
const DOUBLE = createBytes().u8(0x11, 0x20, 63, 0).u32(8).u16(0).u16(64).u8(52, 11, 0, 52).u32(1023).done();
/** Text of any length in UTF-8, kept in the global heap. */
const TEXT = createBytes().u8(0x19, 1, 1, 0).u32(16).all(integerType(1, false)).done();

function rowType(): Uint8Array {
  const members: [string, Uint8Array, number][] = [
    ['id', integerType(4, true), 4],
    ['frame', integerType(4, false), 4],
    ['x', DOUBLE, 8],
    ['y', DOUBLE, 8],
    ['z', DOUBLE, 8],
  ];
  const out = createBytes().u8(0x36, members.length, 0, 0).u32(ROW_BYTES);
  let offset = 0;
  for (const [name, type, size] of members) {
    out.all(textBytes(name)).u8(0, offset).all(type);
    offset += size;
  }
  return out.done();
}

const SCALAR = Uint8Array.of(2, 0, 0, 0);

function attribute(name: string, type: Uint8Array, value: Uint8Array): Uint8Array {
  const label = textBytes(`${name}\0`);
  return createBytes()
    .u8(3, 0)
    .u16(label.length)
    .u16(type.length)
    .u16(SCALAR.length)
    .u8(0)
    .all(label)
    .all(type)
    .all(SCALAR)
    .all(value)
    .done();
}

/** An object header of version 2 with its messages and checksum. */
function objectHeader(messages: readonly (readonly [type: number, data: Uint8Array])[]): Uint8Array {
  const body = createBytes();
  for (const [type, data] of messages) body.u8(type).u16(data.length).u8(0).all(data);
  const head = createBytes().all(textBytes('OHDR')).u8(2, 2).u32(body.length()).all(body.done()).done();
  return createBytes().all(head).u32(lookup3(head)).done();
}

/**
 * The trajectories of one sheet (see `chooseSheet`) as HDF5 of the Jülich data archive, which PedPy and h5py read: the table
 * `/trajectory` with id, frame, x, y, z [m] and the attribute `fps`, the walkable area in the attribute `wkt_geometry`. Rows
 * by frame, then person; ids as in the other exports. Streams; the same source makes the same bytes. 32 bytes and about
 * 0.2 µs a row.
 */
export function exportArchiveHdf5(
  source: ExportSource,
  options: { readonly sheet?: number | string } = {},
): { readonly pieces?: Iterable<FilePiece>; readonly issues: readonly Issue[] } {
  const { index, rows, issues } = chooseSheetRows(source, options.sheet);
  if (index === undefined || rows === undefined) return { issues };
  const sheet = source.header.sheets[index]!;
  const write = function* (): Generator<FilePiece, void, undefined> {
    const { rows: count } = countRows(rows);
    yield encodeHead(count, rows.frameRate, [
      ['wkt_geometry', walkableWkt(sheet)],
      ['producer', 'Crashbar'],
    ]);
    const [z0, zx, zy] = sheet.plane;
    let piece = new DataView(new ArrayBuffer(ROWS_PER_PIECE * ROW_BYTES));
    let at = 0;
    for (const { firstFrame, frameCount, frameStart, person, x, y } of rows.blocks()) {
      for (let f = 0; f < frameCount; f++) {
        for (let row = frameStart[f]!; row < frameStart[f + 1]!; row++) {
          piece.setInt32(at, source.ids === undefined ? person[row]! : source.ids[person[row]!]!, true);
          piece.setUint32(at + 4, firstFrame + f, true);
          piece.setFloat64(at + 8, x[row]!, true);
          piece.setFloat64(at + 16, y[row]!, true);
          piece.setFloat64(at + 24, z0 + zx * x[row]! + zy * y[row]!, true);
          at += ROW_BYTES;
          if (at < piece.byteLength) continue;
          yield new Uint8Array(piece.buffer);
          piece = new DataView(new ArrayBuffer(ROWS_PER_PIECE * ROW_BYTES));
          at = 0;
        }
      }
    }
    yield new Uint8Array(piece.buffer, 0, at);
  };
  return { pieces: write(), issues: [] };
}

/** Everything before the rows. */
function encodeHead(rowCount: number, frameRate: number, texts: readonly (readonly [string, string])[]): Uint8Array {
  const make = (rootAddress: number, dataAddress: number, heapAddress: number, rowsAddress: number) => {
    const reference = (k: number, text: string): Uint8Array =>
      createBytes()
        .u32(textBytes(text).length)
        .u64(heapAddress)
        .u32(k + 1)
        .done();
    const root = objectHeader([
      [0x02, createBytes().u8(0, 0).u64(UNDEFINED_ADDRESS).u64(UNDEFINED_ADDRESS).done()],
      [0x0a, Uint8Array.of(0, 0)],
      [0x06, createBytes().u8(1, 0, 'trajectory'.length).all(textBytes('trajectory')).u64(dataAddress).done()],
      ...texts.map(([name, text], k) => [0x0c, attribute(name, TEXT, reference(k, text))] as const),
    ]);
    const data = objectHeader([
      [0x01, createBytes().u8(2, 1, 0, 1).u64(rowCount).done()],
      [0x03, rowType()],
      // Space is there from the start, and nothing else is ever filled in.
      [0x05, Uint8Array.of(3, 0x09)],
      [
        0x08,
        createBytes()
          .u8(3, 1)
          .u64(rowsAddress)
          .u64(rowCount * ROW_BYTES)
          .done(),
      ],
      [0x0c, attribute('fps', DOUBLE, createBytes().f64(frameRate).done())],
    ]);
    const superblock = createBytes()
      .u8(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 2, 8, 8, 0)
      .u64(0)
      .u64(UNDEFINED_ADDRESS)
      .u64(rowsAddress + rowCount * ROW_BYTES)
      .u64(rootAddress)
      .done();
    return { root, data, superblock: createBytes().all(superblock).u32(lookup3(superblock)).done() };
  };
  // Addresses do not change lengths.
  const trial = make(0, 0, 0, 0);
  const align = (at: number): number => Math.ceil(at / 8) * 8;
  const rootAddress = align(trial.superblock.length);
  const dataAddress = align(rootAddress + trial.root.length);
  const heapAddress = align(dataAddress + trial.data.length);
  const heap = encodeHeap(texts.map(([, text]) => textBytes(text)));
  const rowsAddress = heapAddress + heap.length;
  const { root, data, superblock } = make(rootAddress, dataAddress, heapAddress, rowsAddress);
  const head = new Uint8Array(rowsAddress);
  head.set(superblock, 0);
  head.set(root, rootAddress);
  head.set(data, dataAddress);
  head.set(heap, heapAddress);
  return head;
}

/** A global heap collection of the texts, numbered from 1. */
function encodeHeap(texts: readonly Uint8Array[]): Uint8Array {
  const pad = (length: number): number => Math.ceil(length / 8) * 8;
  const used = 16 + texts.reduce((sum, text) => sum + 16 + pad(text.length), 0);
  const size = Math.max(4096, used + 16);
  const out = createBytes().all(textBytes('GCOL')).u8(1, 0, 0, 0).u64(size);
  texts.forEach((text, k) => {
    out
      .u16(k + 1)
      .u16(1)
      .u32(0)
      .u64(text.length)
      .all(text)
      .zeros(pad(text.length) - text.length);
  });
  // What is left over is an object of its own.
  return out
    .u16(0)
    .u16(0)
    .u32(0)
    .u64(size - used)
    .zeros(size - used - 16)
    .done();
}

/** Checksum of the format's metadata. @source Jenkins 2006, lookup3 `hashlittle`, as the specification names it */
export function lookup3(bytes: Uint8Array): number {
  const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by));
  let a = (0xdeadbeef + bytes.length) | 0;
  let b = a;
  let c = a;
  const word = (at: number): number =>
    (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
  let at = 0;
  for (; bytes.length - at > 12; at += 12) {
    a = (a + word(at)) | 0;
    b = (b + word(at + 4)) | 0;
    c = (c + word(at + 8)) | 0;
    a = (a - c) ^ rotate(c, 4);
    c = (c + b) | 0;
    b = (b - a) ^ rotate(a, 6);
    a = (a + c) | 0;
    c = (c - b) ^ rotate(b, 8);
    b = (b + a) | 0;
    a = (a - c) ^ rotate(c, 16);
    c = (c + b) | 0;
    b = (b - a) ^ rotate(a, 19);
    a = (a + c) | 0;
    c = (c - b) ^ rotate(b, 4);
    b = (b + a) | 0;
  }
  if (bytes.length === at) return c >>> 0;
  a = (a + word(at)) | 0;
  b = (b + word(at + 4)) | 0;
  c = (c + word(at + 8)) | 0;
  c = (c ^ b) - rotate(b, 14);
  a = (a ^ c) - rotate(c, 11);
  b = (b ^ a) - rotate(a, 25);
  c = (c ^ b) - rotate(b, 16);
  a = (a ^ c) - rotate(c, 4);
  b = (b ^ a) - rotate(a, 14);
  c = (c ^ b) - rotate(b, 24);
  return c >>> 0;
}
