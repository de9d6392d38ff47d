import type { Trace } from '../trace/index.ts';
import { activityOf, isLying, NOT_PRESENT, TraceState } from '../trace/index.ts';
import type { Casualty } from './casualties.ts';
import type { PersonOut } from './evacuation-curve.ts';
import type { PersonRows } from './person-rows.ts';
import { distanceToPortal, findNearestPortal, findPortal } from './places.ts';

/**
 * Why a person did not get out:
 * `dead`, `unconscious`; `no-known-way` (stranded, knew no way out); `never-alerted`; `not-started` (alerted, had not
 * set out); `queueing` (hardly moving within 8 m of the way out aimed at); `walking` (on the way when the run ended);
 * `lying` (fell and could not get up); `at-waypoint` (waited or was served there); `not-arrived` (had not come yet, or found no place free); `unknown` (no recorded frame tells).
 */
export type NotOutReason =
  | 'dead'
  | 'unconscious'
  | 'no-known-way'
  | 'never-alerted'
  | 'not-started'
  | 'lying'
  | 'queueing'
  | 'walking'
  | 'at-waypoint'
  | 'not-arrived'
  | 'unknown';

export interface PersonNotOut {
  readonly person: number;
  readonly reason: NotOutReason;
  /** Last known place [m]; null where no frame shows the person. */
  readonly x: number | null;
  readonly y: number | null;
  readonly sheet: number | null;
  /** Id of the portal near by; of those queueing: the one they queue at. null where there is none. */
  readonly portal: string | null;
  /** Whether the last frame shows the person lying. */
  readonly lies: boolean;
}

/** Persons not out, counted by reason and place. */
export interface NotOutCount {
  readonly reason: NotOutReason;
  readonly portal: string | null;
  readonly sheet: number | null;
  readonly persons: number;
}

const QUEUE_REACH = 8;
const QUEUE_SPEED = 0.2;
const QUEUE_SECONDS = 5;

/**
 * Everybody who was not out when the run ended, with the reason, in order of person.
 * Queueing means a mean speed below 0.2 m/s over the last 5 s within 8 m of the exit aimed at or within 3 m of any
 * portal (our choice). Cost O(events + persons × portals).
 */
export function listPersonsNotOut(
  trace: Trace,
  personsOut: readonly PersonOut[],
  casualties: readonly Casualty[],
  personRows: PersonRows,
): PersonNotOut[] {
  const { header, trajectory, events } = trace;
  const out = new Set(personsOut.map((person) => person.person));
  const harmed = new Map(casualties.map((casualty) => [casualty.person, casualty]));
  const started = new Set<number>();
  const stranded = new Set<number>();
  const aim = new Map<number, string>();
  const alarms: (string | undefined)[] = [];
  const atWaypoint = new Set<number>();
  const arrived = new Set<number>();
  for (const event of events) {
    if (event.type === 'person-started') started.add(event.person);
    else if (event.type === 'person-stranded') stranded.add(event.person);
    else if (event.type === 'exit-chosen') {
      aim.set(event.person, event.exit);
      stranded.delete(event.person);
    } else if (event.type === 'persons-alerted') alarms.push(event.event);
    else if (event.type === 'waypoint-reached') atWaypoint.add(event.person);
    else if (event.type === 'person-arrived') arrived.add(event.person);
    else if (
      event.type === 'waypoint-left' ||
      event.type === 'itinerary-left' ||
      event.type === 'itinerary-done' ||
      event.type === 'person-diverted'
    ) {
      atWaypoint.delete(event.person);
    }
  }
  const coming = findComingPopulations(header.scenario);
  const unalerted = findUnalertedPopulations(header.scenario, alarms);
  const list: PersonNotOut[] = [];
  for (let person = 0; person < header.persons.length; person += 1) {
    if (out.has(person)) continue;
    const casualty = harmed.get(person);
    const end = personRows.start[Math.min(person + 1, personRows.personCount)] ?? 0;
    const begin = personRows.start[Math.min(person, personRows.personCount)] ?? 0;
    let last = end - 1;
    while (last >= begin && trajectory.sheet[personRows.rows[last]!] === NOT_PRESENT) last -= 1;
    const row = last >= begin ? personRows.rows[last]! : -1;
    const x = row >= 0 ? trajectory.x[row]! : (casualty?.x ?? null);
    const y = row >= 0 ? trajectory.y[row]! : (casualty?.y ?? null);
    const sheet = row >= 0 ? trajectory.sheet[row]! : (casualty?.sheet ?? null);
    const near =
      x === null || y === null || sheet === null ? undefined : findNearestPortal(header.portals, sheet, x, y);
    const activity = row >= 0 && trajectory.state ? activityOf(trajectory.state[row]!) : undefined;
    const lies = row >= 0 && trajectory.state !== undefined && isLying(trajectory.state[row]!);
    let reason: NotOutReason = 'unknown';
    let portal = near?.id ?? null;
    if (casualty && casualty.harm !== 'injured') {
      reason = casualty.harm;
      portal = casualty.portal;
    } else if (!arrived.has(person) && coming.has(header.persons[person]!.population)) reason = 'not-arrived';
    else if (lies) reason = 'lying';
    else if (atWaypoint.has(person)) reason = 'at-waypoint';
    else if (stranded.has(person) || activity === TraceState.stranded) reason = 'no-known-way';
    else if (!started.has(person) && activity === TraceState.waiting) {
      reason = unalerted.has(header.persons[person]!.population) ? 'never-alerted' : 'not-started';
    } else if (row >= 0 && x !== null && y !== null) {
      reason = 'walking';
      if (meanSpeedAtEnd(trace, personRows, begin, last) < QUEUE_SPEED) {
        const target = aim.has(person) ? findPortal(header.portals, aim.get(person)!) : undefined;
        const close = target && target.sheet === sheet && distanceToPortal(target, x, y) <= QUEUE_REACH;
        if (close) portal = target.id;
        if (close || near) reason = 'queueing';
      }
    }
    list.push({ person, reason, x, y, sheet, portal, lies });
  }
  return list;
}

