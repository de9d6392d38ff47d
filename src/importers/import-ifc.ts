import { polygonContains, separatePieces } from '../math/index.ts';
import { errorIssue, type Issue, type Point, type ScenarioInput, showNumber, warningIssue } from '../scenario/index.ts';
import { cutWays, findWays, type Way } from './ifc-doors.ts';
import { type Floor, findFloors, makeWalk, placeBodies, type Tally } from './ifc-floors.ts';
import { joinStairs, type PlannedLink, trimBeside } from './ifc-links.ts';
import { IfcLimitError, type IfcModel, numberOf, openIfc } from './ifc-model.ts';
import { readStairs } from './ifc-stairs.ts';
import { readStructure } from './ifc-structure.ts';
import type { ImportOptions, ImportResult } from './importer.ts';
import { cutOpen, type Piece, separateHoles } from './plan-pieces.ts';
import { clipToBox, grow, intersect, type Region, sizeOf, subtract, tidy, toRings, unite } from './plan-region.ts';
import { recogniseStep, scanStep } from './scan-step.ts';
import { type SuggestedExit, suggestExits } from './suggest-exits.ts';

/** Coordinates beyond this are shifted to a place of their own [m]. */
const FAR = 2000;
/** A way out is looked for on floors up to this over the ground [m]. */
const ENTRANCE = 1.5;
/** Pieces of floor smaller than this are nobody's place [m²]. */
const PIECE_MIN = 0.3;

/** Whether the beginning of a file looks like IFC in STEP format. */
export const recogniseIfc = recogniseStep;

/**
 * A building model (IFC 2x3, 4, 4x3 in STEP format) as a scenario: storeys as levels, spaces or slabs less walls as floor, doors,
 * stairs and ramps as links, furniture and railings as things one walks around. How the floor is made is
 * [decision 023](../../docs/decisions/023-floors-of-ifc.md). Never throws for what is in the file; where a file can make the
 * reader hang is not known, so that hosts which can stop it should (the command runs it in a thread).
 */
export async function importIfc(bytes: Uint8Array, options: ImportOptions = {}): Promise<ImportResult> {
  const read: string[] = [];
  const guessed: string[] = [];
  const ignored: string[] = [];
  const report = { importer: 'ifc', read, guessed, ignored };
  const scan = scanStep(bytes);
  const issues: Issue[] = [...scan.issues];
  if (hasError(issues)) return { issues, report };
  if (options.persons !== undefined && options.density !== undefined) {
    const message = 'both persons and density are given; keep one of them';
    const details = { expected: 'one of persons, density', found: 'both' };
    return { issues: [...issues, errorIssue('population-needs-one', 'options', message, details)], report };
  }
  let model: IfcModel | undefined;
  try {
    model = await openIfc(bytes, options.wasmFolder);
    return makeScenario(model, scan.schema, options, issues, { read, guessed, ignored });
  } catch (error) {
    if (error instanceof IfcLimitError) {
      issues.push(errorIssue(error.code, '', `${error.message}; split it, or export less of it`));
      return { issues, report };
    }
    const why = error instanceof Error ? error.message.split('\n')[0].slice(0, 200) : 'no reason given';
    const message = `the file cannot be read as IFC (${why}); export it again, or open it in another program to see whether it is whole`;
    issues.push(
      errorIssue('ifc-not-read', '', message, { expected: 'an IFC model', found: scan.schema || 'no schema' }),
    );
    return { issues, report };
  } finally {
    model?.close();
  }
}

interface Sentences {
  readonly read: string[];
  readonly guessed: string[];
  readonly ignored: string[];
}

function hasError(issues: readonly Issue[]): boolean {
  return issues.some((issue) => issue.severity === 'error');
}

/** A floor of the scenario in the making. */
interface LevelDraft {
  readonly floor: Floor;
  readonly ways: readonly Way[];
  /** Connected pieces of the floor with doors cut in. */
  pieces: { readonly region: Region; readonly rings: [number, number][][]; readonly node: number }[];
}

