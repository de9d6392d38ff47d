import { dirname, join } from 'node:path';
import { type Expectations, judgeRun, readExpectations, type Verdict } from '../analysis/index.ts';
import { readInput } from './files.ts';
import { findStudyFile } from './find-study-file.ts';
import { type CommandOutcome, fail, refuse, succeed } from './outcome.ts';
import { createStudyDisplay } from './progress.ts';
import { readScenario } from './read-scenario.ts';
import { runInMemory, untilStopped } from './run-in-memory.ts';

export interface VerifyOptions {
  readonly seeds?: number;
  /** Seed of the first run (1); the others follow it. */
  readonly firstSeed?: number;
  readonly quiet?: boolean;
  /** Compares the variants of the scene instead. */
  readonly variants?: boolean;
}

/** Name of the expectations inside a scene's folder. */
const EXPECTATIONS_FILE = 'expectations.json';

/** How often one expectation held, and what its conditions found. */
interface Tally {
  readonly id: string;
  readonly what: string;
  readonly held: number;
  /** In how many it must hold. */
  readonly needed: number;
  /** Seeds in which it did not. */
  readonly failed: readonly number[];
  /** Median over seeds of each condition's number; null where it has none. */
  readonly medians: readonly (number | null)[];
}

/** `crashbar verify`: runs a scenario with many seeds and counts in how many what is expected of it comes out. */
export async function verifyExpectations(path: string, options: VerifyOptions): Promise<CommandOutcome> {
  const file = findStudyFile(path, EXPECTATIONS_FILE);
  const input = readInput(file);
  if (input.bytes === undefined) return refuse(file, input.issues);
  const { expectations, issues } = readExpectations(new TextDecoder().decode(input.bytes));
  if (expectations === undefined) return refuse(file, issues);
  const seeds = options.seeds ?? expectations.seeds;
  const firstSeed = options.firstSeed ?? 1;
  const groups = groupByScenario(expectations, dirname(file));
  for (const { scenario } of groups) {
    const checked = readScenario(scenario, { seed: firstSeed });
    if (checked.world === undefined) return refuse(checked.file, checked.issues);
  }

  const display = createStudyDisplay(options.quiet === true, seeds);
  const verdicts: Verdict[][] = [];
  const unfit = await untilStopped(async (isStopped) => {
    for (let place = 0; place < seeds && !isStopped(); place++) {
      const seed = firstSeed + place;
      display.start(place, `seed ${seed}`);
      const row: Verdict[] = [];
      for (const [k, { scenario, places }] of groups.entries()) {
        const done = await runInMemory(scenario, seed, {
          isStopped,
          onShare: (share) => display.update(place, (k + share) / groups.length),
        });
        if ('issue' in done) return { scenario, issue: done.issue };
        if (done.trace === undefined) return undefined;
        const beats = places.map((at) => expectations.beats[at] as Beat);
        judgeRun(done.trace, { beats }).forEach((one, at) => {
          row[places[at] as number] = one;
        });
      }
      verdicts.push(row);
    }
    return undefined;
  }).finally(display.stop);
  if (unfit !== undefined) return refuse(unfit.scenario, [unfit.issue]);
  return describe(file, expectations, verdicts, seeds, firstSeed);
}

type Beat = Expectations['beats'][number];

/** Scenario files that the expectations are about, with the places of those of each, in order of first mention. */
function groupByScenario(expectations: Expectations, folder: string): { scenario: string; places: number[] }[] {
  const groups = new Map<string, number[]>();
  expectations.beats.forEach(({ scenario }, at) => {
    const file = join(folder, scenario ?? expectations.scenario);
    const known = groups.get(file);
    if (known === undefined) groups.set(file, [at]);
    else known.push(at);
  });
  return [...groups].map(([scenario, places]) => ({ scenario, places }));
}

function tally(expectations: Expectations, verdicts: readonly Verdict[][], firstSeed: number): Tally[] {
  return expectations.beats.map(({ id, what, shown, least = expectations.least }, k) => {
    const own = verdicts.map((seed) => seed[k] as Verdict);
    return {
      id,
      what,
      held: own.filter(({ holds }) => holds).length,
      // with fewer seeds, the same share of them
      needed: Math.ceil((least / expectations.seeds) * verdicts.length),
      failed: own.flatMap(({ holds }, place) => (holds ? [] : [firstSeed + place])),
      medians: shown.map((_, c) => medianOf(own.map(({ findings }) => findings[c]?.value ?? null))),
    };
  });
}

function medianOf(values: readonly (number | null)[]): number | null {
  const numbers = values.filter((value): value is number => value !== null).sort((a, b) => a - b);
  return numbers.length === 0 ? null : (numbers[Math.floor((numbers.length - 1) / 2)] as number);
}

function describe(
  file: string,
  expectations: Expectations,
  verdicts: readonly Verdict[][],
  seeds: number,
  firstSeed: number,
): CommandOutcome {
  const rows = tally(expectations, verdicts, firstSeed);
  const run = verdicts.length;
  const needed = Math.ceil((expectations.least / expectations.seeds) * run);
  const wide = Math.max(...rows.map(({ id }) => id.length), 1);
  const lines = rows.map(({ id, what, held, needed: own, failed, medians }) => {
    const numbers = medians.map((value) => (value === null ? '–' : String(Math.round(1000 * value) / 1000))).join(', ');
    const where =
      failed.length === 0 ? '' : `, not with seed ${failed.slice(0, 5).join(', ')}${failed.length > 5 ? ', …' : ''}`;
    return `${held >= own ? 'pass' : 'FAIL'}  ${id.padEnd(wide)}  ${held}/${run}  ${what} (${numbers}${where})`;
  });
  const missed = rows.filter(({ held, needed: own }) => held < own);
  const count = `${rows.length - missed.length} of ${rows.length} expectations hold in ${needed} or more of ${run} seeds`;
  const cut = run < seeds ? `; stopped after ${run} of ${seeds} seeds` : '';
  const document = { file, name: expectations.name, firstSeed, seeds: run, needed, expectations: rows };
  const text = [
    ...lines,
    `${expectations.name}: ${count}${cut}. In brackets: the median of each condition's number.`,
  ].join('\n');
  return missed.length === 0 && run === seeds ? succeed(text, document) : fail(text, document);
}
