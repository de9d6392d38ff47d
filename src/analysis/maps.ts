import { exactExp } from '../math/index.ts';
import type { TraceSheet, Trajectory } from '../trace/index.ts';
import { harmOf, isLying, TraceState } from '../trace/index.ts';
import { type FloorGrid, layGrids, type MapGrid, NEIGHBOURS } from './grid.ts';
import { CROWDING_BANDS, FRUIN_BANDS, findBand } from './level-of-service.ts';
import { groupRowsByPerson, type PersonRows } from './person-rows.ts';
import { roundSignificant } from './quantile.ts';
import { computeVelocities } from './speeds.ts';

/*
 * Density is a kernel estimate: every person is one unit of mass spread by a Gaussian over the cells around, and
 *
 *     Σ over cells of density · cell² = persons            (exactly, at every sample)
 *
 * because each person's weights are scaled to sum to one over the cells that count: those that are floor and that are
 * seen from the person's cell, so that no mass leaks through a wall or out of the building. What is seen is told cell by
 * cell along digital rays (`walled`), once per cell. That alone would still read an even crowd a quarter too thin at a
 * wall (mass next to it is pushed inwards), so every cell also has an edge factor e(c), made before the first sample, with
 *
 *     e(c) · Σ_c' K(c, c') e(c') = 1,
 *
 * the symmetric scaling that makes the kernel K keep both persons and an even density, walls or not. It differs from a
 * constant only within a kernel's reach of a wall.
 * Tried and dropped: the plain kernel (halves the density in front of a locked door) and scaling by person alone.
 */

export interface MapOptions {
  /** Side of a cell [m] (0.1 to 1); default 0.25. Doubled where the plan would need more than `cellBudget` cells. */
  readonly cell?: number;
  /** Standard deviation of the density kernel [m]; default 0.7. */
  readonly sigma?: number;
  /** Wished time between the samples of density, speed and pressure [s]; default 0.5. Chest load uses every frame. */
  readonly sampleInterval?: number;
  /** Persons × samples at most; the interval is stretched to keep to it. Default 1 500 000. */
  readonly sampleBudget?: number;
  /** Default 600 000. */
  readonly cellBudget?: number;
  readonly personRows?: PersonRows;
}

/** Maps of one sheet; values by cell number row·columns + column, three significant digits. */
export interface SheetMaps {
  readonly sheet: number;
  readonly grid: MapGrid;
  /** Highest density in time [1/m²]. */
  readonly densityPeak: readonly number[];
  /** Mean density over the samples from the first frame to the last [1/m²]. */
  readonly densityMean: readonly number[];
  /** Mean speed of the persons in the cell [m/s]; null where nobody was. */
  readonly speedMean: readonly (number | null)[];
  /** Highest crowd pressure in time, density × variance of velocity [1/s²]. */
  readonly pressurePeak: readonly number[];
  /** Time at 5 /m² or more [s]. */
  readonly congestedTime: readonly number[];
  /** Highest chest load of anybody there [N]; null where the trajectory has no loads. */
  readonly chestLoadMax: readonly number[] | null;
  /** 95th percentile of the chest loads there, over persons and frames [N], to about 100 N. */
  readonly chestLoad95: readonly number[] | null;
  /** Highest value of the map, where [m] and when [s]; null where nobody was. */
  readonly densityHighest: MapPeak | null;
  readonly pressureHighest: MapPeak | null;
  readonly chestLoadHighest: MapPeak | null;
  /** Person-seconds in each of `FRUIN_BANDS` and `CROWDING_BANDS` [s]. */
  readonly fruinTime: readonly number[];
  readonly crowdingTime: readonly number[];
}

export interface MapPeak {
  readonly value: number;
  readonly x: number;
  readonly y: number;
  readonly t: number;
}

export interface CrowdMaps {
  readonly sheets: readonly SheetMaps[];
  /** Side of a cell [m], the kernel's σ [m], and the time between samples [s] that were used. */
  readonly cell: number;
  readonly sigma: number;
  readonly sampleInterval: number;
}

