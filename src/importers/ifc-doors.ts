import { polygonContains } from '../math/index.ts';
import type { Point } from '../scenario/index.ts';
import type { Floor } from './ifc-floors.ts';
import { nameOf } from './ifc-floors.ts';
import { type IfcMesh, type IfcModel, numberOf, type Placement, refsOf, textOf } from './ifc-model.ts';
import { DOOR_TYPES, type IfcStructure, isTrue } from './ifc-structure.ts';
import { clipToBox, intersect, type Region, sizeOf, subtract, toRegion, toRings, unite } from './plan-region.ts';

/** How a door's leaves move. */
export interface Leaves {
  readonly leaf: 'single' | 'double' | 'none';
  readonly hinge: 'first' | 'second';
  readonly swing: 'left' | 'right' | 'both';
  /** Whether the word was understood. */
  readonly isKnown: boolean;
}

/** A way through a wall: a door, or an opening that nothing fills. */
export interface Way {
  readonly id: number;
  readonly name: string;
  readonly kind: 'door' | 'opening';
  /** From jamb to jamb in the direction of the door's own x axis [m]; the door opens to the left of it. */
  readonly line: readonly [Point, Point];
  readonly floor: Floor;
  readonly leaves: Leaves;
  readonly operation: string;
  readonly isExternal: boolean | undefined;
  readonly isFireExit: boolean;
  /** What the linings took off the width, where the file says [m]. */
  readonly linings: number;
  /** Between two pieces of floor; from floor to outside; from floor to somewhere inside that is no floor; nowhere. */
  readonly leads: 'between' | 'outside' | 'inside' | 'nowhere';
  /** Floor that the opening adds. */
  readonly added: Region;
  /** Floor behind it that is none any more. */
  readonly removed: Region;
}

/** Deepest wall that a door goes through on either side of its line [m]. */
const REACH = 1.2;
/** Less floor than this behind a door is a reveal, not a place [m]. */
const DEPTH_MIN = 0.45;
/** A door and its floor may differ so much in height [m]. */
const SILL = 0.6;
const STEP = 0.02;
/** As in scenarios [m]. */
const WIDTH_MIN = 0.3;
const WIDTH_MAX = 20;
/** Lower openings are for things, not for people [m]. */
const HEIGHT_MIN = 1.7;

/**
 * What the leaves of a door do, by its type of operation, on a line that runs along the door's x axis: by IFC it swings towards its
 * y axis, to the left, and LEFT and RIGHT are seen in that direction, so that LEFT is the first end.
 */
export function leavesOf(operation: string): Leaves {
  const word = operation.toUpperCase();
  const hinge = /RIGHT/.test(word) ? 'second' : 'first';
  const isKnown = word !== '' && !/^(NOTDEFINED|USERDEFINED)$/.test(word);
  if (/^DOUBLE_(DOOR|PANEL)/.test(word)) {
    const both = /DOUBLE_SWING|OPPOSITE|SLIDING|FOLDING|LIFTING/.test(word);
    return { leaf: 'double', hinge: 'first', swing: both ? 'both' : 'left', isKnown };
  }
  if (/^DOUBLE_SWING/.test(word)) return { leaf: 'single', hinge, swing: 'both', isKnown };
  if (/^(SLIDING|FOLDING|ROLLINGUP|REVOLVING|LIFTING)/.test(word))
    return { leaf: 'single', hinge, swing: 'both', isKnown };
  return { leaf: 'single', hinge, swing: 'left', isKnown };
}

