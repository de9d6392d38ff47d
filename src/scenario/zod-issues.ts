import type { z } from 'zod';
import type { Issue } from './issue.ts';
import { errorIssue, formatPath, showShort, suggestWord } from './issues.ts';

type ZodIssue = z.core.$ZodIssue;
type Keys = readonly PropertyKey[];

/**
 * The issues of a failed parse in our words: where, what was expected, what was found, the unit, how to mend it.
 * Of a union only the branch that fits best is told about.
 *
 * @param schema the schema that refused `value`
 */
export function issuesFromZod(error: z.core.$ZodError, schema: z.core.$ZodType, value: unknown): Issue[] {
  return error.issues.flatMap((issue) => explain(issue, [], schema, value));
}

function explain(issue: ZodIssue, base: Keys, schema: z.core.$ZodType, root: unknown): Issue[] {
  const keys = [...base, ...issue.path];
  const path = formatPath(keys);
  const value = valueAt(root, keys);
  const field = fieldAt(schema, keys);
  const unit = field.unit;
  const inUnit = unit === undefined ? '' : ` ${unit}`;
  const name = showName(keys);
  const found = showShort(value);
  switch (issue.code) {
    case 'invalid_type': {
      if (value === undefined) return [missing(keys, field, typeWord(issue.expected))];
      return [wrongType(path, name, typeWord(issue.expected), value, unit)];
    }
    case 'unrecognized_keys': {
      return issue.keys.map((key) => {
        const mend = suggestWord(key, field.names, 'take it out');
        const message = `${JSON.stringify(key)} is no field of ${holderName(keys)}; ${mend}`;
        return errorIssue('unknown-field', formatPath([...keys, key]), message, {
          expected: field.names.join(', '),
          found: key,
        });
      });
    }
    case 'invalid_value': {
      if (value === undefined) return [missing(keys, field, listWords(issue.values))];
      return [wrongWord(path, name, issue.values, value, unit)];
    }
    case 'too_small':
    case 'too_big': {
      const isSmall = issue.code === 'too_small';
      const bound = Number(isSmall ? issue.minimum : issue.maximum);
      if (issue.origin === 'array' || issue.origin === 'string') {
        const isText = issue.origin === 'string';
        const count = (value as { length?: number } | undefined)?.length ?? 0;
        const things = isText ? (bound === 1 ? 'character' : 'characters') : bound === 1 ? 'entry' : 'entries';
        const side = issue.exact ? 'exactly' : isSmall ? 'at least' : 'at most';
        const expected = `${side} ${bound} ${things}`;
        const message = `${name} has ${count} ${isText ? 'characters' : count === 1 ? 'entry' : 'entries'}; give ${expected}${field.hint}`;
        return [errorIssue('wrong-length', path, message, { expected, found: String(count) })];
      }
      const sign = isSmall ? (issue.inclusive ? '≥' : '>') : issue.inclusive ? '≤' : '<';
      const message = `${name} is ${found}${inUnit}; give a number ${sign} ${bound}${inUnit}`;
      return [errorIssue('out-of-range', path, message, { expected: `${sign} ${bound}`, found, unit })];
    }
    case 'invalid_union': {
      if (issue.errors.length === 0) {
        const words = ((issue as { options?: readonly unknown[] }).options ?? []) as readonly z.core.util.Primitive[];
        if (value === undefined) return [missing(keys, field, listWords(words))];
        return [wrongWord(path, name, words, value, undefined)];
      }
      return explainUnion(issue.errors, keys, schema, root);
    }
    default: {
      const message = `${name} does not fit: ${issue.message}; see the description of the format`;
      return [errorIssue('wrong-value', path, message, { found, unit })];
    }
  }
}

function missing(keys: Keys, field: Field, expected: string): Issue {
  const message = `${holderName(keys.slice(0, -1))} has no ${showName(keys)}; add it${field.hint}`;
  return errorIssue('missing-field', formatPath(keys), message, { expected, found: 'nothing', unit: field.unit });
}

