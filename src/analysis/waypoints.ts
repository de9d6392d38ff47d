import { outlineOfWaypoint, type Point, type Waypoint, type Zone } from '../scenario/index.ts';
import type { Trace, TraceEvent } from '../trace/index.ts';
import { quantileOfSorted } from './quantile.ts';

/** Times of some persons [s]. */
export interface TimesSpent {
  readonly mean: number;
  readonly median: number;
  /** Not exceeded by nine in ten. */
  readonly high90: number;
  readonly longest: number;
}

/** What became of those who went to a waypoint. */
export interface WaypointMeasures {
  readonly id: string;
  /** Index of its sheet, or null where the record has none of that name. */
  readonly sheet: number | null;
  /** Plan coordinates [m]. */
  readonly outline: readonly Point[];
  readonly places: readonly Point[];
  /** Visits: people came (into its region, or to its line), were served, went on. */
  readonly reached: number;
  readonly served: number;
  readonly left: number;
  /** Persons who left it out, since they knew no way there. */
  readonly skipped: number;
  /** From coming to being served, of those who were; null where nobody was. The walk up the line is part of it. */
  readonly waited: TimesSpent | null;
  /** From being served to going on, of those who did. */
  readonly stayed: TimesSpent | null;
  /** Most who waited at one time, and when that was first so. */
  readonly line: { readonly persons: number; readonly t: number } | null;
  /** Persons a second who went on, between the first and the last of them [1/s]; null for fewer than two. */
  readonly flow: number | null;
}

/** Where people walked slower or faster. */
export interface ZonePlace {
  readonly id: string;
  readonly sheet: number | null;
  readonly outline: readonly Point[];
  readonly speed: number;
}

/** Who came in during the run. */
export interface ArrivalMeasures {
  readonly arrived: number;
  /** Their time had come, and no place was free until the end. */
  readonly neverArrived: number;
  /** Longest anybody waited outside for a free place [s]. */
  readonly waitedLongest: number;
}

/** Measures of itineraries; empty and null where a run has none. */
export interface StageMeasures {
  readonly waypoints: readonly WaypointMeasures[];
  readonly zones: readonly ZonePlace[];
  readonly arrivals: ArrivalMeasures | null;
}

interface Tally {
  reached: number;
  skipped: number;
  readonly waits: number[];
  readonly stays: number[];
  readonly goes: number[];
  waiting: number;
  line: { persons: number; t: number } | null;
}

/** What changes who waits where; told in order of time. */
const MOVES: ReadonlySet<TraceEvent['type']> = new Set([
  'waypoint-reached',
  'waypoint-served',
  'waypoint-left',
  'itinerary-left',
  'person-diverted',
]);

/** How long people waited and stayed at waypoints, and who came when. O(events + waypoints). */
export function measureStages({ header, events }: Trace): StageMeasures {
  const scenario = header.scenario as { waypoints?: readonly Waypoint[]; zones?: readonly Zone[] } | null | undefined;
  const waypoints = Array.isArray(scenario?.waypoints) ? scenario.waypoints : [];
  const zones = Array.isArray(scenario?.zones) ? scenario.zones : [];
  const tallies = new Map<string, Tally>();
  const tallyOf = (id: string): Tally => {
    let tally = tallies.get(id);
    if (tally === undefined) {
      tally = { reached: 0, skipped: 0, waits: [], stays: [], goes: [], waiting: 0, line: null };
      tallies.set(id, tally);
    }
    return tally;
  };
  // what happens at one moment counts together: who is served as they come has not stood in line
  let now = 0;
  const touched = new Set<Tally>();
  const settle = (): void => {
    for (const tally of touched) {
      if (tally.waiting > (tally.line?.persons ?? 0)) tally.line = { persons: tally.waiting, t: now };
    }
    touched.clear();
  };
  /** Where each person waits or is served, and since when. */
  const at = new Map<number, { id: string; since: number; served: boolean }>();
  const dropOut = (person: number): void => {
    const here = at.get(person);
    if (here !== undefined && !here.served) tallyOf(here.id).waiting--;
    at.delete(person);
  };
  let arrived = 0;
  let neverArrived = 0;
  let waitedLongest = 0;
  for (const event of events) {
    if (event.t > now && MOVES.has(event.type)) {
      settle();
      now = event.t;
    }
    switch (event.type) {
      case 'waypoint-reached': {
        const tally = tallyOf(event.waypoint);
        dropOut(event.person);
        at.set(event.person, { id: event.waypoint, since: event.t, served: false });
        tally.reached++;
        tally.waiting++;
        touched.add(tally);
        break;
      }
      case 'waypoint-served': {
        const here = at.get(event.person);
        if (here === undefined || here.id !== event.waypoint || here.served) break;
        const tally = tallyOf(event.waypoint);
        tally.waits.push(event.t - here.since);
        tally.waiting--;
        here.since = event.t;
        here.served = true;
        break;
      }
      case 'waypoint-left': {
        const here = at.get(event.person);
        const tally = tallyOf(event.waypoint);
        tally.goes.push(event.t);
        if (here?.id === event.waypoint && here.served) tally.stays.push(event.t - here.since);
        dropOut(event.person);
        break;
      }
      case 'waypoint-skipped':
        tallyOf(event.waypoint).skipped++;
        break;
      case 'itinerary-left':
      case 'person-diverted':
      case 'person-unconscious':
      case 'person-dead':
        dropOut(event.person);
        break;
      case 'person-arrived':
        arrived++;
        waitedLongest = Math.max(waitedLongest, event.waited);
        break;
      case 'person-never-arrived':
        neverArrived++;
        break;
    }
  }
  settle();
  const sheetOf = (level: string): number | null => {
    const index = header.sheets.findIndex(({ kind, id }) => kind === 'level' && id === level);
    return index < 0 ? null : index;
  };
  return {
    waypoints: waypoints.map((waypoint): WaypointMeasures => {
      const tally = tallyOf(waypoint.id);
      const { goes } = tally;
      const span = goes.length > 1 ? goes[goes.length - 1]! - goes[0]! : 0;
      return {
        id: waypoint.id,
        sheet: sheetOf(waypoint.level),
        outline: outlineOfWaypoint(waypoint),
        places: waypoint.places ?? [],
        reached: tally.reached,
        served: tally.waits.length,
        left: goes.length,
        skipped: tally.skipped,
        waited: sumUp(tally.waits),
        stayed: sumUp(tally.stays),
        line: tally.line,
        flow: span > 0 ? (goes.length - 1) / span : null,
      };
    }),
    zones: zones.map(({ id, level, polygon, speed }) => ({ id, sheet: sheetOf(level), outline: polygon, speed })),
    arrivals: arrived + neverArrived === 0 ? null : { arrived, neverArrived, waitedLongest },
  };
}

function sumUp(times: readonly number[]): TimesSpent | null {
  if (times.length === 0) return null;
  const sorted = Float64Array.from(times).sort();
  return {
    mean: times.reduce((sum, time) => sum + time, 0) / times.length,
    median: quantileOfSorted(sorted, 0.5),
    high90: quantileOfSorted(sorted, 0.9),
    longest: sorted[sorted.length - 1]!,
  };
}