/** Doors and unfilled openings of walls, each with where it leads. What is no way at all is told in `left`. */
export function findWays(
  model: IfcModel,
  structure: IfcStructure,
  floors: readonly Floor[],
  left: string[],
): { ways: Way[]; sliding: number } {
  const ways: Way[] = [];
  const notOnFloor: string[] = [];
  const tooNarrow: string[] = [];
  let sliding = 0;
  const doorIds = model.idsOf(...DOOR_TYPES);
  for (const id of doorIds) {
    const record = model.record(id);
    const type = model.record(structure.typeOf.get(id));
    const meshes = model.meshes(id);
    const opening = structure.openingOf.get(id);
    const openingMeshes = opening === undefined ? [] : model.meshes(opening);
    const placement = model.placement(id) ?? (opening === undefined ? undefined : model.placement(opening));
    const name = nameOf(model, id);
    const width = numberOf(record?.OverallWidth);
    const host = opening === undefined ? undefined : structure.hostOf.get(opening);
    const sill = lowestOf(openingMeshes.length > 0 ? openingMeshes : meshes) ?? placement?.[14];
    if (sill === undefined || placement === undefined) {
      notOnFloor.push(name);
      continue;
    }
    const predefined = textOf(record?.PredefinedType) ?? textOf(type?.PredefinedType);
    if (predefined === 'TRAPDOOR') {
      notOnFloor.push(`${name} (trapdoor)`);
      continue;
    }
    const floor = floorAt(floors, structure.storeyOf(id)?.id, sill);
    if (floor === undefined) {
      notOnFloor.push(name);
      continue;
    }
    const operation =
      [textOf(record?.OperationType), textOf(type?.OperationType)].find(
        (word) => word !== undefined && word !== 'NOTDEFINED',
      ) ?? '';
    const linings = liningsOf(model, refsOf(type?.HasPropertySets));
    const line = lineOf({
      placement,
      width: width === undefined ? undefined : width * model.metre,
      meshes,
      openingMeshes,
      hostMeshes: host === undefined ? [] : model.meshes(host),
      linings,
    });
    if (line === undefined || lengthOf(line) < WIDTH_MIN || lengthOf(line) > WIDTH_MAX) {
      tooNarrow.push(name);
      continue;
    }
    if (/^(SLIDING|FOLDING|ROLLINGUP|REVOLVING|LIFTING)|_(SLIDING|FOLDING|LIFTING)/.test(operation)) sliding++;
    const { isBlocked: _, ...where } = lead(floor, line);
    ways.push({
      id,
      name,
      kind: 'door',
      floor,
      leaves: leavesOf(operation),
      operation,
      isExternal: isTrue(structure.property(id, 'IsExternal')),
      isFireExit: isTrue(structure.property(id, 'FireExit')) === true,
      linings,
      ...where,
    });
  }
  for (const [opening, host] of structure.hostOf) {
    if ((structure.fillingsOf.get(opening) ?? []).length > 0) continue;
    if (!/^IFC(WALL|CURTAINWALL|COLUMN|PLATE|MEMBER)/.test(model.typeOf(host))) continue;
    const meshes = model.meshes(opening);
    const [low, high] = [lowestOf(meshes), highestOf(meshes)];
    const placement = model.placement(host) ?? model.placement(opening);
    if (low === undefined || high === undefined || placement === undefined || high - low < HEIGHT_MIN) continue;
    const floor = floorAt(floors, structure.storeyOf(opening)?.id, low);
    // What begins above the floor is a hatch.
    if (floor === undefined || low > floor.z + 0.3) continue;
    const line = lineOf({
      placement,
      width: undefined,
      meshes,
      openingMeshes: meshes,
      hostMeshes: model.meshes(host),
      linings: 0,
    });
    if (line === undefined || lengthOf(line) < 0.5 || lengthOf(line) > WIDTH_MAX) continue;
    const { isBlocked, ...where } = lead(floor, line);
    if (isBlocked) continue;
    ways.push({
      id: opening,
      name: `${nameOf(model, opening)} in ${nameOf(model, host)}`.slice(0, 100),
      kind: 'opening',
      floor,
      leaves: { leaf: 'none', hinge: 'first', swing: 'left', isKnown: true },
      operation: '',
      isExternal: undefined,
      isFireExit: false,
      linings: 0,
      ...where,
    });
  }
  tell(left, notOnFloor, 'IfcDoor on no floor');
  tell(left, tooNarrow, `IfcDoor not ${WIDTH_MIN} … ${WIDTH_MAX} m wide`);
  return { ways, sliding };
}

