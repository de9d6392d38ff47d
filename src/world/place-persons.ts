import { RandomPurpose, randomUnit } from '../math/index.ts';
import { visitSpans } from './cell-tables.ts';
import {
  type Crowd,
  depthInWall,
  gapToOthers,
  isClearOfWalls,
  putPerson,
  rebuildBins,
  unlink,
  wayOut,
} from './crowd.ts';
import { buildEdgeIndex, type EdgeIndex, indexContains } from './edge-index.ts';
import { isCut, sampleWallDistance } from './locate.ts';
import { OVERLAP_MAX, packPersons } from './pack-persons.ts';
import type { Ring } from './plan-geometry.ts';
import type { World } from './world.ts';

/*
 * Placing persons so that nobody stands in a wall, in a closed door or in another. First darts: each person takes the
 * first of up to 40 random places that keeps a gap to all others (blue noise; the gap shrinks as the region fills), or the
 * roomiest of them. Where that left overlaps, all persons of the population are then pushed apart, pair by pair, and off
 * the walls. Where that leaves some too, up from about 80 % covered by bodies, they are packed (pack-persons.ts); who still
 * has no room then is taken out.
 */

/** Darts thrown for one person. */
const DARTS = 40;
/** Pushing apart aims at this gap, so that rounding to f32 never makes an overlap [m]. */
const MARGIN = 0.002;
/** Rounds of pushing apart before it is taken for a packing. */
const ROUNDS = 64;
/** Share of a plane that equal discs cover at most, π/√12; a mixture like ours covers less. */
const CLOSEST = 0.9069;
/**
 * Moves a body out of walls by at most `reach` metres; returns the place in `out`, or false where there is no room.
 */
export function moveOffWalls(
  world: World,
  sheet: number,
  x: number,
  y: number,
  radius: number,
  reach: number,
  out: Float64Array,
): boolean {
  let px = x;
  let py = y;
  for (let round = 0; round < 12; round++) {
    const depth = depthInWall(world, sheet, px, py, radius);
    if (depth <= 1e-4) {
      out[0] = px;
      out[1] = py;
      return Math.sqrt((px - x) * (px - x) + (py - y) * (py - y)) <= reach;
    }
    px += wayOut[1] * (depth + 1e-4);
    py += wayOut[2] * (depth + 1e-4);
  }
  return false;
}

/** A region to fill: its rings (even-odd), on one sheet. */
export interface Region {
  readonly sheet: number;
  readonly rings: readonly Ring[];
  /** [m²] */
  readonly size: number;
}

/**
 * Places persons `first` … `first + count − 1` (whose radii are set) in a region. Returns how many fit; those that do not
 * have `placed` 0. Deterministic in (world, seed, the persons before). Bodies do not overlap up to about 80 % covered, beyond that by
 * `OVERLAP_MAX` at most. O(persons): 1 s for 20 000 at 6 /m².
 */
export function fillRegion(
  world: World,
  crowd: Crowd,
  region: Region,
  first: number,
  asked: number,
  seed: number,
): number {
  const { sheet } = region;
  const { grid } = world.sheets[sheet];
  const index = buildEdgeIndex(region.rings);
  let radiusMin = Infinity;
  let radiusMax = 0;
  let radiusMean = 0;
  for (let i = first; i < first + asked; i++) {
    radiusMin = Math.min(radiusMin, crowd.radius[i]);
    radiusMax = Math.max(radiusMax, crowd.radius[i]);
    radiusMean += crowd.radius[i] / asked;
  }
  const { cells, size } = listCells(world, region, index, radiusMin);
  if (cells.length === 0) return 0;
  const count = countAtMost(crowd, first, asked, cells.length * grid.cell * grid.cell + edgeLength(index) * radiusMax);
  // 0.7 of the spacing of the closest packing of that many: what random darts can still reach. Bins see 1 m far.
  const spacing = Math.sqrt((1.1547 * size) / count);
  let gap = Math.max(0, Math.min(0.9 - 2 * radiusMean, 0.7 * spacing - 2 * radiusMean));
  let overlaps = false;
  for (let i = first; i < first + count; i++) {
    const radius = crowd.radius[i];
    let bestX = 0;
    let bestY = 0;
    let bestGap = -Infinity;
    let draw = 0;
    for (let dart = 0; dart < DARTS; dart++) {
      const cell = cells[Math.floor(randomUnit(seed, RandomPurpose.placement, i, draw++) * cells.length)];
      const x = grid.x0 + ((cell % grid.columns) + randomUnit(seed, RandomPurpose.placement, i, draw++)) * grid.cell;
      const y =
        grid.y0 + (Math.floor(cell / grid.columns) + randomUnit(seed, RandomPurpose.placement, i, draw++)) * grid.cell;
      if (!indexContains(index, x, y)) continue;
      if (bestGap > -Infinity && depthInWall(world, sheet, x, y, radius) > 0) continue;
      let free = gapToOthers(world, crowd, i, sheet, x, y, radius, bestGap);
      if (bestGap === -Infinity) {
        const depth = depthInWall(world, sheet, x, y, radius);
        if (depth > 0) free = Math.min(free, -1 - depth);
      }
      if (free > bestGap) {
        bestGap = free;
        bestX = x;
        bestY = y;
        if (free >= gap) break;
      }
    }
    if (bestGap === -Infinity) {
      // Every dart missed: a region thinner than a cell. Its first cells' centres will do; pushing mends it.
      const cell = cells[(i - first) % cells.length];
      bestX = grid.x0 + ((cell % grid.columns) + 0.5) * grid.cell;
      bestY = grid.y0 + (Math.floor(cell / grid.columns) + 0.5) * grid.cell;
    }
    if (bestGap < gap) gap *= 0.97;
    if (bestGap < 0) overlaps = true;
    putPerson(world, crowd, i, sheet, bestX, bestY);
  }
  let allowed = 1e-6;
  if (overlaps) {
    pushApart(world, crowd, index, sheet, first, count, ROUNDS);
    if (isPressed(world, crowd, sheet, first, count)) {
      packPersons({ world, sheet, index }, crowd, first, count, seed);
      allowed = OVERLAP_MAX + 1e-5;
    } else allowed = Infinity;
  }
  return takeOutOverlaps(world, crowd, index, sheet, first, count, allowed);
}