function makeScenario(
  model: IfcModel,
  schema: string,
  options: ImportOptions,
  issues: Issue[],
  { read, guessed, ignored }: Sentences,
): ImportResult {
  const report = { importer: 'ifc', read, guessed, ignored };
  model.origin = findOrigin(model);
  const structure = readStructure(model);
  const unit = model.unitName === '' ? 'no unit given, taken for m' : `lengths in ${model.unitName}`;
  read.push(`${schema || 'no schema named'}, ${unit}`);
  if (model.unitName === '') guessed.push('unit: the file names none; metres');
  if (options.unit !== undefined) ignored.push(`unit ${options.unit} from the options: the file has its own`);
  if (options.elevation !== undefined) ignored.push('elevation from the options: the file has its own');
  const [ox, oy] = model.origin;
  if (ox !== 0 || oy !== 0) guessed.push(`origin: the model lies far off; (${ox}, ${oy}) m of the file is (0, 0) here`);
  tellNorth(model, ignored);

  const found = findFloors(model, structure);
  ignored.push(...found.ignored);
  guessed.push(...found.guessed);
  const { floors } = found;
  if (structure.storeys.length === 0)
    issues.push(
      warningIssue('no-storey', '', 'the file has no storeys; floors were found by the heights of spaces and slabs', {
        expected: 'IfcBuildingStorey',
        found: 'none',
      }),
    );
  const elements = new Set<string>();
  for (const [type] of model.types()) if (model.isElement(type)) elements.add(type);
  const { taken, left, lifts } = placeBodies(model, structure, floors, (type) => elements.has(type));
  const stairs = readStairs(model, structure);
  for (const floor of floors) {
    const near = stairs.surfaces.filter(({ z }) => Math.abs(z - floor.z) < 0.25).map(({ region }) => region);
    makeWalk(floor, unite(...near));
  }
  const joined = joinStairs(floors, stairs);
  const { ways: allWays, sliding } = findWays(model, structure, joined.floors, ignored);
  const ways = dropRepeats(allWays, ignored);

  // Which ways out of the building are at the ground.
  const outside = ways.filter((way) => way.leads === 'outside');
  const entrances = findEntrances(model, joined.floors, outside);
  const isExit = (way: Way): boolean => way.leads === 'outside' && (entrances.has(way.floor) || way.isFireExit);
  const kept = ways.filter((way) => way.leads === 'between' || isExit(way));
  tellWays(
    ways.filter((way) => !kept.includes(way)),
    guessed,
    ignored,
  );

  const drafts: LevelDraft[] = joined.floors.map((floor) => {
    const own = kept.filter((way) => way.floor === floor);
    return { floor, ways: own, pieces: [] };
  });
  let nodes = 0;
  for (const draft of drafts) {
    const bridges = joined.links.flatMap((link) =>
      link.bridges.filter((b) => b.floor === draft.floor).map((b) => b.region),
    );
    const trimmed = trimBeside(unite(draft.floor.walk, ...bridges), joined.links, draft.floor);
    const cut = cutWays(trimmed, draft.ways);
    draft.pieces = separatePieces(tidy(cut, 0.0008, 0.002))
      .filter((region) => sizeOf(region) >= PIECE_MIN)
      .map((region) => ({ region, rings: toRings(region), node: nodes++ }));
  }
  const exits = readGivenExits(options, drafts, entrances, issues);
  const pieceAt = (floor: Floor, point: Point): number => {
    const draft = drafts.find((d) => d.floor === floor);
    return draft?.pieces.find(({ rings }) => polygonContains(rings, point[0], point[1]))?.node ?? -1;
  };
  const links = joined.links.filter((link) => {
    const ends = link.ends.map((end) => pieceAt(end.floor, end.probe));
    return ends.every((node) => node >= 0);
  });
  if (links.length < joined.links.length)
    joined.problems.push(`${joined.links.length - links.length} flights end where their floor has no room`);
  const exitWays = exits.length > 0 ? [] : kept.filter(isExit);
  const group = joinNodes(
    nodes,
    links.map((link) => link.ends.map((end) => pieceAt(end.floor, end.probe))),
  );
  const roots = new Set<number>();
  for (const way of exitWays) roots.add(group(pieceAt(way.floor, innerPoint(way, drafts))));
  for (const exit of exits) roots.add(group(exit.node));
  roots.delete(-1);
  const suggestions: { floor: Floor; exit: SuggestedExit }[] = [];
  if (roots.size === 0 && options.guessExits !== false && options.exits === undefined) {
    const guess = guessExits(drafts, entrances);
    if (guess !== undefined) {
      roots.add(group(guess.node));
      suggestions.push(...guess.exits.map((exit) => ({ floor: guess.floor, exit })));
      for (const { floor, exit } of suggestions) guessed.push(`exit on “${floor.name}”: ${exit.why}`);
      issues.push(
        warningIssue(
          'exits-guessed',
          '',
          `no door or opening leads out of the building; ${suggestions.length === 1 ? 'an exit was guessed' : `${suggestions.length} exits were guessed`}: check, or give your own with --exit "x,y x,y"`,
          { expected: 'doors to outside', found: 'none' },
        ),
      );
    }
  }
  if (hasError(issues)) return { issues, report };
  if (nodes === 0) {
    const message =
      'no floor was found: the model has neither spaces nor slabs with a shape that people could stand on';
    issues.push(errorIssue('no-floor', '', message, { expected: 'IfcSpace or IfcSlab', found: 'none' }));
    return { issues, report };
  }
  if (roots.size === 0) {
    const message =
      'the plan has no exits, nobody can leave; give one with --exit "x,y x,y", two points on the outline [m]';
    issues.push(errorIssue('no-exit', '', message, { expected: 'at least one exit', found: 'none' }));
    return { issues, report };
  }

  // What cannot be left is no place for persons.
  const lost: string[] = [];
  let lostSize = 0;
  for (const draft of drafts) {
    const stay = draft.pieces.filter(({ node }) => roots.has(group(node)));
    for (const piece of draft.pieces) {
      if (stay.includes(piece)) continue;
      const names = draft.floor.rooms
        .filter((room) => sizeOf(intersect(room.region, piece.region)) > 0.5 * sizeOf(room.region))
        .map((room) => room.name);
      lost.push(
        `${names.length > 0 ? names.slice(0, 3).join(', ') : 'unnamed'} on “${draft.floor.name}” (${showNumber(sizeOf(piece.region))} m²)`,
      );
      lostSize += sizeOf(piece.region);
    }
    draft.pieces = stay;
  }
  if (lost.length > 0) {
    const shown = lost.slice(0, 6).join('; ');
    const message = `${lost.length} pieces of floor, ${showNumber(lostSize)} m² in all, have no way to an exit and are left out: ${shown}${lost.length > 6 ? '; …' : ''}`;
    issues.push(
      warningIssue('floor-left-out', '', message, {
        expected: 'a door or stairs to each',
        found: `${lost.length} without`,
      }),
    );
    ignored.push(...lost.map((text) => `floor without a way out: ${text}`).slice(0, 40));
  }
  const levels = drafts.filter((draft) => draft.pieces.length > 0);
  const dropped = structure.storeys.filter((storey) => !levels.some(({ floor }) => floor.storey === storey));
  for (const storey of dropped)
    ignored.push(`storey “${storey.name}” at ${showNumber(storey.z)} m: no floor that can be reached`);
  const onLevels = (floor: Floor): boolean => levels.some((draft) => draft.floor === floor);

  const scenario: ScenarioInput = {
    crashbar: 1,
    name: options.name ?? 'Imported building',
    description: `Imported from IFC (${schema}).`,
    levels: levels.map((draft) => makeLevel(draft)),
    doors: [],
    exits: [],
    links: [],
    populations: [],
    // Buildings may be large: an hour, unless everybody is out or nobody moves on before.
    settings: { end: { time: 3600 } },
  };
  addWays(
    scenario,
    kept.filter((way) => onLevels(way.floor)),
    exitWays,
    levels,
  );
  addExits(scenario, exits, suggestions);
  addLinks(
    scenario,
    links.filter((link) => link.ends.every((end) => onLevels(end.floor))),
  );
  addPersons(scenario, levels, options, guessed);
  tell(model, levels, scenario, { taken, left, lifts, sliding, ways: kept }, { read, guessed, ignored });
  for (const problem of [...joined.problems, ...stairs.unread.map((name) => `the steps of “${name}” were not found`)]) {
    issues.push(warningIssue('stairs-not-joined', '', problem, { expected: 'a foot and a head on two floors' }));
  }
  return { scenario, issues, report };
}

