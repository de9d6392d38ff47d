import { type CastTarget, castField } from './cast-field.ts';
import { PLAIN, TILE, TILE_CELLS, visitSpans } from './cell-tables.ts';
import { marchRest } from './march-rest.ts';
import { makeSightTable } from './sight-table.ts';
import type { AreaTiles, Portal, World } from './world.ts';

/** The target is shorter than the portal by this at each end, or a quarter of the width where that is less [m]. */
const SHRINK = 0.2;
/** A target that no cell sees starts from the nearest cell within this [m]. */
const TARGET_REACH = 1.5;

/** Share of a portal's line that its target leaves out at each end. */
export function shrinkOf(portal: Portal): number {
  return Math.min(SHRINK / portal.width, 0.25);
}

/**
 * Fills `values` (64 a slot of the area's tiles, zeroed) with the walking distance [m] to the portal over its area on
 * `side`: D = 0 on the portal's line, shrunk at both ends, or in its region. Negative where the cell is not plain (see
 * `PLAIN`), Infinity where there is no way. Returns how many cells have a value.
 */
export function buildField(world: World, portal: Portal, side: number, values: Float32Array): number {
  const area = portal.areas[side];
  const tiles = world.areaTiles[area];
  if (tiles === undefined) return 0;
  const { sheet } = world.areas[area];
  const { grid } = world.sheets[sheet];
  const { tileColumns, tileIndex, cellArea, blocked } = world.tiles[sheet];
  const bases = new Int32Array(tiles.count);
  for (let ty = 0; ty < tiles.rows; ty++) {
    for (let tx = 0; tx < tiles.columns; tx++) {
      const slot = tiles.slots[ty * tiles.columns + tx];
      if (slot >= 0) bases[slot] = TILE_CELLS * tileIndex[(tiles.ty0 + ty) * tileColumns + tiles.tx0 + tx];
    }
  }
  for (let slot = 0; slot < tiles.count; slot++) {
    const base = bases[slot];
    for (let k = 0; k < TILE_CELLS; k++) {
      values[slot * TILE_CELLS + k] = cellArea[base + k] === area ? Infinity : -1;
    }
  }
  if (portal.region !== undefined) {
    visitSpans([portal.region], grid, (row, first, last) => {
      for (let column = first; column <= last; column++) {
        const c = localCell(tiles, column, row);
        if (c >= 0 && values[c] === Infinity) values[c] = 0;
      }
    });
  }
  let table = world.sights[area];
  if (table === undefined) {
    table = makeSightTable(world, area, tiles);
    world.sights[area] = table;
  }
  castField(table, tiles, grid.cell, targetOf(world, portal, side, tiles), values);

  let dark = 0;
  let lit = 0;
  for (let c = 0; c < values.length; c++) {
    if (values[c] === Infinity) dark++;
    else if (values[c] >= 0) lit++;
  }
  if (dark > 0) {
    if (lit === 0 && seedNearest(world, portal, tiles, values)) {
      lit++;
    }
    lit += marchRest(world, area, tiles, bases, values);
  }
  // The sign tells cells that are not plain, so that a look-up in the open reads the field alone.
  for (let slot = 0; slot < tiles.count; slot++) {
    const base = bases[slot];
    for (let k = 0; k < TILE_CELLS; k++) {
      const c = slot * TILE_CELLS + k;
      if (values[c] < 0) values[c] = Infinity;
      else if (values[c] < Infinity && (blocked[base + k] & PLAIN) === 0) values[c] = -values[c];
    }
  }
  return lit;
}

/** Index among an area's cells of a cell of its sheet, or −1. */
function localCell(tiles: AreaTiles, column: number, row: number): number {
  const tx = (column >> 3) - tiles.tx0;
  const ty = (row >> 3) - tiles.ty0;
  if (tx < 0 || ty < 0 || tx >= tiles.columns || ty >= tiles.rows) return -1;
  const slot = tiles.slots[ty * tiles.columns + tx];
  return slot < 0 ? -1 : (slot << 6) | ((row & 7) << 3) | (column & 7);
}

/** The portal's target in cells of the area's tiles. */
function targetOf(world: World, portal: Portal, side: number, tiles: AreaTiles): CastTarget {
  const { grid } = world.sheets[world.areas[portal.areas[side]].sheet];
  const ring = portal.region ?? shrunkLine(portal, side);
  const places = new Float64Array(2 * ring.length);
  ring.forEach(([x, y], i) => {
    places[2 * i] = (x - grid.x0) / grid.cell - 0.5 - TILE * tiles.tx0;
    places[2 * i + 1] = (y - grid.y0) / grid.cell - 0.5 - TILE * tiles.ty0;
  });
  return { kind: portal.region === undefined ? 'line' : 'ring', places };
}

/** The portal's line without its ends, the area to its left. */
function shrunkLine(portal: Portal, side: number): readonly (readonly [number, number])[] {
  const [a, b] = portal.line;
  const share = shrinkOf(portal);
  const dx = share * (b[0] - a[0]);
  const dy = share * (b[1] - a[1]);
  const from = [a[0] + dx, a[1] + dy] as const;
  const to = [b[0] - dx, b[1] - dy] as const;
  return side === 0 ? [from, to] : [to, from];
}

/** Gives the cell nearest to the middle of a target that no cell sees its distance; false where none is near. */
function seedNearest(world: World, portal: Portal, tiles: AreaTiles, values: Float32Array): boolean {
  const [a, b] = portal.line;
  const x = (a[0] + b[0]) / 2;
  const y = (a[1] + b[1]) / 2;
  const { grid } = world.sheets[world.areas[portal.areas[0]].sheet];
  const reach = Math.ceil(TARGET_REACH / grid.cell);
  const column = Math.floor((x - grid.x0) / grid.cell);
  const row = Math.floor((y - grid.y0) / grid.cell);
  let best = -1;
  let bestDistance = TARGET_REACH;
  for (let r = row - reach; r <= row + reach; r++) {
    for (let c = column - reach; c <= column + reach; c++) {
      const cell = localCell(tiles, c, r);
      if (cell < 0 || values[cell] !== Infinity) continue;
      const dx = grid.x0 + (c + 0.5) * grid.cell - x;
      const dy = grid.y0 + (r + 0.5) * grid.cell - y;
      const distance = Math.sqrt(dx * dx + dy * dy);
      if (distance >= bestDistance) continue;
      bestDistance = distance;
      best = cell;
    }
  }
  if (best >= 0) values[best] = bestDistance;
  return best >= 0;
}
