import * as t from './table';
import * as plan from './plan';
import { pick, pickShorts, putBack, putShorts } from './look';
import { appendPlaces, foursScratch, placesScratch } from './neighbours';
import { facesNearest } from './walls';

/*
 * What each person wants now; the kernel's copy of `sensePerson` in ../../sense-ways.ts, operation for operation. Rare cases (exits
 * that are regions, fields not yet built, people caught in a nook) are only marked in `unsensed` and left to that function.
 */

const BLOCKED_SHARE: f64 = 1 / 3.0;
const PUSH_AFTER: f32 = 1;
const PROGRESS: f64 = 0.3;
const STUCK_AFTER: f32 = 4;
const NOT_DENSE: f32 = 2.5;
const NOT_PRESSED: f32 = 50;
const LOCKED_AFTER: f32 = 20;
const LOCKED_LOAD: f32 = 300;
const AT_PORTAL: f64 = 0.6;
const NOOK_STEP: f64 = 0.2;
const NOOK_NEARER: f64 = 0.02;
const NOOK_EVERY: i32 = 5;
const COMFORT: f64 = 1;
const NO_GOAL: i32 = -2;
const TURNED: f64 = 0.85;
const TURN_RATE: f64 = 0.05;
const NARROW: f64 = 1.5;
const NARROW_REACH: f64 = 0.5;
const CORNER_REACH: f64 = 0.3;
const CORNER_FACING: f64 = 0.2;
const SHUT_REACH: f64 = 2;
const ONCOMING_MIN: f64 = 0.2;
const STANDING: f64 = 0.1;

/** Persons who are put in order of their ways at once, and how many ways of theirs are set in turn; of further ways everybody is looked at alone. */
const BLOCK: i32 = 256;
const WAYS_MAX: i32 = 8;
/** Values of fields lie far apart: they are fetched for this many persons at once, so that waiting for them overlaps. */
const FETCHED: i32 = 32;

/** Scratch: patches; what four persons' fields say (`A_DISTANCE` …), with the walls about them; where they are; portals near those fetched. */
const AIM: usize = <usize>FETCHED * plan.PATCH_BYTES;
const A_DISTANCE: usize = 0;
const A_X: usize = 32;
const A_Y: usize = 64;
const RUNS: usize = 96;
const PLACES: usize = AIM + 112;
const BESIDE: usize = PLACES + 48;
/** Lists of a block behind the places in the scratch, with room for one store beyond: who walks and by what way; who walks the same way; who of these is fetched, and who is not. */
const LIST: usize = 4 * BLOCK + 16;
const WAYS: usize = LIST;
const SAME: usize = 2 * LIST;
const PLAIN: usize = 3 * LIST;
const OTHERS: usize = 4 * LIST;

const WALKING: i32 = 1;
const LEAVING: i32 = 2;
const OUT: i32 = 3;
const UNCONSCIOUS: i32 = 2;

@inline function floatOf(pointer: usize, i: i32): f64 {
  return <f64>t.floatAt(t.pointer(pointer), i);
}
@inline function integerOf(pointer: usize, i: i32): i32 {
  return t.integerAt(t.pointer(pointer), i);
}
@inline function byteOf(pointer: usize, i: i32): i32 {
  return t.byteAt(t.pointer(pointer), i);
}
@inline function shortOf(pointer: usize, i: i32): i32 {
  return t.shortAt(t.pointer(pointer), i);
}
@inline function setFloatOf(pointer: usize, i: i32, value: f64): void {
  t.setFloat(t.pointer(pointer), i, <f32>value);
}

@inline function standsOpen(portal: usize): bool {
  const door = plan.portalDoor(portal);
  return door < 0 || integerOf(t.P_doorState, door) == 0;
}

/** Share of the free speed that people of this person's profile keep on stairs. */
@inline function stairFactor(person: i32, up: bool): f64 {
  const profile = <i32>load<u16>(t.pointer(t.P_profile) + (<usize>person << 1));
  return <f64>t.floatAt(t.pointer(t.P_stairFactors), 2 * profile + (up ? 0 : 1));
}

/** Free speed on a link towards the portal `towards`, in the plan. */
function linkSpeed(person: i32, index: i32, towards: i32): f64 {
  const link = plan.linkRow(index);
  const up = towards == plan.linkUpper(link);
  const set = up ? plan.linkSpeedUp(link) : plan.linkSpeedDown(link);
  const share: f64 = plan.linkIsStairs(link) ? stairFactor(person, up) : 1;
  const alongSlope: f64 = set > 0 ? set : floatOf(t.P_levelSpeed, person) * share;
  return (alongSlope * plan.linkRun(link)) / plan.linkLength(link);
}

