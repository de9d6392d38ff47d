import { Belief, DOOR_STATES, PersonHarm, PersonState, SEGMENT_FLOATS } from '../world/index.ts';
import { type Engine, timeNow } from './engine.ts';
import { learn } from './learn.ts';

export const RETHINK = { newArea: 1, foundLocked: 2, gaveUp: 3, doorChanged: 4, learnt: 5 } as const;

/** A door that opens is seen by those as near as this who took it for locked [m]; our choice. */
const OPENING_SEEN_WITHIN = 10;

type DoorEventType = 'door-opened' | 'door-closed' | 'door-locked' | 'door-chained' | 'door-unlocked';

/** Puts a door into a state, makes its leaf solid or not, tells the trace, and lets people nearby see an opening. */
export function setDoor(
  engine: Engine,
  door: number,
  state: (typeof DOOR_STATES)[number],
  type: DoorEventType | undefined,
  by: 'schedule' | 'person' | 'closer',
  person?: number,
): void {
  const { world } = engine;
  const { doors } = world.views;
  doors.state[door] = DOOR_STATES.indexOf(state);
  doors.openAt[door] = Number.POSITIVE_INFINITY;
  hangLeaf(engine, door);
  if (type !== undefined) {
    engine.emit({
      t: timeNow(world),
      type,
      door: world.doors[door].id,
      by,
      ...(person === undefined ? {} : { person }),
    });
  }
  if (state === 'open') letSeeOpening(engine, door);
}

/** Makes a door's leaf solid or not, as its state says; the wall table is not part of the state. */
export function hangLeaf(
  { world, leafOfDoor, minds }: Pick<Engine, 'world' | 'leafOfDoor' | 'minds'>,
  door: number,
): void {
  minds.leavesHung++;
  const leaf = leafOfDoor[door];
  if (leaf >= 0) world.views.segments[SEGMENT_FLOATS * leaf + 9] = world.views.doors.state[door] === 0 ? 0 : 1;
}

function letSeeOpening(engine: Engine, door: number): void {
  const { world } = engine;
  const { persons, beliefs } = world.views;
  const portal = world.portals[world.doors[door].portal];
  const [a, b] = portal.line;
  const x = (a[0] + b[0]) / 2;
  const y = (a[1] + b[1]) / 2;
  for (let i = 0; i < world.personCount; i++) {
    if (persons.state[i] >= PersonState.leaving && persons.state[i] !== PersonState.stranded) continue;
    if (persons.harm[i] >= PersonHarm.unconscious) continue;
    if (persons.area[i] !== portal.areas[0] && persons.area[i] !== portal.areas[1]) continue;
    const dx = persons.x[i] - x;
    const dy = persons.y[i] - y;
    const row = i * world.portals.length + portal.index;
    if (beliefs[row] !== Belief.locked || dx * dx + dy * dy > OPENING_SEEN_WITHIN * OPENING_SEEN_WITHIN) continue;
    learn(engine, i, portal.index, Belief.open, 'sight');
    persons.rethink[i] = RETHINK.doorChanged;
  }
}

/** Whether somebody stands in the line of a door, so that its leaf cannot close. */
export function isDoorwayTaken(engine: Engine, door: number): boolean {
  const { world } = engine;
  const { persons } = world.views;
  const portal = world.portals[world.doors[door].portal];
  const [a, b] = portal.line;
  const ux = (b[0] - a[0]) / portal.width;
  const uy = (b[1] - a[1]) / portal.width;
  for (let i = 0; i < world.personCount; i++) {
    if (persons.state[i] === PersonState.out) continue;
    if (persons.area[i] !== portal.areas[0] && persons.area[i] !== portal.areas[1]) continue;
    const along = (persons.x[i] - a[0]) * ux + (persons.y[i] - a[1]) * uy;
    const away = Math.abs(ux * (persons.y[i] - a[1]) - uy * (persons.x[i] - a[0]));
    if (along > -persons.radius[i] && along < portal.width + persons.radius[i] && away < persons.radius[i]) return true;
  }
  return false;
}
