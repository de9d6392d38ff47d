import type { Variants } from './expectations.ts';
import { meanInterval } from './mean-interval.ts';
import { quantileOfSorted } from './quantile.ts';

/** What the seeds of one scenario gave for one measure; numbers are null where no seed gave any. */
export interface VariantCell {
  readonly measure: string;
  readonly count: number;
  readonly mean: number | null;
  /** Half of the 95 % interval of the mean; null for fewer than two numbers. */
  readonly half: number | null;
  readonly median: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

export interface VariantVerdict {
  readonly measure: string;
  readonly of: string;
  readonly holds: boolean;
  /** What was asked, and what was found. */
  readonly asked: string;
  readonly found: string;
}

export interface VariantTable {
  readonly rows: readonly { readonly file: string; readonly what: string; readonly cells: readonly VariantCell[] }[];
  readonly verdicts: readonly VariantVerdict[];
}

/**
 * Compares scenarios by measures. `found[s][m][k]` is what scenario s gave for measure m with seed k + 1; null where nothing was there to be measured.
 * Intervals are of means, 95 %, by Student's t. One scenario is `below` another where the interval of the mean difference, seed by seed, lies
 * below 0: the seeds are the same, and so are people's traits and much of what happens to them.
 */
export function compareVariants(
  { measures, scenarios, expect }: Pick<Variants, 'measures' | 'scenarios' | 'expect'>,
  found: readonly (readonly (readonly (number | null)[])[])[],
): VariantTable {
  const valuesOf = (file: string, measure: string): readonly (number | null)[] =>
    found[scenarios.findIndex((one) => one.file === file)]![measures.findIndex(({ id }) => id === measure)]!;
  return {
    rows: scenarios.map(({ file, what }) => ({
      file,
      what,
      cells: measures.map(({ id }) => summarise(id, valuesOf(file, id))),
    })),
    verdicts: expect.map(({ measure, of, below, median, always }): VariantVerdict => {
      const values = valuesOf(of, measure);
      const cell = summarise(measure, values);
      const asked: string[] = [];
      const answers: string[] = [];
      let holds = true;
      if (below !== undefined) {
        const others = valuesOf(below, measure);
        const pairs = values.flatMap((value, k) => {
          const other = others[k] ?? null;
          return value === null || other === null ? [] : [value - other];
        });
        const { mean, half } = meanInterval(pairs);
        holds &&= mean + half < 0;
        asked.push(`less than ${below}`);
        answers.push(pairs.length < 2 ? 'nothing to compare' : `${show(mean)} ± ${show(half)}`);
      }
      if (median !== undefined) {
        holds &&= cell.median !== null && isWithin(cell.median, median);
        asked.push(`median ${describeBounds(median)}`);
        answers.push(`median ${cell.median === null ? '–' : show(cell.median)}`);
      }
      if (always !== undefined) {
        holds &&= values.every((value) => value !== null && isWithin(value, always));
        asked.push(`always ${describeBounds(always)}`);
        answers.push(cell.min === null ? 'nothing' : `${show(cell.min)} … ${show(cell.max!)}`);
      }
      return { measure, of, holds, asked: asked.join(', '), found: answers.join(', ') };
    }),
  };
}

function summarise(measure: string, values: readonly (number | null)[]): VariantCell {
  const numbers = values.filter((value): value is number => value !== null).sort((a, b) => a - b);
  if (numbers.length === 0) return { measure, count: 0, mean: null, half: null, median: null, min: null, max: null };
  const { mean, half } = meanInterval(numbers);
  return {
    measure,
    count: numbers.length,
    mean,
    half: Number.isNaN(half) ? null : half,
    median: quantileOfSorted(numbers, 0.5),
    min: numbers[0]!,
    max: numbers.at(-1)!,
  };
}

interface Bounds {
  readonly least?: number;
  readonly most?: number;
}

function isWithin(value: number, { least, most }: Bounds): boolean {
  return !(least !== undefined && value < least) && !(most !== undefined && value > most);
}

function describeBounds({ least, most }: Bounds): string {
  if (least !== undefined && least === most) return show(least);
  return [least === undefined ? '' : `≥ ${show(least)}`, most === undefined ? '' : `≤ ${show(most)}`].join(' ').trim();
}

/** Two decimals at most. */
function show(value: number): string {
  return String(Math.round(100 * value) / 100);
}
