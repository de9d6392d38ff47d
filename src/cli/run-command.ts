import { existsSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createRun, type Run, type RunResult, readSnapshotInfo } from '../engine/index.ts';
import { encodeRunHeader, type RunHeader } from '../trace/index.ts';
import type { World } from '../world/index.ts';
import { writeAtomically } from './files.ts';
import type { CommandOutcome } from './outcome.ts';
import { countIssues, errorIssue, fail, formatIssues, refuse, succeed } from './outcome.ts';
import { createProgressDisplay } from './progress.ts';
import { readRunHeader } from './read-run.ts';
import { compileScenario, readScenario } from './read-scenario.ts';
import type { ReportSummary } from './report-command.ts';
import {
  clearRunFolder,
  isFreeFolder,
  isRunFolder,
  openFolderSink,
  RUN_FILES,
  readRunFile,
  sealRun,
  unsealRun,
} from './run-folder.ts';

export interface RunCommandOptions {
  readonly output?: string;
  readonly seed?: number;
  readonly time?: number;
  readonly force?: boolean;
  readonly report?: boolean;
  readonly validate?: boolean;
  readonly quiet?: boolean;
}

/** How long a slice of the run may take before progress is shown and signals are heard [ms]. */
const SLICE_MS = 60;

/** `crashbar run FILE`: simulates a scenario into a folder of its own. */
export async function runScenario(path: string | undefined, options: RunCommandOptions): Promise<CommandOutcome> {
  if (path === undefined) {
    const issue = errorIssue(
      'no-scenario',
      'FILE',
      'Name the scenario to run, or the run to go on with: --resume RUN.',
    );
    return refuse('crashbar run', [issue]);
  }
  const { file, scenario, world, issues } = readScenario(path, options);
  if (scenario === undefined || world === undefined) return refuse(file, issues);
  const seed = options.seed ?? scenario.settings.seed;
  const folder = options.output ?? join('runs', `${fileNameOf(scenario.name)}-${seed}`);
  if (!isFreeFolder(folder)) {
    const problem = describeOccupied(folder, options.force === true);
    if (problem !== undefined) return refuse(file, [problem]);
    clearRunFolder(folder);
  }
  if (issues.length > 0) process.stderr.write(`${formatIssues(issues)}\n${countIssues(issues)}.\n`);
  return simulate(world, folder, options);
}

/** `crashbar run --resume RUN`: goes on from the last snapshot, or from the start where none was written yet. */
export async function resumeRun(
  path: string | undefined,
  folder: string,
  options: RunCommandOptions,
): Promise<CommandOutcome> {
  const subject = `${folder}`;
  const bad = (code: string, message: string) => refuse(subject, [errorIssue(code, folder, message)]);
  if (path !== undefined || options.seed !== undefined || options.time !== undefined || options.output !== undefined) {
    return bad(
      'resume-takes-no-more',
      'A resumed run keeps its scenario, seed and folder: leave FILE, -o, --seed and --time out.',
    );
  }
  if (!isRunFolder(folder)) return bad('no-run', `This is not a run’s folder: it has no ${RUN_FILES.header}.`);
  const read = readRunHeader(folder);
  if (read.header === undefined)
    return fail(`${folder}: ${read.damage.join(' ')}`, { run: folder, damage: read.damage });
  const header = read.header;
  if (header.outcome !== 'running' && header.outcome !== 'interrupted') {
    return bad('run-has-ended', `This run has ended (${header.outcome}); there is nothing to go on with.`);
  }
  const { world, issues } = compileScenario(new TextEncoder().encode(JSON.stringify(header.scenario)), {
    seed: header.seed,
  });
  if (world === undefined) return refuse(`${join(folder, RUN_FILES.header)}: the scenario in it`, issues);
  const snapshot = readRunFile(folder, RUN_FILES.snapshot);
  if (snapshot.length === 0) {
    process.stderr.write(`${folder} has no snapshot yet: starting again from the beginning.\n`);
    return simulate(world, folder, options);
  }
  const { info, problem: fault } = readSnapshotInfo(snapshot);
  if (info === undefined) {
    const problem = `${join(folder, RUN_FILES.snapshot)} cannot be used: ${fault}.`;
    return fail(problem, { run: folder, problem });
  }
  const differs = findMismatch(header, info);
  if (differs !== undefined) return fail(`${folder}: ${differs}`, { run: folder, problem: differs });
  for (const [name, needed] of [
    [RUN_FILES.frames, info.frameBytes],
    [RUN_FILES.events, info.eventBytes],
  ] as const) {
    const file = join(folder, name);
    const size = existsSync(file) ? statSync(file).size : 0;
    if (size >= needed) continue;
    const problem = `${file} has ${size} bytes, but had ${needed} when the snapshot was taken: part of it is lost.`;
    return fail(problem, { run: folder, problem });
  }
  return simulate(world, folder, options, { snapshot, frameBytes: info.frameBytes, eventBytes: info.eventBytes });
}

interface Resumption {
  readonly snapshot: Uint8Array;
  readonly frameBytes: number;
  readonly eventBytes: number;
}

