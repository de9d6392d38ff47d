import { Clipper, FillRule, type Path64, type Paths64 } from 'clipper2-ts';
import { assert, polygonArea, polygonContains } from '../math/index.ts';
import type { Ring, Trajectory } from '../trace/index.ts';

/*
 * A person's cell is what lies nearer to them than to anybody else in the same frame and sheet. It begins as a box round
 * everything (or the cut-off polygon) and is cut by the perpendicular bisector to one neighbour after the other, nearest
 * rings of a grid first, until the next ring is farther than twice the cell's farthest corner: nobody there can cut it.
 * Cells are convex and kept as corners relative to the person, so that far-off coordinates do not cancel. What a wall
 * cuts is no longer convex and is left to the polygon library; that is done only for cells that an edge of the floor
 * meets.
 */

export interface VoronoiOptions {
  /** Longest reach of a cell [m]: cells are cut by a regular polygon of `corners` corners on that circle. Default: none. */
  readonly cutOff?: { readonly radius: number; readonly corners?: number };
  /** Every so many frames are looked at; default 1. */
  readonly stride?: number;
}

/** Voronoi density of measurement areas and of persons. Samples are frames 0, stride, 2·stride … */
export interface VoronoiMeasures {
  readonly stride: number;
  /** By area: density [1/m²] of each sample. */
  readonly density: readonly Float64Array[];
  /** By area: Voronoi speed [m/s], Σ v·(cell ∩ area) / area; NaN where no cell with a speed meets the area. */
  readonly speed: readonly Float64Array[];
  /** 1 / area of the person's cell [1/m²] by row of the trajectory; NaN for frames not sampled and cells without an area. */
  readonly individual: Float32Array;
  /** Rows sampled whose position is not on the floor; their cells are the nearest part that there is. */
  readonly offFloor: number;
}

/** Units of the polygon library a metre: its coordinates are whole numbers, so a micrometre. */
const UNITS = 1e6;

/**
 * Density by Voronoi cells, cut by the floor (outlines and holes) and the cut-off:
 *
 *     density(area) = Σ_i |cell_i ∩ area| / |cell_i| / |area|,   speed(area) = Σ_i v_i·|cell_i ∩ area| / |area|
 *
 * Of a cell that walls part, the part in which the person stands counts. `areas` are convex rings; `floor` holds polygons
 * (outline, then holes) and bounds every cell; `speeds` by row. Persons at the same place share one cell each in full.
 * Cost about 10 µs a cell, 50 µs where walls meet it; O(persons) a frame.
 * @source Steffen & Seyfried 2010, doi:10.1016/j.physa.2009.12.015; as PedPy 1.5 `compute_individual_voronoi_polygons`,
 * `compute_voronoi_density`, `compute_voronoi_speed`, whose cut-off is a polygon of 4 · 3 corners
 */
export function measureVoronoi(
  trajectory: Trajectory,
  floor: readonly (readonly Ring[])[],
  areas: readonly Ring[],
  speeds: Float32Array,
  options: VoronoiOptions = {},
): VoronoiMeasures {
  assert(floor.length > 0, 'a floor bounds the cells');
  const stride = options.stride ?? 1;
  const { frameCount, frameStart, x, y } = trajectory;
  const samples = Math.ceil(frameCount / stride);
  const density = areas.map(() => new Float64Array(samples));
  const speed = areas.map(() => new Float64Array(samples).fill(Number.NaN));
  const individual = new Float32Array(x.length).fill(Number.NaN);
  const cutters = areas.map(prepareArea);
  const space = prepareFloor(floor);
  const start = options.cutOff === undefined ? undefined : makeCutOff(options.cutOff);
  let offFloor = 0;

  for (let sample = 0; sample < samples; sample += 1) {
    const frame = sample * stride;
    const begin = frameStart[frame]!;
    const end = frameStart[frame + 1]!;
    if (begin === end) continue;
    const grid = sortIntoGrid(x, y, begin, end);
    const moving = areas.map(() => 0);
    for (let row = begin; row < end; row += 1) {
      const cell = cutCell(grid, x, y, row, start ?? boxAround(space, x[row]!, y[row]!));
      const { pieces, inside } = keepFloor(space, cell, x[row]!, y[row]!);
      if (!inside) offFloor += 1;
      const size = sumAreas(pieces);
      if (!(size > 0)) continue;
      individual[row] = 1 / size;
      for (let a = 0; a < cutters.length; a += 1) {
        const common = commonArea(pieces, cutters[a]!, x[row]!, y[row]!);
        if (common <= 0) continue;
        density[a]![sample]! += common / size / cutters[a]!.size;
        if (Number.isNaN(speeds[row]!)) continue;
        moving[a]! += 1;
        if (moving[a] === 1) speed[a]![sample] = 0;
        speed[a]![sample]! += (speeds[row]! * common) / cutters[a]!.size;
      }
    }
  }
  return { stride, density, speed, individual, offFloor };
}

