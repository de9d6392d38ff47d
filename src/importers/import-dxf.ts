import { Clipper, FillRule } from 'clipper2-ts';
import { polygonContains } from '../math/index.ts';
import {
  checkFileSize,
  errorIssue,
  type Issue,
  type Point,
  ringArea,
  type ScenarioInput,
  showNumber,
  showPoint,
  suggestWord,
  warningIssue,
} from '../scenario/index.ts';
import { bareFloor, countThings, finishPlan, makeReport, pieceArea, type ReportLists } from './build-plan.ts';
import { cleanRing } from './clean-ring.ts';
import { type ExpandedDxf, expandDxf, type Label, type Shape } from './expand-dxf.ts';
import { type DoorShape, type DrawnDoor, findDoors, isSwing } from './find-doors.ts';
import { findGaps, GAP_WIDTHS } from './find-gaps.ts';
import { guessLayerRole } from './guess-layer-role.ts';
import { boxOf } from './import-wkt.ts';
import {
  type ImportOptions,
  type ImportResult,
  type LayerRole,
  PLAN_UNITS,
  SAGITTA_DEFAULT,
  TOLERANCE_DEFAULT,
} from './importer.ts';
import { joinLines } from './join-lines.ts';
import { floorTest, freeName, placeDoors, sidesOf, type TakenNames } from './place-doors.ts';
import {
  cutOpen,
  fromPath,
  lengthen,
  type Path,
  type Piece,
  piecesOfPaths,
  STEPS,
  separateHoles,
  strokeLine,
  toPath,
} from './plan-pieces.ts';
import { DEFAULT_DXF_LIMITS, type DxfFile, type DxfLimits, readDxf } from './read-dxf.ts';
import { CRACK, enclosedFloor, findWallBodies, type WallLine } from './wall-floor.ts';

type Ring = [number, number][];
type LevelInput = ScenarioInput['levels'][number];
type DoorInput = NonNullable<ScenarioInput['doors']>[number];
type ExitInput = ScenarioInput['exits'][number];
type PopulationInput = NonNullable<ScenarioInput['populations']>[number];

const LEVEL = 'ground';
/** Length of $INSUNITS' units [m], by their code; their names. @source Autodesk, DXF reference, header variables */
const INSERT_UNITS: Readonly<Record<number, readonly [string, number]>> = {
  1: ['in', 0.0254],
  2: ['ft', 0.3048],
  3: ['mi', 1609.344],
  4: ['mm', 0.001],
  5: ['cm', 0.01],
  6: ['m', 1],
  7: ['km', 1000],
  8: ['µin', 2.54e-8],
  9: ['mil', 2.54e-5],
  10: ['yd', 0.9144],
  11: ['Å', 1e-10],
  12: ['nm', 1e-9],
  13: ['µm', 1e-6],
  14: ['dm', 0.1],
  15: ['dam', 10],
  16: ['hm', 100],
  21: ['US survey ft', 1200 / 3937],
  22: ['US survey in', 100 / 3937],
  23: ['US survey yd', 3600 / 3937],
  24: ['US survey mi', 6336000 / 3937],
};
/** Outside reaches this much farther around a building than the widest opening [m]. */
const OUTSIDE_MORE = 2;
/** Names longer than this are notes [characters]. */
const NAME_MAX = 60;

/** A shape with what its layer or block makes of it. */
interface RoledShape extends Shape {
  readonly role: LayerRole | undefined;
}

/**
 * A drawing in DXF as a scenario of one level. What a layer holds is guessed from its name, that of the block, or from what
 * lies on it, unless `options.layers` says it. The floor is what outlines on floor layers enclose, or else the rooms, or else what walls
 * enclose, however these are drawn. Returns all issues at once; never throws for what is in the file.
 */
export function importDxf(
  bytes: Uint8Array,
  options: ImportOptions = {},
  limits: DxfLimits = DEFAULT_DXF_LIMITS,
): ImportResult {
  const report = makeReport('dxf');
  const tooLarge = checkFileSize(bytes.byteLength, limits);
  if (tooLarge !== undefined) return { issues: [tooLarge], report };
  const file = readDxf(bytes, limits);
  const issues: Issue[] = [...file.issues];
  const hasErrors = (): boolean => issues.some((issue) => issue.severity === 'error');
  if (hasErrors()) return { issues, report };
  const unit = chooseUnit(file, options, issues, report);
  const sagitta = options.sagitta ?? SAGITTA_DEFAULT;
  const drawing = expandDxf(file, unit, sagitta, limits);
  issues.push(...drawing.issues);
  if (hasErrors()) return { issues, report };
  const roles = chooseRoles(file, drawing, options, issues, report);
  if (hasErrors()) return { issues, report };
  const shapes = drawing.shapes.flatMap((shape): RoledShape[] => {
    const role = roles.of(shape);
    return role === 'ignore' ? [] : [{ ...shape, role }];
  });
  tellRead(file, drawing, roles, options, report);
  const plan = buildPlan(shapes, drawing.labels, roles, options, issues, report);
  if (plan === undefined || hasErrors()) return { issues, report };
  return finishPlan({ ...plan, source: 'a DXF drawing' }, options, issues, report);
}

