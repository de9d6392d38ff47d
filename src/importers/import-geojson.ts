import { distanceToSegment, polygonContains } from '../math/index.ts';
import {
  DEFAULT_READ_LIMITS,
  errorIssue,
  type Issue,
  type Point,
  type ReadLimits,
  readJson,
  type ScenarioInput,
  showNumber,
  showShort,
  warningIssue,
} from '../scenario/index.ts';
import { bareFloor, countThings, finishPlan, makeReport, type ReportLists } from './build-plan.ts';
import { cleanRing, toMetres } from './clean-ring.ts';
import { guessLayerRole } from './guess-layer-role.ts';
import { boxOf } from './import-wkt.ts';
import { type ImportOptions, type ImportResult, LAYER_ROLES, type LayerRole } from './importer.ts';
import { floorTest, freeName, type KnownDoor, placeDoors, sidesOf, type TakenNames } from './place-doors.ts';
import { cutOpen, fromPath, type Piece, separateHoles, toPath } from './plan-pieces.ts';
import { projectPlan } from './project-plan.ts';

type Ring = [number, number][];
type LevelInput = ScenarioInput['levels'][number];
type ExitInput = ScenarioInput['exits'][number];
type PopulationInput = NonNullable<ScenarioInput['populations']>[number];
type Fields = Readonly<Record<string, unknown>>;

export interface GeojsonLimits extends ReadLimits {
  readonly pointsMax: number;
}

export const DEFAULT_GEOJSON_LIMITS: GeojsonLimits = { ...DEFAULT_READ_LIMITS, pointsMax: 1_000_000 };

/** A plan without a coordinate system that is no more than this across is in degrees: 0.2° are some 20 km, 0.2 m are no room. */
const DEGREES_EXTENT = 0.2;
/** Levels whose number is all that is known of their height lie so far apart [m]. */
const STOREY = 3.5;
/** Width of a door or exit that is a point without a width [m]. */
const DOOR_WIDTH = 0.9;
/** A door that is a point lies at most so far from its wall [m]. */
const DOOR_REACH = 1;

/** Properties that may say what a feature is, in order; their values are words. */
const ROLE_KEYS = [
  'role',
  'feature_type',
  'kind',
  'class',
  'category',
  'indoor',
  'layer',
  'type',
  'element',
  'Layer',
  'usage',
];
/** Properties that say it by being there and not false. */
const FLAG_KEYS: readonly (readonly [string, LayerRole])[] = [
  ['exit', 'exit'],
  ['is_exit', 'exit'],
  ['entrance', 'door'],
  ['door', 'door'],
  ['obstacle', 'obstacle'],
  ['wall', 'wall'],
  ['furniture', 'furniture'],
  ['stairs', 'stairs'],
  ['room', 'area'],
];
const LEVEL_KEYS = [
  'level',
  'level_id',
  'levelId',
  'floor',
  'storey',
  'story',
  'etage',
  'geschoss',
  'level:ref',
  'sheet',
];
const NAME_KEYS = ['name', 'label', 'title', 'room_name', 'raumname', 'bezeichnung', 'ref', 'room_number', 'id'];
const ELEVATION_KEYS = ['elevation', 'ele', 'base_height', 'z'];
const COUNT_KEYS = ['persons', 'count', 'number', 'occupants', 'occupancy', 'personen'];
const WIDTH_KEYS = ['width', 'breite', 'door:width', 'clear_width'];
const STATES = ['open', 'closed', 'locked', 'chained'] as const;

/** One shape of a feature, in the file's coordinates. */
interface Part {
  readonly kind: 'polygon' | 'line' | 'point';
  /** Rings of a polygon; one list of points otherwise. */
  readonly rings: Point[][];
  readonly role: LayerRole | undefined;
  readonly name: string | undefined;
  readonly level: string | undefined;
  readonly fields: Fields;
  readonly path: string;
  z: number | undefined;
}

/** Whether a text is JSON that starts like GeoJSON. */
export function recogniseGeojson(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 65_536));
  if (!/^\s*\uFEFF?\s*\{/.test(start)) return false;
  return (
    /"type"\s*:\s*"(FeatureCollection|Feature|GeometryCollection|(Multi)?(Polygon|LineString|Point))"/.test(start) &&
    /"(features|geometry|geometries|coordinates)"\s*:/.test(start)
  );
}

