import { DEFAULT_READ_LIMITS, errorIssue, readJson, showNumber, showPoint, warningIssue } from '../scenario/index.ts';
import {
  ADULT_MASS,
  type DistributionInput,
  DraftScenario,
  FreeIds,
  type ItineraryInput,
  LEVEL,
  type PopulationInput,
  type WaypointInput,
} from './draft-scenario.ts';
import { countOf, type ImportNotes } from './import-notes.ts';
import type { ImportOptions, ImportResult, SourceFile } from './importer.ts';
import { Fields } from './loose-fields.ts';
import { areaOnFloor, findPieces, type Piece } from './plan-pieces.ts';
import { grownRing, middleOf, readShape, ringOf } from './vadere-shapes.ts';
import {
  isApproximated,
  lastName,
  personOfSource,
  readDistribution,
  readOlderDistribution,
  readSpawning,
  toDistribution,
  type VadereDistribution,
} from './vadere-spawners.ts';

const IMPORTER = 'vadere';
/** Newest release whose fields are known. */
const RELEASE_MAX = [2, 4] as const;
/** Corners of all shapes together. */
const CORNERS_MAX = 200_000;
/** Persons per area that stand in a source from the start [1/m²]; what is more comes as places get free. Our choice: discs of 0.2 m fit at 6.6. */
const DENSITY_MAX = 5;
/** Stride rule: two risers and a tread are 0.63 m. @source Blondel 1683, in every building code since (2 r + t = 59 … 65 cm) */
const STRIDE = 0.63;
/** Risers that are built [m]. */
const RISER = [0.12, 0.2] as const;
/** Share of the free speed kept along a stair, as of the scenario's profiles. */
const STAIR_FACTOR = { up: 0.55, down: 0.67 } as const;

/** Whether a file is JSON that looks like a scenario of Vadere. */
export function recogniseVadere(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes);
  return /^\s*(\uFEFF)?\s*\{/.test(text.slice(0, 64)) && /"topography"\s*:/.test(text) && /"bounds"\s*:/.test(text);
}

/** Whether files are a Vadere project, or a folder with its scenarios. */
export function recogniseVadereFiles(files: readonly SourceFile[]): boolean {
  return splitVadereFiles(files).length > 0;
}

/** The scenarios among files. */
export function splitVadereFiles(files: readonly SourceFile[]): readonly SourceFile[] {
  return files.filter((file) => file.name.toLowerCase().endsWith('.scenario'));
}

/** A place people are sent to: targets of one id are one destination. */
interface Target {
  readonly id: string;
  readonly exits: readonly string[];
  readonly waypoints: readonly string[];
  readonly isAbsorbing: boolean;
  readonly middle: readonly [number, number];
}

/**
 * A `.scenario` file of Vadere, releases 0.1 to 2.4, as a scenario of one level. `docs/formats.md` says what becomes of which
 * field. Returns all issues at once; never throws for what is in the file.
 */
export function importVadere(bytes: Uint8Array, options: ImportOptions = {}): ImportResult {
  const draft = new DraftScenario();
  const { notes } = draft;
  const json = readJson(bytes, DEFAULT_READ_LIMITS);
  notes.issues.push(...json.issues);
  if (typeof json.value !== 'object' || json.value === null || Array.isArray(json.value)) {
    if (!notes.hasErrors)
      notes.issues.push(errorIssue('wrong-type', '', 'the file holds no object; a scenario is one'));
    return draft.finish(IMPORTER, '', '', options);
  }
  const root = new Fields(json.value as Record<string, unknown>, [], '', notes);
  const name = root.text('name') ?? 'Imported scenario';
  const note = root.text('description') ?? '';
  const release = root.name('release');
  root.skip('commithash');
  checkRelease(release, root, notes);
  readAssertions(root, notes);
  // Before 0.2 it was called after the program.
  const scenario = root.object(root.pick('scenario', 'vadere'), 'scenario');
  const topography = scenario?.object('topography', 'topography');
  if (topography === undefined) {
    const message = 'the file has no "scenario" with a "topography"; is it a scenario of Vadere?';
    notes.issues.push(errorIssue('missing-field', 'scenario.topography', message, { expected: 'a topography' }));
  } else {
    readSimulation(scenario!, draft);
    readTopography(topography, draft, hasGroups(scenario!));
    topography.finish();
  }
  scenario?.finish();
  root.finish();
  draft.addOptions(options);
  const written = release === undefined ? '' : `, release ${release}`;
  const description = `Imported from a Vadere scenario${written}.${note === '' ? '' : ` ${note}`}`;
  return draft.finish(IMPORTER, name, description, options);
}

function checkRelease(release: string | undefined, root: Fields, notes: ImportNotes): void {
  if (release === undefined) {
    notes.guess('release of the file: it names none, the fields of all are understood');
    return;
  }
  const [major, minor] = release.split('.').map(Number);
  const isNewer = major > RELEASE_MAX[0] || (major === RELEASE_MAX[0] && minor > RELEASE_MAX[1]);
  if (Number.isFinite(major) && !isNewer) return;
  const message = `release ${release} is not known; it is read as ${RELEASE_MAX.join('.')}, check what is not taken over`;
  notes.issues.push(
    warningIssue('unknown-release', root.pathOf('release'), message, {
      expected: `≤ ${RELEASE_MAX.join('.')}`,
      found: release,
    }),
  );
}

