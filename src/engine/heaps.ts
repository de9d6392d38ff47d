import { RandomPurpose, randomUnit, segmentsIntersect } from '../math/index.ts';
import { isCut, PersonHarm, PersonPosture, PersonState, sampleWallDistance } from '../world/index.ts';
import { DECISION_INTERVAL, type Engine, timeNow } from './engine.ts';
import { BODY_HEIGHT, type FallLaw, isOverBody, paceOverBodies } from './falls.ts';
import { PHYSICS } from './kernel/physics.ts';

/*
 * Bodies with a height (`settings.bodies`): what is too wide or too high to be stepped over is climbed, and who comes upon a body
 * sooner than they can answer with a step stumbles over it.
 */

/** Response times between which the share of those who tread on what is suddenly before them was measured [s], and these shares [1]. */
const ANSWER = { early: 0.2, late: 0.45, shareEarly: 0.795, shareLate: 0.031 } as const;

/**
 * Share of those who tread on an obstacle that they have seen for `time` seconds when their foot comes to it: linear through 0.795 at 0.2 s and 0.031 at 0.45 s, no
 * less than that after, and all where that line says so, at 0.133 s or less: nobody answers in no time. 0 … 1.
 * @source Chen, Ashton-Miller, Alexander, Schultz: Effects of age and available response time on ability to step over an obstacle, J. Gerontol. 49
 * (1994) M227, doi 10.1093/geronj/49.5.M227: young adults avoided it in 0.205 of the cases at 200 ms and in 0.969 at 450 ms
 */
export function treadShare(time: number): number {
  const { early, late, shareEarly, shareLate } = ANSWER;
  const share = shareEarly + ((shareLate - shareEarly) * (time - early)) / (late - early);
  return Math.min(1, Math.max(shareLate, share));
}

/** Share of those who tread on a body at `speed` [m/s] that fall: `upset` at 1.3 m/s, with the square of the speed, 1 at most. */
export function upsetShare(speed: number, upset: number, law: FallLaw): number {
  const share = speed / law.tripSpeed;
  return Math.min(1, upset * share * share);
}

/** Steps in which the floor along a way is looked at [m]. */
const LOOK_STEP = 0.05;

/**
 * How far bodies cover the way through (x, y) along the unit vector (ex, ey) without a gap, at most `most` each way [m]; 0 where none lies at the
 * place itself.
 */
export function coverAlong(
  isCovered: (x: number, y: number) => boolean,
  x: number,
  y: number,
  ex: number,
  ey: number,
  most: number,
): number {
  if (!isCovered(x, y)) return 0;
  const steps = Math.ceil(most / LOOK_STEP);
  let count = 0;
  for (const sign of [-1, 1]) {
    for (let k = 1; k <= steps; k++) {
      const at = sign * k * LOOK_STEP;
      if (!isCovered(x + at * ex, y + at * ey)) break;
      count++;
    }
  }
  return count * LOOK_STEP;
}

/** Whether two bodies that lie touch or lie across each other. */
function areEntangled({ world, falls: law }: Engine, a: number, b: number): boolean {
  const { x, y, leanX, leanY } = world.views.persons;
  const half = (law.bodyLength - law.bodyWidth) / 2;
  const endsOf = (i: number) => {
    const size = Math.sqrt(leanX[i] * leanX[i] + leanY[i] * leanY[i]);
    const dx = (half * leanX[i]) / size;
    const dy = (half * leanY[i]) / size;
    return [x[i] - dx, y[i] - dy, x[i] + dx, y[i] + dy] as const;
  };
  const [ax, ay, bx, by] = endsOf(a);
  const [cx, cy, dx, dy] = endsOf(b);
  if (segmentsIntersect(ax, ay, bx, by, cx, cy, dx, dy)) return true;
  const reach = law.bodyWidth * law.bodyWidth;
  return (
    squaredDistance(ax, ay, cx, cy, dx, dy) < reach ||
    squaredDistance(bx, by, cx, cy, dx, dy) < reach ||
    squaredDistance(cx, cy, ax, ay, bx, by) < reach ||
    squaredDistance(dx, dy, ax, ay, bx, by) < reach
  );
}

/** Of a point from a segment [m²]. */
function squaredDistance(px: number, py: number, ax: number, ay: number, bx: number, by: number): number {
  const ux = bx - ax;
  const uy = by - ay;
  const along = ((px - ax) * ux + (py - ay) * uy) / (ux * ux + uy * uy);
  const share = Math.min(1, Math.max(0, along));
  const dx = px - ax - share * ux;
  const dy = py - ay - share * uy;
  return dx * dx + dy * dy;
}