/** Corners x, y, x, y … in order. */
type Flat = readonly number[];

interface Grid {
  readonly x0: number;
  readonly y0: number;
  readonly cell: number;
  readonly columns: number;
  readonly rows: number;
  /** Rows of the trajectory, by cell of the grid. */
  readonly start: Int32Array;
  readonly members: Int32Array;
}

/** Sorts the rows of a frame into square cells that hold about two persons each. */
function sortIntoGrid(x: Float64Array, y: Float64Array, begin: number, end: number): Grid {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let row = begin; row < end; row += 1) {
    x0 = Math.min(x0, x[row]!);
    x1 = Math.max(x1, x[row]!);
    y0 = Math.min(y0, y[row]!);
    y1 = Math.max(y1, y[row]!);
  }
  const count = end - begin;
  const width = Math.max(x1 - x0, 1e-3);
  const height = Math.max(y1 - y0, 1e-3);
  // Also for people in a line there are no more cells than persons.
  const cell = Math.max(Math.sqrt((2 * width * height) / count), (2 * Math.max(width, height)) / count);
  const columns = Math.floor(width / cell) + 1;
  const rows = Math.floor(height / cell) + 1;
  const start = new Int32Array(columns * rows + 1);
  const members = new Int32Array(count);
  const cellOf = (row: number): number =>
    Math.min(rows - 1, Math.floor((y[row]! - y0) / cell)) * columns +
    Math.min(columns - 1, Math.floor((x[row]! - x0) / cell));
  for (let row = begin; row < end; row += 1) start[cellOf(row) + 1]! += 1;
  for (let c = 0; c < columns * rows; c += 1) start[c + 1]! += start[c]!;
  const next = start.slice();
  for (let row = begin; row < end; row += 1) members[next[cellOf(row)]!++] = row;
  return { x0, y0, cell, columns, rows, start, members };
}

/** The Voronoi cell of a row's person, corners relative to them, cut out of `first`. */
function cutCell(grid: Grid, x: Float64Array, y: Float64Array, row: number, first: Flat): Flat {
  const px = x[row]!;
  const py = y[row]!;
  const column = Math.min(grid.columns - 1, Math.floor((px - grid.x0) / grid.cell));
  const line = Math.min(grid.rows - 1, Math.floor((py - grid.y0) / grid.cell));
  let corners = first;
  const ringMax = Math.max(grid.columns, grid.rows);
  for (let ring = 0; ring <= ringMax; ring += 1) {
    // Nobody in this ring or beyond is nearer than so.
    const nearest = (ring - 1) * grid.cell;
    if (nearest > 0 && nearest * nearest > 4 * reachSquared(corners)) break;
    for (let r = Math.max(0, line - ring); r <= Math.min(grid.rows - 1, line + ring); r += 1) {
      const whole = r === line - ring || r === line + ring;
      for (
        let c = whole ? Math.max(0, column - ring) : column - ring;
        c <= Math.min(grid.columns - 1, column + ring);
        c += whole ? 1 : 2 * ring
      ) {
        if (c < 0) continue;
        const place = r * grid.columns + c;
        for (let k = grid.start[place]!; k < grid.start[place + 1]!; k += 1) {
          const other = grid.members[k]!;
          if (other === row) continue;
          const dx = x[other]! - px;
          const dy = y[other]! - py;
          const square = dx * dx + dy * dy;
          if (square > 0) corners = cutHalfPlane(corners, dx, dy, square / 2);
        }
      }
    }
  }
  return corners;
}

function reachSquared(corners: Flat): number {
  let most = 0;
  for (let k = 0; k < corners.length; k += 2) most = Math.max(most, corners[k]! ** 2 + corners[k + 1]! ** 2);
  return most;
}

/** What of a ring lies where nx·x + ny·y ≤ c. Of a ring that is not convex the area is right, the edges may touch. */
function cutHalfPlane(corners: Flat, nx: number, ny: number, c: number): Flat {
  const count = corners.length;
  let cuts = false;
  for (let k = 0; k < count && !cuts; k += 2) cuts = corners[k]! * nx + corners[k + 1]! * ny > c;
  if (!cuts) return corners;
  const kept: number[] = [];
  let ax = corners[count - 2]!;
  let ay = corners[count - 1]!;
  let before = ax * nx + ay * ny - c;
  for (let k = 0; k < count; k += 2) {
    const bx = corners[k]!;
    const by = corners[k + 1]!;
    const after = bx * nx + by * ny - c;
    if (before > 0 !== after > 0) {
      const share = before / (before - after);
      kept.push(ax + share * (bx - ax), ay + share * (by - ay));
    }
    if (after <= 0) kept.push(bx, by);
    ax = bx;
    ay = by;
    before = after;
  }
  return kept;
}

