import { expect, test } from 'vitest';
import type { ScenarioInput } from '../../scenario/index.ts';
import { makeScenario, makeWorld, memorySink, runToEnd } from '../run.test-support.ts';
import { createRun } from '../run.ts';

const PROFILE = { id: 'p', freeSpeed: 1.2, body: { radius: 0.2, mass: 75 } };

function corridor(more: Partial<ScenarioInput>) {
  return makeScenario({
    levels: [
      {
        id: 'g',
        outlines: [
          [
            [0, 0],
            [40, 0],
            [40, 4],
            [0, 4],
          ],
        ],
      },
    ],
    exits: [
      {
        id: 'out',
        level: 'g',
        line: [
          [40, 0.5],
          [40, 3.5],
        ],
      },
    ],
    profiles: [PROFILE],
    populations: [{ id: 'one', level: 'g', position: [1, 2], profile: 'p' }],
    settings: { end: { time: 400 } },
    ...more,
  });
}

/** When the person was at x [s]. */
function timeAt(scenario: ReturnType<typeof corridor>, marks: readonly number[]): number[] {
  const found: number[] = [];
  let before = [0, 0];
  runToEnd(scenario, {}, (world) => {
    const t = world.views.clock.tick[0] / 10;
    const x = world.views.persons.x[0] + world.origin[0];
    for (const mark of marks.slice(found.length)) {
      if (x < mark) break;
      found.push(before[0] + ((mark - before[1]) / (x - before[1])) * (t - before[0]));
    }
    before = [t, x];
  });
  return found;
}

test.each([0.5, 0.25, 1.5])('ten metres within a zone of factor %d take 1 / factor of the time', (speed) => {
  const zone = {
    id: 'z',
    level: 'g',
    polygon: [
      [10, 0],
      [30, 0],
      [30, 4],
      [10, 4],
    ] as [number, number][],
    speed,
  };
  const [a, b] = timeAt(corridor({}), [15, 25]);
  const [c, d] = timeAt(corridor({ zones: [zone] }), [15, 25]);
  expect((d - c) / (b - a)).toBeCloseTo(1 / speed, 2);
  expect(b - a).toBeCloseTo(10 / 1.2, 1);
});

test('zones that lie over each other multiply, and the region of a waypoint with a speed is one', () => {
  const polygon: [number, number][] = [
    [10, 0],
    [30, 0],
    [30, 4],
    [10, 4],
  ];
  const [a, b] = timeAt(
    corridor({
      zones: [{ id: 'z', level: 'g', polygon, speed: 0.5 }],
      waypoints: [{ id: 'w', level: 'g', polygon, speed: 0.8 }],
      itineraries: [{ id: 'i', stops: ['w'] }],
      populations: [{ id: 'one', level: 'g', position: [1, 2], profile: 'p', itinerary: 'i' }],
    }),
    [15, 25],
  );
  expect(b - a).toBeCloseTo(10 / (1.2 * 0.4), 1);
});

test.each([
  [
    'line',
    {
      line: [
        [40, 0.5],
        [40, 3.5],
      ] as [[number, number], [number, number]],
    },
  ],
  [
    'region',
    {
      polygon: [
        [37, 0],
        [40, 0],
        [40, 4],
        [37, 4],
      ] as [number, number][],
    },
  ],
])('an exit of 0.8 /s that is a %s lets out 40 persons in 39 / 0.8 s', (_, place) => {
  const { events, result } = runToEnd(
    corridor({
      exits: [{ id: 'out', level: 'g', ...place, throughput: 0.8 }],
      populations: [
        {
          id: 'many',
          level: 'g',
          polygon: [
            [20, 0.5],
            [35, 0.5],
            [35, 3.5],
            [20, 3.5],
          ],
          count: 40,
          profile: 'p',
        },
      ],
    }),
  );
  expect(result.outcome).toBe('everyone-out');
  const out = events.filter((e) => e.type === 'person-out').map(({ t }) => t);
  const flow = (out.length - 1) / (out.at(-1)! - out[0]);
  expect(Math.abs(flow / 0.8 - 1)).toBeLessThan(0.02);
});

