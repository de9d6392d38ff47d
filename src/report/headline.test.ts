import { expect, test } from 'vitest';
import type { NotOutReason, RunMeasures } from '../analysis/index.ts';
import { measureRun } from '../analysis/index.ts';
import { makeLockedExitTrace } from '../analysis/synthetic-trace.test-support.ts';
import { composeHeadline, headline } from './headline.ts';

const BASE = measureRun(makeLockedExitTrace({ persons: 12, dead: 0, unconscious: 1 }));

interface Case {
  readonly total: number;
  readonly out?: number;
  readonly lastOut?: number;
  readonly dead?: number;
  readonly unconscious?: number;
  readonly injured?: number;
  readonly inside?: readonly (readonly [NotOutReason, number])[];
  readonly outcome?: RunMeasures['outcome'];
  readonly endTime?: number;
  readonly places?: readonly (readonly [portal: string | null, dead: number, unconscious: number])[];
  readonly damage?: readonly string[];
}

function tell(given: Case): string {
  const dead = given.dead ?? 0;
  const unconscious = given.unconscious ?? 0;
  const inside = given.inside ?? [];
  const measures: RunMeasures = {
    ...BASE,
    outcome: given.outcome ?? 'everyone-out',
    endTime: given.endTime ?? 0,
    damage: given.damage ?? [],
    persons: {
      total: given.total,
      out: given.out ?? 0,
      dead,
      unconscious,
      injured: given.injured ?? 0,
      inside: inside.reduce((sum, [, count]) => sum + count, 0),
    },
    evacuation: { ...BASE.evacuation, lastOut: given.lastOut ?? null },
    casualtyPlaces: (given.places ?? [['portal-fire-exit', dead, unconscious]]).map(([portal, d, u]) => ({
      portal,
      sheet: 0,
      dead: d,
      unconscious: u,
      injured: 0,
      first: 20,
    })),
    notOutCounts: inside.map(([reason, persons]) => ({ reason, persons, portal: null, sheet: 0 })),
  };
  return headline(measures);
}

const CASES: readonly (readonly [Case, string])[] = [
  [{ total: 0 }, 'Nobody was in the building'],
  [{ total: 1, out: 1, lastOut: 30 }, '1 person, out in 30 s'],
  [{ total: 404, out: 404, lastOut: 151.3 }, '404 people, all out in 151 s'],
  [
    { total: 3, out: 3, lastOut: 12, injured: 1 },
    '3 people, all out in 12 s, 1 injured; casualties are an order of magnitude',
  ],
  [
    { total: 46, out: 31, lastOut: 141.2, dead: 15, outcome: 'stalled', endTime: 300 },
    '46 people, 31 out in 141 s, 15 crushed at *fire exit* (chained), all dead (nobody got further; run ended at 300 s); casualties are an order of magnitude',
  ],
  [
    { total: 46, out: 45, lastOut: 141.2, dead: 1, outcome: 'stalled', endTime: 300 },
    '46 people, 45 out in 141 s, 1 crushed at *fire exit* (chained), dead (nobody got further; run ended at 300 s); casualties are an order of magnitude',
  ],
  [
    { total: 20, out: 17, lastOut: 60, unconscious: 3, outcome: 'time-over', endTime: 600 },
    '20 people, 17 out in 60 s, 3 crushed at *fire exit* (chained), all unconscious when the run ended at 10 min; casualties are an order of magnitude',
  ],
  [
    {
      total: 50,
      out: 40,
      lastOut: 99,
      dead: 4,
      unconscious: 2,
      injured: 3,
      inside: [['walking', 4]],
      outcome: 'time-over',
      endTime: 120,
    },
    '50 people, 40 out in 99 s, 6 crushed at *fire exit* (chained): 4 dead, 2 unconscious; 3 injured; 4 still inside, on their way when the run ended at 120 s; casualties are an order of magnitude',
  ],
  [
    {
      total: 50,
      out: 44,
      lastOut: 99,
      dead: 6,
      places: [
        ['portal-opening', 2, 0],
        ['portal-fire-exit', 4, 0],
      ],
    },
    '50 people, 44 out in 99 s, 6 crushed, 4 of them at *fire exit* (chained), all dead; casualties are an order of magnitude',
  ],
  [
    { total: 10, out: 8, lastOut: 44, dead: 2, places: [[null, 2, 0]] },
    '10 people, 8 out in 44 s, 2 crushed on *ground floor*, all dead; casualties are an order of magnitude',
  ],
  [
    { total: 10, out: 8, lastOut: 44, dead: 2, places: [['portal-garden-door', 2, 0]] },
    '10 people, 8 out in 44 s, 2 crushed at *garden door*, all dead; casualties are an order of magnitude',
  ],
  [
    { total: 10, out: 7, lastOut: 44, inside: [['no-known-way', 3]], outcome: 'stalled', endTime: 164 },
    '10 people, 7 out in 44 s, 3 still inside, knowing no way out (nobody got further; run ended at 164 s)',
  ],
  [
    {
      total: 10,
      out: 7,
      lastOut: 44,
      inside: [
        ['no-known-way', 2],
        ['queueing', 1],
      ],
      outcome: 'interrupted',
      endTime: 50,
    },
    '10 people, 7 out in 44 s, 3 still inside (run stopped by hand at 50 s)',
  ],
  [
    { total: 10, inside: [['walking', 10]], outcome: 'running', endTime: 5 },
    '10 people, nobody out: all on their way (run not finished, recorded to 5 s)',
  ],
  [
    { total: 10, out: 10, lastOut: 20, damage: ['chunk 3'] },
    '10 people, all out in 20 s (the record is damaged, numbers may be missing)',
  ],
  [{ total: 12_500, out: 12_500, lastOut: 3725 }, '12\u202f500 people, all out in 1 h 2 min'],
];

for (const [given, expected] of CASES) {
  test(expected, () => {
    expect(tell(given)).toBe(expected);
  });
}

test('names that users gave are parts of their own, whatever they hold', () => {
  const measures = measureRun(makeLockedExitTrace({ persons: 20 }));
  const name = composeHeadline(measures).filter((part) => part.name);
  expect(name).toEqual([{ text: 'fire exit', name: true }]);
});