function flatArea(corners: Flat): number {
  let sum = 0;
  for (let k = 0, j = corners.length - 2; k < corners.length; j = k, k += 2) {
    sum += corners[j]! * corners[k + 1]! - corners[k]! * corners[j + 1]!;
  }
  return sum / 2;
}

/** Rings of one polygon: the outline counter-clockwise (area above 0), holes clockwise. */
const sumAreas = (rings: readonly Flat[]): number => rings.reduce((sum, ring) => sum + flatArea(ring), 0);

/** Regular polygon on a circle, the first corner at (radius, 0), counter-clockwise. */
function makeCutOff({ radius, corners = 12 }: { readonly radius: number; readonly corners?: number }): Flat {
  assert(radius > 0 && corners >= 3, 'a cut-off has a radius above 0 and at least three corners');
  const ring: number[] = [];
  for (let k = 0; k < corners; k += 1) {
    ring.push(radius * Math.cos((2 * Math.PI * k) / corners), radius * Math.sin((2 * Math.PI * k) / corners));
  }
  return ring;
}

interface Floor {
  readonly polygons: readonly (readonly Ring[])[];
  /** x1, y1, x2, y2 of every edge. */
  readonly edges: Float64Array;
  readonly box: readonly [number, number, number, number];
}

function prepareFloor(polygons: readonly (readonly Ring[])[]): Floor {
  const edges: number[] = [];
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of polygons.flat()) {
    ring.forEach(([ax, ay], k) => {
      const [bx, by] = ring[(k + 1) % ring.length]!;
      edges.push(ax, ay, bx, by);
      box[0] = Math.min(box[0], ax);
      box[1] = Math.min(box[1], ay);
      box[2] = Math.max(box[2], ax);
      box[3] = Math.max(box[3], ay);
    });
  }
  return { polygons, edges: Float64Array.from(edges), box };
}

/** A box that holds the floor and the person, corners relative to the person. */
function boxAround({ box }: Floor, px: number, py: number): Flat {
  const x0 = Math.min(box[0], px) - px - 1;
  const y0 = Math.min(box[1], py) - py - 1;
  const x1 = Math.max(box[2], px) - px + 1;
  const y1 = Math.max(box[3], py) - py + 1;
  return [x0, y0, x1, y0, x1, y1, x0, y1];
}

/** The part of a cell that is floor and holds the person; where they stand off the floor, the only part or none. */
function keepFloor(floor: Floor, cell: Flat, px: number, py: number): { pieces: readonly Flat[]; inside: boolean } {
  const inside = floor.polygons.some((rings) => polygonContains(rings, px, py));
  if (!meetsEdge(floor.edges, cell, px, py)) return { pieces: inside ? [cell] : [], inside };
  const subject: Paths64 = [toPath(cell)];
  const parts: { outline: Path64; holes: Path64[] }[] = [];
  for (const rings of floor.polygons) {
    const clip = rings.map((ring) => ring.map(([x, y]) => toPoint(x - px, y - py)));
    const common = Clipper.intersect(subject, clip, FillRule.EvenOdd);
    const own = parts.length;
    for (const path of common) if (Clipper.area(path) > 0) parts.push({ outline: path, holes: [] });
    for (const path of common) {
      if (Clipper.area(path) >= 0) continue;
      const owner = parts.slice(own).find(({ outline }) => holdsPath(outline, path));
      owner?.holes.push(path);
    }
  }
  const at = [0, 0] as const;
  const mine =
    parts.find(({ outline, holes }) => polygonContains([toRing(outline), ...holes.map(toRing)], at[0], at[1])) ??
    (parts.length === 1 ? parts[0] : undefined);
  if (mine === undefined) return { pieces: [], inside };
  return { pieces: [mine.outline, ...mine.holes].map((path) => toRing(path).flat()), inside };
}

const toPoint = (x: number, y: number) => ({ x: Math.round(x * UNITS), y: Math.round(y * UNITS) });

function toPath(corners: Flat): Path64 {
  const path: Path64 = [];
  for (let k = 0; k < corners.length; k += 2) path.push(toPoint(corners[k]!, corners[k + 1]!));
  return path;
}

const toRing = (path: Path64): [number, number][] => path.map(({ x, y }) => [x / UNITS, y / UNITS]);

/** Whether a hole lies in an outline; the two may touch in points. */
function holdsPath(outline: Path64, hole: Path64): boolean {
  const ring = toRing(outline);
  return toRing(hole).every(([x, y]) => polygonContains([ring], x, y));
}

