import { exactLog, RandomPurpose, randomUnit } from '../math/index.ts';
import type { Issue, Scenario } from '../scenario/index.ts';
import { visitSpans } from './cell-tables.ts';
import { isClearOfWalls } from './crowd.ts';
import { prepareDraw } from './draw-distribution.ts';
import { buildEdgeIndex, type EdgeIndex, indexContains } from './edge-index.ts';
import { error } from './issues.ts';
import { boxOf, type Ring } from './plan-geometry.ts';
import type { World } from './world.ts';

/** Most persons that come in one run. */
const ARRIVALS_MAX = 2_000_000;
/** Decision intervals a second; the format allows no other rate. */
const TICKS = 10;
/** Two who come keep at least this gap [m]; our choice. */
export const ARRIVAL_GAP = 0.05;

/** Where the persons of a population come in. */
export interface ArrivalRegion {
  readonly population: number;
  readonly sheet: number;
  /** xmin, ymin, xmax, ymax, local [m]. */
  readonly box: readonly [number, number, number, number];
  readonly index: EdgeIndex;
  /** Cells of the sheet (row × columns + column) that have their middle in the region. */
  readonly cells: Int32Array;
  /** Places clear of walls for the broadest of them, x and y by turns: a hexagonal lattice, or the one place given. */
  readonly lattice: Float64Array;
  readonly isRandom: boolean;
}

/**
 * Ticks at which the persons of population `p` come, ascending, one entry a person; undefined where they are there from the start. An issue where
 * there are too many. Draws by (seed, population, number of the draw).
 */
export function drawArrivals(scenario: Scenario, p: number, seed: number, issues: Issue[]): Int32Array | undefined {
  const { arrives, count, position } = scenario.populations[p];
  if (arrives === undefined) return undefined;
  const most = position === undefined ? (count ?? ARRIVALS_MAX + 1) : 1;
  const batch = arrives.batch ?? 1;
  const ticks: number[] = [];
  const add = (time: number, persons: number): boolean => {
    const tick = Math.max(0, Math.ceil(TICKS * time - 1e-6));
    for (let k = 0; k < persons && ticks.length < most; k++) ticks.push(tick);
    return ticks.length < most;
  };
  if (arrives.times !== undefined) for (const time of arrives.times) add(time, batch);
  else if (arrives.schedule !== undefined) {
    for (const part of arrives.schedule) {
      for (let k = 0; k < part.count; k++) add(part.from + (k * (part.to - part.from)) / part.count, 1);
    }
  } else {
    const { from = 0, to = scenario.settings.end.time, every, rate = 1 } = arrives;
    // a stream of its own for each population
    const purpose = RandomPurpose.arrival + 256 * p;
    const draw =
      every === undefined
        ? (k: number) => -exactLog(1 - randomUnit(seed, purpose, k, 0)) / rate
        : (
            (gap) => (k: number) =>
              gap(seed, purpose, k)
          )(prepareDraw(every));
    let time = every === undefined ? from + draw(0) : from;
    for (let k = 1; time < to && ticks.length <= ARRIVALS_MAX; k++) {
      if (!add(time, batch)) break;
      time += Math.max(0, draw(k));
    }
  }
  if (ticks.length > ARRIVALS_MAX) {
    issues.push(
      error('too-many-persons', `populations[${p}].arrives`, 'More persons come than one run holds; let fewer come.', {
        expected: `≤ ${ARRIVALS_MAX}`,
        found: 'more',
      }),
    );
    return new Int32Array(0);
  }
  return Int32Array.from(ticks).sort();
}

/** What the place of a population with arrivals is found by: its region, and the largest radius of its persons [m]. */
export interface ArrivalPlace {
  readonly population: number;
  readonly sheet: number;
  readonly rings: readonly Ring[];
  readonly radius: number;
}

/** The places of a region at which persons may come in. An issue where not even one has room. */
export function makeArrivalRegion(world: World, place: ArrivalPlace, issues: Issue[]): ArrivalRegion {
  const { scenario, origin } = world;
  const { population, sheet, rings, radius } = place;
  const { position, arrives, id } = scenario.populations[population];
  const { grid } = world.sheets[sheet];
  const lattice: number[] = [];
  const offer = (x: number, y: number): void => {
    const fx = Math.fround(x);
    const fy = Math.fround(y);
    if (isClearOfWalls(world, sheet, fx, fy, radius)) lattice.push(fx, fy);
  };
  const cells: number[] = [];
  const index = buildEdgeIndex(rings);
  if (position !== undefined) offer(position[0] - origin[0], position[1] - origin[1]);
  else {
    visitSpans(rings, grid, (row, first, last) => {
      for (let column = first; column <= last; column++) cells.push(row * grid.columns + column);
    });
    const [x0, y0, x1, y1] = boxOf(rings);
    const pitch = 2 * radius + ARRIVAL_GAP;
    const rise = (pitch * Math.sqrt(3)) / 2;
    for (let row = 0; row <= (y1 - y0) / rise; row++) {
      for (let column = 0; column <= (x1 - x0) / pitch; column++) {
        const x = x0 + 0.5 * pitch + (column + (row % 2 === 0 ? 0 : 0.5)) * pitch;
        const y = y0 + 0.5 * pitch + row * rise;
        if (indexContains(index, x, y)) offer(x, y);
      }
    }
    // too narrow for the lattice: any cell's middle that has room
    for (let k = 0; lattice.length === 0 && k < cells.length; k++) {
      offer(
        grid.x0 + ((cells[k] % grid.columns) + 0.5) * grid.cell,
        grid.y0 + (Math.floor(cells[k] / grid.columns) + 0.5) * grid.cell,
      );
    }
  }
  if (lattice.length === 0) {
    const path = `populations[${population}]${position === undefined ? '' : '.position'}`;
    const message = `Nobody of '${id}' has room where they are to come in, ${(2 * radius).toFixed(2)} m across; enlarge the region, or move it off the walls.`;
    issues.push(
      error('arrivals-no-room', path, message, {
        expected: `room for ${(2 * radius).toFixed(2)}`,
        found: 'none',
        unit: 'm',
      }),
    );
    lattice.push(0, 0);
  }
  return {
    population,
    sheet,
    box: position === undefined ? boxOf(rings) : [lattice[0], lattice[1], lattice[0], lattice[1]],
    index,
    cells: Int32Array.from(cells),
    lattice: Float64Array.from(lattice),
    isRandom: position === undefined && arrives?.place !== 'lattice',
  };
}
