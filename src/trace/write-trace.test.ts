import { expect, test } from 'vitest';
import { inspectFrames } from './inspect-frames.ts';
import { EVENTS, frameOf, makeHeader, makeWalk, memorySink } from './made-up-run.ts';
import type { TraceSink } from './trace.ts';
import { createTraceWriter } from './write-trace.ts';

const PERSONS = 7;
const FRAMES = 330;
const HALF = 130;

/** Frames `from` … `to` and every 40th an event, with a flush (as before a snapshot) at frame 50 and at `HALF`. */
function writePart(sink: TraceSink, from: number, to: number, start?: { frames: number; events: number }) {
  const walk = makeWalk(PERSONS, FRAMES);
  const writer = createTraceWriter(sink, makeHeader(PERSONS), start);
  let atHalf = { frames: 0, events: 0 };
  for (let frame = from; frame < to; frame++) {
    writer.frame(frameOf(walk, frame));
    if (frame % 40 === 0) writer.event(EVENTS[(frame / 40) % EVENTS.length]!);
    if (frame === 50 || frame === HALF - 1) writer.flush();
    if (frame === HALF - 1) atHalf = writer.offsets();
  }
  return { writer, atHalf };
}

test('a run that was stopped, cut to its snapshot and gone on with has the bytes of one that was not', () => {
  const whole = memorySink();
  const { writer, atHalf } = writePart(whole, 0, FRAMES);
  writer.flush();

  const first = memorySink();
  // Stopped 60 frames after the snapshot, some of them written.
  const stopped = writePart(first, 0, HALF + 60);
  stopped.writer.flush();
  expect(stopped.atHalf).toEqual(atHalf);
  const second = memorySink();
  const resumed = writePart(second, HALF, FRAMES, atHalf);
  resumed.writer.flush();
  expect(new Uint8Array([...first.frames().slice(0, atHalf.frames), ...second.frames()])).toEqual(whole.frames());
  expect(new Uint8Array([...first.events().slice(0, atHalf.events), ...second.events()])).toEqual(whole.events());
  expect(resumed.writer.offsets()).toEqual(writer.offsets());
  expect(resumed.writer.offsets().frames).toBe(whole.frames().length);
});

test('chunks end after a hundred frames and at a flush', () => {
  const sink = memorySink();
  writePart(sink, 0, FRAMES).writer.flush();
  expect(inspectFrames(sink.frames()).map((entry) => [entry.firstFrame, entry.frameCount])).toEqual([
    [0, 51],
    [51, 79],
    [130, 100],
    [230, 100],
  ]);
});

test('flushing twice writes nothing twice, and events reach the sink no later than their frames', () => {
  const sink = memorySink();
  const writer = createTraceWriter(sink, makeHeader(PERSONS));
  const walk = makeWalk(PERSONS, 100);
  for (let frame = 0; frame < 100; frame++) {
    if (frame === 99) for (const event of EVENTS) writer.event(event);
    writer.frame(frameOf(walk, frame));
  }
  const lines = new TextDecoder().decode(sink.events());
  expect(
    lines
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line)),
  ).toEqual(EVENTS);
  const { length } = sink.frames();
  writer.flush();
  writer.flush();
  expect(sink.frames().length).toBe(length);
  expect(writer.offsets()).toEqual({ frames: length, events: sink.events().length });
});

test('the writer stops on frames out of order or of the wrong length, and on offsets before a flush', () => {
  const walk = makeWalk(PERSONS, 10);
  const writer = createTraceWriter(memorySink(), makeHeader(PERSONS));
  writer.frame(frameOf(walk, 3));
  expect(() => writer.frame(frameOf(walk, 3))).toThrow(/frame 3 comes where 4 is due/);
  expect(() => writer.frame(frameOf(walk, 5))).toThrow(/frame 5/);
  expect(() => writer.frame({ ...frameOf(walk, 4), x: new Float64Array(3) })).toThrow(/7 rows/);
  expect(() => writer.offsets()).toThrow(/flush/);
  expect(() => createTraceWriter(memorySink(), makeHeader(1, { quantum: 0.0007 }))).toThrow(/quantum/);
});
