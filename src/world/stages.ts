import { distanceToSegment, polygonContains, separatePieces } from '../math/index.ts';
import { type Issue, outlineOfWaypoint, type Waypoint } from '../scenario/index.ts';
import { error, warning } from './issues.ts';
import { linkItineraries, type StageNodes } from './itinerary-nodes.ts';
import { locateArea, sampleWallDistance } from './locate.ts';
import {
  boxOf,
  innerPoint,
  intersectPaths,
  type Place,
  type Ring,
  type Rings,
  shrinkPaths,
  sizeOfPaths,
  toPath,
  toPositivePath,
  toRing,
} from './plan-geometry.ts';
import { makeRegion, type Region } from './region-field.ts';
import type { Goal } from './route-to.ts';
import type { World } from './world.ts';

/** Smaller regions are none [m²]. */
const SIZE_MIN = 0.01;
/** Distance between two who stand and wait, and of them from walls and from the edge of their region [m]; our choice. */
const SPOT_PITCH = 0.75;
const SPOT_WALL = 0.3;
const SPOT_EDGE = 0.25;
/** Rim of a region for which nobody heads, the widest that leaves something [m]; our choice, a body and less. */
const RIMS = [0.25, 0.1] as const;
/** Most places to stand in one region. */
const SPOTS_MAX = 2000;

/** A region of a sheet with what holds inside. */
export interface Patch {
  readonly sheet: number;
  readonly ring: Ring;
  readonly box: readonly [number, number, number, number];
}

/** A place where people go; index as in `scenario.waypoints`. */
export interface WorldWaypoint extends Patch {
  readonly index: number;
  readonly id: string;
  /** Its part in each area, ascending by area. */
  readonly regions: readonly Region[];
  /** Where one heads for from other areas: the regions, or the last place of the line. */
  readonly heads: readonly Region[];
  /** Where one stands in line, the first first; empty where one waits in the region. */
  readonly places: readonly Goal[];
  /** Where one may stand in the region, apart from each other. */
  readonly spots: readonly Goal[];
  /** How many are served at once; Infinity for everybody. */
  readonly capacity: number;
}

/** Where people walk slower or faster. */
export interface WorldZone extends Patch {
  readonly speed: number;
}

/** Waypoints, itineraries, diversions and zones of a world. */
export interface WorldStages extends StageNodes {
  readonly waypoints: readonly WorldWaypoint[];
  /** The scenario's zones, then the waypoints that have a speed. */
  readonly zones: readonly WorldZone[];
  readonly diversions: readonly Patch[];
}

/**
 * What the scenario says of waypoints, itineraries, diversions and zones, on the floor as it is; undefined where it says nothing. Issues where a
 * region or a place lies beside the floor.
 *
 * @param world with areas, tiles and walls, without persons
 */
export function compileStages(world: World, issues: Issue[]): WorldStages | undefined {
  const { scenario } = world;
  const { waypoints = [], itineraries = [], diversions = [], zones = [] } = scenario;
  if (waypoints.length + itineraries.length + diversions.length + zones.length === 0) return undefined;
  const patchOf = (outline: readonly Place[], level: string): Patch => {
    const ring = outline.map(([x, y]): Place => [x - world.origin[0], y - world.origin[1]]);
    const sheet = world.sheets.find(({ kind, id }) => kind === 'level' && id === level);
    return { sheet: sheet?.index ?? 0, ring, box: boxOf([ring]) };
  };
  const ways = waypoints.map((waypoint, index) => {
    const patch = patchOf(outlineOfWaypoint(waypoint), waypoint.level);
    return compileWaypoint(world, waypoint, index, patch, issues);
  });
  const tellOff = (patch: Patch, path: string, what: string): Patch => {
    if (partsOnFloor(world, patch).length === 0) {
      const message = `${what} lies beside the floor of its level, so it does nothing; move it onto the floor.`;
      issues.push(warning('zone-off-floor', path, message, { expected: 'on the floor', found: 'beside it' }));
    }
    return patch;
  };
  return {
    waypoints: ways,
    zones: [
      ...zones.map(({ id, level, polygon, speed }, i) => ({
        ...tellOff(patchOf(polygon, level), `zones[${i}].polygon`, `Zone '${id}'`),
        speed,
      })),
      ...waypoints.flatMap(({ speed }, i) =>
        speed === undefined ? [] : [{ sheet: ways[i].sheet, ring: ways[i].ring, box: ways[i].box, speed }],
      ),
    ],
    diversions: diversions.map(({ id, level, polygon }, i) =>
      tellOff(patchOf(polygon, level), `diversions[${i}].polygon`, `Diversion '${id}'`),
    ),
    ...linkItineraries(scenario, issues),
  };
}

/** A patch on the floor of one area. */
interface FloorPart {
  readonly area: number;
  readonly pieces: readonly Rings[];
  /** The same less a rim, where a body stands free of walls: what people head for. */
  readonly core: readonly Rings[];
  readonly size: number;
}

