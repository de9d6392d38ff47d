import { TILE } from './cell-tables.ts';
import { CORNER_NUMBERS, type SightTable } from './sight-table.ts';
import type { AreaTiles } from './world.ts';

/*
 * Exact walking distances on the cells of an area: continuous Dijkstra with beams of light. The shortest walk to a target
 * is a straight line or turns around corners of walls, so every cell's distance is
 *
 *     start of its source + straight distance to it,     source = the target, or a corner that some source sees
 *
 * and the cells that a source serves are star-shaped around it. A source throws beams: intervals of directions within one
 * quadrant (|u| ≤ v, with v = distance along the quadrant's axis), carried from one line of cell centres to the next.
 * Between two lines the walls take out what they hide, exactly; on a line the cells in the beam take the distance where it
 * is shorter than what they have, and directions whose cells have something shorter already are dropped. A corner that a
 * beam comes by gets its distance; its own beams are the directions from the ray that came by to the wall hidden behind it.
 *
 *              · · · · · · ·   line r + 1        A straight target is three sources: its ends, for the directions turned
 *               \ · ·####/     line r            away from it, and a beam of parallel rays square to it for all between.
 *                 \ · ·/
 *                   \/ source
 *
 * Beams wait in buckets by the distance of their next line, a bucket at a time, so that cells seldom get a distance twice.
 * The order changes what is done in vain, never a result beyond rounding: distances only fall, each is that of a real walk.
 *
 * Invariants: barriers have equal ends where they join, and are cut by a line with one formula for both sides of it, so
 * that no ray slips between two pieces. Directions are parameters p: a ray is at u = p·v + … (see `Beam`).
 *
 * Tried and dropped: marching cell by cell (second order, heap): 0.7 µs a cell and half a cell lost at every corner.
 *
 * @source Mitchell, Mount & Papadimitriou 1987, SIAM J. Comput. 16(4) 647, doi 10.1137/0216045 (continuous Dijkstra);
 *   Xin & Wang 2009, ACM Trans. Graph. 28(4) 104, doi 10.1145/1559755.1559761 (windows dropped by a vertex's own distance)
 */

/** A target in the coordinates of a `SightTable`. */
export interface CastTarget {
  /** A line with the floor to its left, or a ring (either turn) with distance 0 inside. */
  readonly kind: 'line' | 'ring';
  /** x, y of the line's two ends or the ring's corners [cells]. */
  readonly places: Float64Array;
}

/** Width of a bucket [cells]. */
const BUCKET = 4;
/** Cells whose distance is less than this below a beam's are still in the beam: among pillars many ways are nearly as long [m]. */
const KEEP = 0.003;
/** A corner as far beside a beam as this is still seen: walls in one line [cells]. */
const BESIDE = 2e-4;
/** Nearer to a source than this nothing is looked at [cells]. */
const NEAR = 1e-7;
/** Beams narrower than this are dropped [directions]. */
const THIN = 1e-9;
/** What is nearer to a target's line than this hides nothing from it [cells]. */
const FRONT = 1e-4;
/** A corner's distance must fall by this to be thrown again [m]. */
const FALL = 1e-6;

/** Quadrants: axis 0 goes along y with lines of cells along x, axis 1 the other way round. */
const AXIS = [0, 0, 1, 1];
const DIRECTION = [1, -1, 1, -1];

/** Growing table of waiting beams; `next` chains those of one bucket, and the free ones. */
interface Beams {
  count: number;
  free: number;
  source: Int32Array;
  quadrant: Int8Array;
  /** Which ends a wall makes: `WALL_LOW`, `WALL_HIGH`. */
  ends: Int8Array;
  line: Int32Array;
  next: Int32Array;
  low: Float64Array;
  high: Float64Array;
}

