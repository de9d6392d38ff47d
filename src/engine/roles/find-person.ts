import {
  isInSight,
  PersonHarm,
  PersonPosture,
  type PersonSelector,
  PersonState,
  type World,
} from '../../world/index.ts';
import type { Engine } from '../engine.ts';
import type { Cast } from './cast.ts';

/** Nobody is looked for farther than this where a selector does not say so [m]. */
const WITHIN = 100;

/** Who walks faster than this is seen to be under way [m/s]. */
const MOVING = 0.5;

/** Height of a person's feet [m]. */
function heightOf({ sheets, views }: World, person: number): number {
  const { x, y, sheet } = views.persons;
  const { plane } = sheets[sheet[person]];
  return plane[0] + plane[1] * x[person] + plane[2] * y[person];
}

/** Distance between two persons, as the crow flies, on other floors the height between them added [m]. */
export function distanceBetween(world: World, a: number, b: number): number {
  const { x, y, sheet } = world.views.persons;
  const dx = x[b] - x[a];
  const dy = y[b] - y[a];
  const plan = Math.sqrt(dx * dx + dy * dy);
  return sheet[a] === sheet[b] ? plan : plan + Math.abs(heightOf(world, a) - heightOf(world, b));
}

/** Whether one person can see another: on the same floor, and nothing opaque between. */
export function canSee(world: World, { opaque }: Pick<Cast, 'opaque'>, a: number, b: number): boolean {
  const { x, y, sheet } = world.views.persons;
  return sheet[a] === sheet[b] && isInSight(world, opaque, sheet[a], x[a], y[a], x[b], y[b]);
}

/** Whether a person cannot act: lies, is stunned, unconscious or dead. */
export function isHelpless(world: World, person: number): boolean {
  const { persons, clock, groups } = world.views;
  return (
    persons.posture[person] === PersonPosture.lying ||
    persons.harm[person] >= PersonHarm.unconscious ||
    groups.acted!.stunnedUntil[person] > clock.tick[0]
  );
}

/** Whether a person is still a body in the building. */
export function isThere({ views }: World, person: number): boolean {
  const state = views.persons.state[person];
  return state !== PersonState.out && state !== PersonState.leaving;
}

/** Whether some actor assists a person, or is on the way to do so. */
function isAssisted(world: World, cast: Cast, other: number): boolean {
  const { aim, state } = world.views.groups.actors!;
  for (let k = 0; k < cast.persons.length; k++) {
    if (aim[k] !== other || !isThere(world, cast.persons[k])) continue;
    if (cast.roles[cast.roleOf[k]].role.states[state[k]].do.act === 'assist') return true;
  }
  return false;
}

/** Whether everything that a selector asks for, but its distance and sight, holds for `other`. */
function fits(world: World, cast: Cast, actor: number, selector: PersonSelector, other: number): boolean {
  const { persons, clock, groups } = world.views;
  const acted = groups.acted!;
  const person = cast.persons[actor];
  if (other === person || !isThere(world, other)) return false;
  const { role, hostile, is, same } = selector;
  if (selector.in !== undefined && !selector.in.includes(world.areas[persons.area[other]].id)) return false;
  if (same === true && groups.actors!.same[actor] !== other) return false;
  const population = persons.population[other];
  if (role !== undefined && world.scenario.populations[population].role !== role) return false;
  if (hostile === true && cast.roles[cast.roleOf[actor]].hostileTo[population] === 0) return false;
  const isDead = persons.harm[other] === PersonHarm.dead;
  switch (is) {
    case undefined:
      return !isDead;
    case 'up':
      return !isHelpless(world, other);
    case 'moving': {
      const { vx, vy } = persons;
      return (
        vx[other] * vx[other] + vy[other] * vy[other] > MOVING * MOVING &&
        persons.posture[other] === PersonPosture.standing
      );
    }
    case 'down':
      return persons.posture[other] === PersonPosture.lying && !isDead;
    case 'helpless':
      return isHelpless(world, other);
    case 'held':
      return acted.heldBy[other] > 0;
    case 'stunned':
      return acted.stunnedUntil[other] > clock.tick[0];
    case 'unassisted':
      return !isDead && !isAssisted(world, cast, other);
    case 'holding-me':
      return acted.heldBy[person] === other + 1;
  }
}

/** Edge of the squares in which persons are listed [m]. */
const SQUARE = 4;
/** Fewer persons than this are gone through one by one. */
const FEW = 100;

/** Persons by square, as they stood when somebody was first looked for in a decision. Not state. */
export interface PersonSquares {
  tick: number;
  readonly x0: number;
  readonly y0: number;
  readonly columns: number;
  readonly rows: number;
  /** Start of each square's list in `items`, `+1` at the end. */
  readonly start: Int32Array;
  readonly items: Int32Array;
}

/** Empty squares over everything walkable. */
export function createPersonSquares({ bounds, personCount }: World): PersonSquares {
  const columns = Math.max(1, Math.ceil((bounds[2] - bounds[0]) / SQUARE));
  const rows = Math.max(1, Math.ceil((bounds[3] - bounds[1]) / SQUARE));
  return {
    tick: -1,
    x0: bounds[0],
    y0: bounds[1],
    columns,
    rows,
    start: new Int32Array(columns * rows + 1),
    items: new Int32Array(personCount),
  };
}

