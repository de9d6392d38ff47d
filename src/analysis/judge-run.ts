import { polygonArea, polygonContains, segmentsIntersect } from '../math/index.ts';
import { NOT_PRESENT, type Trace, type TraceEvent } from '../trace/index.ts';
import type { EventFilter, Expectations, Shown } from './expectations.ts';

/** What a condition found in a run: the number it is about, where there is one, and whether it holds. */
export interface Finding {
  readonly value: number | null;
  readonly holds: boolean;
}

/** Findings of one expectation in one run. */
export interface Verdict {
  readonly id: string;
  readonly holds: boolean;
  readonly findings: readonly Finding[];
}

const ROLES: ReadonlySet<string> = new Set(['person', 'by', 'from', 'holder']);

/** Judges one run by every expectation. O(conditions × events), and O(rows) for each condition on places. */
export function judgeRun(trace: Trace, { beats }: Pick<Expectations, 'beats'>): Verdict[] {
  return beats.map(({ id, shown }) => {
    const findings = shown.map((condition) => judgeCondition(trace, condition));
    return { id, holds: findings.every((finding) => finding.holds), findings };
  });
}

/** What one condition found in a run. */
export function judgeCondition(trace: Trace, condition: Shown): Finding {
  if ('order' in condition) {
    const firsts = condition.order.map((filter) => firstOf(trace, filter)?.t ?? Number.POSITIVE_INFINITY);
    return { value: null, holds: firsts.every((t, k) => t < Infinity && (k === 0 || t >= firsts[k - 1]!)) };
  }
  if ('count' in condition) return within(countEvents(trace, condition), condition);
  if ('follow' in condition) {
    const { of, before, next, seconds } = condition.follow;
    const mark = firstOf(trace, before)?.t;
    if (mark === undefined) return MISSING;
    const all = personsOf(select(trace, of).filter(({ t }) => t < mark));
    const followed = personsOf(select(trace, next).filter(({ t }) => t <= mark + seconds));
    return all.size === 0 ? MISSING : within([...all].filter((one) => followed.has(one)).length / all.size, condition);
  }
  if ('persons' in condition) return within(countPersons(trace, condition), condition);
  if ('delay' in condition) {
    const { from, to, last } = condition.delay;
    const start = firstOf(trace, from)?.t;
    if (start === undefined) return MISSING;
    const ends = select(trace, to).filter(({ t }) => t >= start);
    const end = last ? ends.at(-1) : ends[0];
    return end === undefined ? MISSING : within(end.t - start, condition);
  }
  if ('reach' in condition) {
    const { share, of, after } = condition.reach;
    const start = firstOf(trace, after)?.t;
    const all = select(trace, of);
    const needed = Math.ceil(share * all.length);
    if (start === undefined || needed === 0) return MISSING;
    return within(Math.max(0, all[needed - 1]!.t - start), condition);
  }
  if ('density' in condition) return judgeDensity(trace, condition);
  if ('speed' in condition) return judgeSpeed(trace, condition);
  if ('load' in condition) return judgeLoad(trace, condition);
  if ('motion' in condition) return judgeMotion(trace, condition);
  if ('trend' in condition) return judgeTrend(trace, condition);
  return judgePassings(trace, condition);
}

const MISSING: Finding = { value: null, holds: false };

function within(value: number, { least, most }: { readonly least?: number; readonly most?: number }): Finding {
  return { value, holds: !(least !== undefined && value < least) && !(most !== undefined && value > most) };
}

function select({ header, events }: Trace, filter: EventFilter): TraceEvent[] {
  return events.filter((event) => matches(event, filter, header.persons));
}

function firstOf({ header, events }: Trace, filter: EventFilter): TraceEvent | undefined {
  return events.find((event) => matches(event, filter, header.persons));
}

function matches(event: TraceEvent, filter: EventFilter, persons: Trace['header']['persons']): boolean {
  const fields = event as unknown as Readonly<Record<string, unknown>>;
  return Object.entries(filter).every(([name, wanted]) => {
    const found = fields[name];
    if (typeof wanted === 'object' && !Array.isArray(wanted)) {
      if (typeof found !== 'number') return false;
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = wanted as {
        min?: number;
        max?: number;
      };
      return found >= min && found <= max;
    }
    const words: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted];
    if (ROLES.has(name) && typeof found === 'number' && typeof words[0] === 'string') {
      return words.includes(persons[found]?.population);
    }
    return words.includes(found);
  });
}

