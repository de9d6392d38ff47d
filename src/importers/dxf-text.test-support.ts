/** Writes ASCII DXF for tests: groups as code and value, sections around them. */

type Group = readonly [number, string | number];
type Place = readonly [number, number];

const text = (groups: readonly Group[]): string => groups.map(([code, value]) => `${code}\n${value}\n`).join('');

export const entity = (type: string, layer: string, ...groups: Group[]): string =>
  text([[0, type], [8, layer], ...groups]);

export const line = (layer: string, a: Place, b: Place): string =>
  entity('LINE', layer, [10, a[0]], [20, a[1]], [11, b[0]], [21, b[1]]);

/** `bulges` by corner. */
export const polyline = (
  layer: string,
  points: readonly Place[],
  options: { closed?: boolean; bulges?: Readonly<Record<number, number>>; width?: number } = {},
): string =>
  entity(
    'LWPOLYLINE',
    layer,
    [90, points.length],
    [70, options.closed === false ? 0 : 1],
    ...(options.width === undefined ? [] : [[43, options.width] as const]),
    ...points.flatMap(([x, y], i): Group[] => [
      [10, x],
      [20, y],
      ...(options.bulges?.[i] === undefined ? [] : [[42, options.bulges[i]] as const]),
    ]),
  );

export const arc = (layer: string, centre: Place, radius: number, from: number, to: number): string =>
  entity('ARC', layer, [10, centre[0]], [20, centre[1]], [40, radius], [50, from], [51, to]);

export const insert = (layer: string, name: string, at: Place, ...groups: Group[]): string =>
  entity('INSERT', layer, [2, name], [10, at[0]], [20, at[1]], ...groups);

export const label = (layer: string, at: Place, words: string, height = 0.3): string =>
  entity('TEXT', layer, [10, at[0]], [20, at[1]], [40, height], [1, words]);

export const block = (name: string, content: string, base: Place = [0, 0]): string =>
  text([
    [0, 'BLOCK'],
    [8, '0'],
    [2, name],
    [70, 0],
    [10, base[0]],
    [20, base[1]],
  ]) +
  content +
  text([
    [0, 'ENDBLK'],
    [8, '0'],
  ]);

export const rectangle = (layer: string, x0: number, y0: number, x1: number, y1: number): string =>
  polyline(layer, [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ]);

/** A whole drawing; units by the code of $INSUNITS (6: m, 4: mm). */
export function drawing(
  entities: string,
  options: { units?: number; blocks?: string; version?: string; layers?: string; metric?: 0 | 1 } = {},
): string {
  const section = (name: string, content: string): string => `0\nSECTION\n2\n${name}\n${content}0\nENDSEC\n`;
  const header = text([
    [9, '$ACADVER'],
    [1, options.version ?? 'AC1015'],
    [9, '$INSUNITS'],
    [70, options.units ?? 6],
    ...(options.metric === undefined
      ? []
      : ([
          [9, '$MEASUREMENT'],
          [70, options.metric],
        ] as const)),
  ]);
  const tables = `0\nTABLE\n2\nLAYER\n70\n1\n${options.layers ?? ''}0\nENDTAB\n`;
  return `${section('HEADER', header)}${section('TABLES', tables)}${section('BLOCKS', options.blocks ?? '')}${section('ENTITIES', entities)}0\nEOF\n`;
}
