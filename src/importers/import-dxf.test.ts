import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadScenario, overlapArea, type Scenario } from '../scenario/index.ts';
import { compileWorld, type World } from '../world/index.ts';
import { arc, block, drawing, entity, insert, label, line, polyline, rectangle } from './dxf-text.test-support.ts';
import { detectImporter, type ImportOptions, importDxf } from './index.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const EXIT = { exits: ['10,3 10,4'] };

function load(text: string, options: ImportOptions = {}) {
  const result = importDxf(bytes(text), options);
  const loaded = result.scenario === undefined ? undefined : loadScenario(JSON.stringify(result.scenario));
  const compiled = loaded?.scenario === undefined ? undefined : compileWorld(loaded.scenario);
  const errors = [...result.issues, ...(loaded?.issues ?? []), ...(compiled?.issues ?? [])].filter(
    ({ severity }) => severity === 'error',
  );
  return { ...result, errors, scenario: loaded?.scenario as Scenario, world: compiled?.world as World };
}

/** Walkable floor as compiled [m²]. */
const size = (world: World): number =>
  world.areas.filter(({ kind }) => kind === 'room').reduce((sum, area) => sum + area.size, 0);
const floorArea = ({ levels: [level] }: Scenario): number =>
  overlapArea(level.outlines, level.outlines) -
  (level.holes.length === 0 ? 0 : overlapArea(level.outlines, level.holes));
const codes = (text: string, options: ImportOptions = {}): string[] =>
  importDxf(bytes(text), options).issues.map(({ code }) => code);

test('a closed outline on JuPedSim’s layer is the floor, an obstacle a hole, an exit and persons are as drawn', () => {
  const text = drawing(
    rectangle('jps-walkablearea', 0, 0, 10, 8) +
      rectangle('jps-obstacles', 4, 3, 5, 5) +
      rectangle('jps-exits', 9.5, 3, 10, 4) +
      rectangle('jps-distributions', 1, 1, 3, 3) +
      entity('MTEXT', 'jps-parameters', [10, 1.5], [20, 2], [40, 0.3], [1, 'number=7\\Pradius=0.2']),
  );
  const { scenario, world, errors, report } = load(text);
  expect(errors).toEqual([]);
  expect(floorArea(scenario)).toBeCloseTo(78, 9);
  expect(scenario.exits.map(({ polygon }) => polygon)).toEqual([
    [
      [9.5, 3],
      [10, 3],
      [10, 4],
      [9.5, 4],
    ],
  ]);
  expect(world.personCount).toBe(7);
  expect(report.ignored).toContain('1 × radius=… of persons');
});

