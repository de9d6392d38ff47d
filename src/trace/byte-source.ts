import { Gunzip } from 'fflate';

/** Bytes that can be read piece by piece; the caller supplies it (a file, memory). */
export interface ByteSource {
  readonly size: number;
  /** Up to `length` bytes from `offset` on; fewer at the end only. What is handed back may be kept. */
  read(offset: number, length: number): Uint8Array;
}

/** A source of bytes in memory. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

/** Bytes of a piece. */
const PIECE = 1 << 20;
/** Deflate makes at most about a thousand bytes of one, so a small piece cannot burst. */
const PACKED_PIECE = 1 << 14;

/** Thrown where packed data are damaged; caught by the readers. */
export class DamagedPacking extends Error {}

/** The bytes of a source in order, unpacked where they are gzip. @throws DamagedPacking */
export function* readPieces(source: ByteSource): Generator<Uint8Array, void, undefined> {
  const packed = isGzip(source.read(0, 3));
  if (!packed) {
    for (let at = 0; at < source.size; at += PIECE) yield source.read(at, PIECE);
    return;
  }
  const out: Uint8Array[] = [];
  const gunzip = new Gunzip((data) => void out.push(data));
  for (let at = 0; at < source.size; at += PACKED_PIECE) {
    const piece = source.read(at, PACKED_PIECE);
    try {
      gunzip.push(piece, at + PACKED_PIECE >= source.size);
    } catch (error) {
      throw new DamagedPacking(error instanceof Error ? error.message : String(error));
    }
    yield* out;
    out.length = 0;
  }
}

/** The first bytes of a source, unpacked where they are gzip; none where the packing is damaged from the start. */
export function readHead(source: ByteSource, length: number): Uint8Array {
  const head = new Uint8Array(length);
  let filled = 0;
  try {
    for (const piece of readPieces(source)) {
      head.set(piece.subarray(0, length - filled), filled);
      filled += Math.min(piece.length, length - filled);
      if (filled === length) break;
    }
  } catch (error) {
    if (!(error instanceof DamagedPacking)) throw error;
  }
  return head.subarray(0, filled);
}

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
}

/** Longest line that a reader takes [characters]. */
export const LINE_MAX = 65_536;

/** A line, or `null` where it is longer than any that is read: nothing comes after that. */
export function* readLines(pieces: Iterable<Uint8Array>): Generator<string | null, void, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  for (const piece of pieces) {
    const text = rest + decoder.decode(piece, { stream: true });
    const lines = text.split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      if (line.length > LINE_MAX) {
        yield null;
        return;
      }
      yield line;
    }
    if (rest.length > LINE_MAX) {
      yield null;
      return;
    }
  }
  rest += decoder.decode();
  if (rest !== '') yield rest.length > LINE_MAX ? null : rest;
}