function wrongType(path: string, name: string, expected: string, value: unknown, unit: string | undefined): Issue {
  const found = showShort(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) {
      const message = `${name} is too large for a number or not one (${found}); give a finite number`;
      return errorIssue('not-finite', path, message, { expected: 'finite number', found, unit });
    }
    if (expected === 'whole number') {
      const message = `${name} is ${found}; give a whole number, such as ${Math.round(value)}`;
      return errorIssue('wrong-type', path, message, { expected, found, unit });
    }
  }
  const article =
    /^["[]/.test(expected) || expected === 'true or false' ? '' : /^[aeiou]/.test(expected) ? 'an ' : 'a ';
  let mend = `give ${article}${expected}${unit === undefined ? '' : ` in ${unit}`}`;
  if (value === null) mend = `leave the field out, or ${mend}`;
  else if (typeof value === 'string' && expected.includes('number') && /^\s*-?[\d.]+\s*$/.test(value))
    mend = `write it without quotes: ${value.trim()}`;
  else if (typeof value === 'string' && expected.includes('number'))
    mend = `${mend}, without quotes and without the unit`;
  const message = `${name} is ${value === null ? 'null' : `${typeName(value)}, ${found}`}; ${mend}`;
  return errorIssue('wrong-type', path, message, { expected, found, unit });
}

function wrongWord(
  path: string,
  name: string,
  words: readonly z.core.util.Primitive[],
  value: unknown,
  unit: string | undefined,
): Issue {
  const found = showShort(value);
  const expected = listWords(words);
  const texts = words.filter((word) => typeof word === 'string');
  if (typeof value === 'string' && texts.length > 0) {
    const near = suggestWord(value, texts, '');
    const choice = near.startsWith('did')
      ? `${near} Allowed: ${expected}`
      : words.length === 1
        ? `write ${expected}`
        : near;
    return errorIssue('unknown-word', path, `${name} is ${found}; ${choice}`, { expected, found });
  }
  const message = `${name} is ${found}; ${words.length === 1 ? `write ${expected}` : `choose one of ${expected}`}`;
  return errorIssue('wrong-value', path, message, { expected, found, unit });
}

/** Of the branches of a union the one with the least wrong; where every branch refuses the value as a whole, all of them. */
function explainUnion(branches: readonly ZodIssue[][], keys: Keys, schema: z.core.$ZodType, root: unknown): Issue[] {
  const value = valueAt(root, keys);
  const whole = branches.filter((branch) =>
    branch.some(
      (issue) => issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value'),
    ),
  );
  if (whole.length === branches.length) {
    const refusals = whole.map((branch) => branch.find((issue) => issue.path.length === 0)!);
    const path = formatPath(keys);
    const name = showName(keys);
    const field = fieldAt(schema, keys);
    const words = refusals.flatMap((issue) => (issue.code === 'invalid_value' ? issue.values : []));
    const types = refusals.flatMap((issue) => (issue.code === 'invalid_type' ? [typeWord(issue.expected)] : []));
    const expected = [...words.map((word) => JSON.stringify(word)), ...new Set(types)].join(' or ');
    if (value === undefined) return [missing(keys, field, expected)];
    if (words.length > 0 && words.some((word) => typeof word === typeof value))
      return [wrongWord(path, name, words, value, field.unit)];
    return [wrongType(path, name, expected, value, field.unit)];
  }
  let best: ZodIssue[] = branches[0];
  let bestScore = Infinity;
  for (const branch of branches) {
    const score = branch.reduce((sum, issue) => sum + badness(issue), 0);
    if (score < bestScore) {
      best = branch;
      bestScore = score;
    }
  }
  return best.flatMap((issue) => explain(issue, keys, schema, root));
}

/** How far from the branch an issue says the value is: the wrong kind of value far more than one wrong field. */
function badness(issue: ZodIssue): number {
  if (issue.path.length === 0 && issue.code !== 'unrecognized_keys') return 100;
  if (issue.code === 'unrecognized_keys') return 2 * issue.keys.length;
  return 3;
}

interface Field {
  /** SI unit of the number, from the nearest description around it. */
  readonly unit: string | undefined;
  /** `: what it is`, or empty. */
  readonly hint: string;
  /** Names of its fields, where it is an object. */
  readonly names: readonly string[];
}

