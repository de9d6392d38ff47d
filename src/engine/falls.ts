/**
 * Falls: who loses their balance, and what becomes of those who lie. The form of the model and its marks are in docs/science.md,
 * “Falls”. [M] quoted from memory, [D] a design value for which no data exist.
 */
export const FALLS = {
  /** ω₀ = √(g / leg length) of the extrapolated centre of mass x + v/ω₀ [1/s]; 2.9 … 3.2 (Hof 2005) [M]. */
  swayRate: 3,
  /** How far that may leave the feet before a step is needed [m]; drawn for each person from this range [M]. */
  marginLow: 0.1,
  marginHigh: 0.15,
  /** Reach of one recovery step [m] where there is room; drawn for each person [M]. */
  stepLow: 0.6,
  stepHigh: 0.7,
  /** Factor on margin and step [–]. */
  balance: 1,
  /** Time in which a lean is stepped out of [s]: one step [D]. */
  recoverTime: 0.5,
  /** Held by contacts ahead of more than this share of one's weight, nobody falls [–] [D]. */
  support: 0.3,
  /** Nor with somebody in front, nearer than this gap, who stands firm: to be leant on or held [m] [D]. */
  holdReach: 0.3,
  /** Whose own lean along the fall is below this stands firm [m]; with `holdReach` fitted on calm crowds and laboratory doors, where nobody fell [E]. */
  firmLean: 0.3,
  /** The unconscious sink when they were held by less for so long [decision intervals of 0.1 s]: the time of a free fall from standing [D]. */
  sinkTicks: 5,
  /** Hazard of tripping while over a lying body, at `tripSpeed`, with the square of the speed [1/s]; 0.02 … 0.1 [D]. */
  tripRate: 0.05,
  tripSpeed: 1.3,
  /** A lying body: a stadium this long and wide [m] [D]. */
  bodyLength: 1.7,
  bodyWidth: 0.45,
  /** Share of a weight above that rests on the chest [–] (Ibrox 1971: half). */
  chestShare: 0.5,
  /** Time constant of the low pass on that load [s], as on contacts. */
  loadTime: 0.5,
  /** A falling body strikes whom it reaches within this distance [m] along its fall, so long after [decision intervals of 0.1 s] [D]. */
  strikeReach: 0.9,
  strikeTicks: 2,
  /** Share of the wished speed kept in stepping over somebody [–], and the speed over a pile [m/s]; 0.15 … 0.25 [D]. */
  overBody: 0.4,
  overPile: 0.2,
  /** Getting up: time [s], drawn for each fall, with less than `freeLoad` [N] on the chest and fewer than `freeDensity` around [1/m²] [D]. */
  upLow: 2,
  upHigh: 4,
  freeLoad: 200,
  freeDensity: 4,
} as const;

/** Height of a body that lies [m] [D]. */
export const BODY_HEIGHT = 0.25;
/** Clearances below which one stoops, crawls, and does not get through [m], and the speeds of the first two [m/s] [D]. */
const STOOP = { clearance: 1.5, speed: 0.9 } as const;
const CRAWL = { clearance: 0.9, speed: 0.2 } as const;
const CLEARANCE_MIN = 0.45;

/**
 * Share of their speed that somebody keeps who goes over `layers` bodies under a ceiling [m]: over one 0.4, over more 0.2 m/s; less where what the pile leaves of
 * the height (0.25 m a body) makes one stoop or crawl, and 0 where it is below 0.45 m. `levelSpeed` [m/s]. 0 … 1.
 */
export function paceOverBodies(layers: number, ceiling: number, levelSpeed: number, law: FallLaw = FALLS): number {
  const pace = layers === 1 ? law.overBody : Math.min(law.overBody, law.overPile / levelSpeed);
  const clearance = ceiling - BODY_HEIGHT * layers;
  if (clearance >= STOOP.clearance) return pace;
  if (clearance >= CRAWL.clearance) return Math.min(pace, STOOP.speed / levelSpeed);
  return clearance >= CLEARANCE_MIN ? Math.min(pace, CRAWL.speed / levelSpeed) : 0;
}

/** `FALLS`, or it with other numbers (see `UNCERTAIN_PARAMETERS`). */
export type FallLaw = { readonly [K in keyof typeof FALLS]: number };

const GRAVITY = 9.81;

/** Chest load of somebody under a mass [kg] of bodies lying or standing on them [N]: half of its weight. */
export function pileLoad(massAbove: number, law: FallLaw = FALLS): number {
  return law.chestShare * GRAVITY * massAbove;
}

/** Probability of tripping in `interval` seconds over a lying body at `speed` [m/s]. 0 … 1. */
export function tripChance(speed: number, interval: number, law: FallLaw = FALLS): number {
  const share = speed / law.tripSpeed;
  return Math.min(1, law.tripRate * share * share * interval);
}

/**
 * Part of a change of velocity (dvx, dvy) [m/s] from (vx, vy) that takes somebody off their feet: what is left of it without what only takes
 * away speed that they had against it (a planted foot stops with the body), and without the best share of what their legs strive for, (legX, legY) [m/s²],
 * at most `grip` for `interval` seconds. Writes two numbers to `out`.
 */
export function unsteadyChange(
  vx: number,
  vy: number,
  dvx: number,
  dvy: number,
  legX: number,
  legY: number,
  grip: number,
  interval: number,
  out: Float64Array,
): void {
  let x = dvx;
  let y = dvy;
  const against = -(x * vx + y * vy);
  if (against > 0) {
    const kept = Math.max(0, 1 - against / (x * x + y * y));
    x *= kept;
    y *= kept;
  }
  const size = Math.sqrt(legX * legX + legY * legY);
  const along = size === 0 ? 0 : (x * legX + y * legY) / size;
  if (along > 0) {
    const own = Math.min(along, interval * Math.min(size, grip));
    x -= (own * legX) / size;
    y -= (own * legY) / size;
  }
  out[0] = x;
  out[1] = y;
}

/** Whether (x, y) lies in the stadium of a body at (bx, by) along the unit vector (ux, uy). */
export function isOverBody(
  x: number,
  y: number,
  bx: number,
  by: number,
  ux: number,
  uy: number,
  law: FallLaw = FALLS,
): boolean {
  const half = (law.bodyLength - law.bodyWidth) / 2;
  const dx = x - bx;
  const dy = y - by;
  const along = Math.min(half, Math.max(-half, dx * ux + dy * uy));
  const ex = dx - along * ux;
  const ey = dy - along * uy;
  return 4 * (ex * ex + ey * ey) < law.bodyWidth * law.bodyWidth;
}
