import type { Ring, RunHeader } from './trace.ts';

type Position = readonly [number, number];

interface Feature {
  readonly type: 'Feature';
  readonly properties: Readonly<Record<string, unknown>>;
  readonly geometry: Readonly<Record<string, unknown>>;
}

const closed = (ring: Ring): Position[] => [...ring, ring[0]!];

/**
 * The plan as GeoJSON text, a feature a line: the floor of every sheet (`kind` level or link), its walls as lines (every ring of the floor
 * less the stretches where exits are), and doors, exits, openings and links as lines or regions with their widths. Coordinates
 * are the plan's own [m], which RFC 7946 does not foresee: the file says so, and with `epsg` names their system in the
 * older member `crs`, which GIS programs read.
 */
export function exportGeojson(
  header: Pick<RunHeader, 'name' | 'sheets'> & Partial<Pick<RunHeader, 'portals'>>,
  options: { readonly epsg?: number } = {},
): string {
  const features: Feature[] = [];
  header.sheets.forEach((sheet, index) => {
    const exits = (header.portals ?? []).filter((portal) => portal.sheet === index && portal.kind === 'exit');
    for (const rings of sheet.polygons) {
      features.push({
        type: 'Feature',
        properties: { kind: sheet.kind, sheet: sheet.id, plane: sheet.plane },
        geometry: { type: 'Polygon', coordinates: rings.map(closed) },
      });
    }
    const walls = sheet.polygons.flat().flatMap((ring) =>
      wallLines(
        ring,
        exits.map(({ line }) => line),
      ),
    );
    if (walls.length > 0) {
      features.push({
        type: 'Feature',
        properties: { kind: 'wall', sheet: sheet.id },
        geometry: { type: 'MultiLineString', coordinates: walls },
      });
    }
  });
  for (const portal of header.portals ?? []) {
    const { id, kind, sheet, line, region, width, door, exit, link, areas } = portal;
    features.push({
      type: 'Feature',
      properties: { kind, id, sheet: header.sheets[sheet]?.id, width, door, exit, link, areas },
      geometry:
        region !== undefined && region.length >= 3
          ? { type: 'Polygon', coordinates: [closed(region)] }
          : { type: 'LineString', coordinates: line },
    });
  }
  const system =
    options.epsg === undefined
      ? { coordinates: 'metres in the plan’s own system, not longitude and latitude' }
      : { crs: { type: 'name', properties: { name: `urn:ogc:def:crs:EPSG::${options.epsg}` } } };
  const head = JSON.stringify({ type: 'FeatureCollection', name: header.name, ...system }).slice(0, -1);
  return `${head},"features":[\n${features.map((feature) => JSON.stringify(feature)).join(',\n')}\n]}\n`;
}

/** The edges of a ring that are wall, joined into lines: what lies on an exit's line is left out. */
function wallLines(ring: Ring, exits: readonly (readonly [Position, Position])[]): Position[][] {
  const lines: Position[][] = [];
  const put = (from: Position, to: Position): void => {
    const last = lines[lines.length - 1];
    const end = last?.[last.length - 1];
    if (last !== undefined && end![0] === from[0] && end![1] === from[1]) last.push(to);
    else lines.push([from, to]);
  };
  ring.forEach((from, k) => {
    const to = ring[(k + 1) % ring.length]!;
    const dx = to[0] - from[0];
    const dy = to[1] - from[1];
    const square = dx * dx + dy * dy;
    if (square === 0) return;
    const along = ([x, y]: Position): number => ((x - from[0]) * dx + (y - from[1]) * dy) / square;
    const off = ([x, y]: Position): number => Math.abs((x - from[0]) * dy - (y - from[1]) * dx) / Math.sqrt(square);
    const gaps = exits
      .filter((exit) => off(exit[0]) < 0.01 && off(exit[1]) < 0.01)
      .map((exit) => [Math.min(along(exit[0]), along(exit[1])), Math.max(along(exit[0]), along(exit[1]))] as const)
      .filter(([a, b]) => b > 0 && a < 1)
      .sort((one, other) => one[0] - other[0]);
    const point = (share: number): Position =>
      share <= 0 ? from : share >= 1 ? to : [from[0] + share * dx, from[1] + share * dy];
    let at = 0;
    for (const [a, b] of gaps) {
      if (a > at) put(point(at), point(a));
      at = Math.max(at, b);
    }
    if (at < 1) put(point(at), to);
  });
  return lines;
}
