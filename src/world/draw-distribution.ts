import { exactExp, exactLog, exactPow, normalCumulative, normalQuantile, randomUnit } from '../math/index.ts';
import type { Distribution } from '../scenario/index.ts';

/** Tries of a gamma draw to fall between min and max before it is cut to them. */
const TRIES = 64;

/**
 * One number from a distribution for `index` (a person), always between its min and max. Truncation is exact: normal,
 * lognormal and Weibull by the inverse of the truncated distribution function; gamma by drawing again, up to 64 times,
 * then cut to the bounds. Deterministic in (seed, purpose, index).
 * @source gamma: Marsaglia, Tsang 2000, doi 10.1145/358407.358414
 */
export function drawDistribution(distribution: Distribution, seed: number, purpose: number, index: number): number {
  if (typeof distribution === 'number') return distribution;
  const u = randomUnit(seed, purpose, index, 0);
  switch (distribution.distribution) {
    case 'uniform':
      return distribution.min + u * (distribution.max - distribution.min);
    case 'normal': {
      const { mean, sd, min = -Infinity, max = Infinity } = distribution;
      if (sd === 0) return clamp(mean, min, max);
      return clamp(mean + sd * truncatedNormal(u, (min - mean) / sd, (max - mean) / sd), min, max);
    }
    case 'lognormal': {
      const { median, sigma, min = 0, max = Infinity } = distribution;
      if (sigma === 0) return clamp(median, min, max);
      const low = min > 0 ? exactLog(min / median) / sigma : -Infinity;
      const high = max < Infinity ? (max > 0 ? exactLog(max / median) / sigma : -Infinity) : Infinity;
      return clamp(median * exactExp(sigma * truncatedNormal(u, low, high)), min, max);
    }
    case 'weibull': {
      const { scale, shape, min = 0, max = Infinity } = distribution;
      const survival = (x: number): number => (x <= 0 ? 1 : x === Infinity ? 0 : exactExp(-exactPow(x / scale, shape)));
      const top = survival(min);
      const bottom = survival(max);
      const s = bottom + (1 - u) * (top - bottom);
      if (!(s > 0)) return clamp(scale, min, max);
      return clamp(scale * exactPow(-exactLog(s), 1 / shape), min, max);
    }
    case 'gamma': {
      const { shape, scale, min = 0, max = Infinity } = distribution;
      let value = shape * scale;
      for (let attempt = 0; attempt < TRIES; attempt++) {
        value = scale * drawGamma(shape, seed, purpose, index, 1 + 64 * attempt);
        if (value >= min && value <= max) break;
      }
      return clamp(value, min, max);
    }
  }
}

/** Standard normal between low and high, from u in (0, 1). */
export function truncatedNormal(u: number, low: number, high: number): number {
  if (low === -Infinity && high === Infinity) return normalQuantile(u);
  // In the upper tail work on the mirrored side, where the distribution function has not run into 1.
  if (low > 0) return -truncatedNormal(1 - u, -high, -low);
  return normalBetween(
    u,
    low,
    high,
    low === -Infinity ? 0 : normalCumulative(low),
    high === Infinity ? 1 : normalCumulative(high),
  );
}

/** The same with the bounds' probabilities a = Φ(low), b = Φ(high) known: for bounds that are the same for everybody. */
export function normalBetween(u: number, low: number, high: number, a: number, b: number): number {
  const p = a + u * (b - a);
  if (!(p > 0 && p < 1)) return clamp(0, low, high);
  return clamp(normalQuantile(p), low, high);
}

function drawGamma(shape: number, seed: number, purpose: number, index: number, firstDraw: number): number {
  if (shape < 1) {
    const boost = exactPow(randomUnit(seed, purpose, index, firstDraw), 1 / shape);
    return boost * drawGamma(shape + 1, seed, purpose, index, firstDraw + 1);
  }
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  // 30 rejections in a row have a chance below 1e-38.
  for (let k = 0; k < 30; k++) {
    const z = normalQuantile(randomUnit(seed, purpose, index, firstDraw + 2 * k));
    const v = 1 + c * z;
    if (v <= 0) continue;
    const cube = v * v * v;
    const u = randomUnit(seed, purpose, index, firstDraw + 2 * k + 1);
    if (exactLog(u) < 0.5 * z * z + d - d * cube + d * exactLog(cube)) return d * cube;
  }
  return d;
}

function clamp(value: number, min: number, max: number): number {
  return value < min ? min : Math.min(value, max);
}
