import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findRingFaults, ringArea } from './ring-faults.ts';
import type { Point } from './schema.ts';

const kinds = (ring: Point[]) => findRingFaults(ring).map((fault) => fault.kind);

test('a square has no faults, whichever way it turns', () => {
  const square: Point[] = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ];
  expect(kinds(square)).toEqual([]);
  expect(kinds([...square].reverse())).toEqual([]);
});

test('a bow tie crosses in its middle', () => {
  const faults = findRingFaults([
    [0, 0],
    [2, 2],
    [2, 0],
    [0, 3],
  ]);
  expect(faults).toEqual([{ kind: 'crossing', edges: [0, 2], point: [1.2, 1.2] }]);
});

test('a crossing through a corner is a crossing', () => {
  expect(
    kinds([
      [0, 0],
      [4, 0],
      [4, 2],
      [2, 0],
      [1, -1],
      [0, 2],
    ]),
  ).toContain('crossing');
});

test('a ring that crosses itself at a common corner is told from one that only touches there', () => {
  // Two lobes joined at (1, 1): walked through (crossing), and walked as a figure that turns back (touching).
  expect(
    kinds([
      [0, 0],
      [1, 1],
      [2, 2],
      [2, 0],
      [1, 1],
      [0, 3],
    ]),
  ).toEqual(['crossing']);
  expect(
    kinds([
      [0, 0],
      [1, 1],
      [2, 0],
      [2, 2],
      [1, 1],
      [0, 3],
    ]),
  ).toEqual(['touching']);
});

test('a keyhole, whose bridge is walked there and back, touches itself but does not cross', () => {
  const keyhole: Point[] = [
    [0, 0],
    [9, 0],
    [9, 9],
    [0, 9],
    [0, 3],
    [3, 3],
    [3, 6],
    [6, 6],
    [6, 3],
    [3, 3],
    [0, 3],
  ];
  const faults = findRingFaults(keyhole);
  expect(faults.length).toBeGreaterThan(0);
  expect(faults.every((fault) => fault.kind === 'touching')).toBe(true);
});

test('a spike, a doubled corner and a closing corner are named', () => {
  expect(
    findRingFaults([
      [0, 0],
      [2, 0],
      [2, 2],
      [3, 3],
      [2, 2],
      [0, 2],
    ]).filter((fault) => fault.kind === 'spike'),
  ).toEqual([{ kind: 'spike', corner: 3 }]);
  expect(
    findRingFaults([
      [0, 0],
      [2, 0],
      [2, 0],
      [2, 2],
    ]),
  ).toEqual([{ kind: 'duplicate-corner', corner: 2, closing: false }]);
  expect(
    findRingFaults([
      [0, 0],
      [2, 0],
      [2, 2],
      [0, 0],
    ]),
  ).toEqual([{ kind: 'duplicate-corner', corner: 3, closing: true }]);
});

test('points in line enclose nothing', () => {
  expect(
    kinds([
      [0, 0],
      [1, 1],
      [2, 2],
    ]),
  ).toContain('no-area');
  expect(
    kinds([
      [0, 0],
      [0, 0],
      [0, 0],
    ]),
  ).toContain('no-area');
});

test('a ring through points sorted by angle about their middle never crosses itself', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 3, maxLength: 60 }), (radii) => {
      const ring = radii.map((radius, i): Point => {
        const angle = (2 * Math.PI * i) / radii.length;
        return [1e6 + radius * Math.cos(angle), radius * Math.sin(angle)];
      });
      expect(kinds(ring)).toEqual([]);
    }),
  );
});

test('the sweep finds a crossing exactly when looking at all pairs with whole numbers does', () => {
  const coordinate = fc.integer({ min: 0, max: 12 });
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(coordinate, coordinate), { minLength: 4, maxLength: 12, selector: (p) => p.join() }),
      (ring) => {
        const side = (a: Point, b: Point, c: Point) =>
          Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]));
        let proper = false;
        for (let i = 0; i < ring.length; i++) {
          for (let j = i + 1; j < ring.length; j++) {
            const [a, b, c, d] = [ring[i], ring[(i + 1) % ring.length], ring[j], ring[(j + 1) % ring.length]];
            if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) proper = true;
          }
        }
        const crossings = findRingFaults(ring, 1000).filter((fault) => fault.kind === 'crossing');
        if (proper) expect(crossings.length).toBeGreaterThan(0);
        const next = (i: number) => (i + 1) % ring.length;
        const cornerOnEdgeLine = ring.some((p, i) =>
          ring.some((a, j) => j !== i && next(j) !== i && side(a, ring[next(j)], p) === 0),
        );
        if (!proper && !cornerOnEdgeLine) expect(crossings).toEqual([]);
      },
    ),
  );
});

test('whether a ring crosses itself does not depend on its place, turn, mirror image or first corner', () => {
  const coordinate = fc.integer({ min: -9, max: 9 });
  const corners = fc.uniqueArray(fc.tuple(coordinate, coordinate), {
    minLength: 4,
    maxLength: 10,
    selector: (p) => p.join(),
  });
  fc.assert(
    fc.property(corners, fc.nat(9), (ring, shift) => {
      const faults = findRingFaults(ring, 1000);
      // Edges that run on each other can be read both ways: there the kinds may be told apart differently.
      fc.pre(faults.every((fault) => fault.kind !== 'spike' && fault.kind !== 'touching'));
      const crosses = (other: Point[]) => findRingFaults(other, 1000).some((fault) => fault.kind === 'crossing');
      const start = shift % ring.length;
      const verdict = crosses(ring);
      expect(crosses([...ring.slice(start), ...ring.slice(0, start)])).toBe(verdict);
      expect(crosses([...ring].reverse())).toBe(verdict);
      expect(crosses(ring.map(([x, y]): Point => [-y + 1000, x - 500]))).toBe(verdict);
      expect(crosses(ring.map(([x, y]): Point => [-x, y]))).toBe(verdict);
    }),
  );
});

test('the area of a far-away triangle is exact', () => {
  expect(
    ringArea([
      [5e6, 4e6],
      [5e6 + 2, 4e6],
      [5e6, 4e6 + 3],
    ]),
  ).toBe(3);
});

test('a ring of a hundred thousand corners is searched within five seconds', () => {
  const count = 100_000;
  const ring = Array.from({ length: count }, (_, i): Point => {
    const angle = (2 * Math.PI * i) / count;
    const radius = 500 + (i % 2);
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  const start = performance.now();
  expect(findRingFaults(ring)).toEqual([]);
  expect(performance.now() - start).toBeLessThan(5000);
});
