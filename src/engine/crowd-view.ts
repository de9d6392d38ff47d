import { exactExp } from '../math/index.ts';
import { findCell, isInSight, PersonHarm, PersonState, type World } from '../world/index.ts';

/*
 * What people see of each other, to the nearest two metres. Everybody is counted into a place (an area's part of a square of 2 m); how
 * many stand still there, look round, walk or run, and where to. A place is seen from another where the line between one point of each is free.
 * So the cost is that of the occupied places, not of all pairs of persons, and all sums are over whole numbers in order of place: who has
 * which number changes nothing.
 */

/** Side of the squares in which people are counted [m]. */
export const PLACE_SIZE = 2;
/** Distance that is put for that between two people of one place [m]: the mean in a square of 2 m. */
const OWN_DISTANCE = 1.04;

/** What somebody does in the eyes of others. */
export const Activity = { still: 0, looking: 1, walking: 2, running: 3 } as const;

interface Place {
  readonly key: number;
  readonly area: number;
  readonly sheet: number;
  readonly column: number;
  readonly row: number;
  /** A point of the area in the square. */
  readonly x: number;
  readonly y: number;
  /** Whether another place is seen, by its key. */
  readonly sight: Map<number, boolean>;
}

/** A place somebody is in now. */
export interface SeenPlace {
  readonly place: Place;
  /** People by `Activity`. */
  readonly doing: [number, number, number, number];
  people: number;
  /** Sum of the fear of those in it, in 1/1000; where people feel. */
  fear: number;
  /** Those who walk, by the portal they walk to, and by exit. */
  readonly toPortal: Map<number, number>;
  readonly toExit: Map<number, number>;
}

export interface CrowdView {
  /** Tick for which it holds, or −1. */
  tick: number;
  /** Door states for which sight between places was looked up. */
  doors: number;
  readonly known: Map<number, Place>;
  /** Occupied places in order of key. */
  seen: SeenPlace[];
  /** Index into `seen` of each person, or −1. */
  readonly placeOf: Int32Array;
  /** Places of `seen` by square: first of each square, next of each place. */
  squares: Map<number, number[]>;
  /** What was summed up for a place this tick: shares of those in sight by exit. */
  readonly shares: Map<number, Map<number, number>>;
}

export function createCrowdView(world: World): CrowdView {
  return {
    tick: -1,
    doors: -1,
    known: new Map(),
    seen: [],
    placeOf: new Int32Array(world.personCount).fill(-1),
    squares: new Map(),
    shares: new Map(),
  };
}

/** What a person shows to others. */
export function activityShown(world: World, person: number): 0 | 1 | 2 | 3 {
  const { persons, groups } = world.views;
  if (persons.state[person] === PersonState.walking) {
    return persons.motivation[person] > 0.5 ? Activity.running : Activity.walking;
  }
  if (groups.hearing?.asleep[person] === 1) return Activity.still;
  if (groups.contagion !== undefined && groups.contagion.stage[person] > 0) return Activity.looking;
  if (persons.startTime[person] !== Infinity) return Activity.looking;
  return Activity.still;
}

/** Counts everybody present into places, once a tick. O(persons + places log places). */
export function viewCrowd(world: World, view: CrowdView): void {
  const { persons, groups, clock } = world.views;
  const tick = clock.tick[0];
  if (view.tick === tick) return;
  view.tick = tick;
  view.shares.clear();
  let doors = 0;
  for (const state of world.views.doors.state) doors = (Math.imul(doors, 31) + state + 1) | 0;
  if (doors !== view.doors) {
    for (const place of view.known.values()) place.sight.clear();
    view.doors = doors;
  }
  const byKey = new Map<number, SeenPlace>();
  const fear = groups.inner?.fear;
  const cells: (SeenPlace | undefined)[] = new Array(world.personCount);
  for (let i = 0; i < world.personCount; i++) {
    const state = persons.state[i];
    if (state === PersonState.out || state === PersonState.leaving || persons.harm[i] >= PersonHarm.unconscious)
      continue;
    const column = Math.floor((persons.x[i] - world.bounds[0]) / PLACE_SIZE);
    const row = Math.floor((persons.y[i] - world.bounds[1]) / PLACE_SIZE);
    const area = persons.area[i];
    const key = keyOf(world, area, column, row);
    let seen = byKey.get(key);
    if (seen === undefined) {
      const place = view.known.get(key) ?? makePlace(world, key, area, column, row);
      view.known.set(key, place);
      seen = { place, doing: [0, 0, 0, 0], people: 0, fear: 0, toPortal: new Map(), toExit: new Map() };
      byKey.set(key, seen);
    }
    cells[i] = seen;
    seen.people++;
    seen.doing[activityShown(world, i)]++;
    if (fear !== undefined) seen.fear += Math.round(1000 * fear[i]);
    if (state !== PersonState.walking || persons.portal[i] < 0) continue;
    seen.toPortal.set(persons.portal[i], (seen.toPortal.get(persons.portal[i]) ?? 0) + 1);
    if (persons.exit[i] >= 0) seen.toExit.set(persons.exit[i], (seen.toExit.get(persons.exit[i]) ?? 0) + 1);
  }
  view.seen = [...byKey.values()].sort((a, b) => a.place.key - b.place.key);
  const numbers = new Map<SeenPlace, number>();
  view.squares = new Map();
  view.seen.forEach((seen, k) => {
    numbers.set(seen, k);
    const square = squareOf(seen.place.sheet, seen.place.column, seen.place.row);
    const list = view.squares.get(square);
    if (list === undefined) view.squares.set(square, [k]);
    else list.push(k);
  });
  for (let i = 0; i < world.personCount; i++) {
    const seen = cells[i];
    view.placeOf[i] = seen === undefined ? -1 : (numbers.get(seen) as number);
  }
}

