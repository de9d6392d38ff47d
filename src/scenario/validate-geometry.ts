import type { Issue } from './issue.ts';
import { errorIssue, showNumber, showPoint, warningIssue } from './issues.ts';
import { boxAround, overlapArea, pairsNear } from './polygon-overlap.ts';
import { findRingFaults } from './ring-faults.ts';
import type { Loose, LooseScenario } from './salvage.ts';
import type { Level, Point, Polygon } from './schema.ts';

/** Overlaps below this are drawing tolerance [m²]. */
const OVERLAP_MIN = 0.01;

/** Farther from (0, 0) than this nothing on Earth lies, in any projection [m]. */
const COORDINATE_MAX = 1e8;

/** Issues of every outline, hole, area, wall and piece of furniture, and of levels that lie on each other. */
export function checkLevels(levels: LooseScenario['levels']): Issue[] {
  const issues: Issue[] = [];
  levels?.forEach((level, index) => {
    if (level !== undefined) issues.push(...checkLevel(level, `levels[${index}]`));
  });
  issues.push(...checkLevelsApart(levels ?? []));
  return issues;
}

function checkLevel(level: Loose<Level>, path: string): Issue[] {
  const issues: Issue[] = [];
  level.outlines?.forEach((ring, i) => {
    if (ring) issues.push(...checkPolygon(ring, `${path}.outlines[${i}]`));
  });
  level.holes?.forEach((ring, i) => {
    if (ring) issues.push(...checkPolygon(ring, `${path}.holes[${i}]`));
  });
  level.areas?.forEach((area, i) => {
    if (area?.polygon) issues.push(...checkPolygon(area.polygon, `${path}.areas[${i}].polygon`));
  });
  level.furniture?.forEach((piece, i) => {
    if (piece?.polygon) issues.push(...checkPolygon(piece.polygon, `${path}.furniture[${i}].polygon`));
  });
  level.walls?.forEach((wall, i) => {
    if (wall?.path) issues.push(...checkWallPath(wall.path, wall.closed === true, `${path}.walls[${i}].path`));
  });
  issues.push(...checkAreas(level, path), ...checkExtent(level, path));
  return issues;
}

/** Issues of one closed ring: corners far away, on each other, edges that cross, no area. */
export function checkPolygon(ring: Polygon, path: string): Issue[] {
  const far = checkCoordinates(ring, path);
  if (far.length > 0) return far;
  const issues: Issue[] = [];
  const edgeName = (edge: number) =>
    `edge ${edge} from ${showPoint(ring[edge])} to ${showPoint(ring[(edge + 1) % ring.length])}`;
  const faults = findRingFaults(ring);
  for (const fault of faults) {
    switch (fault.kind) {
      case 'duplicate-corner': {
        const place = `${path}[${fault.corner}]`;
        const message = fault.closing
          ? `the last corner ${showPoint(ring[fault.corner])} repeats the first; leave it out, a ring closes by itself`
          : `corner ${fault.corner} lies on the corner before it at ${showPoint(ring[fault.corner])}; leave one of them out`;
        issues.push(
          errorIssue('duplicate-corner', place, message, { found: showPoint(ring[fault.corner]), unit: 'm' }),
        );
        break;
      }
      case 'crossing': {
        const [first, second] = fault.edges;
        const message =
          `${edgeName(first)} crosses ${edgeName(second)} at ${showPoint(fault.point)}; ` +
          'put the corners in the order in which one walks around the shape';
        const expected = 'edges that do not cross';
        issues.push(
          errorIssue('polygon-self-crossing', path, message, { expected, found: showPoint(fault.point), unit: 'm' }),
        );
        break;
      }
      case 'touching': {
        const [first, second] = fault.edges;
        const message =
          `${edgeName(first)} touches ${edgeName(second)} at ${showPoint(fault.point)}; ` +
          'if a hole or a second piece is meant, draw it as its own polygon';
        issues.push(
          warningIssue('polygon-touches-itself', path, message, { found: showPoint(fault.point), unit: 'm' }),
        );
        break;
      }
      case 'spike': {
        const message = `the outline turns back on itself at ${showPoint(ring[fault.corner])}; leave that corner out`;
        issues.push(
          warningIssue('polygon-spike', `${path}[${fault.corner}]`, message, {
            found: showPoint(ring[fault.corner]),
            unit: 'm',
          }),
        );
        break;
      }
      case 'no-area': {
        if (faults.some((other) => other.kind === 'crossing')) break; // a bow tie: the crossing says it better
        const message = `the corners enclose ${showNumber(fault.area)} m²; give at least three corners that are not in line`;
        issues.push(
          errorIssue('polygon-no-area', path, message, { expected: '> 0', found: showNumber(fault.area), unit: 'm²' }),
        );
        break;
      }
      case 'not-checked': {
        const message =
          'too many edges lie side by side to search all of them for crossings; simplify the polygon to be sure';
        issues.push(warningIssue('polygon-not-checked', path, message, { found: `${ring.length} corners` }));
        break;
      }
    }
  }
  return issues;
}

