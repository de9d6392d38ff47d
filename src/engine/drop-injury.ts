import { exactExp, exactPow } from '../math/index.ts';

/**
 * What a fall onto one's feet does, by its height. The forms and marks are in docs/science.md, “Drops”. [M] quoted from memory, [D] a design
 * value for which no data exist.
 */
export const DROPS = {
  /** Height of the fall at which half of those who fall die [m], and the steepness of the log-logistic law; 90 % at 25.6 m [S]. */
  halfDie: 14.6,
  dieSteepness: 3.9,
  /** Height at which half are hurt so that they cannot run [m], and over which that changes [m] [D]. */
  halfHurt: 3,
  hurtOver: 0.6,
  /** Factors on that chance of who hung by the hands first, and of who lands on somebody [1] [D]. */
  hanging: 0.6,
  ontoBody: 0.3,
  /** What hanging takes off the free fall of the feet [m]. */
  armSpan: 2,
  /** Of the hurt: shares who limp, crawl; the rest is unconscious [1] [D]. */
  limping: 0.5,
  crawling: 0.4,
  /** Speed left to those who limp and who crawl, as a share of their own [1] [D]. */
  limpSpeed: 0.6,
  crawlSpeed: 0.2,
  /** Time to climb a railing and let go, uniform [s]; without a railing [s] [D]. */
  climbMin: 2,
  climbMax: 4,
  letGo: 0.5,
  /** Time over which somebody below takes the momentum of who lands on them [s] [D]. */
  impactTime: 0.1,
} as const;

/** Free fall of the feet in a drop of `rise` [m]: less by an arm's span and a body where one hangs first; never below 0. */
export function freeFall(rise: number, hangs: boolean): number {
  return Math.max(0, rise - (hangs ? DROPS.armSpan : 0));
}

/**
 * Chance to die of a fall of `height` [m]: 1 / (1 + (14.6 m / h)^3.9). 0 … 1.
 * @source fit through half at 48 ft and nine tenths at 84 ft
 */
export function chanceToDie(height: number): number {
  return height <= 0 ? 0 : 1 / (1 + exactPow(DROPS.halfDie / height, DROPS.dieSteepness));
}

/** Chance of a leg, foot or back hurt so that one cannot run: 1 / (1 + e^−((h − 3 m) / 0.6 m)), × 0.6 hanging, × 0.3 onto a body. 0 … 1. */
export function chanceOfHurt(height: number, hangs: boolean, ontoBody: boolean): number {
  const chance = 1 / (1 + exactExp(-(height - DROPS.halfHurt) / DROPS.hurtOver));
  return chance * (hangs ? DROPS.hanging : 1) * (ontoBody ? DROPS.ontoBody : 1);
}

export type DropOutcome = 'unhurt' | 'limping' | 'crawling' | 'unconscious' | 'dead';

/** What becomes of somebody, for three draws of 0 … 1: who dies, who is hurt, how. */
export function dropOutcome(
  height: number,
  hangs: boolean,
  ontoBody: boolean,
  units: readonly [number, number, number],
): DropOutcome {
  if (units[0] < chanceToDie(height)) return 'dead';
  if (units[1] >= chanceOfHurt(height, hangs, ontoBody)) return 'unhurt';
  if (units[2] < DROPS.limping) return 'limping';
  return units[2] < DROPS.limping + DROPS.crawling ? 'crawling' : 'unconscious';
}