/** Events, those alone that come within the time that is asked for. */
function countEvents(trace: Trace, shown: Extract<Shown, { count: unknown }>): number {
  const { after, wait = 0, seconds = Number.POSITIVE_INFINITY, before } = shown;
  const from =
    after === undefined ? Number.NEGATIVE_INFINITY : (firstOf(trace, after)?.t ?? Number.POSITIVE_INFINITY) + wait;
  const until =
    before === undefined ? Number.POSITIVE_INFINITY : (firstOf(trace, before)?.t ?? Number.POSITIVE_INFINITY);
  return select(trace, shown.count).filter(
    ({ t }) => t >= from && (from === Number.NEGATIVE_INFINITY || t <= from + seconds) && t < until,
  ).length;
}

function personsOf(events: readonly TraceEvent[]): Set<number> {
  const persons = new Set<number>();
  for (const event of events) if ('person' in event && event.person !== undefined) persons.add(event.person);
  return persons;
}

/** Persons of events; of those of `of` alone, as a share of them, where that is given. */
function countPersons(trace: Trace, { persons, of }: Extract<Shown, { persons: unknown }>): number {
  const found = personsOf(select(trace, persons));
  if (of === undefined) return found.size;
  const all = Array.isArray(of)
    ? new Set(trace.header.persons.flatMap(({ population }, k) => (of.includes(population) ? [k] : [])))
    : personsOf(select(trace, of));
  return all.size === 0 ? 0 : [...found].filter((person) => all.has(person)).length / all.size;
}

/** Number of a sheet by its name; −2 where there is none. */
function sheetOf({ header }: Trace, id: string): number {
  const sheet = header.sheets.findIndex((candidate) => candidate.id === id);
  return sheet < 0 ? -2 : sheet;
}

function judgeDensity(trace: Trace, condition: Extract<Shown, { density: unknown }>): Finding {
  const { trajectory } = trace;
  const regions = [condition.density, ...(condition.meanwhile === undefined ? [] : [condition.meanwhile.place])].map(
    ({ level, polygon }) => ({ sheet: sheetOf(trace, level), polygon, area: Math.abs(polygonArea(polygon)) }),
  );
  let greatest = 0;
  let meanwhile = 0;
  for (let f = 0; f < trajectory.frameCount; f++) {
    const counts = regions.map(() => 0);
    for (let row = trajectory.frameStart[f]!; row < trajectory.frameStart[f + 1]!; row++) {
      const sheet = trajectory.sheet[row];
      if (sheet === NOT_PRESENT) continue;
      regions.forEach((region, k) => {
        if (sheet === region.sheet && polygonContains([region.polygon], trajectory.x[row]!, trajectory.y[row]!))
          counts[k]!++;
      });
    }
    const density = counts[0]! / regions[0]!.area;
    if (density <= greatest) continue;
    greatest = density;
    meanwhile = regions.length > 1 ? counts[1]! / regions[1]!.area : 0;
  }
  const found = within(greatest, condition);
  const isClear = condition.meanwhile === undefined || meanwhile <= condition.meanwhile.most;
  return { value: greatest, holds: found.holds && isClear };
}

/** Rows of a person, in order of time. */
function* rowsOf({ trajectory }: Trace, person: number): Generator<[number, number]> {
  for (let f = 0; f < trajectory.frameCount; f++) {
    for (let row = trajectory.frameStart[f]!; row < trajectory.frameStart[f + 1]!; row++) {
      if (trajectory.person[row] === person) yield [f, row];
    }
  }
}

function judgeSpeed(trace: Trace, condition: Extract<Shown, { speed: unknown }>): Finding {
  const { person: name, from, wait = 0, to } = condition.speed;
  const person = trace.header.persons.findIndex(({ population }) => population === name);
  const start = firstOf(trace, from)?.t;
  if (person < 0 || start === undefined) return MISSING;
  const end = select(trace, to).find(({ t }) => t > start)?.t;
  if (end === undefined) return MISSING;
  const { x, y, frameRate } = trace.trajectory;
  let before = -1;
  let way = 0;
  let steps = 0;
  for (const [f, row] of rowsOf(trace, person)) {
    const t = f / frameRate;
    if (t < start + wait || t > end) continue;
    if (before >= 0) {
      way += Math.sqrt((x[row]! - x[before]!) ** 2 + (y[row]! - y[before]!) ** 2);
      steps++;
    }
    before = row;
  }
  return steps === 0 ? MISSING : within((way * frameRate) / steps, condition);
}

