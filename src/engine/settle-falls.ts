import { RandomPurpose, randomUnit } from '../math/index.ts';
import { PersonHarm, PersonPosture, PersonState, sampleWallDistance } from '../world/index.ts';
import { DECISION_INTERVAL, type Engine, timeNow } from './engine.ts';
import { type FallLaw, isOverBody, paceOverBodies, pileLoad, tripChance } from './falls.ts';
import { findAround } from './find-around.ts';
import { footprint, lieClearOfWalls, noteTreading, paceOnHeap, riseFactor, stumbles, upset } from './heaps.ts';

/*
 * Who falls, who lies, who gets up, in passes, so that nobody sees another half fallen:
 *
 *   1. the kernel (`watchPersons`): everybody's lean follows from how their velocity changed, less what their own legs did
 *   2. who leans beyond the ankles, or is unconscious on their feet, may fall; of these fall who has no room for a step and nobody
 *      to hold them; the weight on each lying body, who treads on whom, who trips
 *   3. falls, strikes of those falling, getting up
 *
 * All of it goes through those only whom the kernel marks to be looked at, and those around them.
 */

const FallReason = { shoved: 0, tripped: 1, fainted: 2, knocked: 3 } as const;
const REASON_WORDS = ['shoved', 'tripped', 'fainted', 'knocked'] as const;

/** A lean below this is none [m]. */
const UPRIGHT = 0.001;
/** Cosine of the angle to either side of a fall within which somebody is struck or holds one. */
const AHEAD = 0.7;
const GRAVITY = 9.81;
/** Most that `freeTicks` counts to; nobody takes nearly so long. */
const FREE_TICKS_MAX = 65_535;
/** Of the kernel estimate of density, 3/π · Σ (1 − d²)², the person included [1/m²]. */
const DENSITY_SCALE = 3 / Math.PI;

const wall = new Float64Array(3);

/** Falls, piles and getting up in this interval. */
export function settleFalls(engine: Engine): void {
  const { scratch } = engine;
  const { falling, reason, lying } = scratch;
  findWhoMayFall(engine);
  if (falling.length > 0) keepUnheld(engine);
  if (lying.length > 0) settleLying(engine);
  else scratch.treading.length = 0;
  noteTreading(engine, scratch.treading, lying);
  for (let k = 0; k < falling.length; k++) fall(engine, falling[k], reason[k]);
  if (falling.length + lying.length > 0) settleFloor(engine);
}

/** Those who may fall, and why, to `falling` and `reason`; those who lie to `lying`. */
function findWhoMayFall(engine: Engine): void {
  const { world, scratch, falls: law } = engine;
  const { state, posture, harm, leanX, leanY, pace } = world.views.persons;
  const { watched, watchedCount, falling, reason, lying } = scratch;
  const marginMin = law.marginLow * law.balance;
  const marginMax = law.marginHigh * law.balance;
  falling.length = 0;
  reason.length = 0;
  lying.length = 0;
  for (let k = 0; k < watchedCount; k++) {
    const i = watched[k];
    if (state[i] === PersonState.out) continue;
    const isGone = state[i] === PersonState.leaving;
    if (posture[i] !== PersonPosture.standing) {
      // Fell in the interval in which they got out: they are out.
      if (isGone) stand(engine, i);
      else lying.push(i);
      continue;
    }
    pace[i] = 1;
    if (isGone) continue;
    if (harm[i] >= PersonHarm.unconscious) {
      falling.push(i);
      reason.push(FallReason.fainted);
      continue;
    }
    const squared = leanX[i] * leanX[i] + leanY[i] * leanY[i];
    if (squared <= marginMin * marginMin) continue;
    const margin = squared > marginMax * marginMax ? marginMax : marginOf(engine, i);
    if (squared <= margin * margin) continue;
    falling.push(i);
    reason.push(FallReason.shoved);
  }
}

