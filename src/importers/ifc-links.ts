import { polygonContains, separatePieces } from '../math/index.ts';
import type { Point } from '../scenario/index.ts';
import { strip } from './ifc-doors.ts';
import type { Floor } from './ifc-floors.ts';
import type { Flight, Stairs } from './ifc-stairs.ts';
import { clipToBox, grow, intersect, type Region, sizeOf, subtract, toRegion, toRings, unite } from './plan-region.ts';

/** A flight that joins two floors. */
export interface PlannedLink {
  readonly name: string;
  readonly kind: 'stairs' | 'ramp';
  readonly length: number;
  /** Foot and head. */
  readonly ends: readonly [LinkEnd, LinkEnd];
  /** Floor to be added between an end and its floor. */
  readonly bridges: readonly { readonly floor: Floor; readonly region: Region }[];
}

export interface LinkEnd {
  readonly floor: Floor;
  readonly line: readonly [Point, Point];
  /** A point on the floor just off the line. */
  readonly probe: Point;
}

/** A landing and a floor nearer in height than this are one [m]. */
const SAME_FLOOR = 0.2;
/** From the line of a flight to its floor [m]. */
const REACH = 1.2;
const WIDTH_MIN = 0.4;
/** Nobody fits through less [m]. */
const SLIT = 0.3;

/**
 * Puts landings on floors (those at the height of a floor become part of it, the others floors of their own), and joins every
 * flight to the floors at its foot and head: those at its height whose floor begins where its line is.
 */
export function joinStairs(
  floors: readonly Floor[],
  stairs: Stairs,
): { floors: Floor[]; links: PlannedLink[]; problems: string[] } {
  const all = [...floors];
  const problems: string[] = [];
  for (const landing of stairs.landings) {
    const near = all.find(
      (floor) =>
        Math.abs(floor.z - landing.z) <= (floor.isLanding ? 0.03 : SAME_FLOOR) &&
        (!floor.isLanding || floor.of === landing.whole),
    );
    if (near !== undefined) {
      near.walk = weld(unite(near.walk, subtract(landing.region, near.solids)));
      continue;
    }
    const used = new Set(all.map((floor) => floor.name));
    let name = landing.name.slice(0, 100);
    for (let n = 2; used.has(name); n++) name = `${landing.name.slice(0, 100)} ${n}`;
    all.push({
      name,
      storey: undefined,
      z: landing.z,
      rooms: [],
      slabs: landing.region,
      solids: [],
      closures: [],
      low: [],
      walk: landing.region,
      inside: landing.region,
      unnamed: 0,
      from: 'slabs',
      hasOutline: true,
      isLanding: true,
      of: landing.whole,
    });
  }
  all.sort((a, b) => a.z - b.z);
  const links: PlannedLink[] = [];
  for (const flight of stairs.flights) {
    const [foot, head] = equalWidths(flight);
    if (lengthOf(foot) < WIDTH_MIN) {
      problems.push(`“${flight.name}” is ${lengthOf(foot).toFixed(2)} m wide: nobody walks there`);
      continue;
    }
    const [fx, fy] = middle(foot);
    const [hx, hy] = middle(head);
    if (Math.hypot(hx - fx, hy - fy) < 0.21) {
      problems.push(`the foot and the head of “${flight.name}” lie over each other`);
      continue;
    }
    const low = findFloor(all, flight, foot, flight.foot.z, -1);
    const high = findFloor(all, flight, head, flight.head.z, 1);
    if (low === undefined || high === undefined || low.floor === high.floor) {
      const end = low === undefined ? 'foot' : 'head';
      const z = low === undefined ? flight.foot.z : flight.head.z;
      const [x, y] = low === undefined ? [fx, fy] : [hx, hy];
      problems.push(
        low !== undefined && low.floor === high?.floor
          ? `both ends of “${flight.name}” lie on “${low.floor.name}”`
          : `the ${end} of “${flight.name}” at (${x.toFixed(2)}, ${y.toFixed(2)}), height ${z.toFixed(2)} m, meets no floor`,
      );
      continue;
    }
    links.push({
      name: flight.name,
      kind: flight.kind,
      length: Math.max(flight.length, Math.hypot(hx - fx, hy - fy, high.floor.z - low.floor.z)) + 0.001,
      ends: [low, high],
      bridges: [low, high].flatMap(({ floor, bridge }) => (bridge === undefined ? [] : [{ floor, region: bridge }])),
    });
  }
  return { floors: all, links, problems };
}

