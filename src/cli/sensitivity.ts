import { join } from 'node:path';
import {
  readSensitivity,
  type SensitivityRun,
  type SensitivityStudy,
  summarizeSensitivity,
} from '../analysis/index.ts';
import {
  createRun,
  DOSE,
  ENGINE_VERSION,
  type ModelParameters,
  partsAt,
  UNCERTAIN_PARAMETERS,
  type UncertainParameter,
} from '../engine/index.ts';
import type { Issue, Scenario } from '../scenario/index.ts';
import type { TraceEvent } from '../trace/index.ts';
import { compileWorld, type World } from '../world/index.ts';
import { writeAtomically } from './files.ts';
import { errorIssue } from './outcome.ts';
import { createStudyDisplay } from './progress.ts';
import { RUN_FILES, readRunFile } from './run-folder.ts';

/** Seeds of a study unless told otherwise, and most of them. */
const SEEDS_DEFAULT = 3;
const SEEDS_MAX = 1000;
/** Decision intervals of a run between two looks at signals: 5 simulated seconds. */
const SLICE_TICKS = 50;
/** Ribs are only looked at above this load [N]. */
const RIBS_LOOKED_AT = 1000;

/** The number of seeds a study was asked for, or what is wrong with it. */
export function readSeedCount(text: string | undefined): { readonly count: number; readonly issue?: Issue } {
  if (text === undefined) return { count: SEEDS_DEFAULT };
  const count = Number(text);
  if (text.trim() !== '' && Number.isInteger(count) && count >= 1 && count <= SEEDS_MAX) return { count };
  const expected = `a whole number of 1 … ${SEEDS_MAX}`;
  const issue = errorIssue('seeds-wrong', '--seeds', 'The number of seeds of a sensitivity study cannot be used.', {
    expected,
    found: text,
  });
  return { count: SEEDS_DEFAULT, issue };
}

interface PlannedRun {
  readonly seed: number;
  readonly parameter: UncertainParameter | null;
  readonly end: 'low' | 'standard' | 'high';
}

/** Seed by seed: the standard, then each parameter at both ends; so a study that is stopped has whole seeds first. */
function planRuns(seeds: readonly number[]): PlannedRun[] {
  return seeds.flatMap((seed) => [
    { seed, parameter: null, end: 'standard' as const },
    ...UNCERTAIN_PARAMETERS.flatMap((parameter) => (['low', 'high'] as const).map((end) => ({ seed, parameter, end }))),
  ]);
}

/** What a study needs to know of a standard run to tell which parameters cannot matter. */
interface Pressed {
  readonly run: SensitivityRun;
  /** Greatest chest load over susceptibility, and greatest chest load, of anybody at any time [N]. */
  readonly effective: number;
  readonly load: number;
}

/**
 * Runs a scenario with every uncertain parameter at both ends of its range, one at a time, over some seeds from the scenario's own
 * on. Writes `sensitivity.json` into the run's folder after every run, so that whatever stops it leaves what was done.
 * Returns the study and the signal that stopped it. Cost: (1 + 2 × parameters) × seeds runs, fewer where nobody is pressed.
 */