interface Cast {
  readonly table: SightTable;
  readonly tiles: AreaTiles;
  readonly cell: number;
  readonly values: Float32Array;
  /** Number of sources that are parts of the target; corner k is source `targetCount` + k. */
  readonly targetCount: number;
  /** Of each source: place [cells] and distance from there [m]; the unit direction of parallel rays, (0, 0) of others. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly start: Float64Array;
  readonly rayX: Float64Array;
  readonly rayY: Float64Array;
  /** Of parallel rays: how far along their axis the line they start from reaches [cells]. */
  readonly reach: Float64Array;
  /** Parts of the target: what lies behind (frontX, frontY)·(place − source) = 0 hides nothing. (0, 0): all counts. */
  readonly frontX: Float64Array;
  readonly frontY: Float64Array;
  /** Corners: unit direction of the ray that came by, and the bucket in which it waits, or −1. */
  readonly cameX: Float64Array;
  readonly cameY: Float64Array;
  readonly waitsIn: Int32Array;
  readonly beams: Beams;
  /** The bucket being emptied. */
  bucket: number;
  /** First beam of each bucket, or −1, and the corners that were put into it. */
  readonly beamHead: number[];
  readonly cornersOf: number[][];
  /** What the walls hide between two lines: directions, and which barrier. */
  readonly cutLow: number[];
  readonly cutHigh: number[];
  readonly cutBarrier: number[];
  /** Directions still lit on a line. */
  readonly keptLow: number[];
  readonly keptHigh: number[];
  readonly keptEnds: number[];
}

/**
 * Fills `values` with the walking distance [m] of each cell of the area to the target. Cells that are not the area's must
 * hold −1 and keep it, the others Infinity, or 0 where they lie in the target; cells that no beam reaches keep Infinity.
 * `values`: 64 a slot of `tiles`. About 0.01 µs a cell in the open (one core of a shared server), more among pillars.
 */
export function castField(
  table: SightTable,
  tiles: AreaTiles,
  cell: number,
  target: CastTarget,
  values: Float32Array,
): void {
  const cast = startCast(table, tiles, cell, target, values);
  throwFromTarget(cast, target);
  for (let bucket = 0; bucket < cast.beamHead.length; bucket++) {
    cast.bucket = bucket;
    for (;;) {
      const corner = cast.cornersOf[bucket].pop();
      if (corner !== undefined) {
        if (cast.waitsIn[corner] === bucket) throwFromCorner(cast, corner);
        continue;
      }
      const beam = cast.beamHead[bucket];
      if (beam < 0) break;
      cast.beamHead[bucket] = cast.beams.next[beam];
      carryBeam(cast, beam);
    }
  }
}

function startCast(table: SightTable, tiles: AreaTiles, cell: number, target: CastTarget, values: Float32Array): Cast {
  const targetCount = target.kind === 'line' ? 3 : target.places.length;
  const cornerCount = table.corners.length / CORNER_NUMBERS;
  const count = targetCount + cornerCount;
  const cast: Cast = {
    table,
    tiles,
    cell,
    values,
    targetCount,
    x: new Float64Array(count),
    y: new Float64Array(count),
    start: new Float64Array(count),
    rayX: new Float64Array(count),
    rayY: new Float64Array(count),
    reach: new Float64Array(targetCount),
    frontX: new Float64Array(count),
    frontY: new Float64Array(count),
    cameX: new Float64Array(cornerCount),
    cameY: new Float64Array(cornerCount),
    waitsIn: new Int32Array(cornerCount).fill(-1),
    beams: makeBeams(),
    bucket: 0,
    beamHead: [],
    cornersOf: [],
    cutLow: [],
    cutHigh: [],
    cutBarrier: [],
    keptLow: [],
    keptHigh: [],
    keptEnds: [],
  };
  for (let k = 0; k < cornerCount; k++) {
    cast.x[targetCount + k] = table.corners[CORNER_NUMBERS * k];
    cast.y[targetCount + k] = table.corners[CORNER_NUMBERS * k + 1];
    cast.start[targetCount + k] = Infinity;
  }
  return cast;
}

const WALL_LOW = 1;
const WALL_HIGH = 2;

const BEAMS_FIRST = 1024;

function makeBeams(): Beams {
  return {
    count: 0,
    free: -1,
    source: new Int32Array(BEAMS_FIRST),
    quadrant: new Int8Array(BEAMS_FIRST),
    ends: new Int8Array(BEAMS_FIRST),
    line: new Int32Array(BEAMS_FIRST),
    next: new Int32Array(BEAMS_FIRST),
    low: new Float64Array(BEAMS_FIRST),
    high: new Float64Array(BEAMS_FIRST),
  };
}

function growBeams(beams: Beams): void {
  const longer = <T extends { set(from: ArrayLike<number>): void }>(
    make: new (n: number) => T,
    old: ArrayLike<number>,
  ) => {
    const column = new make(2 * old.length);
    column.set(old);
    return column;
  };
  beams.source = longer(Int32Array, beams.source);
  beams.quadrant = longer(Int8Array, beams.quadrant);
  beams.ends = longer(Int8Array, beams.ends);
  beams.line = longer(Int32Array, beams.line);
  beams.next = longer(Int32Array, beams.next);
  beams.low = longer(Float64Array, beams.low);
  beams.high = longer(Float64Array, beams.high);
}