function wishSpeed(person: i32, area: i32, portal: i32, distance: f64): f64 {
  const here = plan.areaRow(area);
  if (plan.areaIsLink(here)) return linkSpeed(person, plan.areaLink(here), portal);
  const level = floatOf(t.P_levelSpeed, person);
  const next = portal < 0 ? -1 : plan.portalLink(plan.portalRow(portal));
  if (next < 0) return level;
  const link = plan.linkRow(next);
  const there = linkSpeed(person, next, portal == plan.linkLower(link) ? plan.linkUpper(link) : plan.linkLower(link));
  return min<f64>(level, sqrt<f64>(there * there + 2 * COMFORT * max<f64>(0, distance)));
}

function isInNook(person: i32, sheet: usize, ux: f64, uy: f64): bool {
  const x = floatOf(t.P_x, person), y = floatOf(t.P_y, person);
  plan.sampleWall(sheet, x + NOOK_STEP * ux, y + NOOK_STEP * uy);
  const ahead = plan.wallDistance;
  if (ahead >= floatOf(t.P_radius, person)) return false;
  plan.sampleWall(sheet, x, y);
  return ahead < plan.wallDistance - NOOK_NEARER;
}

/** Whether a nook holds a person for whom `plan` has just looked at the field. */
@inline function isStuck(person: i32, area: i32): bool {
  return (
    t.floatAt(t.pointer(t.P_blockedTime), person) > STUCK_AFTER &&
    t.floatAt(t.pointer(t.P_packing), person) < NOT_DENSE &&
    t.floatAt(t.pointer(t.P_chestLoad), person) < (t.floatAt(t.pointer(t.P_blockedTime), person) > LOCKED_AFTER ? LOCKED_LOAD : NOT_PRESSED) &&
    plan.fieldDistance > AT_PORTAL &&
    isInNook(person, plan.sheetRow(plan.areaSheet(plan.areaRow(area))), plan.fieldX, plan.fieldY)
  );
}

/** Direction by the field of the next portal, to `wantX`, `wantY`; the distance to that portal, or −1 where the case is left to the caller. */
function findWay(person: i32, portalIndex: i32, area: i32): f64 {
  const portal = plan.portalRow(portalIndex);
  if (plan.portalIsRegion(portal)) return -1;
  const side = plan.portalArea(portal, 0) == area ? 0 : 1;
  const field = plan.portalField(portal, side);
  if (field == 0) return -1;
  if (!plan.sampleField(portal, side, field, floatOf(t.P_x, person), floatOf(t.P_y, person))) return Infinity;
  const distance = plan.fieldDistance;
  if (!isStuck(person, area)) {
    setFloatOf(t.P_wantX, person, plan.fieldX);
    setFloatOf(t.P_wantY, person, plan.fieldY);
  } else if ((load<i32>(t.pointer(t.P_tick)) + person) % NOOK_EVERY == 0) return -1;
  return distance;
}

/** Whoever stands and faces away from where they want to go turns before they walk. */
@inline function turnOnTheSpot(person: i32): void {
  const vx = floatOf(t.P_vx, person), vy = floatOf(t.P_vy, person);
  if (vx * vx + vy * vy > STANDING * STANDING) return;
  const wantX = floatOf(t.P_wantX, person), wantY = floatOf(t.P_wantY, person);
  const starts = floatOf(t.P_bestPotential, person) == Infinity;
  if (!starts && !(floatOf(t.P_headX, person) * wantX + floatOf(t.P_headY, person) * wantY < 0)) return;
  setFloatOf(t.P_headX, person, wantX);
  setFloatOf(t.P_headY, person, wantY);
}

/** Potential and progress, `distance` from the next portal. */
@inline function noteProgress(person: i32, distance: f64, effort: f64, interval: f64): void {
  const best = floatOf(t.P_bestPotential, person);
  turnOnTheSpot(person);
  const potential: f64 = effort * distance + floatOf(t.P_restWay, person);
  setFloatOf(t.P_potential, person, potential);
  if (potential < best - PROGRESS) {
    setFloatOf(t.P_bestPotential, person, potential);
    setFloatOf(t.P_waitedTime, person, 0);
    store<i32>(t.pointer(t.P_lastProgressTick), load<i32>(t.pointer(t.P_tick)));
  } else {
    setFloatOf(t.P_waitedTime, person, floatOf(t.P_waitedTime, person) + interval);
  }
}

