import {
  DEFAULT_READ_LIMITS,
  errorIssue,
  findRingFaults,
  formatPath,
  readJson,
  ringArea,
  showPoint,
  showShort,
  warningIssue,
} from '../scenario/index.ts';
import { countOf, type ImportNotes } from './import-notes.ts';

/** As in scenarios: farther from (0, 0) nothing on Earth lies [m]. */
const COORDINATE_MAX = 1e8;
const RING_POINTS_MAX = 100_000;
/** Crossings of its own edges that a polygon may have where it is united with others. */
const CROSSINGS_MAX = 100;

type Key = string | number;

/** Bounds of a number, both included. */
interface NumberRange {
  readonly min?: number;
  readonly max?: number;
  readonly unit?: string;
  /** A number below or above is taken as the bound, which is noted, instead of being an error. */
  readonly clamp?: boolean;
}

/**
 * An object of an untrusted JSON file. Reading a field checks it, notes what is wrong with it and marks it as read;
 * `finish` notes the fields that nobody asked for, so that nothing is dropped in silence. A value `null` counts as missing.
 */
export class Fields {
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #path: readonly Key[];
  readonly #kind: string;
  readonly #notes: ImportNotes;
  readonly #seen = new Set<string>();

  /** @param kind what such an object is called in the list of unknown fields: `targets`, the same for all of them. */
  constructor(value: Readonly<Record<string, unknown>>, path: readonly Key[], kind: string, notes: ImportNotes) {
    this.#value = value;
    this.#path = path;
    this.#kind = kind;
    this.#notes = notes;
  }

  pathOf(...keys: Key[]): string {
    return formatPath([...this.#path, ...keys]);
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#value, key) && this.#value[key] !== null && this.#value[key] !== undefined;
  }

  /** The first of these that is there. */
  pick(...keys: string[]): string {
    for (const key of keys) this.#seen.add(key);
    return keys.find((key) => this.has(key)) ?? keys[0];
  }

  #get(key: string): unknown {
    this.#seen.add(key);
    return this.has(key) ? this.#value[key] : undefined;
  }

  #wrong(key: string, expected: string, value: unknown): undefined {
    const message = `this should be ${expected}, and is ${showShort(value)}; mend it`;
    this.#notes.issues.push(errorIssue('wrong-type', this.pathOf(key), message, { expected, found: showShort(value) }));
    return undefined;
  }

  /** A number, also where it is written as text. `undefined` where it is missing or wrong (noted). */
  number(key: string, range: NumberRange = {}): number | undefined {
    const value = this.#get(key);
    if (value === undefined) return undefined;
    const isText = typeof value === 'string' && /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(value);
    const number = isText ? Number(value) : value;
    if (typeof number !== 'number') return this.#wrong(key, 'a number', value);
    return this.#bound(number, range, key);
  }