/** How many times as long it takes somebody to get up who lies as they do: longer for each body that they are entangled with. */
export function riseFactor(engine: Engine, person: number, around: readonly number[]): number {
  const law = engine.world.scenario.settings.bodies;
  if (law === undefined) return 1;
  const { posture } = engine.world.views.persons;
  let count = 0;
  for (const j of around) if (posture[j] === PersonPosture.lying && areEntangled(engine, person, j)) count++;
  return 1 + law.entangled * count;
}

/** Nobody's view of the floor farther ahead than this counts [s of their way] [D]: time to answer and to stop from a run. */
const LOOK_AHEAD = 2;
/** Somebody nearer than this to the line of sight hides the floor behind them [m]. */
const HIDES = 0.3;
/** Slower than this, nobody stumbles over what is before them [m/s]. */
const SLOW = 0.5;

/** Feet stand so far to either side of somebody's middle [m] [D]. */
const FOOT = 0.1;
/** Breadth of somebody who lies, with their arms [m]. @source ANSUR II, forearm–forearm breadth of men, as remembered: 0.57 */
const BREADTH = 0.57;

/** Bodies as wide as they are to somebody with two feet beside each other: who comes so near to one has a foot on it. */
export function footprint(law: FallLaw): FallLaw {
  return { ...law, bodyWidth: BREADTH + 2 * FOOT, bodyLength: law.bodyLength + 2 * FOOT };
}

/** Whether a foot of somebody at (x, y) is on one of the bodies. */
function coverOf({ world, falls }: Engine, bodies: readonly number[]): (px: number, py: number) => boolean {
  const law = footprint(falls);
  const { x, y, leanX, leanY } = world.views.persons;
  return (px, py) => {
    for (const i of bodies) {
      const size = Math.sqrt(leanX[i] * leanX[i] + leanY[i] * leanY[i]);
      if (isOverBody(px, py, x[i], y[i], leanX[i] / size, leanY[i] / size, law)) return true;
    }
    return false;
  };
}

/**
 * For how long everybody who walks has seen the body that lies on their way: nobody sees the floor behind somebody who goes before them.
 * O(persons × bodies), where anybody lies.
 */
function seeBodiesAhead(engine: Engine, lying: readonly number[]): void {
  const { world, falls: law } = engine;
  const { bodies } = world.views.groups;
  if (bodies === undefined) return;
  const { x, y, vx, vy, wantX, wantY, sheet, posture, state, harm } = world.views.persons;
  for (let i = 0; i < world.personCount; i++) {
    if (posture[i] !== PersonPosture.standing || state[i] !== PersonState.walking || harm[i] >= PersonHarm.unconscious)
      continue;
    const speed = Math.sqrt(vx[i] * vx[i] + vy[i] * vy[i]);
    const range = Math.max(SLOW, speed) * LOOK_AHEAD;
    const reach = range + law.bodyLength / 2;
    const near = lying.filter((j) => {
      const dx = x[j] - x[i];
      const dy = y[j] - y[i];
      return sheet[j] === sheet[i] && dx * dx + dy * dy < reach * reach;
    });
    // who hardly moves looks where they want to go
    const ex = speed < SLOW ? wantX[i] : vx[i] / speed;
    const ey = speed < SLOW ? wantY[i] : vy[i] / speed;
    const first = near.length === 0 ? -1 : firstCovered(engine, near, i, ex, ey, range);
    if (first < 0 || isHidden(engine, i, ex, ey, first)) bodies.warned[i] = 0;
    else if (bodies.warned[i] < 1000) bodies.warned[i]++;
  }
}

/** Distance along (ex, ey) at which the first body lies [m], at most `range`; −1 where none does. */
function firstCovered(engine: Engine, near: readonly number[], i: number, ex: number, ey: number, range: number) {
  const { x, y } = engine.world.views.persons;
  const isCovered = coverOf(engine, near);
  for (let at = LOOK_STEP; at <= range; at += LOOK_STEP) if (isCovered(x[i] + at * ex, y[i] + at * ey)) return at;
  return -1;
}

