/** How many of `count` rows of `bytes` bytes each at `rows` are, from the first on and without a gap, equal to the first. */
export function sameRows(rows: usize, bytes: i32, count: i32): i32 {
  if (count <= 1 || bytes == 0) return count;
  // each row equals the one before it as long as each byte equals the one a row before it
  const length = <usize>bytes * <usize>(count - 1);
  let k: usize = 0;
  for (; k + 16 <= length; k += 16) {
    if (v128.any_true(v128.xor(v128.load(rows + k), v128.load(rows + k + <usize>bytes)))) break;
  }
  while (k < length && load<u8>(rows + k) == load<u8>(rows + k + <usize>bytes)) k++;
  return 1 + <i32>(k / <usize>bytes);
}
