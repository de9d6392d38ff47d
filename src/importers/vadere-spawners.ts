import { exactLog, normalQuantile, RandomPurpose, randomUnit } from '../math/index.ts';
import { errorIssue, type ScenarioInput, warningIssue } from '../scenario/index.ts';
import type { DistributionInput } from './draft-scenario.ts';
import type { ImportNotes } from './import-notes.ts';
import type { Fields } from './loose-fields.ts';

type Arrivals = NonNullable<NonNullable<ScenarioInput['populations']>[number]['arrives']>;

/** When a source brings persons: `count` of them at the start, or by and by, at most `count`. */
export interface Spawning {
  readonly count?: number;
  readonly arrives?: Arrivals;
}

/** A distribution of Vadere: gaps between two events, or how long somebody waits [s]. */
export type VadereDistribution =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'exponential'; readonly mean: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly sd: number }
  | { readonly kind: 'uniform'; readonly min: number; readonly max: number }
  | { readonly kind: 'binomial'; readonly trials: number; readonly p: number }
  | { readonly kind: 'empirical'; readonly values: readonly number[] }
  | { readonly kind: 'at'; readonly time: number }
  | { readonly kind: 'series'; readonly interval: number; readonly counts: readonly number[] }
  | { readonly kind: 'curve'; readonly every: number; readonly x: readonly number[]; readonly y: readonly number[] }
  | { readonly kind: 'mixed'; readonly switches: readonly number[]; readonly parts: readonly VadereDistribution[] };

/** How a source spawns, whatever release wrote it. */
interface Spawner {
  /** Persons in all; −1: no limit. */
  readonly most: number;
  readonly start: number;
  readonly end: number;
  /** Persons an event. */
  readonly batch: number;
  readonly isRandom: boolean;
  readonly gaps: VadereDistribution | undefined;
}

/** Most events that are drawn at import. */
const EVENTS_MAX = 100_000;
/** The end of a spawner belongs to it, that of a scenario's arrivals does not [s]. */
const JUST_AFTER = 0.001;

const TIME = { min: 0, max: 86_400, unit: 's', clamp: true };
/** As many as a scenario takes in one arrival, or in one part of a schedule. */
const NUMBER = { min: 0, max: 100_000, clamp: true };

/** Attributes of the persons of one source, if it has its own. */
export function personOfSource(source: Fields): Fields | undefined {
  const spawner = source.object('spawner');
  return spawner === undefined
    ? source.object('attributesPedestrian')
    : spawner.object('eventElement', 'attributesPedestrian');
}

/**
 * When a source brings persons. Vadere: the first event at the start time, the next after a gap each, none after the end;
 * start and end alike are a single event; who finds no place comes as soon as there is one.
 * @param room how many fit into the region at once; more come by and by
 * @param index of the source, for its random draws
 */
export function readSpawning(
  source: Fields,
  name: string,
  seed: number,
  index: number,
  room: number,
  notes: ImportNotes,
): Spawning {
  const spawner = readSpawner(source, notes);
  const most = spawner.most >= 0 ? Math.min(spawner.most, 2_000_000) : undefined;
  const count = most === undefined ? {} : { count: most };
  const place = spawner.isRandom ? {} : { place: 'lattice' as const };
  if (most === 0) return {};
  const { gaps, start, batch } = spawner;
  if (start === spawner.end || gaps === undefined) {
    if (gaps === undefined) notes.guess('sources without a distribution bring their persons at once', name);
    const once = Math.min(batch, most ?? batch);
    if (once === 0) return {};
    if (start > 0 || once > room) {
      if (once > room) notes.guess('sources with more persons than fit let them in as places get free', name);
      return { count: once, arrives: { times: [start], batch: once, ...place } };
    }
    if (!spawner.isRandom) notes.guess('persons of these sources stand at random places, not on a lattice', name);
    return { count: once };
  }
  const to = spawner.end + JUST_AFTER;
  const some = batch === 1 ? {} : { batch };
  if (batch === 0 && gaps.kind !== 'series' && gaps.kind !== 'curve') return {};
  switch (gaps.kind) {
    case 'constant':
    case 'exponential':
    case 'normal':
    case 'uniform': {
      const every = toDistribution(gaps);
      if (typeof every === 'number' && every <= 0) {
        const message = 'the time between two events of a source lies above 0 s; mend it';
        notes.issues.push(
          errorIssue('out-of-range', source.pathOf(), message, { expected: '> 0', found: String(every), unit: 's' }),
        );
        return {};
      }
      return { ...count, arrives: { every, from: start, to: Math.min(to, 86_400), ...some, ...place } };
    }
    case 'at':
      if (gaps.time < start || gaps.time > spawner.end) return {};
      return { ...count, arrives: { times: [gaps.time], ...some, ...place } };
    case 'series': {
      const schedule = gaps.counts.flatMap((persons, i) => {
        const [from, until] = [i * gaps.interval, (i + 1) * gaps.interval];
        if (persons <= 0 || until <= start || from > spawner.end || until > 86_400) return [];
        return [{ from, to: until, count: persons }];
      });
      return schedule.length === 0 ? {} : { ...count, arrives: { schedule, ...place } };
    }
    default: {
      const times = drawTimes(gaps, spawner, seed, index);
      if (times.length > EVENTS_MAX) {
        const message = `this source has more than ${EVENTS_MAX} events; let it end earlier`;
        notes.issues.push(errorIssue('too-many-events', source.pathOf(), message, { found: `> ${EVENTS_MAX}` }));
        return {};
      }
      if (gaps.kind !== 'curve') {
        notes.guess(
          `times of arrival drawn at import with seed ${seed}; another seed of the run does not change them`,
          name,
        );
      }
      if (times.length === 0) return {};
      return { ...count, arrives: { times, ...(gaps.kind === 'curve' ? {} : some), ...place } };
    }
  }
}

