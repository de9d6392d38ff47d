import { checkFileSize, errorIssue, formatPlace, type Issue, lineAndColumn, type Point } from '../scenario/index.ts';
import { countThings, finishPlan, makeReport } from './build-plan.ts';
import { cleanRing, toMetres } from './clean-ring.ts';
import type { ImportOptions, ImportResult } from './importer.ts';
import { type Piece, separateHoles } from './plan-pieces.ts';
import { type PlanProjection, projectPlan } from './project-plan.ts';
import { DEFAULT_WKT_LIMITS, readWkt, type WktLimits } from './read-wkt.ts';

/** Whether a text starts like well-known text. */
export function recogniseWkt(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 4096)).replace(/^(\s|#.*\n)*/, '');
  return /^(SRID\s*=|(MULTI)?(POLYGON|POINT|LINESTRING)|GEOMETRYCOLLECTION)/i.test(start);
}

/**
 * A floor plan in well-known text as a scenario of one level: every polygon of the text is a piece of the floor, its
 * inner rings are holes. Degrees are projected to metres, where `SRID=…` or the options tell of them. Exits and persons come
 * from the options; exits that are not given are guessed and said to be. Rings may turn either way. Returns all issues
 * at once; never throws for what is in the file.
 */
export function importWkt(
  bytes: Uint8Array,
  options: ImportOptions = {},
  limits: WktLimits = DEFAULT_WKT_LIMITS,
): ImportResult {
  const report = makeReport('wkt');
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
  const { pieces, ...floor } = readWktFloor(text, options, limits);
  const issues: Issue[] = [...floor.issues];
  report.read.push(...floor.read);
  report.ignored.push(...floor.ignored);
  const broken = issues.some((issue) => issue.severity === 'error');
  const outlines = pieces.map((piece) => piece.outline);
  const holes = broken ? [] : separateHoles(pieces);
  const level = { id: 'ground', elevation: options.elevation ?? 0, outlines, ...(holes.length > 0 ? { holes } : {}) };
  const draft = { levels: [level], doors: [], exits: [], populations: [], source: 'well-known text' };
  return finishPlan(draft, options, issues, report);
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
export function readWktFloor(
  text: string,
  options: ImportOptions = {},
  limits: WktLimits = DEFAULT_WKT_LIMITS,
): WktFloor {
  const content = readWkt(text, limits);
  const issues: Issue[] = [...content.issues];
  const read: string[] = [];
  const ignored: string[] = [];
  for (const [name, count] of content.skipped) ignored.push(`${count} × ${name}`);
  if (content.droppedCoordinates > 0) ignored.push(`heights or measures of ${content.droppedCoordinates} points`);
  const unit = options.unit ?? 'm';
  const epsg = options.epsg ?? content.srid;
  let projection: PlanProjection | undefined;
  if (epsg !== undefined && epsg !== 0 && content.polygons.length > 0) {
    projection = projectPlan(
      epsg,
      boxOf(content.polygons.flatMap(({ rings }) => rings.map(({ points }) => points))),
      issues,
    );
    if (projection !== undefined) read.push(`coordinates: ${projection.told}`);
  }
  const isGeographic = projection?.isGeographic === true;
  const move = isGeographic ? projection!.project : (point: Point) => toMetres(point, unit);
  const pieces: Piece[] = [];
  content.polygons.forEach((polygon, p) => {
    const rings = polygon.rings.map((ring, r) => {
      const place = lineAndColumn(text, ring.offset);
      return cleanRing(
        ring.points.map(move),
        `ring ${r} of polygon ${p}`,
        { path: formatPlace(place), ...place },
        options,
        issues,
      );
    });
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
      `floor: ${countThings(pieces.length, 'polygon')} with ${countThings(holeCount, 'hole')}, ${corners} corners, in ${isGeographic ? 'm' : unit}`,
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

/** Box around many points: xmin, ymin, xmax, ymax. */
export function boxOf(lists: readonly (readonly Point[])[]): [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const list of lists) {
    for (const [x, y] of list) {
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
  }
  return box;
}
