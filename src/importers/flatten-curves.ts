type Place = readonly [number, number];

/** Most chords of one curve: 0.5° of a circle. */
const CHORDS_MAX = 720;

/**
 * Places along an arc of an ellipse, both ends included, so that no chord is farther than `sagitta` from it.
 * The place at angle t is centre + cos t · major + sin t · minor; `sweep` [rad] may be negative and is at most a full turn.
 */
export function flattenArc(
  centre: Place,
  major: Place,
  minor: Place,
  start: number,
  sweep: number,
  sagitta: number,
): [number, number][] {
  const radius = Math.sqrt(Math.max(major[0] ** 2 + major[1] ** 2, minor[0] ** 2 + minor[1] ** 2));
  const turn = Math.max(-2 * Math.PI, Math.min(2 * Math.PI, sweep));
  const step = sagitta >= radius ? Math.PI / 2 : 2 * Math.acos(1 - sagitta / radius);
  const chords = Math.max(1, Math.min(CHORDS_MAX, Math.ceil(Math.abs(turn) / Math.min(step, Math.PI / 4) - 1e-9)));
  const places: [number, number][] = [];
  for (let i = 0; i <= chords; i++) {
    const t = start + (turn * i) / chords;
    const [c, s] = [Math.cos(t), Math.sin(t)];
    places.push([centre[0] + c * major[0] + s * minor[0], centre[1] + c * major[1] + s * minor[1]]);
  }
  return places;
}

/** A circle's arc, see `flattenArc`. */
export function flattenCircleArc(
  centre: Place,
  radius: number,
  start: number,
  sweep: number,
  sagitta: number,
): [number, number][] {
  return flattenArc(centre, [radius, 0], [0, radius], start, sweep, sagitta);
}

/**
 * The arc that a bulge makes of a polyline's edge: bulge = tan(angle / 4), positive counter-clockwise.
 * @returns centre, radius, start angle and sweep [rad]; `undefined` for a straight edge
 */
export function arcOfBulge(
  a: Place,
  b: Place,
  bulge: number,
): { centre: [number, number]; radius: number; start: number; sweep: number } | undefined {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const chord = Math.sqrt(dx * dx + dy * dy);
  if (chord === 0 || Math.abs(bulge) < 1e-9) return undefined;
  // From the middle of the chord to the centre, to the left of a → b.
  const off = (1 - bulge * bulge) / (4 * bulge);
  const centre: [number, number] = [(a[0] + b[0]) / 2 - off * dy, (a[1] + b[1]) / 2 + off * dx];
  const radius = (chord * (1 + bulge * bulge)) / (4 * Math.abs(bulge));
  return { centre, radius, start: Math.atan2(a[1] - centre[1], a[0] - centre[0]), sweep: 4 * Math.atan(bulge) };
}

export interface Spline {
  readonly degree: number;
  readonly knots: readonly number[];
  readonly controls: readonly Place[];
  /** One a control point, or none: all 1. */
  readonly weights: readonly number[];
}

/** Whether the numbers of knots, control points and weights belong together. */
export function isSpline({ degree, knots, controls, weights }: Spline): boolean {
  if (!(degree >= 1 && degree <= 25) || controls.length <= degree) return false;
  if (knots.length !== controls.length + degree + 1) return false;
  if (weights.length > 0 && (weights.length !== controls.length || weights.some((w) => !(w > 0)))) return false;
  return knots.every((knot, i) => i === 0 || knot >= knots[i - 1]) && knots[degree] < knots[knots.length - 1 - degree];
}

/** Places along a rational B-spline, both ends included; each span is halved until its middle and quarters lie within `sagitta` of the chord. */
export function flattenSpline(spline: Spline, sagitta: number): [number, number][] {
  const { degree, knots } = spline;
  const places: [number, number][] = [];
  const halve = (t0: number, p: Place, t1: number, q: Place, depth: number): void => {
    const at = (share: number): [number, number] => evaluateSpline(spline, t0 + share * (t1 - t0));
    const middle = at(0.5);
    const bent = [at(0.25), middle, at(0.75)].some((m) => distanceToChord(m, p, q) > sagitta);
    if (bent && depth < 9) {
      halve(t0, p, (t0 + t1) / 2, middle, depth + 1);
      places.push(middle);
      halve((t0 + t1) / 2, middle, t1, q, depth + 1);
    }
  };
  let before: [number, number] = evaluateSpline(spline, knots[degree]);
  places.push(before);
  for (let k = degree; k < knots.length - 1 - degree; k++) {
    if (!(knots[k + 1] > knots[k])) continue;
    // Halved once in any case: an S has its middle on the chord.
    const middleTime = (knots[k] + knots[k + 1]) / 2;
    const middle = evaluateSpline(spline, middleTime);
    const end = evaluateSpline(spline, knots[k + 1]);
    halve(knots[k], before, middleTime, middle, 0);
    if (degree > 1) places.push(middle);
    halve(middleTime, middle, knots[k + 1], end, 0);
    places.push(end);
    before = end;
  }
  return places;
}

/** @source de Boor 1972, in homogeneous coordinates */
function evaluateSpline({ degree, knots, controls, weights }: Spline, t: number): [number, number] {
  let span = degree;
  for (let high = knots.length - 2 - degree; span < high; ) {
    const middle = (span + high + 1) >> 1;
    if (knots[middle] <= t) span = middle;
    else high = middle - 1;
  }
  const points = Array.from({ length: degree + 1 }, (_, j) => {
    const i = span - degree + j;
    const w = weights[i] ?? 1;
    return [controls[i][0] * w, controls[i][1] * w, w];
  });
  for (let r = 1; r <= degree; r++) {
    for (let j = degree; j >= r; j--) {
      const i = span - degree + j;
      const width = knots[i + degree - r + 1] - knots[i];
      const a = width > 0 ? (t - knots[i]) / width : 0;
      for (let axis = 0; axis < 3; axis++) points[j][axis] = (1 - a) * points[j - 1][axis] + a * points[j][axis];
    }
  }
  const [x, y, w] = points[degree];
  return [x / w, y / w];
}

function distanceToChord(p: Place, a: Place, b: Place): number {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const length2 = dx * dx + dy * dy;
  const t = length2 > 0 ? Math.max(0, Math.min(1, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length2)) : 0;
  const ex = a[0] + t * dx - p[0];
  const ey = a[1] + t * dy - p[1];
  return Math.sqrt(ex * ex + ey * ey);
}