/** Calls `visit(other, weight, own, distance)` for the own place and every other in sight within `range`; weight = exp(−distance / decay). */
export function lookAround(
  world: World,
  view: CrowdView,
  opaque: Uint8Array,
  from: number,
  range: number,
  decay: number,
  visit: (other: SeenPlace, weight: number, own: boolean, distance: number) => void,
): void {
  const { place } = view.seen[from];
  const reach = Math.ceil(range / PLACE_SIZE);
  for (let row = place.row - reach; row <= place.row + reach; row++) {
    for (let column = place.column - reach; column <= place.column + reach; column++) {
      const list = view.squares.get(squareOf(place.sheet, column, row));
      if (list === undefined) continue;
      for (const k of list) {
        if (k === from) {
          visit(view.seen[k], weightOf(OWN_DISTANCE, decay), true, 0);
          continue;
        }
        const other = view.seen[k].place;
        const dx = other.x - place.x;
        const dy = other.y - place.y;
        const distance = Math.sqrt(dx * dx + dy * dy);
        if (distance > range || !sees(world, opaque, place, other)) continue;
        visit(view.seen[k], weightOf(Math.max(distance, OWN_DISTANCE), decay), false, distance);
      }
    }
  }
}

/** Weight of somebody of one's own place. */
export function ownWeight(decay: number): number {
  return weightOf(OWN_DISTANCE, decay);
}

function weightOf(distance: number, decay: number): number {
  return exactExp(-distance / decay);
}

function sees(world: World, opaque: Uint8Array, from: Place, to: Place): boolean {
  let seen = from.sight.get(to.key);
  if (seen === undefined) {
    seen = isInSight(world, opaque, from.sheet, from.x, from.y, to.x, to.y);
    from.sight.set(to.key, seen);
    to.sight.set(from.key, seen);
  }
  return seen;
}

const SQUARES = 65_536;
function keyOf(world: World, area: number, column: number, row: number): number {
  const columns = Math.ceil((world.bounds[2] - world.bounds[0]) / PLACE_SIZE) + 4;
  const rows = Math.ceil((world.bounds[3] - world.bounds[1]) / PLACE_SIZE) + 4;
  return (area * rows + row + 1) * columns + column + 1;
}
function squareOf(sheet: number, column: number, row: number): number {
  return (sheet * SQUARES + row + 1) * SQUARES + column + 1;
}

/** The place with its point: the centre of the area's cell in the square that is nearest to its middle, or the middle where it has none. */
function makePlace(world: World, key: number, area: number, column: number, row: number): Place {
  const { sheet } = world.areas[area];
  const { grid } = world.sheets[sheet];
  const middleX = world.bounds[0] + (column + 0.5) * PLACE_SIZE;
  const middleY = world.bounds[1] + (row + 0.5) * PLACE_SIZE;
  const reach = Math.ceil(PLACE_SIZE / 2 / grid.cell);
  const column0 = Math.floor((middleX - grid.x0) / grid.cell);
  const row0 = Math.floor((middleY - grid.y0) / grid.cell);
  let x = middleX;
  let y = middleY;
  let best = Infinity;
  for (let r = row0 - reach; r <= row0 + reach; r++) {
    for (let c = column0 - reach; c <= column0 + reach; c++) {
      const cell = findCell(world, sheet, c, r);
      if (cell < 0 || world.tiles[sheet].cellArea[cell] !== area) continue;
      const cx = grid.x0 + (c + 0.5) * grid.cell;
      const cy = grid.y0 + (r + 0.5) * grid.cell;
      const away = (cx - middleX) * (cx - middleX) + (cy - middleY) * (cy - middleY);
      if (away >= best) continue;
      best = away;
      x = cx;
      y = cy;
    }
  }
  return { key, area, sheet, column, row, x, y, sight: new Map() };
}
