import type { Trace, TracePortal } from '../trace/index.ts';
import { findNearestPortal, findPortal } from './places.ts';

export type Harm = 'injured' | 'unconscious' | 'dead';

/** One person who came to harm; `harm` is the worst reached. */
export interface Casualty {
  readonly person: number;
  readonly population: string;
  readonly harm: Harm;
  /** When each stage was reached [s]; null where it was not. */
  readonly injured: number | null;
  readonly unconscious: number | null;
  readonly dead: number | null;
  /** Where the worst stage was reached, plan coordinates [m]. */
  readonly x: number;
  readonly y: number;
  readonly sheet: number;
  /** Id of the nearest portal within 3 m, else of the one the event names; null where there is none. */
  readonly portal: string | null;
  /** Chest load and dose (1 = lethal) when the worst stage was reached [N]. */
  readonly chestLoad: number;
  readonly dose: number;
  /** Highest chest load in the recorded frames [N]; null where none was recorded. */
  readonly chestLoadPeak: number | null;
  /** Whether the person lay when the worst stage was reached: under others, or under their feet. */
  readonly lay: boolean;
}

/** Falls of a run. */
export interface FallCounts {
  /** Times that somebody fell, and persons who ever did. */
  readonly falls: number;
  readonly persons: number;
  /** Falls by what caused them. */
  readonly shoved: number;
  readonly tripped: number;
  readonly fainted: number;
  readonly knocked: number;
  /** Persons who lay when the run ended. */
  readonly lying: number;
  /** Persons who were injured, lost consciousness or died while they lay, by something other than what made them fall. */
  readonly trampled: number;
  /** Most bodies one above the other; 0 where nobody fell. */
  readonly pileHighest: number;
  /** When the first fell [s]; null where nobody did. */
  readonly first: number | null;
}

/** Casualties of one place, counted by worst harm. */
export interface CasualtyPlace {
  /** Id of the portal near by; null for those near none. */
  readonly portal: string | null;
  readonly sheet: number;
  readonly dead: number;
  readonly unconscious: number;
  readonly injured: number;
  /** First time anybody was harmed there [s]. */
  readonly first: number;
}

const RANK: Readonly<Record<Harm, number>> = { injured: 1, unconscious: 2, dead: 3 };

/** Highest recorded chest load of every person [N], `[persons]`; undefined where the trajectory has none. O(rows). */
export function findChestLoadPeaks(trace: Trace): Float32Array | undefined {
  const { chestLoad, person, frameStart, frameCount } = trace.trajectory;
  if (!chestLoad) return undefined;
  const peaks = new Float32Array(trace.header.persons.length);
  const rowCount = frameStart[frameCount] ?? 0;
  for (let row = 0; row < rowCount; row += 1) {
    if (chestLoad[row]! > (peaks[person[row]!] ?? Number.POSITIVE_INFINITY)) peaks[person[row]!] = chestLoad[row]!;
  }
  return peaks;
}

/** Everybody who came to harm, in order of the time of the worst stage. O(events × portals in the worst case). */
export function listCasualties(trace: Trace, peaks: Float32Array | undefined): Casualty[] {
  const { persons, portals } = trace.header;
  const found = new Map<number, Casualty>();
  const lying = new Set<number>();
  for (const event of trace.events) {
    if (event.type === 'person-fell') lying.add(event.person);
    else if (event.type === 'person-got-up') lying.delete(event.person);
    if (event.type !== 'person-injured' && event.type !== 'person-unconscious' && event.type !== 'person-dead')
      continue;
    const harm: Harm =
      event.type === 'person-dead' ? 'dead' : event.type === 'person-unconscious' ? 'unconscious' : 'injured';
    const before = found.get(event.person);
    const times = {
      injured: before?.injured ?? null,
      unconscious: before?.unconscious ?? null,
      dead: before?.dead ?? null,
    };
    times[harm] ??= event.t;
    if (before && RANK[before.harm] >= RANK[harm]) {
      found.set(event.person, { ...before, ...times });
      continue;
    }
    found.set(event.person, {
      person: event.person,
      population: persons[event.person]?.population ?? '',
      harm,
      ...times,
      x: event.x,
      y: event.y,
      sheet: event.sheet,
      portal: placeOf(portals, event.portal, event.sheet, event.x, event.y),
      chestLoad: event.chestLoad,
      dose: event.dose,
      chestLoadPeak: peaks ? (peaks[event.person] ?? null) : null,
      lay: lying.has(event.person),
    });
  }
  const worst = (casualty: Casualty): number => casualty[casualty.harm] ?? 0;
  return [...found.values()].sort((a, b) => worst(a) - worst(b) || a.person - b.person);
}

/** Counts of falls, piles and who came to harm lying. O(events). */
export function countFalls(events: Trace['events']): FallCounts {
  const counts = { shoved: 0, tripped: 0, fainted: 0, knocked: 0 };
  const persons = new Set<number>();
  const lying = new Set<number>();
  const trampled = new Set<number>();
  let falls = 0;
  let pileHighest = 0;
  let first: number | null = null;
  for (const event of events) {
    if (event.type === 'person-fell') {
      falls++;
      counts[event.why]++;
      persons.add(event.person);
      lying.add(event.person);
      pileHighest = Math.max(pileHighest, event.onto + 1);
      first ??= event.t;
    } else if (event.type === 'person-got-up' || event.type === 'person-out') lying.delete(event.person);
    else if (event.type === 'person-injured' || event.type === 'person-unconscious' || event.type === 'person-dead') {
      if (lying.has(event.person)) trampled.add(event.person);
    }
  }
  return { falls, persons: persons.size, ...counts, lying: lying.size, trampled: trampled.size, pileHighest, first };
}

function placeOf(
  portals: readonly TracePortal[],
  named: string | undefined,
  sheet: number,
  x: number,
  y: number,
): string | null {
  // Where somebody lies, not where they were heading: the event may name the next portal of their way.
  const near = findNearestPortal(portals, sheet, x, y);
  if (near) return near.id;
  return named === undefined ? null : (findPortal(portals, named)?.id ?? named);
}

/** Casualties counted by place, worst place first (dead, then unconscious, then injured). */
export function countCasualtyPlaces(casualties: readonly Casualty[]): CasualtyPlace[] {
  const places = new Map<string, { -readonly [K in keyof CasualtyPlace]: CasualtyPlace[K] }>();
  for (const casualty of casualties) {
    const key = casualty.portal === null ? `sheet ${casualty.sheet}` : `portal ${casualty.portal}`;
    let place = places.get(key);
    if (!place) {
      place = { portal: casualty.portal, sheet: casualty.sheet, dead: 0, unconscious: 0, injured: 0, first: Infinity };
      places.set(key, place);
    }
    place[casualty.harm] += 1;
    place.first = Math.min(
      place.first,
      casualty.injured ?? Infinity,
      casualty.unconscious ?? Infinity,
      casualty.dead ?? Infinity,
    );
  }
  return [...places.values()].sort(
    (a, b) => b.dead - a.dead || b.unconscious - a.unconscious || b.injured - a.injured || a.first - b.first,
  );
}
