import { expect, test } from 'vitest';
import type { ScenarioInput } from '../scenario/index.ts';
import type { TraceEvent } from '../trace/index.ts';
import { makeScenario, runToEnd } from './run.test-support.ts';

type Doors = NonNullable<ScenarioInput['doors']>;

/** A room of 6 × 6 m; its door of 1 m in the wall x = 6, the line upwards, so that the room is to its left. */
function makeRoom(door: Partial<Doors[number]>, populations: ScenarioInput['populations'], end = 60, motivation = 0) {
  return makeScenario({
    levels: [
      {
        id: 'ground',
        outlines: [
          [
            [0, 0],
            [6, 0],
            [6, 6],
            [0, 6],
          ],
        ],
      },
    ],
    doors: [
      {
        id: 'door',
        level: 'ground',
        line: [
          [6, 2.5],
          [6, 3.5],
        ],
        state: 'closed',
        ...door,
      },
    ],
    exits: [{ id: 'out', door: 'door' }],
    profiles: [{ id: 'person', motivation }],
    populations,
    settings: { end: { time: end } },
  });
}
const one = (x: number, y: number) => ({
  id: `at ${x} ${y}`,
  level: 'ground',
  position: [x, y] as [number, number],
  profile: 'person',
});
const crowd = {
  id: 'crowd',
  level: 'ground',
  polygon: [
    [1, 1],
    [5.5, 1],
    [5.5, 5],
    [1, 5],
  ] as [number, number][],
  count: 50,
  profile: 'person',
};
const ofType = <T extends TraceEvent['type']>(events: readonly TraceEvent[], type: T) =>
  events.filter((event): event is TraceEvent & { readonly type: T } => event.type === type);

test('a door with a closer shuts when nobody was in it for its time, and opens again to the next', () => {
  const { events, result } = runToEnd(makeRoom({ closer: 0.5 }, [one(4, 3), one(0.5, 0.5)]));
  const opened = ofType(events, 'door-opened').map(({ t }) => t);
  const closed = ofType(events, 'door-closed');
  expect(result.out).toBe(2);
  expect(closed.length).toBeGreaterThan(0);
  expect(closed.every(({ by }) => by === 'closer')).toBe(true);
  expect(closed[0].t - opened[0]).toBeGreaterThanOrEqual(0.5);
});

test('an inward door lets somebody alone out, and stays shut against a crowd that presses', () => {
  const alone = runToEnd(makeRoom({ pull: 500, swing: 'left' }, [one(4, 3)]));
  expect(alone.result.out).toBe(1);
  expect(ofType(alone.events, 'door-hindered')).toEqual([]);
  const pressed = runToEnd(makeRoom({ pull: 500, swing: 'left' }, [crowd], 30, 1));
  expect(pressed.result.out).toBe(0);
  expect(ofType(pressed.events, 'door-hindered')[0]).toMatchObject({ door: 'door' });
  expect(ofType(pressed.events, 'door-hindered')[0].inSweep).toBeGreaterThan(0);
});

test('the same crowd goes out by the same door where it opens outward, or asks for no room', () => {
  expect(runToEnd(makeRoom({ pull: 500, swing: 'right' }, [crowd], 60, 1)).result.out).toBe(50);
  expect(runToEnd(makeRoom({ swing: 'left' }, [crowd], 60, 1)).result.out).toBe(50);
});

test('which end of the line is named first decides what is left: a door drawn the other way round swings the other way', () => {
  const reversed: Partial<Doors[number]> = {
    line: [
      [6, 3.5],
      [6, 2.5],
    ],
    pull: 500,
  };
  expect(runToEnd(makeRoom({ ...reversed, swing: 'right' }, [crowd], 30, 1)).result.out).toBe(0);
  expect(runToEnd(makeRoom({ ...reversed, swing: 'left' }, [crowd], 60, 1)).result.out).toBe(50);
});