/** How many of these persons have bodies that fill no more of an area than the closest packing of discs does. */
function countAtMost(crowd: Crowd, first: number, asked: number, area: number): number {
  let room = (CLOSEST / Math.PI) * area;
  for (let k = 0; k < asked; k++) {
    room -= crowd.radius[first + k] * crowd.radius[first + k];
    if (room < 0) return k;
  }
  return asked;
}

function edgeLength({ edges, edgeCount }: EdgeIndex): number {
  let length = 0;
  for (let e = 0; e < 4 * edgeCount; e += 4) {
    const dx = edges[e + 2] - edges[e];
    const dy = edges[e + 3] - edges[e + 1];
    length += Math.sqrt(dx * dx + dy * dy);
  }
  return length;
}

/** Cells that may hold the middle of a body, with a rim of one cell, and how much room they have [m²]. */
function listCells(
  world: World,
  region: Region,
  index: EdgeIndex,
  radius: number,
): { cells: Int32Array; size: number } {
  const { grid } = world.sheets[region.sheet];
  const rows = new Map<number, [number, number][]>();
  let inside = 0;
  visitSpans(region.rings, grid, (row, a, b) => {
    for (let r = row - 1; r <= row + 1; r++) {
      const list = rows.get(r);
      if (list === undefined) rows.set(r, [[a - 1, b + 1]]);
      else list.push([a - 1, b + 1]);
    }
    const y = grid.y0 + (row + 0.5) * grid.cell;
    for (let column = a; column <= b; column++) {
      const x = grid.x0 + (column + 0.5) * grid.cell;
      if (!sampleWallDistance(world, region.sheet, x, y, wayOut) || wayOut[0] >= radius) inside++;
    }
  });
  // Regions thinner than a cell may cover no centre at all.
  for (let e = 0; e < index.edgeCount; e++) {
    const column = Math.floor((index.edges[4 * e] - grid.x0) / grid.cell);
    const row = Math.floor((index.edges[4 * e + 1] - grid.y0) / grid.cell);
    const list = rows.get(row);
    if (list === undefined) rows.set(row, [[column, column]]);
    else list.push([column, column]);
  }
  const cells: number[] = [];
  for (const row of [...rows.keys()].sort((a, b) => a - b)) {
    if (row < 0 || row >= grid.rows) continue;
    const spans = rows.get(row)!.sort((a, b) => a[0] - b[0]);
    let at = 0;
    for (const [a, b] of spans) {
      for (let column = Math.max(at, a); column <= Math.min(b, grid.columns - 1); column++) {
        const x = grid.x0 + (column + 0.5) * grid.cell;
        const y = grid.y0 + (row + 0.5) * grid.cell;
        const far = sampleWallDistance(world, region.sheet, x, y, wayOut) ? wayOut[0] : 0.75;
        if (far >= radius - 0.71 * grid.cell) {
          cells.push(row * grid.columns + column);
        }
      }
      at = Math.max(at, b + 1);
    }
  }
  const size = Math.max(inside * grid.cell * grid.cell, 0.01);
  return { cells: Int32Array.from(cells), size };
}

