import type { Issue, Scenario } from '../scenario/index.ts';
import { loadScenario } from '../scenario/index.ts';
import { compileWorld, type World } from '../world/index.ts';
import { readInput } from './files.ts';
import { hasErrors } from './outcome.ts';

/** A scenario file taken as far as it goes: read, validated, compiled. `issues` has the warnings too. */
export interface ReadScenario {
  readonly file: string;
  readonly scenario?: Scenario;
  readonly world?: World;
  readonly issues: readonly Issue[];
}

/** What the command line sets in place of the scenario's own settings. */
export interface ScenarioChanges {
  readonly seed?: number;
  /** Latest end of the run [s]. */
  readonly time?: number;
}

/** Reads, validates and compiles a scenario. `world` is there only if nothing stands against running it. */
export function readScenario(path: string, changes: ScenarioChanges = {}): ReadScenario {
  const input = readInput(path);
  if (input.bytes === undefined) return { file: input.file, issues: input.issues };
  return { file: input.file, ...compileScenario(input.bytes, changes) };
}

/** The same for a scenario's text already in memory. */
export function compileScenario(bytes: Uint8Array, changes: ScenarioChanges = {}): Omit<ReadScenario, 'file'> {
  const loaded = loadScenario(bytes);
  if (loaded.scenario === undefined || hasErrors(loaded.issues)) return { issues: loaded.issues };
  const scenario = changeSettings(loaded.scenario, changes);
  const compiled = compileWorld(scenario, { seed: scenario.settings.seed });
  const issues = [...loaded.issues, ...compiled.issues];
  if (compiled.world === undefined || hasErrors(issues)) return { scenario, issues };
  return { scenario, world: compiled.world, issues };
}

function changeSettings(scenario: Scenario, changes: ScenarioChanges): Scenario {
  const settings = scenario.settings;
  return {
    ...scenario,
    settings: {
      ...settings,
      seed: changes.seed ?? settings.seed,
      end: { ...settings.end, time: changes.time ?? settings.end.time },
    },
  };
}
