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

/** What is seen from each place, by somebody who looks so far and for whom others weigh less with distance. */
interface Outlooks {
  readonly range: number;
  readonly decay: number;
  /** By place, once asked for. */
  readonly from: (Outlook | undefined)[];
}

/** What is seen from a place: the places in sight and within range, in order of key; itself among them. */
export interface Outlook {
  /** Ids of the places. */
  readonly places: number[];
  /** Weight of each, exp(−distance / decay), were all leaves open. */
  readonly weights: number[];
  /** Rows of the leaves on the line to each. */
  readonly leaves: (readonly number[])[];
  /** Which of them have leaves on the line, once asked for; and the weights with those behind shut leaves 0. */
  doubtful: number[] | undefined;
  seen: number[];
}

/** What no wall hides from a place within the range of the view, in order of key, and itself. */
interface Sights {
  /** Ids of the places. */
  readonly places: number[];
  readonly distances: number[];
  /** Rows of the leaves on the line to each. */
  readonly leaves: (readonly number[])[];
}

/** A place somebody is or was in. */
export interface SeenPlace {
  /** Its row in the columns of the view. */
  readonly id: number;
  readonly key: number;
  readonly area: number;
  readonly sheet: number;
  /** A point of the area in the square. */
  readonly x: number;
  readonly y: number;
  readonly sights: Sights;
}

/** How many in each place have something: lists of (which, how many), each in the order in which they were met. */
export interface Tally {
  /** First row of each place's list, or −1. */
  head: Int32Array;
  readonly which: Int32Array;
  readonly count: Int32Array;
  /** Next row of the same place, or −1. */
  readonly next: Int32Array;
  rows: number;
}

export interface CrowdView {
  /** Tick for which it holds, or −1. */
  tick: number;
  /** Farthest that anybody looks [m]. */
  readonly range: number;
  /** All places known, by id. */
  readonly places: SeenPlace[];
  /** Of each sheet with places: a place in each square, or −1; and for each place another one in its square. */
  readonly squares: (Int32Array | undefined)[];
  beside: Int32Array;
  readonly outlooks: Outlooks[];
  /** Ids of the places occupied now. */
  readonly occupied: number[];
  /** Id of the place of each person, or −1; and its key. */
  readonly placeOf: Int32Array;
  readonly keyOf: Float64Array;
  /** Columns by place, of those in it now, 0 where nobody is. People by `Activity`, four numbers a place. */
  doing: Float64Array;
  people: Float64Array;
  /** Sum of their fear, in 1/1000; where people feel. */
  fear: Float64Array;
  /** Those who walk, by the portal they walk to, and by exit; where somebody asks for it. */
  readonly toPortal: Tally | undefined;
  readonly toExit: Tally | undefined;
  /** What was summed up for a place this tick: shares of those in sight by exit. */
  readonly shares: Map<number, Float64Array>;
  /** Share of their fear that each person shows; undefined where all show all. */
  readonly shows: Float32Array | undefined;
}

/** What others can read of somebody's fear. */
export function shownOf(shows: Float32Array | undefined, person: number, fear: number): number {
  return shows === undefined ? fear : shows[person] * fear;
}

/** Places for which there is room at first. */
const PLACES_FIRST = 256;

/** `range`: the farthest that anybody looks in this scenario [m]. */
export function createCrowdView(world: World, range: number): CrowdView {
  const { following, choice } = world.scenario.behaviour ?? {};
  const persons = range > 0 ? world.personCount : 0;
  const createTally = (): Tally => ({
    head: new Int32Array(PLACES_FIRST).fill(-1),
    which: new Int32Array(persons),
    count: new Int32Array(persons),
    next: new Int32Array(persons),
    rows: 0,
  });
  return {
    tick: -1,
    range,
    places: [],
    squares: [],
    beside: new Int32Array(PLACES_FIRST),
    outlooks: [],
    occupied: [],
    placeOf: new Int32Array(persons).fill(-1),
    keyOf: new Float64Array(persons).fill(-1),
    doing: new Float64Array(4 * PLACES_FIRST),
    people: new Float64Array(PLACES_FIRST),
    fear: new Float64Array(PLACES_FIRST),
    toPortal: following === undefined ? undefined : createTally(),
    toExit: choice === undefined ? undefined : createTally(),
    shares: new Map(),
    shows: sharesOfFearShown(world),
  };
}

