/** Where the time of a run goes. Never looked at by the simulation, so it changes no byte of any result. */
export interface Stopwatch {
  /** Puts the time since the last call down to `phase`. */
  readonly lap: (phase: string) => void;
  /** Time of each phase so far, greatest first. */
  readonly profile: () => readonly PhaseTime[];
}

export interface PhaseTime {
  readonly phase: string;
  /** [s] */
  readonly seconds: number;
  readonly calls: number;
}

/** A stopwatch on the host's clock [ms]; without one, a stopwatch that costs and tells nothing. */
export function createStopwatch(clock?: () => number): Stopwatch {
  if (clock === undefined) return { lap: () => undefined, profile: () => [] };
  const times = new Map<string, { seconds: number; calls: number }>();
  let last = clock();
  return {
    lap: (phase) => {
      const now = clock();
      let time = times.get(phase);
      if (time === undefined) {
        time = { seconds: 0, calls: 0 };
        times.set(phase, time);
      }
      time.seconds += (now - last) / 1000;
      time.calls++;
      last = now;
    },
    profile: () =>
      [...times].map(([phase, time]) => ({ phase, ...time })).sort((one, other) => other.seconds - one.seconds),
  };
}