/** Slits beside a flight, too narrow for anybody: no floor any more. */
export function trimBeside(walk: Region, links: readonly PlannedLink[], floor: Floor): Region {
  const near = links.filter((link) => link.ends.some((end) => end.floor === floor));
  if (near.length === 0) return walk;
  const flights = unite(
    ...near.map(({ ends }) => {
      const [a, b] = ends[0].line;
      const [c, d] = ends[1].line;
      const isCrossed = distance(a, c) + distance(b, d) > distance(a, d) + distance(b, c);
      return toRegion([isCrossed ? [a, b, c, d] : [a, b, d, c]]);
    }),
  );
  const rest = subtract(walk, flights);
  const slits = separatePieces(subtract(rest, grow(grow(rest, -SLIT / 2), SLIT / 2 + 0.01)));
  const beside = grow(flights, 0.1);
  const shut = slits.filter((slit) => sizeOf(intersect(slit, beside)) > 0);
  return shut.length === 0 ? walk : subtract(walk, grow(unite(...shut), 0.002));
}

function distance(a: Point, b: Point): number {
  return Math.hypot(b[0] - a[0], b[1] - a[1]);
}

function weld(region: Region): Region {
  return grow(grow(region, 0.03), -0.03);
}

/** Both lines as wide as the narrower, about their middles. */
function equalWidths(flight: Flight): [readonly [Point, Point], readonly [Point, Point]] {
  const lines = [flight.foot.line, flight.head.line] as const;
  const width = Math.min(lengthOf(lines[0]), lengthOf(lines[1]));
  return lines.map((line): readonly [Point, Point] => {
    const own = lengthOf(line);
    if (own <= width * 1.02) return line;
    const [mx, my] = middle(line);
    const [ux, uy] = [(line[1][0] - line[0][0]) / own, (line[1][1] - line[0][1]) / own];
    return [
      [mx - (width / 2) * ux, my - (width / 2) * uy],
      [mx + (width / 2) * ux, my + (width / 2) * uy],
    ];
  }) as [readonly [Point, Point], readonly [Point, Point]];
}

/** The floor that a line leads to, going back from the foot (side −1) or on from the head (1). */
function findFloor(
  floors: readonly Floor[],
  flight: Flight,
  line: readonly [Point, Point],
  z: number,
  side: -1 | 1,
): (LinkEnd & { bridge?: Region }) | undefined {
  const way = side === 1 ? flight.head.way : flight.foot.way;
  const [nx, ny] = [side * way[0], side * way[1]];
  let best: (LinkEnd & { bridge?: Region }) | undefined;
  let bestRank = Infinity;
  for (const floor of floors) {
    // The last step up may be the floor itself, or one riser below it.
    const off = floor.z - z;
    const away = side === 1 ? Math.min(Math.abs(off), Math.abs(off - flight.riser)) : Math.abs(off);
    if (away > 0.3) continue;
    const box = [
      Math.min(line[0][0], line[1][0]) - 2,
      Math.min(line[0][1], line[1][1]) - 2,
      Math.max(line[0][0], line[1][0]) + 2,
      Math.max(line[0][1], line[1][1]) + 2,
    ] as const;
    const rings = toRings(clipToBox(floor.walk, ...box));
    let gap = Infinity;
    for (const t of [0.5, 0.25, 0.75]) {
      const x = line[0][0] + t * (line[1][0] - line[0][0]);
      const y = line[0][1] + t * (line[1][1] - line[0][1]);
      for (let s = 0.01; s <= REACH; s += 0.02) {
        const deep = polygonContains(rings, x + (s + 0.15) * nx, y + (s + 0.15) * ny);
        if (deep && polygonContains(rings, x + s * nx, y + s * ny)) {
          gap = Math.min(gap, s);
          break;
        }
      }
    }
    if (gap === Infinity) continue;
    const rank = away + gap + (floor.isLanding && floor.of !== flight.whole ? 0.5 : 0);
    if (rank >= bestRank) continue;
    bestRank = rank;
    // To the left of the line lies its way up.
    const [dx, dy] = [line[1][0] - line[0][0], line[1][1] - line[0][1]];
    const isLeft = dx * ny - dy * nx > 0;
    const deep = gap + 0.05;
    const bridge = gap > 0.02 ? (isLeft ? strip(line, deep, 0) : strip(line, 0, deep)) : undefined;
    const [mx, my] = middle(line);
    best = {
      floor,
      line,
      probe: [mx + (gap + 0.06) * nx, my + (gap + 0.06) * ny],
      ...(bridge === undefined ? {} : { bridge }),
    };
  }
  return best;
}

function middle([a, b]: readonly [Point, Point]): Point {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

function lengthOf([a, b]: readonly [Point, Point]): number {
  return Math.hypot(b[0] - a[0], b[1] - a[1]);
}