/** Pushes the persons `first` … apart and off the walls; those before stay. */
function pushApart(
  world: World,
  crowd: Crowd,
  index: EdgeIndex,
  sheet: number,
  first: number,
  count: number,
  rounds: number,
): void {
  const { grid } = world.sheets[sheet];
  const { x, y, radius } = crowd;
  const end = first + count;
  const tryMove = (i: number, px: number, py: number): void => {
    if (!indexContains(index, px, py)) return;
    if (isCut(world, sheet, x[i], y[i], px, py, false)) return;
    x[i] = px;
    y[i] = py;
  };
  for (let round = 0; round < rounds; round++) {
    rebuildBins(world, crowd);
    let worst = 0;
    for (let i = first; i < end; i++) {
      if (crowd.placed[i] === 0) continue;
      const column = Math.floor((x[i] - grid.x0) / grid.wallCell);
      const row = Math.floor((y[i] - grid.y0) / grid.wallCell);
      for (let r = Math.max(0, row - 1); r <= Math.min(grid.wallRows - 1, row + 1); r++) {
        for (let c = Math.max(0, column - 1); c <= Math.min(grid.wallColumns - 1, column + 1); c++) {
          const bin = grid.wallCellBase + r * grid.wallColumns + c;
          for (let j = crowd.head[bin]; j >= 0; j = crowd.next[j]) {
            if (j === i) continue;
            const fixed = j < first || j >= end;
            if (!fixed && j < i) continue;
            let dx = x[j] - x[i];
            let dy = y[j] - y[i];
            let d = Math.sqrt(dx * dx + dy * dy);
            const overlap = radius[i] + radius[j] + MARGIN - d;
            if (overlap <= 0) continue;
            if (overlap > worst) worst = overlap;
            if (d < 1e-6) {
              // On one spot: part along a direction of their own, always the same for the pair.
              dx = 1 + ((i * 31 + j * 17) % 7);
              dy = 1 + ((i * 13 + j * 29) % 5) - 3;
              d = Math.sqrt(dx * dx + dy * dy);
            }
            const share = (fixed ? overlap : overlap / 2) / d;
            tryMove(i, x[i] - dx * share, y[i] - dy * share);
            if (!fixed) tryMove(j, x[j] + dx * share, y[j] + dy * share);
          }
        }
      }
    }
    for (let i = first; i < end; i++) {
      if (crowd.placed[i] === 0) continue;
      for (let k = 0; k < 3; k++) {
        const depth = depthInWall(world, sheet, x[i], y[i], radius[i] + MARGIN / 2);
        if (depth <= 0) break;
        if (depth > worst) worst = depth;
        const px = x[i] + wayOut[1] * depth;
        const py = y[i] + wayOut[2] * depth;
        if (!indexContains(index, px, py)) break;
        x[i] = px;
        y[i] = py;
      }
    }
    if (worst < MARGIN / 4) break;
  }
  for (let i = first; i < end; i++) {
    x[i] = Math.fround(x[i]);
    y[i] = Math.fround(y[i]);
  }
  rebuildBins(world, crowd);
}

/** Whether somebody of these overlaps another or a wall, or is beyond the grid. By bins: neighbours lie far apart in the arrays. */
function isPressed(world: World, crowd: Crowd, sheet: number, first: number, count: number): boolean {
  const { x, y, radius } = crowd;
  const { wallCellBase, wallColumns, wallRows } = world.sheets[sheet].grid;
  let seen = 0;
  for (let bin = wallCellBase; bin < wallCellBase + wallColumns * wallRows; bin++) {
    for (let i = crowd.head[bin]; i >= 0; i = crowd.next[i]) {
      if (i < first || i >= first + count) continue;
      seen++;
      if (depthInWall(world, sheet, x[i], y[i], radius[i]) > 1e-4) return true;
      if (gapToOthers(world, crowd, i, sheet, x[i], y[i], radius[i], -1e-6) < -1e-6) return true;
    }
  }
  return seen < count;
}

/** Steps tried for who stands on the edge of the region, beyond it by a rounding [m]. */
const STEPS = [1e-5, 1e-4, 1e-3];

/** Moves somebody back into the region by the least step that leads there along an axis, if any does. */
function stepInside(index: EdgeIndex, x: Float64Array, y: Float64Array, i: number): void {
  for (const step of STEPS) {
    for (const [dx, dy] of [
      [step, 0],
      [-step, 0],
      [0, step],
      [0, -step],
    ]) {
      const toX = Math.fround(x[i] + dx);
      const toY = Math.fround(y[i] + dy);
      if (!indexContains(index, toX, toY)) continue;
      x[i] = toX;
      y[i] = toY;
      return;
    }
  }
}

/** Takes out who is still in a wall, outside the region or in another by more than `allowed` [m]; returns how many stay. */
function takeOutOverlaps(
  world: World,
  crowd: Crowd,
  index: EdgeIndex,
  sheet: number,
  first: number,
  count: number,
  allowed: number,
): number {
  let kept = 0;
  let removed = false;
  for (let i = first; i < first + count; i++) {
    if (crowd.placed[i] === 0) continue;
    const { x, y, radius } = crowd;
    if (!indexContains(index, x[i], y[i])) stepInside(index, x, y, i);
    const ok =
      isClearOfWalls(world, sheet, x[i], y[i], radius[i]) &&
      indexContains(index, x[i], y[i]) &&
      (allowed === Infinity || gapToOthers(world, crowd, i, sheet, x[i], y[i], radius[i], -allowed) >= -allowed);
    if (ok) kept++;
    else {
      crowd.placed[i] = 0;
      removed = true;
      unlink(world, crowd, i);
    }
  }
  if (removed) rebuildBins(world, crowd);
  return kept;
}
