import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { polygonArea } from '../math/index.ts';
import { type FloorResult, readFloor } from './read-floor.ts';
import { scanXml } from './scan-xml.ts';

const areaOf = ({ floor }: FloorResult): number =>
  floor!.pieces.reduce(
    (sum, { outline, holes }) =>
      sum + Math.abs(polygonArea(outline)) - holes.reduce((part, hole) => part + Math.abs(polygonArea(hole)), 0),
    0,
  );

const vertices = (points: string): string =>
  points
    .split(' ')
    .map((point) => `<vertex px="${point.split(',')[0]}" py="${point.split(',')[1]}"/>`)
    .join('');

test('well-known text: polygons that meet are one floor, holes stay', () => {
  const two =
    'GEOMETRYCOLLECTION (POLYGON ((0 0, 5 0, 5 5, 0 5, 0 0)), POLYGON ((5 0, 9 0, 9 5, 5 5, 5 0), (6 1, 7 1, 7 2, 6 2, 6 1)))';
  const result = readFloor(two);
  expect(result.floor!.pieces.length).toBe(1);
  expect(areaOf(result)).toBeCloseTo(44, 6);
  expect(readFloor('POINT (1 2)').issues[0]!.code).toBe('floor-empty');
  expect(readFloor('POLYGON ((0 0, 1').issues.length).toBeGreaterThan(0);
});

test('JuPedSim’s XML: walls with gaps for doors are chained to a room, obstacles are holes', () => {
  const xml = `<?xml version="1.0"?><!-- made by hand --><geometry version="0.8" unit="m"><rooms>
    <room id="0"><subroom id="0"><polygon caption="wall">${vertices('0,0 4,0 4,1')}</polygon>
    <polygon caption="wall">${vertices('0,0 0,3 4,3 4,2')}</polygon>
    <obstacle id="0"><polygon>${vertices('1,1 2,1 2,2 1,2 1,1')}</polygon></obstacle></subroom></room></rooms>
    <transitions><transition id="0">${vertices('4,1 4,2')}</transition></transitions></geometry>`;
  const result = readFloor(xml);
  expect(result.floor!.format).toBe('jupedsim-xml');
  expect(areaOf(result)).toBeCloseTo(11, 6);
  expect(readFloor(xml.replace('unit="m"', 'unit="km"')).issues[0]!.code).toBe('floor-unit');
  expect(readFloor(xml.replace('px="4"', 'px="x"')).issues[0]!.code).toBe('floor-not-numbers');
});

test('crowd:it’s XML: one wall is the outline, several are holes in the box round them', () => {
  const wall = (points: string): string =>
    `<wall>${points
      .split(' ')
      .map((point) => `<point x="${point.split(',')[0]}" y="${point.split(',')[1]}"/>`)
      .join('')}</wall>`;
  const one = readFloor(`<floor><layer>${wall('0,0 4,0 4,3 0,3')}</layer></floor>`);
  expect(areaOf(one)).toBeCloseTo(12, 6);
  const several = readFloor(`<floor><layer>${wall('0,0 1,0 1,1 0,1')}${wall('9,9 10,9 10,10 9,10')}</layer></floor>`);
  expect(areaOf(several)).toBeCloseTo(10.002 ** 2 - 2, 3);
});

test('Vadere’s scenario: bounds less the border inside them and the obstacles', () => {
  const topography = {
    attributes: { bounds: { x: 0, y: 0, width: 20, height: 10 }, boundingBoxWidth: 0.5, bounded: true },
    obstacles: [
      { id: 1, shape: { type: 'RECTANGLE', x: 5, y: 4, width: 2, height: 2 } },
      {
        id: 2,
        shape: {
          type: 'POLYGON',
          points: [
            { x: 10, y: 4 },
            { x: 12, y: 4 },
            { x: 11, y: 6 },
          ],
        },
      },
    ],
  };
  for (const key of ['scenario', 'vadere']) {
    expect(areaOf(readFloor(JSON.stringify({ name: 'x', [key]: { topography } })))).toBeCloseTo(19 * 9 - 4 - 2, 6);
  }
  expect(readFloor('{"scenario": {}}').issues[0]!.code).toBe('floor-not-known');
  expect(readFloor('{"scenario": ').issues[0]!.code).toBe('floor-not-json');
});

const VADERE = '../shared/data/scenarios/rimea_05_react.scenario';
test.skipIf(!existsSync(VADERE))('a scenario of Vadere’s own tests has a floor', () => {
  expect(areaOf(readFloor(readFileSync(VADERE, 'utf8')))).toBeGreaterThan(10);
});

test('XML that is none, traps and cut files are refused with the reason', () => {
  expect(scanXml('<a><b/></a>').root!.children[0]!.name).toBe('b');
  expect(scanXml('<a x="1>2" y=\'3\'/>').root!.attributes).toEqual({ x: '1>2', y: '3' });
  for (const text of [
    '',
    'no tags',
    '<a>',
    '<a></b>',
    '<a',
    '<!DOCTYPE a [<!ENTITY b "c">]><a/>',
    '<a>'.repeat(100),
    '<!-- <a/>',
  ]) {
    expect(scanXml(text).fault).toBeTypeOf('string');
  }
});

test('any text is a floor or a refusal', () => {
  const piece = fc.constantFrom(
    'POLYGON',
    '((',
    '))',
    '0 0',
    ',',
    '1 5',
    '-3e400 NaN',
    '<geometry unit="m">',
    '<subroom>',
    '<polygon>',
    '<vertex px="1" py="2"/>',
    '</polygon>',
    '</subroom>',
    '</geometry>',
    '{"scenario":',
    '"topography"',
    '}',
    ' ',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 30 }), (pieces) => {
      const { floor, issues } = readFloor(pieces.join(''));
      expect(floor === undefined).toBe(issues.length > 0);
    }),
    { numRuns: 500 },
  );
});
