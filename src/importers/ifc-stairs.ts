import type { Point } from '../scenario/index.ts';
import { upFaces } from './cut-mesh.ts';
import { joinFaces, nameOf } from './ifc-floors.ts';
import type { IfcMesh, IfcModel } from './ifc-model.ts';
import type { IfcStructure } from './ifc-structure.ts';
import { grow, intersect, type Region, sizeOf, subtract, tidy, toRings, unite } from './plan-region.ts';

/** One run of steps, or one slope, from its foot to its head. */
export interface Flight {
  readonly name: string;
  /** Name of the stairs that it is part of. */
  readonly whole: string;
  readonly kind: 'stairs' | 'ramp';
  /** Height of the floor at its foot, and the line of its first riser there, to be crossed at a right angle [m]. */
  readonly foot: FlightEnd;
  readonly head: FlightEnd;
  /** Along the slope through the middles of its treads [m]. */
  readonly length: number;
  /** Height of a step; 0 for ramps [m]. */
  readonly riser: number;
}

export interface FlightEnd {
  readonly z: number;
  readonly line: readonly [Point, Point];
  /** Unit vector of the way up here. */
  readonly way: Point;
}

/** A floor between flights. */
export interface Landing {
  readonly name: string;
  readonly whole: string;
  readonly z: number;
  readonly region: Region;
}

export interface Stairs {
  readonly flights: Flight[];
  readonly landings: Landing[];
  /** Stairs and ramps whose steps were not found. */
  readonly unread: string[];
  /** All treads, landings and slopes from above, with their heights. */
  readonly surfaces: readonly { readonly z: number; readonly region: Region }[];
}

interface Tread {
  readonly z: number;
  readonly region: Region;
}

/** Treads nearer in height are one. */
const SAME_HEIGHT = 0.025;
const TREAD_MIN = 0.03;
/** Of a step, for runs of a single tread [m]. */
const RISER = 0.17;
/** A tread on which this square has room may be a landing [m]. */
const LANDING = 0.56;
/** Flights that turn more than this are cut, with two treads as the floor between [rad]. */
const TURN_MAX = (100 / 180) * Math.PI;

/** Reads every stair and ramp: its flights, by the treads of their shapes, and the landings between. */
export function readStairs(model: IfcModel, structure: IfcStructure): Stairs {
  const stairs: Stairs & { surfaces: { z: number; region: Region }[] } = {
    flights: [],
    landings: [],
    unread: [],
    surfaces: [],
  };
  const done = new Set<number>();
  const read = (id: number, whole: string, kind: 'stairs' | 'ramp'): boolean => {
    done.add(id);
    const meshes = model.meshes(id);
    if (meshes.length === 0) return false;
    return kind === 'ramp'
      ? readRamp(meshes, nameOf(model, id), whole, stairs)
      : readSteps(meshes, nameOf(model, id), whole, stairs);
  };
  const kindOf = (type: string): 'stairs' | 'ramp' | undefined =>
    /^IFCSTAIR/.test(type) ? 'stairs' : /^IFCRAMP/.test(type) ? 'ramp' : undefined;
  const ofType = (flights: boolean): number[] => {
    const ids: number[] = [];
    for (const [type, list] of model.types()) {
      if (/TYPE$/.test(type) || kindOf(type) === undefined) continue;
      if (/FLIGHT/.test(type) === flights) ids.push(...list);
    }
    return ids;
  };
  for (const id of ofType(false)) {
    const kind = kindOf(model.typeOf(id))!;
    const whole = nameOf(model, id);
    const parts = structure.partsOf(id);
    const before = stairs.flights.length;
    const own = read(id, whole, kind);
    let found = own;
    for (const part of parts) {
      const type = model.typeOf(part);
      if (/^IFCSLAB/.test(type)) {
        done.add(part);
        const faces = upFaces(model.meshes(part), 0.05);
        for (const { z, region } of treadsOf(faces)) {
          if (sizeOf(region) < 0.2) continue;
          stairs.landings.push({ name: `${whole} landing`, whole, z, region });
          stairs.surfaces.push({ z, region });
        }
      } else if (kindOf(type) !== undefined) found = read(part, whole, kindOf(type)!) || found;
    }
    if (!found && parts.length > 0) {
      // Treads as plates or members of their own.
      const meshes = parts
        .filter((part) => !/^IFC(RAILING|SLAB|STAIR|RAMP)/.test(model.typeOf(part)))
        .flatMap((part) => model.meshes(part));
      if (meshes.length > 0) {
        found = kind === 'ramp' ? readRamp(meshes, whole, whole, stairs) : readSteps(meshes, whole, whole, stairs);
      }
    }
    if (!found || stairs.flights.length === before) stairs.unread.push(whole);
  }
  for (const id of ofType(true)) {
    if (done.has(id)) continue;
    const whole = structure.wholeOf(id);
    const name = whole === undefined ? nameOf(model, id) : nameOf(model, whole);
    if (!read(id, name, kindOf(model.typeOf(id))!)) stairs.unread.push(nameOf(model, id));
  }
  return stairs;
}

