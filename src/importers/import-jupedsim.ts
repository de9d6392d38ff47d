import { exactExp } from '../math/index.ts';
import { DEFAULT_READ_LIMITS, errorIssue, type JsonRead, readJson, warningIssue } from '../scenario/index.ts';
import { baseName } from './detect-importer.ts';
import {
  ADULT_MASS,
  type DistributionInput,
  DraftScenario,
  type ItineraryInput,
  LEVEL,
  type PopulationInput,
} from './draft-scenario.ts';
import { countOf, ImportNotes } from './import-notes.ts';
import { readWktFloor } from './import-wkt.ts';
import type { ImportOptions, ImportResult, NamedImport, SourceFile } from './importer.ts';
import { Fields } from './loose-fields.ts';
import { areaOnFloor, separateHoles } from './plan-pieces.ts';

const IMPORTER = 'jupedsim';
/** Share of a region that its discs may cover: the programs' own rule for how many persons it holds. */
const PACKING = 0.5;
/** Speed factors that a scenario takes; that of the programs starts at 0. */
const SPEED_FACTOR = { min: 0.05, max: 3, clamp: true };
/** Pre-movement where a distribution is named without parameters [s]. @source JuPedSim web app, presets */
const PREMOVEMENT_PRESETS: Readonly<Record<string, readonly [number, number]>> = {
  gamma: [1.291, 103.901],
  lognormal: [4.586, 0.967],
  weibull: [139.285, 1.195],
  uniform: [0, 60],
};

