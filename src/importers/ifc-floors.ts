import { separatePieces } from '../math/index.ts';
import { footprintInBand, heightsOf, hullInBand, type UpFace, upFaces } from './cut-mesh.ts';
import type { IfcMesh, IfcModel } from './ifc-model.ts';
import { textOf } from './ifc-model.ts';
import type { IfcStorey, IfcStructure } from './ifc-structure.ts';
import { fillHoles, grow, intersect, type Region, sizeOf, subtract, tidy, toRegion, unite } from './plan-region.ts';

/**
 * What stands between these heights over the floor is in the way [m]: above thresholds and skirting, below lintels and the
 * lamps that one walks under.
 */
export const BAND_LOW = 0.1;
export const BAND_HIGH = 1.8;
/** Floors of one storey nearer than this in height are one floor [m]. */
const STEP_MAX = 0.45;
/** Floor and storey may differ by the build-up of the floor [m]. */
const BUILD_UP = 0.15;
/** Surfaces steeper than this are no floor (metres up for a metre). */
const FLOOR_SLOPE = 0.08;
/** What is lower than this over the floor is a low wall: one sees over it [m]. */
const LOW_WALL = 1.5;
/** What begins higher than this over the floor hangs, and stands in nobody's way [m]. */
const HANGS = 1.4;
/** Walls that enclose less than this share of their slab are no outline of a building. */
const OUTLINE_SHARE = 0.15;
/** Details of furniture beyond this many triangles are left to its convex hull. */
const FURNITURE_FACES = 1500;

/** A space of the file, as a room. */
export interface Room {
  readonly id: number;
  readonly name: string;
  region: Region;
  /** Lies outside the building by what the file says. */
  readonly outside: boolean;
}

export interface LowThing {
  readonly region: Region;
  readonly height: number;
  readonly name: string;
}

/** One height at which people walk, and what stands on it. */
export interface Floor {
  name: string;
  readonly storey: IfcStorey | undefined;
  readonly z: number;
  readonly rooms: Room[];
  /** Tops of slabs at this height. */
  slabs: Region;
  /** Walls and the like, cut in the band. */
  solids: Region;
  /** Doors and openings, which close the outline of the building where walls do not. */
  closures: Region;
  readonly low: LowThing[];
  /** The floor that one can walk on, but for the openings of doors. */
  walk: Region;
  /** What the building covers, rooms and walls together. */
  inside: Region;
  /** Of the floor: what no space covers [m²]. */
  unnamed: number;
  /** Slab outside the building, left out [m²]. */
  outside?: number;
  /** How the floor was made. */
  from: 'spaces' | 'slabs';
  /** Whether the outline of the building was found; without it all of the slab is floor. */
  hasOutline: boolean;
  /** A landing of stairs, and of which. */
  readonly isLanding?: boolean;
  readonly of?: string;
}

/** What became of each type of thing. */
export type Tally = Map<string, number>;

export interface Floors {
  readonly floors: Floor[];
  readonly ignored: string[];
  readonly guessed: string[];
}

const SOLID =
  /^IFC(WALL|CURTAINWALL|COLUMN|MEMBER|PLATE|BEAM|WINDOW|PILE|FOOTING|CHIMNEY|DEEPFOUNDATION|BEARING|SHADINGDEVICE|BUILDINGELEMENTPART|BUILTELEMENT|BUILDINGELEMENTCOMPONENT)/;
const FURNITURE =
  /^IFC(FURNISHINGELEMENT|FURNITURE|SYSTEMFURNITUREELEMENT|SANITARYTERMINAL|FLOWTERMINAL|MEDICALDEVICE|ELECTRICAPPLIANCE|SPACEHEATER|BOILER|TANK|UNITARYEQUIPMENT|ENERGYCONVERSIONDEVICE|TRANSPORTELEMENT|BUILDINGELEMENTPROXY|PROXY|ELECTRICDISTRIBUTIONBOARD|VENDING|AUDIOVISUALAPPLIANCE|COMMUNICATIONSAPPLIANCE|KITCHEN)/;