test.each([
  [
    'four lines',
    line('floor', [0, 0], [10, 0]) +
      line('floor', [10, 8], [10, 0]) +
      line('floor', [10, 8], [0, 8]) +
      line('floor', [0, 0], [0, 8]),
  ],
  [
    'a polyline of R12',
    `${entity('POLYLINE', 'FLOOR', [66, 1], [70, 1], [10, 0], [20, 0])}${[
      [0, 0],
      [10, 0],
      [10, 8],
      [0, 8],
    ]
      .map(([x, y]) => entity('VERTEX', 'FLOOR', [10, x], [20, y]))
      .join('')}${entity('SEQEND', 'FLOOR')}`,
  ],
  ['a face', entity('3DFACE', 'Boden', [10, 0], [20, 0], [11, 10], [21, 0], [12, 10], [22, 8], [13, 0], [23, 8])],
  [
    'a solid, whose corners run like a Z',
    entity('SOLID', 'Boden', [10, 0], [20, 0], [11, 10], [21, 0], [12, 0], [22, 8], [13, 10], [23, 8]),
  ],
  [
    'a hatch',
    entity(
      'HATCH',
      'A-FLOR',
      [10, 0],
      [20, 0],
      [70, 1],
      [91, 1],
      [92, 3],
      [72, 0],
      [73, 1],
      [93, 4],
      [10, 0],
      [20, 0],
      [10, 10],
      [20, 0],
      [10, 10],
      [20, 8],
      [10, 0],
      [20, 8],
      [97, 0],
    ),
  ],
  [
    'a hatch of edges',
    entity(
      'HATCH',
      'A-FLOR',
      [10, 0],
      [20, 0],
      [91, 1],
      [92, 1],
      [93, 4],
      [72, 1],
      [10, 0],
      [20, 0],
      [11, 10],
      [21, 0],
      [72, 1],
      [10, 10],
      [20, 0],
      [11, 10],
      [21, 8],
      [72, 1],
      [10, 10],
      [20, 8],
      [11, 0],
      [21, 8],
      [72, 1],
      [10, 0],
      [20, 8],
      [11, 0],
      [21, 0],
      [97, 0],
    ),
  ],
  [
    'an outline seen from below',
    entity(
      'LWPOLYLINE',
      'floor',
      [90, 4],
      [70, 1],
      [210, 0],
      [220, 0],
      [230, -1],
      ...[
        [0, 0],
        [-10, 0],
        [-10, 8],
        [0, 8],
      ].flatMap(([x, y]) => [[10, x] as const, [20, y] as const]),
    ),
  ],
])('a floor of 80 m² is read from %s', (_, entities) => {
  const { scenario, errors } = load(drawing(entities), EXIT);
  expect(errors).toEqual([]);
  expect(floorArea(scenario)).toBeCloseTo(80, 6);
});

test('curves lie within the sagitta: half discs, circles, ellipses have their areas up to it', () => {
  for (const sagitta of [0.05, 0.01, 0.001]) {
    // A stadium of 10 m by 8 m: bulge 1 is half a circle.
    const stadium = polyline(
      'floor',
      [
        [0, 0],
        [10, 0],
        [10, 8],
        [0, 8],
      ],
      { bulges: { 1: 1, 3: 1 } },
    );
    const area = 80 + Math.PI * 16;
    const found = floorArea(load(drawing(stadium), { sagitta, exits: ['5,0 6,0'] }).scenario);
    // What chords leave out of a disc: less than its circumference times the sagitta.
    expect(area - found).toBeGreaterThan(0);
    expect(area - found).toBeLessThan(2 * Math.PI * 4 * sagitta);
    const holes =
      rectangle('floor', 0, 0, 20, 20) +
      entity('CIRCLE', 'columns', [10, 5], [20, 5], [40, 2]) +
      entity('ELLIPSE', 'columns', [10, 14], [20, 14], [11, 4], [21, 0], [40, 0.5], [41, 0], [42, 2 * Math.PI]);
    const left = floorArea(load(drawing(holes), { sagitta, exits: ['0,9 0,11'] }).scenario);
    expect(left - (400 - Math.PI * 4 - Math.PI * 8)).toBeGreaterThan(0);
    expect(left - (400 - Math.PI * 4 - Math.PI * 8)).toBeLessThan(2 * Math.PI * 6 * sagitta);
  }
});

test('a quadratic spline encloses the area of its parabola: two thirds of its triangle', () => {
  // Control points (0,0), (5,6), (10,0): with its chord 2/3 of half of 10 × 6.
  const spline = entity(
    'SPLINE',
    'floor',
    [70, 8],
    [71, 2],
    [72, 6],
    [73, 3],
    [40, 0],
    [40, 0],
    [40, 0],
    [40, 1],
    [40, 1],
    [40, 1],
    [10, 0],
    [20, 0],
    [10, 5],
    [20, 6],
    [10, 10],
    [20, 0],
  );
  const { scenario, errors } = load(drawing(spline + line('floor', [10, 0], [0, 0])), {
    sagitta: 0.001,
    exits: ['4,0 5,0'],
  });
  expect(errors).toEqual([]);
  expect(floorArea(scenario)).toBeGreaterThan(20 - 0.02);
  expect(floorArea(scenario)).toBeLessThan(20 + 1e-6);
});

