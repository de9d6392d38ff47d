import { existsSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { SensitivityStudy } from '../analysis/index.ts';
import {
  applyVaried,
  canRunKernel,
  createRun,
  type EngineParts,
  HelperFailure,
  type KernelBuild,
  type PhaseTime,
  type Run,
  type RunResult,
  readSnapshotInfo,
  UNCERTAIN_PARAMETERS,
  type Varied,
} from '../engine/index.ts';
import { describeDoubt, formatSensitivity } from '../report/index.ts';
import { closestWord, type Issue } from '../scenario/index.ts';
import { encodeRunHeader, type RunHeader } from '../trace/index.ts';
import type { World } from '../world/index.ts';
import { writeAtomically } from './files.ts';
import { chooseThreads, type HelperThreads, startHelperThreads } from './helper-threads.ts';
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
import { findUnfitSeeds, readSeedCount, runSensitivity } from './sensitivity.ts';

export interface RunCommandOptions {
  readonly output?: string;
  readonly seed?: number;
  readonly time?: number;
  readonly force?: boolean;
  readonly report?: boolean;
  readonly validate?: boolean;
  readonly quiet?: boolean;
  /** Also runs the scenario at both ends of every uncertain parameter. */
  readonly sensitivity?: boolean;
  /** Seeds of that study, as typed. */
  readonly seeds?: string;
  /** Uncertain parameters to run at an end of their range, as typed: `threshold=low`. */
  readonly vary?: readonly string[];
  /** Says where the time went. */
  readonly profile?: boolean;
  /** Threads in all; `chooseThreads` by default. */
  readonly threads?: number;
  /** The build of the kernel; what the host can run by default. */
  readonly kernel?: KernelBuild;
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
    return refuse('crashbar run', [issue, ...checkStudyOptions(options)]);
  }
  const { file, scenario, world, issues } = readScenario(path, options);
  const wrong = [...checkStudyOptions(options), ...checkKernel(options)];
  if (scenario === undefined || world === undefined || wrong.length > 0) return refuse(file, [...wrong, ...issues]);
  const { count: seeds } = readSeedCount(options.seeds);
  const unfit = options.sensitivity === true ? findUnfitSeeds(scenario, seeds) : [];
  if (unfit.length > 0) return refuse(file, unfit);
  const seed = options.seed ?? scenario.settings.seed;
  const folder = options.output ?? join('runs', `${fileNameOf(scenario.name)}-${seed}`);
  if (!isFreeFolder(folder)) {
    const problem = describeOccupied(folder, options.force === true);
    if (problem !== undefined) return refuse(file, [problem]);
    clearRunFolder(folder);
  }
  if (issues.length > 0) process.stderr.write(`${formatIssues(issues)}\n${countIssues(issues)}.\n`);
  const varied = readVaried(options.vary ?? []).varied;
  const end = await simulate(world, folder, options, varied);
  if (options.sensitivity !== true || end.signal !== undefined) return describeEnd(end);
  const studyStarted = performance.now();
  const { study, signal } = await runSensitivity(scenario, folder, { seeds, quiet: options.quiet === true });
  const report = end.report === undefined ? undefined : (await import('./report-command.ts')).writeRunReport(folder);
  const wallTime = end.wallTime + (performance.now() - studyStarted) / 1000;
  return describeEnd({ ...end, report, wallTime, study, studySignal: signal });
}

/** Everything that is wrong with the options of a study, at once. */
function checkStudyOptions(options: RunCommandOptions): Issue[] {
  const issues: Issue[] = [];
  const { issue } = readSeedCount(options.seeds);
  if (issue !== undefined) issues.push(issue);
  if (options.seeds !== undefined && options.sensitivity !== true) {
    issues.push(errorIssue('seeds-alone', '--seeds', 'The number of seeds belongs to a study: add --sensitivity.'));
  }
  if (options.sensitivity === true && (options.vary ?? []).length > 0) {
    const message = 'A study varies every uncertain parameter by itself: leave --vary or --sensitivity out.';
    issues.push(errorIssue('vary-in-study', '--vary', message));
  }
  return [...issues, ...readVaried(options.vary ?? []).issues];
}

/** What is wrong with the build of the kernel that is asked for. */
function checkKernel({ kernel }: RunCommandOptions): Issue[] {
  if (kernel === undefined || canRunKernel(kernel)) return [];
  const message = 'This host has no WebAssembly SIMD: leave --kernel out, or choose scalar.';
  return [errorIssue('no-simd', '--kernel', message, { expected: 'scalar', found: kernel })];
}

