import { RandomPurpose, randomUnit } from '../math/index.ts';
import { binOf, type Crowd, depthInWall, gapToOthers, rebuildBins, wayOut } from './crowd.ts';
import { distanceToEdges, type EdgeIndex, indexContains } from './edge-index.ts';
import { isCut } from './locate.ts';
import type { World } from './world.ts';

/**
 * Where bodies cannot be set apart altogether they may overlap by this [m]. A body's radius has 9 mm of clothing in it; the contact
 * law answers 1 mm with 80 N, and a chest between six such contacts with 120 N. Our choice.
 */
export const OVERLAP_MAX = 0.001;

/** Pairs within this of touching are looked at again until somebody has moved half of it [m]. */
const SKIN = 0.08;
/** Nearer than this to a wall or the edge of the region every move is checked [m]. */
const CHECKED = 0.3;
/** Gap that is aimed at first, so that rounding to f32 makes no overlap [m]. */
const GAP = 1e-4;
/** Rounds of pushing apart with that gap, then with the overlap allowed. */
const ROUNDS_APART = 250;
const ROUNDS_PRESSED = 500;
const ROUNDS_THINNED = 120;
/** Rows of a hexagonal lattice lie this far apart, in its pitch: √3/2. Turns of looking for its pitch. */
const LATTICE_RISE = 0.8660254037844386;
const LATTICE_TURNS = 12;
/** Draws of the first person from here on say which places of a lattice stay empty. */
const LATTICE_DRAW = 1000;
/** Deepest a body may be in a wall [m], as in `isClearOfWalls`. */
const WALL_DEPTH = 1e-4;

/** Bodies of one sheet in order of place: those that are moved, then those that stay. */
interface Pack {
  /** Persons, by row. */
  readonly ids: Int32Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly radius: Float64Array;
  /** Rows before this one are moved. */
  moved: number;
  /** 1 where moves are checked against walls and edges. */
  readonly checked: Uint8Array;
  /** Rows with which a row may come to overlap, all of them behind it. */
  start: Int32Array;
  items: Int32Array;
  /** Places when the pairs were listed. */
  readonly listedX: Float64Array;
  readonly listedY: Float64Array;
}

/** Where persons are packed: a region of one sheet. */
export interface Ground {
  readonly world: World;
  readonly sheet: number;
  readonly index: EdgeIndex;
}

/**
 * Packs the persons `first` … `first + count − 1`, who stand in each other, until nobody overlaps or nobody by more than `OVERLAP_MAX`;
 * from where they stand and, where that does not succeed, from the closest packing of discs. Where neither does, some are taken out
 * (`placed` 0) until the rest fits. Persons before `first` stay where they are. Deterministic; O(persons).
 */
export function packPersons(ground: Ground, crowd: Crowd, first: number, count: number, seed: number): void {
  const pack = gather(ground, crowd, first, count);
  if (settle(ground, pack)) {
    scatter(ground, crowd, pack);
    return;
  }
  const sum = (strain: Float64Array): number => strain.reduce((total, one) => total + one, 0);
  const own = sum(strainOf(ground, pack));
  const ownX = pack.x.slice();
  const ownY = pack.y.slice();
  const isLaid = layOut(ground, crowd, pack, seed, first);
  if (isLaid && settle(ground, pack)) {
    scatter(ground, crowd, pack);
    return;
  }
  if (!isLaid || sum(strainOf(ground, pack)) >= own) {
    pack.x.set(ownX);
    pack.y.set(ownY);
  }
  thin(ground, crowd, first, count, pack);
  layTouching(ground, crowd, pack);
}

/** Pushes apart with a gap, then with the overlap allowed; true once all have room. */
function settle(ground: Ground, pack: Pack): boolean {
  return (
    pushRounds(ground, pack, GAP, 0, ROUNDS_APART) ||
    pushRounds(ground, pack, -OVERLAP_MAX / 2, OVERLAP_MAX, ROUNDS_PRESSED)
  );
}

