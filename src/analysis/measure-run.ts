import type { RunOutcome, Trace, TracePortal, TraceSheet } from '../trace/index.ts';
import {
  type Casualty,
  type CasualtyPlace,
  countCasualtyPlaces,
  countFalls,
  type FallCounts,
  findChestLoadPeaks,
  listCasualties,
} from './casualties.ts';
import { measurePortals, type PortalMeasures } from './doors.ts';
import { type EvacuationCurve, listPersonsOut, measureEvacuation } from './evacuation-curve.ts';
import { type CrowdMaps, type MapOptions, mapCrowd } from './maps.ts';
import { countNotOut, listPersonsNotOut, type NotOutCount, type PersonNotOut } from './not-out.ts';
import { listNotableEvents, type NotableEvent } from './notable-events.ts';
import { groupRowsByPerson } from './person-rows.ts';
import { quantileOfSorted } from './quantile.ts';
import { measureReleases, type ReleaseMeasures } from './releases.ts';
import type { SensitivityStudy } from './sensitivity.ts';
import { measureStages, type StageMeasures } from './waypoints.ts';

/** Persons by what became of them. Every person is counted once in `out` + `dead` + `unconscious` + `inside`. */
export interface PersonTotals {
  readonly total: number;
  /** Got out (some of them injured). */
  readonly out: number;
  /** Dead, and unconscious but not dead, and not out. */
  readonly dead: number;
  readonly unconscious: number;
  /** Alive, conscious and still inside when the run ended. */
  readonly inside: number;
  /** Injured but conscious, whether out or not; counted in `out` or `inside` too. */
  readonly injured: number;
}

/**
 * Everything a report says of one run, as plain JSON: numbers, texts, arrays, null; no NaN, no undefined.
 * SI units; coordinates are plan coordinates [m], times simulated [s] from the start.
 */
export interface RunMeasures {
  readonly format: 'crashbar-measures';
  readonly version: 1;
  readonly name: string;
  readonly description: string;
  readonly engine: string;
  readonly scenarioHash: string;
  readonly stateHash: string;
  readonly seed: number;
  readonly outcome: RunOutcome;
  /** [s]; of a run still under way or torn: the time of the last frame or event. */
  readonly endTime: number;
  /** Frames per second recorded [1/s]. */
  readonly frameRate: number;
  readonly frameCount: number;
  readonly persons: PersonTotals;
  readonly evacuation: EvacuationCurve;
  readonly portals: readonly PortalMeasures[];
  readonly casualties: readonly Casualty[];
  readonly casualtyPlaces: readonly CasualtyPlace[];
  readonly falls: FallCounts;
  /** Locks released by people; null where none was. */
  readonly releases: ReleaseMeasures | null;
  /** Waypoints, zones and arrivals; empty and null where there are none. */
  readonly stages: StageMeasures;
  readonly notOut: readonly PersonNotOut[];
  readonly notOutCounts: readonly NotOutCount[];
  readonly maps: CrowdMaps;
  /** Highest recorded chest load of each person [N]: median, 95th percentile, highest; null where none was recorded. */
  readonly chestLoad: { readonly median: number; readonly high95: number; readonly highest: number } | null;
  /** Persons whose chest load was ever above 600 N, the least load that does harm in the model. */
  readonly loadedPersons: number | null;
  readonly story: readonly NotableEvent[];
  /** Plan geometry as in the trace. */
  readonly sheets: readonly TraceSheet[];
  readonly planPortals: readonly TracePortal[];
  /** Chunks and lines of the run's folder that could not be read: the numbers above are without them. */
  readonly damage: readonly string[];
  readonly scenario: unknown;
  /** Parameters of the model that were not the standard ones in this run, by name; null where none was. */
  readonly varied: Readonly<Record<string, number>> | null;
  /** The study of how far uncertain parameters move this scenario's numbers; null where none was made. */
  readonly sensitivity: SensitivityStudy | null;
}

export interface MeasureOptions extends MapOptions {
  /** A study of the same scenario, to be told beside the run's own numbers. */
  readonly sensitivity?: SensitivityStudy;
}

/** Chest load below which the model does no harm [N]. @source docs/science.md, “Harm” */
export const HARM_LOAD = 600;

/**
 * Measures a run. Never throws for what a trace may lack (no loads, no states, no frames, torn events): what cannot be
 * told is null or empty. Cost O(rows + samples × kernel cells + events log events); memory about 24 bytes a row and
 * what `mapCrowd` needs.
 */
export function measureRun(trace: Trace, options: MeasureOptions = {}): RunMeasures {
  const { header, trajectory, events, damage } = trace;
  const personRows = options.personRows ?? groupRowsByPerson(trajectory);
  const personsOut = listPersonsOut(events);
  const peaks = findChestLoadPeaks(trace);
  const casualties = listCasualties(trace, peaks);
  const notOut = listPersonsNotOut(trace, personsOut, casualties, personRows);
  const dead = notOut.filter((person) => person.reason === 'dead').length;
  const unconscious = notOut.filter((person) => person.reason === 'unconscious').length;
  const sorted = peaks ? Float64Array.from(peaks).sort() : undefined;
  return {
    format: 'crashbar-measures',
    version: 1,
    name: header.name,
    description: readDescription(header.scenario),
    engine: header.engine,
    scenarioHash: header.scenarioHash,
    stateHash: header.stateHash,
    seed: header.seed,
    outcome: header.outcome,
    endTime: findEndTime(trace),
    frameRate: header.frameRate,
    frameCount: trajectory.frameCount,
    persons: {
      total: header.persons.length,
      out: personsOut.length,
      dead,
      unconscious,
      inside: notOut.length - dead - unconscious,
      injured: casualties.filter((casualty) => casualty.harm === 'injured').length,
    },
    evacuation: measureEvacuation(personsOut, header.persons.length),
    portals: measurePortals(trace),
    casualties,
    casualtyPlaces: countCasualtyPlaces(casualties),
    falls: countFalls(events),
    releases: measureReleases(trace),
    stages: measureStages(trace),
    notOut,
    notOutCounts: countNotOut(notOut),
    maps: mapCrowd(header.sheets, trajectory, { ...options, personRows }),
    chestLoad:
      sorted && sorted.length > 0
        ? {
            median: quantileOfSorted(sorted, 0.5),
            high95: quantileOfSorted(sorted, 0.95),
            highest: sorted[sorted.length - 1]!,
          }
        : null,
    loadedPersons: sorted ? sorted.filter((load) => load > HARM_LOAD).length : null,
    story: listNotableEvents(trace, personsOut, casualties),
    sheets: header.sheets,
    planPortals: header.portals,
    damage,
    scenario: header.scenario,
    varied: header.varied ?? null,
    sensitivity: options.sensitivity ?? null,
  };
}

function readDescription(scenario: unknown): string {
  const description = (scenario as { description?: unknown } | null | undefined)?.description;
  return typeof description === 'string' ? description : '';
}

function findEndTime(trace: Trace): number {
  if (trace.header.endTime > 0) return trace.header.endTime;
  let end = Math.max(0, trace.trajectory.frameCount - 1) / trace.trajectory.frameRate;
  for (const event of trace.events) if (event.t > end) end = event.t;
  return end;
}
