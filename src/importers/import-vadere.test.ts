import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { strToU8 } from 'fflate';
import { describe, expect, test } from 'vitest';
import { polygonArea } from '../math/index.ts';
import { loadScenario } from '../scenario/index.ts';
import { detectFilesImporter, detectImporter, type ImportResult, importVadere } from './index.ts';
import { anyChange, countPlaces, ERRORS_OF_FORM, mutateJson } from './mutate-json.test-support.ts';

const rectangle = (x: number, y: number, width: number, height: number) => ({ x, y, width, height, type: 'RECTANGLE' });
const polygon = (...points: [number, number][]) => ({ type: 'POLYGON', points: points.map(([x, y]) => ({ x, y })) });
const target = (id: number, x: number, y: number, more: object = {}) => ({
  id,
  shape: rectangle(x, y, 1, 1),
  visible: true,
  absorber: { enabled: true, deletionDistance: 0.1 },
  waiter: { enabled: false, distribution: null },
  leavingSpeed: -1,
  parallelEvents: 0,
  ...more,
});
const waypoint = (id: number, x: number, y: number, more: object = {}) =>
  target(id, x, y, { absorber: { enabled: false, deletionDistance: 0.1 }, ...more });
const spawner = (more: object = {}) => ({
  type: 'org.vadere.state.attributes.spawner.AttributesRegularSpawner',
  constraintsElementsMax: -1,
  constraintsTimeStart: 0,
  constraintsTimeEnd: 0,
  eventPositionRandom: true,
  eventPositionGridCA: false,
  eventPositionFreeSpace: true,
  eventElementCount: 10,
  eventElement: null,
  distribution: {
    type: 'org.vadere.state.attributes.distributions.AttributesConstantDistribution',
    updateFrequency: 1,
  },
  ...more,
});
const source = (id: number, targetIds: number[], more: object = {}) => ({
  id,
  shape: rectangle(1, 1, 5, 5),
  visible: true,
  targetIds,
  spawner: spawner(),
  groupSizeDistribution: [1],
  ...more,
});
const topography = (more: object = {}) => ({
  attributes: {
    bounds: { x: 0, y: 0, width: 30, height: 20 },
    boundingBoxWidth: 0.5,
    bounded: true,
    referenceCoordinateSystem: null,
  },
  obstacles: [],
  measurementAreas: [],
  stairs: [],
  targets: [target(1, 27, 10)],
  targetChangers: [],
  absorbingAreas: [],
  sources: [source(4, [1])],
  dynamicElements: [],
  attributesPedestrian: {
    radius: 0.195,
    speedDistributionMean: 1.34,
    speedDistributionStandardDeviation: 0.26,
    minimumSpeed: 0.5,
    maximumSpeed: 2.2,
  },
  teleporter: null,
  attributesCar: null,
  ...more,
});
const file = (parts: object = {}, more: object = {}) => ({
  name: 'Hall',
  description: '',
  release: '2.4',
  processWriters: { files: [], processors: [] },
  scenario: {
    mainModel: 'org.vadere.simulator.models.osm.OptimalStepsModel',
    attributesModel: {},
    attributesSimulation: { finishTime: 500, useFixedSeed: true, fixedSeed: 7, simulationSeed: 8 },
    topography: topography(parts),
    stimulusInfos: [],
  },
  ...more,
});
const bytes = (value: unknown) => strToU8(JSON.stringify(value));
const read = (parts: object = {}, more: object = {}, options = {}) => importVadere(bytes(file(parts, more)), options);
function good(result: ImportResult) {
  expect(result.issues.filter((issue) => issue.severity === 'error')).toEqual([]);
  const loaded = loadScenario(JSON.stringify(result.scenario));
  expect(loaded.issues.filter((issue) => issue.severity === 'error')).toEqual([]);
  return result.scenario!;
}
const arrivals = (more: object, times: object = { constraintsTimeEnd: 100, eventElementCount: 1 }) =>
  good(read({ sources: [source(4, [1], { spawner: spawner({ ...times, ...more }) })] })).populations?.[0];
