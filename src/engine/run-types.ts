import type { RunHeader, RunOutcome, TraceSink } from '../trace/index.ts';
import type { Helper } from './crew.ts';
import type { PhaseTime } from './stopwatch.ts';

/** How a run is started; see `createRun`. */
export interface RunOptions {
  /** Where the bytes of the trace go. */
  readonly sink: TraceSink;
  /** Bytes of a snapshot of the same scenario and seed, to go on from. */
  readonly resumeFrom?: Uint8Array;
  /** Called every `snapshotSeconds` of simulated time, after the trace was flushed. Default: never. */
  readonly onSnapshot?: (snapshot: Uint8Array) => void;
  /** Simulated seconds between snapshots. Default 10. */
  readonly snapshotSeconds?: number;
  /** False: no frames are written, only events (for many runs of which only counts are wanted). Default true. */
  readonly frames?: boolean;
  /** Checks every person's state after every step and throws at the first fault (tests, `--validate`). */
  readonly validate?: boolean;
  /** Threads that help with the kernel's phases; the world's memory must then be shared (`isShared`). Default: none. They change no byte of any result. */
  readonly helpers?: readonly Helper[];
  /** The host's clock [ms], to learn where the time goes (`Run.profile`); it changes no byte of any result. */
  readonly clock?: () => number;
}

export interface RunProgress {
  /** Simulated time [s]. */
  readonly time: number;
  /** Latest time at which the scenario ends [s]. */
  readonly endTime: number;
  readonly persons: number;
  readonly out: number;
  readonly unconscious: number;
  readonly dead: number;
  readonly done: boolean;
}

export interface RunResult {
  readonly outcome: RunOutcome;
  readonly endTime: number;
  readonly out: number;
  readonly injured: number;
  readonly unconscious: number;
  readonly dead: number;
  readonly stateHash: string;
}

/** A run under way. `advance` in slices, so that a host can show progress, yield or stop between them. */
export interface Run {
  /** Header to write to run.json at the start (outcome `running`). */
  readonly header: RunHeader;
  readonly progress: () => RunProgress;
  /** Does up to `ticks` decision intervals (0.1 s each); returns true when the run has ended. Throws HelperFailure where a helper is lost. */
  readonly advance: (ticks: number) => boolean;
  /** Ends the run now (`interrupted` unless it had ended), flushes the trace and sends the helpers home; returns the result and final header. */
  readonly finish: () => { readonly result: RunResult; readonly header: RunHeader };
  /** Time of each phase so far, greatest first; empty without a clock. */
  readonly profile: () => readonly PhaseTime[];
  /** Bytes of a snapshot now; flushes the trace first. */
  readonly snapshot: () => Uint8Array;
}

/** What a snapshot says of itself, for `--resume`: how many bytes of the trace belong to it. */
export interface SnapshotInfo {
  readonly engine: string;
  readonly scenarioHash: string;
  readonly seed: number;
  readonly tick: number;
  readonly frameBytes: number;
  readonly eventBytes: number;
}
