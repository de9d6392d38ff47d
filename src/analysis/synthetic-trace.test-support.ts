import { exactCos, exactSin, randomUnit } from '../math/index.ts';
import type { RunHeader, Trace, TraceEvent, TracePortal, TraceSheet, Trajectory } from '../trace/index.ts';
import { TraceState } from '../trace/index.ts';

/** Builds a trajectory from rows [frame, person, x, y] in any order. */
export function makeTrajectory(
  frameRate: number,
  rows: readonly (readonly [number, number, number, number])[],
  extra: { readonly chestLoad?: readonly number[]; readonly state?: readonly number[] } = {},
): Trajectory {
  const order = rows.map((_, k) => k).sort((a, b) => rows[a]![0] - rows[b]![0] || rows[a]![1] - rows[b]![1]);
  const frameCount = rows.reduce((most, row) => Math.max(most, row[0] + 1), 0);
  const frameStart = new Int32Array(frameCount + 1);
  for (const row of rows) frameStart[row[0] + 1]! += 1;
  for (let f = 0; f < frameCount; f += 1) frameStart[f + 1]! += frameStart[f]!;
  return {
    frameRate,
    frameCount,
    frameStart,
    person: Int32Array.from(order, (k) => rows[k]![1]),
    x: Float64Array.from(order, (k) => rows[k]![2]),
    y: Float64Array.from(order, (k) => rows[k]![3]),
    sheet: new Uint16Array(rows.length),
    ...(extra.chestLoad ? { chestLoad: Float32Array.from(order, (k) => extra.chestLoad![k]!) } : {}),
    ...(extra.state ? { state: Uint8Array.from(order, (k) => extra.state![k]!) } : {}),
  };
}

/** A header for a trace that has only what its test is about. */
export function makeHeader(parts: Partial<RunHeader> = {}): RunHeader {
  return {
    format: 'crashbar-run',
    version: 1,
    engine: '0.1.0',
    name: 'test',
    scenarioHash: '0123456789abcdef',
    scenario: { crashbar: 1, name: 'test' },
    seed: 1,
    frameRate: 10,
    quantum: 0.001,
    sheets: [],
    portals: [],
    persons: [],
    outcome: 'everyone-out',
    endTime: 0,
    stateHash: 'fedcba9876543210',
    ...parts,
  };
}

const WALL = 0.2;
/** Hall 16 × 10 m, room 10 × 10 m beyond an opening 2 m wide in a wall 0.2 m thick. */
export const TWO_ROOMS: TraceSheet = {
  id: 'ground floor',
  kind: 'level',
  plane: [0, 0, 0],
  polygons: [
    [
      [
        [0, 0],
        [16, 0],
        [16, 4],
        [16 + WALL, 4],
        [16 + WALL, 0],
        [26, 0],
        [26, 10],
        [16 + WALL, 10],
        [16 + WALL, 6],
        [16, 6],
        [16, 10],
        [0, 10],
      ],
      [
        [19, 6.5],
        [21, 6.5],
        [21, 8],
        [19, 8],
      ],
    ],
  ],
};

export const TWO_ROOMS_PORTALS: readonly TracePortal[] = [
  {
    id: 'portal-fire-exit',
    kind: 'exit',
    sheet: 0,
    line: [
      [0, 4.4],
      [0, 5.6],
    ],
    width: 1.2,
    door: 'fire exit',
    exit: 'fire exit',
    areas: ['outside', 'hall'],
  },
  {
    id: 'portal-opening',
    kind: 'opening',
    sheet: 0,
    line: [
      [16.1, 4],
      [16.1, 6],
    ],
    width: 2,
    areas: ['hall', 'room'],
  },
  {
    id: 'portal-garden-door',
    kind: 'exit',
    sheet: 0,
    line: [
      [26, 4.5],
      [26, 5.5],
    ],
    width: 1,
    door: 'garden door',
    exit: 'garden door',
    areas: ['room', 'outside'],
  },
];

export interface LockedExitOptions {
  readonly name?: string;
  readonly description?: string;
  readonly persons?: number;
  /** How many of the front are killed, and how many knocked out. */
  readonly dead?: number;
  readonly unconscious?: number;
  readonly seed?: number;
}

/**
 * A scripted run (no physics): a crowd walks to a chained fire exit, packs in front of it, the front is crushed, the rest
 * give up one by one from the back and leave by the garden door at 1.4 persons/s. Two latecomers never start.
 */
