import type { Trace, TraceEvent, TracePortal } from '../trace/index.ts';
import { type FlowMeasures, measureFlow } from './crossings.ts';
import { distanceToPortal, findPortal } from './places.ts';

export type DoorState = 'open' | 'closed' | 'locked' | 'chained' | 'forced';

export interface DoorChange {
  readonly t: number;
  readonly state: DoorState;
  /** `start`: as the scenario has it; `crowd`: lock or leaf gave way. */
  readonly by: 'start' | 'schedule' | 'person' | 'closer' | 'crowd';
  readonly person: number | null;
  /** Crowd force at which it gave way [N]. */
  readonly force: number | null;
}

/** Use of one portal: opening, door, exit, or the end of a link. */
export interface PortalMeasures {
  readonly id: string;
  readonly kind: TracePortal['kind'];
  /** Ids; null where it has none. */
  readonly door: string | null;
  readonly exit: string | null;
  readonly link: string | null;
  readonly sheet: number;
  /** Clear width [m]. */
  readonly width: number;
  /** Names of the areas on side 0 and side 1. */
  readonly areas: readonly [string, string];
  /** States of its door in order of time, the first at time 0; empty without a door. */
  readonly states: readonly DoorChange[];
  /** Different persons who passed, by their first passing in either direction; of an exit: persons out. */
  readonly persons: number;
  /** All passings from side 0 to side 1, and back. */
  readonly forward: number;
  readonly back: number;
  /** Flow of first passings; times in [s]. */
  readonly flow: FlowMeasures;
  /** First touch of the door while locked or chained; null where nobody tried. */
  readonly firstTouch: {
    readonly t: number;
    readonly person: number;
    readonly state: 'locked' | 'chained';
  } | null;
  /** Different persons who found it locked or chained. */
  readonly tried: number;
  /** Different persons who gave up waiting here. */
  readonly gaveUp: number;
  /** Highest chest load within 2 m of it, anybody's, in the recorded frames [N]; null where none was recorded. */
  readonly chestLoadPeak: number | null;
}

/** How near a chest load counts to a door [m]. */
const LOAD_REACH = 2;

interface Tally {
  readonly first: Map<number, number>;
  forward: number;
  back: number;
  readonly tried: Set<number>;
  firstTouch: PortalMeasures['firstTouch'];
  readonly gaveUp: Set<number>;
  readonly states: DoorChange[];
}

/** State at the start of each door of a scenario; doors whose state cannot be read are left out. */
export function readDoorStates(scenario: unknown): Map<string, DoorState> {
  const states = new Map<string, DoorState>();
  const doors = (scenario as { doors?: unknown } | null | undefined)?.doors;
  if (!Array.isArray(doors)) return states;
  for (const door of doors as { id?: unknown; state?: unknown }[]) {
    if (typeof door?.id !== 'string') continue;
    const state = door.state ?? 'open';
    if (state === 'open' || state === 'closed' || state === 'locked' || state === 'chained') states.set(door.id, state);
  }
  return states;
}

/**
 * Use of every portal of a run: who passed, flow, gaps, states of its door, who found it locked, load near it.
 * Persons out count at their exit's portal, so an exit need not report crossings as well.
 * Cost O(events + rows in cells that reach a portal).
 */
export function measurePortals(trace: Trace): PortalMeasures[] {
  const { portals } = trace.header;
  const initial = readDoorStates(trace.header.scenario);
  const tallies = portals.map((portal): Tally => {
    const state = portal.door === undefined ? undefined : initial.get(portal.door);
    return {
      first: new Map(),
      forward: 0,
      back: 0,
      tried: new Set(),
      firstTouch: null,
      gaveUp: new Set(),
      states: state === undefined ? [] : [{ t: 0, state, by: 'start', person: null, force: null }],
    };
  });
  const byDoor = new Map<string, number>();
  const byExit = new Map<string, number>();
  const byId = new Map<string, number>();
  portals.forEach((portal, index) => {
    byId.set(portal.id, index);
    if (portal.door !== undefined && !byDoor.has(portal.door)) byDoor.set(portal.door, index);
    if (portal.exit !== undefined && !byExit.has(portal.exit)) byExit.set(portal.exit, index);
  });
  for (const event of trace.events) tallyEvent(event, tallies, portals, { byId, byDoor, byExit });
  const loads = findLoadsNearPortals(trace);
  return portals.map((portal, index) => {
    const tally = tallies[index]!;
    const times = [...tally.first.values()].sort((a, b) => a - b);
    return {
      id: portal.id,
      kind: portal.kind,
      door: portal.door ?? null,
      exit: portal.exit ?? null,
      link: portal.link ?? null,
      sheet: portal.sheet,
      width: portal.width,
      areas: portal.areas,
      states: tally.states,
      persons: times.length,
      forward: tally.forward,
      back: tally.back,
      flow: measureFlow(times, portal.width),
      firstTouch: tally.firstTouch,
      tried: tally.tried.size,
      gaveUp: tally.gaveUp.size,
      chestLoadPeak: loads ? loads[index]! : null,
    };
  });
}