/** Bands that the file's own test processors assert; what else the writers do says nothing to a scenario. */
function readAssertions(root: Fields, notes: ImportNotes): void {
  const writers = root.object('processWriters');
  for (const processor of writers?.objects('processors') ?? []) {
    const type = lastName(processor.text('type') ?? '');
    const attributes = processor.object('attributes');
    processor.skip('id', 'attributesType');
    if (attributes === undefined || !type.startsWith('Test')) continue;
    const isExpected = (attributes.text('expectedResult') ?? 'SUCCESS') === 'SUCCESS';
    const [min, max] = [readBound(attributes, 'minimalEvacuationTime'), readBound(attributes, 'maximalEvacuationTime')];
    if (min === undefined && max === undefined) continue;
    const isEach = type.includes('Pedestrian');
    const whose = isEach ? 'evacuation time of each person' : 'time until everybody is out';
    const band = `${showNumber(min ?? 0)} … ${max === undefined ? '∞' : showNumber(max)} s`;
    if (!isExpected) notes.read.push(`asserted by the file: the ${whose} is NOT in ${band} (${type})`);
    else {
      notes.read.push(`asserted by the file: the ${whose} is ${band} (${type})`);
      notes.asserted.push({
        what: isEach ? 'evacuation-time' : 'last-out',
        min: min ?? 0,
        max: max ?? Number.MAX_VALUE,
        source: type,
      });
    }
  }
}

/** A bound of a test; infinite ones, written as text, are none. */
function readBound(attributes: Fields, key: string): number | undefined {
  if (!attributes.has(key) || attributes.isText(key)) return undefined;
  const value = attributes.number(key);
  return value === undefined || value > 1e12 ? undefined : value;
}

function hasGroups(scenario: Fields): boolean {
  const models = scenario.object('attributesModel', 'attributesModel');
  return (models?.unread() ?? []).some((name) => /Group/.test(lastName(name)));
}

function readSimulation(scenario: Fields, draft: DraftScenario): void {
  const { notes } = draft;
  const model = lastName(scenario.text('mainModel') ?? '');
  const models = scenario.object('attributesModel', 'attributesModel')?.unread() ?? [];
  if (model !== '') notes.ignore('parameters of the model', `${model} (${countOf(models.length, 'group')})`);
  const simulation = scenario.object('attributesSimulation', 'attributesSimulation');
  const end = simulation?.number('finishTime', { min: 0, max: 86_400, unit: 's', clamp: true }) ?? 500;
  draft.endTime = end > 0 ? end : 500;
  const isFixed = simulation?.flag('useFixedSeed') ?? true;
  const seeds = [simulation?.number('fixedSeed'), simulation?.number('simulationSeed')];
  const written = (isFixed ? seeds[0] : seeds[1]) ?? seeds[0] ?? seeds[1] ?? 1;
  const seed = ((Math.floor(written) % 4_294_967_296) + 4_294_967_296) % 4_294_967_296;
  if (seed !== written) notes.guess(`seed ${seed}, the rest of ${written} by 2³²`);
  draft.seed = seed;
  notes.read.push(`seed ${seed}, end after ${draft.endTime} s`);
  const psychology = scenario.object('attributesPsychology', 'attributesPsychology');
  const isOn = [
    psychology?.flag('usePsychologyLayer'),
    simulation?.flag('usePsychologyLayer'),
    simulation?.flag('useSalientBehavior'),
  ];
  if (isOn.includes(true)) notes.ignore('psychology layer: what people perceive and how they think');
  for (const info of scenario.objects('stimulusInfos', 'stimulusInfos')) {
    const kinds = info.objects('stimuli').map((stimulus) => stimulus.text('type') ?? '?');
    notes.ignore('stimuli', kinds.join(' and ') || '?');
  }
}

