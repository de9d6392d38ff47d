import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Expectations, judgeRun, readExpectations, type Verdict } from '../analysis/index.ts';
import { createRun } from '../engine/index.ts';
import { readTrace } from '../trace/index.ts';
import { readInput } from './files.ts';
import { type CommandOutcome, errorIssue, fail, refuse, succeed } from './outcome.ts';
import { createStudyDisplay } from './progress.ts';
import { readScenario } from './read-scenario.ts';

export interface VerifyOptions {
  readonly seeds?: number;
  readonly quiet?: boolean;
}

/** Name of the expectations inside a scene's folder. */
const EXPECTATIONS_FILE = 'expectations.json';
/** Simulated tenths of a second between two looks for Ctrl-C. */
const SLICE_TICKS = 20;

/** How often one expectation held, and what its conditions found. */
interface Tally {
  readonly id: string;
  readonly what: string;
  readonly held: number;
  /** Seeds in which it did not. */
  readonly failed: readonly number[];
  /** Median over seeds of each condition's number; null where it has none. */
  readonly medians: readonly (number | null)[];
}

/** `crashbar verify`: runs a scenario with many seeds and counts in how many what is expected of it comes out. */
export async function verifyExpectations(path: string, options: VerifyOptions): Promise<CommandOutcome> {
  const isFolder = existsSync(path) && statSync(path).isDirectory();
  const file = isFolder ? join(path, EXPECTATIONS_FILE) : existsSync(path) ? path : (findInGallery(path) ?? path);
  const input = readInput(file);
  if (input.bytes === undefined) return refuse(file, input.issues);
  const { expectations, issues } = readExpectations(new TextDecoder().decode(input.bytes));
  if (expectations === undefined) return refuse(file, issues);
  const scenarioFile = join(dirname(file), expectations.scenario);
  const seeds = options.seeds ?? expectations.seeds;
  const checked = readScenario(scenarioFile, { seed: 1 });
  if (checked.world === undefined) return refuse(checked.file, checked.issues);

  let stopped = false;
  const stop = (): void => {
    stopped = true;
  };
  process.once('SIGINT', stop);
  const display = createStudyDisplay(options.quiet === true, seeds);
  const verdicts: Verdict[][] = [];
  try {
    for (let seed = 1; seed <= seeds && !stopped; seed++) {
      display.start(seed - 1, `seed ${seed}`);
      const verdict = await judgeSeed(scenarioFile, seed, expectations, {
        isStopped: () => stopped,
        onShare: (share) => display.update(seed - 1, share),
      });
      if ('issue' in verdict) return refuse(scenarioFile, [verdict.issue]);
      if (verdict.verdicts !== undefined) verdicts.push(verdict.verdicts);
    }
  } finally {
    display.stop();
    process.removeListener('SIGINT', stop);
  }
  return describe(file, expectations, verdicts, seeds);
}

/** The file of the gallery, beside `src` and `dist` alike, whose expectations have a name. */
function findInGallery(name: string): string | undefined {
  const gallery = fileURLToPath(new URL('../../scenarios', import.meta.url));
  if (!existsSync(gallery)) return undefined;
  const files = readdirSync(gallery).map((scene) => join(gallery, scene, EXPECTATIONS_FILE));
  return files.find(
    (file) => existsSync(file) && readExpectations(readFileSync(file, 'utf8')).expectations?.name === name,
  );
}

async function judgeSeed(
  file: string,
  seed: number,
  expectations: Expectations,
  watch: { readonly isStopped: () => boolean; readonly onShare: (share: number) => void },
): Promise<{ readonly verdicts?: Verdict[] } | { readonly issue: ReturnType<typeof errorIssue> }> {
  const { world, issues } = readScenario(file, { seed });
  if (world === undefined) {
    const first = issues.find(({ severity }) => severity === 'error')?.message ?? 'it cannot be compiled';
    return { issue: errorIssue('seed-unfit', 'seeds', `With seed ${seed} the scenario cannot be run: ${first}`) };
  }
  const parts: Record<string, Uint8Array[]> = { 'frames.bin': [], 'events.ndjson': [] };
  const run = createRun(world, { sink: { append: (name, bytes) => void parts[name]?.push(bytes.slice()) } });
  while (!run.advance(SLICE_TICKS)) {
    const { time, endTime, out, persons } = run.progress();
    watch.onShare(Math.max(out / persons, time / endTime));
    await new Promise((resolve) => setImmediate(resolve));
    if (watch.isStopped()) return {};
  }
  const { header } = run.finish();
  const { trace } = readTrace({
    run: new TextEncoder().encode(JSON.stringify(header)),
    frames: join8(parts['frames.bin'] ?? []),
    events: join8(parts['events.ndjson'] ?? []),
  });
  if (trace === undefined) throw new Error('the trace of a run just made cannot be read');
  return { verdicts: judgeRun(trace, expectations) };
}

function join8(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function tally(expectations: Expectations, verdicts: readonly Verdict[][]): Tally[] {
  return expectations.beats.map(({ id, what, shown }, k) => {
    const own = verdicts.map((seed) => seed[k] as Verdict);
    return {
      id,
      what,
      held: own.filter(({ holds }) => holds).length,
      failed: own.flatMap(({ holds }, seed) => (holds ? [] : [seed + 1])),
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
): CommandOutcome {
  const rows = tally(expectations, verdicts);
  const run = verdicts.length;
  // with fewer seeds, the same share of them
  const needed = Math.ceil((expectations.least / expectations.seeds) * run);
  const wide = Math.max(...rows.map(({ id }) => id.length), 1);
  const lines = rows.map(({ id, what, held, failed, medians }) => {
    const numbers = medians.map((value) => (value === null ? '–' : String(Math.round(1000 * value) / 1000))).join(', ');
    const where =
      failed.length === 0 ? '' : `, not with seed ${failed.slice(0, 5).join(', ')}${failed.length > 5 ? ', …' : ''}`;
    return `${held >= needed ? 'pass' : 'FAIL'}  ${id.padEnd(wide)}  ${held}/${run}  ${what} (${numbers}${where})`;
  });
  const missed = rows.filter(({ held }) => held < needed);
  const count = `${rows.length - missed.length} of ${rows.length} expectations hold in ${needed} or more of ${run} seeds`;
  const cut = run < seeds ? `; stopped after ${run} of ${seeds} seeds` : '';
  const document = { file, name: expectations.name, seeds: run, needed, expectations: rows };
  const text = [
    ...lines,
    `${expectations.name}: ${count}${cut}. In brackets: the median of each condition's number.`,
  ].join('\n');
  return missed.length === 0 && run === seeds ? succeed(text, document) : fail(text, document);
}
