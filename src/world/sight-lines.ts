import { distanceToSegment } from '../math/index.ts';
import { SEGMENT_FLOATS, SegmentKind, type World } from './world.ts';

/** Eyes of a standing person [m]; what is lower is looked over. */
const EYE_HEIGHT = 1.5;
/** A wall's face lies this near to what it was drawn as [m]. */
const FACE_TOLERANCE = 0.005;

/**
 * For each row of the wall table whether it can stop sight: 1 for walls, for leaves while they are shut (column 9 tells); 0 for
 * ways, bridged gaps, furniture and walls lower than the eyes, bars and glass. Edges of holes are taken for walls. O(rows), once a world.
 */
export function findOpaque(world: World): Uint8Array {
  const { segments } = world.views;
  const opaque = new Uint8Array(world.segmentCount);
  const clear = findClearThings(world);
  for (let row = 0; row < world.segmentCount; row++) {
    const kind = segments[SEGMENT_FLOATS * row + 7];
    if (kind === SegmentKind.leaf) opaque[row] = 1;
    else if (kind === SegmentKind.wall) opaque[row] = isFaceOf(world, row, clear) ? 0 : 1;
  }
  return opaque;
}

/** Something one sees over or through: its lines in local coordinates, and how far from them its faces lie. */
interface ClearThing {
  readonly sheet: number;
  readonly lines: readonly (readonly [number, number, number, number])[];
  readonly reach: number;
}

function findClearThings(world: World): { clear: ClearThing[]; opaque: ClearThing[] } {
  const clear: ClearThing[] = [];
  const opaque: ClearThing[] = [];
  const [ox, oy] = world.origin;
  for (const sheet of world.sheets) {
    if (sheet.kind !== 'level') continue;
    const level = world.scenario.levels[sheet.source];
    const add = (path: readonly (readonly [number, number])[], closed: boolean, reach: number, isClear: boolean) => {
      const lines: [number, number, number, number][] = [];
      for (let k = closed ? 0 : 1; k < path.length; k++) {
        const [ax, ay] = path[k === 0 ? path.length - 1 : k - 1];
        const [bx, by] = path[k];
        lines.push([ax - ox, ay - oy, bx - ox, by - oy]);
      }
      (isClear ? clear : opaque).push({ sheet: sheet.index, lines, reach: reach + FACE_TOLERANCE });
    };
    for (const { path, thickness, closed, height, seeThrough } of level.walls) {
      add(path, closed, thickness / 2, seeThrough === true || (height ?? EYE_HEIGHT) < EYE_HEIGHT);
    }
    for (const { polygon, height } of level.furniture) add(polygon, true, 0, height < EYE_HEIGHT);
    for (const outline of [...level.outlines, ...level.holes]) add(outline, true, 0, false);
  }
  return { clear, opaque };
}

function isFaceOf(world: World, row: number, things: { clear: ClearThing[]; opaque: ClearThing[] }): boolean {
  if (things.clear.length === 0) return false;
  const { segmentEnds } = world;
  const x = (segmentEnds[4 * row] + segmentEnds[4 * row + 2]) / 2;
  const y = (segmentEnds[4 * row + 1] + segmentEnds[4 * row + 3]) / 2;
  const sheet = world.views.segments[SEGMENT_FLOATS * row + 10];
  const touches = (thing: ClearThing): boolean =>
    thing.sheet === sheet &&
    thing.lines.some(([ax, ay, bx, by]) => distanceToSegment(x, y, ax, ay, bx, by) <= thing.reach);
  return things.clear.some(touches) && !things.opaque.some(touches);
}

/**
 * Whether the straight line between two places of one sheet (local coordinates) is free of everything opaque: walls, and leaves
 * that are shut now. Exact but for 1 µm: a line that only touches a corner is free. The same both ways. `opaque` from `findOpaque`.
 * O(length): every wall cell lists what comes within 0.75 m of it, so a look into the cells at every metre finds all.
 */
export function isInSight(
  world: World,
  opaque: Uint8Array,
  sheet: number,
  x: number,
  y: number,
  toX: number,
  toY: number,
): boolean {
  const { segments } = world.views;
  return !findOnLine(world, opaque, sheet, x, y, toX, toY, (row) => {
    const s = row * SEGMENT_FLOATS;
    return segments[s + 7] !== SegmentKind.leaf || segments[s + 9] !== 0;
  });
}

