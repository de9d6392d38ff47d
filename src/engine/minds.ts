import { exactCos, exactLog, exactSin } from '../math/index.ts';
import { findDeadEnds, findOpaque, type World } from '../world/index.ts';
import { type CrowdView, createCrowdView } from './crowd-view.ts';
import { FEAR_RANGE } from './feel.ts';
import { createSoundMap, type SoundMap } from './hear-sounds.ts';
import { effortOf } from './route-table.ts';
import { createQueues, HERD_RANGE, type Queues } from './weigh-exits.ts';

export type Behaviour = NonNullable<World['scenario']['behaviour']>;

const DEGREE = Math.PI / 180;

/** Numbers of one viewing circle. */
export const CIRCLE_NUMBERS = 5;

/** What looking for signs found out that stays as it is. Row = person where there is one number a sign. */
export interface Glimpses {
  /** Looks after which each sign is noticed, 255 for never; 0 where not drawn yet. */
  readonly needed: Uint8Array;
  /** Whether each sign is in sight (1) or hidden (2) from where the person stood (x, y) when leaves hung as `leavesHung`; 0 where not known. */
  readonly sight: Uint8Array;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly leavesHung: Int32Array;
}

function createGlimpses(persons: number, signs: number): Glimpses {
  return {
    needed: new Uint8Array(persons * signs),
    sight: new Uint8Array(persons * signs),
    x: new Float32Array(persons).fill(Number.NaN),
    y: new Float32Array(persons),
    leavesHung: new Int32Array(persons),
  };
}

/** Side of the squares for which signs are listed [m]. */
const SQUARE = 4;

/** For each square of each sheet the signs whose viewing circle reaches into it, ascending; the squares at the rim hold all beyond, too. */
export interface SignsAt {
  readonly columns: number;
  readonly rows: number;
  /** Start of each square's list in `items`, `+1` at the end; sheets one after the other. */
  readonly start: Int32Array;
  readonly items: Int32Array;
}

/** The square that somebody is in; 0 where there are no signs. */
export function signSquareAt(
  { bounds }: World,
  { columns, rows }: SignsAt,
  sheet: number,
  x: number,
  y: number,
): number {
  const column = Math.max(0, Math.min(columns - 1, Math.floor((x - bounds[0]) / SQUARE)));
  const row = Math.max(0, Math.min(rows - 1, Math.floor((y - bounds[1]) / SQUARE)));
  return (sheet * rows + row) * columns + column;
}

function listSignsAt({ bounds, sheets }: World, signs: readonly SignPlace[]): SignsAt {
  const columns = signs.length === 0 ? 0 : Math.max(1, Math.ceil((bounds[2] - bounds[0]) / SQUARE));
  const rows = signs.length === 0 ? 0 : Math.max(1, Math.ceil((bounds[3] - bounds[1]) / SQUARE));
  const start = new Int32Array(sheets.length * columns * rows + 1);
  const items: number[] = [];
  // how far a place is from a square in x or y; those at the rim go on
  const apart = (at: number, from: number, k: number, count: number): number =>
    Math.max(0, k > 0 ? from + k * SQUARE - at : 0, k < count - 1 ? at - from - (k + 1) * SQUARE : 0);
  for (let square = 0; square + 1 < start.length; square++) {
    const column = square % columns;
    const row = Math.floor(square / columns) % rows;
    const sheet = Math.floor(square / (columns * rows));
    signs.forEach((sign, k) => {
      const radius = sign.range / 2;
      const dx = apart(sign.x + radius * sign.facingX, bounds[0], column, columns);
      const dy = apart(sign.y + radius * sign.facingY, bounds[1], row, rows);
      // a hand's breadth for rounding
      if (sign.sheet === sheet && dx * dx + dy * dy <= (radius + 0.1) * (radius + 0.1)) items.push(k);
    });
    start[square + 1] = items.length;
  }
  return { columns, rows, start, items: Int32Array.from(items) };
}

/** A sign where it hangs, in local coordinates, with what decides from where it is read. */
export interface SignPlace {
  readonly index: number;
  readonly id: string;
  readonly sheet: number;
  readonly x: number;
  readonly y: number;
  /** Unit vector in which it is read. */
  readonly facingX: number;
  readonly facingY: number;
  /** Viewing distance straight ahead [m]. */
  readonly range: number;
  /** Cosine of the farthest angle aside. */
  readonly cosineMin: number;
  /** Share of those exposed who notice it, and ln(1 − share). */
  readonly share: number;
  readonly logMissed: number;
  /** Whether it says that the exit is none. */
  readonly warns: boolean;
  /** Portals of its exit. */
  readonly portals: readonly number[];
}

/**
 * What the phases of behaviour look up: can be made again from the world at any time, so no snapshot needs it. Empty where the
 * scenario has no `behaviour`.
 */
