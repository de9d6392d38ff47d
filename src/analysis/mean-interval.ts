/** Normal quantile of 0.975. */
const Z = 1.959963984540054;

/**
 * Quantile 0.975 of Student's t, so that mean ± t·s/√n is a 95 % interval: exact for one and two degrees of freedom, else by Cornish and
 * Fisher's expansion about the normal quantile, 0.15 % off for three and less for more. `degrees` ≥ 1.
 * @source Abramowitz & Stegun 1964, 26.7.5
 */
export function studentQuantile(degrees: number): number {
  if (degrees === 1) return 12.706204736432095;
  if (degrees === 2) return 4.302652729911275;
  const z2 = Z * Z;
  const terms = [
    (Z * (z2 + 1)) / 4,
    (Z * (z2 * (5 * z2 + 16) + 3)) / 96,
    (Z * (z2 * (z2 * (3 * z2 + 19) + 17) - 15)) / 384,
    (Z * (z2 * (z2 * (z2 * (79 * z2 + 776) + 1482) - 1920) - 945)) / 92160,
  ];
  return terms.reduce((sum, term, k) => sum + term / degrees ** (k + 1), Z);
}

/** Mean of `values` and half the width of its 95 % interval by Student's t; the latter is NaN for fewer than two, both for none. O(n). */
export function meanInterval(values: readonly number[]): { readonly mean: number; readonly half: number } {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count < 2) return { mean, half: Number.NaN };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, half: studentQuantile(count - 1) * Math.sqrt(squares / (count - 1) / count) };
}