/** Level faces by height, each less what lies over it within a step or two. */
function treadsOf(faces: ReturnType<typeof upFaces>): Tread[] {
  const sorted = [...faces].sort((a, b) => a.high - b.high);
  const groups: { z: number; faces: typeof sorted }[] = [];
  for (const face of sorted) {
    const last = groups.at(-1);
    if (last !== undefined && face.high - last.z <= SAME_HEIGHT) last.faces.push(face);
    else groups.push({ z: face.high, faces: [face] });
  }
  const whole = groups.map((group) => ({ z: group.z, region: joinFaces(group.faces) }));
  return whole
    .map(({ z, region }, i) => {
      const over = whole.slice(i + 1).filter((other) => other.z < z + 1.8);
      return {
        z,
        region: tidy(over.length === 0 ? region : subtract(region, unite(...over.map((o) => o.region))), 0.002, 0.01),
      };
    })
    .filter((tread) => sizeOf(tread.region) >= TREAD_MIN);
}

function readSteps(
  meshes: readonly IfcMesh[],
  name: string,
  whole: string,
  stairs: Stairs & { surfaces: Tread[] },
): boolean {
  const treads = treadsOf(upFaces(meshes, 0.05));
  if (treads.length === 0) return false;
  stairs.surfaces.push(...treads);
  const sizes = treads.map((tread) => sizeOf(tread.region)).sort((a, b) => a - b);
  const usual = sizes[Math.floor((sizes.length - 1) / 2)];
  const isLanding = treads.map(
    ({ region }) => treads.length > 2 && sizeOf(region) > 1.9 * usual && grow(region, -LANDING / 2).length > 0,
  );
  const risers = treads
    .slice(1)
    .map((tread, i) => tread.z - treads[i].z)
    .filter((step) => step > 0.05 && step < 0.35);
  risers.sort((a, b) => a - b);
  const riser = risers.length > 0 ? risers[Math.floor(risers.length / 2)] : RISER;
  let run: Tread[] = [];
  let below: Tread | undefined;
  let found = false;
  const close = (above: Tread | undefined): void => {
    if (run.length > 0) found = addRun(run, below, above, riser, name, whole, stairs) || found;
    run = [];
  };
  treads.forEach((tread, i) => {
    // Gaps in the steps part two flights in one shape.
    if (run.length > 0 && tread.z - run[run.length - 1].z > 0.45) {
      close(undefined);
      below = undefined;
    }
    if (!isLanding[i]) {
      run.push(tread);
      return;
    }
    close(tread);
    stairs.landings.push({ name: `${whole} landing`, whole, z: tread.z, region: tread.region });
    below = tread;
  });
  close(undefined);
  return found;
}

/** A run of treads as one flight, or as several where it winds. */
function addRun(
  run: readonly Tread[],
  below: Tread | undefined,
  above: Tread | undefined,
  riser: number,
  name: string,
  whole: string,
  stairs: Stairs,
): boolean {
  const middles = run.map((tread) => middleOf(tread.region));
  const last = run.length - 1;
  const parts = Math.min(Math.ceil(turnOf(middles) / TURN_MAX), Math.floor((last + 1) / 4));
  if (parts > 1) {
    // Winding stairs: in between, two treads are a small floor on which one turns.
    let from = 0;
    let under = below;
    let isWhole = true;
    for (let part = 1; part <= parts; part++) {
      const to = part === parts ? last + 1 : Math.round((part * (last + 1)) / parts) - 1;
      const floor = part === parts ? above : { z: run[to].z, region: joinTwo(run[to].region, run[to + 1].region) };
      if (floor !== undefined && part < parts)
        stairs.landings.push({ name: `${whole} turn`, whole, z: floor.z, region: floor.region });
      isWhole = addStraightRun(run.slice(from, to), under, floor, riser, name, whole, stairs) && isWhole;
      from = to + 2;
      under = floor;
    }
    return isWhole;
  }
  return addStraightRun(run, below, above, riser, name, whole, stairs);
}