function gather({ world, sheet }: Ground, crowd: Crowd, first: number, count: number): Pack {
  const key = new Int32Array(crowd.placed.length);
  const touched = new Uint8Array(crowd.head.length);
  const { wallColumns } = world.sheets[sheet].grid;
  const moved: number[] = [];
  for (let i = first; i < first + count; i++) {
    if (crowd.placed[i] === 0) continue;
    key[i] = binOf(world, sheet, crowd.x[i], crowd.y[i]);
    moved.push(i);
    for (let dr = -1; dr <= 1; dr++) {
      for (let dc = -1; dc <= 1; dc++) {
        const bin = key[i] + dr * wallColumns + dc;
        if (bin >= 0 && bin < touched.length) touched[bin] = 1;
      }
    }
  }
  moved.sort((i, j) => key[i] - key[j] || i - j);
  const ids = [...moved];
  for (let i = 0; i < crowd.placed.length; i++) {
    if (crowd.placed[i] === 0 || (i >= first && i < first + count) || crowd.sheet[i] !== sheet) continue;
    const bin = binOf(world, sheet, crowd.x[i], crowd.y[i]);
    if (bin >= 0 && touched[bin] === 1) ids.push(i);
  }
  const pack: Pack = {
    ids: Int32Array.from(ids),
    x: Float64Array.from(ids, (i) => crowd.x[i]),
    y: Float64Array.from(ids, (i) => crowd.y[i]),
    radius: Float64Array.from(ids, (i) => crowd.radius[i]),
    moved: moved.length,
    checked: new Uint8Array(ids.length),
    start: new Int32Array(ids.length + 1),
    items: new Int32Array(0),
    listedX: new Float64Array(ids.length),
    listedY: new Float64Array(ids.length),
  };
  return pack;
}

/** Writes the places back. */
function scatter({ world }: Ground, crowd: Crowd, pack: Pack): void {
  for (let k = 0; k < pack.moved; k++) {
    crowd.x[pack.ids[k]] = Math.fround(pack.x[k]);
    crowd.y[pack.ids[k]] = Math.fround(pack.y[k]);
  }
  rebuildBins(world, crowd);
}

/** Lists the pairs that may come to overlap before anybody has moved by half the skin, and who is near a wall or an edge. */
function listPairs({ world, sheet, index }: Ground, pack: Pack): void {
  const { x, y, radius, moved } = pack;
  const total = x.length;
  let x0 = Infinity;
  let y0 = Infinity;
  let x1 = -Infinity;
  let y1 = -Infinity;
  let radiusMax = 0;
  for (let k = 0; k < total; k++) {
    x0 = Math.min(x0, x[k]);
    y0 = Math.min(y0, y[k]);
    x1 = Math.max(x1, x[k]);
    y1 = Math.max(y1, y[k]);
    radiusMax = Math.max(radiusMax, radius[k]);
  }
  const cell = 2 * radiusMax + SKIN;
  const columns = Math.floor((x1 - x0) / cell) + 3;
  const rows = Math.floor((y1 - y0) / cell) + 3;
  const cellOf = new Int32Array(total);
  const cellStart = new Int32Array(columns * rows + 1);
  for (let k = 0; k < total; k++) {
    cellOf[k] = (Math.floor((y[k] - y0) / cell) + 1) * columns + Math.floor((x[k] - x0) / cell) + 1;
    cellStart[cellOf[k] + 1]++;
  }
  for (let c = 0; c < columns * rows; c++) cellStart[c + 1] += cellStart[c];
  const next = cellStart.slice();
  const byCell = new Int32Array(total);
  for (let k = 0; k < total; k++) byCell[next[cellOf[k]]++] = k;
  if (pack.items.length === 0) pack.items = new Int32Array(8 * total + 64);
  let { items } = pack;
  let at = 0;
  for (let k = 0; k < moved; k++) {
    pack.start[k] = at;
    for (let dr = -1; dr <= 1; dr++) {
      const from = cellStart[cellOf[k] + dr * columns - 1];
      const to = cellStart[cellOf[k] + dr * columns + 2];
      for (let n = from; n < to; n++) {
        const other = byCell[n];
        if (other <= k) continue;
        const dx = x[other] - x[k];
        const dy = y[other] - y[k];
        const reach = radius[k] + radius[other] + SKIN;
        if (dx * dx + dy * dy >= reach * reach) continue;
        if (at === items.length) {
          const grown = new Int32Array(2 * at);
          grown.set(items);
          items = grown;
        }
        items[at++] = other;
      }
    }
  }
  pack.start[moved] = at;
  pack.items = items;
  const { wallCellStart } = world.views;
  for (let k = 0; k < moved; k++) {
    const bin = binOf(world, sheet, x[k], y[k]);
    const bare = bin >= 0 && wallCellStart[bin + 1] === wallCellStart[bin];
    pack.checked[k] = bare && distanceToEdges(index, x[k], y[k], CHECKED) >= CHECKED ? 0 : 1;
  }
  pack.listedX.set(x);
  pack.listedY.set(y);
}