/** Whether a file is JSON that looks like a scenario of JuPedSim's tools. */
export function recogniseJupedsim(bytes: Uint8Array): boolean {
  if (!/^\s*(\uFEFF)?\s*\{/.test(new TextDecoder().decode(bytes.subarray(0, 64)))) return false;
  const text = new TextDecoder().decode(bytes);
  if (/"crashbar"\s*:/.test(text)) return false;
  return /"walkable_area_wkt"\s*:/.test(text) || (/"distributions"\s*:/.test(text) && /"exits"\s*:/.test(text));
}

/** Whether there is such a JSON among files. */
export function recogniseJupedsimFiles(files: readonly SourceFile[]): boolean {
  return files.some((file) => file.name.toLowerCase().endsWith('.json') && recogniseJupedsim(file.bytes));
}

/**
 * A scenario of JuPedSim's tools (jupedsim-scenarios, the web app) in one JSON file, with the walkable area as text in it.
 * `docs/formats.md` says what becomes of which field. Returns all issues at once; never throws for what is in the file.
 */
export function importJupedsim(bytes: Uint8Array, options: ImportOptions = {}): ImportResult {
  return convert(readJson(bytes, DEFAULT_READ_LIMITS), undefined, options);
}

/** The same for a folder or zip: one JSON file, and one text with the walkable area. */
export function importJupedsimFiles(files: readonly SourceFile[], options: ImportOptions = {}): NamedImport {
  const plans = files.filter((file) => file.name.toLowerCase().endsWith('.wkt'));
  const texts = files.filter((file) => file.name.toLowerCase().endsWith('.json'));
  const [json] = texts;
  const name = options.name ?? baseName(json?.name ?? '');
  if (texts.length !== 1 || plans.length > 1) {
    const found = `${countOf(texts.length, 'JSON file')} and ${countOf(plans.length, 'WKT file')}`;
    const message = `a JuPedSim scenario is one JSON file and one WKT file; here are ${found}: take the others away, or name the JSON file itself`;
    const issue = errorIssue('jupedsim-files', '', message, { expected: 'one .json, one .wkt', found });
    return { name, issues: [issue], report: new ImportNotes().report(IMPORTER) };
  }
  return { name, ...convert(readJson(json.bytes, DEFAULT_READ_LIMITS), plans[0], options) };
}

/** A region of the file in which something happens, by its id. */
interface Stages {
  readonly exits: ReadonlySet<string>;
  readonly checkpoints: ReadonlySet<string>;
  /** Checkpoints that do something to who comes there, in the order of the file. */
  readonly serving: readonly string[];
}

function convert(json: JsonRead, plan: SourceFile | undefined, options: ImportOptions): ImportResult {
  const draft = new DraftScenario();
  const { notes } = draft;
  notes.issues.push(...json.issues);
  if (typeof json.value !== 'object' || json.value === null || Array.isArray(json.value)) {
    if (!notes.hasErrors)
      notes.issues.push(errorIssue('wrong-type', '', 'the file holds no object; a scenario is one'));
    return draft.finish(IMPORTER, '', '', options);
  }
  const root = new Fields(json.value as Record<string, unknown>, [], '', notes);
  const version = root.name('project_version');
  readFloor(root, plan, draft);
  readSettings(root, draft);
  const stages: Stages = {
    exits: readExitRegions(root, draft),
    ...readCheckpoints(root, draft),
  };
  readZones(root, draft);
  const journeys = readJourneys(root, stages, draft);
  readDistributions(root, stages, journeys, draft);
  const obstacles = root.entries('obstacles');
  for (const [id, obstacle] of obstacles) {
    if (obstacle.has('height')) notes.ignore('heights of obstacles', id);
    obstacle.skip('height', 'type', 'coordinates');
    obstacle.finish();
  }
  if (obstacles.length > 0) notes.read.push(`${countOf(obstacles.length, 'obstacle')}: holes of the walkable area`);
  const routing = root.object('routing');
  if (routing !== undefined) notes.ignore('routing by smoke, dose and queue (pyFDS-Evac’s “routing”)');
  root.ignore('what only the editor uses', 'ui_state', 'metadata', 'created', 'modified');
  root.finish();
  draft.addOptions(options);
  const written = version === undefined ? '' : ` (project version ${version})`;
  return draft.finish(IMPORTER, 'Imported scenario', `Imported from a JuPedSim scenario${written}.`, options);
}

function readFloor(root: Fields, plan: SourceFile | undefined, draft: DraftScenario): void {
  const { notes } = draft;
  let text = root.text(root.pick('walkable_area_wkt', 'walkable_area'));
  let from = '';
  if (plan !== undefined) {
    if (text !== undefined) notes.ignore(`the walkable area in the JSON file; that of ${plan.name} counts`);
    from = `${plan.name.slice(0, 80)}: `;
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(plan.bytes);
    } catch {
      notes.issues.push(errorIssue('not-utf8', `${from}(whole file)`, 'the file is not UTF-8 text; save it as UTF-8'));
      return;
    }
  }
  if (text === undefined) {
    const message =
      'the scenario has no walkable area; give the folder or zip with its .wkt file, or put its text into "walkable_area_wkt"';
    notes.issues.push(errorIssue('no-floor', 'walkable_area_wkt', message, { expected: 'POLYGON ((…))' }));
    return;
  }
  const floor = readWktFloor(text);
  notes.read.push(...floor.read);
  for (const sentence of floor.ignored) notes.ignore(sentence);
  notes.issues.push(...floor.issues.map((issue) => ({ ...issue, path: from + issue.path })));
  if (floor.issues.some((issue) => issue.severity === 'error')) return;
  draft.pieces = floor.pieces;
  draft.holes = separateHoles(floor.pieces);
}

function readSettings(root: Fields, draft: DraftScenario): void {
  const { notes } = draft;
  const config = root.object('config');
  const settings = config?.object('simulation_settings', 'config.simulation_settings');
  const parameters = settings?.object('simulationParams', 'simulationParams');
  const seeds = { min: 0, max: 4_294_967_295, clamp: true };
  draft.seed = root.count('seed', seeds) ?? settings?.count('baseSeed', seeds) ?? 1;
  settings?.skip('baseSeed');
  const end = parameters?.number('max_simulation_time', { min: 0, max: 86_400, unit: 's', clamp: true });
  if (end !== undefined && end > 0) draft.endTime = end;
  else {
    draft.endTime = 300;
    notes.guess('end after 300 s: the file names no time');
  }
  notes.read.push(`seed ${draft.seed}, end after ${draft.endTime} s`);
  const runs = settings?.count('numberOfSimulations');
  if (runs !== undefined && runs > 1) notes.ignore(`${runs} runs of it; a scenario is one, run it with other seeds`);
  if (parameters !== undefined) {
    const model = parameters.text('model_type');
    const what = `parameters of ${model === undefined ? 'the model' : `the model ${model.slice(0, 60)}`}`;
    parameters.ignore(what, ...parameters.unread());
    notes.ignore(what);
  }
  const editor = config?.object('ui_state', 'config.ui_state');
  if (editor?.flag('useShortestPaths'))
    notes.ignore('“useShortestPaths”: ways are chosen by walking distance in any case');
  settings?.finish();
  config?.finish();
}

