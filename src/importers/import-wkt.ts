import {
  checkFileSize,
  errorIssue,
  findRingFaults,
  formatPlace,
  type Issue,
  lineAndColumn,
  type Point,
  type RingFault,
  ringArea,
  type ScenarioInput,
  showNumber,
  showPoint,
  warningIssue,
} from '../scenario/index.ts';
import { type ImportOptions, type ImportResult, PLAN_UNITS, type PlanUnit } from './importer.ts';
import { findPieces, type Piece, separateHoles } from './plan-pieces.ts';
import { DEFAULT_WKT_LIMITS, readWkt, type WktLimits, type WktRing } from './read-wkt.ts';
import { type SuggestedExit, suggestExits } from './suggest-exits.ts';

const RING_POINTS_MAX = 100_000;
/** As in scenarios: farther from (0, 0) nothing on Earth lies [m]. */
const COORDINATE_MAX = 1e8;

/** Whether a text starts like well-known text. */
export function recogniseWkt(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 4096)).replace(/^(\s|#.*\n)*/, '');
  return /^(SRID\s*=|(MULTI)?(POLYGON|POINT|LINESTRING)|GEOMETRYCOLLECTION)/i.test(start);
}

/**
 * A floor plan in well-known text as a scenario of one level: every polygon of the text is a piece of the floor, its
 * inner rings are holes. Exits and persons come from the options; exits that are not given are guessed and said to be.
 * Rings may turn either way. Returns all issues at once; never throws for what is in the file.
 */
export function importWkt(
  bytes: Uint8Array,
  options: ImportOptions = {},
  limits: WktLimits = DEFAULT_WKT_LIMITS,
): ImportResult {
  const read: string[] = [];
  const guessed: string[] = [];
  const ignored: string[] = [];
  const report = { importer: 'wkt', read, guessed, ignored };
  const tooLarge = checkFileSize(bytes.byteLength, limits);
  if (tooLarge !== undefined) return { issues: [tooLarge], report };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return {
      issues: [errorIssue('not-utf8', '', 'the file is not UTF-8 text; save it as UTF-8', { expected: 'UTF-8' })],
      report,
    };
  }
  const floor = readWktFloor(text, options.unit ?? 'm', limits);
  const { pieces } = floor;
  const issues: Issue[] = [...floor.issues];
  read.push(...floor.read);
  ignored.push(...floor.ignored);
  const exits = readExits(options.exits ?? [], issues);
  if (options.persons !== undefined && options.density !== undefined) {
    const message = 'both persons and density are given; keep one of them';
    issues.push(
      errorIssue('population-needs-one', 'options', message, { expected: 'one of persons, density', found: 'both' }),
    );
  }
  if (issues.some((issue) => issue.severity === 'error')) return { issues, report };

  const outlines = pieces.map((piece) => piece.outline);
  const holes = separateHoles(pieces);
  const floors = findPieces(outlines, holes);
  if (exits.length === 0 && options.guessExits !== false) {
    const suggested = suggestExits(floors);
    exits.push(...suggested);
    for (const exit of suggested) guessed.push(`exit ${describeExit(exit)}: ${exit.why}`);
    if (suggested.length > 0) {
      const many = suggested.length === 1 ? 'one was guessed' : `${suggested.length} were guessed`;
      const where = suggested.map(describeExit).join('; ');
      const message = `the plan has no exits; ${many} (${where}): check them, or give your own with --exit "x,y x,y"`;
      issues.push(warningIssue('exits-guessed', '', message, { expected: 'exits', found: 'none' }));
    }
  }
  if (exits.length === 0) {
    const message =
      'the plan has no exits, nobody can leave; give one with --exit "x,y x,y", two points on the outline [m]';
    issues.push(errorIssue('no-exit', '', message, { expected: 'at least one exit', found: 'none' }));
    return { issues, report };
  }
  if (floors.length > 1) {
    const sizes = floors
      .map((floor) => `${showNumber(pieceArea(floor))} m²`)
      .slice(0, 5)
      .join(', ');
    const message = `the floor lies in ${floors.length} pieces that do not touch (${sizes}); nobody can walk from one to another: join them if that is wrong`;
    issues.push(warningIssue('floor-in-pieces', '', message, { expected: 'one piece', found: String(floors.length) }));
  }
  const amount =
    options.density !== undefined
      ? { density: options.density }
      : options.persons !== undefined
        ? { count: options.persons }
        : undefined;
  const isGuess = guessed.length > 0; // of exits: persons come below
  const scenario: ScenarioInput = {
    crashbar: 1,
    name: options.name ?? 'Imported plan',
    description: `Imported from well-known text.${isGuess ? ' The exits are guesses: check them.' : ''}`,
    levels: [{ id: 'ground', elevation: options.elevation ?? 0, outlines, ...(holes.length > 0 ? { holes } : {}) }],
    exits: exits.map((exit, i) => ({
      id: `${isGuess ? 'guessed-exit' : 'exit'}-${i + 1}`,
      level: 'ground',
      ...(exit.line !== undefined ? { line: exit.line } : { polygon: exit.polygon }),
    })),
    populations: amount === undefined ? [] : [{ id: 'everyone', level: 'ground', ...amount, profile: 'adult' }],
    // Plans may be large: an hour, unless everybody is out or nobody moves on before.
    settings: { end: { time: 3600 } },
  };
  if (amount !== undefined)
    guessed.push('persons: adults anywhere on the floor, who know every exit and start at once');
  return { scenario, issues, report };
}

