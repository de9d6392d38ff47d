import type { Trace } from '../trace/index.ts';

/** One lock released. */
export interface LockRelease {
  readonly t: number;
  readonly door: string;
  readonly person: number;
  readonly how: 'key' | 'force' | 'console';
  /** Time at the lock [s]. */
  readonly work: number;
  /** From the person's last release to the start of work on this one [s]; of their first one null, and of those that one console releases at once. */
  readonly walk: number | null;
}

/** Releases by one person. */
export interface Releaser {
  readonly person: number;
  readonly population: string;
  readonly locks: number;
  readonly first: number;
  readonly last: number;
  /** Means over their locks [s]; null where there is none to take it of. */
  readonly workMean: number | null;
  readonly walkMean: number | null;
}

/** Staff-assisted release: who released which lock when, and how long each took. Times in [s]. */
export interface ReleaseMeasures {
  readonly releases: readonly LockRelease[];
  readonly releasers: readonly Releaser[];
  readonly first: number;
  readonly last: number;
  /** Door released last. */
  readonly lastDoor: string;
  /** Doors that were locked or chained at the start and that nobody released, nor anything else opened. */
  readonly neverReleased: readonly string[];
  /** Attempts to break a lock that failed. */
  readonly failedAttempts: number;
}

/** Measures the release of locks by people; null where nobody released any or tried. O(events). */
export function measureReleases(trace: Trace): ReleaseMeasures | null {
  const releases: LockRelease[] = [];
  const before = new Map<number, number>();
  const opened = new Set<string>();
  let failedAttempts = 0;
  for (const event of trace.events) {
    if (event.type === 'door-opened' || event.type === 'door-unlocked' || event.type === 'door-forced')
      opened.add(event.door);
    if (event.type === 'force-attempt' && !event.success) failedAttempts++;
    if (event.type !== 'lock-released') continue;
    const last = before.get(event.person);
    const walk = last === undefined || last === event.t ? null : round(event.t - event.seconds - last);
    const { t, door, person, how } = event;
    releases.push({ t, door, person, how, work: event.seconds, walk });
    before.set(event.person, event.t);
  }
  if (releases.length === 0 && failedAttempts === 0) return null;
  const persons = [...new Set(releases.map(({ person }) => person))].sort((a, b) => a - b);
  const releasers = persons.map((person): Releaser => {
    const own = releases.filter((release) => release.person === person);
    return {
      person,
      population: trace.header.persons[person]?.population ?? '',
      locks: own.length,
      first: own[0]!.t,
      last: own[own.length - 1]!.t,
      workMean: mean(own.map(({ work }) => work)),
      walkMean: mean(own.flatMap(({ walk }) => (walk === null ? [] : [walk]))),
    };
  });
  const last = releases[releases.length - 1];
  return {
    releases,
    releasers,
    first: releases[0]?.t ?? 0,
    last: last?.t ?? 0,
    lastDoor: last?.door ?? '',
    neverReleased: lockedAtStart(trace.header.scenario).filter((door) => !opened.has(door)),
    failedAttempts,
  };
}

function lockedAtStart(scenario: unknown): string[] {
  const doors = (scenario as { doors?: unknown } | null | undefined)?.doors;
  if (!Array.isArray(doors)) return [];
  return (doors as { id?: unknown; state?: unknown }[]).flatMap(({ id, state }) =>
    typeof id === 'string' && (state === 'locked' || state === 'chained') ? [id] : [],
  );
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : round(values.reduce((sum, value) => sum + value, 0) / values.length);
}

const round = (value: number): number => Math.round(1000 * value) / 1000;
