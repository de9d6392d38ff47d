import { assert } from '../math/index.ts';
import { PersonState, type World } from '../world/index.ts';

/**
 * Checks every person's state and throws at the first fault: numbers finite, speed below the guard, direction of unit length,
 * and nobody outside the floor of their sheet. O(persons); for tests and `--validate`.
 */
export function validateWorld(world: World): void {
  const { persons } = world.views;
  for (let i = 0; i < world.personCount; i++) {
    if (persons.state[i] === PersonState.out) continue;
    const { x, y, vx, vy, chestLoad, dose, wishX, wishY, packing, potential } = persons;
    for (const column of [x, y, vx, vy, chestLoad, dose, wishX, wishY, packing, potential]) {
      assert(Number.isFinite(column[i]), `person ${i} has finite numbers`);
    }
    assert(vx[i] * vx[i] + vy[i] * vy[i] < 6.01 * 6.01, `person ${i} is slower than the guard`);
    assert(dose[i] >= 0 && dose[i] <= 1, `person ${i} has a dose of 0 … 1`);
    const head = persons.headX[i] * persons.headX[i] + persons.headY[i] * persons.headY[i];
    assert(head > 0.98 && head < 1.02, `person ${i} faces somewhere`);
    assert(isOnFloor(world, i), `person ${i} at ${x[i]}, ${y[i]} stands on the floor of its area ${persons.area[i]}`);
  }
}

/** Even-odd over the rings of the person's own area, with a hand's breadth of grace at the cut edges of portals. */
function isOnFloor(world: World, person: number): boolean {
  const { persons } = world.views;
  const area = world.areas[persons.area[person]];
  const x = persons.x[person];
  const y = persons.y[person];
  for (const rings of area.polygons) {
    let inside = false;
    for (const ring of rings) {
      for (let k = 0, before = ring.length - 1; k < ring.length; before = k++) {
        const [ax, ay] = ring[k];
        const [bx, by] = ring[before];
        if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
        if (distanceSquared(x, y, ax, ay, bx, by) < 0.0025) return true;
      }
    }
    if (inside) return true;
  }
  return area.kind === 'outside';
}

function distanceSquared(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const ux = bx - ax;
  const uy = by - ay;
  const length = ux * ux + uy * uy;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * ux + (y - ay) * uy) / length));
  const dx = x - ax - t * ux;
  const dy = y - ay - t * uy;
  return dx * dx + dy * dy;
}
