import { exactExp, RandomPurpose, randomUnit } from '../math/index.ts';
import { PersonHarm, PersonState } from '../world/index.ts';
import { outlookOf, viewCrowd, weightsNow } from './crowd-view.ts';
import { type Engine, timeNow } from './engine.ts';
import { beliefOf } from './learn.ts';
import { isLed } from './roles/act-roles.ts';
import { isPassable } from './route-table.ts';
import { isSearchGoal, leadsNowhere, lookForExits, searchGoal } from './search-way.ts';

/** Everybody may take up with others this often, all at once [decisions]. */
const FOLLOW_EVERY = 10;
/** The same [s]. */
const FOLLOW_TIME = FOLLOW_EVERY / 10;
/** By how many times the weight of those who go elsewhere the majority must exceed that of one's own direction [1]. */
const MAJORITY = 1.5;
/** Least weight of others that is followed: one person at 4 m, with a decay of 4 m [1]. */
const WEIGHT_MIN = 0.36;

/**
 * Who knows no way out goes after those who walk: once a second, with the probability 1 − exp(−rate), everybody without a known way takes the portal of
 * their area that most of those in sight in it walk to, each weighted by exp(−distance / decay); whoever is under way changes only for a weight of 1.5 times
 * that of their own direction. Nobody follows to what they have found locked, or into a room that they
 * have seen is a dead end. Nobody sees who of the others knows: a few who do, and
 * start first, steer all.
 * O(persons + places in sight of each other) once a second.
 * @source Dyer et al. 2008: few informed people steer a crowd without a word, the majority wins; rate and weights are our choice
 */
export function followOthers(engine: Engine): void {
  const { world, minds, seed } = engine;
  const law = minds.behaviour.following;
  if (law === undefined || minds.behaviour.knowledge === undefined) return;
  const { persons, clock } = world.views;
  const tick = clock.tick[0];
  if (tick % FOLLOW_EVERY !== 0) return;
  const chance = 1 - exactExp(-law.rate * FOLLOW_TIME);
  const now = timeNow(world);
  /** Weights by portal, of each place that somebody without a way is in. */
  const weights = new Map<number, Map<number, number>>();
  // all look before anybody turns
  const turns: [person: number, portal: number][] = [];
  for (let i = 0; i < world.personCount; i++) {
    const state = persons.state[i];
    const lost = state === PersonState.stranded || (state === PersonState.walking && isSearchGoal(persons.exit[i]));
    if (!lost || persons.harm[i] >= PersonHarm.unconscious || isLed(engine, i)) continue;
    if (randomUnit(seed, RandomPurpose.follow, i, tick) >= chance) continue;
    viewCrowd(world, minds.opaque, minds.crowd);
    const place = minds.crowd.placeOf[i];
    if (place < 0) continue;
    let list = weights.get(place);
    if (list === undefined) {
      list = weighDirections(engine, place, law.range, law.decay);
      weights.set(place, list);
    }
    lookForExits(engine, i);
    const own = state === PersonState.walking ? persons.portal[i] : -1;
    const area = persons.area[i];
    let best = -1;
    let most = WEIGHT_MIN;
    for (const portal of world.areas[area].portals) {
      const weight = list.get(portal) ?? 0;
      if (portal === own || weight <= most || leadsNowhere(engine, i, portal)) continue;
      const side = world.portals[portal].areas[0] === area ? 0 : 1;
      if (!isPassable(world, portal, side, beliefOf(engine, i, portal))) continue;
      best = portal;
      most = weight;
    }
    if (best < 0 || (own >= 0 && most < MAJORITY * (list.get(own) ?? 0))) continue;
    turns.push([i, best]);
  }
  for (const [person, portal] of turns) {
    persons.state[person] = PersonState.walking;
    persons.portal[person] = portal;
    persons.exit[person] = searchGoal(portal);
    persons.restWay[person] = 0;
    persons.bestPotential[person] = Number.POSITIVE_INFINITY;
    persons.waitedTime[person] = 0;
    persons.tryTime[person] = 0;
    persons.rethink[person] = 0;
    engine.emit({ t: now, type: 'person-follows', person, portal: world.portals[portal].id });
  }
}

/** Weight of those in sight of a place who walk to each portal. */
function weighDirections(engine: Engine, place: number, range: number, decay: number): Map<number, number> {
  const { world, minds } = engine;
  const sums = new Map<number, number>();
  const { places, toPortal } = minds.crowd;
  if (toPortal === undefined) return sums;
  const { head, which, count, next } = toPortal;
  const { area } = places[place];
  const outlook = outlookOf(minds.crowd, place, range, decay);
  const weights = weightsNow(world, outlook);
  for (let n = 0; n < weights.length; n++) {
    const other = outlook.places[n];
    // who comes towards a portal from its other side shows no way
    if (places[other].area !== area) continue;
    for (let row = head[other]; row >= 0; row = next[row]) {
      sums.set(which[row], (sums.get(which[row]) ?? 0) + weights[n] * count[row]);
    }
  }
  return sums;
}
