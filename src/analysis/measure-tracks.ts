import { polygonArea } from '../math/index.ts';
import type { Ring, TraceSheet, Trajectory } from '../trace/index.ts';
import {
  type FlowMeasures,
  findCrossings,
  keepFirstCrossings,
  type MeasurementLine,
  measureFlow,
} from './crossings.ts';
import { type CrowdMaps, type MapOptions, mapCrowd } from './maps.ts';
import { groupRowsByPerson } from './person-rows.ts';
import { quantileOfSorted, roundSignificant } from './quantile.ts';
import { computeSpeeds, measureArea } from './speeds.ts';
import { measureVoronoi } from './voronoi-density.ts';

/** A line or a convex area to measure at, with the name it has in the report [m]. */
export interface TrackPlaces {
  readonly lines: readonly { readonly name: string; readonly line: MeasurementLine }[];
  readonly areas: readonly { readonly name: string; readonly ring: Ring }[];
}

/** Where the floor comes from: a file given, the trajectories' own file, or the convex hull of all positions. */
export type FloorSource = 'given' | 'file' | 'hull';

/** Trajectories to measure, of one floor. Persons are numbered from 0. */
export interface TrackSubject {
  readonly name: string;
  /** Where they come from, in words: file and format. */
  readonly source: string;
  readonly trajectory: Trajectory;
  readonly sheet: TraceSheet;
  readonly floorSource: FloorSource;
  /** What was assumed on the way, in sentences. */
  readonly notes: readonly string[];
}

export interface TrackOptionsMeasured extends MapOptions {
  /** Longest reach of a Voronoi cell [m]; default: only walls and neighbours bound it. */
  readonly cutOff?: number;
  /** Speeds are taken over ± this time [s]; default 0.5. */
  readonly speedTime?: number;
  /** Voronoi cells at most; more rows are thinned to every n-th frame. Default 1 500 000. */
  readonly cellBudget?: number;
}

/** What passed a line. Persons count at their first crossing, in whichever direction. */
export interface LineMeasures {
  readonly name: string;
  readonly line: MeasurementLine;
  readonly length: number;
  readonly flow: FlowMeasures;
  /** Time [s] and person of each first crossing, in order of time. */
  readonly times: readonly number[];
  readonly persons: readonly number[];
  /** Every crossing from left to right of the line (seen from its first end), and back. */
  readonly forward: number;
  readonly back: number;
}

/** Means of an area over a stretch of time; null where nobody was there. */
export interface AreaMeans {
  readonly from: number;
  readonly until: number;
  /** [1/m²] */
  readonly classic: number;
  readonly voronoi: number;
  /** Mean over frames of the mean speed of those inside, and of the Voronoi speed of frames in which anybody's cell meets the area [m/s]. */
  readonly speed: number | null;
  readonly voronoiSpeed: number | null;
}

/** Density and speed in an area, sample by sample; four significant digits. */
export interface AreaMeasures {
  readonly name: string;
  readonly ring: Ring;
  /** [m²] */
  readonly size: number;
  /** Times of the samples [s]. */
  readonly t: readonly number[];
  readonly classic: readonly number[];
  readonly voronoi: readonly number[];
  readonly speed: readonly (number | null)[];
  readonly voronoiSpeed: readonly (number | null)[];
  /** Over all frames recorded, and over the middle 80 % of the persons at the first line (null without one, or with few). */
  readonly whole: AreaMeans;
  readonly middle: AreaMeans | null;
  /** Highest Voronoi density and when. */
  readonly highest: { readonly value: number; readonly t: number } | null;
}

/** Everything a report says of measured trajectories, as plain JSON: no NaN, no undefined. SI units, plan coordinates [m]. */
export interface TrackMeasures {
  readonly format: 'crashbar-track-measures';
  readonly version: 1;
  readonly name: string;
  readonly source: string;
  readonly frameRate: number;
  readonly persons: number;
  readonly rows: number;
  /** Times of the first and last frame with anybody [s]. */
  readonly start: number;
  readonly end: number;
  readonly floorSource: FloorSource;
  /** [m²] */
  readonly floorArea: number;
  /** Share of the sampled rows that lie off the floor; null where no area was asked for. */
  readonly offFloor: number | null;
  /** Individual speeds over all rows [m/s]; null where nobody has two rows. */
  readonly speeds: { readonly low10: number; readonly median: number; readonly high90: number } | null;
  readonly speedTime: number;
  /** Persons in the record, at most 600 samples. */
  readonly present: { readonly t: readonly number[]; readonly persons: readonly number[] };
  readonly lines: readonly LineMeasures[];
  readonly areas: readonly AreaMeasures[];
  /** Frames between two samples of the areas. */
  readonly stride: number;
  readonly cutOff: number | null;
  readonly maps: CrowdMaps;
  readonly sheets: readonly TraceSheet[];
  readonly notes: readonly string[];
}

