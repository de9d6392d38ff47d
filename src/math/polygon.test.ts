import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Corners,
  distanceToSegment,
  findOrientation,
  findSelfCrossing,
  isSimpleRing,
  orientRing,
  polygonArea,
  polygonContains,
  segmentsIntersect,
} from './index.ts';

const UNIT: Corners = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

/** Orientation by exact integers. */
function bigOrientation(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): number {
  const scale = (v: number): bigint => BigInt(v * 2 ** 60);
  const [a, b, c, d, e, f] = [ax, ay, bx, by, cx, cy].map(scale) as [bigint, bigint, bigint, bigint, bigint, bigint];
  const value = (a - e) * (d - f) - (b - f) * (c - e);
  return value > 0n ? 1 : value < 0n ? -1 : 0;
}

test('the area of a ring is that of its triangles, signed by its turn, wherever it lies', () => {
  expect(polygonArea(UNIT)).toBe(1);
  expect(polygonArea([...UNIT].reverse())).toBe(-1);
  expect(polygonArea(UNIT.map(([x, y]) => [x + 691_000.25, y + 5_334_000.5] as const))).toBe(1);
  expect(polygonArea([...UNIT, UNIT[0]!])).toBe(1);
  expect(polygonArea([])).toBe(0);
});

test('orientRing turns a ring the way asked and leaves one that turns that way as it is', () => {
  expect(orientRing(UNIT)).toBe(UNIT);
  expect(polygonArea(orientRing(UNIT, false))).toBe(-1);
  expect(orientRing([...UNIT].reverse())).toEqual(UNIT);
});

test('findOrientation is exact: it agrees with integer arithmetic on nearly collinear points', () => {
  const grid = fc.integer({ min: -8, max: 8 }).map((k) => k * 2 ** -53);
  fc.assert(
    fc.property(grid, grid, grid, grid, fc.integer({ min: 1, max: 40 }), (a, b, c, d, k) => {
      const points = [0.5 + a, 0.5 + b, 12 + c, 12 + d, 24 * (k / 41), 24 * (k / 41)] as const;
      return findOrientation(...points) === bigOrientation(...points);
    }),
    { numRuns: 5000 },
  );
  // The f64 determinant alone errs here.
  expect(findOrientation(0.5, 0.5, 12, 12, 24, 24)).toBe(0);
  expect(findOrientation(0.5, 0.5000000000000001, 12, 12, 24, 24)).toBe(
    bigOrientation(0.5, 0.5000000000000001, 12, 12, 24, 24),
  );
});

test('segmentsIntersect sees crossings, touches and overlaps, and nothing else', () => {
  expect(segmentsIntersect(0, 0, 2, 2, 0, 2, 2, 0)).toBe(true);
  expect(segmentsIntersect(0, 0, 2, 0, 1, 0, 1, 5)).toBe(true);
  expect(segmentsIntersect(0, 0, 2, 0, 2, 0, 3, 1)).toBe(true);
  expect(segmentsIntersect(0, 0, 2, 0, 1, 0, 3, 0)).toBe(true);
  expect(segmentsIntersect(0, 0, 2, 0, 2.1, 0, 3, 0)).toBe(false);
  expect(segmentsIntersect(0, 0, 2, 0, 1, 1e-12, 1, 5)).toBe(false);
  expect(segmentsIntersect(0, 0, 1, 1, 0, 0.5, 0.4, 0.5)).toBe(false);
});

test('distanceToSegment is the distance to the line between the ends and to the nearer end beyond them', () => {
  expect(distanceToSegment(1, 2, 0, 0, 3, 0)).toBe(2);
  expect(distanceToSegment(-3, 4, 0, 0, 3, 0)).toBe(5);
  expect(distanceToSegment(6, 4, 0, 0, 3, 0)).toBe(5);
  expect(distanceToSegment(3, 4, 0, 0, 0, 0)).toBe(5);
});

test('polygonContains is even-odd over the rings with a rim of a nanometre', () => {
  const hole: Corners = [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.75, 0.75],
    [0.25, 0.75],
  ];
  expect(polygonContains([UNIT], 0.5, 0.5)).toBe(true);
  expect(polygonContains([UNIT, hole], 0.5, 0.5)).toBe(false);
  expect(polygonContains([UNIT, hole], 0.25, 0.5)).toBe(true);
  expect(polygonContains([UNIT], 1 + 5e-10, 0.5)).toBe(true);
  expect(polygonContains([UNIT], 1 + 5e-9, 0.5)).toBe(false);
  for (const [x, y] of UNIT) expect(polygonContains([UNIT], x, y)).toBe(true);
  // A ray through corners counts each once.
  const diamond: Corners = [
    [0, -1],
    [1, 0],
    [0, 1],
    [-1, 0],
  ];
  expect(polygonContains([diamond], 0, 0)).toBe(true);
  expect(polygonContains([diamond], -2, 0)).toBe(false);
  expect(polygonContains([diamond], 2, 0)).toBe(false);
});

test('polygonContains does not change when the ring is turned, mirrored or started elsewhere', () => {
  const ring: Corners = [
    [0, 0],
    [4, 0],
    [4, 3],
    [2, 1],
    [1, 4],
  ];
  for (let i = 0; i < 400; i++) {
    const x = (i % 20) / 4 - 0.3;
    const y = Math.floor(i / 20) / 4 - 0.3;
    const inside = polygonContains([ring], x, y);
    expect(polygonContains([ring.map(([a, b]) => [-b, a] as const)], -y, x)).toBe(inside);
    expect(polygonContains([ring.map(([a, b]) => [-a, b] as const)], -x, y)).toBe(inside);
    expect(polygonContains([[...ring.slice(2), ...ring.slice(0, 2)]], x, y)).toBe(inside);
  }
});