function readTopography(topography: Fields, draft: DraftScenario, isGrouped: boolean): void {
  const { notes } = draft;
  const floor = readFloor(topography, notes);
  const targets = readTargets(topography, draft);
  const stairs = readStairs(topography, notes);
  const changers = readChangers(topography, notes);
  const trips: Trip[] = [];
  const anchors: [number, number][][] = [
    ...targets.shapes,
    ...changers.map(({ ring }) => ring),
    ...stairs.map(({ ring }) => ring),
  ];
  const people = topography.object('attributesPedestrian', 'attributesPedestrian');
  const general = readPerson(people, undefined, notes);
  people?.finish();
  draft.pieces = floor;
  const sources = readSources(topography, draft, general, isGrouped);
  const placed = readPlaced(topography, draft, general);
  for (const { ring } of sources) anchors.push(ring);
  for (const { position } of placed) anchors.push(squareAt(position));
  readAbsorbingAreas(topography, notes);
  keepPieces(floor, anchors, draft);

  const ways = new WayTable(targets.byId, draft);
  for (const source of sources) {
    const way = ways.find(source.targets, source.path);
    draft.populations.push({ ...source.population, ...way.fields });
    trips.push({ from: middleOf({ ring: source.ring }), to: way.end });
  }
  for (const person of placed) {
    const way = ways.find(person.targets, person.path);
    draft.populations.push({ ...person.population, ...way.fields });
    trips.push({ from: person.position, to: way.end });
  }
  for (const changer of changers) ways.addDiversion(changer);
  // Where nobody is sent anywhere the absorbing targets are the ways out of what may be added.
  if (draft.populations.length === 0)
    for (const target of targets.byId.values()) for (const exit of target.exits) ways.used.add(exit);
  targets.keep(ways.used, draft);
  addStairs(stairs, trips, draft);
  const areas = topography.objects('measurementAreas', 'measurementAreas');
  for (const area of areas) {
    const shape = readShape(area, notes);
    const id = area.name('id') ?? '?';
    area.skip('visible');
    area.finish();
    if (shape !== undefined)
      notes.ignore(
        'measurement areas; measure there with the exported trajectories',
        `${id} at ${showPoint(middleOf(shape))}`,
      );
  }
  const teleporter = topography.object('teleporter', 'teleporter');
  if (teleporter !== undefined) notes.ignore('teleporter');
  for (const key of ['aerosolClouds', 'droplets'])
    if (topography.list(key).length > 0) notes.ignore(`${key} (spread of infections)`);
  topography.skip('attributesCar');
  const present = draft.populations.reduce(
    (sum, { count = 1, arrives }) => sum + (arrives === undefined ? count : 0),
    0,
  );
  const coming = draft.populations.filter(({ arrives }) => arrives !== undefined).length;
  if (draft.populations.length > 0) {
    const later = coming > 0 ? `, ${countOf(coming, 'source')} with persons in the course of the run` : '';
    notes.read.push(`${countOf(present, 'person')} at the start${later}`);
    notes.guess('mass of the persons: as of adults, 76.6 ± 15.5 kg; the file has none. Motivation 0, calm');
  }
  if (draft.waypoints.length > 0) {
    notes.read.push(
      `${countOf(draft.waypoints.length, 'waypoint')}, ${countOf(draft.itineraries.length, 'itinerary', 'itineraries')}`,
    );
  }
}

/** Bounds, less the wall inside them, less the obstacles. */
function readFloor(topography: Fields, notes: ImportNotes): Piece[] {
  const attributes = topography.object('attributes', 'topography.attributes');
  const bounds = attributes?.object('bounds');
  const place = { min: -1e8, max: 1e8, unit: 'm' };
  const [x, y] = [bounds?.number('x', place) ?? 0, bounds?.number('y', place) ?? 0];
  const [width, height] = [bounds?.number('width', place) ?? 0, bounds?.number('height', place) ?? 0];
  bounds?.skip('type');
  bounds?.finish();
  const isBounded = attributes?.flag('bounded') ?? true;
  const wall = isBounded ? (attributes?.number('boundingBoxWidth', { min: 0, max: 1e6, unit: 'm' }) ?? 0.5) : 0;
  attributes?.skip('boundingBoxWidth');
  const reference = attributes?.object('referenceCoordinateSystem');
  if (reference !== undefined) {
    const code = reference.name('epsgCode') ?? '?';
    const by = reference.point('translation');
    notes.ignore('reference coordinate system', `${code}${by === undefined ? '' : `, moved by ${showPoint(by)} m`}`);
  }
  attributes?.finish();
  const rings: [number, number][][] = [];
  let corners = 0;
  let flat = 0;
  for (const obstacle of topography.objects('obstacles', 'obstacles')) {
    const shape = readShape(obstacle, notes, true);
    obstacle.skip('id', 'visible');
    obstacle.finish();
    if (shape === undefined) flat++;
    else {
      const ring = ringOf(shape);
      corners += ring.length;
      rings.push(ring);
    }
  }
  if (corners > CORNERS_MAX) {
    const message = `the obstacles have more than ${CORNERS_MAX} corners; simplify them`;
    notes.issues.push(
      errorIssue('too-many-points', topography.pathOf('obstacles'), message, { found: String(corners) }),
    );
    return [];
  }
  const [left, low, right, top] = [x + wall, y + wall, x + width - wall, y + height - wall];
  if (!(right > left && top > low)) {
    const message = `the bounds leave no floor: ${showNumber(width)} × ${showNumber(height)} m with a wall of ${showNumber(wall)} m inside`;
    notes.issues.push(
      errorIssue('no-floor', topography.pathOf('attributes', 'bounds'), message, { expected: '> 0', unit: 'm' }),
    );
    return [];
  }
  const box: [number, number][] = [
    [left, low],
    [right, low],
    [right, top],
    [left, top],
  ];
  const pieces = notes.hasErrors ? [] : findPieces([box], rings);
  const found = pieces.reduce((sum, { outline, holes }) => sum + outline.length + holes.flat().length, 0);
  if (found > CORNERS_MAX) {
    const message = `the obstacles cross each other so often that the floor has more than ${CORNERS_MAX} corners; draw them simpler`;
    notes.issues.push(errorIssue('too-many-points', topography.pathOf('obstacles'), message, { found: String(found) }));
    return [];
  }
  if (pieces.length === 0 && !notes.hasErrors) {
    notes.issues.push(
      errorIssue('no-floor', topography.pathOf('obstacles'), 'the obstacles leave no floor; take some away'),
    );
  }
  const area = pieces.length === 0 ? 0 : areaOnFloor(box, pieces);
  const inside = wall > 0 ? ` less a wall of ${showNumber(wall)} m inside` : '';
  notes.read.push(
    `floor: ${showNumber(width)} × ${showNumber(height)} m${inside}, less ${countOf(rings.length, 'obstacle')}: ${Math.round(area)} m²`,
  );
  if (flat > 0 && !notes.hasErrors) notes.ignore(`${countOf(flat, 'obstacle')} without an area`);
  return pieces;
}

