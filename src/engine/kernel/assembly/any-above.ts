/** Whether any of the `count` numbers of a column, or of what fills up its last four, is above `limit`. */
export function anyAbove(column: usize, count: i32, limit: f32): bool {
  const limits = f32x4.splat(limit);
  for (let i = 0; i < count; i += 4) {
    if (v128.any_true(f32x4.gt(v128.load(column + (<usize>i << 2)), limits))) return true;
  }
  return false;
}