/** As releases before 2.4 wrote a source. */
const older = (more: object) =>
  good(
    read({
      sources: [
        {
          id: 4,
          shape: rectangle(1, 1, 5, 5),
          targetIds: [1],
          groupSizeDistribution: [1],
          dynamicElementType: 'PEDESTRIAN',
          attributesPedestrian: null,
          ...more,
        },
      ],
    }),
  ).populations?.[0];

test('the floor is the bounds less the wall inside them, less the obstacles', () => {
  const scenario = good(
    read({
      obstacles: [
        { id: 1, shape: rectangle(10, 0, 1, 8) },
        { id: 2, shape: polygon([15, 5], [17, 5], [17, 7], [15, 7]) },
      ],
    }),
  );
  const [level] = scenario.levels;
  const area =
    Math.abs(polygonArea(level.outlines[0])) -
    (level.holes ?? []).reduce((sum, hole) => sum + Math.abs(polygonArea(hole)), 0);
  // 29 × 19 less the part of the first obstacle that stands free of the wall, less the second.
  expect(area).toBeCloseTo(29 * 19 - 7.5 - 4, 3);
  expect(level.holes?.length).toBe(1);
  const open = good(read({ attributes: { bounds: { x: 0, y: 0, width: 30, height: 20 }, bounded: false } }));
  expect(Math.abs(polygonArea(open.levels[0].outlines[0]))).toBeCloseTo(600, 6);
});

test('closed pockets where nobody is are left out and said', () => {
  const result = read({ obstacles: [{ id: 1, shape: rectangle(0, 15, 30, 1) }] });
  expect(good(result).levels[0].outlines.length).toBe(1);
  expect(result.report.ignored.join()).toMatch(/1 closed pocket between obstacles, 101\.5 m²/);
});

test('absorbing targets are exits, grown by the distance at which they absorb; who goes there knows them alone', () => {
  const scenario = good(read({ targets: [target(1, 27, 10), target(2, 27, 15)] }));
  expect(scenario.exits.map((exit) => exit.id)).toEqual(['target 1']);
  expect(Math.abs(polygonArea(scenario.exits[0].polygon!))).toBeCloseTo(1 + 4 * 0.1 + Math.PI * 0.01, 2);
  expect(scenario.populations?.[0]).toMatchObject({ id: 'source 4', count: 10, knows: ['target 1'] });
  expect(scenario.settings).toMatchObject({ seed: 7, end: { time: 500 } });
});

test('several shapes of one target are several exits for the same people', () => {
  const scenario = good(read({ targets: [target(1, 27, 10), target(1, 27, 15)] }));
  expect(scenario.populations?.[0].knows).toEqual(['target 1', 'target 1 2']);
});

test('the list of targets is an itinerary, which ends at the first that absorbs', () => {
  const targets = [waypoint(2, 15, 5), waypoint(3, 20, 15), target(1, 27, 10), target(9, 2, 17)];
  const scenario = good(read({ targets, sources: [source(4, [2, 3, 1, 9]), source(5, [2])] }));
  expect(scenario.itineraries).toEqual([
    { id: 'to 2 → 3 → 1 → 9', stops: ['target 2', 'target 3'], end: ['target 1'] },
    { id: 'to 2', stops: ['target 2'], end: 'stay' },
  ]);
  expect(scenario.populations?.map((population) => population.itinerary)).toEqual(['to 2 → 3 → 1 → 9', 'to 2']);
});

