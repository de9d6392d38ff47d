import { expect, test } from 'vitest';
import { philox4x32, RandomPurpose, randomUint32, randomUnit } from './index.ts';

function philox(counter: number[], key: number[]): string[] {
  const out = new Uint32Array(4);
  philox4x32(counter[0]!, counter[1]!, counter[2]!, counter[3]!, key[0]!, key[1]!, out);
  return [...out].map((word) => word.toString(16).padStart(8, '0'));
}

/** Chi-square statistic of equally likely bins. */
function chiSquare(counts: ArrayLike<number>, draws: number): number {
  const expected = draws / counts.length;
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += (counts[i]! - expected) ** 2 / expected;
  return sum;
}

/** Bound that a chi-square variable of `freedom` exceeds with probability about 1e-4, and its mirror (Wilson–Hilferty). */
function chiSquareBounds(freedom: number): [number, number] {
  const v = 2 / (9 * freedom);
  const at = (z: number): number => freedom * (1 - v + z * Math.sqrt(v)) ** 3;
  return [at(-3.72), at(3.72)];
}

test('philox4x32 gives the published known answers', () => {
  // Random123 distribution, kat_vectors, philox4x32 with 10 rounds.
  expect(philox([0, 0, 0, 0], [0, 0])).toEqual(['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8']);
  const ones = 0xffffffff;
  expect(philox([ones, ones, ones, ones], [ones, ones])).toEqual(['408f276d', '41c83b0e', 'a20bc7c6', '6d5451fd']);
  expect(philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toEqual([
    'd16cfe09',
    '94fdcceb',
    '5001e420',
    '24126ea1',
  ]);
});

test('philox4x32 agrees with a second implementation in 64-bit integers', () => {
  const slow = (c: bigint[], k: bigint[]): string[] => {
    const low = 0xffffffffn;
    for (let round = 0; round < 10; round++) {
      const p0 = c[0]! * 0xd2511f53n;
      const p1 = c[2]! * 0xcd9e8d57n;
      c = [(p1 >> 32n) ^ c[1]! ^ k[0]!, p1 & low, (p0 >> 32n) ^ c[3]! ^ k[1]!, p0 & low];
      k = [(k[0]! + 0x9e3779b9n) & low, (k[1]! + 0xbb67ae85n) & low];
    }
    return c.map((word) => word.toString(16).padStart(8, '0'));
  };
  for (let i = 0; i < 2000; i++) {
    const words = [0, 1, 2, 3, 4, 5].map((draw) => randomUint32(99, 1, i, draw));
    const big = words.map(BigInt);
    expect(philox(words.slice(0, 4), words.slice(4))).toEqual(slow(big.slice(0, 4), big.slice(4)));
  }
});

test('the words of the key and the counter are seed, draw, index and purpose', () => {
  const out = new Uint32Array(4);
  philox4x32(7, 5, RandomPurpose.body, 0, 3, 2, out);
  expect(randomUint32(2 * 2 ** 32 + 3, RandomPurpose.body, 5, 7)).toBe(out[0]);
});

test('uniform numbers fill their bins evenly along every argument (chi-square, 1023 degrees)', () => {
  const draws = 1 << 18;
  const [least, most] = chiSquareBounds(1023);
  const along: Record<string, (i: number) => number> = {
    seed: (i) => randomUnit(i, 4, 2, 1),
    purpose: (i) => randomUnit(1, i, 2, 1),
    index: (i) => randomUnit(1, 4, i, 1),
    draw: (i) => randomUnit(1, 4, 2, i),
  };
  for (const [name, draw] of Object.entries(along)) {
    const counts = new Uint32Array(1024);
    for (let i = 0; i < draws; i++) {
      const bin = Math.floor(draw(i) * 1024);
      counts[bin] = counts[bin]! + 1;
    }
    const value = chiSquare(counts, draws);
    expect(value, name).toBeGreaterThan(least);
    expect(value, name).toBeLessThan(most);
  }
});

test('successive draws, and neighbouring persons, are independent in pairs (chi-square, 1023 degrees)', () => {
  const draws = 1 << 18;
  const [least, most] = chiSquareBounds(1023);
  for (const neighbour of ['draw', 'index', 'seed'] as const) {
    const counts = new Uint32Array(1024);
    for (let i = 0; i < draws; i++) {
      const a = randomUint32(1, 3, i, 0) >>> 27;
      const b =
        (neighbour === 'draw'
          ? randomUint32(1, 3, i, 1)
          : neighbour === 'index'
            ? randomUint32(1, 3, i + 1, 0)
            : randomUint32(2, 3, i, 0)) >>> 27;
      counts[a * 32 + b] = counts[a * 32 + b]! + 1;
    }
    const value = chiSquare(counts, draws);
    expect(value, neighbour).toBeGreaterThan(least);
    expect(value, neighbour).toBeLessThan(most);
  }
});

test('randomUnit has mean 1/2, variance 1/12, and never 0 or 1', () => {
  const draws = 200_000;
  let sum = 0;
  let squares = 0;
  let good = 0;
  for (let i = 0; i < draws; i++) {
    const u = randomUnit(17, RandomPurpose.speed, i, 0);
    if (u > 0 && u < 1 && 1 - (1 - u) === u) good++;
    sum += u;
    squares += (u - 0.5) ** 2;
  }
  expect(good).toBe(draws);
  expect(Math.abs(sum / draws - 0.5)).toBeLessThan((4 * Math.sqrt(1 / 12)) / Math.sqrt(draws));
  expect(Math.abs(squares / draws - 1 / 12)).toBeLessThan((4 * Math.sqrt(1 / 180)) / Math.sqrt(draws));
});

test('no two purposes share a number', () => {
  const numbers = Object.values(RandomPurpose);
  expect(new Set(numbers).size).toBe(numbers.length);
});
