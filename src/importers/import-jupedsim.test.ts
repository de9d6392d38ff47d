import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { loadScenario } from '../scenario/index.ts';
import { importJupedsimFiles } from './import-jupedsim.ts';
import { detectFilesImporter, type ImportResult, importJupedsim, readZip } from './index.ts';
import { anyChange, countPlaces, ERRORS_OF_FORM, mutateJson } from './mutate-json.test-support.ts';

const FLOOR = 'POLYGON ((0 0, 30 0, 30 20, 0 20, 0 0), (10 8, 12 8, 12 12, 10 12, 10 8))';
const box = (x: number, y: number, size = 2) => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
  [x, y],
];
const exits = {
  'jps-exits_0': { type: 'polygon', coordinates: box(28, 0) },
  'jps-exits_1': { coordinates: box(28, 18) },
};
const start = (parameters: object = { number: 20 }, more: object = {}) => ({
  'jps-distributions_0': { type: 'polygon', coordinates: box(1, 1, 6), parameters, ...more },
});
const file = (parts: object) => ({
  project_version: '2.0',
  walkable_area_wkt: FLOOR,
  exits,
  distributions: start(),
  ...parts,
});
const bytes = (value: unknown) => strToU8(JSON.stringify(value));
const read = (parts: object = {}, options = {}) => importJupedsim(bytes(file(parts)), options);
/** The scenario, that must be a good one. */
function good(result: ImportResult) {
  expect(result.issues.filter((issue) => issue.severity === 'error')).toEqual([]);
  const loaded = loadScenario(JSON.stringify(result.scenario));
  expect(loaded.issues.filter((issue) => issue.severity === 'error')).toEqual([]);
  return result.scenario!;
}
const codes = (result: ImportResult) => result.issues.map((issue) => issue.code);

test('floor, exits and persons are taken over, with what their journey tells them', () => {
  const result = read({
    seed: 42,
    config: {
      simulation_settings: { baseSeed: 420, simulationParams: { max_simulation_time: 300, dt: null, tau: 0.5 } },
    },
    exits: {
      ...exits,
      'jps-exits_1': { coordinates: box(28, 18), enable_throughput_throttling: true, max_throughput: 1.5 },
    },
    journeys_v2: [{ id: 'j', sequence: ['jps-exits_1'] }],
    distributions: start(
      { number: 20, radius: 0.15, v0: 1.3 },
      { journey_weights: [{ journey_id: 'j', weight: 100 }] },
    ),
  });
  const scenario = good(result);
  expect(scenario.levels[0].outlines[0].length).toBe(4);
  expect(scenario.levels[0].holes?.length).toBe(1);
  expect(scenario.exits.map((exit) => [exit.id, exit.throughput])).toEqual([
    ['jps-exits_0', undefined],
    ['jps-exits_1', 1.5],
  ]);
  expect(scenario.populations).toEqual([
    expect.objectContaining({ id: 'jps-distributions_0', count: 20, knows: ['jps-exits_1'] }),
  ]);
  expect(scenario.profiles?.[0]).toMatchObject({ body: { radius: 0.15 }, freeSpeed: 1.3 });
  expect(scenario.settings).toEqual({ seed: 42, end: { time: 300, stalled: 300 } });
  expect(result.report.ignored.join()).toContain('tau');
});

test('journeys over checkpoints become itineraries with their weights; checkpoints wait, throttle or change the speed, one of them at most', () => {
  const scenario = good(
    read({
      checkpoints: {
        wait: {
          coordinates: box(14, 2),
          waiting_time: 5,
          waiting_time_distribution: 'gaussian',
          waiting_time_std: 2,
          enable_throughput_throttling: true,
          speed_factor: 0.5,
        },
        gate: {
          shape: 'circle',
          center: [18, 10],
          radius: 1.5,
          enable_throughput_throttling: true,
          max_throughput: 2,
          speed_factor: 0.5,
        },
        slow: { coordinates: box(22, 2), speed_factor: 0.5 },
        unused: { coordinates: box(14, 16) },
      },
      zones: { z: { coordinates: box(2, 12, 4), speed_factor: 0 } },
      journeys_v2: [
        { id: 'a', name: 'A', color: '#fff', sequence: ['wait', 'gate', 'jps-exits_0'] },
        { id: 'b', sequence: ['slow', 'jps-exits_1', 'gate'] },
      ],
      distributions: start(
        { number: 5 },
        {
          journey_weights: [
            { journey_id: 'a', weight: 83 },
            { journey_id: 'b', weight: 17 },
          ],
        },
      ),
    }),
  );
  expect(scenario.waypoints).toEqual([
    expect.objectContaining({ id: 'wait', dwell: { distribution: 'normal', mean: 5, sd: 2, min: 0.1 } }),
    { id: 'gate', level: 'ground', position: [18, 10], radius: 1.5, throughput: 2 },
    expect.objectContaining({ id: 'slow', speed: 0.5 }),
  ]);
  expect(scenario.waypoints?.[0]).not.toHaveProperty('throughput');
  expect(scenario.itineraries).toEqual([
    { id: 'a', stops: ['wait', 'gate'], end: ['jps-exits_0'] },
    { id: 'b', stops: ['slow'], end: ['jps-exits_1'] },
  ]);
  expect(scenario.populations?.[0].itineraries).toEqual([
    { itinerary: 'a', share: 83 },
    { itinerary: 'b', share: 17 },
  ]);
  expect(scenario.zones?.[0].speed).toBe(0.05);
});

