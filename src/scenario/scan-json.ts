import type { Issue } from './issue.ts';
import { errorIssue, formatPath, showShort } from './issues.ts';

/** How large a JSON text may be before it is parsed. */
export interface JsonLimits {
  /** Lists and objects inside each other. */
  readonly depthMax: number;
  /** Numbers in the whole text. */
  readonly numbersMax: number;
}

/** Fields whose place in the text is wanted: a tree of keys and indices, filled in by `scanJson`. */
export interface PlaceTree {
  offset?: number;
  readonly parts: Map<string | number, PlaceTree>;
}

/** Most problems reported of one text: what comes later often follows from what came first. */
const FAULTS_MAX = 20;

interface Frame {
  readonly isObject: boolean;
  readonly offset: number;
  /** Keys so far with their offsets; of an object only. */
  readonly keys: Map<string, number> | undefined;
  key: string | number;
  readonly place: PlaceTree | undefined;
}

type State = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'after-value' | 'done';

/**
 * Reads a JSON text once, without building it and without recursion: what is not JSON (with a hint: NaN, comments,
 * trailing commas, single quotes …), keys given twice in one object, nesting deeper and numbers more than the limits.
 * A text for which this returns no `not-json` issue is one that `JSON.parse` takes. Small slips are stepped over so that
 * several are found at once.
 *
 * @param places fields to be found in the text; their `offset` is filled in where they are there.
 * Cost: linear; about 40 MB/s. Memory: the keys of the open objects.
 */