/** Radius over which a person's chest load is drawn [m]: the body's. @source docs/science.md, “The outcome”: a disc of the area of shoulders and chest */
const BODY_RADIUS = 0.19;
const LOAD_BIN = 200;
const LOAD_BINS = 40;
const CONGESTED = 5;

interface SheetFields {
  readonly grid: FloorGrid;
  /** Number of this sheet's first cell among all cells. */
  readonly base: number;
}

/**
 * Maps of density, speed, crowd pressure and chest load of every sheet, and the time spent at each level of service.
 *
 *     density(c)  = Σ_i w_i(c) / cell²,   w_i ∝ e(c)·exp(−|c − x_i|² / 2σ²) over the cells seen from i, Σ_c w_i(c) = 1
 *     pressure(c) = density(c) · (⟨|v|²⟩ − |⟨v⟩|²),  means weighted by w_i(c), v by central difference over ± 0.5 s
 *
 * The density *at a person*, for the levels of service, is `densityAtPerson`. Rows of persons who have passed an exit
 * line (`leaving`, `out`) are left out, and so are those dead or unconscious for speed and pressure.
 * A door that is shut does not stop the kernel: only walls do. Persons more than three cells off the floor are left out.
 * Cost O(rows + samples × kernel cells); memory O(cells), bounded by `cellBudget`.
 * @source pressure: Helbing, Johansson & Al-Abideen 2007, doi:10.1103/PhysRevE.75.046109 (turbulence from about 0.02 /s²);
 * kernel σ 0.7 m: our choice; edge factor: symmetric scaling after Sinkhorn & Knopp 1967,
 * doi:10.2140/pjm.1967.21.343
 */
