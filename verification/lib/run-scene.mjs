/** Runs one scene with one seed through the built library, in memory, as `crashbar run` would on disk. */

/**
 * @param library the built library (`dist/index.js`)
 * @param scenario scenario as a person would write it
 * @param intervene called before every decision interval with the world, for what a scenario cannot say (a push)
 * @param watch called after every decision interval (0.1 s) with the world, for what the trace does not hold
 * @returns world as it is at the end, trace, result; `run` is false for scenes that are only compiled
 */
export function runScene(library, scenario, seed, { run: shallRun = true, intervene, watch } = {}) {
  const { compileWorld, createRun, encodeRunHeader, loadScenario, readTrace } = library;
  const settings = { ...scenario.settings, seed };
  const read = loadScenario(JSON.stringify({ ...scenario, settings }));
  const refuse = (what, issues) => {
    const errors = issues.filter(({ severity }) => severity === 'error');
    throw new Error(`${what}: ${errors.map(({ path, message }) => `${path}: ${message}`).join('; ')}`);
  };
  if (read.scenario === undefined) refuse('the scenario is refused', read.issues);
  const { world, issues } = compileWorld(read.scenario, { seed });
  if (world === undefined) refuse('the scenario cannot be compiled', issues);
  if (!shallRun) return { scenario: read.scenario, world };
  const pieces = { 'frames.bin': [], 'events.ndjson': [] };
  const run = createRun(world, { sink: { append: (file, bytes) => pieces[file].push(bytes.slice()) } });
  if (watch === undefined && intervene === undefined) while (!run.advance(100));
  else {
    for (let done = false; !done; ) {
      intervene?.(world);
      done = run.advance(1);
      watch?.(world);
    }
  }
  const { result, header } = run.finish();
  const { trace, issues: faults } = readTrace({
    run: encodeRunHeader(header),
    frames: Buffer.concat(pieces['frames.bin']),
    events: Buffer.concat(pieces['events.ndjson']),
  });
  if (trace === undefined) refuse('the record cannot be read back', faults);
  if (trace.damage.length > 0) throw new Error(`the record is damaged: ${trace.damage.join('; ')}`);
  return { scenario: read.scenario, world, trace, result };
}
