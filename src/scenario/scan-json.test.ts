import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineAndColumn, scanJson } from './scan-json.ts';

const LIMITS = { depthMax: 64, numbersMax: 1000 };
const codes = (text: string) => scanJson(text, LIMITS).map((issue) => issue.code);
const messages = (text: string) => scanJson(text, LIMITS).map((issue) => `${issue.path}: ${issue.message}`);

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('every JSON value passes', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      expect(
        scanJson(text, { depthMax: 64, numbersMax: 1e9 }).filter((issue) => issue.code !== 'duplicate-key'),
      ).toEqual([]);
    }),
  );
});

test('it takes a changed text exactly when JSON.parse does', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '"a"',
    '1',
    '-',
    '.',
    '0',
    'e',
    'true',
    'null',
    'NaN',
    ' ',
    '\n',
    '\\',
    '\\u12',
    "'",
    '/',
    '#',
    '\0',
    '\u00a0',
    '\ufeff',
    'é',
  );
  const base = '{"a": [1, -2.5e3, true, null, {"b": "x\\n\\u00e9"}], "c": {"d": []}}';
  fc.assert(
    fc.property(fc.nat(base.length), fc.nat(4), fc.array(piece, { maxLength: 3 }), (at, cut, pieces) => {
      const text = base.slice(0, at) + pieces.join('') + base.slice(at + cut);
      expect(codes(text).some((code) => code === 'not-json')).toBe(!parses(text));
    }),
    { numRuns: 5000 },
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      expect(codes(text).some((code) => code === 'not-json')).toBe(!parses(text));
    }),
    { numRuns: 5000 },
  );
});

test('several slips of one text are found at once, each with its place and a hint', () => {
  expect(messages(`{"a": NaN, "b": [1,2,], // note\n 'c': 3, d: True, "e": +1 "f": .5}`)).toEqual([
    'line 1, column 7: "NaN" is not JSON; give a number, or leave the field out.',
    'line 1, column 21: A comma stands before ]; take the comma out.',
    'line 1, column 25: JSON has no comments; take this one out, "description" is the place for notes.',
    'line 2, column 2: JSON has double quotes only; write "c".',
    'line 2, column 10: Names of fields stand in double quotes; write "d".',
    'line 2, column 13: "True" is written in small letters in JSON: true.',
    'line 2, column 24: JSON numbers have no plus sign; write 1.',
    'line 2, column 27: A comma is missing before "\\""; put one after the value before it.',
    'line 2, column 32: JSON numbers start with a digit; write 0.5.',
  ]);
});

test('a key given twice is found, however it is written, and only within one object', () => {
  expect(messages('{"a": 1,\n "b": {"a": 2},\n "\\u0061": 3}')).toEqual([
    'line 3, column 2: "a" is given twice in the scenario, first in line 1, column 2; keep one of them.',
  ]);
  expect(messages('{"doors": [{}, {"x": 1, "x": 2}]}')).toEqual([
    'line 1, column 25: "x" is given twice in doors[1], first in line 1, column 17; keep one of them.',
  ]);
  expect(codes('{"__proto__": 1, "constructor": 2, "toString": 3}')).toEqual([]);
});

test('a million brackets are refused at the limit, without recursion', () => {
  expect(messages('['.repeat(1_000_000))).toEqual([
    'line 1, column 65: Lists and objects lie more than 64 deep in each other here; a scenario needs fewer than ten.',
  ]);
  expect(codes('['.repeat(64) + ']'.repeat(64))).toEqual([]);
});

test('numbers are counted before anything is built', () => {
  expect(codes(`[${Array(1000).fill('0').join()}]`)).toEqual([]);
  expect(codes(`[${Array(1001).fill('0').join()}]`)).toEqual(['too-many-numbers']);
});

test('a text cut off names the bracket that is still open', () => {
  expect(messages('{"a":\n [1, 2')).toEqual([
    'line 2, column 7: The text ends in the middle of the list opened in line 2, column 2; it was cut off, or a closing bracket is missing.',
  ]);
});

test('lines and columns count from 1', () => {
  expect(lineAndColumn('ab\ncd', 0)).toEqual({ line: 1, column: 1 });
  expect(lineAndColumn('ab\ncd', 2)).toEqual({ line: 1, column: 3 });
  expect(lineAndColumn('ab\ncd', 3)).toEqual({ line: 2, column: 1 });
  expect(lineAndColumn('ab\ncd', 5)).toEqual({ line: 2, column: 3 });
});

test('forty megabytes are scanned in seconds', () => {
  const corner = '[12.345, 67.890]';
  const text = `{"a": [${Array(2_000_000).fill(corner).join(', ')}]}`;
  const start = performance.now();
  expect(scanJson(text, { depthMax: 64, numbersMax: 5_000_000 })).toEqual([]);
  expect(performance.now() - start).toBeLessThan(10_000);
});
