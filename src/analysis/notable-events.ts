import type { RunOutcome, Trace, TraceEvent } from '../trace/index.ts';
import type { Casualty, Harm } from './casualties.ts';
import type { PersonOut } from './evacuation-curve.ts';
import { findNearestPortal } from './places.ts';

/** One line of a run's story. Times in [s]; ids as in the trace. */
export type NotableEvent = { readonly t: number } & (
  | { readonly kind: 'alarm'; readonly persons: number; readonly event: string | null }
  | { readonly kind: 'first-mover'; readonly person: number }
  | { readonly kind: 'everyone-moving'; readonly persons: number }
  | {
      readonly kind: 'found-locked';
      readonly door: string;
      readonly state: 'locked' | 'chained';
      readonly person: number;
    }
  | {
      readonly kind: 'door-changed';
      readonly door: string;
      readonly change: 'opened' | 'closed' | 'locked' | 'chained' | 'unlocked';
      readonly by: 'schedule' | 'person' | 'closer';
      readonly person: number | null;
    }
  | { readonly kind: 'door-forced'; readonly door: string; readonly force: number }
  | {
      readonly kind: 'casualty';
      readonly harm: Harm;
      /** The how-manieth person to reach this stage, of how many in the end. */
      readonly rank: number;
      readonly total: number;
      readonly person: number;
      readonly portal: string | null;
      readonly sheet: number;
    }
  | {
      readonly kind: 'first-fall';
      readonly person: number;
      readonly why: 'shoved' | 'tripped' | 'fainted' | 'knocked';
      readonly falls: number;
    }
  | { readonly kind: 'pile'; readonly layers: number; readonly sheet: number; readonly portal: string | null }
  | { readonly kind: 'exit-first'; readonly exit: string; readonly person: number }
  | { readonly kind: 'exit-last'; readonly exit: string; readonly persons: number }
  | { readonly kind: 'half-out'; readonly persons: number }
  | { readonly kind: 'last-out'; readonly persons: number; readonly everyone: boolean }
  | { readonly kind: 'gave-up'; readonly portal: string; readonly persons: number; readonly until: number }
  /** When most people at once are afraid, with a fear of 0.5 or more, and how many. */
  | { readonly kind: 'most-afraid'; readonly persons: number }
  | { readonly kind: 'stranded'; readonly persons: number; readonly until: number }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'ended'; readonly outcome: RunOutcome }
);

/** Fear from which somebody counts as afraid [1]. */
const AFRAID = 0.5;
/** Heights of a pile that are worth a line [bodies]. */
const PILES_TOLD: readonly number[] = [2, 3, 5, 10, 20];

/** Casualties worth a line: the first, the 10th, 20th, 50th, 100th, …, and the last. */
function isRoundRank(rank: number, total: number): boolean {
  if (rank === 1 || rank === total) return true;
  let power = 10;
  while (power * 10 <= rank) power *= 10;
  return rank === power || rank === 2 * power || rank === 5 * power;
}

/**
 * The events of a run that tell its story, merged: one line for the first touch of each locked door, one for all who
 * gave up at a portal, casualties at round ranks only. In order of time; of equal times, in the order of the kinds
 * above. At most a few lines per door, exit and portal. O(events log events).
 */
