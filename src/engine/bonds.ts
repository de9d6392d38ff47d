import { trustedPopulations, type World } from '../world/index.ts';
import { type Engine, timeNow } from './engine.ts';

/** What somebody does by which another's trust in them moves. */
export type Deed = 'released' | 'freed' | 'fights' | 'violence' | 'claim';

/** Place of a person's trust in another among all, or −1 where the scenario gives them none. */
function bondAt(world: World, person: number, other: number): number {
  const { bonds } = world.views.groups;
  if (bonds === undefined) return -1;
  const { population } = world.views.persons;
  const trusted = trustedPopulations(world.scenario);
  const column = trusted.indexOf(world.scenario.populations[population[other]].id);
  if (column < 0 || person === other) return -1;
  const at = person * trusted.length + column;
  return bonds.trust[at] < 0 ? -1 : at;
}

/** How far somebody trusts another of whom they have an opinion, 0 … 1; undefined where they have none. */
export function bondWith(world: World, person: number, other: number): number | undefined {
  const at = bondAt(world, person, other);
  return at < 0 ? undefined : world.views.groups.bonds!.trust[at];
}

/** Trust after something by which it moves the share `share` of the way to `towards`. All 0 … 1. */
export function movedTrust(trust: number, towards: number, share: number): number {
  return trust + share * (towards - trust);
}

/**
 * Somebody's trust in another moves by what that one did: by being let out or freed, by seeing them strike whom one is hostile to, towards 1; by seeing
 * them strike anybody else, towards 0; by what they say of themselves, towards how believable that is (`believable`). Nothing where
 * `behaviour.inner` is not given, or the scenario gives no such trust.
 */
export function moveBond(engine: Engine, person: number, other: number, why: Deed, believable = 0): void {
  const { world, minds } = engine;
  const law = minds.behaviour.inner;
  const at = bondAt(world, person, other);
  if (law === undefined || at < 0) return;
  const { trust } = world.views.groups.bonds!;
  const before = trust[at];
  const share = why === 'claim' ? law.learning : law[why];
  const towards = why === 'claim' ? believable : why === 'violence' ? 0 : 1;
  trust[at] = movedTrust(before, towards, share);
  if (trust[at] === before) return;
  engine.emit({
    t: timeNow(world),
    type: 'trust-moved',
    person,
    by: other,
    why,
    before: round(before),
    trust: round(trust[at]),
  });
}

/** All persons who have an opinion of another, ascending. O(persons), where anybody has one of anybody. */
export function* personsWithBond(world: World, other: number): Generator<number> {
  if (world.views.groups.bonds === undefined) return;
  for (let i = 0; i < world.personCount; i++) if (bondAt(world, i, other) >= 0) yield i;
}

const round = (value: number) => Math.round(1000 * value) / 1000;
