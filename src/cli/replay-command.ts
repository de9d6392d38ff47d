import { applyVaried, createRun, type EngineParts, type Helper } from '../engine/index.ts';
import type { Trace, TraceEvent } from '../trace/index.ts';
import type { World } from '../world/index.ts';
import { chooseThreads, startHelperThreads } from './helper-threads.ts';
import type { CommandOutcome } from './outcome.ts';
import { fail, refuse, succeed } from './outcome.ts';
import { createProgressDisplay } from './progress.ts';
import { findMissing, readRun } from './read-run.ts';
import { compileScenario } from './read-scenario.ts';

/** Decision intervals between two looks at the hashes: one simulated second. */
const TICKS_PER_LOOK = 10;

export interface ReplayOptions {
  readonly quiet?: boolean;
  /** Threads in all; `chooseThreads` by default. */
  readonly threads?: number;
}

/** `crashbar replay`: runs the recorded scenario again and compares state hashes second by second. */
export async function replayRun(folder: string, options: ReplayOptions): Promise<CommandOutcome> {
  const missing = findMissing(folder);
  if (missing !== undefined) return missing;
  const read = readRun(folder, true);
  if ('outcome' in read) return read.outcome;
  const { header } = read.trace;
  const { world, issues } = compileScenario(new TextEncoder().encode(JSON.stringify(header.scenario)), {
    seed: header.seed,
  });
  if (world === undefined) return refuse(`${folder}: the scenario of the run`, issues);

  const { parts, unknown } = applyVaried(header.varied ?? {});
  if (unknown.length > 0) {
    const problem = `${folder}: this engine has no ${unknown.join(', ')}; the run was made by engine ${header.engine}.`;
    return fail(problem, { run: folder, problem });
  }
  const crew = startHelperThreads(options.threads ?? chooseThreads(world.personCount));
  try {
    return compareWithRecord(folder, read.trace, world, parts, crew.helpers, options.quiet === true);
  } finally {
    crew.close();
  }
}

function compareWithRecord(
  folder: string,
  { header, events, damage }: Trace,
  world: World,
  parts: EngineParts,
  helpers: readonly Helper[],
  quiet: boolean,
): CommandOutcome {
  const recorded = events.filter((event) => event.type === 'state-hash');
  const computed: Extract<TraceEvent, { type: 'state-hash' }>[] = [];
  const decoder = new TextDecoder();
  let pending = '';
  const run = createRun(
    world,
    {
      sink: {
        append: (file, bytes) => {
          if (file !== 'events.ndjson') return;
          const lines = (pending + decoder.decode(bytes, { stream: true })).split('\n');
          pending = lines.pop() ?? '';
          for (const line of lines) {
            const event = JSON.parse(line) as TraceEvent;
            if (event.type === 'state-hash') computed.push(event);
          }
        },
      },
      helpers,
    },
    parts,
  );
  const facts = { run: folder, engine: header.engine, engineNow: run.header.engine, damage };
  if (run.header.scenarioHash !== header.scenarioHash) {
    return fail(
      `${folder}: the scenario in it is not the one that was run (hash ${run.header.scenarioHash} instead of ${header.scenarioHash}).`,
      facts,
    );
  }

  const display = createProgressDisplay(quiet);
  const last = recorded.at(-1)?.t ?? 0;
  let done = false;
  while (!done && run.progress().time < last) {
    done = run.advance(TICKS_PER_LOOK);
    display.update(run.progress());
  }
  display.stop();
  const { result } = run.finish();
  const version =
    header.engine === run.header.engine
      ? ''
      : ` The run was made by engine ${header.engine}, this is ${run.header.engine}.`;
  for (const [index, before] of recorded.entries()) {
    const now = computed[index];
    if (now !== undefined && now.t === before.t && now.hash === before.hash) continue;
    const found = now === undefined ? 'the run ended before' : `hash ${now.hash} at ${now.t} s`;
    const text = `${folder}: differs first at ${before.t} s: recorded hash ${before.hash}, now ${found}.${version}`;
    return fail(text, { ...facts, firstDifference: before.t, recorded: before, found: now ?? null });
  }
  const ended = header.outcome !== 'running' && header.outcome !== 'interrupted';
  if (ended && done && result.stateHash !== header.stateHash) {
    const text = `${folder}: the last state differs: recorded hash ${header.stateHash}, now ${result.stateHash}.${version}`;
    return fail(text, {
      ...facts,
      firstDifference: header.endTime,
      recorded: header.stateHash,
      found: result.stateHash,
    });
  }
  const same = `${folder}: the same, ${recorded.length} states compared up to ${last} s.`;
  if (damage.length > 0) return fail(`${same} But the record is damaged:\n  ${damage.join('\n  ')}`, facts);
  return succeed(same, { ...facts, states: recorded.length, upTo: last, stateHash: header.stateHash });
}
