import { normalQuantile, RandomPurpose, randomUnit } from '../math/index.ts';
import {
  Belief,
  DOOR_STATES,
  estimateTravelDistance,
  isInSight,
  PersonState,
  portalDistances,
  travelField,
} from '../world/index.ts';
import { type Engine, timeNow } from './engine.ts';
import { beliefOf, learn } from './learn.ts';
import { effortOf, isPassable } from './route-table.ts';

/**
 * `persons.exit` of somebody who makes for a portal without knowing what is behind it: this less its index. So those who search in one
 * direction share a goal, and nobody else does.
 */
const SEARCH_GOAL = -3;

/** Goal of somebody who makes for what is behind `portal`. */
export const searchGoal = (portal: number): number => SEARCH_GOAL - portal;
/** Whether `persons.exit` is such a goal. */
export const isSearchGoal = (exit: number): boolean => exit <= SEARCH_GOAL;

/** A way without a known exit at its end: next portal, goal, what is left behind the portal [m]. */
interface Target {
  portal: number;
  exit: number;
  rest: number;
}

/**
 * Remembers the area a person is in, and lets them recognise its exits: one in sight within `recognise` metres that has no door or an open one is
 * known from now on; an open room that has no other way out, seen from so far, need not be gone into. A shut door says nothing of what is behind it.
 */
export function lookForExits(engine: Engine, person: number): void {
  const { world, minds } = engine;
  const law = minds.behaviour.knowledge;
  const { visits } = world.views.groups;
  if (law === undefined || visits === undefined) return;
  const { persons, doors } = world.views;
  const area = persons.area[person];
  visits.been[person * world.areas.length + area] = 1;
  const { been } = visits;
  for (const index of world.areas[area].portals) {
    const portal = world.portals[index];
    const side = portal.areas[0] === area ? 0 : 1;
    const beyond = portal.areas[1 - side];
    const isUnknownExit = portal.exit >= 0 && beliefOf(engine, person, index) === Belief.unknown;
    const isNewRoom =
      portal.exit < 0 && been[person * world.areas.length + beyond] === 0 && minds.deadEnds[2 * index + 1 - side] === 1;
    if (!isUnknownExit && !isNewRoom) continue;
    if (portal.door >= 0 && DOOR_STATES[doors.state[portal.door]] !== 'open') continue;
    if (!isPortalSeen(engine, person, index, law.recognise)) continue;
    if (isUnknownExit) learn(engine, person, index, Belief.open, 'sight');
    else been[person * world.areas.length + beyond] = 1;
  }
}

/** Whether a person sees the middle of a portal of their area, within a distance [m]. */
export function isPortalSeen(engine: Engine, person: number, portal: number, within: number): boolean {
  const { world, minds } = engine;
  const { x, y, sheet } = world.views.persons;
  const [a, b] = world.portals[portal].line;
  const dx = (a[0] + b[0]) / 2 - x[person];
  const dy = (a[1] + b[1]) / 2 - y[person];
  const distance = Math.sqrt(dx * dx + dy * dy);
  if (distance > within) return false;
  // up to a hand's breadth before the line, which may lie in a wall
  const share = Math.max(0, 1 - 0.25 / Math.max(distance, 0.25));
  const toX = x[person] + share * dx;
  const toY = y[person] + share * dy;
  return isInSight(world, minds.opaque, sheet[person], x[person], y[person], toX, toY);
}

/** Whether a person knows that there is nothing but the way back behind a portal of their area. */
export function leadsNowhere(engine: Engine, person: number, portal: number): boolean {
  const { world, minds } = engine;
  const { persons, groups } = world.views;
  const { areas, exit } = world.portals[portal];
  if (groups.visits === undefined || exit >= 0) return false;
  const side = areas[0] === persons.area[person] ? 1 : 0;
  return minds.deadEnds[2 * portal + side] === 1 && groups.visits.been[person * world.areas.length + areas[side]] === 1;
}

/** They know a way: should they lose it, they look round anew before they search. */
export function knowAWay(engine: Engine, person: number): void {
  const { knowledge } = engine.world.views.groups;
  if (knowledge !== undefined) knowledge.searchFrom[person] = Number.POSITIVE_INFINITY;
}

/**
 * Where somebody goes who knows no way out. First they stand and look round for their time `hesitate` (signs, others). Then they make for
 * the nearest place where they have not been: along ways they have been through to the nearest portal with an unknown area or an unknown exit behind it,
 * by walking effort and a draw of `spread` seconds for each person and portal. They keep to it until it is reached, found locked, or there is something
 * better. @returns `goes` where there is a target, in `out`; `waits` while they look round; `stranded` where they have been everywhere.
 * O(portals of the areas they know).
 */
