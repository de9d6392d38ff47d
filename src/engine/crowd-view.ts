import { exactExp } from '../math/index.ts';
import {
  findCell,
  listLeavesBetween,
  PersonHarm,
  PersonState,
  SEGMENT_FLOATS,
  sharesOfFearShown,
  type World,
} from '../world/index.ts';
import { isCalm } from './unalerted.ts';

/*
 * What people see of each other, to the nearest two metres. Everybody is counted into a place (an area's part of a square of 2 m); how
 * many stand still there, look round, walk or run, and where to. A place is seen from another where the line between one point of each is free.
 * So the cost is that of the occupied places, not of all pairs of persons, and all sums are over whole numbers in order of place: who has
 * which number changes nothing. Which places can be seen from where is kept, but for the leaves between them, which may open and shut.
 */

/** Side of the squares in which people are counted [m]. */
export const PLACE_SIZE = 2;
/** Distance that is put for that between two people of one place [m]: the mean in a square of 2 m. */
const OWN_DISTANCE = 1.04;

/** What somebody does in the eyes of others. */
export const Activity = { still: 0, looking: 1, walking: 2, running: 3 } as const;

/** What is seen from a place: the places in sight and within range, in order of key; itself among them. */
export interface Outlook {
  readonly range: number;
  readonly decay: number;
  readonly places: SeenPlace[];
  /** Weight of each, exp(−distance / decay). */
  readonly weights: number[];
  readonly distances: number[];
  /** Rows of the leaves on the line to each. */
  readonly leaves: (readonly number[])[];
  /** Whether any line has leaves on it. */
  hasLeaves: boolean;
}

/** Another place as seen from one, with what may stand between. */
interface Sight {
  readonly place: SeenPlace;
  readonly distance: number;
  /** Rows of leaves on the line. */
  readonly leaves: readonly number[];
}

/** A place somebody is or was in. */
export interface SeenPlace {
  readonly key: number;
  readonly area: number;
  readonly sheet: number;
  readonly column: number;
  readonly row: number;
  /** A point of the area in the square. */
  readonly x: number;
  readonly y: number;
  /** Other places that no wall hides, in order of key, and itself. */
  readonly sights: Sight[];
  /** What was made of `sights`, by range and decay. */
  readonly outlooks: Outlook[];
  /** Tick at which somebody was last seen here; what follows holds for it. */
  tick: number;
  /** Position among the places occupied now. */
  index: number;
  /** People by `Activity`. */
  readonly doing: [number, number, number, number];
  people: number;
  /** Sum of the fear of those in it, in 1/1000; where people feel. */
  fear: number;
  /** Those who walk, by the portal they walk to, and by exit: pairs [which, how many]. */
  readonly toPortal: number[];
  readonly toExit: number[];
}

export interface CrowdView {
  /** Tick for which it holds, or −1. */
  tick: number;
  /** Farthest that anybody looks [m]. */
  readonly range: number;
  readonly known: Map<number, SeenPlace>;
  /** Known places by square. */
  readonly squares: Map<number, SeenPlace[]>;
  /** Occupied places in order of key. */
  seen: SeenPlace[];
  /** Index into `seen` of each person, or −1. */
  readonly placeOf: Int32Array;
  /** Where each person was when last looked at. */
  readonly lastPlace: (SeenPlace | undefined)[];
  /** What was summed up for a place this tick: shares of those in sight by exit. */
  readonly shares: Map<number, Float64Array>;
  /** Share of their fear that each person shows; undefined where all show all. */
  readonly shows: Float32Array | undefined;
}

/** What others can read of somebody's fear. */
export function shownOf(shows: Float32Array | undefined, person: number, fear: number): number {
  return shows === undefined ? fear : shows[person] * fear;
}

