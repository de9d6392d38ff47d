import {
  hasSight,
  PersonHarm,
  PersonPosture,
  type PersonSelector,
  PersonState,
  type World,
} from '../../world/index.ts';
import type { Engine } from '../engine.ts';
import type { Cast } from './cast.ts';

/** Nobody is looked for farther than this where a selector does not say so [m]. */
const WITHIN = 100;

/** Who walks faster than this is seen to be under way [m/s]. */
const MOVING = 0.5;

/** Height of a person's feet [m]. */
function heightOf({ sheets, views }: World, person: number): number {
  const { x, y, sheet } = views.persons;
  const { plane } = sheets[sheet[person]];
  return plane[0] + plane[1] * x[person] + plane[2] * y[person];
}

/** Distance between two persons, as the crow flies, on other floors the height between them added [m]. */
export function distanceBetween(world: World, a: number, b: number): number {
  const { x, y, sheet } = world.views.persons;
  const dx = x[b] - x[a];
  const dy = y[b] - y[a];
  const plan = Math.sqrt(dx * dx + dy * dy);
  return sheet[a] === sheet[b] ? plan : plan + Math.abs(heightOf(world, a) - heightOf(world, b));
}

/** Whether one person can see another: on the same floor, and nothing between. */
export function canSee(world: World, a: number, b: number): boolean {
  const { x, y, sheet } = world.views.persons;
  return sheet[a] === sheet[b] && hasSight(world, sheet[a], x[a], y[a], x[b], y[b]);
}

/** Whether a person cannot act: lies, is stunned, unconscious or dead. */
export function isHelpless(world: World, person: number): boolean {
  const { persons, clock, groups } = world.views;
  return (
    persons.posture[person] === PersonPosture.lying ||
    persons.harm[person] >= PersonHarm.unconscious ||
    groups.acted!.stunnedUntil[person] > clock.tick[0]
  );
}

/** Whether a person is still a body in the building. */
export function isThere({ views }: World, person: number): boolean {
  const state = views.persons.state[person];
  return state !== PersonState.out && state !== PersonState.leaving;
}

/** Whether everything that a selector asks for, but its distance and sight, holds for `other`. */
function fits(world: World, cast: Cast, actor: number, selector: PersonSelector, other: number): boolean {
  const { persons, clock, groups } = world.views;
  const acted = groups.acted!;
  const person = cast.persons[actor];
  if (other === person || !isThere(world, other)) return false;
  const { role, hostile, is, same } = selector;
  if (selector.in !== undefined && !selector.in.includes(world.areas[persons.area[other]].id)) return false;
  if (same === true && groups.actors!.same[actor] !== other) return false;
  const population = persons.population[other];
  if (role !== undefined && world.scenario.populations[population].role !== role) return false;
  if (hostile === true && cast.roles[cast.roleOf[actor]].hostileTo[population] === 0) return false;
  const isDead = persons.harm[other] === PersonHarm.dead;
  switch (is) {
    case undefined:
      return !isDead;
    case 'up':
      return !isHelpless(world, other);
    case 'moving': {
      const { vx, vy } = persons;
      return (
        vx[other] * vx[other] + vy[other] * vy[other] > MOVING * MOVING &&
        persons.posture[other] === PersonPosture.standing
      );
    }
    case 'down':
      return persons.posture[other] === PersonPosture.lying && !isDead;
    case 'helpless':
      return isHelpless(world, other);
    case 'held':
      return acted.heldBy[other] > 0;
    case 'stunned':
      return acted.stunnedUntil[other] > clock.tick[0];
    case 'holding-me':
      return acted.heldBy[person] === other + 1;
  }
}

/**
 * The nearest person to whom a selector applies for an actor, or −1; of two equally near the lower number. `mustSee`: only in sight.
 * O(persons of the populations asked for).
 */
export function findPerson(
  engine: Engine,
  cast: Cast,
  actor: number,
  selector: PersonSelector,
  mustSee = false,
): number {
  const { world } = engine;
  const { clock } = world.views;
  if (selector.is === 'down' && clock.lyingCount[0] === 0) return -1;
  const person = cast.persons[actor];
  if (selector.is === 'holding-me') {
    const holder = world.views.groups.acted!.heldBy[person] - 1;
    return holder >= 0 && fits(world, cast, actor, selector, holder) ? holder : -1;
  }
  const sight = mustSee || selector.seen === true;
  let best = -1;
  let least = selector.within ?? WITHIN;
  world.scenario.populations.forEach(({ id }, p) => {
    if (selector.of !== undefined && !selector.of.includes(id)) return;
    for (let other = cast.firstOf[p]; other < cast.firstOf[p + 1]; other++) {
      if (!fits(world, cast, actor, selector, other)) continue;
      const distance = distanceBetween(world, person, other);
      if (distance > least || (distance === least && best >= 0) || (sight && !canSee(world, person, other))) continue;
      best = other;
      least = distance;
    }
  });
  return best;
}