/**
 * A plan in GeoJSON as a scenario: polygons are floor, rooms, obstacles, furniture, exits or places of persons by their properties, lines are
 * walls, doors or exits, points doors or names. `level` and the like part it into levels. Degrees (by `crs`, by the options, or by how
 * small the numbers' spread is) are projected to metres. Returns all issues at once; never throws for what is in the file.
 * @source RFC 7946; `crs` as in the 2008 specification; property words as in OpenStreetMap's Simple Indoor Tagging and IMDF
 */
export function importGeojson(
  bytes: Uint8Array,
  options: ImportOptions = {},
  limits: GeojsonLimits = DEFAULT_GEOJSON_LIMITS,
): ImportResult {
  const report = makeReport('geojson');
  const json = readJson(bytes, limits);
  const issues: Issue[] = [...json.issues];
  if (json.value === undefined || issues.some(({ severity }) => severity === 'error')) return { issues, report };
  const root = asFields(json.value);
  const parts = root === undefined ? [] : readParts(root, limits, issues, report);
  if (parts.length === 0 && !hasErrors(issues))
    issues.push(
      errorIssue('no-floor', '', 'the file holds no shapes; give a FeatureCollection with polygons of the floor', {
        expected: 'GeoJSON',
        found: showShort(root?.type),
      }),
    );
  if (hasErrors(issues)) return { issues, report };
  const move = chooseProjection(root!, parts, options, issues, report);
  if (move === undefined || hasErrors(issues)) return { issues, report };
  for (const { rings } of parts) rings.splice(0, rings.length, ...rings.map((ring) => ring.map(move)));
  const plan = buildLevels(parts, options, issues, report);
  if (plan === undefined || hasErrors(issues)) return { issues, report };
  return finishPlan({ ...plan, source: 'GeoJSON' }, options, issues, report);
}

function readParts(root: Fields, limits: GeojsonLimits, issues: Issue[], report: ReportLists): Part[] {
  const parts: Part[] = [];
  let points = 0;
  let flat = 0;
  let empty = 0;
  const wrong = (path: string, message: string, found: unknown): void => {
    if (issues.length < 50) issues.push(errorIssue('geojson-syntax', path, message, { found: showShort(found) }));
  };
  let z: number | undefined;
  const readPoint = (value: unknown, path: string): Point | undefined => {
    if (!Array.isArray(value) || value.length < 2 || value.some((n) => typeof n !== 'number' || !Number.isFinite(n))) {
      wrong(path, 'a position is a list of two or three finite numbers, [x, y]', value);
      return undefined;
    }
    if (value.length > 2) {
      flat++;
      z ??= value[2];
    }
    points++;
    return [value[0], value[1]];
  };
  const readLine = (value: unknown, path: string): Point[] => {
    if (!Array.isArray(value)) {
      wrong(path, 'a list of positions is expected here', value);
      return [];
    }
    if (points + value.length > limits.pointsMax) {
      if (points <= limits.pointsMax)
        issues.push(
          errorIssue('too-many-points', path, `the plan has more than ${limits.pointsMax} points; simplify it`),
        );
      points = limits.pointsMax + 1;
      return [];
    }
    return value.map((one, i) => readPoint(one, `${path}[${i}]`)).filter((point) => point !== undefined);
  };
  const readLines = (value: unknown, path: string): Point[][] => {
    if (Array.isArray(value)) return value.map((one, i) => readLine(one, `${path}[${i}]`));
    wrong(path, 'a list of rings or lines is expected here', value);
    return [];
  };
  const add = (kind: Part['kind'], rings: Point[][], fields: Fields, path: string): void => {
    if (rings.length === 0 || rings[0].length === 0) empty++;
    else
      parts.push({
        kind,
        rings,
        role: roleOf(fields),
        name: textOf(fields, NAME_KEYS),
        level: textOf(fields, LEVEL_KEYS),
        fields,
        path,
        z,
      });
  };
  const readGeometry = (value: unknown, fields: Fields, path: string): void => {
    const geometry = asFields(value);
    if (geometry === undefined) {
      if (value === null || value === undefined) empty++;
      else wrong(path, 'a geometry is an object with "type" and "coordinates"', value);
      return;
    }
    const { type, coordinates } = geometry;
    const inside = `${path}.coordinates`;
    z = undefined;
    const list = (): unknown[] => {
      if (Array.isArray(coordinates)) return coordinates;
      wrong(inside, 'a list is expected here', coordinates);
      return [];
    };
    if (type === 'Polygon') add('polygon', readLines(coordinates, inside), fields, path);
    else if (type === 'MultiPolygon')
      list().forEach((one, i) => {
        add('polygon', readLines(one, `${inside}[${i}]`), fields, `${path}[${i}]`);
      });
    else if (type === 'LineString') add('line', [readLine(coordinates, inside)], fields, path);
    else if (type === 'MultiLineString')
      for (const line of readLines(coordinates, inside)) add('line', [line], fields, path);
    else if (type === 'Point') {
      if (Array.isArray(coordinates) && coordinates.length === 0) empty++;
      else add('point', [[readPoint(coordinates, inside)].filter((point) => point !== undefined)], fields, path);
    } else if (type === 'MultiPoint')
      for (const point of readLine(coordinates, inside)) add('point', [[point]], fields, path);
    else if (type === 'GeometryCollection') {
      if (Array.isArray(geometry.geometries))
        geometry.geometries.forEach((one, i) => {
          readGeometry(one, fields, `${path}.geometries[${i}]`);
        });
      else wrong(`${path}.geometries`, 'a list of geometries is expected here', geometry.geometries);
    } else wrong(`${path}.type`, 'this is no type of geometry', type);
  };
  if (root.type === 'FeatureCollection') {
    if (!Array.isArray(root.features)) wrong('features', 'a list of features is expected here', root.features);
    else
      root.features.forEach((value, i) => {
        const feature = asFields(value);
        const path = `features[${i}]`;
        if (feature === undefined) wrong(path, 'a feature is an object', value);
        else readGeometry(feature.geometry, featureFields(feature), `${path}.geometry`);
      });
  } else if (root.type === 'Feature') readGeometry(root.geometry, featureFields(root), 'geometry');
  else readGeometry(root, {}, String(root.type ?? 'geometry').slice(0, 40));
  if (flat > 0) report.ignored.push(`third coordinates of ${countThings(flat, 'point')}`);
  if (empty > 0) report.ignored.push(`${empty} × empty geometry`);
  return parts;
}

