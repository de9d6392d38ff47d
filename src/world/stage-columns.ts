import type { Scenario } from '../scenario/index.ts';
import type { ColumnGroup } from './column-groups.ts';

/** What a person is about on their itinerary. */
export const StagePhase = {
  /** No itinerary, or at its end: they leave as anybody does. */
  none: 0,
  /** On the way to the waypoint `at`. */
  heading: 1,
  /** In line for it, or waiting in its region for a free server. */
  line: 2,
  /** Called from the line, on the way into the region. */
  called: 3,
  /** Served until `until`. */
  served: 4,
  /** Served, waiting to be let go. */
  ready: 5,
  /** Stays there. */
  staying: 6,
} as const;

const hasItineraries = ({ itineraries }: Scenario): boolean => (itineraries?.length ?? 0) > 0;
const hasArrivals = ({ populations }: Scenario): boolean => populations.some(({ arrives }) => arrives !== undefined);
const hasThrottles = ({ exits }: Scenario): boolean => exits.some(({ throughput }) => throughput !== undefined);

/** One row a person. Ticks are decision intervals. */
export const STAGES = {
  isUsed: hasItineraries,
  rows: ({ persons }) => persons,
  columns: {
    phase: 'i32', // StagePhase
    at: 'i32', // waypoint, or −1
    next: 'i32', // node that comes after it
    until: 'i32', // tick at which the service ends
    ticket: 'i32', // order in which people came to the waypoint
    draws: 'i32', // random numbers drawn so far
    spot: 'i32', // where one stands in the region, index into its spots, or −1
    calm: 'i32', // 1: about their own business, not alerted yet
    exits: 'i32', // exits by which the itinerary ends, index into the sets + 1; 0: any
  },
} as const satisfies ColumnGroup;

/** One row a waypoint. */
export const WAYPOINTS = {
  isUsed: hasItineraries,
  rows: (_counts, { waypoints }) => waypoints?.length ?? 0,
  columns: {
    tickets: 'i32', // given out so far
    held: 'i32', // 1: nobody leaves
    since: 'i32', // tick from which the throughput counts
    count: 'i32', // how many left since then
  },
} as const satisfies ColumnGroup;

/** Person × diversion, row = person: 1 where the person was asked. */
export const ASKED = {
  isUsed: (scenario) => hasItineraries(scenario) && (scenario.diversions?.length ?? 0) > 0,
  rows: ({ persons }, { diversions }) => persons * (diversions?.length ?? 0),
  columns: { asked: 'u8' },
} as const satisfies ColumnGroup;

/** One row an exit: how many it let out, as for waypoints. */
export const THROTTLES = {
  isUsed: hasThrottles,
  rows: (_counts, { exits }) => exits.length,
  columns: { since: 'i32', count: 'i32' },
} as const satisfies ColumnGroup;

/** One row a person, where exits let out only so many a second. */
export const WAITS = {
  isUsed: hasThrottles,
  rows: ({ persons }) => persons,
  columns: {
    since: 'i32', // tick at which the person came before such an exit, + 1; 0: not there
    pass: 'i32', // exit that lets the person out now, + 1; 0: none
  },
} as const satisfies ColumnGroup;

/** One row a person. */
export const ARRIVALS = {
  isUsed: hasArrivals,
  rows: ({ persons }) => persons,
  columns: { due: 'i32' }, // tick at which the person comes; −1: there, now or before
} as const satisfies ColumnGroup;
