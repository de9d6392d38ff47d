import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { detectFilesImporter, detectImporter, type ImportResult, isZip, readZip } from '../src/importers/index.ts';
import { loadScenario, type Scenario } from '../src/scenario/index.ts';
import { ROOT } from './support/command.ts';
import { eventsOf, runScenario, type SceneRun } from './support/run-scene.ts';

const DATA = '../shared/data/scenarios';

/** A scenario of another program, imported; no issue is an error. */
async function importFile(path: string): Promise<ImportResult & { readonly loaded: Scenario }> {
  const bytes = new Uint8Array(readFileSync(path));
  const result = isZip(bytes)
    ? (await detectFilesImporter(readZip(bytes, () => true).files)!.run())[0]
    : await detectImporter(path, bytes)!.importFile(bytes);
  const { scenario, issues } = loadScenario(JSON.stringify(result.scenario));
  expect([...result.issues, ...issues].filter((issue) => issue.severity === 'error')).toEqual([]);
  return { ...result, loaded: scenario! };
}

/** From coming in to getting out, of everybody who got out [s]. */
function evacuationTimes({ trace }: SceneRun): number[] {
  const came = new Map(eventsOf(trace, 'person-arrived').map((event) => [event.person, event.t]));
  return eventsOf(trace, 'person-out').map((event) => event.t - (came.get(event.person) ?? 0));
}

function expectOwnBands(result: ImportResult, run: SceneRun): void {
  for (const { what, min, max } of result.report.asserted ?? []) {
    const times = what === 'evacuation-time' ? evacuationTimes(run) : [run.result.endTime];
    expect(Math.min(...times)).toBeGreaterThanOrEqual(min);
    expect(Math.max(...times)).toBeLessThanOrEqual(max);
  }
}

test('a Vadere corridor of an old release: everybody’s time lies in the band that the file asserts', async () => {
  const result = await importFile(join(ROOT, 'test/foreign/corridor.scenario'));
  const run = runScenario(result.loaded);
  expect(evacuationTimes(run).length).toBe(5);
  expect(result.report.asserted?.length).toBe(1);
  expectOwnBands(result, run);
});

test('a JuPedSim scenario with waiting, slowing, throttling, a flow and weights: each does what the file says', async () => {
  const { loaded } = await importFile(join(ROOT, 'test/foreign/stages.jupedsim.json'));
  const run = runScenario(loaded);
  const { trace } = run;
  const out = eventsOf(trace, 'person-out');
  expect(out.length).toBe(22);
  // One comes every two seconds from 10 s on.
  const arrived = eventsOf(trace, 'person-arrived').map((event) => event.t);
  expect(arrived.length).toBe(10);
  expect(Math.min(...arrived)).toBeCloseTo(10, 1);
  expect(Math.max(...arrived)).toBeCloseTo(28, 1);
  // Ten by an exit of one in two seconds: at least 18 s between the first and the last.
  const throttled = out.filter((event) => event.exit === 'jps-exits_0').map((event) => event.t);
  expect(throttled.length).toBe(10);
  expect(Math.max(...throttled) - Math.min(...throttled)).toBeGreaterThanOrEqual(17.9);
  // Who waits 5 s and walks at least 19 m, 3 m of them at half speed, is not out before 5 + 16 / 1.3 + 3 / 0.65 s.
  const checked = out.filter((event) => event.exit === 'jps-exits_1').map((event) => event.t);
  expect(checked.length).toBe(12);
  const fastest = (22 - 4 - 3) / 1.3 + 3 / 0.65;
  expect(Math.min(...checked)).toBeGreaterThanOrEqual(fastest - 0.2);
  expect(checked.some((time) => time > fastest + 5)).toBe(true);
});

describe.skipIf(!existsSync(DATA))('samples of the field, imported and run', () => {
  test.each([
    ['Rimea-10.zip', 13],
    ['quickstart.zip', 104],
    ['rimea_05_react.scenario', 10],
    ['rimea_13_stairs_pso.scenario', 150],
    ['rimea_01_pathway_discrete_brute_force.scenario', 41],
  ])('%s: everybody gets out in its time, and in its own band where it asserts one', async (name, persons) => {
    const result = await importFile(`${DATA}/${name}`);
    const run = runScenario(result.loaded);
    expect(run.result.outcome).toBe('everyone-out');
    expect(evacuationTimes(run).length).toBe(persons);
    expectOwnBands(result, run);
  });
});
