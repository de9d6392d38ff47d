import { goalField, hasStraightWay, PersonState, sampleField, type World } from '../../world/index.ts';
import type { Engine } from '../engine.ts';
import { type Cast, Movement } from './cast.ts';
import { ENOUGH_HELP } from './company.ts';
import { actedOf } from './progress.ts';
import { weightOfThreat } from './refuge.ts';

/** Deceleration with which somebody comes to a place [m/s²]; as to a stair. */
const COMFORT = 1;
/** Coming nearer by less than this is no progress [m]. */
const PROGRESS = 0.3;
/** Goal of those who make for no exit; see `sense-ways.ts`. */
const NO_GOAL = -2;

const sample = new Float64Array(3);

/** What roles, blows and helpers make of what people want, after their own wishes were found: who stands, who walks to a place, who is held. */
export function steerActors(engine: Engine): void {
  const { cast, world } = engine;
  if (cast === undefined) return;
  for (let actor = 0; actor < cast.persons.length; actor++) steerActor(engine, cast, actor);
  const { persons, clock } = world.views;
  const { stunnedUntil, heldBy, helpers, lentSpeed } = actedOf(world);
  for (let i = 0; i < world.personCount; i++) {
    if (heldBy[i] > 0 || stunnedUntil[i] > clock.tick[0]) halt(engine, i);
    else if (lentSpeed[i] > 0 && helpers[i] >= ENOUGH_HELP && persons.levelSpeed[i] > 0) {
      persons.wishSpeed[i] *= lentSpeed[i] / persons.levelSpeed[i];
    }
  }
}

/** Somebody stands and pushes nobody. */
function halt({ world, kernel }: Engine, person: number): void {
  const { persons, i16 } = world.views;
  persons.wishSpeed[person] = 0;
  persons.pushNow[person] = 0;
  persons.blockedTime[person] = 0;
  i16[kernel.offsets.goal / 2 + person] = NO_GOAL;
}

/** Slower than this, somebody can turn round without walking a bend [m/s]; as in `sense-ways.ts`. */
const STANDING = 0.1;

/** Somebody who stands and sets out, or faces away from where they want to go, turns before they walk. */
function turnOnTheSpot(world: World, person: number): void {
  const { vx, vy, headX, headY, wantX, wantY, bestPotential } = world.views.persons;
  if (vx[person] * vx[person] + vy[person] * vy[person] > STANDING * STANDING) return;
  const setsOut = bestPotential[person] === Number.POSITIVE_INFINITY;
  if (!setsOut && headX[person] * wantX[person] + headY[person] * wantY[person] >= 0) return;
  headX[person] = wantX[person];
  headY[person] = wantY[person];
}

function steerActor(engine: Engine, cast: Cast, actor: number): void {
  const { world, kernel } = engine;
  const person = cast.persons[actor];
  const movement = cast.movement[actor];
  const { state } = world.views.persons;
  if (movement === Movement.free || state[person] !== PersonState.walking) return;
  if (movement === Movement.stand) {
    halt(engine, person);
    world.views.persons.waitedTime[person] = 0;
    return;
  }
  if (movement === Movement.portal) {
    world.views.i16[kernel.offsets.goal / 2 + person] = NO_GOAL;
    return;
  }
  const x = world.views.persons.x[person];
  const y = world.views.persons.y[person];
  const dx = cast.toX[actor] - x;
  const dy = cast.toY[actor] - y;
  const straight = Math.sqrt(dx * dx + dy * dy);
  if (movement === Movement.away) {
    const { wantX, wantY } = world.views.persons;
    const weight = weightOfThreat(straight) / Math.max(straight, 1e-6);
    const wantedX = wantX[person] - weight * dx;
    const wantedY = wantY[person] - weight * dy;
    const size = Math.sqrt(wantedX * wantedX + wantedY * wantedY);
    if (size < 1e-3) return;
    wantX[person] = wantedX / size;
    wantY[person] = wantedY / size;
    return;
  }
  const { area, sheet } = world.views.persons;
  let distance = straight;
  let towardsX = dx / Math.max(straight, 1e-6);
  let towardsY = dy / Math.max(straight, 1e-6);
  if (!hasStraightWay(world, sheet[person], x, y, cast.toX[actor], cast.toY[actor])) {
    const field = goalField(world, { area: area[person], x: cast.toX[actor], y: cast.toY[actor] });
    if (sampleField(world, field, x, y, sample)) {
      distance = Math.max(straight, sample[0]);
      towardsX = sample[1];
      towardsY = sample[2];
    }
  }
  const { persons, i16, clock } = world.views;
  persons.wantX[person] = towardsX;
  persons.wantY[person] = towardsY;
  turnOnTheSpot(world, person);
  const left = Math.max(0, distance - cast.stopAt[actor]);
  persons.wishSpeed[person] = Math.min(persons.wishSpeed[person], Math.sqrt(2 * COMFORT * left));
  persons.potential[person] = distance;
  persons.waitedTime[person] = 0;
  if (distance < persons.bestPotential[person] - PROGRESS) {
    persons.bestPotential[person] = distance;
    clock.lastProgressTick[0] = clock.tick[0];
  }
  i16[kernel.offsets.goal / 2 + person] = NO_GOAL;
}
