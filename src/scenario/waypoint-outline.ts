import type { Point, Waypoint } from './schema.ts';

/** Corners of a round region. */
const CORNERS = 24;
/** Radius of a round region that gives none [m]. */
const RADIUS = 0.5;

/** A circle of radius 1 in 24 corners, by turning: no transcendental function of the host. */
const CIRCLE: readonly Point[] = makeCircle();

function makeCircle(): Point[] {
  // cos 15° and sin 15°
  const c = Math.sqrt(2 + Math.sqrt(3)) / 2;
  const s = Math.sqrt(2 - Math.sqrt(3)) / 2;
  const corners: Point[] = [[1, 0]];
  while (corners.length < CORNERS) {
    const [x, y] = corners[corners.length - 1];
    corners.push([c * x - s * y, s * x + c * y]);
  }
  return corners;
}

/** Corners of a waypoint's region [m]: its polygon, or 24 about its middle. */
export function outlineOfWaypoint({
  polygon,
  position,
  radius = RADIUS,
}: Pick<Waypoint, 'polygon' | 'position' | 'radius'>): Point[] {
  if (polygon !== undefined) return polygon.map(([x, y]) => [x, y]);
  const [x, y] = position ?? [0, 0];
  return CIRCLE.map(([cx, cy]) => [x + radius * cx, y + radius * cy]);
}
