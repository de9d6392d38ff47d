import * as t from './table';

const PRIME_1: i32 = <i32>0x9e3779b1;
const PRIME_2: i32 = <i32>0x85ebca77;
const PRIME_3: i32 = <i32>0xc2b2ae3d;
const PRIME_4: i32 = 0x27d4eb2f;
const PRIME_5: i32 = 0x165667b1;

/** What a block is: `BLOCK_KINDS` of ../kernel.ts. */
const BYTES: i32 = 0;
const U8: i32 = 1;
const U16: i32 = 2;
const I16: i32 = 3;
const ZEROS: i32 = 4;

/** A step of the lanes a or b with one stripe. */
@inline function stirA(a: v128, w: v128): v128 {
  const sum = i32x4.add(a, i32x4.mul(w, i32x4.splat(PRIME_2)));
  return i32x4.mul(v128.or(i32x4.shl(sum, 13), i32x4.shr_u(sum, 19)), i32x4.splat(PRIME_1));
}
@inline function stirB(b: v128, w: v128): v128 {
  const mixed = i32x4.mul(v128.xor(b, w), i32x4.splat(PRIME_3));
  return i32x4.add(v128.or(i32x4.shl(mixed, 17), i32x4.shr_u(mixed, 15)), i32x4.splat(PRIME_4));
}

/** Four numbers from number k of a block on, each in 32 bits. */
@inline function fourOf(kind: i32, from: usize, persons: i32, k: i32): v128 {
  if (kind == BYTES) return v128.load(from + (<usize>k << 2));
  if (kind == U8) return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(from + <usize>k)));
  if (kind == U16) return i32x4.extend_low_i16x8_u(v128.load64_zero(from + (<usize>k << 1)));
  if (kind == I16) return i32x4.extend_low_i16x8_s(v128.load64_zero(from + (<usize>k << 1)));
  if (kind == ZEROS) return i32x4.splat(0);
  let four = i32x4.splat(0);
  if (k < persons) four = i32x4.replace_lane(four, 0, stairsOf(from, k));
  if (k + 1 < persons) four = i32x4.replace_lane(four, 1, stairsOf(from, k + 1));
  if (k + 2 < persons) four = i32x4.replace_lane(four, 2, stairsOf(from, k + 2));
  if (k + 3 < persons) four = i32x4.replace_lane(four, 3, stairsOf(from, k + 3));
  return four;
}
/** Share of the free speed on stairs of the k-th person of a block; `from`: twice the first, and the side. */
@inline function stairsOf(from: usize, k: i32): i32 {
  const profile = <i32>load<u16>(t.pointer(t.P_profile) + (((from >> 1) + <usize>k) << 1));
  return t.integerAt(t.pointer(t.P_stairFactors), 2 * profile + <i32>(from & 1));
}

/** `blockLanes` (src/math/hash.ts) of `words` numbers, to `lanes`. Four stripes a turn: a step of a lane waits for the one before. */
@inline function hashBlock(kind: i32, from: usize, words: i32, persons: i32, lanes: usize): void {
  let a0 = i32x4(PRIME_1 + PRIME_2, PRIME_2, 0, -PRIME_1), b0 = i32x4(PRIME_3, PRIME_3 ^ PRIME_5, PRIME_5, PRIME_4);
  let a1 = a0, a2 = a0, a3 = a0, b1 = b0, b2 = b0, b3 = b0, k = 0;
  for (; k + 16 <= words; k += 16) {
    const w0 = fourOf(kind, from, persons, k), w1 = fourOf(kind, from, persons, k + 4), w2 = fourOf(kind, from, persons, k + 8), w3 = fourOf(kind, from, persons, k + 12);
    a0 = stirA(a0, w0);
    a1 = stirA(a1, w1);
    a2 = stirA(a2, w2);
    a3 = stirA(a3, w3);
    b0 = stirB(b0, w0);
    b1 = stirB(b1, w1);
    b2 = stirB(b2, w2);
    b3 = stirB(b3, w3);
  }
  if (k < words) {
    const w = fourOf(kind, from, persons, k);
    a0 = stirA(a0, w);
    b0 = stirB(b0, w);
  }
  if (k + 4 < words) {
    const w = fourOf(kind, from, persons, k + 4);
    a1 = stirA(a1, w);
    b1 = stirB(b1, w);
  }
  if (k + 8 < words) {
    const w = fourOf(kind, from, persons, k + 8);
    a2 = stirA(a2, w);
    b2 = stirB(b2, w);
  }
  v128.store(lanes, stirA(stirA(stirA(stirA(stirA(stirA(a0, a1), b1), a2), b2), a3), b3));
  v128.store(lanes, stirB(stirB(stirB(stirB(stirB(stirB(b0, a1), b1), a2), b2), a3), b3), 16);
}

/** Lanes of the blocks `from` … `to − 1` of the state, each by itself. */
export function hashBlocks(from: i32, to: i32, unused: f32): void {
  for (let block = from; block < to; block++) {
    const row = t.pointer(t.P_blocks) + (<usize>block << 4), lanes = t.pointer(t.P_blockLanes) + (<usize>block << 5);
    const kind = load<i32>(row), start = <usize>load<u32>(row, 4), words = load<i32>(row, 8), persons = load<i32>(row, 12);
    if (kind == BYTES) hashBlock(BYTES, start, words, persons, lanes);
    else if (kind == U8) hashBlock(U8, start, words, persons, lanes);
    else if (kind == U16) hashBlock(U16, start, words, persons, lanes);
    else if (kind == I16) hashBlock(I16, start, words, persons, lanes);
    else hashBlock(kind, start, words, persons, lanes);
  }
}
