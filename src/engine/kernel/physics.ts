/**
 * Parameters of locomotion and contact, one set for every scene. What each was fitted on is said beside it.
 * Sources: Xu, Chraibi, Seyfried 2021 (anticipation velocity model, doi:10.1016/j.trc.2021.103464); Helbing, Farkas, Vicsek 2000
 * (contact forces, doi:10.1038/35035023); docs/science.md.
 */
export const PHYSICS = {
  /** k, stiffness of a contact [N/m]; fitted, with 9 mm of clothing on the radii, to the two density–load pairs of Itaewon (2.2 kN at 9 /m², 5.5 kN at 11 /m²). */
  stiffness: 80_000,
  /** Damping as a share of √(k·m): c = min(0.6·√(k·m), 0.25·m/h) [–]; our choice: no rebound, stable. */
  dampingShare: 0.6,
  /** Upper bound of c and of the sliding coefficient as a share of m/h [–]; stability of the explicit step. */
  capShare: 0.25,
  /** μ, Coulomb friction between bodies and with walls [–]. */
  friction: 0.3,
  /** Sliding coefficient below the Coulomb limit [kg/s]; fitted on door flows (225 … 900 change hurried flow by 20–27 %). */
  slideDamping: 450,
  /** τ, relaxation towards the wish [s]; published range 0.3 … 0.5. A start from standstill costs just this long. */
  relaxTime: 0.3,
  /** No person is faster [m/s]: a guard, above any running speed. */
  speedCap: 6,
  /** Distance from a wall which no person's centre goes below [m]: a guard behind the contact force. */
  clearance: 0.02,
  /** Time constant of the low pass on the chest load [s]. */
  loadTime: 0.5,
  /** α, D, t_a, τ_r of anticipation steering; the published defaults but for t_a (1 s), fitted on counterflow at 2 /m². */
  steerStrength: 8,
  steerRange: 0.1,
  anticipation: 0.7,
  turnShare: 0.3,
  /** How far co-moving and oncoming neighbours are looked at [m]. */
  cutNear: 1.5,
  cutFar: 3,
  /** Gap to a wall below which nobody steers into it [m]; half the published value, for narrow passages. */
  wallBuffer: 0.05,
  /** Most that legs can accelerate, brake or push with, per mass [m/s²]: floor friction 0.5 × 9.81 (0.5 … 0.6, 370 … 440 N). */
  grip: 4.905,
  /** A closed leaf is walked up to until this far into touch [m]: a light hand, some newtons; our choice. */
  leafTouch: 0.02,
  /**
   * Half width of the lane ahead as a share of both radii [–]: shoulders turn past somebody
   * who is not straight ahead. With the calm time gap 0.87 s fitted on calm flows of 0.8 … 1.6 m and the fundamental diagram at 0.5 … 3 /m². */
  laneShare: 0.85,
  /**
   * How much of the leader's own motion counts [s]: with gap s the speed law gives max(s/T, (s + t_f·v_j)/(T + t_f)), v_j the leader's speed
   * along one's way; no steady speed changes. Fitted on calm flows of 0.8 … 1.6 m. */
  followTime: 0.4,
  /** By how much of the free speed another lane must be better than the way straight on [–]; keeps people from weaving; our choice. */
  passMargin: 0.05,
  /**
   * Oncoming people are steered round by turning right unless they come more than this to the right of one [m]; negative: by turning left, unless … left.
   * About 70 % of people take the right-hand side (Xiao et al. 2021, doi:10.1080/21680566.2020.1848660; Moussaïd et al. 2009,
   * doi:10.1098/rspb.2009.0405), here everybody. Half a shoulder breadth and some; looked at with counterflow at 2 /m² and 100 against 100 in
   * a corridor of 2 m, where 0.3 and 0.5 m do alike and 0.15 m half as well. */
  passRight: 0.3,
} as const;

export type Physics = { readonly [K in keyof typeof PHYSICS]: number };
