import { assert } from '../math/index.ts';
import { BLOCKED_EAST, BLOCKED_NORTH, PLAIN, TILE, TILE_CELLS } from './cell-tables.ts';
import { allocate } from './layout.ts';
import { findCell, findHomeCell, isCut, sampleWallDistance, segmentCuts } from './locate.ts';
import { type Portal, SEGMENT_FLOATS, SegmentKind, type TravelField, type World } from './world.ts';

/*
 * Walking distance to a portal over the area on one of its sides: the viscosity solution of |∇D| = 1 with D = 0 on the
 * portal's line, shrunk at both ends. Cells that see the target from near get the exact distance, the rest comes from
 * second-order fast marching on the centres of cells, over links that no wall cuts. Plain marching loses about half a cell
 * at each corner a walk turns around (a new point source, where the scheme is only of first order, and walks that keep to
 * centres of cells). So when the front comes to a convex corner of a wall, the distance at the corner itself is taken from
 * the slope there, and the cells around that see the corner get the exact distance by way of it.
 * @source Sethian 1999, SIAM Review 41(2) 199, doi 10.1137/S0036144598347059 (second-order upwind scheme, section 5)
 */

/** The target is shorter than the portal by this at each end, or a quarter of the width where that is less [m]. */
const SHRINK = 0.2;
/** Cells that see the target from no farther than this start with the exact distance [m]. */
const EXACT_REACH = 1.5;
/** Nearer to the target than this one walks straight at it [m]. */
const STRAIGHT_REACH = 0.6;

const target = new Float64Array(3);
const wall = new Float64Array(3);
const patch = new Float64Array(9);

/**
 * Handle of the travel field of `portal` over `portal.areas[side]`, made on the first call and kept in the world.
 * Making it may grow the memory (see `allocate`). About 0.7 µs a cell; the cells of one area only.
 * @throws where there is no area on that side.
 */
export function travelField(world: World, portal: number, side: number): number {
  const known = world.fieldOf[2 * portal + side];
  if (known >= 0) return known;
  const area = world.portals[portal].areas[side];
  assert(area >= 0, `portal ${portal} has an area on side ${side}`);
  const { values, cells } = marchField(world, world.portals[portal], side, area);
  const offset = allocate(world, 4 * values.length);
  world.views.f32.set(values, offset / 4);
  const handle = world.fields.length;
  world.fields.push({ portal, side, area, offset, cells });
  world.fieldOf[2 * portal + side] = handle;
  return handle;
}

/** What the fields built so far take: cells with a value, bytes of memory, how many fields. */
export function fieldCosts(world: World): {
  readonly cells: number;
  readonly bytes: number;
  readonly built: number;
} {
  let cells = 0;
  let bytes = 0;
  for (const field of world.fields) {
    cells += field.cells;
    bytes += 4 * TILE_CELLS * (world.areaTiles[field.area]?.count ?? 0);
  }
  return { cells, bytes, built: world.fields.length };
}

/** Distance from a place to the shrunken target, in `target[0]`, and the nearest point of it in [1], [2]. */
function measureTarget(portal: Portal, x: number, y: number): void {
  if (portal.region !== undefined) {
    const ring = portal.region;
    let best = Infinity;
    let inside = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [ax, ay] = ring[j];
      const [bx, by] = ring[i];
      if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
      nearestOnSegment(ax, ay, bx, by, x, y);
      if (nearest[0] < best) {
        best = nearest[0];
        target[1] = nearest[1];
        target[2] = nearest[2];
      }
    }
    target[0] = best;
    if (inside) {
      target[0] = 0;
      target[1] = portal.line[0][0];
      target[2] = portal.line[0][1];
    }
    return;
  }
  const [a, b] = portal.line;
  const share = Math.min(SHRINK / portal.width, 0.25);
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  nearestOnSegment(a[0] + share * dx, a[1] + share * dy, b[0] - share * dx, b[1] - share * dy, x, y);
  target[0] = nearest[0];
  target[1] = nearest[1];
  target[2] = nearest[2];
}

const nearest = new Float64Array(3);

function nearestOnSegment(ax: number, ay: number, bx: number, by: number, x: number, y: number): void {
  const dx = bx - ax;
  const dy = by - ay;
  const length2 = dx * dx + dy * dy;
  let t = length2 > 0 ? ((x - ax) * dx + (y - ay) * dy) / length2 : 0;
  t = t < 0 ? 0 : Math.min(t, 1);
  nearest[1] = ax + t * dx;
  nearest[2] = ay + t * dy;
  nearest[0] = Math.sqrt((x - nearest[1]) * (x - nearest[1]) + (y - nearest[2]) * (y - nearest[2]));
}