/** Leaves in `falling` those whom nothing holds and who have no room to step out of it. */
function keepUnheld(engine: Engine): void {
  const { world, scratch, falls: law, seed } = engine;
  const { falling, reason } = scratch;
  const { persons } = world.views;
  let kept = 0;
  for (let k = 0; k < falling.length; k++) {
    const i = falling[k];
    const held = law.support * persons.mass[i] * GRAVITY;
    if (world.doors.length > 0 && persons.touched[i] !== 0) continue; // against a shut leaf
    const around = findAround(engine, i);
    if (reason[k] === FallReason.fainted) {
      const isHeldUp = contactForce(engine, i, around, 0, 0, -1) >= held;
      persons.freeTicks[i] = isHeldUp ? 0 : Math.min(persons.freeTicks[i] + 1, FREE_TICKS_MAX);
      if (persons.freeTicks[i] < law.sinkTicks) continue;
    } else {
      const size = Math.sqrt(persons.leanX[i] * persons.leanX[i] + persons.leanY[i] * persons.leanY[i]);
      const ex = persons.leanX[i] / size;
      const ey = persons.leanY[i] / size;
      const margin = marginOf(engine, i);
      const unit = randomUnit(seed, RandomPurpose.balance, i, 1);
      const reach = law.balance * (law.stepLow + (law.stepHigh - law.stepLow) * unit);
      if (size <= margin + roomAhead(engine, i, around, ex, ey, reach)) continue;
      if (isAtWall(engine, i, ex, ey) || isHeld(engine, i, around, ex, ey)) continue;
      if (contactForce(engine, i, around, ex, ey, AHEAD) >= held) continue;
    }
    reason[kept] = reason[k];
    falling[kept++] = i;
  }
  reason.length = kept;
  falling.length = kept;
}

/** How far this person's extrapolated centre of mass may leave the feet [m]. */
function marginOf({ falls: law, seed }: Engine, person: number): number {
  const unit = randomUnit(seed, RandomPurpose.balance, person, 0);
  return law.balance * (law.marginLow + (law.marginHigh - law.marginLow) * unit);
}

/** Elastic contact forces on a person by those standing within a cone about (ex, ey) [N]; all of them with `cosine` −1. */
function contactForce(
  engine: Engine,
  person: number,
  around: readonly number[],
  ex: number,
  ey: number,
  cosine: number,
): number {
  const { world, stiffness } = engine;
  const { x, y, radius, posture, sheet } = world.views.persons;
  let sum = 0;
  for (const j of around) {
    if (posture[j] !== PersonPosture.standing) continue;
    const dx = x[j] - x[person];
    const dy = y[j] - y[person];
    const reach = radius[person] + radius[j];
    const squared = dx * dx + dy * dy;
    if (squared >= reach * reach) continue;
    const distance = Math.sqrt(squared);
    if (cosine > -1 && dx * ex + dy * ey < cosine * distance) continue;
    sum += stiffness * (reach - distance);
  }
  if (cosine > -1) return sum;
  // A wall holds as well.
  const isNearWall = sampleWallDistance(world, sheet[person], x[person], y[person], wall);
  return isNearWall && wall[0] < radius[person] ? sum + stiffness * (radius[person] - wall[0]) : sum;
}

/** Whether somebody who stands firm is near enough along (ex, ey) to be leant on or held. */
function isHeld(
  { world, falls: law }: Engine,
  person: number,
  around: readonly number[],
  ex: number,
  ey: number,
): boolean {
  const { x, y, radius, posture, harm, leanX, leanY } = world.views.persons;
  const firm = law.balance * law.firmLean;
  for (const j of around) {
    if (posture[j] !== PersonPosture.standing || harm[j] >= PersonHarm.unconscious) continue;
    const dx = x[j] - x[person];
    const dy = y[j] - y[person];
    const reach = radius[person] + radius[j] + law.holdReach;
    const squared = dx * dx + dy * dy;
    const along = dx * ex + dy * ey;
    if (squared >= reach * reach || along <= 0) continue;
    if (leanX[j] * ex + leanY[j] * ey < firm) return true;
  }
  return false;
}

/** Whether a wall is near enough to lean or slide on, unless it lies behind. */
function isAtWall({ world, falls }: Engine, person: number, ex: number, ey: number): boolean {
  const { x, y, radius, sheet } = world.views.persons;
  if (!sampleWallDistance(world, sheet[person], x[person], y[person], wall)) return false;
  return wall[0] < radius[person] + falls.holdReach && ex * wall[1] + ey * wall[2] < 0.5;
}

/**
 * Room for a recovery step along (ex, ey) [m], at most `reach`: to the next body or wall; none where somebody lies where it lands. The step lands where the
 * legs were carrying its foot: on average half of it is still to go.
 */
