import { describe, expect, test } from 'vitest';
import { hashBytes, polygonArea, polygonContains } from '../math/index.ts';
import { shortestWalk } from './graph.ts';
import { allocate, columnOffset } from './layout.ts';
import { locateArea, locateNearPortal, sampleWallDistance } from './locate.ts';
import { box, type Corner, compileScene, hasPlan, readPlan, type SceneInput, worldOf } from './scenes.test-support.ts';
import { PERSON_COLUMNS, SEGMENT_FLOATS, SegmentKind, type World } from './world.ts';

interface Row {
  a: Corner;
  b: Corner;
  u: Corner;
  length: number;
  before: Corner;
  kind: number;
  subject: number;
  solid: number;
  sheet: number;
  left: number;
  right: number;
}

function rowsOf(world: World, kind?: number): Row[] {
  const rows: Row[] = [];
  for (let i = 0; i < world.segmentCount; i++) {
    const s = [...world.views.segments.subarray(i * SEGMENT_FLOATS, (i + 1) * SEGMENT_FLOATS)];
    if (kind !== undefined && s[7] !== kind) continue;
    rows.push({
      a: [s[0], s[1]],
      b: [s[0] + s[4] * s[2], s[1] + s[4] * s[3]],
      u: [s[2], s[3]],
      length: s[4],
      before: [s[5], s[6]],
      kind: s[7],
      subject: s[8],
      solid: s[9],
      sheet: s[10],
      left: s[11],
      right: s[12],
    });
  }
  return rows;
}

/** Contact rule of the kernel: which rows a place touches, and how (interior or corner). */
function contacts(
  rows: readonly Row[],
  x: number,
  y: number,
  reach: number,
): { row: Row; corner: boolean; d: number }[] {
  const found: { row: Row; corner: boolean; d: number }[] = [];
  for (const row of rows) {
    const dx = x - row.a[0];
    const dy = y - row.a[1];
    const t = dx * row.u[0] + dy * row.u[1];
    const side = dy * row.u[0] - dx * row.u[1];
    if (t >= 0 && t <= row.length && side > 0 && side < reach) found.push({ row, corner: false, d: side });
    const free = row.before[0] === 0 && row.before[1] === 0;
    const d = Math.hypot(dx, dy);
    if (t < 0 && d < reach && (free || dx * row.before[0] + dy * row.before[1] >= 0))
      found.push({ row, corner: true, d });
  }
  return found;
}

const twoRooms: SceneInput = {
  levels: [
    {
      id: 'g',
      outlines: [box(0, 0, 10, 5)],
      walls: [
        {
          path: [
            [6, 0],
            [6, 5],
          ],
          thickness: 0.2,
        },
      ],
    },
  ],
  doors: [
    {
      id: 'd',
      level: 'g',
      line: [
        [6, 2],
        [6, 3],
      ],
    },
  ],
  exits: [
    {
      id: 'e',
      level: 'g',
      line: [
        [10, 2],
        [10, 3],
      ],
    },
  ],
};

