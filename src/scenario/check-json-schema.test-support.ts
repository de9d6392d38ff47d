/**
 * Whether a value fits a JSON Schema: a second, small reader of the schema we publish, for tests. Knows the keywords
 * that `scenarioJsonSchema` uses and throws at any other, so that none is passed over in silence.
 */
export function fitsJsonSchema(schema: Record<string, unknown>, value: unknown): boolean {
  return Object.entries(schema).every(([keyword, rule]) => {
    const check = KEYWORDS[keyword];
    if (check === undefined) throw new Error(`unknown keyword ${keyword}`);
    return check(rule as never, value, schema);
  });
}

type Schema = Record<string, unknown>;
const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const TYPES: Record<string, (value: unknown) => boolean> = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
};

const KEYWORDS: Record<string, (rule: never, value: unknown, schema: Schema) => boolean> = {
  $schema: () => true,
  $id: () => true,
  title: () => true,
  description: () => true,
  default: () => true,
  type: (rule: string, value) => TYPES[rule](value),
  enum: (rule: unknown[], value) => rule.includes(value),
  const: (rule: unknown, value) => rule === value,
  anyOf: (rule: Schema[], value) => rule.some((option) => fitsJsonSchema(option, value)),
  oneOf: (rule: Schema[], value) => rule.filter((option) => fitsJsonSchema(option, value)).length === 1,
  properties: (rule: Record<string, Schema>, value) =>
    !isObject(value) ||
    Object.keys(rule).every((key) => !Object.hasOwn(value, key) || fitsJsonSchema(rule[key], value[key])),
  required: (rule: string[], value) => !isObject(value) || rule.every((key) => Object.hasOwn(value, key)),
  additionalProperties: (rule: false, value, schema) =>
    rule === false &&
    (!isObject(value) || Object.keys(value).every((key) => Object.hasOwn(schema.properties as Schema, key))),
  prefixItems: (rule: Schema[], value) =>
    !Array.isArray(value) || rule.every((item, i) => i >= value.length || fitsJsonSchema(item, value[i])),
  items: (rule: Schema | false, value, schema) => {
    if (!Array.isArray(value)) return true;
    const rest = value.slice((schema.prefixItems as Schema[] | undefined)?.length ?? 0);
    return rule === false ? rest.length === 0 : rest.every((item) => fitsJsonSchema(rule, item));
  },
  minItems: (rule: number, value) => !Array.isArray(value) || value.length >= rule,
  maxItems: (rule: number, value) => !Array.isArray(value) || value.length <= rule,
  minLength: (rule: number, value) => typeof value !== 'string' || value.length >= rule,
  maxLength: (rule: number, value) => typeof value !== 'string' || value.length <= rule,
  minimum: (rule: number, value) => typeof value !== 'number' || value >= rule,
  maximum: (rule: number, value) => typeof value !== 'number' || value <= rule,
  exclusiveMinimum: (rule: number, value) => typeof value !== 'number' || value > rule,
};
