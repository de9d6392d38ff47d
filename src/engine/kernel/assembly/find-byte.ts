/** The first of the bytes `from` … `count − 1` of `bytes` that is not 0, or with `marked` false that is; `count` where there is none. */
export function findByte(bytes: usize, from: i32, count: i32, marked: bool): i32 {
  let i = from;
  while (i + 16 <= count) {
    const isZero = i8x16.eq(v128.load(bytes + <usize>i), i8x16.splat(0));
    const found = i8x16.bitmask(marked ? v128.not(isZero) : isZero);
    if (found != 0) return i + ctz<i32>(found);
    i += 16;
  }
  while (i < count && (load<u8>(bytes + <usize>i) != 0) != marked) i++;
  return i;
}