describe('rooms and portals', () => {
  test('a plan of two rooms with a door has exactly two rooms, one door portal and one exit portal', () => {
    const world = worldOf(twoRooms);
    expect(world.areas.map(({ kind }) => kind)).toEqual(['room', 'room', 'outside']);
    expect(world.portals.map(({ id }) => id)).toEqual(['d', 'e']);
    const [d, e] = world.portals;
    expect(d.door).toBe(0);
    expect(d.exit).toBe(-1);
    expect(new Set(d.areas)).toEqual(new Set([0, 1]));
    expect(e.areas[1]).toBe(2);
    expect(d.width).toBeCloseTo(1, 4);
    expect(world.doors[0].portal).toBe(0);
    expect(world.exits[0]).toMatchObject({ portal: 1, portals: [1] });
  });

  test('side 0 of a portal lies to the left of its line', () => {
    const world = worldOf(twoRooms);
    for (const portal of world.portals) {
      const [a, b] = portal.line;
      const u = [(b[0] - a[0]) / portal.width, (b[1] - a[1]) / portal.width];
      const m = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
      expect(locateArea(world, 0, m[0] - 0.3 * u[1], m[1] + 0.3 * u[0])).toBe(portal.areas[0]);
      expect(locateArea(world, 0, m[0] + 0.3 * u[1], m[1] - 0.3 * u[0])).toBe(portal.areas[1]);
    }
  });

  test('the rooms share the door line exactly and together have the size of the floor', () => {
    const world = worldOf(twoRooms);
    const rooms = world.areas.filter(({ kind }) => kind === 'room');
    const floor = 10 * 5 - 0.2 * 5 + 0.2 * 1;
    expect(rooms.reduce((sum, { size }) => sum + size, 0)).toBeCloseTo(floor, 6);
    const sheetSize = world.sheets[0].polygons.flat().reduce((sum, ring) => sum + polygonArea(ring), 0);
    expect(sheetSize).toBeCloseTo(floor, 6);
    for (const { polygons, size } of world.areas) {
      expect(polygons.flat().reduce((sum, ring) => sum + polygonArea(ring), 0)).toBeCloseTo(size, 9);
    }
  });

  test('the place of a person, not the centre of their cell, decides on which side of a door they are', () => {
    const world = worldOf(twoRooms);
    for (let k = 0; k < 100; k++) {
      const y = -0.45 + 0.009 * k;
      expect(locateArea(world, 0, 1 - 0.004, y)).toBe(world.portals[0].areas[0]);
      expect(locateArea(world, 0, 1 + 0.004, y)).toBe(world.portals[0].areas[1]);
    }
    expect(locateArea(world, 0, -40, 0)).toBe(-1);
  });

  test('two outlines with a gap between are joined by the door in it', () => {
    const world = worldOf({
      levels: [{ id: 'g', outlines: [box(0, 0, 5, 5), box(5.3, 0, 10, 5)] }],
      doors: [
        {
          id: 'd',
          level: 'g',
          line: [
            [5.15, 2],
            [5.15, 3],
          ],
        },
      ],
      exits: [
        {
          id: 'e',
          level: 'g',
          line: [
            [10, 2],
            [10, 3],
          ],
        },
      ],
    });
    const sizes = world.areas.filter(({ kind }) => kind === 'room').map(({ size }) => size);
    expect(sizes).toHaveLength(2);
    expect(sizes[0] + sizes[1]).toBeCloseTo(25 + 23.5 + 0.3, 5);
    expect(shortestWalk(world, 0, -4, 0)?.distance).toBeCloseTo(9, 1);
  });

  test('outlines of either turn that overlap are one floor', () => {
    const world = worldOf({
      levels: [{ id: 'g', outlines: [box(0, 0, 6, 5), box(4, 0, 10, 5).reverse()] }],
      exits: [
        {
          id: 'e',
          level: 'g',
          line: [
            [10, 2],
            [10, 3],
          ],
        },
      ],
    });
    expect(world.areas[0].size).toBeCloseTo(50, 6);
    expect(world.areas).toHaveLength(2);
  });

  test('a door a little short of its jambs is lengthened to them, one too long is trimmed', () => {
    const gap: SceneInput = {
      levels: [
        {
          id: 'g',
          outlines: [box(0, 0, 10, 5)],
          walls: [
            {
              path: [
                [5, 0],
                [5, 2],
              ],
            },
            {
              path: [
                [5, 3],
                [5, 5],
              ],
            },
          ],
        },
      ],
      exits: [
        {
          id: 'e',
          level: 'g',
          line: [
            [10, 2],
            [10, 3],
          ],
        },
      ],
    };
    const short = worldOf({
      ...gap,
      doors: [
        {
          id: 'd',
          level: 'g',
          line: [
            [5, 2.06],
            [5, 2.95],
          ],
        },
      ],
    });
    expect(short.portals[0].width).toBeCloseTo(1, 4);
    expect(short.areas.filter(({ kind }) => kind === 'room')).toHaveLength(2);
  });

  test('named areas that touch are joined by a portal along their border, and reveals of doors belong to a room', () => {
    const world = worldOf({
      levels: [
        {
          id: 'g',
          outlines: [box(0, 0, 12, 6)],
          walls: [
            {
              path: [
                [8, 0],
                [8, 6],
              ],
              thickness: 0.2,
            },
          ],
          areas: [
            { id: 'hall', polygon: box(0, 0, 4, 6) },
            { id: 'lobby', polygon: box(4, 0, 7.9, 6) },
            { id: 'office', polygon: box(8.1, 0, 12, 6) },
          ],
        },
      ],
      doors: [
        {
          id: 'd',
          level: 'g',
          line: [
            [8, 2],
            [8, 3],
          ],
        },
      ],
      exits: [
        {
          id: 'e',
          level: 'g',
          line: [
            [12, 2],
            [12, 3],
          ],
        },
      ],
    });
    expect(world.areas.map(({ id }) => id)).toEqual(['hall', 'lobby', 'office', 'e/outside']);
    const open = world.portals.find(({ door, exit }) => door < 0 && exit < 0)!;
    expect(new Set(open.areas.map((area) => world.areas[area].id))).toEqual(new Set(['hall', 'lobby']));
    expect(open.width).toBeCloseTo(6, 3);
    const rooms = world.areas.filter(({ kind }) => kind === 'room');
    expect(rooms.reduce((sum, { size }) => sum + size, 0)).toBeCloseTo(72 - 1.2 + 0.2, 4);
    expect(shortestWalk(world, 0, -5, -0.5)?.distance).toBeCloseTo(11, 1);
  });

  test('floor that no name covers is an area of its own', () => {
    const world = worldOf({
      levels: [{ id: 'g', outlines: [box(0, 0, 10, 5)], areas: [{ id: 'a', polygon: box(0, 0, 4, 5) }] }],
      exits: [
        {
          id: 'e',
          level: 'g',
          line: [
            [10, 2],
            [10, 3],
          ],
        },
      ],
    });
    expect(world.areas.map(({ id, size }) => [id, Math.round(size)])).toEqual([
      ['a', 20],
      ['g/1', 30],
      ['e/outside', 2],
    ]);
  });

  test('an exit that is a region has one portal for each area it overlaps', () => {
    const world = worldOf({
      ...twoRooms,
      exits: [{ id: 'e', level: 'g', polygon: box(5, 4, 8, 5) }],
    });
    const { portals } = world.exits[0];
    expect(portals).toHaveLength(2);
    expect(portals.map((p) => world.portals[p].areas[1])).toEqual([-1, -1]);
    expect(new Set(portals.map((p) => world.portals[p].areas[0]))).toEqual(new Set([0, 1]));
    expect(shortestWalk(world, 0, -4, 0.5)?.distance).toBeCloseTo(Math.hypot(4, 1), 1);
  });
});

