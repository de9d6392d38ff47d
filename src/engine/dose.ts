import { exactPow } from '../math/index.ts';

/**
 * Harm by pressure on the chest. Power law through the two points of Hopkins et al. 1993 (quoted in Lee & Hughes 2006,
 * doi:10.1016/j.aap.2006.01.001): 1112 N is lethal in 300 s, 6227 N in 15 s. These two estimates, one tolerance test and the
 * thresholds below are all there is: a casualty count is an order of magnitude, not a forecast.
 */
export const DOSE = {
  referenceLoad: 1112, // [N]
  referenceTime: 300, // [s]
  exponent: 1.739,
  /** No harm accumulates below this load [N]. */
  threshold: 600,
  /** Recovery below the threshold, while the dose is below `recoverable` [s for the whole dose; our choice]. */
  recoveryTime: 120,
  recoverable: 0.5,
  unconscious: 0.1,
  dead: 1,
  /** Ribs break: load ~ N(2550, 400) N (Kroll, Still et al. 2017). */
  fractureMean: 2550,
  fractureSd: 400,
  /** Factor on everybody's susceptibility [–]; 1 means the medians of the scenario's profiles. */
  susceptibility: 1,
} as const;

/** A dose law: `DOSE`, or it with other numbers (see `UNCERTAIN_PARAMETERS`). */
export type DoseLaw = { readonly [K in keyof typeof DOSE]: number };

/**
 * Dose after `interval` seconds at a low-passed `load` [N] of somebody of a given susceptibility (1 a grown man; the smaller the
 * weaker). 0 … 1; 1 is lethal.
 */
export function nextDose(
  dose: number,
  load: number,
  susceptibility: number,
  interval: number,
  law: DoseLaw = DOSE,
): number {
  const effective = load / (susceptibility * law.susceptibility);
  if (effective > law.threshold) {
    const rate = exactPow(effective / law.referenceLoad, law.exponent) / law.referenceTime;
    return Math.min(1, dose + interval * rate);
  }
  return dose < law.recoverable ? Math.max(0, dose - interval / law.recoveryTime) : dose;
}
