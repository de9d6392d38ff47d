import { assert } from './assert.ts';

/**
 * Elementary functions from + − × ÷ √ in f64 alone, so that their bits are the same on every host (the last bit of
 * `Math.exp` and its like is each engine's choice). Each reduces its argument with a constant split into parts that
 * multiply exactly, then sums a Taylor series by Horner's rule. Errors are those measured in `exact.test.ts` against
 * `Math.*` (V8's fdlibm, itself within 1 ulp).
 */

// Splits of constants: the high parts have so many trailing zero bits that their product with the integer is exact.
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487959506e-21;
const PI_HIGH = Math.PI;
const PI_LOW = 1.2246467991473532e-16;
/** atan(i / 4) as a sum of two numbers. */
const ATAN_HIGH = [0, 0.24497866312686414, 0.4636476090008061, 0.6435011087932844, 0.7853981633974483] as const;
const ATAN_LOW = [
  0, 1.0698755618734451e-17, 2.2698777452961687e-17, 1.5834785051444286e-17, 3.061616997868383e-17,
] as const;

/** 2^(i − 1074), every power of two that a f64 can hold. */
const POWERS_OF_TWO = /* @__PURE__ */ makePowersOfTwo();
function makePowersOfTwo(): Float64Array {
  const powers = new Float64Array(2098);
  powers[0] = Number.MIN_VALUE;
  for (let i = 1; i < powers.length; i++) powers[i] = powers[i - 1]! * 2;
  return powers;
}

/** x · 2^exponent, rounded once. */
function scale(x: number, exponent: number): number {
  if (exponent > 1023) return x * POWERS_OF_TWO[2097]! * POWERS_OF_TWO[Math.min(exponent - 1023, 1023) + 1074]!;
  if (exponent < -1022) return x * POWERS_OF_TWO[52]! * POWERS_OF_TWO[Math.max(exponent + 1022, -1074) + 1074]!;
  return x * POWERS_OF_TWO[exponent + 1074]!;
}

/** eˣ; ∞ above 709.78, 0 below −745.13, NaN for NaN. Error below 2 ulp (subnormal results: 1 subnormal step). */
export function exactExp(x: number): number {
  if (!(x < 709.782712893384)) return x > 0 ? Infinity : x;
  if (x < -745.1332191019412) return 0;
  const k = Math.floor(x * Math.LOG2E + 0.5);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const error = high - r - low;
  // eʳ − 1 − r = r²/2! + r³/3! + … + r¹³/13! for |r| ≤ ln 2 / 2
  let sum = 1 / 6227020800;
  sum = sum * r + 1 / 479001600;
  sum = sum * r + 1 / 39916800;
  sum = sum * r + 1 / 3628800;
  sum = sum * r + 1 / 362880;
  sum = sum * r + 1 / 40320;
  sum = sum * r + 1 / 5040;
  sum = sum * r + 1 / 720;
  sum = sum * r + 1 / 120;
  sum = sum * r + 1 / 24;
  sum = sum * r + 1 / 6;
  sum = sum * r + 0.5;
  return scale(1 + (r + (error + sum * r * r)), k);
}

/** Scratch of one call, to take a number's exponent apart. */
const SPLIT = new DataView(new ArrayBuffer(8));

/** Natural logarithm; −∞ for 0, NaN for x < 0 and NaN. Error below 2 ulp. */
export function exactLog(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  let k = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984;
    k = -54;
  }
  SPLIT.setFloat64(0, x);
  const head = SPLIT.getUint32(0);
  k += (head >>> 20) - 1023;
  SPLIT.setUint32(0, (head & 0xfffff) | 0x3ff00000);
  let m = SPLIT.getFloat64(0);
  if (m > Math.SQRT2) {
    m *= 0.5;
    k += 1;
  }
  // log(1 + f) = 2 atanh s = f − (f²/2 − s (f²/2 + rest)), s = f / (2 + f), rest = 2 s²/3 + 2 s⁴/5 + …
  const f = m - 1;
  const s = f / (2 + f);
  const s2 = s * s;
  let sum = 2 / 25;
  sum = sum * s2 + 2 / 23;
  sum = sum * s2 + 2 / 21;
  sum = sum * s2 + 2 / 19;
  sum = sum * s2 + 2 / 17;
  sum = sum * s2 + 2 / 15;
  sum = sum * s2 + 2 / 13;
  sum = sum * s2 + 2 / 11;
  sum = sum * s2 + 2 / 9;
  sum = sum * s2 + 2 / 7;
  sum = sum * s2 + 2 / 5;
  sum = sum * s2 + 2 / 3;
  const halfSquare = 0.5 * f * f;
  const correction = s * (halfSquare + sum * s2);
  if (k === 0) return f - (halfSquare - correction);
  return k * LN2_HIGH - (halfSquare - (correction + k * LN2_LOW) - f);
}