/** Whether an edge of the floor has a point inside the convex cell (relative to the person). */
function meetsEdge(edges: Float64Array, cell: Flat, px: number, py: number): boolean {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let k = 0; k < cell.length; k += 2) {
    x0 = Math.min(x0, cell[k]!);
    x1 = Math.max(x1, cell[k]!);
    y0 = Math.min(y0, cell[k + 1]!);
    y1 = Math.max(y1, cell[k + 1]!);
  }
  for (let e = 0; e < edges.length; e += 4) {
    const ax = edges[e]! - px;
    const ay = edges[e + 1]! - py;
    const bx = edges[e + 2]! - px;
    const by = edges[e + 3]! - py;
    if ((ax < x0 && bx < x0) || (ax > x1 && bx > x1) || (ay < y0 && by < y0) || (ay > y1 && by > y1)) continue;
    if (segmentMeets(cell, ax, ay, bx, by)) return true;
  }
  return false;
}

/** Clips the segment a–b by the edges of a convex counter-clockwise ring: is anything left? */
function segmentMeets(cell: Flat, ax: number, ay: number, bx: number, by: number): boolean {
  let from = 0;
  let to = 1;
  for (let k = 0, j = cell.length - 2; k < cell.length; j = k, k += 2) {
    // Outwards of a counter-clockwise ring.
    const nx = cell[k + 1]! - cell[j + 1]!;
    const ny = cell[j]! - cell[k]!;
    const c = nx * cell[j]! + ny * cell[j + 1]!;
    const a = nx * ax + ny * ay - c;
    const b = nx * bx + ny * by - c;
    if (a > 0 && b > 0) return false;
    if (a > 0) from = Math.max(from, a / (a - b));
    else if (b > 0) to = Math.min(to, a / (a - b));
    if (from > to) return false;
  }
  return true;
}

interface AreaCutter {
  readonly ring: Ring;
  readonly size: number;
  readonly box: readonly [number, number, number, number];
}

function prepareArea(ring: Ring): AreaCutter {
  assert(isConvexRing(ring), 'a measurement area is convex and has a size above 0 m²');
  const xs = ring.map(([x]) => x);
  const ys = ring.map(([, y]) => y);
  return {
    ring: polygonArea(ring) > 0 ? ring : [...ring].reverse(),
    size: Math.abs(polygonArea(ring)),
    box: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)],
  };
}

/** Area that a polygon (rings relative to the person at (px, py)) has in common with a measurement area [m²]. */
function commonArea(rings: readonly Flat[], { ring: area, box }: AreaCutter, px: number, py: number): number {
  let sum = 0;
  for (const [index, ring] of rings.entries()) {
    let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let k = 0; k < ring.length; k += 2) {
      x0 = Math.min(x0, ring[k]!);
      x1 = Math.max(x1, ring[k]!);
      y0 = Math.min(y0, ring[k + 1]!);
      y1 = Math.max(y1, ring[k + 1]!);
    }
    if (x1 + px < box[0] || x0 + px > box[2] || y1 + py < box[1] || y0 + py > box[3]) {
      if (index === 0) return 0;
      continue;
    }
    let cut = ring;
    for (let k = 0; k < area.length && cut.length > 0; k += 1) {
      const [ax, ay] = area[k]!;
      const [bx, by] = area[(k + 1) % area.length]!;
      const nx = by - ay;
      const ny = ax - bx;
      cut = cutHalfPlane(cut, nx, ny, nx * (ax - px) + ny * (ay - py));
    }
    sum += flatArea(cut);
  }
  return sum;
}

/** Whether a ring is convex, in either direction, with an area above 0; corners in a line are allowed. O(n). */
export function isConvexRing(ring: Ring): boolean {
  const area = polygonArea(ring);
  if (ring.length < 3 || !(Math.abs(area) > 0)) return false;
  const sign = Math.sign(area);
  // Rounding must not make a straight edge a bay.
  const slack = 1e-12 * Math.abs(area);
  let turned = 0;
  for (let k = 0; k < ring.length; k += 1) {
    const [ax, ay] = ring[k]!;
    const [bx, by] = ring[(k + 1) % ring.length]!;
    const [cx, cy] = ring[(k + 2) % ring.length]!;
    if (sign * ((bx - ax) * (cy - by) - (by - ay) * (cx - bx)) < -slack) return false;
    turned += Math.atan2((bx - ax) * (cy - by) - (by - ay) * (cx - bx), (bx - ax) * (cx - bx) + (by - ay) * (cy - by));
  }
  // A star turns more than once round.
  return Math.abs(Math.abs(turned) - 2 * Math.PI) < 1e-6;
}
