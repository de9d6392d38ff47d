import { RandomPurpose, randomUnit } from '../../math/index.ts';
import {
  ARRIVAL_GAP,
  type ArrivalRegion,
  indexContains,
  isClearOfWalls,
  locateArea,
  PersonState,
  type World,
} from '../../world/index.ts';
import { type Engine, timeNow } from '../engine.ts';

/** The persons of a population that come in: the first who has not come yet, and the one behind the last. */
export interface Coming {
  readonly region: ArrivalRegion;
  next: number;
  readonly end: number;
}

/** Random places looked at before the lattice of the region is gone through. */
const DARTS = 20;
/** By how much less than the gap is as good, so that neighbours of a lattice are not turned down by a rounding [m]. */
const ROUNDING = 1e-4;
/** Others farther from the region than this are in nobody's way [m]. */
const REACH = 1.3;

/** Who comes in, by population. O(persons). */
export function listComing(world: World): Coming[] {
  const { population } = world.views.persons;
  return world.arrivals.map((region) => {
    let next = 0;
    while (next < world.personCount && population[next] !== region.population) next++;
    let end = next;
    while (end < world.personCount && population[end] === region.population) end++;
    return { region, next, end };
  });
}

const place = new Float64Array(2);

/**
 * Persons whose time has come, at free places of their region, in order; who finds none tries again in the next interval, and those behind with
 * them. Who has been alerted already starts their pre-movement time now.
 */
export function arrivePersons(engine: Engine): void {
  const { world, coming } = engine;
  const { arrivals } = world.views.groups;
  if (arrivals === undefined) return;
  const { persons, clock } = world.views;
  const tick = clock.tick[0];
  for (const one of coming) {
    // what has come is told by the state, so that a resumed run goes on where it was
    while (one.next < one.end && arrivals.due[one.next] < 0) one.next++;
    if (one.next === one.end || arrivals.due[one.next] > tick) continue;
    const near = listNear(world, one.region);
    while (one.next < one.end && arrivals.due[one.next] <= tick) {
      const i = one.next;
      if (!findFreePlace(engine, one.region, near, i)) break;
      persons.x[i] = place[0];
      persons.y[i] = place[1];
      persons.area[i] = Math.max(0, locateArea(world, one.region.sheet, place[0], place[1]));
      bringIn(engine, i, tick - arrivals.due[i]);
      near.push(i);
      one.next++;
    }
  }
}

function bringIn(engine: Engine, person: number, late: number): void {
  const { world } = engine;
  const { persons, groups } = world.views;
  const now = timeNow(world);
  groups.arrivals!.due[person] = -1;
  persons.state[person] = PersonState.waiting;
  persons.vx[person] = 0;
  persons.vy[person] = 0;
  if (persons.startTime[person] !== Number.POSITIVE_INFINITY) {
    persons.startTime[person] = Math.max(persons.startTime[person], now + persons.preMovement[person]);
  }
  if (groups.contagion !== undefined) {
    groups.contagion.stage[person] = 0;
    groups.contagion.since[person] = now;
  }
  if (groups.visits !== undefined) groups.visits.been[person * world.areas.length + persons.area[person]] = 1;
  world.views.clock.lastProgressTick[0] = world.views.clock.tick[0];
  const round = (value: number) => Math.round(1000 * value) / 1000;
  engine.emit({
    t: now,
    type: 'person-arrived',
    person,
    x: round(persons.x[person] + world.origin[0]),
    y: round(persons.y[person] + world.origin[1]),
    sheet: persons.sheet[person],
    waited: late / 10,
  });
}

/** Everybody who is in or near a region. */
function listNear(world: World, { sheet, box }: ArrivalRegion): number[] {
  const { persons } = world.views;
  const near: number[] = [];
  for (let i = 0; i < world.personCount; i++) {
    if (persons.state[i] === PersonState.out || persons.sheet[i] !== sheet) continue;
    const { x, y } = persons;
    if (x[i] < box[0] - REACH || x[i] > box[2] + REACH || y[i] < box[1] - REACH || y[i] > box[3] + REACH) continue;
    near.push(i);
  }
  return near;
}

/** A place in the region that is free of walls, shut doors and others, in `place`. */
function findFreePlace(engine: Engine, region: ArrivalRegion, near: readonly number[], person: number): boolean {
  const { world, seed } = engine;
  const { grid } = world.sheets[region.sheet];
  const { persons, clock } = world.views;
  const radius = persons.radius[person];
  const isFree = (x: number, y: number): boolean => {
    for (const j of near) {
      const dx = persons.x[j] - x;
      const dy = persons.y[j] - y;
      const least = radius + persons.radius[j] + ARRIVAL_GAP - ROUNDING;
      if (dx * dx + dy * dy < least * least) return false;
    }
    return isClearOfWalls(world, region.sheet, x, y, radius);
  };
  const take = (x: number, y: number): boolean => {
    place[0] = Math.fround(x);
    place[1] = Math.fround(y);
    return isFree(place[0], place[1]);
  };
  // a stream for each try, so that a later one looks elsewhere
  const purpose = RandomPurpose.arrivalPlace + 256 * clock.tick[0];
  const draw = (k: number) => randomUnit(seed, purpose, person, k);
  if (region.isRandom && region.cells.length > 0) {
    for (let dart = 0; dart < DARTS; dart++) {
      const cell = region.cells[Math.floor(draw(3 * dart) * region.cells.length)];
      const x = grid.x0 + ((cell % grid.columns) + draw(3 * dart + 1)) * grid.cell;
      const y = grid.y0 + (Math.floor(cell / grid.columns) + draw(3 * dart + 2)) * grid.cell;
      if (indexContains(region.index, x, y) && take(x, y)) return true;
    }
  }
  const count = region.lattice.length / 2;
  const first = region.isRandom ? Math.floor(draw(3 * DARTS) * count) : 0;
  for (let k = 0; k < count; k++) {
    const at = 2 * ((first + k) % count);
    if (take(region.lattice[at], region.lattice[at + 1])) return true;
  }
  return false;
}

/** Whether anybody is still to come at a later time. */
export function isAnybodyDueLater({ world, coming }: Pick<Engine, 'world' | 'coming'>): boolean {
  const { arrivals } = world.views.groups;
  if (arrivals === undefined) return false;
  // ascending within a population, so the last one tells; whose tick it is now has not been tried yet
  return coming.some(({ next, end }) => end > next && arrivals.due[end - 1] >= world.views.clock.tick[0]);
}

/** How many stand outside because there is no place free for them. */
export function countWaitingOutside({ world, coming }: Pick<Engine, 'world' | 'coming'>): number {
  const { arrivals } = world.views.groups;
  if (arrivals === undefined) return 0;
  let count = 0;
  for (const { next, end } of coming) {
    for (let i = next; i < end && arrivals.due[i] < world.views.clock.tick[0]; i++) if (arrivals.due[i] >= 0) count++;
  }
  return count;
}

/** Tells of those whose time had come and who found no place. */
export function tellNeverArrived(engine: Engine): void {
  const { world } = engine;
  const { arrivals } = world.views.groups;
  if (arrivals === undefined) return;
  for (let i = 0; i < world.personCount; i++) {
    if (arrivals.due[i] < 0 || arrivals.due[i] >= world.views.clock.tick[0]) continue;
    engine.emit({ t: timeNow(world), type: 'person-never-arrived', person: i, due: arrivals.due[i] / 10 });
  }
}