export function scanJson(text: string, limits: JsonLimits, places?: PlaceTree): Issue[] {
  const issues: Issue[] = [];
  const stack: Frame[] = [];
  let state = 'value' as State;
  let at = 0;
  let numbers = 0;
  const length = text.length;

  const fault = (offset: number, message: string, found?: string): void => {
    const place = lineAndColumn(text, offset);
    const details = found === undefined ? {} : { found };
    issues.push({ ...errorIssue('not-json', formatPlace(place), message, details), ...place });
  };
  const path = () => stack.map((frame) => frame.key);
  const place = (): PlaceTree | undefined => {
    const frame = stack.at(-1);
    return frame === undefined ? places : frame.place?.parts.get(frame.key);
  };
  const startValue = (): void => {
    const wanted = place();
    if (wanted !== undefined) wanted.offset = at;
  };
  const endValue = (): void => {
    state = stack.length === 0 ? 'done' : 'after-value';
  };
  const open = (isObject: boolean): boolean => {
    startValue();
    if (stack.length >= limits.depthMax) {
      const where = lineAndColumn(text, at);
      const message = `lists and objects lie more than ${limits.depthMax} deep in each other here; a scenario needs fewer than ten`;
      const details = { expected: `at most ${limits.depthMax} deep`, found: `${stack.length + 1} deep` };
      issues.push({ ...errorIssue('too-deep', formatPlace(where), message, details), ...where });
      return false;
    }
    const keys = isObject ? new Map<string, number>() : undefined;
    stack.push({ isObject, offset: at, keys, key: isObject ? '' : 0, place: place() });
    at++;
    state = isObject ? 'key-or-end' : 'value-or-end';
    return true;
  };
  const close = (isObject: boolean): boolean => {
    const frame = stack.at(-1);
    if (frame === undefined || frame.isObject !== isObject) {
      const character = isObject ? '}' : ']';
      const opened =
        frame === undefined
          ? ''
          : `; ${frame.isObject ? '{' : '['} of ${formatPlace(lineAndColumn(text, frame.offset))} is still open`;
      fault(at, `${character} closes nothing here${opened}: balance the brackets`, character);
      return false;
    }
    stack.pop();
    at++;
    endValue();
    return true;
  };

  while (issues.length < FAULTS_MAX) {
    at = skipSpace(text, at);
    if (at >= length) break;
    const character = text[at];
    if (character === '/' || character === '#') {
      const end = endOfComment(text, at);
      if (end === undefined) {
        fault(at, `${JSON.stringify(character)} cannot stand here; take it out`, character);
        return issues;
      }
      fault(
        at,
        'JSON has no comments; take this one out, "description" is the place for notes',
        showShort(text.slice(at, end)),
      );
      at = end;
      continue;
    }
    if (state === 'done') {
      fault(at, 'the text goes on after its end; take out what follows the last bracket', character);
      return issues;
    }
    const frame = stack.at(-1);
    if (state === 'after-value' && frame !== undefined) {
      if (character === ',') {
        const comma = at;
        at = skipSpace(text, at + 1);
        const next = text[at];
        if (next === '}' || next === ']') fault(comma, `a comma stands before ${next}; take the comma out`, ',');
        else if (!frame.isObject) (frame.key as number)++;
        state = next === '}' || next === ']' ? 'after-value' : frame.isObject ? 'key' : 'value';
      } else if (character === '}' || character === ']') {
        if (!close(character === '}')) return issues;
      } else if (/["{[\w'-]/.test(character)) {
        fault(
          at,
          `a comma is missing before ${JSON.stringify(character)}; put one after the value before it`,
          character,
        );
        if (!frame.isObject) (frame.key as number)++;
        state = frame.isObject ? 'key' : 'value';
      } else {
        fault(
          at,
          `${JSON.stringify(character)} cannot stand here; a comma or a closing bracket is expected`,
          character,
        );
        return issues;
      }
      continue;
    }
    if ((state === 'key-or-end' && character === '}') || (state === 'value-or-end' && character === ']')) {
      close(character === '}');
      continue;
    }
    if ((state === 'key' || state === 'key-or-end') && frame !== undefined) {
      const start = at;
      const word = /[A-Za-z_$]/.test(character) ? readWord(text, at) : undefined;
      let key: string | undefined;
      if (word !== undefined) {
        fault(at, `names of fields stand in double quotes; write "${word}"`, word);
        key = word;
        at += word.length;
      } else {
        const end = readString(text, at, fault);
        if (end === undefined) return issues;
        key = text.slice(at + 1, end - 1);
        if (key.includes('\\')) key = parseOr(text.slice(at, end), key);
        at = end;
      }
      const before = frame.keys?.get(key);
      frame.key = key;
      if (before === undefined) frame.keys?.set(key, start);
      else {
        const where = lineAndColumn(text, start);
        const holder = stack.length === 1 ? 'the scenario' : formatPath(path().slice(0, -1));
        const first = formatPlace(lineAndColumn(text, before));
        const message = `${showShort(key)} is given twice in ${holder}, first in ${first}; keep one of them`;
        issues.push({
          ...errorIssue('duplicate-key', formatPlace(where), message, { expected: 'each field once', found: key }),
          ...where,
        });
      }
      at = skipSpace(text, at);
      if (text[at] !== ':') {
        if (at >= length) break;
        fault(at, `a colon is missing after ${showShort(key)}; write ${showShort(key)}: and then the value`, text[at]);
        return issues;
      }
      at++;
      state = 'value';
      continue;
    }
    if (character === '\0') {
      fault(at, 'the file holds zero bytes: it is damaged or no text; take it from a copy', '\\u0000');
      return issues;
    }
    // A value.
    if (character === '{' || character === '[') {
      if (!open(character === '{')) return issues;
      continue;
    }
    startValue();
    if (character === '"' || character === "'") {
      const end = readString(text, at, fault);
      if (end === undefined) return issues;
      at = end;
      endValue();
      continue;
    }
    if (/[-+.\dA-Za-z_]/.test(character)) {
      const token = readToken(text, at);
      if (JSON_NUMBER.test(token)) {
        if (++numbers > limits.numbersMax) {
          const message = `the text has more than ${limits.numbersMax} numbers; simplify the outlines or split the scenario`;
          issues.push(
            errorIssue('too-many-numbers', formatPlace(lineAndColumn(text, at)), message, {
              expected: `at most ${limits.numbersMax}`,
            }),
          );
          return issues;
        }
      } else if (token !== 'true' && token !== 'false' && token !== 'null')
        fault(at, explainToken(token), token.slice(0, 40));
      at += token.length;
      endValue();
      continue;
    }
    const expected =
      state === 'value' && frame?.isObject === false && character === ']'
        ? 'a value is missing before ]'
        : `a value is expected, not ${JSON.stringify(character)}`;
    fault(at, `${expected}; put one here or take the comma or colon out`, character);
    return issues;
  }
  if (at >= length && state !== 'done') {
    const frame = stack.at(-1);
    const message =
      frame === undefined
        ? 'the text holds no value; a scenario starts with {'
        : `the text ends in the middle of ${frame.isObject ? 'the object' : 'the list'} opened in ${formatPlace(lineAndColumn(text, frame.offset))}; ` +
          'it was cut off, or a closing bracket is missing';
    fault(length, message, 'end of text');
  }
  return issues;
}

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** What to say of a word or number that JSON does not know. */
function explainToken(token: string): string {
  if (/^[-+]?(nan|inf|infinity)$/i.test(token)) return `"${token}" is not JSON; give a number, or leave the field out`;
  if (/^(true|false|null)$/i.test(token))
    return `"${token}" is written in small letters in JSON: ${token.toLowerCase()}`;
  if (/^(none|nil|undefined)$/i.test(token)) return `"${token}" is not JSON; leave the field out`;
  if (/^\+/.test(token)) return `JSON numbers have no plus sign; write ${token.slice(1)}`;
  if (/^-?0\d/.test(token))
    return `JSON numbers do not start with a nought; write ${token.replace(/^(-?)0+(?=\d)/, '$1')}`;
  if (/^-?\./.test(token)) return `JSON numbers start with a digit; write ${token.replace('.', '0.')}`;
  if (/^-?\d+\.(?!\d)/.test(token)) return `JSON numbers have a digit after the point; write ${token.replace('.', '')}`;
  if (/^-?\d+(\.\d+)?[a-z]/i.test(token))
    return `"${token.slice(0, 40)}" is not a number; write the number alone, units are fixed (m, s, N, kg)`;
  if (/^[A-Za-z_]/.test(token)) return `text stands in double quotes; write ${showShort(token)}`;
  return `${showShort(token)} is not a number of JSON`;
}

function readToken(text: string, at: number): string {
  let end = at;
  while (end < text.length && /[-+.\w]/.test(text[end])) end++;
  return text.slice(at, end);
}

function readWord(text: string, at: number): string {
  let end = at;
  while (end < text.length && /[\w$]/.test(text[end])) end++;
  return text.slice(at, end);
}

/** Offset after the string that starts at `at`, or `undefined` (and a fault) where there is none to step over. */
function readString(
  text: string,
  at: number,
  fault: (offset: number, message: string, found?: string) => void,
): number | undefined {
  const quote = text[at];
  if (quote !== '"' && quote !== "'") {
    fault(at, `the name of a field is expected, not ${JSON.stringify(quote)}; names stand in double quotes`, quote);
    return undefined;
  }
  let end = at + 1;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (text[end] === quote) {
      if (quote === "'") {
        fault(
          at,
          `JSON has double quotes only; write ${showShort(text.slice(at + 1, end))}`,
          showShort(text.slice(at, end + 1)),
        );
      }
      return end + 1;
    }
    if (code < 0x20) {
      const message =
        code === 10 || code === 13
          ? 'a text does not end on its line; close its quotes, and write \\n for a new line'
          : 'a control character stands in a text; write it as \\u and four digits';
      fault(code === 10 || code === 13 ? at : end, message, showShort(text.slice(at, end)));
      return undefined;
    }
    if (code !== 0x5c) continue;
    if (end + 1 >= text.length) break;
    const letter = text[end + 1];
    const isGood = letter === 'u' ? /^[\da-fA-F]{4}$/.test(text.slice(end + 2, end + 6)) : '"\\/bfnrt'.includes(letter);
    if (!isGood) {
      if (letter === 'u' && end + 6 > text.length) break;
      fault(end, `\\${letter} means nothing in a JSON text; write \\\\ for a backslash`, `\\${letter}`);
      if (letter < ' ') return undefined;
    }
    end++;
  }
  fault(at, 'a text is opened and never closed; close its quotes', showShort(text.slice(at, at + 40)));
  return undefined;
}

function parseOr(token: string, otherwise: string): string {
  try {
    return JSON.parse(token) as string;
  } catch {
    return otherwise;
  }
}

function skipSpace(text: string, at: number): number {
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break;
    at++;
  }
  return at;
}

function endOfComment(text: string, at: number): number | undefined {
  const isBlock = text.startsWith('/*', at);
  if (!isBlock && !text.startsWith('//', at) && text[at] !== '#') return undefined;
  const end = text.indexOf(isBlock ? '*/' : '\n', at);
  return end < 0 ? text.length : end + (isBlock ? 2 : 1);
}

/** Line and column of an offset, both from 1. Columns count UTF-16 units, as editors' "column" mostly do. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let next = text.indexOf('\n'); next >= 0 && next < offset; next = text.indexOf('\n', start)) {
    line++;
    start = next + 1;
  }
  return { line, column: offset - start + 1 };
}

/** `line 3, column 14` */
export function formatPlace(place: { readonly line: number; readonly column: number }): string {
  return `line ${place.line}, column ${place.column}`;
}
