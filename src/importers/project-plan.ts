import proj4 from 'proj4';
import { errorIssue, type Issue, type Point, showNumber, warningIssue } from '../scenario/index.ts';

/** Spherical Mercator of web maps, under its old and new numbers. Its metres are too long by 1 / cos(latitude). */
const WEB_MERCATOR = new Set([3857, 900913, 3785, 102100]);
/** Geographic systems outside 4001 … 4999. */
const OTHER_DEGREES = new Set([6318, 6668, 6706, 7664, 7665, 7844, 8900, 9059, 9777]);
/** In 4001 … 4999, but in metres. */
const NOT_DEGREES = new Set([4978, 4936, 4938, 4479, 4328, 4466, 4467, 4471, 4474, 4559, 4647, 4839]);
/** US survey and international feet: the state planes most met with. */
const FEET: readonly (readonly [number, number, number])[] = [
  [2222, 2289, 1200 / 3937],
  [3417, 3438, 1200 / 3937],
  [6355, 6634, 1200 / 3937],
];

/** How coordinates become metres in the plan. */
export interface PlanProjection {
  readonly project: (point: Point) => [number, number];
  /** For the report: what the coordinates were taken as. */
  readonly told: string;
  /** Whether unit and projection are one, so that a unit of its own makes no sense. */
  readonly isGeographic: boolean;
}

/** Whether the numbers of a coordinate system are degrees. */
export function isInDegrees(epsg: number): boolean {
  return OTHER_DEGREES.has(epsg) || (epsg >= 4001 && epsg <= 4999 && !NOT_DEGREES.has(epsg));
}

/**
 * The way from the coordinates of a system to metres of the plan. Degrees (longitude first) and web Mercator are projected
 * to a transverse Mercator map about the middle of the plan, true to length within 1e-6 over 10 km; other systems are
 * metric and taken as they are. The shift between geodetic datums, some hundred metres of place and nothing of shape, is left out.
 * @param box of all points: xmin, ymin, xmax, ymax.
 */
export function projectPlan(
  epsg: number,
  box: readonly [number, number, number, number],
  issues: Issue[],
): PlanProjection | undefined {
  const middle: Point = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  const degrees = isInDegrees(epsg);
  if (degrees && !(box[0] >= -360 && box[2] <= 360 && box[1] >= -90 && box[3] <= 90)) {
    const isSwapped = box[0] >= -90 && box[2] <= 90 && box[1] >= -360 && box[3] <= 360;
    const message = isSwapped
      ? `EPSG:${epsg} has degrees, here the latitude first; longitude must come first: swap them`
      : `EPSG:${epsg} has degrees, but the numbers are none; give the right code with --epsg`;
    issues.push(
      errorIssue('plan-not-in-degrees', '', message, {
        expected: '−180 … 180, −90 … 90',
        found: `${showNumber(box[0])} … ${showNumber(box[2])}, ${showNumber(box[1])} … ${showNumber(box[3])}`,
        unit: 'deg',
      }),
    );
    return undefined;
  }
  if (degrees || WEB_MERCATOR.has(epsg)) {
    const toDegrees = degrees
      ? (point: Point): Point => point
      : (point: Point): Point => proj4('EPSG:3857', 'EPSG:4326', [point[0], point[1]]) as unknown as Point;
    const [lon, lat] = toDegrees(middle).map((value) => Math.round(value * 1e4) / 1e4);
    if (Math.abs(lat) > 89) {
      issues.push(errorIssue('plan-at-pole', '', 'the plan lies at a pole, where it cannot be projected'));
      return undefined;
    }
    const local = proj4(`+proj=tmerc +lat_0=${lat} +lon_0=${lon} +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs`);
    const project = (point: Point): [number, number] => {
      const [x, y] = local.forward([...toDegrees(point)] as [number, number]);
      // Micrometres: what is below differs between hosts.
      return [Math.round(x * 1e6) / 1e6, Math.round(y * 1e6) / 1e6];
    };
    const far = Math.max(
      ...[
        [box[0], box[1]],
        [box[2], box[3]],
      ].map((corner) => Math.hypot(...project([corner[0], corner[1]]))),
    );
    if (!(far < 100_000)) {
      const message = 'the plan is more than 100 km across in this coordinate system; give the right code with --epsg';
      issues.push(
        errorIssue('unusual-size', '', message, { expected: '< 100', found: showNumber(far / 1000), unit: 'km' }),
      );
      return undefined;
    }
    return {
      project,
      told: `EPSG:${epsg}, projected to metres east and north of ${lon}° E, ${lat}° N (transverse Mercator, WGS 84)`,
      isGeographic: true,
    };
  }
  const feet = FEET.find(([from, to]) => epsg >= from && epsg <= to);
  if (feet !== undefined) {
    const message = `EPSG:${epsg} is a state plane of the USA and probably in survey feet; give --unit ft if it is, or --unit m if not`;
    issues.push(warningIssue('unit-unsure', '', message, { expected: '--unit' }));
  }
  return { project: ([x, y]) => [x, y], told: `EPSG:${epsg}, metric, taken as it is`, isGeographic: false };
}
