import { z } from 'zod';
import { errorIssue, type Issue, issuesFromZod } from '../scenario/index.ts';

/**
 * What a scenario is expected to show, over many seeds: a file beside it. Each expectation holds of a run where all its conditions
 * hold; the whole holds where every expectation does in at least `least` of the seeds. Conditions speak of events by their fields and
 * of frames by places; none names a scene.
 */

const range = z.strictObject({ min: z.number().optional(), max: z.number().optional() });
const field = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()).min(1), range]);

/**
 * Events of a type whose other fields are as given: equal, one of a list, or within a range. `person`, `by`, `from` and `holder` name
 * a population; so may a list.
 */
const filter = z
  .object({ type: z.union([z.string(), z.array(z.string()).min(1)]) })
  .catchall(field)
  .describe('events: their type or types, and fields that must be as given');

const polygon = z
  .array(z.tuple([z.number(), z.number()]))
  .min(3)
  .describe('corners [m]');
const place = z.strictObject({ level: z.string(), polygon });

const least = z.number().optional().describe('the number must not be less');
const most = z.number().optional().describe('nor more');

export const shownSchema = z.union([
  z
    .strictObject({
      count: filter,
      after: filter.optional(),
      wait: z.number().positive().optional(),
      seconds: z.number().positive().optional(),
      before: filter.optional(),
      least,
      most,
    })
    .describe(
      'number of such events; only those from the first event of another kind on, or from `wait` seconds later, for some seconds, or before the first of one',
    ),
  z
    .strictObject({
      follow: z.strictObject({ of: filter, before: filter, next: filter, seconds: z.number().positive() }),
      least,
      most,
    })
    .describe(
      'share of the persons to whom one thing happened before the first event of a kind to whom another has happened so many seconds after it',
    ),
  z
    .strictObject({ persons: filter, of: z.union([filter, z.array(z.string()).min(1)]).optional(), least, most })
    .describe(
      'different persons of such events; as a share of those of other events, or of populations, where `of` is given',
    ),
  z.strictObject({ order: z.array(filter).min(2) }).describe('the first of each come one after the other; all come'),
  z
    .strictObject({
      delay: z.strictObject({ from: filter, to: filter, last: z.boolean().default(false) }),
      least,
      most,
    })
    .describe('from the first event of one kind to the first (or last) of the other at or after it [s]'),
  z
    .strictObject({
      reach: z.strictObject({ share: z.number().min(0).max(1), of: filter, after: filter }),
      least,
      most,
    })
    .describe('time after the first event of a kind by which a share of the events of another has come [s]'),
  z
    .strictObject({
      density: place,
      meanwhile: z.strictObject({ place, most: z.number() }).optional(),
      least,
      most,
    })
    .describe('greatest density in a region over time [1/m²]; and at that moment at most so much in another'),
  z
    .strictObject({
      speed: z.strictObject({ person: z.string(), from: filter, wait: z.number().positive().optional(), to: filter }),
      least,
      most,
    })
    .describe(
      'mean speed of the only person of a population between two events, from `wait` seconds after the first on [m/s]',
    ),
  z
    .strictObject({
      passings: z.strictObject({
        level: z.string(),
        line: z.tuple([z.tuple([z.number(), z.number()]), z.tuple([z.number(), z.number()])]).optional(),
        at: filter.optional(),
        along: z.tuple([z.number(), z.number()]).optional(),
        half: z.number().positive().optional(),
        from: filter,
        wait: z.number().positive().optional(),
        seconds: z.number().positive(),
        but: filter.optional(),
      }),
      least,
      most,
    })
    .describe(
      'persons whose path crosses a line, or one across `along` and `half` to either side of where the first event of a kind happened, within some seconds after an event, or from `wait` seconds later; but none to whom another kind of event happened',
    ),
  z.strictObject({ load: place, least, most }).describe('greatest chest load on anybody in a region [N]'),
  z
    .strictObject({
      motion: z.strictObject({ persons: z.array(z.string()).min(1), from: filter, seconds: z.number().positive() }),
      least,
      most,
    })
    .describe('mean speed of the persons of populations for some seconds after an event [m/s]'),
  z
    .strictObject({ trend: z.strictObject({ of: filter, field: z.string() }), least, most })
    .describe('how a field goes with time over events of a kind: Kendall’s rank correlation, −1 … 1'),
]);