/** Rows of the leaves, open and shut, on the straight line between two places, ascending; undefined where a wall is on it. As `isInSight`. */
export function listLeavesBetween(
  world: World,
  opaque: Uint8Array,
  sheet: number,
  x: number,
  y: number,
  toX: number,
  toY: number,
): readonly number[] | undefined {
  const { segments } = world.views;
  let leaves = NO_LEAVES;
  const isHidden = findOnLine(world, opaque, sheet, x, y, toX, toY, (row) => {
    if (segments[SEGMENT_FLOATS * row + 7] !== SegmentKind.leaf) return true;
    if (!leaves.includes(row)) leaves = [...leaves, row].sort((a, b) => a - b);
    return false;
  });
  return isHidden ? undefined : leaves;
}

const NO_LEAVES: readonly number[] = [];

/**
 * How many walls stand on the straight line between two places of one sheet, and how many shut leaves, into out[0] and out[1]: a wall has
 * two faces, so a line that ends in one counts half of it. For sound; furniture counts as `opaque` says. O(length).
 */
export function countWallsBetween(
  world: World,
  opaque: Uint8Array,
  sheet: number,
  x: number,
  y: number,
  toX: number,
  toY: number,
  out: Float64Array,
): void {
  const { segments } = world.views;
  out[0] = 0;
  out[1] = 0;
  findOnLine(world, opaque, sheet, x, y, toX, toY, (row, isFirstLook) => {
    if (!isFirstLook) return false;
    const s = row * SEGMENT_FLOATS;
    if (segments[s + 7] !== SegmentKind.leaf) out[0] += 0.5;
    else if (segments[s + 9] !== 0) out[1]++;
    return false;
  });
}

/**
 * Calls `visit(row, isFirstLook)` for the opaque rows that properly cross the line, until it returns true; returns whether it did. A row may be
 * met in several cells: `isFirstLook` is true in exactly one, that in whose stretch the crossing lies (and only where it lies within the row, so
 * that a crossing at a corner counts for one of the two).
 */
function findOnLine(
  world: World,
  opaque: Uint8Array,
  sheet: number,
  x: number,
  y: number,
  toX: number,
  toY: number,
  visit: (row: number, isFirstLook: boolean) => boolean,
): boolean {
  const { grid } = world.sheets[sheet];
  const { segments, wallCellStart, wallCellItems } = world.views;
  const dx = toX - x;
  const dy = toY - y;
  const looks = Math.ceil(Math.sqrt(dx * dx + dy * dy) / grid.wallCell);
  for (let k = 0; k < looks; k++) {
    const middle = (k + 0.5) / looks;
    const column = Math.floor((x + middle * dx - grid.x0) / grid.wallCell);
    const row = Math.floor((y + middle * dy - grid.y0) / grid.wallCell);
    if (!(column >= 0 && row >= 0 && column < grid.wallColumns && row < grid.wallRows)) continue;
    const cell = grid.wallCellBase + row * grid.wallColumns + column;
    for (let item = wallCellStart[cell]; item < wallCellStart[cell + 1]; item++) {
      const index = wallCellItems[item];
      if (opaque[index] === 0) continue;
      const s = index * SEGMENT_FLOATS;
      const ux = segments[s + 2];
      const uy = segments[s + 3];
      const fromSide = (y - segments[s + 1]) * ux - (x - segments[s]) * uy;
      const toSide = (toY - segments[s + 1]) * ux - (toX - segments[s]) * uy;
      if (!((fromSide > 1e-6 && toSide < -1e-6) || (fromSide < -1e-6 && toSide > 1e-6))) continue;
      const cut = fromSide / (fromSide - toSide);
      const along = (x + cut * dx - segments[s]) * ux + (y + cut * dy - segments[s + 1]) * uy;
      if (!(along > -1e-6 && along < segments[s + 4] + 1e-6)) continue;
      const isHere = Math.min(looks - 1, Math.floor(cut * looks)) === k;
      if (visit(index, isHere && along >= 0 && along < segments[s + 4])) return true;
    }
  }
  return false;
}