/** The values that `--vary` asks for, or what is wrong with it. */
function readVaried(texts: readonly string[]): { readonly varied?: Varied; readonly issues: Issue[] } {
  const issues: Issue[] = [];
  const values: Record<string, number> = {};
  const seen = new Set<string>();
  for (const text of texts) {
    const [id, end, more] = text.split('=') as [string, string | undefined, string | undefined];
    const parameter = UNCERTAIN_PARAMETERS.find((candidate) => candidate.id === id);
    if (parameter === undefined || (end !== 'low' && end !== 'high') || more !== undefined) {
      const names = UNCERTAIN_PARAMETERS.map((candidate) => candidate.id);
      const meant = parameter?.id ?? closestWord(id, names);
      const hint = meant === undefined ? '' : ` Did you mean ${meant}=${end === 'low' ? 'low' : 'high'}?`;
      const what = parameter === undefined ? 'There is no such uncertain parameter.' : `${id} has no such end.`;
      const expected = `PARAMETER=low or PARAMETER=high, with one of ${names.join(', ')}`;
      issues.push(errorIssue('vary-wrong', '--vary', `${what}${hint}`, { expected, found: text }));
      continue;
    }
    if (seen.has(id)) issues.push(errorIssue('vary-twice', '--vary', `${id} is varied twice.`, { found: text }));
    seen.add(id);
    Object.assign(values, parameter[end]);
  }
  return { varied: seen.size === 0 ? undefined : values, issues };
}

/** `crashbar run --resume RUN`: goes on from the last snapshot, or from the start where none was written yet. */
export async function resumeRun(
  path: string | undefined,
  folder: string,
  options: RunCommandOptions,
): Promise<CommandOutcome> {
  const subject = `${folder}`;
  const bad = (code: string, message: string) => refuse(subject, [errorIssue(code, folder, message)]);
  const { sensitivity, seeds, vary } = options;
  const others = [path, options.seed, options.time, options.output, sensitivity, seeds];
  if (others.some((other) => other !== undefined) || (vary ?? []).length > 0) {
    const message =
      'A resumed run keeps its scenario, seed, parameters and folder: leave FILE, -o, --seed, --time, --vary, --sensitivity and --seeds out.';
    const issues = [errorIssue('resume-takes-no-more', folder, message), ...checkStudyOptions(options)];
    return refuse(subject, issues);
  }
  const [kernelIssue] = checkKernel(options);
  if (kernelIssue !== undefined) return refuse(subject, [kernelIssue]);
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
  const { unknown } = applyVaried(header.varied ?? {});
  if (unknown.length > 0) {
    const problem = `${folder}: this engine has no ${unknown.join(', ')}; resume the run with engine ${header.engine}.`;
    return fail(problem, { run: folder, problem });
  }
  const snapshot = readRunFile(folder, RUN_FILES.snapshot);
  if (snapshot.length === 0) {
    process.stderr.write(`${folder} has no snapshot yet: starting again from the beginning.\n`);
    return describeEnd(await simulate(world, folder, options, header.varied));
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
  const resumption = { snapshot, frameBytes: info.frameBytes, eventBytes: info.eventBytes };
  return describeEnd(await simulate(world, folder, options, header.varied, resumption));
}

interface Resumption {
  readonly snapshot: Uint8Array;
  readonly frameBytes: number;
  readonly eventBytes: number;
}

/** How a run ended, and the study behind it, if there was one. */
interface RunEnd {
  readonly folder: string;
  readonly header: RunHeader;
  readonly result: RunResult;
  readonly report: ReportSummary | undefined;
  readonly wallTime: number;
  /** Empty unless asked for. */
  readonly profile: readonly PhaseTime[];
  readonly signal: NodeJS.Signals | undefined;
  readonly study?: SensitivityStudy;
  readonly studySignal?: NodeJS.Signals;
}

async function simulate(
  world: World,
  folder: string,
  options: RunCommandOptions,
  varied: Varied | undefined,
  resumption?: Resumption,
): Promise<RunEnd> {
  const crew = startHelperThreads(options.threads ?? chooseThreads(world.personCount));
  try {
    return await simulateWith(crew, world, folder, options, varied, resumption);
  } catch (error) {
    if (!(error instanceof HelperFailure)) throw error;
    // What lies on disk is as after a kill: whole up to the last snapshot.
    const advice = `The run goes on from its last snapshot, on one thread, with: crashbar run --resume ${quote(folder)} --threads 1`;
    throw new HelperFailure(`${error.message}. ${advice}`);
  } finally {
    crew.close();
  }
}

async function simulateWith(
  crew: HelperThreads,
  world: World,
  folder: string,
  options: RunCommandOptions,
  varied: Varied | undefined,
  resumption?: Resumption,
): Promise<RunEnd> {
  unsealRun(folder);
  const sink = openFolderSink(folder, resumption?.frameBytes ?? 0, resumption?.eventBytes ?? 0);
  const saveSnapshot = (snapshot: Uint8Array) => {
    // The snapshot counts on these bytes, so they have to be on disk before it.
    sink.sync();
    writeAtomically(join(folder, RUN_FILES.snapshot), snapshot);
  };
  const parts: EngineParts = { ...applyVaried(varied ?? {}).parts, kernel: options.kernel };
  const run = createRun(
    world,
    {
      sink,
      resumeFrom: resumption?.snapshot,
      onSnapshot: saveSnapshot,
      validate: options.validate,
      helpers: crew.helpers,
      clock: options.profile === true ? () => performance.now() : undefined,
    },
    parts,
  );
  const saveHeader = (header: RunHeader) => writeAtomically(join(folder, RUN_FILES.header), encodeRunHeader(header));
  saveHeader(run.header);
  const started = performance.now();
  const signal = await advanceUntilDone(run, crew, options.quiet === true);
  // Before `finish`, whose closing event must not be part of what a resumed run builds on.
  if (signal !== undefined) saveSnapshot(run.snapshot());
  const { result, header } = run.finish();
  sink.sync();
  sink.close();
  saveHeader(header);
  sealRun(folder);
  const report = options.report === false ? undefined : (await import('./report-command.ts')).writeRunReport(folder);
  const wallTime = (performance.now() - started) / 1000;
  return { folder, header, result, report, wallTime, profile: run.profile(), signal };
}

/** Advances in slices until the run ends or a signal asks to stop, and returns that signal. Throws where a helper is lost. */
async function advanceUntilDone(run: Run, crew: HelperThreads, quiet: boolean): Promise<NodeJS.Signals | undefined> {
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
      const failure = crew.failure();
      if (failure !== undefined) throw new HelperFailure(failure);
    }
  } finally {
    display.stop();
    process.removeListener('SIGINT', onSignal);
    process.removeListener('SIGTERM', onSignal);
  }
}

