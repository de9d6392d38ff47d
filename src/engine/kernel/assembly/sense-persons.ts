import * as t from './table';
import * as plan from './plan';

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

/** Values of fields lie far apart: they are asked for this many persons ahead at once, so that waiting for them overlaps. */
const FETCH: i32 = 32;

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

/** Potential and progress, `distance` from the next portal; whoever stands and faces away turns before they walk. */
@inline function noteProgress(person: i32, distance: f64, effort: f64, interval: f64): void {
  const best = floatOf(t.P_bestPotential, person);
  const vx = floatOf(t.P_vx, person), vy = floatOf(t.P_vy, person);
  if (!(vx * vx + vy * vy > STANDING * STANDING)) {
    const wantX = floatOf(t.P_wantX, person), wantY = floatOf(t.P_wantY, person);
    if (best == Infinity || floatOf(t.P_headX, person) * wantX + floatOf(t.P_headY, person) * wantY < 0) {
      setFloatOf(t.P_headX, person, wantX);
      setFloatOf(t.P_headY, person, wantY);
    }
  }
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

/** Persons `from` … `to − 1` by id; `time` is that between two decisions [s]. */
export function sensePersons(from: i32, to: i32, time: f32): void {
  const interval = <f64>time;
  const unsensed = t.pointer(t.P_unsensed);
  // many in a row have the same way
  let wayPortal = -1, wayArea = -1, fetched = from;
  for (let i = from; i < to; i++) {
    if (i == fetched) {
      fetched = min(to, i + FETCH);
      for (let k = i; k < fetched; k++) {
        const portal = integerOf(t.P_portal, k), area = integerOf(t.P_area, k);
        if (portal < 0 || integerOf(t.P_state, k) == OUT) continue;
        if (portal != wayPortal || area != wayArea) {
          plan.setWay(portal, area);
          wayPortal = portal;
          wayArea = area;
        }
        if (plan.wayIsUsual) plan.fetchAhead(floatOf(t.P_x, k), floatOf(t.P_y, k));
      }
    }
    const state = integerOf(t.P_state, i);
    if (state == OUT) continue;
    const conscious = integerOf(t.P_harm, i) < UNCONSCIOUS && integerOf(t.P_posture, i) == 0;
    const area = integerOf(t.P_area, i), portal = integerOf(t.P_portal, i);
    let distance: f64 = Infinity, isUsual = false;
    if (state == LEAVING) senseOutside(i, plan.portalRow(portal));
    else if (state == WALKING && conscious && portal >= 0) {
      if (portal != wayPortal || area != wayArea) {
        plan.setWay(portal, area);
        wayPortal = portal;
        wayArea = area;
      }
      isUsual = plan.wayIsUsual && plan.sampleAhead(floatOf(t.P_x, i), floatOf(t.P_y, i)) && !isStuck(i, area);
      if (isUsual) {
        distance = plan.fieldDistance;
        setFloatOf(t.P_wantX, i, plan.fieldX);
        setFloatOf(t.P_wantY, i, plan.fieldY);
        noteProgress(i, distance, plan.wayEffort, interval);
      } else {
        distance = findWay(i, portal, area);
        if (distance < 0) {
          store<u8>(unsensed + <usize>i, 1);
          continue;
        }
        if (distance < Infinity) noteProgress(i, distance, plan.areaEffort(plan.areaRow(area)), interval);
      }
    }
    const goes = conscious && (state == WALKING || state == LEAVING);
    const most: f64 = isUsual ? floatOf(t.P_levelSpeed, i) : goes ? wishSpeed(i, area, portal, distance) : 0;
    setFloatOf(t.P_wishSpeed, i, goes ? most * floatOf(t.P_pace, i) : 0);
    t.setInteger(t.pointer(t.P_goal), i, goes ? integerOf(t.P_exit, i) : NO_GOAL);
    const sheet = plan.sheetRow(integerOf(t.P_sheet, i));
    const near = isUsual && !plan.portalMayBeNear ? -1 : areaBeside(i, sheet, area);
    if (integerOf(t.P_near, i) != near) t.setInteger(t.pointer(t.P_near), i, near);
    const forward: f64 = floatOf(t.P_vx, i) * floatOf(t.P_wantX, i) + floatOf(t.P_vy, i) * floatOf(t.P_wantY, i);
    const blocked = goes && forward < BLOCKED_SHARE * floatOf(t.P_wishSpeed, i);
    const blockedTime: f32 = blocked ? <f32>(floatOf(t.P_blockedTime, i) + interval) : 0;
    t.setFloat(t.pointer(t.P_blockedTime), i, blockedTime);
    t.setFloat(t.pointer(t.P_pushNow), i, blockedTime > PUSH_AFTER ? t.floatAt(t.pointer(t.P_push), i) : 0);
    turnShoulders(i, sheet, distance);
  }
}