const FROM_TARGET = -1;

/** Upwind difference times h, of second order where the value behind is known and lower. */
function slopeTo(here: number, next: number, behind: number): number {
  return behind <= next ? Math.max(0, 1.5 * here - 2 * next + 0.5 * behind) : here - next;
}

/** Bits of the open links of a cell to its neighbours. */
const EAST = 1;
const NORTH = 2;
const WEST = 4;
const SOUTH = 8;

function marchField(world: World, portal: Portal, side: number, area: number): { values: Float32Array; cells: number } {
  const { sheet } = world.areas[area];
  const { grid } = world.sheets[sheet];
  const tiles = world.tiles[sheet];
  const directory = world.areaTiles[area];
  if (directory === undefined) return { values: new Float32Array(0), cells: 0 };
  const { tx0, ty0, columns, rows, slots, count } = directory;
  const h = grid.cell;
  const size = count * TILE_CELLS;
  const value = new Float64Array(size).fill(Infinity);
  const links = new Uint8Array(size);
  const slotX = new Int32Array(count);
  const slotY = new Int32Array(count);
  const around = new Int32Array(4 * count).fill(-1);
  for (let ty = 0; ty < rows; ty++) {
    for (let tx = 0; tx < columns; tx++) {
      const slot = slots[ty * columns + tx];
      if (slot < 0) continue;
      slotX[slot] = tx0 + tx;
      slotY[slot] = ty0 + ty;
      if (tx + 1 < columns) around[4 * slot] = slots[ty * columns + tx + 1];
      if (ty + 1 < rows) around[4 * slot + 1] = slots[(ty + 1) * columns + tx];
      if (tx > 0) around[4 * slot + 2] = slots[ty * columns + tx - 1];
      if (ty > 0) around[4 * slot + 3] = slots[(ty - 1) * columns + tx];
    }
  }
  const east = (c: number): number =>
    (c & 7) !== 7 ? c + 1 : around[4 * (c >> 6)] < 0 ? -1 : (around[4 * (c >> 6)] << 6) | (c & 56);
  const north = (c: number): number =>
    (c & 56) !== 56 ? c + 8 : around[4 * (c >> 6) + 1] < 0 ? -1 : (around[4 * (c >> 6) + 1] << 6) | (c & 7);
  const west = (c: number): number =>
    (c & 7) !== 0 ? c - 1 : around[4 * (c >> 6) + 2] < 0 ? -1 : (around[4 * (c >> 6) + 2] << 6) | (c & 56) | 7;
  const south = (c: number): number =>
    (c & 56) !== 0 ? c - 8 : around[4 * (c >> 6) + 3] < 0 ? -1 : (around[4 * (c >> 6) + 3] << 6) | 56 | (c & 7);
  const member = new Uint8Array(size);
  for (let slot = 0; slot < count; slot++) {
    const base = tiles.tileIndex[slotY[slot] * tiles.tileColumns + slotX[slot]] * TILE_CELLS;
    for (let k = 0; k < TILE_CELLS; k++) {
      if (tiles.cellArea[base + k] === area) member[slot * TILE_CELLS + k] = 1;
    }
  }
  for (let slot = 0; slot < count; slot++) {
    const base = tiles.tileIndex[slotY[slot] * tiles.tileColumns + slotX[slot]] * TILE_CELLS;
    for (let k = 0; k < TILE_CELLS; k++) {
      const c = slot * TILE_CELLS + k;
      if (member[c] === 0) continue;
      const bits = tiles.blocked[base + k];
      const e = east(c);
      if (e >= 0 && member[e] === 1 && (bits & BLOCKED_EAST) === 0) {
        links[c] |= EAST;
        links[e] |= WEST;
      }
      const n = north(c);
      if (n >= 0 && member[n] === 1 && (bits & BLOCKED_NORTH) === 0) {
        links[c] |= NORTH;
        links[n] |= SOUTH;
      }
    }
  }

  // Heap of trial cells, by value, then index.
  const heap = new Int32Array(size + 1);
  const place = new Int32Array(size).fill(-1);
  /** 0 far, 1 trial, 2 known, 3 trial with the exact value. */
  const state = new Uint8Array(size);
  /** Where a cell's exact distance comes from: 0 marching, −1 the target, k + 1 corner k. */
  const source = new Int32Array(size);
  let heapCount = 0;
  const rise = (c: number, from: number): void => {
    let i = from;
    const v = value[c];
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const p = heap[parent];
      if (value[p] < v || (value[p] === v && p < c)) break;
      heap[i] = p;
      place[p] = i;
      i = parent;
    }
    heap[i] = c;
    place[c] = i;
  };
  const takeFirst = (): number => {
    const first = heap[0];
    const last = heap[--heapCount];
    if (heapCount > 0) {
      const v = value[last];
      let i = 0;
      for (;;) {
        let child = 2 * i + 1;
        if (child >= heapCount) break;
        const right = child + 1;
        if (right < heapCount) {
          const l = heap[child];
          const r = heap[right];
          if (value[r] < value[l] || (value[r] === value[l] && r < l)) child = right;
        }
        const c = heap[child];
        if (v < value[c] || (v === value[c] && last < c)) break;
        heap[i] = c;
        place[c] = i;
        i = child;
      }
      heap[i] = last;
      place[last] = i;
    }
    return first;
  };

  startAtTarget(world, portal, side, sheet, (column, row, distance) => {
    const tx = (column >> 3) - tx0;
    const ty = (row >> 3) - ty0;
    if (tx < 0 || ty < 0 || tx >= columns || ty >= rows) return false;
    const slot = slots[ty * columns + tx];
    if (slot < 0) return false;
    const c = slot * TILE_CELLS + ((row & 7) << 3) + (column & 7);
    if (member[c] === 0) return false;
    if (distance < 0) return true;
    if (state[c] === 0) {
      state[c] = 3;
      value[c] = distance;
      rise(c, heapCount++);
    }
    return true;
  });

  // Corners that walks turn around, by the cells beside them.
  const corners = world.areaCorners[area];
  const cornerHead = new Int32Array(corners.length === 0 ? 0 : size).fill(-1);
  const cornerNext: number[] = [];
  const cornerOf: number[] = [];
  const fired = new Uint8Array(corners.length);
  const { segments } = world.views;
  const localCell = (column: number, row: number): number => {
    const tx = (column >> 3) - tx0;
    const ty = (row >> 3) - ty0;
    if (column < 0 || row < 0 || tx < 0 || ty < 0 || tx >= columns || ty >= rows) return -1;
    const slot = slots[ty * columns + tx];
    if (slot < 0) return -1;
    const c = slot * TILE_CELLS + ((row & 7) << 3) + (column & 7);
    return member[c] === 1 ? c : -1;
  };
  for (let k = 0; k < corners.length; k++) {
    const x = segments[corners[k]];
    const y = segments[corners[k] + 1];
    const column = Math.floor((x - grid.x0) / h);
    const row = Math.floor((y - grid.y0) / h);
    for (let dy = -2; dy <= 2; dy++) {
      for (let dx = -2; dx <= 2; dx++) {
        const c = localCell(column + dx, row + dy);
        if (c < 0) continue;
        const cx = grid.x0 + (column + dx + 0.5) * h;
        const cy = grid.y0 + (row + dy + 0.5) * h;
        if ((cx - x) * (cx - x) + (cy - y) * (cy - y) > 2.25 * h * h || isCut(world, sheet, x, y, cx, cy, true))
          continue;
        cornerNext.push(cornerHead[c]);
        cornerOf.push(k);
        cornerHead[c] = cornerNext.length - 1;
      }
    }
  }
  const cornerStart = new Float64Array(corners.length);
  const cornerWeight = new Float64Array(corners.length);
  /** What the cell c, just known, says of the distance at a corner beside it; the cells nearest to it count most. */
  const hearCorner = (c: number, k: number): void => {
    const x = segments[corners[k]];
    const y = segments[corners[k] + 1];
    const slot = c >> 6;
    const cx = grid.x0 + (slotX[slot] * TILE + (c & 7) + 0.5) * h;
    const cy = grid.y0 + (slotY[slot] * TILE + ((c >> 3) & 7) + 0.5) * h;
    const away = Math.sqrt((x - cx) * (x - cx) + (y - cy) * (y - cy));
    let start: number;
    let weight = 1 / (away * away + 0.01 * h * h);
    if (source[c] === FROM_TARGET) {
      measureTarget(portal, x, y);
      start = target[0];
      weight *= 100;
    } else if (source[c] > 0) {
      const other = source[c] - 1;
      const ox = x - segments[corners[other]];
      const oy = y - segments[corners[other] + 1];
      start = cornerStart[other] + Math.sqrt(ox * ox + oy * oy);
      weight *= 100;
    } else {
      const open = links[c];
      let gx = 0;
      let gy = 0;
      const here = value[c];
      const w = (open & WEST) !== 0 ? west(c) : -1;
      const e = (open & EAST) !== 0 ? east(c) : -1;
      const s = (open & SOUTH) !== 0 ? south(c) : -1;
      const n = (open & NORTH) !== 0 ? north(c) : -1;
      const we = w >= 0 && state[w] === 2 && !(e >= 0 && state[e] === 2 && value[e] < value[w]) ? w : e;
      const sn = s >= 0 && state[s] === 2 && !(n >= 0 && state[n] === 2 && value[n] < value[s]) ? s : n;
      if (we >= 0 && state[we] === 2 && value[we] < here) {
        const behind = (links[we] & (we === w ? WEST : EAST)) !== 0 ? (we === w ? west(we) : east(we)) : -1;
        gx = slopeTo(here, value[we], behind >= 0 && state[behind] === 2 ? value[behind] : Infinity);
        if (we === e) gx = -gx;
      }
      if (sn >= 0 && state[sn] === 2 && value[sn] < here) {
        const behind = (links[sn] & (sn === s ? SOUTH : NORTH)) !== 0 ? (sn === s ? south(sn) : north(sn)) : -1;
        gy = slopeTo(here, value[sn], behind >= 0 && state[behind] === 2 ? value[behind] : Infinity);
        if (sn === n) gy = -gy;
      }
      const length = Math.sqrt(gx * gx + gy * gy);
      start = here + (length > 0 ? ((x - cx) * gx + (y - cy) * gy) / length : away);
    }
    const sum = cornerWeight[k] + weight;
    cornerStart[k] = (cornerStart[k] * cornerWeight[k] + start * weight) / sum;
    cornerWeight[k] = sum;
    // The front is at the corner: what lies behind it starts from there.
    if (value[c] >= cornerStart[k] - 0.5 * h) fireCorner(k, value[c]);
  };
  /** Exact distances around a corner for the cells that see it. */
  const fireCorner = (k: number, front: number): void => {
    fired[k] = 1;
    const x = segments[corners[k]];
    const y = segments[corners[k] + 1];
    const start = cornerStart[k];
    const walls = listWalls(world, sheet, x - EXACT_REACH, y - EXACT_REACH, x + EXACT_REACH, y + EXACT_REACH);
    const reach = Math.ceil(EXACT_REACH / h);
    const column = Math.floor((x - grid.x0) / h);
    const row = Math.floor((y - grid.y0) / h);
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        const cell = localCell(column + dx, row + dy);
        if (cell < 0 || state[cell] >= 2) continue;
        const px = grid.x0 + (column + dx + 0.5) * h;
        const py = grid.y0 + (row + dy + 0.5) * h;
        const d = Math.sqrt((px - x) * (px - x) + (py - y) * (py - y));
        if (d > EXACT_REACH || !(start + d < value[cell])) continue;
        let seen = true;
        for (let i = 0; i < walls.length && seen; i++) seen = !segmentCuts(segments, walls[i], px, py, x, y);
        if (!seen) continue;
        value[cell] = Math.max(start + d, front);
        source[cell] = k + 1;
        if (state[cell] === 0) {
          state[cell] = 1;
          rise(cell, heapCount++);
        } else rise(cell, place[cell]);
      }
    }
  };

  const update = (c: number): void => {
    const open = links[c];
    // Along x: the smaller known neighbour, and the one behind it for the second order.
    let x1 = Infinity;
    let x2 = Infinity;
    if ((open & WEST) !== 0) {
      const w = west(c);
      if (state[w] === 2) {
        x1 = value[w];
        if ((links[w] & WEST) !== 0) {
          const ww = west(w);
          if (state[ww] === 2) x2 = value[ww];
        }
      }
    }
    if ((open & EAST) !== 0) {
      const e = east(c);
      if (state[e] === 2 && value[e] < x1) {
        x1 = value[e];
        x2 = Infinity;
        if ((links[e] & EAST) !== 0) {
          const ee = east(e);
          if (state[ee] === 2) x2 = value[ee];
        }
      }
    }
    let y1 = Infinity;
    let y2 = Infinity;
    if ((open & SOUTH) !== 0) {
      const s = south(c);
      if (state[s] === 2) {
        y1 = value[s];
        if ((links[s] & SOUTH) !== 0) {
          const ss = south(s);
          if (state[ss] === 2) y2 = value[ss];
        }
      }
    }
    if ((open & NORTH) !== 0) {
      const n = north(c);
      if (state[n] === 2 && value[n] < y1) {
        y1 = value[n];
        y2 = Infinity;
        if ((links[n] & NORTH) !== 0) {
          const nn = north(n);
          if (state[nn] === 2) y2 = value[nn];
        }
      }
    }
    const found = solveCell(x1, x2, y1, y2, h);
    if (state[c] === 0) {
      value[c] = found;
      state[c] = 1;
      rise(c, heapCount++);
    } else if (found < value[c]) {
      value[c] = found;
      source[c] = 0;
      rise(c, place[c]);
    }
  };
  let cells = 0;
  while (heapCount > 0) {
    const c = takeFirst();
    if (state[c] === 3) source[c] = FROM_TARGET;
    state[c] = 2;
    cells++;
    if (corners.length > 0) {
      for (let i = cornerHead[c]; i >= 0; i = cornerNext[i]) if (fired[cornerOf[i]] === 0) hearCorner(c, cornerOf[i]);
    }
    const open = links[c];
    if ((open & EAST) !== 0) {
      const e = east(c);
      if (state[e] < 2) update(e);
    }
    if ((open & NORTH) !== 0) {
      const n = north(c);
      if (state[n] < 2) update(n);
    }
    if ((open & WEST) !== 0) {
      const w = west(c);
      if (state[w] < 2) update(w);
    }
    if ((open & SOUTH) !== 0) {
      const s = south(c);
      if (state[s] < 2) update(s);
    }
  }
  // The sign tells cells that are not plain, so that a look-up in the open reads the field alone.
  const values = new Float32Array(size);
  for (let slot = 0; slot < count; slot++) {
    const base = tiles.tileIndex[slotY[slot] * tiles.tileColumns + slotX[slot]] * TILE_CELLS;
    for (let k = 0; k < TILE_CELLS; k++) {
      const c = slot * TILE_CELLS + k;
      const plain = (tiles.blocked[base + k] & PLAIN) !== 0 && member[c] === 1;
      values[c] = plain || value[c] === Infinity ? value[c] : -value[c];
    }
  }
  return { values, cells };
}