describe('walls', () => {
  test('the wall of a square with an exit is closed but for the exit, and the sides of the apron go on from the jambs', () => {
    const world = worldOf({
      levels: [{ id: 'g', outlines: [box(0, 0, 1, 1)] }],
      exits: [
        {
          id: 'e',
          level: 'g',
          line: [
            [1, 0.25],
            [1, 0.75],
          ],
        },
      ],
    });
    const rows = rowsOf(world, SegmentKind.wall).filter(({ length }) => length > 0);
    expect(rows.reduce((sum, { length }) => sum + length, 0)).toBeCloseTo(4 - 0.5 + 2 * Math.hypot(1, 0.5), 5);
    // On the line x = 0.5 (local) nothing stands between the jambs.
    for (const { a, b } of rows) {
      if (Math.abs(a[0] - 0.5) < 1e-4 && Math.abs(b[0] - 0.5) < 1e-4) {
        expect(Math.min(Math.abs(a[1]), Math.abs(b[1]))).toBeGreaterThan(0.2499);
      }
    }
    const portal = rowsOf(world, SegmentKind.portal);
    expect(portal).toHaveLength(1);
    expect(portal[0].length).toBeCloseTo(0.5, 5);
  });

  test('walls have the floor to their left', () => {
    const world = worldOf({
      ...twoRooms,
      levels: [{ ...twoRooms.levels[0], furniture: [{ polygon: box(2, 1, 3, 2) }], holes: [box(3, 3, 4, 4)] }],
    });
    for (const { a, b, u, length, left } of rowsOf(world, SegmentKind.wall)) {
      if (length === 0) continue;
      const x = (a[0] + b[0]) / 2 - 0.02 * u[1];
      const y = (a[1] + b[1]) / 2 + 0.02 * u[0];
      expect(left).toBeGreaterThanOrEqual(0);
      const inSome = world.areas.some(({ polygons }) => polygons.some((rings) => polygonContains(rings, x, y)));
      expect(inSome).toBe(true);
    }
  });

  test('a leaf runs from jamb to jamb on the line of its portal and is solid unless open', () => {
    for (const [state, solid] of [
      ['open', 0],
      ['closed', 1],
      ['locked', 1],
      ['chained', 1],
    ] as const) {
      const world = worldOf({ ...twoRooms, doors: [{ ...twoRooms.doors![0], state }] });
      const [leaf] = rowsOf(world, SegmentKind.leaf);
      const [portal] = rowsOf(world, SegmentKind.portal);
      expect(leaf.solid).toBe(solid);
      expect(leaf.length).toBeCloseTo(1, 5);
      expect(leaf.a).toEqual(portal.a);
      expect(leaf.subject).toBe(0);
    }
  });

  test('every place near the walls has its nearest wall as exactly one contact', () => {
    const scenes: SceneInput[] = [
      twoRooms,
      {
        levels: [
          { id: 'g', outlines: [box(0, 0, 10, 6)] },
          { id: 'u', elevation: 3, outlines: [box(0, 0, 4, 6)] },
        ],
        links: [
          {
            id: 's',
            kind: 'stairs',
            from: {
              level: 'g',
              line: [
                [8, 2],
                [8, 3.2],
              ],
            },
            to: {
              level: 'u',
              line: [
                [4, 2],
                [4, 3.2],
              ],
            },
          },
        ],
        exits: [
          {
            id: 'e',
            level: 'g',
            line: [
              [10, 4],
              [10, 5],
            ],
          },
        ],
      },
    ];
    for (const scene of scenes) {
      const world = worldOf(scene);
      world.sheets.forEach((sheet) => {
        const rows = rowsOf(world, SegmentKind.wall).filter((row) => row.sheet === sheet.index);
        const [x0, y0, x1, y1] = world.bounds;
        let checked = 0;
        for (let x = x0; x < x1; x += 0.0371) {
          for (let y = y0; y < y1; y += 0.0417) {
            if (!sheet.polygons.some((rings) => polygonContains(rings, x, y))) continue;
            let nearest = Infinity;
            for (const { a, u, length } of rows) {
              const t = Math.max(0, Math.min(length, (x - a[0]) * u[0] + (y - a[1]) * u[1]));
              nearest = Math.min(nearest, Math.hypot(x - a[0] - t * u[0], y - a[1] - t * u[1]));
            }
            if (nearest > 0.15 || nearest < 0.005) continue;
            // Only contacts with what the place can see count; a 20 cm wall hides its far side at this reach.
            const found = contacts(rows, x, y, 0.15).filter(({ d }) => Math.abs(d - nearest) < 1e-6);
            expect(found.length, `${sheet.id} ${x} ${y} at ${nearest}`).toBe(1);
            checked++;
          }
        }
        expect(checked).toBeGreaterThan(300);
      });
    }
  });

  test('a wall cell lists every segment of its sheet within 0.75 m, ascending', () => {
    const world = worldOf(twoRooms);
    const { grid } = world.sheets[0];
    const { wallCellStart, wallCellItems } = world.views;
    const rows = rowsOf(world);
    for (let x = grid.x0 + 0.05; x < grid.x0 + grid.wallColumns; x += 0.37) {
      for (let y = grid.y0 + 0.05; y < grid.y0 + grid.wallRows; y += 0.41) {
        const cell = grid.wallCellBase + Math.floor(y - grid.y0) * grid.wallColumns + Math.floor(x - grid.x0);
        const listed = [...wallCellItems.subarray(wallCellStart[cell], wallCellStart[cell + 1])];
        expect(listed).toEqual([...new Set(listed)].sort((p, q) => p - q));
        rows.forEach(({ a, u, length }, i) => {
          const t = Math.max(0, Math.min(length, (x - a[0]) * u[0] + (y - a[1]) * u[1]));
          if (Math.hypot(x - a[0] - t * u[0], y - a[1] - t * u[1]) < 0.7499) expect(listed).toContain(i);
        });
      }
    }
  });

  test('mitred joins leave the corner of a bent wall full and a closed wall without a notch', () => {
    const world = worldOf({
      levels: [
        {
          id: 'g',
          outlines: [box(0, 0, 10, 10)],
          walls: [{ path: box(3, 3, 7, 7), thickness: 0.2, closed: true }],
        },
      ],
      exits: [
        {
          id: 'e',
          level: 'g',
          line: [
            [10, 2],
            [10, 3],
          ],
        },
      ],
    });
    const sizes = world.areas.filter(({ kind }) => kind === 'room').map(({ size }) => size);
    expect(sizes.sort((p, q) => p - q)).toEqual([expect.closeTo(3.8 * 3.8, 5), expect.closeTo(100 - 4.2 * 4.2, 5)]);
  });

  test('distance and direction from the nearest wall are exact', () => {
    const world = worldOf(twoRooms);
    const out = new Float64Array(3);
    expect(sampleWallDistance(world, 0, -4.7, 0, out)).toBe(true);
    expect([...out]).toEqual([expect.closeTo(0.3, 6), 1, 0]);
    expect(sampleWallDistance(world, 0, -5.1, 0, out)).toBe(true);
    expect(out[0]).toBeCloseTo(-0.1, 6);
    expect(sampleWallDistance(world, 0, -3, 0, out)).toBe(false);
    expect(out[0]).toBe(0.75);
  });
});

