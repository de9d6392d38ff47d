import { expect, test } from 'vitest';
import { blockLanes, crc32, hashBytes, hashOfBlocks, hashText, randomUint32 } from './index.ts';

function randomBytes(count: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let i = 0; i < count; i++) bytes[i] = randomUint32(seed, 0, i, 0);
  return bytes;
}

test('crc32 gives the check value of the standard', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array(0))).toBe(0);
});

test('crc32 of parts goes on where it stopped, at any cut', () => {
  const bytes = randomBytes(67, 1);
  for (let cut = 0; cut <= bytes.length; cut++) {
    expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut)))).toBe(crc32(bytes));
  }
});

test('crc32 agrees with division bit by bit', () => {
  for (let length = 0; length < 40; length++) {
    const bytes = randomBytes(length, length + 2);
    let crc = -1;
    for (const byte of bytes) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
    expect(crc32(bytes)).toBe(~crc >>> 0);
  }
});

test('hashBytes depends on the bytes alone, not on where they lie', () => {
  const bytes = randomBytes(100, 4);
  for (let offset = 0; offset < 17; offset++) {
    const moved = new Uint8Array(130);
    moved.set(bytes, offset);
    for (const length of [0, 1, 15, 16, 17, 99, 100]) {
      expect(hashBytes(moved.subarray(offset, offset + length))).toBe(hashBytes(bytes.slice(0, length)));
    }
  }
});

test('every flipped bit and every length changes the hash, half of its bits on average', () => {
  const seen = new Set<string>();
  let hashes = 0;
  let flips = 0;
  const bitCounts = new Float64Array(64);
  for (let length = 0; length <= 70; length++) {
    const bytes = randomBytes(length, 77);
    const whole = BigInt(`0x${hashBytes(bytes)}`);
    seen.add(whole.toString());
    hashes++;
    for (let bit = 0; bit < 8 * length; bit++) {
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      const value = BigInt(`0x${hashBytes(bytes)}`);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      seen.add(value.toString());
      hashes++;
      flips++;
      for (let k = 0; k < 64; k++) if (((value ^ whole) >> BigInt(k)) & 1n) bitCounts[k]! += 1;
    }
  }
  expect(seen.size).toBe(hashes);
  for (const count of bitCounts) expect(Math.abs(count / flips - 0.5)).toBeLessThan(0.02);
});

test('runs of zeros of different lengths have different hashes', () => {
  const zeros = new Uint8Array(5000);
  const seen = new Set<string>();
  for (let length = 0; length <= 5000; length++) seen.add(hashBytes(zeros.subarray(0, length)));
  expect(seen.size).toBe(5001);
});

test('differences in two words of one lane do not cancel in 32 bits (400 000 hashes, no two alike)', () => {
  const bytes = new Uint8Array(64);
  const view = new DataView(bytes.buffer);
  const seen = new Set<string>();
  for (let i = 0; i < 400_000; i++) {
    view.setUint32(0, randomUint32(1, 0, i, 0));
    view.setUint32(16, randomUint32(1, 0, i, 1));
    seen.add(hashBytes(bytes));
  }
  expect(seen.size).toBe(400_000);
});

test('the hash is the one that written files carry', () => {
  // Golden values: a change here makes every stored scenario and state hash unreadable.
  expect(hashText('')).toBe('d6e538de5caf4af4');
  expect(hashText('a')).toBe('22f74975f6895c77');
  expect(hashText('Crashbar ä → 出口, and more than sixteen bytes')).toBe('52fae56bcfa94614');
});

test('hashBytes reads hundreds of megabytes a second', () => {
  const bytes = new Uint8Array(32_000_003);
  let best = Infinity;
  for (let i = 0; i < 4; i++) {
    const start = performance.now();
    hashBytes(bytes.subarray(3));
    best = Math.min(best, performance.now() - start);
  }
  // Measured 1.2–4 GB/s; the bound leaves room for a busy machine.
  expect(bytes.length / 1e3 / best).toBeGreaterThan(100);
});

test('of a block of one stripe the lanes are those of the stripe, taken in with three sets that have taken none', () => {
  const stripe = randomBytes(16, 5);
  const fresh = blockLanes(new Uint8Array(0));
  expect(blockLanes(stripe)).not.toEqual(fresh);
  const zeros = [0, 16, 32, 48, 64].map((length) => blockLanes(new Uint8Array(length)).join());
  expect(new Set(zeros).size).toBe(5);
});

test('every flipped bit of any block changes the hash of all, and so does their order', () => {
  const blocks = [64, 16, 0, 80, 128].map((length, k) => randomBytes(length, 30 + k));
  const hashOf = (some: Uint8Array[]) =>
    hashOfBlocks(
      some.map(blockLanes),
      some.reduce((sum, { length }) => sum + length, 0),
    );
  const seen = new Set([hashOf(blocks), hashOf([...blocks].reverse()), hashOf(blocks.slice(1))]);
  for (const block of blocks) {
    for (let bit = 0; bit < 8 * block.length; bit++) {
      block[bit >> 3]! ^= 1 << (bit & 7);
      seen.add(hashOf(blocks));
      block[bit >> 3]! ^= 1 << (bit & 7);
    }
  }
  expect(seen.size).toBe(3 + 8 * (64 + 16 + 80 + 128));
});