/**
 * Upwind solution of |∇D| = 1 at a cell with known neighbours x1, y1 at distance h and those behind them x2, y2
 * (Infinity where not known). Second order where it can be, else first; never below the neighbours it comes from.
 */
function solveCell(x1: number, x2: number, y1: number, y2: number, h: number): number {
  const xSecond = x2 <= x1;
  const ySecond = y2 <= y1;
  const xb = xSecond ? (4 * x1 - x2) / 3 : x1;
  const yb = ySecond ? (4 * y1 - y2) / 3 : y1;
  const xa = xSecond ? 2.25 : 1;
  const ya = ySecond ? 2.25 : 1;
  if (x1 < Infinity && y1 < Infinity) {
    const highest = Math.max(x1, y1);
    const found = solveTwo(xa, xb, ya, yb, h);
    if (found >= highest) return found;
    const first = solveTwo(1, x1, 1, y1, h);
    if (first >= highest) return first;
  }
  let best = Infinity;
  if (x1 < Infinity) best = Math.max(x1, xSecond ? xb + h / 1.5 : x1 + h);
  if (y1 < Infinity) best = Math.min(best, Math.max(y1, ySecond ? yb + h / 1.5 : y1 + h));
  return best;
}

/** Larger root of a(T − b)² + c(T − d)² = h², or −1. */
function solveTwo(a: number, b: number, c: number, d: number, h: number): number {
  const sum = a + c;
  const mean = (a * b + c * d) / sum;
  const rest = h * h - ((a * c) / sum) * (b - d) * (b - d);
  return rest < 0 ? -1 : mean + Math.sqrt(rest / sum);
}

