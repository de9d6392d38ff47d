import { Belief, portalDistances, type World } from '../world/index.ts';

/**
 * Ways out for everybody with the same beliefs. Node `2·portal + side`: just come through `portal` into `areas[side]`.
 */
export interface RouteTable {
  /** What they believe, one byte a portal. */
  readonly beliefs: Uint8Array;
  /** The slot of the kernel's table of routes that it has, 1 …; 0 none. */
  readonly slot: number;
  /** Walking effort from the node to safety [m on the level]; Infinity where there is no way. */
  readonly toGo: Float64Array;
  /** The same without the penalties: what is really left to walk on that way. */
  readonly walk: Float64Array;
  /** Exit at the end of that way, or −1. */
  readonly exit: Int32Array;
  /** Effort from before the portal, from where it leads to the node: its penalty and `toGo`; Infinity where it may not be passed. */
  readonly behind: Float64Array;
}

/** Effort added for an exit one does not know of [m]: known ways first; our choice, about a minute's walk. */
export const UNKNOWN_EXIT_PENALTY = 80;
/** Effort of a metre along stairs, in metres on the level: 1 / 0.61, the mean of the stair factors up and down. */
const STAIR_EFFORT = 1.64;

/** Effort [m] per metre in an area. A drop is never taken of one's own accord in this version. */
export function effortOf(world: World, area: number): number {
  const { kind, link } = world.areas[area];
  if (kind !== 'link') return 1;
  const linkKind = world.links[link].kind;
  return linkKind === 'stairs' ? STAIR_EFFORT : linkKind === 'ramp' ? 1 : Number.POSITIVE_INFINITY;
}

/** Whether a portal may be tried from `side` by somebody who believes `belief` of it. */
export function isPassable(world: World, portal: number, side: number, belief: number): boolean {
  const { onlyFrom } = world.portals[portal];
  return belief !== Belief.locked && (onlyFrom < 0 || onlyFrom === side);
}

/** Effort added for passing a portal [m]; Infinity for an exit that has to be found first. */
export function penaltyOf(world: World, portal: number, belief: number): number {
  if (world.portals[portal].exit < 0 || belief !== Belief.unknown) return 0;
  return world.scenario.behaviour?.knowledge === undefined ? UNKNOWN_EXIT_PENALTY : Number.POSITIVE_INFINITY;
}

/** A node at which ways end, with the effort that is left from there [m]. */
export interface RouteSeed {
  readonly node: number;
  readonly effort: number;
}

/** Safety behind each exit, or behind some of them only. */
export function seedsOfExits(world: World, exits?: readonly number[]): RouteSeed[] {
  return world.portals.flatMap(({ index, exit }) =>
    exit >= 0 && (exits === undefined || exits.includes(exit)) ? [{ node: 2 * index + 1, effort: 0 }] : [],
  );
}

/**
 * Shortest ways from every portal to safety, or to where `seeds` say, on the graph that somebody with `beliefs` (one byte a portal) holds true.
 * `beliefs` is kept, not copied. Dijkstra backwards; ties go to the lower node. O(E log E).
 */
export function buildRouteTable(
  world: World,
  beliefs: Uint8Array,
  slot = 0,
  seeds: readonly RouteSeed[] = seedsOfExits(world),
): RouteTable {
  const portalCount = world.portals.length;
  const toGo = new Float64Array(2 * portalCount).fill(Number.POSITIVE_INFINITY);
  const walk = new Float64Array(2 * portalCount).fill(Number.POSITIVE_INFINITY);
  const exit = new Int32Array(2 * portalCount).fill(-1);
  const heap: number[] = [];
  const before = (a: number, b: number) => toGo[a] < toGo[b] || (toGo[a] === toGo[b] && a < b);
  const done = new Uint8Array(2 * portalCount);
  const place = new Int32Array(2 * portalCount).fill(-1);

  function rise(from: number): void {
    let k = from;
    const node = heap[k];
    while (k > 0) {
      const parent = (k - 1) >> 1;
      if (!before(node, heap[parent])) break;
      heap[k] = heap[parent];
      place[heap[k]] = k;
      k = parent;
    }
    heap[k] = node;
    place[node] = k;
  }
  function takeFirst(): number {
    const top = heap[0];
    const node = heap.pop() as number;
    if (heap.length > 0) {
      let k = 0;
      for (;;) {
        let child = 2 * k + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child++;
        if (!before(heap[child], node)) break;
        heap[k] = heap[child];
        place[heap[k]] = k;
        k = child;
      }
      heap[k] = node;
      place[node] = k;
    }
    return top;
  }
  function offer(node: number, effort: number, length: number, way: number): void {
    if (done[node] || !(effort < toGo[node])) return;
    toGo[node] = effort;
    walk[node] = length;
    exit[node] = way;
    if (place[node] < 0) {
      heap.push(node);
      place[node] = heap.length - 1;
    }
    rise(place[node]);
  }

  for (const { node, effort } of seeds) offer(node, effort, effort, world.portals[node >> 1].exit);
  while (heap.length > 0) {
    const node = takeFirst();
    done[node] = 1;
    const portal = node >> 1;
    const side = node & 1;
    if (!isPassable(world, portal, 1 - side, beliefs[portal])) continue;
    const area = world.portals[portal].areas[1 - side];
    if (area < 0 || world.areas[area].kind === 'outside') continue;
    const effort = effortOf(world, area);
    if (!Number.isFinite(effort)) continue;
    const { portals } = world.areas[area];
    const distances = portalDistances(world, area);
    const column = portals.indexOf(portal);
    const through = penaltyOf(world, portal, beliefs[portal]) + toGo[node];
    for (let row = 0; row < portals.length; row++) {
      const other = portals[row];
      if (other === portal) continue;
      const otherSide = world.portals[other].areas[0] === area ? 0 : 1;
      const step = effort * distances[row * portals.length + column];
      offer(2 * other + otherSide, step + through, step + walk[node], exit[node]);
    }
  }
  const behind = toGo.map((effort, node) => {
    const belief = beliefs[node >> 1];
    return isPassable(world, node >> 1, 1 - (node & 1), belief)
      ? penaltyOf(world, node >> 1, belief) + effort
      : Infinity;
  });
  return { beliefs, slot, toGo, walk, exit, behind };
}