/** What the schema says of the field at a path. */
function fieldAt(schema: z.core.$ZodType, keys: Keys): Field {
  let candidates: SchemaNode[] = [unwrap(schema as unknown as SchemaNode)];
  let unit: string | undefined;
  let description: string | undefined;
  const note = (nodes: readonly SchemaNode[]) => {
    for (const node of nodes) {
      const said = node.said.find((text) => unitOf(text) !== undefined);
      if (said !== undefined) unit = unitOf(said);
      description ??= node.said[0];
    }
  };
  note(candidates);
  for (const key of keys) {
    description = undefined;
    candidates = candidates.flatMap((node) => childrenOf(node, key)).map(unwrap);
    note(candidates);
  }
  const names = [...new Set(candidates.flatMap((node) => namesOf(node)))];
  return { unit: unit === '1' ? undefined : unit, hint: description === undefined ? '' : `: ${description}`, names };
}

/** The unit in a description: the content of its last square brackets; `1` where it says that there is none. */
export function unitOf(description: string): string | undefined {
  return [...description.matchAll(/\[([^\]]+)\]/g)].at(-1)?.[1];
}

interface SchemaNode {
  readonly def: {
    readonly type: string;
    readonly innerType?: SchemaNode;
    readonly shape?: Record<string, SchemaNode>;
    readonly element?: SchemaNode;
    readonly items?: readonly SchemaNode[];
    readonly options?: readonly SchemaNode[];
  };
  readonly description?: string;
  readonly said: readonly string[];
}

/** The schema under its `optional` and `default` wrappers, with every description met on the way. */
function unwrap(schema: SchemaNode): SchemaNode {
  const said: string[] = [];
  let node = schema;
  for (;;) {
    if (node.description !== undefined && !said.includes(node.description)) said.push(node.description);
    if (node.def.innerType === undefined) return { def: node.def, said };
    node = node.def.innerType;
  }
}

function childrenOf(node: SchemaNode, key: PropertyKey): SchemaNode[] {
  const { def } = node;
  if (def.shape !== undefined) return Object.hasOwn(def.shape, key) ? [def.shape[String(key)]] : [];
  if (def.element !== undefined) return [def.element];
  if (def.items !== undefined) return def.items[Number(key)] === undefined ? [] : [def.items[Number(key)]];
  if (def.options !== undefined) return def.options.flatMap((option) => childrenOf(unwrap(option), key));
  return [];
}

function namesOf(node: SchemaNode): string[] {
  if (node.def.shape !== undefined) return Object.keys(node.def.shape);
  return node.def.options?.flatMap((option) => namesOf(unwrap(option))) ?? [];
}

function valueAt(root: unknown, keys: Keys): unknown {
  let value = root;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

const TYPE_WORDS: Record<string, string> = {
  int: 'whole number',
  array: 'list',
  tuple: 'list',
  string: 'text',
  boolean: 'true or false',
};

function typeWord(expected: string): string {
  return TYPE_WORDS[expected] ?? expected;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'object') return 'an object';
  return `a ${typeof value}`;
}

function listWords(words: readonly z.core.util.Primitive[]): string {
  return words.map((word) => (typeof word === 'bigint' ? String(word) : JSON.stringify(word))).join(', ');
}

/** `"width"`, or `entry 2 of "line"` for an entry of a list. */
function showName(keys: Keys): string {
  const last = keys.at(-1);
  if (last === undefined) return 'the scenario';
  if (typeof last === 'number') {
    const list = keys.findLast((key) => typeof key === 'string');
    return list === undefined ? `entry ${last}` : `entry ${last} of "${String(list)}"`;
  }
  return JSON.stringify(String(last));
}

const HOLDERS: Record<string, string> = {
  populations: 'population',
  furniture: 'piece of furniture',
  outlines: 'outline',
  knows: 'entry of "knows"',
};

/** `a wall`, `the scenario`, `"settings"`: what an object at a path is called. */
function holderName(keys: Keys): string {
  if (keys.length === 0) return 'the scenario';
  const last = keys.at(-1);
  if (typeof last !== 'number') return JSON.stringify(String(last));
  const list = String(keys.findLast((key) => typeof key === 'string') ?? 'entry');
  const name = HOLDERS[list] ?? (list.endsWith('s') ? list.slice(0, -1) : list);
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}
