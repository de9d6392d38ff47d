import { BLOCKED_EAST, BLOCKED_NORTH, TILE, TILE_CELLS } from './cell-tables.ts';
import type { AreaTiles, World } from './world.ts';

/**
 * Gives cells that no beam reached (Infinity in `values`) a distance from those beside them that have one: fast marching of
 * second order over the links between cells that no wall cuts. Such cells are rare: slivers that sight leaves out by a
 * rounding, nooks behind corners too blunt to be one. Cells that are not linked to any with a value keep Infinity.
 * Returns how many got one. `bases`: first entry of each slot in the sheet's tables. O(n log n) for n such cells, and one
 * pass over all.
 * @source Sethian 1999, SIAM Review 41(2) 199, doi 10.1137/S0036144598347059 (second-order upwind scheme, section 5)
 */
export function marchRest(
  world: World,
  area: number,
  tiles: AreaTiles,
  bases: Int32Array,
  values: Float32Array,
): number {
  const { sheet } = world.areas[area];
  const h = world.sheets[sheet].grid.cell;
  const { blocked } = world.tiles[sheet];
  const { columns, rows, slots, count } = tiles;
  const slotX = new Int32Array(count);
  const slotY = new Int32Array(count);
  for (let at = 0; at < slots.length; at++) {
    if (slots[at] < 0) continue;
    slotX[slots[at]] = at % columns;
    slotY[slots[at]] = Math.floor(at / columns);
  }
  /** The cell beside c, or −1 where it is not the area's or a wall stands between. */
  const beside = (c: number, dx: number, dy: number): number => {
    const slot = c >> 6;
    const x = slotX[slot] * TILE + (c & 7) + dx;
    const y = slotY[slot] * TILE + ((c >> 3) & 7) + dy;
    if (x < 0 || y < 0 || x >= columns * TILE || y >= rows * TILE) return -1;
    const other = slots[(y >> 3) * columns + (x >> 3)];
    if (other < 0) return -1;
    const to = other * TILE_CELLS + ((y & 7) << 3) + (x & 7);
    if (values[to] < 0) return -1;
    const lower = dx + dy > 0 ? c : to;
    const bit = dx !== 0 ? BLOCKED_EAST : BLOCKED_NORTH;
    return (blocked[bases[lower >> 6] + (lower & 63)] & bit) === 0 ? to : -1;
  };
  const heapCell: number[] = [];
  const heapValue: number[] = [];
  const put = (cell: number, value: number): void => {
    let i = heapCell.length;
    heapCell.push(cell);
    heapValue.push(value);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (heapValue[parent] < value || (heapValue[parent] === value && heapCell[parent] <= cell)) break;
      heapCell[i] = heapCell[parent];
      heapValue[i] = heapValue[parent];
      i = parent;
    }
    heapCell[i] = cell;
    heapValue[i] = value;
  };
  const takeFirst = (): void => {
    const cell = heapCell.pop() as number;
    const value = heapValue.pop() as number;
    const size = heapCell.length;
    if (size === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= size) break;
      const right = child + 1;
      if (
        right < size &&
        (heapValue[right] < heapValue[child] ||
          (heapValue[right] === heapValue[child] && heapCell[right] < heapCell[child]))
      ) {
        child = right;
      }
      if (value < heapValue[child] || (value === heapValue[child] && cell <= heapCell[child])) break;
      heapCell[i] = heapCell[child];
      heapValue[i] = heapValue[child];
      i = child;
    }
    heapCell[i] = cell;
    heapValue[i] = value;
  };
  /** The smaller neighbour along an axis in `near`, the one behind it in `far`; Infinity where there is none. */
  let near = Infinity;
  let far = Infinity;
  const look = (c: number, dx: number, dy: number): void => {
    const to = beside(c, dx, dy);
    if (to < 0 || !(values[to] < near)) return;
    near = values[to];
    const behind = beside(to, dx, dy);
    far = behind < 0 ? Infinity : values[behind];
  };
  const offer = (c: number): void => {
    near = Infinity;
    far = Infinity;
    look(c, -1, 0);
    look(c, 1, 0);
    const x1 = near;
    const x2 = far;
    near = Infinity;
    far = Infinity;
    look(c, 0, -1);
    look(c, 0, 1);
    const found = solveCell(x1, x2, near, far, h);
    if (found < Infinity) put(c, found);
  };
  for (let c = 0; c < values.length; c++) if (values[c] === Infinity) offer(c);
  let reached = 0;
  while (heapCell.length > 0) {
    const c = heapCell[0];
    const value = heapValue[0];
    takeFirst();
    if (values[c] !== Infinity) continue;
    values[c] = value;
    reached++;
    for (let k = 0; k < 4; k++) {
      const to = beside(c, k < 2 ? 2 * k - 1 : 0, k < 2 ? 0 : 2 * k - 5);
      if (to >= 0 && values[to] === Infinity) offer(to);
    }
  }
  return reached;
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
