import { expect, test } from 'vitest';
import { loadScenario, overlapArea, type Scenario } from '../scenario/index.ts';
import { compileWorld, type World } from '../world/index.ts';
import { detectImporter, type ImportOptions, importGeojson, importWkt } from './index.ts';

const bytes = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const EXIT = { exits: ['10,3 10,4'] };

function load(value: unknown, options: ImportOptions = {}) {
  const result = importGeojson(bytes(value), options);
  const loaded = result.scenario === undefined ? undefined : loadScenario(JSON.stringify(result.scenario));
  const compiled = loaded?.scenario === undefined ? undefined : compileWorld(loaded.scenario);
  const errors = [...result.issues, ...(loaded?.issues ?? []), ...(compiled?.issues ?? [])].filter(
    ({ severity }) => severity === 'error',
  );
  return { ...result, errors, scenario: loaded?.scenario as Scenario, world: compiled?.world as World };
}

const floorArea = ({ levels: [level] }: Scenario): number =>
  overlapArea(level.outlines, level.outlines) -
  (level.holes.length === 0 ? 0 : overlapArea(level.outlines, level.holes));
const box = (x0: number, y0: number, x1: number, y1: number): number[][] => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
  [x0, y0],
];
const polygon = (...rings: number[][][]) => ({ type: 'Polygon', coordinates: rings });
const feature = (geometry: unknown, properties: Record<string, unknown> = {}) => ({
  type: 'Feature',
  properties,
  geometry,
});
const collection = (...features: unknown[]) => ({ type: 'FeatureCollection', features });
const HALL = polygon(box(0, 0, 10, 8));

test.each([
  ['a bare polygon', HALL],
  ['a feature', feature(HALL)],
  ['a collection of features', collection(feature(HALL))],
  [
    'a collection of geometries',
    { type: 'GeometryCollection', geometries: [{ type: 'GeometryCollection', geometries: [HALL] }] },
  ],
  ['a multipolygon of halves', { type: 'MultiPolygon', coordinates: [[box(0, 0, 5, 8)], [box(5, 0, 10, 8)]] }],
  ['positions with heights', polygon(box(0, 0, 10, 8).map(([x, y]) => [x, y, 3.2]))],
  ['a hole and a floor about it', polygon(box(0, 0, 10, 9), box(2, 2, 7, 4))],
])('a hall of 80 m² is read from %s', (_, value) => {
  const { scenario, errors } = load(value, EXIT);
  expect(errors).toEqual([]);
  expect(floorArea(scenario)).toBeCloseTo(80, 6);
});

test('features are what their properties say, by role, by OpenStreetMap’s tags and by IMDF’s types', () => {
  const value = collection(
    feature(polygon(box(0, 0, 10, 8)), { role: 'floor' }),
    feature(polygon(box(4, 3, 5, 5)), { obstacle: true }),
    feature(polygon(box(1, 1, 2, 2)), { feature_type: 'fixture' }),
    feature(
      {
        type: 'LineString',
        coordinates: [
          [7, 0],
          [7, 3],
        ],
      },
      { indoor: 'wall' },
    ),
    feature(
      {
        type: 'LineString',
        coordinates: [
          [7, 4],
          [7, 8],
        ],
      },
      { indoor: 'wall', thickness: 0.2 },
    ),
    feature(
      {
        type: 'LineString',
        coordinates: [
          [7, 3],
          [7, 4],
        ],
      },
      { indoor: 'door', name: 'North door', state: 'locked' },
    ),
    feature(
      {
        type: 'LineString',
        coordinates: [
          [10, 3],
          [10, 4],
        ],
      },
      { kind: 'exit', name: 'Street' },
    ),
    feature(polygon(box(0, 6, 2, 8)), { role: 'persons', count: 5 }),
    feature({ type: 'Point', coordinates: [3, 3] }, { amenity: 'bench' }),
  );
  const { scenario, world, errors, report } = load(value);
  expect(errors).toEqual([]);
  expect(floorArea(scenario)).toBeCloseTo(78, 6);
  const [level] = scenario.levels;
  expect([level.furniture.length, level.walls.length, level.walls[1].thickness]).toEqual([1, 2, 0.2]);
  expect(scenario.doors).toMatchObject([
    {
      id: 'North door',
      state: 'locked',
      line: [
        [7, 3],
        [7, 4],
      ],
    },
  ]);
  expect(scenario.exits.map(({ id }) => id)).toEqual(['Street']);
  expect(world.personCount).toBe(5);
  expect(report.ignored.join()).toContain('1 × point: a point');
});