function featureFields(feature: Fields): Fields {
  const properties = asFields(feature.properties) ?? {};
  // Tools for OpenStreetMap put the tags one deeper.
  const tags = asFields(properties.tags) ?? {};
  const top = typeof feature.feature_type === 'string' ? { feature_type: feature.feature_type } : {};
  return { ...top, ...tags, ...properties };
}

function asFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** A text or number under the first of the keys that has one. */
function textOf(fields: Fields, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (typeof value === 'number' && Number.isFinite(value)) return String(value);
    if (typeof value === 'string' && value.trim() !== '') return value.trim().slice(0, 100);
    const named = asFields(value);
    // IMDF has names by language.
    if (named !== undefined && keys === NAME_KEYS) {
      const word = named.en ?? named.de ?? Object.values(named)[0];
      if (typeof word === 'string' && word.trim() !== '') return word.trim().slice(0, 100);
    }
  }
  return undefined;
}

function numberOf(fields: Fields, keys: readonly string[]): number | undefined {
  const text = textOf(fields, keys);
  const value = text === undefined ? Number.NaN : Number(text.replace(/\s*m$/, '').replace(',', '.'));
  return Number.isFinite(value) ? value : undefined;
}

/** Height of a level: said, or as our own export has it, the constant of its plane. */
function heightOf(fields: Fields): number | undefined {
  const plane = Array.isArray(fields.plane) ? (fields.plane[0] as unknown) : undefined;
  return numberOf(fields, ELEVATION_KEYS) ?? (typeof plane === 'number' && Number.isFinite(plane) ? plane : undefined);
}

/** Words for roles that names of layers do not have: OpenStreetMap's, IMDF's, our own. */
const ROLE_WORDS: Readonly<Record<string, LayerRole>> = {
  level: 'floor',
  unit: 'area',
  opening: 'door',
  fixture: 'furniture',
  kiosk: 'obstacle',
  section: 'area',
  footprint: 'ignore',
  venue: 'ignore',
  building: 'ignore',
  address: 'ignore',
  amenity: 'ignore',
  anchor: 'ignore',
  occupant: 'ignore',
  detail: 'ignore',
  geofence: 'ignore',
  relationship: 'ignore',
  corridor: 'area',
  hole: 'obstacle',
  column: 'obstacle',
  entrance: 'door',
  passage: 'door',
  link: 'ignore',
};