describe('links', () => {
  /** Three storeys 3 m apart, a straight stair from each to the next, the exit on the ground. */
  const tower: SceneInput = {
    levels: [
      { id: 'g', elevation: 0, outlines: [box(0, 0, 20, 4)] },
      { id: 'one', elevation: 3, outlines: [box(0, 0, 20, 4)] },
      { id: 'two', elevation: 6, outlines: [box(0, 0, 20, 4)] },
    ],
    links: [
      {
        id: 'A',
        kind: 'stairs',
        from: {
          level: 'g',
          line: [
            [4, 0],
            [4, 4],
          ],
        },
        to: {
          level: 'one',
          line: [
            [8, 0],
            [8, 4],
          ],
        },
      },
      {
        id: 'B',
        kind: 'stairs',
        from: {
          level: 'one',
          line: [
            [12, 0],
            [12, 4],
          ],
        },
        to: {
          level: 'two',
          line: [
            [16, 0],
            [16, 4],
          ],
        },
      },
    ],
    exits: [
      {
        id: 'e',
        level: 'g',
        line: [
          [0, 1],
          [0, 3],
        ],
      },
    ],
  };

  test('a link is a sheet of its own with a portal at each end and a plane from floor to floor', () => {
    const world = worldOf(tower);
    expect(world.sheets.map(({ id, kind }) => [id, kind])).toEqual([
      ['g', 'level'],
      ['one', 'level'],
      ['two', 'level'],
      ['A', 'link'],
      ['B', 'link'],
    ]);
    const [a, b] = world.links;
    expect(a.run).toBeCloseTo(4, 9);
    expect(a.rise).toBeCloseTo(3, 9);
    expect(a.length).toBeCloseTo(5, 9);
    for (const link of [a, b]) {
      const { plane } = world.sheets[link.sheet];
      for (const end of ['lower', 'upper'] as const) {
        const portal = world.portals[link[end]];
        const [p, q] = portal.line;
        const z = plane[0] + (plane[1] * (p[0] + q[0])) / 2 + (plane[2] * (p[1] + q[1])) / 2;
        const level = world.sheets[world.areas[portal.areas[0]].sheet];
        expect(z).toBeCloseTo(level.plane[0], 6);
        expect(portal.areas[1]).toBe(link.area);
        expect(portal.width).toBeCloseTo(4, 3);
      }
      const sides = rowsOf(world, SegmentKind.wall).filter(({ sheet, length }) => sheet === link.sheet && length > 0);
      expect(sides.map(({ length }) => length)).toEqual([expect.closeTo(4, 4), expect.closeTo(4, 4)]);
    }
    // The edge of the level is open along the link, on both sheets' lists the portal stands.
    const ground = rowsOf(world, SegmentKind.wall).filter(({ sheet }) => sheet === 0);
    expect(
      ground.some(({ a: p, b: q }) => Math.abs(p[0] + 6) < 0.01 && Math.abs(q[0] + 6) < 0.01 && p[1] !== q[1]),
    ).toBe(false);
  });

  test('the shortest walk down three storeys has the length of its straight pieces', () => {
    const world = worldOf(tower);
    // From x = 18 on the top: to 16 on the floor, 5 m of stair to 12, on to 8, 5 m of stair to 4, to the exit at 0.
    const walk = shortestWalk(world, 2, 18 - 10, 0);
    expect(walk?.exit).toBe(0);
    expect(walk?.portals.map((p) => world.portals[p].id)).toEqual(['B:upper', 'B:lower', 'A:upper', 'A:lower', 'e']);
    const exact = 2 + 5 + 4 + 5 + 4;
    expect(Math.abs(walk!.distance - exact)).toBeLessThan(0.005 * exact);
  });

  test('a one-way link and a drop are passed one way only', () => {
    const up = worldOf({ ...tower, links: tower.links!.map((link) => ({ ...link, open: 'up' as const })) });
    expect(shortestWalk(up, 2, 8, 0)).toBeUndefined();
    const drop = worldOf({
      ...tower,
      links: tower.links!.map(({ from, to, ...link }) => ({ ...link, kind: 'drop' as const, from: to, to: from })),
    });
    expect(shortestWalk(drop, 2, 8, 0)?.portals).toHaveLength(5);
    for (const link of drop.links) {
      expect(drop.portals[link.upper].onlyFrom).toBe(0);
      expect(drop.portals[link.lower].onlyFrom).toBe(1);
    }
  });

  test('the portal of a link is listed in the wall cells of both its sheets', () => {
    const world = worldOf(tower);
    const { wallCellStart, wallCellItems, segments } = world.views;
    for (const link of world.links) {
      for (const index of [link.lower, link.upper]) {
        const { line, areas } = world.portals[index];
        for (const sheet of [world.areas[areas[0]].sheet, link.sheet]) {
          const { grid } = world.sheets[sheet];
          const x = (line[0][0] + line[1][0]) / 2;
          const y = (line[0][1] + line[1][1]) / 2;
          const cell = grid.wallCellBase + Math.floor(y - grid.y0) * grid.wallColumns + Math.floor(x - grid.x0);
          const kinds = [...wallCellItems.subarray(wallCellStart[cell], wallCellStart[cell + 1])].filter(
            (i) =>
              segments[i * SEGMENT_FLOATS + 7] === SegmentKind.portal && segments[i * SEGMENT_FLOATS + 8] === index,
          );
          expect(kinds).toHaveLength(1);
        }
      }
    }
  });
});

