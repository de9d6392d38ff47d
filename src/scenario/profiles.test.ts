import { expect, test } from 'vitest';
import { BUILT_IN_PROFILES, DEFAULT_PROFILE_ID, findProfile } from './profiles.ts';
import { profileSchema, type Scenario, scenarioSchema } from './schema.ts';
import { validateScenario } from './validate-scenario.ts';

test('a scenario’s own profile wins over the built-in one of the same id', () => {
  const own = profileSchema.parse({ id: 'man', freeSpeed: 1 });
  expect(findProfile({ profiles: [own] }, 'man')).toBe(own);
  expect(findProfile({ profiles: [] }, 'man')?.body).toEqual({ table: 'men' });
  expect(findProfile({ profiles: [] }, 'nobody')).toBeUndefined();
  expect(findProfile({ profiles: [] }, DEFAULT_PROFILE_ID)?.freeSpeed).toMatchObject({ mean: 1.34, sd: 0.26 });
});

test('the built-in profiles would pass as a scenario’s own, without even a warning', () => {
  const scenario: Scenario = scenarioSchema.parse({
    crashbar: 1,
    name: 'x',
    levels: [
      {
        id: 'g',
        outlines: [
          [
            [0, 0],
            [9, 0],
            [9, 9],
          ],
        ],
      },
    ],
    exits: [
      {
        id: 'o',
        line: [
          [0, 0],
          [9, 0],
        ],
      },
    ],
    profiles: BUILT_IN_PROFILES,
    populations: BUILT_IN_PROFILES.map(({ id }) => ({ id, level: 'g', count: 1, profile: id })),
  });
  expect(validateScenario(scenario)).toEqual([]);
  expect(new Set(BUILT_IN_PROFILES.map((profile) => profile.id)).size).toBe(17);
});

test('the stair speeds of the IMO classes come out within 0.01 m/s of the circular’s bands', () => {
  // MSC.1/Circ.1533: class → stairs down min, max, stairs up min, max [m/s].
  const bands: Record<string, [number, number, number, number]> = {
    'imo-female-under-30': [0.56, 0.94, 0.47, 0.79],
    'imo-female-30-50': [0.49, 0.81, 0.44, 0.74],
    'imo-female-over-50': [0.45, 0.75, 0.37, 0.61],
    'imo-female-over-50-impaired-1': [0.34, 0.56, 0.28, 0.46],
    'imo-female-over-50-impaired-2': [0.29, 0.49, 0.23, 0.39],
    'imo-male-under-30': [0.76, 1.26, 0.5, 0.84],
    'imo-male-30-50': [0.64, 1.07, 0.47, 0.79],
    'imo-male-over-50': [0.5, 0.84, 0.38, 0.64],
    'imo-male-over-50-impaired-1': [0.38, 0.64, 0.29, 0.49],
    'imo-male-over-50-impaired-2': [0.33, 0.55, 0.25, 0.41],
  };
  for (const [id, [downMin, downMax, upMin, upMax]] of Object.entries(bands)) {
    const { freeSpeed, stairFactor } = findProfile({ profiles: [] }, id)!;
    const { min, max } = freeSpeed as { min: number; max: number };
    expect(Math.abs(min * stairFactor.down - downMin), `${id} down min`).toBeLessThan(0.01);
    expect(Math.abs(max * stairFactor.down - downMax), `${id} down max`).toBeLessThan(0.01);
    expect(Math.abs(min * stairFactor.up - upMin), `${id} up min`).toBeLessThan(0.01);
    expect(Math.abs(max * stairFactor.up - upMax), `${id} up max`).toBeLessThan(0.01);
  }
});