test('targets where people wait, are served by turns, or leave at another speed', () => {
  const waiter = {
    enabled: true,
    distribution: { type: 'org.vadere.state.attributes.distributions.AttributesNormalDistribution', mean: 10, sd: 2 },
  };
  const targets = [waypoint(2, 15, 5, { waiter, parallelEvents: 3, leavingSpeed: 0.8 }), target(1, 27, 10)];
  const scenario = good(read({ targets, sources: [source(4, [2, 1])] }));
  expect(scenario.waypoints?.[0]).toMatchObject({
    dwell: { distribution: 'normal', mean: 10, sd: 2, min: 0 },
    capacity: 3,
    leavingSpeed: 0.8,
  });
});

test('targets of releases before wait alike, as a queue or as a light', () => {
  const old = (id: number, x: number, more: object) => ({
    id,
    shape: rectangle(x, 5, 1, 1),
    absorbing: false,
    deletionDistance: 0.1,
    waitingTime: 0,
    waitingTimeYellowPhase: 0,
    parallelWaiters: 0,
    individualWaiting: true,
    startingWithRedLight: false,
    nextSpeed: -1,
    ...more,
  });
  const targets = [
    old(2, 10, { waitingTime: 5, parallelWaiters: 2 }),
    old(3, 15, { waitingTime: 20, waitingTimeYellowPhase: 3, individualWaiting: false, startingWithRedLight: true }),
    old(5, 18, {
      waitingTime: undefined,
      individualWaiting: undefined,
      waitingBehaviour: 'INDIVIDUAL',
      waitingTimeDistribution: 'constant',
      distributionParameters: { updateFrequency: 4 },
    }),
    old(6, 21, {
      waitingTime: undefined,
      individualWaiting: undefined,
      waitingBehaviour: 'NO_WAITING',
      waitingTimeDistribution: 'constant',
      distributionParameters: { updateFrequency: 4 },
    }),
    old(1, 27, { absorbing: true }),
  ];
  const scenario = good(read({ targets, sources: [source(4, [2, 3, 5, 6, 1])] }));
  expect(scenario.waypoints?.map(({ dwell, capacity, cycle }) => ({ dwell, capacity, cycle }))).toEqual([
    { dwell: 5, capacity: 2, cycle: undefined },
    { dwell: undefined, capacity: undefined, cycle: { open: 20, shut: 26, starts: 'shut' } },
    { dwell: 4, capacity: undefined, cycle: undefined },
    { dwell: undefined, capacity: undefined, cycle: undefined },
  ]);
});

const named = (name: string) => `org.vadere.state.attributes.distributions.Attributes${name}Distribution`;
test.each([
  ['constant', { type: named('Constant'), updateFrequency: 30 }, { every: 30 }],
  [
    'exponential',
    { type: named('NegativeExponential'), mean: 4 },
    { every: { distribution: 'weibull', scale: 4, shape: 1 } },
  ],
  [
    'Poisson',
    { type: named('Poisson'), numberPedsPerSecond: 0.5 },
    { every: { distribution: 'weibull', scale: 2, shape: 1 } },
  ],
  ['normal', { type: named('Normal'), mean: 3, sd: 1 }, { every: { distribution: 'normal', mean: 3, sd: 1, min: 0 } }],
])('gaps between arrivals: %s', (_, distribution, expected) => {
  expect(arrivals({ distribution })?.arrives).toEqual({ ...expected, from: 0, to: 100.001 });
});

