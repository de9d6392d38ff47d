import {
  type Goal,
  goalField,
  hasStraightWay,
  PersonHarm,
  PersonState,
  regionField,
  StagePhase,
  sampleField,
  type World,
} from '../../world/index.ts';
import type { Engine } from '../engine.ts';
import type { StageTables } from './stage-tables.ts';
import { nextPlace } from './walk-itineraries.ts';

/** Deceleration with which somebody comes to a place [m/s²]; as to a stair. */
const COMFORT = 1;
/** Coming nearer by less than this is no progress [m]. */
const PROGRESS = 0.3;
/** Goal of those who make for no exit; see `sense-ways.ts`. */
const NO_GOAL = -2;
/** As near as this to the place where one is to stand is there [m]; who has stopped sets out again when this much farther off. */
const STOP_AT = 0.15;
/** Who comes when all places of a line are taken keeps this far behind the one before [m]; our choice. */
const LINE_PITCH = 0.7;
/** Slower than this, somebody can turn round without walking a bend [m/s]; as in `sense-ways.ts`. */
const STANDING = 0.1;

const sample = new Float64Array(3);

/** What itineraries make of what people want: who walks to a waypoint, up a line, to where they stand; who stands. O(persons). */
export function steerStages(engine: Engine): void {
  const { world, kernel, stages: tables } = engine;
  if (tables === undefined) return;
  const { waypoints } = world.stages!;
  // goals of those on the way to a waypoint come behind the exits, so that they know each other
  const firstGoal = world.exits.length;
  for (let i = 0; i < world.personCount; i++) {
    // reading a field may build it, which may renew the views
    const { persons, groups, i16 } = world.views;
    const { phase, at, spot } = groups.stages!;
    if (phase[i] === StagePhase.none || persons.state[i] !== PersonState.walking) continue;
    if (persons.harm[i] >= PersonHarm.unconscious || persons.posture[i] !== 0) continue;
    const goalAt = kernel.offsets.goal / 2 + i;
    if (phase[i] === StagePhase.heading) {
      if (at[i] < 0) continue;
      i16[goalAt] = firstGoal + at[i];
      if (persons.portal[i] >= 0) continue;
      const place = nextPlace(world, tables, at[i]);
      if (place !== undefined && place.area === persons.area[i]) walkTo(engine, i, place, 0);
      else enter(engine, i, at[i]);
      world.views.i16[goalAt] = firstGoal + at[i];
      continue;
    }
    i16[goalAt] = NO_GOAL;
    persons.waitedTime[i] = 0;
    persons.pushNow[i] = 0;
    const waypoint = waypoints[at[i]];
    if (waypoint === undefined) stand(world, i);
    else if (phase[i] === StagePhase.called && spot[i] < 0) enter(engine, i, at[i]);
    else if (phase[i] === StagePhase.called && waypoint.spots[spot[i]].area !== persons.area[i])
      enter(engine, i, at[i]);
    else if (phase[i] === StagePhase.line && waypoint.places.length > 0) waitInLine(engine, tables, i, waypoint.places);
    else if (spot[i] < 0 || waypoint.spots[spot[i]].area !== persons.area[i]) stand(world, i);
    else walkTo(engine, i, waypoint.spots[spot[i]], STOP_AT);
    const after = world.views.persons;
    after.blockedTime[i] = 0;
    after.pushNow[i] = 0;
  }
}

function waitInLine(engine: Engine, tables: StageTables, person: number, places: readonly Goal[]): void {
  const rank = tables.rank[person];
  const place = places[Math.min(rank, places.length - 1)];
  if (place.area !== engine.world.views.persons.area[person]) {
    stand(engine.world, person);
    return;
  }
  walkTo(engine, person, place, STOP_AT + LINE_PITCH * Math.max(0, rank - places.length + 1));
}

function stand({ views }: World, person: number): void {
  views.persons.wishSpeed[person] = 0;
}

/** Into the region of a waypoint, by its travel field. */
function enter(engine: Engine, person: number, index: number): void {
  const { world } = engine;
  const waypoint = world.stages!.waypoints[index];
  const { phase } = world.views.groups.stages!;
  const regions = phase[person] === StagePhase.called ? waypoint.regions : waypoint.heads;
  const { x, y, area } = world.views.persons;
  let least = Infinity;
  let towardsX = 0;
  let towardsY = 0;
  for (const region of regions) {
    if (region.area !== area[person]) continue;
    if (!sampleField(world, regionField(world, region), x[person], y[person], sample)) continue;
    if (sample[0] >= least) continue;
    [least, towardsX, towardsY] = sample;
  }
  if (least < Infinity) approach(engine, person, least, towardsX, towardsY);
  else {
    // the counter lies in another area than the line: straight at it
    const [[tx, ty]] = regions[0].target.line;
    walkTo(engine, person, { area: regions[0].area, x: tx, y: ty }, 0);
  }
}

/** To a place of the person's own area, and stop so far from it. */
function walkTo(engine: Engine, person: number, goal: Goal, stopAt: number): void {
  const { world } = engine;
  const { x, y, area, sheet } = world.views.persons;
  const px = x[person];
  const py = y[person];
  const dx = goal.x - px;
  const dy = goal.y - py;
  const straight = Math.sqrt(dx * dx + dy * dy);
  const { vx, vy } = world.views.persons;
  const stands = vx[person] * vx[person] + vy[person] * vy[person] < STANDING * STANDING;
  // who has stopped stays, and needs no look at the way
  if (stopAt > 0 && straight < (stands ? stopAt + STOP_AT : stopAt)) {
    stand(world, person);
    return;
  }
  let distance = straight;
  let towardsX = dx / Math.max(straight, 1e-6);
  let towardsY = dy / Math.max(straight, 1e-6);
  if (!hasStraightWay(world, sheet[person], px, py, goal.x, goal.y)) {
    const field = goalField(world, { area: area[person], x: goal.x, y: goal.y });
    if (sampleField(world, field, px, py, sample)) {
      distance = Math.max(straight, sample[0]);
      towardsX = sample[1];
      towardsY = sample[2];
    }
  }
  approach(engine, person, distance, towardsX, towardsY);
  if (stopAt === 0) return;
  const { persons } = world.views;
  const left = Math.max(0, distance - stopAt);
  persons.wishSpeed[person] = Math.min(persons.wishSpeed[person], Math.sqrt(2 * COMFORT * left));
}

/** Sets what a person wants: a direction, the distance that is left. */
function approach({ world }: Engine, person: number, distance: number, towardsX: number, towardsY: number): void {
  const { persons, clock } = world.views;
  persons.wantX[person] = towardsX;
  persons.wantY[person] = towardsY;
  const { vx, vy, headX, headY } = persons;
  if (vx[person] * vx[person] + vy[person] * vy[person] <= STANDING * STANDING) {
    const setsOut = persons.bestPotential[person] === Number.POSITIVE_INFINITY;
    if (setsOut || headX[person] * towardsX + headY[person] * towardsY < 0) {
      headX[person] = towardsX;
      headY[person] = towardsY;
    }
  }
  persons.potential[person] = distance;
  if (distance >= persons.bestPotential[person] - PROGRESS) return;
  persons.bestPotential[person] = distance;
  clock.lastProgressTick[0] = clock.tick[0];
}
