import { expect, test } from 'vitest';
import type { TraceEvent } from '../trace/index.ts';
import { listPersonsNotOut } from './not-out.ts';
import { groupRowsByPerson } from './person-rows.ts';
import { makeHeader, makeTrajectory, TWO_ROOMS } from './synthetic-trace.test-support.ts';
import { measureStages } from './waypoints.ts';

const header = makeHeader({
  sheets: [TWO_ROOMS],
  scenario: {
    waypoints: [
      { id: 'desk', level: 'ground floor', position: [2, 3], radius: 1, places: [[1, 3]] },
      {
        id: 'shop',
        level: 'nowhere',
        polygon: [
          [0, 0],
          [1, 0],
          [0, 1],
        ],
      },
    ],
    zones: [
      {
        id: 'mud',
        level: 'ground floor',
        polygon: [
          [0, 0],
          [1, 0],
          [0, 1],
        ],
        speed: 0.5,
      },
    ],
    populations: [{ id: 'late', arrives: { times: [1] } }],
  },
  persons: [0, 1, 2, 3].map(() => ({ population: 'late', profile: '', radius: 0.2, mass: 75, freeSpeed: 1 })),
});
const at = (t: number, what: 'reached' | 'served' | 'left', person: number): TraceEvent => ({
  t,
  type: `waypoint-${what}`,
  person,
  waypoint: 'desk',
});
const measure = (events: readonly TraceEvent[]) =>
  measureStages({ header, trajectory: makeTrajectory(10, []), events, damage: [] });

test('waits, stays, the longest line and the flow of a waypoint are those of its events', () => {
  const { waypoints } = measure([
    at(10, 'reached', 0),
    at(10, 'served', 0),
    at(12, 'reached', 1),
    at(13, 'reached', 2),
    at(20, 'left', 0),
    at(20, 'served', 1),
    at(30, 'left', 1),
    at(30, 'served', 2),
    at(44, 'left', 2),
  ]);
  expect(waypoints[0]).toMatchObject({
    id: 'desk',
    sheet: 0,
    places: [[1, 3]],
    reached: 3,
    served: 3,
    left: 3,
    skipped: 0,
    // 0, 8 and 17 s
    waited: { mean: 25 / 3, median: 8, longest: 17 },
    // 10, 10 and 14 s
    stayed: { mean: 34 / 3, median: 10, longest: 14 },
    line: { persons: 2, t: 13 },
    flow: 2 / 24,
  });
  expect(waypoints[0]?.outline).toHaveLength(24);
  for (const [x, y] of waypoints[0]!.outline) expect(Math.hypot(x - 2, y - 3)).toBeCloseTo(1, 12);
  expect(waypoints[1]).toMatchObject({ id: 'shop', sheet: null, reached: 0, waited: null, line: null, flow: null });
});

test('who gives up waiting counts in the line until then and has no wait', () => {
  const { waypoints } = measure([
    at(1, 'reached', 0),
    at(2, 'reached', 1),
    { t: 5, type: 'itinerary-left', person: 0, why: 'alerted' },
    at(6, 'reached', 2),
    { t: 7, type: 'waypoint-skipped', person: 3, waypoint: 'desk', reason: 'no-known-way' },
  ]);
  expect(waypoints[0]).toMatchObject({ reached: 3, served: 0, left: 0, skipped: 1, line: { persons: 2, t: 2 } });
});

test('zones are told with their place, and arrivals are counted', () => {
  const { zones, arrivals } = measure([
    { t: 3, type: 'person-arrived', person: 0, x: 1, y: 1, sheet: 0, waited: 0 },
    { t: 9, type: 'person-arrived', person: 1, x: 1, y: 1, sheet: 0, waited: 2.5 },
    { t: 60, type: 'person-never-arrived', person: 2, due: 4 },
  ]);
  expect(zones).toMatchObject([{ id: 'mud', sheet: 0, speed: 0.5 }]);
  expect(arrivals).toEqual({ arrived: 2, neverArrived: 1, waitedLongest: 2.5 });
  expect(measureStages({ header: makeHeader(), trajectory: makeTrajectory(10, []), events: [], damage: [] })).toEqual({
    waypoints: [],
    zones: [],
    arrivals: null,
  });
});

test('who had not come, and who was at a waypoint, did not get out for that reason', () => {
  const trajectory = makeTrajectory(10, [
    [0, 0, 2, 3],
    [0, 1, 5, 5],
  ]);
  const events: TraceEvent[] = [
    ...[0, 1].map((person): TraceEvent => ({ t: 0, type: 'person-arrived', person, x: 1, y: 1, sheet: 0, waited: 0 })),
    at(1, 'reached', 0),
    at(2, 'reached', 1),
    at(3, 'left', 1),
  ];
  const list = listPersonsNotOut({ header, trajectory, events, damage: [] }, [], [], groupRowsByPerson(trajectory));
  expect(list.map(({ reason }) => reason)).toEqual(['at-waypoint', 'walking', 'not-arrived', 'not-arrived']);
});
