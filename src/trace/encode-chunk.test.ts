import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomUnit } from '../math/index.ts';
import { CHUNK_HEADER_BYTES, createFrameBlock, type FrameBlock } from './chunk-format.ts';
import { decodeChunk } from './decode-chunk.ts';
import { encodeChunk } from './encode-chunk.ts';
import { makeWalk } from './made-up-run.ts';
import { NOT_PRESENT } from './trace.ts';

/** Largest distance of a present person's coordinate from the original; everything else must be the same. */
function compare(block: FrameBlock, bytes: Uint8Array): number {
  const { block: back, reason } = decodeChunk(bytes, 0);
  expect(reason).toBe(undefined);
  expect([back!.firstFrame, back!.frameCount, back!.personCount]).toEqual([
    block.firstFrame,
    block.frameCount,
    block.personCount,
  ]);
  let worst = 0;
  for (let row = 0; row < block.frameCount * block.personCount; row++) {
    if (back!.sheet[row] !== block.sheet[row] || back!.state[row] !== block.state[row]) return Infinity;
    if (block.sheet[row] === NOT_PRESENT) continue;
    if (Math.abs(back!.chestLoad[row]! - block.chestLoad[row]!) > 0.5) return Infinity;
    worst = Math.max(worst, Math.abs(back!.x[row]! - block.x[row]!), Math.abs(back!.y[row]! - block.y[row]!));
  }
  return worst;
}

test('any walk comes back to within half a quantum, its sheets and states exactly, its loads to half a newton', () => {
  const coordinate = fc.double({ min: -400, max: 400, noNaN: true });
  const row = fc.record({
    x: coordinate,
    y: coordinate,
    sheet: fc.constantFrom(0, 1, 7, NOT_PRESENT),
    state: fc.integer({ min: 0, max: 255 }),
    chestLoad: fc.double({ min: 0, max: 20_000, noNaN: true }),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.array(row, { minLength: 0, maxLength: 60 }),
      fc.integer({ min: 0, max: 1e9 }),
      fc.constantFrom(1, 10, 1000, 1024),
      (frameCount, rows, firstFrame, steps) => {
        const personCount = Math.floor(rows.length / frameCount);
        const block = createFrameBlock(firstFrame, frameCount, personCount);
        for (let i = 0; i < frameCount * personCount; i++) {
          for (const name of ['x', 'y', 'sheet', 'state', 'chestLoad'] as const) block[name][i] = rows[i]![name];
        }
        return compare(block, encodeChunk(block, steps)) <= 0.5 / steps + 1e-12;
      },
    ),
    { numRuns: 500 },
  );
});

test('coordinates far from the origin (a national grid) come back as well', () => {
  const block = makeWalk(20, 50, 3, 5_334_000);
  // A f64 near 5e6 has steps of 1e-9.
  expect(compare(block, encodeChunk(block, 1000))).toBeLessThanOrEqual(0.0005 + 2e-9);
});

test('decoded coordinates are the decimal numbers themselves', () => {
  const block = createFrameBlock(0, 1, 2);
  block.x.set([1.234, -0.001]);
  block.y.set([8.1, 17.999]);
  const { block: back } = decodeChunk(encodeChunk(block, 1000), 0);
  expect([...back!.x, ...back!.y]).toEqual([1.234, -0.001, 8.1, 17.999]);
});

test('the same frames make the same bytes, and do not depend on what hides where nobody is', () => {
  const a = makeWalk(30, 40);
  const b = makeWalk(30, 40);
  for (let row = 0; row < b.sheet.length; row++) {
    if (b.sheet[row] !== NOT_PRESENT) continue;
    b.x[row] = 1e300;
    b.chestLoad[row] = -1e30;
  }
  expect(encodeChunk(b, 1000)).toEqual(encodeChunk(a, 1000));
});

test('a chunk of nobody, and of persons who have all left, comes back', () => {
  for (const personCount of [0, 3]) {
    const block = createFrameBlock(5, 4, personCount);
    block.sheet.fill(NOT_PRESENT);
    expect(compare(block, encodeChunk(block, 1000))).toBe(0);
  }
});

test('a present person without a place, or out of range, is a programmer error that names frame and person', () => {
  const block = makeWalk(5, 10);
  block.x[5 * 7 + 2] = Number.NaN;
  expect(() => encodeChunk(block, 1000)).toThrow(/frame 7, person 2/);
  block.x[5 * 7 + 2] = 1e7;
  expect(() => encodeChunk(block, 1000)).toThrow(/frame 7, person 2/);
});

test('smooth walks take differences of differences, jumps take differences', () => {
  const smooth = createFrameBlock(0, 50, 4);
  const jumps = createFrameBlock(0, 50, 4);
  for (let row = 0; row < 200; row++) {
    smooth.x[row] = 0.134 * Math.floor(row / 4);
    jumps.x[row] = 100 * randomUnit(1, 0, row, 0);
  }
  expect(encodeChunk(smooth, 1000)[5]! & 1).toBe(1);
  expect(encodeChunk(jumps, 1000)[5]! & 1).toBe(0);
});

test('jerky walkers take about two bytes a person and frame', () => {
  const block = makeWalk(2000, 100);
  let best = Infinity;
  let bytes: Uint8Array = new Uint8Array(0);
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    bytes = encodeChunk(block, 1000);
    best = Math.min(best, performance.now() - start);
  }
  const each = (bytes.length - CHUNK_HEADER_BYTES) / (2000 * 100);
  expect(each).toBeGreaterThan(0.5);
  expect(each).toBeLessThan(2.5);
  // Measured 130 ns a row on a plain core; a frame of 10 000 persons must not cost the run more than its own step.
  expect(best / (2000 * 100)).toBeLessThan(2e-3);
});