/** Whether somebody who stands hides the floor `distance` ahead. */
function isHidden({ world }: Engine, person: number, ex: number, ey: number, distance: number): boolean {
  const { x, y, sheet, posture, state } = world.views.persons;
  for (let j = 0; j < world.personCount; j++) {
    if (j === person || sheet[j] !== sheet[person] || posture[j] !== PersonPosture.standing) continue;
    if (state[j] === PersonState.out || state[j] === PersonState.leaving) continue;
    const dx = x[j] - x[person];
    const dy = y[j] - y[person];
    const along = dx * ex + dy * ey;
    if (along <= 0 || along > distance + HIDES) continue;
    if (Math.abs(dx * ey - dy * ex) < HIDES) return true;
  }
  return false;
}

/**
 * Somebody has a foot on bodies: their pace from now on. Stepped over is what is one body high and no wider along the way than a stride; all else
 * is climbed.
 */
export function paceOnHeap(engine: Engine, person: number, around: readonly number[]): number {
  const { world, falls: law } = engine;
  const { bodies } = world.views.groups;
  const heaps = world.scenario.settings.bodies;
  if (bodies === undefined || heaps === undefined) return 1;
  const { persons } = world.views;
  const { x, y, wantX, wantY, posture } = persons;
  const lying = around.filter((j) => posture[j] === PersonPosture.lying);
  const isCovered = coverOf(engine, lying);
  const cover = coverAlong(isCovered, x[person], y[person], wantX[person], wantY[person], heaps.stride + 2 * FOOT);
  const ceiling = world.ceilings[persons.area[person]];
  const here = layersAt(engine, lying, x[person], y[person]);
  if (here <= 1 && cover <= heaps.stride + 2 * FOOT) return paceOverBodies(1, ceiling, persons.levelSpeed[person], law);
  countClimb(engine, person, Math.max(1, here));
  const ahead = layersAt(engine, lying, x[person] + 0.3 * wantX[person], y[person] + 0.3 * wantY[person]);
  if ((ahead - here) * BODY_HEIGHT > heaps.climbMax) return 0;
  const climbing = { ...law, overBody: 1, overPile: bodies.climbSpeed[person] };
  return paceOverBodies(Math.max(2, here), ceiling, persons.levelSpeed[person], climbing);
}

/** Bodies one above the other at a place. */
function layersAt({ world, falls: law }: Engine, lying: readonly number[], px: number, py: number): number {
  const { x, y, leanX, leanY } = world.views.persons;
  let count = 0;
  for (const i of lying) {
    const size = Math.sqrt(leanX[i] * leanX[i] + leanY[i] * leanY[i]);
    if (isOverBody(px, py, x[i], y[i], leanX[i] / size, leanY[i] / size, law)) count++;
  }
  return count;
}

/** Slower than this, nobody climbs [m/s]. */
const STILL = 0.03;

/** One more interval of climbing; none where the person is held, stunned, or stands. */
function countClimb({ world }: Engine, person: number, layers: number): void {
  const { groups, persons, clock } = world.views;
  const { bodies, acted } = groups;
  if (bodies === undefined) return;
  bodies.climbOff[person] = 0;
  if (acted !== undefined && (acted.heldBy[person] > 0 || acted.stunnedUntil[person] > clock.tick[0])) return;
  const { vx, vy } = persons;
  if (vx[person] * vx[person] + vy[person] * vy[person] < STILL * STILL) return;
  bodies.climbTicks[person]++;
  bodies.climbWay[person] += DECISION_INTERVAL * Math.sqrt(vx[person] * vx[person] + vy[person] * vy[person]);
  bodies.climbLayers[person] = Math.max(bodies.climbLayers[person], layers);
}

/**
 * Whether somebody who has just come upon a body stumbles over it and falls. What counts is how fast their legs go, v − ω₀ L: who is struck while they run has
 * lost speed in the trunk first. What is no wider along their way than a stride a longer step clears; before what is
 * wider they must have stopped, so the time that braking takes is not theirs to answer in.
 */