function tell(left: string[], names: readonly string[], what: string): void {
  if (names.length === 0) return;
  const shown = names
    .slice(0, 5)
    .map((name) => `“${name}”`)
    .join(', ');
  left.push(`${names.length} × ${what}: ${shown}${names.length > 5 ? ', …' : ''}`);
}

/** The floor that something at this height stands on: of its own storey if it is near, else the nearest. */
export function floorAt(
  floors: readonly Floor[],
  storey: number | undefined,
  z: number,
  slack = SILL,
): Floor | undefined {
  let best: Floor | undefined;
  const rank = (floor: Floor): number =>
    Math.abs(floor.z - z) +
    (storey !== undefined && floor.storey?.id !== storey ? 0.2 : 0) +
    (floor.walk.length === 0 ? 1 : 0);
  for (const floor of floors) {
    if (Math.abs(floor.z - z) > slack) continue;
    if (best === undefined || rank(floor) < rank(best)) best = floor;
  }
  return best;
}

interface Extent {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** Where shapes lie along and across the horizontal axes of a placement [m]. */
function extentOf(meshes: readonly IfcMesh[], placement: Placement): Extent | undefined {
  const [ux, uy] = direction(placement);
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { corners, triangles } of meshes) {
    for (const i of triangles) {
      const dx = corners[3 * i] - placement[12];
      const dy = corners[3 * i + 1] - placement[13];
      const x = dx * ux + dy * uy;
      const y = dy * ux - dx * uy;
      x0 = Math.min(x0, x);
      x1 = Math.max(x1, x);
      y0 = Math.min(y0, y);
      y1 = Math.max(y1, y);
    }
  }
  return x1 >= x0 ? { x: [x0, x1], y: [y0, y1] } : undefined;
}

/** The x axis of a placement in the plan, as a unit vector. */
function direction(placement: Placement): Point {
  const length = Math.hypot(placement[0], placement[1]);
  if (length > 0.1) return [placement[0] / length, placement[1] / length];
  // x stands upright: y lies in the plan.
  const other = Math.hypot(placement[4], placement[5]);
  return other > 0.1 ? [placement[4] / other, placement[5] / other] : [1, 0];
}

/**
 * The line of a door: along the x axis of its placement (or its y axis, where the width says that it lies that way), as wide as
 * the narrower of its overall width and its opening, less the linings; across the wall in the middle of what of the opening
 * lies in the wall.
 */
function lineOf(door: {
  placement: Placement;
  width: number | undefined;
  meshes: readonly IfcMesh[];
  openingMeshes: readonly IfcMesh[];
  hostMeshes: readonly IfcMesh[];
  linings: number;
}): readonly [Point, Point] | undefined {
  let { placement } = door;
  const width = door.width !== undefined && door.width > 0 && door.width < 100 ? door.width : undefined;
  const size = ([low, high]: readonly [number, number]): number => high - low;
  let opening = extentOf(door.openingMeshes, placement);
  let mesh = extentOf(door.meshes, placement);
  const known = opening ?? mesh;
  const isTurned =
    known !== undefined &&
    width !== undefined &&
    Math.abs(size(known.x) - width) > 0.25 * width &&
    Math.abs(size(known.y) - width) < 0.1 * width;
  if (isTurned) {
    const [ux, uy] = direction(placement);
    placement = [-uy, ux, 0, 0, -ux, -uy, 0, 0, 0, 0, 1, 0, ...placement.slice(12)];
    opening = extentOf(door.openingMeshes, placement);
    mesh = extentOf(door.meshes, placement);
  }
  const host = extentOf(door.hostMeshes, placement);
  const along =
    opening?.x ?? (mesh !== undefined && width !== undefined && size(mesh.x) > width + 0.3 ? undefined : mesh?.x);
  const wide = Math.min(along === undefined ? Infinity : size(along), width ?? Infinity);
  if (wide === Infinity) return undefined;
  const middle = along === undefined ? wide / 2 : (along[0] + along[1]) / 2;
  // Openings are often drawn deeper than the wall, and walls may be long curves.
  let across = opening?.y ?? mesh?.y ?? [0, 0];
  if (opening !== undefined && host !== undefined) {
    const cut: [number, number] = [Math.max(opening.y[0], host.y[0]), Math.min(opening.y[1], host.y[1])];
    if (cut[1] - cut[0] > 0.01) across = cut;
  }
  // A leaf drawn open reaches far into the room.
  const y = opening === undefined && size(across) > 0.5 ? 0 : (across[0] + across[1]) / 2;
  const half = Math.max(wide - 2 * door.linings, 0) / 2;
  const [ux, uy] = direction(placement);
  const at = (x: number): Point => [placement[12] + x * ux - y * uy, placement[13] + x * uy + y * ux];
  return [at(middle - half), at(middle + half)];
}

