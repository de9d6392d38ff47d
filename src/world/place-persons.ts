import { RandomPurpose, randomUnit } from '../math/index.ts';
import { visitSpans } from './cell-tables.ts';
import { buildEdgeIndex, type EdgeIndex, indexContains } from './edge-index.ts';
import { isCut, sampleWallDistance } from './locate.ts';
import type { Ring } from './plan-geometry.ts';
import { SEGMENT_FLOATS, SegmentKind, type World } from './world.ts';

/*
 * Placing persons so that nobody stands in a wall, in a closed door or in another. First darts: each person takes the
 * first of up to 40 random places that keeps a gap to all others (blue noise; the gap shrinks as the region fills), or the
 * roomiest of them. Where that left overlaps, all persons of the population are then pushed apart, pair by pair, and off
 * the walls, until none is left. That succeeds for any region with room, up to about 80 % covered by bodies; who still
 * overlaps then does not fit and is taken out.
 */

/** Persons placed so far on all sheets, in bins of one wall cell. */
export interface Crowd {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly radius: Float64Array;
  readonly sheet: Int32Array;
  /** 1 where a person has a place. */
  readonly placed: Uint8Array;
  /** First person of each wall cell, or −1, and the next of each person. */
  readonly head: Int32Array;
  readonly next: Int32Array;
}

/** Darts thrown for one person. */
const DARTS = 40;
/** Pushing apart aims at this gap, so that rounding to f32 never makes an overlap [m]. */
const MARGIN = 0.002;
/** Rounds of pushing apart. */
const ROUNDS = 600;
const wall = new Float64Array(3);

export function makeCrowd(world: World, count: number): Crowd {
  return {
    x: new Float64Array(count),
    y: new Float64Array(count),
    radius: new Float64Array(count),
    sheet: new Int32Array(count).fill(-1),
    placed: new Uint8Array(count),
    head: new Int32Array(world.views.wallCellStart.length).fill(-1),
    next: new Int32Array(count).fill(-1),
  };
}

/** Bin of a place, or −1 beyond the sheet's grid. */
function binOf(world: World, sheet: number, x: number, y: number): number {
  const { grid } = world.sheets[sheet];
  const column = Math.floor((x - grid.x0) / grid.wallCell);
  const row = Math.floor((y - grid.y0) / grid.wallCell);
  if (!(column >= 0 && row >= 0 && column < grid.wallColumns && row < grid.wallRows)) return -1;
  return grid.wallCellBase + row * grid.wallColumns + column;
}

/** Puts a person down. */
export function putPerson(world: World, crowd: Crowd, person: number, sheet: number, x: number, y: number): void {
  crowd.x[person] = Math.fround(x);
  crowd.y[person] = Math.fround(y);
  crowd.sheet[person] = sheet;
  crowd.placed[person] = 1;
  const bin = binOf(world, sheet, x, y);
  if (bin < 0) return;
  crowd.next[person] = crowd.head[bin];
  crowd.head[bin] = person;
}

/**
 * Smallest gap [m] between a body at a place and any other within reach (about 1 m), negative where they overlap; stops
 * early below `enough`.
 */
function gapToOthers(
  world: World,
  crowd: Crowd,
  self: number,
  sheet: number,
  x: number,
  y: number,
  radius: number,
  enough: number,
): number {
  const { grid } = world.sheets[sheet];
  const column = Math.floor((x - grid.x0) / grid.wallCell);
  const row = Math.floor((y - grid.y0) / grid.wallCell);
  let gap = 1;
  for (let r = Math.max(0, row - 1); r <= Math.min(grid.wallRows - 1, row + 1); r++) {
    for (let c = Math.max(0, column - 1); c <= Math.min(grid.wallColumns - 1, column + 1); c++) {
      const bin = grid.wallCellBase + r * grid.wallColumns + c;
      for (let other = crowd.head[bin]; other >= 0; other = crowd.next[other]) {
        if (other === self) continue;
        const dx = crowd.x[other] - x;
        const dy = crowd.y[other] - y;
        const free = Math.sqrt(dx * dx + dy * dy) - radius - crowd.radius[other];
        if (free < gap) {
          gap = free;
          if (gap < enough) return gap;
        }
      }
    }
  }
  return gap;
}

/**
 * How deep a body at a place is in the nearest wall or shut leaf [m], ≤ 0 where it is clear; `wall[1]`, `wall[2]` point
 * the way out.
 */
function depthInWall(world: World, sheet: number, x: number, y: number, radius: number): number {
  let depth = sampleWallDistance(world, sheet, x, y, wall) ? radius - wall[0] : radius - 0.75;
  const bin = binOf(world, sheet, x, y);
  if (bin < 0) return 1;
  const { segments, wallCellStart, wallCellItems } = world.views;
  for (let k = wallCellStart[bin]; k < wallCellStart[bin + 1]; k++) {
    const s = wallCellItems[k] * SEGMENT_FLOATS;
    if (segments[s + 7] !== SegmentKind.leaf || segments[s + 9] === 0) continue;
    const dx = x - segments[s];
    const dy = y - segments[s + 1];
    const t = dx * segments[s + 2] + dy * segments[s + 3];
    if (t < 0 || t > segments[s + 4]) continue;
    const side = dy * segments[s + 2] - dx * segments[s + 3];
    const into = radius - Math.abs(side);
    if (into > depth) {
      depth = into;
      const sign = side >= 0 ? 1 : -1;
      wall[1] = -segments[s + 3] * sign;
      wall[2] = segments[s + 2] * sign;
    }
  }
  return depth;
}