test('rooms with names are areas; a door that is a point gets its line from the wall beside it', () => {
  const value = collection(
    feature(polygon(box(0, 0, 5, 8)), { indoor: 'room', name: 'Office' }),
    feature(polygon(box(5, 0, 10, 8)), { indoor: 'room', name: { de: 'Flur' } }),
    feature({ type: 'Point', coordinates: [5, 4] }, { door: 'yes', width: '1.2' }),
    feature({ type: 'Point', coordinates: [9.9, 2] }, { entrance: 'main' }),
  );
  const { scenario, world, errors, report } = load(value);
  expect(errors).toEqual([]);
  expect(world.areas.filter(({ kind }) => kind === 'room').map(({ id }) => id)).toEqual(['Office', 'Flur']);
  expect(scenario.doors.map(({ line: [a, b] }) => [a[0], Math.abs(b[1] - a[1])])).toEqual([
    [5, expect.closeTo(1.2, 6)],
    [10, expect.closeTo(0.9, 6)],
  ]);
  expect(scenario.exits.map(({ door }) => door)).toEqual(['door 2']);
  expect(report.guessed.join('\n')).toContain('walls of 0.1 m around 2 rooms');
  // The walls part the rooms: people go through the door.
  const inner = world.portals.filter(({ areas }) => areas.every((area) => world.areas[area].kind === 'room'));
  expect(inner.map(({ width }) => width)).toEqual([expect.closeTo(1.2, 1)]);
});

test('levels are told by a property, or by the height of what lies on them', () => {
  const told = collection(
    feature(HALL, { level: 0 }),
    feature(HALL, { level: '1', elevation: 4.2 }),
    feature(
      {
        type: 'LineString',
        coordinates: [
          [10, 3],
          [10, 4],
        ],
      },
      { role: 'exit', level: 0 },
    ),
    feature(
      {
        type: 'LineString',
        coordinates: [
          [0, 3],
          [0, 4],
        ],
      },
      { role: 'exit', level: 1 },
    ),
  );
  const { scenario, issues } = load(told, { persons: 11 });
  expect(scenario.levels.map(({ id, elevation }) => [id, elevation])).toEqual([
    ['0', 0],
    ['1', 4.2],
  ]);
  expect(scenario.populations.map(({ count }) => count)).toEqual([6, 5]);
  expect(scenario.exits.map(({ level }) => level)).toEqual(['0', '1']);
  expect(issues.map(({ code }) => code)).toEqual(['levels-not-linked']);
  const high = collection(
    feature(polygon(box(0, 0, 10, 8).map(([x, y]) => [x, y, 0]))),
    feature(polygon(box(0, 0, 9, 8).map(([x, y]) => [x, y, 3]))),
  );
  expect(
    load(high, { exits: ['0 m:10,3 10,4', '3 m:9,3 9,4'] }).scenario.levels.map(({ id, elevation }) => [id, elevation]),
  ).toEqual([
    ['0 m', 0],
    ['3 m', 3],
  ]);
});

/** Metres per degree of latitude and of longitude at a latitude, on WGS 84. @source its axes; radii of curvature */
function degreeLengths(lat: number): [number, number] {
  const [a, f] = [6_378_137, 1 / 298.257223563];
  const e2 = f * (2 - f);
  const phi = (lat * Math.PI) / 180;
  const w = Math.sqrt(1 - e2 * Math.sin(phi) ** 2);
  const meridian = (a * (1 - e2)) / w ** 3;
  const prime = (a / w) * Math.cos(phi);
  return [(meridian * Math.PI) / 180, (prime * Math.PI) / 180];
}

