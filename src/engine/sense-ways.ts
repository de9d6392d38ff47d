import {
  findFreeStep,
  locateNearPortal,
  PersonHarm,
  PersonState,
  sampleTravelField,
  sampleWallDistance,
  travelField,
  type World,
} from '../world/index.ts';
import { DECISION_INTERVAL, type Engine } from './engine.ts';
import { effortOf } from './route-table.ts';

/** The decision interval as the kernel has it [s]. */
const INTERVAL = Math.fround(DECISION_INTERVAL);
/** Slower than this share of what one wishes to do counts as blocked [–]. */
const BLOCKED_SHARE = 1 / 3;
/** Blocked for longer than this, a person pushes [s]; docs/science.md. */
const PUSH_AFTER = 1;
/** Coming nearer by less than this is no progress [m]. */
const PROGRESS = 0.3;

/**
 * Blocked for longer than this [s] where it is not dense (as the kernel estimates it; 0.95 is somebody alone [1/m²]), nobody presses
 * [N], no portal is near [m] and a step of `NOOK_STEP` [m] the way they want to go would take the body into a wall, by `NOOK_NEARER`
 * [m] nearer to one than now: it is a nook that holds a person, and every `NOOK_EVERY` decisions they look for a free step. Our choice.
 */
const STUCK_AFTER = 4;
const NOT_DENSE = 2.5;
const NOT_PRESSED = 50;
/** Blocked for longer than this [s], somebody is locked with one or two others who want past, and looks for a free step up to this load [N]. */
const LOCKED_AFTER = 20;
const LOCKED_LOAD = 300;
const AT_PORTAL = 0.6;
const NOOK_STEP = 0.2;
const NOOK_NEARER = 0.02;
const NOOK_EVERY = 5;

const sample = new Float64Array(3);
const step = new Float64Array(3);
const wall = new Float64Array(3);

/** Deceleration with which somebody comes to a slower stair [m/s²]; our choice, a comfortable one. */
const COMFORT = 1;

/** Free speed of a person on a link towards the portal `towards`, in the plan [m/s]: set by the link, or by the stair factors. */
export function linkSpeedOf(world: World, person: number, index: number, towards: number): number {
  const { persons } = world.views;
  const link = world.links[index];
  const up = towards === link.upper;
  const set = up ? link.speedUp : link.speedDown;
  const share = link.kind === 'stairs' ? world.stairFactors[2 * persons.profile[person] + (up ? 0 : 1)] : 1;
  const alongSlope = set > 0 ? set : persons.levelSpeed[person] * share;
  return (alongSlope * link.run) / link.length;
}

/**
 * Upper bound of the wish here and now, in the plan [m/s]: the free speed on the level; on a link its own; and within reach of a
 * slower link only as much as can be shed on the way, `distance` [m] to the next portal.
 */
function wishSpeedOf(world: World, person: number, distance: number): number {
  const { persons } = world.views;
  const area = world.areas[persons.area[person]];
  const portal = persons.portal[person];
  if (area.kind === 'link') return linkSpeedOf(world, person, area.link, portal);
  const level = persons.levelSpeed[person];
  const next = portal < 0 ? -1 : world.portals[portal].link;
  if (next < 0) return level;
  const { lower, upper } = world.links[next];
  const there = linkSpeedOf(world, person, next, portal === lower ? upper : lower);
  return Math.min(level, Math.sqrt(there * there + 2 * COMFORT * Math.max(0, distance)));
}

/** Goal of somebody who goes nowhere; never equal to anybody's. */
const NO_GOAL = -2;

/**
 * What each person wants now: direction by the field of the next portal, distance left, bound of the speed, and whether they
 * push. Also which neighbouring area counts as in sight. The kernel does it and leaves the rare cases to `sensePerson`.
 */