test('older journeys with transitions and splits, also in a circle, become itineraries that name each other', () => {
  const result = read({
    project_version: '1.0',
    checkpoints: { p: { coordinates: box(14, 2) }, q: { coordinates: box(20, 2) }, r: { coordinates: box(20, 14) } },
    journeys: [{ id: 'j', stages: ['jps-distributions_0', 'p', 'q', 'r', 'jps-exits_0', 'jps-exits_1'] }],
    transitions: [
      { from: 'jps-distributions_0', to: 'p', journey_id: 'j' },
      { from: 'p', to: 'q', journey_id: 'j' },
      { from: 'p', to: 'r', journey_id: 'j' },
      { from: 'q', to: 'jps-exits_0', journey_id: 'j' },
      { from: 'r', to: 'p', journey_id: 'j' },
    ],
    waypoint_routing: {
      p: {
        j: {
          destinations: [
            { target: 'q', percentage: 80 },
            { target: 'r', percentage: 20 },
          ],
        },
      },
    },
  });
  const scenario = good(result);
  expect(scenario.populations?.[0].itinerary).toBe('j from p');
  expect(scenario.itineraries?.find((itinerary) => itinerary.id === 'j from p')?.stops).toEqual([
    'p',
    {
      any: [
        { itinerary: 'j from q', share: 80 },
        { itinerary: 'j from r', share: 20 },
      ],
    },
  ]);
  expect(scenario.itineraries?.find((itinerary) => itinerary.id === 'j from q')).toEqual({
    id: 'j from q',
    stops: ['q'],
    end: ['jps-exits_0'],
  });
  expect(scenario.itineraries?.find((itinerary) => itinerary.id === 'j from r')?.stops).toEqual([
    'r',
    'p',
    {
      any: [
        { itinerary: 'j from q', share: 80 },
        { itinerary: 'j from r', share: 20 },
      ],
    },
  ]);
});

test('an older journey without transitions is a chain', () => {
  const scenario = good(
    read({
      checkpoints: { p: { coordinates: box(14, 2) } },
      journeys: [{ id: 'j', stages: ['jps-distributions_0', 'p', 'jps-exits_1'] }],
    }),
  );
  expect(scenario.itineraries).toEqual([{ id: 'j from p', stops: ['p'], end: ['jps-exits_1'] }]);
});

test('without journeys everybody goes through the checkpoints that do something, in the order of the file', () => {
  const scenario = good(
    read({
      checkpoints: {
        b: { coordinates: box(14, 2), waiting_time: 3 },
        idle: { coordinates: box(20, 2) },
        a: { coordinates: box(20, 14), speed_factor: 2 },
      },
    }),
  );
  expect(scenario.itineraries).toEqual([{ id: 'all checkpoints', stops: ['b', 'a'] }]);
  expect(scenario.waypoints?.map((waypoint) => waypoint.id)).toEqual(['b', 'a']);
});

test.each([
  ['gamma', null, { distribution: 'gamma', shape: 1.291, scale: 103.901 }],
  ['weibull', [100, 2], { distribution: 'weibull', scale: 100, shape: 2 }],
  ['uniform', [0, 30], { distribution: 'uniform', min: 0, max: 30 }],
  ['lognormal', [0, 0.5], { distribution: 'lognormal', median: 1, sigma: 0.5 }],
])('pre-movement %s is taken over', (name, given, expected) => {
  const [premovement_param_a, premovement_param_b] = given ?? [null, null];
  const distributions = start({
    number: 3,
    use_premovement: true,
    premovement_distribution: name,
    premovement_param_a,
    premovement_param_b,
  });
  expect(good(read({ distributions })).profiles?.[0].preMovement).toEqual(expected);
});

