import { exactExp, exactLog } from '../math/index.ts';
import { countWallsBetween, type World } from '../world/index.ts';
import type { Behaviour } from './minds.ts';

const { LN10 } = Math;

/** 20 log10 of a ratio of distances [dB]. */
export function decibelsOfDistance(ratio: number): number {
  return (20 / LN10) * exactLog(ratio);
}

/** Level of two sounds together [dB]. */
function addLevels(a: number, b: number): number {
  const high = Math.max(a, b);
  const low = Math.min(a, b);
  return low === -Infinity ? high : high + (10 / LN10) * exactLog(1 + exactExp(((low - high) * LN10) / 10));
}

/** Where a sound comes from. */
export interface SoundSource {
  readonly sheet: number;
  readonly area: number;
  /** Local coordinates [m]. */
  readonly x: number;
  readonly y: number;
  /** At 1 m in the open [dB]. */
  readonly loudness: number;
}

export type HearingLaw = NonNullable<Behaviour['hearing']>;

/**
 * How a sound goes from its source through the rooms: for each portal side by which it comes into an area, its level just behind the portal and
 * the length of open air that would have brought it down to that. Made once for a source and the doors as they are.
 */
export interface SoundPaths {
  readonly source: SoundSource;
  /** Level behind the portal [dB] at 2·portal + side (in `areas[side]`); −Infinity where it does not get. */
  readonly level: Float64Array;
  /** Equivalent distance [m], what it goes on falling from. */
  readonly distance: Float64Array;
  /** Echo in the source's room, everywhere alike [dB]. */
  readonly echo: number;
}

/**
 * Level of the echo of a room [dB]: loudness + 10 log10(16 π / R), R = ᾱ S / (1 − ᾱ), S all its surfaces; −Infinity without echo.
 * @source room equation L_p = L_w + 10 log10(Q / 4πr² + 4 / R) with L_w = L_1m + 11 dB, e.g. Beranek 1954; ᾱ is the scenario's
 */
export function echoOf(world: World, area: number, loudness: number, law: HearingLaw): number {
  if (law.absorption >= 1) return -Infinity;
  const { polygons, size } = world.areas[area];
  let edge = 0;
  for (const rings of polygons) {
    for (const ring of rings) {
      for (let k = 0; k < ring.length; k++) {
        const [ax, ay] = ring[k === 0 ? ring.length - 1 : k - 1];
        const [bx, by] = ring[k];
        edge += Math.sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay));
      }
    }
  }
  const surface = 2 * size + edge * law.height;
  const constant = (law.absorption * surface) / (1 - law.absorption);
  return loudness + (10 / LN10) * exactLog((16 * Math.PI) / constant);
}

/**
 * Ways of a sound through the building: from portal to portal straight on, spherical decay along the whole way, and a loss at each
 * portal (`doorLoss` shut, `openingLoss` else, nothing where two rooms are one but in name: an opening as wide as 3 m). Louder ways first;
 * the loudest at a portal goes on. O(portals² in the worst case).
 */