test.each([
  [4, 1000, 'mm'],
  [5, 100, 'cm'],
  [2, 1 / 0.3048, 'ft'],
  [1, 1 / 0.0254, 'in'],
  [21, 3937 / 1200, 'US survey ft'],
])('$INSUNITS %d: the drawing’s unit is told and turned to metres', (units, scale, name) => {
  const { scenario, report } = load(drawing(rectangle('floor', 0, 0, 10 * scale, 8 * scale), { units }), EXIT);
  expect(floorArea(scenario)).toBeCloseTo(80, 4);
  expect(report.read[0]).toBe(`unit: ${name} ($INSUNITS)`);
});

test('a drawing without a unit is taken by its size, and that is said; --unit overrules all', () => {
  const large = drawing(rectangle('floor', 0, 0, 10_000, 8000), { units: 0 });
  expect(codes(large, EXIT)).toEqual(['unit-guessed']);
  expect(floorArea(load(large, EXIT).scenario)).toBeCloseTo(80, 6);
  const wrong = drawing(rectangle('floor', 0, 0, 1000, 800), { units: 6 });
  expect(floorArea(load(wrong, { ...EXIT, unit: 'cm' }).scenario)).toBeCloseTo(80, 6);
});

test('nearly closed outlines are healed up to the tolerance, each gap told; wider ones are named', () => {
  const open = (gap: number): string =>
    drawing(
      line('floor', [0, 0], [10, 0]) +
        line('floor', [10, gap], [10, 8]) +
        line('floor', [10, 8], [0, 8]) +
        line('floor', [0, 8], [0, 0]),
    );
  const healed = load(open(0.03), EXIT);
  expect(healed.errors).toEqual([]);
  expect(floorArea(healed.scenario)).toBeCloseTo(80, 6);
  expect(healed.report.repaired).toEqual(['floor: closed a gap of 30 mm at (10, 0.015) m (tolerance 50 mm)']);
  expect(codes(open(0.2), EXIT)).toEqual(['ring-not-closed', 'no-floor']);
  expect(floorArea(load(open(0.2), { ...EXIT, tolerance: 0.25 }).scenario)).toBeCloseTo(80, 6);
});

test('blocks are placed with their base, scale, turn and mirror, arrays place by place, layer 0 on the placing’s layer', () => {
  // A column of 1 × 1 drawn in cm about (50, 50), placed in 3 columns and 2 rows, turned by 90°.
  const blocks = block('P', rectangle('0', 0, 0, 100, 100), [50, 50]);
  const text = drawing(
    rectangle('floor', 0, 0, 20, 20) +
      insert('Stützen', 'P', [5, 5], [41, 0.01], [42, -0.01], [50, 90], [70, 3], [71, 2], [44, 4], [45, 6]),
    { blocks },
  );
  const { scenario, errors, report } = load(text, { exits: ['0,9 0,11'] });
  expect(errors).toEqual([]);
  const middles = scenario.levels[0].holes
    .map((ring) =>
      [0, 1].map((axis) => Math.round((ring.reduce((sum, p) => sum + p[axis], 0) / ring.length) * 1e6) / 1e6),
    )
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  // Turned by 90°, columns run up and rows to the left.
  expect(middles).toEqual(
    [
      [-1, 5],
      [-1, 9],
      [-1, 13],
      [5, 5],
      [5, 9],
      [5, 13],
    ].sort((a, b) => a[0] - b[0] || a[1] - b[1]),
  );
  expect(overlapArea(scenario.levels[0].holes, scenario.levels[0].holes)).toBeCloseTo(6, 6);
  expect(report.read.join()).toContain('6 blocks placed');
});

