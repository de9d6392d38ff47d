import type { Issue, Point, ScenarioInput } from '../scenario/index.ts';

/** Units that a plan may be drawn in, each with its length in metres. */
export const PLAN_UNITS = { m: 1, cm: 0.01, mm: 0.001, ft: 0.3048, in: 0.0254 } as const;
export type PlanUnit = keyof typeof PLAN_UNITS;

/** What a drawing's layer can hold. */
export const LAYER_ROLES = [
  'floor',
  'wall',
  'door',
  'window',
  'exit',
  'stairs',
  'furniture',
  'obstacle',
  'area',
  'text',
  'persons',
  'parameters',
  'ignore',
] as const;
export type LayerRole = (typeof LAYER_ROLES)[number];

/** Gaps up to this are closed where nothing else is said [m]. */
export const TOLERANCE_DEFAULT = 0.05;
/** Greatest distance of a curve from its chords where nothing else is said [m]. */
export const SAGITTA_DEFAULT = 0.01;

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
  /** IFC in browsers: where `web-ifc.wasm` is served, with a slash at its end. Node finds it in the package. */
  readonly wasmFolder?: string;
  /** What the layers of a drawing hold, by name (any case, `*` for any letters), where the guess from their names is wrong. */
  readonly layers?: Readonly<Record<string, LayerRole>>;
  /** Ends of lines nearer than this are taken as joined, gaps up to this are closed [m]. Default `TOLERANCE_DEFAULT`. */
  readonly tolerance?: number;
  /** Greatest distance of a curve from the chords that take its place [m]. Default `SAGITTA_DEFAULT`. */
  readonly sagitta?: number;
  /** Thickness of walls that are drawn as single lines [m]. Default 0.1. */
  readonly wallThickness?: number;
  /** EPSG code of the coordinates, where the file does not tell it or tells it wrongly. */
  readonly epsg?: number;
  /** Whether faults of the plan are mended, each told in `report.repaired`. Default false. */
  readonly repair?: boolean;
  /**
   * Whether narrow openings that are no doors yet become doors without a leaf (see `findGaps`); `auto`: only where the plan
   * knows no doors. Default false.
   */
  readonly gaps?: boolean | 'auto';
  /** Widths that such openings may have [m]. Default `GAP_WIDTHS`. */
  readonly gapWidths?: readonly [number, number];
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
  /** What was mended, where and by how much. */
  readonly repaired?: readonly string[];
  /** Results that the file itself asserts of its scenario, for whoever compares. */
  readonly asserted?: readonly AssertedBand[];
}

/** A result that a scenario's own file says must come out. */
export interface AssertedBand {
  /** `evacuation-time`: of each person, from coming in to getting out [s]; `last-out`: when the last one is out [s]. */
  readonly what: 'evacuation-time' | 'last-out';
  readonly min: number;
  readonly max: number;
  /** Where the file says so. */
  readonly source: string;
}

export interface ImportResult {
  /** Missing when any issue is an error. It has yet to pass `loadScenario` and `compileWorld`. */
  readonly scenario?: ScenarioInput;
  readonly issues: readonly Issue[];
  readonly report: ImportReport;
}

/** One file of a source that is made of several: a folder's or a zip's. */
export interface SourceFile {
  /** Name under the folder or in the zip, with `/` between its parts; never a path to be opened. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** One of the scenarios that a source of several files holds. */
export interface NamedImport extends ImportResult {
  /** Its name in the source: of its file, without folder and ending. */
  readonly name: string;
}

/** One source of plans: bytes in, scenario and issues out. Never throws for what is in the file. */
export interface Importer {
  readonly name: string;
  /** Endings of file names, small letters, with the dot. Several importers may claim one. */
  readonly extensions: readonly string[];
  /** Whether a file looks like this source. */
  readonly recognise: (bytes: Uint8Array) => boolean;
  /** Whether a hostile file may hang it (foreign code, shapes that cross without end): run it where it can be stopped. */
  readonly mayHang?: boolean;
  /** A promise where the reader itself has to be loaded first (IFC). */
  readonly importFile: (bytes: Uint8Array, options?: ImportOptions) => ImportResult | Promise<ImportResult>;
  /** Names of files that mark a folder or zip as such a source, small letters. */
  readonly markers?: readonly string[];
  /** Whether the files of a folder or zip are such a source together. */
  readonly recogniseFiles?: (files: readonly SourceFile[]) => boolean;
  /** Takes them together, as one scenario. */
  readonly importFiles?: (files: readonly SourceFile[], options?: ImportOptions) => NamedImport;
  /** Or: those of them that are a scenario each, for `importFile`. */
  readonly splitFiles?: (files: readonly SourceFile[]) => readonly SourceFile[];
}