/** Whether a wall stands in the way of a person, of those of the run that is about them. */
function isCornerAhead(person: i32, sheet: usize, run: usize): bool {
  if (run == 0) return false;
  const x = t.floatAt(t.pointer(t.P_x), person), y = t.floatAt(t.pointer(t.P_y), person);
  const wantX = t.floatAt(t.pointer(t.P_wantX), person), wantY = t.floatAt(t.pointer(t.P_wantY), person), body = t.floatAt(t.pointer(t.P_bodyRadius), person);
  const sure = facesNearest(run, x, y, wantX, wantY, body + <f32>CORNER_REACH, <f32>CORNER_FACING, <f32>plan.WALL_SIGHT);
  if (sure >= 0) return sure == 1;
  if (!plan.sampleWall(sheet, x, y)) return false;
  if (plan.wallDistance > <f64>body + CORNER_REACH) return false;
  return <f64>wantX * plan.wallX + <f64>wantY * plan.wallY < -CORNER_FACING;
}

@inline function turnShoulders(person: i32, sheet: usize, distance: f64): void {
  const index = shortOf(t.P_portal, person);
  let turns = floatOf(t.P_oncoming, person) > ONCOMING_MIN;
  if (!turns && index >= 0 && t.floatAt(t.pointer(t.P_blockedTime), person) > PUSH_AFTER) {
    const portal = plan.portalRow(index);
    const isOpen = standsOpen(portal);
    const atPortal = isOpen && distance < NARROW_REACH && plan.portalWidth(portal) < NARROW;
    turns = atPortal || ((isOpen || distance > SHUT_REACH) && isCornerAhead(person, sheet, plan.wallsAbout(sheet, floatOf(t.P_x, person), floatOf(t.P_y, person))));
  }
  const full = floatOf(t.P_bodyRadius, person);
  const step: f64 = TURN_RATE * full;
  const now = floatOf(t.P_radius, person);
  if (turns) setFloatOf(t.P_radius, person, max<f64>(TURNED * full, now - step));
  else if (now != full) setFloatOf(t.P_radius, person, min<f64>(full, now + step));
}

/** The area on the far side of a portal that is near, where it stands open; −1 otherwise. */
@inline function areaBeside(beside: i32, area: i32): i32 {
  if (beside < 0) return -1;
  const row = plan.portalRow(beside);
  if (!standsOpen(row)) return -1;
  if (plan.portalArea(row, 0) == area) return plan.portalArea(row, 1);
  return plan.portalArea(row, 1) == area ? plan.portalArea(row, 0) : -1;
}

function senseOutside(person: i32, portal: usize): void {
  const ax = plan.portalAx(portal), ay = plan.portalAy(portal);
  const ux: f64 = plan.portalBx(portal) - ax, uy: f64 = plan.portalBy(portal) - ay;
  const length: f64 = sqrt<f64>(ux * ux + uy * uy);
  setFloatOf(t.P_wantX, person, uy / length);
  setFloatOf(t.P_wantY, person, -ux / length);
  setFloatOf(t.P_potential, person, -(uy * (floatOf(t.P_x, person) - ax) - ux * (floatOf(t.P_y, person) - ay)) / length);
}

/** Four entries of a column: of persons i0 … i3, who follow each other where `isRow`. */
@inline function take(column: usize, i0: i32, i1: i32, i2: i32, i3: i32, isRow: bool): v128 {
  return isRow ? v128.load(t.pointer(column) + (<usize>i0 << 2)) : pick(t.pointer(column), i0, i1, i2, i3);
}
@inline function put(column: usize, i0: i32, i1: i32, i2: i32, i3: i32, isRow: bool, values: v128): void {
  if (isRow) v128.store(t.pointer(column) + (<usize>i0 << 2), values);
  else putBack(t.pointer(column), i0, i1, i2, i3, values);
}
/** The same of a column of 16 bits. */
@inline function takeSmall(column: usize, i0: i32, i1: i32, i2: i32, i3: i32, isRow: bool): v128 {
  return isRow ? t.shortsAt(t.pointer(column), i0) : pickShorts(t.pointer(column), i0, i1, i2, i3);
}
@inline function putSmall(column: usize, i0: i32, i1: i32, i2: i32, i3: i32, isRow: bool, values: v128): void {
  if (isRow) v128.store64_lane(t.pointer(column) + (<usize>i0 << 1), i16x8.narrow_i32x4_s(values, values), 0);
  else putShorts(t.pointer(column), i0, i1, i2, i3, values);
}
/** A row of f64 of four persons, two and two. */
@inline function firstTwo(row: usize): v128 { return v128.load(row); }
@inline function lastTwo(row: usize): v128 { return v128.load(row, 16); }