function partsOnFloor(world: World, { sheet, ring, box }: Patch): FloorPart[] {
  const path = [toPositivePath(ring)];
  return world.areas.flatMap((area) => {
    if (area.sheet !== sheet || area.kind === 'outside') return [];
    const own = boxOf(area.polygons.flat());
    if (own[0] > box[2] || own[2] < box[0] || own[1] > box[3] || own[3] < box[1]) return [];
    const common = intersectPaths(
      area.polygons.flatMap((rings) => rings.map(toPath)),
      path,
    );
    const size = sizeOfPaths(common);
    if (size < SIZE_MIN) return [];
    const toRings = (paths: typeof common): Rings[] => separatePieces(paths).map((piece) => piece.map(toRing));
    const core = RIMS.map((rim) => shrinkPaths(common, rim)).find((paths) => sizeOfPaths(paths) >= SIZE_MIN) ?? common;
    return [{ area: area.index, pieces: toRings(common), core: toRings(core), size }];
  });
}

function compileWaypoint(
  world: World,
  waypoint: Waypoint,
  index: number,
  patch: Patch,
  issues: Issue[],
): WorldWaypoint {
  const { id } = waypoint;
  const parts = partsOnFloor(world, patch);
  if (parts.length === 0) {
    const key = waypoint.polygon === undefined ? 'position' : 'polygon';
    const message = `Waypoint '${id}' lies beside the floor of level '${waypoint.level}', where nobody comes; move it onto the floor.`;
    issues.push(
      error('waypoint-off-floor', `waypoints[${index}].${key}`, message, {
        expected: 'on the floor',
        found: 'beside it',
      }),
    );
  }
  const regions = parts.flatMap(({ area, core }) =>
    core.map((rings) => makeRegion(area, id, rings[0], innerPoint(rings), sizeOfPaths(rings.map(toPath)))),
  );
  const places: Goal[] = [];
  waypoint.places?.forEach(([px, py], k) => {
    const x = px - world.origin[0];
    const y = py - world.origin[1];
    const area = locateArea(world, patch.sheet, x, y);
    if (area >= 0 && world.areas[area].kind !== 'outside') places.push({ area, x, y });
    else {
      const message = `Place ${k} in line for '${id}' lies beside the floor of level '${waypoint.level}'; move it onto the floor.`;
      issues.push(
        error('waypoint-off-floor', `waypoints[${index}].places[${k}]`, message, {
          expected: 'on the floor',
          found: `(${px}, ${py})`,
          unit: 'm',
        }),
      );
    }
  });
  const last = places[places.length - 1];
  const heads = last === undefined ? regions : [regionAbout(last, id)];
  return {
    index,
    id,
    ...patch,
    regions,
    heads,
    places,
    spots: findSpots(world, patch, parts),
    capacity: waypoint.capacity ?? (places.length > 0 ? 1 : Infinity),
  };
}

/** Half the side of the square that stands for a place [m]. */
const HALF = 0.1;

function regionAbout({ area, x, y }: Goal, id: string): Region {
  const ring: Place[] = [
    [x - HALF, y - HALF],
    [x + HALF, y - HALF],
    [x + HALF, y + HALF],
    [x - HALF, y + HALF],
  ];
  return makeRegion(area, id, ring, [x, y], 4 * HALF * HALF);
}

const wall = new Float64Array(3);

/** Places on a hexagonal lattice in a region, off its edge and off walls; the middle of each part where there is none. */
function findSpots(world: World, patch: Patch, parts: readonly FloorPart[]): Goal[] {
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const pitch = Math.max(SPOT_PITCH, Math.sqrt((1.1547 * size) / SPOTS_MAX));
  const spots: Goal[] = [];
  for (const { area, pieces, core } of parts) {
    const before = spots.length;
    for (const rings of pieces) {
      const [x0, y0, x1, y1] = boxOf(rings);
      const rise = (pitch * Math.sqrt(3)) / 2;
      const rows = Math.floor((y1 - y0) / rise);
      const columns = Math.floor((x1 - x0) / pitch);
      for (let row = 0; row <= rows; row++) {
        for (let column = 0; column <= columns; column++) {
          const x = (x0 + x1) / 2 + (column - columns / 2 + (row % 2 === 0 ? 0 : 0.5)) * pitch;
          const y = (y0 + y1) / 2 + (row - rows / 2) * rise;
          if (!polygonContains(rings, x, y) || distanceToRing(patch.ring, x, y) < SPOT_EDGE) continue;
          if (sampleWallDistance(world, patch.sheet, x, y, wall) && wall[0] < SPOT_WALL) continue;
          spots.push({ area, x, y });
        }
      }
    }
    const [x, y] = innerPoint(core[0]);
    if (spots.length === before) spots.push({ area, x, y });
  }
  return spots;
}

/** Distance from the nearest edge of a ring [m]. */
function distanceToRing(ring: Ring, x: number, y: number): number {
  return ring.reduce((least, [ax, ay], i) => {
    const [bx, by] = ring[(i + 1) % ring.length];
    return Math.min(least, distanceToSegment(x, y, ax, ay, bx, by));
  }, Infinity);
}
