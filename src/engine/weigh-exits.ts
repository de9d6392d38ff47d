import { normalQuantile, RandomPurpose, randomUnit } from '../math/index.ts';
import {
  Belief,
  FLOW_PER_WIDTH,
  locateInFields,
  PersonHarm,
  PersonState,
  readTravelDistance,
  travelField,
  type World,
} from '../world/index.ts';
import { leastWalk } from './crossroads.ts';
import { outlookOf, viewCrowd, weightsNow } from './crowd-view.ts';
import { DECISION_INTERVAL, type Engine } from './engine.ts';
import type { Behaviour } from './minds.ts';
import { buildRouteTable, isPassable, penaltyOf, type RouteTable } from './route-table.ts';
import { isPortalSeen } from './search-way.ts';
import { hasSeenSignOf } from './see-signs.ts';

/** People in front of a portal are counted by distance, in bins of 1 m, the last for all beyond. */
const BINS = 48;
/** A portal has a queue where so many people head for it within this distance [m]. */
const QUEUE_PEOPLE = 4;
const QUEUE_NEAR = 3;
/** Time over which a flow is watched [s]. */
const FLOW_TIME = 10;
/** Least flow that is reckoned with, of the unmeasured one [1]. */
const FLOW_LEAST = 0.05;
/** Exits in sight are seen from so far [m]; as FDS+Evac. */
const SEEN_WITHIN = 30;
/** Density before an exit from which people shun the crowd that goes there [1/m²], and the half disc it is taken in [m²]. */
const CROWDED = 4;
const HALF_DISC = (Math.PI * QUEUE_NEAR * QUEUE_NEAR) / 2;
/** How far one sees where others go [m], and the decay of their weight [m]; as in contagion. */
export const HERD_RANGE = 12;
const HERD_DECAY = 4;
/** People look where others go in every so-manieth decision; those who choose in between do without. */
export const HERD_EVERY = 5;
/** Bounds of a cost are so much wider than its rounding [s]. */
const ROUNDING = 1e-6;
/** Most draws of persons and exits that are kept; beyond it they are drawn anew each time. */
const NOISE_MAX = 4_000_000;

export type ChoiceLaw = NonNullable<Behaviour['choice']>;

/** The ways from an area to one exit for those of one route table, one a portal, those with the least effort behind the portal first. */
interface ExitWays {
  readonly exit: number;
  readonly ways: readonly PortalWay[];
}

interface PortalWay {
  readonly portal: number;
  /** Its place among the portals of the area. */
  readonly place: number;
  /** Its travel field. */
  readonly field: number;
  /** Penalty of passing it, effort from behind it, both, and what is left to walk there [m]. */
  readonly penalty: number;
  readonly toGo: number;
  readonly behind: number;
  readonly rest: number;
  /** Whether it is one of the exit itself. */
  readonly isExit: boolean;
}

/** What those of a route table are offered: the ways by each exit alone, and the exits that can be reached from each area. */
interface Offered {
  readonly table: RouteTable;
  readonly byExit: readonly RouteTable[];
  readonly byArea: (readonly ExitWays[] | undefined)[];
}

/** Who heads where now; made anew each tick in which somebody chooses. */
export interface Queues {
  tick: number;
  /** Row = portal: people whose next portal it is, by metre of distance, summed up from the portal. */
  readonly ahead: Int32Array;
  /** By slot of a route table. */
  readonly offered: Offered[];
  /** Draws of persons and exits, row = person; 0 where not drawn yet. Empty where there would be too many. */
  readonly noise: Float64Array;
  /** Scratch: walks to the portals of an area, −1 where not looked up yet. */
  readonly walks: Float64Array;
  /** Scratch: what each exit offered costs the one who chooses. */
  readonly offers: Offers;
}

/** A row an exit offered. */
interface Offers {
  /** Next portal on the way, and what is left behind it [m]. */
  readonly portal: Int32Array;
  readonly rest: Float64Array;
  /** Cost without what is seen, and the draw that comes on top [s]. */
  readonly cost: Float64Array;
  readonly noise: Float64Array;
  readonly mayBeSeen: Uint8Array;
  /** It costs no less than this, whatever is seen [s]. */
  readonly least: Float64Array;
}