/** Whether a body fits at a place as far as walls and shut doors go (to a tenth of a millimetre). */
export function isClearOfWalls(world: World, sheet: number, x: number, y: number, radius: number): boolean {
  return depthInWall(world, sheet, x, y, radius) <= 1e-4;
}

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
    px += wall[1] * (depth + 1e-4);
    py += wall[2] * (depth + 1e-4);
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
 * have `placed` 0. Deterministic in (world, seed, the persons before).
 */
export function fillRegion(
  world: World,
  crowd: Crowd,
  region: Region,
  first: number,
  count: number,
  seed: number,
): number {
  const { sheet } = region;
  const { grid } = world.sheets[sheet];
  const index = buildEdgeIndex(region.rings);
  let radiusMin = Infinity;
  let radiusMean = 0;
  for (let i = first; i < first + count; i++) {
    radiusMin = Math.min(radiusMin, crowd.radius[i]);
    radiusMean += crowd.radius[i] / count;
  }
  const { cells, size } = listCells(world, region, index, radiusMin);
  if (cells.length === 0) return 0;
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
  if (overlaps) {
    pushApart(world, crowd, index, sheet, first, count, ROUNDS);
    thinOut(world, crowd, index, sheet, first, count);
  }
  return takeOutOverlaps(world, crowd, index, sheet, first, count);
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
      if (!sampleWallDistance(world, region.sheet, x, y, wall) || wall[0] >= radius) inside++;
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
        const far = sampleWallDistance(world, region.sheet, x, y, wall) ? wall[0] : 0.75;
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

function rebuildBins(world: World, crowd: Crowd): void {
  crowd.head.fill(-1);
  for (let i = crowd.placed.length - 1; i >= 0; i--) {
    if (crowd.placed[i] === 0) continue;
    const bin = binOf(world, crowd.sheet[i], crowd.x[i], crowd.y[i]);
    if (bin < 0) continue;
    crowd.next[i] = crowd.head[bin];
    crowd.head[bin] = i;
  }
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
        const px = x[i] + wall[1] * depth;
        const py = y[i] + wall[2] * depth;
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

/**
 * Where pushing did not end all overlaps: takes out a quarter of those who overlap, the deepest first, and pushes again,
 * until all who are left fit. Ends: each round takes out at least one.
 */
function thinOut(world: World, crowd: Crowd, index: EdgeIndex, sheet: number, first: number, count: number): void {
  const { x, y, radius } = crowd;
  for (;;) {
    const crowded: { person: number; overlap: number }[] = [];
    for (let i = first; i < first + count; i++) {
      if (crowd.placed[i] === 0) continue;
      const gap = gapToOthers(world, crowd, i, sheet, x[i], y[i], radius[i], -10);
      const depth = depthInWall(world, sheet, x[i], y[i], radius[i]);
      const overlap = Math.max(-gap, depth - 1e-4);
      if (overlap > 1e-6) crowded.push({ person: i, overlap });
    }
    if (crowded.length === 0) return;
    crowded.sort((a, b) => b.overlap - a.overlap || b.person - a.person);
    for (const { person } of crowded.slice(0, Math.ceil(crowded.length / 4))) crowd.placed[person] = 0;
    pushApart(world, crowd, index, sheet, first, count, ROUNDS / 4);
  }
}

/** Takes out who is still in a wall, outside the region or in another; returns how many stay. */
function takeOutOverlaps(
  world: World,
  crowd: Crowd,
  index: EdgeIndex,
  sheet: number,
  first: number,
  count: number,
): number {
  let kept = 0;
  let removed = false;
  for (let i = first; i < first + count; i++) {
    if (crowd.placed[i] === 0) continue;
    const { x, y, radius } = crowd;
    const ok =
      isClearOfWalls(world, sheet, x[i], y[i], radius[i]) &&
      indexContains(index, x[i], y[i]) &&
      gapToOthers(world, crowd, i, sheet, x[i], y[i], radius[i], -1e-6) >= -1e-6;
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

function unlink(world: World, crowd: Crowd, person: number): void {
  const bin = binOf(world, crowd.sheet[person], crowd.x[person], crowd.y[person]);
  if (bin < 0) return;
  if (crowd.head[bin] === person) {
    crowd.head[bin] = crowd.next[person];
    return;
  }
  for (let i = crowd.head[bin]; i >= 0; i = crowd.next[i]) {
    if (crowd.next[i] === person) {
      crowd.next[i] = crowd.next[person];
      return;
    }
  }
}
