/** Whether a point lies on a floor: winding numbers, none of the library's own geometry, so that it checks the engine. */

/** `rings`: outline, then holes; within `tolerance` [m] of an edge counts as inside. */
export function isOnFloor(rings, x, y, tolerance) {
  if (windingNumber(rings[0], x, y) !== 0 && rings.slice(1).every((hole) => windingNumber(hole, x, y) === 0))
    return true;
  return rings.some((ring) => distanceToRing(ring, x, y) <= tolerance);
}

function windingNumber(ring, x, y) {
  let turns = 0;
  for (let k = 0; k < ring.length; k++) {
    const [ax, ay] = ring[k];
    const [bx, by] = ring[(k + 1) % ring.length];
    const side = (bx - ax) * (y - ay) - (x - ax) * (by - ay);
    if (ay <= y && by > y && side > 0) turns++;
    else if (ay > y && by <= y && side < 0) turns--;
  }
  return turns;
}

function distanceToRing(ring, x, y) {
  let nearest = Number.POSITIVE_INFINITY;
  for (let k = 0; k < ring.length; k++) {
    const [ax, ay] = ring[k];
    const [bx, by] = ring[(k + 1) % ring.length];
    const length2 = (bx - ax) ** 2 + (by - ay) ** 2;
    const along = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length2));
    nearest = Math.min(nearest, Math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay)));
  }
  return nearest;
}
