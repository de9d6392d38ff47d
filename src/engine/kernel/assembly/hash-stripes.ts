const PRIME_1: i32 = <i32>0x9e3779b1;
const PRIME_2: i32 = <i32>0x85ebca77;
const PRIME_3: i32 = <i32>0xc2b2ae3d;
const PRIME_4: i32 = 0x27d4eb2f;

/** A step of the lanes a or b with one stripe. */
@inline function stirA(a: v128, w: v128): v128 {
  const sum = i32x4.add(a, i32x4.mul(w, i32x4.splat(PRIME_2)));
  return i32x4.mul(v128.or(i32x4.shl(sum, 13), i32x4.shr_u(sum, 19)), i32x4.splat(PRIME_1));
}
@inline function stirB(b: v128, w: v128): v128 {
  const mixed = i32x4.mul(v128.xor(b, w), i32x4.splat(PRIME_3));
  return i32x4.add(v128.or(i32x4.shl(mixed, 17), i32x4.shr_u(mixed, 15)), i32x4.splat(PRIME_4));
}

/** `stirLanes` (src/math/hash.ts) of the lanes a0 … a3, b0 … b3 at `lanes`. Three times as fast as one lane after the other. */
export function hashStripes(from: usize, to: usize, lanes: usize): void {
  let a = v128.load(lanes), b = v128.load(lanes, 16);
  for (let at = from; at < to; at += 16) {
    const w = v128.load(at);
    a = stirA(a, w);
    b = stirB(b, w);
  }
  v128.store(lanes, a);
  v128.store(lanes, b, 16);
}

const U8: i32 = 0;
const U16: i32 = 1;

/** The same of `entries` numbers of 8 or 16 bits, each as if it had 32. */
export function hashNarrow(from: usize, entries: i32, kind: i32, lanes: usize): void {
  let a = v128.load(lanes), b = v128.load(lanes, 16), at = from;
  for (let k = 0; k < entries; k += 4) {
    let w: v128;
    if (kind == U8) {
      w = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)));
      at += 4;
    } else {
      const half = v128.load64_zero(at);
      w = kind == U16 ? i32x4.extend_low_i16x8_u(half) : i32x4.extend_low_i16x8_s(half);
      at += 8;
    }
    a = stirA(a, w);
    b = stirB(b, w);
  }
  v128.store(lanes, a);
  v128.store(lanes, b, 16);
}