/**
 * Offers the cells near the target with their exact distance: `offer(column, row, distance)` says whether the cell is of
 * the area (and takes it where distance ≥ 0).
 */
function startAtTarget(
  world: World,
  portal: Portal,
  side: number,
  sheet: number,
  offer: (column: number, row: number, distance: number) => boolean,
): void {
  const { grid } = world.sheets[sheet];
  const ring = portal.region ?? portal.line;
  let xMin = Infinity;
  let yMin = Infinity;
  let xMax = -Infinity;
  let yMax = -Infinity;
  for (const [x, y] of ring) {
    xMin = Math.min(xMin, x);
    yMin = Math.min(yMin, y);
    xMax = Math.max(xMax, x);
    yMax = Math.max(yMax, y);
  }
  const walls = listWalls(world, sheet, xMin - EXACT_REACH, yMin - EXACT_REACH, xMax + EXACT_REACH, yMax + EXACT_REACH);
  const { segments } = world.views;
  const c0 = Math.max(0, Math.floor((xMin - EXACT_REACH - grid.x0) / grid.cell));
  const c1 = Math.min(grid.columns - 1, Math.floor((xMax + EXACT_REACH - grid.x0) / grid.cell));
  const r0 = Math.max(0, Math.floor((yMin - EXACT_REACH - grid.y0) / grid.cell));
  const r1 = Math.min(grid.rows - 1, Math.floor((yMax + EXACT_REACH - grid.y0) / grid.cell));
  let taken = 0;
  let nearestColumn = -1;
  let nearestRow = -1;
  let nearestDistance = Infinity;
  for (let row = r0; row <= r1; row++) {
    for (let column = c0; column <= c1; column++) {
      const x = grid.x0 + (column + 0.5) * grid.cell;
      const y = grid.y0 + (row + 0.5) * grid.cell;
      measureTarget(portal, x, y);
      const distance = target[0];
      if (distance > EXACT_REACH) continue;
      if (!offer(column, row, -1)) continue;
      if (distance < nearestDistance) {
        nearestDistance = distance;
        nearestColumn = column;
        nearestRow = row;
      }
      // Behind the portal's line the area may lie too (a bent room); that way in is not this portal's.
      if (portal.region === undefined && signedSide(portal, side, x, y) <= 0) continue;
      const [, tx, ty] = target;
      let seen = true;
      if (distance > 0) {
        for (let k = 0; k < walls.length && seen; k++) seen = !segmentCuts(segments, walls[k], x, y, tx, ty);
      }
      if (!seen) continue;
      if (offer(column, row, distance)) taken++;
    }
  }
  if (taken === 0 && nearestColumn >= 0) offer(nearestColumn, nearestRow, nearestDistance);
}