function roomAhead(
  { world, falls: law }: Engine,
  person: number,
  around: readonly number[],
  ex: number,
  ey: number,
  reach: number,
): number {
  const { x, y, vx, vy, radius, posture, leanX, leanY, sheet } = world.views.persons;
  const ahead = law.recoverTime / 2;
  const footX = x[person] + ahead * (vx[person] - law.swayRate * leanX[person]) + (reach / 2) * ex;
  const footY = y[person] + ahead * (vy[person] - law.swayRate * leanY[person]) + (reach / 2) * ey;
  let room = reach;
  for (const j of around) {
    if (posture[j] === PersonPosture.lying) {
      const size = Math.sqrt(leanX[j] * leanX[j] + leanY[j] * leanY[j]);
      if (isOverBody(footX, footY, x[j], y[j], leanX[j] / size, leanY[j] / size, law)) return 0;
      continue;
    }
    const dx = x[j] - x[person];
    const dy = y[j] - y[person];
    const along = dx * ex + dy * ey;
    if (along <= 0) continue;
    const touch = radius[person] + radius[j];
    const aside = dx * dx + dy * dy - along * along;
    if (aside >= touch * touch) continue;
    room = Math.min(room, Math.max(0, along - Math.sqrt(touch * touch - aside)));
  }
  if (sampleWallDistance(world, sheet[person], x[person], y[person], wall)) {
    const into = -(ex * wall[1] + ey * wall[2]);
    if (into > 0.3) room = Math.min(room, Math.max(0, wall[0] - radius[person]) / into);
  }
  return room;
}

/** Weights on those who lie, footing of those who tread on them, and who trips. */
function settleLying(engine: Engine): void {
  const { world, scratch, falls: law, seed } = engine;
  const { persons, clock } = world.views;
  const { x, y, mass, posture, leanX, leanY, burden, pace } = persons;
  const { under, treading, lying, falling, reason } = scratch;
  const share = DECISION_INTERVAL / law.loadTime;
  treading.length = 0;
  const hasHeaps = world.views.groups.bodies !== undefined;
  const foot = hasHeaps ? footprint(law) : law;
  for (const i of lying) {
    const size = Math.sqrt(leanX[i] * leanX[i] + leanY[i] * leanY[i]);
    const ux = leanX[i] / size;
    const uy = leanY[i] / size;
    let above = 0;
    for (const j of findAround(engine, i)) {
      if (posture[j] === PersonPosture.lying) {
        if (isAbove(engine, j, i)) above += mass[j];
      } else if (isOverBody(x[j], y[j], x[i], y[i], ux, uy, foot)) {
        if (!hasHeaps || isOverBody(x[j], y[j], x[i], y[i], ux, uy, law)) above += mass[j];
        if (under[j] === 0) treading.push(j);
        if (under[j] < 255) under[j]++;
      }
    }
    burden[i] += (pileLoad(above, law) - burden[i]) * share;
  }
  treading.sort((a, b) => a - b);
  for (const j of treading) {
    const layers = under[j];
    under[j] = 0;
    pace[j] = hasHeaps
      ? paceOnHeap(engine, j, findAround(engine, j))
      : paceOverBodies(layers, world.ceilings[persons.area[j]], persons.levelSpeed[j], law);
    if (hasHeaps && stumbles(engine, j, findAround(engine, j)) && falling.indexOf(j) < 0) {
      falling.push(j);
      reason.push(FallReason.tripped);
      continue;
    }
    const speed = Math.sqrt(persons.vx[j] * persons.vx[j] + persons.vy[j] * persons.vy[j]);
    const chance = tripChance(speed, DECISION_INTERVAL, law);
    if (chance === 0 || randomUnit(seed, RandomPurpose.trip, j, clock.tick[0]) >= chance) continue;
    if (falling.indexOf(j) >= 0) continue;
    falling.push(j);
    reason.push(FallReason.tripped);
  }
}

/** Whether lying person `a` lies on the chest of lying person `b`: fell later (of two at once, the higher number) and reaches over it. */
function isAbove({ world, falls: law }: Engine, a: number, b: number): boolean {
  const { x, y, leanX, leanY, fellTick } = world.views.persons;
  if (fellTick[a] < fellTick[b] || (fellTick[a] === fellTick[b] && a < b)) return false;
  const size = Math.sqrt(leanX[a] * leanX[a] + leanY[a] * leanY[a]);
  return isOverBody(x[b], y[b], x[a], y[a], leanX[a] / size, leanY[a] / size, law);
}

/** Lean of somebody knocked down, at most [m]: that of a body on its way to the floor. */
const KNOCKED_LEAN = 0.5;

/**
 * Somebody is knocked down by a person, in the direction of the change of velocity (dvx, dvy) [m/s] that goes with it, whatever holds them;
 * whom they reach in falling is struck as by any other fall. Nothing happens to those who lie already.
 */