/** The phases of a step as a table, greatest first. */
function formatProfile(profile: readonly PhaseTime[]): string {
  const total = profile.reduce((sum, { seconds }) => sum + seconds, 0);
  const rows = profile.map(({ phase, seconds, calls }) => {
    const share = `${((100 * seconds) / total).toFixed(1)} %`;
    return `${phase.padEnd(16)}${seconds.toFixed(3).padStart(10)} s${share.padStart(9)}${String(calls).padStart(10)} times`;
  });
  return [...rows, `${'in all'.padEnd(16)}${total.toFixed(3).padStart(10)} s`].join('\n');
}

function describeEnd(end: RunEnd): CommandOutcome {
  const { folder, header, result, report, wallTime, profile, signal, study, studySignal } = end;
  const persons = header.persons.length;
  const lines = [
    `${header.name}, seed ${header.seed}: ${OUTCOME_WORDS[result.outcome]} after ${result.endTime.toFixed(1)} s, ${result.out} of ${persons} out, ${result.injured} injured, ${result.unconscious} unconscious, ${result.dead} dead.`,
  ];
  if (report?.headline !== undefined) lines.push(report.headline);
  const uncertainty = describeDoubt(result, study ?? null);
  if (uncertainty !== '') lines.push(uncertainty);
  if (header.varied !== undefined) lines.push(`Not the standard model: ${JSON.stringify(header.varied)}`);
  if (study !== undefined && study.runs.length > 0) lines.push('', formatSensitivity(study), '');
  if (profile.length > 0) lines.push('', formatProfile(profile), '');
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
    ...(profile.length === 0 ? {} : { profile }),
    report: report?.file,
    uncertainty,
    ...(header.varied === undefined ? {} : { varied: header.varied }),
    ...(study === undefined ? {} : { sensitivity: study }),
  };
  if (signal !== undefined) {
    lines.push(`Stopped by ${signal}. It goes on with: crashbar run --resume ${quote(folder)}`);
    return fail(lines.join('\n'), { ...document, signal });
  }
  if (studySignal !== undefined && study !== undefined) {
    lines.push(
      `The study was stopped by ${studySignal}: ${study.runs.length} of ${study.planned} runs are in ${join(folder, RUN_FILES.sensitivity)}.`,
    );
    return fail(lines.join('\n'), { ...document, signal: studySignal });
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
  if (!statSync(folder).isDirectory()) {
    const message = 'There is a file of that name, and a run needs a folder. Choose another with -o.';
    return errorIssue('folder-taken', folder, message, { expected: 'a folder that is new or empty', found: 'a file' });
  }
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