/** sin(r + low) for |r| ≤ π/4, |low| tiny. */
function sinePart(r: number, low: number): number {
  const r2 = r * r;
  let sum = 1 / 355687428096000;
  sum = sum * r2 - 1 / 1307674368000;
  sum = sum * r2 + 1 / 6227020800;
  sum = sum * r2 - 1 / 39916800;
  sum = sum * r2 + 1 / 362880;
  sum = sum * r2 - 1 / 5040;
  sum = sum * r2 + 1 / 120;
  sum = sum * r2 - 1 / 6;
  return r + (sum * r2 * r + low * (1 - 0.5 * r2));
}

/** cos(r + low) for |r| ≤ π/4, |low| tiny. */
function cosinePart(r: number, low: number): number {
  const r2 = r * r;
  let sum = -1 / 6402373705728000;
  sum = sum * r2 + 1 / 20922789888000;
  sum = sum * r2 - 1 / 87178291200;
  sum = sum * r2 + 1 / 479001600;
  sum = sum * r2 - 1 / 3628800;
  sum = sum * r2 + 1 / 40320;
  sum = sum * r2 - 1 / 720;
  sum = sum * r2 + 1 / 24;
  const half = 0.5 * r2;
  const head = 1 - half;
  return head + (1 - head - half + (sum * r2 * r2 - r * low));
}

/** sin(x + quarters · π/2). */
function sineOfQuarter(x: number, quarters: number): number {
  if (!(Math.abs(x) <= 1e6)) {
    assert(!(Math.abs(x) < Infinity), `exactSin and exactCos take angles of −1e6 … 1e6 rad, found ${x}`);
    return NaN;
  }
  const n = Math.floor(x * 0.6366197723675814 + 0.5);
  // The first product and difference are exact; the second product too, its difference is kept with its error.
  const a = x - n * HALF_PI_1;
  const b = n * HALF_PI_2;
  const r = a - b;
  const back = a - r;
  const error = back - b + (a - (r + back));
  const low = error - n * HALF_PI_3;
  const quadrant = (n + quarters) & 3;
  const value = quadrant & 1 ? cosinePart(r, low) : sinePart(r, low);
  return quadrant & 2 ? -value : value;
}

/**
 * Sine of x [rad], |x| ≤ 1e6; NaN for NaN and ±∞. Error below 2 ulp.
 * @throws when 1e6 < |x| < ∞: such an angle is a programmer's mistake here.
 */
export function exactSin(x: number): number {
  // Below 2⁻²⁷ sin x = x to the last bit; keeps −0.
  return Math.abs(x) < 7.450580596923828e-9 ? x : sineOfQuarter(x, 0);
}

/** Cosine of x [rad], |x| ≤ 1e6; NaN for NaN and ±∞. Error below 2 ulp. Throws as `exactSin`. */
export function exactCos(x: number): number {
  return sineOfQuarter(x, 1);
}

/** Angle of the vector (x, y) [rad], −π … π, signed zeros as `Math.atan2`; NaN if either is NaN. Error below 3 ulp. */
export function exactAtan2(y: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  let ay = Math.abs(y);
  let ax = Math.abs(x);
  const xNegative = x < 0 || Object.is(x, -0);
  const yNegative = y < 0 || Object.is(y, -0);
  let angle: number;
  let angleLow = 0;
  if (ay === 0) {
    angle = 0;
  } else if (ax === Infinity && ay === Infinity) {
    angle = ATAN_HIGH[4];
    angleLow = ATAN_LOW[4];
  } else {
    const swap = ay > ax;
    if (swap) [ax, ay] = [ay, ax];
    // Keeps sums and products below from over- and underflowing; powers of two, so exact unless the ratio is tiny.
    if (ax > 1e300) {
      ax *= 5.421010862427522e-20;
      ay *= 5.421010862427522e-20;
    } else if (ax < 1e-250) {
      ax *= 3.402823669209385e38;
      ay *= 3.402823669209385e38;
    }
    // atan(ay/ax) = atan(i/4) + atan t, |t| ≤ 1/8, t + t³(−1/3 + t²/5 − …)
    const step = ax === Infinity ? 0 : Math.floor((4 * ay) / ax + 0.5);
    const c = step / 4;
    const t = ax === Infinity ? 0 : (ay - c * ax) / (ax + c * ay);
    const t2 = t * t;
    let sum = -1 / 19;
    sum = sum * t2 + 1 / 17;
    sum = sum * t2 - 1 / 15;
    sum = sum * t2 + 1 / 13;
    sum = sum * t2 - 1 / 11;
    sum = sum * t2 + 1 / 9;
    sum = sum * t2 - 1 / 7;
    sum = sum * t2 + 1 / 5;
    sum = sum * t2 - 1 / 3;
    const rest = sum * t2 * t + ATAN_LOW[step]!;
    if (swap) {
      const head = PI_HIGH / 2 - ATAN_HIGH[step]!;
      const headError = PI_HIGH / 2 - head - ATAN_HIGH[step]!;
      const tail = headError + PI_LOW / 2 - rest;
      angle = head - t;
      angleLow = head - angle - t + tail;
    } else {
      const head = ATAN_HIGH[step]!;
      angle = head + t;
      angleLow = (step === 0 ? 0 : head - angle + t) + rest;
    }
  }
  if (xNegative) {
    const turned = PI_HIGH - angle;
    angleLow = PI_HIGH - turned - angle + (PI_LOW - angleLow);
    angle = turned;
  }
  const value = angle + angleLow;
  return yNegative ? -value : value;
}