interface PortalNames {
  readonly byId: ReadonlyMap<string, number>;
  readonly byDoor: ReadonlyMap<string, number>;
  readonly byExit: ReadonlyMap<string, number>;
}

function tallyEvent(
  event: TraceEvent,
  tallies: readonly Tally[],
  portals: readonly TracePortal[],
  names: PortalNames,
): void {
  const atDoor = (door: string): Tally | undefined => tallies[names.byDoor.get(door) ?? -1];
  switch (event.type) {
    case 'portal-crossed': {
      const index = names.byId.get(event.portal);
      // An exit counts by `person-out`, which says the same and is always there.
      if (index === undefined || portals[index]!.kind === 'exit') return;
      const tally = tallies[index]!;
      if (event.direction === 1) tally.forward += 1;
      else tally.back += 1;
      if (!tally.first.has(event.person)) tally.first.set(event.person, event.t);
      return;
    }
    case 'person-out': {
      const tally = tallies[names.byExit.get(event.exit) ?? names.byId.get(event.exit) ?? -1];
      if (!tally || tally.first.has(event.person)) return;
      tally.forward += 1;
      tally.first.set(event.person, event.t);
      return;
    }
    case 'door-found-locked': {
      const tally = atDoor(event.door);
      if (!tally) return;
      tally.firstTouch ??= { t: event.t, person: event.person, state: event.state };
      tally.tried.add(event.person);
      return;
    }
    case 'gave-up-waiting': {
      const portal = findPortal(portals, event.portal);
      if (portal) tallies[portals.indexOf(portal)]!.gaveUp.add(event.person);
      return;
    }
    case 'door-forced': {
      atDoor(event.door)?.states.push({ t: event.t, state: 'forced', by: 'crowd', person: null, force: event.force });
      return;
    }
    case 'door-opened':
    case 'door-closed':
    case 'door-locked':
    case 'door-chained':
    case 'door-unlocked': {
      const state: DoorState =
        event.type === 'door-opened'
          ? 'open'
          : event.type === 'door-locked'
            ? 'locked'
            : event.type === 'door-chained'
              ? 'chained'
              : 'closed';
      atDoor(event.door)?.states.push({
        t: event.t,
        state,
        by: event.by,
        person: event.person ?? null,
        force: null,
      });
      return;
    }
    default:
      return;
  }
}

/** State of a portal's door at a time, or null without a door. O(changes). */
export function findDoorState(portal: Pick<PortalMeasures, 'states'>, t: number): DoorState | null {
  let state: DoorState | null = null;
  for (const change of portal.states) if (change.t <= t) state = change.state;
  return state;
}

function findLoadsNearPortals(trace: Trace): Float32Array | undefined {
  const { chestLoad, frameCount, frameStart, x, y, sheet } = trace.trajectory;
  const { portals } = trace.header;
  if (!chestLoad) return undefined;
  const peaks = new Float32Array(portals.length);
  // Portals by cells of 4 m that they reach, so that a row looks at few of them.
  const cell = 4;
  const cells = new Map<string, number[]>();
  portals.forEach((portal, index) => {
    const points = portal.region ?? portal.line;
    const xs = points.map((point) => point[0]);
    const ys = points.map((point) => point[1]);
    for (let c = Math.floor((Math.min(...xs) - LOAD_REACH) / cell); c * cell <= Math.max(...xs) + LOAD_REACH; c += 1) {
      for (
        let r = Math.floor((Math.min(...ys) - LOAD_REACH) / cell);
        r * cell <= Math.max(...ys) + LOAD_REACH;
        r += 1
      ) {
        const key = `${portal.sheet} ${c} ${r}`;
        const list = cells.get(key);
        if (list) list.push(index);
        else cells.set(key, [index]);
      }
    }
  });
  const rowCount = frameStart[frameCount] ?? 0;
  for (let row = 0; row < rowCount; row += 1) {
    const load = chestLoad[row]!;
    if (!(load > 0)) continue;
    const list = cells.get(`${sheet[row]!} ${Math.floor(x[row]! / cell)} ${Math.floor(y[row]! / cell)}`);
    if (!list) continue;
    for (const index of list) {
      if (load <= peaks[index]!) continue;
      if (distanceToPortal(portals[index]!, x[row]!, y[row]!) <= LOAD_REACH) peaks[index] = load;
    }
  }
  return peaks;
}