test('arrivals of other kinds: once, a series, a curve, values of a list, a mixture', () => {
  expect(
    arrivals({ distribution: { type: named('SingleSpawn'), spawnTime: 12 }, eventElementCount: 3 })?.arrives,
  ).toEqual({ times: [12], batch: 3 });
  const series = { type: named('TimeSeries'), intervalLength: 10, spawnsPerInterval: [5, 0, 2] };
  expect(arrivals({ distribution: series })?.arrives).toEqual({
    schedule: [
      { from: 0, to: 10, count: 5 },
      { from: 20, to: 30, count: 2 },
    ],
  });
  const curve = { type: named('LinearInterpolation'), spawnFrequency: 10, xValues: [0, 20, 40], yValues: [0, 2, 0] };
  expect(arrivals({ distribution: curve })?.arrives).toEqual({ times: [10, 20, 20, 30] });
  const values = arrivals({ distribution: { type: named('Empirical'), values: [10, 30] } })?.arrives?.times ?? [];
  expect(values[0]).toBe(0);
  expect(values.slice(1).every((time, i) => [10, 30].includes(time - values[i]))).toBe(true);
  const mixed = {
    type: named('Mixed'),
    switchpoints: [50],
    distributions: [
      { type: named('Constant'), updateFrequency: 20 },
      { type: named('Constant'), updateFrequency: 10 },
    ],
  };
  expect(arrivals({ distribution: mixed })?.arrives).toEqual({ times: [0, 20, 40, 60, 70, 80, 90, 100] });
});

test('one event at the start is people who are there; later, or more than fit, they come', () => {
  expect(arrivals({}, { eventElementCount: 12 })).toMatchObject({ count: 12 });
  expect(arrivals({}, { eventElementCount: 12 })).not.toHaveProperty('arrives');
  const later = arrivals({}, { constraintsTimeStart: 9, constraintsTimeEnd: 9, eventElementCount: 12 });
  expect(later).toMatchObject({ count: 12, arrives: { times: [9], batch: 12 } });
  const many = arrivals({}, { eventElementCount: 900, constraintsElementsMax: 500 });
  expect(many).toMatchObject({ count: 500, arrives: { times: [0], batch: 500 } });
});

test.each([
  ['2.3', { interSpawnTimeDistribution: 'constant', distributionParameters: { updateFrequency: 2 } }],
  [
    '1.16',
    { interSpawnTimeDistribution: 'org.vadere.state.scenario.ConstantDistribution', distributionParameters: [2] },
  ],
  ['0.1', { spawnDelay: 2 }],
])('sources of release %s bring the same people', (_, gaps) => {
  const spawn = {
    spawnNumber: 3,
    maxSpawnNumberTotal: 40,
    startTime: 1,
    endTime: 50,
    spawnAtRandomPositions: true,
    useFreeSpaceOnly: true,
  };
  expect(older({ ...spawn, ...gaps })).toMatchObject({
    count: 40,
    arrives: { every: 2, from: 1, to: 50.001, batch: 3 },
  });
});

test('before 0.2 the scenario was called after the program', () => {
  const { scenario, ...rest } = file();
  const result = importVadere(bytes({ ...rest, release: '0.1', vadere: scenario }));
  expect(good(result).populations?.[0].count).toBe(10);
});

test('speeds and sizes are those of the source, else of everybody; without spread a number', () => {
  const eventElement = { radius: 0.25, speedDistributionMean: 1, speedDistributionStandardDeviation: 0 };
  const sources = [source(4, [1]), source(5, [1], { spawner: spawner({ eventElement }) })];
  const scenario = good(read({ sources }));
  expect(scenario.profiles?.map(({ body, freeSpeed }) => [(body as { radius: number }).radius, freeSpeed])).toEqual([
    [0.195, { distribution: 'normal', mean: 1.34, sd: 0.26, min: 0.5, max: 2.2 }],
    [0.25, 1],
  ]);
});

test('placed persons stand where they stand, at their own speed, on the rest of their way', () => {
  const dynamicElements = [
    {
      type: 'PEDESTRIAN',
      attributes: { id: 3, radius: 0.2 },
      position: { x: 5, y: 5 },
      velocity: { x: 0, y: 0 },
      freeFlowSpeed: 1.5,
      targetIds: [2, 1],
      nextTargetListIndex: 1,
      groupIds: [1],
      isLikelyInjured: false,
    },
  ];
  const result = read({ sources: [], targets: [waypoint(2, 15, 5), target(1, 27, 10)], dynamicElements });
  const scenario = good(result);
  expect(scenario.populations).toEqual([
    expect.objectContaining({ id: 'pedestrian 3', position: [5, 5], knows: ['target 1'] }),
  ]);
  expect(scenario.profiles?.[0].freeSpeed).toBe(1.5);
  expect(result.report.ignored.join()).toContain('groups that walk together: pedestrian 3');
});

