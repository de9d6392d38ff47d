import type { Issue, Scenario } from '../scenario/index.ts';
import { error } from './issues.ts';

/** What one does at a node: goes on by one of the branches, or ends. */
export interface StageNode {
  /** Summed shares up to and with each branch, the last one 1. */
  readonly shares: readonly number[];
  /** Waypoint of each branch, or −1, and the node that comes after. */
  readonly waypoints: readonly number[];
  readonly next: readonly number[];
  /** Where there is no branch: what comes in the end, else undefined. */
  readonly end: StageEnd | undefined;
}

/** `exits`: index into `StageNodes.exitSets`, −1 for any way out; `stays`: at the last stop. */
export interface StageEnd {
  readonly stays: boolean;
  readonly exits: number;
}

/** All itineraries as one graph. */
export interface StageNodes {
  readonly nodes: readonly StageNode[];
  /** First node of each itinerary that somebody begins with. */
  readonly starts: Int32Array;
  /** Sets of exits by which itineraries end, ascending. */
  readonly exitSets: readonly (readonly number[])[];
}

/** Nodes beyond this are a slip: itineraries that name each other again and again. */
const NODES_MAX = 200_000;

/** What is done after an itinerary: the next stop of the one that named it, or an end. */
interface Rest {
  readonly key: number;
  readonly itinerary: number;
  readonly stop: number;
  readonly after: Rest | undefined;
  readonly end: StageEnd | undefined;
}

/**
 * The itineraries of a scenario as one graph of nodes, made of their stops in order: an itinerary that is named in the last stop of another takes
 * its place, so that one may come back to itself. Issues where there are too many.
 */
export function linkItineraries(scenario: Scenario, issues: Issue[]): StageNodes {
  const itineraries = scenario.itineraries ?? [];
  const indexOf = new Map(itineraries.map(({ id }, i) => [id, i]));
  const waypointOf = new Map((scenario.waypoints ?? []).map(({ id }, i) => [id, i]));
  const exitOf = new Map(scenario.exits.map(({ id }, i) => [id, i]));
  const exitSets: number[][] = [];
  const endOf = (end: (typeof itineraries)[number]['end']): StageEnd => {
    if (!Array.isArray(end)) return { stays: end === 'stay', exits: -1 };
    const set = [...new Set(end.flatMap((id) => exitOf.get(id) ?? []))].sort((a, b) => a - b);
    const text = set.join();
    let exits = exitSets.findIndex((known) => known.join() === text);
    if (exits < 0) exits = exitSets.push(set) - 1;
    return { stays: false, exits };
  };
  const rests: Rest[] = [];
  const restOf = new Map<string, Rest>();
  const remember = (name: string, rest: Omit<Rest, 'key'>): Rest => {
    let known = restOf.get(name);
    if (known === undefined) {
      known = { ...rest, key: rests.length };
      rests.push(known);
      restOf.set(name, known);
    }
    return known;
  };
  const restWithEnd = (end: StageEnd): Rest =>
    remember(`end ${end.stays} ${end.exits}`, { itinerary: -1, stop: -1, after: undefined, end });
  const nodes: StageNode[] = [];
  const nodeOf = new Map<string, number>();
  const open: [node: number, itinerary: number, stop: number, rest: Rest][] = [];
  const ends = new Map<string, number>();
  const find = (itinerary: number, stop: number, rest: Rest): number => {
    let [at, k, then] = [itinerary, stop, rest];
    while (k >= itineraries[at].stops.length) {
      if (then.end !== undefined) {
        const key = `${then.end.stays} ${then.end.exits}`;
        let node = ends.get(key);
        if (node === undefined) {
          node = nodes.push({ shares: [], waypoints: [], next: [], end: then.end }) - 1;
          ends.set(key, node);
        }
        return node;
      }
      [at, k, then] = [then.itinerary, then.stop, then.after!];
    }
    const key = `${at} ${k} ${then.key}`;
    let node = nodeOf.get(key);
    if (node === undefined) {
      node = nodes.push({ shares: [], waypoints: [], next: [], end: undefined }) - 1;
      nodeOf.set(key, node);
      open.push([node, at, k, then]);
    }
    return node;
  };
  const starts = Int32Array.from(itineraries, ({ end }, i) => find(i, 0, restWithEnd(endOf(end ?? 'leave'))));
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    if (nodes.length > NODES_MAX) {
      issues.push(
        error('itineraries-too-long', 'itineraries', 'The itineraries name each other too often; name fewer in each.', {
          expected: `≤ ${NODES_MAX} stops`,
          found: `more`,
        }),
      );
      break;
    }
    const [node, itinerary, k, rest] = item;
    const { stops } = itineraries[itinerary];
    const stop = stops[k];
    const branches = typeof stop === 'string' ? [{ waypoint: stop, itinerary: undefined, share: 1 }] : stop.any;
    const sum = branches.reduce((all, { share }) => all + share, 0);
    let upTo = 0;
    const shares = branches.map(({ share }) => {
      upTo += share / sum;
      return upTo;
    });
    shares[shares.length - 1] = 1;
    const next = branches.map((branch) => {
      const callee = branch.itinerary === undefined ? -1 : (indexOf.get(branch.itinerary) ?? -1);
      if (callee < 0) return find(itinerary, k + 1, rest);
      const { end } = itineraries[callee];
      if (end !== undefined) return find(callee, 0, restWithEnd(endOf(end)));
      if (k + 1 === stops.length) return find(callee, 0, rest);
      const after = { itinerary, stop: k + 1, after: rest, end: undefined };
      return find(callee, 0, remember(`${itinerary} ${k + 1} ${rest.key}`, after));
    });
    const waypoints = branches.map(({ waypoint }) => (waypoint === undefined ? -1 : (waypointOf.get(waypoint) ?? -1)));
    nodes[node] = { shares, waypoints, next, end: undefined };
  }
  return { nodes, starts, exitSets };
}
