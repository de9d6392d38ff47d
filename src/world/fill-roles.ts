import { findRole, type Role } from '../scenario/index.ts';
import { locateArea } from './locate.ts';
import { Belief, type World } from './world.ts';

/** Start values of the groups of roles and things. */
export function fillRoles(world: World): void {
  fillActors(world);
  fillObjects(world);
}

/** Role of the persons of a population, or undefined where they have none. */
export function roleOfPopulation({ scenario }: Pick<World, 'scenario'>, population: number): Role | undefined {
  const id = scenario.populations[population].role;
  return id === undefined ? undefined : findRole(scenario, id);
}

/** Actors begin in the first state of their role, and know what it lets them know. */
function fillActors(world: World): void {
  const { doors, portals } = world;
  const { persons, beliefs, groups } = world.views;
  const { actors } = groups;
  if (actors === undefined) return;
  let actor = 0;
  for (let i = 0; i < world.personCount; i++) {
    const role = roleOfPopulation(world, persons.population[i]);
    if (role === undefined) continue;
    const row = Math.max(
      0,
      role.states.findIndex(({ state }) => state === role.start),
    );
    actors.state[actor] = row;
    actors.aim[actor] = -1;
    actors.same[actor] = -1;
    actors.struckTick[actor] = -1;
    actors.ownMotivation[actor] = persons.motivation[i];
    persons.motivation[i] = role.states[row].do.hurry ?? persons.motivation[i];
    if (role.knows === 'doors') {
      for (const { index, portal } of doors) {
        if (world.views.doors.state[index] >= 2) beliefs[i * portals.length + portal] = Belief.locked;
      }
    }
    actor++;
  }
}

/** Things lie where the scenario says, or the first person of a population has them. */
function fillObjects(world: World): void {
  const { objects } = world.views.groups;
  if (objects === undefined) return;
  const { population } = world.views.persons;
  world.scenario.objects?.forEach(({ heldBy, level, position }, k) => {
    if (heldBy !== undefined) {
      objects.holder[k] = population.findIndex((p) => world.scenario.populations[p].id === heldBy) + 1;
      return;
    }
    const source = level === undefined ? 0 : world.scenario.levels.findIndex(({ id }) => id === level);
    objects.sheet[k] = world.sheets.findIndex((one) => one.kind === 'level' && one.source === source);
    objects.x[k] = (position?.[0] ?? 0) - world.origin[0];
    objects.y[k] = (position?.[1] ?? 0) - world.origin[1];
  });
}

/** Area of a thing that lies on the floor, or −1. */
export function areaOfObject(world: World, object: number): number {
  const { objects } = world.views.groups;
  return objects === undefined ? -1 : locateArea(world, objects.sheet[object], objects.x[object], objects.y[object]);
}