function readExitRegions(root: Fields, draft: DraftScenario): Set<string> {
  const { notes } = draft;
  const ids = new Set<string>();
  let throttled = 0;
  for (const [id, exit] of root.entries('exits')) {
    const polygon = exit.ring('coordinates');
    const isThrottled = exit.flag('enable_throughput_throttling') ?? false;
    const most = exit.number('max_throughput', { min: 0, max: 1000, unit: '1/s', clamp: true }) ?? 0;
    const sign = exit.object('sign', 'exits.sign');
    if (sign !== undefined) notes.ignore('signs of exits (pyFDS-Evac)', id);
    exit.skip('type', 'name', 'color');
    exit.ignore('fields of exits', 'capacity');
    exit.finish();
    if (polygon === undefined || ids.has(id)) continue;
    ids.add(id);
    if (isThrottled && most > 0) throttled++;
    else if (isThrottled) notes.guess('exits that let through “0 a second” are not throttled', id);
    draft.exits.push({ id, level: LEVEL, polygon, ...(isThrottled && most > 0 ? { throughput: most } : {}) });
  }
  if (ids.size > 0) {
    notes.read.push(countOf(ids.size, 'exit') + (throttled > 0 ? `, ${throttled} with a throughput` : ''));
  }
  return ids;
}

function readCheckpoints(root: Fields, draft: DraftScenario): Omit<Stages, 'exits'> {
  const { notes } = draft;
  const checkpoints = new Set<string>();
  const serving: string[] = [];
  for (const [id, point] of root.entries(root.pick('checkpoints', 'waiting_polygons'), 'checkpoints')) {
    const isRound = point.text('shape') === 'circle' || (!point.has('coordinates') && point.has('center'));
    const center = point.point('center');
    const radius = point.number('radius', { min: 0.1, max: 100, unit: 'm', clamp: true });
    const polygon = isRound ? undefined : point.ring('coordinates');
    point.skip('coordinates', 'type', 'name', 'color');
    const waits = point.number('waiting_time', { min: 0, max: 86_400, unit: 's', clamp: true }) ?? 0;
    const sd = point.number('waiting_time_std', { min: 0, max: 86_400, unit: 's' }) ?? 1;
    const isNormal = point.text('waiting_time_distribution') === 'gaussian';
    const isThrottled = point.flag('enable_throughput_throttling') ?? false;
    const most = point.number('max_throughput', { min: 0, max: 1000, unit: '1/s', clamp: true }) ?? 1;
    const speed = point.number('speed_factor', point.has('speed_factor') ? SPEED_FACTOR : {}) ?? 1;
    point.finish();
    if ((isRound ? center === undefined : polygon === undefined) || checkpoints.has(id)) {
      if (isRound && center === undefined) {
        notes.issues.push(
          errorIssue('missing-field', point.pathOf('center'), 'a round checkpoint has a "center"; add it'),
        );
      }
      continue;
    }
    checkpoints.add(id);
    // One of the three at most: waiting first, then throttling, as the programs do.
    const dwell: DistributionInput | undefined =
      waits <= 0 ? undefined : isNormal && sd > 0 ? { distribution: 'normal', mean: waits, sd, min: 0.1 } : waits;
    const throughput = dwell === undefined && isThrottled && most > 0 ? most : undefined;
    const hasSpeed = dwell === undefined && !isThrottled && speed !== 1;
    if (dwell !== undefined && (isThrottled || speed !== 1))
      notes.ignore('throughput and speed factor of checkpoints with a waiting time, which goes before them', id);
    else if (isThrottled && speed !== 1) notes.ignore('speed factor of throttled checkpoints', id);
    if (dwell !== undefined || throughput !== undefined || hasSpeed) serving.push(id);
    draft.waypoints.push({
      id,
      level: LEVEL,
      ...(isRound ? { position: center!, radius: radius ?? 0.5 } : { polygon: polygon! }),
      ...(dwell !== undefined ? { dwell } : {}),
      ...(throughput !== undefined ? { throughput } : {}),
      ...(hasSpeed ? { speed } : {}),
    });
  }
  return { checkpoints, serving };
}