/**
 * Up to `rounds` rounds of pushing overlapping pairs apart to a gap, each by half, and off the walls. True as soon as nobody overlaps by
 * more than `allowed`.
 */
function pushRounds(ground: Ground, pack: Pack, gap: number, allowed: number, rounds: number): boolean {
  const { x, y, radius, moved, checked, listedX, listedY } = pack;
  const limit = (SKIN / 2) * (SKIN / 2);
  listPairs(ground, pack);
  for (let round = 0; round < rounds; round++) {
    let far = 0;
    for (let k = 0; k < moved; k++) {
      const ex = x[k] - listedX[k];
      const ey = y[k] - listedY[k];
      far = Math.max(far, ex * ex + ey * ey);
    }
    if (far > limit) listPairs(ground, pack);
    const { start, items } = pack;
    let worst = 0;
    for (let k = 0; k < moved; k++) {
      const own = radius[k] + gap;
      for (let n = start[k]; n < start[k + 1]; n++) {
        const other = items[n];
        let dx = x[other] - x[k];
        let dy = y[other] - y[k];
        const reach = own + radius[other];
        const squared = dx * dx + dy * dy;
        if (squared >= reach * reach) continue;
        let d = Math.sqrt(squared);
        const overlap = reach - d;
        if (overlap > worst) worst = overlap;
        if (d < 1e-6) {
          // On one spot: part along a direction of their own, always the same for the pair.
          dx = 1 + ((k * 31 + other * 17) % 7);
          dy = 1 + ((k * 13 + other * 29) % 5) - 3;
          d = Math.sqrt(dx * dx + dy * dy);
        }
        // No further in a round than pairs are listed for.
        const fixed = other >= moved;
        const share = Math.min(fixed ? overlap : overlap / 2, SKIN / 4) / d;
        if (checked[k] === 1) moveChecked(ground, pack, k, x[k] - dx * share, y[k] - dy * share);
        else {
          x[k] -= dx * share;
          y[k] -= dy * share;
        }
        if (fixed) continue;
        if (checked[other] === 1) moveChecked(ground, pack, other, x[other] + dx * share, y[other] + dy * share);
        else {
          x[other] += dx * share;
          y[other] += dy * share;
        }
      }
    }
    const inWall = pushOffWalls(ground, pack);
    if (worst - gap <= allowed && inWall <= WALL_DEPTH && hasRoom(ground, pack, allowed)) return true;
  }
  return hasRoom(ground, pack, allowed);
}

/** Moves a body unless that leads out of the region or through a wall. */
function moveChecked({ world, sheet, index }: Ground, { x, y }: Pack, k: number, toX: number, toY: number): void {
  if (!indexContains(index, toX, toY) || isCut(world, sheet, x[k], y[k], toX, toY, false)) return;
  x[k] = toX;
  y[k] = toY;
}

/** Moves bodies out of walls and shut leaves; returns how deep one was [m]. */
function pushOffWalls({ world, sheet, index }: Ground, pack: Pack): number {
  const { x, y, radius, moved, checked } = pack;
  let worst = 0;
  for (let k = 0; k < moved; k++) {
    if (checked[k] === 0) continue;
    for (let turn = 0; turn < 3; turn++) {
      const depth = depthInWall(world, sheet, x[k], y[k], radius[k] + GAP / 2);
      if (depth <= 0) break;
      worst = Math.max(worst, depth - GAP / 2);
      const toX = x[k] + wayOut[1] * depth;
      const toY = y[k] + wayOut[2] * depth;
      if (!indexContains(index, toX, toY)) break;
      x[k] = toX;
      y[k] = toY;
    }
  }
  return worst;
}

/** Whether nobody overlaps another by more than `allowed`, nobody is in a wall and all are in the region. */
function hasRoom(ground: Ground, pack: Pack, allowed: number): boolean {
  listPairs(ground, pack);
  const { x, y, radius, moved, checked, start, items } = pack;
  const { world, sheet, index } = ground;
  for (let k = 0; k < moved; k++) {
    for (let n = start[k]; n < start[k + 1]; n++) {
      const other = items[n];
      const dx = x[other] - x[k];
      const dy = y[other] - y[k];
      const reach = radius[k] + radius[other] - allowed;
      if (dx * dx + dy * dy < reach * reach) return false;
    }
    if (checked[k] === 0) continue;
    if (depthInWall(world, sheet, x[k], y[k], radius[k]) > WALL_DEPTH || !indexContains(index, x[k], y[k]))
      return false;
  }
  return true;
}