/** Line whose passing is counted: the one given, or across a direction where the first event of a kind happened. */
function lineOf(
  trace: Trace,
  { line, at, along = [1, 0], half = 1 }: Extract<Shown, { passings: unknown }>['passings'],
): readonly [readonly [number, number], readonly [number, number]] | undefined {
  if (line !== undefined) return line;
  const event = at === undefined ? undefined : (firstOf(trace, at) as { x?: number; y?: number } | undefined);
  if (event?.x === undefined || event.y === undefined) return undefined;
  const size = Math.sqrt(along[0] ** 2 + along[1] ** 2);
  const dx = (-half * along[1]) / size;
  const dy = (half * along[0]) / size;
  return [
    [event.x - dx, event.y - dy],
    [event.x + dx, event.y + dy],
  ];
}

function judgeLoad(trace: Trace, condition: Extract<Shown, { load: unknown }>): Finding {
  const { trajectory } = trace;
  const { level, polygon } = condition.load;
  const sheet = sheetOf(trace, level);
  const { chestLoad } = trajectory;
  if (chestLoad === undefined) return MISSING;
  let greatest = 0;
  for (let row = 0; row < trajectory.frameStart[trajectory.frameCount]!; row++) {
    if (trajectory.sheet[row] !== sheet || chestLoad[row]! <= greatest) continue;
    if (polygonContains([polygon], trajectory.x[row]!, trajectory.y[row]!)) greatest = chestLoad[row]!;
  }
  return within(greatest, condition);
}

function judgeMotion(trace: Trace, condition: Extract<Shown, { motion: unknown }>): Finding {
  const { persons, from, seconds } = condition.motion;
  const start = firstOf(trace, from)?.t;
  if (start === undefined) return MISSING;
  const { trajectory, header } = trace;
  const last = new Map<number, number>();
  let way = 0;
  let steps = 0;
  for (let f = 0; f < trajectory.frameCount; f++) {
    const t = f / trajectory.frameRate;
    if (t < start || t > start + seconds) continue;
    for (let row = trajectory.frameStart[f]!; row < trajectory.frameStart[f + 1]!; row++) {
      const person = trajectory.person[row]!;
      if (trajectory.sheet[row] === NOT_PRESENT || !persons.includes(header.persons[person]!.population)) continue;
      const before = last.get(person);
      last.set(person, row);
      if (before === undefined || trajectory.sheet[before] !== trajectory.sheet[row]) continue;
      const { x, y } = trajectory;
      way += Math.sqrt((x[row]! - x[before]!) ** 2 + (y[row]! - y[before]!) ** 2);
      steps++;
    }
  }
  return steps === 0 ? MISSING : within((way * trajectory.frameRate) / steps, condition);
}

function judgeTrend(trace: Trace, condition: Extract<Shown, { trend: unknown }>): Finding {
  const { of, field } = condition.trend;
  const pairs = select(trace, of).flatMap((event) => {
    const value = (event as unknown as Readonly<Record<string, unknown>>)[field];
    return typeof value === 'number' ? [[event.t, value] as const] : [];
  });
  let sum = 0;
  let count = 0;
  for (let i = 0; i < pairs.length; i++) {
    for (let j = 0; j < i; j++) {
      sum += Math.sign((pairs[i]![0] - pairs[j]![0]) * (pairs[i]![1] - pairs[j]![1]));
      count++;
    }
  }
  return count === 0 ? MISSING : within(sum / count, condition);
}

function judgePassings(trace: Trace, condition: Extract<Shown, { passings: unknown }>): Finding {
  const { level, from, wait = 0, seconds, but } = condition.passings;
  const line = lineOf(trace, condition.passings);
  const first = firstOf(trace, from)?.t;
  if (first === undefined || line === undefined) return MISSING;
  const start = first + wait;
  const left = but === undefined ? new Set<number>() : personsOf(select(trace, but));
  const sheet = sheetOf(trace, level);
  const { trajectory } = trace;
  const last = new Map<number, number>();
  const passed = new Set<number>();
  for (let f = 0; f < trajectory.frameCount; f++) {
    const t = f / trajectory.frameRate;
    if (t < start || t > start + seconds) continue;
    for (let row = trajectory.frameStart[f]!; row < trajectory.frameStart[f + 1]!; row++) {
      if (trajectory.sheet[row] !== sheet) continue;
      const person = trajectory.person[row]!;
      const before = last.get(person);
      if (before !== undefined) {
        const [[ax, ay], [bx, by]] = line;
        if (
          segmentsIntersect(
            trajectory.x[before]!,
            trajectory.y[before]!,
            trajectory.x[row]!,
            trajectory.y[row]!,
            ax,
            ay,
            bx,
            by,
          )
        )
          if (!left.has(person)) passed.add(person);
      }
      last.set(person, row);
    }
  }
  return within(passed.size, condition);
}