/** Populations that come in during the run. */
function findComingPopulations(scenario: unknown): Set<string> {
  const populations = (scenario as { populations?: unknown } | null | undefined)?.populations;
  if (!Array.isArray(populations)) return new Set();
  return new Set(
    (populations as { id?: unknown; arrives?: unknown }[]).flatMap((population) =>
      typeof population?.id === 'string' && population.arrives !== undefined ? [population.id] : [],
    ),
  );
}

/** Populations that wait for an event which never came. */
function findUnalertedPopulations(scenario: unknown, alarms: readonly (string | undefined)[]): Set<string> {
  const waiting = new Set<string>();
  const populations = (scenario as { populations?: unknown } | null | undefined)?.populations;
  if (!Array.isArray(populations)) return waiting;
  for (const population of populations as { id?: unknown; alertedBy?: unknown }[]) {
    if (typeof population?.id !== 'string' || typeof population.alertedBy !== 'string') continue;
    // An alarm without a name may be the one.
    if (!alarms.includes(population.alertedBy) && !alarms.includes(undefined)) waiting.add(population.id);
  }
  return waiting;
}

/** Distance between the ends of the last seconds of a person’s rows, by time [m/s]; Infinity for a person seen for under a second. */
function meanSpeedAtEnd(trace: Trace, personRows: PersonRows, begin: number, last: number): number {
  const { x, y, frameRate } = trace.trajectory;
  const { rows, frame } = personRows;
  const lastFrame = frame[rows[last]!]!;
  let first = last;
  while (first > begin && lastFrame - frame[rows[first - 1]!]! <= QUEUE_SECONDS * frameRate) first -= 1;
  const seconds = (lastFrame - frame[rows[first]!]!) / frameRate;
  if (seconds < 1) return Number.POSITIVE_INFINITY;
  const dx = x[rows[last]!]! - x[rows[first]!]!;
  const dy = y[rows[last]!]! - y[rows[first]!]!;
  return Math.sqrt(dx * dx + dy * dy) / seconds;
}

/** Counts by reason and place, most persons first. */
export function countNotOut(persons: readonly PersonNotOut[]): NotOutCount[] {
  const counts = new Map<string, { -readonly [K in keyof NotOutCount]: NotOutCount[K] }>();
  for (const { reason, portal, sheet } of persons) {
    const key = `${reason} ${portal === null ? `sheet ${sheet}` : `portal ${portal}`}`;
    const count = counts.get(key);
    if (count) count.persons += 1;
    else counts.set(key, { reason, portal, sheet, persons: 1 });
  }
  return [...counts.values()].sort((a, b) => b.persons - a.persons || (a.reason < b.reason ? -1 : 1));
}