/** A whole hundred of metres near the first thing of the model, if that lies far from (0, 0). */
function findOrigin(model: IfcModel): readonly [number, number] {
  for (const types of [['IFCSLAB'], ['IFCWALL', 'IFCWALLSTANDARDCASE'], ['IFCSPACE'], ['IFCDOOR']]) {
    for (const id of model.idsOf(...types).slice(0, 20)) {
      const [mesh] = model.meshes(id);
      if (mesh === undefined) continue;
      const [x, y] = [mesh.corners[0], mesh.corners[1]];
      if (Math.abs(x) < FAR && Math.abs(y) < FAR) return [0, 0];
      return [Math.round(x / 100) * 100, Math.round(y / 100) * 100];
    }
  }
  return [0, 0];
}

function tellNorth(model: IfcModel, ignored: string[]): void {
  for (const id of model.idsOf('IFCGEOMETRICREPRESENTATIONCONTEXT')) {
    const north = model.record(model.record(id)?.TrueNorth?.value);
    const [x, y] = Array.isArray(north?.DirectionRatios)
      ? north.DirectionRatios.map((v: unknown) =>
          numberOf({ value: typeof v === 'object' && v !== null ? (v as { value: unknown }).value : v }),
        )
      : [];
    if (x === undefined || y === undefined) continue;
    const angle = (Math.atan2(y, x) * 180) / Math.PI;
    if (Math.abs(angle - 90) > 0.01)
      ignored.push(`true north: towards ${showNumber(angle)}° (from the x axis, counter-clockwise)`);
    break;
  }
  for (const id of model.idsOf('IFCMAPCONVERSION')) {
    const record = model.record(id);
    const [east, north] = [numberOf(record?.Eastings), numberOf(record?.Northings)];
    ignored.push(`map conversion: (0, 0) of the model at easting ${east ?? '?'}, northing ${north ?? '?'}`);
  }
}