test('an exit that lets out more than come slows nobody down', () => {
  const many = {
    populations: [
      {
        id: 'many',
        level: 'g',
        polygon: [
          [20, 0.5],
          [35, 0.5],
          [35, 3.5],
          [20, 3.5],
        ] as [number, number][],
        count: 5,
        profile: 'p',
      },
    ],
  };
  const last = (exits: ScenarioInput['exits']) =>
    runToEnd(corridor({ ...many, exits }))
      .events.filter((e) => e.type === 'person-out')
      .at(-1)!.t;
  const line: [[number, number], [number, number]] = [
    [40, 0.5],
    [40, 3.5],
  ];
  const free = last([{ id: 'out', level: 'g', line }]);
  expect(Math.abs(last([{ id: 'out', level: 'g', line, throughput: 20 }]) - free)).toBeLessThan(0.3);
});

/** Everything at once, for what must hold of any run. */
function terminal() {
  return makeScenario({
    levels: [
      {
        id: 'g',
        outlines: [
          [
            [0, 0],
            [30, 0],
            [30, 12],
            [0, 12],
          ],
        ],
      },
    ],
    exits: [
      {
        id: 'gate',
        level: 'g',
        line: [
          [30, 3],
          [30, 5],
        ],
        throughput: 0.5,
      },
    ],
    profiles: [{ id: 'q', freeSpeed: { distribution: 'normal', mean: 1.3, sd: 0.2, min: 0.7, max: 2 } }],
    waypoints: [
      {
        id: 'desk',
        level: 'g',
        position: [14, 6],
        radius: 0.6,
        dwell: { distribution: 'uniform', min: 2, max: 5 },
        capacity: 2,
        places: [
          [12.5, 6],
          [11.7, 6],
          [10.9, 6],
          [10.1, 6],
        ],
      },
      {
        id: 'shop',
        level: 'g',
        polygon: [
          [18, 7],
          [24, 7],
          [24, 11],
          [18, 11],
        ],
        dwell: 8,
        speed: 0.8,
      },
    ],
    itineraries: [{ id: 'i', stops: ['desk', { any: [{ waypoint: 'shop', share: 1 }, { share: 1 }] }], end: ['gate'] }],
    diversions: [
      {
        id: 'd',
        level: 'g',
        polygon: [
          [4, 0],
          [8, 0],
          [8, 12],
          [4, 12],
        ],
        chance: 0.2,
        to: [{ itinerary: 'i' }],
      },
    ],
    zones: [
      {
        id: 'z',
        level: 'g',
        polygon: [
          [15, 0],
          [18, 0],
          [18, 12],
          [15, 12],
        ],
        speed: 0.6,
      },
    ],
    populations: [
      {
        id: 'first',
        level: 'g',
        polygon: [
          [0.5, 4],
          [4, 4],
          [4, 8],
          [0.5, 8],
        ],
        count: 8,
        profile: 'q',
        itinerary: 'i',
      },
      {
        id: 'later',
        level: 'g',
        polygon: [
          [0.5, 0.5],
          [4, 0.5],
          [4, 4],
          [0.5, 4],
        ],
        profile: 'q',
        itinerary: 'i',
        arrives: { rate: 0.5, to: 40 },
      },
    ],
    settings: { end: { time: 300 } },
  });
}

test('a run that is stopped anywhere and goes on from its snapshot ends in the same state', () => {
  const scenario = terminal();
  const whole = runToEnd(scenario).result;
  expect(whole.outcome).toBe('everyone-out');
  for (const ticks of [7, 133, 520]) {
    const first = createRun(makeWorld(scenario), { sink: memorySink() });
    first.advance(ticks);
    const snapshot = first.snapshot();
    const second = createRun(makeWorld(scenario), { sink: memorySink(), resumeFrom: snapshot });
    while (!second.advance(100));
    expect(second.finish().result).toEqual(whole);
  }
});
