import {
  locateNearPortal,
  PersonHarm,
  PersonState,
  sampleTravelField,
  travelField,
  type World,
} from '../world/index.ts';
import { routeTableOf } from './choose-ways.ts';
import { DECISION_INTERVAL, type Engine } from './engine.ts';
import { speedFactorOf } from './motivation.ts';
import { effortOf } from './route-table.ts';

/** Slower than this share of what one wishes to do counts as blocked [–]. */
const BLOCKED_SHARE = 1 / 3;
/** Blocked for longer than this, a person pushes [s]; SCIENCE: push when blocked > 1 s. */
const PUSH_AFTER = 1;
/** Coming nearer by less than this is no progress [m]. */
const PROGRESS = 0.3;

const sample = new Float64Array(3);

/** Free speed of a person where they are, stairs and motivation included, in the plan [m/s]. */
export function wishSpeedOf(world: World, person: number): number {
  const { persons } = world.views;
  const calm = persons.freeSpeed[person];
  const area = world.areas[persons.area[person]];
  const factor = speedFactorOf(persons.motivation[person]);
  if (area.kind !== 'link') return calm * factor;
  const link = world.links[area.link];
  const up = persons.portal[person] === link.upper;
  const set = up ? link.speedUp : link.speedDown;
  const share = link.kind === 'stairs' ? (up ? persons.stairUp[person] : persons.stairDown[person]) : 1;
  const alongSlope = set > 0 ? set : calm * share * factor;
  return (alongSlope * link.run) / link.length;
}

/** Goal of somebody who goes nowhere; never equal to anybody's. */
const NO_GOAL = -2;

/**
 * What each person wants now: direction by the field of the next portal, distance left, bound of the speed, and whether they
 * push. Also which neighbouring area counts as in sight.
 */
export function senseWays(engine: Engine): void {
  const { world, kernel } = engine;
  for (let i = 0; i < world.personCount; i++) {
    const state = world.views.persons.state[i];
    if (state === PersonState.out) continue;
    if (state === PersonState.leaving) senseOutside(world, i);
    const conscious = world.views.persons.harm[i] < PersonHarm.unconscious;
    if (state === PersonState.walking && conscious) senseWay(engine, i);
    const { persons, i32 } = world.views;
    const goes = conscious && (state === PersonState.walking || state === PersonState.leaving);
    persons.wishSpeed[i] = goes ? wishSpeedOf(world, i) : 0;
    i32[kernel.offsets.goal / 4 + i] = goes ? persons.exit[i] : NO_GOAL;
    persons.near[i] = areaNear(world, i);
    const forward = persons.vx[i] * persons.wantX[i] + persons.vy[i] * persons.wantY[i];
    const blocked = goes && forward < BLOCKED_SHARE * persons.wishSpeed[i];
    persons.blockedTime[i] = blocked ? persons.blockedTime[i] + DECISION_INTERVAL : 0;
    persons.pushNow[i] = persons.blockedTime[i] > PUSH_AFTER ? persons.push[i] : 0;
  }
}

function senseWay(engine: Engine, person: number): void {
  const { world } = engine;
  const { persons } = world.views;
  const portal = persons.portal[person];
  const area = persons.area[person];
  if (portal < 0) return;
  const side = world.portals[portal].areas[0] === area ? 0 : 1;
  const field = travelField(world, portal, side);
  const { walk } = routeTableOf(engine, person);
  const after = world.views.persons;
  if (!sampleTravelField(world, field, after.x[person], after.y[person], sample)) return;
  after.wantX[person] = sample[1];
  after.wantY[person] = sample[2];
  const effort = effortOf(world, area);
  const rest = walk[2 * portal + (1 - side)];
  const potential = (Number.isFinite(effort) ? effort : 1) * sample[0] + (Number.isFinite(rest) ? rest : 0);
  after.potential[person] = potential;
  if (potential < after.bestPotential[person] - PROGRESS) {
    after.bestPotential[person] = potential;
    after.waitedTime[person] = 0;
    world.views.clock.lastProgressTick[0] = world.views.clock.tick[0];
  } else {
    after.waitedTime[person] += DECISION_INTERVAL;
  }
}

/** Straight on, away from the exit just passed. */
function senseOutside(world: World, person: number): void {
  const { persons } = world.views;
  const [a, b] = world.portals[persons.portal[person]].line;
  const ux = b[0] - a[0];
  const uy = b[1] - a[1];
  const length = Math.sqrt(ux * ux + uy * uy);
  persons.wantX[person] = uy / length;
  persons.wantY[person] = -ux / length;
  persons.potential[person] = -(uy * (persons.x[person] - a[0]) - ux * (persons.y[person] - a[1])) / length;
}

/** The area on the far side of the portal beside a person, where it stands open; −1 otherwise. */
function areaNear(world: World, person: number): number {
  const { persons, doors } = world.views;
  const index = locateNearPortal(world, persons.sheet[person], persons.x[person], persons.y[person]);
  if (index < 0) return -1;
  const portal = world.portals[index];
  if (portal.door >= 0 && doors.state[portal.door] !== 0) return -1;
  const area = persons.area[person];
  return portal.areas[0] === area ? portal.areas[1] : portal.areas[1] === area ? portal.areas[0] : -1;
}
