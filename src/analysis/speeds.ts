import { assert, polygonArea, polygonContains } from '../math/index.ts';
import type { Ring, Trajectory } from '../trace/index.ts';
import { groupRowsByPerson, type PersonRows } from './person-rows.ts';

/** Velocities of every row of a trajectory; same row numbers. */
export interface Velocities {
  /** [m/s]; NaN where it cannot be told (a person with one row only). */
  readonly vx: Float32Array;
  readonly vy: Float32Array;
}

/**
 * Individual velocity by central difference over ± `frameStep` of the person's own rows:
 *
 *     v = (x(k + Δ) − x(k − Δ)) · frameRate / (frame(k + Δ) − frame(k − Δ))
 *
 * Within Δ rows of a person's first or last row the missing end is the row itself (one-sided), as PedPy's
 * `BORDER_SINGLE_SIDED` does. `frameStep` ≥ 1. Cost O(rows); allocates 8 bytes a row and the person's rows.
 * @source PedPy 1.5 `compute_individual_speed(…, speed_calculation=BORDER_SINGLE_SIDED)`
 */
export function computeVelocities(trajectory: Trajectory, frameStep: number, personRows?: PersonRows): Velocities {
  assert(Number.isInteger(frameStep) && frameStep >= 1, `frameStep must be an integer from 1, not ${frameStep}`);
  const { x, y, frameRate } = trajectory;
  const { personCount, start, rows, frame } = personRows ?? groupRowsByPerson(trajectory);
  const vx = new Float32Array(rows.length).fill(Number.NaN);
  const vy = new Float32Array(rows.length).fill(Number.NaN);
  for (let person = 0; person < personCount; person += 1) {
    const begin = start[person]!;
    const end = start[person + 1]!;
    for (let k = begin; k < end; k += 1) {
      const from = rows[k - frameStep >= begin ? k - frameStep : k]!;
      const to = rows[k + frameStep < end ? k + frameStep : k]!;
      const frames = frame[to]! - frame[from]!;
      if (frames === 0) continue;
      vx[rows[k]!] = ((x[to]! - x[from]!) * frameRate) / frames;
      vy[rows[k]!] = ((y[to]! - y[from]!) * frameRate) / frames;
    }
  }
  return { vx, vy };
}

/** Individual speed [m/s] of every row, see `computeVelocities`; NaN for a person with one row only. */
export function computeSpeeds(trajectory: Trajectory, frameStep: number, personRows?: PersonRows): Float32Array {
  const { vx, vy } = computeVelocities(trajectory, frameStep, personRows);
  for (let row = 0; row < vx.length; row += 1) vx[row] = Math.sqrt(vx[row]! * vx[row]! + vy[row]! * vy[row]!);
  return vx;
}

/** What is inside a measurement area, frame by frame. Arrays of length `frameCount`. */
export interface AreaSeries {
  /** Persons inside. */
  readonly persons: Int32Array;
  /** Classic density: persons inside / area [1/m²]. */
  readonly density: Float64Array;
  /** Mean speed of those inside [m/s]; NaN where nobody is. */
  readonly speed: Float64Array;
}

/**
 * Classic density and mean speed in a measurement area (outline, then holes, in plan coordinates [m]), frame by frame.
 * A person on the boundary is inside. `speeds` by row, from `computeSpeeds`. Cost O(rows × corners).
 * @source PedPy 1.5 `compute_classic_density`, `compute_mean_speed_per_frame` (which gives 0, not NaN, when nobody is inside)
 */
export function measureArea(
  trajectory: Trajectory,
  rings: readonly Ring[],
  speeds: Float32Array,
  sheet?: number,
): AreaSeries {
  const { frameCount, frameStart, x, y } = trajectory;
  const size = rings.reduce((sum, ring, k) => sum + (k === 0 ? 1 : -1) * Math.abs(polygonArea(ring)), 0);
  assert(size > 0, 'a measurement area must have a size above 0 m²');
  const persons = new Int32Array(frameCount);
  const density = new Float64Array(frameCount);
  const speed = new Float64Array(frameCount);
  for (let f = 0; f < frameCount; f += 1) {
    let inside = 0;
    let moving = 0;
    let sum = 0;
    for (let row = frameStart[f]!; row < frameStart[f + 1]!; row += 1) {
      if (sheet !== undefined && trajectory.sheet[row] !== sheet) continue;
      if (!polygonContains(rings, x[row]!, y[row]!)) continue;
      inside += 1;
      if (Number.isNaN(speeds[row]!)) continue;
      moving += 1;
      sum += speeds[row]!;
    }
    persons[f] = inside;
    density[f] = inside / size;
    speed[f] = moving > 0 ? sum / moving : Number.NaN;
  }
  return { persons, density, speed };
}