test('blocks inside each other are followed; one inside itself is told and left out', () => {
  const blocks =
    block('INNER', rectangle('obstacle', 0, 0, 1, 1)) +
    block('OUTER', insert('0', 'INNER', [2, 0]) + insert('0', 'OUTER', [1, 1]) + insert('0', 'NOWHERE', [1, 1]));
  const { scenario, report } = load(
    drawing(rectangle('floor', 0, 0, 20, 20) + insert('x', 'OUTER', [4, 4], [50, 180]), { blocks }),
    { exits: ['0,9 0,11'] },
  );
  const [hole] = scenario.levels[0].holes;
  expect(Math.min(...hole.map(([x]) => x))).toBeCloseTo(1, 6);
  expect(Math.max(...hole.map(([, y]) => y))).toBeCloseTo(4, 6);
  expect(report.ignored).toContain('1 × INSERT on layer x: of block OUTER inside itself');
  expect(report.ignored).toContain('1 × INSERT on layer x: of block NOWHERE, which the file does not have');
});

/** A house of 10 × 8 m inside, walls of 0.3 m, an inner wall of 0.2 m at x = 4.9 … 5.1 with a door of 1 m, an outer door of 1 m at the right. */
const HOUSE = {
  faces:
    line('A-WALL', [-0.3, -0.3], [10.3, -0.3]) +
    line('A-WALL', [10.3, -0.3], [10.3, 3]) +
    line('A-WALL', [10.3, 4], [10.3, 8.3]) +
    line('A-WALL', [10.3, 8.3], [-0.3, 8.3]) +
    line('A-WALL', [-0.3, 8.3], [-0.3, -0.3]) +
    line('A-WALL', [0, 0], [4.9, 0]) +
    line('A-WALL', [4.9, 0], [4.9, 3]) +
    line('A-WALL', [4.9, 3], [5.1, 3]) +
    line('A-WALL', [5.1, 3], [5.1, 0]) +
    line('A-WALL', [5.1, 0], [10, 0]) +
    line('A-WALL', [10, 0], [10, 3]) +
    line('A-WALL', [10, 3], [10.3, 3]) +
    line('A-WALL', [10, 4], [10.3, 4]) +
    line('A-WALL', [10, 4], [10, 8]) +
    line('A-WALL', [10, 8], [5.1, 8]) +
    line('A-WALL', [5.1, 8], [5.1, 4]) +
    line('A-WALL', [5.1, 4], [4.9, 4]) +
    line('A-WALL', [4.9, 4], [4.9, 8]) +
    line('A-WALL', [4.9, 8], [0, 8]) +
    line('A-WALL', [0, 8], [0, 0]),
  // Hinge at the origin, shut along +x, open along +y.
  door: block('DOOR100', line('0', [0, 0], [0, 1]) + arc('0', [0, 0], 1, 0, 90)),
};

test('walls drawn as double lines enclose the floor; door blocks give hinge, swing and the way out', () => {
  const text = drawing(
    HOUSE.faces +
      // Shut from (5, 3) to (5, 4): turned by 90°, it opens towards −x; outer door, mirrored, from (10.15, 4) down, opening to +x.
      insert('A-DOOR', 'DOOR100', [5, 3], [50, 90]) +
      insert('A-DOOR', 'DOOR100', [10.15, 4], [50, -90]) +
      label('A-AREA-IDEN', [2, 4], 'Office') +
      label('A-AREA-IDEN', [7, 4], 'Hall') +
      label('A-AREA-IDEN', [7, 3.4], '39.2 m²', 0.2),
    { blocks: HOUSE.door },
  );
  const { scenario, world, errors, report } = load(text, { persons: 20 });
  expect(errors).toEqual([]);
  expect(scenario.doors.map(({ line: ends, hinge, swing, leaf }) => ({ ends, hinge, swing, leaf }))).toEqual([
    {
      ends: [
        [5, 3],
        [5, 4],
      ],
      hinge: 'first',
      swing: 'left',
      leaf: 'single',
    },
    {
      ends: [
        [10.15, 4],
        [10.15, 3],
      ],
      hinge: 'first',
      swing: 'left',
      leaf: 'single',
    },
  ]);
  expect(scenario.exits).toEqual([{ id: 'exit by door 2', level: 'ground', door: 'door 2' }]);
  expect(
    world.areas
      .filter(({ kind }) => kind === 'room')
      .map(({ id }) => id)
      .sort(),
  ).toEqual(['Hall', 'Office']);
  // 4.9 × 8 and 4.9 × 8, and in the doorways 1 × 0.2 and 1 × 0.15 up to the exit's line.
  expect(size(world)).toBeCloseTo(2 * 39.2 + 0.2 + 0.15, 1);
  expect(report.read.join('\n')).toContain('doors: 2, 1 of them to the outside');
  expect(world.doors.map(({ width }) => width)[0]).toBeCloseTo(1, 2);
});