/** Length of the drawing's unit [m]. */
function chooseUnit(file: DxfFile, options: ImportOptions, issues: Issue[], report: ReportLists): number {
  if (options.unit !== undefined) {
    report.read.push(`unit: ${options.unit}, as asked for`);
    return PLAN_UNITS[options.unit];
  }
  const known = INSERT_UNITS[file.insertUnits];
  if (known !== undefined) {
    report.read.push(`unit: ${known[0]} ($INSUNITS)`);
    return known[1];
  }
  // Without a unit: the size of what is drawn tells it, since buildings are some metres to some hundred metres across.
  let size = 0;
  const box = boxOf(
    file.entities.flatMap(({ curves }) =>
      curves.map((curve) =>
        curve.kind === 'polyline' ? curve.points : curve.kind === 'arc' ? [curve.centre] : curve.controls,
      ),
    ),
  );
  if (box[0] <= box[2]) size = Math.max(box[2] - box[0], box[3] - box[1]);
  for (const { base, entities } of file.blocks.values()) {
    if (size > 0) break;
    const own = boxOf([
      [base],
      ...entities.flatMap(({ curves }) => curves.map((c) => (c.kind === 'polyline' ? c.points : []))),
    ]);
    size = Math.max(size, own[2] - own[0], own[3] - own[1]);
  }
  const isImperial = file.isMetric === false;
  const [name, unit] = isImperial
    ? size > 2000
      ? (['in', 0.0254] as const)
      : (['ft', 0.3048] as const)
    : size > 3000
      ? (['mm', 0.001] as const)
      : size > 500
        ? (['cm', 0.01] as const)
        : (['m', 1] as const);
  report.guessed.push(`unit: ${name}, since the drawing is ${showNumber(size)} units across and does not say its own`);
  const message = `the drawing does not say its unit; ${name} was taken, since it is ${showNumber(size)} units across: check this, or say it with --unit`;
  issues.push(
    warningIssue('unit-guessed', '$INSUNITS', message, { expected: 'a unit', found: String(file.insertUnits) }),
  );
  return unit;
}

interface Roles {
  readonly of: (shape: { readonly layer: string; readonly blocks: readonly string[] }) => LayerRole | undefined;
  readonly ofLayer: ReadonlyMap<string, LayerRole | undefined>;
}

/** What every layer holds: as asked for, by its name, by what lies on it. */
function chooseRoles(
  file: DxfFile,
  drawing: ExpandedDxf,
  options: ImportOptions,
  issues: Issue[],
  report: ReportLists,
): Roles {
  const names = [...new Set([...drawing.shapes, ...drawing.labels].map(({ layer }) => layer))].sort();
  const asked = new Map<string, LayerRole>();
  const all = [...new Set([...names, ...[...file.layers.values()].map(({ name }) => name)])];
  for (const [pattern, role] of Object.entries(options.layers ?? {})) {
    const matches = all.filter((name) => fits(pattern, name));
    if (matches.length === 0) {
      const message = `there is no layer ${JSON.stringify(pattern)} in the drawing; ${suggestWord(pattern, all, 'it has none')}`;
      issues.push(errorIssue('unknown-layer', 'layers', message, { found: pattern }));
    }
    for (const name of matches) asked.set(name, role);
  }
  const ofLayer = new Map<string, LayerRole | undefined>();
  const named = new Map<string, LayerRole>();
  for (const name of names) {
    const own = asked.get(name);
    const isHidden = file.layers.get(name.toUpperCase())?.isHidden === true;
    const guess = guessLayerRole(name);
    if (own === undefined && !isHidden && guess !== undefined) named.set(name, guess);
    ofLayer.set(name, own ?? (isHidden ? 'ignore' : guess));
    if (own === undefined && isHidden)
      report.ignored.push(`layer ${name}, which is off or frozen (--layer "${name}=…" takes it in)`);
  }
  const guesses = guessByContent(names, ofLayer, drawing);
  for (const [name, role] of guesses) ofLayer.set(name, role);
  const byRole = new Map<LayerRole, string[]>();
  for (const [name, role] of named) byRole.set(role, [...(byRole.get(role) ?? []), name]);
  for (const [role, list] of byRole)
    report.guessed.push(
      `${role}: layer ${list.slice(0, 12).join(', ')}${list.length > 12 ? ` and ${list.length - 12} more` : ''}, by name`,
    );
  for (const [name, role] of guesses) report.guessed.push(`${role}: layer ${name}, by what lies on it`);
  const blockRoles = new Map<string, LayerRole | undefined>();
  const of: Roles['of'] = ({ layer, blocks }) => {
    const forced = asked.get(layer);
    if (forced !== undefined) return forced;
    const own = ofLayer.get(layer);
    if (own === 'ignore') return own;
    for (const block of blocks) {
      if (!blockRoles.has(block)) blockRoles.set(block, guessLayerRole(block));
      const role = blockRoles.get(block);
      // A block's name says more of a single thing than the layer it is on.
      if (role === 'door' || role === 'window' || role === 'furniture' || role === 'stairs') return role;
      if (own === undefined && role !== undefined) return role;
    }
    return own;
  };
  return { of, ofLayer };
}

function fits(pattern: string, name: string): boolean {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*');
  return new RegExp(`^${escaped}$`, 'i').test(name);
}