/** Leaves out floor on which nobody is and to which nothing leads. */
function keepPieces(
  pieces: readonly Piece[],
  anchors: readonly (readonly [number, number][])[],
  draft: DraftScenario,
): void {
  const used =
    anchors.length === 0 ? pieces : pieces.filter((piece) => anchors.some((ring) => areaOnFloor(ring, [piece]) > 1e-6));
  const kept = used.length === 0 ? pieces : used;
  const left = pieces.filter((piece) => !kept.includes(piece));
  if (left.length > 0) {
    const area = left.reduce((sum, piece) => sum + areaOnFloor(piece.outline, [piece]), 0);
    draft.notes.ignore(
      `${countOf(left.length, 'closed pocket')} between obstacles, ${showNumber(area)} m², with nobody in it and nothing that leads there`,
    );
  }
  draft.pieces = kept;
  draft.holes = kept.flatMap((piece) => piece.holes);
}

interface TargetTable {
  readonly byId: ReadonlyMap<string, Target>;
  /** All their regions. */
  readonly shapes: [number, number][][];
  /** Leaves those out that nobody uses. */
  readonly keep: (used: ReadonlySet<string>, draft: DraftScenario) => void;
}

function readTargets(topography: Fields, draft: DraftScenario): TargetTable {
  const { notes } = draft;
  const byId = new Map<string, Target>();
  const shapes: [number, number][][] = [];
  const ids = new FreeIds();
  const names = new Set<string>();
  for (const target of topography.objects('targets', 'targets')) {
    const shape = readShape(target, notes);
    const id = target.name('id') ?? '-1';
    const service = readService(target, id, notes);
    target.skip('visible');
    target.finish();
    if (shape === undefined) continue;
    shapes.push(ringOf(shape));
    const name = ids.take(`target ${id}`);
    names.add(name);
    const before = byId.get(id);
    const exits = [...(before?.exits ?? [])];
    const waypoints = [...(before?.waypoints ?? [])];
    // Reached in the shape or nearer to it than this.
    const reach = service.reach;
    if (service.isAbsorbing) {
      draft.exits.push({ id: name, level: LEVEL, polygon: grownRing(shape, reach) });
      exits.push(name);
    }
    if (!service.isAbsorbing || service.dwell !== undefined || service.cycle !== undefined) {
      const region =
        'center' in shape
          ? {
              position: [shape.center[0], shape.center[1]] as [number, number],
              radius: Math.max(0.1, Math.min(100, shape.radius + reach)),
            }
          : { polygon: grownRing(shape, reach) };
      const { dwell, capacity, cycle, leavingSpeed } = service;
      draft.waypoints.push({
        id: name,
        level: LEVEL,
        ...region,
        ...(dwell !== undefined ? { dwell } : {}),
        ...(capacity !== undefined ? { capacity } : {}),
        ...(cycle !== undefined ? { cycle } : {}),
        ...(leavingSpeed !== undefined ? { leavingSpeed } : {}),
      });
      waypoints.push(name);
    }
    byId.set(id, { id, exits, waypoints, isAbsorbing: service.isAbsorbing, middle: before?.middle ?? middleOf(shape) });
  }
  const keep = (used: ReadonlySet<string>, to: DraftScenario): void => {
    const kept = to.exits.filter((exit) => used.has(exit.id) || !names.has(exit.id));
    const walked = to.waypoints.filter((waypoint) => used.has(waypoint.id));
    const all = new Set([...kept, ...walked].map((part) => part.id));
    for (const id of names) if (!all.has(id)) notes.ignore('targets that nobody goes to', id);
    to.exits.splice(0, Infinity, ...kept);
    to.waypoints.splice(0, Infinity, ...walked);
    if (kept.length > 0)
      notes.read.push(`${countOf(kept.length, 'exit')}: absorbing targets at the end of somebody’s way`);
  };
  return { byId, shapes, keep };
}

interface Service {
  readonly isAbsorbing: boolean;
  readonly reach: number;
  readonly dwell?: DistributionInput;
  readonly capacity?: number;
  readonly cycle?: NonNullable<WaypointInput['cycle']>;
  readonly leavingSpeed?: number;
}

