import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRun, type RunResult } from '../../src/engine/index.ts';
import { loadScenario, type Scenario } from '../../src/scenario/index.ts';
import { encodeRunHeader, type RunHeader, readTrace, type Trace, type TraceEvent } from '../../src/trace/index.ts';
import { compileWorld } from '../../src/world/index.ts';
import { ROOT } from './command.ts';

export interface SceneRun {
  readonly result: RunResult;
  readonly trace: Trace;
}

/** A scene of the gallery as it stands in its file. */
export function loadScene(file: string): Scenario {
  const { scenario, issues } = loadScenario(readFileSync(join(ROOT, 'scenarios', file)));
  if (scenario === undefined) throw new Error(`${file}: ${JSON.stringify(issues)}`);
  return scenario;
}

/** Runs a scene of the gallery in memory and reads its record back, as the command would. */
export function runScene(file: string, seed: number): SceneRun {
  return runScenario(loadScene(file), seed, file);
}

/** The same of any scenario. */
export function runScenario(scenario: Scenario, seed = scenario.settings.seed, name = scenario.name): SceneRun {
  const { world, issues } = compileWorld({ ...scenario, settings: { ...scenario.settings, seed } }, { seed });
  if (world === undefined) throw new Error(`${name}: ${JSON.stringify(issues)}`);
  const pieces: Record<'frames.bin' | 'events.ndjson', Uint8Array[]> = { 'frames.bin': [], 'events.ndjson': [] };
  const run = createRun(world, { sink: { append: (name, bytes) => pieces[name].push(bytes) } });
  while (!run.advance(100));
  const { result, header } = run.finish();
  return { result, trace: readBack(header, pieces['frames.bin'], pieces['events.ndjson']) };
}

function readBack(header: RunHeader, frames: Uint8Array[], events: Uint8Array[]): Trace {
  const { trace, issues } = readTrace({
    run: encodeRunHeader(header),
    frames: Buffer.concat(frames),
    events: Buffer.concat(events),
  });
  if (trace === undefined) throw new Error(JSON.stringify(issues));
  if (trace.damage.length > 0) throw new Error(trace.damage.join('\n'));
  return trace;
}

/** The events of one type. */
export function eventsOf<T extends TraceEvent['type']>(trace: Trace, type: T): (TraceEvent & { readonly type: T })[] {
  return trace.events.filter((event): event is TraceEvent & { readonly type: T } => event.type === type);
}
