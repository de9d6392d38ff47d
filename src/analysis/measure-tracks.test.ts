import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readFloor } from '../importers/index.ts';
import { numberPersons, readArchiveText, type Trajectory, trajectoryOfRows } from '../trace/index.ts';
import { findHull, measureTracks, type TrackSubject } from './measure-tracks.ts';

const HALL: [number, number][] = [
  [-40, 0],
  [60, 0],
  [60, 10],
  [-40, 10],
];

function subjectOf(trajectory: Trajectory, polygons: TrackSubject['sheet']['polygons'] = [[HALL]]): TrackSubject {
  const sheet = { id: 'floor', kind: 'level', plane: [0, 0, 0], polygons } as const;
  return { name: 'made up', source: 'here', trajectory, sheet, floorSource: 'given', notes: [] };
}

/** Rows of five abreast, 1 m apart, that walk along x at 1.25 m/s: 1 person/m², 6.25 persons a second. */
function makeMarch(): Trajectory {
  const rows = { frame: [] as number[], person: [] as number[], x: [] as number[], y: [] as number[] };
  for (let frame = 0; frame < 200; frame += 1) {
    for (let person = 0; person < 200; person += 1) {
      rows.frame.push(frame);
      rows.person.push(person);
      rows.x.push(-Math.floor(person / 5) - 0.3 + (1.25 * frame) / 10);
      rows.y.push(3.5 + (person % 5));
    }
  }
  return trajectoryOfRows(10, rows);
}

test('marching rows have the flow, the densities and the speeds that their spacing says', () => {
  const line = [
    [0, 0],
    [0, 10],
  ] as const;
  const ring = [
    [-6, 4],
    [-2, 4],
    [-2, 7],
    [-6, 7],
  ] as const;
  const measures = measureTracks(subjectOf(makeMarch()), {
    lines: [{ name: 'line', line }],
    areas: [{ name: 'area', ring }],
  });
  const { flow } = measures.lines[0]!;
  expect(flow.count).toBe(125);
  // 125 persons come as 25 rows of five at once: (n − 1) gaps in 24 spacings.
  expect(flow.flowWhole).toBeCloseTo(124 / (24 / 1.25), 6);
  expect(measures.lines[0]!.forward + measures.lines[0]!.back).toBe(125);
  const { whole, middle } = measures.areas[0]!;
  expect(whole.voronoi).toBeCloseTo(1, 6);
  expect(middle!.voronoiSpeed).toBeCloseTo(1.25, 5);
  expect(middle!.speed).toBeCloseTo(1.25, 5);
  expect(whole.classic).toBeGreaterThan(0.9);
  expect(measures.speeds!.median).toBeCloseTo(1.25, 5);
  expect(measures.persons).toBe(200);
  expect(measures.offFloor).toBe(0);
  expect(measures.floorArea).toBe(1000);
  expect(JSON.parse(JSON.stringify(measures))).toEqual(measures);
});

test('turning everything with its places changes no measure', () => {
  const march = makeMarch();
  const turned = { ...march, x: march.y.map((y) => -y), y: march.x };
  const places = (turn: (p: [number, number]) => [number, number]) => ({
    lines: [{ name: 'line', line: [turn([0, 0]), turn([0, 10])] as const }],
    areas: [{ name: 'area', ring: [turn([-6, 4]), turn([-2, 4]), turn([-2, 7]), turn([-6, 7])] }],
  });
  const plain = measureTracks(
    subjectOf(march),
    places((p) => p),
  );
  const other = measureTracks(
    subjectOf(turned, [[HALL.map(([x, y]): [number, number] => [-y, x])]]),
    places(([x, y]) => [-y, x]),
  );
  expect(other.lines[0]!.flow).toEqual(plain.lines[0]!.flow);
  expect(other.areas[0]!.voronoi).toEqual(plain.areas[0]!.voronoi);
  expect(other.areas[0]!.classic).toEqual(plain.areas[0]!.classic);
});

test('without lines, areas or people there are measures all the same', () => {
  const nobody = trajectoryOfRows(10, { frame: [], person: [], x: [], y: [] });
  const measures = measureTracks(subjectOf(nobody), { lines: [], areas: [] });
  expect(measures.persons).toBe(0);
  expect(measures.speeds).toBe(null);
  const lone = trajectoryOfRows(10, { frame: [7], person: [3], x: [1], y: [1] });
  const one = measureTracks(subjectOf(lone), {
    lines: [],
    areas: [{ name: 'a', ring: HALL }],
  });
  expect(one.persons).toBe(1);
  expect(one.start).toBe(0.7);
  expect(one.areas[0]!.whole.voronoi).toBeCloseTo(0.001, 9);
  expect(one.areas[0]!.whole.speed).toBe(null);
});

test('the hull holds every position and turns left at every corner', () => {
  const march = makeMarch();
  const hull = findHull(march);
  for (let k = 0; k < hull.length; k += 1) {
    const [ax, ay] = hull[k]!;
    const [bx, by] = hull[(k + 1) % hull.length]!;
    const sides = march.x.map((x, row) => (bx - ax) * (march.y[row]! - ay) - (by - ay) * (x - ax));
    expect(Math.min(...sides.slice(0, 20_000))).toBeGreaterThanOrEqual(-1e-9);
  }
  expect(hull.length).toBe(4);
});

const DATA = '../shared/data';
const GIVEN = { given: existsSync(DATA) };

/** Measured with PedPy 1.5.1 from the same files: means over all frames [1/m²]; flow by `derived/bottleneck_summary.json`. */
const LABORATORY = [
  {
    file: 'bottleneck-hermes2009/ao-300-400_reduced.txt',
    geometry: 'bottleneck-hermes2009/geo_AO_300.xml',
    line: [
      [-0.6, 0],
      [2.4, 0],
    ],
    ring: [
      [-0.1, -2.5],
      [1.9, -2.5],
      [1.9, -0.5],
      [-0.1, -0.5],
    ],
    count: 348,
    flow: 7.158,
    classic: 3.80683,
    voronoi: 3.72853,
  },
] as const;

test.skipIf(!GIVEN.given).each(LABORATORY)(
  '$file measures as PedPy measures it',
  ({ file, geometry, line, ring, ...found }) => {
    const { trajectory } = readArchiveText(readFileSync(`${DATA}/${file}`, 'utf8'));
    const { floor } = readFloor(readFileSync(`${DATA}/${geometry}`, 'utf8'));
    const polygons = floor!.pieces.map(({ outline, holes }) => [outline, ...holes]);
    const measures = measureTracks(subjectOf(numberPersons(trajectory!).trajectory, polygons), {
      lines: [{ name: 'line', line }],
      areas: [{ name: 'area', ring }],
    });
    expect(measures.lines[0]!.flow.count).toBe(found.count);
    expect(measures.lines[0]!.flow.flowMiddle).toBeCloseTo(found.flow, 2);
    expect(measures.areas[0]!.whole.voronoi).toBeCloseTo(found.voronoi, 4);
    // Positions are whole millimetres: some lie exactly on the edge, where PedPy's "inside" differs.
    expect(Math.abs(measures.areas[0]!.whole.classic / found.classic - 1)).toBeLessThan(0.005);
  },
);
