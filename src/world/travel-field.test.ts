import { expect, test } from 'vitest';
import { distanceToSegment, polygonContains } from '../math/index.ts';
import { sampleWallDistance } from './locate.ts';
import { box, type Corner, makeRandom, type SceneInput, sampleAt, worldOf } from './scenes.test-support.ts';
import { fieldCosts, sampleTravelField, travelField } from './travel-field.ts';

type Segment = [Corner, Corner];

function crosses(p: Corner, q: Corner, walls: readonly Segment[]): boolean {
  // A chord between corners may run outside without properly crossing an edge: look at places on it.
  for (let k = 1; k < 16; k++) {
    const x = p[0] + ((q[0] - p[0]) * k) / 16;
    const y = p[1] + ((q[1] - p[1]) * k) / 16;
    let inside = false;
    for (const [a, b] of walls) {
      if (distanceToSegment(x, y, a[0], a[1], b[0], b[1]) < 1e-6) {
        inside = true;
        break;
      }
      if (a[1] > y !== b[1] > y && x < a[0] + ((y - a[1]) / (b[1] - a[1])) * (b[0] - a[0])) inside = !inside;
    }
    if (!inside) return true;
  }
  const turn = (a: Corner, b: Corner, c: Corner) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
  return walls.some(([a, b]) => {
    const d1 = turn(a, b, p);
    const d2 = turn(a, b, q);
    const d3 = turn(p, q, a);
    const d4 = turn(p, q, b);
    return d1 * d2 < -1e-9 && d3 * d4 < -1e-9;
  });
}

/**
 * Exact shortest walk from `start` to `target` (a segment) among polygons' edges: Dijkstra over the corners that see each
 * other. Second implementation of what the field says.
 */
function exactWalk(start: Corner, target: Segment, walls: readonly Segment[], corners: readonly Corner[]): number {
  return exactWalks(target, walls, corners)(start);
}

/** The same for many starts: walks from all corners first. */
function exactWalks(target: Segment, walls: readonly Segment[], corners: readonly Corner[]): (start: Corner) => number {
  const straight = (p: Corner): number => {
    let best = Infinity;
    for (let k = 0; k <= 400; k++) {
      const q: Corner = [
        target[0][0] + ((target[1][0] - target[0][0]) * k) / 400,
        target[0][1] + ((target[1][1] - target[0][1]) * k) / 400,
      ];
      const d = Math.hypot(p[0] - q[0], p[1] - q[1]);
      if (d < best && !crosses(p, q, walls)) best = d;
    }
    return best;
  };
  const best = corners.map(straight);
  const done = corners.map(() => false);
  for (;;) {
    let at = -1;
    best.forEach((d, i) => {
      if (!done[i] && d < Infinity && (at < 0 || d < best[at])) at = i;
    });
    if (at < 0) break;
    done[at] = true;
    corners.forEach((q, i) => {
      const d = best[at] + Math.hypot(corners[at][0] - q[0], corners[at][1] - q[1]);
      if (!done[i] && d < best[i] && !crosses(corners[at], q, walls)) best[i] = d;
    });
  }
  return (start) => {
    let result = straight(start);
    corners.forEach((q, i) => {
      const d = best[i] + Math.hypot(start[0] - q[0], start[1] - q[1]);
      if (d < result && !crosses(start, q, walls)) result = d;
    });
    return result;
  };
}

function edgesOf(rings: readonly Corner[][]): Segment[] {
  return rings.flatMap((ring) => ring.map((p, i): Segment => [p, ring[(i + 1) % ring.length]]));
}

interface Shape {
  readonly name: string;
  readonly outline: Corner[];
  readonly holes: Corner[][];
  readonly exit: Segment;
  readonly starts: Corner[];
}