export const expectationsSchema = z.strictObject({
  expectations: z.literal(1).describe('version of this format'),
  name: z.string().min(1),
  scenario: z.string().min(1).describe('file, relative to this one'),
  seeds: z.number().int().min(1).max(10_000).default(20),
  least: z.number().int().min(0).default(18).describe('seeds in which each expectation must hold'),
  beats: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        what: z.string().min(1),
        scenario: z
          .string()
          .min(1)
          .optional()
          .describe('of another scenario than the rest: file, relative to this one'),
        least: z.number().int().min(0).optional().describe('seeds in which it must hold, where that is another number'),
        shown: z.array(shownSchema).min(1),
      }),
    )
    .min(1),
});

export type EventFilter = z.output<typeof filter>;
export type Shown = z.output<typeof shownSchema>;
export type Expectations = z.output<typeof expectationsSchema>;

const number = z.strictObject({ least, most });

export const variantsSchema = z.strictObject({
  variants: z.literal(1).describe('version of this format'),
  name: z.string().min(1),
  seeds: z.number().int().min(2).max(10_000).default(20).describe('every scenario runs with the same seeds'),
  measures: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        what: z.string().min(1),
        unit: z.string().optional(),
        shown: shownSchema.describe('whose number it is'),
      }),
    )
    .min(1),
  scenarios: z
    .array(z.strictObject({ file: z.string().min(1), what: z.string().min(1).describe('how it differs') }))
    .min(1)
    .describe('files, relative to this one'),
  expect: z
    .array(
      z.strictObject({
        measure: z.string().describe('id of a measure'),
        of: z.string().describe('file of a scenario'),
        below: z
          .string()
          .optional()
          .describe('file of the scenario than which it must be less, seed by seed on the mean'),
        median: number.optional().describe('the median over the seeds'),
        always: number.optional().describe('the number with each seed'),
      }),
    )
    .min(1),
});

export type Variants = z.output<typeof variantsSchema>;

/** Reads a file of expectations; `issues` says everything that is wrong with it. */
export function readExpectations(text: string): {
  readonly expectations?: Expectations;
  readonly issues: readonly Issue[];
} {
  const { value, issues } = readAs(expectationsSchema, text);
  return value === undefined ? { issues } : { expectations: value, issues };
}

/** Reads a file that compares variants of a scenario; `issues` says everything that is wrong with it, unknown names included. */
export function readVariants(text: string): { readonly variants?: Variants; readonly issues: readonly Issue[] } {
  const { value, issues } = readAs(variantsSchema, text);
  if (value === undefined) return { issues };
  const measures = value.measures.map(({ id }) => id);
  const files = value.scenarios.map(({ file }) => file);
  const unknown = value.expect.flatMap(({ measure, of, below }, k) => [
    ...checkName(`expect[${k}].measure`, measure, measures, 'unknown-measure'),
    ...checkName(`expect[${k}].of`, of, files, 'unknown-scenario'),
    ...(below === undefined ? [] : checkName(`expect[${k}].below`, below, files, 'unknown-scenario')),
  ]);
  return unknown.length > 0 ? { issues: unknown } : { variants: value, issues };
}

function checkName(path: string, name: string, known: readonly string[], code: string): Issue[] {
  if (known.includes(name)) return [];
  return [errorIssue(code, path, `Nothing here is called “${name}”.`, { expected: known.join(', '), found: name })];
}

function readAs<T extends z.ZodType>(
  schema: T,
  text: string,
): { readonly value?: z.output<T>; readonly issues: readonly Issue[] } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { issues: [errorIssue('not-json', '', `This is not JSON: ${(error as Error).message}.`)] };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { value: parsed.data, issues: [] };
  return { issues: issuesFromZod(parsed.error, schema, value) };
}