function readZones(root: Fields, draft: DraftScenario): void {
  for (const [id, zone] of root.entries('zones')) {
    const polygon = zone.ring('coordinates');
    const speed = zone.number('speed_factor', SPEED_FACTOR) ?? 1;
    zone.skip('type', 'name', 'color');
    zone.finish();
    if (polygon !== undefined && !draft.zones.some((other) => other.id === id))
      draft.zones.push({ id, level: LEVEL, polygon, speed });
  }
  if (draft.zones.length > 0) draft.notes.read.push(`${countOf(draft.zones.length, 'zone')} with a speed factor`);
}

/** Where people of a distribution go: itineraries or exits with their weights. */
interface Way {
  /** Id of its journey. */
  readonly journey: string;
  readonly stops: boolean;
  readonly itinerary: string;
  /** Where nothing lies between start and exit. */
  readonly exit?: string;
  readonly weight: number;
}
type Journeys = ReadonlyMap<string, readonly Way[]>;

/** The ways of every distribution. Those that are not in it have none: they leave as best they know. */
function readJourneys(root: Fields, stages: Stages, draft: DraftScenario): Journeys {
  const listed = root.objects('journeys_v2');
  const older = root.objects('journeys');
  const ways = listed.length > 0 ? readSequences(listed, root, stages, draft) : readGraph(older, root, stages, draft);
  if (listed.length > 0) {
    if (older.length > 0) draft.notes.ignore('“journeys” of the older kind beside “journeys_v2”');
    root.skip('transitions', 'waypoint_routing');
  }
  return ways;
}

/** The list of "journeys_v2": each a sequence of checkpoints up to an exit. */
function readSequences(listed: readonly Fields[], root: Fields, stages: Stages, draft: DraftScenario): Journeys {
  const { notes } = draft;
  const journeys = new Map<string, Omit<Way, 'weight'>>();
  for (const journey of listed) {
    const id = journey.name('id');
    const sequence = journey.names('sequence');
    journey.skip('name', 'color', 'description');
    journey.finish();
    if (id === undefined) {
      notes.issues.push(errorIssue('missing-field', journey.pathOf('id'), 'a journey has an "id"; add it'));
      continue;
    }
    const stops: string[] = [];
    let exit: string | undefined;
    sequence.forEach((stage, i) => {
      if (exit !== undefined) notes.ignore('stages after the first exit of a journey', `${id}: ${stage}`);
      else if (stages.exits.has(stage)) exit = stage;
      else if (stages.checkpoints.has(stage)) stops.push(stage);
      else if (!stage.startsWith('jps-distributions')) unknownStage(notes, journey.pathOf('sequence', i), stage);
    });
    if (exit === undefined) notes.guess('journeys without an exit end at the one that people believe best', id);
    journeys.set(id, { journey: id, itinerary: id, stops: stops.length > 0, ...(exit === undefined ? {} : { exit }) });
    if (draft.itineraries.some((itinerary) => itinerary.id === id)) continue;
    draft.itineraries.push({ id, stops, ...(exit === undefined ? {} : { end: [exit] }) });
  }
  notes.read.push(countOf(journeys.size, 'journey'));
  const ways = new Map<string, Way[]>();
  for (const [id, weights] of readWeights(root, new Set(journeys.keys()), notes)) {
    if (weights.size > 0)
      ways.set(
        id,
        [...weights].map(([journey, weight]) => ({ ...journeys.get(journey)!, weight })),
      );
  }
  return ways;
}