/** Two doors in one opening are one. */
function dropRepeats(ways: readonly Way[], ignored: string[]): Way[] {
  const kept: Way[] = [];
  let repeats = 0;
  for (const way of ways) {
    const [x, y] = middleOf(way);
    const same = kept.some((other) => {
      const [ox, oy] = middleOf(other);
      return other.floor === way.floor && Math.hypot(ox - x, oy - y) < 0.25;
    });
    if (same) repeats++;
    else kept.push(way);
  }
  if (repeats > 0) ignored.push(`${repeats} × door or opening in the place of another`);
  return kept;
}

function middleOf(way: Way): Point {
  return [(way.line[0][0] + way.line[1][0]) / 2, (way.line[0][1] + way.line[1][1]) / 2];
}

/** Floors whose doors to outside lead to the ground: up to 1.5 m over the building's own zero; failing that the lowest that has any. */
function findEntrances(model: IfcModel, floors: readonly Floor[], outside: readonly Way[]): ReadonlySet<Floor> {
  const [building] = model.idsOf('IFCBUILDING');
  const ground = (building === undefined ? undefined : model.placement(building)?.[14]) ?? 0;
  const low = floors.filter((floor) => floor.z <= ground + ENTRANCE && outside.some((way) => way.floor === floor));
  if (low.length > 0) return new Set(low);
  const [lowest] = floors.filter((floor) => outside.some((way) => way.floor === floor)).sort((a, b) => a.z - b.z);
  return new Set(lowest === undefined ? [] : [lowest]);
}