function roleOf(fields: Fields): LayerRole | undefined {
  for (const key of ROLE_KEYS) {
    const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (typeof value !== 'string') continue;
    const word = value.trim().toLowerCase();
    if ((LAYER_ROLES as readonly string[]).includes(word)) return word as LayerRole;
    const role =
      (Object.hasOwn(ROLE_WORDS, word) ? ROLE_WORDS[word] : undefined) ?? guessLayerRole(value.slice(0, 200));
    if (role !== undefined) return role;
  }
  if (fields.highway === 'steps') return 'stairs';
  for (const [key, role] of FLAG_KEYS) {
    const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (
      value === true ||
      value === 1 ||
      (typeof value === 'string' && !['', 'no', 'false', '0'].includes(value.toLowerCase()))
    )
      return role;
  }
  return undefined;
}

/** EPSG code of the `crs` member, `undefined` where there is none or it says longitude and latitude in its own way. */
function readCrs(root: Fields, issues: Issue[]): number | undefined {
  const name = asFields(asFields(root.crs)?.properties)?.name;
  if (typeof name !== 'string') return undefined;
  if (/CRS84|CRS:84/i.test(name)) return 4326;
  const code = /EPSG(?::{1,2}|:[\d.]*:|\/\d+\/)(\d{4,6})$/i.exec(name.trim())?.[1];
  if (code !== undefined) return Number(code);
  const message = `the coordinate system ${JSON.stringify(name.slice(0, 60))} is not understood; give it with --epsg`;
  issues.push(warningIssue('crs-unknown', 'crs', message, { expected: 'EPSG:…', found: name.slice(0, 60) }));
  return undefined;
}

function chooseProjection(
  root: Fields,
  parts: readonly Part[],
  options: ImportOptions,
  issues: Issue[],
  report: ReportLists,
): ((point: Point) => [number, number]) | undefined {
  const box = boxOf(parts.flatMap(({ rings }) => rings));
  const told = options.epsg ?? readCrs(root, issues);
  let epsg = told;
  if (epsg === undefined && options.unit === undefined) {
    const extent = Math.max(box[2] - box[0], box[3] - box[1]);
    const isGlobe = box[0] >= -180 && box[2] <= 180 && box[1] >= -90 && box[3] <= 90;
    if (isGlobe && extent < DEGREES_EXTENT) {
      epsg = 4326;
      report.guessed.push(
        `coordinates are degrees, since they are ${Number(extent.toPrecision(3))} across, as GeoJSON has them where it says nothing else`,
      );
    } else
      report.guessed.push(
        `coordinates are metres, since they are ${showNumber(extent)} across; GeoJSON means degrees where it says nothing: --epsg tells it`,
      );
  }
  if (epsg === undefined) {
    const unit = options.unit ?? 'm';
    return (point) => toMetres(point, unit);
  }
  const projection = projectPlan(epsg, box, issues);
  if (projection === undefined) return undefined;
  report.read.push(`coordinates: ${projection.told}`);
  return projection.isGeographic ? projection.project : (point) => toMetres(point, options.unit ?? 'm');
}

interface GeojsonPlan {
  readonly levels: LevelInput[];
  readonly doors: NonNullable<ScenarioInput['doors']>;
  readonly exits: ExitInput[];
  readonly populations: PopulationInput[];
}