/**
 * Measures trajectories of any origin as the analysis measures runs, and as PedPy does: crossings and flow at lines,
 * classic and Voronoi density and both speeds in areas, maps of density and speed. Never throws for what the
 * trajectories may lack. Cost as `mapCrowd`, and 10 to 60 µs a row where there are areas.
 */
export function measureTracks(
  subject: TrackSubject,
  places: TrackPlaces,
  options: TrackOptionsMeasured = {},
): TrackMeasures {
  const { trajectory, sheet } = subject;
  const { frameCount, frameStart, frameRate } = trajectory;
  const rowCount = frameStart[frameCount] ?? 0;
  const personRows = groupRowsByPerson(trajectory);
  let first = 0;
  while (first < frameCount && frameStart[first + 1] === 0) first += 1;
  let last = Math.max(first, frameCount - 1);
  while (last > first && frameStart[last + 1] === frameStart[last]) last -= 1;
  const speedTime = options.speedTime ?? 0.5;
  const speeds = computeSpeeds(trajectory, Math.max(1, Math.round(speedTime * frameRate)), personRows);
  const moving = speeds.filter((speed) => !Number.isNaN(speed)).sort();

  const lines = places.lines.map(({ name, line }) => measureLine(name, line, trajectory, personRows));
  const window = lines[0] === undefined ? undefined : middleWindow(lines[0].times);
  const stride = Math.max(1, Math.ceil(rowCount / (options.cellBudget ?? 1_500_000)));
  const voronoi =
    places.areas.length === 0
      ? undefined
      : measureVoronoi(
          trajectory,
          sheet.polygons,
          places.areas.map(({ ring }) => ring),
          speeds,
          { stride, ...(options.cutOff === undefined ? {} : { cutOff: { radius: options.cutOff } }) },
        );
  const areas = places.areas.map(({ name, ring }, index): AreaMeasures => {
    const series = measureArea(trajectory, [ring], speeds);
    const samples: number[] = [];
    for (let frame = Math.ceil(first / stride) * stride; frame <= last; frame += stride) samples.push(frame);
    const density = voronoi!.density[index]!;
    const flowing = voronoi!.speed[index]!;
    const means = (from: number, until: number): AreaMeans => {
      const frames = samples.filter((frame) => frame / frameRate >= from && frame / frameRate <= until);
      const mean = (pick: (frame: number) => number): number | null => {
        let sum = 0;
        let count = 0;
        for (const frame of frames) {
          const value = pick(frame);
          if (Number.isNaN(value)) continue;
          sum += value;
          count += 1;
        }
        return count === 0 ? null : sum / count;
      };
      return {
        from,
        until,
        classic: mean((frame) => series.density[frame]!) ?? 0,
        voronoi: mean((frame) => density[frame / stride]!) ?? 0,
        speed: mean((frame) => series.speed[frame]!),
        voronoiSpeed: mean((frame) => flowing[frame / stride]!),
      };
    };
    let highest: { value: number; t: number } | null = null;
    for (const frame of samples) {
      const value = density[frame / stride]!;
      if (value > (highest?.value ?? 0)) highest = { value, t: frame / frameRate };
    }
    const short = (value: number): number => roundSignificant(value, 4);
    const orNull = (value: number): number | null => (Number.isNaN(value) ? null : short(value));
    return {
      name,
      ring,
      size: Math.abs(polygonArea(ring)),
      t: samples.map((frame) => frame / frameRate),
      classic: samples.map((frame) => short(series.density[frame]!)),
      voronoi: samples.map((frame) => short(density[frame / stride]!)),
      speed: samples.map((frame) => orNull(series.speed[frame]!)),
      voronoiSpeed: samples.map((frame) => orNull(flowing[frame / stride]!)),
      whole: means(first / frameRate, last / frameRate),
      middle: window === undefined ? null : means(window.from, window.until),
      highest,
    };
  });
  const sampled = voronoi === undefined ? 0 : countSampled(trajectory, stride);
  return {
    format: 'crashbar-track-measures',
    version: 1,
    name: subject.name,
    source: subject.source,
    frameRate,
    persons: countPersons(personRows.start),
    rows: rowCount,
    start: first / frameRate,
    end: last / frameRate,
    floorSource: subject.floorSource,
    floorArea: sheet.polygons.reduce(
      (sum, rings) => sum + rings.reduce((part, ring, k) => part + (k === 0 ? 1 : -1) * Math.abs(polygonArea(ring)), 0),
      0,
    ),
    offFloor: voronoi === undefined || sampled === 0 ? null : voronoi.offFloor / sampled,
    speeds:
      moving.length === 0
        ? null
        : {
            low10: quantileOfSorted(moving, 0.1),
            median: quantileOfSorted(moving, 0.5),
            high90: quantileOfSorted(moving, 0.9),
          },
    speedTime,
    present: countPresent(trajectory, first, last),
    lines,
    areas,
    stride,
    cutOff: options.cutOff ?? null,
    maps: mapCrowd([sheet], trajectory, { ...options, cellBudget: undefined, personRows }),
    sheets: [sheet],
    notes: subject.notes,
  };
}