/** Lists everybody who is still there by square, in order of person. O(persons). */
function fillSquares(world: World, squares: PersonSquares): void {
  const { x, y, state } = world.views.persons;
  const { x0, y0, columns, rows, start, items } = squares;
  const squareOf = (i: number): number => {
    const column = Math.min(columns - 1, Math.max(0, Math.floor((x[i] - x0) / SQUARE)));
    return Math.min(rows - 1, Math.max(0, Math.floor((y[i] - y0) / SQUARE))) * columns + column;
  };
  start.fill(0);
  for (let i = 0; i < world.personCount; i++) {
    if (state[i] !== PersonState.out && state[i] !== PersonState.leaving) start[squareOf(i) + 1]++;
  }
  for (let k = 0; k < columns * rows; k++) start[k + 1] += start[k];
  const count = start[columns * rows];
  for (let i = world.personCount - 1; i >= 0; i--) {
    if (state[i] !== PersonState.out && state[i] !== PersonState.leaving) items[--start[squareOf(i) + 1]] = i;
  }
  // every start has moved down to that of its own square: bring them back in line
  for (let k = 0; k < columns * rows; k++) start[k] = start[k + 1];
  start[columns * rows] = count;
}

/** The populations that a selector asks for, and how many persons they have. */
export interface Asked {
  /** For each population 1 where it is asked for. */
  readonly mask: Uint8Array;
  readonly populations: readonly number[];
  readonly count: number;
}

function askedOf({ scenario }: World, { asked, firstOf }: Cast, selector: PersonSelector): Asked {
  const known = asked.get(selector);
  if (known !== undefined) return known;
  const mask = Uint8Array.from(scenario.populations, ({ id }) => Number(selector.of?.includes(id) ?? true));
  const populations = scenario.populations.flatMap((_, p) => (mask[p] === 1 ? [p] : []));
  const count = populations.reduce((sum, p) => sum + firstOf[p + 1] - firstOf[p], 0);
  const found = { mask, populations, count };
  asked.set(selector, found);
  return found;
}

/**
 * The nearest person to whom a selector applies for an actor, or −1; of two equally near the lower number. `mustSee`: only in sight.
 * O(persons of the populations asked for), or of those no farther than the one found where these are many.
 */
export function findPerson(
  engine: Engine,
  cast: Cast,
  actor: number,
  selector: PersonSelector,
  mustSee = false,
): number {
  const { world } = engine;
  const { clock, persons } = world.views;
  if (selector.is === 'down' && clock.lyingCount[0] === 0) return -1;
  const person = cast.persons[actor];
  if (selector.is === 'holding-me') {
    const holder = world.views.groups.acted!.heldBy[person] - 1;
    return holder >= 0 && fits(world, cast, actor, selector, holder) ? holder : -1;
  }
  if (selector.same === true) {
    const other = world.views.groups.actors!.same[actor];
    if (other < 0 || !fits(world, cast, actor, selector, other)) return -1;
  }
  const sight = mustSee || selector.seen === true;
  const { x, y } = persons;
  let best = -1;
  let least = selector.within ?? WITHIN;
  const look = (other: number): void => {
    const dx = x[other] - x[person];
    const dy = y[other] - y[person];
    if (dx * dx + dy * dy > least * least || !fits(world, cast, actor, selector, other)) return;
    const distance = distanceBetween(world, person, other);
    if (distance > least || (distance === least && best >= 0 && best < other)) return;
    if (sight && !canSee(world, cast, person, other)) return;
    best = other;
    least = distance;
  };
  const { mask, populations, count } = askedOf(world, cast, selector);
  if (count <= FEW) {
    for (let k = 0; k < populations.length; k++) {
      const p = populations[k];
      for (let other = cast.firstOf[p]; other < cast.firstOf[p + 1]; other++) look(other);
    }
    return best;
  }
  const { squares } = cast;
  if (squares.tick !== clock.tick[0]) {
    squares.tick = clock.tick[0];
    fillSquares(world, squares);
  }
  const { x0, y0, columns, rows, start, items } = squares;
  const lookIn = (column: number, row: number): void => {
    if (column < 0 || row < 0 || column >= columns || row >= rows) return;
    const square = row * columns + column;
    for (let k = start[square]; k < start[square + 1]; k++) {
      if (mask[persons.population[items[k]]] === 1) look(items[k]);
    }
  };
  const column = Math.min(columns - 1, Math.max(0, Math.floor((x[person] - x0) / SQUARE)));
  const row = Math.min(rows - 1, Math.max(0, Math.floor((y[person] - y0) / SQUARE)));
  const rings = Math.max(column, row, columns - 1 - column, rows - 1 - row);
  // whoever is in ring r is farther than (r − 1) squares
  for (let ring = 0; ring <= rings && (ring - 1) * SQUARE <= least; ring++) {
    for (let k = -ring; k <= ring; k++) {
      lookIn(column + k, row - ring);
      if (ring > 0) lookIn(column + k, row + ring);
    }
    for (let k = 1 - ring; k < ring; k++) {
      lookIn(column - ring, row + k);
      lookIn(column + ring, row + k);
    }
  }
  return best;
}