test.each([0.0001, 47.3769, -33.86, 60])(
  'degrees become metres: sides and area by the ellipsoid’s radii at latitude %d',
  (lat) => {
    const [north, east] = degreeLengths(lat);
    const [width, depth] = [100, 60];
    const ring = box(8.54, lat, 8.54 + width / east, lat + depth / north);
    const open = { ...EXIT, guessExits: true, exits: [] };
    const wanted = width * depth;
    for (const value of [
      collection(feature(polygon(ring))),
      { ...polygon(ring), crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:OGC:1.3:CRS84' } } },
    ]) {
      const { scenario, errors } = load(value, open);
      expect(errors).toEqual([]);
      expect(Math.abs(floorArea(scenario) / wanted - 1)).toBeLessThan(3e-5);
    }
    const wkt = `SRID=4326;POLYGON ((${ring.map((point) => point.join(' ')).join(', ')}))`;
    const read = importWkt(bytes(wkt), open);
    expect(Math.abs(floorArea(loadScenario(JSON.stringify(read.scenario)).scenario!) / wanted - 1)).toBeLessThan(3e-5);
  },
);

test('web Mercator is not taken for metres: its lengths are too long by 1 / cos(latitude)', () => {
  const radius = 6_378_137;
  const lat = 60;
  const y = radius * Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
  const value = polygon(box(1_000_000, y, 1_000_200, y + 200));
  const { scenario, report } = load({ ...value, crs: { type: 'name', properties: { name: 'EPSG:3857' } } });
  const [north, east] = degreeLengths(lat);
  const degree = (radius * Math.PI) / 180;
  // A metre of the map is cos φ / degree of latitude there.
  const wanted = (200 / degree) * east * ((200 / degree) * Math.cos((lat * Math.PI) / 180) * north);
  expect(Math.abs(floorArea(scenario) / wanted - 1)).toBeLessThan(1e-4);
  expect(report.read[0]).toMatch(/^coordinates: EPSG:3857, projected/);
});

test('metric codes are taken as they are; a code that does not fit is an error', () => {
  const utm = polygon(box(500_000, 5_600_000, 500_010, 5_600_008));
  const named = (name: string) => ({ ...utm, crs: { type: 'name', properties: { name } } });
  expect(floorArea(load(named('urn:ogc:def:crs:EPSG::25832')).scenario)).toBeCloseTo(80, 6);
  expect(floorArea(load(utm).scenario)).toBeCloseTo(80, 6);
  expect(load(named('EPSG:4326')).errors.map(({ code }) => code)).toEqual(['plan-not-in-degrees']);
  expect(load(named('EPSG:4326'), { epsg: 25832 }).errors).toEqual([]);
  expect(load(polygon(box(50, 120, 50.001, 120.001)), { epsg: 4326 }).errors[0].message).toContain('latitude first');
  expect(load(named('LOCAL')).issues.map(({ code }) => code)).toContain('crs-unknown');
});

test.each([
  ['', ['empty-file']],
  ['{', ['not-json']],
  ['[]', ['no-floor']],
  ['{"type":"Topology"}', ['geojson-syntax']],
  ['{"type":"FeatureCollection","features":7}', ['geojson-syntax']],
  ['{"type":"Polygon","coordinates":[[[0,0],[1,"x"],[1,1],[0,0]]]}', ['geojson-syntax']],
  ['{"type":"Polygon","coordinates":[[[0,0],[1e999,0],[1,1],[0,0]]]}', ['geojson-syntax']],
  ['{"type":"Polygon","coordinates":[[[0,0],[NaN,0],[1,1],[0,0]]]}', ['not-json']],
  ['{"type":"Polygon","coordinates":[0]}', ['geojson-syntax']],
  ['{"type":"Point","coordinates":[1,2]}', ['no-floor']],
  ['{"type":"FeatureCollection","features":[]}', ['no-floor']],
  [
    JSON.stringify(
      polygon([
        [0, 0],
        [10, 8],
        [10, 0],
        [0, 9],
        [0, 0],
      ]),
    ),
    ['polygon-self-crossing'],
  ],
  [`${'{"type":"GeometryCollection","geometries":['.repeat(100)}${']}'.repeat(100)}`, ['too-deep']],
])('refused: %# %j', (text, expected) => {
  const { issues, scenario } = importGeojson(bytes(text), EXIT);
  expect([...new Set(issues.filter(({ severity }) => severity === 'error').map(({ code }) => code))]).toEqual(expected);
  expect(scenario).toBeUndefined();
});

test('GeoJSON is recognised by its ending and by its type, other JSON is not', () => {
  expect(detectImporter('a.geojson', bytes('x'))?.name).toBe('geojson');
  expect(detectImporter('a.json', bytes(collection(feature(HALL))))?.name).toBe('geojson');
  expect(detectImporter('a.json', bytes({ crashbar: 1 }))).toBeUndefined();
});

test('walls along the edge of the floor say nothing new; between rooms, or with a thickness, they do', () => {
  const ring = { type: 'LineString', coordinates: box(0, 0, 10, 8) };
  const plain = load(
    collection(feature(HALL, { kind: 'level', sheet: 'a' }), feature(ring, { kind: 'wall', sheet: 'a' })),
    EXIT,
  );
  expect(plain.scenario.levels[0].walls).toEqual([]);
  expect(plain.scenario.levels[0].id).toBe('a');
  const thick = load(collection(feature(HALL), feature(ring, { kind: 'wall', thickness: 0.3 })), EXIT);
  expect(thick.scenario.levels[0].walls.length).toBe(1);
  const rooms = load(
    collection(
      feature(polygon(box(0, 0, 5, 8)), { indoor: 'room' }),
      feature(polygon(box(5, 0, 10, 8)), { indoor: 'room' }),
      feature(
        {
          type: 'LineString',
          coordinates: [
            [5, 0],
            [5, 7],
          ],
        },
        { indoor: 'wall' },
      ),
    ),
    EXIT,
  );
  expect(rooms.scenario.levels[0].walls.length).toBe(1);
});
