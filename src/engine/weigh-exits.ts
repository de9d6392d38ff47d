import { normalQuantile, RandomPurpose, randomUnit } from '../math/index.ts';
import {
  Belief,
  estimateTravelDistance,
  FLOW_PER_WIDTH,
  PersonHarm,
  PersonState,
  travelField,
  type World,
} from '../world/index.ts';
import { outlookOf, viewCrowd, weightsNow } from './crowd-view.ts';
import { DECISION_INTERVAL, type Engine } from './engine.ts';
import type { Behaviour } from './minds.ts';
import { buildRouteTable, effortOf, isPassable, penaltyOf, type RouteTable } from './route-table.ts';
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

/** Who heads where now; made anew each tick in which somebody chooses. */
export interface Queues {
  tick: number;
  /** Row = portal: people whose next portal it is, by metre of distance, summed up from the portal. */
  readonly ahead: Int32Array;
  /** Route tables to one exit each, of the belief table they hold for. */
  readonly byExit: WeakMap<RouteTable, (RouteTable | undefined)[]>;
  /** Draws of persons and exits, row = person; 0 where not drawn yet. Empty where there would be too many. */
  readonly noise: Float64Array;
  /** Scratch: of the portals of an area. */
  readonly walks: Float64Array;
  readonly penalties: Float64Array;
  readonly nodes: Int32Array;
  readonly owners: Int32Array;
  /** Scratch: what each exit costs the one who chooses. */
  readonly offers: readonly Offer[];
}

interface Offer {
  /** Next portal on the way to the exit, or −1 where there is none. */
  portal: number;
  /** What is left behind it [m]. */
  rest: number;
  /** Cost without what is seen, and the draw that comes on top [s]. */
  cost: number;
  noise: number;
  mayBeSeen: boolean;
  /** It costs no less than this, whatever is seen [s]. */
  least: number;
}

export function createQueues(world: World): Queues {
  const isUsed = world.scenario.behaviour?.choice !== undefined;
  const portals = isUsed ? world.portals.length : 0;
  const draws = isUsed ? world.personCount * world.exits.length : 0;
  return {
    tick: -1,
    ahead: new Int32Array(BINS * portals),
    byExit: new WeakMap(),
    noise: new Float64Array(draws <= NOISE_MAX ? draws : 0),
    walks: new Float64Array(portals),
    penalties: new Float64Array(portals),
    nodes: new Int32Array(portals),
    owners: new Int32Array(portals),
    offers: isUsed
      ? world.exits.map(() => ({ portal: -1, rest: 0, cost: 0, noise: 0, mayBeSeen: false, least: 0 }))
      : [],
  };
}