test('gaussian sizes and speeds are cut as the programs cut them; aliases and texts for numbers are understood', () => {
  const distributions = start({
    number: '7',
    radius: 0.2,
    radius_distribution: 'gaussian',
    radius_std: 0.05,
    desired_speed: 1.1,
    desired_speed_distribution: 'gaussian',
    desired_speed_std: 0.2,
    v0: 9,
  });
  const scenario = good(read({ distributions }));
  expect(scenario.populations?.[0].count).toBe(7);
  expect(scenario.profiles?.[0]).toMatchObject({
    body: { radius: { distribution: 'normal', mean: 0.2, sd: 0.05, min: 0.1, max: 0.6 } },
    freeSpeed: { distribution: 'normal', mean: 1.1, sd: 0.2, min: 0.1, max: 4 },
  });
});

test('percentages and full regions become numbers by half of the floor in them', () => {
  // 36 m², of which the discs of 0.2 m may cover half.
  const most = Math.floor((0.5 * 36) / (Math.PI * 0.04));
  const count = (parameters: object) => good(read({ distributions: start(parameters) })).populations?.[0].count;
  expect(count({ distribution_mode: 'by_percentage', percentage: 25, radius: 0.2 })).toBe(Math.floor(most / 4));
  expect(count({ distribution_mode: 'until_full', radius: 0.2 })).toBe(most);
  expect(count({ distribution_mode: 'fill_area', radius: 0.2 })).toBe(most);
});

test('flows come in the course of the run, with who is there at the start', () => {
  const flow = good(
    read({ distributions: start({ number: 30, use_flow_spawning: true, flow_start_time: 5, flow_end_time: 25 }) }),
  );
  expect(flow.populations?.[0]).toMatchObject({ arrives: { schedule: [{ from: 5, to: 25, count: 30 }] } });
  expect(flow.populations?.[0]).not.toHaveProperty('count');
  const schedule = [
    { flow_start_time: 0, flow_end_time: 30, number: 20 },
    { start_time_s: 40, end_time_s: 50, sim_count: 5 },
  ];
  const both = good(
    read({ distributions: start({ number: 4, initial_number: 4, use_flow_spawning: true, flow_schedule: schedule }) }),
  );
  expect(
    both.populations?.map((population) => [population.id, population.count, population.arrives?.schedule]),
  ).toEqual([
    ['jps-distributions_0', 4, undefined],
    [
      'jps-distributions_0 (coming)',
      undefined,
      [
        { from: 0, to: 30, count: 20 },
        { from: 40, to: 50, count: 5 },
      ],
    ],
  ]);
});

test('all problems are told at once, with their places', () => {
  const result = read({
    exits: {
      e: {
        coordinates: [
          [0, 0],
          [1, 1],
        ],
      },
    },
    zones: {
      z: {
        coordinates: [
          [0, 0],
          [1, 1],
          [1, 0],
          [0, 1],
        ],
        speed_factor: 'fast',
      },
    },
    distributions: start({ number: -1, radius: 7 }),
  });
  expect(result.scenario).toBeUndefined();
  expect(result.issues.map((issue) => [issue.code, issue.path])).toEqual([
    ['polygon-no-area', 'exits.e.coordinates'],
    ['polygon-self-crossing', 'zones.z.coordinates'],
    ['wrong-type', 'zones.z.speed_factor'],
    ['out-of-range', 'distributions["jps-distributions_0"].parameters.radius'],
    ['out-of-range', 'distributions["jps-distributions_0"].parameters.number'],
  ]);
});

test('what is not known is listed, what is known and not taken over, too', () => {
  const { report } = read({
    extra: 1,
    routing: { w_smoke: 1 },
    exits: {
      ...exits,
      'jps-exits_0': { coordinates: box(28, 0), sign: { x: 1, y: 1, alpha: 0, c: 3 }, colour: 'red' },
    },
    obstacles: { o: { height: 3 } },
  });
  expect(report.ignored).toEqual([
    'signs of exits (pyFDS-Evac): jps-exits_0',
    'heights of obstacles: o',
    'routing by smoke, dose and queue (pyFDS-Evac’s “routing”)',
    'fields that are not known: exits.colour, extra',
  ]);
});