/** Makes the buckets up to the one of a distance, but at least `least`; its number. */
function bucketOf(cast: Cast, distance: number, least: number): number {
  const bucket = Math.max(least, Math.floor(distance / (BUCKET * cast.cell)));
  while (cast.beamHead.length <= bucket) {
    cast.beamHead.push(-1);
    cast.cornersOf.push([]);
  }
  return bucket;
}

function pushBeam(
  cast: Cast,
  source: number,
  quadrant: number,
  line: number,
  low: number,
  high: number,
  ends: number,
  bucket: number,
): void {
  const { beams } = cast;
  let beam = beams.free;
  if (beam >= 0) beams.free = beams.next[beam];
  else {
    if (beams.count === beams.source.length) growBeams(beams);
    beam = beams.count++;
  }
  beams.source[beam] = source;
  beams.quadrant[beam] = quadrant;
  beams.ends[beam] = ends;
  beams.line[beam] = line;
  beams.low[beam] = low;
  beams.high[beam] = high;
  beams.next[beam] = cast.beamHead[bucket];
  cast.beamHead[bucket] = beam;
}

function throwFromTarget(cast: Cast, { kind, places }: CastTarget): void {
  const { x, y, frontX, frontY } = cast;
  if (kind === 'line') {
    const [ax, ay, bx, by] = places;
    const length = Math.sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay));
    const ux = (bx - ax) / length;
    const uy = (by - ay) / length;
    x.set([ax, bx, ax]);
    y.set([ay, by, ay]);
    frontX.fill(-uy, 0, 3);
    frontY.fill(ux, 0, 3);
    throwWedge(cast, 0, -uy, ux, -ux, -uy);
    throwWedge(cast, 1, ux, uy, -uy, ux);
    throwParallel(cast, 2, bx, by, -uy, ux);
    return;
  }
  const count = places.length / 2;
  let twice = 0;
  for (let i = 0, j = count - 1; i < count; j = i++) {
    twice += places[2 * j] * places[2 * i + 1] - places[2 * i] * places[2 * j + 1];
  }
  const turn = twice >= 0 ? 1 : -1;
  const at = (i: number): number => 2 * (turn > 0 ? (i + count) % count : (2 * count - 1 - i) % count);
  for (let i = 0; i < count; i++) {
    const before = at(i - 1);
    const here = at(i);
    const after = at(i + 1);
    const inX = places[here] - places[before];
    const inY = places[here + 1] - places[before + 1];
    const outX = places[after] - places[here];
    const outY = places[after + 1] - places[here + 1];
    const inLength = Math.sqrt(inX * inX + inY * inY);
    const outLength = Math.sqrt(outX * outX + outY * outY);
    for (const source of [2 * i, 2 * i + 1]) {
      x[source] = places[here];
      y[source] = places[here + 1];
    }
    if (inLength > 0 && outLength > 0 && inX * outY - inY * outX > 0) {
      throwWedge(cast, 2 * i, inY / inLength, -inX / inLength, outY / outLength, -outX / outLength);
    }
    if (outLength === 0) continue;
    frontX[2 * i + 1] = outY / outLength;
    frontY[2 * i + 1] = -outX / outLength;
    throwParallel(cast, 2 * i + 1, places[after], places[after + 1], outY / outLength, -outX / outLength);
  }
}

/** Parallel rays (unit direction) from the line between a source's place and another. */
function throwParallel(cast: Cast, source: number, toX: number, toY: number, rayX: number, rayY: number): void {
  cast.rayX[source] = rayX;
  cast.rayY[source] = rayY;
  const axis = Math.abs(rayY) >= Math.abs(rayX) ? 0 : 1;
  const direction = (axis === 0 ? rayY : rayX) > 0 ? 1 : -1;
  const u = axis === 0 ? toX - cast.x[source] : toY - cast.y[source];
  const v = direction * (axis === 0 ? toY - cast.y[source] : toX - cast.x[source]);
  const slant = axis === 0 ? rayX / Math.abs(rayY) : rayY / Math.abs(rayX);
  const p = u - slant * v;
  cast.reach[source] = v;
  throwBeam(cast, source, 2 * axis + (direction > 0 ? 0 : 1), Math.min(0, v), Math.min(0, p), Math.max(0, p));
}