/** Room for one place more. */
function growColumns(view: CrowdView): void {
  const room = view.people.length;
  if (view.places.length < room) return;
  const longer = (column: Float64Array): Float64Array => {
    const copy = new Float64Array(2 * column.length);
    copy.set(column);
    return copy;
  };
  const longerList = (column: Int32Array): Int32Array => {
    const copy = new Int32Array(2 * room).fill(-1);
    copy.set(column);
    return copy;
  };
  view.doing = longer(view.doing);
  view.people = longer(view.people);
  view.fear = longer(view.fear);
  view.beside = longerList(view.beside);
  for (const tally of [view.toPortal, view.toExit]) if (tally !== undefined) tally.head = longerList(tally.head);
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

/** Counts everybody present into places, once a tick. O(persons + places). */
export function viewCrowd(world: World, opaque: Uint8Array, view: CrowdView): void {
  const { groups, clock, persons } = world.views;
  const { x, y, area, state, harm, portal, exit } = persons;
  const asleep = groups.hearing?.asleep;
  const stage = groups.contagion?.stage;
  const calm = groups.stages?.calm;
  const tick = clock.tick[0];
  if (view.tick === tick) return;
  view.tick = tick;
  view.shares.clear();
  emptyPlaces(view);
  const fear = groups.inner?.fear;
  const [x0, y0] = world.bounds;
  const { columns, rows } = squaresOf(world);
  if (view.places.length === 0) addFirstPlaces(world, opaque, view);
  const { placeOf, keyOf, occupied, toPortal, toExit, shows } = view;
  let { doing, people } = view;
  for (let i = 0; i < world.personCount; i++) {
    if (state[i] === PersonState.out || state[i] === PersonState.leaving || harm[i] >= PersonHarm.unconscious) {
      placeOf[i] = -1;
      continue;
    }
    const column = Math.floor((x[i] - x0) / PLACE_SIZE);
    const row = Math.floor((y[i] - y0) / PLACE_SIZE);
    const key = (area[i] * rows + row + 1) * columns + column + 1;
    let place = placeOf[i];
    if (place < 0 || keyOf[i] !== key) {
      place = findPlace(world, view, key, area[i], column, row);
      if (place < 0) place = addPlace(world, opaque, view, key, area[i], column, row);
      placeOf[i] = place;
      keyOf[i] = key;
      // a new place may need more room
      ({ doing, people } = view);
    }
    if (people[place] === 0) occupied.push(place);
    people[place]++;
    doing[4 * place + showActivity(persons, asleep, stage, calm, i)]++;
    if (fear !== undefined && fear[i] > 0) view.fear[place] += Math.round(1000 * shownOf(shows, i, fear[i]));
    if (state[i] !== PersonState.walking || portal[i] < 0) continue;
    if (toPortal !== undefined) countOne(toPortal, place, portal[i]);
    if (toExit !== undefined && exit[i] >= 0) countOne(toExit, place, exit[i]);
  }
}

/** Adds the places that people are in at first: in order of key, so that each goes to the end of all lists. */
function addFirstPlaces(world: World, opaque: Uint8Array, view: CrowdView): void {
  const { x, y, area, state } = world.views.persons;
  const [x0, y0] = world.bounds;
  const { columns, rows } = squaresOf(world);
  const column = (i: number): number => Math.floor((x[i] - x0) / PLACE_SIZE);
  const row = (i: number): number => Math.floor((y[i] - y0) / PLACE_SIZE);
  const { keyOf } = view;
  for (let i = 0; i < world.personCount; i++) keyOf[i] = (area[i] * rows + row(i) + 1) * columns + column(i) + 1;
  const order = Int32Array.from(keyOf, (_, i) => i).sort((i, j) => keyOf[i] - keyOf[j]);
  let last = -1;
  for (const i of order) {
    if (keyOf[i] === last || state[i] === PersonState.out || state[i] === PersonState.leaving) continue;
    last = keyOf[i];
    addPlace(world, opaque, view, last, area[i], column(i), row(i));
  }
}

function emptyPlaces({ occupied, people, doing, fear, toPortal, toExit }: CrowdView): void {
  for (const place of occupied) {
    people[place] = 0;
    fear[place] = 0;
    doing.fill(0, 4 * place, 4 * place + 4);
    if (toPortal !== undefined) toPortal.head[place] = -1;
    if (toExit !== undefined) toExit.head[place] = -1;
  }
  occupied.length = 0;
  if (toPortal !== undefined) toPortal.rows = 0;
  if (toExit !== undefined) toExit.rows = 0;
}

function countOne(tally: Tally, place: number, what: number): void {
  const { head, which, count, next } = tally;
  let last = -1;
  for (let row = head[place]; row >= 0; row = next[row]) {
    if (which[row] === what) {
      count[row]++;
      return;
    }
    last = row;
  }
  const row = tally.rows++;
  which[row] = what;
  count[row] = 1;
  next[row] = -1;
  if (last < 0) head[place] = row;
  else next[last] = row;
}

/** What is seen from a place within `range`, at most that of the view. O(1) but for the first call. */
export function outlookOf(view: CrowdView, place: number, range: number, decay: number): Outlook {
  let outlooks: Outlooks | undefined;
  for (const known of view.outlooks) if (known.range === range && known.decay === decay) outlooks = known;
  if (outlooks === undefined) {
    outlooks = { range, decay, from: [] };
    view.outlooks.push(outlooks);
  }
  const known = outlooks.from[place];
  if (known !== undefined) return known;
  const outlook: Outlook = { places: [], weights: [], leaves: [], doubtful: undefined, seen: [] };
  const { sights } = view.places[place];
  for (let k = 0; k < sights.places.length; k++) {
    addToOutlook(outlooks, outlook, sights.places[k], sights.distances[k], sights.leaves[k], k);
  }
  while (outlooks.from.length < view.places.length) outlooks.from.push(undefined);
  outlooks.from[place] = outlook;
  return outlook;
}

function addToOutlook(
  { range, decay }: Outlooks,
  outlook: Outlook,
  place: number,
  distance: number,
  leaves: readonly number[],
  at: number,
): void {
  if (distance > range) return;
  insert(outlook.places, at, place);
  insert(outlook.weights, at, exactExp(-Math.max(distance, OWN_DISTANCE) / decay));
  insert(outlook.leaves, at, leaves);
  outlook.doubtful = undefined;
}

/** Puts something into a list; most goes to the end. */
function insert<T>(list: T[], at: number, item: T): void {
  if (at >= list.length) list.push(item);
  else list.splice(at, 0, item);
}

/** Weights of the places of an outlook now: 0 where a shut leaf hides one. O(1 + places behind leaves). */
export function weightsNow(world: World, outlook: Outlook): readonly number[] {
  const { weights, leaves } = outlook;
  if (outlook.doubtful === undefined) {
    outlook.doubtful = [];
    for (let k = 0; k < leaves.length; k++) if (leaves[k].length > 0) outlook.doubtful.push(k);
    outlook.seen = outlook.doubtful.length > 0 ? weights.slice() : weights;
  }
  const { doubtful, seen } = outlook;
  const { segments } = world.views;
  for (const k of doubtful) seen[k] = isShut(segments, leaves[k]) ? 0 : weights[k];
  return seen;
}

/** Where in a list in order of key something with `key` belongs; most belong near the end. */
function placeInOrder({ places }: CrowdView, ids: readonly number[], key: number): number {
  let at = ids.length;
  while (at > 0 && places[ids[at - 1]].key > key) at--;
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

/** Numbers of squares in x and y, with room for those just outside the plan. */
function squaresOf({ bounds }: World): { columns: number; rows: number } {
  return {
    columns: Math.ceil((bounds[2] - bounds[0]) / PLACE_SIZE) + 4,
    rows: Math.ceil((bounds[3] - bounds[1]) / PLACE_SIZE) + 4,
  };
}

const clamp = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));

