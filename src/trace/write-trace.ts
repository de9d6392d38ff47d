import { assert } from '../math/index.ts';
import { CHUNK_ROWS_MAX, createFrameBlock, type FrameBlock } from './chunk-format.ts';
import { encodeChunk } from './encode-chunk.ts';
import { createEventLines } from './event-lines.ts';
import type { RunHeader, TraceSink, TraceWriter } from './trace.ts';

/** Frames of a chunk, unless that makes more than `ROWS_PER_CHUNK` rows. */
const FRAMES_PER_CHUNK = 100;
const ROWS_PER_CHUNK = 2_000_000;
/** Events are handed on when this many bytes wait. */
const EVENT_BYTES = 65_536;
/** Of many persons' events this many are put into lines at once. */
const EVENTS_AT_ONCE = 1024;

/** Whole steps per metre of a header's `quantum`. */
export function stepsPerMetre(header: Pick<RunHeader, 'quantum'>): number {
  return Math.floor(1 / header.quantum + 0.5);
}

/**
 * Writes a run's frames and events to a sink, chunk by chunk (100 frames, or fewer when there are more than 20 000
 * persons). The bytes depend on the frames, the events and where `flush` was called, on nothing else. `start`: bytes each
 * file holds already, when a run goes on from a snapshot (the caller has cut the files to that length).
 *
 * Memory: 23 bytes × persons × frames of a chunk. Cost of `frame`: a copy, and every hundredth time `encodeChunk`.
 * @throws (programmer's errors) when a frame is out of order or of the wrong length, a coordinate or load of a person who
 * is present is not a number, an event's time is not a number, or 1 / quantum is not a whole number.
 */
export function createTraceWriter(
  sink: TraceSink,
  header: RunHeader,
  start: { readonly frames: number; readonly events: number } = { frames: 0, events: 0 },
): TraceWriter {
  const personCount = header.persons.length;
  const steps = stepsPerMetre(header);
  assert(Math.abs(steps * header.quantum - 1) < 1e-9, `quantum ${header.quantum} m is not one part of a whole number`);
  assert(personCount <= CHUNK_ROWS_MAX, `at most ${CHUNK_ROWS_MAX} persons can be recorded`);
  const capacity = Math.max(1, Math.min(FRAMES_PER_CHUNK, Math.floor(ROWS_PER_CHUNK / Math.max(1, personCount))));
  const buffer: FrameBlock = createFrameBlock(0, capacity, personCount);
  const lines = createEventLines();
  let nextFrame = -1;
  let firstFrame = 0;
  let frameCount = 0;
  let frameBytes = start.frames;
  let eventBytes = start.events;

  const handOnEvents = (): void => {
    const bytes = lines.take();
    eventBytes += bytes.length;
    sink.append('events.ndjson', bytes);
  };

  const flush = (): void => {
    if (frameCount > 0) {
      const bytes = encodeChunk({ ...buffer, firstFrame, frameCount }, steps);
      frameCount = 0;
      frameBytes += bytes.length;
      sink.append('frames.bin', bytes);
    }
    if (lines.size() > 0) handOnEvents();
  };

  return {
    frame(frame) {
      assert(Number.isInteger(frame.number) && frame.number >= 0, 'a frame has a number from 0');
      assert(nextFrame < 0 || frame.number === nextFrame, `frame ${frame.number} comes where ${nextFrame} is due`);
      for (const column of [frame.x, frame.y, frame.sheet, frame.chestLoad, frame.state]) {
        assert(column.length === personCount, `a frame's columns have ${personCount} rows`);
      }
      if (frameCount === 0) firstFrame = frame.number;
      const at = frameCount * personCount;
      buffer.x.set(frame.x, at);
      buffer.y.set(frame.y, at);
      buffer.sheet.set(frame.sheet, at);
      buffer.chestLoad.set(frame.chestLoad, at);
      buffer.state.set(frame.state, at);
      frameCount++;
      nextFrame = frame.number + 1;
      if (frameCount === capacity) flush();
    },
    event(event) {
      assert(Number.isFinite(event.t), 'an event has a time');
      lines.append(event);
      if (lines.size() >= EVENT_BYTES) handOnEvents();
    },
    eventEach(alike, which, persons, count) {
      for (const { t } of alike) assert(Number.isFinite(t), 'an event has a time');
      for (let from = 0; from < count; from += EVENTS_AT_ONCE) {
        const to = Math.min(count, from + EVENTS_AT_ONCE);
        lines.appendEach(alike, which.subarray(from, to), persons.subarray(from, to), to - from);
        if (lines.size() >= EVENT_BYTES) handOnEvents();
      }
    },
    flush,
    offsets() {
      assert(frameCount === 0 && lines.size() === 0, 'offsets are asked for after flush');
      return { frames: frameBytes, events: eventBytes };
    },
  };
}
