import { locateArea } from './locate.ts';
import { sampleTravelField, travelField } from './travel-field.ts';
import { DOOR_STATES, type World } from './world.ts';

const sample = new Float64Array(3);

/**
 * Walking distances between the portals of an area: entry [i × k + j] from the middle of `area.portals[i]` to
 * `area.portals[j]` by j's travel field [m], Infinity where there is no way or j is a dead end (`World.deadEnds`); on a link
 * its length along the slope.
 * `k × k`, made on the first call (which builds the area's fields) and kept.
 */
export function portalDistances(world: World, area: number): Float64Array {
  const known = world.distances[area];
  if (known !== undefined) return known;
  const { portals, kind, link } = world.areas[area];
  const k = portals.length;
  const table = new Float64Array(k * k);
  for (let j = 0; j < k; j++) {
    const target = world.portals[portals[j]];
    const side = target.areas[0] === area ? 0 : 1;
    if (world.deadEnds[2 * portals[j] + 1 - side] === 1) {
      for (let i = 0; i < k; i++) if (i !== j) table[i * k + j] = Infinity;
      continue;
    }
    const field = kind === 'link' ? -1 : travelField(world, portals[j], side);
    for (let i = 0; i < k; i++) {
      if (i === j) continue;
      if (kind === 'link') {
        table[i * k + j] = world.links[link].length;
        continue;
      }
      const [a, b] = world.portals[portals[i]].line;
      sampleTravelField(world, field, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2, sample);
      table[i * k + j] = sample[0];
    }
  }
  world.distances[area] = table;
  return table;
}

export interface Walk {
  /** Along the floor, and along the slope of links [m]. */
  readonly distance: number;
  /** Portals passed, the exit's last. */
  readonly portals: readonly number[];
  readonly exit: number;
}

/**
 * Shortest walk from a place to any exit, or undefined where there is none (or the place is in no area). By portals:
 * Dijkstra from the place over the doors that are open or closed now (`throughLocks`: over all of them), links only the
 * way they go; ties go to the lower portal. From portal to portal the walk leads from middle to line, so it is a little
 * longer than the taut one. O(portals²), for reports and checks; builds the fields of the areas it comes through.
 */
export function shortestWalk(
  world: World,
  sheet: number,
  x: number,
  y: number,
  options: { readonly throughLocks?: boolean } = {},
): Walk | undefined {
  const area = locateArea(world, sheet, x, y);
  if (area < 0) return undefined;
  // Node 2·portal + side: arrived at the portal from that side.
  const best = new Float64Array(2 * world.portals.length).fill(Infinity);
  const from = new Int32Array(best.length).fill(-1);
  const done = new Uint8Array(best.length);
  for (const portal of world.areas[area].portals) {
    const side = world.portals[portal].areas[0] === area ? 0 : 1;
    if (world.deadEnds[2 * portal + 1 - side] === 1) continue;
    if (!sampleTravelField(world, travelField(world, portal, side), x, y, sample)) continue;
    best[2 * portal + side] = sample[0] * slopeOf(world, area);
  }
  for (;;) {
    let node = -1;
    for (let i = 0; i < best.length; i++) {
      if (done[i] === 0 && best[i] < Infinity && (node < 0 || best[i] < best[node])) node = i;
    }
    if (node < 0) return undefined;
    done[node] = 1;
    const side = node & 1;
    const portal = world.portals[node >> 1];
    if (!isPassable(world, portal.index, side, options.throughLocks === true)) continue;
    if (portal.exit >= 0 && side === 0) {
      const portals: number[] = [];
      for (let at = node; at >= 0; at = from[at]) portals.push(at >> 1);
      return { distance: best[node], portals: portals.reverse(), exit: portal.exit };
    }
    const next = portal.areas[1 - side];
    if (next < 0 || world.areas[next].kind === 'outside') continue;
    const table = portalDistances(world, next);
    const { portals } = world.areas[next];
    const row = portals.indexOf(portal.index);
    for (let j = 0; j < portals.length; j++) {
      const to = 2 * portals[j] + (world.portals[portals[j]].areas[0] === next ? 0 : 1);
      const distance = best[node] + table[row * portals.length + j];
      if (portals[j] === portal.index || done[to] === 1 || !(distance < best[to])) continue;
      best[to] = distance;
      from[to] = node;
    }
  }
}

/** Metres along the slope for a metre of plan. */
function slopeOf(world: World, area: number): number {
  const { link } = world.areas[area];
  return link < 0 ? 1 : world.links[link].length / world.links[link].run;
}

/** Whether a portal may be passed from a side with the doors as they are now (or through locks too). */
function isPassable(world: World, portal: number, side: number, throughLocks: boolean): boolean {
  const { onlyFrom, door } = world.portals[portal];
  if (onlyFrom >= 0 && onlyFrom !== side) return false;
  if (door < 0 || throughLocks) return true;
  const state = DOOR_STATES[world.views.doors.state[door]];
  return state === 'open' || state === 'closed';
}

/**
 * For every area whether some exit can be reached from it with every door open, by the graph alone (links only the way
 * they go). O(portals).
 */
export function findAreasWithWayOut(world: Pick<World, 'areas' | 'portals'>): Uint8Array {
  const out = new Uint8Array(world.areas.length);
  const queue: number[] = [];
  const reach = (area: number): void => {
    if (area < 0 || out[area] === 1) return;
    out[area] = 1;
    queue.push(area);
  };
  for (const portal of world.portals) if (portal.exit >= 0) reach(portal.areas[0]);
  for (let k = 0; k < queue.length; k++) {
    const area = queue[k];
    for (const index of world.areas[area].portals) {
      const portal = world.portals[index];
      if (portal.exit >= 0) continue;
      const side = portal.areas[0] === area ? 0 : 1;
      const other = portal.areas[1 - side];
      if (portal.onlyFrom < 0 || portal.onlyFrom === 1 - side) reach(other);
    }
  }
  return out;
}

/**
 * Portals behind which there is nothing but the way back, with every door open: entry 2·portal + side is 1 where that holds
 * of `areas[side]`. Nobody on the way out plans through them, so no field leads there. Found by taking off areas with one
 * way on again and again; rooms in a ring behind one door are not found. O(portals).
 */
export function findDeadEnds(world: Pick<World, 'areas' | 'portals'>): Uint8Array {
  const dead = new Uint8Array(2 * world.portals.length);
  const ways = world.areas.map(({ portals }) => portals.length);
  const queue: number[] = [];
  const check = (area: number): void => {
    const { kind, portals } = world.areas[area];
    if (ways[area] === 1 && kind !== 'outside' && portals.every((portal) => world.portals[portal].exit < 0)) {
      queue.push(area);
    }
  };
  world.areas.forEach(({ index }) => {
    check(index);
  });
  for (let k = 0; k < queue.length; k++) {
    for (const index of world.areas[queue[k]].portals) {
      const { areas } = world.portals[index];
      const side = areas[0] === queue[k] ? 0 : 1;
      // The one way on that is left; the others lead to dead ends already.
      if (dead[2 * index + 1 - side] === 1 || dead[2 * index + side] === 1) continue;
      dead[2 * index + side] = 1;
      ways[areas[1 - side]]--;
      check(areas[1 - side]);
    }
  }
  return dead;
}