export function mapCrowd(sheets: readonly TraceSheet[], trajectory: Trajectory, options: MapOptions = {}): CrowdMaps {
  const sigma = options.sigma ?? 0.7;
  const { frameCount, frameStart, frameRate, x, y, state } = trajectory;
  const rowCount = frameStart[frameCount] ?? 0;
  const grids = layGrids(sheets, trajectory, {
    cell: options.cell ?? 0.25,
    margin: 3 * sigma + 0.5,
    cellBudget: options.cellBudget ?? 600_000,
  });
  const cell = grids[0]?.cell ?? options.cell ?? 0.25;
  const wished = Math.max(1, Math.round((options.sampleInterval ?? 0.5) * frameRate));
  const stride = Math.max(wished, Math.ceil(rowCount / (options.sampleBudget ?? 1_500_000)));
  const sampleInterval = stride / frameRate;

  const fields: SheetFields[] = [];
  let cellCount = 0;
  for (const grid of grids) {
    fields.push({ grid, base: cellCount });
    cellCount += grid.columns * grid.rows;
  }
  const kernel = createKernel(sigma, cell);
  const personRows = options.personRows ?? groupRowsByPerson(trajectory);
  const { vx, vy } = computeVelocities(trajectory, Math.max(1, Math.round(0.5 * frameRate)), personRows);

  // Of the sample under way, cleared cell by cell from `touched`.
  const density = new Float64Array(cellCount);
  const moving = new Float64Array(cellCount);
  const sumX = new Float64Array(cellCount);
  const sumY = new Float64Array(cellCount);
  const sumSquare = new Float64Array(cellCount);
  const touched = new Int32Array(cellCount);
  // Over the run.
  const densityPeak = new Float32Array(cellCount);
  const densitySum = new Float64Array(cellCount);
  const pressurePeak = new Float32Array(cellCount);
  const congested = new Float32Array(cellCount);
  const speedSum = new Float64Array(cellCount);
  const speedCount = new Int32Array(cellCount);
  const sheetCount = grids.length;
  const densityHighest: (MapPeak | null)[] = new Array(sheetCount).fill(null);
  const pressureHighest: (MapPeak | null)[] = new Array(sheetCount).fill(null);
  const fruinTime = grids.map(() => FRUIN_BANDS.map(() => 0));
  const crowdingTime = grids.map(() => CROWDING_BANDS.map(() => 0));
  const factors: Float32Array[] = [];
  const ownCell: number[] = [];
  const ownValue: number[] = [];
  const ownSheet: number[] = [];
  let sampleCount = 0;

  for (let f = 0; f < frameCount; f += stride) {
    sampleCount += 1;
    const time = f / frameRate;
    let touchedCount = 0;
    ownCell.length = 0;
    ownValue.length = 0;
    ownSheet.length = 0;
    for (let row = frameStart[f]!; row < frameStart[f + 1]!; row += 1) {
      const field = fields[trajectory.sheet[row]!];
      if (!field) continue;
      const activity = state ? state[row]! & 15 : TraceState.walking;
      if (activity === TraceState.leaving || activity === TraceState.out) continue;
      const { grid, base } = field;
      factors[grid.sheet] ??= findEdgeFactors(kernel, grid);
      const factor = factors[grid.sheet]!;
      const place = findFloorCell(grid, (x[row]! - grid.x0) / cell, (y[row]! - grid.y0) / cell);
      if (place < 0) continue;
      const column = place % grid.columns;
      const line = (place - column) / grid.columns;
      const own = base + place;
      const total = weighKernel(kernel, grid, factor, column, line, x[row]!, y[row]!);
      const helpless = state !== undefined && (harmOf(state[row]!) >= 2 || isLying(state[row]!));
      const u = vx[row]!;
      const v = vy[row]!;
      const counts = !helpless && !Number.isNaN(u);
      const scale = 1 / (total * cell * cell);
      const { reach, weight } = kernel;
      const side = 2 * reach + 1;
      for (let j = 0; j < side; j += 1) {
        const target = own + (j - reach) * grid.columns - reach;
        for (let i = 0; i < side; i += 1) {
          const w = weight[j * side + i]! * scale;
          if (w === 0) continue;
          const c = target + i;
          if (density[c] === 0) {
            touched[touchedCount] = c;
            touchedCount += 1;
          }
          density[c]! += w;
          if (counts) {
            moving[c]! += w;
            sumX[c]! += w * u;
            sumY[c]! += w * v;
            sumSquare[c]! += w * (u * u + v * v);
          }
        }
      }
      if (counts) {
        speedSum[own]! += Math.sqrt(u * u + v * v);
        speedCount[own]! += 1;
      }
      ownCell.push(own);
      ownValue.push(weight[reach * side + reach]! * scale);
      ownSheet.push(field.grid.sheet);
    }
    for (let k = 0; k < ownCell.length; k += 1) {
      const atPerson = densityAtPerson(density[ownCell[k]!]!, ownValue[k]!);
      fruinTime[ownSheet[k]!]![findBand(FRUIN_BANDS, atPerson)]! += sampleInterval;
      crowdingTime[ownSheet[k]!]![findBand(CROWDING_BANDS, atPerson)]! += sampleInterval;
    }
    for (let k = 0; k < touchedCount; k += 1) {
      const c = touched[k]!;
      const rho = density[c]!;
      densitySum[c]! += rho;
      if (rho >= CONGESTED) congested[c]! += sampleInterval;
      if (rho > densityPeak[c]!) {
        densityPeak[c] = rho;
        keepHighest(densityHighest, fields, c, rho, time);
      }
      if (moving[c]! > 0) {
        const meanX = sumX[c]! / moving[c]!;
        const meanY = sumY[c]! / moving[c]!;
        const pressure = rho * Math.max(0, sumSquare[c]! / moving[c]! - meanX * meanX - meanY * meanY);
        if (pressure > pressurePeak[c]!) {
          pressurePeak[c] = pressure;
          keepHighest(pressureHighest, fields, c, pressure, time);
        }
      }
      density[c] = 0;
      moving[c] = 0;
      sumX[c] = 0;
      sumY[c] = 0;
      sumSquare[c] = 0;
    }
  }
  const loads = mapChestLoad(fields, cellCount, trajectory);
  const cut = (field: SheetFields, values: ArrayLike<number>): number[] =>
    Array.from({ length: field.grid.columns * field.grid.rows }, (_, k) =>
      roundSignificant(values[field.base + k]!, 3),
    );
  return {
    cell,
    sigma,
    sampleInterval,
    sheets: fields.map((field, sheet) => ({
      sheet,
      grid: {
        x0: field.grid.x0,
        y0: field.grid.y0,
        cell,
        columns: field.grid.columns,
        rows: field.grid.rows,
      },
      densityPeak: cut(field, densityPeak),
      densityMean: cut(
        field,
        densitySum.map((value) => value / Math.max(1, sampleCount)),
      ),
      speedMean: Array.from({ length: field.grid.columns * field.grid.rows }, (_, k) =>
        speedCount[field.base + k]! > 0
          ? roundSignificant(speedSum[field.base + k]! / speedCount[field.base + k]!, 3)
          : null,
      ),
      pressurePeak: cut(field, pressurePeak),
      congestedTime: cut(field, congested),
      chestLoadMax: loads ? cut(field, loads.max) : null,
      chestLoad95: loads ? cut(field, loads.high) : null,
      densityHighest: densityHighest[sheet] ?? null,
      pressureHighest: pressureHighest[sheet] ?? null,
      chestLoadHighest: loads?.highest[sheet] ?? null,
      fruinTime: fruinTime[sheet]!,
      crowdingTime: crowdingTime[sheet]!,
    })),
  };
}