function measureLine(
  name: string,
  line: MeasurementLine,
  trajectory: Trajectory,
  personRows: ReturnType<typeof groupRowsByPerson>,
): LineMeasures {
  const crossings = findCrossings(trajectory, line, { personRows });
  const firsts = keepFirstCrossings(crossings);
  const times = firsts.map(({ time }) => time);
  const [[ax, ay], [bx, by]] = line;
  const length = Math.sqrt((bx - ax) ** 2 + (by - ay) ** 2);
  const forward = crossings.filter(({ direction }) => direction === 1).length;
  return {
    name,
    line,
    length,
    flow: measureFlow(times, length),
    times: times.map((time) => roundSignificant(time, 8)),
    persons: firsts.map(({ person }) => person),
    forward,
    back: crossings.length - forward,
  };
}

/** The time in which the middle 80 % of the persons pass, as `measureFlow` takes it; none with fewer than ten. */
function middleWindow(times: readonly number[]): { from: number; until: number } | undefined {
  if (times.length < 10) return undefined;
  const drop = Math.ceil(times.length / 10);
  return { from: times[drop]!, until: times[times.length - 1 - drop]! };
}

function countSampled({ frameStart, frameCount }: Trajectory, stride: number): number {
  let count = 0;
  for (let frame = 0; frame < frameCount; frame += stride) count += frameStart[frame + 1]! - frameStart[frame]!;
  return count;
}

function countPersons(start: Int32Array): number {
  let count = 0;
  for (let person = 0; person + 1 < start.length; person += 1) if (start[person + 1]! > start[person]!) count += 1;
  return count;
}

function countPresent({ frameStart, frameRate }: Trajectory, first: number, last: number): TrackMeasures['present'] {
  const stride = Math.max(1, Math.ceil((last - first + 1) / 600));
  const t: number[] = [];
  const persons: number[] = [];
  for (let frame = first; frame <= last && frame + 1 < frameStart.length; frame += stride) {
    t.push(frame / frameRate);
    persons.push(frameStart[frame + 1]! - frameStart[frame]!);
  }
  return { t, persons };
}

/** Convex hull of all positions, counter-clockwise (Andrew's monotone chain); fewer than three corners where they lie on a line. O(n log n). */
export function findHull({ x, y }: Pick<Trajectory, 'x' | 'y'>): [number, number][] {
  const order = new Uint32Array(x.length).map((_, k) => k).sort((a, b) => x[a]! - x[b]! || y[a]! - y[b]!);
  const turn = (hull: [number, number][], px: number, py: number): void => {
    while (hull.length >= 2) {
      const [ax, ay] = hull[hull.length - 2]!;
      const [bx, by] = hull[hull.length - 1]!;
      if ((bx - ax) * (py - ay) - (by - ay) * (px - ax) > 0) break;
      hull.pop();
    }
    hull.push([px, py]);
  };
  const lower: [number, number][] = [];
  const upper: [number, number][] = [];
  for (const k of order) turn(lower, x[k]!, y[k]!);
  for (let k = order.length - 1; k >= 0; k -= 1) turn(upper, x[order[k]!]!, y[order[k]!]!);
  lower.pop();
  upper.pop();
  return [...lower, ...upper];
}