export interface Minds {
  readonly behaviour: Behaviour;
  /** Rows of the wall table that stop sight; see `findOpaque`. Empty where nobody looks. */
  readonly opaque: Uint8Array;
  readonly signs: readonly SignPlace[];
  /** Viewing circles of the signs, in the same order, `CIRCLE_NUMBERS` each: x, y, facing x and y, range. */
  readonly circles: Float64Array;
  /** Which of them may be read from where. */
  readonly signsAt: SignsAt;
  readonly glimpses: Glimpses;
  /** Rises whenever the leaf of a door is hung anew. */
  leavesHung: number;
  /** Where people are and where they walk, as others see it. */
  readonly crowd: CrowdView;
  readonly sounds: SoundMap;
  /** Queues before portals, where exits are weighed. */
  readonly queues: Queues;
  /** Portals that people talk of: doors and exits. */
  readonly topics: readonly number[];
  /** As `World.deadEnds`, for those who take no drop: where a railing is the only other way on, there is none for them. */
  readonly deadEnds: Uint8Array;
  /** Exits that each population prefers: row = population, a byte an exit. */
  readonly familiar: readonly Uint8Array[];
}

/**
 * Viewing distance per pictogram height [1]: of a sign that is lit from inside, and of one read by the light of the room.
 * @source EN 1838 and ISO 3864-1: 200 and 100
 */
const RANGE_LIT = 200;
const RANGE_UNLIT = 100;

export function createMinds(world: World): Minds {
  const { scenario } = world;
  const behaviour: Behaviour = scenario.behaviour ?? {};
  const looks = scenario.behaviour !== undefined;
  const signs = behaviour.signs === undefined ? [] : placeSigns(world, behaviour.signs);
  return {
    behaviour,
    opaque: looks ? findOpaque(world) : new Uint8Array(0),
    signs,
    circles: Float64Array.from(signs.flatMap(({ x, y, facingX, facingY, range }) => [x, y, facingX, facingY, range])),
    signsAt: listSignsAt(world, signs),
    glimpses: createGlimpses(signs.length > 0 ? world.personCount : 0, signs.length),
    leavesHung: 0,
    crowd: createCrowdView(world, rangeOf(behaviour)),
    sounds: createSoundMap(world),
    queues: createQueues(world),
    topics: world.portals.filter(({ door, exit }) => door >= 0 || exit >= 0).map(({ index }) => index),
    deadEnds: findDeadEndsOnFoot(world),
    familiar: scenario.populations.map(({ knows, familiar }) => {
      const names = familiar ?? (knows === 'all' ? [] : knows);
      return Uint8Array.from(world.exits.map(({ id }) => (names.includes(id) ? 1 : 0)));
    }),
  };
}

function findDeadEndsOnFoot(world: World): Uint8Array {
  const isDrop = (area: number): boolean => area >= 0 && !Number.isFinite(effortOf(world, area));
  const isWay = (portal: number): boolean => !world.portals[portal].areas.some(isDrop);
  const areas = world.areas.map((area) => ({ ...area, portals: area.portals.filter(isWay) }));
  const dead = findDeadEnds({ areas, portals: world.portals });
  for (const { index, areas } of world.portals) {
    for (const side of [0, 1]) if (isDrop(areas[side])) dead[2 * index + side] = 1;
  }
  return dead;
}

/** Farthest that anybody looks at others [m]; 0 where nobody does. */
function rangeOf({ contagion, following, choice, inner }: Behaviour): number {
  return Math.max(
    contagion?.range ?? 0,
    following?.range ?? 0,
    choice !== undefined && choice.herd > 0 ? HERD_RANGE : 0,
    inner === undefined ? 0 : Math.max(FEAR_RANGE, inner.near),
  );
}

function placeSigns(world: World, law: NonNullable<Behaviour['signs']>): SignPlace[] {
  return world.scenario.signs.map((sign, index): SignPlace => {
    const exit = world.exits.find(({ id }) => id === sign.exit);
    const facing = sign.facing * DEGREE;
    const share = sign.dynamic === true ? law.dynamic : law.static;
    return {
      index,
      id: sign.id,
      sheet: world.sheets.findIndex(({ kind, id }) => kind === 'level' && id === sign.level),
      x: sign.position[0] - world.origin[0],
      y: sign.position[1] - world.origin[1],
      facingX: exactCos(facing),
      facingY: exactSin(facing),
      range: sign.size * (sign.lit ? RANGE_LIT : RANGE_UNLIT),
      cosineMin: exactCos(law.angle * DEGREE),
      share,
      logMissed: share < 1 ? exactLog(1 - share) : -Infinity,
      warns: sign.kind === 'no-exit',
      portals: exit?.portals ?? [],
    };
  });
}