const SLAB = /^IFC(SLAB|COVERING)/;
const NOT_BODIES =
  /^IFC(SPACE|SPATIALZONE|OPENING|VIRTUALELEMENT|ANNOTATION|GRID|DOOR|STAIR|RAMP|SITE|BUILDING$|BUILDINGSTOREY|PROJECT|PORT|DISTRIBUTIONPORT|REL|PROPERTY|TYPE)/;
const OUTSIDE_NAME =
  /\b(terrasse|terrace|patio|garten|garden|outside|exterior|outdoor|au(ß|ss)en|freisitz|jardin|terrain)/i;

/** Spaces and slabs, put on floors by their heights. */
export function findFloors(model: IfcModel, structure: IfcStructure): Floors {
  const ignored: string[] = [];
  const guessed: string[] = [];
  const floors: Floor[] = [];
  const add = (storey: IfcStorey | undefined, z: number): Floor => {
    const near = floors.find(
      (floor) => Math.abs(floor.z - z) <= BUILD_UP && (floor.storey === storey || Math.abs(floor.z - z) < 0.02),
    );
    if (near !== undefined) return near;
    const floor: Floor = {
      name: '',
      storey,
      z,
      rooms: [],
      slabs: [],
      solids: [],
      closures: [],
      low: [],
      walk: [],
      inside: [],
      unnamed: 0,
      from: 'slabs',
      hasOutline: true,
    };
    floors.push(floor);
    return floor;
  };
  const storeyNear = (z: number, slack: number): IfcStorey | undefined => {
    let best: IfcStorey | undefined;
    for (const storey of structure.storeys) {
      const away = Math.abs(storey.z - z);
      if (away <= slack && (best === undefined || away < Math.abs(best.z - z))) best = storey;
    }
    return best;
  };
  const storeyBelow = (z: number): IfcStorey | undefined =>
    structure.storeys.filter((storey) => storey.z <= z + 0.3).at(-1) ?? structure.storeys[0];

  placeSpaces(model, structure, ignored, guessed, add, storeyNear, storeyBelow);

  // Slabs: first those at the height of a storey without spaces, then floors of their own.
  const faces = readSlabs(model, structure, ignored);
  for (const storey of structure.storeys) {
    if (floors.some((floor) => floor.storey === storey)) continue;
    const near = faces.filter((face) => Math.abs(face.high - storey.z) <= 0.6);
    const z = commonHeight(near);
    if (z !== undefined && sizeOfFaces(near, z) >= 1) add(storey, Math.abs(z - storey.z) <= BUILD_UP ? storey.z : z);
  }
  const floorOfFace = (face: UpFace): Floor | undefined => {
    let best: Floor | undefined;
    for (const floor of floors) {
      const away = Math.abs(floor.z - face.high);
      if (away <= 0.3 && (best === undefined || away < Math.abs(best.z - face.high))) best = floor;
    }
    return best;
  };
  const rest = faces.filter((face) => floorOfFace(face) === undefined);
  for (let left = rest; left.length > 0; ) {
    const z = commonHeight(left);
    if (z === undefined) break;
    if (sizeOfFaces(left, z) >= 1.5) add(storeyNear(z, 0.6) ?? storeyBelow(z), z);
    left = left.filter((face) => Math.abs(face.high - z) > 0.3);
  }
  const byFloor = new Map<Floor, UpFace[]>();
  for (const face of faces) {
    const floor = floorOfFace(face);
    if (floor === undefined) continue;
    const list = byFloor.get(floor);
    if (list === undefined) byFloor.set(floor, [face]);
    else list.push(face);
  }
  for (const [floor, list] of byFloor) floor.slabs = joinFaces(list);
  floors.sort((a, b) => a.z - b.z);
  nameFloors(floors);
  return { floors, ignored, guessed };
}

/** Triangles as one region; cracks of drawing between slabs closed. */
export function joinFaces(faces: readonly UpFace[]): Region {
  return grow(grow(toRegion(faces.map((face) => face.ring)), 0.004), -0.004);
}

