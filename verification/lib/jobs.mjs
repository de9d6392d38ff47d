/** Splits cases into jobs (a scene with a seed), and puts what the jobs found together again. */
import { scenesOf } from './cases.mjs';
import { KINDS } from './kinds.mjs';

/** Seeds of a measure: 1 … n. */
export const seedsOf = (measure, override) =>
  Array.from({ length: Math.min(override ?? Number.POSITIVE_INFINITY, measure.seeds ?? 1) }, (_, k) => k + 1);

/**
 * One job for each scene and seed that any measure needs; it carries every measure that looks at it.
 * `override` replaces the number of seeds of measures that have more than one.
 */
export function planJobs(cases, override) {
  const jobs = [];
  for (const one of cases) {
    const byKey = new Map();
    one.expect.measures.forEach((measure, index) => {
      const seeds =
        measure.seeds === undefined || measure.seeds === 1 ? [1] : seedsOf({ seeds: override ?? measure.seeds });
      const scenes = scenesOf(one, measure);
      for (const seed of seeds) {
        for (const scene of scenes.length === 0 ? [null] : scenes) {
          const key = `${scene} ${seed}`;
          if (!byKey.has(key)) byKey.set(key, { name: one.name, folder: one.folder, scene, seed, measures: [] });
          byKey.get(key).measures.push({ index, kind: measure.kind, options: measure.options ?? {} });
        }
      }
    });
    jobs.push(...byKey.values());
  }
  return jobs;
}

/** Values of a measure over seeds, from the observations of its scenes; NaN where a scene could not be run (null). */
export function reduceMeasure(one, measure, observed) {
  const kind = KINDS[measure.kind];
  const scenes = scenesOf(one, measure);
  const keys = scenes.length === 0 ? [null] : scenes;
  const seeds = [...observed.keys()].sort((a, b) => a - b);
  const table = seeds.map((seed) => keys.map((scene) => observed.get(seed).get(scene)));
  const options = measure.options ?? {};
  const failed = (row) => row.some((value) => value === null);
  if (kind.reduceEnsemble) return [table.some(failed) ? Number.NaN : kind.reduceEnsemble(table, options)];
  const reduce = kind.reduce ?? (([value]) => value);
  return table.map((row) => (failed(row) ? Number.NaN : reduce(row, options)));
}

/** Mean, least and greatest value; NaN where any value is missing. */
export function summarize(values) {
  if (values.length === 0 || values.some((value) => typeof value !== 'number' || Number.isNaN(value))) {
    return { mean: Number.NaN, min: Number.NaN, max: Number.NaN };
  }
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    min: Math.min(...values),
    max: Math.max(...values),
  };
}

/**
 * Whether a measure lies in its band: its mean over seeds, or (`judge: "every"`) every seed; a missing value never does.
 * The verdict compares that with the status written down: `pass`, `known failure`, or a change that fails the run.
 */
export function judgeMeasure(measure, values) {
  const { mean, min, max } = summarize(values);
  const [low, high] = measure.band;
  const isIn = (value) => (low === null || value >= low) && (high === null || value <= high);
  const inBand = !Number.isNaN(mean) && (measure.judge === 'every' ? isIn(min) && isIn(max) : isIn(mean));
  const verdicts = { pass: ['FAILS NOW', 'pass'], 'known-failure': ['known failure', 'PASSES NOW'] };
  const verdict = verdicts[measure.status][inBand ? 1 : 0];
  return { mean, min, max, inBand, verdict, changed: inBand !== (measure.status === 'pass') };
}