/** Issue of a line that has no length or lies off the Earth. */
export function checkLine(line: readonly [Point, Point], path: string): Issue[] {
  const far = checkCoordinates(line, path);
  if (far.length > 0) return far;
  if (lineLength(line) > 0) return [];
  const message = `both ends lie at ${showPoint(line[0])}; give two different points`;
  return [errorIssue('line-no-length', path, message, { expected: '> 0', found: '0', unit: 'm' })];
}

/** Length of a line between two points [m]. */
export function lineLength(line: readonly [Point, Point]): number {
  const dx = line[1][0] - line[0][0];
  const dy = line[1][1] - line[0][1];
  return Math.sqrt(dx * dx + dy * dy);
}

function checkWallPath(path: Polygon, closed: boolean, where: string): Issue[] {
  const far = checkCoordinates(path, where);
  if (far.length > 0) return far;
  const issues: Issue[] = [];
  for (let i = 1; i < path.length + (closed ? 1 : 0); i++) {
    const corner = i % path.length;
    if (path[corner][0] !== path[i - 1][0] || path[corner][1] !== path[i - 1][1]) continue;
    const message =
      i === path.length
        ? `the wall is closed and its last point ${showPoint(path[0])} repeats the first; leave the last point out`
        : `point ${corner} lies on the point before it at ${showPoint(path[corner])}; leave one of them out`;
    const place = `${where}[${i === path.length ? i - 1 : corner}]`;
    issues.push(errorIssue('duplicate-corner', place, message, { found: showPoint(path[corner]), unit: 'm' }));
  }
  return issues;
}

function checkCoordinates(points: Polygon, path: string): Issue[] {
  for (let i = 0; i < points.length; i++) {
    for (let axis = 0; axis < 2; axis++) {
      if (Math.abs(points[i][axis]) <= COORDINATE_MAX) continue;
      const message = `a coordinate of ${points[i][axis]} m lies off the Earth; move the plan near (0, 0) or mend the unit`;
      const expected = `−${COORDINATE_MAX} … ${COORDINATE_MAX}`;
      return [
        errorIssue('impossible-value', `${path}[${i}][${axis}]`, message, {
          expected,
          found: String(points[i][axis]),
          unit: 'm',
        }),
      ];
    }
  }
  return [];
}