/** The floor that a text draws. */
export interface WktFloor {
  /** Cleaned, in metres; holes may cover floor of other pieces (`separateHoles`). */
  readonly pieces: Piece[];
  readonly issues: Issue[];
  readonly read: string[];
  readonly ignored: string[];
}

/** Every polygon of a well-known text as a piece of the floor; all issues at once. `pieces` is of use where none is an error. */
export function readWktFloor(text: string, unit: PlanUnit, limits: WktLimits = DEFAULT_WKT_LIMITS): WktFloor {
  const content = readWkt(text, limits);
  const issues: Issue[] = [...content.issues];
  const read: string[] = [];
  const ignored: string[] = [];
  for (const [name, count] of content.skipped) ignored.push(`${count} × ${name}`);
  if (content.droppedCoordinates > 0) ignored.push(`heights or measures of ${content.droppedCoordinates} points`);
  if (content.srid !== undefined) {
    ignored.push(`coordinate system SRID=${content.srid}`);
    if (content.srid === 4326) {
      const message =
        'the coordinates are degrees of longitude and latitude (SRID=4326); project them to metres first, to UTM for example';
      issues.push(errorIssue('plan-in-degrees', '', message, { expected: 'm', found: 'deg' }));
    }
  }
  const pieces: Piece[] = [];
  content.polygons.forEach((polygon, p) => {
    const rings = polygon.rings.map((ring, r) => cleanRing(ring, `ring ${r} of polygon ${p}`, unit, text, issues));
    const [outline, ...holes] = rings;
    if (outline !== undefined) pieces.push({ outline, holes: holes.filter((hole) => hole !== undefined) });
  });
  const corners = pieces.reduce(
    (sum, piece) => sum + piece.outline.length + piece.holes.reduce((n, hole) => n + hole.length, 0),
    0,
  );
  const holeCount = pieces.reduce((sum, piece) => sum + piece.holes.length, 0);
  if (pieces.length > 0)
    read.push(
      `floor: ${count(pieces.length, 'polygon')} with ${count(holeCount, 'hole')}, ${corners} corners, in ${unit}`,
    );
  const broken = issues.some((issue) => issue.severity === 'error');
  if (pieces.length === 0 && !broken) {
    issues.push(
      errorIssue('no-floor', '', 'the file holds no polygon with an area; draw the floor as POLYGON or MULTIPOLYGON', {
        expected: 'a polygon',
        found: 'none',
      }),
    );
  }
  return { pieces, issues, read, ignored };
}