/** Distance from the portal's line, positive on the given side [m]. */
function signedSide(portal: Portal, side: number, x: number, y: number): number {
  const [a, b] = portal.line;
  const left = ((y - a[1]) * (b[0] - a[0]) - (x - a[0]) * (b[1] - a[1])) / portal.width;
  return side === 0 ? left : -left;
}

/** Offsets (in floats) of the walls listed in the wall cells that a box touches, ascending, each once. */
function listWalls(world: World, sheet: number, xMin: number, yMin: number, xMax: number, yMax: number): number[] {
  const { grid } = world.sheets[sheet];
  const { segments, wallCellStart, wallCellItems } = world.views;
  const found = new Set<number>();
  const c0 = Math.max(0, Math.floor((xMin - grid.x0) / grid.wallCell));
  const c1 = Math.min(grid.wallColumns - 1, Math.floor((xMax - grid.x0) / grid.wallCell));
  const r0 = Math.max(0, Math.floor((yMin - grid.y0) / grid.wallCell));
  const r1 = Math.min(grid.wallRows - 1, Math.floor((yMax - grid.y0) / grid.wallCell));
  for (let r = r0; r <= r1; r++) {
    for (let c = c0; c <= c1; c++) {
      const cell = grid.wallCellBase + r * grid.wallColumns + c;
      for (let k = wallCellStart[cell]; k < wallCellStart[cell + 1]; k++) {
        const s = wallCellItems[k] * SEGMENT_FLOATS;
        const kind = segments[s + 7];
        if (kind === SegmentKind.wall || kind === SegmentKind.bridge) found.add(s);
      }
    }
  }
  return [...found].sort((p, q) => p - q);
}

