import { inflateSync } from 'fflate';
import { crc32 } from '../math/index.ts';
import {
  CHUNK_HEADER_BYTES,
  CHUNK_MAGIC,
  CHUNK_ROWS_MAX,
  CHUNK_VERSION,
  createFrameBlock,
  DEFLATE_RATIO_MAX,
  type FrameBlock,
} from './chunk-format.ts';
import { NOT_PRESENT } from './trace.ts';

/** What a chunk's header says. */
export interface ChunkHeader {
  readonly flags: number;
  readonly firstFrame: number;
  readonly frameCount: number;
  readonly personCount: number;
  readonly payloadBytes: number;
  readonly rawBytes: number;
  readonly stepsPerMetre: number;
  readonly originX: number;
  readonly originY: number;
}

/**
 * The header of the chunk at `offset`, or why there is none. `reason` with a `header` means: the header is whole (its own
 * checksum matches) but claims what cannot be. Reads 60 bytes, allocates nothing of the claimed sizes.
 */
export function decodeChunkHeader(
  bytes: Uint8Array,
  offset: number,
): { readonly header?: ChunkHeader; readonly reason?: string } {
  if (bytes.length - offset < CHUNK_HEADER_BYTES) {
    return { reason: `torn: ${bytes.length - offset} of the ${CHUNK_HEADER_BYTES} bytes of a chunk header` };
  }
  if (CHUNK_MAGIC.some((byte, i) => bytes[offset + i] !== byte)) return { reason: 'no chunk begins here' };
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, CHUNK_HEADER_BYTES);
  if (view.getUint32(52, true) !== crc32(bytes.subarray(offset, offset + 52))) {
    return { reason: "the chunk header's checksum does not match" };
  }
  const header: ChunkHeader = {
    flags: view.getUint8(5),
    firstFrame: view.getUint32(8, true),
    frameCount: view.getUint32(12, true),
    personCount: view.getUint32(16, true),
    payloadBytes: view.getUint32(20, true),
    rawBytes: view.getUint32(24, true),
    stepsPerMetre: view.getUint32(28, true),
    originX: view.getFloat64(32, true),
    originY: view.getFloat64(40, true),
  };
  const rows = header.frameCount * header.personCount;
  const refuse = (reason: string) => ({ header, reason });
  if (view.getUint8(4) !== CHUNK_VERSION) return refuse(`chunk version ${view.getUint8(4)}, this reader knows 1`);
  if (view.getUint16(6, true) !== CHUNK_HEADER_BYTES) return refuse('the chunk header has an unknown length');
  if (header.frameCount === 0) return refuse('the chunk claims no frames');
  if (rows > CHUNK_ROWS_MAX || header.frameCount > CHUNK_ROWS_MAX) {
    return refuse(
      `the chunk claims ${header.frameCount} frames of ${header.personCount} persons; at most ${CHUNK_ROWS_MAX} rows are read`,
    );
  }
  if (header.firstFrame + header.frameCount > 2_147_483_648) return refuse('the chunk claims frames beyond 2³¹');
  if (header.rawBytes < 5 * rows || header.rawBytes > 25 * rows) {
    return refuse(`the chunk claims ${header.rawBytes} bytes for ${rows} rows of 5 to 25 bytes`);
  }
  if (header.rawBytes > DEFLATE_RATIO_MAX * header.payloadBytes) {
    return refuse(`the chunk claims that ${header.payloadBytes} bytes inflate to ${header.rawBytes}`);
  }
  if (header.stepsPerMetre < 1 || header.stepsPerMetre > 1e6) {
    return refuse(`the chunk claims ${header.stepsPerMetre} steps to a metre`);
  }
  if (!Number.isSafeInteger(header.originX) || !Number.isSafeInteger(header.originY)) {
    return refuse("the chunk's origin is not a whole number of steps");
  }
  return { header };
}