function buildLevels(
  parts: readonly Part[],
  options: ImportOptions,
  issues: Issue[],
  report: ReportLists,
): GeojsonPlan | undefined {
  const left = new Map<string, number>();
  const skip = (part: Part, why: string): void => {
    const key = `${part.kind}${part.role === undefined ? '' : ` of role ${part.role}`}: ${why}`;
    left.set(key, (left.get(key) ?? 0) + 1);
  };
  const isSurface = (part: Part): boolean =>
    part.kind === 'polygon' && (part.role === undefined || part.role === 'floor' || part.role === 'area');
  const isByHeight =
    parts.every(({ level }) => level === undefined) &&
    new Set(parts.filter(isSurface).map(({ z }) => Math.round((z ?? 0) * 2))).size > 1;
  const levelOf = (part: Part): string =>
    isByHeight ? `${showNumber(Math.round((part.z ?? 0) * 2) / 2)} m` : (part.level?.split(/[;,]/)[0].trim() ?? '');
  const groups = new Map<string, Part[]>();
  for (const part of parts) {
    if (part.role === 'ignore') skip(part, 'nothing to walk on');
    else {
      const name = levelOf(part);
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [part]);
      else group.push(part);
    }
  }
  // What says no level stands on the only one there is.
  const unsaid = groups.get('');
  if (unsaid !== undefined && groups.size > 1 && !unsaid.some(isSurface)) {
    groups.delete('');
    if (groups.size === 1) [...groups.values()][0].push(...unsaid);
    else for (const part of unsaid) skip(part, 'on no level');
  }
  const names = [...groups.keys()].filter((name) => groups.get(name)!.some(isSurface));
  for (const [name, group] of groups)
    if (!names.includes(name)) for (const part of group) skip(part, 'on a level without floor');
  if (names.length === 0) {
    issues.push(
      errorIssue(
        'no-floor',
        '',
        'the file holds no polygon that is floor or a room; give one, or say what is by "role": "floor"',
        { expected: 'a polygon', found: 'none' },
      ),
    );
    return undefined;
  }
  const levels: LevelInput[] = [];
  const doors: GeojsonPlan['doors'] = [];
  const exits: ExitInput[] = [];
  const populations: PopulationInput[] = [];
  const taken = {
    levels: new Map(),
    doors: new Map(),
    exits: new Map(),
    populations: new Map(),
  };
  names.forEach((name, index) => {
    const group = groups.get(name)!;
    const id = freeName(name === '' ? 'ground' : name, taken.levels);
    const said = group
      .filter(isSurface)
      .map(({ fields }) => heightOf(fields))
      .find((value) => value !== undefined);
    const number = Number(name);
    const elevation = isByHeight
      ? Number.parseFloat(name)
      : (said ??
        (names.length === 1
          ? (options.elevation ?? 0)
          : name !== '' && Number.isFinite(number)
            ? number * STOREY
            : index * STOREY));
    if (!isByHeight && said === undefined && names.length > 1)
      report.guessed.push(`height of level ${id}: ${showNumber(elevation)} m (${STOREY} m a storey)`);
    buildLevel(group, { id, elevation, outlines: [] }, options, issues, report, skip, taken, {
      levels,
      doors,
      exits,
      populations,
    });
  });
  for (const [what, count] of left) report.ignored.push(`${count} × ${what}`);
  if (names.length > 1) {
    const message = `the plan has ${names.length} levels and no links between them are read; add stairs to the scenario ("links"), or give every level its own exit`;
    issues.push(warningIssue('levels-not-linked', '', message, { expected: 'links', found: 'none' }));
  }
  return { levels, doors, exits, populations };
}