/**
 * Density [1/m²] at a person's own place from the kernel estimate there and the person's own share of it.
 * The estimate with the person in it reads 0.3 /m² for someone alone; without, it reads a dense crowd too thin, since
 * nobody else can stand where the person stands. Taking the room each person holds as 1/ρ, a gap of that area around
 * the person leaves ρ·exp(−own/ρ) of the others' density, which is solved for ρ by Newton's method:
 * 0 for someone alone, the full estimate in a dense crowd. Both arguments ≥ 0.
 * Measured: right within 5 % on random crowds with spacing, 0.3 to 8 /m², and on square lattices from 1 /m² up; a square
 * lattice of 0.5 /m² reads 0.42.
 * @source our choice; `maps.test.ts`
 */
export function densityAtPerson(estimate: number, own: number): number {
  const others = estimate - own;
  if (others <= 1e-6 * own) return 0;
  let density = estimate;
  for (let k = 0; k < 12; k += 1) {
    const gap = exactExp(-own / density);
    const step = (density * gap - others) / (gap * (1 + own / density));
    density -= step;
    if (Math.abs(step) < 1e-4 * density) break;
  }
  return density;
}

/**
 * The floor cell that stands for a place (in cells from the grid's corner): its own, or, of someone half-way over the
 * edge of the sheet or with the cell's centre in a wall, the nearest within three cells; −1 where there is none.
 */
function findFloorCell(grid: FloorGrid, px: number, py: number): number {
  const column = Math.floor(px);
  const row = Math.floor(py);
  if (column < 0 || row < 0 || column >= grid.columns || row >= grid.rows) return -1;
  if (grid.floor[row * grid.columns + column]) return row * grid.columns + column;
  let best = -1;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (let r = Math.max(0, row - 3); r <= Math.min(grid.rows - 1, row + 3); r += 1) {
    for (let c = Math.max(0, column - 3); c <= Math.min(grid.columns - 1, column + 3); c += 1) {
      const distance = (c + 0.5 - px) * (c + 0.5 - px) + (r + 0.5 - py) * (r + 0.5 - py);
      if (distance >= bestDistance || grid.floor[r * grid.columns + c] === 0) continue;
      best = r * grid.columns + c;
      bestDistance = distance;
    }
  }
  return best;
}