/** The ring in metres without its closing point and without doubled points, or `undefined` where nothing is left. */
function cleanRing(
  ring: WktRing,
  name: string,
  unit: keyof typeof PLAN_UNITS,
  text: string,
  issues: Issue[],
): [number, number][] | undefined {
  const place = lineAndColumn(text, ring.offset);
  const path = formatPlace(place);
  const report = (severity: 'error' | 'warning', code: string, message: string, found?: string) => {
    const make = severity === 'error' ? errorIssue : warningIssue;
    issues.push({ ...make(code, path, `${name}: ${message}`, found === undefined ? {} : { found }), ...place });
  };
  const points = ring.points.map((point) => toMetres(point, unit));
  const far = points.find(([x, y]) => Math.abs(x) > COORDINATE_MAX || Math.abs(y) > COORDINATE_MAX);
  if (far !== undefined) {
    const message = `the point (${far[0]}, ${far[1]}) m lies off the Earth; mend it, or the unit of the plan`;
    report('error', 'impossible-value', message, `(${far[0]}, ${far[1]})`);
    return undefined;
  }
  const first = points[0];
  const last = points[points.length - 1];
  const isClosed = points.length > 1 && first[0] === last[0] && first[1] === last[1];
  if (!isClosed)
    report(
      'warning',
      'ring-not-closed',
      'its last point does not repeat its first; it is closed by a straight edge, check that this is right',
      showPoint(last),
    );
  const corners: [number, number][] = [];
  let doubled = 0;
  for (const point of isClosed ? points.slice(0, -1) : points) {
    const before = corners.at(-1);
    if (before !== undefined && before[0] === point[0] && before[1] === point[1]) doubled++;
    else corners.push(point);
  }
  while (
    corners.length > 1 &&
    corners[0][0] === corners[corners.length - 1][0] &&
    corners[0][1] === corners[corners.length - 1][1]
  ) {
    corners.pop();
    doubled++;
  }
  if (doubled > 0)
    report(
      'warning',
      'duplicate-corner',
      `${count(doubled, 'point')} lie on the point before; they are left out`,
      String(doubled),
    );
  if (corners.length > RING_POINTS_MAX) {
    report(
      'error',
      'too-many-points',
      `it has more than ${RING_POINTS_MAX} points; simplify it`,
      String(corners.length),
    );
    return undefined;
  }
  if (corners.length < 3 || Math.abs(ringArea(corners)) < 1e-4) {
    const crossing =
      corners.length > 3 ? findRingFaults(corners, 1).find((fault) => fault.kind === 'crossing') : undefined;
    if (crossing === undefined) {
      report('warning', 'polygon-no-area', 'it encloses no area and is left out; draw it again if it matters');
      return undefined;
    }
  }
  let spikes = 0;
  for (const fault of findRingFaults(corners)) {
    if (fault.kind === 'crossing')
      report('error', 'polygon-self-crossing', crossingMessage(corners, fault), `${showPoint(fault.point)} m`);
    if (fault.kind === 'spike') spikes++;
  }
  if (spikes > 0)
    report(
      'warning',
      'polygon-spike',
      `it turns back on itself at ${count(spikes, 'corner')}; check the drawing there`,
      String(spikes),
    );
  return corners;
}

function crossingMessage(ring: readonly Point[], fault: Extract<RingFault, { kind: 'crossing' }>): string {
  const edge = (i: number) => `the edge from ${showPoint(ring[i])} to ${showPoint(ring[(i + 1) % ring.length])}`;
  return `${edge(fault.edges[0])} crosses ${edge(fault.edges[1])} at ${showPoint(fault.point)} m; put the points in the order in which one walks around the shape`;
}

function toMetres([x, y]: Point, unit: keyof typeof PLAN_UNITS): [number, number] {
  switch (unit) {
    case 'm':
      return [x, y];
    case 'cm':
      return [x / 100, y / 100];
    case 'mm':
      return [x / 1000, y / 1000];
    default:
      // Nanometres are drawing noise: 12 in = 0.3048, not 0.30479999999999996.
      return [Math.round(x * PLAN_UNITS[unit] * 1e9) / 1e9, Math.round(y * PLAN_UNITS[unit] * 1e9) / 1e9];
  }
}

export function readExits(given: NonNullable<ImportOptions['exits']>, issues: Issue[]): SuggestedExit[] {
  return given.flatMap((exit, i): SuggestedExit[] => {
    const points = typeof exit === 'string' ? parsePoints(exit) : exit;
    if (points === undefined || points.length < 2) {
      const message = `exit ${i + 1} is not understood; write two points for a line or more for a region: "30,4 30,6" [m]`;
      const found = typeof exit === 'string' ? exit : JSON.stringify(exit);
      issues.push(
        errorIssue('exit-not-understood', 'options', message, {
          expected: 'x,y x,y',
          found: found.slice(0, 60),
          unit: 'm',
        }),
      );
      return [];
    }
    const list = points.map(([x, y]): [number, number] => [x, y]);
    return list.length === 2 ? [{ line: [list[0], list[1]], why: 'given' }] : [{ polygon: list, why: 'given' }];
  });
}

function parsePoints(text: string): [number, number][] | undefined {
  const pairs = text
    .trim()
    .split(/\s+/)
    .map((pair) => pair.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part))));
  const isGood = pairs.every((pair) => pair.length === 2 && pair.every(Number.isFinite));
  return isGood ? pairs.map(([x, y]) => [x, y]) : undefined;
}

function describeExit(exit: SuggestedExit): string {
  if (exit.line !== undefined) return `line ${showPoint(exit.line[0])} – ${showPoint(exit.line[1])} m`;
  const xs = exit.polygon.map(([x]) => x);
  const ys = exit.polygon.map(([, y]) => y);
  return `region ${showPoint([Math.min(...xs), Math.min(...ys)])} – ${showPoint([Math.max(...xs), Math.max(...ys)])} m`;
}

function pieceArea(piece: Piece): number {
  return Math.abs(ringArea(piece.outline)) - piece.holes.reduce((sum, hole) => sum + Math.abs(ringArea(hole)), 0);
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
