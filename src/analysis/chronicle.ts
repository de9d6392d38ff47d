import type { Trace, TraceEvent } from '../trace/index.ts';

/** What somebody feels has come into another quarter of its range: read off the states in the record. */
export interface InnerTurn {
  readonly t: number;
  readonly type: 'inner-turn';
  readonly person: number;
  readonly state: (typeof INNER)[number];
  /** Quarter of 0 … 1 that it is in now, 0 … 3, and whether it came from below. */
  readonly quarter: number;
  readonly rises: boolean;
}

export type ChronicleEvent = TraceEvent | InnerTurn;

/** One thing that happened, to one person or to several within a few seconds of each other. */
export interface ChronicleEntry {
  /** First and last event [s]. */
  readonly t: number;
  readonly until: number;
  /** The events, in order of time; all of one type, and alike in what they are about. */
  readonly events: readonly [ChronicleEvent, ...ChronicleEvent[]];
  /** Those to whom it happened, each once, in order of time. */
  readonly persons: readonly number[];
}

/** What is told of somebody’s inner state; trust has events of its own. */
const INNER = ['fear', 'distress', 'fatigue'] as const;
/** A state has left its quarter when it is so far outside it [1]: what hovers at a bound is told once. */
const INNER_MARGIN = 0.05;

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
  'contact',
]);
/** Of no interest to a reader: marks of the record, and steps on a way. */
const NOT_TOLD: ReadonlySet<ChronicleEvent['type']> = new Set(['state-hash', 'portal-crossed', 'run-started']);

/** The events with those of inner states replaced by the turns that can be read off them. Everybody is taken to begin in the lowest quarter. */
function* withInnerTurns(events: readonly TraceEvent[]): Generator<ChronicleEvent> {
  const quarters = new Map<number, number[]>();
  for (const event of events) {
    if (event.type !== 'inner-state') {
      yield event;
      continue;
    }
    const { t, person } = event;
    const own = quarters.get(person) ?? INNER.map(() => 0);
    quarters.set(person, own);
    for (const [k, state] of INNER.entries()) {
      const value = event[state];
      const before = own[k] as number;
      const isIn = value >= before / 4 - INNER_MARGIN && value < (before + 1) / 4 + INNER_MARGIN;
      const quarter = Math.min(3, Math.floor(4 * value));
      if (isIn || quarter === before) continue;
      own[k] = quarter;
      yield { t, type: 'inner-turn', person, state, quarter, rises: quarter > before };
    }
  }
}

/** What an event is about, as a text that is equal for events that are alike. */
function matterOf(event: ChronicleEvent): string {
  const fields = Object.entries(event).filter(([name]) => !NOT_MATTER.has(name));
  return fields.map(([name, value]) => `${name}=${String(value)}`).join('\n');
}

/**
 * Everything that happened in a run, in order of time, alike events within 3 s of each other put together. O(events).
 * @param person only what happened to this person
 */
export function composeChronicle({ events }: Pick<Trace, 'events'>, person?: number): ChronicleEntry[] {
  const entries: { events: [ChronicleEvent, ...ChronicleEvent[]]; persons: Set<number> }[] = [];
  const open = new Map<string, (typeof entries)[number]>();
  for (const event of withInnerTurns(events)) {
    if (NOT_TOLD.has(event.type) || (person !== undefined && !concerns(event, person))) continue;
    const matter = matterOf(event);
    const last = open.get(matter);
    const fits = last !== undefined && event.t - (last.events.at(-1) as ChronicleEvent).t <= APART_MAX;
    const entry = fits
      ? last
      : { events: [event] as [ChronicleEvent, ...ChronicleEvent[]], persons: new Set<number>() };
    if (fits) entry.events.push(event);
    else {
      entries.push(entry);
      open.set(matter, entry);
    }
    if ('person' in event && event.person !== undefined) entry.persons.add(event.person);
  }
  return entries.map(({ events: alike, persons }) => ({
    t: alike[0].t,
    until: (alike.at(-1) as ChronicleEvent).t,
    events: alike,
    persons: [...persons],
  }));
}

/** Whether an event happened to a person or by them. */
function concerns(event: ChronicleEvent, person: number): boolean {
  return (['person', 'by', 'from', 'holder'] as const).some(
    (role) => (event as unknown as Readonly<Record<string, unknown>>)[role] === person,
  );
}
