import { assert } from '../math/index.ts';
import { isShared } from '../world/index.ts';
import { instantiateKernel, type KernelBuild, type KernelFunctions, PHASES, type PhaseName } from './kernel/kernel.ts';
import { CREW_FAILURE_MAX, CREW_WORDS } from './kernel/table.ts';

/*
 * A crew is the thread that steps the world (the caller) and the helpers that share its memory. A job is one phase of the
 * kernel over the items 0 … count − 1. Whoever is free takes the next piece of it, so a helper that the system has put aside
 * holds nobody up, and one that has not started yet is not waited for. Phases are in gather form: each item's result is the
 * same whoever computes it, so how the pieces fell is nowhere in the state.
 *
 *   caller:  write the job · open the gate · take pieces until none is left · close the gate · wait until nobody is active
 *   helper:  wait for an open gate · active + 1 · look at the gate again, leave if it is shut · take pieces · active − 1
 *
 * All of these are sequentially consistent atomics. So either a helper sees the gate shut and touches nothing, or the caller
 * sees it active and waits: no helper ever takes a piece of a job with the words of another.
 * Not even ranges, one a thread: crowds are dense in places and cores are lent to other programs, and all would wait for the slowest.
 */

/** Smallest piece of a job by default [items]. */
const CHUNK_MIN = 64;
/** Pieces are multiples of a cache line of a column [items], so that no two threads write one line. */
const LINE = 16;
/** Pieces for each thread: the last one is what the others wait for. */
const CHUNKS_PER_THREAD = 16;
/**
 * Looks at a word before a thread goes to sleep. The caller's: some tens of microseconds, what the last piece may take. A helper's: half a
 * millisecond, over which it is there at once for the next of several jobs in a row; waking it costs more than a small job.
 */
const SPINS_CALLER = 20_000;
const SPINS_HELPER = 200_000;
/** Jobs of fewer items than this wake nobody [items]; who is awake takes part. */
const WAKE_ITEMS = 1000;
/** A wait is cut into slices [ms], so that a process that was stopped for a while has waited one slice only. */
const SLICE_MS = 100;
/** How long the caller waits for an active helper before it takes it for dead [ms]; a piece takes some milliseconds at most. */
const PATIENCE_MS = 10_000;

/** `phase` of a crew that has been sent home. */
const HOME = -1;

/** A thread that the host has started and that hands every message it gets to `serveCrew`: a `Worker` of Node or of a browser. */
export interface Helper {
  postMessage(message: HelperStart): void;
}

/** What a helper is told; can be cloned to another thread. */
export interface HelperStart {
  readonly memory: WebAssembly.Memory;
  /** 1 for the first helper; the caller is 0. */
  readonly number: number;
  /** Offset of scratch that is this helper's own. */
  readonly scratch: number;
  /** The build of the kernel that it runs; what its host can run by default. */
  readonly kernel?: KernelBuild;
}

/** What tests may set otherwise. */
export interface CrewSettings {
  /** Smallest piece of a job [items]; a job of less than two is not shared out. Default 64. */
  readonly chunkMin?: number;
  /** Jobs of fewer items wake nobody. Default 1000. */
  readonly wakeItems?: number;
  /** How long an active helper may take to answer before it is taken for dead [ms]. Default 10 000. */
  readonly patienceMs?: number;
  /** The build of the kernel that helpers run. */
  readonly kernel?: KernelBuild;
}

/** The threads that work on one world. */
export interface Crew {
  /** The caller's thread included. */
  readonly threads: number;
  /**
   * Does `phase` for the items 0 … `count` − 1 and returns when all are done. With one thread a plain call.
   * @throws HelperFailure where a helper's phase threw or a helper does not answer; the state is then of no use.
   */
  readonly run: (phase: PhaseName, count: number, argument: number) => void;
  /** Sends the helpers home: they return from `serveCrew` and may serve another crew. No `run` after it. */
  readonly close: () => void;
}

/** A helper threw, or is gone. What has been recorded is good, the state in memory is not. */
export class HelperFailure extends Error {
  override readonly name = 'HelperFailure';
}

/** A crew of the caller alone: no atomics, no cost. */
export function createLoneCrew(functions: KernelFunctions): Crew {
  return {
    threads: 1,
    run: (phase, count, argument) => functions[phase](0, count, argument),
    close: () => undefined,
  };
}

/**
 * Makes a crew of the caller and `helpers` on a shared memory whose tables are set up.
 * In a browser the caller must be a worker itself: a page's own thread may not sleep, so it would spin.
 * @param scratches offsets of scratch in the memory, one a helper
 */