test('the same house as single lines, as filled outlines and as wide lines has the same rooms', () => {
  const walls: [number, number, number, number][] = [
    [-0.15, -0.15, 10.15, -0.15],
    [10.15, -0.15, 10.15, 3],
    [10.15, 4, 10.15, 8.15],
    [10.15, 8.15, -0.15, 8.15],
    [-0.15, 8.15, -0.15, -0.15],
    [5, 0, 5, 3],
    [5, 4, 5, 8],
  ];
  const doors = insert('Türen', 'DOOR100', [5, 3], [50, 90]) + insert('Türen', 'DOOR100', [10.15, 4], [50, -90]);
  const single = walls.map(([a, b, c, d]) => line('Wände', [a, b], [c, d])).join('');
  const wide = walls
    .map(([a, b, c, d]) =>
      polyline(
        'WAND',
        [
          [a, b],
          [c, d],
        ],
        { closed: false, width: 0.2 },
      ),
    )
    .join('');
  const filled = walls
    .map(([a, b, c, d]) => {
      const [x0, x1, y0, y1] = [
        Math.min(a, c) - 0.1,
        Math.max(a, c) + 0.1,
        Math.min(b, d) - (a === c ? 0 : 0.1),
        Math.max(b, d) + (a === c ? 0 : 0.1),
      ];
      return entity(
        'SOLID',
        'Mauerwerk',
        [10, x0],
        [20, y0],
        [11, x1],
        [21, y0],
        [12, x0],
        [22, y1],
        [13, x1],
        [23, y1],
      );
    })
    .join('');
  for (const entities of [single, wide, filled]) {
    const { scenario, world, errors } = load(drawing(entities + doors, { blocks: HOUSE.door }), { wallThickness: 0.2 });
    expect(errors).toEqual([]);
    expect(scenario.exits.map(({ door }) => door)).toEqual(['door 2']);
    const rooms = world.areas.filter(({ kind }) => kind === 'room');
    expect(rooms.length).toBe(2);
    // Inner sides: −0.05 … 4.9 by −0.05 … 8.05, and a doorway.
    for (const room of rooms) expect(Math.abs(room.size - 4.95 * 8.1)).toBeLessThan(0.25);
  }
});

