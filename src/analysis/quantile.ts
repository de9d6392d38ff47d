/**
 * Quantile of values in ascending order by linear interpolation between neighbours: position (n − 1)·share, counted
 * from 0 (Hyndman & Fan type 7, the default of R and NumPy). `share` 0 … 1. Returns NaN for no values. O(1).
 * @source Hyndman & Fan 1996, doi:10.1080/00031305.1996.10473566
 */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  const count = sorted.length;
  if (count === 0) return Number.NaN;
  const position = (count - 1) * Math.min(1, Math.max(0, share));
  const below = Math.floor(position);
  const above = Math.min(count - 1, below + 1);
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
}

/** Rounds to `digits` significant decimal digits, so that a measure's text stays short; 0 and non-finite values pass. */
export function roundSignificant(value: number, digits: number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  return Number(value.toPrecision(digits));
}
