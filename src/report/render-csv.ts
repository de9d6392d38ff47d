import type { RunMeasures } from '../analysis/index.ts';

/**
 * One cell of a CSV file (RFC 4180): quoted where it must be. A text that a spreadsheet would take as a formula gets an
 * apostrophe in front.
 */
export function quoteCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** A table with its head (RFC 4180). */
export function makeTable(head: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return [head, ...rows].map((row) => `${row.map(quoteCell).join(',')}\r\n`).join('');
}

/** Evacuation curve, a line a person out: `time_s, out, person, exit`. */
export function renderCurveCsv(measures: RunMeasures): string {
  const { times, persons, exits } = measures.evacuation;
  return makeTable(
    ['time_s', 'out', 'person', 'exit'],
    times.map((t, k) => [t, k + 1, persons[k]!, exits[k]!]),
  );
}

/** Doors, exits and openings, a line a portal; units in the names of the columns, empty where there is no value. */
export function renderDoorsCsv(measures: RunMeasures): string {
  return makeTable(
    [
      'portal',
      'kind',
      'door',
      'exit',
      'link',
      'level',
      'width_m',
      'state_start',
      'state_end',
      'persons',
      'crossings_forward',
      'crossings_back',
      'first_s',
      'last_s',
      'flow_middle80_per_s',
      'flow_whole_per_s',
      'specific_flow_middle80_per_m_s',
      'specific_flow_whole_per_m_s',
      'gap_median_s',
      'gap_p90_s',
      'gap_max_s',
      'found_locked_persons',
      'found_locked_first_s',
      'gave_up_persons',
      'chest_load_peak_2m_N',
    ],
    measures.portals.map((portal) => [
      portal.id,
      portal.kind,
      portal.door,
      portal.exit,
      portal.link,
      measures.sheets[portal.sheet]?.id ?? null,
      portal.width,
      portal.states[0]?.state ?? null,
      portal.states[portal.states.length - 1]?.state ?? null,
      portal.persons,
      portal.forward,
      portal.back,
      portal.flow.first,
      portal.flow.last,
      portal.flow.flowMiddle,
      portal.flow.flowWhole,
      portal.flow.specificFlowMiddle,
      portal.flow.specificFlowWhole,
      portal.flow.gapMedian,
      portal.flow.gap90,
      portal.flow.gapMax,
      portal.tried,
      portal.firstTouch?.t ?? null,
      portal.gaveUp,
      portal.chestLoadPeak,
    ]),
  );
}

/** Waypoints, a line each; empty where there is no value. */
export function renderWaypointsCsv(measures: RunMeasures): string {
  return makeTable(
    [
      'waypoint',
      'level',
      'came',
      'served',
      'went_on',
      'left_out',
      'wait_mean_s',
      'wait_median_s',
      'wait_p90_s',
      'wait_max_s',
      'stay_mean_s',
      'stay_max_s',
      'line_longest_persons',
      'line_longest_at_s',
      'flow_per_s',
    ],
    measures.stages.waypoints.map(({ id, sheet, reached, served, left, skipped, waited, stayed, line, flow }) => [
      id,
      sheet === null ? null : (measures.sheets[sheet]?.id ?? null),
      reached,
      served,
      left,
      skipped,
      waited?.mean ?? null,
      waited?.median ?? null,
      waited?.high90 ?? null,
      waited?.longest ?? null,
      stayed?.mean ?? null,
      stayed?.longest ?? null,
      line?.persons ?? 0,
      line?.t ?? null,
      flow,
    ]),
  );
}