function placeSpaces(
  model: IfcModel,
  structure: IfcStructure,
  ignored: string[],
  guessed: string[],
  add: (storey: IfcStorey | undefined, z: number) => Floor,
  storeyNear: (z: number, slack: number) => IfcStorey | undefined,
  storeyBelow: (z: number) => IfcStorey | undefined,
): void {
  const found: { room: Room; z: number; storey: IfcStorey | undefined }[] = [];
  let shapeless = 0;
  let groups = 0;
  const used = new Set<string>();
  for (const id of model.idsOf('IFCSPACE')) {
    const record = model.record(id);
    const kind = textOf(record?.PredefinedType) ?? textOf(record?.InteriorOrExteriorSpace) ?? '';
    const composition = textOf(record?.CompositionType);
    if (kind === 'GFA' || composition === 'COMPLEX') {
      groups++;
      continue;
    }
    const meshes = model.meshes(id);
    const [low, high] = heightsOf(meshes);
    if (!(high - low > 0.3)) {
      shapeless++;
      continue;
    }
    const region = tidy(footprintInBand(meshes, low + 0.02, Math.min(low + 0.3, high)), 0.002, 0.05);
    if (sizeOf(region) < 0.05) {
      shapeless++;
      continue;
    }
    const names = [textOf(record?.Name), textOf(record?.LongName)].filter((name) => name !== undefined);
    let name = (names.length === 2 && names[0] === names[1] ? names[0] : names.join(' ')) || `space ${id}`;
    name = name.slice(0, 100);
    if (used.has(name)) {
      let n = 2;
      while (used.has(`${name} (${n})`)) n++;
      name = `${name} (${n})`;
    }
    used.add(name);
    const said = kind === 'EXTERNAL';
    const outside = said || OUTSIDE_NAME.test(name);
    if (outside && !said) guessed.push(`space “${name}”: taken for outside because of its name`);
    found.push({ room: { id, name, region, outside }, z: low, storey: structure.storeyOf(id) });
  }
  if (shapeless > 0) ignored.push(`${shapeless} × IfcSpace without a shape`);
  if (groups > 0) ignored.push(`${groups} × IfcSpace that hold other spaces (gross areas, complexes)`);
  found.sort((a, b) => a.z - b.z || a.room.id - b.room.id);
  // Spaces of a storey by heights: the floor is where most of their area lies.
  const byStorey = new Map<IfcStorey | undefined, typeof found>();
  for (const space of found) {
    const storey =
      space.storey !== undefined && Math.abs(space.storey.z - space.z) <= 1.5
        ? space.storey
        : (storeyNear(space.z, 1) ?? storeyBelow(space.z));
    const list = byStorey.get(storey);
    if (list === undefined) byStorey.set(storey, [space]);
    else list.push(space);
  }
  for (const [storey, spaces] of byStorey) {
    let group: typeof found = [];
    const close = (): void => {
      if (group.length === 0) return;
      let best = group[0];
      let most = 0;
      for (const space of group) {
        const size = group
          .filter((other) => Math.abs(other.z - space.z) < 0.05)
          .reduce((sum, other) => sum + sizeOf(other.room.region), 0);
        if (size > most + 1e-6) {
          most = size;
          best = space;
        }
      }
      const z = storey !== undefined && Math.abs(best.z - storey.z) <= BUILD_UP ? storey.z : best.z;
      const floor = add(storey, z);
      floor.rooms.push(...group.map(({ room }) => room));
      floor.from = 'spaces';
      group = [];
    };
    for (const space of spaces) {
      if (group.length > 0 && space.z - group[group.length - 1].z > STEP_MAX) close();
      group.push(space);
    }
    close();
  }
}