  #bound(number: number, range: NumberRange, ...keys: Key[]): number | undefined {
    const { min = -Number.MAX_VALUE, max = Number.MAX_VALUE, unit, clamp } = range;
    if (number >= min && number <= max) return number;
    const expected =
      range.min === undefined && range.max === undefined
        ? 'a finite number'
        : `${range.min === undefined ? '' : `${range.min} `}…${range.max === undefined ? '' : ` ${range.max}`}`;
    const path = this.pathOf(...keys);
    const details = { expected, found: String(number), unit };
    if (clamp && Number.isFinite(number)) {
      const bound = number < min ? min : max;
      const message = `${number} lies outside of ${expected}${unit === undefined ? '' : ` ${unit}`}; ${bound} is taken`;
      this.#notes.issues.push(warningIssue('out-of-range', path, message, details));
      return bound;
    }
    const message = `${number} lies outside of ${expected}${unit === undefined ? '' : ` ${unit}`}; mend it`;
    this.#notes.issues.push(errorIssue('out-of-range', path, message, details));
    return undefined;
  }

  /** A whole number; a fraction is rounded down, as the programs do that wrote these files. */
  count(key: string, range: NumberRange = {}): number | undefined {
    const number = this.number(key, range);
    return number === undefined ? undefined : Math.floor(number);
  }

  text(key: string): string | undefined {
    const value = this.#get(key);
    if (value === undefined) return undefined;
    return typeof value === 'string' ? value : this.#wrong(key, 'a text', value);
  }

  /** An id: a text or a number. */
  name(key: string): string | undefined {
    const value = this.#get(key);
    if (value === undefined) return undefined;
    if (typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value)))
      return shorten(String(value));
    return this.#wrong(key, 'a name', value);
  }

  /** A yes or no, also written as a word or a number. */
  flag(key: string): boolean | undefined {
    const value = this.#get(key);
    if (value === undefined) return undefined;
    if (typeof value === 'boolean') return value;
    const word = String(value).trim().toLowerCase();
    if (['true', '1', 'yes', 'on'].includes(word)) return true;
    if (['false', '0', 'no', 'off', ''].includes(word)) return false;
    return this.#wrong(key, 'true or false', value);
  }

  object(key: string, kind = key): Fields | undefined {
    const value = this.#get(key);
    if (value === undefined) return undefined;
    // Some programs write an object as its text.
    const parsed = typeof value === 'string' ? readJson(value, DEFAULT_READ_LIMITS).value : value;
    if (!isObject(parsed)) return this.#wrong(key, 'an object', value);
    return new Fields(parsed, [...this.#path, key], kind, this.#notes);
  }

  /** The objects of a list; what is no object in it is noted. */
  objects(key: string, kind = key): Fields[] {
    return this.list(key).flatMap((value, i) => {
      if (isObject(value)) return [new Fields(value, [...this.#path, key, i], kind, this.#notes)];
      this.#wrongPart(key, i, 'an object', value);
      return [];
    });
  }

  /** An object of objects, by name. */
  entries(key: string, kind = key): [name: string, fields: Fields][] {
    const value = this.#get(key);
    if (value === undefined) return [];
    if (Array.isArray(value) && value.length === 0) return [];
    if (!isObject(value)) {
      this.#wrong(key, 'an object of objects', value);
      return [];
    }
    return Object.entries(value).flatMap(([name, part]): [string, Fields][] => {
      if (isObject(part)) return [[shorten(name), new Fields(part, [...this.#path, key, name], kind, this.#notes)]];
      if (part !== null) this.#wrongPart(key, name, 'an object', part);
      return [];
    });
  }

  isList(key: string): boolean {
    return Array.isArray(this.#value[key]);
  }

  isText(key: string): boolean {
    return typeof this.#value[key] === 'string';
  }

  /** All fields as objects by name, of an object whose keys are names. */
  allEntries(): [name: string, fields: Fields][] {
    return Object.entries(this.#value).flatMap(([name, part]): [string, Fields][] => {
      this.#seen.add(name);
      if (isObject(part)) return [[shorten(name), new Fields(part, [...this.#path, name], this.#kind, this.#notes)]];
      if (part !== null) this.#wrongPart(name, undefined, 'an object', part);
      return [];
    });
  }

  /** Names of the fields that nobody has read so far. */
  unread(): string[] {
    return Object.keys(this.#value).filter((key) => !this.#seen.has(key));
  }

  list(key: string): readonly unknown[] {
    const value = this.#get(key);
    if (value === undefined) return [];
    if (Array.isArray(value)) return value;
    this.#wrong(key, 'a list', value);
    return [];
  }

  numbers(key: string, range: NumberRange = {}): number[] {
    return this.list(key).flatMap((value, i) => {
      const number = typeof value === 'number' ? this.#bound(value, range, key, i) : undefined;
      if (typeof value !== 'number') this.#wrongPart(key, i, 'a number', value);
      return number === undefined ? [] : [number];
    });
  }

  names(key: string): string[] {
    return this.list(key).flatMap((value, i) => {
      if (typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value)))
        return [shorten(String(value))];
      this.#wrongPart(key, i, 'a name', value);
      return [];
    });
  }

  /** A point as `{x, y}` or `[x, y]`. */
  point(key: string): [number, number] | undefined {
    const value = this.#get(key);
    return value === undefined ? undefined : this.#toPoint(value, key);
  }

  #toPoint(value: unknown, ...keys: Key[]): [number, number] | undefined {
    const pair = Array.isArray(value) ? value.slice(0, 2) : isObject(value) ? [value.x, value.y] : [];
    if (typeof pair[0] !== 'number' || typeof pair[1] !== 'number') {
      this.#wrongPart(keys[0] as string, keys[1], 'a point', value);
      return undefined;
    }
    const range = { min: -COORDINATE_MAX, max: COORDINATE_MAX, unit: 'm' };
    const [x, y] = [this.#bound(pair[0], range, ...keys), this.#bound(pair[1], range, ...keys)];
    return x === undefined || y === undefined ? undefined : [x, y];
  }

  /**
   * The corners of a polygon: the last is not the first again, none lies on the one before; it has an area.
   * @param mayCross edges may cross, and it may have no area: it is united with others anyway
   */
  ring(key: string, mayCross = false): [number, number][] | undefined {
    const points: [number, number][] = [];
    const list = this.list(key);
    if (list.length > RING_POINTS_MAX) {
      const message = `this polygon has more than ${RING_POINTS_MAX} corners; simplify it`;
      this.#notes.issues.push(errorIssue('too-many-points', this.pathOf(key), message, { found: String(list.length) }));
      return undefined;
    }
    let isGood = true;
    list.forEach((value, i) => {
      const point = this.#toPoint(value, key, i);
      if (point === undefined) isGood = false;
      else {
        const before = points.at(-1);
        if (before === undefined || before[0] !== point[0] || before[1] !== point[1]) points.push(point);
      }
    });
    if (!isGood) return undefined;
    while (points.length > 1 && points[0][0] === points.at(-1)![0] && points[0][1] === points.at(-1)![1]) points.pop();
    if (mayCross) {
      // Many crossings are no drawing, and take for ever to be worked out.
      const crossings = findRingFaults(points, CROSSINGS_MAX + 1).filter((fault) => fault.kind === 'crossing');
      if (crossings.length <= CROSSINGS_MAX) return points.length < 3 ? undefined : points;
      const message = `edges of this polygon cross more than ${CROSSINGS_MAX} times; draw it anew`;
      this.#notes.issues.push(errorIssue('polygon-self-crossing', this.pathOf(key), message));
      return undefined;
    }
    if (points.length < 3) {
      const message = `this polygon has ${countOf(points.length, 'different corner')}; give at least three`;
      this.#notes.issues.push(
        errorIssue('polygon-no-area', this.pathOf(key), message, { expected: '≥ 3', found: String(points.length) }),
      );
      return undefined;
    }
    const crossing = findRingFaults(points, 1).find((fault) => fault.kind === 'crossing');
    if (crossing !== undefined) {
      const message = `edges of this polygon cross at ${showPoint(crossing.point)} m; put the points in the order in which one walks around the shape`;
      this.#notes.issues.push(errorIssue('polygon-self-crossing', this.pathOf(key), message));
      return undefined;
    }
    if (Math.abs(ringArea(points)) < 1e-6) {
      const message = 'this polygon has no area; give at least three corners that are not in line';
      this.#notes.issues.push(errorIssue('polygon-no-area', this.pathOf(key), message, { unit: 'm²' }));
      return undefined;
    }
    return points;
  }

  /** Marks fields as read that say nothing to a scenario (colours, what an editor shows). */
  skip(...keys: string[]): void {
    for (const key of keys) this.#seen.add(key);
  }

  /** Notes fields that are known and not taken over, each where it is there. */
  ignore(kind: string, ...keys: string[]): void {
    const there = keys.filter((key) => this.has(key));
    this.skip(...keys);
    for (const key of there) this.#notes.ignore(kind, key);
  }

  /** Notes the fields that nobody read. */
  finish(): void {
    for (const key of Object.keys(this.#value)) {
      if (this.#seen.has(key)) continue;
      this.#notes.unknown(this.#kind === '' ? shorten(key) : `${this.#kind}.${shorten(key)}`);
    }
  }

  #wrongPart(key: string, part: Key | undefined, expected: string, value: unknown): void {
    const path = part === undefined ? this.pathOf(key) : this.pathOf(key, part);
    const message = `this should be ${expected}, and is ${showShort(value)}; mend it`;
    this.#notes.issues.push(errorIssue('wrong-type', path, message, { expected, found: showShort(value) }));
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A name as a scenario takes it: at most 100 characters (some add to it). */
function shorten(name: string): string {
  if (name === '') return '(without a name)';
  return name.length > 100 ? `${name.slice(0, 99)}…` : name;
}