/** By how much each row is pressed: overlaps beyond what is allowed, with others and walls, over its radius. Pairs are listed anew. */
function strainOf(ground: Ground, pack: Pack): Float64Array {
  listPairs(ground, pack);
  const { x, y, radius, moved, checked, start, items } = pack;
  const strain = new Float64Array(x.length);
  for (let k = 0; k < moved; k++) {
    for (let n = start[k]; n < start[k + 1]; n++) {
      const other = items[n];
      const dx = x[other] - x[k];
      const dy = y[other] - y[k];
      const overlap = radius[k] + radius[other] - OVERLAP_MAX - Math.sqrt(dx * dx + dy * dy);
      if (overlap <= 0) continue;
      strain[k] += overlap / radius[k];
      strain[other] += overlap / radius[other];
    }
    if (checked[k] === 0) continue;
    const depth = depthInWall(ground.world, ground.sheet, x[k], y[k], radius[k]) - WALL_DEPTH;
    if (depth > 0) strain[k] += (2 * depth) / radius[k];
    if (!indexContains(ground.index, x[k], y[k])) strain[k] += 1;
  }
  return strain;
}

/**
 * Takes persons out, the most pressed first and no two neighbours at once, and pushes the others apart again, until these have room. Each
 * turn takes half of those whose area is too much, as far as overlaps tell it, and at least one in 500.
 */
function thin(ground: Ground, crowd: Crowd, first: number, count: number, packed: Pack): void {
  let pack = packed;
  for (;;) {
    const strain = strainOf(ground, pack);
    const { start, items, moved } = pack;
    let sum = 0;
    const pressed: number[] = [];
    for (let k = 0; k < moved; k++) {
      if (strain[k] <= 0) continue;
      sum += strain[k];
      pressed.push(k);
    }
    if (pressed.length === 0) return;
    pressed.sort((i, j) => strain[j] - strain[i] || i - j);
    // a body touches about five others: a strain of 5 e of its diameter is too much area by 2 e
    const most = Math.max(1, Math.floor(moved / 500), Math.floor(sum / 10));
    const spared = new Uint8Array(pack.x.length);
    let taken = 0;
    for (const k of pressed) {
      if (spared[k] === 1) continue;
      if (taken === most) break;
      taken++;
      crowd.placed[pack.ids[k]] = 0;
      for (let n = start[k]; n < start[k + 1]; n++) spared[items[n]] = 1;
    }
    scatter(ground, crowd, pack);
    pack = gather(ground, crowd, first, count);
    const done = pushRounds(ground, pack, -OVERLAP_MAX / 2, OVERLAP_MAX, ROUNDS_THINNED);
    scatter(ground, crowd, pack);
    if (done) return;
  }
}

/** Frame of a lattice along the longest edge of a region: its corner, its direction, and how far the region reaches along and across. */
interface Frame {
  readonly x: number;
  readonly y: number;
  readonly ux: number;
  readonly uy: number;
  readonly along: readonly [number, number];
  readonly across: readonly [number, number];
}

function frameOf({ edges, edgeCount }: EdgeIndex): Frame {
  let longest = 0;
  let [x, y, ux, uy] = [0, 0, 1, 0];
  for (let e = 0; e < 4 * edgeCount; e += 4) {
    const dx = edges[e + 2] - edges[e];
    const dy = edges[e + 3] - edges[e + 1];
    const length = Math.sqrt(dx * dx + dy * dy);
    if (length <= longest + 1e-9) continue;
    longest = length;
    [x, y, ux, uy] = [edges[e], edges[e + 1], dx / length, dy / length];
  }
  const along: [number, number] = [Infinity, -Infinity];
  const across: [number, number] = [Infinity, -Infinity];
  for (let e = 0; e < 4 * edgeCount; e += 4) {
    const u = (edges[e] - x) * ux + (edges[e + 1] - y) * uy;
    const v = (edges[e + 1] - y) * ux - (edges[e] - x) * uy;
    along[0] = Math.min(along[0], u);
    along[1] = Math.max(along[1], u);
    across[0] = Math.min(across[0], v);
    across[1] = Math.max(across[1], v);
  }
  return { x, y, ux, uy, along, across };
}