export function knockDown(engine: Engine, person: number, dvx: number, dvy: number): void {
  const { world, falls: law } = engine;
  const { persons } = world.views;
  if (persons.posture[person] !== PersonPosture.standing) return;
  const size = Math.sqrt(dvx * dvx + dvy * dvy) / law.swayRate;
  if (size > UPRIGHT) {
    const lean = Math.min(KNOCKED_LEAN, size) / (size * law.swayRate);
    persons.leanX[person] = lean * dvx;
    persons.leanY[person] = lean * dvy;
  }
  // looked for without the kernel's cells, which are those of another time
  const around: number[] = [];
  if (world.views.clock.lyingCount[0] > 0) {
    for (let j = 0; j < world.personCount; j++)
      if (j !== person && persons.sheet[j] === persons.sheet[person]) around.push(j);
  }
  fall(engine, person, FallReason.knocked, around);
}

/** Somebody falls, along their lean; who only trips or faints falls the way they were going. */
function fall(engine: Engine, person: number, reason: number, bodies?: readonly number[]): void {
  const { world, falls: law } = engine;
  const { persons, clock } = world.views;
  const { x, y, leanX, leanY } = persons;
  if (reason === FallReason.tripped) {
    leanX[person] += persons.vx[person] / law.swayRate;
    leanY[person] += persons.vy[person] / law.swayRate;
  }
  if (leanX[person] * leanX[person] + leanY[person] * leanY[person] < UPRIGHT * UPRIGHT) {
    leanX[person] = UPRIGHT * persons.headX[person];
    leanY[person] = UPRIGHT * persons.headY[person];
  }
  const around = bodies ?? findAround(engine, person);
  if (world.views.groups.bodies !== undefined) lieClearOfWalls(engine, person);
  let onto = 0;
  for (const j of around) {
    if (persons.posture[j] !== PersonPosture.lying) continue;
    const size = Math.sqrt(leanX[j] * leanX[j] + leanY[j] * leanY[j]);
    if (isOverBody(x[person], y[person], x[j], y[j], leanX[j] / size, leanY[j] / size, law)) onto++;
  }
  persons.posture[person] = PersonPosture.lying;
  persons.fellTick[person] = clock.tick[0];
  persons.freeTicks[person] = 0;
  persons.burden[person] = persons.chestLoad[person];
  clock.lyingCount[0]++;
  const place = placeOf(engine, person);
  engine.emit({ t: timeNow(world), type: 'person-fell', person, ...place, why: REASON_WORDS[reason], onto });
  if (onto + 1 > Math.max(1, clock.pileHighest[0])) {
    clock.pileHighest[0] = onto + 1;
    engine.emit({ t: timeNow(world), type: 'pile-grew', ...place, layers: onto + 1 });
  }
}

/** Those who lie stay where they are, carry what lies on them, strike somebody in falling, and get up when they can. */
function settleFloor(engine: Engine): void {
  const { world, scratch, falls: law, seed } = engine;
  const { persons, clock } = world.views;
  const { fellTick, freeTicks, burden, harm } = persons;
  const { lying, falling } = scratch;
  const tick = clock.tick[0];
  lying.push(...falling);
  lying.sort((a, b) => a - b);
  for (const i of lying) {
    if (tick - fellTick[i] === law.strikeTicks) strike(engine, i);
    if (harm[i] >= PersonHarm.unconscious || isKeptDown(engine, i) || !isFreeToRise(engine, i)) {
      freeTicks[i] = 0;
    } else {
      freeTicks[i] = Math.min(freeTicks[i] + 1, FREE_TICKS_MAX);
      const needed =
        riseFactor(engine, i, findAround(engine, i)) *
        timeToRise(law, randomUnit(seed, RandomPurpose.getUp, i, fellTick[i]));
      if (freeTicks[i] * DECISION_INTERVAL >= needed) {
        rise(engine, i);
        continue;
      }
    }
    persons.vx[i] = 0;
    persons.vy[i] = 0;
    persons.settledVx[i] = 0;
    persons.settledVy[i] = 0;
    persons.wishX[i] = 0;
    persons.wishY[i] = 0;
    persons.pushNow[i] = 0;
    persons.blockedTime[i] = 0;
    persons.pace[i] = 0;
    persons.chestLoad[i] = burden[i];
    persons.chestLoadMax[i] = Math.max(persons.chestLoadMax[i], burden[i]);
  }
}

/** Whether somebody who was put down does not try to get up yet. */
function isKeptDown({ world }: Engine, person: number): boolean {
  const { groups, clock } = world.views;
  return groups.acted !== undefined && groups.acted.downUntil[person] > clock.tick[0];
}

/** Time that getting up takes [s] for a draw of 0 … 1. */
function timeToRise(law: FallLaw, unit: number): number {
  return law.upLow + (law.upHigh - law.upLow) * unit;
}