/** Puts the areas on the far side in the place of four portals near, or −1. */
function areasBeside(beside: usize): v128 {
  for (let at = beside; at < beside + 16; at += 4) store<i32>(at, areaBeside(load<i32>(at), wayArea));
  return v128.load(beside);
}

/** Whether a nook holds one of those of the four on the way that is set whose bit is set, by what their fields say at `aim`. */
function isAnyInNook(at: usize, bits: i32, aim: usize, sheet: usize): bool {
  for (; bits != 0; bits &= bits - 1) {
    const lane = <usize>ctz(bits), row = aim + (lane << 3);
    if (load<f64>(row, A_DISTANCE) > AT_PORTAL && isInNook(load<i32>(at + (lane << 2)), sheet, load<f64>(row, A_X), load<f64>(row, A_Y))) return true;
  }
  return false;
}

/** Bits of those of four, of whom `bits` are blocked and go by `portal`, who turn their shoulders for what is before them. */
function turnBits(at: usize, bits: i32, aim: usize, portal: usize, sheet: usize): i32 {
  const isOpen = standsOpen(portal), isNarrow = isOpen && plan.portalWidth(portal) < NARROW, xs = t.pointer(t.P_x), ys = t.pointer(t.P_y);
  const i0 = load<i32>(at), i1 = load<i32>(at, 4), i2 = load<i32>(at, 8), i3 = load<i32>(at, 12), runs = aim + RUNS;
  plan.writeWallsAbout(runs, sheet, pick(xs, i0, i1, i2, i3), pick(ys, i0, i1, i2, i3));
  let turns = 0;
  for (; bits != 0; bits &= bits - 1) {
    const lane = <usize>ctz(bits), distance = load<f64>(aim + (lane << 3), A_DISTANCE);
    const isAtPortal = isNarrow && distance < NARROW_REACH;
    if (isAtPortal || ((isOpen || distance > SHUT_REACH) && isCornerAhead(load<i32>(at + (lane << 2)), sheet, <usize>load<u32>(runs + (lane << 2))))) turns |= 1 << <i32>lane;
  }
  return turns;
}

/**
 * What follows, in `sensePerson`, for the four persons listed at `at` on the way that is set from what their fields say, at `aim`. Of fewer than four
 * the last stands in more than one lane. Nothing is written, and false, where a nook holds one of them.
 */