/** Second implementation: every edge against every other. */
function crossesSlowly(ring: Corners): boolean {
  const count = ring.length;
  for (let i = 0; i < count; i++) {
    const [ax, ay] = ring[i]!;
    const [bx, by] = ring[(i + 1) % count]!;
    for (let j = i + 1; j < count; j++) {
      const [cx, cy] = ring[j]!;
      const [dx, dy] = ring[(j + 1) % count]!;
      if (j === i + 1 || (i === 0 && j === count - 1)) {
        const [px, py, qx, qy, rx, ry] = j === i + 1 ? [ax, ay, bx, by, dx, dy] : [cx, cy, ax, ay, bx, by];
        const back = (qx - px) * (rx - qx) + (qy - py) * (ry - qy) < 0;
        if (back && findOrientation(px, py, qx, qy, rx, ry) === 0) return true;
      } else if (segmentsIntersect(ax, ay, bx, by, cx, cy, dx, dy)) return true;
    }
  }
  return false;
}

test('findSelfCrossing agrees with testing every pair of edges, on lattices full of touches and verticals', () => {
  const coordinate = fc.integer({ min: 0, max: 6 });
  const corner = fc.tuple(coordinate, coordinate);
  let simple = 0;
  let crossing = 0;
  fc.assert(
    fc.property(fc.array(corner, { minLength: 3, maxLength: 9 }), (ring) => {
      const kept = ring.filter(([x, y], i) => {
        const [px, py] = ring[(i + ring.length - 1) % ring.length]!;
        return x !== px || y !== py;
      });
      if (kept.length < 3) return true;
      const found = findSelfCrossing(kept);
      if (found === undefined) simple++;
      else {
        crossing++;
        const [i, j] = found.edges;
        for (const e of [i, j]) {
          const [ax, ay] = kept[e]!;
          const [bx, by] = kept[(e + 1) % kept.length]!;
          if (distanceToSegment(...found.point, ax, ay, bx, by) > 1e-9) return false;
        }
        if (i === j) return false;
      }
      return (found !== undefined) === crossesSlowly(kept);
    }),
    { numRuns: 20_000, seed: 1 },
  );
  expect(simple).toBeGreaterThan(1000);
  expect(crossing).toBeGreaterThan(1000);
});

test('findSelfCrossing agrees with every pair on star-shaped rings with one corner moved', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.2, max: 1, noNaN: true }), { minLength: 5, maxLength: 60 }),
      fc.nat(),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.boolean(),
      (radii, which, move, moved) => {
        const ring = radii.map((r, i): [number, number] => {
          const angle = (2 * Math.PI * i) / radii.length;
          return [r * Math.cos(angle), r * Math.sin(angle)];
        });
        if (moved) ring[which % ring.length] = [move, move / 3];
        else if (findSelfCrossing(ring) !== undefined) return false;
        return (findSelfCrossing(ring) !== undefined) === crossesSlowly(ring);
      },
    ),
    { numRuns: 2000, seed: 2 },
  );
});

test('findSelfCrossing names the edges of the ring as given, repeated corners included', () => {
  expect(
    findSelfCrossing([
      [0, 0],
      [0, 0],
      [2, 2],
      [2, 0],
      [2, 0],
      [0, 2],
      [0, 0],
    ]),
  ).toEqual({ edges: [1, 4], point: [1, 1] });
  // A spike: goes out and comes back on itself.
  expect(
    findSelfCrossing([
      [0, 0],
      [4, 0],
      [2, 0],
      [2, 3],
    ]),
  ).toEqual({ edges: [0, 1], point: [4, 0] });
  // Two squares that touch in a corner.
  expect(
    findSelfCrossing([
      [0, 0],
      [1, 0],
      [1, 1],
      [2, 1],
      [2, 2],
      [1, 2],
      [1, 1],
      [0, 1],
    ])?.point,
  ).toEqual([1, 1]);
});

test('isSimpleRing refuses what has no area', () => {
  expect(isSimpleRing(UNIT)).toBe(true);
  expect(isSimpleRing(UNIT.slice(0, 2))).toBe(false);
  expect(
    isSimpleRing([
      [0, 0],
      [1, 1],
      [2, 2],
    ]),
  ).toBe(false);
});

test('findSelfCrossing takes 100 000 corners in well under a second', () => {
  const count = 100_000;
  const round: [number, number][] = [];
  for (let i = 0; i < count; i++) {
    const angle = (2 * Math.PI * i) / count;
    const r = 10 + (i % 2) * 1e-3;
    round.push([r * Math.cos(angle), r * Math.sin(angle)]);
  }
  // A comb: 50 000 long teeth, all under the sweep line at once when it lies on its side.
  const comb: [number, number][] = [];
  for (let i = 0; i < count / 2; i++) comb.push([i % 2 === 0 ? 0 : 100, i * 0.01], [i % 2 === 0 ? 100 : 0, i * 0.01]);
  comb.push([-1, 500], [-1, -1]);
  for (const ring of [round, comb, comb.map(([x, y]): [number, number] => [y, x])]) {
    const start = performance.now();
    expect(findSelfCrossing(ring)).toBe(undefined);
    expect(performance.now() - start).toBeLessThan(3000);
    const broken = [...ring];
    broken[70_001] = ring[20_001]!;
    broken[20_001] = ring[70_001]!;
    expect(findSelfCrossing(broken)).toBeDefined();
  }
});
