import { RandomPurpose } from '../math/index.ts';
import { type Distribution, findProfile, type Profile } from '../scenario/index.ts';
import { trustedPopulations } from './column-groups.ts';
import { prepareDraw } from './draw-distribution.ts';
import { fillRoles } from './fill-roles.ts';
import { fillStages } from './fill-stages.ts';
import type { World } from './world.ts';

/**
 * Level at the ear that wakes a person [dB] and the time it takes at just that level [s].
 * @source our choice, after the range of 55 … 75 dBA at the pillow in Bruck, Thomas 2008 (as remembered) and UL 217's 75 dBA.
 */
const WAKE_LEVEL: Distribution = { distribution: 'normal', mean: 65, sd: 10, min: 40, max: 100 };
const WAKE_DELAY: Distribution = { distribution: 'lognormal', median: 10, sigma: 0.5, max: 120 };

/** Flow that people expect of a way before they have seen any [1/(m·s)]. @source FDS+Evac 2.5, SFPE handbook: 1.3 */
export const FLOW_PER_WIDTH = 1.3;

/**
 * Start values of the column groups that a world has (`world.views.groups`); called once, when persons have their places and
 * beliefs. Draws by (seed, purpose, person), so one group's draws move no other's. O(persons).
 */
export function fillGroups(world: World, seed: number): void {
  const { scenario } = world;
  const { behaviour } = scenario;
  const { groups, persons } = world.views;
  const profiles = world.profileIds.map((id) => findProfile(scenario, id));
  const draw = (column: Float32Array, purpose: number, of: (profile: Profile | undefined) => Distribution): void => {
    const draws = profiles.map((profile) => prepareDraw(of(profile)));
    for (let i = 0; i < world.personCount; i++) column[i] = draws[persons.profile[i]](seed, purpose, i);
  };
  if (groups.sounds !== undefined) {
    const { playing, until } = groups.sounds;
    scenario.sounds?.forEach((sound, k) => {
      playing[k] = sound.playing ? 1 : 0;
    });
    until.fill(Infinity);
  }
  if (groups.hearing !== undefined) {
    const { wakeLevel, wakeDelay, asleep } = groups.hearing;
    draw(wakeLevel, RandomPurpose.wakeLevel, (profile) => profile?.wakeLevel ?? WAKE_LEVEL);
    draw(wakeDelay, RandomPurpose.wakeDelay, (profile) => profile?.wakeDelay ?? WAKE_DELAY);
    for (let i = 0; i < world.personCount; i++) {
      asleep[i] = scenario.populations[persons.population[i]].asleep === true ? 1 : 0;
    }
  }
  if (groups.contagion !== undefined && behaviour?.contagion !== undefined) {
    const law = behaviour.contagion;
    draw(groups.contagion.investigate, RandomPurpose.investigate, () => law.investigate);
    draw(groups.contagion.leave, RandomPurpose.leave, () => law.leave);
    draw(groups.contagion.dwell, RandomPurpose.dwell, () => law.dwell);
    // nobody leaves before they have looked what is the matter
    const { investigate, leave } = groups.contagion;
    for (let i = 0; i < world.personCount; i++) leave[i] = Math.max(leave[i], investigate[i]);
  }
  if (groups.knowledge !== undefined && behaviour?.knowledge !== undefined) {
    const { hesitate } = behaviour.knowledge;
    draw(groups.knowledge.hesitate, RandomPurpose.hesitate, () => hesitate);
    groups.knowledge.searchFrom.fill(Infinity);
  }
  if (groups.visits !== undefined) {
    const { been } = groups.visits;
    for (let i = 0; i < world.personCount; i++) been[i * world.areas.length + persons.area[i]] = 1;
  }
  if (groups.trust !== undefined) {
    const stranger = behaviour?.word?.stranger ?? 0.5;
    draw(groups.trust.trust, RandomPurpose.trust, (profile) => profile?.trust ?? stranger);
  }
  if (groups.bodies !== undefined && scenario.settings.bodies !== undefined) {
    const { climb } = scenario.settings.bodies;
    draw(groups.bodies.climbSpeed, RandomPurpose.climb, () => climb);
  }
  if (groups.bonds !== undefined) {
    const names = trustedPopulations(scenario);
    groups.bonds.trust.fill(-1);
    for (let i = 0; i < world.personCount; i++) {
      for (const { in: name, start } of scenario.populations[persons.population[i]].trusts ?? [])
        groups.bonds.trust[i * names.length + names.indexOf(name)] = start;
    }
  }
  fillRoles(world);
  fillStages(world, seed);
  if (groups.flows !== undefined) {
    for (const { index, width } of world.portals) groups.flows.flow[index] = FLOW_PER_WIDTH * width;
  }
  if (groups.inner !== undefined) {
    groups.inner.calmMotivation.set(persons.motivation);
    // trust is told when it leaves what it was at the start
    const { told } = groups.inner;
    for (let i = 0; i < world.personCount; i++) told[i] = Math.round(200 * (groups.trust?.trust[i] ?? 0)) << 24;
  }
}

/** Share of their fear that each person shows, by profile; undefined where all show all. */
export function sharesOfFearShown(world: World): Float32Array | undefined {
  const byProfile = world.profileIds.map((id) => findProfile(world.scenario, id)?.showsFear ?? 1);
  if (byProfile.every((share) => share === 1)) return undefined;
  const { profile } = world.views.persons;
  return Float32Array.from({ length: world.personCount }, (_, i) => byProfile[profile[i]]);
}
