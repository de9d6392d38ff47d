import type { FrameBlock } from './chunk-format.ts';
import { NOT_PRESENT, type RunHeader, type Trajectory } from './trace.ts';

/** A stretch of frames, only the rows of persons who are there; rows sorted by frame, then person. */
export interface RowBlock {
  readonly firstFrame: number;
  readonly frameCount: number;
  /** Rows of frame `firstFrame + f` are `frameStart[f]` … `frameStart[f + 1] − 1` of this block. */
  readonly frameStart: Int32Array;
  readonly person: Int32Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly sheet: Uint16Array;
  readonly chestLoad?: Float32Array;
  readonly state?: Uint8Array;
}

/** Trajectories block by block, in order of frames; `blocks` may be called again and again. */
export interface RowStream {
  readonly frameRate: number;
  readonly frameCount: number;
  readonly blocks: () => Iterable<RowBlock>;
}

/** What an exporter needs: a name, the floors, the rows, and, where they are not the person numbers, the ids. */
export interface ExportSource {
  readonly header: Pick<RunHeader, 'name' | 'sheets'>;
  readonly trajectory: Trajectory | RowStream;
  readonly ids?: Int32Array;
}

/** A piece of a file: text or bytes that follow, or bytes that replace earlier ones. */
export type FilePiece = string | Uint8Array | { readonly offset: number; readonly bytes: Uint8Array };

/** Frames of one block of a trajectory that lies in memory. */
const BLOCK_FRAMES = 1024;

export function streamRows(trajectory: Trajectory | RowStream): RowStream {
  if ('blocks' in trajectory) return trajectory;
  const { frameRate, frameCount, frameStart } = trajectory;
  const blocks = function* (): Generator<RowBlock> {
    for (let firstFrame = 0; firstFrame < frameCount; firstFrame += BLOCK_FRAMES) {
      const frames = Math.min(BLOCK_FRAMES, frameCount - firstFrame);
      const from = frameStart[firstFrame]!;
      const to = frameStart[firstFrame + frames]!;
      yield {
        firstFrame,
        frameCount: frames,
        frameStart: frameStart.slice(firstFrame, firstFrame + frames + 1).map((row) => row - from),
        person: trajectory.person.subarray(from, to),
        x: trajectory.x.subarray(from, to),
        y: trajectory.y.subarray(from, to),
        sheet: trajectory.sheet.subarray(from, to),
        ...(trajectory.chestLoad === undefined ? {} : { chestLoad: trajectory.chestLoad.subarray(from, to) }),
        ...(trajectory.state === undefined ? {} : { state: trajectory.state.subarray(from, to) }),
      };
    }
  };
  return { frameRate, frameCount, blocks };
}

/** The rows of a recorded block whose persons are there. */
export function keepPresent(block: FrameBlock): RowBlock {
  const { firstFrame, frameCount, personCount } = block;
  let rows = 0;
  for (const sheet of block.sheet.subarray(0, frameCount * personCount)) if (sheet !== NOT_PRESENT) rows++;
  const kept = {
    firstFrame,
    frameCount,
    frameStart: new Int32Array(frameCount + 1),
    person: new Int32Array(rows),
    x: new Float64Array(rows),
    y: new Float64Array(rows),
    sheet: new Uint16Array(rows),
    chestLoad: new Float32Array(rows),
    state: new Uint8Array(rows),
  };
  let to = 0;
  for (let frame = 0; frame < frameCount; frame++) {
    for (let person = 0; person < personCount; person++) {
      const row = frame * personCount + person;
      if (block.sheet[row] === NOT_PRESENT) continue;
      kept.person[to] = person;
      kept.x[to] = block.x[row]!;
      kept.y[to] = block.y[row]!;
      kept.sheet[to] = block.sheet[row]!;
      kept.chestLoad[to] = block.chestLoad[row]!;
      kept.state[to] = block.state[row]!;
      to++;
    }
    kept.frameStart[frame + 1] = to;
  }
  return kept;
}

/** Rows of a stream on one sheet, frames and persons as before. */
export function streamSheet(stream: RowStream, sheet: number): RowStream {
  const blocks = function* (): Generator<RowBlock> {
    for (const block of stream.blocks()) {
      if (block.sheet.every((one) => one === sheet)) {
        yield block;
        continue;
      }
      const rows: number[] = [];
      const frameStart = new Int32Array(block.frameCount + 1);
      for (let f = 0; f < block.frameCount; f++) {
        for (let row = block.frameStart[f]!; row < block.frameStart[f + 1]!; row++)
          if (block.sheet[row] === sheet) rows.push(row);
        frameStart[f + 1] = rows.length;
      }
      yield {
        firstFrame: block.firstFrame,
        frameCount: block.frameCount,
        frameStart,
        person: Int32Array.from(rows, (row) => block.person[row]!),
        x: Float64Array.from(rows, (row) => block.x[row]!),
        y: Float64Array.from(rows, (row) => block.y[row]!),
        sheet: new Uint16Array(rows.length).fill(sheet),
        ...(block.chestLoad === undefined
          ? {}
          : { chestLoad: Float32Array.from(rows, (row) => block.chestLoad![row]!) }),
        ...(block.state === undefined ? {} : { state: Uint8Array.from(rows, (row) => block.state![row]!) }),
      };
    }
  };
  return { ...stream, blocks };
}

/** How many rows, frames up to the last with a row, and persons up to the highest number; one pass. */
export function countRows(stream: RowStream): {
  readonly rows: number;
  readonly frames: number;
  readonly persons: number;
} {
  let rows = 0;
  let frames = 0;
  let persons = 0;
  for (const block of stream.blocks()) {
    rows += block.person.length;
    for (const person of block.person) if (person >= persons) persons = person + 1;
    for (let f = block.frameCount; f > 0; f--) {
      if (block.frameStart[f]! > block.frameStart[f - 1]!) {
        frames = block.firstFrame + f;
        break;
      }
    }
  }
  return { rows, frames, persons };
}

/** The whole of a file that comes in pieces, in memory. */
export function joinPieces(pieces: Iterable<FilePiece>): Uint8Array {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  const patches: { offset: number; bytes: Uint8Array }[] = [];
  let length = 0;
  for (const piece of pieces) {
    if (typeof piece === 'object' && 'offset' in piece) {
      patches.push(piece);
      continue;
    }
    const bytes = typeof piece === 'string' ? encoder.encode(piece) : piece;
    parts.push(bytes);
    length += bytes.length;
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  for (const { offset, bytes } of patches) whole.set(bytes, offset);
  return whole;
}