/** Rays of a source within the wedge counter-clockwise from one unit direction to another, at most half a turn. */
function throwWedge(cast: Cast, source: number, fromX: number, fromY: number, toX: number, toY: number): void {
  for (let quadrant = 0; quadrant < 4; quadrant++) {
    const axis = AXIS[quadrant];
    const direction = DIRECTION[quadrant];
    // The quadrant's edges, counter-clockwise: u falls along axis 0 upwards and along axis 1 to the left.
    const sign = axis === 0 ? direction : -direction;
    const first = edgeIn(axis, direction, sign, fromX, fromY, fromX, fromY, toX, toY);
    const last = edgeIn(axis, direction, -sign, toX, toY, fromX, fromY, toX, toY);
    if (Number.isNaN(first) || Number.isNaN(last)) continue;
    throwBeam(cast, source, quadrant, 0, Math.min(first, last) - THIN, Math.max(first, last) + THIN);
  }
}

/** The direction's parameter where it lies in the quadrant; else that of the quadrant's edge where the wedge has it; else NaN. */
function edgeIn(
  axis: number,
  direction: number,
  edge: number,
  ownX: number,
  ownY: number,
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
): number {
  const u = axis === 0 ? ownX : ownY;
  const v = direction * (axis === 0 ? ownY : ownX);
  if (v > 0 && Math.abs(u) <= v) return u / v;
  const edgeX = axis === 0 ? edge : direction;
  const edgeY = axis === 0 ? direction : edge;
  const inside = fromX * edgeY - fromY * edgeX >= 0 && edgeX * toY - edgeY * toX >= 0;
  return inside ? edge : Number.NaN;
}

/** Puts a source's beam on its first line beyond `v` [cells]. */
function throwBeam(cast: Cast, source: number, quadrant: number, v: number, low: number, high: number): void {
  const { tiles } = cast;
  const axis = AXIS[quadrant];
  const direction = DIRECTION[quadrant];
  const across = (axis === 0 ? cast.y[source] : cast.x[source]) + direction * v;
  const lines = TILE * (axis === 0 ? tiles.rows : tiles.columns);
  const line = direction > 0 ? Math.max(0, Math.floor(across) + 1) : Math.min(lines - 1, Math.ceil(across) - 1);
  pushBeam(
    cast,
    source,
    quadrant,
    line,
    low,
    high,
    WALL_LOW | WALL_HIGH,
    bucketOf(cast, cast.start[source], cast.bucket),
  );
}

/** Turning round a corner: the directions between the ray that came by and the wall hidden behind the corner. */
function throwFromCorner(cast: Cast, corner: number): void {
  cast.waitsIn[corner] = -1;
  const source = cast.targetCount + corner;
  const { corners } = cast.table;
  const backX = corners[CORNER_NUMBERS * corner + 2];
  const backY = corners[CORNER_NUMBERS * corner + 3];
  const alongX = corners[CORNER_NUMBERS * corner + 4];
  const alongY = corners[CORNER_NUMBERS * corner + 5];
  const x = cast.cameX[corner];
  const y = cast.cameY[corner];
  const toBack = x * backY - y * backX;
  const toAlong = x * alongY - y * alongX;
  const slack = 1e-6;
  if (toBack > slack && toAlong > -slack) throwWedge(cast, source, x, y, backX, backY);
  else if (toAlong < -slack && toBack < slack) throwWedge(cast, source, alongX, alongY, x, y);
  else if (Math.abs(toBack) <= slack && Math.abs(toAlong) <= slack && x * backX + y * backY < 0) {
    // Along a wall to its free end: round it on either side.
    throwWedge(cast, source, x, y, backX, backY);
    throwWedge(cast, source, backX, backY, x, y);
  }
}