/** Roles of layers whose names tell nothing. */
function guessByContent(
  names: readonly string[],
  ofLayer: ReadonlyMap<string, LayerRole | undefined>,
  drawing: ExpandedDxf,
): Map<string, LayerRole> {
  const guesses = new Map<string, LayerRole>();
  const shapesOf = new Map<string, Shape[]>();
  for (const shape of drawing.shapes) {
    const list = shapesOf.get(shape.layer);
    if (list === undefined) shapesOf.set(shape.layer, [shape]);
    else list.push(shape);
  }
  const unknown = names.filter((name) => ofLayer.get(name) === undefined);
  for (const name of unknown) {
    const own = shapesOf.get(name) ?? [];
    if (own.length === 0) guesses.set(name, 'text');
    else {
      const swings = own.filter((shape) => shape.arcs.some(isSwing)).length;
      if (swings > 0 && 4 * swings >= own.length) guesses.set(name, 'door');
    }
  }
  const has = (role: LayerRole): boolean =>
    [...ofLayer.values(), ...guesses.values()].includes(role) ||
    drawing.shapes.some(({ blocks }) => blocks.some((block) => guessLayerRole(block) === role));
  if (has('floor') || has('wall') || has('area')) return guesses;
  const left = unknown.filter((name) => !guesses.has(name) && (shapesOf.get(name) ?? []).length > 0);
  // A few outlines, one of which is around all the rest, are a floor.
  const whole = boxOf(drawing.shapes.flatMap(({ paths }) => paths.map(({ points }) => points)));
  const wholeArea = (whole[2] - whole[0]) * (whole[3] - whole[1]);
  let best: string | undefined;
  let most = 0;
  for (const name of left) {
    const own = shapesOf.get(name) ?? [];
    const rings = own.flatMap(({ paths }) => paths.filter(({ closed, points }) => closed && points.length > 2));
    const largest = Math.max(0, ...rings.map(({ points }) => Math.abs(ringArea(points))));
    if (rings.length === own.length && rings.length <= 50 && largest > 0.3 * wholeArea && largest > most) {
      best = name;
      most = largest;
    }
  }
  if (best !== undefined) {
    guesses.set(best, 'floor');
    for (const name of left) {
      const own = shapesOf.get(name) ?? [];
      if (name !== best && own.every(({ paths }) => paths.every(({ closed }) => closed))) guesses.set(name, 'obstacle');
    }
    return guesses;
  }
  // Else the layer with most to draw is that of the walls.
  for (const name of left) {
    let length = 0;
    for (const { paths } of shapesOf.get(name) ?? []) {
      for (const { points } of paths) {
        for (let i = 1; i < points.length; i++) length += distance(points[i - 1], points[i]);
      }
    }
    if (length > most) {
      best = name;
      most = length;
    }
  }
  if (best !== undefined) guesses.set(best, 'wall');
  return guesses;
}

