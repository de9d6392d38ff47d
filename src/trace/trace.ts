/**
 * What a run writes and what analysis reads. A run's folder holds
 *
 *     run.json       RunHeader: scenario, persons, plan; written at the start, rewritten with the outcome at the end
 *     frames.bin     chunks of frames: quantised, delta-coded, compressed, each with a checksum
 *     events.ndjson  one TraceEvent a line
 *     snapshot.bin   the last snapshot, for `--resume`
 *
 * Nothing here knows the engine: a laboratory's trajectories make the same `Trajectory`.
 */

export type Ring = readonly (readonly [number, number])[];

/** Floor of one sheet (level or link) in plan coordinates [m]; ring 0 outline, then holes. */
export interface TraceSheet {
  readonly id: string;
  readonly kind: 'level' | 'link';
  /** z = plane[0] + plane[1]·x + plane[2]·y, plan coordinates [m]. */
  readonly plane: readonly [number, number, number];
  readonly polygons: readonly (readonly Ring[])[];
}

/** Portals in plan coordinates; `kind` says what a crossing means. */
export interface TracePortal {
  readonly id: string;
  readonly kind: 'opening' | 'door' | 'exit' | 'link';
  readonly sheet: number;
  readonly line: readonly [readonly [number, number], readonly [number, number]];
  readonly region?: Ring;
  readonly width: number;
  readonly door?: string;
  readonly exit?: string;
  readonly link?: string;
  /** Names of the areas on side 0 (left of the line) and side 1. */
  readonly areas: readonly [string, string];
}

export interface TracePerson {
  readonly population: string;
  readonly profile: string;
  readonly radius: number;
  readonly mass: number;
  readonly freeSpeed: number;
}

export type RunOutcome = 'running' | 'everyone-out' | 'stalled' | 'time-over' | 'interrupted';

export interface RunHeader {
  readonly format: 'crashbar-run';
  /** 2 since persons can lie (bit 6 of a frame's state); a run of version 1 reads the same, nobody lies in it. */
  readonly version: 1 | 2;
  readonly engine: string;
  readonly name: string;
  /** Hash of the scenario's canonical text; where parameters of the model were varied, of both. */
  readonly scenarioHash: string;
  /**
   * Parameters of the model that were not the standard ones, by name (`physics.stiffness`), in order of name; absent where none was.
   * Replaying the run takes them.
   */
  readonly varied?: Readonly<Record<string, number>>;
  /** The validated scenario itself, so that the folder repeats the run. */
  readonly scenario: unknown;
  readonly seed: number;
  /** Frames per second in frames.bin. */
  readonly frameRate: number;
  /** Smallest step of a coordinate [m]. */
  readonly quantum: number;
  readonly sheets: readonly TraceSheet[];
  readonly portals: readonly TracePortal[];
  readonly persons: readonly TracePerson[];
  readonly outcome: RunOutcome;
  /** Simulated time at the end [s]; 0 while running. */
  readonly endTime: number;
  /** State hash at the end; '' while running. */
  readonly stateHash: string;
}

/** One frame as the engine hands it over; arrays of length `personCount`, reused by the caller. */
export interface Frame {
  /** Number of the frame, from 0; time = number / frameRate. */
  readonly number: number;
  /** Plan coordinates [m]. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Sheet index, or `NOT_PRESENT` where the person is not there: no longer, or not yet. */
  readonly sheet: Uint16Array;
  /** Low-passed chest load [N]. */
  readonly chestLoad: Float32Array;
  /** `TraceState` */
  readonly state: Uint8Array;
}

export const NOT_PRESENT = 65535;

/**
 * What a person is doing in a frame: bits 0–3 activity (`absent`: has not come yet), 4–5 harm (0 none, 1 injured, 2 unconscious, 3 dead), 6 set where the
 * person lies; bit 7 is free.
 */
export const TraceState = { waiting: 0, walking: 1, leaving: 2, out: 3, stranded: 4, absent: 5 } as const;

/** Activity, one of `TraceState`, of a frame's state. */
export const activityOf = (state: number): number => state & 15;
/** Harm of a frame's state: 0 none, 1 injured, 2 unconscious, 3 dead. */
export const harmOf = (state: number): number => (state >> 4) & 3;
/** Whether the person lies, by a frame's state. */
export const isLying = (state: number): boolean => (state & 64) !== 0;