export function listNotableEvents(
  trace: Trace,
  personsOut: readonly PersonOut[],
  casualties: readonly Casualty[],
): NotableEvent[] {
  const list: NotableEvent[] = [];
  const { events, header } = trace;
  const touched = new Set<string>();
  const gaveUp = new Map<string, { t: number; until: number; persons: Set<number> }>();
  const stranded = { t: Number.POSITIVE_INFINITY, until: 0, persons: new Set<number>() };
  const started = new Map<number, number>();
  const afraid = new Set<number>();
  let mostAfraid = { t: 0, persons: 0 };
  let falls = 0;
  let firstFall: Extract<TraceEvent, { type: 'person-fell' }> | undefined;
  for (const event of events) {
    switch (event.type) {
      case 'persons-alerted':
        list.push({ t: event.t, kind: 'alarm', persons: event.persons, event: event.event ?? null });
        break;
      case 'person-started':
        if (!started.has(event.person)) started.set(event.person, event.t);
        break;
      case 'door-found-locked':
        if (!touched.has(event.door)) {
          touched.add(event.door);
          list.push({ t: event.t, kind: 'found-locked', door: event.door, state: event.state, person: event.person });
        }
        break;
      case 'door-opened':
      case 'door-closed':
      case 'door-locked':
      case 'door-chained':
      case 'door-unlocked':
        list.push({
          t: event.t,
          kind: 'door-changed',
          door: event.door,
          change: event.type.slice('door-'.length) as 'opened',
          by: event.by,
          person: event.person ?? null,
        });
        // Whoever touches it after it was shut anew finds it locked anew.
        if (event.type === 'door-locked' || event.type === 'door-chained') touched.delete(event.door);
        break;
      case 'door-forced':
        list.push({ t: event.t, kind: 'door-forced', door: event.door, force: event.force });
        break;
      case 'gave-up-waiting': {
        const entry = gaveUp.get(event.portal) ?? { t: event.t, until: event.t, persons: new Set<number>() };
        entry.until = event.t;
        entry.persons.add(event.person);
        gaveUp.set(event.portal, entry);
        break;
      }
      case 'person-fell':
        falls++;
        firstFall ??= event;
        break;
      case 'pile-grew':
        if (PILES_TOLD.includes(event.layers)) {
          const near = findNearestPortal(header.portals, event.sheet, event.x, event.y);
          const { layers, sheet } = event;
          list.push({ t: event.t, kind: 'pile', layers, sheet, portal: near?.id ?? null });
        }
        break;
      case 'inner-state':
        if (event.fear >= AFRAID) afraid.add(event.person);
        else afraid.delete(event.person);
        if (afraid.size > mostAfraid.persons) mostAfraid = { t: event.t, persons: afraid.size };
        break;
      case 'person-stranded':
        stranded.t = Math.min(stranded.t, event.t);
        stranded.until = event.t;
        stranded.persons.add(event.person);
        break;
      case 'run-resumed':
        list.push({ t: event.t, kind: 'resumed' });
        break;
      case 'run-ended':
        list.push({ t: event.t, kind: 'ended', outcome: event.outcome });
        break;
      default:
        break;
    }
  }
  if (firstFall !== undefined) {
    list.push({ t: firstFall.t, kind: 'first-fall', person: firstFall.person, why: firstFall.why, falls });
  }
  const starts = [...started.entries()].sort((a, b) => a[1] - b[1] || a[0] - b[0]);
  if (starts.length > 0) {
    list.push({ t: starts[0]![1], kind: 'first-mover', person: starts[0]![0] });
    if (starts.length === header.persons.length && starts.length > 1 && starts[starts.length - 1]![1] > starts[0]![1]) {
      list.push({ t: starts[starts.length - 1]![1], kind: 'everyone-moving', persons: starts.length });
    }
  }
  for (const [portal, entry] of gaveUp) {
    list.push({ t: entry.t, kind: 'gave-up', portal, persons: entry.persons.size, until: entry.until });
  }
  if (mostAfraid.persons > 0) list.push({ ...mostAfraid, kind: 'most-afraid' });
  if (stranded.persons.size > 0) {
    list.push({ t: stranded.t, kind: 'stranded', persons: stranded.persons.size, until: stranded.until });
  }
  for (const harm of ['injured', 'unconscious', 'dead'] as const) {
    const stage = casualties
      .filter((casualty) => casualty[harm] !== null)
      .sort((a, b) => a[harm]! - b[harm]! || a.person - b.person);
    stage.forEach((casualty, k) => {
      if (!isRoundRank(k + 1, stage.length)) return;
      list.push({
        t: casualty[harm]!,
        kind: 'casualty',
        harm,
        rank: k + 1,
        total: stage.length,
        person: casualty.person,
        portal: casualty.portal,
        sheet: casualty.sheet,
      });
    });
  }
  const byExit = new Map<string, PersonOut[]>();
  for (const person of personsOut) {
    const those = byExit.get(person.exit);
    if (those) those.push(person);
    else byExit.set(person.exit, [person]);
  }
  for (const [exit, those] of byExit) {
    list.push({ t: those[0]!.t, kind: 'exit-first', exit, person: those[0]!.person });
    if (those.length > 1) {
      list.push({ t: those[those.length - 1]!.t, kind: 'exit-last', exit, persons: those.length });
    }
  }
  const total = header.persons.length;
  const half = Math.ceil(total / 2);
  if (total > 2 && personsOut.length >= half) {
    list.push({ t: personsOut[half - 1]!.t, kind: 'half-out', persons: half });
  }
  if (personsOut.length > 0) {
    list.push({
      t: personsOut[personsOut.length - 1]!.t,
      kind: 'last-out',
      persons: personsOut.length,
      everyone: personsOut.length === total,
    });
  }
  return list.sort((a, b) => a.t - b.t || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

const ORDER: readonly NotableEvent['kind'][] = [
  'resumed',
  'alarm',
  'first-mover',
  'everyone-moving',
  'door-changed',
  'found-locked',
  'door-forced',
  'first-fall',
  'pile',
  'casualty',
  'most-afraid',
  'stranded',
  'gave-up',
  'exit-first',
  'half-out',
  'exit-last',
  'last-out',
  'ended',
];
