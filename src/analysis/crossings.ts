import type { Trajectory } from '../trace/index.ts';
import { groupRowsByPerson, type PersonRows } from './person-rows.ts';
import { quantileOfSorted } from './quantile.ts';

/** A line in plan coordinates [m], from its first to its second end. */
export type MeasurementLine = readonly [readonly [number, number], readonly [number, number]];

export interface Crossing {
  readonly person: number;
  /** Time since frame 0 by linear interpolation between two frames [s]. */
  readonly time: number;
  /** The later of the two frames; the crossing frame of PedPy. */
  readonly frame: number;
  /** 1 from the left of the line to its right, −1 the other way (seen from its first end towards its second). */
  readonly direction: 1 | -1;
}

/**
 * Finds every crossing of a line, by linear interpolation between consecutive rows of each person.
 * A person has crossed when they leave the line on the other side: a step that ends on the line and the step that leaves
 * it make one crossing together, at the last frame on the line, and touching the line from either side makes none.
 * Only steps that meet the line between its ends count; a step between two sheets, or over missing frames, is a straight step too, except that `sheet` (when given)
 * must hold at both its ends.
 * Ordered by time, then by person. Cost O(rows).
 * @source PedPy 1.5 `compute_n_t` (same crossing frames; see `crossings.test.ts`), doi:10.5281/zenodo.7194992
 */
export function findCrossings(
  trajectory: Trajectory,
  line: MeasurementLine,
  options: { readonly sheet?: number; readonly personRows?: PersonRows } = {},
): Crossing[] {
  const { x, y, sheet: sheets, frameRate } = trajectory;
  const { personCount, start, rows, frame } = options.personRows ?? groupRowsByPerson(trajectory);
  const [[ax, ay], [bx, by]] = line;
  const dx = bx - ax;
  const dy = by - ay;
  const lengthSquared = dx * dx + dy * dy;
  const crossings: Crossing[] = [];
  if (lengthSquared === 0) return crossings;
  for (let person = 0; person < personCount; person += 1) {
    // Side of the last row that was not on the line itself; positive is left.
    let side = 0;
    let sideTo = 0;
    for (let k = start[person]!; k < start[person + 1]!; k += 1) {
      const to = rows[k]!;
      const sideFrom = sideTo;
      sideTo = dx * (y[to]! - ay) - dy * (x[to]! - ax);
      if (sideTo === 0) continue;
      const sideBefore = side;
      side = sideTo > 0 ? 1 : -1;
      if (sideBefore === 0 || sideBefore === side) continue;
      const from = rows[k - 1]!;
      if (options.sheet !== undefined && (sheets[from] !== options.sheet || sheets[to] !== options.sheet)) continue;
      const share = sideFrom / (sideFrom - sideTo);
      const px = x[from]! + share * (x[to]! - x[from]!) - ax;
      const py = y[from]! + share * (y[to]! - y[from]!) - ay;
      const along = px * dx + py * dy;
      if (along < 0 || along > lengthSquared) continue;
      crossings.push({
        person,
        time: (frame[from]! + share * (frame[to]! - frame[from]!)) / frameRate,
        frame: frame[to]!,
        direction: side < 0 ? 1 : -1,
      });
    }
  }
  return crossings.sort((a, b) => a.time - b.time || a.person - b.person);
}

/**
 * Keeps each person's first crossing (in the direction given, or any), in order of time: what an N–t curve counts.
 * `crossings` must be in order of time. O(crossings).
 */
export function keepFirstCrossings(crossings: readonly Crossing[], direction?: 1 | -1): Crossing[] {
  const seen = new Set<number>();
  return crossings.filter((crossing) => {
    if ((direction !== undefined && crossing.direction !== direction) || seen.has(crossing.person)) return false;
    seen.add(crossing.person);
    return true;
  });
}

/** Flow of persons past a line. Two definitions, always both: they differ by 7 % and more on the same data. */
export interface FlowMeasures {
  /** Persons counted. */
  readonly count: number;
  /** First and last time [s]; null where nobody passed. */
  readonly first: number | null;
  readonly last: number | null;
  /** Whole duration: (n − 1) / (t_n − t_1) [1/s]; null for fewer than two persons or no duration. */
  readonly flowWhole: number | null;
  /** Middle 80 % of the ranks, see `measureFlow` [1/s]; null for fewer than ten persons or no duration. */
  readonly flowMiddle: number | null;
  /** The same divided by the width [1/(m·s)]. */
  readonly specificFlowWhole: number | null;
  readonly specificFlowMiddle: number | null;
  /** Time gaps between consecutive persons [s]; null for fewer than two. */
  readonly gapMedian: number | null;
  readonly gap90: number | null;
  readonly gapMax: number | null;
}

/**
 * Flow from times of passing, `times` ascending [s], `width` of the opening [m].
 *
 *     flowWhole  = (n − 1) / (t_n − t_1)
 *     flowMiddle = (n − 1 − 2k) / (t_{n−k} − t_{1+k}),  k = ⌈n / 10⌉  (ranks from 1)
 *
 * so both count the gaps between persons, and `flowMiddle` leaves the first and the last tenth of the persons out, in
 * which the crowd gathers and thins. Gap quantiles by `quantileOfSorted`. O(n log n).
 * @source our choice; reproduces 7.158 /s (HERMES AO-300-400), 1.155 /s (CrowdQueue 040_c_56_h-), 2.676 /s (gymbay 00_01a)
 * @see Liao et al. 2015: steady flow needs about 115 persons per metre of width
 */
export function measureFlow(times: readonly number[], width: number): FlowMeasures {
  const count = times.length;
  const first = count > 0 ? times[0]! : null;
  const last = count > 0 ? times[count - 1]! : null;
  const drop = Math.ceil(count / 10);
  const flowWhole = count > 1 ? divide(count - 1, times[count - 1]! - times[0]!) : null;
  const flowMiddle = count >= 10 ? divide(count - 1 - 2 * drop, times[count - 1 - drop]! - times[drop]!) : null;
  const gaps: number[] = [];
  for (let k = 1; k < count; k += 1) gaps.push(times[k]! - times[k - 1]!);
  gaps.sort((a, b) => a - b);
  return {
    count,
    first,
    last,
    flowWhole,
    flowMiddle,
    specificFlowWhole: flowWhole === null || !(width > 0) ? null : flowWhole / width,
    specificFlowMiddle: flowMiddle === null || !(width > 0) ? null : flowMiddle / width,
    gapMedian: gaps.length > 0 ? quantileOfSorted(gaps, 0.5) : null,
    gap90: gaps.length > 0 ? quantileOfSorted(gaps, 0.9) : null,
    gapMax: gaps.length > 0 ? gaps[gaps.length - 1]! : null,
  };
}

function divide(persons: number, duration: number): number | null {
  return duration > 0 && persons > 0 ? persons / duration : null;
}

/** N–t curve: `persons[k]` have passed at `times[k]` [s]; one point per person. O(n). */
export function countOverTime(times: readonly number[]): { times: number[]; persons: number[] } {
  return { times: [...times], persons: times.map((_, k) => k + 1) };
}