describe('problems', () => {
  const room: SceneInput = {
    levels: [{ id: 'g', outlines: [box(0, 0, 10, 5)] }],
    exits: [
      {
        id: 'e',
        level: 'g',
        line: [
          [10, 2],
          [10, 3],
        ],
      },
    ],
  };
  const codes = (input: SceneInput): string[] => compileScene(input).issues.map(({ code, path }) => `${code} ${path}`);

  test.each<[string, SceneInput, string]>([
    [
      'a door in the open',
      {
        ...room,
        doors: [
          {
            id: 'd',
            level: 'g',
            line: [
              [5, 2],
              [5, 3],
            ],
          },
        ],
      },
      'door-not-on-wall doors[0].line',
    ],
    [
      'a door in a wall that ends in the open',
      {
        ...room,
        levels: [
          {
            ...room.levels[0],
            walls: [
              {
                path: [
                  [5, 0],
                  [5, 4],
                ],
              },
            ],
          },
        ],
        doors: [
          {
            id: 'd',
            level: 'g',
            line: [
              [5, 2],
              [5, 3],
            ],
          },
        ],
      },
      'door-separates-nothing doors[0].line',
    ],
    [
      'a door on the outline without an exit',
      {
        ...room,
        doors: [
          {
            id: 'd',
            level: 'g',
            line: [
              [0, 2],
              [0, 3],
            ],
          },
        ],
      },
      'door-leads-nowhere doors[0].line',
    ],
    [
      'an exit line in the open',
      {
        ...room,
        exits: [
          {
            id: 'e',
            level: 'g',
            line: [
              [5, 2],
              [5, 3],
            ],
          },
        ],
      },
      'exit-not-on-outline exits[0].line',
    ],
    [
      'an exit line beside the level',
      {
        ...room,
        exits: [
          {
            id: 'e',
            level: 'g',
            line: [
              [12, 2],
              [12, 3],
            ],
          },
        ],
      },
      'exit-not-on-outline exits[0].line',
    ],
    [
      'a door too narrow',
      {
        ...room,
        doors: [
          {
            id: 'd',
            level: 'g',
            line: [
              [5, 2],
              [5, 2.2],
            ],
          },
        ],
      },
      'door-too-narrow doors[0].line',
    ],
    [
      'a link that misses its level',
      {
        ...room,
        levels: [...room.levels, { id: 'u', elevation: 3, outlines: [box(0, 0, 3, 5)] }],
        links: [
          {
            id: 's',
            kind: 'stairs',
            from: {
              level: 'g',
              line: [
                [9, 1],
                [9, 2],
              ],
            },
            to: {
              level: 'u',
              line: [
                [5, 1],
                [5, 2],
              ],
            },
          },
        ],
      },
      'link-off-level links[0].to.line',
    ],
    [
      'a person in a wall',
      { ...room, populations: [{ id: 'p', level: 'g', position: [-1, 2] }] },
      'person-in-wall populations[0].position',
    ],
    [
      'two persons in one place',
      {
        ...room,
        populations: [
          { id: 'p', level: 'g', position: [3, 2] },
          { id: 'q', level: 'g', position: [3.1, 2] },
        ],
      },
      'persons-overlap populations[1].position',
    ],
    [
      'more persons than the room holds',
      { ...room, populations: [{ id: 'p', level: 'g', polygon: box(0, 0, 1, 1), count: 40 }] },
      'population-does-not-fit populations[0]',
    ],
    [
      'a room without a door',
      {
        ...room,
        levels: [
          {
            ...room.levels[0],
            walls: [
              {
                path: [
                  [5, 0],
                  [5, 5],
                ],
              },
            ],
          },
        ],
        populations: [{ id: 'p', level: 'g', polygon: box(0, 0, 4, 5), count: 5 }],
      },
      'no-way-out populations[0]',
    ],
    [
      'an exit beyond a wall',
      {
        ...room,
        levels: [
          {
            ...room.levels[0],
            walls: [
              {
                path: [
                  [5, 0],
                  [5, 5],
                ],
              },
            ],
          },
        ],
        exits: [
          ...room.exits,
          {
            id: 'f',
            level: 'g',
            line: [
              [0, 2],
              [0, 3],
            ],
          },
        ],
        populations: [{ id: 'p', level: 'g', polygon: box(0, 0, 4, 5), count: 5 }],
      },
      'exit-unreachable exits[0]',
    ],
    [
      'a plan in millimetres',
      { ...room, levels: [{ id: 'g', outlines: [box(0, 0, 100_000, 50_000)] }] },
      'too-large levels',
    ],
  ])('%s is reported', (_, input, expected) => {
    expect(codes(input)).toContain(expected);
  });

  test('all problems are reported at once', () => {
    const found = codes({
      ...room,
      doors: [
        {
          id: 'd',
          level: 'g',
          line: [
            [5, 2],
            [5, 3],
          ],
        },
        {
          id: 'f',
          level: 'g',
          line: [
            [0, 2],
            [0, 3],
          ],
        },
      ],
      exits: [
        ...room.exits,
        {
          id: 'x',
          level: 'g',
          line: [
            [5, 1],
            [6, 1],
          ],
        },
      ],
    });
    expect(found).toEqual(
      ['door-not-on-wall doors[0].line', 'door-leads-nowhere doors[1].line', 'exit-not-on-outline exits[1].line'].sort(
        (p, q) => found.indexOf(p) - found.indexOf(q),
      ),
    );
  });

  test('a locked door is a way for the check of ways out, but not for the shortest walk', () => {
    const locked: SceneInput = {
      ...twoRooms,
      doors: [{ ...twoRooms.doors![0], state: 'locked' }],
      populations: [{ id: 'p', level: 'g', polygon: box(0, 0, 4, 5), count: 5 }],
    };
    const world = worldOf(locked);
    expect(shortestWalk(world, 0, -4, 0)).toBeUndefined();
    expect(shortestWalk(world, 0, -4, 0, { throughLocks: true })?.portals).toEqual([0, 1]);
  });
});

