import type { RunOutcome } from '../trace/index.ts';

/** An uncertain parameter of the model in words, as the engine lists them. */
export interface StudiedParameter {
  readonly id: string;
  readonly name: string;
  readonly values: readonly [low: string, standard: string, high: string];
  /** S published, E fitted, M from memory, D design value. */
  readonly mark: string;
  readonly basis: string;
}

/** What one run of a sensitivity study came to. */
export interface SensitivityRun {
  readonly seed: number;
  /** Id of the parameter that was at an end of its range; null in a standard run. */
  readonly parameter: string | null;
  readonly end: 'low' | 'standard' | 'high';
  readonly outcome: RunOutcome;
  readonly out: number;
  readonly injured: number;
  readonly unconscious: number;
  readonly dead: number;
  /** When the last person was out [s]; null unless everyone was. */
  readonly evacuationTime: number | null;
  /** Greatest low-passed chest load of anybody [N]. */
  readonly chestLoad: number;
  /** Hash that the run ended with; of a deduced run, of the standard run that it equals. */
  readonly stateHash: string;
  /** True where it was not simulated, because nobody was pressed hard enough for the parameter to matter. */
  readonly deduced: boolean;
}

/** Mean and range of some runs; `count` of them had a value. */
export interface Spread {
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

export const SENSITIVITY_QUANTITIES = ['injured', 'unconscious', 'dead', 'evacuationTime', 'chestLoad'] as const;
export type SensitivityQuantity = (typeof SENSITIVITY_QUANTITIES)[number];

/** Spread of every quantity; null where no run had a value. */
export type Spreads = Readonly<Record<SensitivityQuantity, Spread | null>>;

/** One line of the study: a parameter at one end, over the seeds. */
export interface SensitivityRow {
  readonly parameter: string | null;
  readonly end: 'low' | 'standard' | 'high';
  /** Runs done. */
  readonly runs: number;
  readonly spreads: Spreads;
}

/** A sensitivity study of one scenario, as plain JSON. SI units. */
export interface SensitivityStudy {
  readonly format: 'crashbar-sensitivity';
  readonly version: 1;
  readonly name: string;
  readonly engine: string;
  /** Of the standard runs. */
  readonly scenarioHash: string;
  readonly persons: number;
  readonly seeds: readonly number[];
  readonly parameters: readonly StudiedParameter[];
  /** Runs that the whole study has; fewer are in `runs` while it is under way, or where it was stopped. */
  readonly planned: number;
  readonly runs: readonly SensitivityRun[];
  /** The standard first, then each parameter low and high; only lines of which a run is done. */
  readonly rows: readonly SensitivityRow[];
  /** Over all runs done. */
  readonly all: Spreads;
}

type StudyHead = Omit<SensitivityStudy, 'format' | 'version' | 'rows' | 'all'>;

/** Lines and spreads of the runs of a study done so far. O(runs × parameters). */
export function summarizeSensitivity(study: StudyHead): SensitivityStudy {
  const { parameters, runs } = study;
  const keys: (readonly [string | null, 'low' | 'standard' | 'high'])[] = [
    [null, 'standard'],
    ...parameters.flatMap(({ id }) => [[id, 'low'] as const, [id, 'high'] as const]),
  ];
  const rows = keys
    .map(([parameter, end]) => ({
      parameter,
      end,
      those: runs.filter((run) => run.parameter === parameter && run.end === end),
    }))
    .filter(({ those }) => those.length > 0)
    .map(({ parameter, end, those }) => ({ parameter, end, runs: those.length, spreads: spreadsOf(those) }));
  return { format: 'crashbar-sensitivity', version: 1, ...study, rows, all: spreadsOf(runs) };
}

function spreadsOf(runs: readonly SensitivityRun[]): Spreads {
  return Object.fromEntries(
    SENSITIVITY_QUANTITIES.map((quantity) => [quantity, spreadOf(runs.map((run) => run[quantity]))]),
  ) as unknown as Spreads;
}

function spreadOf(values: readonly (number | null)[]): Spread | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  return {
    count: known.length,
    mean: known.reduce((sum, value) => sum + value, 0) / known.length,
    min: Math.min(...known),
    max: Math.max(...known),
  };
}

/**
 * The parameters by how far their ends lie apart in a quantity, farthest first: the greatest difference of a mean at one end from
 * the standard's or from the other end's, over the same seeds. Those that move nothing are left out.
 */
export function rankParameters(
  study: SensitivityStudy,
  quantity: SensitivityQuantity,
): { readonly parameter: StudiedParameter; readonly low: number; readonly high: number; readonly swing: number }[] {
  const ranked = [];
  for (const parameter of study.parameters) {
    const at = (end: 'low' | 'standard' | 'high', seeds: ReadonlySet<number>) =>
      spreadOf(
        study.runs
          .filter((run) => run.end === end && (end === 'standard' || run.parameter === parameter.id))
          .filter(({ seed }) => seeds.has(seed))
          .map((run) => run[quantity]),
      );
    const seeds = new Set(
      study.seeds.filter((seed) =>
        (['low', 'high'] as const).every((end) =>
          study.runs.some((run) => run.seed === seed && run.parameter === parameter.id && run.end === end),
        ),
      ),
    );
    const [low, standard, high] = [at('low', seeds), at('standard', seeds), at('high', seeds)];
    if (low === null || standard === null || high === null) continue;
    const means = [low.mean, standard.mean, high.mean];
    const swing = Math.max(...means) - Math.min(...means);
    if (swing > 0) ranked.push({ parameter, low: low.mean, high: high.mean, swing });
  }
  return ranked.sort((a, b) => b.swing - a.swing || (a.parameter.id < b.parameter.id ? -1 : 1));
}

/**
 * Reads `sensitivity.json`. Undefined unless it is a study of this version; the summary is made anew of the runs in it, so that
 * numbers and runs cannot disagree.
 */
export function readSensitivity(text: string): SensitivityStudy | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const study = value as SensitivityStudy | null;
  if (study?.format !== 'crashbar-sensitivity' || study.version !== 1) return undefined;
  if (!Array.isArray(study.runs) || !Array.isArray(study.parameters) || !Array.isArray(study.seeds)) return undefined;
  const isRun = (run: SensitivityRun) =>
    [run?.seed, run?.out, run?.injured, run?.unconscious, run?.dead, run?.chestLoad].every(Number.isFinite) &&
    ['low', 'standard', 'high'].includes(run.end);
  if (!study.runs.every(isRun)) return undefined;
  const { name, engine, scenarioHash, persons, seeds, parameters, planned, runs } = study;
  return summarizeSensitivity({ name, engine, scenarioHash, persons, seeds, parameters, planned, runs });
}
