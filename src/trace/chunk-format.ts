/**
 * frames.bin is a row of chunks, each readable without the others. A chunk, little-endian:
 *
 *      0  'CBCK'                     32  origin x, in steps (f64, a whole number)
 *      4  u8 version, u8 flags       40  origin y
 *      6  u16 header bytes (60)      48  u32 zero
 *      8  u32 number of frame 0      52  u32 CRC-32 of bytes 0 … 51
 *     12  u32 frames                 56  u32 CRC-32 of bytes 0 … 55 and the payload
 *     16  u32 persons                60  payload: raw deflate
 *     20  u32 payload bytes
 *     24  u32 bytes of the payload inflated
 *     28  u32 steps per metre (1000: coordinates in millimetres)
 *
 * Inflated, the payload is five columns one after the other: x, y (steps from the origin), sheet, state, chest load (N).
 * A column is written person by person; of a person, frame by frame, the difference from the frame before (the first from
 * 0), as zig-zag varint of 1 to 5 bytes. Flag bits 0, 1, 2: x, y, chest load hold differences of differences instead
 * (the first two values of a person as before), which the encoder takes where it is shorter. Where a person is
 * `NOT_PRESENT`, x, y and load repeat the value before and mean nothing.
 *
 * The header has a CRC of its own, so that a damaged payload still says which frames it held and where the next chunk is.
 */
export const CHUNK_MAGIC = [0x43, 0x42, 0x43, 0x4b] as const;
export const CHUNK_VERSION = 1;
export const CHUNK_HEADER_BYTES = 60;
/** Coordinates lie within ± this many steps of the chunk's origin: second differences still fit in 32 bits. */
export const STEPS_MAX = 536_870_912;
/** Most frames × persons of one chunk; a reader refuses more. The writer keeps far below. */
export const CHUNK_ROWS_MAX = 33_554_432;
/** Deflate cannot shrink more than this, so a small chunk cannot claim a large payload. */
export const DEFLATE_RATIO_MAX = 1040;

/** A rectangle of frames × persons; row of frame f and person p = f · personCount + p. */
export interface FrameBlock {
  readonly firstFrame: number;
  readonly frameCount: number;
  readonly personCount: number;
  /** Plan coordinates [m]; without meaning where `sheet` is `NOT_PRESENT` (decoded: 0). */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly sheet: Uint16Array;
  /** [N] */
  readonly chestLoad: Float32Array;
  /** `TraceState`, harm in the high nibble */
  readonly state: Uint8Array;
}

/** An empty block for up to `frameCount` frames. */
export function createFrameBlock(firstFrame: number, frameCount: number, personCount: number): FrameBlock {
  const rows = frameCount * personCount;
  return {
    firstFrame,
    frameCount,
    personCount,
    x: new Float64Array(rows),
    y: new Float64Array(rows),
    sheet: new Uint16Array(rows),
    chestLoad: new Float32Array(rows),
    state: new Uint8Array(rows),
  };
}
