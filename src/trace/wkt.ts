import { polygonArea } from '../math/index.ts';
import type { Ring, TraceSheet } from './trace.ts';

function ringText(ring: Ring): string {
  const points = ring.map(([x, y]) => `${x} ${y}`);
  return `(${[...points, points[0]].join(', ')})`;
}

/**
 * The walkable floor of a sheet as well-known text [m]: `POLYGON ((outline), (hole) …)`, or for a floor of several pieces
 * `GEOMETRYCOLLECTION (POLYGON …, POLYGON …)`, largest first, as JuPedSim writes it. Rings are closed; numbers have all
 * their digits. A sheet without polygons makes `GEOMETRYCOLLECTION EMPTY`.
 */
export function walkableWkt(sheet: Pick<TraceSheet, 'polygons'>): string {
  const size = (polygon: readonly Ring[]): number => Math.abs(polygonArea(polygon[0] ?? []));
  const polygons = sheet.polygons
    .map((polygon, index) => ({ polygon, index }))
    .sort((a, b) => size(b.polygon) - size(a.polygon) || a.index - b.index)
    .map(({ polygon }) => `POLYGON (${polygon.map(ringText).join(', ')})`);
  if (polygons.length === 0) return 'GEOMETRYCOLLECTION EMPTY';
  return polygons.length === 1 ? polygons[0]! : `GEOMETRYCOLLECTION (${polygons.join(', ')})`;
}
