import { type Profile, profileSchema, type Scenario } from './schema.ts';

/**
 * Speed classes of IMO MSC.1/Circ.1533: flat, stairs down, stairs up, each min and max of a uniform distribution [m/s].
 * A person keeps their place in the class on stairs, so one factor per direction (ratio of the means) gives both bands
 * to within their rounding.
 */
const IMO_CLASSES: readonly (readonly [
  string,
  'men' | 'women',
  readonly [number, number, number, number, number, number],
])[] = [
  ['imo-female-under-30', 'women', [0.93, 1.55, 0.56, 0.94, 0.47, 0.79]],
  ['imo-female-30-50', 'women', [0.71, 1.19, 0.49, 0.81, 0.44, 0.74]],
  ['imo-female-over-50', 'women', [0.56, 0.94, 0.45, 0.75, 0.37, 0.61]],
  ['imo-female-over-50-impaired-1', 'women', [0.43, 0.71, 0.34, 0.56, 0.28, 0.46]],
  ['imo-female-over-50-impaired-2', 'women', [0.37, 0.61, 0.29, 0.49, 0.23, 0.39]],
  ['imo-male-under-30', 'men', [1.11, 1.85, 0.76, 1.26, 0.5, 0.84]],
  ['imo-male-30-50', 'men', [0.97, 1.62, 0.64, 1.07, 0.47, 0.79]],
  ['imo-male-over-50', 'men', [0.84, 1.4, 0.5, 0.84, 0.38, 0.64]],
  ['imo-male-over-50-impaired-1', 'men', [0.64, 1.06, 0.38, 0.64, 0.29, 0.49]],
  ['imo-male-over-50-impaired-2', 'men', [0.55, 0.91, 0.33, 0.55, 0.25, 0.41]],
  ['imo-crew-female', 'women', [0.93, 1.55, 0.56, 0.94, 0.47, 0.79]],
  ['imo-crew-male', 'men', [1.11, 1.85, 0.76, 1.26, 0.5, 0.84]],
];

/**
 * Profiles that a scenario may name without declaring them. What is not listed here has the schema's default.
 *
 * - `adult`: free speed normal 1.34 ± 0.26 m/s, cut to 0.5 … 2.2. @source Weidmann 1993, Transporttechnik der Fussgänger.
 * - `man`, `woman`, `child`, `elderly`: free speed uniform, mean ± half width 1.35 ± 0.20, 1.15 ± 0.20, 0.90 ± 0.30,
 *   0.80 ± 0.30 m/s. @source Korhonen, Hostikka 2009, FDS+Evac technical reference, VTT Working Papers 119.
 * - `imo-…`: uniform speeds on the flat and on stairs by sex and age. @source IMO MSC.1/Circ.1533 (2016), annex 2.
 *   The source gives speeds only; body tables by sex, stair factors from the means are our choice.
 */
export const BUILT_IN_PROFILES: readonly Profile[] = [
  profileSchema.parse({ id: 'adult' }),
  profileSchema.parse({ id: 'man', body: { table: 'men' }, freeSpeed: uniform(1.15, 1.55) }),
  profileSchema.parse({ id: 'woman', body: { table: 'women' }, freeSpeed: uniform(0.95, 1.35) }),
  profileSchema.parse({ id: 'child', body: { table: 'children' }, freeSpeed: uniform(0.6, 1.2) }),
  profileSchema.parse({ id: 'elderly', body: { table: 'elderly' }, freeSpeed: uniform(0.5, 1.1) }),
  ...IMO_CLASSES.map(([id, table, [min, max, downMin, downMax, upMin, upMax]]) =>
    profileSchema.parse({
      id,
      body: { table },
      freeSpeed: uniform(min, max),
      stairFactor: { up: (upMin + upMax) / (min + max), down: (downMin + downMax) / (min + max) },
    }),
  ),
];

/** Profile of persons whose population names none. */
export const DEFAULT_PROFILE_ID = 'adult';

/**
 * The profile that `id` means in a scenario: the scenario's own of that id wins over the built-in one.
 * Returns `undefined` where there is neither (which `validateScenario` reports as `unknown-profile`).
 */
export function findProfile(scenario: Pick<Scenario, 'profiles'>, id: string): Profile | undefined {
  return (
    scenario.profiles.find((profile) => profile.id === id) ?? BUILT_IN_PROFILES.find((profile) => profile.id === id)
  );
}

function uniform(min: number, max: number) {
  return { distribution: 'uniform' as const, min, max };
}
