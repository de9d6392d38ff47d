import type { Trace, TraceEvent } from '../trace/index.ts';

/** One thing that happened, to one person or to several within a few seconds of each other. */
export interface ChronicleEntry {
  /** First and last event [s]. */
  readonly t: number;
  readonly until: number;
  /** The events, in order of time; all of one type, and alike in what they are about. */
  readonly events: readonly [TraceEvent, ...TraceEvent[]];
  /** Those to whom it happened, each once, in order of time. */
  readonly persons: readonly number[];
}

/** Events that are alike belong together while no more than this lies between two of them [s]. */
const APART_MAX = 3;
/** What never is what an event is about: measures and places, in which alike events differ. */
const NOT_MATTER: ReadonlySet<string> = new Set([
  't',
  'person',
  'x',
  'y',
  'sheet',
  'chestLoad',
  'dose',
  'after',
  'onto',
  'level',
  'seconds',
  'strength',
  'needed',
  'force',
  'inSweep',
  'heard',
  'believed',
  'first',
  'fear',
  'distress',
  'fatigue',
  'trust',
  'height',
  'loudness',
  'layers',
  'way',
  'before',
  'speed',
]);
/** Of no interest to a reader: marks of the record, and steps on a way. */
const NOT_TOLD: ReadonlySet<TraceEvent['type']> = new Set([
  'state-hash',
  'portal-crossed',
  'inner-state',
  'run-started',
]);

/** What an event is about, as a text that is equal for events that are alike. */
function matterOf(event: TraceEvent): string {
  const fields = Object.entries(event).filter(([name]) => !NOT_MATTER.has(name));
  return fields.map(([name, value]) => `${name}=${String(value)}`).join('\n');
}

/**
 * Everything that happened in a run, in order of time, alike events within 3 s of each other put together. O(events).
 * @param person only what happened to this person
 */
export function composeChronicle({ events }: Pick<Trace, 'events'>, person?: number): ChronicleEntry[] {
  const entries: { events: [TraceEvent, ...TraceEvent[]]; persons: Set<number> }[] = [];
  const open = new Map<string, (typeof entries)[number]>();
  for (const event of events) {
    if (NOT_TOLD.has(event.type) || (person !== undefined && !concerns(event, person))) continue;
    const matter = matterOf(event);
    const last = open.get(matter);
    const fits = last !== undefined && event.t - (last.events.at(-1) as TraceEvent).t <= APART_MAX;
    const entry = fits ? last : { events: [event] as [TraceEvent, ...TraceEvent[]], persons: new Set<number>() };
    if (fits) entry.events.push(event);
    else {
      entries.push(entry);
      open.set(matter, entry);
    }
    if ('person' in event && event.person !== undefined) entry.persons.add(event.person);
  }
  return entries.map(({ events: alike, persons }) => ({
    t: alike[0].t,
    until: (alike.at(-1) as TraceEvent).t,
    events: alike,
    persons: [...persons],
  }));
}

/** Whether an event happened to a person or by them. */
function concerns(event: TraceEvent, person: number): boolean {
  return (['person', 'by', 'from', 'holder'] as const).some(
    (role) => (event as unknown as Readonly<Record<string, unknown>>)[role] === person,
  );
}