function keepHighest(
  highest: (MapPeak | null)[],
  fields: readonly SheetFields[],
  c: number,
  value: number,
  t: number,
): void {
  let sheet = 0;
  while (sheet + 1 < fields.length && fields[sheet + 1]!.base <= c) sheet += 1;
  const before = highest[sheet];
  if (before && before.value >= value) return;
  const { grid, base } = fields[sheet]!;
  const row = Math.floor((c - base) / grid.columns);
  const column = c - base - row * grid.columns;
  highest[sheet] = {
    value: roundSignificant(value, 4),
    x: grid.x0 + (column + 0.5) * grid.cell,
    y: grid.y0 + (row + 0.5) * grid.cell,
    t,
  };
}

interface Kernel {
  readonly sigma: number;
  /** Cells to each side. */
  readonly reach: number;
  /** Weights of the last person weighed; `[(2·reach + 1)²]`, rows upwards. */
  readonly weight: Float64Array;
  readonly weightX: Float64Array;
  readonly weightY: Float64Array;
  /** Cells of the window in order of distance from the middle: window index, then the index and bit of the one before. */
  readonly order: Int32Array;
  readonly before: Int32Array;
  readonly bit: Int32Array;
  /** Weights from cell centre to cell centre. */
  readonly between: Float64Array;
  /** What is seen from a cell: by sheet, then by cell; words of 32 cells of the window. */
  readonly seen: Map<number, Uint32Array>[];
  readonly words: number;
}

function createKernel(sigma: number, cell: number): Kernel {
  const reach = Math.max(1, Math.ceil((3 * sigma) / cell));
  const side = 2 * reach + 1;
  const between = new Float64Array(side * side);
  for (let j = 0; j < side; j += 1) {
    for (let i = 0; i < side; i += 1) {
      const square = ((i - reach) * (i - reach) + (j - reach) * (j - reach)) * cell * cell;
      between[j * side + i] = exactExp(-square / (2 * sigma * sigma));
    }
  }
  const offsets: [number, number][] = [];
  for (let j = -reach; j <= reach; j += 1) for (let i = -reach; i <= reach; i += 1) offsets.push([i, j]);
  offsets.sort((a, b) => Math.max(Math.abs(a[0]), Math.abs(a[1])) - Math.max(Math.abs(b[0]), Math.abs(b[1])));
  const order = new Int32Array(side * side);
  const before = new Int32Array(side * side);
  const bit = new Int32Array(side * side);
  offsets.forEach(([i, j], k) => {
    const far = Math.max(Math.abs(i), Math.abs(j));
    order[k] = (j + reach) * side + i + reach;
    if (far === 0) return;
    // The cell before on the digital ray from the middle, one ring further in.
    const pi = Math.round((i * (far - 1)) / far);
    const pj = Math.round((j * (far - 1)) / far);
    before[k] = (pj + reach) * side + pi + reach;
    bit[k] = NEIGHBOURS.findIndex(([stepX, stepY]) => stepX === i - pi && stepY === j - pj);
  });
  return {
    sigma,
    reach,
    weight: new Float64Array(side * side),
    weightX: new Float64Array(side),
    weightY: new Float64Array(side),
    order,
    before,
    bit,
    between,
    seen: [],
    words: Math.ceil((side * side) / 32),
  };
}

/**
 * Edge factors of one sheet's cells by eight rounds of e ← √(e / Ke), which bring them within 1 %; exact where no wall is
 * near. Only the cells that a wall can reach are worked on.
 */
