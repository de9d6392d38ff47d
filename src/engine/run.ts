import { assert, blockLanes, hashOfBlocks, hashText } from '../math/index.ts';
import {
  createTraceWriter,
  type Frame,
  NOT_PRESENT,
  type RunHeader,
  type RunOutcome,
  type TraceEvent,
  TraceState,
} from '../trace/index.ts';
import {
  allocate,
  BLOCK_WORDS,
  lengthOfParts,
  PersonHarm,
  PersonState,
  prepareFields,
  SEGMENT_FLOATS,
  SegmentKind,
  stateBlocks,
  stateParts,
  type World,
  writeWords,
} from '../world/index.ts';
import { scheduleOf } from './apply-schedule.ts';
import { type CrewSettings, createCrew, type Helper } from './crew.ts';
import { createCrossroads } from './crossroads.ts';
import { describeRun } from './describe-run.ts';
import { DOSE } from './dose.ts';
import { DECISIONS_PER_SECOND, type Engine, timeNow } from './engine.ts';
import { FALLS } from './falls.ts';
import { createSettleScratch } from './find-around.ts';
import { createKernel, instantiateKernel, type KernelBuild, type KernelFunctions } from './kernel/kernel.ts';
import { PHYSICS } from './kernel/physics.ts';
import { SCRATCH_BYTES } from './kernel/table.ts';
import { createMinds } from './minds.ts';
import { PUSH, speedFactorOf, timeGapOf } from './motivation.ts';
import { type ModelParameters, type Varied, variedOf } from './parameters.ts';
import { createCast } from './roles/cast.ts';
import type { Run, RunOptions, RunProgress, RunResult, SnapshotInfo } from './run-types.ts';
import { isLookingRound } from './search-way.ts';
import { hangLeaf } from './set-door.ts';
import { encodeSnapshot, restoreSnapshot } from './snapshot.ts';
import { countWaitingOutside, isAnybodyDueLater, listComing, tellNeverArrived } from './stages/arrive.ts';
import { createStageTables } from './stages/stage-tables.ts';
import { step } from './step.ts';
import { createStopwatch, type Stopwatch } from './stopwatch.ts';
import { validateWorld } from './validate-world.ts';
import { ENGINE_VERSION } from './version.ts';

/** With nobody left who could still go, a run ends after this long without progress [decisions]. */
const NOBODY_LEFT_TICKS = 100;

/** What tests and studies may put in place of the standard. */
export interface EngineParts extends Partial<ModelParameters> {
  readonly makeFunctions?: (memory: WebAssembly.Memory) => KernelFunctions;
  /** The build of the kernel, for helpers too; what the host can run by default. It changes no byte of any result. */
  readonly kernel?: KernelBuild;
  readonly crew?: CrewSettings;
}

/** Hash of the state, as `stateParts` tells it: equal states, equal text (16 hex digits). */
export function hashState(world: World): string {
  const parts = stateParts(world);
  const words = new Int32Array(BLOCK_WORDS);
  const lanes = stateBlocks(parts).map(({ part, first, words: count }) => {
    if (part.kind === 'bytes')
      return blockLanes(world.views.u8.subarray(part.from + 4 * first, part.from + 4 * (first + count)));
    const written = words.subarray(0, count);
    writeWords(world, part, first, written);
    return blockLanes(new Uint8Array(words.buffer, 0, 4 * count));
  });
  return hashOfBlocks(lanes, lengthOfParts(parts));
}

/** Hash of the state; of a run with varied parameters mixed with them, so that it is never taken for one of the standard. */
function hashOfRun({ kernel, crew }: Engine, varied: Varied | undefined): string {
  const hash = kernel.hashState(crew);
  return varied === undefined ? hash : hashText(`${hash} ${JSON.stringify(varied)}`);
}