function readSlabs(model: IfcModel, structure: IfcStructure, ignored: string[]): UpFace[] {
  const faces: UpFace[] = [];
  let roofs = 0;
  let sloped = 0;
  for (const [type, ids] of model.types()) {
    if (!SLAB.test(type) || type.endsWith('TYPE')) continue;
    for (const id of ids) {
      const record = model.record(id);
      const kind =
        textOf(record?.PredefinedType) ?? textOf(model.record(structure.typeOf.get(id))?.PredefinedType) ?? '';
      const whole = structure.wholeOf(id);
      const isRoof = kind === 'ROOF' || (whole !== undefined && model.typeOf(whole) === 'IFCROOF');
      if (type.startsWith('IFCCOVERING')) {
        if (kind !== 'FLOORING') continue;
      } else if (isRoof) {
        roofs++;
        continue;
      }
      // Landings of stairs belong to their stairs.
      if (whole !== undefined && /^IFC(STAIR|RAMP)/.test(model.typeOf(whole))) continue;
      const up = upFaces(model.meshes(id), 0.5);
      const flat = up.filter((face) => Math.hypot(...face.slope) <= FLOOR_SLOPE);
      if (flat.length === 0 && up.length > 0) sloped++;
      faces.push(...flat);
    }
  }
  if (roofs > 0) ignored.push(`${roofs} × IfcSlab of a roof: nobody walks there`);
  if (sloped > 0) ignored.push(`${sloped} × IfcSlab that slopes: neither floor nor ramp of the file`);
  return faces;
}

/** The height at which most of the faces' area lies, to 5 cm. */
function commonHeight(faces: readonly UpFace[]): number | undefined {
  let best: UpFace | undefined;
  let most = 0;
  const sizes = new Map<number, number>();
  for (const face of faces) {
    const key = Math.round(face.high / 0.05);
    sizes.set(key, (sizes.get(key) ?? 0) + face.size);
  }
  for (const face of faces) {
    const size = sizes.get(Math.round(face.high / 0.05)) ?? 0;
    if (size > most) {
      most = size;
      best = face;
    }
  }
  return best?.high;
}

function sizeOfFaces(faces: readonly UpFace[], z: number): number {
  return faces.reduce((sum, face) => sum + (Math.abs(face.high - z) <= 0.3 ? face.size : 0), 0);
}

function nameFloors(floors: readonly Floor[]): void {
  const used = new Set<string>();
  const claim = (name: string): string => {
    let free = name;
    for (let n = 2; used.has(free); n++) free = `${name} (${n})`;
    used.add(free);
    return free;
  };
  // Who lies at the storey's own height has its name.
  const main = new Map<IfcStorey, Floor>();
  for (const floor of floors) {
    if (floor.storey === undefined) continue;
    const before = main.get(floor.storey);
    const rank = (f: Floor): number => (f.rooms.length > 0 ? 0 : 10) + Math.abs(f.z - f.storey!.z);
    if (before === undefined || rank(floor) < rank(before)) main.set(floor.storey, floor);
  }
  for (const floor of main.values()) floor.name = claim(floor.storey!.name.slice(0, 90));
  for (const floor of floors) {
    if (floor.name !== '') continue;
    const off = floor.storey === undefined ? floor.z : floor.z - floor.storey.z;
    const sign = off < 0 ? '−' : '+';
    floor.name = claim(`${floor.storey?.name.slice(0, 80) ?? 'floor'} ${sign}${Math.abs(off).toFixed(2)} m`);
  }
}

/**
 * Cuts walls, columns and furniture on every floor that they reach through. Counts of what was taken go into `taken`, of what was
 * not into `left`; both by type.
 */