function findEdgeFactors(kernel: Kernel, grid: FloorGrid): Float32Array {
  const { columns, rows, floor } = grid;
  const { reach, between } = kernel;
  const side = 2 * reach + 1;
  const even = 1 / Math.sqrt(between.reduce((sum, weight) => sum + weight, 0));
  let factor = new Float32Array(columns * rows).fill(even);
  const isWall = (c: number): boolean => grid.walled[c] !== 0 || floor[c] === 0;
  // Columns, then rows: a cell with a wall in reach of its window, or of a window that reaches it.
  const spread = 2 * reach;
  const across = new Uint8Array(columns * rows);
  const near: number[] = [];
  for (let row = 0; row < rows; row += 1) {
    let last = Number.NEGATIVE_INFINITY;
    for (let column = 0; column < columns; column += 1) {
      const c = row * columns + column;
      if (isWall(c)) last = column;
      if (column - last <= spread) across[c] = 1;
    }
    last = Number.POSITIVE_INFINITY;
    for (let column = columns - 1; column >= 0; column -= 1) {
      const c = row * columns + column;
      if (isWall(c)) last = column;
      if (last - column <= spread) across[c] = 1;
    }
  }
  for (let column = 0; column < columns; column += 1) {
    let below = Number.NEGATIVE_INFINITY;
    const above = new Int32Array(rows);
    let next = rows + 2 * spread;
    for (let row = rows - 1; row >= 0; row -= 1) {
      if (across[row * columns + column]) next = row;
      above[row] = next;
    }
    for (let row = 0; row < rows; row += 1) {
      const c = row * columns + column;
      if (across[c]) below = row;
      if (floor[c] && (row - below <= spread || above[row]! - row <= spread)) near.push(c);
    }
  }
  if (near.length === 0) return factor;
  for (let round = 0; round < 8; round += 1) {
    const next = factor.slice();
    for (const c of near) {
      const column = c % columns;
      const row = (c - column) / columns;
      const seen = lookAround(kernel, grid, column, row);
      let sum = 0;
      for (let j = 0; j < side; j += 1) {
        const line = c + (j - reach) * columns - reach;
        for (let i = 0; i < side; i += 1) {
          const k = j * side + i;
          if ((seen[k >> 5]! >>> (k & 31)) & 1) sum += between[k]! * factor[line + i]!;
        }
      }
      next[c] = Math.sqrt(factor[c]! / sum);
    }
    factor = next;
  }
  return factor;
}

/** Fills `kernel.weight` with one person's weights over the cells that count and returns their sum. */
function weighKernel(
  kernel: Kernel,
  grid: FloorGrid,
  factor: Float32Array,
  column: number,
  row: number,
  x: number,
  y: number,
): number {
  const { reach, weight, weightX, weightY, sigma } = kernel;
  const side = 2 * reach + 1;
  for (let k = 0; k < side; k += 1) {
    const dx = grid.x0 + (column + k - reach + 0.5) * grid.cell - x;
    const dy = grid.y0 + (row + k - reach + 0.5) * grid.cell - y;
    weightX[k] = exactExp((-dx * dx) / (2 * sigma * sigma));
    weightY[k] = exactExp((-dy * dy) / (2 * sigma * sigma));
  }
  const seen = lookAround(kernel, grid, column, row);
  let total = 0;
  for (let j = 0; j < side; j += 1) {
    const line = (row + j - reach) * grid.columns + column - reach;
    for (let i = 0; i < side; i += 1) {
      const k = j * side + i;
      const w = (seen[k >> 5]! >>> (k & 31)) & 1 ? weightX[i]! * weightY[j]! * factor[line + i]! : 0;
      weight[k] = w;
      total += w;
    }
  }
  return total;
}

/** Which cells of the window are floor and seen from its middle; the middle itself always is. */
function lookAround(kernel: Kernel, grid: FloorGrid, column: number, row: number): Uint32Array {
  kernel.seen[grid.sheet] ??= new Map();
  const known = kernel.seen[grid.sheet]!;
  const middle = row * grid.columns + column;
  const found = known.get(middle);
  if (found) return found;
  const { reach, order, before, bit, words } = kernel;
  const side = 2 * reach + 1;
  const clear = new Uint32Array(words);
  const seen = new Uint32Array(words);
  for (let k = 0; k < order.length; k += 1) {
    const index = order[k]!;
    const i = (index % side) - reach;
    const j = Math.floor(index / side) - reach;
    const c = column + i;
    const r = row + j;
    if (c < 0 || r < 0 || c >= grid.columns || r >= grid.rows) continue;
    if (k > 0) {
      const previous = before[k]!;
      if (((clear[previous >> 5]! >>> (previous & 31)) & 1) === 0) continue;
      const pc = column + (previous % side) - reach;
      const pr = row + Math.floor(previous / side) - reach;
      if ((grid.walled[pr * grid.columns + pc]! >> bit[k]!) & 1) continue;
    }
    clear[index >> 5]! |= 1 << (index & 31);
    if (k === 0 || grid.floor[r * grid.columns + c]) seen[index >> 5]! |= 1 << (index & 31);
  }
  known.set(middle, seen);
  return seen;
}

