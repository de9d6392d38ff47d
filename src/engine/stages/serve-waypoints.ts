import { polygonContains, RandomPurpose, randomUnit } from '../../math/index.ts';
import { type Patch, StagePhase, type World } from '../../world/index.ts';
import { DECISIONS_PER_SECOND, type Engine, timeNow } from '../engine.ts';
import { speedFactorOf } from '../motivation.ts';
import { spendCredit, type Throughput } from './spend-credit.ts';
import type { StageTables } from './stage-tables.ts';
import { listMembers } from './stage-tables.ts';
import { advance } from './walk-itineraries.ts';

/** Streams of the service times: one for each visit. */
const STREAM = 256;

/** Whether a person's middle lies in a region. */
export function isInPatch(world: World, { sheet, box, ring }: Patch, person: number): boolean {
  const { persons } = world.views;
  const x = persons.x[person];
  const y = persons.y[person];
  if (persons.sheet[person] !== sheet || x < box[0] || x > box[2] || y < box[1] || y > box[3]) return false;
  return polygonContains([ring], x, y);
}

/** Whether people may leave a waypoint now: not held, and its light is green. */
export function isOpen(world: World, waypoint: number): boolean {
  if (world.views.groups.waypoints!.held[waypoint] === 1) return false;
  const { cycle } = world.scenario.waypoints![waypoint];
  if (cycle === undefined) return true;
  const time = timeNow(world) + 1e-9;
  const round = cycle.open + cycle.shut;
  const into = time - round * Math.floor(time / round);
  return cycle.starts === 'open' ? into < cycle.open : into >= cycle.shut;
}

/** Holds everybody at a waypoint, or lets them go again. */
export function holdWaypoint(engine: Engine, id: string, isHeld: boolean): void {
  const { world } = engine;
  const { waypoints } = world.views.groups;
  const index = world.scenario.waypoints?.findIndex((waypoint) => waypoint.id === id) ?? -1;
  if (waypoints === undefined || index < 0) return;
  waypoints.held[index] = isHeld ? 1 : 0;
  engine.emit({ t: timeNow(world), type: isHeld ? 'waypoint-held' : 'waypoint-opened', waypoint: id });
}

/** At every waypoint: who is served goes, who is first in line is next. */
export function serveWaypoints(engine: Engine, tables: StageTables): void {
  const { world } = engine;
  listMembers(world, tables);
  for (let w = 0; w < world.stages!.waypoints.length; w++) {
    // who was let go makes room for the next, who may need no time at all
    for (let k = tables.start[w]; k <= tables.start[w + 1]; k++) if (!serveWaypoint(engine, tables, w)) break;
  }
}

/** One round at a waypoint; whether anybody was let go. */
function serveWaypoint(engine: Engine, tables: StageTables, w: number): boolean {
  const { world } = engine;
  const { waypoints } = world.stages!;
  const { clock } = world.views;
  const columns = world.views.groups.stages!;
  const { phase, at, until } = columns;
  const { start, members, rank } = tables;
  const { capacity, places } = waypoints[w];
  const tick = clock.tick[0];
  const isHere = (i: number): boolean => at[i] === w && phase[i] >= StagePhase.line && phase[i] < StagePhase.staying;
  let busy = 0;
  let line = 0;
  for (let k = start[w]; k < start[w + 1]; k++) {
    const i = members[k];
    if (!isHere(i)) continue;
    if (phase[i] === StagePhase.called && isInPatch(world, waypoints[w], i)) serve(engine, tables, i, w);
    if (phase[i] === StagePhase.served) {
      if (until[i] <= tick) phase[i] = StagePhase.ready;
      else clock.lastProgressTick[0] = tick;
    }
    if (phase[i] !== StagePhase.line) busy++;
    else if (busy < capacity) {
      busy++;
      if (places.length === 0) serve(engine, tables, i, w);
      else {
        phase[i] = StagePhase.called;
        columns.spot[i] = findSpot(engine, tables, i, w);
      }
      if (phase[i] === StagePhase.served && until[i] <= tick) phase[i] = StagePhase.ready;
    } else rank[i] = line++;
  }
  tables.inLine[w] = line;
  const goes = letGoReady(engine, tables, w);
  for (let k = start[w]; k < start[w + 1]; k++) {
    const i = members[k];
    if (at[i] !== w || phase[i] < StagePhase.line || columns.spot[i] !== Spot.unasked) continue;
    if (phase[i] !== StagePhase.line || places.length === 0) columns.spot[i] = findSpot(engine, tables, i, w);
  }
  return goes && line > 0;
}

