import {
  errorIssue,
  findRingFaults,
  type Issue,
  type Point,
  type RingFault,
  ringArea,
  showPoint,
  warningIssue,
} from '../scenario/index.ts';
import { countThings } from './build-plan.ts';
import { type ImportOptions, PLAN_UNITS, type PlanUnit } from './importer.ts';

const RING_POINTS_MAX = 100_000;
/** As in scenarios: farther from (0, 0) nothing on Earth lies [m]. */
export const COORDINATE_MAX = 1e8;

/** Where a ring stands in its file. */
export interface RingPlace {
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
}

/**
 * The ring [m] without its closing point and without doubled points, or `undefined` where nothing is left. What is wrong
 * with it goes to `issues`; with `options.repair`, what `repairLevels` mends and tells does not.
 * @param isClosed whether an open ring is no slip, since its format closes rings by itself.
 */
export function cleanRing(
  points: readonly (readonly [number, number])[],
  name: string,
  place: RingPlace,
  options: ImportOptions,
  issues: Issue[],
  isClosed = false,
): [number, number][] | undefined {
  const isMended = options.repair === true;
  const report = (severity: 'error' | 'warning', code: string, message: string, found?: string) => {
    const make = severity === 'error' ? errorIssue : warningIssue;
    issues.push({ ...make(code, place.path, `${name}: ${message}`, found === undefined ? {} : { found }), ...place });
  };
  if (points.length === 0) {
    report('warning', 'polygon-no-area', 'it has no points and is left out');
    return undefined;
  }
  const far = points.find(([x, y]) => !(Math.abs(x) <= COORDINATE_MAX && Math.abs(y) <= COORDINATE_MAX));
  if (far !== undefined) {
    const message = `the point (${far[0]}, ${far[1]}) m lies off the Earth; mend it, or the unit of the plan`;
    report('error', 'impossible-value', message, `(${far[0]}, ${far[1]})`);
    return undefined;
  }
  const first = points[0];
  const last = points[points.length - 1];
  const repeats = points.length > 1 && first[0] === last[0] && first[1] === last[1];
  if (!repeats && !isClosed)
    report(
      'warning',
      'ring-not-closed',
      'its last point does not repeat its first; it is closed by a straight edge, check that this is right',
      showPoint(last),
    );
  const corners: [number, number][] = [];
  let doubled = 0;
  for (const point of repeats ? points.slice(0, -1) : points) {
    const before = corners.at(-1);
    if (before !== undefined && before[0] === point[0] && before[1] === point[1]) doubled++;
    else corners.push([point[0], point[1]]);
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
      `${countThings(doubled, 'point')} lie on the point before; they are left out`,
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
  if (isMended) return corners;
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
      `it turns back on itself at ${countThings(spikes, 'corner')}; check the drawing there, or take the spikes out with --repair`,
      String(spikes),
    );
  return corners;
}

function crossingMessage(ring: readonly Point[], fault: Extract<RingFault, { kind: 'crossing' }>): string {
  const edge = (i: number) => `the edge from ${showPoint(ring[i])} to ${showPoint(ring[(i + 1) % ring.length])}`;
  return `${edge(fault.edges[0])} crosses ${edge(fault.edges[1])} at ${showPoint(fault.point)} m; put the points in the order in which one walks around the shape, or take it apart with --repair`;
}

/** A point of a plan in metres. */
export function toMetres([x, y]: Point, unit: PlanUnit): [number, number] {
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