/** `range`: the farthest that anybody looks in this scenario [m]. */
export function createCrowdView(world: World, range: number): CrowdView {
  return {
    tick: -1,
    range,
    known: new Map(),
    squares: new Map(),
    seen: [],
    placeOf: new Int32Array(range > 0 ? world.personCount : 0).fill(-1),
    lastPlace: [],
    shares: new Map(),
    shows: sharesOfFearShown(world),
  };
}

/** What a person shows to others. */
export function activityShown(world: World, person: number): 0 | 1 | 2 | 3 {
  const { persons, groups } = world.views;
  return showActivity(persons, groups.hearing?.asleep, groups.contagion?.stage, groups.stages?.calm, person);
}

function showActivity(
  { state, motivation, startTime }: World['views']['persons'],
  asleep: Int32Array | undefined,
  stage: Int32Array | undefined,
  calm: Int32Array | undefined,
  person: number,
): 0 | 1 | 2 | 3 {
  if (state[person] === PersonState.walking && !isCalm(calm, person))
    return motivation[person] > 0.5 ? Activity.running : Activity.walking;
  if (asleep !== undefined && asleep[person] === 1) return Activity.still;
  if (stage !== undefined && stage[person] > 0) return Activity.looking;
  return startTime[person] !== Infinity ? Activity.looking : Activity.still;
}

/** Counts everybody present into places, once a tick. O(persons + places log places). */
export function viewCrowd(world: World, opaque: Uint8Array, view: CrowdView): void {
  const { groups, clock } = world.views;
  const { persons } = world.views;
  const { x, y, area, state, harm, portal, exit } = persons;
  const asleep = groups.hearing?.asleep;
  const stage = groups.contagion?.stage;
  const calm = groups.stages?.calm;
  const tick = clock.tick[0];
  if (view.tick === tick) return;
  view.tick = tick;
  view.shares.clear();
  const fear = groups.inner?.fear;
  const [x0, y0] = world.bounds;
  const seen: SeenPlace[] = [];
  for (let i = 0; i < world.personCount; i++) {
    const gone = state[i] === PersonState.out || state[i] === PersonState.leaving;
    if (gone || harm[i] >= PersonHarm.unconscious) {
      view.lastPlace[i] = undefined;
      continue;
    }
    const column = Math.floor((x[i] - x0) / PLACE_SIZE);
    const row = Math.floor((y[i] - y0) / PLACE_SIZE);
    let place = view.lastPlace[i];
    if (place === undefined || place.column !== column || place.row !== row || place.area !== area[i]) {
      const key = keyOf(world, area[i], column, row);
      place = view.known.get(key) ?? addPlace(world, opaque, view, key, area[i], column, row);
      view.lastPlace[i] = place;
    }
    if (place.tick !== tick) {
      place.tick = tick;
      place.doing.fill(0);
      place.people = 0;
      place.fear = 0;
      place.toPortal.length = 0;
      place.toExit.length = 0;
      seen.push(place);
    }
    place.people++;
    place.doing[showActivity(persons, asleep, stage, calm, i)]++;
    if (fear !== undefined) place.fear += Math.round(1000 * shownOf(view.shows, i, fear[i]));
    if (state[i] !== PersonState.walking || portal[i] < 0) continue;
    countOne(place.toPortal, portal[i]);
    if (exit[i] >= 0) countOne(place.toExit, exit[i]);
  }
  seen.sort((a, b) => a.key - b.key);
  seen.forEach((place, k) => {
    place.index = k;
  });
  view.seen = seen;
  for (let i = 0; i < world.personCount; i++) view.placeOf[i] = view.lastPlace[i]?.index ?? -1;
}

function countOne(pairs: number[], which: number): void {
  for (let k = 0; k < pairs.length; k += 2) {
    if (pairs[k] !== which) continue;
    pairs[k + 1]++;
    return;
  }
  pairs.push(which, 1);
}

/**
 * What is seen from a place within `range`, at most that of the view; of it counts who is occupied now (`place.tick`) and behind no leaf that is shut
 * now (`isHidden`). A loop over it is what most of the cost of looking is, so callers write it themselves. O(1) but for the first call.
 */