function countQueues(world: World, queues: Queues): void {
  const { persons, clock } = world.views;
  if (queues.tick === clock.tick[0]) return;
  queues.tick = clock.tick[0];
  const { ahead } = queues;
  ahead.fill(0);
  for (let i = 0; i < world.personCount; i++) {
    const portal = persons.portal[i];
    if (portal < 0 || persons.state[i] !== PersonState.walking || persons.harm[i] >= PersonHarm.unconscious) continue;
    const away = Math.max(0, persons.potential[i] - persons.restWay[i]);
    ahead[BINS * portal + Math.min(BINS - 1, Math.floor(away))]++;
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
  const { world, minds } = engine;
  const { flows } = world.views.groups;
  if (flows === undefined) return;
  const { persons } = world.views;
  countQueues(world, minds.queues);
  const counts = new Int32Array(world.portals.length);
  for (let i = 0; i < world.personCount; i++) {
    if (persons.crossedA[i] !== 0) counts[Math.abs(persons.crossedA[i]) - 1]++;
    if (persons.crossedB[i] !== 0) counts[Math.abs(persons.crossedB[i]) - 1]++;
  }
  const share = DECISION_INTERVAL / FLOW_TIME;
  for (const { index, width } of world.portals) {
    const queued = minds.queues.ahead[BINS * index + QUEUE_NEAR - 1] >= QUEUE_PEOPLE;
    const now = queued ? counts[index] / DECISION_INTERVAL : FLOW_PER_WIDTH * width;
    flows.flow[index] += (now - flows.flow[index]) * share;
  }
  // the rest of this step changes who heads where
  minds.queues.tick = -1;
}

/**
 * Time that a queue costs on top of the walk [s]: people ahead / flow − walk, at least 0.
 * @source waiting time as in FDS+Evac (people / flow), here beyond the time of the walk
 */
export function expectedWait(people: number, flow: number, walkTime: number): number {
  return Math.max(0, people / flow - walkTime);
}

/** Walking effort to safety by each exit only, for those with the beliefs of `table`; undefined where not asked for yet. */
function tablesByExit({ world, minds }: Engine, table: RouteTable): (RouteTable | undefined)[] {
  let tables = minds.queues.byExit.get(table);
  if (tables === undefined) {
    tables = new Array(world.exits.length).fill(undefined);
    minds.queues.byExit.set(table, tables);
  }
  return tables;
}

/** Walking effort to safety by one exit only, for those with the beliefs of a person. */
function tableToExit({ world }: Engine, person: number, exit: number): RouteTable {
  const count = world.portals.length;
  const beliefs = world.views.beliefs.slice(person * count, (person + 1) * count);
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
  const { world, minds } = engine;
  const law = minds.behaviour.choice;
  const { flows } = world.views.groups;
  out.portal = -1;
  out.exit = -1;
  out.rest = 0;
  if (law === undefined || flows === undefined) return;
  countQueues(world, minds.queues);
  const area = world.views.persons.area[person];
  const { portals } = world.areas[area];
  const effortHere = effortOf(world, area);
  const scale = Number.isFinite(effortHere) ? effortHere : 1;
  const { walks, penalties, nodes, owners } = minds.queues;
  const row = person * world.portals.length;
  for (let k = 0; k < portals.length; k++) {
    const portal = portals[k];
    const side = world.portals[portal].areas[0] === area ? 0 : 1;
    const belief = world.views.beliefs[row + portal];
    nodes[k] = 2 * portal + (1 - side);
    owners[k] = world.portals[portal].exit;
    penalties[k] = isPassable(world, portal, side, belief) ? penaltyOf(world, portal, belief) : Infinity;
    if (penalties[k] === Infinity) continue;
    const field = travelField(world, portal, side);
    const { x, y } = world.views.persons;
    walks[k] = scale * estimateTravelDistance(world, field, x[person], y[person]);
  }
  // making fields may have renewed the views
  const { persons } = world.views;
  const speed = Math.max(0.1, persons.levelSpeed[person]);
  const familiar = minds.familiar[persons.population[person]];
  const looks = law.herd > 0 && world.views.clock.tick[0] % HERD_EVERY === 0;
  // before anybody turns
  if (looks) viewCrowd(world, minds.opaque, minds.crowd);
  const herdMost = looks ? law.herd : 0;
  const { offers } = minds.queues;
  const tables = tablesByExit(engine, table);
  let most = Number.POSITIVE_INFINITY;
  for (const exit of world.exits) {
    const offer = offers[exit.index];
    let toExit = tables[exit.index];
    if (toExit === undefined) {
      toExit = tableToExit(engine, person, exit.index);
      tables[exit.index] = toExit;
    }
    offer.portal = -1;
    let effort = Number.POSITIVE_INFINITY;
    let walk = 0;
    for (let k = 0; k < portals.length; k++) {
      if (penalties[k] === Infinity || (owners[k] >= 0 && owners[k] !== exit.index)) continue;
      const total = walks[k] + penalties[k] + toExit.toGo[nodes[k]];
      if (!(total < effort)) continue;
      effort = total;
      offer.portal = portals[k];
      walk = walks[k];
      offer.rest = toExit.walk[nodes[k]];
    }
    const { portal } = offer;
    if (portal < 0) continue;
    const flow = Math.max(flows.flow[portal], FLOW_LEAST * FLOW_PER_WIDTH * world.portals[portal].width);
    const waits = law.wait * expectedWait(peopleAhead(minds.queues, portal, walk), flow, walk / speed);
    offer.cost = (effort / speed + waits) * (exit.index === kept ? 1 - law.inertia : 1);
    if (familiar[exit.index] === 1) offer.cost -= law.familiar;
    offer.noise = law.spread > 0 ? law.spread * noiseOf(engine, person, exit.index) : 0;
    offer.mayBeSeen = law.visible > 0 && exit.portals.includes(portal);
    offer.least = offer.cost - (offer.mayBeSeen ? law.visible : 0) - law.signed - herdMost + offer.noise - ROUNDING;
    most = Math.min(most, offer.cost + herdMost + offer.noise + ROUNDING);
  }
  // what is seen of an exit and of the crowd costs a look, and is asked only of those between which it decides
  let rivals = 0;
  for (const { portal, least } of offers) if (portal >= 0 && least <= most) rivals++;
  let best = Number.POSITIVE_INFINITY;
  for (const exit of world.exits) {
    const offer = offers[exit.index];
    if (offer.portal < 0 || offer.least > most) continue;
    const cost = rivals === 1 ? 0 : costOf(engine, person, exit.index, looks, best);
    if (cost >= best) continue;
    best = cost;
    out.portal = offer.portal;
    out.exit = exit.index;
    out.rest = Number.isFinite(offer.rest) ? offer.rest : 0;
  }
}

/** Cost of an exit as far as it was reckoned, with all that is seen; or anything from `best` on where it is no less. */
function costOf(engine: Engine, person: number, exit: number, looks: boolean, best: number): number {
  const { minds } = engine;
  const law = minds.behaviour.choice as ChoiceLaw;
  const { portal, cost, noise, mayBeSeen } = minds.queues.offers[exit];
  const signed = law.signed > 0 && hasSeenSignOf(engine, person, exit) ? law.signed : 0;
  const herd = looks ? sharesByExit(engine, person) : undefined;
  let heading = 0;
  if (herd !== undefined) {
    const density = minds.queues.ahead[BINS * portal + QUEUE_NEAR - 1] / HALF_DISC;
    heading = (density > CROWDED ? -1 : 1) * law.herd * herd[exit];
  }
  const whereSeen = cost - law.visible - signed - heading + noise;
  if (mayBeSeen && (whereSeen >= best || isPortalSeen(engine, person, portal, SEEN_WITHIN))) return whereSeen;
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