/** Places x, y, x, y … of a hexagonal lattice where a body of this radius has room beside walls and those who have a place. */
function listSites(
  { world, sheet, index }: Ground,
  crowd: Crowd,
  frame: Frame,
  pitch: number,
  radius: number,
): number[] {
  const { ux, uy, along, across } = frame;
  const found: number[] = [];
  for (let row = 0; ; row++) {
    const v = across[0] + radius + GAP + row * LATTICE_RISE * pitch;
    if (v > across[1]) return found;
    for (let u = along[0] + radius + GAP + (row % 2) * 0.5 * pitch; u <= along[1]; u += pitch) {
      const x = frame.x + u * ux - v * uy;
      const y = frame.y + u * uy + v * ux;
      if (!indexContains(index, x, y) || depthInWall(world, sheet, x, y, radius) > 0) continue;
      if (gapToOthers(world, crowd, -1, sheet, x, y, radius, 0) >= 0) found.push(x, y);
    }
  }
}

/**
 * Puts the moved rows on a hexagonal lattice along the longest edge of the region, as wide as it can be; false where it has too few
 * places even when bodies of the mean radius touch.
 */
function layOut(ground: Ground, crowd: Crowd, pack: Pack, seed: number, first: number): boolean {
  const { x, y, radius, moved } = pack;
  // only those who stay are in the way
  setPlaced(ground, crowd, pack, 0);
  let mean = 0;
  for (let k = 0; k < moved; k++) mean += radius[k] / moved;
  const frame = frameOf(ground.index);
  const { along, across } = frame;
  let pitch = Math.sqrt(((along[1] - along[0]) * (across[1] - across[0])) / (LATTICE_RISE * moved));
  let best: number[] = [];
  let low = 0;
  let high = Infinity;
  for (let turn = 0; turn < LATTICE_TURNS && pitch >= 2 * mean - 2 * OVERLAP_MAX; turn++) {
    const found = listSites(ground, crowd, frame, pitch, mean);
    const share = found.length / 2 / moved;
    if (share >= 1) {
      low = pitch;
      best = found;
      if (share < 1.002) break;
    } else high = pitch;
    const next = pitch * Math.sqrt(Math.max(share, 0.01)) * (share >= 1 ? 0.9995 : 0.9985);
    pitch = next > low && next < high ? next : low > 0 ? 0.5 * (low + high) : 0.99 * high;
  }
  setPlaced(ground, crowd, pack, 1);
  const places = best.length / 2;
  if (places < moved) return false;
  // the places too many stay empty at random: selection sampling (Knuth, TAOCP 3.4.2, algorithm S)
  let filled = 0;
  for (let place = 0; filled < moved; place++) {
    const chance = (moved - filled) / (places - place);
    if (randomUnit(seed, RandomPurpose.placement, first, LATTICE_DRAW + place) >= chance) continue;
    x[filled] = best[2 * place];
    y[filled] = best[2 * place + 1];
    filled++;
  }
  return true;
}

/** Where more fit by it than have a place: the largest bodies touching on a lattice. `pack` has all persons, with a place or not. */
function layTouching(ground: Ground, crowd: Crowd, pack: Pack): void {
  const { ids, radius, moved } = pack;
  let kept = 0;
  let radiusMax = 0;
  for (let k = 0; k < moved; k++) {
    kept += crowd.placed[ids[k]];
    radiusMax = Math.max(radiusMax, radius[k]);
  }
  const before = ids.slice(0, moved).map((id) => crowd.placed[id]);
  setPlaced(ground, crowd, pack, 0);
  const sites = listSites(ground, crowd, frameOf(ground.index), 2 * radiusMax - OVERLAP_MAX / 2, radiusMax);
  const fit = Math.min(sites.length / 2, moved);
  for (let k = 0; k < moved; k++) {
    if (fit <= kept) crowd.placed[ids[k]] = before[k];
    else if (k < fit) {
      crowd.placed[ids[k]] = 1;
      crowd.x[ids[k]] = Math.fround(sites[2 * k]);
      crowd.y[ids[k]] = Math.fround(sites[2 * k + 1]);
    }
  }
  rebuildBins(ground.world, crowd);
}

function setPlaced({ world }: Ground, crowd: Crowd, { ids, moved }: Pack, placed: number): void {
  for (let k = 0; k < moved; k++) crowd.placed[ids[k]] = placed;
  rebuildBins(world, crowd);
}