/** Thickness of the linings where the file gives it, in the plane of the wall [m]. */
function liningsOf(model: IfcModel, sets: readonly number[]): number {
  for (const id of sets) {
    if (model.typeOf(id) !== 'IFCDOORLININGPROPERTIES') continue;
    const thickness = numberOf(model.record(id)?.LiningThickness);
    if (thickness !== undefined && thickness > 0 && thickness * model.metre < 0.2) return thickness * model.metre;
  }
  return 0;
}

function lowestOf(meshes: readonly IfcMesh[]): number | undefined {
  let low = Infinity;
  for (const { corners, triangles } of meshes) for (const i of triangles) low = Math.min(low, corners[3 * i + 2]);
  return low < Infinity ? low : undefined;
}

function highestOf(meshes: readonly IfcMesh[]): number | undefined {
  let high = -Infinity;
  for (const { corners, triangles } of meshes) for (const i of triangles) high = Math.max(high, corners[3 * i + 2]);
  return high > -Infinity ? high : undefined;
}

export function lengthOf([a, b]: readonly [Point, Point]): number {
  return Math.hypot(b[0] - a[0], b[1] - a[1]);
}

interface Side {
  /** From the line to the floor [m], or Infinity. */
  readonly near: number;
  /** Where that floor ends, looked at to a depth of `DEPTH_MIN` [m]. */
  readonly far: number;
  /** Floor within reach that is too little to be a place. */
  readonly crumbs: boolean;
}

/** Looks from a line to one side (1 left, −1 right) for floor. */
function look(rings: readonly (readonly Point[])[], line: readonly [Point, Point], side: 1 | -1): Side {
  const width = lengthOf(line);
  const [ux, uy] = [(line[1][0] - line[0][0]) / width, (line[1][1] - line[0][1]) / width];
  const [nx, ny] = [-uy * side, ux * side];
  let near = Infinity;
  let far = 0;
  let crumbs = false;
  for (const t of [0.5, 0.3, 0.7]) {
    const [x, y] = [line[0][0] + t * width * ux, line[0][1] + t * width * uy];
    let from = -1;
    for (let s = STEP / 4; s <= REACH + DEPTH_MIN + STEP; s += STEP) {
      const isFloor = polygonContains(rings, x + s * nx, y + s * ny);
      if (isFloor && from < 0) {
        if (s > REACH) break;
        from = s;
      }
      if (from >= 0 && isFloor && s - from >= DEPTH_MIN) {
        near = Math.min(near, from);
        far = Math.max(far, s);
        break;
      }
      if (from >= 0 && !isFloor) {
        crumbs = true;
        from = -1;
      }
    }
  }
  return { near, far, crumbs };
}

