import { TILE_CELLS } from './cell-tables.ts';
import type { SheetTiles, SmallIndices } from './world.ts';

/**
 * The same tables with tiles whose cells are alike in everything stored once: in open floor nearly all are. Whoever looks a cell up by
 * `tileIndex` finds the same. O(cells).
 */
export function shareTiles(tiles: SheetTiles): SheetTiles {
  const { cellArea, blocked, cellPortal } = tiles;
  const tables = [cellArea, blocked, cellPortal];
  /** First tile with each hash, the next tile of the same hash, and the place that a tile is kept at. */
  const first = new Map<number, number>();
  const next = new Int32Array(tiles.tileCount).fill(-1);
  const placeOf = new Int32Array(tiles.tileCount);
  const kept: number[] = [];
  for (let tile = 0; tile < tiles.tileCount; tile++) {
    let hash = 0;
    for (const table of tables) hash = hashCells(table, tile, hash);
    let same = first.get(hash) ?? -1;
    while (same >= 0 && !tables.every((table) => areAlike(table, same, tile))) same = next[same];
    if (same >= 0) {
      placeOf[tile] = placeOf[same];
      continue;
    }
    next[tile] = first.get(hash) ?? -1;
    first.set(hash, tile);
    placeOf[tile] = kept.length;
    kept.push(tile);
  }
  return {
    ...tiles,
    tileIndex: tiles.tileIndex.map((tile) => (tile < 0 ? -1 : placeOf[tile])),
    tileCount: kept.length,
    cellArea: pick(cellArea, kept),
    blocked: pick(blocked, kept),
    cellPortal: pick(cellPortal, kept),
  };
}

function hashCells(table: Uint8Array | SmallIndices, tile: number, start: number): number {
  let hash = start;
  for (let k = TILE_CELLS * tile; k < TILE_CELLS * (tile + 1); k++) hash = (Math.imul(hash, 31) + table[k]) | 0;
  return hash;
}

function areAlike(table: Uint8Array | SmallIndices, a: number, b: number): boolean {
  for (let k = 0; k < TILE_CELLS; k++) if (table[TILE_CELLS * a + k] !== table[TILE_CELLS * b + k]) return false;
  return true;
}

function pick<T extends Uint8Array | SmallIndices>(table: T, kept: readonly number[]): T {
  const picked = table.slice(0, TILE_CELLS * kept.length) as T;
  kept.forEach((tile, place) => {
    picked.set(table.subarray(TILE_CELLS * tile, TILE_CELLS * (tile + 1)), TILE_CELLS * place);
  });
  return picked;
}
