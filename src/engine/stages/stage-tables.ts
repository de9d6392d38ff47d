import { type Draw, prepareDraw, StagePhase, type World } from '../../world/index.ts';
import type { RouteTable } from '../route-table.ts';

/** What the phases of itineraries look up, and their scratch; made again from the state whenever it is asked for. */
export interface StageTables {
  /** Route tables to waypoints by waypoint and belief row. */
  readonly routes: Map<string, RouteTable>;
  /** Each person's table to the waypoint `routeTo`, once asked for; forgotten by `setBelief`. */
  readonly routeOf: (RouteTable | undefined)[];
  readonly routeTo: Int32Array;
  /** How long each waypoint serves [s]. */
  readonly dwells: readonly Draw[];
  /** Persons in line, called, served or ready, by waypoint: `members` from `start[w]` to `start[w + 1]`, by ticket. */
  readonly start: Int32Array;
  readonly members: Int32Array;
  readonly cursor: Int32Array;
  /** How many are in line for each waypoint, and each person's number in it, from 0. */
  readonly inLine: Int32Array;
  readonly rank: Int32Array;
  /** Who was let go in this interval. */
  readonly released: number[];
}

/** Tables for a world; undefined where nobody has an itinerary. */
export function createStageTables(world: World): StageTables | undefined {
  if (world.stages === undefined || world.views.groups.stages === undefined) return undefined;
  const { waypoints = [] } = world.scenario;
  return {
    routes: new Map(),
    routeOf: new Array(world.personCount).fill(undefined),
    routeTo: new Int32Array(world.personCount).fill(-1),
    dwells: waypoints.map(({ dwell }) => prepareDraw(dwell ?? 0)),
    start: new Int32Array(waypoints.length + 1),
    members: new Int32Array(world.personCount),
    cursor: new Int32Array(waypoints.length + 1),
    inLine: new Int32Array(waypoints.length),
    rank: new Int32Array(world.personCount),
    released: [],
  };
}

/** Lists who is at which waypoint, by ticket. O(persons + members log members). */
export function listMembers(world: World, tables: StageTables): void {
  const { phase, at, ticket } = world.views.groups.stages!;
  const { start, members, inLine, cursor } = tables;
  start.fill(0);
  inLine.fill(0);
  for (let i = 0; i < world.personCount; i++) {
    if (phase[i] < StagePhase.line || at[i] < 0) continue;
    start[at[i] + 1]++;
    if (phase[i] === StagePhase.line) inLine[at[i]]++;
  }
  for (let w = 1; w < start.length; w++) start[w] += start[w - 1];
  cursor.set(start);
  for (let i = 0; i < world.personCount; i++) {
    if (phase[i] >= StagePhase.line && at[i] >= 0) members[cursor[at[i]]++] = i;
  }
  for (let w = 0; w + 1 < start.length; w++) {
    if (start[w + 1] - start[w] > 1) {
      members.subarray(start[w], start[w + 1]).sort((i, j) => ticket[i] - ticket[j] || i - j);
    }
  }
}