function mapChestLoad(
  fields: readonly SheetFields[],
  cellCount: number,
  trajectory: Trajectory,
): { max: Float32Array; high: Float32Array; highest: (MapPeak | null)[] } | undefined {
  const { chestLoad, frameCount, frameStart, frameRate, x, y } = trajectory;
  if (!chestLoad) return undefined;
  const max = new Float32Array(cellCount);
  const slot = new Int32Array(cellCount).fill(-1);
  const highest: (MapPeak | null)[] = fields.map(() => null);
  let histogram = new Uint32Array(LOAD_BINS * 1024);
  let slots = 0;
  for (let f = 0; f < frameCount; f += 1) {
    for (let row = frameStart[f]!; row < frameStart[f + 1]!; row += 1) {
      const field = fields[trajectory.sheet[row]!];
      if (!field) continue;
      const { grid, base } = field;
      const px = (x[row]! - grid.x0) / grid.cell;
      const py = (y[row]! - grid.y0) / grid.cell;
      const column = Math.floor(px);
      const line = Math.floor(py);
      if (column < 0 || line < 0 || column >= grid.columns || line >= grid.rows) continue;
      const own = base + line * grid.columns + column;
      const load = chestLoad[row]!;
      if (slot[own]! < 0) {
        slot[own] = slots;
        slots += 1;
        if (slots * LOAD_BINS > histogram.length) {
          const larger = new Uint32Array(histogram.length * 2);
          larger.set(histogram);
          histogram = larger;
        }
      }
      histogram[slot[own]! * LOAD_BINS + Math.max(0, Math.min(LOAD_BINS - 1, Math.floor(load / LOAD_BIN)))]! += 1;
      if (!(load > 0)) continue;
      if (load > (highest[grid.sheet]?.value ?? 0)) {
        highest[grid.sheet] = { value: roundSignificant(load, 4), x: x[row]!, y: y[row]!, t: f / frameRate };
      }
      const reach = BODY_RADIUS / grid.cell;
      const lastColumn = Math.min(grid.columns - 1, Math.floor(px + reach));
      const lastLine = Math.min(grid.rows - 1, Math.floor(py + reach));
      for (let r = Math.max(0, Math.floor(py - reach)); r <= lastLine; r += 1) {
        for (let c = Math.max(0, Math.floor(px - reach)); c <= lastColumn; c += 1) {
          const dx = c + 0.5 - px;
          const dy = r + 0.5 - py;
          const inside = (c === column && r === line) || dx * dx + dy * dy <= reach * reach;
          const index = base + r * grid.columns + c;
          if (inside && load > max[index]!) max[index] = load;
        }
      }
    }
  }
  const high = new Float32Array(cellCount);
  for (let c = 0; c < cellCount; c += 1) {
    if (slot[c]! < 0) continue;
    let total = 0;
    for (let bin = 0; bin < LOAD_BINS; bin += 1) total += histogram[slot[c]! * LOAD_BINS + bin]!;
    let rest = 0.95 * total;
    for (let bin = 0; bin < LOAD_BINS; bin += 1) {
      const count = histogram[slot[c]! * LOAD_BINS + bin]!;
      if (rest <= count) {
        high[c] = Math.min((bin + (count > 0 ? rest / count : 0)) * LOAD_BIN, max[c]!);
        break;
      }
      rest -= count;
    }
  }
  return { max, high, highest };
}