export function findSoundPaths(world: World, source: SoundSource, law: HearingLaw): SoundPaths {
  const count = 2 * world.portals.length;
  const level = new Float64Array(count).fill(-Infinity);
  const distance = new Float64Array(count).fill(Infinity);
  const done = new Uint8Array(count);
  const echo = echoOf(world, source.area, source.loudness, law);
  const middle = (portal: number): readonly [number, number] => {
    const [[ax, ay], [bx, by]] = world.portals[portal].line;
    return [(ax + bx) / 2, (ay + by) / 2];
  };
  const pass = (portal: number, from: number, inFront: number): void => {
    const { areas, door, width } = world.portals[portal];
    const side = areas[0] === from ? 1 : 0;
    if (areas[side] < 0 || world.areas[areas[side]].kind === 'outside') return;
    const shut = door >= 0 && world.views.doors.state[door] !== 0;
    const loss = shut ? law.doorLoss : width >= OPEN_WIDTH && door < 0 ? 0 : law.openingLoss;
    const node = 2 * portal + side;
    const behind = inFront - loss;
    if (done[node] === 1 || behind <= level[node]) return;
    level[node] = behind;
    // what falls from here on falls as if it had come this far through open air
    distance[node] = exactExp(((source.loudness - inFront) * LN10) / 20);
  };
  for (const portal of world.areas[source.area].portals) {
    const [x, y] = middle(portal);
    const away = Math.max(1, Math.sqrt((x - source.x) * (x - source.x) + (y - source.y) * (y - source.y)));
    pass(portal, source.area, addLevels(source.loudness - decibelsOfDistance(away), echo));
  }
  for (;;) {
    let node = -1;
    for (let k = 0; k < count; k++) {
      if (done[k] === 0 && level[k] > -Infinity && (node < 0 || level[k] > level[node])) node = k;
    }
    if (node < 0) break;
    done[node] = 1;
    const area = world.portals[node >> 1].areas[node & 1];
    if (area === source.area) continue;
    const [x, y] = middle(node >> 1);
    for (const portal of world.areas[area].portals) {
      if (portal === node >> 1) continue;
      const [px, py] = middle(portal);
      const way = Math.sqrt((px - x) * (px - x) + (py - y) * (py - y));
      pass(portal, area, levelAfter(level[node], distance[node], way));
    }
  }
  return { source, level, distance, echo };
}

/** An opening without a door that is as wide as this lets all sound through [m]; our choice. */
const OPEN_WIDTH = 3;

/** Level after `way` more metres, of a sound that has come `distance` metres [dB]. */
function levelAfter(level: number, distance: number, way: number): number {
  return level - decibelsOfDistance((distance + way) / distance);
}

const walls = new Float64Array(2);

/**
 * Level of a sound at a place [dB]: the loudest of the straight way (a loss for each wall and shut leaf on it, or each floor) and the ways
 * through the rooms; in the source's own room with its echo. 1 m is the nearest. O(portals of the area + distance).
 */
export function soundLevelAt(
  world: World,
  paths: SoundPaths,
  opaque: Uint8Array,
  law: HearingLaw,
  sheet: number,
  area: number,
  x: number,
  y: number,
): number {
  const { source } = paths;
  const dx = x - source.x;
  const dy = y - source.y;
  const height = heightOf(world, sheet, x, y) - heightOf(world, source.sheet, source.x, source.y);
  const away = Math.max(1, Math.sqrt(dx * dx + dy * dy + (sheet === source.sheet ? 0 : height * height)));
  let best = source.loudness - decibelsOfDistance(away);
  if (sheet === source.sheet) {
    countWallsBetween(world, opaque, sheet, source.x, source.y, x, y, walls);
    best -= Math.ceil(walls[0]) * law.wallLoss + walls[1] * law.doorLoss;
    if (area === source.area) best = addLevels(best, paths.echo);
  } else {
    best -= law.floorLoss * Math.max(1, floorsBetween(world, source, sheet, x, y));
  }
  for (const portal of world.areas[area].portals) {
    const node = 2 * portal + (world.portals[portal].areas[0] === area ? 0 : 1);
    if (paths.level[node] === -Infinity) continue;
    const [[ax, ay], [bx, by]] = world.portals[portal].line;
    const px = (ax + bx) / 2 - x;
    const py = (ay + by) / 2 - y;
    best = Math.max(best, levelAfter(paths.level[node], paths.distance[node], Math.sqrt(px * px + py * py)));
  }
  return best;
}

function heightOf(world: World, sheet: number, x: number, y: number): number {
  const { plane } = world.sheets[sheet];
  return plane[0] + plane[1] * x + plane[2] * y;
}

/** Levels whose floor lies between the two heights. */
function floorsBetween(world: World, source: SoundSource, sheet: number, x: number, y: number): number {
  const a = heightOf(world, source.sheet, source.x, source.y);
  const b = heightOf(world, sheet, x, y);
  const low = Math.min(a, b);
  const high = Math.max(a, b);
  const heights = new Set<number>();
  for (const { elevation } of world.scenario.levels)
    if (elevation > low + 0.1 && elevation <= high + 0.1) heights.add(elevation);
  return heights.size;
}
