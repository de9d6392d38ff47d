import { assert } from '../math/index.ts';
import { CHUNK_ROWS_MAX, createFrameBlock, type FrameBlock } from './chunk-format.ts';
import { encodeChunk } from './encode-chunk.ts';
import { formatEvent } from './format-event.ts';
import type { RunHeader, TraceSink, TraceWriter } from './trace.ts';

/** Frames of a chunk, unless that makes more than `ROWS_PER_CHUNK` rows. */
const FRAMES_PER_CHUNK = 100;
const ROWS_PER_CHUNK = 2_000_000;
/** Events are handed on when this many characters wait. */
const EVENT_CHARACTERS = 65_536;

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
  const encoder = new TextEncoder();
  let nextFrame = -1;
  let firstFrame = 0;
  let frameCount = 0;
  let lines = '';
  let frameBytes = start.frames;
  let eventBytes = start.events;

  const flush = (): void => {
    if (frameCount > 0) {
      const bytes = encodeChunk({ ...buffer, firstFrame, frameCount }, steps);
      frameCount = 0;
      frameBytes += bytes.length;
      sink.append('frames.bin', bytes);
    }
    if (lines !== '') {
      const bytes = encoder.encode(lines);
      lines = '';
      eventBytes += bytes.length;
      sink.append('events.ndjson', bytes);
    }
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
      lines += `${formatEvent(event)}\n`;
      if (lines.length >= EVENT_CHARACTERS) {
        const bytes = encoder.encode(lines);
        lines = '';
        eventBytes += bytes.length;
        sink.append('events.ndjson', bytes);
      }
    },
    flush,
    offsets() {
      assert(frameCount === 0 && lines === '', 'offsets are asked for after flush');
      return { frames: frameBytes, events: eventBytes };
    },
  };
}