test('target changers are diversions with the chances of their kind', () => {
  const targets = [waypoint(2, 15, 5), waypoint(3, 20, 15), target(1, 27, 10)];
  const changer = (id: number, more: object) => ({ id, shape: rectangle(10, 1, 1, 10), reachDistance: 0, ...more });
  const targetChangers = [
    changer(1, { changeAlgorithmType: 'SELECT_LIST', nextTarget: [2, 1], probabilityToChangeTarget: [0.25] }),
    changer(2, {
      changeAlgorithmType: 'SELECT_ELEMENT',
      nextTarget: [2, 3],
      probabilityToChangeTarget: [0.3, 0.3, 0.4],
    }),
    changer(3, { changeAlgorithmType: 'SORTED_SUB_LIST', nextTarget: [2, 1], probabilityToChangeTarget: [0.5, 1] }),
    changer(4, { changeAlgorithmType: 'FOLLOW_PERSON', nextTarget: [7], probabilityToChangeTarget: [1] }),
    changer(5, { nextTarget: [3], probabilityToChangeTarget: 0.5, nextTargetIsPedestrian: false }),
  ];
  const result = read({ targets, targetChangers });
  const scenario = good(result);
  expect(scenario.diversions?.map(({ id, chance, to }) => ({ id, chance, to }))).toEqual([
    { id: 'target changer 1', chance: 0.25, to: [{ itinerary: 'to 2 → 1', share: 1 }] },
    {
      id: 'target changer 2',
      chance: 0.6,
      to: [
        { itinerary: 'to 2', share: 0.3 },
        { itinerary: 'to 3', share: 0.3 },
      ],
    },
    {
      id: 'target changer 3',
      chance: 1,
      to: [
        { itinerary: 'to 1', share: 0.5 },
        { itinerary: 'to 2 → 1', share: 0.5 },
      ],
    },
    { id: 'target changer 5', chance: 0.5, to: [{ itinerary: 'to 3', share: 1 }] },
  ]);
  expect(result.report.ignored.join()).toContain('follow a person: target changer 4');
});

test('stairs slow by the share of the free speed kept on them, in the plan, by the way people take them', () => {
  const stairs = (x: number) => [
    { id: 1, shape: rectangle(10, 0, 3, 20), treadCount: 9, upwardDirection: { x, y: 0 } },
  ];
  const tread = 1 / 3;
  const slope = Math.hypot(tread, (0.63 - tread) / 2);
  expect(good(read({ stairs: stairs(1) })).zones?.[0].speed).toBeCloseTo((0.55 * tread) / slope, 3);
  expect(good(read({ stairs: stairs(-1) })).zones?.[0].speed).toBeCloseTo((0.67 * tread) / slope, 3);
  const both = [source(4, [1]), source(5, [2], { shape: rectangle(20, 1, 5, 5) })];
  const targets = [target(1, 27, 10), target(2, 2, 15)];
  expect(good(read({ stairs: stairs(1), sources: both, targets })).zones?.[0].speed).toBeCloseTo(
    (0.61 * tread) / slope,
    3,
  );
});