function tellWays(dropped: readonly Way[], guessed: string[], ignored: string[]): void {
  const say = (list: readonly Way[], what: string, to: string[]): void => {
    if (list.length === 0) return;
    const names = list.slice(0, 6).map((way) => `“${way.name}” on “${way.floor.name}”`);
    to.push(`${list.length} × ${what}: ${names.join(', ')}${list.length > 6 ? ', …' : ''}`);
  };
  const doors = dropped.filter((way) => way.kind === 'door');
  say(
    doors.filter((way) => way.leads === 'outside'),
    'door to outside above the ground (balcony, roof), taken for a wall',
    guessed,
  );
  say(
    doors.filter((way) => way.leads === 'inside'),
    'door to where there is no floor (shaft, courtyard), taken for a wall',
    guessed,
  );
  say(
    doors.filter((way) => way.leads === 'nowhere'),
    'IfcDoor with floor on neither side',
    ignored,
  );
  say(
    dropped.filter((way) => way.kind === 'opening' && way.leads === 'outside'),
    'opening to outside above the ground, taken for a wall',
    guessed,
  );
}

function innerPoint(way: Way, drafts: readonly LevelDraft[]): Point {
  // Two centimetres beside the line, on the side that is floor.
  const [x, y] = middleOf(way);
  const [a, b] = way.line;
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
  const [nx, ny] = [-(b[1] - a[1]) / length, (b[0] - a[0]) / length];
  const pieces = drafts.find((draft) => draft.floor === way.floor)?.pieces ?? [];
  for (const d of [0.02, -0.02, 0.06, -0.06]) {
    const point: Point = [x + d * nx, y + d * ny];
    if (pieces.some(({ rings }) => polygonContains(rings, point[0], point[1]))) return point;
  }
  return [x, y];
}

function joinNodes(count: number, edges: readonly (readonly number[])[]): (node: number) => number {
  const parent = Array.from({ length: count }, (_, i) => i);
  const find = (node: number): number => {
    if (node < 0) return -1;
    let at = node;
    while (parent[at] !== at) at = parent[at];
    return at;
  };
  for (const [a, b] of edges) if (a >= 0 && b >= 0) parent[find(a)] = find(b);
  return find;
}

interface GivenExit {
  readonly floor: Floor;
  readonly node: number;
  readonly points: readonly Point[];
}

/** Exits of the options, on the lowest entrance, or where their points lie on a floor. */
function readGivenExits(
  options: ImportOptions,
  drafts: readonly LevelDraft[],
  entrances: ReadonlySet<Floor>,
  issues: Issue[],
): GivenExit[] {
  const order = [...drafts].sort(
    (a, b) => Number(entrances.has(b.floor)) - Number(entrances.has(a.floor)) || a.floor.z - b.floor.z,
  );
  return (options.exits ?? []).flatMap((exit, i): GivenExit[] => {
    const points = typeof exit === 'string' ? parsePoints(exit) : exit;
    if (points === undefined || points.length < 2) {
      const message = `exit ${i + 1} is not understood; write two points for a line or more for a region: "30,4 30,6" [m]`;
      const found = (typeof exit === 'string' ? exit : JSON.stringify(exit)).slice(0, 60);
      issues.push(errorIssue('exit-not-understood', 'options', message, { expected: 'x,y x,y', found, unit: 'm' }));
      return [];
    }
    const x = points.reduce((sum, p) => sum + p[0], 0) / points.length;
    const y = points.reduce((sum, p) => sum + p[1], 0) / points.length;
    for (const { floor, pieces } of order) {
      const piece = pieces.find(({ region }) => sizeOf(clipToBox(region, x - 0.3, y - 0.3, x + 0.3, y + 0.3)) > 0.001);
      if (piece !== undefined) return [{ floor, node: piece.node, points }];
    }
    const message = `exit ${i + 1} lies on no floor; coordinates are those of the imported plan [m]`;
    issues.push(
      errorIssue('exit-off-floor', 'options', message, { found: `(${showNumber(x)}, ${showNumber(y)})`, unit: 'm' }),
    );
    return [];
  });
}

function parsePoints(text: string): Point[] | undefined {
  const points = text
    .trim()
    .split(/\s+/)
    .map((pair) => pair.split(',').map(Number));
  return points.every((pair) => pair.length === 2 && pair.every(Number.isFinite))
    ? points.map(([x, y]): Point => [x, y])
    : undefined;
}

