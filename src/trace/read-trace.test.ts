import { expect, test } from 'vitest';
import { crc32, randomUint32 } from '../math/index.ts';
import { CHUNK_HEADER_BYTES } from './chunk-format.ts';
import { decodeChunk } from './decode-chunk.ts';
import { inspectFrames } from './inspect-frames.ts';
import { EVENTS, frameOf, makeHeader, makeWalk, memorySink } from './made-up-run.ts';
import { readTrace } from './read-trace.ts';
import { decodeRunHeader, encodeRunHeader } from './run-header.ts';
import { NOT_PRESENT, type RunHeader, type Trajectory } from './trace.ts';
import { createTraceWriter } from './write-trace.ts';

const PERSONS = 9;
const FRAMES = 60;
/** Frames of a chunk here, by flushing. */
const CHUNK = 10;

function writeRun(header: RunHeader = makeHeader(PERSONS)) {
  const walk = makeWalk(PERSONS, FRAMES);
  const sink = memorySink();
  const writer = createTraceWriter(sink, header);
  for (let frame = 0; frame < FRAMES; frame++) {
    writer.frame(frameOf(walk, frame));
    if (frame % CHUNK === CHUNK - 1) writer.flush();
  }
  for (const event of EVENTS) writer.event(event);
  writer.flush();
  return { walk, run: encodeRunHeader(header), frames: sink.frames(), events: sink.events() };
}

/** Rows of frames for which `keep` is true, as plain values. */
function rowsOf(trajectory: Trajectory, keep: (frame: number) => boolean): number[][] {
  const rows: number[][] = [];
  for (let frame = 0; frame < trajectory.frameCount; frame++) {
    if (!keep(frame)) continue;
    for (let row = trajectory.frameStart[frame]!; row < trajectory.frameStart[frame + 1]!; row++) {
      rows.push([
        frame,
        trajectory.person[row]!,
        trajectory.x[row]!,
        trajectory.y[row]!,
        trajectory.sheet[row]!,
        trajectory.chestLoad![row]!,
        trajectory.state![row]!,
      ]);
    }
  }
  return rows;
}

test('a run comes back: header and events as they were, positions to half a millimetre, absent persons without rows', () => {
  const header = makeHeader(PERSONS);
  const { walk, run, frames, events } = writeRun(header);
  const { trace, issues } = readTrace({ run, frames, events });
  expect(issues).toEqual([]);
  expect(trace!.damage).toEqual([]);
  expect(trace!.header).toEqual(header);
  expect(trace!.events).toEqual(EVENTS);
  const { trajectory } = trace!;
  expect([trajectory.frameRate, trajectory.frameCount]).toEqual([10, FRAMES]);
  let row = 0;
  for (let frame = 0; frame < FRAMES; frame++) {
    expect(trajectory.frameStart[frame]).toBe(row);
    for (let person = 0; person < PERSONS; person++) {
      const from = frame * PERSONS + person;
      if (walk.sheet[from] === NOT_PRESENT) continue;
      expect(trajectory.person[row]).toBe(person);
      expect(Math.abs(trajectory.x[row]! - walk.x[from]!)).toBeLessThanOrEqual(0.0005 + 1e-12);
      expect(Math.abs(trajectory.y[row]! - walk.y[from]!)).toBeLessThanOrEqual(0.0005 + 1e-12);
      expect(Math.abs(trajectory.chestLoad![row]! - walk.chestLoad[from]!)).toBeLessThanOrEqual(0.5);
      expect([trajectory.sheet[row], trajectory.state![row]]).toEqual([walk.sheet[from], walk.state[from]]);
      row++;
    }
  }
  expect(trajectory.person.length).toBe(row);
});

test('inspectFrames lists the chunks end to end', () => {
  const { frames } = writeRun();
  const entries = inspectFrames(frames);
  expect(entries.length).toBe(FRAMES / CHUNK);
  let offset = 0;
  entries.forEach((entry, i) => {
    expect(entry).toEqual({
      index: i,
      offset,
      bytes: entry.bytes,
      firstFrame: i * CHUNK,
      frameCount: CHUNK,
      personCount: PERSONS,
      ok: true,
    });
    offset += entry.bytes;
  });
  expect(offset).toBe(frames.length);
});