function checkAreas(level: Loose<Level>, path: string): Issue[] {
  const issues: Issue[] = [];
  const areas: { polygon: Polygon; id: string; index: number }[] = [];
  level.areas?.forEach((area, index) => {
    if (area?.polygon && isSound(area.polygon)) areas.push({ polygon: area.polygon, id: area.id ?? `${index}`, index });
  });
  for (const [i, j] of pairsNear(areas.map((area) => area.polygon))) {
    const shared = overlapArea([areas[i].polygon], [areas[j].polygon]);
    if (shared <= OVERLAP_MIN) continue;
    const message =
      `areas "${areas[i].id}" and "${areas[j].id}" share ${showNumber(shared)} m²; ` +
      'let them meet at a common edge, so that each person stands in one room';
    const place = `${path}.areas[${areas[j].index}].polygon`;
    issues.push(errorIssue('areas-overlap', place, message, { expected: '0', found: showNumber(shared), unit: 'm²' }));
  }
  const outlines = level.outlines ?? [];
  const floor = outlines.filter((ring) => ring !== undefined).filter(isSound);
  if (floor.length === 0 || floor.length < outlines.length) return issues;
  const boxes = floor.map(boxAround);
  for (const area of areas) {
    const [x0, y0, x1, y1] = boxAround(area.polygon);
    const near = floor.filter((_, i) => boxes[i][0] < x1 && x0 < boxes[i][2] && boxes[i][1] < y1 && y0 < boxes[i][3]);
    const inside = overlapArea([area.polygon], near);
    if (inside > OVERLAP_MIN) continue;
    const message = `area "${area.id}" lies wholly outside the outlines of its level; move it inside or mend the outline`;
    issues.push(errorIssue('area-off-level', `${path}.areas[${area.index}].polygon`, message));
  }
  return issues;
}

/** A plan drawn in millimetres or in kilometres is the commonest slip of all. */
function checkExtent(level: Loose<Level>, path: string): Issue[] {
  let extent = 0;
  for (const ring of level.outlines ?? []) {
    if (ring === undefined || checkCoordinates(ring, '').length > 0) continue;
    const [xMin, yMin, xMax, yMax] = boxAround(ring);
    extent = Math.max(extent, xMax - xMin, yMax - yMin);
  }
  if (extent === 0 || (extent >= 1 && extent <= 5000)) return [];
  const message =
    extent > 5000
      ? `the level is ${showNumber(extent)} m across; if it was drawn in mm or cm, divide all coordinates to metres`
      : `the level is only ${showNumber(extent)} m across; if it was drawn in km or in degrees, change all coordinates to metres`;
  return [
    warningIssue('unusual-size', `${path}.outlines`, message, {
      expected: '1 … 5000',
      found: showNumber(extent),
      unit: 'm',
    }),
  ];
}

function checkLevelsApart(levels: NonNullable<LooseScenario['levels']>): Issue[] {
  const issues: Issue[] = [];
  const byElevation = new Map<number, number[]>();
  levels.forEach((level, i) => {
    if (level?.elevation === undefined) return;
    byElevation.set(level.elevation, [...(byElevation.get(level.elevation) ?? []), i]);
  });
  for (const [, group] of byElevation) {
    if (group.length < 2) continue;
    const floors = group.map((i) => (levels[i]?.outlines ?? []).filter((ring) => ring !== undefined).filter(isSound));
    for (const [a, b] of pairsNear(floors.map((rings) => rings.flat()))) {
      const shared = overlapArea(floors[a], floors[b]);
      if (shared <= OVERLAP_MIN) continue;
      const [first, second] = [levels[group[a]], levels[group[b]]];
      const message =
        `levels "${first?.id ?? group[a]}" and "${second?.id ?? group[b]}" have the same elevation and overlap on ` +
        `${showNumber(shared)} m²; give one of them its own elevation, or draw both as one level`;
      const path = `levels[${group[b]}]`;
      issues.push(
        warningIssue('levels-overlap', path, message, { expected: '0', found: showNumber(shared), unit: 'm²' }),
      );
    }
  }
  return issues;
}

/** Whether a polygon is good enough to be intersected with others. */
function isSound(ring: Polygon): boolean {
  if (checkCoordinates(ring, '').length > 0) return false;
  return !findRingFaults(ring, 1).some((fault) => fault.kind === 'crossing' || fault.kind === 'no-area');
}
