import type { TraceEvent } from '../trace/index.ts';
import { quantileOfSorted } from './quantile.ts';

export interface PersonOut {
  readonly person: number;
  /** [s] */
  readonly t: number;
  readonly exit: string;
}

export interface EvacuationCurve {
  /** Time at which each person got out, ascending [s]; `[out]`. */
  readonly times: readonly number[];
  /** Person and exit of each, same order. */
  readonly persons: readonly number[];
  readonly exits: readonly string[];
  /** Persons in the building at the start. */
  readonly total: number;
  /** Time at which the last of those who got out was out (RSET where everyone did) [s]; null where nobody got out. */
  readonly lastOut: number | null;
  /** Whether everyone got out; only then is `lastOut` the required safe egress time. */
  readonly complete: boolean;
  /** Time by which this share of ALL persons was out [s]; null where that many did not get out. */
  readonly shareOut: readonly { readonly share: number; readonly t: number | null }[];
  /** Mean and median time out of those who got out [s]. */
  readonly mean: number | null;
  readonly median: number | null;
  /** Persons out by exit, most first. */
  readonly byExit: readonly { readonly exit: string; readonly persons: number }[];
}

/** Each person's first `person-out`, in order of time, then of person. O(events + n log n). */
export function listPersonsOut(events: readonly TraceEvent[]): PersonOut[] {
  const out = new Map<number, PersonOut>();
  for (const event of events) {
    if (event.type !== 'person-out') continue;
    const before = out.get(event.person);
    if (!before || event.t < before.t) out.set(event.person, { person: event.person, t: event.t, exit: event.exit });
  }
  return [...out.values()].sort((a, b) => a.t - b.t || a.person - b.person);
}

/**
 * Evacuation curve of a run: who was out when, and by which exit. The time of a share p is that of the ⌈p·total⌉-th
 * person out, of everyone in the building, not of those who got out: a run in which people die has no 95 % time.
 * Exits are named as in the events; an exit nobody used is not in `byExit`. O(n log n).
 */
export function measureEvacuation(personsOut: readonly PersonOut[], total: number): EvacuationCurve {
  const times = personsOut.map((person) => person.t);
  const count = new Map<string, number>();
  for (const { exit } of personsOut) count.set(exit, (count.get(exit) ?? 0) + 1);
  return {
    times,
    persons: personsOut.map((person) => person.person),
    exits: personsOut.map((person) => person.exit),
    total,
    lastOut: times.length > 0 ? times[times.length - 1]! : null,
    complete: total > 0 && times.length === total,
    shareOut: [0.5, 0.8, 0.9, 0.95, 1].map((share) => {
      // The small slack keeps 0.9 × 10 persons at the ninth.
      const rank = Math.max(1, Math.ceil(share * total - 1e-9));
      return { share, t: total > 0 && rank <= times.length ? times[rank - 1]! : null };
    }),
    mean: times.length > 0 ? times.reduce((sum, t) => sum + t, 0) / times.length : null,
    median: times.length > 0 ? quantileOfSorted(times, 0.5) : null,
    byExit: [...count.entries()]
      .map(([exit, persons]) => ({ exit, persons }))
      .sort((a, b) => b.persons - a.persons || (a.exit < b.exit ? -1 : 1)),
  };
}