/** For every distribution the weights above 0 of the journeys that it names. */
function readWeights(
  root: Fields,
  journeys: ReadonlySet<string>,
  notes: ImportNotes,
): Map<string, Map<string, number>> {
  const weights = new Map<string, Map<string, number>>();
  for (const [id, distribution] of root.entries('distributions')) {
    const own = new Map<string, number>();
    for (const part of distribution.objects('journey_weights')) {
      const name = part.name('journey_id') ?? 'nothing';
      const weight = part.number('weight', { min: 0 }) ?? 0;
      part.finish();
      if (!journeys.has(name)) unknownStage(notes, part.pathOf('journey_id'), name, 'journey');
      else if (weight > 0) own.set(name, weight);
    }
    weights.set(id, own);
  }
  return weights;
}

/** Older journeys: a graph of transitions, with shares where a way parts. */
function readGraph(listed: readonly Fields[], root: Fields, stages: Stages, draft: DraftScenario): Journeys {
  const { notes } = draft;
  const edges = new Map<string, string[]>();
  const starts = new Map<string, Set<string>>();
  const key = (journey: string, stage: string) => `${journey}\n${stage}`;
  const addEdge = (journey: string, from: string, to: string, path: string): void => {
    const isStart = from.startsWith('jps-distributions') || (!stages.checkpoints.has(from) && !stages.exits.has(from));
    if (!stages.checkpoints.has(to) && !stages.exits.has(to)) {
      if (!to.startsWith('jps-distributions')) unknownStage(notes, path, to);
      return;
    }
    if (isStart) starts.set(from, (starts.get(from) ?? new Set()).add(journey));
    const targets = edges.get(key(journey, from)) ?? [];
    if (!targets.includes(to)) targets.push(to);
    edges.set(key(journey, from), targets);
  };
  const sequences = listed.map((journey) => {
    const id = journey.name('id') ?? '';
    const list = journey.names('stages');
    journey.skip('name', 'color', 'description', 'transitions');
    journey.finish();
    return { id, list, path: journey.pathOf('stages') };
  });
  const withTransitions = new Set<string>();
  for (const transition of root.objects('transitions')) {
    const from = transition.name('from');
    const to = transition.name('to');
    const journey = transition.name('journey_id') ?? '';
    transition.skip('id', 'color');
    transition.finish();
    if (from === undefined || to === undefined) {
      const message = 'a transition leads "from" a stage "to" another; add what is missing';
      notes.issues.push(errorIssue('missing-field', transition.pathOf(), message));
      continue;
    }
    withTransitions.add(journey);
    addEdge(journey, from, to, transition.pathOf('to'));
  }
  for (const { id, list, path } of sequences) {
    // A list alone is a chain; with transitions it says only which stages belong to the journey.
    const isStart = (stage: string) => stage.startsWith('jps-distributions');
    const chain = list.filter((stage) => !isStart(stage));
    const first = chain[0];
    for (const stage of list.filter(isStart)) {
      if (first !== undefined && !edges.has(key(id, stage))) addEdge(id, stage, first, path);
    }
    if (!withTransitions.has(id)) for (let i = 1; i < chain.length; i++) addEdge(id, chain[i - 1], chain[i], path);
  }
  const shares = new Map<string, Map<string, number>>();
  for (const [stage, byJourney] of root.entries('waypoint_routing')) {
    for (const [journey, split] of byJourney.allEntries()) {
      const own = new Map<string, number>();
      for (const part of split.objects('destinations')) {
        const target = part.name('target');
        const share = part.number('percentage', { min: 0 }) ?? 0;
        part.finish();
        if (target !== undefined && share > 0) own.set(target, share);
      }
      split.finish();
      shares.set(key(journey, stage), own);
    }
  }
  /** Where one goes from a stage on, with shares: those of the file, or all alike. */
  const nextOf = (journey: string, stage: string): [target: string, share: number][] => {
    const targets = edges.get(key(journey, stage)) ?? [];
    const given = shares.get(key(journey, stage));
    const shared = targets.flatMap((to): [string, number][] => {
      const share = given?.get(to);
      return share === undefined ? [] : [[to, share]];
    });
    return shared.length > 0 ? shared : targets.map((to) => [to, 1]);
  };
  // One itinerary for each stage of a journey at which one starts, where ways part or where they run in a circle.
  const made = new Map<string, string>();
  const open: [journey: string, stage: string, id: string][] = [];
  const itineraryFrom = (journey: string, stage: string): string => {
    const known = made.get(key(journey, stage));
    if (known !== undefined) return known;
    const id = `${journey === '' ? 'journey' : journey} from ${stage}`.slice(0, 120);
    made.set(key(journey, stage), id);
    open.push([journey, stage, id]);
    return id;
  };
  const ways = new Map<string, Way[]>();
  for (const [start, journeys] of starts) {
    const own: Way[] = [];
    for (const journey of journeys) {
      const next = nextOf(journey, start);
      const total = next.reduce((sum, [, share]) => sum + share, 0);
      for (const [stage, share] of next) {
        const exit = stages.exits.has(stage) ? { exit: stage } : {};
        own.push({
          journey,
          itinerary: itineraryFrom(journey, stage),
          stops: exit.exit === undefined,
          weight: share / total,
          ...exit,
        });
      }
    }
    ways.set(start, own);
  }
  for (const [start, weights] of readWeights(root, new Set(sequences.map(({ id }) => id)), notes)) {
    const own = ways.get(start);
    if (own === undefined || weights.size === 0) continue;
    const weighed = own.flatMap((way) => {
      const weight = weights.get(way.journey);
      return weight === undefined ? [] : [{ ...way, weight: way.weight * weight }];
    });
    if (weighed.length > 0) ways.set(start, weighed);
  }
  while (open.length > 0) {
    const [journey, start, id] = open.pop()!;
    const stops: ItineraryInput['stops'] = [];
    const chain = new Set<string>();
    let end: string[] | undefined;
    for (let stage = start; ; ) {
      if (stages.exits.has(stage)) {
        end = [stage];
        break;
      }
      stops.push(stage);
      chain.add(stage);
      const next = nextOf(journey, stage);
      if (next.length === 0) {
        notes.guess('journeys without an exit end at the one that people believe best', id);
        break;
      }
      if (next.length > 1 || chain.has(next[0][0])) {
        stops.push({ any: next.map(([to, share]) => ({ itinerary: itineraryFrom(journey, to), share })) });
        break;
      }
      stage = next[0][0];
    }
    draft.itineraries.push({ id, stops, ...(end === undefined ? {} : { end }) });
  }
  if (sequences.length > 0) notes.read.push(`${countOf(sequences.length, 'journey')} of the older kind`);
  if (edges.size === 0 && stages.serving.length > 0 && sequences.length === 0) {
    // Without journeys the programs send everybody through the checkpoints that do something, in the order of the file.
    draft.itineraries.push({ id: 'all checkpoints', stops: [...stages.serving] });
    notes.guess(
      'there are no journeys: everybody goes through these checkpoints in this order',
      stages.serving.join(' → '),
    );
    return new Map([['', [{ journey: '', itinerary: 'all checkpoints', stops: true, weight: 1 }]]]);
  }
  return ways;
}