/** What a target does with who comes there; 2.4 has it in parts, releases before in fields of its own. */
function readService(target: Fields, id: string, notes: ImportNotes): Service {
  const distances = { min: 0, max: 1000, unit: 'm', clamp: true };
  const absorber = target.object('absorber', 'targets.absorber');
  const isAbsorbing = absorber === undefined ? (target.flag('absorbing') ?? true) : (absorber.flag('enabled') ?? true);
  const reach = (absorber === undefined ? target : absorber).number('deletionDistance', distances) ?? 0.1;
  absorber?.finish();
  const served = target.count(target.pick('parallelEvents', 'parallelWaiters'), { min: -1, max: 1e9 }) ?? 0;
  const speed = target.number(target.pick('leavingSpeed', 'nextSpeed'), { min: -1e9, max: 1e9 }) ?? -1;
  // 0 is what the editor writes where nothing is meant; nobody would move on.
  const leavingSpeed = isAbsorbing || speed <= 0 ? undefined : Math.max(0.05, Math.min(4, speed));
  if (speed === 0 && !isAbsorbing) notes.guess('a leaving speed of 0 changes nothing', `target ${id}`);
  const { gaps, isLight, yellow, startsRed } = readWaiter(target, notes);
  const dwell = gaps === undefined ? undefined : toDistribution(gaps);
  if (gaps !== undefined && isApproximated(gaps))
    notes.guess('waiting times as normal distributions of the same mean and spread', `target ${id}`);
  const rest = { isAbsorbing, reach, ...(leavingSpeed === undefined ? {} : { leavingSpeed }) };
  if (dwell === undefined || dwell === 0) return rest;
  if (isLight) {
    const open = typeof dwell === 'number' ? dwell : (gaps as { mean?: number }).mean;
    if (open === undefined || !(open > 0)) return rest;
    if (yellow > 0 && startsRed)
      notes.guess('lights that begin red with a yellow phase are shut for it twice at first', `target ${id}`);
    return { ...rest, cycle: { open, shut: open + 2 * yellow, starts: startsRed ? 'shut' : 'open' } };
  }
  return { ...rest, dwell, ...(served > 0 ? { capacity: Math.min(served, 100_000) } : {}) };
}

/** How long people wait: each for themselves, or all together as at a traffic light. */
function readWaiter(
  target: Fields,
  notes: ImportNotes,
): { gaps?: VadereDistribution; isLight: boolean; yellow: number; startsRed: boolean } {
  const times = { min: 0, max: 86_400, unit: 's', clamp: true };
  const yellow = target.number('waitingTimeYellowPhase', times) ?? 0;
  const startsRed = target.flag('startingWithRedLight') ?? false;
  const waiter = target.object('waiter', 'targets.waiter');
  if (waiter !== undefined) {
    const isOn = waiter.flag('enabled') ?? false;
    const distribution = waiter.object('distribution');
    const gaps = distribution === undefined ? undefined : readDistribution(distribution, notes);
    waiter.finish();
    return { ...(isOn && gaps !== undefined ? { gaps } : {}), isLight: false, yellow, startsRed };
  }
  const behaviour = target.text('waitingBehaviour')?.toUpperCase();
  const kind = target.text('waitingTimeDistribution');
  if (behaviour !== undefined || kind !== undefined) {
    const gaps = kind === undefined ? undefined : readOlderDistribution(target, kind, notes);
    if (kind === undefined) target.skip('distributionParameters');
    const isOn = behaviour !== 'NO_WAITING' && gaps !== undefined;
    return { ...(isOn ? { gaps } : {}), isLight: behaviour === 'TRAFFIC_LIGHT', yellow, startsRed };
  }
  const time = target.number('waitingTime', { min: -1e9, max: 86_400, unit: 's' }) ?? 0;
  const isLight = target.flag('individualWaiting') === false;
  return { ...(time > 0 ? { gaps: { kind: 'constant', value: time } as const } : {}), isLight, yellow, startsRed };
}

/** A population on its way into the scenario. */
interface Source {
  readonly population: PopulationInput;
  readonly targets: readonly string[];
  readonly ring: [number, number][];
  readonly path: string;
}

function readSources(topography: Fields, draft: DraftScenario, general: Person, isGrouped: boolean): Source[] {
  const { notes } = draft;
  const sources: Source[] = [];
  const ids = new FreeIds();
  topography.objects('sources', 'sources').forEach((source, index) => {
    const shape = readShape(source, notes);
    const id = ids.take(`source ${source.name('id') ?? '-1'}`);
    const targets = source.names('targetIds');
    const groups = source.numbers('groupSizeDistribution', { min: 0 });
    if (isGrouped && groups.slice(1).some((share) => share > 0)) notes.ignore('groups that walk together', id);
    const isCar = source.text('dynamicElementType') === 'CAR';
    const own = personOfSource(source);
    const person = own === undefined ? general : readPerson(own, general, notes);
    own?.finish();
    const ring = shape === undefined ? undefined : ringOf(shape);
    const room = ring === undefined || draft.pieces.length === 0 ? 0 : DENSITY_MAX * areaOnFloor(ring, draft.pieces);
    const spawning = readSpawning(source, id, draft.seed, index, Math.max(1, Math.floor(room)), notes);
    source.skip('visible', 'dynamicElementType');
    source.finish();
    if (ring === undefined) return;
    if (isCar) {
      notes.ignore('sources of cars', id);
      return;
    }
    if (spawning.count === undefined && spawning.arrives === undefined) {
      notes.ignore('sources of nobody', id);
      return;
    }
    const profile = draft.profile(person.fields, id);
    const population: PopulationInput = { id, level: LEVEL, polygon: ring, profile, ...spawning };
    sources.push({ population, targets, ring, path: source.pathOf('targetIds') });
  });
  return sources;
}

interface Placed {
  readonly population: PopulationInput;
  readonly targets: readonly string[];
  readonly position: [number, number];
  readonly path: string;
}