/** Whether nothing keeps a person from getting up: little on the chest, few around, and nobody standing where their body would be. */
function isFreeToRise(engine: Engine, person: number): boolean {
  const { world, falls: law } = engine;
  const { x, y, radius, posture, burden } = world.views.persons;
  if (burden[person] >= law.freeLoad) return false;
  const around = findAround(engine, person);
  let density = 1;
  for (const j of around) {
    if (posture[j] === PersonPosture.lying) {
      if (isAbove(engine, j, person)) return false;
      continue;
    }
    const dx = x[j] - x[person];
    const dy = y[j] - y[person];
    const squared = dx * dx + dy * dy;
    const reach = radius[person] + radius[j];
    if (squared < reach * reach) return false;
    const inside = Math.max(0, 1 - squared);
    density += inside * inside;
  }
  return DENSITY_SCALE * density < law.freeDensity;
}

/**
 * Somebody is helped up: what keeps a person down alone does so still, but for the helper, who may stand where the other lies and does not stand on them. Whether
 * they are up.
 */
export function liftUp(engine: Engine, person: number, helper: number): boolean {
  const { world, falls: law } = engine;
  const { x, y, leanX, leanY, radius, mass, posture, sheet, state } = world.views.persons;
  const size = Math.sqrt(leanX[person] * leanX[person] + leanY[person] * leanY[person]);
  let above = 0;
  // looked for without the kernel's cells, which are those of another time
  for (let j = 0; j < world.personCount; j++) {
    if (j === person || j === helper || sheet[j] !== sheet[person]) continue;
    if (state[j] === PersonState.out || state[j] === PersonState.leaving) continue;
    if (posture[j] === PersonPosture.lying) {
      if (isAbove(engine, j, person)) return false;
      continue;
    }
    const dx = x[j] - x[person];
    const dy = y[j] - y[person];
    const reach = radius[person] + radius[j];
    if (dx * dx + dy * dy < reach * reach) return false;
    if (isOverBody(x[j], y[j], x[person], y[person], leanX[person] / size, leanY[person] / size, law)) above += mass[j];
  }
  if (pileLoad(above, law) >= law.freeLoad) return false;
  rise(engine, person);
  return true;
}

/** Gets up where they lie. */
function rise(engine: Engine, person: number): void {
  const { persons, clock } = engine.world.views;
  const after = (clock.tick[0] - persons.fellTick[person]) * DECISION_INTERVAL;
  stand(engine, person);
  engine.emit({
    t: timeNow(engine.world),
    type: 'person-got-up',
    person,
    ...placeOf(engine, person),
    after: round(after),
  });
}

function stand({ world }: Engine, person: number): void {
  const { persons, clock } = world.views;
  persons.posture[person] = PersonPosture.standing;
  persons.pace[person] = 1;
  persons.leanX[person] = 0;
  persons.leanY[person] = 0;
  persons.burden[person] = 0;
  clock.lyingCount[0]--;
}

/** A falling body gives its momentum to the nearest person standing along its fall; theirs is a shove like any other. */
function strike(engine: Engine, person: number): void {
  const { world, falls: law } = engine;
  const { x, y, vx, vy, mass, posture, leanX, leanY } = world.views.persons;
  const size = Math.sqrt(leanX[person] * leanX[person] + leanY[person] * leanY[person]);
  const around = findAround(engine, person);
  let struck = -1;
  let least = law.strikeReach * law.strikeReach;
  for (const j of around) {
    if (posture[j] !== PersonPosture.standing) continue;
    const dx = x[j] - x[person];
    const dy = y[j] - y[person];
    const squared = dx * dx + dy * dy;
    const along = (dx * leanX[person] + dy * leanY[person]) / size;
    if (along <= 0 || along * along < AHEAD * AHEAD * squared) continue;
    if (squared < least || (squared === least && j < struck)) {
      struck = j;
      least = squared;
    }
  }
  if (struck < 0) return;
  const share = (law.swayRate * mass[person]) / mass[struck];
  vx[struck] += share * leanX[person];
  vy[struck] += share * leanY[person];
  if (world.views.groups.bodies !== undefined) upset(engine, struck, share * leanX[person], share * leanY[person]);
}

function placeOf({ world }: Engine, person: number) {
  const { x, y, sheet } = world.views.persons;
  return { x: round(x[person] + world.origin[0]), y: round(y[person] + world.origin[1]), sheet: sheet[person] };
}

const round = (value: number) => Math.round(1000 * value) / 1000;
