/** Corners of a closed ring; the last is not repeated. */
export type Corners = readonly (readonly [number, number])[];

/**
 * Whether a point lies in a polygon with holes: winding number of every ring, none of the project's own geometry.
 * Points within `tolerance` [m] of an edge count as inside.
 */
export function isInside(rings: readonly Corners[], x: number, y: number, tolerance: number): boolean {
  if (rings.some((ring) => distanceToRing(ring, x, y) <= tolerance)) return true;
  return windingNumber(rings[0], x, y) !== 0 && rings.slice(1).every((hole) => windingNumber(hole, x, y) === 0);
}

function windingNumber(ring: Corners, x: number, y: number): number {
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

function distanceToRing(ring: Corners, x: number, y: number): number {
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

/** The polygons of a plan in well-known text, by looking for brackets and numbers only. */
export function readPolygons(text: string): Corners[][] {
  const rings: Corners[][] = [];
  let depth = 0;
  const multi = /MULTIPOLYGON|GEOMETRYCOLLECTION/i.test(text);
  const plain = text.replace(/^\s*#.*$/gm, '');
  const ringDepth = multi ? 3 : 2;
  let polygon: Corners[] = [];
  let start = 0;
  for (let k = 0; k < plain.length; k++) {
    if (plain[k] === '(') {
      depth++;
      if (depth === ringDepth - 1) polygon = [];
      if (depth === ringDepth) start = k + 1;
    } else if (plain[k] === ')') {
      if (depth === ringDepth) {
        const points = plain
          .slice(start, k)
          .split(',')
          .map((pair) => pair.trim().split(/\s+/).slice(0, 2).map(Number) as [number, number]);
        polygon.push(points);
      }
      if (depth === ringDepth - 1) rings.push(polygon);
      depth--;
    }
  }
  return rings;
}
