import { Belief, StagePhase } from '../../world/index.ts';
import { type Engine, setBelief, timeNow } from '../engine.ts';
import { RETHINK } from '../set-door.ts';

/** The exits by which a person's itinerary ends, ascending; undefined where they may take any. */
export function exitsOf({ world }: Pick<Engine, 'world'>, person: number): readonly number[] | undefined {
  const { stages } = world.views.groups;
  if (stages === undefined || stages.exits[person] === 0) return undefined;
  return world.stages?.exitSets[stages.exits[person] - 1];
}

/** A person leaves from now on: by one of a set of exits (−1: any), which they know. */
export function leaveBy(engine: Engine, person: number, exits: number): void {
  const { world } = engine;
  const { persons, groups, beliefs } = world.views;
  const columns = groups.stages!;
  columns.phase[person] = StagePhase.none;
  columns.at[person] = -1;
  columns.spot[person] = -1;
  columns.exits[person] = exits + 1;
  engine.routeOf[person] = undefined;
  for (const exit of exits < 0 ? [] : world.stages!.exitSets[exits]) {
    for (const portal of world.exits[exit].portals) {
      if (beliefs[person * world.portals.length + portal] === Belief.unknown) {
        setBelief(engine, person, portal, Belief.open);
      }
    }
  }
  persons.portal[person] = -1;
  persons.exit[person] = -1;
  persons.waitedTime[person] = 0;
  persons.bestPotential[person] = Number.POSITIVE_INFINITY;
  persons.rethink[person] = RETHINK.newArea;
}

/**
 * Whoever knows no way to one of the exits by which their itinerary ends takes any other from now on. @returns whether there were such exits.
 */
export function forgetExits(engine: Engine, person: number): boolean {
  const { world } = engine;
  const { stages } = world.views.groups;
  if (stages === undefined || stages.exits[person] === 0) return false;
  stages.exits[person] = 0;
  engine.routeOf[person] = undefined;
  engine.emit({ t: timeNow(world), type: 'itinerary-left', person, why: 'no-known-way' });
  return true;
}
