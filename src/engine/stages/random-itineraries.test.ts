import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ScenarioInput, validateScenario } from '../../scenario/index.ts';
import { makeScenario, makeWorld, memorySink } from '../run.test-support.ts';
import { createRun } from '../run.ts';

/*
 * Scenarios drawn at random, with waypoints of every kind in three rooms, one of them locked, rounds, diversions, arrivals, zones and a throttled
 * exit: no state leaves its bounds, everybody is somewhere, and a run that goes on from a snapshot ends in the same state.
 */

type Waypoint = NonNullable<ScenarioInput['waypoints']>[number];
const rarely = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 1 });

const waypoint = (id: string, x0: number): fc.Arbitrary<Waypoint> =>
  fc
    .record({
      x: fc.double({ min: x0 + 1, max: x0 + 6, noNaN: true }),
      y: fc.double({ min: 1, max: 7, noNaN: true }),
      radius: fc.double({ min: 0.3, max: 1.5, noNaN: true }),
      dwell: rarely(fc.constantFrom<Waypoint['dwell']>(3, { distribution: 'weibull', scale: 4, shape: 1 })),
      capacity: rarely(fc.integer({ min: 1, max: 3 })),
      throughput: rarely(fc.constantFrom(0.5, 1.7)),
      lines: fc.boolean(),
      held: fc.boolean(),
      cycle: rarely(fc.constant({ open: 3, shut: 4 })),
      speed: rarely(fc.constantFrom(0.5, 1.4)),
      leavingSpeed: rarely(fc.constantFrom(0.7, 1.8)),
    })
    .map(({ x, y, lines, held, ...rest }) => ({
      id,
      level: 'g',
      position: [x, y] as [number, number],
      ...(lines ? { places: [0, 1, 2].map((k): [number, number] => [Math.max(x0 + 0.4, x - 1 - 0.7 * k), y]) } : {}),
      ...(held ? { held } : {}),
      ...rest,
    }));

const stop = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'locked'),
  fc.record({
    any: fc.array(
      fc.oneof(
        fc.record({ waypoint: fc.constantFrom('a', 'b', 'c'), share: fc.integer({ min: 1, max: 4 }) }),
        fc.record({ share: fc.integer({ min: 1, max: 4 }) }),
      ),
      { minLength: 1, maxLength: 3 },
    ),
  }),
);

const scenario = fc
  .record({
    seed: fc.integer({ min: 1, max: 1e6 }),
    waypoints: fc.tuple(waypoint('a', 0), waypoint('b', 8), waypoint('c', 0), waypoint('locked', 16)),
    stops: fc.array(stop, { minLength: 1, maxLength: 4 }),
    round: fc.boolean(),
    end: fc.constantFrom<'leave' | 'stay' | string[]>('leave', 'stay', ['left'], ['right']),
    count: fc.integer({ min: 1, max: 25 }),
    rate: fc.constantFrom(0.5, 2),
    alarm: fc.boolean(),
    chance: fc.constantFrom(0.2, 1),
  })
  .map(({ seed, waypoints, stops, round, end, count, rate, alarm, chance }) =>
    makeScenario({
      levels: [
        {
          id: 'g',
          outlines: [
            [
              [0, 0],
              [24, 0],
              [24, 8],
              [0, 8],
            ],
          ],
          walls: [
            {
              path: [
                [8, 0],
                [8, 8],
              ],
            },
            {
              path: [
                [16, 0],
                [16, 8],
              ],
            },
          ],
        },
      ],
      doors: [
        {
          id: 'd',
          level: 'g',
          line: [
            [8, 3.4],
            [8, 4.6],
          ],
        },
        {
          id: 'shut',
          level: 'g',
          line: [
            [16, 3.4],
            [16, 4.6],
          ],
          state: 'locked',
        },
      ],
      exits: [
        {
          id: 'left',
          level: 'g',
          line: [
            [0, 5],
            [0, 3],
          ],
          throughput: 1,
        },
        {
          id: 'right',
          level: 'g',
          polygon: [
            [14, 0],
            [16, 0],
            [16, 1.5],
            [14, 1.5],
          ],
        },
      ],
      waypoints: [...waypoints],
      itineraries: [
        { id: 'i', stops: round ? [...stops, 'a', { any: [{ itinerary: 'i', share: 1 }, { share: 2 }] }] : stops, end },
        { id: 'j', stops: ['b'], end: ['left'] },
      ],
      diversions: [
        {
          id: 'v',
          level: 'g',
          polygon: [
            [9, 0],
            [10, 0],
            [10, 8],
            [9, 8],
          ],
          chance,
          to: [{ itinerary: 'j' }],
        },
      ],
      zones: [
        {
          id: 'z',
          level: 'g',
          polygon: [
            [2, 0],
            [5, 0],
            [5, 8],
            [2, 8],
          ],
          speed: 0.6,
        },
      ],
      populations: [
        {
          id: 'here',
          level: 'g',
          polygon: [
            [0.5, 0.5],
            [7, 0.5],
            [7, 7.5],
            [0.5, 7.5],
          ],
          count,
          itinerary: 'i',
          ...(alarm ? { alertedBy: 'bell' } : {}),
        },
        {
          id: 'later',
          level: 'g',
          polygon: [
            [9, 5],
            [12, 5],
            [12, 7.5],
            [9, 7.5],
          ],
          itinerary: 'i',
          arrives: { rate, to: 10 },
          ...(alarm ? { alertedBy: 'bell' } : {}),
        },
      ],
      events: [
        { id: 'bell', at: 20, do: 'alert', populations: [] },
        ...waypoints.map(({ id }) => ({ at: 12, do: 'release' as const, waypoint: id })),
      ],
      settings: { seed, end: { time: 60, stalled: 30 } },
    }),
  );

test('itineraries drawn at random run, keep everybody on the floor, and resume alike', () => {
  fc.assert(
    fc.property(scenario, fc.integer({ min: 1, max: 300 }), (drawn, ticks) => {
      expect(validateScenario(drawn).filter(({ severity }) => severity === 'error')).toEqual([]);
      const whole = createRun(makeWorld(drawn), { sink: memorySink(), validate: true });
      while (!whole.advance(50));
      const first = createRun(makeWorld(drawn), { sink: memorySink() });
      first.advance(ticks);
      const second = createRun(makeWorld(drawn), { sink: memorySink(), resumeFrom: first.snapshot() });
      while (!second.advance(50));
      expect(second.finish().result).toEqual(whole.finish().result);
    }),
    { numRuns: Number(process.env.CRASHBAR_FUZZ ?? 8), seed: 5 },
  );
});