test('a flipped byte anywhere loses its chunk alone, and that chunk is named with its frames', () => {
  const { run, frames, events } = writeRun();
  const whole = readTrace({ run, frames, events }).trace!;
  const entries = inspectFrames(frames);
  for (let at = 0; at < frames.length; at++) {
    const hurt = entries.findIndex((entry) => at < entry.offset + entry.bytes);
    const broken = frames.slice();
    broken[at]! ^= 1 << (at % 8);
    const { trace, issues } = readTrace({ run, frames: broken, events });
    const first = hurt * CHUNK;
    const isLast = hurt === entries.length - 1;
    expect(issues.length).toBe(1);
    // The last chunk's frames are not known when its header is what was hurt: nothing comes after it.
    const named =
      isLast && at - entries[hurt]!.offset < 56
        ? `frames.bin chunk ${hurt} (from frame ${first}, byte ${entries[hurt]!.offset}): `
        : `frames.bin chunk ${hurt} (frames ${first}–${first + CHUNK - 1}, byte ${entries[hurt]!.offset}): `;
    expect(trace!.damage[0]!.startsWith(named), `byte ${at}: ${trace!.damage[0]}`).toBe(true);
    expect(trace!.damage[0]).toMatch(/, lost$/);
    expect(issues[0]!.severity).toBe('warning');
    const others = (frame: number): boolean => Math.floor(frame / CHUNK) !== hurt;
    expect(rowsOf(trace!.trajectory, () => true)).toEqual(rowsOf(whole.trajectory, others));
  }
});

test('a file cut at any byte keeps all its whole chunks and names the torn one', () => {
  const { run, frames, events } = writeRun();
  const whole = readTrace({ run, frames, events }).trace!;
  const entries = inspectFrames(frames);
  for (let length = 0; length <= frames.length; length++) {
    const { trace, issues } = readTrace({ run, frames: frames.slice(0, length), events });
    const kept = entries.filter((entry) => entry.offset + entry.bytes <= length).length;
    expect(rowsOf(trace!.trajectory, () => true)).toEqual(rowsOf(whole.trajectory, (f) => f < kept * CHUNK));
    const atEdge = length === 0 || entries.some((entry) => entry.offset + entry.bytes === length);
    expect(issues.map((issue) => issue.code)).toEqual(atEdge ? [] : ['frames-torn']);
    if (!atEdge) expect(trace!.damage[0]).toContain(`chunk ${kept} `);
  }
});

test('an event file cut at any byte keeps all its whole lines and names the torn one', () => {
  const { run, frames, events } = writeRun();
  const text = new TextDecoder().decode(events);
  for (let length = 0; length <= events.length; length++) {
    const { trace, issues } = readTrace({ run, frames, events: events.slice(0, length) });
    const lines = new TextDecoder().decode(events.slice(0, length)).split('\n').length - 1;
    expect(trace!.events).toEqual(EVENTS.slice(0, lines));
    const atEdge = length === 0 || events[length - 1] === 10;
    expect(issues.map((issue) => issue.code)).toEqual(atEdge ? [] : ['events-torn']);
    if (!atEdge) expect(trace!.damage[0]).toContain(`events.ndjson line ${lines + 1} (byte `);
  }
  expect(text.endsWith('\n')).toBe(true);
});

test('bytes lost or put in within a chunk lose that chunk alone: the reader finds the next one', () => {
  const { run, frames, events } = writeRun();
  const whole = readTrace({ run, frames, events }).trace!;
  const entries = inspectFrames(frames);
  for (const at of [3, 40, CHUNK_HEADER_BYTES + 5]) {
    const from = entries[2]!.offset + at;
    for (const change of [-3, -1, 1, 4]) {
      const broken =
        change < 0
          ? new Uint8Array([...frames.slice(0, from), ...frames.slice(from - change)])
          : new Uint8Array([...frames.slice(0, from), ...new Uint8Array(change).fill(0x43), ...frames.slice(from)]);
      const { trace } = readTrace({ run, frames: broken, events });
      expect(trace!.damage.join()).toContain('frames 20–29');
      expect(rowsOf(trace!.trajectory, () => true)).toEqual(
        rowsOf(whole.trajectory, (frame) => Math.floor(frame / CHUNK) !== 2),
      );
    }
  }
});

test('a chunk taken out is missed, a chunk put in twice is refused, and both are named', () => {
  const { run, frames, events } = writeRun();
  const [a, b, c] = inspectFrames(frames);
  const cut = new Uint8Array([...frames.slice(0, b!.offset), ...frames.slice(c!.offset)]);
  expect(readTrace({ run, frames: cut, events }).trace!.damage).toEqual([
    `frames.bin has no frames 10–19 (before chunk 1, byte ${b!.offset})`,
  ]);
  const twice = new Uint8Array([...frames.slice(0, a!.bytes), ...frames]);
  const { trace } = readTrace({ run, frames: twice, events });
  expect(trace!.damage).toEqual([
    `frames.bin chunk 1 (frames 0–9, byte ${a!.bytes}): holds frames that came before (the next due is 10), lost`,
  ]);
  expect(trace!.trajectory).toEqual(readTrace({ run, frames, events }).trace!.trajectory);
});

