import { buildField } from './build-field.ts';
import { TILE_CELLS } from './cell-tables.ts';
import { allocate } from './layout.ts';
import type { Portal, TravelField, World } from './world.ts';

/** A region of one area to which people go, with its travel field once somebody asked for it. */
export interface Region {
  readonly area: number;
  /** The region as a portal is described, so that fields can be built and read (`index` −1). */
  readonly target: Portal;
  /** A cache: what it holds follows from the plan, so it is no state. */
  field: TravelField | undefined;
}

/** A region of an area; `centre` is a place in it, `size` how large it is [m²]. */
export function makeRegion(
  area: number,
  id: string,
  ring: readonly (readonly [number, number])[],
  centre: readonly [number, number],
  size: number,
): Region {
  const target = {
    index: -1,
    id,
    areas: [area, -1] as const,
    line: [centre, centre] as const,
    width: 2 * Math.sqrt(size / Math.PI),
    region: ring,
    door: -1,
    exit: -1,
    link: -1,
    onlyFrom: -1,
  };
  return { area, target, field: undefined };
}

/**
 * Travel field to a region over the cells of its area, made on the first call and kept: everybody who goes there shares it. Making it costs
 * what a portal's field does (`castField`) and may grow the memory.
 */
export function regionField(world: World, region: Region): TravelField {
  if (region.field !== undefined) return region.field;
  const { area, target } = region;
  const size = TILE_CELLS * (world.areaTiles[area]?.count ?? 0);
  const offset = allocate(world, 4 * size);
  const cells = buildField(world, target, 0, world.views.f32.subarray(offset / 4, offset / 4 + size));
  region.field = { portal: -1, side: 0, area, offset, cells, target };
  return region.field;
}
