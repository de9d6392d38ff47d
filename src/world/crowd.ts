import { sampleWallDistance } from './locate.ts';
import { SEGMENT_FLOATS, SegmentKind, type World } from './world.ts';

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

/** What `depthInWall` found: distance to the nearest wall, and the direction out of it. */
export const wayOut = new Float64Array(3);

/** Room for `count` persons, none of whom has a place. */
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
export function binOf(world: World, sheet: number, x: number, y: number): number {
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
export function gapToOthers(
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
  // from the middle on: who is near is found early
  for (let dr = 0; dr >= -1; dr = dr === 0 ? 1 : dr - 2) {
    const r = row + dr;
    if (r < 0 || r >= grid.wallRows) continue;
    for (let dc = 0; dc >= -1; dc = dc === 0 ? 1 : dc - 2) {
      const c = column + dc;
      if (c < 0 || c >= grid.wallColumns) continue;
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
 * How deep a body at a place is in the nearest wall or shut leaf [m], ≤ 0 where it is clear; `wayOut[1]`, `wayOut[2]` point
 * the way out.
 */
export function depthInWall(world: World, sheet: number, x: number, y: number, radius: number): number {
  let depth = sampleWallDistance(world, sheet, x, y, wayOut) ? radius - wayOut[0] : radius - 0.75;
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
      wayOut[1] = -segments[s + 3] * sign;
      wayOut[2] = segments[s + 2] * sign;
    }
  }
  return depth;
}

/** Whether a body fits at a place as far as walls and shut doors go (to a tenth of a millimetre). */
export function isClearOfWalls(world: World, sheet: number, x: number, y: number, radius: number): boolean {
  return depthInWall(world, sheet, x, y, radius) <= 1e-4;
}

/** Puts all who have a place into the bins anew. */
export function rebuildBins(world: World, crowd: Crowd): void {
  crowd.head.fill(-1);
  for (let i = crowd.placed.length - 1; i >= 0; i--) {
    if (crowd.placed[i] === 0) continue;
    const bin = binOf(world, crowd.sheet[i], crowd.x[i], crowd.y[i]);
    if (bin < 0) continue;
    crowd.next[i] = crowd.head[bin];
    crowd.head[bin] = i;
  }
}

/** Takes a person out of their bin. */
export function unlink(world: World, crowd: Crowd, person: number): void {
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