function buildLevel(
  group: readonly Part[],
  level: LevelInput,
  options: ImportOptions,
  issues: Issue[],
  report: ReportLists,
  skip: (part: Part, why: string) => void,
  taken: { doors: TakenNames; exits: TakenNames; populations: TakenNames },
  plan: GeojsonPlan,
): void {
  const thickness = options.wallThickness ?? 0.1;
  const floors: Piece[] = [];
  const rooms: { piece: Piece; part: Part }[] = [];
  const holes: Ring[] = [];
  const furniture: Ring[] = [];
  const walls: NonNullable<LevelInput['walls']> = [];
  /** Walls whose thickness the file gives. */
  const said = new Set<unknown>();
  const doorParts: Part[] = [];
  const exitParts: Part[] = [];
  const personParts: Part[] = [];
  const labels: Part[] = [];
  for (const part of group) {
    const { role, kind } = part;
    if (role === 'door') doorParts.push(part);
    else if (role === 'exit') exitParts.push(part);
    else if (kind === 'point') {
      if (part.name !== undefined && role !== 'stairs' && role !== 'furniture' && role !== 'obstacle')
        labels.push(part);
      else skip(part, 'a point');
    } else if (kind === 'line') {
      if (role === 'wall' || role === 'window') {
        const path = part.rings[0].filter(([x, y], i, all) => i === 0 || x !== all[i - 1][0] || y !== all[i - 1][1]);
        if (path.length < 2) skip(part, 'without length');
        else {
          const width = numberOf(part.fields, ['thickness', ...WIDTH_KEYS]);
          const isClosed =
            path.length > 3 && path[0][0] === path[path.length - 1][0] && path[0][1] === path[path.length - 1][1];
          const own = width !== undefined && width >= 0.02 && width <= 5 ? width : thickness;
          const wall = {
            path: (isClosed ? path.slice(0, -1) : path).map(([x, y]): [number, number] => [x, y]),
            thickness: own,
            closed: isClosed,
          };
          walls.push(wall);
          if (own === width) said.add(wall);
        }
      } else skip(part, role === 'stairs' ? 'stairs are not linked' : 'a line that is no wall, door or exit');
    } else {
      const piece = cleanPiece(part, options, issues);
      if (piece === undefined) continue;
      if (role === 'persons') personParts.push({ ...part, rings: [piece.outline, ...piece.holes] });
      else if (role === 'area') rooms.push({ piece, part });
      else if (role === 'stairs') {
        floors.push(piece);
        skip(part, 'stairs are plain floor, links between levels are to be added');
      } else if (role === 'obstacle' || role === 'wall' || role === 'window') holes.push(piece.outline);
      else if (role === 'furniture') furniture.push(piece.outline);
      else if (role === undefined || role === 'floor') {
        floors.push(piece);
        if (role === undefined && part.name !== undefined) rooms.push({ piece, part });
      } else skip(part, 'not needed');
    }
  }
  if (issues.some(({ severity }) => severity === 'error')) return;
  const hasFloor = group.some((part) => part.kind === 'polygon' && part.role === 'floor');
  const surface = hasFloor ? floors : [...new Set([...floors, ...rooms.map(({ piece }) => piece)])];
  level.outlines = surface.map(({ outline }) => outline);
  const allHoles = [...separateHoles(surface), ...holes];
  if (allHoles.length > 0) level.holes = allHoles;
  // A line without a thickness on the edge of the floor is that edge.
  const edges = bareFloor({ id: level.id, outlines: level.outlines, holes: separateHoles(surface) }).flatMap(
    (piece) => [piece.outline, ...piece.holes],
  );
  const onEdge = walls.filter((wall) => !said.has(wall) && followsEdge(wall.path as Ring, edges));
  if (onEdge.length > 0) {
    walls.splice(0, walls.length, ...walls.filter((wall) => !onEdge.includes(wall)));
    report.ignored.push(
      `${countThings(onEdge.length, 'wall')} along the edge of the floor of level ${level.id}, which says the same`,
    );
  }
  if (
    !hasFloor &&
    doorParts.length > 0 &&
    walls.length === 0 &&
    holes.length === 0 &&
    rooms.length > 1 &&
    touch(rooms.map(({ piece }) => piece))
  ) {
    for (const { piece } of rooms) walls.push({ path: piece.outline, thickness, closed: true });
    report.guessed.push(
      `walls of ${showNumber(thickness)} m around ${countThings(rooms.length, 'room')} of level ${level.id}, since they touch and have doors but no walls`,
    );
  }
  if (walls.length > 0) level.walls = walls;
  if (furniture.length > 0) level.furniture = furniture.map((polygon) => ({ polygon }));
  const areas = nameRooms(rooms, labels, surface, skip);
  if (areas.length > 0) level.areas = areas;
  plan.levels.push(level);

  const floor = bareFloor({ ...level, walls: [], furniture: [] });
  const jambs = [
    ...walls.map(({ path, closed }) => ({ points: path as Ring, closed: closed === true })),
    ...floor.flatMap((piece) => [piece.outline, ...piece.holes].map((points) => ({ points, closed: true }))),
  ];
  const known = doorParts.flatMap((part): (KnownDoor & { part: Part })[] => {
    const line = lineOf(part, jambs, report, skip);
    return line === undefined ? [] : [{ part, line, ...doorFacts(part) }];
  });
  const isFloor = floorTest(floor);
  const placed = placeDoors(known, floor, level.id, taken.doors, issues, report);
  plan.doors.push(...placed.doors);
  plan.exits.push(...placed.doorExits.map((exit) => ({ ...exit, id: freeName(exit.id, taken.exits) })));
  for (const part of exitParts) {
    const id = freeName(part.name ?? `exit ${taken.exits.size + 1}`, taken.exits);
    if (part.kind === 'polygon') {
      const piece = cleanPiece(part, options, issues);
      if (piece !== undefined) plan.exits.push({ id, level: level.id, polygon: piece.outline });
      continue;
    }
    const line = lineOf(part, jambs, report, skip);
    if (line === undefined) continue;
    const [inside, outside] = sidesOf(line).map(isFloor);
    if (inside === outside)
      skip(part, inside ? 'an exit line inside the floor; give a polygon' : 'an exit off the floor');
    else plan.exits.push({ id, level: level.id, line });
  }
  const asked = options.persons !== undefined || options.density !== undefined;
  for (const part of [...personParts, ...rooms.map((room) => room.part)]) {
    const count = numberOf(part.fields, COUNT_KEYS);
    if (count === undefined || count === 0) {
      if (part.role === 'persons' && !asked) skip(part, 'persons without a number');
      continue;
    }
    if (asked || !Number.isInteger(count) || count < 0) {
      skip(part, asked ? 'persons, since the options say who is there' : 'a number of persons that is none');
      continue;
    }
    const id = freeName(
      part.name === undefined ? `persons ${taken.populations.size + 1}` : `persons in ${part.name}`,
      taken.populations,
    );
    plan.populations.push({
      id,
      level: level.id,
      polygon: part.rings[0].map(([x, y]): [number, number] => [x, y]),
      count,
      profile: 'adult',
    });
  }
  const size = countThings(level.outlines.length, 'polygon');
  report.read.push(
    `level ${level.id}: ${size} of floor, ${allHoles.length} holes, ${walls.length} walls, ${furniture.length} furniture, ${areas.length} named areas, ${exitParts.length} exits`,
  );
}

