import type { z } from 'zod';
import type { Point, Scenario } from './schema.ts';

/**
 * A part of a scenario of which anything may be missing because the schema refused it. Points, lines, polygons and
 * distributions are whole or missing; refused elements of a list leave `undefined`, so that indices stay those of the file.
 */
export type Loose<T> = T extends
  | string
  | number
  | boolean
  | undefined
  | Point
  | readonly Point[]
  | { distribution: string }
  ? T
  : T extends readonly [unknown, ...unknown[]]
    ? T
    : T extends readonly (infer U)[]
      ? readonly (Loose<U> | undefined)[]
      : { readonly [K in keyof T]?: Loose<T[K]> } & { readonly [BROKEN]?: readonly string[] };

export type LooseScenario = Loose<Scenario>;

/** Names of the fields that the file has but the schema refused. */
export const BROKEN: unique symbol = Symbol('broken');

/** Whether the file has a field, be it readable or not. */
export function isGiven(part: object, key: string): boolean {
  const broken = (part as { readonly [BROKEN]?: readonly string[] })[BROKEN];
  return (part as Record<string, unknown>)[key] !== undefined || broken?.includes(key) === true;
}

/**
 * What can be understood of `value` by `schema`: the parsed value where the schema takes it, otherwise its readable
 * parts (see `Loose`), otherwise `undefined`. Never throws. Cost: one parse per level of nesting.
 */
export function salvage(schema: z.core.$ZodType, value: unknown): unknown {
  const parsed = (schema as z.ZodType).safeParse(value);
  if (parsed.success) return parsed.data;
  const def = (schema as z.ZodType).def as unknown as Record<string, unknown> & { type: string };
  switch (def.type) {
    case 'default':
    case 'prefault':
    case 'optional':
      return salvage(def.innerType as z.core.$ZodType, value);
    case 'object':
      return isRecord(value) ? salvageObject(def.shape as Record<string, z.core.$ZodType>, value) : undefined;
    case 'array':
      return Array.isArray(value) && isComposite(def.element as z.core.$ZodType)
        ? value.map((element) => salvage(def.element as z.core.$ZodType, element))
        : undefined;
    case 'union':
      return typeof def.discriminator === 'string' ? salvageOption(def, def.discriminator, value) : undefined;
    default:
      return undefined;
  }
}

function salvageObject(shape: Record<string, z.core.$ZodType>, value: Record<string, unknown>): unknown {
  const readable: Record<PropertyKey, unknown> = {};
  const broken: string[] = [];
  for (const key of Object.keys(shape)) {
    const part = salvage(shape[key], Object.hasOwn(value, key) ? value[key] : undefined);
    if (part !== undefined) readable[key] = part;
    else if (Object.hasOwn(value, key)) broken.push(key);
  }
  readable[BROKEN] = broken;
  return readable;
}

/** The option of a discriminated union that the value names; the fields of the first option where it names none. */
function salvageOption(def: Record<string, unknown>, key: string, value: unknown): unknown {
  if (!isRecord(value) || key === 'distribution') return undefined;
  const options = def.options as z.ZodObject[];
  const option = options.find((candidate) => (candidate.shape[key] as z.ZodType).safeParse(value[key]).success);
  return salvageObject((option ?? options[0]).shape, value);
}

/** Lists of lists and of objects are salvaged element by element; lists of points are whole or nothing. */
function isComposite(schema: z.core.$ZodType): boolean {
  const type = (schema as z.ZodType).def.type;
  return type === 'object' || type === 'array' || type === 'union';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