test('what has no place in a scenario is listed; of absorbing areas there is a warning, too', () => {
  const more = {
    absorbingAreas: [
      {
        id: 1,
        shape: { type: 'CIRCLE', center: { x: 10, y: 15 }, radius: 2 },
        absorber: { enabled: true, deletionDistance: 0 },
      },
    ],
    measurementAreas: [{ id: 8, shape: rectangle(2, 2, 2, 2), visible: true }],
    teleporter: { shift: { x: 1, y: 1 }, position: { x: 0, y: 0 } },
    obstacles: [{ id: 1, shape: rectangle(20, 5, 1, 1), texture: 'brick' }],
    sources: [source(4, [1]), source(6, [1], { dynamicElementType: 'CAR' })],
  };
  const base = file(more);
  const stimulusInfos = [{ timeframe: {}, location: {}, stimuli: [{ type: 'Threat' }, { type: 'Wait' }] }];
  const result = importVadere(
    bytes({
      ...base,
      scenario: { ...base.scenario, stimulusInfos, attributesPsychology: { usePsychologyLayer: true } },
    }),
  );
  good(result);
  expect(result.issues.map((issue) => issue.code)).toEqual(['absorbing-area']);
  for (const part of [
    'measurement areas',
    'teleporter',
    'sources of cars: source 6',
    'stimuli: Threat and Wait',
    'psychology layer',
    'absorbing areas; people walk through them: 1',
    'obstacles.texture',
  ])
    expect(result.report.ignored.join('\n')).toContain(part);
});

test('bands that the file’s own tests assert are read', () => {
  const processor = (type: string, attributes: object) => ({
    type: `org.vadere.simulator.projects.dataprocessing.processor.tests.${type}`,
    id: 4,
    attributes,
  });
  const processors = [
    processor('TestPedestrianEvacuationTimeProcessor', {
      expectedResult: 'SUCCESS',
      maximalEvacuationTime: 34,
      minimalEvacuationTime: 26,
    }),
    processor('TestEvacuationTimeProcessor', { maximalEvacuationTime: 'Infinity', minimalEvacuationTime: 10 }),
    processor('TestEvacuationTimeProcessor', { expectedResult: 'FAIL', maximalEvacuationTime: 5 }),
  ];
  expect(read({}, { processWriters: { files: [], processors } }).report.asserted).toEqual([
    { what: 'evacuation-time', min: 26, max: 34, source: 'TestPedestrianEvacuationTimeProcessor' },
    { what: 'last-out', min: 10, max: Number.MAX_VALUE, source: 'TestEvacuationTimeProcessor' },
  ]);
});

test('all problems are told at once, with their places', () => {
  const result = read({
    obstacles: [
      { id: 1, shape: { type: 'BLOB' } },
      { id: 2, shape: { x: 1, y: 1, width: 2, type: 'RECTANGLE' } },
    ],
    targets: [target(1, 27, 10, { shape: polygon([0, 0], [1, 1], [1, 0], [0, 1]) }), { id: 3 }],
    sources: [source(4, [1], { spawner: spawner({ eventElementCount: 'many' }) })],
  });
  expect(result.scenario).toBeUndefined();
  expect(result.issues.filter((issue) => issue.severity === 'error').map((issue) => [issue.code, issue.path])).toEqual([
    ['unknown-word', 'scenario.topography.obstacles[0].shape.type'],
    ['missing-field', 'scenario.topography.obstacles[1].shape.height'],
    ['polygon-self-crossing', 'scenario.topography.targets[0].shape.points'],
    ['missing-field', 'scenario.topography.targets[1].shape'],
    ['wrong-type', 'scenario.topography.sources[0].spawner.eventElementCount'],
  ]);
});

test('a project is each of its scenarios', async () => {
  const files = [
    { name: 'p/vadere.project', bytes: strToU8('p') },
    { name: 'p/scenarios/a.scenario', bytes: bytes(file()) },
    { name: 'p/scenarios/b.scenario', bytes: strToU8('{') },
  ];
  expect(detectFilesImporter(files)?.importer.name).toBe('vadere');
  const results = (await detectFilesImporter(files)?.run({ name: 'p' })) ?? [];
  expect(results.map((result) => [result.name, result.scenario?.name])).toEqual([
    ['a', 'a'],
    ['b', undefined],
  ]);
  expect(detectImporter('x.scenario', bytes(file()))?.name).toBe('vadere');
});