/** Whether a line runs along outlines, within a centimetre at its corners and between them. */
function followsEdge(path: Ring, edges: readonly (readonly Point[])[]): boolean {
  const isNear = (x: number, y: number): boolean =>
    edges.some((ring) =>
      ring.some(([ax, ay], i) => {
        const [bx, by] = ring[(i + 1) % ring.length];
        return distanceToSegment(x, y, ax, ay, bx, by) < 0.01;
      }),
    );
  // Long lines against long outlines take long: what they say is then kept.
  if (path.length * edges.reduce((sum, ring) => sum + ring.length, 0) > 2e6) return false;
  return path.every(([x, y], i) => {
    const [u, v] = path[Math.min(i + 1, path.length - 1)];
    return isNear(x, y) && isNear((x + u) / 2, (y + v) / 2);
  });
}

function cleanPiece(part: Part, options: ImportOptions, issues: Issue[]): Piece | undefined {
  const [outline, ...holes] = part.rings.map((ring, i) =>
    cleanRing(ring, i === 0 ? 'its outline' : `its hole ${i}`, { path: part.path }, options, issues),
  );
  return outline === undefined ? undefined : { outline, holes: holes.filter((hole) => hole !== undefined) };
}

/** Whether rooms share parts of their outlines. */
function touch(pieces: readonly Piece[]): boolean {
  const near = pieces.slice(0, 200);
  return near.some((piece, i) =>
    near.some(
      (other, j) =>
        j !== i &&
        other.outline.some(([x, y]) =>
          piece.outline.some((a, k) => {
            const b = piece.outline[(k + 1) % piece.outline.length];
            return distanceToSegment(x, y, a[0], a[1], b[0], b[1]) < 0.02;
          }),
        ),
    ),
  );
}

function nameRooms(
  rooms: readonly { piece: Piece; part: Part }[],
  labels: readonly Part[],
  surface: readonly Piece[],
  skip: (part: Part, why: string) => void,
): NonNullable<LevelInput['areas']> {
  const areas: NonNullable<LevelInput['areas']> = [];
  const taken: TakenNames = new Map();
  for (const { piece, part } of rooms) {
    const inside = labels.find((label) =>
      polygonContains([piece.outline, ...piece.holes], label.rings[0][0][0], label.rings[0][0][1]),
    );
    const name = part.name ?? inside?.name;
    if (name === undefined) continue;
    const origin = piece.outline[0];
    const polygons =
      piece.holes.length === 0
        ? [piece.outline]
        : cutOpen([toPath(piece.outline, origin, true), ...piece.holes.map((hole) => toPath(hole, origin, false))]).map(
            (path) => fromPath(path, origin),
          );
    for (const polygon of polygons) areas.push({ id: freeName(name, taken), polygon });
  }
  // Names that stand on plain floor name it, where it is one piece each.
  if (rooms.length === 0) {
    for (const piece of surface) {
      const inside = labels.filter((label) =>
        polygonContains([piece.outline, ...piece.holes], label.rings[0][0][0], label.rings[0][0][1]),
      );
      if (inside.length === 1 && piece.holes.length === 0)
        areas.push({ id: freeName(inside[0].name!, taken), polygon: piece.outline });
      else for (const label of inside) skip(label, 'one of several names on a piece of floor');
    }
  }
  return areas;
}