export function searchWay(engine: Engine, person: number, reason: number, out: Target): 'goes' | 'waits' | 'stranded' {
  const { world, minds, seed } = engine;
  const { knowledge, visits } = world.views.groups;
  const law = minds.behaviour.knowledge;
  if (knowledge === undefined || visits === undefined || law === undefined) return 'stranded';
  const { persons } = world.views;
  const now = timeNow(world);
  const area = persons.area[person];
  // somebody under way to a target in this area goes on
  const kept = persons.portal[person];
  if (
    reason === 0 &&
    persons.state[person] === PersonState.walking &&
    kept >= 0 &&
    isSearchGoal(persons.exit[person]) &&
    world.areas[area].portals.includes(kept) &&
    beliefOf(engine, person, kept) !== Belief.locked &&
    !leadsNowhere(engine, person, kept)
  ) {
    out.portal = kept;
    out.exit = persons.exit[person];
    out.rest = persons.restWay[person];
    return 'goes';
  }
  if (knowledge.searchFrom[person] === Number.POSITIVE_INFINITY) {
    knowledge.searchFrom[person] = now + knowledge.hesitate[person];
  }
  if (knowledge.searchFrom[person] > now + 1e-6) return 'waits';
  const wasSearching = isSearchGoal(persons.exit[person]);
  const portalCount = world.portals.length;
  const speed = Math.max(0.1, persons.levelSpeed[person]);
  const toGo = new Float64Array(2 * portalCount).fill(Number.POSITIVE_INFINITY);
  const first = new Int32Array(2 * portalCount).fill(-1);
  const behindFirst = new Float64Array(2 * portalCount);
  const open: number[] = [];
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  const offer = (portal: number, from: number, effort: number, firstPortal: number, behind: number): void => {
    const { areas } = world.portals[portal];
    const side = areas[0] === from ? 0 : 1;
    if (!isPassable(world, portal, side, beliefOf(engine, person, portal))) return;
    const node = 2 * portal + (1 - side);
    if (!(effort < toGo[node])) return;
    toGo[node] = effort;
    first[node] = firstPortal;
    behindFirst[node] = behind;
    const beyond = areas[1 - side];
    // nobody looks for a way over a railing
    if (beyond >= 0 && !Number.isFinite(effortOf(world, beyond))) return;
    const isNew =
      beyond < 0 || world.areas[beyond].kind === 'outside' || visits.been[person * world.areas.length + beyond] === 0;
    if (!isNew) {
      open.push(node);
      return;
    }
    const draw = normalQuantile(randomUnit(seed, RandomPurpose.search, person, portal));
    const value = effort + speed * law.spread * draw;
    if (value < least || (value === least && node < best)) {
      least = value;
      best = node;
    }
  };
  const here = effortOf(world, area);
  for (const portal of world.areas[area].portals) {
    const side = world.portals[portal].areas[0] === area ? 0 : 1;
    const field = travelField(world, portal, side);
    const { x, y } = world.views.persons;
    const walk = estimateTravelDistance(world, field, x[person], y[person]);
    offer(portal, area, (Number.isFinite(here) ? here : 1) * walk, portal, 0);
  }
  const done = new Uint8Array(2 * portalCount);
  while (open.length > 0) {
    let at = 0;
    for (let k = 1; k < open.length; k++) {
      if (toGo[open[k]] < toGo[open[at]] || (toGo[open[k]] === toGo[open[at]] && open[k] < open[at])) at = k;
    }
    const [node] = open.splice(at, 1);
    if (done[node] === 1) continue;
    done[node] = 1;
    const portal = node >> 1;
    const through = world.portals[portal].areas[node & 1];
    if (through === area) continue;
    const effort = effortOf(world, through);
    if (!Number.isFinite(effort)) continue;
    const { portals } = world.areas[through];
    const distances = portalDistances(world, through);
    const row = portals.indexOf(portal);
    portals.forEach((other, column) => {
      if (other === portal) return;
      const step = effort * distances[row * portals.length + column];
      if (!Number.isFinite(step)) return;
      offer(other, through, toGo[node] + step, first[node], behindFirst[node] + step);
    });
  }
  if (best < 0) return 'stranded';
  out.portal = first[best];
  out.exit = searchGoal(best >> 1);
  out.rest = behindFirst[best];
  if (!wasSearching) engine.emit({ t: now, type: 'person-searches', person });
  return 'goes';
}

/** Whether somebody who was looking round has nowhere left to search, and nobody was told of it yet; then they count as told. */
export function isFirstTimeLost(engine: Engine, person: number): boolean {
  const { knowledge } = engine.world.views.groups;
  if (knowledge === undefined || knowledge.searchFrom[person] === LOST) return false;
  knowledge.searchFrom[person] = LOST;
  return true;
}

/** `searchFrom` of somebody who has searched everywhere. */
const LOST = -1;

/** Whether somebody stands and looks round before they search; they go on by themselves. */
export function isLookingRound(engine: Engine, person: number): boolean {
  const { persons, groups } = engine.world.views;
  if (persons.state[person] !== PersonState.stranded || groups.knowledge === undefined) return false;
  const from = groups.knowledge.searchFrom[person];
  return from !== Number.POSITIVE_INFINITY && from >= timeNow(engine.world) - 2;
}