export function createQueues(world: World): Queues {
  const isUsed = world.scenario.behaviour?.choice !== undefined;
  const portals = isUsed ? world.portals.length : 0;
  const exits = isUsed ? world.exits.length : 0;
  const draws = world.personCount * exits;
  return {
    tick: -1,
    ahead: new Int32Array(BINS * portals),
    offered: [],
    noise: new Float64Array(draws <= NOISE_MAX ? draws : 0),
    walks: new Float64Array(portals),
    offers: {
      portal: new Int32Array(exits),
      rest: new Float64Array(exits),
      cost: new Float64Array(exits),
      noise: new Float64Array(exits),
      mayBeSeen: new Uint8Array(exits),
      least: new Float64Array(exits),
    },
  };
}

function countQueues(world: World, queues: Queues): void {
  const { persons, clock } = world.views;
  if (queues.tick === clock.tick[0]) return;
  queues.tick = clock.tick[0];
  const { portal, state, harm, potential, restWay } = persons;
  const { ahead } = queues;
  ahead.fill(0);
  for (let i = 0; i < world.personCount; i++) {
    if (state[i] !== PersonState.walking || portal[i] < 0 || harm[i] >= PersonHarm.unconscious) continue;
    const away = potential[i] - restWay[i];
    ahead[BINS * portal[i] + (away > 0 ? Math.floor(Math.min(BINS - 1, away)) : 0)]++;
  }
  for (let p = 0; p < world.portals.length; p++) {
    for (let k = 1; k < BINS; k++) ahead[BINS * p + k] += ahead[BINS * p + k - 1];
  }
}

/** People who head for a portal from within `away` metres of it; the bin of `away` counts half. */
function peopleAhead(queues: Queues, portal: number, away: number): number {
  const bin = Math.min(BINS - 1, Math.floor(away));
  const all = queues.ahead[BINS * portal + bin];
  const nearer = bin === 0 ? 0 : queues.ahead[BINS * portal + bin - 1];
  return (all + nearer) / 2;
}

/**
 * Flows through portals, low-passed over 10 s while there is a queue before them; without one they go back to 1.3 /(m·s), which is what people
 * expect of a free way. Before crossings are settled. O(persons + portals); nothing where exits are not weighed.
 */
export function watchFlows(engine: Engine): void {
  const { world, scratch } = engine;
  const { flows } = world.views.groups;
  if (flows === undefined) return;
  const { portal, state, harm, potential, restWay, crossedA, crossedB } = world.views.persons;
  const near = new Int32Array(world.portals.length);
  const counts = new Int32Array(world.portals.length);
  for (let i = 0; i < world.personCount; i++) {
    if (!(potential[i] - restWay[i] < QUEUE_NEAR) || portal[i] < 0) continue;
    if (state[i] === PersonState.walking && harm[i] < PersonHarm.unconscious) near[portal[i]]++;
  }
  for (let k = 0; k < scratch.watchedCount; k++) {
    const i = scratch.watched[k];
    if (crossedA[i] !== 0) counts[Math.abs(crossedA[i]) - 1]++;
    if (crossedB[i] !== 0) counts[Math.abs(crossedB[i]) - 1]++;
  }
  const share = DECISION_INTERVAL / FLOW_TIME;
  for (const { index, width } of world.portals) {
    const now = near[index] >= QUEUE_PEOPLE ? counts[index] / DECISION_INTERVAL : FLOW_PER_WIDTH * width;
    flows.flow[index] += (now - flows.flow[index]) * share;
  }
}

/**
 * Time that a queue costs on top of the walk [s]: people ahead / flow − walk, at least 0.
 * @source waiting time as in FDS+Evac (people / flow), here beyond the time of the walk
 */
export function expectedWait(people: number, flow: number, walkTime: number): number {
  return Math.max(0, people / flow - walkTime);
}

/** The exits that can be reached from an area by those of a route table, ascending, with the ways there. Made once; it may make fields. */
function exitsFrom({ world, minds }: Engine, table: RouteTable, area: number): readonly ExitWays[] {
  const { offered } = minds.queues;
  if (offered[table.slot]?.table !== table) {
    offered[table.slot] = {
      table,
      byExit: world.exits.map(({ index }) => tableToExit(world, table, index)),
      byArea: [],
    };
  }
  const { byExit, byArea } = offered[table.slot];
  const known = byArea[area];
  if (known !== undefined) return known;
  const found: ExitWays[] = [];
  for (const { index: exit } of world.exits) {
    const toExit = byExit[exit];
    const ways: PortalWay[] = [];
    world.areas[area].portals.forEach((portal, place) => {
      const side = world.portals[portal].areas[0] === area ? 0 : 1;
      const belief = table.beliefs[portal];
      const owner = world.portals[portal].exit;
      if ((owner >= 0 && owner !== exit) || !isPassable(world, portal, side, belief)) return;
      const penalty = penaltyOf(world, portal, belief);
      const toGo = toExit.toGo[2 * portal + 1 - side];
      const rest = toExit.walk[2 * portal + 1 - side];
      if (penalty + toGo === Number.POSITIVE_INFINITY) return;
      const field = travelField(world, portal, side);
      const isExit = world.exits[exit].portals.includes(portal);
      ways.push({ portal, place, field, penalty, toGo, behind: penalty + toGo, rest, isExit });
    });
    if (ways.length > 0) found.push({ exit, ways: ways.sort((one, other) => one.behind - other.behind) });
  }
  byArea[area] = found;
  return found;
}