/** Persons who are there from the start, each at a place. */
function readPlaced(topography: Fields, draft: DraftScenario, general: Person): Placed[] {
  const { notes } = draft;
  const placed: Placed[] = [];
  const ids = new FreeIds();
  for (const element of topography.objects('dynamicElements', 'dynamicElements')) {
    const kind = element.text('type') ?? 'PEDESTRIAN';
    const attributes = element.object('attributes', 'attributesPedestrian');
    const id = ids.take(`pedestrian ${attributes?.name('id') ?? element.name('id') ?? '-1'}`);
    const position = element.point('position');
    const speed = element.number('freeFlowSpeed', { min: 0, max: 100, unit: 'm/s' });
    const targets = element.names('targetIds');
    const next = element.count('nextTargetListIndex', { min: -1, max: 1e6 }) ?? 0;
    const groups = element.list('groupIds');
    if (kind !== 'PEDESTRIAN') {
      notes.ignore('elements that are no pedestrians', `${id} (${kind.slice(0, 40)})`);
      continue;
    }
    const person = attributes === undefined ? general : readPerson(attributes, general, notes);
    attributes?.finish();
    if (groups.length > 0) notes.ignore('groups that walk together', id);
    if (element.flag('isChild')) notes.ignore('“isChild”', id);
    // What is left over is how the person moved when the file was written.
    element.skip(...element.unread());
    if (position === undefined) {
      if (!element.has('position'))
        notes.issues.push(errorIssue('missing-field', element.pathOf('position'), 'a person has a position; add it'));
      continue;
    }
    const isKnown = speed !== undefined && speed >= 0.05 && speed <= 4;
    const profile = draft.profile(isKnown ? { ...person.fields, freeSpeed: speed } : person.fields, id);
    placed.push({
      population: { id, level: LEVEL, position, profile },
      targets: targets.slice(Math.max(0, next)),
      position,
      path: element.pathOf('targetIds'),
    });
  }
  return placed;
}

interface Person {
  readonly fields: { body: { radius: number; mass: DistributionInput }; freeSpeed: DistributionInput };
  readonly mean: number;
  readonly sd: number;
  readonly min: number;
  readonly max: number;
}

/** Size and free speed: a normal distribution that is cut. What a source leaves out is as for everybody. */
function readPerson(fields: Fields | undefined, general: Person | undefined, notes: ImportNotes): Person {
  const radius =
    fields?.number('radius', { min: 0.08, max: 0.6, unit: 'm', clamp: true }) ?? general?.fields.body.radius ?? 0.2;
  const speeds = { min: 0, max: 100, unit: 'm/s' };
  const mean = fields?.number('speedDistributionMean', speeds) ?? general?.mean ?? 1.34;
  const sd = fields?.number('speedDistributionStandardDeviation', speeds) ?? general?.sd ?? 0.26;
  const lowest = fields?.number('minimumSpeed', { ...speeds, max: Number.MAX_VALUE }) ?? general?.min ?? 0.5;
  const highest = fields?.number('maximumSpeed', { ...speeds, max: Number.MAX_VALUE }) ?? general?.max ?? 2.2;
  if (fields?.flag('densityDependentSpeed')) notes.ignore('“densityDependentSpeed”: density slows people by itself');
  fields?.skip('id', 'shape', 'visible');
  fields?.ignore(
    'how the model steps',
    'acceleration',
    'footstepHistorySize',
    'footStepsToStore',
    'searchRadius',
    'walkingDirectionSameIfAngleLessOrEqual',
    'walkingDirectionCalculation',
    'hearingThreshold',
  );
  const [min, max] = [Math.max(0.05, Math.min(4, lowest)), Math.max(0.05, Math.min(4, highest))];
  const freeSpeed: DistributionInput =
    sd === 0
      ? Math.max(0.05, Math.min(4, mean))
      : { distribution: 'normal', mean: Math.max(0.05, Math.min(4, mean)), sd, min: Math.min(min, max), max };
  return { fields: { body: { radius, mass: ADULT_MASS }, freeSpeed }, mean, sd, min: lowest, max: highest };
}

/**
 * Who enters such an area is out, wherever they are going: a scenario has no such thing, for an exit lets out only those who make for it.
 * Said as a warning, for it changes who gets out.
 */
function readAbsorbingAreas(topography: Fields, notes: ImportNotes): void {
  for (const area of topography.objects('absorbingAreas', 'absorbingAreas')) {
    const shape = readShape(area, notes);
    const id = area.name('id') ?? '-1';
    const absorber = area.object('absorber', 'absorbingAreas.absorber');
    const isOn = absorber?.flag('enabled') ?? true;
    absorber?.skip('deletionDistance');
    absorber?.finish();
    area.skip('visible', 'deletionDistance');
    area.finish();
    if (shape === undefined) continue;
    notes.ignore(isOn ? 'absorbing areas; people walk through them' : 'absorbing areas that are off', id);
    if (!isOn) continue;
    const message = `the absorbing area ${id} takes out whoever enters it, wherever they are going; here people walk through it: give them a target there`;
    notes.issues.push(
      warningIssue('absorbing-area', area.pathOf(), message, { expected: 'a target', found: 'an area' }),
    );
  }
}

/** A way of somebody, by its ends [m]. */
interface Trip {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number] | undefined;
}

interface Changer {
  readonly id: string;
  readonly ring: [number, number][];
  readonly kind: string;
  readonly next: readonly string[];
  readonly chances: readonly number[];
  readonly path: string;
}

