import { expect, test } from 'vitest';
import { SEGMENT_FLOATS, SegmentKind } from '../../world/index.ts';
import { makeScenario, makeWorld } from '../run.test-support.ts';
import { writeWallRuns } from './wall-runs.ts';

/** A hall with a shut door to a room, an exit and three pillars, so that lists have walls, a leaf and portals, and none to twelve of them. */
function makePlan() {
  const square = (x: number, y: number, size: number): [number, number][] => [
    [x, y],
    [x + size, y],
    [x + size, y + size],
    [x, y + size],
  ];
  return makeWorld(
    makeScenario({
      levels: [
        {
          id: 'floor',
          outlines: [square(0, 0, 12)],
          holes: [square(3, 3, 0.4), square(4, 3, 0.4), square(3, 4, 0.4)],
          walls: [
            {
              path: [
                [8, 0],
                [8, 12],
              ],
            },
          ],
        },
      ],
      doors: [
        {
          id: 'door',
          level: 'floor',
          line: [
            [8, 5],
            [8, 6],
          ],
          state: 'locked',
        },
      ],
      exits: [
        {
          id: 'exit',
          level: 'floor',
          line: [
            [12, 5],
            [12, 7],
          ],
        },
      ],
    }),
  );
}

test('a run has the walls of its cell in the order of the list, four by four, and is filled up with walls that nobody meets', () => {
  const world = makePlan();
  const { runOf, runs } = writeWallRuns(world);
  const { i32, f32, segments, wallCellStart, wallCellItems } = world.views;
  const kinds = new Set<number>();
  let longest = 0;
  for (let cell = 0; cell + 1 < wallCellStart.length; cell++) {
    const list = wallCellItems.subarray(wallCellStart[cell], wallCellStart[cell + 1]);
    const run = (runs + i32[runOf / 4 + cell]) / 4;
    expect(i32[run]).toBe(Math.ceil(list.length / 4));
    longest = Math.max(longest, list.length);
    for (let k = 0; k < 4 * i32[run]; k++) {
      const lane = run + 4 + 36 * Math.floor(k / 4) + (k % 4);
      if (k >= list.length) {
        expect(Math.hypot(f32[lane], f32[lane + 4])).toBeGreaterThan(1e6);
        expect(i32[lane + 28] >>> 29).toBe(0);
        const nothing = i32[lane + 32] / 4;
        expect([...f32.subarray(nothing, nothing + SEGMENT_FLOATS)]).toEqual(new Array(SEGMENT_FLOATS).fill(0));
        continue;
      }
      const row = [...segments.subarray(SEGMENT_FLOATS * list[k], SEGMENT_FLOATS * (list[k] + 1))];
      expect([0, 1, 2, 3, 4, 5, 6].map((column) => f32[lane + 4 * column])).toEqual(row.slice(0, 7));
      expect(i32[lane + 32]).toBe(segments.byteOffset + 4 * SEGMENT_FLOATS * list[k]);
      const [matters, stops, leaf] = [31, 30, 29].map((bit) => (i32[lane + 28] >>> bit) & 1);
      kinds.add(row[7]);
      if (row[7] === SegmentKind.wall) expect([matters, stops, leaf]).toEqual([1, 1, 0]);
      if (row[7] === SegmentKind.leaf) expect([matters, stops, leaf]).toEqual([1, 1, 1]);
      if (row[7] === SegmentKind.portal) expect([matters, stops, leaf]).toEqual([1, 0, 0]);
      const hasLeaf = [...list.subarray(k - (k % 4), k - (k % 4) + 4)].some(
        (item) => segments[SEGMENT_FLOATS * item + 7] === SegmentKind.leaf,
      );
      expect(i32[lane - (k % 4) + 28] & 1).toBe(hasLeaf ? 1 : 0);
    }
  }
  expect([...kinds].sort()).toEqual([SegmentKind.wall, SegmentKind.leaf, SegmentKind.portal]);
  expect(longest).toBeGreaterThan(8);
});
