import { hasStraightWay, pointField } from './point-field.ts';
import { estimateTravelDistance, sampleField, sampleTravelField, travelField } from './travel-field.ts';
import type { World } from './world.ts';

/** A metre on stairs, in metres on the level: 1 / 0.61, the mean of the stair factors. */
const STAIR_EFFORT = 1.64;
/** A goal that is not in sight is looked for at the nearest corner of a grid of this many metres, so that a moving one needs few fields. */
const GOAL_GRID = 0.5;

/** A place in an area. */
export interface Goal {
  readonly area: number;
  readonly x: number;
  readonly y: number;
}

/** The first part of a way. */
export interface WayTo {
  /** Portal to pass next, or −1: the goal is in the same area. */
  readonly portal: number;
  /** Effort left behind that portal [m on the level]. */
  readonly rest: number;
  /** Effort of the whole way [m on the level]. */
  readonly effort: number;
}

const sample = new Float64Array(3);

/** Walking distance within the goal's area from a place to it [m]; Infinity where there is none. */
export function distanceInArea(world: World, goal: Goal, x: number, y: number): number {
  const { sheet } = world.areas[goal.area];
  const straight = Math.sqrt((goal.x - x) * (goal.x - x) + (goal.y - y) * (goal.y - y));
  if (hasStraightWay(world, sheet, x, y, goal.x, goal.y)) return straight;
  return sampleField(world, goalField(world, goal), x, y, sample) ? Math.max(straight, sample[0]) : Infinity;
}

/** Field to a goal, or to a place near it where it moves about. */
export function goalField(world: World, { area, x, y }: Goal) {
  return pointField(world, area, GOAL_GRID * Math.round(x / GOAL_GRID), GOAL_GRID * Math.round(y / GOAL_GRID));
}

/**
 * The shortest way from a place (`area`, x, y) to a goal anywhere in the building, by the graph of areas and portals, or undefined where
 * there is none. `costOf(portal, side)` is the effort added for passing a portal from `areas[side]` [m], Infinity where
 * that is not possible. Dijkstra backwards from the goal, until nothing shorter can come; ties go to the lower portal. Builds
 * the fields on the way that are not built yet.
 */
export function findWayTo(
  world: World,
  area: number,
  x: number,
  y: number,
  goal: Goal,
  costOf: (portal: number, side: number) => number,
): WayTo | undefined {
  if (area === goal.area) {
    const distance = distanceInArea(world, goal, x, y);
    if (distance < Infinity) return { portal: -1, rest: 0, effort: distance };
  }
  // Node 2·portal + side: about to pass the portal from `areas[side]`.
  const effort = new Float64Array(2 * world.portals.length).fill(Infinity);
  const done = new Uint8Array(effort.length);
  const open: number[] = [];
  const offer = (portal: number, into: number, rest: number): void => {
    const { areas, onlyFrom } = world.portals[portal];
    const side = areas[0] === into ? 1 : 0;
    const node = 2 * portal + side;
    const from = areas[side];
    if (from < 0 || world.areas[from].kind === 'outside' || done[node] === 1) return;
    if (onlyFrom >= 0 && onlyFrom !== side) return;
    const total = rest + costOf(portal, side);
    if (!(total < effort[node])) return;
    if (effort[node] === Infinity) open.push(node);
    effort[node] = total;
  };
  for (const portal of world.areas[goal.area].portals) {
    const [[ax, ay], [bx, by]] = world.portals[portal].line;
    offer(portal, goal.area, distanceInArea(world, goal, (ax + bx) / 2, (ay + by) / 2));
  }
  let best: WayTo | undefined;
  while (open.length > 0) {
    let at = 0;
    for (let k = 1; k < open.length; k++) {
      if (effort[open[k]] < effort[open[at]] || (effort[open[k]] === effort[open[at]] && open[k] < open[at])) at = k;
    }
    const node = open[at];
    open[at] = open[open.length - 1];
    open.pop();
    done[node] = 1;
    if (best !== undefined && effort[node] >= best.effort) break;
    const portal = node >> 1;
    const side = node & 1;
    const here = world.portals[portal].areas[side];
    const { kind, link, portals } = world.areas[here];
    if (here === area) {
      const scale = kind === 'link' && world.links[link].kind === 'stairs' ? STAIR_EFFORT : 1;
      const walk = scale * estimateTravelDistance(world, travelField(world, portal, side), x, y);
      const total = walk + effort[node];
      if (total < Infinity && (best === undefined || total < best.effort))
        best = { portal, rest: effort[node], effort: total };
      continue;
    }
    for (const other of portals) {
      if (other === portal) continue;
      let walk: number;
      if (kind === 'link') {
        const { kind: linkKind, length } = world.links[link];
        walk = linkKind === 'stairs' ? STAIR_EFFORT * length : linkKind === 'ramp' ? length : 0;
      } else {
        const [[ax, ay], [bx, by]] = world.portals[other].line;
        sampleTravelField(world, travelField(world, portal, side), (ax + bx) / 2, (ay + by) / 2, sample);
        walk = sample[0];
      }
      offer(other, here, walk + effort[node]);
    }
  }
  return best;
}

/**
 * A place well inside an area, always the same: the cell that is nearest to the middle of all its cells. Local [m]; undefined
 * where no cell's centre lies in the area.
 */
export function innerPlace(world: World, area: number): Goal | undefined {
  const { sheet } = world.areas[area];
  const { grid } = world.sheets[sheet];
  const { tileColumns, tileRows, tileIndex, cellArea } = world.tiles[sheet];
  const found: number[] = [];
  let sumX = 0;
  let sumY = 0;
  for (let tile = 0; tile < tileColumns * tileRows; tile++) {
    const slot = tileIndex[tile];
    if (slot < 0) continue;
    for (let k = 0; k < 64; k++) {
      if (cellArea[64 * slot + k] !== area) continue;
      const x = grid.x0 + (8 * (tile % tileColumns) + (k & 7) + 0.5) * grid.cell;
      const y = grid.y0 + (8 * Math.floor(tile / tileColumns) + (k >> 3) + 0.5) * grid.cell;
      found.push(x, y);
      sumX += x;
      sumY += y;
    }
  }
  const count = found.length / 2;
  if (count === 0) return undefined;
  let best = 0;
  let least = Infinity;
  for (let k = 0; k < count; k++) {
    const dx = found[2 * k] - sumX / count;
    const dy = found[2 * k + 1] - sumY / count;
    if (dx * dx + dy * dy >= least) continue;
    least = dx * dx + dy * dy;
    best = k;
  }
  return { area, x: found[2 * best], y: found[2 * best + 1] };
}
