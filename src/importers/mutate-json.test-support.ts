import fc from 'fast-check';

/** A JSON value with another value in the `at`-th of its places, counted from the outside in; the value itself where it has fewer. */
export function mutateJson(value: unknown, at: number, change: unknown): unknown {
  let left = at;
  const visit = (part: unknown): unknown => {
    if (left-- === 0) return change;
    if (Array.isArray(part)) return part.map(visit);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, visit(inner)]));
  };
  return visit(value);
}

/** How many places a JSON text has, or a few more. */
export function countPlaces(text: string): number {
  return text.split(/[[{,:]/).length;
}

/** What to put there: any JSON, numbers at their limits, and words and shapes of these formats in the wrong place. */
export function anyChange(...own: unknown[]): fc.Arbitrary<unknown> {
  const common = [-1, 0, 1e300, 1e-300, '', 'CIRCLE', 'NaN', [[]], {}, [1, 1], [{ x: 1, y: 1 }], null];
  return fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.double(), fc.constantFrom(...common, ...own));
}

/** Errors by which a scenario does not fit its own format: a reader that makes one is at fault, not its file. */
export const ERRORS_OF_FORM: readonly string[] = [
  'unknown-name',
  'itinerary-circle',
  'missing-field',
  'wrong-type',
  'wrong-length',
  'duplicate-id',
  'unknown-exit',
  'unknown-profile',
  'unknown-level',
  'out-of-range',
  'not-finite',
  'unknown-field',
  'unknown-word',
  'arrivals-need-one',
  'arrivals-field',
  'arrivals-endless',
  'population-needs-one',
  'polygon-self-crossing',
  'polygon-no-area',
  'duplicate-corner',
  'waypoint-needs-one',
  'branch-needs-one',
  'itinerary-or-role',
];
