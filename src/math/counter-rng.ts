/**
 * Random numbers without a state: Philox4x32-10, a function of (key, counter). Whoever draws says who draws, what for and
 * the how-manieth, so the order of drawing, the number of threads and a resume change nothing.
 */

/**
 * Streams of random numbers, one per purpose, so that adding a draw in one place moves nothing elsewhere.
 * Numbers are part of every run's result: extend, never renumber.
 */
export const RandomPurpose = {
  placement: 1,
  body: 2,
  speed: 3,
  preMovement: 4,
  patience: 5,
  susceptibility: 6,
  motivation: 7,
  push: 8,
  exitChoice: 9,
  profileMix: 10,
  stairSpeed: 11,
  familiarity: 12,
  perception: 13,
  route: 14,
  group: 15,
  mass: 16,
  steering: 17,
  ensemble: 18,
  doorStrength: 19,
  timing: 20,
  tryDoor: 21,
  fracture: 22,
  balance: 30,
  trip: 31,
  getUp: 32,
  climb: 34,
  stumble: 35,
  pushBurst: 33,
  signSeen: 40,
  wakeLevel: 41,
  wakeDelay: 42,
  investigate: 43,
  leave: 44,
  dwell: 45,
  hesitate: 46,
  search: 47,
  talk: 48,
  believe: 49,
  follow: 50,
  exitNoise: 51,
  trust: 52,
  lockTime: 60,
  action: 61,
  attempt: 62,
  effect: 63,
  belief: 64,
  gang: 65,
  drop: 66,
  arrival: 80,
  arrivalPlace: 81,
  branch: 82,
  serviceTime: 83,
  spot: 84,
  itineraryMix: 85,
  diversion: 86,
  importedArrival: 200,
  // 40 … 59: what people notice, hear, are told, feel; 60 … 79: doors, roles, violence; 80 … 99: arrivals and itineraries; from 200 on: at import.
} as const;

/** High 32 bits of the 64-bit product of two unsigned 32-bit numbers; every step is exact in f64. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const low = (middle & 0xffff) + aLow * bHigh;
  return aHigh * bHigh + (middle >>> 16) + (low >>> 16);
}

/**
 * Philox4x32-10: ten rounds of a keyed bijection of the 128-bit counter (c0 … c3) under the 64-bit key (k0, k1).
 * All arguments unsigned 32-bit; writes four unsigned 32-bit words to `out` [4]. Cost about 40 ns; allocates nothing.
 * @source Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3. SC'11, doi 10.1145/2063384.2063405
 */
export function philox4x32(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
  out: Uint32Array,
): void {
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, c0);
    const low0 = Math.imul(0xd2511f53, c0) >>> 0;
    const high1 = multiplyHigh(0xcd9e8d57, c2);
    const low1 = Math.imul(0xcd9e8d57, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** Scratch of one call, written before it is read: no state is kept between calls. */
const WORDS = new Uint32Array(4);

/** Key = the seed's low and high 32 bits; counter = (draw, index, purpose, 0). */
function drawWords(seed: number, purpose: number, index: number, draw: number): void {
  philox4x32(draw >>> 0, index >>> 0, purpose >>> 0, 0, seed >>> 0, (seed / 4294967296) >>> 0, WORDS);
}

/**
 * Uniform integer of 0 … 2³² − 1, a pure function of its arguments.
 * `seed` integer of 0 … 2⁵³ − 1; `purpose` of `RandomPurpose`; `index` who draws (a person, a run), `draw` the how-manieth
 * draw (or the tick): integers of 0 … 2³² − 1.
 */
export function randomUint32(seed: number, purpose: number, index: number, draw: number): number {
  drawWords(seed, purpose, index, draw);
  return WORDS[0]!;
}

/**
 * Uniform number of the open interval (0, 1), a pure function of its arguments (as `randomUint32`): the odd multiples of
 * 2⁻⁵³, so neither 0 nor 1 can come and 1 − u is exact.
 */
export function randomUnit(seed: number, purpose: number, index: number, draw: number): number {
  drawWords(seed, purpose, index, draw);
  // 26 + 26 bits, then half a step up: all exact.
  return ((WORDS[0]! >>> 6) * 67108864 + (WORDS[1]! >>> 6) + 0.5) / 4503599627370496;
}