@inline function settleFour(at: usize, aim: usize, beside: usize, time: f32, isRow: bool): bool {
  const i0 = load<i32>(at), i1 = load<i32>(at, 4), i2 = load<i32>(at, 8), i3 = load<i32>(at, 12);
  const blockedTime = take(t.P_blockedTime, i0, i1, i2, i3, isRow), held = f32x4.gt(blockedTime, f32x4.splat(STUCK_AFTER));
  const sheet = plan.sheetRow(plan.areaSheet(plan.areaRow(wayArea)));
  if (v128.any_true(held)) {
    const bearable = v128.bitselect(f32x4.splat(LOCKED_LOAD), f32x4.splat(NOT_PRESSED), f32x4.gt(blockedTime, f32x4.splat(LOCKED_AFTER)));
    const isLoose = v128.and(
      f32x4.lt(take(t.P_packing, i0, i1, i2, i3, isRow), f32x4.splat(NOT_DENSE)), f32x4.lt(take(t.P_chestLoad, i0, i1, i2, i3, isRow), bearable));
    if (isAnyInNook(at, i32x4.bitmask(v128.and(held, isLoose)), aim, sheet)) return false;
  }
  const time4 = f32x4.splat(time), zero = f32x4.splat(0);
  const distance0 = firstTwo(aim + A_DISTANCE), distance1 = lastTwo(aim + A_DISTANCE);
  const wantX = plan.joinTwo(firstTwo(aim + A_X), lastTwo(aim + A_X)), wantY = plan.joinTwo(firstTwo(aim + A_Y), lastTwo(aim + A_Y));
  const wantX0 = plan.lowTwo(wantX), wantX1 = plan.highTwo(wantX), wantY0 = plan.lowTwo(wantY), wantY1 = plan.highTwo(wantY);
  const vx = take(t.P_vx, i0, i1, i2, i3, isRow), vy = take(t.P_vy, i0, i1, i2, i3, isRow), best = take(t.P_bestPotential, i0, i1, i2, i3, isRow);
  put(t.P_wantX, i0, i1, i2, i3, isRow, wantX);
  put(t.P_wantY, i0, i1, i2, i3, isRow, wantY);

  // who stands and faces away from where they want to go turns before they walk
  const vx0 = plan.lowTwo(vx), vx1 = plan.highTwo(vx), vy0 = plan.lowTwo(vy), vy1 = plan.highTwo(vy);
  const standing = f64x2.splat(STANDING * STANDING);
  const moves = plan.evenLanes(
    f64x2.gt(f64x2.add(f64x2.mul(vx0, vx0), f64x2.mul(vy0, vy0)), standing), f64x2.gt(f64x2.add(f64x2.mul(vx1, vx1), f64x2.mul(vy1, vy1)), standing));
  if (!i32x4.all_true(moves)) {
    const headX = take(t.P_headX, i0, i1, i2, i3, isRow), headY = take(t.P_headY, i0, i1, i2, i3, isRow), none = f64x2.splat(0);
    const away = plan.evenLanes(
      f64x2.lt(f64x2.add(f64x2.mul(plan.lowTwo(headX), wantX0), f64x2.mul(plan.lowTwo(headY), wantY0)), none),
      f64x2.lt(f64x2.add(f64x2.mul(plan.highTwo(headX), wantX1), f64x2.mul(plan.highTwo(headY), wantY1)), none));
    const turns = v128.andnot(v128.or(away, f32x4.eq(best, f32x4.splat(Infinity))), moves);
    put(t.P_headX, i0, i1, i2, i3, isRow, v128.bitselect(wantX, headX, turns));
    put(t.P_headY, i0, i1, i2, i3, isRow, v128.bitselect(wantY, headY, turns));
  }

  const effort = f64x2.splat(plan.wayEffort), restWay = take(t.P_restWay, i0, i1, i2, i3, isRow);
  const potential0 = f64x2.add(f64x2.mul(effort, distance0), plan.lowTwo(restWay)), potential1 = f64x2.add(f64x2.mul(effort, distance1), plan.highTwo(restWay));
  const potential = plan.joinTwo(potential0, potential1), progress = f64x2.splat(PROGRESS);
  put(t.P_potential, i0, i1, i2, i3, isRow, potential);
  const nearer = plan.evenLanes(
    f64x2.lt(potential0, f64x2.sub(plan.lowTwo(best), progress)), f64x2.lt(potential1, f64x2.sub(plan.highTwo(best), progress)));
  if (v128.any_true(nearer)) {
    put(t.P_bestPotential, i0, i1, i2, i3, isRow, v128.bitselect(potential, best, nearer));
    store<i32>(t.pointer(t.P_lastProgressTick), load<i32>(t.pointer(t.P_tick)));
  }
  put(t.P_waitedTime, i0, i1, i2, i3, isRow, v128.andnot(f32x4.add(take(t.P_waitedTime, i0, i1, i2, i3, isRow), time4), nearer));

  const wishSpeed = f32x4.mul(take(t.P_levelSpeed, i0, i1, i2, i3, isRow), take(t.P_pace, i0, i1, i2, i3, isRow));
  put(t.P_wishSpeed, i0, i1, i2, i3, isRow, wishSpeed);
  putSmall(t.P_goal, i0, i1, i2, i3, isRow, takeSmall(t.P_exit, i0, i1, i2, i3, isRow));
  const nobody = i32x4.splat(plan.NOBODY);
  let near = v128.load(beside);
  if (!i32x4.all_true(i32x4.eq(near, nobody))) near = areasBeside(beside);
  if (!i32x4.all_true(i32x4.eq(takeSmall(t.P_near, i0, i1, i2, i3, isRow), near))) putSmall(t.P_near, i0, i1, i2, i3, isRow, near);

  const forward0 = f64x2.add(f64x2.mul(vx0, wantX0), f64x2.mul(vy0, wantY0)), forward1 = f64x2.add(f64x2.mul(vx1, wantX1), f64x2.mul(vy1, wantY1));
  const share = f64x2.splat(BLOCKED_SHARE);
  const blocked = plan.evenLanes(
    f64x2.lt(forward0, f64x2.mul(share, plan.lowTwo(wishSpeed))), f64x2.lt(forward1, f64x2.mul(share, plan.highTwo(wishSpeed))));
  const blockedNow = v128.and(f32x4.add(blockedTime, time4), blocked);
  put(t.P_blockedTime, i0, i1, i2, i3, isRow, blockedNow);
  const pushes = f32x4.gt(blockedNow, f32x4.splat(PUSH_AFTER));
  put(t.P_pushNow, i0, i1, i2, i3, isRow, v128.and(take(t.P_push, i0, i1, i2, i3, isRow), pushes));

  const full = take(t.P_bodyRadius, i0, i1, i2, i3, isRow), radius = take(t.P_radius, i0, i1, i2, i3, isRow), oncoming = take(t.P_oncoming, i0, i1, i2, i3, isRow);
  const meets = f32x4.gt(oncoming, zero);
  if (v128.any_true(v128.or(v128.or(f32x4.ne(radius, full), meets), pushes))) {
    const least = f64x2.splat(ONCOMING_MIN), rate = f64x2.splat(TURN_RATE), turned = f64x2.splat(TURNED);
    const passes = plan.evenLanes(f64x2.gt(plan.lowTwo(oncoming), least), f64x2.gt(plan.highTwo(oncoming), least));
    const some = i32x4.bitmask(v128.andnot(pushes, passes));
    let turns = passes;
    if (some != 0) turns = v128.or(turns, i32x4.ne(v128.and(i32x4.splat(turnBits(at, some, aim, plan.portalRow(wayPortal), sheet)), i32x4(1, 2, 4, 8)), i32x4.splat(0)));
    const full0 = plan.lowTwo(full), full1 = plan.highTwo(full), now0 = plan.lowTwo(radius), now1 = plan.highTwo(radius);
    const step0 = f64x2.mul(rate, full0), step1 = f64x2.mul(rate, full1);
    const narrow = plan.joinTwo(f64x2.max(f64x2.mul(turned, full0), f64x2.sub(now0, step0)), f64x2.max(f64x2.mul(turned, full1), f64x2.sub(now1, step1)));
    const wide = plan.joinTwo(f64x2.min(full0, f64x2.add(now0, step0)), f64x2.min(full1, f64x2.add(now1, step1)));
    put(t.P_radius, i0, i1, i2, i3, isRow, v128.bitselect(narrow, wide, turns));
  }
  return true;
}

