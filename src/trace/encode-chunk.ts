import { deflateSync } from 'fflate';
import { assert, crc32 } from '../math/index.ts';
import { CHUNK_HEADER_BYTES, CHUNK_MAGIC, CHUNK_VERSION, type FrameBlock, STEPS_MAX } from './chunk-format.ts';
import { NOT_PRESENT } from './trace.ts';

interface Bytes {
  data: Uint8Array;
  length: number;
}

/** Bytes of the zig-zag varint of v. */
function varintLength(v: number): number {
  const u = ((v << 1) ^ (v >> 31)) >>> 0;
  return u < 128 ? 1 : u < 16384 ? 2 : u < 2097152 ? 3 : u < 268435456 ? 4 : 5;
}

/** Appends one column, person by person; returns whether differences of differences were taken. */
function putColumn(
  out: Bytes,
  values: Int32Array | Uint16Array | Uint8Array,
  block: FrameBlock,
  both: boolean,
): boolean {
  const { frameCount, personCount } = block;
  let second = false;
  if (both) {
    let lengthFirst = 0;
    let lengthSecond = 0;
    for (let person = 0; person < personCount; person++) {
      let before = 0;
      let stepBefore = 0;
      for (let frame = 0; frame < frameCount; frame++) {
        const value = values[frame * personCount + person]!;
        const step = value - before;
        lengthFirst += varintLength(step);
        lengthSecond += varintLength(frame < 2 ? step : step - stepBefore);
        before = value;
        stepBefore = step;
      }
    }
    second = lengthSecond < lengthFirst;
  }
  for (let person = 0; person < personCount; person++) {
    if (out.data.length < out.length + 5 * frameCount) {
      const larger = new Uint8Array(2 * out.data.length + 5 * frameCount);
      larger.set(out.data.subarray(0, out.length));
      out.data = larger;
    }
    const data = out.data;
    let at = out.length;
    let before = 0;
    let stepBefore = 0;
    for (let frame = 0; frame < frameCount; frame++) {
      const value = values[frame * personCount + person]!;
      const step = value - before;
      const v = second && frame >= 2 ? step - stepBefore : step;
      before = value;
      stepBefore = step;
      let u = ((v << 1) ^ (v >> 31)) >>> 0;
      while (u >= 128) {
        data[at++] = (u & 127) | 128;
        u >>>= 7;
      }
      data[at++] = u;
    }
    out.length = at;
  }
  return second;
}

/** Coordinates in whole steps from the origin; a person who is not present keeps the value before. */
function quantise(block: FrameBlock, from: Float64Array, stepsPerMetre: number, origin: number): Int32Array {
  const { frameCount, personCount, sheet, firstFrame } = block;
  const rows = frameCount * personCount;
  const steps = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    if (sheet[row] === NOT_PRESENT) {
      steps[row] = row < personCount ? 0 : steps[row - personCount]!;
      continue;
    }
    const value = Math.floor(from[row]! * stepsPerMetre + 0.5) - origin;
    if (!(Math.abs(value) < STEPS_MAX)) {
      const frame = firstFrame + Math.floor(row / personCount);
      assert(false, `frame ${frame}, person ${row % personCount}: coordinate ${from[row]} m cannot be recorded`);
    }
    steps[row] = value;
  }
  return steps;
}

/**
 * Bytes of one chunk of frames.bin (see `chunk-format.ts`). Same block, same bytes. Coordinates are rounded to
 * 1 / `stepsPerMetre` [m] (error at most half of that), chest loads to 1 N.
 * @throws when a present person's coordinate is not a number or lies more than 2²⁹ steps from the others, or a load is
 * not a number (programmer's error).
 *
 * Cost, 10 000 walkers × 100 frames at 10 frames/s on one plain core: 0.13 s (130 ns a row) to encode, 0.05 s to decode;
 * 2.0 bytes a person and frame with jerks up to 5 m/s² and a load on every fourth, 1.5 when they walk smoothly.
 */
export function encodeChunk(block: FrameBlock, stepsPerMetre: number): Uint8Array {
  const { firstFrame, frameCount, personCount, sheet, chestLoad, state } = block;
  const rows = frameCount * personCount;
  assert(Number.isInteger(stepsPerMetre) && stepsPerMetre >= 1 && stepsPerMetre <= 1e6, 'steps per metre: 1 … 1e6');
  assert(frameCount > 0 && block.x.length >= rows && block.y.length >= rows, 'a chunk holds at least one frame');

  let firstRow = 0;
  while (firstRow < rows && sheet[firstRow] === NOT_PRESENT) firstRow++;
  // Origin: where the first person stands, in whole metres, so that far-off plan coordinates cost nothing.
  const originX = firstRow < rows ? Math.floor(block.x[firstRow]!) * stepsPerMetre : 0;
  const originY = firstRow < rows ? Math.floor(block.y[firstRow]!) * stepsPerMetre : 0;
  assert(Number.isSafeInteger(originX) && Number.isSafeInteger(originY), 'coordinates are numbers of metres');
  const load = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    if (sheet[row] === NOT_PRESENT) {
      load[row] = row < personCount ? 0 : load[row - personCount]!;
      continue;
    }
    const value = Math.floor(chestLoad[row]! + 0.5);
    assert(Math.abs(value) < STEPS_MAX, 'a chest load is a number of newtons');
    load[row] = value;
  }

  const raw: Bytes = { data: new Uint8Array(8 * rows + 64), length: 0 };
  let flags = 0;
  if (putColumn(raw, quantise(block, block.x, stepsPerMetre, originX), block, true)) flags |= 1;
  if (putColumn(raw, quantise(block, block.y, stepsPerMetre, originY), block, true)) flags |= 2;
  putColumn(raw, sheet, block, false);
  putColumn(raw, state, block, false);
  if (putColumn(raw, load, block, true)) flags |= 4;

  const payload = deflateSync(raw.data.subarray(0, raw.length), { level: 6 });
  const bytes = new Uint8Array(CHUNK_HEADER_BYTES + payload.length);
  const view = new DataView(bytes.buffer);
  bytes.set(CHUNK_MAGIC);
  bytes[4] = CHUNK_VERSION;
  bytes[5] = flags;
  view.setUint16(6, CHUNK_HEADER_BYTES, true);
  view.setUint32(8, firstFrame, true);
  view.setUint32(12, frameCount, true);
  view.setUint32(16, personCount, true);
  view.setUint32(20, payload.length, true);
  view.setUint32(24, raw.length, true);
  view.setUint32(28, stepsPerMetre, true);
  view.setFloat64(32, originX, true);
  view.setFloat64(40, originY, true);
  view.setUint32(52, crc32(bytes.subarray(0, 52)), true);
  view.setUint32(56, crc32(payload, crc32(bytes.subarray(0, 56))), true);
  bytes.set(payload, CHUNK_HEADER_BYTES);
  return bytes;
}
