import { assert } from '../../math/index.ts';
import { allocate, shrinkOf, type World } from '../../world/index.ts';
import type { Crossroads } from '../crossroads.ts';
import { effortOf } from '../route-table.ts';
import { ROW_BYTES } from './table.ts';

/** What the kernel looks the building up in; byte offsets in the world's memory. */
export interface PlanTables {
  readonly sheets: number;
  readonly areas: number;
  readonly portals: number;
  readonly links: number;
  /** Makes travel fields known that were built since the last call. O(new fields). */
  showFields(): void;
}

const NONE = 0xffff;
/** Cells of a tile, and the bit of its entry that says that a portal is near one of them. */
const TILE_CELLS = 64;
const NEAR_PORTAL = 1 << 30;

/**
 * Copies the plan into the world's memory for `assembly/plan.ts`. Rows, at byte offsets (f64 at multiples of 8):
 * sheet: 0 x0, 4 y0, 8 1 / wall cell (f32) · 12 wall columns, 16 wall rows, 20 first wall cell, 24 tile columns, 28 tile rows ·
 * 32 x0, 40 y0, 48 cell, 56 wall cell (f64) · 64 columns, 68 rows · 72 tile index (i32; bit 30 where a portal is near), 76 area (u16), 80 cut links (u8), 84 portal
 * (u16) of each cell: pointers, 88 1 / cell (f64). Area: 0 effort (f64; 1 where it cannot be walked) · 8 sheet, 12 kind (1 link, 2 outside), 16 link, 20 tx0, 24 ty0,
 * 28 columns, 32 rows · 36 slots (pointer, 0 none) · 40 nodes of the route tables (pointer), 44 how many. Portal: 0 ax, 8 ay, 16 bx, 24 by, 32 width, 40 … 64 ends of the target (f64) ·
 * 72, 76 areas, 80 door, 84 link, 88 is a region · 92, 96 fields (pointers, 0 not built) · 104 x, 112 y, 120 radius of its circle (f64). Link: 0 speed up, 8 down, 16 run,
 * 24 length (f64) · 32 is stairs, 36 upper, 40 lower portal. O(cells); 5 bytes a cell.
 */
export function writePlanTables(world: World, { nodes, circles }: Pick<Crossroads, 'nodes' | 'circles'>): PlanTables {
  const { sheets, areas, portals, links } = world;
  assert(areas.length < NONE && portals.length < NONE, 'fewer than 65 535 areas and portals');
  const tables = {
    sheets: allocate(world, Math.max(1, sheets.length) * ROW_BYTES.sheet),
    areas: allocate(world, Math.max(1, areas.length) * ROW_BYTES.area),
    portals: allocate(world, Math.max(1, portals.length) * ROW_BYTES.portal),
    links: allocate(world, Math.max(1, links.length) * ROW_BYTES.link),
  };
  const cellTables = world.tiles.map(({ tileIndex, cellArea, blocked, cellPortal }) => {
    const places = {
      tileIndex: allocate(world, tileIndex.byteLength),
      cellArea: allocate(world, 2 * cellArea.length),
      blocked: allocate(world, blocked.length),
      cellPortal: allocate(world, 2 * cellPortal.length),
    };
    world.views.i32.set(tileIndex, places.tileIndex / 4);
    for (let k = 0; k < tileIndex.length; k++) {
      if (tileIndex[k] < 0) continue;
      const first = tileIndex[k] * TILE_CELLS;
      const isNear = cellPortal.subarray(first, first + TILE_CELLS).some((portal) => portal >= 0);
      if (isNear) world.views.i32[places.tileIndex / 4 + k] |= NEAR_PORTAL;
    }
    const shorts = new Uint16Array(world.memory.buffer);
    for (let k = 0; k < cellArea.length; k++) shorts[places.cellArea / 2 + k] = cellArea[k] < 0 ? NONE : cellArea[k];
    for (let k = 0; k < cellPortal.length; k++)
      shorts[places.cellPortal / 2 + k] = cellPortal[k] < 0 ? NONE : cellPortal[k];
    world.views.u8.set(blocked, places.blocked);
    return places;
  });
  const slotPlaces = world.areaTiles.map((tiles) => {
    if (tiles === undefined) return 0;
    const place = allocate(world, tiles.slots.byteLength);
    world.views.i32.set(tiles.slots, place / 4);
    return place;
  });

  const nodePlaces = nodes.map((own) => {
    const place = allocate(world, Math.max(4, own.byteLength));
    world.views.i32.set(own, place / 4);
    return place;
  });

  const view = new DataView(world.memory.buffer);
  const put = (start: number, floats: readonly number[], at: number, integers: readonly number[]): void => {
    floats.forEach((value, k) => {
      view.setFloat64(start + 8 * k, value, true);
    });
    integers.forEach((value, k) => {
      view.setInt32(start + at + 4 * k, value, true);
    });
  };
  sheets.forEach(({ grid }, index) => {
    const row = tables.sheets + ROW_BYTES.sheet * index;
    const { tileColumns, tileRows } = world.tiles[index];
    const places = cellTables[index];
    view.setFloat32(row, grid.x0, true);
    view.setFloat32(row + 4, grid.y0, true);
    view.setFloat32(row + 8, 1 / grid.wallCell, true);
    put(row + 12, [], 0, [grid.wallColumns, grid.wallRows, grid.wallCellBase, tileColumns, tileRows]);
    put(row + 32, [grid.x0, grid.y0, grid.cell, grid.wallCell], 32, [
      grid.columns,
      grid.rows,
      places.tileIndex,
      places.cellArea,
      places.blocked,
      places.cellPortal,
    ]);
    view.setFloat64(row + 88, 1 / grid.cell, true);
  });
  areas.forEach(({ sheet, kind, link }, index) => {
    const tiles = world.areaTiles[index];
    const effort = effortOf(world, index);
    put(tables.areas + ROW_BYTES.area * index, [Number.isFinite(effort) ? effort : 1], 8, [
      sheet,
      kind === 'link' ? 1 : kind === 'outside' ? 2 : 0,
      link,
      tiles?.tx0 ?? 0,
      tiles?.ty0 ?? 0,
      tiles?.columns ?? 0,
      tiles?.rows ?? 0,
      slotPlaces[index],
      nodePlaces[index],
      nodes[index].length,
    ]);
  });
  portals.forEach((portal, index) => {
    const { line, width, areas: sides, door, link, region } = portal;
    const [a, b] = line;
    const share = shrinkOf(portal);
    const dx = b[0] - a[0];
    const dy = b[1] - a[1];
    const target = [a[0] + share * dx, a[1] + share * dy, b[0] - share * dx, b[1] - share * dy];
    put(tables.portals + ROW_BYTES.portal * index, [...a, ...b, width, ...target], 72, [
      ...sides,
      door,
      link,
      region === undefined ? 0 : 1,
      0,
      0,
    ]);
    put(tables.portals + ROW_BYTES.portal * index + 104, [...circles.subarray(3 * index, 3 * index + 3)], 0, []);
  });
  links.forEach(({ speedUp, speedDown, run, length, kind, upper, lower }, index) => {
    put(tables.links + ROW_BYTES.link * index, [speedUp, speedDown, run, length], 32, [
      kind === 'stairs' ? 1 : 0,
      upper,
      lower,
    ]);
  });

  let shown = 0;
  function showFields(): void {
    for (; shown < world.fields.length; shown++) {
      const { portal, side, offset } = world.fields[shown];
      world.views.i32[(tables.portals + ROW_BYTES.portal * portal + 92) / 4 + side] = offset;
    }
  }
  showFields();
  return { ...tables, showFields };
}