/** `sensePerson` for the four persons listed at `at` on the way that is set, with what their fields say at `aim`, and portals near, at `beside`. */
function settleListed(at: usize, count: i32, aim: usize, beside: usize, time: f32): void {
  const isRow = count == 4 && load<i32>(at, 12) - load<i32>(at) == 3;
  if (isRow ? settleFour(at, aim, beside, time, true) : settleFour(at, aim, beside, time, false)) return;
  senseListed(at, count, time);
}

/** Everybody listed by themselves. */
function senseListed(list: usize, count: i32, time: f32): void {
  for (let k = 0; k < count; k++) senseOne(t.integerAt(list, k), <f64>time);
}

/** Fills up a list to fours with its last person; it has room. */
@inline function fillUp(list: usize, count: i32): void {
  const last = t.integerAt(list, count - 1);
  for (let k = count; (k & 3) != 0; k++) t.setInteger(list, k, last);
}

/** Persons of a list, `count` in all, on the way that is set, which is a usual one. */
function senseTogether(list: usize, count: i32, places: usize, patches: usize, time: f32): void {
  const plain = places + PLAIN, others = places + OTHERS, aim = patches + AIM, place = patches + PLACES, beside = patches + BESIDE;
  const xs = t.pointer(t.P_x), ys = t.pointer(t.P_y);
  let othersCount = 0;
  fillUp(list, count);
  for (let first = 0; first < count; first += FETCHED) {
    const end = min(count, first + FETCHED);
    let fetched = 0;
    for (let k = first; k < end; k += 4) {
      const four = list + (<usize>k << 2), i0 = load<i32>(four), i1 = load<i32>(four, 4), i2 = load<i32>(four, 8), i3 = load<i32>(four, 12);
      plan.locateFour(pick(xs, i0, i1, i2, i3), pick(ys, i0, i1, i2, i3), place);
      for (let at = four; at < min(four + 16, list + (<usize>end << 2)); at += 4) {
        const i = load<i32>(at), near = plan.fetchPatch(place + (at - four), patches + <usize>fetched * plan.PATCH_BYTES), isPlain = <i32>(near != plan.NOT_PLAIN);
        t.setInteger(plain, fetched, i);
        t.setInteger(beside, fetched, near);
        t.setInteger(others, othersCount, i);
        fetched += isPlain;
        othersCount += 1 - isPlain;
      }
    }
    if (fetched == 0) continue;
    fillUp(plain, fetched);
    fillUp(beside, fetched);
    const last = patches + <usize>(fetched - 1) * plan.PATCH_BYTES;
    for (let k = 0; k < fetched; k += 4) {
      const at = plain + (<usize>k << 2), i0 = load<i32>(at), i1 = load<i32>(at, 4), i2 = load<i32>(at, 8), i3 = load<i32>(at, 12);
      const patch = patches + <usize>k * plan.PATCH_BYTES, size = min(4, fetched - k);
      const patch1 = min(patch + plan.PATCH_BYTES, last), patch2 = min(patch + 2 * plan.PATCH_BYTES, last), patch3 = min(patch + 3 * plan.PATCH_BYTES, last);
      if (plan.sampleFour(patch, patch1, patch2, patch3, pick(xs, i0, i1, i2, i3), pick(ys, i0, i1, i2, i3), aim)) settleListed(at, size, aim, beside + (<usize>k << 2), time);
      else senseListed(at, size, time);
    }
  }
  if (othersCount > 0) senseSampled(others, othersCount, aim, beside, time);
}