export function makeLockedExitTrace(options: LockedExitOptions = {}): Trace {
  const count = options.persons ?? 120;
  const dead = options.dead ?? 4;
  const unconscious = options.unconscious ?? 3;
  const seed = options.seed ?? 7;
  const frameRate = 10;
  // Places in the pack: half rings around the exit, 0.4 m apart.
  const places: [number, number][] = [];
  for (let ring = 0; places.length < count; ring += 1) {
    const radius = 0.25 + 0.4 * ring;
    const inRing = Math.max(2, Math.floor((Math.PI * radius) / 0.42));
    for (let k = 0; k < inRing; k += 1) {
      const angle = ((k + 0.5) / inRing - 0.5) * Math.PI;
      places.push([radius * exactCos(angle) + 0.05, 5 + radius * exactSin(angle)]);
    }
  }
  const events: TraceEvent[] = [
    { t: 0, type: 'run-started', persons: count },
    { t: 2, type: 'persons-alerted', event: 'fire alarm', persons: count - 2 },
  ];
  const rows: [number, number, number, number][] = [];
  const chestLoad: number[] = [];
  const state: number[] = [];
  let touched = false;
  let served = 0;
  const lost = dead + unconscious;
  const walk = 1.3;
  const lastGiveUp = 40 + (count - lost) * 0.7;
  const endTime = lastGiveUp + 60;
  // Those at the back give up first.
  for (let person = 0; person < count; person += 1) {
    const unit = (draw: number): number => randomUnit(seed, 1, person, draw);
    const homeX = 4 + 11 * unit(0);
    const homeY = 0.6 + 8.8 * unit(1);
    const idle = person >= count - 2;
    const [placeX, placeY] = places[person]!;
    const start = 4 + 6 * unit(2);
    const toPlace = Math.hypot(placeX - homeX, placeY - homeY);
    const arrive = start + toPlace / walk;
    const stays = person < lost;
    const leave = stays ? Number.POSITIVE_INFINITY : 40 + (count - 1 - person) * 0.7;
    if (!idle) {
      events.push({ t: start, type: 'person-started', person });
      events.push({ t: start, type: 'exit-chosen', person, exit: 'fire exit', why: 'start' });
      if (person < 30) {
        events.push({
          t: arrive,
          type: 'door-found-locked',
          person,
          door: 'fire exit',
          state: 'chained',
          first: !touched,
        });
        touched = true;
      }
      if (Number.isFinite(leave)) {
        events.push({ t: leave, type: 'gave-up-waiting', person, portal: 'portal-fire-exit' });
        events.push({ t: leave, type: 'exit-chosen', person, exit: 'garden door', why: 'gave-up' });
      }
    }
    const bend = Math.hypot(15 - placeX, 5 - placeY);
    const outAt = leave + (bend + 11.2) / walk;
    const injuredAt = 30 + person;
    const faintAt = 42 + 2 * person;
    const deadAt = 60 + 5 * person;
    for (let f = 0; f <= endTime * frameRate; f += 1) {
      const t = f / frameRate;
      let x = homeX;
      let y = homeY;
      let activity: number = TraceState.waiting;
      let load = 0;
      let harm = 0;
      if (!idle && t >= start) {
        activity = TraceState.walking;
        const share = Math.min(1, ((t - start) * walk) / toPlace);
        x = homeX + share * (placeX - homeX);
        y = homeY + share * (placeY - homeY);
        if (t >= arrive) {
          const pressing = Math.max(0, Math.min(1, (t - 18) / 15)) * (t < lastGiveUp ? 1 : 0.3);
          load = pressing * Math.max(0, 1700 - 45 * person) * (0.9 + 0.2 * randomUnit(seed, 2, person, f));
          x += 0.02 * (randomUnit(seed, 3, person, f) - 0.5);
          y += 0.02 * (randomUnit(seed, 4, person, f) - 0.5);
        }
        if (t >= leave) {
          load = 0;
          const way = (t - leave) * walk;
          if (way < bend) {
            x = placeX + (way / bend) * (15 - placeX);
            y = placeY + (way / bend) * (5 - placeY);
          } else {
            x = 15 + way - bend;
            y = 5 + 0.3 * (unit(5) - 0.5);
          }
          if (x > 26) activity = TraceState.leaving;
          if (x > 26.6) break;
        }
        if (stays) {
          if (t >= injuredAt) harm = 1;
          if (t >= faintAt) harm = 2;
          if (t >= deadAt && person < dead) harm = 3;
        }
      }
      rows.push([f, person, x, y]);
      chestLoad.push(load);
      state.push(activity | (harm << 4));
    }
    if (Number.isFinite(leave) && !idle) {
      events.push({
        t: leave + (bend + 1.1) / walk,
        type: 'portal-crossed',
        person,
        portal: 'portal-opening',
        direction: 1,
      });
      events.push({ t: outAt, type: 'person-out', person, exit: 'garden door' });
      served += 1;
    }
    if (stays) {
      const at = { person, x: placeX, y: placeY, sheet: 0, portal: 'portal-fire-exit', chestLoad: 1700 - 45 * person };
      events.push({ t: injuredAt, type: 'person-injured', ...at, dose: 0.05 });
      events.push({ t: faintAt, type: 'person-unconscious', ...at, dose: 0.1 });
      if (person < dead) events.push({ t: deadAt, type: 'person-dead', ...at, dose: 1 });
    }
  }
  const injuredOut = lost + 1;
  events.push({
    t: 39,
    type: 'person-injured',
    person: injuredOut,
    x: places[injuredOut]![0],
    y: places[injuredOut]![1],
    sheet: 0,
    portal: 'portal-fire-exit',
    chestLoad: 1200,
    dose: 0.06,
  });
  events.push({ t: endTime, type: 'run-ended', outcome: 'stalled', out: served, stateHash: 'fedcba9876543210' });
  events.sort((a, b) => a.t - b.t);
  const name = options.name ?? 'Hall with a chained fire exit';
  return {
    header: makeHeader({
      name,
      seed,
      sheets: [TWO_ROOMS],
      portals: TWO_ROOMS_PORTALS,
      persons: Array.from({ length: count }, (_, person) => ({
        population: person >= count - 2 ? 'sleepers' : 'guests',
        profile: 'adult',
        radius: 0.19,
        mass: 75,
        freeSpeed: walk,
      })),
      outcome: 'stalled',
      endTime,
      scenario: {
        crashbar: 1,
        name,
        description:
          options.description ??
          'A hall with two ways out. The nearer one, the fire exit, carries a chain; people find out by trying it.',
        doors: [
          { id: 'fire exit', state: 'chained' },
          { id: 'garden door', state: 'open' },
        ],
        populations: [{ id: 'guests' }, { id: 'sleepers', alertedBy: 'night bell' }],
      },
    }),
    trajectory: makeTrajectory(frameRate, rows, { chestLoad, state }),
    events,
    damage: [],
  };
}
