import { exactExp } from '../../math/index.ts';
import { timeNow } from '../engine.ts';
import { isDoorwayTaken, setDoor } from '../set-door.ts';
import { Movement, middleOfArea } from './cast.ts';
import { drawForActor } from './draw.ts';
import { findPerson } from './find-person.ts';
import { type ActorTurn, actorsOf, beginWork, finish, isAtWork, isWorkOver, type Turn } from './progress.ts';
import { effortTo, LOCK_REACH, placeBeforeDoor, walkTo } from './walk-to.ts';

/** How much the way leads away from a threat beside it [1], and over which distance that fades [m]. */
const AWAY = 1.5;
const FADES_OVER = 8;

/** Weight of the direction away from a threat at a distance [m], beside 1 for the way out. */
export function weightOfThreat(distance: number): number {
  return AWAY * exactExp(-distance / FADES_OVER);
}

/** Leaves as anybody does, but keeps away from a threat; done when there is none. */
export function actFlee(turn: Turn<'flee'>): void {
  const { engine, cast, actor, action } = turn;
  const threat = findPerson(engine, cast, actor, action.from);
  if (threat < 0) {
    finish(turn, 'done');
    cast.movement[actor] = Movement.free;
    return;
  }
  const { x, y } = engine.world.views.persons;
  cast.movement[actor] = Movement.away;
  cast.toX[actor] = x[threat];
  cast.toY[actor] = y[threat];
}

const LOCK_TIME = 3;

/** Goes to the nearest of some rooms, locks its doors from inside where asked, and stays there. */
export function actHide(turn: Turn<'hide'>): void {
  const { engine, cast, actor, person, action } = turn;
  const { world } = engine;
  const actors = actorsOf(world);
  const { doors, persons } = world.views;
  if (isAtWork(turn)) return;
  if (isWorkOver(turn)) {
    const door = actors.tries[actor] - 1;
    actors.tries[actor] = 0;
    // whoever stands in the doorway keeps it open: tried anew
    if (doors.state[door] < 2 && !(doors.state[door] === 0 && isDoorwayTaken(engine, door))) {
      setDoor(engine, door, 'locked', 'door-locked', 'person', person);
    }
  }
  if (actors.aim[actor] < 0) {
    let least = Infinity;
    for (const name of action.in) {
      const goal = middleOfArea(world, cast, name);
      if (goal === undefined) continue;
      const effort = effortTo(engine, cast, actor, goal);
      if (effort >= least) continue;
      least = effort;
      actors.aim[actor] = goal.area;
    }
    if (actors.aim[actor] < 0) {
      finish(turn, 'failed');
      return;
    }
    world.views.persons.rethink[person] = 1;
  }
  const area = actors.aim[actor];
  if (action.locks === true && persons.area[person] === area) {
    for (const portal of world.areas[area].portals) {
      const { door, areas } = world.portals[portal];
      if (door < 0 || doors.state[door] >= 2) continue;
      const inside = placeBeforeDoor(world, door, areas[0] === area ? 0 : 1);
      const walk = walkTo(engine, cast, actor, inside, LOCK_REACH);
      if (walk === 'no-way') continue;
      if (walk === 'there') {
        actors.tries[actor] = door + 1;
        beginWork(turn, drawForActor(engine, actor, person, action.time ?? LOCK_TIME));
      }
      return;
    }
  }
  const goal = middleOfArea(world, cast, world.areas[area].id, world.sheets[world.areas[area].sheet].id);
  const walk = goal === undefined ? 'no-way' : walkTo(engine, cast, actor, goal, 1);
  if (walk === 'no-way') finish(turn, 'failed');
  else if (walk === 'there' || isCloseBehind(turn, area)) {
    const locked = action.locks === true;
    engine.emit({ t: timeNow(world), type: 'hidden', person, area: world.areas[area].id, locked });
    finish(turn, 'done');
  }
}

/** In a room with others, its middle may be taken: whoever is in it and blocked is hidden as well. */
function isCloseBehind({ engine, person }: ActorTurn, area: number): boolean {
  const { persons } = engine.world.views;
  return persons.area[person] === area && persons.blockedTime[person] > 2;
}