/** Carries a beam from line to line until it is dark everywhere or leaves its bucket. */
function carryBeam(cast: Cast, beam: number): void {
  const { table, tiles, cell, values, beams, keptLow, keptHigh, keptEnds, cutLow, cutHigh } = cast;
  const source = beams.source[beam];
  const quadrant = beams.quadrant[beam];
  let line = beams.line[beam];
  let low = beams.low[beam];
  let high = beams.high[beam];
  let ends = beams.ends[beam];
  beams.next[beam] = beams.free;
  beams.free = beam;

  const axis = AXIS[quadrant];
  const direction = DIRECTION[quadrant];
  const along = axis === 0 ? cast.x[source] : cast.y[source];
  const across = axis === 0 ? cast.y[source] : cast.x[source];
  const rayU = axis === 0 ? cast.rayX[source] : cast.rayY[source];
  const rayV = direction * (axis === 0 ? cast.rayY[source] : cast.rayX[source]);
  const isParallel = rayV > 0;
  const slant = isParallel ? rayU / rayV : 0;
  const start = cast.start[source];
  const tileLines = axis === 0 ? tiles.rows : tiles.columns;
  const tilesAlong = axis === 0 ? tiles.columns : tiles.rows;
  const lines = TILE * tileLines;
  const last = TILE * tilesAlong - 1;
  const { slots } = tiles;
  const slotLine = axis === 0 ? tiles.columns : 1;
  const slotAlong = axis === 0 ? 1 : tiles.columns;
  const cellLine = axis === 0 ? TILE : 1;
  const cellAlong = axis === 0 ? 1 : TILE;
  const busy = axis === 0 ? table.busyAlongRows : table.busyAlongColumns;
  const reach = isParallel ? cast.reach[source] : -Infinity;
  const { bucket } = cast;
  const limit = (bucket + 1) * BUCKET * cell;

  for (; line >= 0 && line < lines; line += direction) {
    const v1 = direction * (line - across);
    const v0 = direction * (line - direction - across);
    const key = isParallel ? v1 / rayV + Math.min(rayU * low, rayU * high) : v1;
    if (start + cell * key >= limit) {
      pushBeam(cast, source, quadrant, line, low, high, ends, bucketOf(cast, start + cell * key, bucket + 1));
      return;
    }
    const scale0 = isParallel ? 1 : Math.max(v0, 0);
    const scale1 = isParallel ? 1 : v1;
    const base0 = along + slant * (isParallel ? v0 : 0);
    const base1 = along + slant * v1;
    // What stands between the line before and this one.
    const spanLow = Math.min(base0 + low * scale0, base1 + low * scale1);
    const spanHigh = Math.max(base0 + high * scale0, base1 + high * scale1);
    const tileLine = (direction > 0 ? line : line + 1) >> 3;
    const tileLow = Math.max(0, Math.floor(spanLow - 0.01) >> 3);
    const tileHigh = Math.min(tilesAlong, Math.floor(spanHigh + 0.01) >> 3);
    let cuts = 0;
    if (tileHigh >= tileLow) {
      const busyRow = tileLine * (tilesAlong + 2);
      if (busy[busyRow + tileHigh + 1] > busy[busyRow + tileLow]) {
        cuts = findCuts(cast, source, quadrant, v0, v1, low, high, tileLine, tileLow, tileHigh);
      }
    }
    let kept = 0;
    let from = low;
    let fromEnd = ends & WALL_LOW;
    const slotOfLine = (line >> 3) * slotLine;
    const atLine = (line & 7) * cellLine;
    const v2 = v1 * v1;
    // Beside the line that parallel rays start from, some have not started yet.
    const whole = v1 <= reach;
    for (let part = 0; part <= cuts; part++) {
      const isCut = part < cuts && cutLow[part] < high;
      const to = isCut ? cutLow[part] : high;
      const toEnd = isCut ? WALL_HIGH : ends & WALL_HIGH;
      const partLow = from;
      const partEnd = fromEnd;
      if (part < cuts && cutHigh[part] > from) {
        from = cutHigh[part];
        fromEnd = WALL_LOW;
      }
      if (to - partLow <= THIN) continue;
      const xLow = base1 + partLow * scale1;
      const xHigh = base1 + to * scale1;
      const first = Math.max(0, Math.ceil(xLow - 1e-9));
      const end = Math.min(last, Math.floor(xHigh + 1e-9));
      if (first > end) {
        // Between two centres: goes on.
        keptLow[kept] = partLow;
        keptHigh[kept] = to;
        keptEnds[kept++] = partEnd | toEnd;
        continue;
      }
      let open = -1;
      for (let k = first; k <= end; ) {
        const slot = slots[slotOfLine + (k >> 3) * slotAlong];
        const tileEnd = Math.min(end, k | 7);
        if (slot < 0) {
          if (whole) {
            if (open < 0) open = k;
          } else if (open >= 0) {
            keptLow[kept] = open === first ? partLow : (open - 1 - base1) / scale1;
            keptHigh[kept] = (k - base1) / scale1;
            keptEnds[kept++] = open === first ? partEnd : 0;
            open = -1;
          }
          k = tileEnd + 1;
          continue;
        }
        let at = (slot << 6) + atLine + (k & 7) * cellAlong;
        for (; k <= tileEnd; k++, at += cellAlong) {
          const u = k - along;
          const distance = isParallel ? start + cell * (rayU * u + rayV * v1) : start + cell * Math.sqrt(u * u + v2);
          const known = values[at];
          if (distance < known + KEEP || whole) {
            if (distance < known && distance > start) values[at] = distance;
            if (open < 0) open = k;
            continue;
          }
          if (open >= 0) {
            keptLow[kept] = open === first ? partLow : (open - 1 - base1) / scale1;
            keptHigh[kept] = (k - base1) / scale1;
            keptEnds[kept++] = open === first ? partEnd : 0;
            open = -1;
          }
          // Between a wall and this cell the rays may still be the shortest way, as far as they are from it.
          if (k === first && partEnd !== 0 && distance - known < 2 * cell * (k - xLow)) {
            keptLow[kept] = partLow;
            keptHigh[kept] = (k - base1) / scale1;
            keptEnds[kept++] = partEnd;
          }
          if (k === end && toEnd !== 0 && distance - known < 2 * cell * (xHigh - k)) {
            keptLow[kept] = (k - base1) / scale1;
            keptHigh[kept] = to;
            keptEnds[kept++] = toEnd;
          }
        }
      }
      if (open >= 0) {
        keptLow[kept] = open === first ? partLow : (open - 1 - base1) / scale1;
        keptHigh[kept] = to;
        keptEnds[kept++] = (open === first ? partEnd : 0) | toEnd;
      }
    }
    if (kept === 0) return;
    for (let i = 1; i < kept; i++) {
      pushBeam(cast, source, quadrant, line + direction, keptLow[i], keptHigh[i], keptEnds[i], bucket);
    }
    low = keptLow[0];
    high = keptHigh[0];
    ends = keptEnds[0];
  }
}