/** Where the value of a field at a cell of its sheet lies in `views.f32`, or −1 where it has none. */
function cellOffset(world: World, field: TravelField, column: number, row: number): number {
  const directory = world.areaTiles[field.area];
  if (directory === undefined || column < 0 || row < 0) return -1;
  const tx = (column >> 3) - directory.tx0;
  const ty = (row >> 3) - directory.ty0;
  if (tx < 0 || ty < 0 || tx >= directory.columns || ty >= directory.rows) return -1;
  const slot = directory.slots[ty * directory.columns + tx];
  return slot < 0 ? -1 : field.offset / 4 + slot * TILE_CELLS + ((row & 7) << 3) + (column & 7);
}

/** Value of a field at a cell of its sheet; Infinity where it has none. */
function valueAt(world: World, field: TravelField, column: number, row: number): number {
  const at = cellOffset(world, field, column, row);
  return at < 0 ? Infinity : Math.abs(world.views.f32[at]);
}

/**
 * Walking distance and direction to the field's portal from a place in its area or up to 0.3 m outside its walkable
 * cells: out[0] distance [m], out[1], out[2] unit direction of walking. Returns false, with out = (Infinity, 0, 0), where
 * the portal cannot be reached from there or the place is not near the area.
 *
 * The direction is the downhill gradient of the quadratic B-spline over the 3 × 3 cells around the place (continuous from
 * cell to cell), one-sided where a wall cuts a link; within half a cell or 0.1 m of a wall its part into the wall is
 * taken out. Near the target one walks straight at its nearest point; on the portal's line, straight across.
 * O(1): about 0.2 µs in the open (one core of a shared server), more beside walls.
 */
