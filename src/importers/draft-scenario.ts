import { errorIssue, type Issue, limitIssues, type ScenarioInput, warningIssue } from '../scenario/index.ts';
import { readExits } from './build-plan.ts';
import { ImportNotes } from './import-notes.ts';
import type { ImportOptions, ImportResult } from './importer.ts';
import type { Piece } from './plan-pieces.ts';

export type ExitInput = ScenarioInput['exits'][number];
export type PopulationInput = NonNullable<ScenarioInput['populations']>[number];
export type ProfileInput = NonNullable<ScenarioInput['profiles']>[number];
export type WaypointInput = NonNullable<ScenarioInput['waypoints']>[number];
export type ItineraryInput = NonNullable<ScenarioInput['itineraries']>[number];
export type DiversionInput = NonNullable<ScenarioInput['diversions']>[number];
export type ZoneInput = NonNullable<ScenarioInput['zones']>[number];
export type DistributionInput = NonNullable<ProfileInput['freeSpeed']>;

/** The one level of a program that knows none. */
export const LEVEL = 'ground';

/**
 * Mass of an adult, for programs that have none [kg]: means of men and women of ANSUR II, half of each, as one normal
 * distribution of the same mean and standard deviation, cut. It matters for loads only.
 */
export const ADULT_MASS = { distribution: 'normal', mean: 76.6, sd: 15.5, min: 40, max: 125 } as const;

/** A scenario of another program on its way: parts are added as they are read. */
export class DraftScenario {
  readonly notes = new ImportNotes();
  readonly exits: ExitInput[] = [];
  readonly profiles: ProfileInput[] = [];
  readonly populations: PopulationInput[] = [];
  readonly waypoints: WaypointInput[] = [];
  readonly itineraries: ItineraryInput[] = [];
  readonly diversions: DiversionInput[] = [];
  readonly zones: ZoneInput[] = [];
  pieces: readonly Piece[] = [];
  holes: readonly (readonly [number, number][])[] = [];
  seed = 1;
  endTime = 600;
  readonly #profileIds = new Map<string, string>();
  readonly #freeIds = new FreeIds();

  /** The id of a profile with these fields; alike profiles are one. `id` is taken for the first of them. */
  profile(fields: Omit<ProfileInput, 'id'>, id: string): string {
    const key = JSON.stringify(fields);
    const known = this.#profileIds.get(key);
    if (known !== undefined) return known;
    const name = this.#freeIds.take(id);
    this.#profileIds.set(key, name);
    this.profiles.push({ id: name, ...fields });
    return name;
  }

  /** Exits and persons that the user adds to the scenario's own. */
  addOptions(options: ImportOptions): void {
    const { issues } = this.notes;
    const given = readExits(options.exits ?? [], issues as Issue[]);
    const ids = new FreeIds();
    for (const exit of this.exits) ids.take(exit.id);
    given.forEach((exit, i) => {
      const id = ids.take(`exit-${i + 1}`);
      this.exits.push({
        id,
        level: LEVEL,
        ...(exit.line === undefined ? { polygon: exit.polygon } : { line: exit.line }),
      });
    });
    const isAsked = options.persons !== undefined || options.density !== undefined;
    if (isAsked && this.populations.length > 0) {
      const message = 'the scenario has its own persons; persons and density add none to them';
      issues.push(warningIssue('option-not-used', 'options', message));
    } else if (options.persons !== undefined) {
      this.populations.push({ id: 'everyone', level: LEVEL, count: options.persons });
    } else if (options.density !== undefined) {
      this.populations.push({ id: 'everyone', level: LEVEL, density: options.density });
    }
    if (options.unit !== undefined && options.unit !== 'm') {
      const message = 'scenarios of this format are in metres; the unit is not used';
      issues.push(warningIssue('option-not-used', 'options', message, { expected: 'm', found: options.unit }));
    }
  }

  /** The scenario, or the reasons why there is none. */
  finish(importer: string, name: string, description: string, options: ImportOptions): ImportResult {
    const { notes } = this;
    if (this.exits.length === 0 && !notes.hasErrors) {
      const message = 'nobody can leave: the file has no exit; give one with --exit "x,y x,y"';
      notes.issues.push(errorIssue('no-exit', '', message, { expected: 'at least one exit', found: 'none' }));
    }
    const issues = limitIssues(notes.issues);
    const report = notes.report(importer);
    if (notes.hasErrors) return { issues, report };
    const outlines = this.pieces.map((piece) => piece.outline);
    const scenario: ScenarioInput = {
      crashbar: 1,
      name: (options.name ?? name).slice(0, 200) || 'Imported scenario',
      description: description.slice(0, 20_000),
      levels: [
        {
          id: LEVEL,
          elevation: options.elevation ?? 0,
          outlines,
          ...(this.holes.length > 0 ? { holes: this.holes.map((hole) => [...hole]) } : {}),
        },
      ],
      exits: this.exits,
      ...(this.profiles.length > 0 ? { profiles: this.profiles } : {}),
      populations: this.populations,
      ...(this.waypoints.length > 0 ? { waypoints: this.waypoints } : {}),
      ...(this.itineraries.length > 0 ? { itineraries: this.itineraries } : {}),
      ...(this.diversions.length > 0 ? { diversions: this.diversions } : {}),
      ...(this.zones.length > 0 ? { zones: this.zones } : {}),
      // The other program goes on to its end, whoever waits where.
      settings: { seed: this.seed, end: { time: this.endTime, stalled: this.endTime } },
    };
    return { scenario, issues, report };
  }
}

/** Names that are given once each: the same again gets a number behind it. */
export class FreeIds {
  readonly #taken = new Set<string>();
  readonly #next = new Map<string, number>();

  take(id: string): string {
    let name = id;
    let number = this.#next.get(id) ?? 2;
    while (this.#taken.has(name)) name = `${id} ${number++}`;
    this.#next.set(id, number);
    this.#taken.add(name);
    return name;
  }
}