export function outlookOf(place: SeenPlace, range: number, decay: number): Outlook {
  for (const known of place.outlooks) if (known.range === range && known.decay === decay) return known;
  const outlook: Outlook = { range, decay, places: [], weights: [], distances: [], leaves: [], hasLeaves: false };
  for (const sight of place.sights) addToOutlook(outlook, sight, outlook.places.length);
  place.outlooks.push(outlook);
  return outlook;
}

function addToOutlook(outlook: Outlook, { place, distance, leaves }: Sight, at: number): void {
  if (distance > outlook.range) return;
  outlook.places.splice(at, 0, place);
  outlook.weights.splice(at, 0, exactExp(-Math.max(distance, OWN_DISTANCE) / outlook.decay));
  outlook.distances.splice(at, 0, distance);
  outlook.leaves.splice(at, 0, leaves);
  if (leaves.length > 0) outlook.hasLeaves = true;
}

/** Whether a shut leaf hides the k-th place of an outlook. */
export function isHidden(world: World, { hasLeaves, leaves }: Outlook, k: number): boolean {
  return hasLeaves && leaves[k].length > 0 && isShut(world.views.segments, leaves[k]);
}

/** Where in a list in order of key something with `key` belongs; most belong near the end. */
function placeInOrder(list: readonly { readonly key: number }[], key: number): number {
  let at = list.length;
  while (at > 0 && list[at - 1].key > key) at--;
  return at;
}

function isShut(segments: Float32Array, leaves: readonly number[]): boolean {
  for (const row of leaves) if (segments[SEGMENT_FLOATS * row + 9] !== 0) return true;
  return false;
}

/** Weight of somebody of one's own place. */
export function ownWeight(decay: number): number {
  return exactExp(-OWN_DISTANCE / decay);
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

/** A new place with the sights between it and all places known, which get it too, each list in order of key. */
function addPlace(
  world: World,
  opaque: Uint8Array,
  view: CrowdView,
  key: number,
  area: number,
  column: number,
  row: number,
): SeenPlace {
  const place = makePlace(world, key, area, column, row);
  const insert = (into: SeenPlace, sight: Sight): void => {
    const { key } = sight.place;
    let at = into.sights.length;
    while (at > 0 && into.sights[at - 1].place.key > key) at--;
    into.sights.splice(at, 0, sight);
    for (const outlook of into.outlooks) addToOutlook(outlook, sight, placeInOrder(outlook.places, key));
  };
  insert(place, { place, distance: 0, leaves: [] });
  const reach = Math.ceil(view.range / PLACE_SIZE) + 1;
  for (let r = row - reach; r <= row + reach; r++) {
    for (let c = column - reach; c <= column + reach; c++) {
      for (const other of view.squares.get(squareOf(place.sheet, c, r)) ?? []) {
        const dx = other.x - place.x;
        const dy = other.y - place.y;
        const distance = Math.sqrt(dx * dx + dy * dy);
        if (distance > view.range) continue;
        const leaves = listLeavesBetween(world, opaque, place.sheet, place.x, place.y, other.x, other.y);
        if (leaves === undefined) continue;
        insert(place, { place: other, distance, leaves });
        insert(other, { place, distance, leaves });
      }
    }
  }
  view.known.set(key, place);
  const square = squareOf(place.sheet, column, row);
  const list = view.squares.get(square);
  if (list === undefined) view.squares.set(square, [place]);
  else list.push(place);
  return place;
}

/** The place with its point: the centre of the area's cell in the square that is nearest to its middle, or the middle where it has none. */
function makePlace(world: World, key: number, area: number, column: number, row: number): SeenPlace {
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
  return {
    key,
    area,
    sheet,
    column,
    row,
    x,
    y,
    sights: [],
    outlooks: [],
    tick: -1,
    index: -1,
    doing: [0, 0, 0, 0],
    people: 0,
    fear: 0,
    toPortal: [],
    toExit: [],
  };
}