test('a finished run whose frames end a second early says so even when the cut is between chunks', () => {
  const header = makeHeader(PERSONS, { outcome: 'everyone-out', endTime: 5.9, stateHash: 'ab' });
  const { run, frames, events } = writeRun(header);
  expect(readTrace({ run, frames, events }).issues).toEqual([]);
  const cut = frames.slice(0, inspectFrames(frames)[4]!.offset);
  expect(readTrace({ run, frames: cut, events }).trace!.damage).toEqual([
    'frames.bin ends before frame 40, but run.json says that the run ended at 5.9 s',
  ]);
});

/** The first chunk with some header fields changed and its checksums made right again. */
function forge(frames: Uint8Array, change: (view: DataView) => void): Uint8Array {
  const bytes = frames.slice(0, inspectFrames(frames)[0]!.bytes);
  const view = new DataView(bytes.buffer);
  change(view);
  view.setUint32(52, crc32(bytes.subarray(0, 52)), true);
  view.setUint32(56, crc32(bytes.subarray(CHUNK_HEADER_BYTES), crc32(bytes.subarray(0, 56))), true);
  return bytes;
}

test('a header that claims more than its payload can hold is refused by name before anything is allocated', () => {
  const { run, frames, events } = writeRun();
  const claims: [(view: DataView) => void, RegExp][] = [
    [(view) => view.setUint32(16, 4_000_000_000, true), /claims 10 frames of 4000000000 persons/],
    [(view) => view.setUint32(12, 4_000_000_000, true), /claims 4000000000 frames/],
    [(view) => view.setUint32(24, 4_000_000_000, true), /claims 4000000000 bytes for 90 rows/],
    [(view) => view.setUint32(8, 4_294_967_290, true), /beyond 2³¹/],
    [(view) => view.setUint32(12, 0, true), /no frames/],
    [(view) => view.setUint8(4, 2), /version 2/],
    [(view) => view.setUint32(28, 0, true), /0 steps/],
    [(view) => view.setFloat64(32, Number.NaN, true), /origin/],
    [
      (view) => {
        // 10 GB of rows that a payload of some hundred bytes cannot deflate.
        view.setUint32(16, 3_000_000, true);
        view.setUint32(24, 150_000_000, true);
      },
      /inflate to 150000000/,
    ],
    [(view) => view.setUint32(12, 9, true), /does not hold what the header says/],
    [(view) => view.setUint8(5, 255), /^$/],
  ];
  for (const [change, reason] of claims) {
    const forged = forge(frames, change);
    const damage = readTrace({ run, frames: forged, events }).trace!.damage.join();
    if (reason.source === '^$') expect(damage).toBe('');
    else expect(damage).toMatch(reason);
  }
  // A payload length beyond the file is a torn chunk.
  const torn = forge(frames, (view) => view.setUint32(20, 4_000_000_000, true));
  expect(readTrace({ run, frames: torn, events }).trace!.damage.join()).toMatch(/torn/);
});

test('a chunk of another run (other persons, unknown sheet) is refused', () => {
  const { frames, events, run } = writeRun();
  const other = encodeRunHeader(makeHeader(PERSONS + 1));
  expect(readTrace({ run: other, frames, events }).trace!.damage[0]).toContain(
    'holds 9 persons where run.json names 10',
  );
  const oneSheet = encodeRunHeader({ ...decodeRunHeader(run).header!, sheets: makeHeader(1).sheets.slice(0, 1) });
  expect(readTrace({ run: oneSheet, frames, events }).trace!.damage.join()).toContain(
    'on sheet 1 where run.json names 1',
  );
});

test('no bytes at all make the readers throw', () => {
  const { run, frames, events } = writeRun();
  for (let seed = 0; seed < 300; seed++) {
    const broken = frames.slice();
    const lines = events.slice();
    for (let i = 0; i < 1 + (seed % 40); i++) {
      broken[randomUint32(seed, 1, i, 0) % broken.length] = randomUint32(seed, 2, i, 0);
      lines[randomUint32(seed, 3, i, 0) % lines.length] = randomUint32(seed, 4, i, 0);
    }
    const { trace } = readTrace({ run, frames: broken, events: lines });
    expect(trace!.trajectory.frameStart.length).toBe(trace!.trajectory.frameCount + 1);
    // Past the checksums too: the decoder alone on bytes whose checksums were made right.
    const forged = forge(frames, (view) => {
      const at = CHUNK_HEADER_BYTES + (randomUint32(seed, 5, 0, 0) % (view.byteLength - CHUNK_HEADER_BYTES));
      view.setUint8(at, randomUint32(seed, 6, 0, 0) & 255);
    });
    const result = decodeChunk(forged, 0);
    expect(result.block !== undefined || result.reason !== undefined).toBe(true);
  }
});