/** Walking effort to safety by one exit only, for those of a route table. */
function tableToExit(world: World, table: RouteTable, exit: number): RouteTable {
  const beliefs = table.beliefs.slice();
  for (const portal of world.portals) {
    if (portal.exit >= 0 && portal.exit !== exit) beliefs[portal.index] = Belief.locked;
  }
  return buildRouteTable(world, beliefs);
}

/** A way: next portal or −1, exit, what is left behind the portal [m]. */
interface Way {
  portal: number;
  exit: number;
  rest: number;
}

/**
 * The exit that costs a person least, and their next portal on the way there. Cost in seconds:
 *
 *     walk / speed + wait · max(0, people ahead / flow − walk) − familiar − visible − signed ∓ herd · share + spread · z
 *
 * The queue is that at the next portal; `visible` for an exit of the person's own area in sight within 30 m; `signed` where they noticed a sign of it;
 * the share is that of the walking people in sight who go there (looked at every half second, who chooses in between does without), against it where more than 4 /m² stand before it; z a standard normal number, drawn
 * once for each person and exit. `kept` (an exit, or −1) costs `inertia` of its walk and wait less. Exits believed locked are out, unknown ones
 * cost 80 m more, or are out where exits have to be found (`knowledge`).
 * O(exits × portals of the area), and the queues once a tick.
 * @source weights in the order of the stated-choice studies of Lovreglio et al. and Haghani, Sarvi (logit coefficients by that of walking time);
 * design values
 */
export function weighExits(engine: Engine, person: number, table: RouteTable, kept: number, out: Way): void {
  const { world, minds, crossroads } = engine;
  const law = minds.behaviour.choice;
  out.portal = -1;
  out.exit = -1;
  out.rest = 0;
  if (law === undefined || world.views.groups.flows === undefined) return;
  countQueues(world, minds.queues);
  const area = world.views.persons.area[person];
  const exits = exitsFrom(engine, table, area);
  // making fields may have renewed the views
  const { persons, clock, groups } = world.views;
  const { flow: flows } = groups.flows as NonNullable<typeof groups.flows>;
  const x = persons.x[person];
  const y = persons.y[person];
  const cell = locateInFields(world, area, x, y);
  const scale = crossroads.efforts[area];
  const { walks, offers } = minds.queues;
  walks.fill(-1, 0, world.areas[area].portals.length);
  const speed = Math.max(0.1, persons.levelSpeed[person]);
  const familiar = minds.familiar[persons.population[person]];
  const looks = law.herd > 0 && clock.tick[0] % HERD_EVERY === 0;
  // before anybody turns
  if (looks) viewCrowd(world, minds.opaque, minds.crowd);
  const herdMost = looks ? law.herd : 0;
  let most = Number.POSITIVE_INFINITY;
  for (let n = 0; n < exits.length; n++) {
    const { exit, ways } = exits[n];
    let effort = Number.POSITIVE_INFINITY;
    let walk = 0;
    let best: PortalWay | undefined;
    for (let k = 0; k < ways.length; k++) {
      const way = ways[k];
      const { place, portal, behind } = way;
      if (behind > effort) break;
      if (walks[place] < 0) {
        // most are too far even straight on, and need no look at their fields
        if (scale * leastWalk(crossroads.circles, portal, x, y) + behind > effort + ROUNDING) continue;
        walks[place] = scale * readTravelDistance(world, way.field, cell, x, y);
      }
      const total = walks[place] + way.penalty + way.toGo;
      if (!(total < effort || (best !== undefined && total === effort && place < best.place))) continue;
      effort = total;
      best = way;
      walk = walks[place];
    }
    offers.portal[n] = -1;
    offers.least[n] = Number.POSITIVE_INFINITY;
    if (best === undefined) continue;
    const { portal } = best;
    const flow = Math.max(flows[portal], FLOW_LEAST * FLOW_PER_WIDTH * world.portals[portal].width);
    const waits = law.wait * expectedWait(peopleAhead(minds.queues, portal, walk), flow, walk / speed);
    let cost = (effort / speed + waits) * (exit === kept ? 1 - law.inertia : 1);
    if (familiar[exit] === 1) cost -= law.familiar;
    const noise = law.spread > 0 ? law.spread * noiseOf(engine, person, exit) : 0;
    const mayBeSeen = law.visible > 0 && best.isExit;
    offers.portal[n] = portal;
    offers.rest[n] = best.rest;
    offers.cost[n] = cost;
    offers.noise[n] = noise;
    offers.mayBeSeen[n] = mayBeSeen ? 1 : 0;
    offers.least[n] = cost - (mayBeSeen ? law.visible : 0) - law.signed - herdMost + noise - ROUNDING;
    most = Math.min(most, cost + herdMost + noise + ROUNDING);
  }
  // what is seen of an exit and of the crowd costs a look, and is asked only of those between which it decides
  let rivals = 0;
  for (let n = 0; n < exits.length; n++) if (offers.portal[n] >= 0 && offers.least[n] <= most) rivals++;
  let best = Number.POSITIVE_INFINITY;
  for (let n = 0; n < exits.length; n++) {
    if (offers.portal[n] < 0 || offers.least[n] > most) continue;
    const { exit } = exits[n];
    const cost = rivals === 1 ? 0 : costOf(engine, person, exit, n, looks, best);
    if (cost >= best) continue;
    best = cost;
    out.portal = offers.portal[n];
    out.exit = exit;
    out.rest = Number.isFinite(offers.rest[n]) ? offers.rest[n] : 0;
  }
}