export function sampleTravelField(world: World, handle: number, x: number, y: number, out: Float64Array): boolean {
  const field = world.fields[handle];
  const portal = world.portals[field.portal];
  const { sheet } = world.areas[field.area];
  const { grid } = world.sheets[sheet];
  const perCell = 1 / grid.cell;
  let column = Math.floor((x - grid.x0) * perCell);
  let row = Math.floor((y - grid.y0) * perCell);
  const at = cellOffset(world, field, column, row);
  let middle = at < 0 ? Infinity : world.views.f32[at];
  const plain = middle > 0 && middle < Infinity;
  if (!plain) {
    const id = findFieldCell(world, field, x, y);
    if (id < 0) {
      out[0] = Infinity;
      out[1] = 0;
      out[2] = 0;
      return false;
    }
    column = id % grid.columns;
    row = Math.floor(id / grid.columns);
    middle = valueAt(world, field, column, row);
  }
  gatherPatch(world, field, column, row, middle, plain);
  // Offset from the centre in cells; beyond the home cell the patch goes on straight.
  const fullX = (x - grid.x0) * perCell - column - 0.5;
  const fullY = (y - grid.y0) * perCell - row - 0.5;
  const tx = fullX < -0.5 ? -0.5 : Math.min(fullX, 0.5);
  const ty = fullY < -0.5 ? -0.5 : Math.min(fullY, 0.5);
  const wx0 = 0.5 * (0.5 - tx) * (0.5 - tx);
  const wx2 = 0.5 * (0.5 + tx) * (0.5 + tx);
  const wx1 = 1 - wx0 - wx2;
  const wy0 = 0.5 * (0.5 - ty) * (0.5 - ty);
  const wy2 = 0.5 * (0.5 + ty) * (0.5 + ty);
  const wy1 = 1 - wy0 - wy2;
  const low = wx0 * patch[0] + wx1 * patch[1] + wx2 * patch[2];
  const mid = wx0 * patch[3] + wx1 * patch[4] + wx2 * patch[5];
  const high = wx0 * patch[6] + wx1 * patch[7] + wx2 * patch[8];
  const gx =
    ((0.5 - tx) * (wy0 * (patch[1] - patch[0]) + wy1 * (patch[4] - patch[3]) + wy2 * (patch[7] - patch[6])) +
      (0.5 + tx) * (wy0 * (patch[2] - patch[1]) + wy1 * (patch[5] - patch[4]) + wy2 * (patch[8] - patch[7]))) /
    grid.cell;
  const gy = ((0.5 - ty) * (mid - low) + (0.5 + ty) * (high - mid)) / grid.cell;
  let distance = wy0 * low + wy1 * mid + wy2 * high;
  distance += ((fullX - tx) * gx + (fullY - ty) * gy) * grid.cell;
  let directionX = -gx;
  let directionY = -gy;
  let straight = false;
  measureTarget(portal, x, y);
  if (target[0] < STRAIGHT_REACH && middle < STRAIGHT_REACH + grid.cell && distance < target[0] + 0.5 * grid.cell) {
    distance = target[0];
    if (portal.region === undefined && signedSide(portal, field.side, x, y) < 0.02) {
      const turn = field.side === 0 ? 1 : -1;
      directionX = (turn * (portal.line[1][1] - portal.line[0][1])) / portal.width;
      directionY = (-turn * (portal.line[1][0] - portal.line[0][0])) / portal.width;
    } else {
      directionX = target[1] - x;
      directionY = target[2] - y;
    }
    straight = true;
  }
  if (distance < 0) distance = 0;
  let length = Math.sqrt(directionX * directionX + directionY * directionY);
  if (!plain && !straight) {
    if (sampleWallDistance(world, sheet, x, y, wall) && wall[0] < Math.max(0.1, 0.5 * grid.cell)) {
      const into = directionX * wall[1] + directionY * wall[2];
      if (into < 0) {
        const slideX = directionX - into * wall[1];
        const slideY = directionY - into * wall[2];
        const slide = Math.sqrt(slideX * slideX + slideY * slideY);
        if (slide > 1e-3 * length) {
          directionX = slideX;
          directionY = slideY;
          length = slide;
        } else {
          directionX = wall[1];
          directionY = wall[2];
          length = 1;
        }
      }
    }
  }
  if (length < 1e-9) {
    // On a ridge (two ways equally long) or in the middle of a region: any direction will do, but always the same.
    directionX = 1;
    directionY = 0;
    length = 1;
  }
  out[0] = distance;
  out[1] = directionX / length;
  out[2] = directionY / length;
  return true;
}