/** Exits at the largest piece of the lowest floor, where nothing in the file is one. */
function guessExits(
  drafts: readonly LevelDraft[],
  entrances: ReadonlySet<Floor>,
): { floor: Floor; node: number; exits: SuggestedExit[] } | undefined {
  const order = [...drafts]
    .filter(({ pieces }) => pieces.length > 0)
    .sort(
      (a, b) => Number(entrances.has(b.floor)) - Number(entrances.has(a.floor)) || rankOf(a.floor) - rankOf(b.floor),
    );
  for (const { floor, pieces } of order) {
    const [largest] = [...pieces].sort((a, b) => sizeOf(b.region) - sizeOf(a.region));
    const exits = suggestExits(toPieces(largest.region));
    if (exits.length > 0) return { floor, node: largest.node, exits };
  }
  return undefined;
}

/** The floor nearest to zero first: basements come after the ground floor. */
function rankOf(floor: Floor): number {
  return Math.abs(floor.z);
}

function toPieces(region: Region): Piece[] {
  return separatePieces(region).map((piece) => {
    const [outline, ...holes] = toRings(piece);
    return { outline, holes };
  });
}

function makeLevel({ floor, pieces, ways }: LevelDraft): ScenarioInput['levels'][number] {
  const regions = pieces.map(({ region }) => region);
  const shapes = regions.flatMap(toPieces);
  const holes = separateHoles(shapes);
  const all = unite(...regions);
  // Rooms: the smaller first, so that one within another keeps its place.
  const areas: { id: string; polygon: [number, number][] }[] = [];
  if (floor.rooms.length > 0) {
    let taken: Region = [];
    const rooms = [...floor.rooms]
      .filter((room) => !room.outside)
      .sort((a, b) => sizeOf(a.region) - sizeOf(b.region) || a.id - b.id);
    for (const room of rooms) {
      const own = tidy(subtract(room.region, taken), 0.001, 0.02);
      if (sizeOf(intersect(own, all)) < 0.1) continue;
      taken = unite(taken, own);
      const rings = toRings(cutOpen(own));
      rings.forEach((polygon, i) => {
        areas.push({ id: i === 0 ? room.name : `${room.name} /${i + 1}`, polygon });
      });
    }
    areas.sort((a, b) => (a.id < b.id ? -1 : 1));
  }
  const keepFree = unite(...ways.map((way) => grow(way.added, 0.03)));
  const furniture = floor.low.flatMap(({ region, height, name }) => {
    const here = subtract(intersect(region, grow(all, 0.05)), keepFree);
    return toRings(cutOpen(tidy(here, 0.004, 0.01))).map((polygon, i) => ({
      id: i === 0 ? name : `${name} /${i + 1}`,
      polygon,
      height: Math.round(height * 1000) / 1000,
    }));
  });
  return {
    id: floor.name,
    elevation: Math.round(floor.z * 1e4) / 1e4,
    outlines: shapes.map(({ outline }) => outline),
    ...(holes.length > 0 ? { holes } : {}),
    ...(areas.length > 0 ? { areas } : {}),
    ...(furniture.length > 0 ? { furniture: nameApart(furniture) } : {}),
  };
}

function nameApart<T extends { id: string }>(things: readonly T[]): T[] {
  const used = new Set<string>();
  return things.map((thing) => {
    let id = thing.id;
    for (let n = 2; used.has(id); n++) id = `${thing.id} (${n})`;
    used.add(id);
    return { ...thing, id };
  });
}