export function stumbles(engine: Engine, person: number, around: readonly number[]): boolean {
  const { world, falls: law, seed } = engine;
  const { bodies } = world.views.groups;
  const heaps = world.scenario.settings.bodies;
  if (bodies === undefined || heaps === undefined || bodies.over[person] === 1) return false;
  const { x, y, vx, vy, leanX, leanY, posture } = world.views.persons;
  const legX = vx[person] - law.swayRate * leanX[person];
  const legY = vy[person] - law.swayRate * leanY[person];
  const speed = Math.sqrt(legX * legX + legY * legY);
  if (speed < SLOW) return false;
  const lying = around.filter((j) => posture[j] === PersonPosture.lying);
  const stride = heaps.stride + 2 * FOOT;
  const cover = coverAlong(coverOf(engine, lying), x[person], y[person], legX / speed, legY / speed, stride);
  const braking = cover > stride ? (speed - SLOW) / PHYSICS.grip : 0;
  const time = bodies.warned[person] * DECISION_INTERVAL - heaps.surprise - braking;
  const chance = treadShare(time) * upsetShare(speed, heaps.upset, law);
  return randomUnit(seed, RandomPurpose.stumble, person, world.views.clock.tick[0]) < chance;
}

const wall = new Float64Array(3);

/** Somebody who has just fallen lies beside the walls and not in them, as far as there is room: a body is broader than the person who stood. */
export function lieClearOfWalls({ world, falls: law }: Engine, person: number): void {
  const { persons } = world.views;
  const { x, y, leanX, leanY } = persons;
  const sheet = persons.sheet[person];
  const size = Math.sqrt(leanX[person] * leanX[person] + leanY[person] * leanY[person]);
  const half = (law.bodyLength - BREADTH) / (2 * size);
  for (const at of [0, half, -half]) {
    const px = x[person] + at * leanX[person];
    const py = y[person] + at * leanY[person];
    if (at !== 0 && isCut(world, sheet, x[person], y[person], px, py, true)) continue;
    if (!sampleWallDistance(world, sheet, px, py, wall) || wall[0] < 0 || wall[0] >= BREADTH / 2) continue;
    const distance = wall[0];
    const dx = (BREADTH / 2 - distance) * wall[1];
    const dy = (BREADTH / 2 - distance) * wall[2];
    if (isCut(world, sheet, x[person], y[person], x[person] + dx, y[person] + dy, false)) continue;
    // between two walls too near each other, where it is
    if (sampleWallDistance(world, sheet, px + dx, py + dy, wall) && wall[0] < distance) continue;
    x[person] += dx;
    y[person] += dy;
  }
}

/**
 * A falling body meets somebody: it takes their feet along with their trunk, so that no planted foot stops it, also where it comes against their run. Their
 * lean grows by all of the change of velocity (dvx, dvy) [m/s], which is then not counted again.
 */
export function upset({ world, falls: law }: Engine, person: number, dvx: number, dvy: number): void {
  const { leanX, leanY, settledVx, settledVy } = world.views.persons;
  leanX[person] += dvx / law.swayRate;
  leanY[person] += dvy / law.swayRate;
  settledVx[person] += dvx;
  settledVy[person] += dvy;
}

/** Off a heap for longer than this, somebody has gone over it [decision intervals]; and a shorter way on it is none [m]. */
const OFF_AFTER = 10;
const CLIMB_MIN = 0.3;

/** Notes who is over bodies and who sees one before them, and tells who has gone over a heap. */
export function noteTreading(engine: Engine, treading: readonly number[], lying: readonly number[]): void {
  const { world } = engine;
  const { bodies } = world.views.groups;
  if (bodies === undefined) return;
  bodies.over.fill(0);
  for (const j of treading) bodies.over[j] = 1;
  if (lying.length === 0) bodies.warned.fill(0);
  else seeBodiesAhead(engine, lying);
  for (let i = 0; i < world.personCount; i++) {
    if (bodies.climbTicks[i] === 0 || ++bodies.climbOff[i] <= OFF_AFTER) continue;
    const way = bodies.climbWay[i];
    const seconds = bodies.climbTicks[i] * DECISION_INTERVAL;
    const { x, y, sheet, posture } = world.views.persons;
    if (way >= CLIMB_MIN && posture[i] === PersonPosture.standing) {
      engine.emit({
        t: timeNow(world),
        type: 'climbed-over',
        person: i,
        x: round(x[i] + world.origin[0]),
        y: round(y[i] + world.origin[1]),
        sheet: sheet[i],
        way: round(way),
        seconds: round(seconds),
        speed: round(way / seconds),
        layers: bodies.climbLayers[i],
      });
    }
    bodies.climbTicks[i] = 0;
    bodies.climbWay[i] = 0;
    bodies.climbLayers[i] = 0;
    bodies.climbOff[i] = 0;
  }
}

const round = (value: number) => Math.round(1000 * value) / 1000;
