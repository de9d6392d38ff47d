import {
  rankParameters,
  SENSITIVITY_QUANTITIES,
  type SensitivityQuantity,
  type SensitivityRow,
  type SensitivityStudy,
  type Spread,
} from '../analysis/index.ts';
import { countOf, formatCount, formatNumber, formatTime, joinWords } from './format-value.ts';

/** Persons hurt, by worst harm. */
export interface HarmCounts {
  readonly injured: number;
  readonly unconscious: number;
  readonly dead: number;
}

/** What a casualty count rests on, in one sentence. @source docs/science.md, “How sure is that?” */
const RESTS_ON =
  'A casualty count is an order of magnitude: the lethal dose rests on two estimates of 1993 and one tolerance test, nobody has measured what 600 to 1100 N do to people for minutes, and how hard people push is a design value.';

const HARMS = ['dead', 'unconscious', 'injured'] as const;

/**
 * How sure the casualties of a run are, in whole sentences: with a sensitivity study its numbers, without one what the count rests
 * on and the command that gives the spread. Empty where nobody came to harm and no study was made.
 */
export function describeDoubt(counts: HarmCounts, study: SensitivityStudy | null): string {
  const hurt = counts.injured + counts.unconscious + counts.dead > 0;
  if (study === null || study.runs.length === 0) {
    return hurt ? `${RESTS_ON} The spread: crashbar run FILE --sensitivity` : '';
  }
  const over = `Over ${countOf(study.parameters.length, 'uncertain parameter', 'uncertain parameters')} at both ends of their ranges, one at a time, and ${countOf(study.seeds.length, 'seed', 'seeds')}`;
  const extent =
    study.runs.length < study.planned
      ? ` (stopped after ${formatCount(study.runs.length)} of ${formatCount(study.planned)} runs)`
      : ` (${formatCount(study.planned)} runs)`;
  const ranges = joinWords(HARMS.map((harm) => `${describeRange(study.all[harm])} ${harm}`));
  const told = HARMS.map((harm) => rankParameters(study, harm)).find((ranked) => ranked.length > 0);
  const most = told?.[0] === undefined ? '' : ` Most depends on the ${told[0].parameter.name}.`;
  return `${over}${extent}: ${ranges}.${most}${hurt || HARMS.some((harm) => (study.all[harm]?.max ?? 0) > 0) ? ` ${RESTS_ON}` : ''}`;
}

/** The same as a few words behind a headline; empty where nobody came to harm, in the run or in its study. */
export function shortenDoubt(counts: HarmCounts, study: SensitivityStudy | null): string {
  const hurt = counts.injured + counts.unconscious + counts.dead > 0;
  if (study === null || study.runs.length === 0) return hurt ? '; casualties are an order of magnitude' : '';
  const moved = HARMS.filter((harm) => (study.all[harm]?.max ?? 0) > 0);
  if (moved.length === 0) return hurt ? '; casualties are an order of magnitude' : '';
  const ranges = moved.map((harm) => `${describeRange(study.all[harm])} ${harm}`);
  return `; over the uncertain parameters ${joinWords(ranges)}`;
}

/** `3`, or `0 to 6`. */
function describeRange(spread: Spread | null): string {
  if (spread === null) return '–';
  if (spread.min === spread.max) return formatCount(spread.min);
  return `${formatCount(spread.min)} to ${formatCount(spread.max)}`;
}

/** Column heads of a study's table, with units. */
export const SENSITIVITY_HEADS: Readonly<Record<SensitivityQuantity, string>> = {
  injured: 'Injured',
  unconscious: 'Unconscious',
  dead: 'Dead',
  evacuationTime: 'All out after',
  chestLoad: 'Greatest chest load',
};

/** What one line of a study is about: the parameter's name, and its value there. */
export function nameSensitivityRow(study: SensitivityStudy, row: SensitivityRow): readonly [string, string] {
  const parameter = study.parameters.find(({ id }) => id === row.parameter);
  if (parameter === undefined) return ['standard', ''];
  return [parameter.name, parameter.values[row.end === 'low' ? 0 : row.end === 'high' ? 2 : 1]];
}

/** Mean over the seeds and its range: `1.7 (0 – 4)`; one number where all are the same. */
export function formatSpread(quantity: SensitivityQuantity, spread: Spread | null, runs: number): string {
  if (spread === null) return 'not all out';
  const format = (value: number): string => formatQuantity(quantity, value);
  const text =
    spread.min === spread.max
      ? format(spread.mean)
      : `${format(spread.mean)} (${format(spread.min)} – ${format(spread.max)})`;
  return spread.count < runs ? `${text}, in ${spread.count} of ${runs}` : text;
}

/** Range over all runs of a study: a mean over ends that are no sample of anything would say nothing. */
export function formatRange(quantity: SensitivityQuantity, spread: Spread | null, runs: number): string {
  if (spread === null) return 'not all out';
  const [min, max] = [formatQuantity(quantity, spread.min), formatQuantity(quantity, spread.max)];
  const text = min === max ? min : `${min} – ${max}`;
  return spread.count < runs ? `${text}, in ${spread.count} of ${runs}` : text;
}

function formatQuantity(quantity: SensitivityQuantity, value: number): string {
  if (quantity === 'evacuationTime') return formatTime(value);
  if (quantity === 'chestLoad') return `${formatNumber(value, 4)} N`;
  return Number.isInteger(value) ? formatCount(value) : value.toFixed(1);
}

/** A study as a table of plain text for a terminal: a line for the standard, two for each parameter, one for all runs. */
export function formatSensitivity(study: SensitivityStudy): string {
  const lines: string[][] = [['', '', ...SENSITIVITY_QUANTITIES.map((quantity) => SENSITIVITY_HEADS[quantity])]];
  for (const row of study.rows) {
    const cells = SENSITIVITY_QUANTITIES.map((quantity) => formatSpread(quantity, row.spreads[quantity], row.runs));
    lines.push([...nameSensitivityRow(study, row), ...cells]);
  }
  const all = SENSITIVITY_QUANTITIES.map((quantity) => formatRange(quantity, study.all[quantity], study.runs.length));
  lines.push(['all runs', '', ...all]);
  const widths = lines[0].map((_, k) => Math.max(...lines.map((cells) => cells[k].length)));
  const table = lines.map((cells) =>
    cells
      .map((cell, k) => cell.padEnd(widths[k]))
      .join('  ')
      .trimEnd(),
  );
  const seeds = countOf(study.seeds.length, 'seed', 'seeds');
  return `Sensitivity, mean over ${seeds} (range), one parameter at a time:\n${table.join('\n')}`;
}