function tellRead(
  file: DxfFile,
  drawing: ExpandedDxf,
  roles: Roles,
  options: ImportOptions,
  report: ReportLists,
): void {
  const { shapes, labels } = drawing;
  report.read.push(
    `drawing ${file.version ?? 'of no stated version'}: ${countThings(shapes.length, 'shape')} and ${countThings(labels.length, 'text')} on ${countThings(roles.ofLayer.size, 'layer')}${drawing.inserts > 0 ? `, ${countThings(drawing.inserts, 'block')} placed` : ''}`,
  );
  if (drawing.flattened > 0)
    report.read.push(
      `${countThings(drawing.flattened, 'curve')} as chords, at most ${showNumber((options.sagitta ?? SAGITTA_DEFAULT) * 1000)} mm off`,
    );
  for (const [what, count] of drawing.unread) report.ignored.push(`${count} × ${what}`);
  if (file.offModel > 0)
    report.ignored.push(
      `${countThings(file.offModel, 'entity').replace('entitys', 'entities')} in paper space or invisible`,
    );
  const counts = new Map<string, number>();
  for (const shape of shapes) {
    const role = roles.of(shape);
    if (role !== undefined && role !== 'ignore' && role !== 'text' && role !== 'parameters') continue;
    const why = role === undefined ? 'nothing tells what they are' : role;
    const key = `${shape.type} on layer ${shape.layer} (${why})`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  for (const [what, count] of counts) report.ignored.push(`${count} × ${what}`);
}

interface DxfPlan {
  readonly levels: LevelInput[];
  readonly doors: DoorInput[];
  readonly exits: ExitInput[];
  readonly populations: PopulationInput[];
}

function buildPlan(
  shapes: readonly RoledShape[],
  labels: readonly Label[],
  roles: Roles,
  options: ImportOptions,
  issues: Issue[],
  report: ReportLists,
): DxfPlan | undefined {
  const tolerance = options.tolerance ?? TOLERANCE_DEFAULT;
  const of = (...wanted: LayerRole[]): RoledShape[] =>
    shapes.filter(({ role }) => role !== undefined && wanted.includes(role));
  const rings = (what: string, ...wanted: LayerRole[]): Ring[] =>
    closedRings(of(...wanted), what, tolerance, options, issues, report);

  const floorRings = rings('floor', 'floor');
  const obstacles = rings('obstacle', 'obstacle');
  const furniture = furnitureRings(of('furniture'), tolerance, options, issues, report);
  const rooms = rings('area', 'area');
  if (issues.some((issue) => issue.severity === 'error')) return undefined;
  const wallShapes = of('wall', 'window');
  const walls = wallLines(wallShapes);
  const anyRing = floorRings[0] ?? rooms[0] ?? walls.lines[0]?.points ?? walls.filled[0];
  if (anyRing === undefined) {
    const layers = [...roles.ofLayer.keys()];
    const message = `the drawing has no floor and no walls that can be told; say which layer holds them with --layer "NAME=floor" or --layer "NAME=wall"; its layers: ${layers.slice(0, 20).join(', ') || 'none'}`;
    issues.push(
      errorIssue('no-floor', '', message, { expected: 'a layer with the floor or the walls', found: 'none' }),
    );
    return undefined;
  }
  const origin: Point = [Math.round(anyRing[0][0]), Math.round(anyRing[0][1])];
  const bodies = findWallBodies(walls.lines, walls.filled, origin);
  const thickness = options.wallThickness ?? 0.1;
  const singles = bodies.single.flatMap(({ points, closed }) => strokeLine(points, thickness, origin, closed));
  const solid =
    bodies.solid.length + singles.length === 0
      ? []
      : (Clipper.union([...bodies.solid, ...singles], FillRule.NonZero) as Path[]);
  const solidRings = solid.map((path) => fromPath(path, origin));
  const isWall = (place: Point): boolean => polygonContains(solidRings, place[0], place[1]);
  if (walls.count > 0) {
    report.read.push(
      `walls: ${countThings(walls.count, 'shape')}, ${countThings(bodies.doubleCount, 'pair')} of faces, ${countThings(bodies.single.length, 'single line')}${bodies.single.length > 0 ? ` (taken as ${showNumber(thickness)} m thick)` : ''}`,
    );
  }
  const drawn = findDoors(wholeDoors(of('door')), isWall);
  const counts = new Map<string, number>();
  for (const shape of drawn.strange)
    counts.set(`${shape.type} on layer ${shape.layer}`, (counts.get(`${shape.type} on layer ${shape.layer}`) ?? 0) + 1);
  for (const [what, count] of counts)
    report.ignored.push(`${count} × ${what} (door: no swing and no line of a door’s width)`);

  // The floor: outlines, else what walls enclose, else rooms.
  let outlines: Ring[];
  let holes: Ring[];
  let openExits: (readonly [Point, Point])[] = [];
  let levelWalls: NonNullable<LevelInput['walls']> = [];
  if (floorRings.length > 0) {
    const nested = nestRings(floorRings);
    outlines = nested.outlines;
    if (nested.holes.length > 0)
      report.guessed.push(`holes: ${countThings(nested.holes.length, 'outline')} inside another on the floor’s layers`);
    const bodyRings =
      bodies.solid.length === 0
        ? []
        : cutOpen(Clipper.union(bodies.solid, FillRule.NonZero) as Path[]).map((path) => fromPath(path, origin));
    holes = [...nested.holes, ...obstacles, ...bodyRings];
    levelWalls = bodies.single.map(({ points, closed }) => ({
      path: points.map(([x, y]): [number, number] => [x, y]),
      thickness,
      closed,
    }));
    report.read.push(`floor: ${countThings(outlines.length, 'outline')}, ${countThings(holes.length, 'hole')}`);
  } else if (solid.length > 0) {
    const blocks = obstacles.map((ring) => toPath(ring, origin, true));
    const found = floorOfWalls([...solid, ...blocks], drawn.doors, of('exit'), origin, report);
    openExits = found.openings;
    if (found.inside.length === 0) {
      const message =
        'the walls enclose no floor: they have openings to the outside that are wider than doors, or are not all there; close the outline, or draw the floor on a layer and name it with --layer "NAME=floor"';
      issues.push(errorIssue('no-floor', '', message, { expected: 'closed walls', found: 'open walls' }));
      return undefined;
    }
    outlines = found.inside.map(({ outline }) => outline);
    holes = separateHoles(found.inside);
    report.read.push(
      `floor: what the walls enclose, ${countThings(found.inside.length, 'space')} of ${showNumber(found.inside.reduce((sum, piece) => sum + pieceArea(piece), 0))} m² in all`,
    );
  } else {
    outlines = rooms;
    holes = obstacles;
    report.guessed.push(
      `floor: ${countThings(rooms.length, 'room')}, since there is no outline of the floor and there are no walls`,
    );
  }
  const level: LevelInput = {
    id: LEVEL,
    elevation: options.elevation ?? 0,
    outlines,
    ...(holes.length > 0 ? { holes } : {}),
    ...(levelWalls.length > 0 ? { walls: levelWalls } : {}),
    ...(furniture.length > 0 ? { furniture: furniture.map((polygon) => ({ polygon })) } : {}),
  };
  const floor = bareFloor({ ...level, furniture: [] });
  const { doors, doorExits } = placeDoors(drawn.doors, floor, LEVEL, new Map(), issues, report);
  const exits: ExitInput[] = [
    ...doorExits,
    ...openExits.map(
      (line, i): ExitInput => ({
        id: `opening ${i + 1}`,
        level: LEVEL,
        line: [[...line[0]], [...line[1]]] as [[number, number], [number, number]],
      }),
    ),
    ...drawnExits(of('exit'), labels, roles, floor, tolerance, options, issues, report),
  ];
  const populations = drawnPersons(of('persons'), labels, roles, tolerance, options, issues, report);
  const areas = nameAreas(rooms, floor, drawn.doors, labels, roles, outlines, report);
  if (areas.length > 0) level.areas = areas;
  const stairs = of('stairs');
  if (stairs.length > 0)
    report.ignored.push(
      `${countThings(stairs.length, 'shape')} of stairs: a drawing is one level, they are walked on as plain floor; links between levels are to be added`,
    );
  if (furniture.length > 0) report.read.push(`furniture: ${countThings(furniture.length, 'piece')}`);
  const heights = [...new Set(of('floor', 'wall').map(({ z }) => Math.round(z * 10) / 10))];
  if (heights.length > 1)
    issues.push(
      warningIssue(
        'several-heights',
        '',
        `floor and walls are drawn at ${heights.length} heights (${heights.slice(0, 5).map(showNumber).join(', ')} m); all were taken as one level: draw one storey a file if that is wrong`,
        {
          expected: 'one height',
          found: String(heights.length),
        },
      ),
    );
  return { levels: [level], doors, exits, populations };
}

/** Closed outlines of shapes: as drawn, or of lines whose ends lie within the tolerance. */
function closedRings(
  shapes: readonly RoledShape[],
  what: string,
  tolerance: number,
  options: ImportOptions,
  issues: Issue[],
  report: ReportLists,
): Ring[] {
  const rings: Ring[] = [];
  const add = (points: Ring, name: string, line: number): void => {
    const ring = cleanRing(
      points,
      name,
      line > 0 ? { path: `line ${line}`, line } : { path: name },
      options,
      issues,
      true,
    );
    if (ring !== undefined) rings.push(ring);
  };
  const open: Point[][] = [];
  for (const shape of shapes) {
    const name = `${what} ${shape.type} on layer ${shape.layer}`;
    const loose: Point[][] = [];
    for (const { points, closed } of shape.paths) {
      if (closed && points.length > 2) add(points, name, shape.line);
      else if (shape.filled) loose.push(points);
      else open.push(points);
    }
    // The edges of a hatch's boundary belong together.
    if (loose.length > 0)
      for (const joined of joinLines(loose, tolerance).lines)
        if (joined.points.length > 2) add(joined.points, name, shape.line);
  }
  if (open.length === 0) return rings;
  const { lines, gaps } = joinLines(open, tolerance);
  for (const { at, width } of gaps) {
    if (gaps.length <= 20)
      report.repaired.push(
        `${what}: closed a gap of ${showNumber(width * 1000)} mm at ${showPoint(at)} m (tolerance ${showNumber(tolerance * 1000)} mm)`,
      );
  }
  if (gaps.length > 20)
    report.repaired.push(
      `${what}: closed ${gaps.length} gaps of at most ${showNumber(Math.max(...gaps.map(({ width }) => width)) * 1000)} mm (tolerance ${showNumber(tolerance * 1000)} mm)`,
    );
  let openCount = 0;
  for (const { points, closed } of lines) {
    if (closed && points.length > 2) {
      add(points, `${what} of joined lines`, 0);
      continue;
    }
    openCount++;
    if (what !== 'floor' || openCount > 10) continue;
    const [a, b] = [points[0], points[points.length - 1]];
    const message = `a line of the ${what} is not closed: from ${showPoint(a)} to ${showPoint(b)} m are ${showNumber(distance(a, b))} m; close it, or give a --tolerance as wide as its gaps`;
    issues.push(
      warningIssue('ring-not-closed', `${what}`, message, {
        expected: `≤ ${showNumber(tolerance)}`,
        found: showNumber(distance(a, b)),
        unit: 'm',
      }),
    );
  }
  if (openCount > 0) report.ignored.push(`${countThings(openCount, 'open line')} (${what})`);
  return rings;
}

/** Outlines of furniture: what is closed; of a block that has nothing closed, the hull. */
function furnitureRings(
  shapes: readonly RoledShape[],
  tolerance: number,
  options: ImportOptions,
  issues: Issue[],
  report: ReportLists,
): Ring[] {
  const groups = new Map<number, RoledShape[]>();
  const loose: RoledShape[] = [];
  for (const shape of shapes) {
    const insert = shape.inserts.at(-1);
    if (insert === undefined) loose.push(shape);
    else groups.set(insert, [...(groups.get(insert) ?? []), shape]);
  }
  const rings = closedRings(loose, 'furniture', tolerance, options, issues, report);
  const paths: Path[] = [];
  const origin: Point = shapes[0]?.paths[0]?.points[0] ?? [0, 0];
  for (const group of groups.values()) {
    const closed = group.flatMap((shape) =>
      shape.paths.filter((path) => path.closed && path.points.length > 2).map(({ points }) => points),
    );
    const own =
      closed.length > 0 ? closed : [hullOf(group.flatMap((shape) => shape.paths.flatMap(({ points }) => points)))];
    for (const ring of own) if (ring.length > 2) paths.push(toPath(ring, origin, true));
  }
  if (paths.length > 0) {
    // What is drawn inside a thing (a basin, a screen) or over another is one thing with it.
    for (const piece of piecesOfPaths(Clipper.union(paths, FillRule.NonZero) as Path[], origin))
      rings.push(piece.outline);
  }
  return rings.filter((ring) => Math.abs(ringArea(ring)) > 0.01);
}

/** @source Andrew 1979 */
function hullOf(points: readonly Point[]): Ring {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (list: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const p of list) {
      while (chain.length >= 2) {
        const [a, b] = [chain[chain.length - 2], chain[chain.length - 1]];
        if ((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0) break;
        chain.pop();
      }
      chain.push(p);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())].map(([x, y]) => [x, y]);
}

function wallLines(shapes: readonly RoledShape[]): { lines: WallLine[]; filled: Ring[]; count: number } {
  const lines: WallLine[] = [];
  const filled: Ring[] = [];
  for (const shape of shapes) {
    const loose: Point[][] = [];
    for (const { points, closed } of shape.paths) {
      if (points.length < 2) continue;
      if (!shape.filled) lines.push({ points, closed: closed && points.length > 2, width: shape.width });
      else if (closed && points.length > 2) filled.push(points);
      else loose.push(points);
    }
    for (const { points } of joinLines(loose, TOLERANCE_DEFAULT).lines) if (points.length > 2) filled.push(points);
  }
  return { lines, filled, count: shapes.length };
}

/** Outlines and holes of rings that lie inside each other: every second one inwards is a hole. */
function nestRings(rings: readonly Ring[]): { outlines: Ring[]; holes: Ring[] } {
  const outlines: Ring[] = [];
  const holes: Ring[] = [];
  const sizes = rings.map((ring) => Math.abs(ringArea(ring)));
  rings.forEach((ring, i) => {
    const depth = rings.filter(
      (other, j) => j !== i && sizes[j] > sizes[i] && ring.every(([x, y]) => polygonContains([other], x, y)),
    ).length;
    (depth % 2 === 0 ? outlines : holes).push(ring);
  });
  return { outlines, holes };
}

/** Shapes of doors with the placed block that is the whole door: one named so, or the innermost if it is small. */
function wholeDoors(shapes: readonly RoledShape[]): DoorShape[] {
  const boxes = new Map<number, [number, number, number, number]>();
  for (const { inserts, paths } of shapes) {
    const own = inserts.at(-1);
    if (own === undefined) continue;
    const box = boxOf(paths.map(({ points }) => points));
    const old = boxes.get(own) ?? box;
    boxes.set(own, [
      Math.min(old[0], box[0]),
      Math.min(old[1], box[1]),
      Math.max(old[2], box[2]),
      Math.max(old[3], box[3]),
    ]);
  }
  return shapes.map((shape) => {
    const named = shape.blocks.findIndex((block) => guessLayerRole(block) === 'door');
    if (named >= 0) return { ...shape, insert: shape.inserts[named] };
    const own = shape.inserts.at(-1);
    const box = own === undefined ? undefined : boxes.get(own);
    const isSmall = box !== undefined && box[2] - box[0] < 6 && box[3] - box[1] < 6;
    return { ...shape, insert: own !== undefined && isSmall ? own : -1 };
  });
}

/** What walls enclose, doors and exits shut; where that leaves something open, openings of a door's width are shut, too. */
function floorOfWalls(
  solid: readonly Path[],
  doors: readonly DrawnDoor[],
  exitShapes: readonly RoledShape[],
  origin: Point,
  report: ReportLists,
): { inside: Piece[]; openings: (readonly [Point, Point])[] } {
  const [, widthMax] = GAP_WIDTHS;
  const margin = widthMax + OUTSIDE_MORE;
  const closings: (readonly [Point, Point])[] = doors.map(({ line }) => line);
  for (const { paths } of exitShapes) {
    for (const { points, closed } of paths) {
      for (let i = 0; i < points.length - (closed ? 0 : 1); i++)
        closings.push([points[i], points[(i + 1) % points.length]]);
    }
  }
  const size = (pieces: readonly Piece[]): number => pieces.reduce((sum, piece) => sum + pieceArea(piece), 0);
  const first = enclosedFloor(solid, closings, origin, margin);
  const { gaps } = findGaps(first.free, { widthMin: CRACK * 2, widthMax, taken: closings });
  if (gaps.length === 0) return { inside: first.inside, openings: [] };
  const shut = enclosedFloor(solid, [...closings, ...gaps.map(({ line }) => line)], origin, margin);
  if (size(shut.inside) <= 1.05 * size(first.inside)) return { inside: first.inside, openings: [] };
  // Openings between two rooms are floor again; those to the outside are exits.
  const within = (pieces: readonly Piece[], p: Point): boolean =>
    pieces.some((piece) => polygonContains([piece.outline, ...piece.holes], p[0], p[1]));
  const openings: (readonly [Point, Point])[] = [];
  const joins: Path[] = [];
  for (const { line } of gaps) {
    const sides = sidesOf(line).map((places) => places.some((place) => within(shut.inside, place)));
    if (sides[0] && sides[1]) joins.push(...strokeLine(lengthen(line[0], line[1], 0.005), 0.04, origin));
    else if (sides[0] || sides[1]) openings.push(line);
  }
  const paths = shut.inside.flatMap((piece) => [
    toPath(piece.outline, origin, true),
    ...piece.holes.map((hole) => toPath(hole, origin, false)),
  ]);
  const inside = piecesOfPaths(Clipper.union([...paths, ...joins], FillRule.NonZero) as Path[], origin);
  report.guessed.push(
    `the walls are open in ${countThings(openings.length, 'place')} of at most ${widthMax} m, taken as exits: ${openings
      .slice(0, 8)
      .map(([a, b]) => `${showNumber(distance(a, b))} m at ${showPoint([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2])}`)
      .join('; ')}`,
  );
  return { inside, openings };
}

function drawnExits(
  shapes: readonly RoledShape[],
  labels: readonly Label[],
  roles: Roles,
  floor: readonly Piece[],
  tolerance: number,
  options: ImportOptions,
  issues: Issue[],
  report: ReportLists,
): ExitInput[] {
  if (shapes.length === 0) return [];
  const exits: ExitInput[] = [];
  const taken: TakenNames = new Map();
  const names = labels.filter((label) => roles.of(label) === 'exit');
  const nameNear = (at: Point): string => {
    let best: Label | undefined;
    for (const label of names)
      if (distance(label.at, at) < 3 && (best === undefined || distance(label.at, at) < distance(best.at, at)))
        best = label;
    return freeName(
      best === undefined ? `exit ${exits.length + 1}` : firstWords(best.words) || `exit ${exits.length + 1}`,
      taken,
    );
  };
  const polygons = closedRings(shapes, 'exit', tolerance, options, [], makeReport('dxf'));
  const isFloor = floorTest(floor);
  let off = 0;
  for (const polygon of polygons) {
    const paths = [toPath(polygon, polygon[0], true)];
    const touches = floor.some((piece) => {
      const own = [piece.outline, ...piece.holes].map((ring, i) => toPath(ring, polygon[0], i === 0));
      const shared = Clipper.intersect(own, paths, FillRule.NonZero) as Path[];
      return Clipper.areaPaths(shared) / STEPS ** 2 > 0.01;
    });
    if (!touches) {
      off++;
      continue;
    }
    exits.push({ id: nameNear(middleOf(polygon)), level: LEVEL, polygon });
  }
  for (const { paths } of shapes) {
    for (const { points, closed } of paths) {
      if (closed || points.length < 2) continue;
      const [a, b] = [points[0], points[points.length - 1]];
      if (distance(a, b) < 0.3 || polygons.some((ring) => ring.some((p) => distance(p, a) < 0.01))) continue;
      const [left, right] = sidesOf([a, b]).map(isFloor);
      const id = nameNear([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]);
      if (left && right) {
        // Inside the floor nothing is crossed to be out: whoever comes to within half a metre is.
        const [ux, uy] = [(b[0] - a[0]) / distance(a, b), (b[1] - a[1]) / distance(a, b)];
        const at = (p: Point, side: number): [number, number] => [p[0] - side * 0.25 * uy, p[1] + side * 0.25 * ux];
        exits.push({ id, level: LEVEL, polygon: [at(a, 1), at(b, 1), at(b, -1), at(a, -1)] });
        report.guessed.push(`${id}: its line lies inside the floor; a strip of 0.5 m about it is the exit`);
      } else if (left || right)
        exits.push({ id, level: LEVEL, line: [[...a], [...b]] as [[number, number], [number, number]] });
      else off++;
    }
  }
  report.read.push(`exits: ${exits.length}`);
  if (off > 0) {
    report.ignored.push(`${countThings(off, 'exit')} off the floor`);
    issues.push(
      warningIssue('exit-off-floor', '', `${countThings(off, 'exit')} lie off the floor and are left out`, {
        found: String(off),
      }),
    );
  }
  return exits;
}

function drawnPersons(
  shapes: readonly RoledShape[],
  labels: readonly Label[],
  roles: Roles,
  tolerance: number,
  options: ImportOptions,
  issues: Issue[],
  report: ReportLists,
): PopulationInput[] {
  if (shapes.length === 0) return [];
  const rings = closedRings(shapes, 'persons', tolerance, options, issues, report);
  if (options.persons !== undefined || options.density !== undefined) {
    report.ignored.push(
      `${countThings(rings.length, 'region')} of persons, since --persons or --density says who is there`,
    );
    return [];
  }
  const populations: PopulationInput[] = [];
  let without = 0;
  const other = new Map<string, number>();
  rings.forEach((polygon) => {
    const words = labels
      .filter(
        (label) =>
          ['parameters', 'persons'].includes(roles.of(label) ?? '') &&
          polygonContains([polygon], label.at[0], label.at[1]),
      )
      .map((label) => label.words)
      .join('\n');
    const values = new Map(
      [...words.matchAll(/([a-z_0-9]+)\s*[=:]\s*([-+.\deE]+)/gi)].map(([, key, value]) => [
        key.toLowerCase(),
        Number(value),
      ]),
    );
    const count = values.get('number') ?? values.get('count') ?? values.get('persons') ?? values.get('n');
    for (const key of values.keys())
      if (!['number', 'count', 'persons', 'n'].includes(key)) other.set(key, (other.get(key) ?? 0) + 1);
    if (count === undefined || !Number.isInteger(count) || count < 1 || count > 2_000_000) {
      without++;
      return;
    }
    populations.push({ id: `persons ${populations.length + 1}`, level: LEVEL, polygon, count, profile: 'adult' });
  });
  if (populations.length > 0)
    report.read.push(
      `persons: ${populations.reduce((sum, one) => sum + (one.count ?? 0), 0)} in ${countThings(populations.length, 'region')}`,
    );
  for (const [key, count] of other) report.ignored.push(`${count} × ${key}=… of persons`);
  if (without > 0)
    report.ignored.push(`${countThings(without, 'region')} of persons without number=…; say how many with --persons`);
  return populations;
}

/** Rooms with the texts that stand in them: drawn rooms, or else the spaces that doors and walls part. */
function nameAreas(
  rooms: readonly Ring[],
  floor: readonly Piece[],
  doors: readonly DrawnDoor[],
  labels: readonly Label[],
  roles: Roles,
  outlines: readonly Ring[],
  report: ReportLists,
): NonNullable<LevelInput['areas']> {
  const texts = labels.filter((label) => {
    const role = roles.of(label);
    return (
      (role === undefined || role === 'text' || role === 'area' || role === 'floor') && firstWords(label.words) !== ''
    );
  });
  const areas: NonNullable<LevelInput['areas']> = [];
  const taken: TakenNames = new Map();
  const used = new Set<Label>();
  const nameIn = (ringsOf: readonly Ring[]): string | undefined => {
    // The text that stands largest; room numbers are smaller than names.
    let best: Label | undefined;
    for (const label of texts) {
      if (!polygonContains(ringsOf, label.at[0], label.at[1])) continue;
      used.add(label);
      if (best === undefined || label.height > best.height + 1e-9) best = label;
    }
    return best === undefined ? undefined : firstWords(best.words);
  };
  if (rooms.length > 0) {
    const kept: Path[] = [];
    const origin = rooms[0][0];
    for (const ring of rooms) {
      const path = toPath(ring, origin, true);
      const shared =
        kept.length === 0
          ? 0
          : Clipper.areaPaths(Clipper.intersect([path], kept, FillRule.NonZero) as Path[]) / STEPS ** 2;
      if (shared > 0.01) {
        report.ignored.push(
          `a room of ${showNumber(Math.abs(ringArea(ring)))} m² at ${showPoint(middleOf(ring))}, which overlaps another`,
        );
        continue;
      }
      kept.push(path);
      areas.push({ id: freeName(nameIn([ring]) ?? `room ${areas.length + 1}`, taken), polygon: ring });
    }
  } else if (texts.length > 0) {
    const origin = outlines[0]?.[0] ?? [0, 0];
    const strips = doors.flatMap(({ line }) => strokeLine(lengthen(line[0], line[1], 0.05), 0.01, origin));
    const paths = floor.flatMap((piece) => [
      toPath(piece.outline, origin, true),
      ...piece.holes.map((hole) => toPath(hole, origin, false)),
    ]);
    const parted = strips.length === 0 ? paths : (Clipper.difference(paths, strips, FillRule.NonZero) as Path[]);
    const pieces = piecesOfPaths(parted, origin).filter((piece) => pieceArea(piece) > 0.5);
    for (const piece of pieces) {
      const name = nameIn([piece.outline, ...piece.holes]);
      if (name === undefined) continue;
      // A room around others is cut so that it covers none of them.
      const around = piece.holes.filter((hole) =>
        pieces.some((other) => other !== piece && polygonContains([hole], other.outline[0][0], other.outline[0][1])),
      );
      const parts =
        around.length === 0
          ? [piece.outline]
          : cutOpen([toPath(piece.outline, origin, true), ...around.map((hole) => toPath(hole, origin, false))]).map(
              (path) => fromPath(path, origin),
            );
      for (const polygon of parts) areas.push({ id: freeName(name, taken), polygon });
    }
  }
  if (areas.length > 0)
    report.read.push(`areas: ${areas.length}${used.size > 0 ? `, named by ${countThings(used.size, 'text')}` : ''}`);
  const left = texts.length - used.size;
  if (left > 0) report.ignored.push(`${countThings(left, 'text')} that stand in no area`);
  return areas;
}

/** What of a text can be a name: its first line with a letter that is no size. */
function firstWords(words: string): string {
  for (const line of words.split('\n')) {
    const text = line.trim();
    if (text.length > NAME_MAX || !/\p{L}{2}/u.test(text)) continue;
    if (/^[\p{L}\s.:=]*[-+]?\d+([.,]\d+)?\s*(m²|m2|qm|sqm|sq\.? ?ft|m|cm|mm)\.?$/iu.test(text)) continue;
    return text;
  }
  return '';
}

function middleOf(ring: readonly Point[]): Point {
  const [xMin, yMin, xMax, yMax] = boxOf([ring]);
  return [(xMin + xMax) / 2, (yMin + yMax) / 2];
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
