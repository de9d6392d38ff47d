import { expect, test } from 'vitest';
import type { ScenarioInput } from '../scenario/index.ts';
import type { TraceEvent } from '../trace/index.ts';
import { chanceOfHurt } from './drop-injury.ts';
import { makeScenario, runToEnd } from './run.test-support.ts';

const RISE = 3;

/** A gallery 3 m above a hall, its edge 20 m long; everybody on it goes down the drop, then out. */
function makeGallery(count: number, seed: number, link: Partial<NonNullable<ScenarioInput['links']>[number]> = {}) {
  return makeScenario({
    levels: [
      {
        id: 'hall',
        outlines: [
          [
            [0, 0],
            [20, 0],
            [20, 10],
            [0, 10],
          ],
        ],
      },
      {
        id: 'gallery',
        elevation: RISE,
        outlines: [
          [
            [0, 10.3],
            [20, 10.3],
            [20, 13],
            [0, 13],
          ],
        ],
      },
    ],
    exits: [
      {
        id: 'out',
        level: 'hall',
        line: [
          [2, 0],
          [18, 0],
        ],
      },
    ],
    links: [
      {
        id: 'edge',
        kind: 'drop',
        from: {
          level: 'gallery',
          line: [
            [0.5, 10.3],
            [19.5, 10.3],
          ],
        },
        to: {
          level: 'hall',
          line: [
            [0.5, 10],
            [19.5, 10],
          ],
        },
        ...link,
      },
    ],
    roles: [
      {
        id: 'jumper',
        states: [
          {
            state: 'down',
            do: { act: 'go', to: { area: 'hall floor' }, within: 4, drops: 3.5 },
            next: [{ when: { action: 'ended' }, go: 'out' }],
          },
          { state: 'out', do: { act: 'leave' } },
        ],
      },
    ],
    populations: [{ id: 'jumpers', level: 'gallery', count, role: 'jumper' }],
    settings: { seed, end: { time: 120 } },
  });
}

function withHallArea(scenario: ReturnType<typeof makeGallery>): ReturnType<typeof makeGallery> {
  const hall = scenario.levels[0];
  return {
    ...scenario,
    levels: [{ ...hall, areas: [{ id: 'hall floor', polygon: hall.outlines[0] }] }, scenario.levels[1]],
  };
}

const drops = (events: readonly TraceEvent[]) =>
  events.flatMap((event) => (event.type === 'drop-taken' ? [event] : []));

test('everybody whose role takes drops goes down the edge, and nobody else has another way', () => {
  const { events, world } = runToEnd(withHallArea(makeGallery(12, 3)));
  const taken = drops(events);
  expect(new Set(taken.map(({ person }) => person)).size).toBe(12);
  expect(taken.every(({ height }) => height === RISE)).toBe(true);
  for (const { person } of taken) expect(world.sheets[world.views.persons.sheet[person]].id).toBe('hall');
});

test('the share hurt in a fall of 3 m is a half, within three standard errors of a binomial', () => {
  let hurt = 0;
  let all = 0;
  for (let seed = 1; seed <= 10; seed++) {
    for (const { outcome, onto, height } of drops(runToEnd(withHallArea(makeGallery(20, seed))).events)) {
      if (onto >= 0) continue;
      expect(height).toBe(RISE);
      all++;
      if (outcome !== 'unhurt') hurt++;
    }
  }
  const chance = chanceOfHurt(RISE, false, false);
  expect(all).toBeGreaterThan(150);
  expect(Math.abs(hurt / all - chance)).toBeLessThan(3 * Math.sqrt((chance * (1 - chance)) / all));
});

test('who can hang first falls 1 m instead of 3 m, and a railing takes 2 to 4 s to climb', () => {
  const free = drops(runToEnd(withHallArea(makeGallery(1, 5))).events);
  const railed = drops(runToEnd(withHallArea(makeGallery(1, 5, { rail: 1.1, hang: true }))).events);
  expect(railed[0].height).toBeCloseTo(1, 9);
  // the same person comes to the edge at about the same time; without a railing one lets go after 0.5 s and falls 0.3 s longer
  expect(railed[0].t - free[0].t).toBeGreaterThan(1);
  expect(railed[0].t - free[0].t).toBeLessThan(3.8);
});

test('one lands where nobody stands while there is room', () => {
  const { events } = runToEnd(withHallArea(makeGallery(6, 2)));
  expect(drops(events).every(({ onto }) => onto === -1)).toBe(true);
});
