// Buildings of many areas: what compiling and starting them costs, and how stepping bears storeys that lie above each other.
import { compileWorld, createRun, fieldCosts, hashState, loadScenario } from '../dist/index.js';

const rectangle = (x0, y0, x1, y1) => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];
const line = (ax, ay, bx, by) => [
  [ax, ay],
  [bx, by],
];
const door = (level, id, ends) => ({ id, level, line: ends });

/** A street 10 m wide and `length` m long with `rooms` rooms on either side, one door each; exits at its ends. */
export function street(length, rooms, perRoom) {
  const width = length / rooms;
  const starts = Array.from({ length: rooms }, (_, i) => i * width);
  return {
    crashbar: 1,
    name: `street of ${length} m, ${2 * rooms} rooms`,
    levels: [
      {
        id: 'street',
        outlines: [rectangle(0, 0, length, 22)],
        walls: [6, 16].flatMap((y) => [
          { path: line(0, y, length, y) },
          ...starts.slice(1).map((x) => ({ path: y === 6 ? line(x, 0, x, 6) : line(x, 16, x, 22) })),
        ]),
      },
    ],
    doors: [6, 16].flatMap((y) => starts.map((x, i) => door('street', `${y}/${i}`, line(x + 2, y, x + 3, y)))),
    exits: [
      { id: 'west', level: 'street', line: line(0, 16, 0, 6) },
      { id: 'east', level: 'street', line: line(length, 6, length, 16) },
    ],
    populations: [0.5, 16.5].flatMap((y) =>
      starts.map((x, i) => ({
        id: `${y}/${i}`,
        level: 'street',
        polygon: rectangle(x + 0.5, y, x + width - 0.5, y + 5),
        count: perRoom,
      })),
    ),
    settings: { seed: 7, rates: { record: 1 } },
  };
}

/** `storeys` of 20 m × 8 m, by turns west and east of a stairwell, four rooms on each; `perStorey` persons in them. */
export function tower(storeys, perStorey) {
  const levels = Array.from({ length: storeys }, (_, s) => {
    const x0 = s % 2 === 0 ? 0 : 24;
    return {
      id: `L${s}`,
      elevation: 3 * s,
      outlines: [rectangle(x0, 0, x0 + 20, 8)],
      walls: [line(x0, 5, x0 + 20, 5), ...[5, 10, 15].map((x) => line(x0 + x, 5, x0 + x, 8))].map((path) => ({ path })),
    };
  });
  const west = (s) => (s % 2 === 0 ? 0 : 24);
  return {
    crashbar: 1,
    name: `tower of ${storeys} storeys`,
    levels,
    doors: levels.flatMap(({ id }, s) =>
      [2, 7, 12, 17].map((x) => door(id, `${id}/${x}`, line(west(s) + x, 5, west(s) + x + 1, 5))),
    ),
    links: levels.slice(1).map(({ id }, s) => {
      const [from, to] = s % 2 === 0 ? [20, 24] : [24, 20];
      const y = s % 2 === 0 ? 1 : 3;
      return {
        id: `S${s}`,
        kind: 'stairs',
        from: { level: `L${s}`, line: line(from, y, from, y + 1.2) },
        to: { level: id, line: line(to, y, to, y + 1.2) },
      };
    }),
    exits: [{ id: 'way out', level: 'L0', line: line(0, 4, 0, 2) }],
    populations: levels.map(({ id }, s) => ({
      id,
      level: id,
      polygon: rectangle(west(s) + 0.5, 5.5, west(s) + 19.5, 7.5),
      count: perStorey,
    })),
    settings: { seed: 7, rates: { record: 1 } },
  };
}

/**
 * Compiles, starts and steps each building for ten simulated seconds.
 * @returns rows: `what`, `persons`, `areas`, `compiling`, `starting` (fields included) and `stepping` [s], `rate` [agent-seconds
 *   per second], `fields` and their bytes `fieldBytes`, `memory` [byte], `hash`
 */
export function benchBuildings({ quick = false, tell = () => {} } = {}) {
  const scenarios = quick
    ? [street(100, 10, 3), tower(3, 20)]
    : [street(1000, 100, 5), tower(2, 40), tower(10, 40), tower(40, 40)];
  return scenarios.map((scenario) => {
    const t0 = performance.now();
    const { world, issues } = compileWorld(loadScenario(JSON.stringify(scenario)).scenario);
    if (world === undefined) throw new Error(JSON.stringify(issues));
    const t1 = performance.now();
    const run = createRun(world, { sink: { append() {} } });
    const t2 = performance.now();
    run.advance(100);
    const t3 = performance.now();
    const { built, bytes } = fieldCosts(world);
    const row = {
      what: scenario.name,
      persons: world.personCount,
      areas: world.areas.length,
      compiling: (t1 - t0) / 1000,
      starting: (t2 - t1) / 1000,
      stepping: (t3 - t2) / 1000,
      rate: (10_000 * world.personCount) / (t3 - t2),
      fields: built,
      fieldBytes: bytes,
      memory: world.memory.buffer.byteLength,
      hash: hashState(world),
    };
    tell(row);
    return row;
  });
}
