import { dirname, join } from 'node:path';
import {
  compareVariants,
  judgeCondition,
  readVariants,
  type VariantCell,
  type Variants,
  type VariantTable,
} from '../analysis/index.ts';
import { readInput } from './files.ts';
import { findStudyFile } from './find-study-file.ts';
import { type CommandOutcome, errorIssue, fail, refuse, succeed } from './outcome.ts';
import { createStudyDisplay } from './progress.ts';
import { readScenario } from './read-scenario.ts';
import { runInMemory, untilStopped } from './run-in-memory.ts';
import type { VerifyOptions } from './verify-command.ts';

/** Name of the variants inside a scene's folder. */
const VARIANTS_FILE = 'variants.json';

/** `crashbar verify --variants`: runs a scene's variants with the same seeds and compares them by measures, with intervals. */
export async function verifyVariants(path: string, options: VerifyOptions): Promise<CommandOutcome> {
  const file = findStudyFile(path, VARIANTS_FILE);
  const input = readInput(file);
  if (input.bytes === undefined) return refuse(file, input.issues);
  const { variants, issues } = readVariants(new TextDecoder().decode(input.bytes));
  if (variants === undefined) return refuse(file, issues);
  const seeds = options.seeds ?? variants.seeds;
  const firstSeed = options.firstSeed ?? 1;
  if (seeds < 2) {
    const message = 'An interval takes two seeds or more.';
    return refuse(file, [errorIssue('out-of-range', '--seeds', message, { expected: '≥ 2', found: String(seeds) })]);
  }
  const files = variants.scenarios.map((one) => join(dirname(file), one.file));
  for (const scenarioFile of files) {
    const checked = readScenario(scenarioFile, { seed: firstSeed });
    if (checked.world === undefined) return refuse(checked.file, checked.issues);
  }

  const display = createStudyDisplay(options.quiet === true, seeds * files.length);
  const found: (number | null)[][][] = files.map(() => variants.measures.map(() => []));
  let ran = 0;
  const unfit = await untilStopped(async (isStopped) => {
    // seed by seed, so that a study that is stopped has equal seeds of every variant
    for (let place = 0; place < seeds; place++) {
      const seed = firstSeed + place;
      const ofSeed: (number | null)[][] = [];
      for (const [s, scenarioFile] of files.entries()) {
        if (isStopped()) return undefined;
        const number = place * files.length + s;
        display.start(number, `seed ${seed}, ${variants.scenarios[s]?.file}`);
        const done = await runInMemory(scenarioFile, seed, {
          isStopped,
          onShare: (share) => display.update(number, share),
        });
        if ('issue' in done) return { file: scenarioFile, issue: done.issue };
        const { trace } = done;
        if (trace === undefined) return undefined;
        ofSeed.push(variants.measures.map(({ shown }) => judgeCondition(trace, shown).value));
      }
      for (const [s, row] of ofSeed.entries()) {
        for (const [m, value] of row.entries()) found[s]?.[m]?.push(value);
      }
      ran = place + 1;
    }
    return undefined;
  }).finally(display.stop);
  if (unfit !== undefined) return refuse(unfit.file, [unfit.issue]);
  if (ran === 0) return fail('Stopped before one seed had run with every variant.', { file, seeds: 0 });
  return describe(file, variants, compareVariants(variants, found), ran, seeds);
}

function describe(
  file: string,
  { name, measures }: Variants,
  { rows, verdicts }: VariantTable,
  ran: number,
  seeds: number,
): CommandOutcome {
  const header = ['variant', ...measures.map(({ id, unit }) => (unit === undefined ? id : `${id} [${unit}]`)), ''];
  const table = layOut([header, ...rows.map(({ file, what, cells }) => [file, ...cells.map(describeCell), what])]);
  const judged = verdicts.map(
    ({ measure, of, holds, asked, found }) => `${holds ? 'pass' : 'FAIL'}  ${of}: ${measure} ${asked}; found ${found}`,
  );
  const missed = verdicts.filter(({ holds }) => !holds);
  const cut = ran < seeds ? `; stopped after ${ran} of ${seeds} seeds` : '';
  const text = [
    ...table,
    '',
    ...measures.map(({ id, what }) => `${id}: ${what}`),
    `Mean over ${ran} seeds ± 95 % interval, median (least … most).`,
    '',
    ...judged,
    `${name}: ${verdicts.length - missed.length} of ${verdicts.length} comparisons come out${cut}.`,
  ].join('\n');
  const document = { file, name, seeds: ran, variants: rows, comparisons: verdicts };
  return missed.length === 0 && ran === seeds ? succeed(text, document) : fail(text, document);
}

function describeCell({ count, mean, half, median, min, max }: VariantCell): string {
  if (mean === null || median === null || min === null || max === null) return '–';
  const digits = (value: number): string => value.toFixed(Number.isInteger(value) ? 0 : value >= 20 ? 1 : 2);
  const seeds = count === 1 ? ', 1 seed' : '';
  const interval = half === null ? '' : ` ± ${half.toFixed(mean >= 20 ? 1 : 2)}`;
  return `${mean.toFixed(mean >= 20 ? 1 : 2)}${interval}, ${digits(median)} (${digits(min)} … ${digits(max)})${seeds}`;
}

/** Rows of a table with columns of equal width. */
function layOut(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