/** The same for persons beside walls, portals or targets: the field is looked at for each by themselves. */
function senseSampled(list: usize, count: i32, aim: usize, beside: usize, time: f32): void {
  const portal = plan.portalRow(wayPortal), side = plan.portalArea(portal, 0) == wayArea ? 0 : 1, field = plan.portalField(portal, side);
  const sheet = plan.sheetRow(plan.areaSheet(plan.areaRow(wayArea)));
  fillUp(list, count);
  for (let k = 0; k < count; k += 4) {
    const at = list + (<usize>k << 2), size = min(4, count - k);
    let isFound = true;
    for (let lane = 0; lane < size; lane++) {
      const i = t.integerAt(at, lane), row = aim + (<usize>lane << 3);
      const x = floatOf(t.P_x, i), y = floatOf(t.P_y, i);
      isFound = plan.sampleField(portal, side, field, x, y) && isFound;
      t.setInteger(beside, lane, plan.nearPortal(sheet, x, y));
      for (let same = row; same < aim + 32; same += 8) {
        store<f64>(same, plan.fieldDistance, A_DISTANCE);
        store<f64>(same, plan.fieldX, A_X);
        store<f64>(same, plan.fieldY, A_Y);
      }
    }
    if (!isFound) {
      senseListed(at, size, time);
      continue;
    }
    fillUp(beside, size);
    settleListed(at, size, aim, beside, time);
  }
}

/** Any one person. */
function senseOne(i: i32, interval: f64): void {
  const state = byteOf(t.P_state, i);
  if (state == OUT) return;
  const conscious = byteOf(t.P_harm, i) < UNCONSCIOUS && byteOf(t.P_posture, i) == 0;
  const area = shortOf(t.P_area, i), portal = shortOf(t.P_portal, i);
  let distance: f64 = Infinity;
  if (state == LEAVING) senseOutside(i, plan.portalRow(portal));
  else if (state == WALKING && conscious && portal >= 0) {
    distance = findWay(i, portal, area);
    if (distance < 0) {
      store<u8>(t.pointer(t.P_unsensed) + <usize>i, 1);
      return;
    }
    if (distance < Infinity) noteProgress(i, distance, plan.areaEffort(plan.areaRow(area)), interval);
  }
  const goes = conscious && (state == WALKING || state == LEAVING);
  const most: f64 = goes ? wishSpeed(i, area, portal, distance) : 0;
  setFloatOf(t.P_wishSpeed, i, goes ? most * floatOf(t.P_pace, i) : 0);
  t.setShort(t.pointer(t.P_goal), i, goes ? shortOf(t.P_exit, i) : NO_GOAL);
  const sheet = plan.sheetRow(shortOf(t.P_sheet, i));
  t.setShort(t.pointer(t.P_near), i, areaBeside(plan.nearPortal(sheet, floatOf(t.P_x, i), floatOf(t.P_y, i)), area));
  const forward: f64 = floatOf(t.P_vx, i) * floatOf(t.P_wantX, i) + floatOf(t.P_vy, i) * floatOf(t.P_wantY, i);
  const blocked = goes && forward < BLOCKED_SHARE * floatOf(t.P_wishSpeed, i);
  const blockedTime: f32 = blocked ? <f32>(floatOf(t.P_blockedTime, i) + interval) : 0;
  t.setFloat(t.pointer(t.P_blockedTime), i, blockedTime);
  t.setFloat(t.pointer(t.P_pushNow), i, blockedTime > PUSH_AFTER ? t.floatAt(t.pointer(t.P_push), i) : 0);
  turnShoulders(i, sheet, distance);
}

