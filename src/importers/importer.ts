import type { Issue, Point, ScenarioInput } from '../scenario/index.ts';

/** Units that a plan may be drawn in, each with its length in metres. */
export const PLAN_UNITS = { m: 1, cm: 0.01, mm: 0.001, ft: 0.3048, in: 0.0254 } as const;
export type PlanUnit = keyof typeof PLAN_UNITS;

/** What a user may add to a plan, or say about it. */
export interface ImportOptions {
  /** Name of the scenario. Default `Imported plan`. */
  readonly name?: string;
  /** Unit of the plan's coordinates. Default `m`. */
  readonly unit?: PlanUnit;
  /**
   * Exits [m]: two points are a line on the outline, crossed to be out; three and more a region, entered to be out; as
   * points or as text, `x,y x,y`. Where none is given, exits are guessed (see `suggestExits`).
   */
  readonly exits?: readonly (string | readonly Point[])[];
  /** Whether exits are guessed where none is given. Default true. */
  readonly guessExits?: boolean;
  /** Persons spread over the whole floor; not together with `density`. */
  readonly persons?: number;
  /** Or persons per area [1/m²]. */
  readonly density?: number;
  /** Height of the floor [m]. Default 0. */
  readonly elevation?: number;
}

/** What an import did, in sentences for the user. */
export interface ImportReport {
  /** Name of the importer. */
  readonly importer: string;
  /** What was taken from the file. */
  readonly read: readonly string[];
  /** What was not in the file and not in the options, and is therefore a guess to be checked. */
  readonly guessed: readonly string[];
  /** What was in the file and is not in the scenario. */
  readonly ignored: readonly string[];
}

export interface ImportResult {
  /** Missing when any issue is an error. It has yet to pass `loadScenario` and `compileWorld`. */
  readonly scenario?: ScenarioInput;
  readonly issues: readonly Issue[];
  readonly report: ImportReport;
}

/** One source of plans: bytes in, scenario and issues out. Never throws for what is in the file. */
export interface Importer {
  readonly name: string;
  /** Endings of file names, small letters, with the dot. */
  readonly extensions: readonly string[];
  /** Whether the beginning of a file looks like this source. */
  readonly recognise: (bytes: Uint8Array) => boolean;
  /** A promise where the reader itself has to be loaded first (IFC). */
  readonly importFile: (bytes: Uint8Array, options?: ImportOptions) => ImportResult | Promise<ImportResult>;
}