test('a double door is two arcs that end at one latch; a leaf that is not drawn is told by the wall', () => {
  const walls =
    rectangle('wall', -0.2, -0.2, 10.2, 8.2) +
    line('wall', [0, 0], [10, 0]) +
    line('wall', [10, 0], [10, 8]) +
    line('wall', [10, 8], [0, 8]) +
    line('wall', [0, 8], [0, 5]) +
    line('wall', [0, 3], [0, 0]);
  const cut =
    walls.replace(
      rectangle('wall', -0.2, -0.2, 10.2, 8.2),
      polyline(
        'wall',
        [
          [-0.2, 3],
          [-0.2, -0.2],
          [10.2, -0.2],
          [10.2, 8.2],
          [-0.2, 8.2],
          [-0.2, 5],
        ],
        { closed: false },
      ),
    ) +
    line('wall', [-0.2, 3], [0, 3]) +
    line('wall', [-0.2, 5], [0, 5]);
  // Hinges at (−0.1, 3) and (−0.1, 5), latch at (−0.1, 4), opening outwards to x = −1.1.
  const doors =
    arc('door', [-0.1, 3], 1, 90, 180) +
    line('door', [-0.1, 3], [-1.1, 3]) +
    arc('door', [-0.1, 5], 1, 180, 270) +
    line('door', [-0.1, 5], [-1.1, 5]);
  const { scenario, errors } = load(drawing(cut + doors));
  expect(errors).toEqual([]);
  expect(scenario.doors.length).toBe(1);
  expect(scenario.doors[0]).toMatchObject({
    line: [
      [-0.1, 3],
      [-0.1, 5],
    ],
    leaf: 'double',
    swing: 'left',
  });
  expect(scenario.exits.map(({ door }) => door)).toEqual(['door 1']);
});

test('walls that are open without a door are shut there, and the opening is an exit that is said to be guessed', () => {
  const { scenario, report, errors } = load(drawing(HOUSE.faces));
  expect(errors).toEqual([]);
  expect(scenario.exits.length).toBe(1);
  const [[ax, ay], [bx, by]] = scenario.exits[0].line!;
  expect(Math.abs(ax - bx)).toBeLessThan(1e-6);
  expect(Math.min(ay, by)).toBeCloseTo(3, 2);
  expect(Math.max(ay, by)).toBeCloseTo(4, 2);
  expect(report.guessed.join('\n')).toContain('open in 1 place');
});

test('layers can be told: by name, with stars; a wrong name or role is an error that names the right ones', () => {
  const text = drawing(rectangle('100', 0, 0, 10, 8) + rectangle('200-A', 4, 4, 5, 5) + rectangle('200-B', 7, 4, 8, 5));
  const { scenario } = load(text, { ...EXIT, layers: { '100': 'floor', '200*': 'obstacle' } });
  expect(floorArea(scenario)).toBeCloseTo(78, 6);
  const plain = load(text, { ...EXIT, layers: { '200*': 'ignore' } });
  expect(floorArea(plain.scenario)).toBeCloseTo(80, 6);
  const [issue] = importDxf(bytes(text), { ...EXIT, layers: { '300': 'floor' } }).issues;
  expect(issue.code).toBe('unknown-layer');
  expect(issue.message).toContain('"100"');
});

test('what cannot be taken over is counted by kind and layer', () => {
  const text = drawing(
    rectangle('floor', 0, 0, 10, 8) +
      entity('DIMENSION', 'Bemassung', [10, 1], [20, 1]) +
      entity('DIMENSION', 'Bemassung', [10, 1], [20, 2]) +
      entity('WIPEOUT', 'x', [10, 1]) +
      line('Achsen', [0, 0], [5, 5]) +
      line('mystery', [0, 0], [5, 5]) +
      entity('LINE', 'floor', [67, 1], [10, 0], [20, 0], [11, 1], [21, 1]),
  );
  expect(load(text, EXIT).report.ignored).toEqual([
    '2 × DIMENSION on layer Bemassung: of a kind that is not read',
    '1 × WIPEOUT on layer x: of a kind that is not read',
    '1 entity in paper space or invisible',
    '1 × LINE on layer Achsen (ignore)',
    '1 × LINE on layer mystery (nothing tells what they are)',
  ]);
});

test('layers that are off or frozen are left out and told', () => {
  const layers = '0\nLAYER\n2\nfloor\n70\n0\n62\n7\n0\nLAYER\n2\nobstacles\n70\n1\n62\n7\n';
  const text = drawing(rectangle('floor', 0, 0, 10, 8) + rectangle('obstacles', 4, 4, 5, 5), { layers });
  const { scenario, report } = load(text, EXIT);
  expect(floorArea(scenario)).toBeCloseTo(80, 6);
  expect(report.ignored[0]).toContain('layer obstacles, which is off or frozen');
  expect(floorArea(load(text, { ...EXIT, layers: { obstacles: 'obstacle' } }).scenario)).toBeCloseTo(79, 6);
});

