import * as t from './table';
import * as plan from './plan';
import { foursScratch, placesScratch } from './neighbours';

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

/**
 * Values of fields lie far apart: they are fetched for this many persons at once, so that waiting for them overlaps. The numbers are those
 * of `PATCH_STRIDE`.
 */
const BLOCK: i32 = 32;
/** Bytes of the patches of a block, nine rows; a mark for each person lies behind them. */
const PATCHES: usize = 9 * plan.PATCH_STRIDE;

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
@inline function setFloatOf(pointer: usize, i: i32, value: f64): void {
  t.setFloat(t.pointer(pointer), i, <f32>value);
}

@inline function standsOpen(portal: usize): bool {
  const door = plan.portalDoor(portal);
  return door < 0 || integerOf(t.P_doorState, door) == 0;
}

/** Free speed on a link towards the portal `towards`, in the plan. */
function linkSpeed(person: i32, index: i32, towards: i32): f64 {
  const link = plan.linkRow(index);
  const up = towards == plan.linkUpper(link);
  const set = up ? plan.linkSpeedUp(link) : plan.linkSpeedDown(link);
  const share: f64 = plan.linkIsStairs(link) ? (up ? floatOf(t.P_stairUp, person) : floatOf(t.P_stairDown, person)) : 1;
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
    t.floatAt(t.pointer(t.P_chestLoad), person) < NOT_PRESSED &&
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

function isCornerAhead(person: i32, sheet: usize): bool {
  if (!plan.sampleWall(sheet, floatOf(t.P_x, person), floatOf(t.P_y, person))) return false;
  if (plan.wallDistance > floatOf(t.P_bodyRadius, person) + CORNER_REACH) return false;
  return floatOf(t.P_wantX, person) * plan.wallX + floatOf(t.P_wantY, person) * plan.wallY < -CORNER_FACING;
}

@inline function turnShoulders(person: i32, sheet: usize, distance: f64): void {
  const index = integerOf(t.P_portal, person);
  let turns = floatOf(t.P_oncoming, person) > ONCOMING_MIN;
  if (!turns && index >= 0 && t.floatAt(t.pointer(t.P_blockedTime), person) > PUSH_AFTER) {
    const portal = plan.portalRow(index);
    const isOpen = standsOpen(portal);
    const atPortal = isOpen && distance < NARROW_REACH && plan.portalWidth(portal) < NARROW;
    turns = atPortal || ((isOpen || distance > SHUT_REACH) && isCornerAhead(person, sheet));
  }
  const full = floatOf(t.P_bodyRadius, person);
  const step: f64 = TURN_RATE * full;
  const now = floatOf(t.P_radius, person);
  if (turns) setFloatOf(t.P_radius, person, max<f64>(TURNED * full, now - step));
  else if (now != full) setFloatOf(t.P_radius, person, min<f64>(full, now + step));
}

/** The area on the far side of the portal beside a person, where it stands open; −1 otherwise. */
function areaBeside(person: i32, sheet: usize, area: i32): i32 {
  const beside = plan.nearPortal(sheet, floatOf(t.P_x, person), floatOf(t.P_y, person));
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

/** No portal, and not the −1 of somebody who has none either. */
const NO_WAY: i32 = -2;
/** The way that `plan` is set to. */
let wayPortal: i32 = NO_WAY;
let wayArea: i32 = NO_WAY;

@inline function setWay(portal: i32, area: i32): void {
  if (portal == wayPortal && area == wayArea) return;
  plan.setWay(portal, area);
  wayPortal = portal;
  wayArea = area;
}

@inline function floatsOf(pointer: usize, i: i32): v128 {
  return v128.load(t.pointer(pointer) + (<usize>i << 2));
}
@inline function setFloatsOf(pointer: usize, i: i32, values: v128): void {
  v128.store(t.pointer(pointer) + (<usize>i << 2), values);
}

/** Whether somebody walks a way of their own. */
@inline function walks(i: i32): bool {
  return integerOf(t.P_state, i) == WALKING && integerOf(t.P_harm, i) < UNCONSCIOUS && integerOf(t.P_posture, i) == 0 && integerOf(t.P_portal, i) >= 0;
}

/** Whether the persons `i` … `i + 3` all walk the way that `plan` is set to. */
@inline function walkTogether(i: i32): bool {
  const walking = v128.and(i32x4.eq(floatsOf(t.P_state, i), i32x4.splat(WALKING)), i32x4.lt_s(floatsOf(t.P_harm, i), i32x4.splat(UNCONSCIOUS)));
  const here = v128.and(i32x4.eq(floatsOf(t.P_portal, i), i32x4.splat(wayPortal)), i32x4.eq(floatsOf(t.P_area, i), i32x4.splat(wayArea)));
  return i32x4.all_true(v128.and(v128.and(walking, here), i32x4.eq(floatsOf(t.P_posture, i), i32x4.splat(0))));
}

/** Bits of a mark: 1 on plain floor, 2 there with a portal near perhaps, 4 one of four who walk the same way. */
const NEAR: i32 = 2;
const ALONE: i32 = 3;
const FOUR_TOGETHER: i32 = 0x04040404;
/** Four marks that say of everybody: on plain floor, together. */
const FOUR_PLAIN: i32 = 0x05050505;
const FOUR_NEAR: i32 = 0x02020202;

/** Fetches what fields say about the persons `block` … `end − 1` who are on plain floor, and marks them. */
@inline function fetchBlock(block: i32, end: i32, patches: usize): void {
  const xs = t.pointer(t.P_x), ys = t.pointer(t.P_y), marks = patches + PATCHES;
  for (let i = block; i < end; i += 4) {
    const at = <usize>(i - block), last = min(end, i + 4);
    const together = last == i + 4 && walkTogether(i);
    for (let k = i; k < last; k++) {
      const own = <usize>(k - block);
      let mark: u8 = 0;
      if (together || walks(k)) {
        if (!together) setWay(integerOf(t.P_portal, k), integerOf(t.P_area, k));
        if (plan.wayIsUsual) mark = plan.fetchPatch(<f64>t.floatAt(xs, k), <f64>t.floatAt(ys, k), patches + (own << 2));
      }
      store<u8>(marks + own, mark);
    }
    if (together || (last == i + 4 && walkTogether(i))) store<i32>(marks + at, load<i32>(marks + at) | FOUR_TOGETHER);
  }
}

/** `sensePerson` for four persons on the way that is set, all of them on plain floor; false where one of them is a case of its own. */
@inline function senseFour(i: i32, patch: usize, marks: i32, time: f32): bool {
  const blockedTime = floatsOf(t.P_blockedTime, i);
  if (v128.any_true(f32x4.gt(blockedTime, f32x4.splat(STUCK_AFTER)))) return false;
  if (!plan.sampleFour(patch, floatsOf(t.P_x, i), floatsOf(t.P_y, i))) return false;
  const time4 = f32x4.splat(time), zero = f32x4.splat(0);
  const vx = floatsOf(t.P_vx, i), vy = floatsOf(t.P_vy, i), wantX = plan.fourX, wantY = plan.fourY;
  setFloatsOf(t.P_wantX, i, wantX);
  setFloatsOf(t.P_wantY, i, wantY);

  const vx0 = plan.lowTwo(vx), vx1 = plan.highTwo(vx), vy0 = plan.lowTwo(vy), vy1 = plan.highTwo(vy);
  const standing = f64x2.splat(STANDING * STANDING);
  const moves0 = f64x2.gt(f64x2.add(f64x2.mul(vx0, vx0), f64x2.mul(vy0, vy0)), standing);
  const moves1 = f64x2.gt(f64x2.add(f64x2.mul(vx1, vx1), f64x2.mul(vy1, vy1)), standing);
  if (!i64x2.all_true(v128.and(moves0, moves1))) for (let k = i; k < i + 4; k++) turnOnTheSpot(k);

  const effort = f64x2.splat(plan.wayEffort), restWay = floatsOf(t.P_restWay, i), best = floatsOf(t.P_bestPotential, i);
  const potential0 = f64x2.add(f64x2.mul(effort, plan.distances0), plan.lowTwo(restWay));
  const potential1 = f64x2.add(f64x2.mul(effort, plan.distances1), plan.highTwo(restWay));
  const potential = plan.joinTwo(potential0, potential1), progress = f64x2.splat(PROGRESS);
  setFloatsOf(t.P_potential, i, potential);
  const nearer0 = f64x2.lt(potential0, f64x2.sub(plan.lowTwo(best), progress)), nearer1 = f64x2.lt(potential1, f64x2.sub(plan.highTwo(best), progress));
  const nearer = evenLanes(nearer0, nearer1);
  if (v128.any_true(nearer)) {
    setFloatsOf(t.P_bestPotential, i, v128.bitselect(potential, best, nearer));
    store<i32>(t.pointer(t.P_lastProgressTick), load<i32>(t.pointer(t.P_tick)));
  }
  setFloatsOf(t.P_waitedTime, i, v128.andnot(f32x4.add(floatsOf(t.P_waitedTime, i), time4), nearer));

  const wishSpeed = f32x4.mul(floatsOf(t.P_levelSpeed, i), floatsOf(t.P_pace, i));
  setFloatsOf(t.P_wishSpeed, i, wishSpeed);
  setFloatsOf(t.P_goal, i, floatsOf(t.P_exit, i));
  const nobody = i32x4.splat(-1);
  if ((marks & FOUR_NEAR) != 0) {
    const sheet = plan.sheetRow(integerOf(t.P_sheet, i));
    for (let k = i; k < i + 4; k++) t.setInteger(t.pointer(t.P_near), k, (marks >> ((k - i) << 3)) & NEAR ? areaBeside(k, sheet, wayArea) : -1);
  } else if (!i32x4.all_true(i32x4.eq(floatsOf(t.P_near, i), nobody))) setFloatsOf(t.P_near, i, nobody);

  const forward0 = f64x2.add(f64x2.mul(vx0, plan.lowTwo(wantX)), f64x2.mul(vy0, plan.lowTwo(wantY)));
  const forward1 = f64x2.add(f64x2.mul(vx1, plan.highTwo(wantX)), f64x2.mul(vy1, plan.highTwo(wantY)));
  const share = f64x2.splat(BLOCKED_SHARE);
  const blocked0 = f64x2.lt(forward0, f64x2.mul(share, plan.lowTwo(wishSpeed))), blocked1 = f64x2.lt(forward1, f64x2.mul(share, plan.highTwo(wishSpeed)));
  const blockedNow = v128.and(f32x4.add(blockedTime, time4), evenLanes(blocked0, blocked1));
  setFloatsOf(t.P_blockedTime, i, blockedNow);
  const pushes = f32x4.gt(blockedNow, f32x4.splat(PUSH_AFTER));
  setFloatsOf(t.P_pushNow, i, v128.and(floatsOf(t.P_push, i), pushes));
  const turned = v128.or(f32x4.ne(floatsOf(t.P_radius, i), floatsOf(t.P_bodyRadius, i)), f32x4.gt(floatsOf(t.P_oncoming, i), zero));
  if (v128.any_true(v128.or(turned, pushes))) {
    const sheet = plan.sheetRow(integerOf(t.P_sheet, i)), distances0 = plan.distances0, distances1 = plan.distances1;
    turnShoulders(i, sheet, f64x2.extract_lane(distances0, 0));
    turnShoulders(i + 1, sheet, f64x2.extract_lane(distances0, 1));
    turnShoulders(i + 2, sheet, f64x2.extract_lane(distances1, 0));
    turnShoulders(i + 3, sheet, f64x2.extract_lane(distances1, 1));
  }
  return true;
}

/** Masks of four lanes from those of two and two. */
@inline function evenLanes(low: v128, high: v128): v128 {
  return i8x16.shuffle(low, high, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
}

/** Any one person, with the patch and the mark that were fetched. */
function senseOne(i: i32, interval: f64, patch: usize, mark: i32): void {
  const state = integerOf(t.P_state, i);
  if (state == OUT) return;
  const conscious = integerOf(t.P_harm, i) < UNCONSCIOUS && integerOf(t.P_posture, i) == 0;
  const area = integerOf(t.P_area, i), portal = integerOf(t.P_portal, i);
  let distance: f64 = Infinity, isUsual = false;
  if (state == LEAVING) senseOutside(i, plan.portalRow(portal));
  else if (state == WALKING && conscious && portal >= 0) {
    if (mark != 0) {
      setWay(portal, area);
      isUsual = plan.sampleFetched(patch, floatOf(t.P_x, i), floatOf(t.P_y, i)) && !isStuck(i, area);
    }
    if (isUsual) {
      distance = plan.fieldDistance;
      setFloatOf(t.P_wantX, i, plan.fieldX);
      setFloatOf(t.P_wantY, i, plan.fieldY);
      noteProgress(i, distance, plan.wayEffort, interval);
    } else {
      distance = findWay(i, portal, area);
      if (distance < 0) {
        store<u8>(t.pointer(t.P_unsensed) + <usize>i, 1);
        return;
      }
      if (distance < Infinity) noteProgress(i, distance, plan.areaEffort(plan.areaRow(area)), interval);
    }
  }
  const goes = conscious && (state == WALKING || state == LEAVING);
  const most: f64 = isUsual ? floatOf(t.P_levelSpeed, i) : goes ? wishSpeed(i, area, portal, distance) : 0;
  setFloatOf(t.P_wishSpeed, i, goes ? most * floatOf(t.P_pace, i) : 0);
  t.setInteger(t.pointer(t.P_goal), i, goes ? integerOf(t.P_exit, i) : NO_GOAL);
  const sheet = plan.sheetRow(integerOf(t.P_sheet, i));
  const near = isUsual && (mark & NEAR) == 0 ? -1 : areaBeside(i, sheet, area);
  if (integerOf(t.P_near, i) != near) t.setInteger(t.pointer(t.P_near), i, near);
  const forward: f64 = floatOf(t.P_vx, i) * floatOf(t.P_wantX, i) + floatOf(t.P_vy, i) * floatOf(t.P_wantY, i);
  const blocked = goes && forward < BLOCKED_SHARE * floatOf(t.P_wishSpeed, i);
  const blockedTime: f32 = blocked ? <f32>(floatOf(t.P_blockedTime, i) + interval) : 0;
  t.setFloat(t.pointer(t.P_blockedTime), i, blockedTime);
  t.setFloat(t.pointer(t.P_pushNow), i, blockedTime > PUSH_AFTER ? t.floatAt(t.pointer(t.P_push), i) : 0);
  turnShoulders(i, sheet, distance);
}

/** Persons `from` … `to − 1` by id; `time` is that between two decisions [s]. */
export function sensePersons(from: i32, to: i32, time: f32): void {
  const interval = <f64>time;
  const patches = foursScratch(placesScratch()), marks = patches + PATCHES;
  // many in a row have the same way; fields may have been built since the last call
  wayPortal = NO_WAY;
  for (let block = from; block < to; block += BLOCK) {
    const end = min(to, block + BLOCK);
    fetchBlock(block, end, patches);
    for (let i = block; i < end; i += 4) {
      const at = <usize>(i - block), mark = i + 4 <= end ? load<i32>(marks + at) : 0;
      if ((mark & FOUR_PLAIN) == FOUR_PLAIN) {
        setWay(integerOf(t.P_portal, i), integerOf(t.P_area, i));
        if (senseFour(i, patches + (at << 2), mark, time)) continue;
      }
      for (let k = i; k < min(end, i + 4); k++) senseOne(k, interval, patches + (<usize>(k - block) << 2), <i32>load<u8>(marks + <usize>(k - block)) & ALONE);
    }
  }
}
