import { assert } from '../../math/index.ts';
import {
  type Action,
  findOpaque,
  type Goal,
  innerPlace,
  locateArea,
  type PersonSelector,
  type Role,
  type RoleState,
  roleOfPopulation,
  type World,
} from '../../world/index.ts';

import { type Asked, createPersonSquares, type PersonSquares } from './find-person.ts';

/** A role with names looked up. */
export interface CastRole {
  readonly id: string;
  readonly role: Role;
  readonly start: number;
  /** Row of the table by the name of its state. */
  readonly rowOf: ReadonlyMap<string, number>;
  /** For each population 1 where the role is hostile to it. */
  readonly hostileTo: Uint8Array;
}

/** How an actor moves in the current interval. */
export const Movement = {
  /** As anybody else: chooses a way out. */
  free: 0,
  /** Stands. */
  stand: 1,
  /** Walks to the portal in `persons.portal`. */
  portal: 2,
  /** Walks to a place in the same area. */
  place: 3,
  /** Chooses a way out, and keeps away from a place. */
  away: 4,
} as const;

/**
 * Who has which role, as the scenario says, and what each wants in the current interval. Nothing of it is state: what the scenario says
 * never changes, and what is wanted is written anew in every interval before it is read.
 */
export interface Cast {
  /** Persons with a role, ascending; the rows of `world.views.groups.actors`. */
  readonly persons: Int32Array;
  /** Actor of a person, or −1. */
  readonly actorOf: Int32Array;
  readonly roles: readonly CastRole[];
  /** Index in `roles` of each actor. */
  readonly roleOf: Int32Array;
  /** First person of each population, and the one after the last. */
  readonly firstOf: Int32Array;
  /** Index of doors, exits, consoles, objects and words by name. */
  readonly doorOf: ReadonlyMap<string, number>;
  readonly exitOf: ReadonlyMap<string, number>;
  readonly words: readonly string[];
  /** Areas by name. */
  readonly areasOf: ReadonlyMap<string, readonly number[]>;
  /** Inner place of each area, once asked for. */
  readonly middles: Map<number, Goal | undefined>;
  readonly consoles: readonly Goal[];
  /** Rows of the wall table that stop sight. */
  readonly opaque: Uint8Array;
  readonly squares: PersonSquares;
  /** Whom each selector asks for, once it was. */
  readonly asked: WeakMap<PersonSelector, Asked>;
  readonly movement: Uint8Array;
  /** Place to walk to or to keep away from, local [m]. */
  readonly toX: Float32Array;
  readonly toY: Float32Array;
  /** So near to the place the actor stops [m]. */
  readonly stopAt: Float32Array;
}

/** The cast of a world, or undefined where nobody has a role. */
export function createCast(world: World): Cast | undefined {
  const { scenario, personCount } = world;
  if (world.views.groups.actors === undefined) return undefined;
  const { population } = world.views.persons;
  const persons: number[] = [];
  const roleOf: number[] = [];
  const actorOf = new Int32Array(personCount).fill(-1);
  const ids = [...new Set(scenario.populations.flatMap(({ role }) => (role === undefined ? [] : [role])))];
  const firstOf = new Int32Array(scenario.populations.length + 1).fill(personCount);
  for (let i = personCount - 1; i >= 0; i--) firstOf[population[i]] = i;
  for (let p = scenario.populations.length - 1; p >= 0; p--) firstOf[p] = Math.min(firstOf[p], firstOf[p + 1]);
  for (let i = 0; i < personCount; i++) {
    const { role } = scenario.populations[population[i]];
    if (role === undefined) continue;
    actorOf[i] = persons.length;
    persons.push(i);
    roleOf.push(ids.indexOf(role));
  }
  assert(persons.length === world.views.groups.actors.state.length, 'every person with a role has a row');
  const roles = ids.map((id): CastRole => {
    const role = roleOfPopulation(
      world,
      scenario.populations.findIndex((one) => one.role === id),
    );
    assert(role !== undefined, `the role ${id} exists`);
    const rowOf = new Map(role.states.map(({ state }, row) => [state, row]));
    const { hostileTo } = role;
    const hostile = scenario.populations.map((other) =>
      hostileTo === 'others' ? other.role !== id : (hostileTo?.includes(other.id) ?? false),
    );
    return {
      id,
      role,
      start: role.start === undefined ? 0 : (rowOf.get(role.start) ?? 0),
      rowOf,
      hostileTo: Uint8Array.from(hostile, Number),
    };
  });
  const words = [
    ...new Set(
      roles.flatMap(({ role }) =>
        role.states.flatMap(({ do: { ...action } }) => (action.act === 'call' ? [action.say] : [])),
      ),
    ),
  ];
  assert(words.length <= 31, 'at most 31 words are said');
  const areasOf = new Map<string, number[]>();
  for (const { id, index, kind } of world.areas) {
    if (kind === 'outside') continue;
    const known = areasOf.get(id);
    if (known === undefined) areasOf.set(id, [index]);
    else known.push(index);
  }
  return {
    persons: Int32Array.from(persons),
    actorOf,
    roles,
    roleOf: Int32Array.from(roleOf),
    firstOf,
    doorOf: new Map(world.doors.map(({ id, index }) => [id, index])),
    exitOf: new Map(world.exits.map(({ id, index }) => [id, index])),
    words,
    areasOf,
    middles: new Map(),
    consoles: (scenario.consoles ?? []).map(({ level, position }) => placeOnLevel(world, level, position)),
    opaque: findOpaque(world),
    squares: createPersonSquares(world),
    asked: new WeakMap(),
    movement: new Uint8Array(persons.length),
    toX: new Float32Array(persons.length),
    toY: new Float32Array(persons.length),
    stopAt: new Float32Array(persons.length),
  };
}

/** A place of the plan as a goal; in no area (−1) where it is beside the floor. */
export function placeOnLevel(world: World, level: string | undefined, [x, y]: readonly [number, number]): Goal {
  const source = level === undefined ? 0 : world.scenario.levels.findIndex(({ id }) => id === level);
  const sheet = world.sheets.findIndex((one) => one.kind === 'level' && one.source === source);
  const localX = x - world.origin[0];
  const localY = y - world.origin[1];
  return { area: locateArea(world, sheet, localX, localY), x: localX, y: localY };
}

/** The middle of a named area, of the level where one is given; undefined where there is none. */
export function middleOfArea(world: World, cast: Cast, name: string, level?: string): Goal | undefined {
  const areas = cast.areasOf.get(name) ?? [];
  const wanted =
    level === undefined ? areas : areas.filter((area) => world.sheets[world.areas[area].sheet].id === level);
  if (wanted.length === 0) return undefined;
  if (!cast.middles.has(wanted[0])) cast.middles.set(wanted[0], innerPlace(world, wanted[0]));
  return cast.middles.get(wanted[0]);
}

/** The row of the role's table in which an actor is. */
export function rowOfActor(world: World, cast: Cast, actor: number): RoleState {
  return cast.roles[cast.roleOf[actor]].role.states[world.views.groups.actors!.state[actor]];
}

/** What an actor does now. */
export function actionOf(world: World, cast: Cast, actor: number): Action {
  return rowOfActor(world, cast, actor).do;
}
