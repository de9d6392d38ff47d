/**
 * How one number, motivation (0 polite … 0.5 hurried … 1 desperate), moves time gap, push and speed together.
 * Linear between the three settings that the door and corridor flows were measured with (docs/science.md):
 * time gap 0.87 / 0.5 / 0.12 s, push 0 / 100 / 300 N, speed × 1 / 1.8⁄1.34 / 2.5⁄1.34.
 */

function between(motivation: number, calm: number, hurried: number, desperate: number): number {
  const share = 2 * Math.min(1, Math.max(0, motivation));
  return share <= 1 ? calm + (hurried - calm) * share : hurried + (desperate - hurried) * (share - 1);
}

/** T of the optimal-velocity law [s], 0.87 … 0.12. */
export function timeGapOf(motivation: number): number {
  return between(motivation, 0.87, 0.5, 0.12);
}

/** Floor friction that carries a person's push [–]; our choice within 0.5 … 0.6 of shoe on floor, wet or crowded. */
const FLOOR_FRICTION = 0.5;
const GRAVITY = 9.81;

/**
 * Force with which somebody of `PUSH_MASS` pushes who is calm, hurried, desperate [N]; design values, nobody has measured them.
 */
export const PUSH = { calm: 0, hurried: 100, desperate: 300 } as const;
export type PushForces = { readonly [K in keyof typeof PUSH]: number };
/** Mass of the adult for whom these forces are meant [kg]; strength goes with mass. */
const PUSH_MASS = 76;

/** Force with which somebody blocked for more than a second pushes [N], 0 … 300 for an adult, at most what the floor carries. */
export function pushOf(motivation: number, mass: number, forces: PushForces = PUSH): number {
  const force = between(motivation, forces.calm, forces.hurried, forces.desperate);
  return Math.min((force * mass) / PUSH_MASS, FLOOR_FRICTION * mass * GRAVITY);
}

/** Share of the time in which somebody blocked really pushes [–]; 0.2 … 0.5 where nobody is desperate (docs/science.md), a design value. */
export function pushShareOf(motivation: number): number {
  return between(motivation, 0.45, 0.45, 1);
}

/** Factor on the calm free speed, 1 … 1.87. */
export function speedFactorOf(motivation: number): number {
  return between(motivation, 1, 1.8 / 1.34, 2.5 / 1.34);
}