/** Cost of an exit as far as it was reckoned in its row, with all that is seen; or anything from `best` on where it is no less. */
function costOf(engine: Engine, person: number, exit: number, row: number, looks: boolean, best: number): number {
  const { minds } = engine;
  const law = minds.behaviour.choice as ChoiceLaw;
  const { offers } = minds.queues;
  const portal = offers.portal[row];
  const cost = offers.cost[row];
  const noise = offers.noise[row];
  const signed = law.signed > 0 && hasSeenSignOf(engine, person, exit) ? law.signed : 0;
  const herd = looks ? sharesByExit(engine, person) : undefined;
  let heading = 0;
  if (herd !== undefined) {
    const density = minds.queues.ahead[BINS * portal + QUEUE_NEAR - 1] / HALF_DISC;
    heading = (density > CROWDED ? -1 : 1) * law.herd * herd[exit];
  }
  const whereSeen = cost - law.visible - signed - heading + noise;
  if (offers.mayBeSeen[row] === 1 && (whereSeen >= best || isPortalSeen(engine, person, portal, SEEN_WITHIN)))
    return whereSeen;
  return cost - signed - heading + noise;
}

/** Standard normal number of a person and an exit, always the same. */
function noiseOf({ world, minds, seed }: Engine, person: number, exit: number): number {
  const { noise } = minds.queues;
  const at = person * world.exits.length + exit;
  const known = noise[at];
  if (known !== undefined && known !== 0) return known;
  const drawn = normalQuantile(randomUnit(seed, RandomPurpose.exitNoise, person, exit));
  if (known !== undefined) noise[at] = drawn;
  return drawn;
}

/** Share of the walking people in sight who make for each exit. */
function sharesByExit(engine: Engine, person: number): Float64Array | undefined {
  const { world, minds } = engine;
  const place = minds.crowd.placeOf[person];
  if (place < 0) return undefined;
  const known = minds.crowd.shares.get(place);
  if (known !== undefined) return known;
  const sums = new Float64Array(world.exits.length);
  const { toExit } = minds.crowd;
  if (toExit === undefined) return undefined;
  const { head, which, count, next } = toExit;
  let all = 0;
  const outlook = outlookOf(minds.crowd, place, HERD_RANGE, HERD_DECAY);
  const weights = weightsNow(world, outlook);
  const { places } = outlook;
  for (let n = 0; n < places.length; n++) {
    for (let row = head[places[n]]; row >= 0; row = next[row]) {
      const heading = weights[n] * count[row];
      sums[which[row]] += heading;
      all += heading;
    }
  }
  if (all > 0) for (let k = 0; k < sums.length; k++) sums[k] /= all;
  minds.crowd.shares.set(place, sums);
  return sums;
}