interface EventBase {
  /** Simulated time [s]. */
  readonly t: number;
}
export type TraceEvent = EventBase &
  (
    | { readonly type: 'run-started'; readonly persons: number }
    | { readonly type: 'run-resumed' }
    | { readonly type: 'run-ended'; readonly outcome: RunOutcome; readonly out: number; readonly stateHash: string }
    | { readonly type: 'state-hash'; readonly hash: string }
    | { readonly type: 'persons-alerted'; readonly event?: string; readonly persons: number }
    | { readonly type: 'person-started'; readonly person: number }
    | {
        readonly type: 'exit-chosen';
        readonly person: number;
        readonly exit: string;
        readonly why: 'start' | 'nearer' | 'found-locked' | 'gave-up' | 'door-changed' | 'learnt';
      }
    | {
        readonly type: 'door-opened' | 'door-closed' | 'door-locked' | 'door-chained' | 'door-unlocked';
        readonly door: string;
        readonly by: 'schedule' | 'person' | 'closer';
        readonly person?: number;
      }
    | {
        readonly type: 'door-found-locked';
        readonly person: number;
        readonly door: string;
        readonly state: 'locked' | 'chained';
        readonly first: boolean;
      }
    | { readonly type: 'door-forced'; readonly door: string; readonly force: number }
    | { readonly type: 'gave-up-waiting'; readonly person: number; readonly portal: string }
    | { readonly type: 'portal-crossed'; readonly person: number; readonly portal: string; readonly direction: 1 | -1 }
    | { readonly type: 'person-out'; readonly person: number; readonly exit: string }
    | {
        readonly type: 'person-injured' | 'person-unconscious' | 'person-dead';
        readonly person: number;
        readonly x: number;
        readonly y: number;
        readonly sheet: number;
        /** Nearest portal within 2.5 m, else the next one of the person's route. */
        readonly portal?: string;
        readonly chestLoad: number;
        readonly dose: number;
      }
    | {
        readonly type: 'person-fell';
        readonly person: number;
        readonly x: number;
        readonly y: number;
        readonly sheet: number;
        /** A shove, a body underfoot, lost consciousness, or knocked down by a person. */
        readonly why: 'shoved' | 'tripped' | 'fainted' | 'knocked';
        /** Bodies that the person came to lie on, one above the other; 0 on the floor. */
        readonly onto: number;
      }
    | {
        readonly type: 'person-got-up';
        readonly person: number;
        readonly x: number;
        readonly y: number;
        readonly sheet: number;
        /** How long the person lay [s]. */
        readonly after: number;
      }
    | {
        /** A pile higher than any before in this run. */
        readonly type: 'pile-grew';
        readonly x: number;
        readonly y: number;
        readonly sheet: number;
        /** Bodies one above the other. */
        readonly layers: number;
      }
    | {
        /** Trust in somebody has moved by what they did or said. */
        readonly type: 'trust-moved';
        readonly person: number;
        /** In whom. */
        readonly by: number;
        readonly why: 'released' | 'freed' | 'fights' | 'violence' | 'claim';
        readonly before: number;
        readonly trust: number;
      }
    | {
        /** A word came to somebody who has an opinion of the caller. */
        readonly type: 'call-heard';
        readonly person: number;
        readonly by: number;
        readonly say: string;
        /** In the caller, by which it was decided. */
        readonly trust: number;
        readonly heeded: boolean;
      }
    | {
        /** Somebody in the way was shoved aside. */
        readonly type: 'barged';
        readonly person: number;
        readonly by: number;
        /** For 0.2 s [N]. */
        readonly force: number;
        /** With what the two bodies press on each other as the shove comes [N]; not in older runs. */
        readonly contact?: number;
      }
    | {
        /** Somebody has gone over a heap of bodies. */
        readonly type: 'climbed-over';
        readonly person: number;
        readonly x: number;
        readonly y: number;
        readonly sheet: number;
        /** On the heap [m], in what time, without that held, stunned or standing [s]. */
        readonly way: number;
        readonly seconds: number;
        /** Mean speed on it [m/s]. */
        readonly speed: number;
        /** Bodies one above the other, at most. */
        readonly layers: number;
      }
    | { readonly type: 'person-stranded'; readonly person: number; readonly reason: 'no-known-way' }
    | { readonly type: 'sign-seen'; readonly person: number; readonly sign: string }
    | {
        /** What a person holds true of a door, an exit or another way, and by what they learnt it. */
        readonly type: 'belief-changed';
        readonly person: number;
        readonly portal: string;
        readonly belief: 'unknown' | 'open' | 'locked';
        readonly by: 'sign' | 'sight' | 'touch' | 'word';
        /** Who told them. */
        readonly from?: number;
      }
    | {
        readonly type: 'person-told';
        readonly person: number;
        readonly from: number;
        readonly portal: string;
        readonly belief: 'unknown' | 'open' | 'locked';
        readonly believed: boolean;
      }
    | { readonly type: 'sound-started' | 'sound-ended'; readonly sound: string }
    | {
        /** A sound that somebody made once. */
        readonly type: 'sound-made';
        readonly sound: string;
        /** At 1 m [dB]. */
        readonly loudness: number;
        readonly x: number;
        readonly y: number;
        readonly sheet: number;
        readonly by?: number;
      }
    | {
        readonly type: 'person-woke';
        readonly person: number;
        /** At the ear [dB]. */
        readonly level: number;
        readonly sound?: string;
      }
    | { readonly type: 'person-investigates'; readonly person: number }
    | {
        /** Alerted otherwise than by the schedule. */
        readonly type: 'person-alerted';
        readonly person: number;
        readonly by: 'sound' | 'others' | 'word';
        readonly sound?: string;
        /** At the ear [dB]. */
        readonly level?: number;
      }
    /** Knows of no way and looks for one. */
    | { readonly type: 'person-searches'; readonly person: number }
    /** Goes after others through a portal. */
    | { readonly type: 'person-follows'; readonly person: number; readonly portal: string }
    | {
        /** Told at the start of each tenth that one of them crosses; all 0 … 1. */
        readonly type: 'inner-state';
        readonly person: number;
        readonly fear: number;
        readonly distress: number;
        readonly fatigue: number;
        readonly trust: number;
        /** What others can read of the fear, where that is not all. */
        readonly shown?: number;
      }
    | {
        /** An actor's state changed, by the table of their role. */
        readonly type: 'role-state';
        readonly person: number;
        readonly role: string;
        readonly from: string;
        readonly state: string;
      }
    | {
        /** A lock was released: how, and how long that took at the door [s]. */
        readonly type: 'lock-released';
        readonly door: string;
        readonly person: number;
        readonly how: 'key' | 'force' | 'console';
        readonly seconds: number;
      }
    | {
        /** One attempt to break a lock by hand or tool; `strength` of the person and what the lock bears [N]. */
        readonly type: 'force-attempt';
        readonly door: string;
        readonly person: number;
        readonly success: boolean;
        readonly strength: number;
        readonly needed: number;
      }
    | {
        readonly type: 'console-operated';
        readonly console: string;
        readonly person: number;
        readonly released: number;
        readonly failed: number;
      }
    | {
        /** Taken up from the floor (`from` −1) or off a person. */
        readonly type: 'object-taken' | 'object-given';
        readonly object: string;
        readonly person: number;
        readonly from: number;
      }
    | {
        /** An attempt on a person succeeded; `effect` none where it had no consequence. */
        readonly type: 'person-struck';
        readonly person: number;
        readonly by: number;
        readonly with: 'hand' | 'shot' | 'device';
        readonly effect: 'none' | 'stunned' | 'down' | 'wounded' | 'unconscious' | 'dead';
      }
    | {
        readonly type: 'attempt-missed';
        readonly person: number;
        readonly by: number;
        readonly with: 'hand' | 'shot' | 'device';
      }
    | {
        /** Out of action for so long at least [s]. */
        readonly type: 'person-stunned' | 'person-downed';
        readonly person: number;
        readonly by: number;
        readonly seconds: number;
      }
    | {
        /** Came in during the run, so long after their time for want of a free place [s]. */
        readonly type: 'person-arrived';
        readonly person: number;
        readonly x: number;
        readonly y: number;
        readonly sheet: number;
        readonly waited: number;
      }
    /** Found no place free until the end of the run, though their time had come. */
    | { readonly type: 'person-never-arrived'; readonly person: number; readonly due: number }
    /** Came to a waypoint or its line; was called up and is served; went on. */
    | {
        readonly type: 'waypoint-reached' | 'waypoint-served' | 'waypoint-left';
        readonly person: number;
        readonly waypoint: string;
      }
    | {
        readonly type: 'waypoint-skipped';
        readonly person: number;
        readonly waypoint: string;
        readonly reason: 'no-known-way';
      }
    | { readonly type: 'waypoint-held' | 'waypoint-opened'; readonly waypoint: string }
    /** Did all of an itinerary. */
    | { readonly type: 'itinerary-done'; readonly person: number }
    /** Dropped an itinerary, or the exits at its end; or was swept out by others in the midst of it. */
    | {
        readonly type: 'itinerary-left';
        readonly person: number;
        readonly why: 'alerted' | 'no-known-way' | 'swept-out';
      }
    | {
        readonly type: 'person-diverted';
        readonly person: number;
        readonly diversion: string;
        readonly itinerary: string;
      }
    | { readonly type: 'grabbed'; readonly person: number; readonly by: number }
    | {
        /** No longer held: by own effort (`by` the same person), let go (`by` −1), or freed by somebody. */
        readonly type: 'freed-by';
        readonly person: number;
        readonly by: number;
        readonly holder: number;
      }
    | {
        /** Something was said: to how many in earshot, of whom so many believe it. */
        readonly type: 'called';
        readonly person: number;
        readonly say: string;
        readonly heard: number;
        readonly believed: number;
      }
    | { readonly type: 'helped-up'; readonly person: number; readonly by: number }
    | { readonly type: 'assisted'; readonly person: number; readonly by: number }
    | { readonly type: 'hidden'; readonly person: number; readonly area: string; readonly locked: boolean }
    | {
        /** Somebody pulls at a door whose leaf has no room to swing, or is pressed shut [N]. */
        readonly type: 'door-hindered';
        readonly door: string;
        readonly person: number;
        readonly inSweep: number;
        readonly force: number;
      }
    | {
        /** Down a drop: free fall of the feet [m], and what came of it. */
        readonly type: 'drop-taken';
        readonly person: number;
        readonly link: string;
        readonly height: number;
        readonly outcome: 'unhurt' | 'limping' | 'crawling' | 'unconscious' | 'dead';
        readonly onto: number;
      }
  );

