import { exactExp, exactLog, exactPow, normalCumulative, normalQuantile, randomUnit } from '../math/index.ts';
import type { Distribution } from '../scenario/index.ts';

/** Tries of a gamma draw to fall between min and max before it is cut to them. */
const TRIES = 64;

/** Draws a number for `index` (a person) from a stream of random numbers. */
export type Draw = (seed: number, purpose: number, index: number) => number;

/**
 * How one number is drawn from a distribution, always between its min and max; what is the same for everybody is worked out here.
 * Truncation is exact: normal, lognormal and Weibull by the inverse of the truncated distribution function; gamma by drawing again, up
 * to 64 times, then cut to the bounds. Deterministic in (seed, purpose, index).
 * @source gamma: Marsaglia, Tsang 2000, doi 10.1145/358407.358414
 */
export function prepareDraw(distribution: Distribution): Draw {
  if (typeof distribution === 'number') return () => distribution;
  switch (distribution.distribution) {
    case 'uniform': {
      const { min, max } = distribution;
      return (seed, purpose, index) => min + randomUnit(seed, purpose, index, 0) * (max - min);
    }
    case 'normal': {
      const { mean, sd, min = -Infinity, max = Infinity } = distribution;
      if (sd === 0) return () => clamp(mean, min, max);
      const quantile = truncatedNormal((min - mean) / sd, (max - mean) / sd);
      return (seed, purpose, index) => clamp(mean + sd * quantile(randomUnit(seed, purpose, index, 0)), min, max);
    }
    case 'lognormal': {
      const { median, sigma, min = 0, max = Infinity } = distribution;
      if (sigma === 0) return () => clamp(median, min, max);
      const low = min > 0 ? exactLog(min / median) / sigma : -Infinity;
      const high = max < Infinity ? (max > 0 ? exactLog(max / median) / sigma : -Infinity) : Infinity;
      const quantile = truncatedNormal(low, high);
      return (seed, purpose, index) =>
        clamp(median * exactExp(sigma * quantile(randomUnit(seed, purpose, index, 0))), min, max);
    }
    case 'weibull': {
      const { scale, shape, min = 0, max = Infinity } = distribution;
      const survival = (x: number): number => (x <= 0 ? 1 : x === Infinity ? 0 : exactExp(-exactPow(x / scale, shape)));
      const top = survival(min);
      const bottom = survival(max);
      return (seed, purpose, index) => {
        const s = bottom + (1 - randomUnit(seed, purpose, index, 0)) * (top - bottom);
        return clamp(s > 0 ? scale * exactPow(-exactLog(s), 1 / shape) : scale, min, max);
      };
    }
    case 'gamma': {
      const { shape, scale, min = 0, max = Infinity } = distribution;
      return (seed, purpose, index) => {
        let value = shape * scale;
        for (let attempt = 0; attempt < TRIES; attempt++) {
          value = scale * drawGamma(shape, seed, purpose, index, 1 + 64 * attempt);
          if (value >= min && value <= max) break;
        }
        return clamp(value, min, max);
      };
    }
  }
}

/** One number from a distribution; for more than one `prepareDraw`. */
export function drawDistribution(distribution: Distribution, seed: number, purpose: number, index: number): number {
  return prepareDraw(distribution)(seed, purpose, index);
}

/** Standard normal between low and high as a function of u in (0, 1). */
export function truncatedNormal(low: number, high: number): (u: number) => number {
  if (low === -Infinity && high === Infinity) return normalQuantile;
  // In the upper tail work on the mirrored side, where the distribution function has not run into 1.
  if (low > 0) {
    const mirrored = truncatedNormal(-high, -low);
    return (u) => -mirrored(1 - u);
  }
  const below = low === -Infinity ? 0 : normalCumulative(low);
  const between = (high === Infinity ? 1 : normalCumulative(high)) - below;
  return (u) => {
    const p = below + u * between;
    return clamp(p > 0 && p < 1 ? normalQuantile(p) : 0, low, high);
  };
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
