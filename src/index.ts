/**
 * The library: everything that other programs may use. One scenario from file to report:
 *
 *     const { scenario, issues } = loadScenario(bytes);
 *     const { world } = compileWorld(scenario, { seed: 7 });
 *     const run = createRun(world, { sink });
 *     while (!run.advance(10)) showProgress(run.progress());
 *     const { result, header } = run.finish();
 *     const { trace } = readTrace({ run: encodeRunHeader(header), frames, events });
 *     const html = renderReport(measureRun(trace));
 *
 * Nothing here reads files or the clock, so all of it runs in a browser too; `src/cli` is the part that does.
 */

export type { DoorState as MeasuredDoorState } from './analysis/index.ts';
export * from './analysis/index.ts';
export * from './engine/index.ts';
export * from './importers/index.ts';
export * from './report/index.ts';
export type { DoorState } from './scenario/index.ts';
export * from './scenario/index.ts';
export * from './trace/index.ts';
export * from './world/index.ts';