/** The cell with a value that stands for a place; see `findHomeCell`. */
function findFieldCell(world: World, field: TravelField, x: number, y: number): number {
  const { sheet } = world.areas[field.area];
  return findHomeCell(world, sheet, x, y, field.area, (c, r) => valueAt(world, field, c, r) < Infinity);
}

/** Values of the 3 × 3 cells around a home cell; those behind a wall or of another area are continued one-sidedly. */
function gatherPatch(
  world: World,
  field: TravelField,
  column: number,
  row: number,
  middle: number,
  plain: boolean,
): void {
  patch[4] = middle;
  if (plain) {
    const cx = column & 7;
    const cy = row & 7;
    if (cx > 0 && cx < 7 && cy > 0 && cy < 7) {
      // All nine in one tile.
      const { f32 } = world.views;
      const at = cellOffset(world, field, column, row);
      patch[0] = Math.abs(f32[at - 9]);
      patch[1] = Math.abs(f32[at - 8]);
      patch[2] = Math.abs(f32[at - 7]);
      patch[3] = Math.abs(f32[at - 1]);
      patch[5] = Math.abs(f32[at + 1]);
      patch[6] = Math.abs(f32[at + 7]);
      patch[7] = Math.abs(f32[at + 8]);
      patch[8] = Math.abs(f32[at + 9]);
      return;
    }
    patch[0] = valueAt(world, field, column - 1, row - 1);
    patch[1] = valueAt(world, field, column, row - 1);
    patch[2] = valueAt(world, field, column + 1, row - 1);
    patch[3] = valueAt(world, field, column - 1, row);
    patch[5] = valueAt(world, field, column + 1, row);
    patch[6] = valueAt(world, field, column - 1, row + 1);
    patch[7] = valueAt(world, field, column, row + 1);
    patch[8] = valueAt(world, field, column + 1, row + 1);
    return;
  }
  const { sheet } = world.areas[field.area];
  const w = isOpen(world, sheet, column - 1, row, BLOCKED_EAST) ? valueAt(world, field, column - 1, row) : Infinity;
  const e = isOpen(world, sheet, column, row, BLOCKED_EAST) ? valueAt(world, field, column + 1, row) : Infinity;
  const s = isOpen(world, sheet, column, row - 1, BLOCKED_NORTH) ? valueAt(world, field, column, row - 1) : Infinity;
  const n = isOpen(world, sheet, column, row, BLOCKED_NORTH) ? valueAt(world, field, column, row + 1) : Infinity;
  // Uphill the slope goes on; downhill, into what is closed, it ends.
  patch[3] = w < Infinity ? w : e < Infinity ? middle + Math.max(0, middle - e) : middle;
  patch[5] = e < Infinity ? e : w < Infinity ? middle + Math.max(0, middle - w) : middle;
  patch[1] = s < Infinity ? s : n < Infinity ? middle + Math.max(0, middle - n) : middle;
  patch[7] = n < Infinity ? n : s < Infinity ? middle + Math.max(0, middle - s) : middle;
  patch[0] = corner(world, field, column, row, -1, -1, w, s, patch[3] + patch[1] - middle);
  patch[2] = corner(world, field, column, row, 1, -1, e, s, patch[5] + patch[1] - middle);
  patch[6] = corner(world, field, column, row, -1, 1, w, n, patch[3] + patch[7] - middle);
  patch[8] = corner(world, field, column, row, 1, 1, e, n, patch[5] + patch[7] - middle);
}

/** Diagonal neighbour: its value where it is linked by way of both cells between, else the plane's. */
function corner(
  world: World,
  field: TravelField,
  column: number,
  row: number,
  dx: number,
  dy: number,
  besideX: number,
  besideY: number,
  plane: number,
): number {
  const { sheet } = world.areas[field.area];
  const value = valueAt(world, field, column + dx, row + dy);
  if (value === Infinity) return plane;
  const south = dy < 0 ? row - 1 : row;
  const west = dx < 0 ? column - 1 : column;
  if (!(besideX < Infinity) || !(besideY < Infinity)) return plane;
  if (!isOpen(world, sheet, column + dx, south, BLOCKED_NORTH)) return plane;
  return isOpen(world, sheet, west, row + dy, BLOCKED_EAST) ? value : plane;
}

function isOpen(world: World, sheet: number, column: number, row: number, bit: number): boolean {
  const cell = findCell(world, sheet, column, row);
  return cell >= 0 && (world.tiles[sheet].blocked[cell] & bit) === 0;
}