/** Lets go who is ready, first come first, as many as the throughput allows; whether anybody went. */
function letGoReady(engine: Engine, tables: StageTables, w: number): boolean {
  const { world } = engine;
  const { clock } = world.views;
  const { phase, at, until, ticket } = world.views.groups.stages!;
  const { start, members } = tables;
  const tick = clock.tick[0];
  if (!isOpen(world, w)) {
    // a light turns green by itself
    if (start[w + 1] > start[w] && world.views.groups.waypoints!.held[w] === 0) clock.lastProgressTick[0] = tick;
    return false;
  }
  let goes = false;
  for (;;) {
    let first = -1;
    for (let k = start[w]; k < start[w + 1]; k++) {
      const i = members[k];
      if (at[i] !== w || phase[i] !== StagePhase.ready) continue;
      if (first < 0 || until[i] < until[first] || (until[i] === until[first] && ticket[i] < ticket[first])) first = i;
    }
    if (first < 0) break;
    clock.lastProgressTick[0] = tick;
    const { throughput } = world.scenario.waypoints![w];
    const counts: Throughput = world.views.groups.waypoints!;
    if (throughput !== undefined && !spendCredit(counts, w, tick, throughput / DECISIONS_PER_SECOND)) break;
    letGo(engine, tables, first, w);
    goes = true;
  }
  return goes;
}

function serve(engine: Engine, tables: StageTables, person: number, w: number): void {
  const { world, seed } = engine;
  const columns = world.views.groups.stages!;
  const visit = columns.draws[person]++;
  const time = tables.dwells[w](seed, RandomPurpose.serviceTime + STREAM * visit, person);
  columns.phase[person] = StagePhase.served;
  columns.until[person] = world.views.clock.tick[0] + Math.round(DECISIONS_PER_SECOND * Math.max(0, time));
  const { id } = world.stages!.waypoints[w];
  engine.emit({ t: timeNow(world), type: 'waypoint-served', person, waypoint: id });
}

/** What `stages.spot` says besides the index of a place to stand. */
export const Spot = { unasked: -1, none: -2 } as const;

/** A place to stand in the region that nobody else has: for who comes from a line the nearest, for others from one drawn at random on. */
function findSpot(engine: Engine, tables: StageTables, person: number, w: number): number {
  const { world, seed } = engine;
  const columns = world.views.groups.stages!;
  const { spots, places } = world.stages!.waypoints[w];
  const taken = new Set<number>();
  for (let k = tables.start[w]; k < tables.start[w + 1]; k++) {
    const i = tables.members[k];
    if (columns.at[i] === w && columns.phase[i] > StagePhase.heading && columns.spot[i] >= 0)
      taken.add(columns.spot[i]);
  }
  if (taken.size >= spots.length) return Spot.none;
  if (places.length > 0) {
    const { x, y } = world.views.persons;
    let nearest: number = Spot.none;
    let least = Infinity;
    spots.forEach((spot, k) => {
      const dx = spot.x - x[person];
      const dy = spot.y - y[person];
      if (taken.has(k) || dx * dx + dy * dy >= least) return;
      least = dx * dx + dy * dy;
      nearest = k;
    });
    return nearest;
  }
  const first = Math.floor(spots.length * randomUnit(seed, RandomPurpose.spot, person, columns.draws[person]++));
  for (let k = 0; k < spots.length; k++) {
    const spot = (first + k) % spots.length;
    if (!taken.has(spot)) return spot;
  }
  return Spot.none;
}

function letGo(engine: Engine, tables: StageTables, person: number, w: number): void {
  const { world } = engine;
  const columns = world.views.groups.stages!;
  advance(engine, person);
  if (columns.phase[person] === StagePhase.staying) return;
  const { leavingSpeed } = world.scenario.waypoints![w];
  if (leavingSpeed !== undefined) {
    const { persons } = world.views;
    persons.freeSpeed[person] = leavingSpeed;
    persons.levelSpeed[person] = persons.freeSpeed[person] * speedFactorOf(persons.motivation[person]);
  }
  engine.emit({ t: timeNow(world), type: 'waypoint-left', person, waypoint: world.stages!.waypoints[w].id });
  tables.released.push(person);
}