/** By how much a line through these points turns in all [rad]. */
function turnOf(points: readonly Point[]): number {
  let turn = 0;
  for (let i = 2; i < points.length; i++) {
    const [ax, ay] = [points[i - 1][0] - points[i - 2][0], points[i - 1][1] - points[i - 2][1]];
    const [bx, by] = [points[i][0] - points[i - 1][0], points[i][1] - points[i - 1][1]];
    turn += Math.atan2(ax * by - ay * bx, ax * bx + ay * by);
  }
  return Math.abs(turn);
}

function addStraightRun(
  run: readonly Tread[],
  below: Tread | undefined,
  above: Tread | undefined,
  riser: number,
  name: string,
  whole: string,
  stairs: Stairs,
): boolean {
  if (run.length === 0) return false;
  const middles = run.map((tread) => middleOf(tread.region));
  const last = run.length - 1;
  const towards = (from: Point, to: Point): Point | undefined => {
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    return length > 0.02 ? [(to[0] - from[0]) / length, (to[1] - from[1]) / length] : undefined;
  };
  const single = (): Point | undefined => {
    const from = below === undefined ? undefined : towards(nearestOf(below.region, middles[0]), middles[0]);
    return from ?? (above === undefined ? undefined : towards(middles[0], nearestOf(above.region, middles[0])));
  };
  const wayAtFoot = last > 0 ? towards(middles[0], middles[1]) : single();
  const wayAtHead = last > 0 ? towards(middles[last - 1], middles[last]) : single();
  if (wayAtFoot === undefined || wayAtHead === undefined) return false;
  const foot = edgeAcross(run[0].region, wayAtFoot, -1);
  const head = edgeAcross(run[last].region, wayAtHead, 1);
  if (foot === undefined || head === undefined) return false;
  let length = 0;
  let at: Point = middleOfLine(foot);
  let z = below?.z ?? run[0].z - riser;
  const zHead = above?.z ?? run[last].z;
  const zFoot = z;
  run.forEach((tread, i) => {
    length += Math.hypot(middles[i][0] - at[0], middles[i][1] - at[1], tread.z - z);
    at = middles[i];
    z = tread.z;
  });
  const end = middleOfLine(head);
  length += Math.hypot(end[0] - at[0], end[1] - at[1], zHead - z);
  stairs.flights.push({
    name,
    whole,
    kind: 'stairs',
    foot: { z: zFoot, line: foot, way: wayAtFoot },
    head: { z: zHead, line: head, way: wayAtHead },
    length,
    riser,
  });
  return true;
}

function readRamp(
  meshes: readonly IfcMesh[],
  name: string,
  whole: string,
  stairs: Stairs & { surfaces: Tread[] },
): boolean {
  const faces = upFaces(meshes, 0.6);
  for (const { z, region } of treadsOf(faces.filter((face) => Math.hypot(...face.slope) < 0.01))) {
    if (grow(region, -LANDING / 2).length === 0) continue;
    stairs.landings.push({ name: `${whole} landing`, whole, z, region });
    stairs.surfaces.push({ z, region });
  }
  // Sloping faces by their gradient: every straight slope is a flight.
  const groups: { slope: Point; faces: typeof faces }[] = [];
  for (const face of faces) {
    if (Math.hypot(...face.slope) < 0.01) continue;
    const group = groups.find(({ slope }) => Math.hypot(slope[0] - face.slope[0], slope[1] - face.slope[1]) < 0.02);
    if (group === undefined) groups.push({ slope: face.slope, faces: [face] });
    else group.faces.push(face);
  }
  let found = false;
  for (const { slope, faces: sloping } of groups) {
    const region = tidy(joinFaces(sloping), 0.005, 0.05);
    if (sizeOf(region) < 0.3) continue;
    const steep = Math.hypot(...slope);
    const way: Point = [slope[0] / steep, slope[1] / steep];
    const foot = edgeAcross(region, way, -1);
    const head = edgeAcross(region, way, 1);
    if (foot === undefined || head === undefined) continue;
    const low = Math.min(...sloping.map((face) => face.low));
    const high = Math.max(...sloping.map((face) => face.high));
    const [a, b] = [middleOfLine(foot), middleOfLine(head)];
    stairs.surfaces.push({ z: high, region });
    stairs.flights.push({
      name,
      whole,
      kind: 'ramp',
      foot: { z: low, line: foot, way },
      head: { z: high, line: head, way },
      length: Math.hypot(b[0] - a[0], b[1] - a[1], high - low),
      riser: 0,
    });
    found = true;
  }
  return found;
}