/** The line of a door or exit: as drawn; of a polygon, its longer middle line; of a point, along the wall it stands at. */
function lineOf(
  part: Part,
  jambs: readonly { points: readonly Point[]; closed: boolean }[],
  report: ReportLists,
  skip: (part: Part, why: string) => void,
): [[number, number], [number, number]] | undefined {
  const points = part.rings[0];
  const make = (a: Point, b: Point): [[number, number], [number, number]] => [
    [a[0], a[1]],
    [b[0], b[1]],
  ];
  if (part.kind === 'line' && points.length >= 2) return make(points[0], points[points.length - 1]);
  if (part.kind === 'polygon') {
    let best: [Point, Point] | undefined;
    let length = 0;
    const ring = points.slice(0, -1);
    for (let i = 0; i < ring.length; i++) {
      const [a, b] = [ring[i], ring[(i + 1) % ring.length]];
      if (Math.hypot(b[0] - a[0], b[1] - a[1]) <= length) continue;
      length = Math.hypot(b[0] - a[0], b[1] - a[1]);
      best = [a, b];
    }
    if (best === undefined) return undefined;
    const [[ax, ay], [bx, by]] = best;
    const across = ring.map(([x, y]) => ((x - ax) * -(by - ay) + (y - ay) * (bx - ax)) / length);
    const off = (Math.min(...across) + Math.max(...across)) / 2;
    const [nx, ny] = [-(by - ay) / length, (bx - ax) / length];
    return make([ax + off * nx, ay + off * ny], [bx + off * nx, by + off * ny]);
  }
  const [x, y] = points[0];
  let best: [Point, Point] | undefined;
  let nearest = DOOR_REACH;
  for (const { points: wall, closed } of jambs) {
    for (let i = 0; i < wall.length - (closed ? 0 : 1); i++) {
      const [a, b] = [wall[i], wall[(i + 1) % wall.length]];
      const d = distanceToSegment(x, y, a[0], a[1], b[0], b[1]);
      if (d < nearest) {
        nearest = d;
        best = [a, b];
      }
    }
  }
  if (best === undefined) {
    skip(part, `a point with no wall within ${DOOR_REACH} m`);
    return undefined;
  }
  const [a, b] = best;
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
  const [ux, uy] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
  const said = numberOf(part.fields, WIDTH_KEYS);
  const width = Math.min(said !== undefined && said > 0.3 && said < 20 ? said : DOOR_WIDTH, length);
  if (said === undefined)
    report.guessed.push(
      `width of ${part.role} ${part.name ?? ''} at (${showNumber(x)}, ${showNumber(y)}): ${DOOR_WIDTH} m`,
    );
  const along = Math.max(width / 2, Math.min(length - width / 2, (x - a[0]) * ux + (y - a[1]) * uy));
  return make(
    [a[0] + (along - width / 2) * ux, a[1] + (along - width / 2) * uy],
    [a[0] + (along + width / 2) * ux, a[1] + (along + width / 2) * uy],
  );
}

function doorFacts({ name, fields }: Part): Omit<KnownDoor, 'line'> {
  const state = STATES.find(
    (word) => fields.state === word || fields.status === word || (word === 'locked' && fields.locked === true),
  );
  const leaf =
    fields.leaf === 'double' || fields.door === 'double'
      ? 'double'
      : fields.leaf === 'none' ||
          fields.door === 'no' ||
          fields.opening === true ||
          (fields.kind === 'opening' && fields.door === null)
        ? 'none'
        : 'single';
  const swing =
    fields.swing === 'left' || fields.swing === 'right' || fields.swing === 'both' ? fields.swing : undefined;
  return { leaf, swing, ...(name === undefined ? {} : { name }), ...(state === undefined ? {} : { state }) };
}

function hasErrors(issues: readonly Issue[]): boolean {
  return issues.some(({ severity }) => severity === 'error');
}