/** The way that `plan` is set to. */
let wayPortal: i32 = -1;
let wayArea: i32 = -1;

/** Lists who of the persons `from` … `to − 1` walks, and by what way (next portal and area in one number); the others are sensed. How many. */
function listWalkers(from: i32, to: i32, ids: usize, ways: usize, time: f32): i32 {
  const lanes = i32x4(0, 1, 2, 3), zero = i32x4.splat(0);
  let end = ids;
  for (let i = from; i < to; i += 4) {
    const index = i32x4.add(i32x4.splat(i), lanes), isRow = i32x4.lt_s(index, i32x4.splat(to));
    const state = t.bytesAt(t.pointer(t.P_state), i), portal = t.shortsAt(t.pointer(t.P_portal), i);
    const isUp = v128.and(i32x4.lt_s(t.bytesAt(t.pointer(t.P_harm), i), i32x4.splat(UNCONSCIOUS)), i32x4.eq(t.bytesAt(t.pointer(t.P_posture), i), zero));
    const walks = v128.and(v128.and(i32x4.eq(state, i32x4.splat(WALKING)), isUp), v128.and(i32x4.ge_s(portal, zero), isRow)), bits = i32x4.bitmask(walks);
    appendPlaces(end + (ways - ids), v128.or(i32x4.shl(portal, 16), t.shortsAt(t.pointer(t.P_area), i)), bits);
    end = appendPlaces(end, index, bits);
    for (let rest = i32x4.bitmask(v128.andnot(v128.andnot(isRow, i32x4.eq(state, i32x4.splat(OUT))), walks)); rest != 0; rest &= rest - 1) senseOne(i + ctz(rest), <f64>time);
  }
  return <i32>((end - ids) >> 2);
}

/** Persons `from` … `to − 1` by id; `time` is that between two decisions [s]. */
export function sensePersons(from: i32, to: i32, time: f32): void {
  const places = placesScratch(), patches = foursScratch(places), ids = places, ways = places + WAYS, same = places + SAME;
  for (let block = from; block < to; block += BLOCK) {
    let count = listWalkers(block, min(to, block + BLOCK), ids, ways, time);
    for (let k = 0; k < WAYS_MAX && count > 0; k++) {
      const way = load<i32>(ways), way4 = i32x4.splat(way), lanes = i32x4(0, 1, 2, 3);
      let end = same, rest = ids;
      for (let at: usize = 0; at < <usize>count << 2; at += 16) {
        const own = v128.load(ids + at), ownWay = v128.load(ways + at);
        const isOne = i32x4.lt_s(lanes, i32x4.splat(count - <i32>(at >> 2))), isSame = i32x4.eq(ownWay, way4);
        const others = i32x4.bitmask(v128.andnot(isOne, isSame));
        end = appendPlaces(end, own, i32x4.bitmask(v128.and(isOne, isSame)));
        appendPlaces(rest + WAYS, ownWay, others);
        rest = appendPlaces(rest, own, others);
      }
      count = <i32>((rest - ids) >> 2);
      wayPortal = <i32>(<u32>way >> 16);
      wayArea = way & 0xffff;
      plan.setWay(wayPortal, wayArea);
      const sameCount = <i32>((end - same) >> 2);
      if (plan.wayIsUsual) senseTogether(same, sameCount, places, patches, time);
      else senseListed(same, sameCount, time);
    }
    senseListed(ids, count, time);
  }
}