/** The edge of a tread where one comes on to it (side −1) or leaves it (1) on one's way: at a right angle to the way, as wide as the tread there. */
function edgeAcross(region: Region, [ux, uy]: Point, side: -1 | 1): readonly [Point, Point] | undefined {
  let edge = -Infinity;
  const points = toRings(region).flat();
  for (const [x, y] of points) edge = Math.max(edge, side * (x * ux + y * uy));
  if (edge === -Infinity) return undefined;
  // What lies within some centimetres of the edge: noses are round, winders oblique.
  const depth = 0.06;
  const slice = intersect(region, stripAlong([ux, uy], side * edge, side * (edge - depth)));
  let [low, high] = [Infinity, -Infinity];
  for (const [x, y] of toRings(slice).flat()) {
    const across = x * -uy + y * ux;
    low = Math.min(low, across);
    high = Math.max(high, across);
  }
  if (high - low < 0.3) {
    // The edge of a winder runs obliquely: its width is that of the tread.
    for (const [x, y] of points) {
      const across = x * -uy + y * ux;
      low = Math.min(low, across);
      high = Math.max(high, across);
    }
  }
  if (!(high - low >= 0.3)) return undefined;
  const along = side * edge;
  return [
    [along * ux - low * uy, along * uy + low * ux],
    [along * ux - high * uy, along * uy + high * ux],
  ];
}

/** All of the plan between two distances along a direction. */
function stripAlong([ux, uy]: Point, from: number, to: number): Region {
  const far = 5000;
  const corner = (along: number, across: number) => ({
    x: Math.round((along * ux - across * uy) * 100_000),
    y: Math.round((along * uy + across * ux) * 100_000),
  });
  return unite([
    [
      corner(Math.min(from, to), -far),
      corner(Math.max(from, to), -far),
      corner(Math.max(from, to), far),
      corner(Math.min(from, to), far),
    ],
  ]);
}

function joinTwo(first: Region, second: Region): Region {
  return tidy(grow(grow(unite(first, second), 0.03), -0.03), 0.002, 0.01);
}

function middleOf(region: Region): Point {
  let [x, y, size] = [0, 0, 0];
  const [first] = toRings(region)[0];
  const [ox, oy] = first;
  for (const ring of toRings(region)) {
    ring.forEach(([ax, ay], i) => {
      const [bx, by] = ring[(i + 1) % ring.length];
      const cross = (ax - ox) * (by - oy) - (bx - ox) * (ay - oy);
      size += cross;
      x += (ax + bx - 2 * ox) * cross;
      y += (ay + by - 2 * oy) * cross;
    });
  }
  return size === 0 ? first : [ox + x / (3 * size), oy + y / (3 * size)];
}

function nearestOf(region: Region, to: Point): Point {
  const middle = middleOf(region);
  let best: Point = middle;
  for (const ring of toRings(region)) {
    ring.forEach((a, i) => {
      const b = ring[(i + 1) % ring.length];
      const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
      const length2 = dx * dx + dy * dy;
      const t = length2 > 0 ? Math.max(0, Math.min(1, ((to[0] - a[0]) * dx + (to[1] - a[1]) * dy) / length2)) : 0;
      const p: Point = [a[0] + t * dx, a[1] + t * dy];
      if (Math.hypot(p[0] - to[0], p[1] - to[1]) < Math.hypot(best[0] - to[0], best[1] - to[1])) best = p;
    });
  }
  return best;
}

export function middleOfLine([a, b]: readonly [Point, Point]): Point {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}