/**
 * Trajectories of any origin: rows sorted by frame, then by person. All arrays have `frameStart[frameCount]` rows.
 * Positions in plan coordinates [m].
 */
export interface Trajectory {
  readonly frameRate: number;
  readonly frameCount: number;
  /** Rows of frame f are `frameStart[f]` … `frameStart[f + 1] − 1`. */
  readonly frameStart: Int32Array;
  readonly person: Int32Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly sheet: Uint16Array;
  /** [N]; absent where nobody measured it. */
  readonly chestLoad?: Float32Array;
  readonly state?: Uint8Array;
}

/** A run read back from its folder. `damage` names every chunk or line that could not be read. */
export interface Trace {
  readonly header: RunHeader;
  readonly trajectory: Trajectory;
  readonly events: readonly TraceEvent[];
  readonly damage: readonly string[];
}

/** Where a writer's bytes go: appended to the named file, in order. The caller supplies it (files, memory, network). */
export interface TraceSink {
  append(file: 'frames.bin' | 'events.ndjson', bytes: Uint8Array): void;
}

/** Events that come for many persons in one step; where many are told at once, `person` is of no meaning. */
export type PersonEvent = Extract<TraceEvent, { readonly type: 'person-started' | 'exit-chosen' }>;

/** Writes a run piece by piece. `flush` ends the current chunk, so that `offsets` can be kept in a snapshot. */
export interface TraceWriter {
  frame(frame: Frame): void;
  event(event: TraceEvent): void;
  /** What `event` for each of `count` persons in turn would write: the event `alike[which[k]]` of `persons[k]`. */
  eventEach(alike: readonly PersonEvent[], which: Uint8Array, persons: Int32Array, count: number): void;
  flush(): void;
  /** Bytes appended so far to each file, all flushed. */
  offsets(): { readonly frames: number; readonly events: number };
}
