/** Made-up runs for the tests and benches of this folder; not part of its public face. */
import { randomUnit } from '../math/index.ts';
import { createFrameBlock, type FrameBlock } from './chunk-format.ts';
import { type Frame, NOT_PRESENT, type RunHeader, type TraceEvent, type TraceSink } from './trace.ts';

/** A header for so many persons in one room of 20 m × 10 m, with a second sheet above it. */
export function makeHeader(personCount: number, change: Partial<RunHeader> = {}): RunHeader {
  const room: [number, number][] = [
    [0, 0],
    [20, 0],
    [20, 10],
    [0, 10],
  ];
  const column: [number, number][] = [
    [4, 4],
    [4, 5],
    [5, 5],
    [5, 4],
  ];
  return {
    format: 'crashbar-run',
    version: 1,
    engine: '0.1.0',
    name: 'made up',
    scenarioHash: '0123456789abcdef',
    scenario: { anything: [1, 'two', null] },
    seed: 7,
    frameRate: 10,
    quantum: 0.001,
    sheets: [
      { id: 'ground', kind: 'level', plane: [0, 0, 0], polygons: [[room, column]] },
      { id: 'stairs, north', kind: 'link', plane: [1, 0.5, 0], polygons: [[room]] },
    ],
    portals: [
      {
        id: 'way-out',
        kind: 'exit',
        sheet: 0,
        line: [
          [20, 4],
          [20, 6],
        ],
        width: 2,
        exit: 'way-out',
        areas: ['room', 'outside'],
      },
    ],
    persons: Array.from({ length: personCount }, (_, i) => ({
      population: 'all',
      profile: 'adult',
      radius: 0.2,
      mass: 70 + i,
      freeSpeed: 1.34,
    })),
    outcome: 'running',
    endTime: 0,
    stateHash: '',
    ...change,
  };
}

/**
 * Walkers with inertia and jerks (up to 5 m/s²) and loads that come and go; every third leaves after 60 % of the frames.
 * `far`: plan coordinates of the corner [m].
 */
export function makeWalk(personCount: number, frameCount: number, seed = 1, far = 0): FrameBlock {
  const block = createFrameBlock(0, frameCount, personCount);
  for (let person = 0; person < personCount; person++) {
    let x = 20 * randomUnit(seed, 1, person, 0);
    let y = 10 * randomUnit(seed, 1, person, 1);
    let vx = 0;
    let vy = 0;
    let load = 0;
    for (let frame = 0; frame < frameCount; frame++) {
      const row = frame * personCount + person;
      vx += 0.2 * (1.2 - vx) + randomUnit(seed, 2, person, frame) - 0.5;
      vy += 0.2 * (0.4 - vy) + randomUnit(seed, 3, person, frame) - 0.5;
      x += 0.1 * vx;
      y += 0.1 * vy;
      load = 0.8 * load + (person % 4 === 0 ? 60 * randomUnit(seed, 4, person, frame) : 0);
      block.x[row] = x + far;
      block.y[row] = y + far;
      block.chestLoad[row] = load;
      block.sheet[row] = x > 15 ? 1 : 0;
      block.state[row] = 1 + (person % 5 === 0 ? 16 : 0);
      if (person % 3 === 0 && frame > 0.6 * frameCount) {
        block.sheet[row] = NOT_PRESENT;
        block.state[row] = 3;
        // What is not there may hold anything.
        block.x[row] = Number.NaN;
        block.chestLoad[row] = Number.NaN;
      }
    }
  }
  return block;
}

/** One frame of a block, as an engine hands it over. */
export function frameOf(block: FrameBlock, frame: number): Frame {
  const from = frame * block.personCount;
  const to = from + block.personCount;
  return {
    number: block.firstFrame + frame,
    x: block.x.slice(from, to),
    y: block.y.slice(from, to),
    sheet: block.sheet.slice(from, to),
    chestLoad: block.chestLoad.slice(from, to),
    state: block.state.slice(from, to),
  };
}

/** A sink that keeps the bytes of both files. */
export function memorySink(): TraceSink & { frames(): Uint8Array; events(): Uint8Array } {
  const files: Record<'frames.bin' | 'events.ndjson', Uint8Array[]> = { 'frames.bin': [], 'events.ndjson': [] };
  const join = (parts: Uint8Array[]): Uint8Array => {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  };
  return {
    append: (file, bytes) => void files[file].push(bytes.slice()),
    frames: () => join(files['frames.bin']),
    events: () => join(files['events.ndjson']),
  };
}

/** Events of a run, one of each kind of field. */
export const EVENTS: readonly TraceEvent[] = [
  { t: 0, type: 'run-started', persons: 9 },
  { t: 0.1, type: 'person-started', person: 3 },
  { t: 1.5, type: 'exit-chosen', person: 3, exit: 'Süd', why: 'found-locked' },
  { t: 2, type: 'door-found-locked', person: 3, door: 'd1', state: 'chained', first: true },
  { t: 2.5, type: 'door-opened', door: 'd2', by: 'schedule' },
  { t: 4, type: 'person-dead', person: 1, x: 1.25, y: 3, sheet: 0, chestLoad: 5100.5, dose: 1 },
  { t: 5, type: 'run-ended', outcome: 'stalled', out: 1, stateHash: 'ffffffffffffffff' },
];