function readSpawner(source: Fields, notes: ImportNotes): Spawner {
  const spawner = source.object('spawner');
  if (spawner !== undefined) {
    const kind = lastName(spawner.text('type') ?? '');
    const read: Spawner = {
      most: spawner.count('constraintsElementsMax', { min: -1 }) ?? -1,
      start: spawner.number('constraintsTimeStart', TIME) ?? 0,
      end: spawner.number('constraintsTimeEnd', TIME) ?? 0,
      batch: spawner.count('eventElementCount', NUMBER) ?? 1,
      isRandom: spawner.flag('eventPositionRandom') ?? false,
      gaps: readSpawnerGaps(spawner, kind, notes),
    };
    const isOnTop = spawner.flag('eventPositionFreeSpace') === false;
    if (isOnTop) notes.ignore('“eventPositionFreeSpace: false”: persons never stand in one another');
    spawner.skip('eventPositionGridCA', 'eventElement');
    spawner.finish();
    return read;
  }
  const most = source.count('maxSpawnNumberTotal', { min: -1 }) ?? -1;
  const start = source.number('startTime', TIME) ?? 0;
  const end = source.number('endTime', TIME) ?? start;
  const batch = source.count('spawnNumber', NUMBER) ?? 1;
  const isRandom = source.flag('spawnAtRandomPositions') ?? false;
  if (source.flag('useFreeSpaceOnly') === false)
    notes.ignore('“useFreeSpaceOnly: false”: persons never stand in one another');
  source.skip('spawnAtGridPositionsCA', 'attributesPedestrian');
  const kind = source.text('interSpawnTimeDistribution');
  const delay = source.number('spawnDelay', { min: -1, max: 86_400, unit: 's' });
  const gaps =
    kind === undefined
      ? delay !== undefined && delay > 0
        ? ({ kind: 'constant', value: delay } as const)
        : undefined
      : readOlderDistribution(source, kind, notes);
  if (kind !== undefined) return { most, start, end, batch, isRandom, gaps };
  source.skip('distributionParameters');
  return {
    most,
    start,
    end: gaps === undefined ? start : end,
    batch,
    isRandom,
    gaps: gaps ?? { kind: 'constant', value: 1 },
  };
}

function readSpawnerGaps(spawner: Fields, kind: string, notes: ImportNotes): VadereDistribution | undefined {
  const distribution = spawner.object('distribution');
  if (distribution !== undefined) return readDistribution(distribution, notes);
  // Two kinds of spawner keep the numbers themselves.
  if (kind.includes('TimeSeries') || spawner.has('spawnsPerInterval')) return readNamed('timeseries', spawner, notes);
  if (kind.includes('Mixed') || spawner.has('distributions')) return readNamed('mixed', spawner, notes);
  return undefined;
}

/** A distribution of release 2.4: an object with its type. */
export function readDistribution(fields: Fields, notes: ImportNotes): VadereDistribution | undefined {
  const kind = fields.text('type') ?? fields.text('interSpawnTimeDistribution') ?? '';
  if (!fields.has('type') && fields.has('distributionParameters')) return readOlderDistribution(fields, kind, notes);
  const read = readNamed(shortName(kind), fields, notes);
  fields.finish();
  return read;
}