/**
 * Directions that barriers hide between two lines, by their lower ends, and which barrier it is; returns how many. Corners
 * that the beam comes by there get its distance.
 */
function findCuts(
  cast: Cast,
  source: number,
  quadrant: number,
  v0: number,
  v1: number,
  low: number,
  high: number,
  tileLine: number,
  tileLow: number,
  tileHigh: number,
): number {
  const { table, cutLow, cutHigh, cutBarrier } = cast;
  const { barriers, barrierStart, barrierItems } = table;
  const axis = AXIS[quadrant];
  const direction = DIRECTION[quadrant];
  const along = axis === 0 ? cast.x[source] : cast.y[source];
  const across = axis === 0 ? cast.y[source] : cast.x[source];
  const rayU = axis === 0 ? cast.rayX[source] : cast.rayY[source];
  const rayV = direction * (axis === 0 ? cast.rayY[source] : cast.rayX[source]);
  const isParallel = rayV > 0;
  const slant = isParallel ? rayU / rayV : 0;
  const frontU = axis === 0 ? cast.frontX[source] : cast.frontY[source];
  const frontV = direction * (axis === 0 ? cast.frontY[source] : cast.frontX[source]);
  const hasFront = frontU !== 0 || frontV !== 0;
  const vLow = isParallel ? v0 : Math.max(v0, NEAR);
  let cuts = 0;
  for (let t = tileLow; t <= tileHigh; t++) {
    const tile = axis === 0 ? tileLine * table.columns + t : t * table.columns + tileLine;
    for (let k = barrierStart[tile]; k < barrierStart[tile + 1]; k++) {
      const b = 4 * barrierItems[k];
      const ua = barriers[b + axis] - along;
      const va = direction * (barriers[b + 1 - axis] - across);
      const ub = barriers[b + 2 + axis] - along;
      const vb = direction * (barriers[b + 3 - axis] - across);
      if ((va < vLow && vb < vLow) || (va > v1 && vb > v1)) continue;
      // The piece between the lines; the same formula on either side of a line.
      let pu = ua;
      let pv = va;
      let qu = ub;
      let qv = vb;
      const slope = vb === va ? 0 : (ub - ua) / (vb - va);
      if (pv < vLow) {
        pu = ua + (vLow - va) * slope;
        pv = vLow;
      } else if (pv > v1) {
        pu = ua + (v1 - va) * slope;
        pv = v1;
      }
      if (qv < vLow) {
        qu = ua + (vLow - va) * slope;
        qv = vLow;
      } else if (qv > v1) {
        qu = ua + (v1 - va) * slope;
        qv = v1;
      }
      if (hasFront) {
        const pf = frontU * pu + frontV * pv - FRONT;
        const qf = frontU * qu + frontV * qv - FRONT;
        if (pf <= 0 && qf <= 0) continue;
        if (pf < 0 || qf < 0) {
          const share = pf / (pf - qf);
          const mu = pu + share * (qu - pu);
          const mv = pv + share * (qv - pv);
          if (pf < 0) {
            pu = mu;
            pv = mv;
          } else {
            qu = mu;
            qv = mv;
          }
        }
      }
      const p = isParallel ? pu - slant * pv : pu / pv;
      const q = isParallel ? qu - slant * qv : qu / qv;
      const cutFrom = Math.min(p, q);
      const cutTo = Math.max(p, q);
      if (cutTo < low || cutFrom > high) continue;
      // By the lower end.
      let i = cuts++;
      for (; i > 0 && cutLow[i - 1] > cutFrom; i--) {
        cutLow[i] = cutLow[i - 1];
        cutHigh[i] = cutHigh[i - 1];
        cutBarrier[i] = cutBarrier[i - 1];
      }
      cutLow[i] = cutFrom;
      cutHigh[i] = cutTo;
      cutBarrier[i] = b;
    }
  }
  const { corners, cornerStart, cornerItems } = table;
  const { cell, targetCount } = cast;
  for (let t = tileLow; t <= tileHigh; t++) {
    const tile = axis === 0 ? tileLine * table.columns + t : t * table.columns + tileLine;
    for (let k = cornerStart[tile]; k < cornerStart[tile + 1]; k++) {
      const corner = cornerItems[k];
      const u = corners[CORNER_NUMBERS * corner + axis] - along;
      const v = direction * (corners[CORNER_NUMBERS * corner + 1 - axis] - across);
      if (v < vLow || v > v1) continue;
      const p = isParallel ? u - slant * v : u / v;
      const slack = isParallel ? BESIDE : BESIDE / v;
      if (p < low - slack || p > high + slack) continue;
      const away = isParallel ? rayU * u + rayV * v : Math.sqrt(u * u + v * v);
      const distance = cast.start[source] + cell * away;
      if (away < NEAR || !(distance < cast.start[targetCount + corner] - FALL)) continue;
      const footU = isParallel ? u - away * rayU : 0;
      const footV = isParallel ? v - away * rayV : 0;
      let hidden = false;
      for (let i = 0; i < cuts && !hidden; i++) {
        if (p > cutLow[i] + slack && p < cutHigh[i] - slack) {
          hidden = isBetween(barriers, cutBarrier[i], axis, direction, along, across, u, v, footU, footV);
        }
      }
      if (hidden) continue;
      cast.start[targetCount + corner] = distance;
      const cameU = (u - footU) / away;
      const cameV = (direction * (v - footV)) / away;
      cast.cameX[corner] = axis === 0 ? cameU : cameV;
      cast.cameY[corner] = axis === 0 ? cameV : cameU;
      const bucket = bucketOf(cast, distance, cast.bucket);
      if (cast.waitsIn[corner] === bucket) continue;
      cast.waitsIn[corner] = bucket;
      cast.cornersOf[bucket].push(corner);
    }
  }
  return cuts;
}

/** Whether a corner (u, v) and the ray's start lie on either side of a barrier's line. */
function isBetween(
  barriers: Float64Array,
  b: number,
  axis: number,
  direction: number,
  along: number,
  across: number,
  u: number,
  v: number,
  footU: number,
  footV: number,
): boolean {
  const ua = barriers[b + axis] - along;
  const va = direction * (barriers[b + 1 - axis] - across);
  const du = barriers[b + 2 + axis] - along - ua;
  const dv = direction * (barriers[b + 3 - axis] - across) - va;
  const length = Math.sqrt(du * du + dv * dv);
  const there = (du * (v - va) - dv * (u - ua)) / length;
  const here = (du * (footV - va) - dv * (footU - ua)) / length;
  return (there > BESIDE && here < 0) || (there < -BESIDE && here > 0);
}