function readChangers(topography: Fields, notes: ImportNotes): Changer[] {
  const ids = new FreeIds();
  return topography.objects('targetChangers', 'targetChangers').flatMap((changer): Changer[] => {
    const shape = readShape(changer, notes);
    const id = ids.take(`target changer ${changer.name('id') ?? '-1'}`);
    const reach = changer.number('reachDistance', { min: 0, max: 1000, unit: 'm', clamp: true }) ?? 0;
    const next = changer.names('nextTarget');
    const key = changer.pick('probabilityToChangeTarget', 'probabilitiesToChangeTarget');
    const range = { min: 0, max: 1, clamp: true };
    // One number before 1.4, a list since.
    const single = changer.isList(key) ? undefined : changer.number(key, range);
    const chances = changer.isList(key) ? changer.numbers(key, range) : single === undefined ? [] : [single];
    const isPerson = changer.flag('nextTargetIsPedestrian') ?? false;
    const guess = chances.length === next.length && next.length > 1 ? 'SORTED_SUB_LIST' : 'SELECT_LIST';
    const kind = changer.text('changeAlgorithmType')?.toUpperCase() ?? (isPerson ? 'FOLLOW_PERSON' : guess);
    changer.skip('visible');
    changer.finish();
    if (shape === undefined) return [];
    return [{ id, ring: grownRing(shape, reach), kind, next, chances, path: changer.pathOf('nextTarget') }];
  });
}

/** Itineraries by their lists of targets, each once. */
class WayTable {
  /** Exits and waypoints that are on somebody's way. */
  readonly used = new Set<string>();
  readonly #targets: ReadonlyMap<string, Target>;
  readonly #draft: DraftScenario;
  readonly #itineraries = new Map<string, string>();
  readonly #ids = new FreeIds();

  constructor(targets: ReadonlyMap<string, Target>, draft: DraftScenario) {
    this.#targets = targets;
    this.#draft = draft;
  }

  /** What a population with this list of targets is told, and where its way ends. */
  find(
    list: readonly string[],
    path: string,
  ): { fields: Partial<PopulationInput>; end: readonly [number, number] | undefined } {
    const way = this.#trace(list, path);
    if (way.stops.length === 0 && way.exits.length > 0) return { fields: { knows: [...way.exits] }, end: way.end };
    if (way.stops.length === 0) {
      this.#draft.notes.guess('people without a target stay where they are');
      return { fields: { waits: true }, end: undefined };
    }
    return { fields: { itinerary: this.#itinerary(list, way) }, end: way.end };
  }

  /** An itinerary for a list, also where it leads straight to an exit. */
  itineraryOf(list: readonly string[], path: string): string | undefined {
    const way = this.#trace(list, path);
    return way.stops.length === 0 && way.exits.length === 0 ? undefined : this.#itinerary(list, way);
  }

  addDiversion(changer: Changer): void {
    const { notes } = this.#draft;
    const { id, ring, next, chances, path } = changer;
    const whole = (list: readonly string[], share: number) => {
      const itinerary = this.itineraryOf(list, path);
      return itinerary === undefined || share <= 0 ? [] : [{ itinerary, share }];
    };
    let to: { itinerary: string; share: number }[] = [];
    let chance = 1;
    switch (changer.kind) {
      case 'SELECT_LIST':
        chance = chances[0] ?? 1;
        to = whole(next, 1);
        break;
      case 'SELECT_ELEMENT': {
        to = next.flatMap((target, i) => whole([target], chances.length === 0 ? 1 : (chances[i] ?? 0)));
        // One more probability than targets is that of no change; less than 1 in all is normalised by the program.
        const sum = chances.reduce((total, value) => total + value, 0);
        if (chances.length === next.length + 1 && sum > 0) chance = 1 - chances[next.length] / sum;
        break;
      }
      case 'SORTED_SUB_LIST': {
        const made = this.#subLists(next, chances, path, id);
        if (made === undefined) return;
        [to, chance] = made;
        break;
      }
      default:
        notes.ignore('target changers by which people follow a person', id);
        return;
    }
    if (to.length === 0 || chance <= 0) {
      notes.ignore('target changers that lead nowhere', id);
      return;
    }
    this.#draft.diversions.push({ id, level: LEVEL, polygon: ring, chance, to });
  }

  /** Each target of the list by its own chance: all lists that can come out, with their probabilities. */
  #subLists(
    next: readonly string[],
    chances: readonly number[],
    path: string,
    id: string,
  ): [to: { itinerary: string; share: number }[], chance: number] | undefined {
    if (next.length > 6) {
      this.#draft.notes.ignore('target changers with more than six targets, each by its own chance', id);
      return undefined;
    }
    const to: { itinerary: string; share: number }[] = [];
    let none = 1;
    for (let bits = 1; bits < 1 << next.length; bits++) {
      let share = 1;
      for (let i = 0; i < next.length; i++)
        share *= ((bits >> i) & 1) === 1 ? (chances[i] ?? 1) : 1 - (chances[i] ?? 1);
      const itinerary = this.itineraryOf(
        next.filter((_, i) => ((bits >> i) & 1) === 1),
        path,
      );
      if (itinerary !== undefined && share > 0) to.push({ itinerary, share });
    }
    for (let i = 0; i < next.length; i++) none *= 1 - (chances[i] ?? 1);
    return [to, 1 - none];
  }

  #trace(
    list: readonly string[],
    path: string,
  ): { stops: ItineraryInput['stops']; exits: string[]; end: readonly [number, number] | undefined } {
    const { notes } = this.#draft;
    const stops: ItineraryInput['stops'] = [];
    let exits: string[] = [];
    let end: readonly [number, number] | undefined;
    for (const [i, id] of list.entries()) {
      const target = this.#targets.get(id);
      if (target === undefined) {
        const message = `there is no target ${JSON.stringify(id.slice(0, 40))}; it is left out`;
        notes.issues.push(
          warningIssue('unknown-name', path, message, { expected: 'id of a target', found: id.slice(0, 40) }),
        );
        continue;
      }
      for (const name of [...target.waypoints, ...target.exits]) this.used.add(name);
      end = target.middle;
      if (target.waypoints.length === 1) stops.push(target.waypoints[0]);
      if (target.waypoints.length > 1) {
        stops.push({ any: target.waypoints.map((waypoint) => ({ waypoint })) });
        notes.guess(
          'of several places of one target on the way, one is drawn, all alike; Vadere takes the nearest',
          `target ${id}`,
        );
      }
      if (target.exits.length === 0) continue;
      exits = [...target.exits];
      if (i < list.length - 1)
        notes.ignore('targets after the first absorbing one', `${path}: ${list.slice(i + 1).join(', ')}`);
      break;
    }
    return { stops, exits, end };
  }