/** Why the payload cannot be read, or undefined: it is all there and matches its checksum. */
export function findPayloadFault(bytes: Uint8Array, offset: number, header: ChunkHeader): string | undefined {
  const size = CHUNK_HEADER_BYTES + header.payloadBytes;
  if (bytes.length - offset < size) return `torn: ${bytes.length - offset} of the chunk's ${size} bytes are there`;
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, CHUNK_HEADER_BYTES);
  const payload = bytes.subarray(offset + CHUNK_HEADER_BYTES, offset + size);
  const crc = crc32(payload, crc32(bytes.subarray(offset, offset + 56)));
  return view.getUint32(56, true) === crc ? undefined : 'checksum does not match';
}

interface Cursor {
  readonly data: Uint8Array;
  at: number;
  bad: boolean;
}

/**
 * Reads one column of `putColumn` into `to`, each value as (origin + value) / divisor; sets `bad` where the bytes run out or
 * a varint is too long.
 */
function takeColumn(
  from: Cursor,
  to: Float64Array | Float32Array | Uint16Array | Uint8Array,
  header: ChunkHeader,
  second: boolean,
  origin = 0,
  divisor = 1,
): void {
  const { frameCount, personCount } = header;
  const { data } = from;
  let at = from.at;
  for (let person = 0; person < personCount; person++) {
    let value = 0;
    let step = 0;
    for (let frame = 0; frame < frameCount; frame++) {
      let byte = data[at++]!;
      let u = byte & 127;
      for (let shift = 7; byte >= 128 && shift <= 28; shift += 7) {
        byte = data[at++]!;
        u |= (byte & 127) << shift;
      }
      if (!(byte < 128)) {
        from.bad = true;
        return;
      }
      const v = (u >>> 1) ^ -(u & 1);
      step = second && frame >= 2 ? (step + v) | 0 : v;
      value = (value + step) | 0;
      to[frame * personCount + person] = (origin + value) / divisor;
    }
  }
  from.at = at;
}

/**
 * The frames of the chunk at `offset`, or the reason why they cannot be had. Never throws on any bytes, and allocates no
 * more than the checked header allows (at most 23 bytes × `CHUNK_ROWS_MAX`, and about 5000 bytes per byte of payload).
 * Cost about 30 ns a row.
 */
export function decodeChunk(
  bytes: Uint8Array,
  offset: number,
): { readonly block?: FrameBlock; readonly reason?: string } {
  const { header, reason } = decodeChunkHeader(bytes, offset);
  if (header === undefined || reason !== undefined) return { reason: reason ?? 'no header' };
  const fault = findPayloadFault(bytes, offset, header);
  if (fault !== undefined) return { reason: fault };
  const start = offset + CHUNK_HEADER_BYTES;
  let raw: Uint8Array;
  try {
    raw = inflateSync(bytes.subarray(start, start + header.payloadBytes), { out: new Uint8Array(header.rawBytes) });
  } catch {
    return { reason: 'the payload cannot be inflated' };
  }
  const wrong = { reason: 'the payload does not hold what the header says' };
  if (raw.length !== header.rawBytes) return wrong;

  const block = createFrameBlock(header.firstFrame, header.frameCount, header.personCount);
  const { x, y, sheet, state, chestLoad } = block;
  const { stepsPerMetre, originX, originY } = header;
  const cursor: Cursor = { data: raw, at: 0, bad: false };
  // Divided, not multiplied by the quantum: 1234 steps make 1.234, not 1.2340000000000002.
  takeColumn(cursor, x, header, (header.flags & 1) !== 0, originX, stepsPerMetre);
  if (!cursor.bad) takeColumn(cursor, y, header, (header.flags & 2) !== 0, originY, stepsPerMetre);
  if (!cursor.bad) takeColumn(cursor, sheet, header, false);
  if (!cursor.bad) takeColumn(cursor, state, header, false);
  if (!cursor.bad) takeColumn(cursor, chestLoad, header, (header.flags & 4) !== 0);
  if (cursor.bad) return wrong;
  if (cursor.at !== raw.length) return wrong;
  for (let row = 0; row < sheet.length; row++) {
    if (sheet[row] === NOT_PRESENT) {
      x[row] = 0;
      y[row] = 0;
      chestLoad[row] = 0;
    }
  }
  return { block };
}
