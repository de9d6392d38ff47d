import { RandomPurpose } from '../math/index.ts';
import { mixProfiles } from './populations.ts';
import { StagePhase } from './stage-columns.ts';
import type { World } from './world.ts';

/**
 * Who begins with which itinerary: of a mix in the exact shares (largest remainder), shuffled; and whether they are about their own business until
 * they are alerted. O(persons).
 */
export function fillStages(world: World, seed: number): void {
  const { scenario, stages } = world;
  const { stages: columns, waypoints, hearing } = world.views.groups;
  if (columns === undefined || waypoints === undefined || stages === undefined) return;
  columns.at.fill(-1);
  columns.next.fill(-1);
  columns.spot.fill(-1);
  scenario.waypoints?.forEach(({ held }, w) => {
    waypoints.held[w] = held === true ? 1 : 0;
  });
  const indexOf = new Map(scenario.itineraries?.map(({ id }, i) => [id, i]));
  const { population, startTime } = world.views.persons;
  const members = scenario.populations.map((): number[] => []);
  for (let i = 0; i < world.personCount; i++) members[population[i]].push(i);
  scenario.populations.forEach(({ itinerary, itineraries }, p) => {
    const shares = itineraries ?? (itinerary === undefined ? [] : [{ itinerary, share: 1 }]);
    if (shares.length === 0) return;
    const mix = mixProfiles(
      shares.map((part) => indexOf.get(part.itinerary) ?? 0),
      shares.map(({ share }) => share),
      members[p].length,
      seed,
      p,
      RandomPurpose.itineraryMix,
    );
    members[p].forEach((i, k) => {
      columns.phase[i] = StagePhase.heading;
      columns.next[i] = stages.starts[mix[k]];
      columns.calm[i] = startTime[i] === Infinity && hearing?.asleep[i] !== 1 ? 1 : 0;
    });
  });
}