describe('symmetry', () => {
  /** Two rooms, a door, an exit, a link up to a gallery, turned and shifted. */
  function turned(angle: number, dx: number, dy: number): SceneInput {
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const at = (x: number, y: number): Corner => [x * c - y * s + dx, x * s + y * c + dy];
    const corners = (...list: Corner[]): Corner[] => list.map(([x, y]) => at(x, y));
    return {
      levels: [
        {
          id: 'g',
          outlines: [corners(...box(0, 0, 10, 5))],
          walls: [{ path: corners([6, 0], [6, 5]), thickness: 0.2 }],
          furniture: [{ polygon: corners(...box(2, 1, 3, 2)) }],
        },
        { id: 'u', elevation: 2, outlines: [corners(...box(-6, 0, -3, 5))] },
      ],
      doors: [{ id: 'd', level: 'g', line: [at(6, 2), at(6, 3)] }],
      exits: [{ id: 'e', level: 'g', line: [at(10, 2), at(10, 3)] }],
      links: [
        {
          id: 's',
          kind: 'stairs',
          from: { level: 'g', line: [at(0, 3), at(0, 4.5)] },
          to: { level: 'u', line: [at(-3, 3), at(-3, 4.5)] },
        },
      ],
    };
  }
  const straight = worldOf(turned(0, 0, 0));
  const wallLength = (world: World): number =>
    rowsOf(world, SegmentKind.wall).reduce((sum, { length }) => sum + length, 0);

  test.each([0.1, 0.4, 0.785398, 1.1, 1.570796, 2.2, 3, 4.4, 5.9])(
    'a plan turned by %d rad has the same rooms, walls and walks',
    (angle) => {
      const [dx, dy] = [123.4567, -9.8765];
      const world = worldOf(turned(angle, dx, dy));
      expect(world.areas.map(({ id }) => id).sort()).toEqual(straight.areas.map(({ id }) => id).sort());
      expect(world.areas.map(({ size }) => size).sort((p, q) => p - q)).toEqual(
        straight.areas
          .map(({ size }) => size)
          .sort((p, q) => p - q)
          .map((size) => expect.closeTo(size, 2)),
      );
      expect(world.portals.map(({ id, width }) => [id, width])).toEqual(
        straight.portals.map(({ id, width }) => [id, expect.closeTo(width, 3)]),
      );
      expect(wallLength(world)).toBeCloseTo(wallLength(straight), 2);
      const long = ({ length }: Row): boolean => length > 0.001;
      expect(rowsOf(world).filter(long).length).toBe(rowsOf(straight).filter(long).length);
      // No wall stands on or across a portal but at its ends.
      for (const portal of world.portals) {
        const [a, b] = portal.line;
        const u = [(b[0] - a[0]) / portal.width, (b[1] - a[1]) / portal.width];
        for (const row of rowsOf(world, SegmentKind.wall)) {
          if (row.length === 0 || row.sheet !== world.areas[portal.areas[0]].sheet) continue;
          for (let k = 0; k <= 50; k++) {
            const x = row.a[0] + ((row.b[0] - row.a[0]) * k) / 50 - a[0];
            const y = row.a[1] + ((row.b[1] - row.a[1]) * k) / 50 - a[1];
            const along = x * u[0] + y * u[1];
            const off = Math.abs(y * u[0] - x * u[1]);
            expect(along > 0.005 && along < portal.width - 0.005 && off < 0.005).toBe(false);
          }
        }
      }
      const upper = world.sheets.findIndex(({ id }) => id === 'u');
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      const place = (w: World, x: number, y: number, co: number, si: number, ox: number, oy: number) =>
        shortestWalk(w, upper, x * co - y * si + ox - w.origin[0], x * si + y * co + oy - w.origin[1])!.distance;
      const walk = place(world, -5, 1, c, s, dx, dy);
      expect(Math.abs(walk / place(straight, -5, 1, 1, 0, 0, 0) - 1)).toBeLessThan(0.01);
    },
  );

  test('outlines that share an oblique edge are one floor without a crack', () => {
    for (let k = 0; k < 40; k++) {
      const [c, s] = [Math.cos(0.157 * k), Math.sin(0.157 * k)];
      const at = ([x, y]: Corner): Corner => [x * c - y * s, x * s + y * c];
      const world = worldOf({
        levels: [{ id: 'g', outlines: [box(0, 0, 5, 5).map(at), box(5, 1, 10, 3).map(at), box(5, 3, 10, 7).map(at)] }],
        exits: [{ id: 'e', level: 'g', line: [at([10, 2]), at([10, 3])] }],
      });
      expect(world.areas.map(({ kind }) => kind)).toEqual(['room', 'outside']);
      expect(world.areas[0].size).toBeCloseTo(25 + 10 + 20, 3);
      expect(world.sheets[0].polygons).toHaveLength(1);
      expect(world.sheets[0].polygons[0]).toHaveLength(1);
    }
  });

  test('exits turned to any side are open to their aprons', () => {
    for (let k = 0; k < 60; k++) {
      const world = worldOf(turned(0.1047 * k + 0.013, 0.37 * k, -0.21 * k));
      const exit = world.portals.find(({ id }) => id === 'e')!;
      const [a, b] = exit.line;
      const nx = (b[1] - a[1]) / exit.width;
      const ny = (a[0] - b[0]) / exit.width;
      const rows = rowsOf(world, SegmentKind.wall);
      for (const t of [0.1, 0.5, 0.9]) {
        const x = a[0] + t * (b[0] - a[0]);
        const y = a[1] + t * (b[1] - a[1]);
        for (const { a: p, b: q } of rows) {
          const side = (s: number) => (q[0] - p[0]) * (y + s * ny - p[1]) - (q[1] - p[1]) * (x + s * nx - p[0]);
          const along = (r: Corner) => (r[0] - x) * -ny + (r[1] - y) * nx;
          const cut = side(-0.5) * side(0.9) < 0 && along(p) * along(q) < 0;
          expect(cut).toBe(false);
        }
        expect(locateArea(world, 0, x + 0.5 * nx, y + 0.5 * ny)).toBe(exit.areas[1]);
      }
    }
  });
});