function readDistributions(root: Fields, stages: Stages, journeys: Journeys, draft: DraftScenario): void {
  const { notes } = draft;
  const used = new Set<string>();
  let present = 0;
  let coming = 0;
  for (const [id, distribution] of root.entries('distributions')) {
    const polygon = distribution.ring('coordinates');
    const parameters = distribution.object('parameters', 'distributions.parameters');
    distribution.skip('type', 'name', 'color', 'journey_weights');
    distribution.finish();
    if (polygon === undefined || draft.populations.some((other) => other.id === id)) continue;
    const ways = journeys.get(id) ?? journeys.get('') ?? [];
    const person = parameters === undefined ? { radius: 0.2, speed: 1.2, start: {} } : readPerson(parameters);
    const profile = draft.profile(
      { body: { radius: person.radius, mass: ADULT_MASS }, freeSpeed: person.speed, ...person.start },
      id,
    );
    const base = { level: LEVEL, polygon, profile, ...goWays(ways, used) };
    if (ways.length === 0)
      notes.guess('people of these distributions have no journey and leave by the nearest exit', id);
    const amount = readAmount(parameters, id, polygon, draft);
    parameters?.finish();
    if (amount.now > 0) {
      present += amount.now;
      draft.populations.push({ id, ...base, count: amount.now });
    }
    if (amount.schedule.length > 0) {
      coming += amount.schedule.reduce((sum, part) => sum + part.count, 0);
      const name = amount.now > 0 ? `${id} (coming)` : id;
      draft.populations.push({ id: name, ...base, arrives: { schedule: amount.schedule } });
    }
    if (amount.now === 0 && amount.schedule.length === 0) notes.ignore('distributions of nobody', id);
  }
  if (present + coming > 0) {
    const both = coming > 0 ? `${present} from the start, ${coming} in the course of the run` : 'from the start';
    notes.read.push(
      `${countOf(present + coming, 'person')} in ${countOf(draft.populations.length, 'population')}: ${both}`,
    );
    notes.guess('mass of the persons: as of adults, 76.6 ± 15.5 kg; the file has none. Motivation 0, calm');
  }
  // Itineraries that lead straight to an exit are said by what people know; those of nobody are left out.
  const called = new Set(used);
  const byId = new Map(draft.itineraries.map((itinerary) => [itinerary.id, itinerary]));
  const visit = [...used];
  const stopsUsed = new Set<string>();
  while (visit.length > 0) {
    for (const stop of byId.get(visit.pop()!)?.stops ?? []) {
      if (typeof stop === 'string') stopsUsed.add(stop);
      else
        for (const branch of stop.any) {
          if (branch.itinerary === undefined || called.has(branch.itinerary)) continue;
          called.add(branch.itinerary);
          visit.push(branch.itinerary);
        }
    }
  }
  const kept = draft.itineraries.filter((itinerary) => called.has(itinerary.id));
  const unwalked = draft.waypoints.filter((waypoint) => !stopsUsed.has(waypoint.id));
  for (const { id } of unwalked) notes.ignore('checkpoints on nobody’s journey', id);
  const walked = draft.waypoints.filter((waypoint) => stopsUsed.has(waypoint.id));
  draft.itineraries.splice(0, Infinity, ...kept);
  draft.waypoints.splice(0, Infinity, ...walked);
  if (walked.length > 0) {
    const own = stages.serving.filter((id) => stopsUsed.has(id)).length;
    notes.read.push(
      `${countOf(walked.length, 'checkpoint')}, ${own} where people wait, are throttled or change their speed`,
    );
  }
}

