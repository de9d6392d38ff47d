import { expect, test } from 'vitest';
import { randomUint32 } from '../math/index.ts';
import { shareTiles } from './share-tiles.ts';
import type { SheetTiles } from './world.ts';

/** Tiles in one row, each one of `kinds` patterns of cells. */
function rowOfTiles(count: number, kinds: number): SheetTiles {
  const entry = (purpose: number, limit: number) => (_: number, k: number) =>
    randomUint32(1, purpose, (k >> 6) % kinds, k & 63) % limit;
  return {
    tileColumns: count + 1,
    tileRows: 1,
    // the last place has no tile
    tileIndex: Int32Array.from({ length: count + 1 }, (_, k) => (k < count ? k : -1)),
    tileCount: count,
    cellArea: new Int16Array(64 * count).map(entry(1, 300)),
    blocked: new Uint8Array(64 * count).map(entry(2, 8)),
    cellPortal: new Int8Array(64 * count).map(entry(3, 90)).map((portal) => portal - 1),
  };
}

test('tiles that are alike are stored once, and every cell is what it was', () => {
  const before = rowOfTiles(60, 7);
  const after = shareTiles(before);
  expect(after.tileCount).toBe(7);
  expect(after.cellArea.length).toBe(7 * 64);
  for (let tile = 0; tile < 60; tile++) {
    for (let k = 0; k < 64; k++) {
      const at = 64 * after.tileIndex[tile] + k;
      expect(after.cellArea[at]).toBe(before.cellArea[64 * tile + k]);
      expect(after.blocked[at]).toBe(before.blocked[64 * tile + k]);
      expect(after.cellPortal[at]).toBe(before.cellPortal[64 * tile + k]);
    }
  }
  expect(after.tileIndex[60]).toBe(-1);
});

test('tiles that differ in one entry of one table are kept apart', () => {
  for (const table of ['cellArea', 'blocked', 'cellPortal'] as const) {
    const tiles = rowOfTiles(5, 1);
    expect(shareTiles(tiles).tileCount).toBe(1);
    tiles[table][2 * 64 + 37]++;
    expect(shareTiles(tiles).tileCount).toBe(2);
  }
});