/** A distribution of releases before: its name beside a list or an object of parameters. */
export function readOlderDistribution(owner: Fields, kind: string, notes: ImportNotes): VadereDistribution | undefined {
  const name = shortName(kind);
  if (!owner.isList('distributionParameters')) {
    const parameters = owner.object('distributionParameters');
    const read = parameters === undefined ? undefined : readNamed(name, parameters, notes);
    parameters?.finish();
    return read;
  }
  const [a, b] = owner.numbers('distributionParameters');
  if (a === undefined) return undefined;
  switch (name) {
    case 'constant':
      return { kind: 'constant', value: a };
    case 'exponential':
    case 'negativeexponential':
      return { kind: 'exponential', mean: Math.max(0, a) };
    case 'poisson':
      return a > 0 ? { kind: 'exponential', mean: 1 / a } : undefined;
    case 'normal':
      return { kind: 'normal', mean: a, sd: Math.max(0, b ?? 0) };
    case 'uniform':
    case 'uniformreal':
      return { kind: 'uniform', min: Math.max(0, a), max: Math.max(a, b ?? a) };
    case 'singlespawn':
    case 'singleevent':
      return { kind: 'at', time: a };
    default:
      return unknownDistribution(name, owner, notes);
  }
}

function readNamed(name: string, fields: Fields, notes: ImportNotes): VadereDistribution | undefined {
  switch (name) {
    case 'constant':
      return { kind: 'constant', value: fields.number('updateFrequency', TIME) ?? 1 };
    case 'exponential':
    case 'negativeexponential':
      return { kind: 'exponential', mean: fields.number('mean', TIME) ?? 1 };
    case 'poisson': {
      const rate = fields.number('numberPedsPerSecond', { min: 0, max: 1000, unit: '1/s', clamp: true }) ?? 0;
      return rate > 0 ? { kind: 'exponential', mean: 1 / rate } : undefined;
    }
    case 'normal':
      return {
        kind: 'normal',
        mean: fields.number('mean') ?? 1,
        sd: fields.number(fields.pick('sd', 'standardDeviation'), { min: 0 }) ?? 0,
      };
    case 'uniform':
    case 'uniformreal': {
      const min = fields.number(fields.pick('min', 'lowerBound'), TIME) ?? 0;
      return { kind: 'uniform', min, max: Math.max(min, fields.number(fields.pick('max', 'upperBound'), TIME) ?? min) };
    }
    case 'binomial':
      return {
        kind: 'binomial',
        trials: fields.count('trials', { min: 0, max: 100_000 }) ?? 0,
        p: fields.number('p', { min: 0, max: 1 }) ?? 0,
      };
    case 'empirical': {
      const values = fields.numbers('values', { min: 0, max: 86_400 });
      return values.length === 0 ? undefined : { kind: 'empirical', values };
    }
    case 'singlespawn':
    case 'singleevent':
      fields.skip('spawnNumber');
      return { kind: 'at', time: fields.number('spawnTime', { min: 0 }) ?? 0 };
    case 'timeseries': {
      const interval = fields.number('intervalLength', { min: 0, max: 86_400, unit: 's' }) ?? 0;
      const counts = fields.numbers('spawnsPerInterval', NUMBER).map(Math.floor);
      return interval > 0 ? { kind: 'series', interval, counts } : undefined;
    }
    case 'linearinterpolation': {
      const every = fields.number('spawnFrequency', TIME) ?? 1;
      const x = fields.numbers('xValues');
      const y = fields.numbers('yValues', { max: 100_000 });
      const isGood =
        every > 0 && x.length > 0 && x.length === y.length && x.every((value, i) => i === 0 || value > x[i - 1]);
      return isGood ? { kind: 'curve', every, x, y } : unknownDistribution(name, fields, notes);
    }
    case 'mixed': {
      const switches = fields.numbers('switchpoints', { min: 0 });
      const parts = fields.objects('distributions').flatMap((part) => readDistribution(part, notes) ?? []);
      return parts.length === 0 ? undefined : { kind: 'mixed', switches, parts };
    }
    default:
      return unknownDistribution(name, fields, notes);
  }
}

function unknownDistribution(name: string, fields: Fields, notes: ImportNotes): undefined {
  fields.skip(...fields.unread());
  const message = `the distribution “${name.slice(0, 60)}” is not understood; it is left out`;
  notes.issues.push(warningIssue('unknown-distribution', fields.pathOf(), message, { found: name.slice(0, 60) }));
  return undefined;
}