/** How a population is told its ways; `used` collects the itineraries. */
function goWays(ways: readonly Way[], used: Set<string>): Partial<PopulationInput> {
  if (ways.length === 0) return {};
  if (ways.length === 1 && !ways[0].stops && ways[0].exit !== undefined) return { knows: [ways[0].exit] };
  for (const way of ways) used.add(way.itinerary);
  if (ways.length === 1) return { itinerary: ways[0].itinerary };
  return { itineraries: ways.map(({ itinerary, weight }) => ({ itinerary, share: weight })) };
}

/** Size, speed and pre-movement of a distribution's persons. */
function readPerson(parameters: Fields): {
  radius: DistributionInput;
  speed: DistributionInput;
  start: { preMovement?: DistributionInput };
} {
  const radius = parameters.number('radius', { min: 0.08, max: 0.6, unit: 'm' }) ?? 0.2;
  const radiusSd = parameters.number('radius_std', { min: 0, unit: 'm' }) ?? 0;
  const isWide = parameters.text('radius_distribution') === 'gaussian' && radiusSd > 0;
  const speedKey = parameters.pick('desired_speed', 'v0');
  const speed = parameters.number(speedKey, { min: 0.05, max: 4, unit: 'm/s' }) ?? 1.2;
  const speedSd = parameters.number(parameters.pick('desired_speed_std', 'v0_std'), { min: 0, unit: 'm/s' }) ?? 0;
  const kind = parameters.text(parameters.pick('desired_speed_distribution', 'v0_distribution'));
  const isSpread = kind === 'gaussian' && speedSd > 0;
  const start = readPremovement(parameters);
  return {
    // Cut as the programs do it, and at what a scenario takes at most.
    radius: isWide ? { distribution: 'normal', mean: Math.max(0.1, radius), sd: radiusSd, min: 0.1, max: 0.6 } : radius,
    speed: isSpread ? { distribution: 'normal', mean: Math.max(0.1, speed), sd: speedSd, min: 0.1, max: 4 } : speed,
    start: start === undefined ? {} : { preMovement: start },
  };
}