export function createCrew(
  functions: KernelFunctions,
  memory: WebAssembly.Memory,
  helpers: readonly Helper[],
  scratches: readonly number[],
  { chunkMin = CHUNK_MIN, wakeItems = WAKE_ITEMS, patienceMs = PATIENCE_MS, kernel }: CrewSettings = {},
): Crew {
  if (helpers.length === 0) return createLoneCrew(functions);
  assert(isShared(memory), 'helpers need a memory that threads can share');
  const words = new Int32Array(memory.buffer);
  const floats = new Float32Array(memory.buffer);
  const { gate, next, active, sleepers } = CREW_WORDS;
  const threads = helpers.length + 1;
  const sleep = canSleep(words);
  let closed = false;
  helpers.forEach((helper, index) => {
    helper.postMessage({ memory, number: index + 1, scratch: scratches[index], kernel });
  });

  function turnGate(wakes: boolean): void {
    Atomics.add(words, gate, 1);
    if (wakes && Atomics.load(words, sleepers) > 0) Atomics.notify(words, gate);
  }

  function waitForHelpers(): void {
    let slices = 0;
    let spins = 0;
    for (;;) {
      const count = Atomics.load(words, active);
      if (count === 0) return;
      if (!sleep || spins < SPINS_CALLER) spins++;
      else if (Atomics.wait(words, active, count, SLICE_MS) === 'timed-out' && ++slices * SLICE_MS >= patienceMs) {
        throw new HelperFailure(`${count} of ${threads - 1} helper threads did not answer for ${patienceMs / 1000} s`);
      }
    }
  }

  function run(phase: PhaseName, count: number, argument: number): void {
    assert(!closed, 'a crew that was sent home does no more jobs');
    if (count < 2 * chunkMin) {
      functions[phase](0, count, argument);
      return;
    }
    const pieces = threads * CHUNKS_PER_THREAD;
    const chunk = Math.max(chunkMin, LINE * Math.ceil(count / (LINE * pieces)));
    words[CREW_WORDS.phase] = PHASES.indexOf(phase);
    words[CREW_WORDS.count] = count;
    words[CREW_WORDS.chunk] = chunk;
    floats[CREW_WORDS.argument] = argument;
    Atomics.store(words, next, 0);
    turnGate(count >= wakeItems);
    takePieces(functions, words, phase, count, chunk, argument);
    Atomics.add(words, gate, 1);
    waitForHelpers();
    const failed = Atomics.load(words, CREW_WORDS.failed);
    if (failed !== 0) throw new HelperFailure(`helper thread ${failed} failed in ${phase}: ${readFailure(words)}`);
  }

  function close(): void {
    if (closed) return;
    closed = true;
    // The gate then stays open, so that a helper that is only now starting goes home too.
    words[CREW_WORDS.phase] = HOME;
    if (Atomics.load(words, gate) % 2 !== 0) Atomics.add(words, gate, 1);
    turnGate(true);
  }
  return { threads, run, close };
}

/**
 * A helper's part: works on jobs until the crew is sent home. Blocks its thread. A phase that throws is told to the caller,
 * and the helper returns.
 * @param makeFunctions `instantiateKernel` by default; tests pass others.
 */
export function serveCrew(
  start: HelperStart,
  makeFunctions: (memory: WebAssembly.Memory, build?: KernelBuild) => KernelFunctions = instantiateKernel,
): void {
  const { memory, number, scratch, kernel } = start;
  const functions = makeFunctions(memory, kernel);
  functions.useScratch(scratch);
  const words = new Int32Array(memory.buffer);
  const floats = new Float32Array(memory.buffer);
  const { gate, active } = CREW_WORDS;
  let served = 0;
  for (;;) {
    const seen = waitForGate(words, served);
    Atomics.add(words, active, 1);
    const now = Atomics.load(words, gate);
    let stays = true;
    if (now % 2 !== 0) {
      served = now;
      const phase = words[CREW_WORDS.phase];
      if (phase === HOME) stays = false;
      else {
        try {
          const { count, chunk, argument } = CREW_WORDS;
          takePieces(functions, words, PHASES[phase], words[count], words[chunk], floats[argument]);
        } catch (error) {
          writeFailure(words, number, error);
          stays = false;
        }
      }
    } else served = seen;
    if (Atomics.sub(words, active, 1) === 1) Atomics.notify(words, active);
    if (!stays) return;
  }
}

/** Returns the gate once it is open for a job that was not served yet. */
function waitForGate(words: Int32Array, served: number): number {
  const { gate, sleepers } = CREW_WORDS;
  let spins = 0;
  for (;;) {
    const value = Atomics.load(words, gate);
    if (value % 2 !== 0 && value !== served) return value;
    if (spins++ < SPINS_HELPER) continue;
    Atomics.add(words, sleepers, 1);
    Atomics.wait(words, gate, value);
    Atomics.sub(words, sleepers, 1);
    spins = 0;
  }
}

/** Takes the next piece of the open job until there is none. */
function takePieces(
  functions: KernelFunctions,
  words: Int32Array,
  phase: PhaseName,
  count: number,
  chunk: number,
  argument: number,
): void {
  const work = functions[phase];
  for (;;) {
    const from = Atomics.add(words, CREW_WORDS.next, chunk);
    if (from >= count) return;
    work(from, Math.min(from + chunk, count), argument);
  }
}

/** Whether this thread may sleep: a page's own may not. */
function canSleep(words: Int32Array): boolean {
  try {
    Atomics.wait(words, CREW_WORDS.gate, Atomics.load(words, CREW_WORDS.gate) + 1, 0);
    return true;
  } catch {
    return false;
  }
}

function writeFailure(words: Int32Array, number: number, error: unknown): void {
  if (Atomics.compareExchange(words, CREW_WORDS.failed, 0, number) !== 0) return;
  const text = (error instanceof Error ? error.message : String(error)).slice(0, CREW_FAILURE_MAX);
  words[CREW_WORDS.failureLength] = text.length;
  for (let k = 0; k < text.length; k++) words[CREW_WORDS.failureText + k] = text.charCodeAt(k);
}

function readFailure(words: Int32Array): string {
  const text = words.subarray(CREW_WORDS.failureText, CREW_WORDS.failureText + words[CREW_WORDS.failureLength]);
  return String.fromCharCode(...text);
}