describe('memory', () => {
  test('columns start at multiples of 16 bytes with room for SIMD tails, and a growing memory renews the views', () => {
    const world = worldOf({ ...twoRooms, populations: [{ id: 'p', level: 'g', count: 33 }] });
    let end = 0;
    for (const [name, kind] of Object.entries(PERSON_COLUMNS)) {
      const offset = columnOffset(world, 'persons', name);
      expect(offset % 16).toBe(0);
      expect(offset).toBeGreaterThanOrEqual(end);
      end = offset + 40 * { f32: 4, i32: 4, u16: 2, i16: 2, u8: 1 }[kind];
    }
    expect(columnOffset(world, 'beliefs')).toBeGreaterThanOrEqual(end);
    expect(world.stateOffset).toBe(65_536);
    const x = [...world.views.persons.x];
    const { views } = world;
    const before = views.persons.x;
    const first = allocate(world, 100);
    const second = allocate(world, 3_000_000);
    expect(first % 16).toBe(0);
    expect(second - first).toBe(112);
    expect(world.views).toBe(views);
    expect(views.persons.x).not.toBe(before);
    expect(views.persons.x.buffer).toBe(world.memory.buffer);
    expect([...views.persons.x]).toEqual(x);
    expect(views.f32.byteLength).toBe(world.memory.buffer.byteLength);
    expect(views.u8.subarray(first, second + 3_000_000).every((byte) => byte === 0)).toBe(true);
  });

  test('the same scenario and seed give the same bytes, another seed others', () => {
    const input: SceneInput = { ...twoRooms, populations: [{ id: 'p', level: 'g', count: 60 }] };
    const bytes = (seed: number): string => {
      const { world } = compileScene(input, seed);
      return hashBytes(world!.views.u8.slice(world!.stateOffset, world!.layout.top));
    };
    expect(bytes(7)).toEqual(bytes(7));
    expect(bytes(7)).not.toEqual(bytes(8));
  });

  test('a plan far from the origin of its coordinates compiles to the same local numbers', () => {
    const shift = ([x, y]: readonly [number, number]): Corner => [x + 500_000, y + 5_000_000];
    const near = worldOf(twoRooms);
    const far = worldOf({
      levels: [
        {
          id: 'g',
          outlines: [box(0, 0, 10, 5).map(shift)],
          walls: [{ path: [shift([6, 0]), shift([6, 5])], thickness: 0.2 }],
        },
      ],
      doors: [{ id: 'd', level: 'g', line: [shift([6, 2]), shift([6, 3])] }],
      exits: [{ id: 'e', level: 'g', line: [shift([10, 2]), shift([10, 3])] }],
    });
    expect(far.origin).toEqual([500_005, 5_000_002.5]);
    expect([...far.views.segments]).toEqual([...near.views.segments]);
  });
});

