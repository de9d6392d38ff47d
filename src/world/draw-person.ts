import { RandomPurpose, randomUnit } from '../math/index.ts';
import type { Profile } from '../scenario/index.ts';
import { type Draw, prepareDraw, truncatedNormal } from './draw-distribution.ts';

/** What is drawn for one person, before they have a place. */
export interface PersonTraits {
  /** [m] */
  readonly radius: number;
  /** [kg] */
  readonly mass: number;
  /** [m/s] */
  readonly freeSpeed: number;
  readonly stairUp: number;
  readonly stairDown: number;
  readonly susceptibility: number;
  /** [s] */
  readonly patience: number;
  /** [s] */
  readonly preMovement: number;
  readonly motivation: number;
}

interface Body {
  readonly radius: number;
  readonly radiusSd: number;
  readonly mass: number;
  readonly massSd: number;
  /** Median of the susceptibility: divides the load that does harm. */
  readonly susceptibility: number;
}

/**
 * Bodies: radius [m] of the disc of the area of the shoulder–chest ellipse plus 9 mm of clothing, mass [kg].
 * @source men, women: ANSUR II 2012 (4082 men, 1986 women: breadth 510 ± 33 and 450 ± 29 mm, depth 254 and 247 mm);
 *   US soldiers, so other populations differ. Children: diameter ratio child : man of FDS+Evac (0.42 : 0.54, VTT 119)
 *   times the man's radius; spread and mass (35 ± 9 kg, about ten years old) are our choice and uncertain by a third.
 *   Susceptibility medians: our choice by the direction of Evans & Hayden 1971 (docs, harm).
 */
const MAN: Body = { radius: 0.189, radiusSd: 0.014, mass: 85.5, massSd: 14.2, susceptibility: 1 };
const WOMAN: Body = { radius: 0.176, radiusSd: 0.014, mass: 67.8, massSd: 11, susceptibility: 0.75 };
const CHILD: Body = { radius: 0.145, radiusSd: 0.012, mass: 35, massSd: 9, susceptibility: 0.45 };
/**
 * Over 65: bodies of men and women a little slighter (FDS+Evac diameters 0.50 elderly : 0.51 adult), mass by the same
 * ratio squared. Our choice; no measured table.
 */
const ELDERLY_SIZE = 0.5 / 0.51;
const ELDERLY_SUSCEPTIBILITY = 0.65;
const CUSTOM_SUSCEPTIBILITY = 0.87;

/** Correlation of breadth and mass in ANSUR II (0.88 men, 0.86 women). */
const CORRELATION = 0.87;
/** Bodies and susceptibilities are cut at this many standard deviations. */
const CUT = 2.5;
/** Of ln susceptibility: coefficient of variation 0.25. */
const SUSCEPTIBILITY_SIGMA = 0.24622067706923975;
/** exp(2.5 · 0.2462): 2.5 standard deviations of the logarithm. */
const SPREAD_FACTOR = 1.850677;
/** Custom bodies: nobody smaller or lighter takes part in the mechanics [m], [kg]. */
const RADIUS_MIN = 0.05;
const MASS_MIN = 5;

/** Standard normal within ± CUT. */
const cutNormal = truncatedNormal(-CUT, CUT);

/** Susceptibility of a body's median, where a profile gives none. */
function susceptibilityOf(median: number): Draw {
  const [min, max] = [median / SPREAD_FACTOR, median * SPREAD_FACTOR];
  return prepareDraw({ distribution: 'lognormal', median, sigma: SUSCEPTIBILITY_SIGMA, min, max });
}

/**
 * How persons of a profile are drawn: a function of (seed, index). In the tables 'adults' and 'elderly' half the
 * persons are men, half women, by a draw. Radius and mass of a table are bivariate normal with correlation 0.87, each cut
 * at ± 2.5 sd. Susceptibility, where the profile gives none: lognormal about the body's median (a custom body: 0.87).
 */
export function preparePerson(profile: Profile): (seed: number, index: number) => PersonTraits {
  const { body } = profile;
  const table = 'table' in body ? body.table : undefined;
  const size = table === 'elderly' ? ELDERLY_SIZE : 1;
  const custom = 'table' in body ? undefined : { radius: prepareDraw(body.radius), mass: prepareDraw(body.mass) };
  const given = profile.susceptibility === undefined ? undefined : prepareDraw(profile.susceptibility);
  const susceptibilityBy = new Map(
    [MAN.susceptibility, WOMAN.susceptibility, CHILD.susceptibility, ELDERLY_SUSCEPTIBILITY, CUSTOM_SUSCEPTIBILITY].map(
      (median) => [median, given ?? susceptibilityOf(median)],
    ),
  );
  const freeSpeed = prepareDraw(profile.freeSpeed);
  const patience = prepareDraw(profile.patience);
  const preMovement = prepareDraw(profile.preMovement);
  const motivation = prepareDraw(profile.motivation);
  return (seed, index) => {
    let radius: number;
    let mass: number;
    let median: number = CUSTOM_SUSCEPTIBILITY;
    if (custom === undefined) {
      const male = randomUnit(seed, RandomPurpose.body, index, 0) < 0.5;
      const kind =
        table === 'men' ? MAN : table === 'women' ? WOMAN : table === 'children' ? CHILD : male ? MAN : WOMAN;
      const z = cutNormal(randomUnit(seed, RandomPurpose.body, index, 1));
      const w = cutNormal(randomUnit(seed, RandomPurpose.mass, index, 0));
      const massZ = CORRELATION * z + Math.sqrt(1 - CORRELATION * CORRELATION) * w;
      radius = size * (kind.radius + kind.radiusSd * z);
      mass = size * size * (kind.mass + kind.massSd * Math.max(-CUT, Math.min(CUT, massZ)));
      median = table === 'elderly' ? ELDERLY_SUSCEPTIBILITY : kind.susceptibility;
    } else {
      radius = Math.max(RADIUS_MIN, custom.radius(seed, RandomPurpose.body, index));
      mass = Math.max(MASS_MIN, custom.mass(seed, RandomPurpose.mass, index));
    }
    const susceptibility = susceptibilityBy.get(median)!(seed, RandomPurpose.susceptibility, index);
    return {
      radius,
      mass,
      freeSpeed: Math.max(0.01, freeSpeed(seed, RandomPurpose.speed, index)),
      stairUp: profile.stairFactor.up,
      stairDown: profile.stairFactor.down,
      susceptibility: Math.max(0.01, susceptibility),
      patience: Math.max(0, patience(seed, RandomPurpose.patience, index)),
      preMovement: Math.max(0, preMovement(seed, RandomPurpose.preMovement, index)),
      motivation: Math.max(0, Math.min(1, motivation(seed, RandomPurpose.motivation, index))),
    };
  };
}

/** One person of a profile; for more than one `preparePerson`. */
export function drawPerson(profile: Profile, seed: number, index: number): PersonTraits {
  return preparePerson(profile)(seed, index);
}
