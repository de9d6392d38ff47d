import { CHUNK_HEADER_BYTES, CHUNK_MAGIC } from './chunk-format.ts';
import { decodeChunkHeader, findPayloadFault } from './decode-chunk.ts';

/** One chunk of frames.bin, or a stretch of bytes where one should be. */
export interface ChunkEntry {
  readonly index: number;
  /** First byte in the file, and how many up to the next entry. */
  readonly offset: number;
  readonly bytes: number;
  /** Number of the first frame and how many; −1 and 0 where the header cannot be trusted. */
  readonly firstFrame: number;
  readonly frameCount: number;
  readonly personCount: number;
  readonly ok: boolean;
  /** `torn`: bytes are missing; `header`: it cannot be trusted; `refused`: it claims what cannot be; `payload`: damaged. */
  readonly fault?: 'torn' | 'header' | 'refused' | 'payload';
  /** Why it cannot be read, when it is not ok. */
  readonly reason?: string;
}

/** Next offset ≥ `from` where a chunk with a whole header begins, or the file's length. */
function findNextChunk(bytes: Uint8Array, from: number): number {
  const [first] = CHUNK_MAGIC;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (decodeChunkHeader(bytes, at).header !== undefined) return at;
  }
  return bytes.length;
}

/**
 * Lists the chunks of a frames.bin, damaged ones with the reason. Checks every checksum, inflates nothing, so it reads
 * about 1 GB/s. Any bytes may be given; none make it throw. After damage it goes on at the length the header gives if a
 * chunk begins there, else at the next chunk that has a whole header.
 */
export function inspectFrames(bytes: Uint8Array): ChunkEntry[] {
  const entries: ChunkEntry[] = [];
  let offset = 0;
  // Chunks that claim each other's bytes could make this quadratic; a file with honest damage stays far below.
  let budget = 16 * bytes.length;
  while (offset < bytes.length) {
    if (budget < 0) {
      entries.push({
        index: entries.length,
        offset,
        bytes: bytes.length - offset,
        firstFrame: -1,
        frameCount: 0,
        personCount: 0,
        ok: false,
        fault: 'refused',
        reason: 'too many overlapping chunks, the rest is not read',
      });
      break;
    }
    const { header, reason } = decodeChunkHeader(bytes, offset);
    if (header === undefined) {
      const next = findNextChunk(bytes, offset + 1);
      entries.push({
        index: entries.length,
        offset,
        bytes: next - offset,
        firstFrame: -1,
        frameCount: 0,
        personCount: 0,
        ok: false,
        fault: bytes.length - offset < CHUNK_HEADER_BYTES ? 'torn' : 'header',
        reason: reason!,
      });
      offset = next;
      continue;
    }
    const fault = reason ?? findPayloadFault(bytes, offset, header);
    budget -= Math.min(header.payloadBytes, bytes.length - offset);
    const claimed = offset + CHUNK_HEADER_BYTES + header.payloadBytes;
    const kind = reason !== undefined ? 'refused' : claimed > bytes.length ? 'torn' : 'payload';
    let next = claimed;
    const follows = claimed === bytes.length || decodeChunkHeader(bytes, claimed).header !== undefined;
    // A bad chunk whose length leads nowhere may have lost or gained bytes: the next one can begin inside it.
    if (claimed > bytes.length || (fault !== undefined && !follows)) next = findNextChunk(bytes, offset + 1);
    if (next > claimed) next = claimed;
    entries.push({
      index: entries.length,
      offset,
      bytes: next - offset,
      firstFrame: header.firstFrame,
      frameCount: header.frameCount,
      personCount: header.personCount,
      ok: fault === undefined,
      ...(fault === undefined ? {} : { fault: kind, reason: fault }),
    });
    offset = next;
  }
  return entries;
}