  #itinerary(list: readonly string[], way: { stops: ItineraryInput['stops']; exits: readonly string[] }): string {
    const key = list.join(' → ');
    const known = this.#itineraries.get(key);
    if (known !== undefined) return known;
    const id = this.#ids.take(`to ${key}`.slice(0, 100));
    this.#itineraries.set(key, id);
    if (way.exits.length === 0)
      this.#draft.notes.guess('who has come to a last target that does not absorb stays there', id);
    this.#draft.itineraries.push({ id, stops: way.stops, end: way.exits.length > 0 ? [...way.exits] : 'stay' });
    return id;
  }
}

interface Stair {
  readonly id: string;
  readonly ring: [number, number][];
  readonly up: readonly [number, number];
  readonly treads: number;
}

function readStairs(topography: Fields, notes: ImportNotes): Stair[] {
  const ids = new FreeIds();
  return topography.objects('stairs', 'stairs').flatMap((stair): Stair[] => {
    const shape = readShape(stair, notes);
    const id = ids.take(`stairs ${stair.name('id') ?? '-1'}`);
    const treads = stair.count('treadCount', { min: 1, max: 10_000 }) ?? 1;
    const up = stair.point('upwardDirection') ?? [1, 0];
    stair.skip('visible');
    stair.finish();
    return shape === undefined ? [] : [{ id, ring: ringOf(shape), up, treads }];
  });
}

/**
 * Stairs lie in the plane of the one floor, where people walk past and along them: they become zones that slow. The factor is the
 * share of the free speed that is kept along a stair, times the cosine of its slope (a zone knows the plan only); the slope comes from
 * the depth of the treads by the stride rule. Up or down where everybody's way says so, else the mean of both.
 */
function addStairs(stairs: readonly Stair[], trips: readonly Trip[], draft: DraftScenario): void {
  const { notes } = draft;
  for (const { id, ring, up, treads } of stairs) {
    const norm = Math.hypot(up[0], up[1]) || 1;
    const along = ([x, y]: readonly [number, number]) => (x * up[0] + y * up[1]) / norm;
    const heights = ring.map(along);
    const [low, high] = [heights.reduce((a, b) => Math.min(a, b)), heights.reduce((a, b) => Math.max(a, b))];
    const tread = (high - low) / treads;
    const riser = Math.max(RISER[0], Math.min(RISER[1], (STRIDE - tread) / 2));
    const cosine = tread / Math.hypot(tread, riser);
    const middle = (low + high) / 2;
    const passing = trips.flatMap(({ from, to }) => {
      if (to === undefined) return [];
      const [start, end] = [along(from), along(to)];
      if (start < middle && end > middle) return ['up' as const];
      return start > middle && end < middle ? ['down' as const] : [];
    });
    const isUp = passing.includes('up');
    const isDown = passing.includes('down');
    const share =
      isUp === isDown ? (STAIR_FACTOR.up + STAIR_FACTOR.down) / 2 : isUp ? STAIR_FACTOR.up : STAIR_FACTOR.down;
    const speed = Math.round(share * cosine * 1000) / 1000;
    const way = isUp === isDown ? 'both ways' : isUp ? 'upwards' : 'downwards';
    notes.guess(
      'stairs in the plane of the floor slow people by a factor, in all directions alike',
      `${id}: ${speed}, ${way}, ${countOf(treads, 'tread')} of ${showNumber(tread)} m`,
    );
    draft.zones.push({ id, level: LEVEL, polygon: ring, speed: Math.max(0.05, speed) });
  }
  if (stairs.length > 0) notes.read.push(countOf(stairs.length, 'stair'));
}

function squareAt([x, y]: readonly [number, number]): [number, number][] {
  const half = 0.05;
  return [
    [x - half, y - half],
    [x + half, y - half],
    [x + half, y + half],
    [x - half, y + half],
  ];
}