/** As a scenario writes it, or `undefined` where it has no such distribution. */
export function toDistribution(distribution: VadereDistribution): DistributionInput {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'exponential':
      return distribution.mean > 0 ? { distribution: 'weibull', scale: distribution.mean, shape: 1 } : 0;
    case 'normal':
      return distribution.sd > 0
        ? { distribution: 'normal', mean: distribution.mean, sd: distribution.sd, min: 0 }
        : Math.max(0, distribution.mean);
    case 'uniform':
      return { distribution: 'uniform', min: distribution.min, max: distribution.max };
    default: {
      const [mean, sd] = momentsOf(distribution);
      return sd > 0 ? { distribution: 'normal', mean, sd, min: 0 } : mean;
    }
  }
}

/** Whether a scenario's distribution is not the same but one of the same mean and spread. */
export function isApproximated(distribution: VadereDistribution): boolean {
  return !['constant', 'exponential', 'normal', 'uniform'].includes(distribution.kind);
}

function momentsOf(distribution: VadereDistribution): [mean: number, sd: number] {
  switch (distribution.kind) {
    case 'binomial': {
      const { trials, p } = distribution;
      return [trials * p, Math.sqrt(trials * p * (1 - p))];
    }
    case 'empirical': {
      const { values } = distribution;
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)];
    }
    case 'at':
      return [distribution.time, 0];
    case 'mixed':
      return momentsOf(distribution.parts[0]);
    default:
      return [0, 0];
  }
}

/** Times of all events; of a curve one for each person. One more than the most where there are more. */
function drawTimes(gaps: VadereDistribution, spawner: Spawner, seed: number, index: number): number[] {
  const times: number[] = [];
  let at = spawner.start;
  for (let draw = 0; at <= spawner.end && times.length <= EVENTS_MAX && draw <= 10 * EVENTS_MAX; draw++) {
    const persons = gaps.kind === 'curve' ? Math.max(0, Math.round(interpolate(gaps.x, gaps.y, at))) : 1;
    for (let i = 0; i < persons && times.length <= EVENTS_MAX; i++) times.push(Math.round(at * 1000) / 1000);
    const gap =
      gaps.kind === 'curve'
        ? gaps.every
        : drawGap(gaps, at, randomUnit(seed, RandomPurpose.importedArrival, index, draw));
    if (gap === undefined) break;
    // Vadere stops at a gap of 0; a thousandth keeps the times apart.
    at += Math.max(0.001, gap);
  }
  return times;
}

/** Time from the event at `at` to the next, or `undefined` where none comes. */
function drawGap(gaps: VadereDistribution, at: number, u: number): number | undefined {
  switch (gaps.kind) {
    case 'constant':
      return gaps.value;
    case 'exponential':
      return -gaps.mean * exactLog(1 - u);
    case 'normal':
      return Math.max(0, gaps.mean + gaps.sd * normalQuantile(u));
    case 'uniform':
      return gaps.min + (gaps.max - gaps.min) * u;
    case 'empirical':
      return gaps.values[Math.floor(u * gaps.values.length)];
    case 'binomial': {
      const [mean, sd] = momentsOf(gaps);
      return Math.max(0, Math.min(gaps.trials, Math.round(mean + sd * normalQuantile(u))));
    }
    case 'at':
      return gaps.time > at ? gaps.time - at : undefined;
    case 'series': {
      const interval = Math.floor(at / gaps.interval);
      const persons = gaps.counts[interval];
      if (persons === undefined) return undefined;
      return persons > 0 ? gaps.interval / persons : (interval + 1) * gaps.interval - at;
    }
    case 'curve':
      return gaps.every;
    case 'mixed': {
      const part = gaps.switches.filter((time) => time <= at).length;
      const chosen = gaps.parts[Math.min(part, gaps.parts.length - 1)];
      const gap = drawGap(chosen, at, u);
      const next = gaps.switches[part];
      // A part that brings nobody more ends where the next begins.
      return gap ?? (next === undefined ? undefined : next - at);
    }
  }
}

function interpolate(x: readonly number[], y: readonly number[], at: number): number {
  if (at < x[0] || at > x[x.length - 1]) return 0;
  let i = 0;
  while (i < x.length - 2 && at > x[i + 1]) i++;
  if (x.length === 1) return y[0];
  return y[i] + ((y[i + 1] - y[i]) * (at - x[i])) / (x[i + 1] - x[i]);
}

/** `org.vadere…AttributesConstantDistribution` → `constant`. */
function shortName(kind: string): string {
  return lastName(kind)
    .replace(/^Attributes/, '')
    .replace(/(Parameter)?Distribution$/i, '')
    .toLowerCase();
}

export function lastName(kind: string): string {
  return kind.slice(kind.lastIndexOf('.') + 1);
}