function addWays(
  scenario: ScenarioInput,
  ways: readonly Way[],
  exitWays: readonly Way[],
  levels: readonly LevelDraft[],
): void {
  const used = new Set<string>();
  const claim = (name: string): string => {
    let id = name === '' ? 'door' : name;
    for (let n = 2; used.has(id); n++) id = `${name} (${n})`;
    used.add(id);
    return id;
  };
  for (const way of ways) {
    const onPiece = levels.some(
      (draft) =>
        draft.floor === way.floor &&
        draft.pieces.some(({ rings }) => {
          const [x, y] = innerPoint(way, [draft]);
          return polygonContains(rings, x, y);
        }),
    );
    if (!onPiece) continue;
    const line = way.line.map(([x, y]): [number, number] => [round(x), round(y)]) as [
      [number, number],
      [number, number],
    ];
    const isExit = exitWays.includes(way);
    if (way.leads === 'outside' && !isExit) continue;
    if (way.kind === 'opening') {
      // An opening between two rooms is open floor; one to outside is an exit without a door.
      if (isExit) scenario.exits.push({ id: claim(way.name), level: way.floor.name, line });
      continue;
    }
    const id = claim(way.name);
    const { leaf, hinge, swing } = way.leaves;
    scenario.doors!.push({
      id,
      level: way.floor.name,
      line,
      leaf,
      ...(leaf === 'single' ? { hinge } : {}),
      swing,
      state: 'closed',
    });
    if (isExit) scenario.exits.push({ id: `exit ${id}`.slice(0, 120), door: id });
  }
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;

function addExits(
  scenario: ScenarioInput,
  given: readonly GivenExit[],
  suggested: readonly { floor: Floor; exit: SuggestedExit }[],
): void {
  given.forEach(({ floor, points }, i) => {
    const list = points.map(([x, y]): [number, number] => [x, y]);
    scenario.exits.push({
      id: `exit-${i + 1}`,
      level: floor.name,
      ...(list.length === 2 ? { line: [list[0], list[1]] } : { polygon: list }),
    });
  });
  suggested.forEach(({ floor, exit }, i) => {
    scenario.exits.push({
      id: `guessed-exit-${i + 1}`,
      level: floor.name,
      ...(exit.line !== undefined ? { line: exit.line } : { polygon: exit.polygon }),
    });
  });
}

function addLinks(scenario: ScenarioInput, links: readonly PlannedLink[]): void {
  const used = new Set<string>();
  for (const link of links) {
    let id = link.name;
    for (let n = 2; used.has(id); n++) id = `${link.name} ${n}`;
    used.add(id);
    const [from, to] = link.ends.map(({ floor, line }) => ({
      level: floor.name,
      line: line.map(([x, y]): [number, number] => [round(x), round(y)]) as [[number, number], [number, number]],
    }));
    scenario.links!.push({ id, kind: link.kind, from, to, length: Math.round(link.length * 1000) / 1000 });
  }
}

/** Persons over all floors in proportion to their size; none on landings. */
function addPersons(
  scenario: ScenarioInput,
  levels: readonly LevelDraft[],
  options: ImportOptions,
  guessed: string[],
): void {
  if (options.persons === undefined && options.density === undefined) return;
  const places = levels
    .filter(({ floor }) => !floor.isLanding)
    .map(({ floor, pieces }) => ({ floor, size: pieces.reduce((sum, piece) => sum + sizeOf(piece.region), 0) }));
  const total = places.reduce((sum, place) => sum + place.size, 0);
  let given = 0;
  let sum = 0;
  for (const { floor, size } of places) {
    sum += size;
    const upTo = options.persons === undefined ? 0 : Math.round((options.persons * sum) / total);
    const count = upTo - given;
    given = upTo;
    if (options.density === undefined && count === 0) continue;
    scenario.populations!.push({
      id: `persons on ${floor.name}`.slice(0, 120),
      level: floor.name,
      ...(options.density !== undefined ? { density: options.density } : { count }),
      profile: 'adult',
    });
  }
  guessed.push('persons: adults anywhere on the floors, who know every exit and start at once');
}

function tell(
  model: IfcModel,
  levels: readonly LevelDraft[],
  scenario: ScenarioInput,
  what: { taken: Tally; left: Tally; lifts: readonly string[]; sliding: number; ways: readonly Way[] },
  { read, guessed, ignored }: Sentences,
): void {
  for (const { floor, pieces } of levels) {
    const size = pieces.reduce((sum, piece) => sum + sizeOf(piece.region), 0);
    const rooms = floor.rooms.filter((room) => !room.outside).length;
    const from = floor.isLanding ? 'landing' : rooms > 0 ? `${rooms} spaces` : 'slabs less walls';
    read.push(`level “${floor.name}” at ${showNumber(floor.z)} m: ${showNumber(size)} m² of floor, from ${from}`);
    if (floor.unnamed > 0.5)
      guessed.push(
        `floor on “${floor.name}”: ${showNumber(floor.unnamed)} m² of slab that no space covers, inside the building`,
      );
    if ((floor.outside ?? 0) > 1)
      guessed.push(
        `floor on “${floor.name}”: ${showNumber(floor.outside ?? 0)} m² of slab lie outside the walls and are taken for outdoors`,
      );
    if (!floor.hasOutline && !floor.isLanding)
      guessed.push(`floor on “${floor.name}”: all of the slab, for its walls enclose nothing`);
    if (floor.storey !== undefined && !floor.isLanding && Math.abs(floor.z - floor.storey.z) > 0.16)
      guessed.push(
        `height of “${floor.name}”: its floor lies ${showNumber(floor.z - floor.storey.z)} m from the storey’s own ${showNumber(floor.storey.z)} m`,
      );
  }
  const doors = scenario.doors!.length;
  const withDoor = scenario.exits.filter((exit) => exit.door !== undefined).length;
  read.push(
    `${doors} doors, ${scenario.exits.length} exits (${withDoor} of them doors), ${scenario.links!.length} flights of stairs and ramps`,
  );
  const passages = what.ways.filter((way) => way.kind === 'opening' && way.leads === 'between').length;
  if (passages > 0) read.push(`${passages} openings without a door, as open floor`);
  for (const [type, count] of sorted(what.taken)) read.push(`${count} × ${shortType(type)}, in the way of persons`);
  const inDoors = what.ways.filter((way) => way.kind === 'door');
  const unknown = inDoors.filter((way) => !way.leaves.isKnown).length;
  if (unknown > 0)
    guessed.push(
      `${unknown} doors name no operation: single leaves with the hinge at the low end of their x axis, towards their y axis`,
    );
  if (what.sliding > 0)
    guessed.push(`${what.sliding} doors slide, fold, roll or revolve: taken for leaves that open to both sides`);
  if (doors > 0) guessed.push('doors: closed and not locked at the start');
  const linings = inDoors.filter((way) => way.linings > 0).length;
  if (inDoors.length > 0)
    guessed.push(
      linings > 0
        ? `widths of doors: overall width less both linings where the file gives them (${linings} of ${inDoors.length} doors), else overall width`
        : 'widths of doors: overall widths, for the file gives no linings; frames and leaves make the clear width smaller',
    );
  const contradict = inDoors.filter((way) => way.leads === 'outside' && way.isExternal === false).length;
  if (contradict > 0)
    guessed.push(`${contradict} exits are doors whose IsExternal is false; they lead out of the building all the same`);
  const between = inDoors.filter((way) => way.leads === 'between' && way.isExternal === true);
  if (between.length > 0)
    guessed.push(
      `${between.length} doors between two floors have IsExternal true and are no exits: ${between
        .slice(0, 4)
        .map((way) => `“${way.name}”`)
        .join(', ')}`,
    );
  if (what.lifts.length > 0)
    ignored.push(`${what.lifts.length} × lift or escalator: ${what.lifts.slice(0, 8).join(', ')}`);
  for (const [type, count] of sorted(what.left)) ignored.push(`${count} × ${shortType(type)}`);
  for (const [type, count] of sorted(model.failed))
    ignored.push(`${count} × ${shortType(type)} whose shape could not be made`);
}

function sorted(tally: Tally): [string, number][] {
  return [...tally].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

/** `IFCFURNISHINGELEMENT` → `IfcFurnishingelement`: the file's capitals tell no more. */
function shortType(type: string): string {
  const [first, ...rest] = type.split(' ');
  const name = first.startsWith('IFC') ? `Ifc${first.charAt(3)}${first.slice(4).toLowerCase()}` : first;
  return [name, ...rest].join(' ');
}