const SHAPES: Shape[] = [
  {
    name: 'an L',
    outline: [
      [0, 0],
      [10, 0],
      [10, 2],
      [2, 2],
      [2, 10],
      [0, 10],
    ],
    holes: [],
    exit: [
      [10, 0],
      [10, 2],
    ],
    starts: [
      [1, 9.5],
      [0.3, 9],
      [1.7, 8],
      [0.5, 6],
      [1.5, 4],
      [0.4, 2.5],
      [1.8, 2.2],
      [1, 1],
      [5, 1.7],
      [9, 0.4],
    ],
  },
  {
    name: 'a U',
    outline: [
      [0, 0],
      [12, 0],
      [12, 8],
      [9, 8],
      [9, 3],
      [3, 3],
      [3, 8],
      [0, 8],
    ],
    holes: [],
    exit: [
      [9.5, 8],
      [11.5, 8],
    ],
    starts: [
      [0.5, 7.7],
      [2.7, 7.7],
      [1.5, 6],
      [0.3, 4],
      [2.8, 3.5],
      [0.4, 0.4],
      [4, 2.6],
      [6, 0.5],
      [8, 2.8],
      [11, 1],
    ],
  },
  {
    name: 'a slalom of thin walls',
    outline: box(0, 0, 16, 4),
    holes: [box(3, -1, 3.1, 3), box(6, 1, 6.1, 5), box(9, -1, 9.1, 3), box(12, 1, 12.1, 5)],
    exit: [
      [16, 1],
      [16, 3],
    ],
    starts: [
      [0.3, 0.3],
      [0.3, 3.7],
      [1.5, 2],
      [2.8, 0.5],
      [3.4, 0.4],
      [4.5, 2],
      [5.8, 3.7],
      [7, 0.5],
      [8.7, 0.4],
      [10, 3.5],
      [12.5, 3.6],
    ],
  },
  {
    name: 'a convex hole',
    outline: box(0, 0, 14, 10),
    holes: [
      [
        [5, 3],
        [8, 2.2],
        [10, 4.5],
        [8.5, 7.4],
        [5.5, 7],
        [4.2, 5],
      ],
    ],
    exit: [
      [14, 4],
      [14, 5.2],
    ],
    starts: [
      [0.5, 5],
      [1, 1],
      [1, 9],
      [3, 4.6],
      [4, 6.5],
      [5.2, 8],
      [6.5, 1],
      [2, 5.4],
      [8, 8],
      [11, 8],
    ],
  },
];

function shrink([a, b]: Segment): Segment {
  const width = Math.hypot(b[0] - a[0], b[1] - a[1]);
  const share = Math.min(0.2 / width, 0.25);
  return [
    [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])],
    [b[0] - share * (b[0] - a[0]), b[1] - share * (b[1] - a[1])],
  ];
}

function sceneOf(shape: Shape, cell: number): SceneInput {
  return {
    levels: [{ id: 'g', outlines: [shape.outline], holes: shape.holes }],
    exits: [{ id: 'e', level: 'g', line: shape.exit }],
    settings: { cell },
  };
}

for (const shape of SHAPES) {
  for (const cell of [0.1, 0.2, 0.25]) {
    test(`distances in ${shape.name} are within 2 % of the exact shortest walk at cells of ${cell} m`, () => {
      const world = worldOf(sceneOf(shape, cell));
      const rings = [shape.outline, ...shape.holes];
      let worst = 0;
      for (const start of shape.starts) {
        const exact = exactWalk(start, shrink(shape.exit), edgesOf(rings), rings.flat());
        const [found] = sampleAt(world, 0, 0, start[0], start[1]);
        worst = Math.max(worst, Math.abs(found - exact) / exact);
      }
      expect(worst).toBeLessThan(0.02);
    });
  }
}