export async function runSensitivity(
  scenario: Scenario,
  folder: string,
  options: { readonly seeds: number; readonly quiet: boolean },
): Promise<{ readonly study: SensitivityStudy; readonly signal?: NodeJS.Signals }> {
  const seeds = listSeeds(scenario, options.seeds);
  const plan = planRuns(seeds);
  const runs: SensitivityRun[] = [];
  let signal: NodeJS.Signals | undefined;
  const onSignal = (name: NodeJS.Signals) => {
    signal = name;
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  const display = createStudyDisplay(options.quiet, plan.length);
  let head: Pick<SensitivityStudy, 'scenarioHash' | 'persons'> = { scenarioHash: '', persons: 0 };
  let standard: Pressed | undefined;
  const summarize = () =>
    summarizeSensitivity({
      name: scenario.name,
      engine: ENGINE_VERSION,
      ...head,
      seeds,
      parameters: UNCERTAIN_PARAMETERS.map(({ id, name, values, mark, basis }) => ({ id, name, values, mark, basis })),
      planned: plan.length,
      runs,
    });
  try {
    for (const planned of plan) {
      const { parameter, end, seed } = planned;
      const parts = parameter === null || end === 'standard' ? undefined : partsAt(parameter, end);
      if (parts !== undefined && standard !== undefined && changesNothing(parameter, parts, standard)) {
        runs.push({ ...standard.run, parameter: parameter?.id ?? null, end, deduced: true });
        display.update(runs.length, 0);
        continue;
      }
      const world = compileSeed(scenario, seed);
      const name = parameter === null ? 'standard' : `${parameter.name}, ${parameter.values[end === 'low' ? 0 : 2]}`;
      display.start(runs.length, `${name}, seed ${seed}`);
      const pressed = await simulateOne(
        world,
        parts,
        planned,
        (share) => display.update(runs.length, share),
        () => signal !== undefined,
      );
      if (pressed === undefined) break;
      if (parameter === null) {
        standard = pressed;
        head = { scenarioHash: world.scenarioHash, persons: world.personCount };
      }
      runs.push(pressed.run);
      writeAtomically(join(folder, RUN_FILES.sensitivity), encodeStudy(summarize()));
    }
  } finally {
    display.stop();
    process.removeListener('SIGINT', onSignal);
    process.removeListener('SIGTERM', onSignal);
  }
  const study = summarize();
  if (runs.length > 0) writeAtomically(join(folder, RUN_FILES.sensitivity), encodeStudy(study));
  return { study, signal };
}

/** The seeds of a study with which the scenario does not compile (persons may not fit), as errors. */
export function findUnfitSeeds(scenario: Scenario, count: number): Issue[] {
  return listSeeds(scenario, count).flatMap((seed) =>
    compileWorld(scenario, { seed })
      .issues.filter(({ severity }) => severity === 'error')
      .map((issue) => ({ ...issue, message: `With seed ${seed}: ${issue.message}` })),
  );
}

function listSeeds(scenario: Scenario, count: number): number[] {
  return Array.from({ length: count }, (_, k) => (scenario.settings.seed + k) % 2 ** 32);
}

function encodeStudy(study: SensitivityStudy): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(study, undefined, 1)}\n`);
}

function compileSeed(scenario: Scenario, seed: number): World {
  const { world } = compileWorld({ ...scenario, settings: { ...scenario.settings, seed } }, { seed });
  if (world === undefined)
    throw new Error(`the scenario compiles with seed ${scenario.settings.seed}, but not with ${seed}`);
  return world;
}

/**
 * True where a parameter of harm cannot change a bit of the standard run: with the standard nobody came near any harm, and with
 * these numbers nobody would have either.
 */
function changesNothing(parameter: UncertainParameter | null, parts: ModelParameters, standard: Pressed): boolean {
  if (parameter === null || !parameter.harmOnly) return false;
  if (standard.load > RIBS_LOOKED_AT || standard.effective > DOSE.threshold) return false;
  return standard.effective / parts.dose.susceptibility <= parts.dose.threshold;
}

/** One run to its end; undefined where it was stopped before. */
async function simulateOne(
  world: World,
  parts: ModelParameters | undefined,
  planned: PlannedRun,
  onShare: (share: number) => void,
  isStopped: () => boolean,
): Promise<Pressed | undefined> {
  let lastOut = 0;
  const decoder = new TextDecoder();
  let pending = '';
  const sink = {
    append: (file: string, bytes: Uint8Array) => {
      if (file !== 'events.ndjson') return;
      const lines = (pending + decoder.decode(bytes, { stream: true })).split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) {
        if (!line.includes('"person-out"')) continue;
        const event = JSON.parse(line) as TraceEvent;
        if (event.type === 'person-out') lastOut = Math.max(lastOut, event.t);
      }
    },
  };
  const run = createRun(world, { sink, frames: false }, parts);
  while (!run.advance(SLICE_TICKS)) {
    const { time, endTime, out, persons } = run.progress();
    onShare(Math.max(out / persons, time / endTime));
    await new Promise((resolve) => setImmediate(resolve));
    if (isStopped()) return undefined;
  }
  const { result } = run.finish();
  const { chestLoadMax, susceptibility } = world.views.persons;
  let load = 0;
  let effective = 0;
  for (let i = 0; i < world.personCount; i++) {
    load = Math.max(load, chestLoadMax[i]);
    effective = Math.max(effective, chestLoadMax[i] / susceptibility[i]);
  }
  return {
    load,
    effective,
    run: {
      seed: planned.seed,
      parameter: planned.parameter?.id ?? null,
      end: planned.end,
      outcome: result.outcome,
      out: result.out,
      injured: result.injured,
      unconscious: result.unconscious,
      dead: result.dead,
      evacuationTime: result.out === world.personCount && world.personCount > 0 ? lastOut : null,
      chestLoad: Math.round(load),
      stateHash: result.stateHash,
      deduced: false,
    },
  };
}

/** The study in a run's folder, if there is one and it is of this scenario and engine. */
export function readStudy(
  folder: string,
  header: { readonly engine: string; readonly scenarioHash: string; readonly varied?: unknown },
): SensitivityStudy | undefined {
  const study = readSensitivity(new TextDecoder().decode(readRunFile(folder, RUN_FILES.sensitivity)));
  if (study === undefined || study.engine !== header.engine || study.scenarioHash !== header.scenarioHash)
    return undefined;
  return study;
}