export function senseWays(engine: Engine): void {
  const { world, kernel, crew } = engine;
  kernel.showFields();
  crew.run('sensePersons', world.personCount, INTERVAL);
  const marks = kernel.offsets.unsensed;
  const words = Math.ceil(world.personCount / 4);
  let { i32 } = world.views;
  for (let k = 0; k < words; k++) {
    if (i32[marks / 4 + k] === 0) continue;
    for (let i = 4 * k; i < 4 * k + 4; i++) if (world.views.u8[marks + i] !== 0) sensePerson(engine, i);
    // looking closely may make a field, which may renew the views
    ({ i32 } = world.views);
    i32[marks / 4 + k] = 0;
  }
}

/** The same for one person, any case; `assembly/sense-persons.ts` repeats it for the usual ones, operation for operation. */
function sensePerson(engine: Engine, i: number): void {
  const { world, kernel } = engine;
  const state = world.views.persons.state[i];
  if (state === PersonState.leaving) senseOutside(world, i);
  const conscious = world.views.persons.harm[i] < PersonHarm.unconscious && world.views.persons.posture[i] === 0;
  let distance = Number.POSITIVE_INFINITY;
  if (state === PersonState.walking && conscious) distance = senseWay(engine, i);
  const { persons, i16 } = world.views;
  const goes = conscious && (state === PersonState.walking || state === PersonState.leaving);
  persons.wishSpeed[i] = goes ? wishSpeedOf(world, i, distance) * persons.pace[i] : 0;
  i16[kernel.offsets.goal / 2 + i] = goes ? persons.exit[i] : NO_GOAL;
  persons.near[i] = areaNear(world, i);
  const forward = persons.vx[i] * persons.wantX[i] + persons.vy[i] * persons.wantY[i];
  const blocked = goes && forward < BLOCKED_SHARE * persons.wishSpeed[i];
  persons.blockedTime[i] = blocked ? persons.blockedTime[i] + INTERVAL : 0;
  persons.pushNow[i] = persons.blockedTime[i] > PUSH_AFTER ? persons.push[i] : 0;
  turnShoulders(world, i, distance);
}

/** Direction and distance left by the field of the next portal; returns the distance to that portal [m]. */
function senseWay(engine: Engine, person: number): number {
  const { world } = engine;
  const { persons } = world.views;
  const portal = persons.portal[person];
  const area = persons.area[person];
  if (portal < 0) return Number.POSITIVE_INFINITY;
  const side = world.portals[portal].areas[0] === area ? 0 : 1;
  const field = travelField(world, portal, side);
  const after = world.views.persons;
  if (!sampleTravelField(world, field, after.x[person], after.y[person], sample)) return Number.POSITIVE_INFINITY;
  const isStuck =
    after.blockedTime[person] > STUCK_AFTER &&
    after.packing[person] < NOT_DENSE &&
    after.chestLoad[person] < (after.blockedTime[person] > LOCKED_AFTER ? LOCKED_LOAD : NOT_PRESSED) &&
    sample[0] > AT_PORTAL &&
    isInNook(world, person, sample[1], sample[2]);
  if (!isStuck) {
    after.wantX[person] = sample[1];
    after.wantY[person] = sample[2];
  } else if ((world.views.clock.tick[0] + person) % NOOK_EVERY === 0) {
    const { sheet, x, y, radius } = after;
    const isFound = findFreeStep(world, field, sheet[person], x[person], y[person], radius[person], step);
    after.wantX[person] = isFound ? step[1] : sample[1];
    after.wantY[person] = isFound ? step[2] : sample[2];
  }
  turnOnTheSpot(world, person);
  const effort = effortOf(world, area);
  const potential = (Number.isFinite(effort) ? effort : 1) * sample[0] + after.restWay[person];
  after.potential[person] = potential;
  if (potential < after.bestPotential[person] - PROGRESS) {
    after.bestPotential[person] = potential;
    after.waitedTime[person] = 0;
    world.views.clock.lastProgressTick[0] = world.views.clock.tick[0];
  } else {
    after.waitedTime[person] += INTERVAL;
  }
  return sample[0];
}

