import type { TraceEvent, TraceWriter } from '../trace/index.ts';
import type { World } from '../world/index.ts';
import type { Crew } from './crew.ts';
import type { Crossroads } from './crossroads.ts';
import type { DoseLaw } from './dose.ts';
import type { FallLaw } from './falls.ts';
import type { SettleScratch } from './find-around.ts';
import type { Kernel } from './kernel/kernel.ts';
import type { Minds } from './minds.ts';
import type { PushForces } from './motivation.ts';
import type { Cast } from './roles/cast.ts';
import type { RouteTable } from './route-table.ts';
import type { Coming } from './stages/arrive.ts';
import type { StageTables } from './stages/stage-tables.ts';
import type { Stopwatch } from './stopwatch.ts';

/** Time between two decisions [s]; the scenario format allows no other rate. */
export const DECISION_INTERVAL = 0.1;
export const DECISIONS_PER_SECOND = 10;

/**
 * What the phases of a step work on. All state of the run lies in `world`; the rest here can be made again from it
 * (route tables, scratch), so a snapshot needs none of it.
 */
export interface Engine {
  readonly world: World;
  readonly kernel: Kernel;
  /** The threads that the kernel's phases are shared out to. */
  readonly crew: Crew;
  readonly seed: number;
  /** What harms, by how much. */
  readonly dose: DoseLaw;
  /** Who falls, by what, and for how long. */
  readonly falls: FallLaw;
  /** Stiffness of a contact [N/m], as the kernel has it. */
  readonly stiffness: number;
  /** Scratch of the phases that settle a step. */
  readonly scratch: SettleScratch;
  /** Route tables by the text of the belief row they hold for. */
  readonly routes: Map<string, RouteTable>;
  /** Each person's route table, once asked for; forgotten by `setBelief`. */
  readonly routeOf: (RouteTable | undefined)[];
  /** The route table that was asked for last. */
  routeLast: RouteTable | undefined;
  readonly crossroads: Crossroads;
  /** Row of each door's leaf in `world.views.segments`, or −1. */
  readonly leafOfDoor: Int32Array;
  /** Indices of the scheduled events in order of time. */
  readonly schedule: Int32Array;
  /** What the phases of behaviour look up. */
  readonly minds: Minds;
  /** Who has which role; undefined where nobody has. */
  readonly cast: Cast | undefined;
  /** What itineraries look up; undefined where nobody has one. */
  readonly stages: StageTables | undefined;
  /** Of each population that comes in during the run: the first who has not come, and the one behind the last. */
  readonly coming: readonly Coming[];
  readonly emit: (event: TraceEvent) => void;
  /** Tells the event `alike[which[k]]` of each of `count` persons; as `emit` one by one would. */
  readonly emitEach: TraceWriter['eventEach'];
  readonly stopwatch: Stopwatch;
  /** Forces with which people push, standard or varied. */
  readonly pushForces: PushForces;
}

/** Simulated time at the state's tick [s]. */
export function timeNow(world: World): number {
  return world.views.clock.tick[0] / DECISIONS_PER_SECOND;
}

/** What a person holds true of a portal from now on; their ways are looked for anew. */
export function setBelief(engine: Engine, person: number, portal: number, belief: number): void {
  engine.world.views.beliefs[person * engine.world.portals.length + portal] = belief;
  engine.routeOf[person] = undefined;
  engine.world.views.u8[engine.kernel.offsets.route + person] = 0;
  if (engine.stages !== undefined) engine.stages.routeOf[person] = undefined;
}
