import type { Issue } from './issue.ts';
import { errorIssue, showNumber, warningIssue } from './issues.ts';
import { isGiven, type Loose, type LooseScenario } from './salvage.ts';
import type { Distribution, Population, Profile } from './schema.ts';
import { checkPolygon } from './validate-geometry.ts';

/** Most persons that one run holds. */
const PERSONS_MAX = 2_000_000;

/** What a quantity drawn per person may be at all, and what is usual for its middle. */
export interface Band {
  readonly what: string;
  readonly unit: string | undefined;
  readonly possible: readonly [number, number];
  readonly usual: readonly [number, number];
}

const BANDS = {
  freeSpeed: { what: 'free speed', unit: 'm/s', possible: [0.05, 4], usual: [0.3, 2.5] },
  radius: { what: 'contact radius', unit: 'm', possible: [0.08, 0.6], usual: [0.12, 0.3] },
  mass: { what: 'mass', unit: 'kg', possible: [10, 250], usual: [15, 130] },
  motivation: { what: 'motivation', unit: undefined, possible: [0, 1], usual: [0, 1] },
  preMovement: { what: 'pre-movement time', unit: 's', possible: [0, 86_400], usual: [0, 1800] },
  patience: { what: 'patience', unit: 's', possible: [0, Infinity], usual: [5, 3600] },
  susceptibility: { what: 'susceptibility', unit: undefined, possible: [0.05, 20], usual: [0.2, 2] },
  wakeLevel: { what: 'waking level', unit: 'dB', possible: [0, 150], usual: [40, 100] },
  wakeDelay: { what: 'waking time', unit: 's', possible: [0, 3600], usual: [0, 300] },
  trust: { what: 'trust', unit: undefined, possible: [0, 1], usual: [0, 1] },
} as const satisfies Record<string, Band>;

/** Issues of profiles, populations and the number of persons. */
export function checkPeople(scenario: LooseScenario): Issue[] {
  const issues: Issue[] = [];
  scenario.profiles?.forEach((profile, i) => {
    if (profile) issues.push(...checkProfile(profile, `profiles[${i}]`));
  });
  scenario.populations?.forEach((population, i) => {
    if (population) issues.push(...checkPopulation(population, `populations[${i}]`));
  });
  const populations = scenario.populations ?? [];
  if (populations.length === 0 && (scenario.populations !== undefined || !isGiven(scenario, 'populations'))) {
    const message = 'there is nobody in the building; add a population, e.g. with "level" and "count"';
    issues.push(warningIssue('no-population', 'populations', message, { expected: 'at least one', found: '0' }));
  }
  const persons = populations.reduce((sum, population) => sum + (population?.count ?? 0), 0);
  if (persons > PERSONS_MAX) {
    const message = `${persons} persons are more than one run holds; make the populations smaller or split the scenario`;
    issues.push(
      errorIssue('too-many-persons', 'populations', message, { expected: `≤ ${PERSONS_MAX}`, found: `${persons}` }),
    );
  }
  return issues;
}

function checkProfile(profile: Loose<Profile>, path: string): Issue[] {
  const issues: Issue[] = [];
  for (const key of [
    'freeSpeed',
    'motivation',
    'preMovement',
    'patience',
    'susceptibility',
    'wakeLevel',
    'wakeDelay',
    'trust',
  ] as const) {
    const value = profile[key];
    if (value !== undefined) issues.push(...checkDistribution(value as Distribution, BANDS[key], `${path}.${key}`));
  }
  const body = profile.body;
  if (body && 'radius' in body && body.radius !== undefined) {
    issues.push(...checkDistribution(body.radius as Distribution, BANDS.radius, `${path}.body.radius`));
  }
  if (body && 'mass' in body && body.mass !== undefined) {
    issues.push(...checkDistribution(body.mass as Distribution, BANDS.mass, `${path}.body.mass`));
  }
  for (const way of ['up', 'down'] as const) {
    const factor = profile.stairFactor?.[way];
    if (factor === undefined || factor <= 1.2) continue;
    const message = `persons would walk ${showNumber(factor)} times as fast on stairs as on the level; give a share below 1`;
    const make = factor > 3 ? errorIssue : warningIssue;
    const code = factor > 3 ? 'impossible-value' : 'unusual-value';
    issues.push(make(code, `${path}.stairFactor.${way}`, message, { expected: '0 … 1', found: showNumber(factor) }));
  }
  return issues;
}