/** Whether a short step along (ux, uy) would take a person's body into a wall that they do not just walk along. */
function isInNook(world: World, person: number, ux: number, uy: number): boolean {
  const { persons } = world.views;
  const x = persons.x[person];
  const y = persons.y[person];
  const sheet = persons.sheet[person];
  sampleWallDistance(world, sheet, x + NOOK_STEP * ux, y + NOOK_STEP * uy, wall);
  const ahead = wall[0];
  if (ahead >= persons.radius[person]) return false;
  sampleWallDistance(world, sheet, x, y, wall);
  return ahead < wall[0] - NOOK_NEARER;
}

/** Passing half width with the shoulders turned, as a share of the body's radius [–]; chest depth over shoulder breadth, halved effect. */
const TURNED = 0.85;
/** Share of the radius by which shoulders turn or come back in one decision: the whole turn takes 0.4 s; our choice. */
const TURN_RATE = 0.05;
/** Before a way narrower than this [m], nearer than this [m], somebody blocked turns the shoulders; and so does who meets oncoming people. */
const NARROW = 1.5;
const NARROW_REACH = 0.5;
/** A corner ahead nearer than this to one's side [m], with the way pointing into its wall by this much [–]; a shut door ahead within this [m] is none. */
const CORNER_REACH = 0.3;
const CORNER_FACING = 0.2;
const SHUT_REACH = 2;
const ONCOMING_MIN = 0.2;

/** Shoulders turn before a narrow way that stands open and does not let one through, and between oncoming people; slowly, and slowly back. */
function turnShoulders(world: World, person: number, distance: number): void {
  const { persons } = world.views;
  const portal = persons.portal[person];
  let turns = persons.oncoming[person] > ONCOMING_MIN;
  if (!turns && portal >= 0 && persons.blockedTime[person] > PUSH_AFTER) {
    const isOpen = standsOpen(world, portal);
    const atPortal = isOpen && distance < NARROW_REACH && world.portals[portal].width < NARROW;
    turns = atPortal || ((isOpen || distance > SHUT_REACH) && isCornerAhead(world, person));
  }
  const full = persons.bodyRadius[person];
  const step = TURN_RATE * full;
  if (turns) persons.radius[person] = Math.max(TURNED * full, persons.radius[person] - step);
  else persons.radius[person] = Math.min(full, persons.radius[person] + step);
}

/** Whether a wall stands in the way a person wants to go: the side of an opening, a corner to be got round. */
function isCornerAhead(world: World, person: number): boolean {
  const { persons } = world.views;
  if (!sampleWallDistance(world, persons.sheet[person], persons.x[person], persons.y[person], wall)) return false;
  if (wall[0] > persons.bodyRadius[person] + CORNER_REACH) return false;
  return persons.wantX[person] * wall[1] + persons.wantY[person] * wall[2] < -CORNER_FACING;
}

/** Whether nothing hangs shut in a portal now. */
function standsOpen(world: World, portal: number): boolean {
  const { door } = world.portals[portal];
  return door < 0 || world.views.doors.state[door] === 0;
}

/** Slower than this, somebody can turn round without walking a bend [m/s]. */
const STANDING = 0.1;

/** Somebody who stands and faces away from where they want to go turns before they walk. */
function turnOnTheSpot(world: World, person: number): void {
  const { persons } = world.views;
  const { vx, vy, headX, headY, wantX, wantY } = persons;
  if (vx[person] * vx[person] + vy[person] * vy[person] > STANDING * STANDING) return;
  const starts = persons.bestPotential[person] === Number.POSITIVE_INFINITY;
  if (!starts && headX[person] * wantX[person] + headY[person] * wantY[person] >= 0) return;
  headX[person] = wantX[person];
  headY[person] = wantY[person];
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
  const { persons } = world.views;
  const index = locateNearPortal(world, persons.sheet[person], persons.x[person], persons.y[person]);
  if (index < 0) return -1;
  const portal = world.portals[index];
  if (!standsOpen(world, index)) return -1;
  const area = persons.area[person];
  return portal.areas[0] === area ? portal.areas[1] : portal.areas[1] === area ? portal.areas[0] : -1;
}