/**
 * x to the power y, for x ≥ 0 (NaN for x < 0 unless y is an integer of −64 … 64, which multiplies).
 * Relative error below 2.3e-16 · (3 + |y ln x|), for integers |y| ≤ 64 below 1.2e-16 · (|y| + 1).
 */
export function exactPow(x: number, y: number): number {
  if (y === Math.floor(y) && Math.abs(y) <= 64) {
    let power = 1;
    let base = x;
    for (let n = Math.abs(y); n > 0; n = Math.floor(n / 2)) {
      if (n % 2 === 1) power *= base;
      base *= base;
    }
    return y < 0 ? 1 / power : power;
  }
  if (x === 0) return y > 0 ? 0 : y < 0 ? Infinity : NaN;
  if (x === 1) return Number.isNaN(y) ? NaN : 1;
  return exactExp(y * exactLog(x));
}

/** Density of the standard normal distribution at x. Splits x²/2 so that the error stays below 4 ulp far out. */
function normalDensity(x: number): number {
  const a = Math.abs(x);
  if (a > 39) return 0;
  const head = Math.floor(a * 16) / 16;
  return 0.3989422804014327 * exactExp(-0.5 * head * head) * exactExp(-0.5 * (a - head) * (a + head));
}

/**
 * Φ(x), the probability that a standard normal variable is below x. Relative error below 1e-14 in either tail
 * (down to x = −38; below that 0).
 * Series x + x³/3 + x⁵/15 + … times the density for |x| < 3, else Laplace's continued fraction of Mills' ratio.
 * @source Abramowitz & Stegun 1964, 26.2.11 and 26.2.14
 */
export function normalCumulative(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const a = Math.abs(x);
  if (a < 3) {
    let sum = a;
    let term = a;
    for (let i = 3; term > sum * 1e-18; i += 2) {
      term *= (a * a) / i;
      sum += term;
    }
    if (x >= 0) return 0.5 + sum * normalDensity(a);
    if (a < 1) return 0.5 - sum * normalDensity(a);
  }
  // Q(a) = density / (a + 1/(a + 2/(a + 3/(a + …)))), from the inside out; 500/a² + 40 levels are enough for a ≥ 1.
  let fraction = a;
  for (let i = Math.ceil(500 / (a * a)) + 40; i > 0; i--) fraction = a + i / fraction;
  const tail = normalDensity(a) / fraction;
  return x < 0 ? tail : 1 - tail;
}

/** Coefficients of the three rational functions of `normalQuantile`, each from the constant on. */
const MIDDLE_TOP = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
  33430.57558358813, 2509.0809287301227,
] as const;
const MIDDLE_BOTTOM = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943,
  5226.495278852854,
] as const;
const TAIL_TOP = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506,
  0.022723844989269184, 0.0007745450142783414,
] as const;
const TAIL_BOTTOM = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
] as const;
const FAR_TOP = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
] as const;
const FAR_BOTTOM = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5,
  1.421511758316446e-7, 2.0442631033899397e-15,
] as const;

type Eight = readonly [number, number, number, number, number, number, number, number];
function polynomial([a, b, c, d, e, f, g, h]: Eight, x: number): number {
  return ((((((h * x + g) * x + f) * x + e) * x + d) * x + c) * x + b) * x + a;
}

/**
 * z with Φ(z) = p, for 0 < p < 1; −∞ for 0, ∞ for 1, NaN outside. Error below 1e-15 + 1e-14 · |z|; about 50 ns.
 * @source Wichura 1988, algorithm AS 241, PPND16, doi 10.2307/2347330
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : NaN;
  // 1 − p is exact for p ≥ 0.5.
  if (p > 0.5) return -normalQuantile(1 - p);
  const below = 0.5 - p;
  if (below <= 0.425) {
    const r = 0.180625 - below * below;
    return below === 0 ? 0 : (-below * polynomial(MIDDLE_TOP, r)) / polynomial(MIDDLE_BOTTOM, r);
  }
  const r = Math.sqrt(-exactLog(p));
  if (r <= 5) return -polynomial(TAIL_TOP, r - 1.6) / polynomial(TAIL_BOTTOM, r - 1.6);
  return -polynomial(FAR_TOP, r - 5) / polynomial(FAR_BOTTOM, r - 5);
}