/** A known place, or −1. */
function findPlace(world: World, view: CrowdView, key: number, area: number, column: number, row: number): number {
  const squares = view.squares[world.areas[area].sheet];
  if (squares === undefined) return -1;
  const { columns, rows } = squaresOf(world);
  let place = squares[clamp(row + 1, rows) * columns + clamp(column + 1, columns)];
  while (place >= 0 && view.places[place].key !== key) place = view.beside[place];
  return place;
}

/** Adds a new place with the sights between it and all places known, which get it too, each list in order of key. @returns its id. */
function addPlace(
  world: World,
  opaque: Uint8Array,
  view: CrowdView,
  key: number,
  area: number,
  column: number,
  row: number,
): number {
  growColumns(view);
  const place = makePlace(world, view.places.length, key, area, column, row);
  const { id, sheet, x, y } = place;
  const { columns, rows } = squaresOf(world);
  view.squares[sheet] ??= new Int32Array(columns * rows).fill(-1);
  const squares = view.squares[sheet];
  view.places.push(place);
  const reach = Math.ceil(view.range / PLACE_SIZE) + 1;
  const to = clamp(column + 1 + reach, columns);
  for (let r = clamp(row + 1 - reach, rows); r <= clamp(row + 1 + reach, rows); r++) {
    for (let c = clamp(column + 1 - reach, columns); c <= to; c++) {
      for (let n = squares[r * columns + c]; n >= 0; n = view.beside[n]) {
        const other = view.places[n];
        const dx = other.x - x;
        const dy = other.y - y;
        const distance = Math.sqrt(dx * dx + dy * dy);
        if (distance > view.range) continue;
        const leaves = listLeavesBetween(world, opaque, sheet, x, y, other.x, other.y);
        if (leaves === undefined) continue;
        addSight(view, place, other, distance, leaves);
        addSight(view, other, place, distance, leaves);
      }
    }
  }
  addSight(view, place, place, 0, []);
  const square = clamp(row + 1, rows) * columns + clamp(column + 1, columns);
  view.beside[id] = squares[square];
  squares[square] = id;
  return id;
}

function addSight(view: CrowdView, from: SeenPlace, to: SeenPlace, distance: number, leaves: readonly number[]): void {
  const { sights } = from;
  const at = placeInOrder(view, sights.places, to.key);
  insert(sights.places, at, to.id);
  insert(sights.distances, at, distance);
  insert(sights.leaves, at, leaves);
  for (const outlooks of view.outlooks) {
    const outlook = outlooks.from[from.id];
    if (outlook === undefined) continue;
    addToOutlook(outlooks, outlook, to.id, distance, leaves, placeInOrder(view, outlook.places, to.key));
  }
}

/** The place with its point: the centre of the area's cell in the square that is nearest to its middle, or the middle where it has none. */
function makePlace(world: World, id: number, key: number, area: number, column: number, row: number): SeenPlace {
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
  return { id, key, area, sheet, x, y, sights: { places: [], distances: [], leaves: [] } };
}