/** Puts the kernel and the engine's own tables onto a freshly compiled world. */
export function createEngine(
  world: World,
  seed: number,
  emit: (event: TraceEvent) => void,
  parts: EngineParts = {},
  helpers: readonly Helper[] = [],
  stopwatch: Stopwatch = createStopwatch(),
  emitEach: Engine['emitEach'] = (alike, which, persons, count) => {
    for (let k = 0; k < count; k++) emit({ ...alike[which[k]], person: persons[k] });
  },
): Engine {
  const laws = { physics: parts.physics ?? PHYSICS, falls: parts.falls ?? FALLS, dose: parts.dose ?? DOSE };
  const crossroads = createCrossroads(world);
  const { makeFunctions = (memory) => instantiateKernel(memory, parts.kernel) } = parts;
  const kernel = createKernel(world, crossroads, laws, makeFunctions);
  const scratches = helpers.map(() => allocate(world, SCRATCH_BYTES));
  const crew = createCrew(kernel, world.memory, helpers, scratches, { kernel: parts.kernel, ...parts.crew });
  const { persons, segments } = world.views;
  const leafOfDoor = new Int32Array(world.doors.length).fill(-1);
  for (let s = 0; s < world.segmentCount; s++) {
    if (segments[SEGMENT_FLOATS * s + 7] === SegmentKind.leaf) leafOfDoor[segments[SEGMENT_FLOATS * s + 8]] = s;
  }
  for (let i = 0; i < world.personCount; i++) {
    persons.timeGap[i] = timeGapOf(persons.motivation[i]);
    persons.levelSpeed[i] = persons.freeSpeed[i] * speedFactorOf(persons.motivation[i]);
    persons.pace[i] = 1;
    persons.bodyRadius[i] = persons.radius[i];
    persons.bestPotential[i] = Number.POSITIVE_INFINITY;
  }
  return {
    world,
    kernel,
    crew,
    seed,
    dose: laws.dose,
    falls: laws.falls,
    stiffness: laws.physics.stiffness,
    scratch: createSettleScratch(world.personCount),
    routes: new Map(),
    routeOf: new Array(world.personCount).fill(undefined),
    routeLast: undefined,
    crossroads,
    leafOfDoor,
    schedule: scheduleOf({ world }),
    minds: createMinds(world),
    cast: createCast(world),
    stages: createStageTables(world),
    coming: listComing(world),
    emit,
    emitEach,
    stopwatch,
    pushForces: parts.push ?? PUSH,
  };
}

/**
 * Starts a run of a world that was compiled with `scenario.settings.seed`, or goes on with one (`options.resumeFrom`).
 * Same scenario and seed: the same bytes of state at every tick, on every machine. Parameters in `parts` other than the standard
 * are named in the header (`varied`), and the scenario hash and state hashes of such a run are others than the standard's.
 * @throws Error where the snapshot does not belong to the world (check with `readSnapshotInfo` before).
 */
