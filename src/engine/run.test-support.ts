import { expect } from 'vitest';
import { type Scenario, type ScenarioInput, scenarioSchema } from '../scenario/index.ts';
import type { TraceEvent } from '../trace/index.ts';
import { compileWorld, type World } from '../world/index.ts';
import { createRun, type EngineParts } from './run.ts';
import type { Run, RunOptions, RunResult } from './run-types.ts';

/** A scenario with the parts a test is about; the rest is the least that is valid. */
export function makeScenario(input: Partial<ScenarioInput> & Pick<ScenarioInput, 'levels' | 'exits'>): Scenario {
  return scenarioSchema.parse({ crashbar: 1, name: 'test', ...input });
}

/** Compiles and expects no error. */
export function makeWorld(scenario: Scenario): World {
  const { world, issues } = compileWorld(scenario);
  expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (world === undefined) throw new Error('no world');
  return world;
}

/** Bytes of a trace in memory. */
export function memorySink(): RunOptions['sink'] & {
  bytes(file: 'frames.bin' | 'events.ndjson'): Uint8Array;
  events(): TraceEvent[];
} {
  const parts: Record<string, Uint8Array[]> = { 'frames.bin': [], 'events.ndjson': [] };
  const bytes = (file: string) => {
    const all = new Uint8Array(parts[file].reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts[file]) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  };
  return {
    append: (file, piece) => {
      parts[file].push(piece.slice());
    },
    bytes,
    events: () =>
      new TextDecoder()
        .decode(bytes('events.ndjson'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as TraceEvent),
  };
}

/** Runs to the end, each step checked; returns everything. */
export function runToEnd(
  scenario: Scenario,
  parts: EngineParts = {},
  watch: (world: World, run: Run) => void = () => undefined,
): { world: World; run: Run; result: RunResult; events: TraceEvent[]; frames: Uint8Array } {
  const world = makeWorld(scenario);
  const sink = memorySink();
  const run = createRun(world, { sink, validate: true }, parts);
  while (!run.advance(1)) watch(world, run);
  const { result } = run.finish();
  return { world, run, result, events: sink.events(), frames: sink.bytes('frames.bin') };
}
