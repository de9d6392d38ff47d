import { SingleBar } from 'cli-progress';
import type { RunProgress } from '../engine/index.ts';

/** Shows how far a run is. `update` may be called as often as one likes; `stop` leaves the last state on the screen. */
export interface ProgressDisplay {
  readonly update: (progress: RunProgress) => void;
  readonly stop: () => void;
}

/** Seconds on the wall between plain lines. */
const LINE_INTERVAL = 5;

/** A bar on a terminal, a line every five seconds elsewhere, nothing where `quiet`; always on standard error. */
export function createProgressDisplay(quiet: boolean): ProgressDisplay {
  if (quiet) return { update: () => {}, stop: () => {} };
  return process.stderr.isTTY ? createBar() : createLines();
}

/**
 * Estimated wall time until the run ends [s]: by the rate at which persons got out lately where that is known, at most
 * the time until the scenario's own end at the present speed. Not finite while nothing is known.
 */
export function estimateRemaining(progress: RunProgress, elapsed: number): number {
  if (progress.time <= 0 || elapsed <= 0) return Number.POSITIVE_INFINITY;
  const speed = progress.time / elapsed;
  const untilEnd = (progress.endTime - progress.time) / speed;
  if (progress.out === 0) return untilEnd;
  const untilOut = ((progress.persons - progress.out) * progress.time) / progress.out / speed;
  return Math.min(untilEnd, untilOut);
}

/** Shows how far a study of many runs is. `done` runs are over; `share` of the next is done. */
export interface StudyDisplay {
  readonly start: (done: number, name: string) => void;
  readonly update: (done: number, share: number) => void;
  readonly stop: () => void;
}

/** A bar on a terminal, a line every five seconds elsewhere, nothing where `quiet`; always on standard error. */
export function createStudyDisplay(quiet: boolean, planned: number): StudyDisplay {
  if (quiet) return { start: () => {}, update: () => {}, stop: () => {} };
  const started = performance.now();
  const bar = process.stderr.isTTY
    ? new SingleBar({
        format: '{bar} run {number} of {total} | {name} | ETA {remaining}',
        barsize: 20,
        hideCursor: true,
        stream: process.stderr,
      })
    : undefined;
  let name = '';
  let shownAt = 0;
  bar?.start(planned, 0, { number: 1, name, remaining: '–' });
  const show = (done: number, share: number): void => {
    const elapsed = (performance.now() - started) / 1000;
    const remaining = formatDuration(estimateStudy(planned, done + share, elapsed));
    const number = Math.min(planned, done + 1);
    if (bar !== undefined) bar.update(done, { number, name, remaining });
    else if (elapsed - shownAt >= LINE_INTERVAL) {
      shownAt = elapsed;
      process.stderr.write(`run ${number} of ${planned}, ${name}, ETA ${remaining}\n`);
    }
  };
  return {
    start: (done, what) => {
      name = what;
      show(done, 0);
    },
    update: show,
    stop: () => bar?.stop(),
  };
}

/** Wall time that the rest of a study takes [s], at the rate so far. Not finite while nothing is done. */
export function estimateStudy(planned: number, done: number, elapsed: number): number {
  return done > 0 ? (elapsed * (planned - done)) / done : Number.POSITIVE_INFINITY;
}

function createBar(): ProgressDisplay {
  const started = performance.now();
  const bar = new SingleBar({
    format:
      '{bar} t {time} s | out {out}/{persons} | unconscious {unconscious}, dead {dead} | {speed} × real time | ETA {remaining}',
    barsize: 20,
    hideCursor: true,
    stream: process.stderr,
  });
  let begun = false;
  return {
    update: (progress) => {
      const elapsed = (performance.now() - started) / 1000;
      const payload = {
        ...describe(progress, elapsed),
        remaining: formatDuration(estimateRemaining(progress, elapsed)),
      };
      if (!begun) bar.start(Math.max(1, progress.persons), progress.out, payload);
      begun = true;
      bar.update(progress.out, payload);
    },
    stop: () => {
      if (begun) bar.stop();
    },
  };
}

function createLines(): ProgressDisplay {
  const started = performance.now();
  let shownAt = 0;
  return {
    update: (progress) => {
      const elapsed = (performance.now() - started) / 1000;
      if (elapsed - shownAt < LINE_INTERVAL) return;
      shownAt = elapsed;
      const now = describe(progress, elapsed);
      const remaining = formatDuration(estimateRemaining(progress, elapsed));
      process.stderr.write(
        `t ${now.time} s, ${now.out} of ${now.persons} out, ${now.unconscious} unconscious, ${now.dead} dead, ${now.speed} × real time, ETA ${remaining}\n`,
      );
    },
    stop: () => {},
  };
}

function describe(progress: RunProgress, elapsed: number) {
  return {
    time: progress.time.toFixed(1),
    out: progress.out,
    persons: progress.persons,
    unconscious: progress.unconscious,
    dead: progress.dead,
    speed: elapsed > 0 ? (progress.time / elapsed).toPrecision(2) : '–',
  };
}

function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