test('a scenario without its walkable area says where to take it from', () => {
  const { walkable_area_wkt: _, ...rest } = file({});
  expect(importJupedsim(bytes(rest)).issues.map((issue) => [issue.code, issue.message])).toEqual([
    ['no-floor', expect.stringContaining('.wkt')],
  ]);
});

test('a folder or zip has one JSON and one WKT file', () => {
  const { walkable_area_wkt: _, ...config } = file({});
  const files = { 'hall/config.json': bytes(config), 'hall/geometry.wkt': strToU8(FLOOR) };
  const zip = readZip(zipSync(files), () => true);
  expect(detectFilesImporter(zip.files)?.importer.name).toBe('jupedsim');
  good(importJupedsimFiles(zip.files));
  const two = importJupedsimFiles([...zip.files, { name: 'b.json', bytes: bytes(config) }]);
  expect(codes(two)).toEqual(['jupedsim-files']);
});

test('a key given twice, NaN and a number too large are told', () => {
  expect(codes(importJupedsim(strToU8('{"exits": {}, "exits": {}, "distributions": {}}')))).toContain('duplicate-key');
  expect(codes(importJupedsim(strToU8('{"exits": NaN}')))).toEqual(['not-json']);
  const text = JSON.stringify(file({})).replace('[28,0]', '[1e999,0]');
  expect(importJupedsim(strToU8(text)).issues[0]).toMatchObject({ code: 'out-of-range', found: 'Infinity' });
  expect(codes(importJupedsim(strToU8(`${'['.repeat(100_000)}`)))).toEqual(['too-deep']);
});

const RICH = JSON.stringify(
  file({
    checkpoints: {
      p: { coordinates: box(14, 2), waiting_time: 5 },
      c: { shape: 'circle', center: [18, 10], radius: 1 },
    },
    zones: { z: { coordinates: box(2, 12, 4), speed_factor: 0.5 } },
    journeys: [{ id: 'j', stages: ['jps-distributions_0', 'p', 'c', 'jps-exits_0'] }],
    transitions: [
      { from: 'jps-distributions_0', to: 'p', journey_id: 'j' },
      { from: 'p', to: 'c', journey_id: 'j' },
      { from: 'c', to: 'p', journey_id: 'j' },
      { from: 'c', to: 'jps-exits_0', journey_id: 'j' },
    ],
    waypoint_routing: { c: { j: { destinations: [{ target: 'p', percentage: 20 }] } } },
  }),
);

test('cut off at every per cent, there is a clear error', () => {
  for (let percent = 0; percent < 100; percent++) {
    const result = importJupedsim(strToU8(RICH.slice(0, Math.floor((RICH.length * percent) / 100))));
    expect(result.scenario).toBeUndefined();
    expect(result.issues.length).toBeGreaterThan(0);
  }
});

test('whatever stands in whatever place, there is a result or an error, and a result is a scenario without errors of form', () => {
  const seed = JSON.parse(RICH);
  fc.assert(
    fc.property(fc.nat(countPlaces(RICH)), anyChange('p', 'jps-exits_0', 'j'), (at, change) => {
      const result = importJupedsim(strToU8(JSON.stringify(mutateJson(seed, at, change))));
      if (result.scenario === undefined) {
        expect(result.issues.some((issue) => issue.severity === 'error')).toBe(true);
        return;
      }
      const loaded = loadScenario(JSON.stringify(result.scenario));
      const errors = loaded.issues.filter((issue) => issue.severity === 'error');
      expect(errors.filter((issue) => ERRORS_OF_FORM.includes(issue.code))).toEqual([]);
    }),
    { numRuns: Number(process.env.FUZZ_RUNS ?? 1000) },
  );
});

const SAMPLES = '../shared/data/scenarios';
describe.skipIf(!existsSync(SAMPLES))('samples of the field', () => {
  test.each([
    ['Rimea-10', 13, 2],
    ['quickstart', 104, 2],
  ])('%s: its persons and exits', (name, persons, exitCount) => {
    const { files } = readZip(new Uint8Array(readFileSync(`${SAMPLES}/${name}.zip`)), () => true);
    const result = importJupedsimFiles(files);
    const scenario = good(result);
    expect(scenario.exits.length).toBe(exitCount);
    expect(scenario.populations?.reduce((sum, { count = 0 }) => sum + count, 0)).toBe(persons);
  });
});