async function simulate(
  world: World,
  folder: string,
  options: RunCommandOptions,
  resumption?: Resumption,
): Promise<CommandOutcome> {
  unsealRun(folder);
  const sink = openFolderSink(folder, resumption?.frameBytes ?? 0, resumption?.eventBytes ?? 0);
  const saveSnapshot = (snapshot: Uint8Array) => {
    // The snapshot counts on these bytes, so they have to be on disk before it.
    sink.sync();
    writeAtomically(join(folder, RUN_FILES.snapshot), snapshot);
  };
  const run = createRun(world, {
    sink,
    resumeFrom: resumption?.snapshot,
    onSnapshot: saveSnapshot,
    validate: options.validate,
  });
  const saveHeader = (header: RunHeader) => writeAtomically(join(folder, RUN_FILES.header), encodeRunHeader(header));
  saveHeader(run.header);
  const started = performance.now();
  const signal = await advanceUntilDone(run, options.quiet === true);
  // Before `finish`, whose closing event must not be part of what a resumed run builds on.
  if (signal !== undefined) saveSnapshot(run.snapshot());
  const { result, header } = run.finish();
  sink.sync();
  sink.close();
  saveHeader(header);
  sealRun(folder);
  const report = options.report === false ? undefined : (await import('./report-command.ts')).writeRunReport(folder);
  const wallTime = (performance.now() - started) / 1000;
  return describeEnd(folder, header, result, report, wallTime, signal);
}

/** Advances in slices until the run ends or a signal asks to stop, and returns that signal. */
async function advanceUntilDone(run: Run, quiet: boolean): Promise<NodeJS.Signals | undefined> {
  let signal: NodeJS.Signals | undefined;
  const onSignal = (name: NodeJS.Signals) => {
    signal = name;
  };
  // `once`: a second Ctrl-C ends the process at once, as it would without us.
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  const display = createProgressDisplay(quiet);
  let ticks = 1;
  try {
    for (;;) {
      const before = performance.now();
      const done = run.advance(ticks);
      const took = performance.now() - before;
      display.update(run.progress());
      if (done) return undefined;
      ticks = Math.max(1, Math.min(100, Math.round((ticks * SLICE_MS) / Math.max(1, took))));
      await new Promise((resolve) => setImmediate(resolve));
      if (signal !== undefined) return signal;
    }
  } finally {
    display.stop();
    process.removeListener('SIGINT', onSignal);
    process.removeListener('SIGTERM', onSignal);
  }
}

function describeEnd(
  folder: string,
  header: RunHeader,
  result: RunResult,
  report: ReportSummary | undefined,
  wallTime: number,
  signal: NodeJS.Signals | undefined,
): CommandOutcome {
  const persons = header.persons.length;
  const lines = [
    `${header.name}, seed ${header.seed}: ${OUTCOME_WORDS[result.outcome]} after ${result.endTime.toFixed(1)} s, ${result.out} of ${persons} out, ${result.injured} injured, ${result.unconscious} unconscious, ${result.dead} dead.`,
  ];
  if (report?.headline !== undefined) lines.push(report.headline);
  lines.push(`state hash ${result.stateHash}, ${wallTime.toFixed(1)} s on the wall`);
  if (report?.file !== undefined) lines.push(`report ${report.file}`);
  if (report?.problem !== undefined) lines.push(`no report: ${report.problem}`);
  lines.push(`run ${folder}`);
  const document = {
    run: folder,
    name: header.name,
    seed: header.seed,
    persons,
    ...result,
    wallTime,
    report: report?.file,
  };
  if (signal !== undefined) {
    lines.push(`Stopped by ${signal}. It goes on with: crashbar run --resume ${quote(folder)}`);
    return fail(lines.join('\n'), { ...document, signal });
  }
  if (report?.problem !== undefined) return fail(lines.join('\n'), document);
  return succeed(lines.join('\n'), document);
}

const OUTCOME_WORDS = {
  running: 'under way',
  'everyone-out': 'everyone out',
  stalled: 'stalled, nobody got nearer to an exit,',
  'time-over': 'time over',
  interrupted: 'interrupted',
} as const;

/** Why a folder that is not empty cannot take a run, or nothing where `--force` may replace the run in it. */
function describeOccupied(folder: string, force: boolean) {
  if (!isRunFolder(folder)) {
    const message = 'The folder is not empty and holds no run, so nothing in it is replaced. Choose another with -o.';
    return errorIssue('folder-taken', folder, message);
  }
  if (force) return undefined;
  const message =
    'There is a run already. Choose another folder with -o, replace it with --force, or go on with it: --resume.';
  return errorIssue('run-exists', folder, message);
}

/** Why a snapshot does not belong to a run, or nothing. */
function findMismatch(
  header: RunHeader,
  info: { readonly engine: string; readonly scenarioHash: string; readonly seed: number },
): string | undefined {
  if (info.engine !== header.engine) {
    return `the snapshot was taken by engine ${info.engine}, the run began with ${header.engine}; resume it with the version that began it.`;
  }
  if (info.scenarioHash !== header.scenarioHash) return 'the snapshot belongs to another scenario.';
  if (info.seed !== header.seed) return `the snapshot belongs to seed ${info.seed}, the run to seed ${header.seed}.`;
  return undefined;
}

/** A scenario's name as part of a path: lower case letters, digits and hyphens. */
export function fileNameOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80);
  return plain === '' ? 'scenario' : plain;
}

function quote(path: string): string {
  const short = relative(process.cwd(), path) || path;
  return /^[\w./-]+$/.test(short) ? short : JSON.stringify(short);
}