describe('portals at hand', () => {
  test('the portal within 2.5 m of the area is found, the nearest first', () => {
    const world = worldOf(twoRooms);
    expect(locateNearPortal(world, 0, 0, 0)).toBe(0);
    expect(locateNearPortal(world, 0, 4, 0)).toBe(1);
    expect(locateNearPortal(world, 0, -4, 0)).toBe(-1);
    // In the left room the exit of the right one is no portal, however near.
    expect(locateNearPortal(world, 0, 0.5, 2)).toBe(0);
  });
});

describe.skipIf(!hasPlan('aknz_evac'))('measured plans', () => {
  const cases: [string, number][] = [
    ['aknz_evac', 3],
    ['BUW', 3],
    ['arena', 3],
    ['double_bottleneck', 1],
  ];
  test.each(cases.filter(([name]) => hasPlan(name)))(
    '%s compiles with 300 persons, all with a way to the exit',
    (name) => {
      const [outline, ...holes] = readPlan(name)[0];
      // A region around the inside of a corner serves as the exit.
      const probe = compileScene({
        levels: [{ id: 'g', outlines: [outline], holes }],
        exits: [{ id: 'e', level: 'g', polygon: box(-1e4, -1e4, 1e4, 1e4) }],
      }).world!;
      const sheet = probe.sheets[0];
      const largest = probe.areas.reduce((best, area) => (area.size > best.size ? area : best), probe.areas[0]);
      const [x, y] = largest.polygons[0][0][0];
      const [px, py] = [x + probe.origin[0], y + probe.origin[1]];
      const world = worldOf({
        levels: [{ id: 'g', outlines: [outline], holes }],
        exits: [{ id: 'e', level: 'g', polygon: box(px - 1.5, py - 1.5, px + 1.5, py + 1.5) }],
        populations: [{ id: 'p', level: 'g', count: 300 }],
      });
      const size = Math.abs(polygonArea(outline)) - holes.reduce((sum, ring) => sum + Math.abs(polygonArea(ring)), 0);
      const floor = sheet.polygons.flat().reduce((sum, ring) => sum + polygonArea(ring), 0);
      expect(Math.abs(floor - size) / size).toBeLessThan(0.002);
      expect(world.personCount).toBe(300);
      // Copies: fields built on the way may renew the views.
      const { x: xs, y: ys, area } = world.views.persons;
      const persons = { x: xs.slice(), y: ys.slice(), area: area.slice() };
      let reached = 0;
      for (let i = 0; i < 300; i++) {
        expect(
          world.areas[persons.area[i]].polygons.some((rings) => polygonContains(rings, persons.x[i], persons.y[i])),
        ).toBe(true);
        const walk = shortestWalk(world, 0, persons.x[i], persons.y[i]);
        if (walk === undefined) continue;
        reached++;
        const portal = world.portals[walk.portals[0]];
        const [gx, gy] = portal.line[0];
        expect(walk.distance).toBeGreaterThan(Math.hypot(persons.x[i] - gx, persons.y[i] - gy) - 3);
      }
      expect(reached).toBe(300);
    },
  );
});
