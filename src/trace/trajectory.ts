import { assert } from '../math/index.ts';
import type { FrameBlock } from './chunk-format.ts';
import { sortRows } from './row-collector.ts';
import { NOT_PRESENT, type Trajectory } from './trace.ts';

interface Piece {
  readonly firstFrame: number;
  /** Rows before each frame of the piece, and after the last. */
  readonly starts: Int32Array;
  readonly person: Int32Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly sheet: Uint16Array;
  readonly chestLoad: Float32Array;
  readonly state: Uint8Array;
}

/** Collects blocks into one trajectory, holding only the rows of persons who are present. */
export interface TrajectoryBuilder {
  /** The next frames; `firstFrame` must not lie before the end of the block before. Every `every`-th frame is kept. */
  add(block: FrameBlock): void;
  finish(): Trajectory;
}

/**
 * Starts a trajectory of `frameRate` frames per second [1/s] of which every `every`-th frame is kept (frame number divided
 * by `every`, rate too). Frames that no block holds have no rows. Peak memory twice 27 bytes a row.
 */
export function createTrajectoryBuilder(frameRate: number, every = 1): TrajectoryBuilder {
  assert(frameRate > 0 && Number.isInteger(every) && every >= 1, 'a frame rate above 0 and a whole number of frames');
  const pieces: Piece[] = [];
  let end = 0;
  return {
    add(block) {
      const { firstFrame, frameCount, personCount, sheet } = block;
      assert(firstFrame >= end, `frame ${firstFrame} comes after frame ${end - 1}`);
      end = firstFrame + frameCount;
      const first = Math.ceil(firstFrame / every);
      const last = Math.floor((end - 1) / every);
      const starts = new Int32Array(Math.max(0, last - first + 1) + 1);
      let rows = 0;
      for (let kept = first; kept <= last; kept++) {
        const from = (kept * every - firstFrame) * personCount;
        for (let row = from; row < from + personCount; row++) if (sheet[row] !== NOT_PRESENT) rows++;
        starts[kept - first + 1] = rows;
      }
      const piece: Piece = {
        firstFrame: first,
        starts,
        person: new Int32Array(rows),
        x: new Float64Array(rows),
        y: new Float64Array(rows),
        sheet: new Uint16Array(rows),
        chestLoad: new Float32Array(rows),
        state: new Uint8Array(rows),
      };
      let to = 0;
      for (let kept = first; kept <= last; kept++) {
        const from = (kept * every - firstFrame) * personCount;
        for (let person = 0; person < personCount; person++) {
          const row = from + person;
          if (sheet[row] === NOT_PRESENT) continue;
          piece.person[to] = person;
          piece.x[to] = block.x[row]!;
          piece.y[to] = block.y[row]!;
          piece.sheet[to] = sheet[row]!;
          piece.chestLoad[to] = block.chestLoad[row]!;
          piece.state[to] = block.state[row]!;
          to++;
        }
      }
      if (starts.length > 1) pieces.push(piece);
    },
    finish() {
      const tail = pieces[pieces.length - 1];
      const frameCount = tail === undefined ? 0 : tail.firstFrame + tail.starts.length - 1;
      let rows = 0;
      for (const piece of pieces) rows += piece.person.length;
      const frameStart = new Int32Array(frameCount + 1);
      const trajectory = {
        frameRate: frameRate / every,
        frameCount,
        frameStart,
        person: new Int32Array(rows),
        x: new Float64Array(rows),
        y: new Float64Array(rows),
        sheet: new Uint16Array(rows),
        chestLoad: new Float32Array(rows),
        state: new Uint8Array(rows),
      };
      let at = 0;
      let frame = 0;
      for (const piece of pieces) {
        while (frame <= piece.firstFrame) frameStart[frame++] = at;
        for (let i = 1; i < piece.starts.length; i++) frameStart[frame++] = at + piece.starts[i]!;
        trajectory.person.set(piece.person, at);
        trajectory.x.set(piece.x, at);
        trajectory.y.set(piece.y, at);
        trajectory.sheet.set(piece.sheet, at);
        trajectory.chestLoad.set(piece.chestLoad, at);
        trajectory.state.set(piece.state, at);
        at += piece.person.length;
      }
      return trajectory;
    },
  };
}

/** The trajectory of blocks in order of their frames; see `createTrajectoryBuilder`. */
export function buildTrajectory(frameRate: number, blocks: Iterable<FrameBlock>): Trajectory {
  const builder = createTrajectoryBuilder(frameRate);
  for (const block of blocks) builder.add(block);
  return builder.finish();
}

/** Rows of any order; all arrays of one length. `frame` from 0. */
export interface TrajectoryRows {
  readonly frame: ArrayLike<number>;
  readonly person: ArrayLike<number>;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Default: sheet 0. */
  readonly sheet?: ArrayLike<number>;
}

/** The trajectory of rows, sorted by frame, then person. No (frame, person) may come twice. See `sortRows`. */
export function trajectoryOfRows(frameRate: number, rows: TrajectoryRows): Trajectory {
  return sortRows(frameRate, { ...rows, id: rows.person }).trajectory;
}

/** The rows on one sheet, frames and persons numbered as before. */
export function trajectoryOfSheet(trajectory: Trajectory, sheet: number): Trajectory {
  const { frameCount, frameStart } = trajectory;
  let count = 0;
  for (let row = 0; row < trajectory.sheet.length; row++) if (trajectory.sheet[row] === sheet) count++;
  const part = {
    frameRate: trajectory.frameRate,
    frameCount,
    frameStart: new Int32Array(frameCount + 1),
    person: new Int32Array(count),
    x: new Float64Array(count),
    y: new Float64Array(count),
    sheet: new Uint16Array(count).fill(sheet),
    ...(trajectory.chestLoad === undefined ? {} : { chestLoad: new Float32Array(count) }),
    ...(trajectory.state === undefined ? {} : { state: new Uint8Array(count) }),
  };
  let to = 0;
  for (let frame = 0; frame < frameCount; frame++) {
    for (let row = frameStart[frame]!; row < frameStart[frame + 1]!; row++) {
      if (trajectory.sheet[row] !== sheet) continue;
      part.person[to] = trajectory.person[row]!;
      part.x[to] = trajectory.x[row]!;
      part.y[to] = trajectory.y[row]!;
      if (part.chestLoad !== undefined) part.chestLoad[to] = trajectory.chestLoad![row]!;
      if (part.state !== undefined) part.state[to] = trajectory.state![row]!;
      to++;
    }
    part.frameStart[frame + 1] = to;
  }
  return part;
}