test('chunks that claim each other are given up before the work becomes quadratic', () => {
  const { frames } = writeRun();
  const one = frames.slice(0, CHUNK_HEADER_BYTES);
  const count = 20_000;
  const bytes = new Uint8Array(count * CHUNK_HEADER_BYTES);
  for (let i = 0; i < count; i++) {
    const header = one.slice();
    const view = new DataView(header.buffer);
    view.setUint32(20, Math.max(400, (count - i - 1) * CHUNK_HEADER_BYTES - 7), true);
    view.setUint32(52, crc32(header.subarray(0, 52)), true);
    bytes.set(header, i * CHUNK_HEADER_BYTES);
  }
  const start = performance.now();
  const entries = inspectFrames(bytes);
  expect(performance.now() - start).toBeLessThan(2000);
  expect(entries.some((entry) => entry.ok)).toBe(false);
  expect(entries[entries.length - 1]!.reason).toMatch(/overlapping/);
});

test('wrong event lines are named one by one and the others are kept', () => {
  const { run, frames } = writeRun();
  const lines = [
    '{"t":0,"type":"run-started","persons":3}',
    '{"t":1,"type":"door-forced","door":"d"}',
    'not json',
    '{"t":1,"type":"door-eaten","door":"d"}',
    '{"type":"run-resumed"}',
    '[]',
    '{"t":9,"type":"run-resumed"}',
  ];
  const events = new TextEncoder().encode(`${lines.join('\n')}\n`);
  const { trace } = readTrace({ run, frames, events });
  expect(trace!.events.map((event) => event.t)).toEqual([0, 9]);
  expect(trace!.damage.map((text) => text.replace(/ \(byte \d+\)/, ''))).toEqual([
    'events.ndjson line 2: (door-forced) should have a number "force", lost',
    'events.ndjson line 3: is not JSON, lost',
    'events.ndjson line 4: has a type that is not known: "door-eaten", lost',
    'events.ndjson line 5: has no time t, lost',
    'events.ndjson line 6: is not an event, lost',
  ]);
});

test('every second frame makes half the frame rate, and too many rows are refused with the way out', () => {
  const { run, frames, events } = writeRun();
  const all = readTrace({ run, frames, events }).trace!.trajectory;
  const half = readTrace({ run, frames, events }, { every: 4 }).trace!.trajectory;
  expect([half.frameRate, half.frameCount]).toEqual([2.5, 15]);
  expect(rowsOf(half, () => true)).toEqual(
    rowsOf(all, (frame) => frame % 4 === 0).map(([frame, ...rest]) => [frame! / 4, ...rest]),
  );
  const { trace, issues } = readTrace({ run, frames, events }, { rowsMax: 200 });
  expect(trace).toBe(undefined);
  expect(issues[0]!.message).toContain('read every 3th frame');
});

test('a broken run.json is told whole, and there is no trace', () => {
  const { frames, events } = writeRun();
  const read = (text: string) => readTrace({ run: new TextEncoder().encode(text), frames, events });
  expect(read('{').issues[0]!.code).toBe('run-header-not-json');
  expect(read('[]').issues[0]!.message).toContain('should be an object');
  expect(read('{"format":"crashbar-run","version":3}').issues.map((issue) => issue.path)).toEqual(['run.json version']);
  const header = {
    ...makeHeader(2),
    seed: -1,
    frameRate: 'ten',
    sheets: [{ id: 3, kind: 'roof', plane: [0, 0], polygons: [[[[0, 0]]]] }],
    portals: [{ ...makeHeader(2).portals[0], sheet: 1, areas: ['a'] }],
    persons: [{}],
  };
  const { trace, issues } = read(JSON.stringify(header));
  expect(trace).toBe(undefined);
  expect(issues.map((issue) => issue.path.replace('run.json ', ''))).toEqual([
    'seed',
    'frameRate',
    'sheets[0].id',
    'sheets[0].kind',
    'sheets[0].plane',
    'sheets[0].polygons[0][0]',
    'portals[0].sheet',
    'portals[0].areas',
    'persons[0].population',
    'persons[0].profile',
    'persons[0].radius',
    'persons[0].mass',
    'persons[0].freeSpeed',
  ]);
  for (const issue of issues) expect(issue.severity).toBe('error');
  const many = JSON.stringify({ ...makeHeader(0), persons: Array(500).fill(7) });
  expect(read(many).issues.length).toBe(101);
  expect(read(many).issues[100]!.message).toContain('400 more');
});