/** Where a line through a wall leads, and what has to be added to the floor so that it does. */
function lead(
  floor: Floor,
  line: readonly [Point, Point],
): Pick<Way, 'line' | 'leads' | 'added' | 'removed'> & { isBlocked: boolean } {
  const reach = REACH + DEPTH_MIN + 0.1;
  const box = [
    Math.min(line[0][0], line[1][0]) - reach,
    Math.min(line[0][1], line[1][1]) - reach,
    Math.max(line[0][0], line[1][0]) + reach,
    Math.max(line[0][1], line[1][1]) + reach,
  ] as const;
  const rings = toRings(clipToBox(floor.walk, ...box));
  const left = look(rings, line, 1);
  const right = look(rings, line, -1);
  if (left.near < Infinity && right.near < Infinity) {
    // The middle of the wall, so that both reveals are as deep.
    const shift = (left.near - right.near) / 2;
    const moved = shiftLine(line, shift);
    const half = (left.near + right.near) / 2 + 0.001;
    const isBlocked = blocks(floor, moved, half, half);
    return { line: moved, leads: 'between', added: strip(moved, half, half), removed: [], isBlocked };
  }
  if (left.near === Infinity && right.near === Infinity)
    return { line, leads: 'nowhere', added: [], removed: [], isBlocked: false };
  const side = left.near < Infinity ? 1 : -1;
  const inner = side === 1 ? left.near : right.near;
  const middle: Point = [(line[0][0] + line[1][0]) / 2, (line[0][1] + line[1][1]) / 2];
  const width = lengthOf(line);
  const normal: Point = [(-(line[1][1] - line[0][1]) / width) * -side, ((line[1][0] - line[0][0]) / width) * -side];
  const around = toRings(clipToBox(floor.inside, ...box));
  // Out of the building within the depth of a thick wall, and still out half a metre on.
  let isOutside = false;
  let out = 0;
  for (let s = 0.05; s <= REACH && !isOutside; s += 0.05) {
    const at = (d: number): boolean => !polygonContains(around, middle[0] + d * normal[0], middle[1] + d * normal[1]);
    isOutside = at(s) && at(s + 0.25) && at(s + 0.4);
    out = s;
  }
  const depth = REACH;
  return {
    line,
    leads: isOutside ? 'outside' : 'inside',
    added: side === 1 ? strip(line, inner + 0.001, 0) : strip(line, 0, inner + 0.001),
    removed: side === 1 ? strip(line, 0, depth) : strip(line, depth, 0),
    isBlocked: side === 1 ? blocks(floor, line, inner, out) : blocks(floor, line, out, inner),
  };
}

/** Whether there is wall in the middle of a way: an opening that is a niche. */
function blocks(floor: Floor, [a, b]: readonly [Point, Point], toLeft: number, toRight: number): boolean {
  const at = (t: number): Point => [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
  const middle = strip([at(0.3), at(0.7)], toLeft, toRight);
  return sizeOf(intersect(middle, floor.solids)) > 0.02;
}

function shiftLine(line: readonly [Point, Point], toLeft: number): readonly [Point, Point] {
  const width = lengthOf(line);
  const [nx, ny] = [-(line[1][1] - line[0][1]) / width, (line[1][0] - line[0][0]) / width];
  return [
    [line[0][0] + toLeft * nx, line[0][1] + toLeft * ny],
    [line[1][0] + toLeft * nx, line[1][1] + toLeft * ny],
  ];
}

/** Rectangle along a line, so deep to its left and to its right [m]. */
export function strip(line: readonly [Point, Point], toLeft: number, toRight: number): Region {
  const [a, b] = shiftLine(line, toLeft);
  const [c, d] = shiftLine(line, -toRight);
  return toRegion([[a, b, d, c]]);
}

/** The floor with all its ways cut in. */
export function cutWays(walk: Region, ways: readonly Way[]): Region {
  const kept = ways.filter((way) => way.leads === 'between' || way.leads === 'outside');
  const removed = kept.flatMap((way) => way.removed);
  const added = kept.flatMap((way) => way.added);
  const less = removed.length > 0 ? subtract(walk, unite(removed)) : walk;
  return added.length > 0 ? unite(less, ...kept.map((way) => way.added)) : less;
}