export function placeBodies(
  model: IfcModel,
  structure: IfcStructure,
  floors: readonly Floor[],
  isElement: (type: string) => boolean,
): { taken: Tally; left: Tally; lifts: string[] } {
  const taken: Tally = new Map();
  const left: Tally = new Map();
  const lifts: string[] = [];
  const solids = floors.map((): Region[] => []);
  const closures = floors.map((): Region[] => []);
  for (const [type, ids] of model.types()) {
    if (!isElement(type)) continue;
    const isRail = type.startsWith('IFCRAILING');
    const isDoor = type.startsWith('IFCDOOR');
    const isOpening = type.startsWith('IFCOPENING');
    const isSolid = SOLID.test(type);
    const isFurniture = FURNITURE.test(type);
    const isStairs = /^IFC(STAIR|RAMP)/.test(type);
    if (SLAB.test(type)) {
      // Landings are in the way of who walks below them.
      for (const id of ids) {
        const whole = structure.wholeOf(id);
        if (whole === undefined || !/^IFC(STAIR|RAMP)/.test(model.typeOf(whole))) continue;
        const meshes = model.meshes(id);
        const [low, high] = heightsOf(meshes);
        floors.forEach((floor, f) => {
          // One that lies at the height of a floor is that floor.
          if (Math.abs(high - floor.z) <= 0.25 || high < floor.z || low > floor.z + BAND_HIGH) return;
          solids[f].push(footprintInBand(meshes, floor.z + BAND_LOW, floor.z + BAND_HIGH));
        });
      }
      continue;
    }
    if (!isRail && !isDoor && !isOpening && !isSolid && !isFurniture && !isStairs) {
      if (!NOT_BODIES.test(type) && !SLAB.test(type)) left.set(type, ids.length);
      continue;
    }
    for (const id of ids) {
      const whole = structure.wholeOf(id);
      const ofStairs = whole !== undefined && /^IFC(STAIR|RAMP)/.test(model.typeOf(whole));
      if (ofStairs && (isRail || isSolid)) continue;
      const meshes = model.meshes(id);
      const [low, high] = heightsOf(meshes);
      if (type === 'IFCTRANSPORTELEMENT') {
        const record = model.record(id);
        const kind = textOf(record?.PredefinedType) ?? textOf(record?.OperationType) ?? '';
        lifts.push(`${textOf(record?.Name) ?? `#${id}`}${kind === '' ? '' : ` (${kind.toLowerCase()})`}`);
      }
      if (!(high >= low)) {
        // Wholes whose parts have the shapes are no loss.
        if (structure.partsOf(id).length === 0 && !isOpening)
          left.set(`${type} without a shape`, (left.get(`${type} without a shape`) ?? 0) + 1);
        continue;
      }
      // The opening that a window fills is in the way, whatever the window looks like.
      if (type.startsWith('IFCWINDOW') && structure.openingOf.has(id)) {
        taken.set(type, (taken.get(type) ?? 0) + 1);
        continue;
      }
      const isFilledByWindow =
        isOpening &&
        (structure.fillingsOf.get(id) ?? []).some((filling) => model.typeOf(filling).startsWith('IFCWINDOW'));
      if (isOpening && /^IFC(SLAB|ROOF|COVERING)/.test(model.typeOf(structure.hostOf.get(id) ?? -1))) continue;
      let isTaken = false;
      floors.forEach((floor, f) => {
        const [from, to] = [floor.z + BAND_LOW, floor.z + BAND_HIGH];
        if (high < from || low > to) return;
        // Below a sill there is wall.
        if (isFilledByWindow && low > from + 0.02) return;
        if (isDoor || (isOpening && !isFilledByWindow)) {
          closures[f].push(footprintInBand(meshes, from, to));
          return;
        }
        if (isFurniture) {
          if (low > floor.z + (type.endsWith('PROXY') ? 0.5 : HANGS)) return;
          const faces = meshes.reduce((sum, mesh) => sum + mesh.triangles.length / 3, 0);
          const region = faces > FURNITURE_FACES ? hullInBand(meshes, from, to) : footprintInBand(meshes, from, to);
          const shape = simpleShape(region);
          if (sizeOf(shape) < 0.01) return;
          floor.low.push({ region: shape, height: Math.max(0.05, high - floor.z), name: nameOf(model, id) });
          isTaken = true;
          return;
        }
        // What ends low is seen over; windows and what they fill go up with their wall.
        const isLow =
          !type.startsWith('IFCWINDOW') && !isOpening && !isStairs && high < floor.z + LOW_WALL && low < floor.z + 0.5;
        let region = isRail ? railShape(meshes, from, to) : footprintInBand(meshes, from, to);
        // Openings are often drawn deeper than their wall.
        const host = isOpening ? structure.hostOf.get(id) : undefined;
        if (host !== undefined) region = intersect(region, hullInBand(model.meshes(host), from, to));
        if (region.length === 0) return;
        isTaken = true;
        if (isLow || isRail)
          floor.low.push({ region, height: Math.max(0.05, high - floor.z), name: nameOf(model, id) });
        else solids[f].push(region);
      });
      if (isStairs) continue;
      if (isTaken && !isOpening) taken.set(type, (taken.get(type) ?? 0) + 1);
      else if (isFurniture)
        left.set(
          `${type} that hang or stand on no floor`,
          (left.get(`${type} that hang or stand on no floor`) ?? 0) + 1,
        );
    }
  }
  floors.forEach((floor, f) => {
    floor.solids = tidy(grow(grow(unite(...solids[f]), 0.002), -0.002), 0.002, 0.0004);
    floor.closures = unite(...closures[f]);
  });
  return { taken, left, lifts };
}

export function nameOf(model: IfcModel, id: number): string {
  const record = model.record(id);
  return (textOf(record?.Name) ?? `#${id}`).slice(0, 100);
}

/** A railing seen from above: bars and posts as one band 10 cm thick. */
function railShape(meshes: readonly IfcMesh[], low: number, high: number): Region {
  return tidy(fillNarrow(grow(footprintInBand(meshes, low, high), 0.02)), 0.01, 0.002);
}

/** Posts that stand less than 20 cm apart, joined. */
function fillNarrow(region: Region): Region {
  return grow(grow(region, 0.1), -0.1);
}

/** Furniture without its details: the outline alone, hull where that is nearly all of it. */
function simpleShape(region: Region): Region {
  const outline = tidy(fillHoles(region), 0.01, 0.005);
  if (outline.length === 0) return [];
  return outline;
}

/**
 * The walkable part of each floor: spaces where there are any, and slabs inside the outline of the building that no space covers;
 * less walls, columns and voids. Doors are not cut in yet.
 */
export function makeWalk(floor: Floor, stairs: Region): void {
  const rooms = unite(...floor.rooms.filter((room) => !room.outside).map((room) => room.region));
  const { slabs, solids } = floor;
  const bodies = unite(rooms, solids, floor.closures);
  const outlineWith = (gap: number): Region => grow(fillHoles(grow(bodies, gap)), -gap);
  if (floor.rooms.length > 0) {
    floor.inside = outlineWith(0.06);
    let walk = subtract(rooms, solids);
    // Where nearly all rooms stand on slabs, a hole in the slabs is a void that the space spans.
    const carried = sizeOf(intersect(rooms, slabs));
    if (carried > 0.6 * sizeOf(rooms)) {
      const voids = opened(subtract(walk, grow(unite(slabs, stairs), 0.02)), 0.15).filter(
        (path) => sizeOf([path]) > 0.4,
      );
      walk = subtract(walk, grow(voids, 0.001));
    }
    const rest = subtract(intersect(slabs, floor.inside), unite(grow(solids, 0.001), grow(rooms, 0.05)));
    const kept = separatePieces(opened(rest, 0.3)).filter((piece) => sizeOf(piece) >= 1.5);
    // Back to the rooms that they touch.
    const unnamed =
      kept.length === 0 ? [] : subtract(intersect(grow(unite(...kept), 0.06), intersect(slabs, floor.inside)), solids);
    floor.unnamed = sizeOf(subtract(unnamed, rooms));
    floor.walk = unite(walk, unnamed);
  } else {
    let inside: Region = [];
    const total = sizeOf(slabs);
    const walls = sizeOf(solids);
    for (const gap of [0.06, 0.3, 0.75]) {
      const outline = outlineWith(gap);
      const enclosed = sizeOf(intersect(outline, slabs)) - sizeOf(intersect(solids, slabs));
      // Walls that enclose rooms enclose more than they cover; a kiosk on a square makes no building of it.
      if (enclosed < 2 * walls || enclosed < OUTLINE_SHARE * total) continue;
      inside = outline;
      break;
    }
    floor.hasOutline = inside.length > 0;
    floor.inside = inside.length > 0 ? inside : slabs;
    floor.outside = inside.length > 0 ? sizeOf(subtract(slabs, inside)) : 0;
    floor.walk = subtract(inside.length > 0 ? intersect(slabs, inside) : slabs, solids);
  }
  floor.walk = tidy(floor.walk, 0.001, 0.003);
}

/** The region without parts narrower than twice the distance. */
export function opened(region: Region, distance: number): Region {
  return intersect(grow(grow(region, -distance), distance * 1.01), region);
}