export function createRun(world: World, options: RunOptions, parts: EngineParts = {}): Run {
  const { settings } = world.scenario;
  const { seed } = settings;
  const varied = variedOf(parts);
  const header = describeRun(world, varied);
  let resumed: SnapshotInfo | undefined;
  const emit = (event: TraceEvent) => writer.event(event);
  const stopwatch = createStopwatch(options.clock);
  const emitEach: Engine['emitEach'] = (...told) => writer.eventEach(...told);
  const engine = createEngine(world, seed, emit, parts, options.helpers, stopwatch, emitEach);
  stopwatch.lap('set up');
  prepareFields(world);
  stopwatch.lap('travel fields');
  if (options.resumeFrom !== undefined) {
    const { info, problem } = restoreSnapshot(world, options.resumeFrom, {
      engine: ENGINE_VERSION,
      scenarioHash: header.scenarioHash,
      seed,
    });
    if (info === undefined) {
      engine.crew.close();
      throw new Error(`the snapshot cannot be used: ${problem}`);
    }
    for (const { index } of world.doors) hangLeaf(engine, index);
    resumed = info;
  }
  const writer = createTraceWriter(
    options.sink,
    header,
    resumed && { frames: resumed.frameBytes, events: resumed.eventBytes },
  );
  const snapshotTicks = Math.round((options.snapshotSeconds ?? 10) * DECISIONS_PER_SECOND);
  const recordEvery = DECISIONS_PER_SECOND / settings.rates.record;
  const endTick = Math.round(settings.end.time * DECISIONS_PER_SECOND);
  const stalledTicks = Math.round(settings.end.stalled * DECISIONS_PER_SECOND);
  const frame = createFrame(world.personCount);
  let outcome: RunOutcome = 'running';

  function outcomeNow(): RunOutcome {
    const { clock, persons } = world.views;
    if (clock.outCount[0] === world.personCount) return 'everyone-out';
    const tick = clock.tick[0];
    if (tick >= endTick) return 'time-over';
    const still = tick - clock.lastProgressTick[0];
    if (still < NOBODY_LEFT_TICKS || clock.nextEvent[0] < engine.schedule.length) return 'running';
    if (isAnybodyDueLater(engine)) return 'running';
    let going = countWaitingOutside(engine);
    for (let i = 0; i < world.personCount; i++) {
      const state = persons.state[i];
      if (state === PersonState.waiting) {
        if (persons.startTime[i] !== Number.POSITIVE_INFINITY) return 'running';
        // who can still be alerted by what they hear or see does not end the run before it has stalled
        if (world.views.groups.hearing !== undefined || world.views.groups.contagion !== undefined) going++;
      }
      if (state === PersonState.walking && persons.harm[i] < PersonHarm.unconscious) going++;
      else if (isLookingRound(engine, i)) going++;
    }
    return going === 0 || still >= stalledTicks ? 'stalled' : 'running';
  }

  function record(): void {
    if (options.frames === false) return;
    fillFrame(world, frame, recordEvery);
    writer.frame(frame);
  }

  function snapshot(): Uint8Array {
    writer.flush();
    const { frames, events } = writer.offsets();
    return encodeSnapshot(world, {
      engine: ENGINE_VERSION,
      scenarioHash: header.scenarioHash,
      seed,
      tick: world.views.clock.tick[0],
      frameBytes: frames,
      eventBytes: events,
    });
  }

  function advance(ticks: number): boolean {
    for (let k = 0; k < ticks && outcome === 'running'; k++) {
      step(engine);
      if (options.validate) validateWorld(world);
      const tick = world.views.clock.tick[0];
      stopwatch.lap('between steps');
      if (tick % recordEvery === 0) record();
      stopwatch.lap('record');
      if (tick % DECISIONS_PER_SECOND === 0)
        emit({ t: timeNow(world), type: 'state-hash', hash: hashOfRun(engine, varied) });
      outcome = outcomeNow();
      if (outcome === 'running' && options.onSnapshot !== undefined && tick % snapshotTicks === 0) {
        options.onSnapshot(snapshot());
      }
    }
    return outcome !== 'running';
  }

  function finish(): { result: RunResult; header: RunHeader } {
    const stateHash = hashOfRun(engine, varied);
    engine.crew.close();
    if (outcome === 'running') outcome = 'interrupted';
    const { persons, clock } = world.views;
    const endTime = timeNow(world);
    if (outcome !== 'interrupted') tellNeverArrived(engine);
    emit({ t: endTime, type: 'run-ended', outcome, out: clock.outCount[0], stateHash });
    writer.flush();
    const count = (harm: number) => persons.harm.reduce((sum, value) => sum + (value === harm ? 1 : 0), 0);
    const result: RunResult = {
      outcome,
      endTime,
      out: clock.outCount[0],
      injured: count(PersonHarm.injured),
      unconscious: count(PersonHarm.unconscious),
      dead: count(PersonHarm.dead),
      stateHash,
    };
    return { result, header: { ...header, outcome, endTime, stateHash } };
  }

  function progress(): RunProgress {
    const { clock } = world.views;
    const { harm } = world.views.persons;
    let unconscious = 0;
    let dead = 0;
    for (let i = 0; i < world.personCount; i++) {
      if (harm[i] < PersonHarm.unconscious) continue;
      if (harm[i] === PersonHarm.dead) dead++;
      else unconscious++;
    }
    return {
      time: timeNow(world),
      endTime: settings.end.time,
      persons: world.personCount,
      out: clock.outCount[0],
      unconscious,
      dead,
      done: outcome !== 'running',
    };
  }

  if (resumed === undefined) {
    emit({ t: 0, type: 'run-started', persons: world.personCount });
    record();
  } else {
    outcome = outcomeNow();
  }
  return { header, progress, advance, finish, profile: stopwatch.profile, snapshot };
}

type MutableFrame = { -readonly [K in keyof Frame]: Frame[K] };

function createFrame(count: number): MutableFrame {
  return {
    number: 0,
    x: new Float64Array(count),
    y: new Float64Array(count),
    sheet: new Uint16Array(count),
    chestLoad: new Float32Array(count),
    state: new Uint8Array(count),
  };
}

/** State of the world as a frame, in plan coordinates; whoever is past an exit is not present any more, whoever has not come not yet. */
function fillFrame(world: World, frame: MutableFrame, recordEvery: number): void {
  const { clock } = world.views;
  const { x, y, sheet, chestLoad, state, harm, posture } = world.views.persons;
  const due = world.views.groups.arrivals?.due;
  const [originX, originY] = world.origin;
  assert(clock.tick[0] % recordEvery === 0, 'frames fall on ticks');
  frame.number = clock.tick[0] / recordEvery;
  for (let i = 0; i < world.personCount; i++) {
    const gone = state[i] === PersonState.leaving || state[i] === PersonState.out;
    frame.x[i] = x[i] + originX;
    frame.y[i] = y[i] + originY;
    frame.sheet[i] = gone ? NOT_PRESENT : sheet[i];
    frame.chestLoad[i] = gone ? 0 : chestLoad[i];
    const activity = due !== undefined && due[i] >= 0 ? TraceState.absent : state[i];
    frame.state[i] = activity | (harm[i] << 4) | (posture[i] << 6);
  }
}
