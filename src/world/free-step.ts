import { exactCos, exactSin } from '../math/index.ts';
import { isCut, sampleWallDistance } from './locate.ts';
import { sampleTravelField } from './travel-field.ts';
import type { World } from './world.ts';

const DIRECTIONS = 16;
const STEPS = [0.2, 0.4, 0.6];
const AXES = Float64Array.from({ length: 2 * DIRECTIONS }, (_, k) => {
  const angle = ((k >> 1) * 2 * Math.PI) / DIRECTIONS;
  return (k & 1) === 0 ? exactCos(angle) : exactSin(angle);
});

const sample = new Float64Array(3);
const wall = new Float64Array(3);

/**
 * For somebody caught in a nook that a point could leave but a body cannot: the direction of the free place nearby
 * (0.2 … 0.6 m, sixteen directions, room for the body, no wall between) from which the walk to the field's portal is
 * shortest. out[0] that distance with the step [m], out[1], out[2] unit direction; false where there is none.
 * 48 samples: for those who are stuck, not for all.
 */
export function findFreeStep(
  world: World,
  field: number,
  sheet: number,
  x: number,
  y: number,
  radius: number,
  out: Float64Array,
): boolean {
  out[0] = Infinity;
  for (const step of STEPS) {
    for (let k = 0; k < DIRECTIONS; k++) {
      const toX = x + step * AXES[2 * k];
      const toY = y + step * AXES[2 * k + 1];
      sampleWallDistance(world, sheet, toX, toY, wall);
      if (wall[0] < radius || isCut(world, sheet, x, y, toX, toY, false)) continue;
      if (!sampleTravelField(world, field, toX, toY, sample) || !(sample[0] + step < out[0])) continue;
      out[0] = sample[0] + step;
      out[1] = AXES[2 * k];
      out[2] = AXES[2 * k + 1];
    }
  }
  return out[0] < Infinity;
}