/** Issues of a number drawn per person: impossible, cut, open, unusual; at most some of them, the worst first. */
export function checkDistribution(value: Distribution, band: Band, path: string): Issue[] {
  const issues: Issue[] = [];
  const unit = band.unit;
  const [lowest, highest] = band.possible;
  const range = Number.isFinite(highest) ? `${lowest} … ${highest}` : `≥ ${lowest}`;
  const inUnit = unit === undefined ? '' : ` ${unit}`;
  const given: [string, number][] = [];
  if (typeof value === 'number') given.push(['', value]);
  else {
    for (const key of ['min', 'mean', 'median', 'max'] as const) {
      const part = (value as Record<string, unknown>)[key];
      if (typeof part === 'number') given.push([`.${key}`, part]);
    }
  }
  for (const [key, number] of given) {
    if (number >= lowest && number <= highest) continue;
    const message = `a ${band.what} of ${number}${inUnit} is impossible; give ${range}${inUnit}`;
    issues.push(errorIssue('impossible-value', path + key, message, { expected: range, found: String(number), unit }));
  }
  const bounds: { readonly min?: number; readonly max?: number } = typeof value === 'number' ? {} : value;
  if (bounds.min !== undefined && bounds.max !== undefined && bounds.min > bounds.max) {
    const message = `"min" ${bounds.min}${inUnit} lies above "max" ${bounds.max}${inUnit}; swap them`;
    issues.push(
      errorIssue('min-above-max', path, message, {
        expected: 'min ≤ max',
        found: `${bounds.min} > ${bounds.max}`,
        unit,
      }),
    );
  } else if (typeof value !== 'number' && value.distribution !== 'uniform') {
    const middle = middleOf(value);
    const outside =
      bounds.min !== undefined && middle < bounds.min
        ? 'below min'
        : bounds.max !== undefined && middle > bounds.max
          ? 'above max'
          : undefined;
    if (outside !== undefined) {
      const message = `the middle of the distribution, ${showNumber(middle)}${inUnit}, lies ${outside}, so most draws are cut; widen min … max or move the middle`;
      issues.push(warningIssue('distribution-cut', path, message, { found: showNumber(middle), unit }));
    }
  }
  if (issues.length > 0) return issues;
  if (typeof value !== 'number' && value.distribution === 'normal') {
    // Beyond three standard deviations lies one draw in 740: rare enough to be silent, common enough to matter in a crowd.
    const below = value.min === undefined && value.mean - 3 * value.sd < lowest;
    const above = value.max === undefined && value.mean + 3 * value.sd > highest;
    if (below || above) {
      const side = below ? 'min' : 'max';
      const message = `${value.mean} ± ${value.sd}${inUnit} without ${side} draws impossible values of the ${band.what}; add "${side}" within ${range}${inUnit}`;
      issues.push(
        warningIssue('distribution-open', path, message, {
          expected: `${side} within ${range}`,
          found: 'nothing',
          unit,
        }),
      );
    }
  }
  const middle = typeof value === 'number' ? value : middleOf(value);
  if (middle < band.usual[0] || middle > band.usual[1]) {
    const usual = `${band.usual[0]} … ${band.usual[1]}`;
    const message = `a ${band.what} around ${showNumber(middle)}${inUnit} is unusual; check its unit, usual is ${usual}${inUnit}`;
    issues.push(warningIssue('unusual-value', path, message, { expected: usual, found: showNumber(middle), unit }));
  }
  return issues;
}

/** Middle of a distribution: its mean or median, roughly, uncut. */
function middleOf(value: Exclude<Distribution, number>): number {
  switch (value.distribution) {
    case 'uniform':
      return (value.min + value.max) / 2;
    case 'normal':
      return value.mean;
    case 'lognormal':
      return value.median;
    case 'weibull':
      return value.scale; // 63 % of the draws lie below
    case 'gamma':
      return value.shape * value.scale;
  }
}

function checkPopulation(population: Loose<Population>, path: string): Issue[] {
  const issues: Issue[] = [];
  const amounts = (['position', 'count', 'density'] as const).filter((key) => isGiven(population, key));
  if (amounts.length !== 1 && !(amounts.length === 0 && isGiven(population, 'arrives'))) {
    const found = amounts.length === 0 ? 'none of them' : amounts.join(' and ');
    const mend = amounts.length === 0 ? 'add the one that fits' : 'keep one and leave the rest out';
    const message = `a population has exactly one of position, count, density; this one has ${found}; ${mend}`;
    const expected = 'exactly one of position, count, density';
    issues.push(errorIssue('population-needs-one', path, message, { expected, found }));
  }
  const places = (['position', 'area', 'polygon'] as const).filter((key) => isGiven(population, key));
  if (places.length > 1) {
    const found = places.join(' and ');
    const message = `a population stands at one place, but this one has ${found}; keep one and leave the rest out`;
    issues.push(
      errorIssue('population-place', path, message, { expected: 'at most one of position, area, polygon', found }),
    );
  }
  if (isGiven(population, 'profile') && isGiven(population, 'profiles')) {
    const message =
      'both "profile" and "profiles" are given; keep "profile" for one kind of person or "profiles" for a mix';
    issues.push(
      errorIssue('profile-or-profiles', path, message, { expected: 'one of profile, profiles', found: 'both' }),
    );
  }
  if (population.profiles?.length === 0) {
    const message = 'the mix of profiles is empty; name at least one, or leave "profiles" out for adults';
    issues.push(errorIssue('empty-mix', `${path}.profiles`, message, { expected: 'at least one', found: '0' }));
  }
  if (population.polygon) issues.push(...checkPolygon(population.polygon, `${path}.polygon`));
  if (population.density !== undefined && population.density > 6) {
    const message = `${population.density} persons per m² is a crush before anything has happened; check the density`;
    issues.push(
      warningIssue('unusual-value', `${path}.density`, message, {
        expected: '≤ 6',
        found: String(population.density),
        unit: '1/m²',
      }),
    );
  }
  return issues;
}