test('names with ä, ö, ü are read from UTF-8, code pages and escapes', () => {
  const text = drawing(rectangle('Gehfläche', 0, 0, 10, 8), { version: 'AC1009' });
  const latin = Uint8Array.from([...text].map((c) => c.charCodeAt(0)));
  for (const file of [bytes(text), latin, bytes(text.replaceAll('ä', '\\U+00E4'))])
    expect(importDxf(file, EXIT).report.guessed).toContain('floor: layer Gehfläche, by name');
});

test.each([
  ['binary DXF', 'AutoCAD Binary DXF\r\n\u001a\u0000', ['dxf-binary']],
  ['DWG', 'AC1027\u0000\u0000', ['dwg-file']],
  ['nothing', '', ['dxf-syntax']],
  ['prose', 'This is\nno drawing\n', ['dxf-syntax']],
  ['a drawing of nothing', drawing(''), ['no-floor']],
  ['no number', drawing(rectangle('floor', 0, 0, Number.NaN, 8)), ['dxf-number', 'dxf-number']],
  [
    'too large a number',
    drawing(rectangle('floor', 0, 0, 10.5, 8)).replaceAll('10.5', '1e999'),
    ['dxf-number', 'dxf-number'],
  ],
  ['the other side of the universe', drawing(rectangle('floor', 0, 0, 1e12, 8)), ['impossible-value']],
  [
    'a bow tie',
    drawing(
      polyline('floor', [
        [0, 0],
        [10, 8],
        [10, 0],
        [0, 9],
      ]),
    ),
    ['polygon-self-crossing'],
  ],
])('refused: %s', (_, text, expected) => {
  const { issues, scenario } = importDxf(Uint8Array.from([...text].map((c) => c.charCodeAt(0))), EXIT);
  expect(issues.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual(expected);
  expect(scenario).toBeUndefined();
});

test('a drawing is recognised by its ending and by its first lines', () => {
  expect(detectImporter('a.DXF', bytes('x'))?.name).toBe('dxf');
  expect(detectImporter('a.txt', bytes('  0\r\nSECTION\r\n  2\r\nHEADER\r\n'))?.name).toBe('dxf');
  expect(detectImporter('a.txt', bytes('999\nmade by hand\n0\nSECTION\n'))?.name).toBe('dxf');
});

const DATA = '../shared/data/geometry';
describe.skipIf(!existsSync(DATA))('drawings of the field', () => {
  test('ISO-Office has its twelve rooms, their doors as gaps, two exits and thirteen persons', () => {
    const { world, errors, scenario } = load(readFileSync(`${DATA}/ISO-Office.dxf`, 'utf8'), { gaps: true });
    expect(errors).toEqual([]);
    expect(world.personCount).toBe(13);
    expect(scenario.exits.length).toBe(2);
    const rooms = world.areas.filter(({ kind, size: area }) => kind === 'room' && area > 7 && area < 13);
    expect(rooms.length).toBe(12);
    // Every room has just one way, a gap of a door's width.
    for (const { portals } of rooms) {
      expect(portals.length).toBe(1);
      expect(world.portals[portals[0]].width).toBeGreaterThan(0.65);
      expect(world.portals[portals[0]].width).toBeLessThan(0.95);
    }
  });

  test('ISO-Corner is an L with one exit and twenty persons', () => {
    const { world, errors } = load(readFileSync(`${DATA}/ISO-Corner.dxf`, 'utf8'));
    expect(errors).toEqual([]);
    expect([world.personCount, world.exits.length]).toEqual([20, 1]);
  });
});
