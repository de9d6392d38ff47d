import { exactCos, exactSin } from '../math/index.ts';
import { findDeadEnds, findOpaque, type World } from '../world/index.ts';
import { type CrowdView, createCrowdView } from './crowd-view.ts';
import { FEAR_RANGE } from './feel.ts';
import { createSoundMap, type SoundMap } from './hear-sounds.ts';
import { effortOf } from './route-table.ts';
import { createQueues, HERD_RANGE, type Queues } from './weigh-exits.ts';

export type Behaviour = NonNullable<World['scenario']['behaviour']>;

const DEGREE = Math.PI / 180;

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
  /** Share of those exposed who notice it. */
  readonly share: number;
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
  /** Viewing circles of the signs, in the same order, `CIRCLE_NUMBERS` each: sheet, x, y, facing x and y, range. */
  readonly circles: Float64Array;
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

/** Numbers of one viewing circle. */
export const CIRCLE_NUMBERS = 6;

export function createMinds(world: World): Minds {
  const { scenario } = world;
  const behaviour: Behaviour = scenario.behaviour ?? {};
  const looks = scenario.behaviour !== undefined;
  const signs = behaviour.signs === undefined ? [] : placeSigns(world, behaviour.signs);
  return {
    behaviour,
    opaque: looks ? findOpaque(world) : new Uint8Array(0),
    signs,
    circles: Float64Array.from(
      signs.flatMap(({ sheet, x, y, facingX, facingY, range }) => [sheet, x, y, facingX, facingY, range]),
    ),
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
      share: sign.dynamic === true ? law.dynamic : law.static,
      warns: sign.kind === 'no-exit',
      portals: exit?.portals ?? [],
    };
  });
}