function readPremovement(parameters: Fields): DistributionInput | undefined {
  const isUsed = parameters.flag('use_premovement') ?? false;
  const kind = parameters.text('premovement_distribution') ?? 'gamma';
  const given = [parameters.number('premovement_param_a'), parameters.number('premovement_param_b')];
  parameters.skip('premovement_seed');
  if (!isUsed) return undefined;
  const name = Object.hasOwn(PREMOVEMENT_PRESETS, kind) ? kind : 'gamma';
  const [a, b] = given[0] !== undefined && given[1] !== undefined ? [given[0], given[1]] : PREMOVEMENT_PRESETS[name];
  switch (name) {
    case 'lognormal':
      return { distribution: 'lognormal', median: exactExp(a), sigma: b };
    case 'weibull':
      return { distribution: 'weibull', scale: a, shape: b };
    case 'uniform':
      return { distribution: 'uniform', min: a, max: b };
    default:
      return { distribution: 'gamma', shape: a, scale: b };
  }
}

/** How many are there at the start, and who comes when. */
function readAmount(
  parameters: Fields | undefined,
  id: string,
  polygon: readonly [number, number][],
  draft: DraftScenario,
): { now: number; schedule: { from: number; to: number; count: number }[] } {
  const { notes } = draft;
  const persons = { min: 0, max: 2_000_000 };
  const mode = parameters?.text('distribution_mode') ?? 'by_number';
  let number = parameters?.count('number', persons) ?? 10;
  const percentage = parameters?.number('percentage');
  if (mode === 'by_percentage' || mode === 'fill_area' || mode === 'until_full') {
    const radius = Math.max(0.1, parameters?.number('radius') ?? 0.2);
    const area = draft.pieces.length === 0 ? 0 : areaOnFloor(polygon, draft.pieces);
    const most = Math.max(1, Math.floor((PACKING * area) / (Math.PI * radius * radius)));
    const share = Math.max(1, Math.min(100, Math.floor(percentage ?? (mode === 'by_percentage' ? 50 : 100))));
    number = Math.max(1, Math.floor((most * share) / 100));
    notes.guess(
      `so many persons as JuPedSim’s tools take ${share} % of the region to be`,
      `${id}: ${number} of ${most}`,
    );
  } else if (mode !== 'by_number') notes.guess(`“${mode.slice(0, 40)}” as a number of persons`, id);
  const isFlow = parameters?.flag('use_flow_spawning') ?? false;
  const times = { min: 0, max: 86_400, unit: 's' };
  const from = parameters?.number('flow_start_time', times) ?? 0;
  const to = parameters?.number('flow_end_time', times) ?? 10;
  const initial = parameters?.count('initial_number', persons) ?? 0;
  parameters?.ignore('“strict_spawning”: who finds no place tries again', 'strict_spawning');
  const schedule = (parameters?.objects('flow_schedule', 'flow_schedule') ?? []).flatMap((part) => {
    const start = part.number(part.pick('flow_start_time', 'start_time_s'), times) ?? 0;
    const end = part.number(part.pick('flow_end_time', 'end_time_s'), times) ?? start + 10;
    const count = part.count(part.pick('number', 'sim_count'), persons) ?? 0;
    part.finish();
    if (count > 0 && end > start) return [{ from: start, to: end, count }];
    const message = 'a part of a schedule has a start, a later end and persons; mend it';
    notes.issues.push(errorIssue('out-of-range', part.pathOf(), message, { found: `${start} … ${end} s, ${count}` }));
    return [];
  });
  if (schedule.length > 0) return { now: initial, schedule };
  if (!isFlow) return { now: number, schedule: [] };
  return { now: 0, schedule: number > 0 ? [{ from, to: Math.max(to, from + 0.1), count: number }] : [] };
}

function unknownStage(notes: ImportNotes, path: string, name: string, kind = 'checkpoint or exit'): void {
  const message = `there is no ${kind} ${JSON.stringify(name.slice(0, 80))}; it is left out, as JuPedSim’s tools do`;
  notes.issues.push(warningIssue('unknown-name', path, message, { expected: kind, found: name.slice(0, 80) }));
}