test('a straight walk through two rooms has exactly the length of the line', () => {
  const world = worldOf({
    levels: [
      {
        id: 'g',
        outlines: [box(0, 0, 20, 6)],
        walls: [
          {
            path: [
              [8, 0],
              [8, 6],
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
          [8, 2],
          [8, 4],
        ],
      },
    ],
    exits: [
      {
        id: 'e',
        level: 'g',
        line: [
          [20, 2],
          [20, 4],
        ],
      },
    ],
  });
  for (const y of [2.5, 3, 3.4]) {
    for (const x of [0.3, 2, 7.9]) expect(sampleAt(world, 0, 0, x, y)[0]).toBeCloseTo(8 - x, 2);
    for (const x of [8.1, 12, 19.9]) expect(sampleAt(world, 1, 0, x, y)[0]).toBeCloseTo(20 - x, 2);
  }
});

test('walking down the field leads to the exit by a way at most 4 % longer than the shortest, never into a wall', () => {
  for (const shape of SHAPES) {
    const world = worldOf(sceneOf(shape, 0.2));
    const [ox, oy] = world.origin;
    const rings = [shape.outline, ...shape.holes];
    const out = new Float64Array(3);
    const wall = new Float64Array(3);
    const field = travelField(world, 0, 0);
    for (const start of shape.starts) {
      let [x, y] = [start[0] - ox, start[1] - oy];
      const [a, b] = world.portals[0].line;
      const step = 0.05;
      let walked = 0;
      for (;;) {
        expect(sampleTravelField(world, field, x, y, out)).toBe(true);
        expect(Math.hypot(out[1], out[2])).toBeCloseTo(1, 12);
        if (sampleWallDistance(world, 0, x, y, wall) && wall[0] < 0.08) {
          expect(out[1] * wall[1] + out[2] * wall[2], `${shape.name} at ${x + ox}, ${y + oy}`).toBeGreaterThan(-1e-6);
        }
        x += step * out[1];
        y += step * out[2];
        walked += step;
        const crossed = (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]) < 0;
        if (crossed || walked > 40) break;
      }
      const exact = exactWalk(start, shrink(shape.exit), edgesOf(rings), rings.flat());
      expect(walked, `${shape.name} from ${start}`).toBeLessThan(1.04 * exact + 0.05);
    }
  }
});

test('the direction turns by less than 20° from one centimetre to the next away from corners and ridges', () => {
  const world = worldOf(sceneOf(SHAPES[3], 0.2));
  const random = makeRandom(5);
  let worst = 0;
  let far = 0;
  for (let k = 0; k < 4000; k++) {
    const x = 1 + 12 * random();
    const y = 1 + 8 * random();
    if (
      distanceToSegment(x, y, 0, 5, 4.2, 5) < 1 ||
      edgesOf([SHAPES[3].holes[0]]).some(([a, b]) => distanceToSegment(x, y, a[0], a[1], b[0], b[1]) < 0.3)
    )
      continue;
    if (polygonContains([SHAPES[3].holes[0]], x, y)) continue;
    const [, ux, uy] = sampleAt(world, 0, 0, x, y);
    const [, vx, vy] = sampleAt(world, 0, 0, x + 0.01 * (random() - 0.5), y + 0.01 * (random() - 0.5));
    worst = Math.max(worst, Math.abs(ux * vy - uy * vx));
    if (ux * vx + uy * vy < 0.9) far++;
  }
  expect(far).toBe(0);
  expect(worst).toBeLessThan(0.34);
});

test('a gap of half a metre stays open at the coarsest cells, straight or oblique', () => {
  for (const turn of [0, 0.3, 0.7]) {
    const rotate = ([x, y]: Corner): Corner => [
      x * Math.cos(turn) - y * Math.sin(turn),
      x * Math.sin(turn) + y * Math.cos(turn),
    ];
    const world = worldOf({
      levels: [
        {
          id: 'g',
          outlines: [box(0, 0, 12, 4).map(rotate)],
          walls: [
            {
              path: [
                [6, -1],
                [6, 1.75],
              ].map((p) => rotate(p as Corner)),
              thickness: 0.6,
            },
            {
              path: [
                [6, 2.25],
                [6, 5],
              ].map((p) => rotate(p as Corner)),
              thickness: 0.6,
            },
          ],
        },
      ],
      exits: [{ id: 'e', level: 'g', line: [rotate([12, 1]), rotate([12, 3])] }],
      settings: { cell: 0.25 },
    });
    const [x, y] = rotate([1, 2]);
    expect(sampleAt(world, 0, 0, x, y)[0]).toBeCloseTo(11, 0);
  }
});

test('a wall of two centimetres stops the field at cells of a quarter of a metre', () => {
  const world = worldOf({
    levels: [
      {
        id: 'g',
        outlines: [box(0, 0, 10, 10)],
        walls: [
          {
            path: [
              [5.03, 0],
              [5.03, 8],
            ],
            thickness: 0.02,
          },
        ],
      },
    ],
    exits: [
      {
        id: 'e',
        level: 'g',
        line: [
          [10, 1],
          [10, 2],
        ],
      },
    ],
    settings: { cell: 0.25 },
  });
  const around = Math.hypot(5.02 - 1, 8 - 1) + 0.02 + Math.hypot(10 - 5.04, 8 - 1.8);
  expect(sampleAt(world, 0, 0, 1, 1)[0] / around).toBeCloseTo(1, 1);
  expect(sampleAt(world, 0, 0, 4.9, 1)[0]).toBeGreaterThan(14);
});

test('beside the end of stairs that stand free on the floor one walks round them, not into their side', () => {
  const world = worldOf({
    levels: [
      { id: 'lower', outlines: [box(0, 0, 20, 8)] },
      { id: 'upper', elevation: 3, outlines: [box(0, 0, 20, 8)] },
    ],
    links: [
      {
        id: 's',
        kind: 'stairs',
        from: {
          level: 'lower',
          line: [
            [12, 1],
            [12, 2.2],
          ],
        },
        to: {
          level: 'upper',
          line: [
            [16, 1],
            [16, 2.2],
          ],
        },
      },
    ],
    exits: [
      {
        id: 'e',
        level: 'lower',
        line: [
          [0, 4],
          [0, 2],
        ],
      },
    ],
  });
  const portal = world.portals.findIndex(({ id }) => id === 's:upper');
  // The stairs reach from x = 12 to 16; one enters them from the east.
  for (const [x, y] of [
    [15.79, 0.81],
    [15.9, 0.75],
    [15.8, 2.4],
  ]) {
    const [distance, ux] = sampleAt(world, portal, 0, x, y);
    const corner = y < 1.6 ? 1 : 2.2;
    const away = Math.hypot(16 - x, corner - y);
    expect(ux).toBeCloseTo((16 - x) / away, 1);
    expect(distance).toBeCloseTo(away + 0.2, 1);
  }
});

test('a field covers the cells of its area only, and is made once', () => {
  const world = worldOf({
    levels: [
      {
        id: 'g',
        outlines: [box(0, 0, 20, 6)],
        walls: [
          {
            path: [
              [8, 0],
              [8, 6],
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
          [8, 2],
          [8, 4],
        ],
      },
    ],
    exits: [
      {
        id: 'e',
        level: 'g',
        line: [
          [20, 2],
          [20, 4],
        ],
      },
    ],
  });
  expect(fieldCosts(world)).toEqual({ cells: 0, bytes: 0, built: 0 });
  const first = travelField(world, 0, 0);
  expect(travelField(world, 0, 0)).toBe(first);
  const { cells, bytes, built } = fieldCosts(world);
  expect(built).toBe(1);
  // 7.95 m × 6 m of cells of 0.2 m, to within the cells along the rim.
  expect(Math.abs(cells - (7.95 * 6) / 0.04)).toBeLessThan(80);
  expect(bytes).toBeLessThan(4 * 3 * cells);
});

/** Tilted pillars, thin stubs and a twelve-cornered column in a hall: many ways of nearly one length. */
function clutter(): Shape {
  const random = makeRandom(11);
  const turned = (x: number, y: number, half: number, count: number): Corner[] => {
    const turn = 6.3 * random();
    return Array.from({ length: count }, (_, k): Corner => {
      const angle = turn + (2 * Math.PI * k) / count;
      return [x + half * Math.cos(angle), y + half * Math.sin(angle)];
    });
  };
  const holes: Corner[][] = [];
  for (let row = 0; row < 4; row++) {
    for (let column = 0; column < 5; column++) {
      const x = 2 + 2.2 * column + 0.5 * random();
      const y = 2 + 2.2 * row + 0.5 * random();
      holes.push(turned(x, y, 0.3 + 0.3 * random(), [4, 3, 12, 4, 5][(row + column) % 5]));
    }
  }
  return {
    name: 'clutter',
    outline: box(0, 0, 13, 11),
    holes,
    exit: [
      [13, 1],
      [13, 3],
    ],
    starts: [],
  };
}

test('among twenty pillars every distance is the exact shortest walk to within a hundredth of a metre', () => {
  const shape = clutter();
  const walls = edgesOf([shape.outline, ...shape.holes]);
  const corners = shape.holes.flat();
  const random = makeRandom(3);
  const exact = exactWalks(shrink(shape.exit), walls, corners);
  for (const cell of [0.1, 0.25]) {
    const world = worldOf(sceneOf(shape, cell));
    const field = world.fields[travelField(world, 0, 0)];
    const { grid } = world.sheets[0];
    const tiles = world.areaTiles[field.area];
    let worst = 0;
    for (let k = 0; k < 60; k++) {
      const column = Math.floor(grid.columns * random());
      const row = Math.floor(grid.rows * random());
      const x = grid.x0 + (column + 0.5) * cell + world.origin[0];
      const y = grid.y0 + (row + 0.5) * cell + world.origin[1];
      const slot = tiles?.slots[((row >> 3) - tiles.ty0) * tiles.columns + (column >> 3) - tiles.tx0] ?? -1;
      const inside = x > 0 && x < 13 && y > 0 && y < 11 && !shape.holes.some((hole) => polygonContains([hole], x, y));
      if (slot < 0 || !inside) continue;
      const value = Math.abs(world.views.f32[field.offset / 4 + 64 * slot + ((row & 7) << 3) + (column & 7)]);
      worst = Math.max(worst, Math.abs(value - exact([x, y])));
    }
    expect(worst).toBeLessThan(0.01);
  }
});
