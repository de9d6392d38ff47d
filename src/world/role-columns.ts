import type { Scenario } from '../scenario/index.ts';
import type { ColumnGroup } from './column-groups.ts';

/** Whether anybody has a role. */
const hasRoles = ({ populations }: Scenario): boolean => populations.some(({ role }) => role !== undefined);

/** Persons with a role; their populations have a `position` or a `count`. */
function countActors({ populations }: Scenario): number {
  return populations.reduce(
    (sum, { role, position, count }) => sum + (role === undefined ? 0 : position !== undefined ? 1 : (count ?? 0)),
    0,
  );
}

/** A row for every person who has a role, in order of person. Ticks are decision intervals. */
export const ACTORS = {
  isUsed: hasRoles,
  rows: (_counts, scenario) => countActors(scenario),
  columns: {
    state: 'i32', // row of the role's table
    since: 'i32', // tick at which the state began
    progress: 'i32', // ActorProgress
    busyUntil: 'i32', // tick at which what is being done is done
    busyFor: 'i32', // ticks that it takes in all
    aim: 'i32', // person, door, console or object that the action is about now, or −1
    same: 'i32', // person whom the last action on a person was about, or −1
    tries: 'i32', // attempts in this state
    draws: 'i32', // random numbers drawn so far
    heard: 'i32', // words believed since the state began, a bit each
    struckTick: 'i32', // tick at which the actor was last struck, or −1
    seenTick: 'i32', // tick at which whom one follows was last seen
    seenX: 'f32', // and where, local [m]
    seenY: 'f32',
    seenArea: 'i32', // its area, + 1; 0: one has been there since
    releases: 'i32', // locks released
    lastTick: 'i32', // tick of the last release, or at which the rounds began
    ownMotivation: 'f32', // motivation when not hurried by a state
  },
} as const satisfies ColumnGroup;

/** What was done to a person by others; a row a person. */
export const ACTED = {
  isUsed: hasRoles,
  rows: ({ persons }) => persons,
  columns: {
    stunnedUntil: 'i32', // tick
    downUntil: 'i32', // tick before which who lies does not get up
    heldBy: 'i32', // who holds this person, + 1; 0 nobody
    helpers: 'i32', // who assist this person now and are near enough
    lentSpeed: 'f32', // free speed on the level while there are enough of them [m/s]; 0 none
  },
} as const satisfies ColumnGroup;

/** Things that can be carried; a row for each of `scenario.objects`. A thing has one holder or lies in one place. */
export const OBJECTS = {
  isUsed: (scenario) => (scenario.objects?.length ?? 0) > 0,
  rows: (_counts, scenario) => scenario.objects?.length ?? 0,
  columns: {
    holder: 'i32', // person + 1, or 0 where it lies
    x: 'f32', // where it lies, local [m]
    y: 'f32',
    sheet: 'i32',
  },
} as const satisfies ColumnGroup;

/** What doors need where a scenario has roles, closers, or leaves that need room; a row a door. */
export const LOCKS = {
  isUsed: (scenario) =>
    hasRoles(scenario) || scenario.doors.some(({ pull, closer }) => pull !== undefined || closer !== undefined),
  rows: ({ doors }) => doors,
  columns: {
    claimedBy: 'i32', // who releases it or is on the way to, + 1; 0 nobody
    releases: 'i32', // how often it was released
    emptyTicks: 'i32', // how long nobody was in the open doorway
    hindered: 'i32', // 1: somebody pulls, and bodies or their press keep it shut
  },
} as const satisfies ColumnGroup;

/** What each actor knows of each door (row = actor): 0 nothing, 1 seen not locked, 2 more than they can release. */
export const TRIED = {
  isUsed: hasRoles,
  rows: ({ doors }, scenario) => countActors(scenario) * doors,
  columns: { door: 'u8' },
} as const satisfies ColumnGroup;