const RICH = JSON.stringify(
  file({
    obstacles: [
      { id: 1, shape: rectangle(10, 0, 1, 8) },
      { id: 2, shape: polygon([15, 5], [17, 5], [17, 7]) },
    ],
    targets: [
      waypoint(2, 20, 5, { waiter: { enabled: true, distribution: { type: named('Constant'), updateFrequency: 3 } } }),
      target(1, 27, 10),
      target(1, 27, 15),
    ],
    sources: [
      source(4, [2, 1]),
      source(5, [1], {
        spawner: spawner({ constraintsTimeEnd: 50, distribution: { type: named('Empirical'), values: [1, 2] } }),
      }),
    ],
    stairs: [{ id: 1, shape: rectangle(12, 10, 2, 3), treadCount: 6, upwardDirection: { x: 1, y: 0 } }],
    targetChangers: [
      {
        id: 1,
        shape: rectangle(10, 9, 1, 5),
        reachDistance: 0,
        changeAlgorithmType: 'SORTED_SUB_LIST',
        nextTarget: [2, 1],
        probabilityToChangeTarget: [0.5, 1],
      },
    ],
    dynamicElements: [
      {
        type: 'PEDESTRIAN',
        attributes: { id: 3, radius: 0.2 },
        position: { x: 8, y: 12 },
        freeFlowSpeed: 1.5,
        targetIds: [1],
        nextTargetListIndex: 0,
      },
    ],
  }),
);

test('cut off at every per cent, there is a clear error', () => {
  good(importVadere(strToU8(RICH)));
  for (let percent = 0; percent < 100; percent++) {
    const result = importVadere(strToU8(RICH.slice(0, Math.floor((RICH.length * percent) / 100))));
    expect(result.scenario).toBeUndefined();
    expect(result.issues.length).toBeGreaterThan(0);
  }
});

test('whatever stands in whatever place, there is a result or an error, and a result is a scenario without errors of form', () => {
  const seed = JSON.parse(RICH);
  fc.assert(
    fc.property(fc.nat(countPlaces(RICH)), anyChange(), (at, change) => {
      const result = importVadere(strToU8(JSON.stringify(mutateJson(seed, at, change))));
      if (result.scenario === undefined) {
        expect(result.issues.some((issue) => issue.severity === 'error')).toBe(true);
        return;
      }
      const loaded = loadScenario(JSON.stringify(result.scenario));
      const errors = loaded.issues.filter((issue) => issue.severity === 'error');
      expect(errors.filter((issue) => ERRORS_OF_FORM.includes(issue.code))).toEqual([]);
    }),
    { numRuns: Number(process.env.FUZZ_RUNS ?? 1000), examples: [[181, 100_001]] },
  );
});

const SAMPLES = '../shared/data/scenarios';
describe.skipIf(!existsSync(SAMPLES))('samples of the field', () => {
  const sample = (name: string) => importVadere(new Uint8Array(readFileSync(`${SAMPLES}/${name}.scenario`)));

  test('RiMEA 1: one person every 30 s for 20 min, 26 to 34 s asserted for each', () => {
    const result = sample('rimea_01_pathway_discrete_brute_force');
    expect(good(result).populations?.[0].arrives).toEqual({ every: 30, from: 0, to: 1200.001 });
    expect(result.report.asserted).toEqual([
      { what: 'evacuation-time', min: 26, max: 34, source: 'TestPedestrianEvacuationTimeProcessor' },
    ]);
  });

  test('RiMEA 5 and 13: their persons, and a stair', () => {
    expect(good(sample('rimea_05_react')).populations?.[0].count).toBe(10);
    const stairs = good(sample('rimea_13_stairs_pso'));
    expect(stairs.populations?.[0].count).toBe(150);
    expect(stairs.zones?.length).toBe(1);
  });
});
