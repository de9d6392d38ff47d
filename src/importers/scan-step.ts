import { errorIssue, type Issue, warningIssue } from '../scenario/index.ts';

/** What a STEP file may hold at most. */
export interface StepLimits {
  readonly bytesMax: number;
  /** Records, `#1=…;`. */
  readonly recordsMax: number;
  /** References from record to record. */
  readonly referencesMax: number;
  /** Brackets within brackets. */
  readonly depthMax: number;
  /** Largest number of a record. */
  readonly idMax: number;
}

export const DEFAULT_STEP_LIMITS: StepLimits = {
  bytesMax: 2 ** 30,
  recordsMax: 20_000_000,
  referencesMax: 100_000_000,
  depthMax: 32,
  idMax: 2 ** 31 - 1,
};

/** What a STEP file (ISO 10303-21) is made of, before anything in it is understood. */
export interface StepScan {
  /** As the header names it, in capitals: `IFC2X3`. Empty where it names none. */
  readonly schema: string;
  /** Records by type, in capitals. */
  readonly counts: ReadonlyMap<string, number>;
  readonly recordCount: number;
  readonly issues: readonly Issue[];
}

const [QUOTE, HASH, OPEN, CLOSE, SEMICOLON, SLASH, STAR, EQUALS, COMMA] = [39, 35, 40, 41, 59, 47, 42, 61, 44];
const [PLUS, MINUS, DOT, QUOTES] = [43, 45, 46, 34];
/** Problems of one kind that are told one by one; the rest is counted. */
const TOLD_MAX = 3;

/** Whether the beginning of a file looks like STEP. */
export function recogniseStep(bytes: Uint8Array): boolean {
  return /^\uFEFF?\s*(\/\*[\s\S]*?\*\/\s*)*ISO-10303-21\s*;/.test(new TextDecoder().decode(bytes.subarray(0, 1024)));
}

/**
 * Reads through a STEP file once, without understanding it: is it whole, what is in it, does it refer to what it does not
 * have, or to itself in a ring? What passes can be handed to a reader that trusts its input. O(bytes).
 */
export function scanStep(bytes: Uint8Array, limits: StepLimits = DEFAULT_STEP_LIMITS): StepScan {
  const counts = new Map<string, number>();
  const issues: Issue[] = [];
  const fail = (code: string, message: string, details = {}): StepScan => ({
    schema: '',
    counts,
    recordCount: 0,
    issues: [errorIssue(code, '', message, details)],
  });
  if (bytes.byteLength > limits.bytesMax) {
    const details = { expected: `at most ${limits.bytesMax}`, found: String(bytes.byteLength), unit: 'bytes' };
    return fail('file-too-large', 'the file is larger than any IFC file that is read', details);
  }
  if (!recogniseStep(bytes)) {
    const start = new TextDecoder().decode(bytes.subarray(0, 200)).trimStart();
    const hint = start.startsWith('PK')
      ? 'it is an archive: unpack it first'
      : start.startsWith('<')
        ? 'it is XML: save the model as IFC-SPF (.ifc)'
        : 'save the model as IFC-SPF (.ifc)';
    return fail('not-step', `the file is no IFC file in STEP format; ${hint}`, { expected: 'ISO-10303-21;' });
  }
  const header = new TextDecoder().decode(bytes.subarray(0, 65_536));
  const schema = (/FILE_SCHEMA\s*\(\s*\(\s*'([^']{1,64})'/i.exec(header)?.[1] ?? '').toUpperCase();

  const records = new RecordTable();
  let end: 'whole' | 'cut' | 'no-data' = 'no-data';
  const dataAt = findData(bytes);
  let duplicates = 0;
  if (dataAt >= 0) {
    const walk = walkRecords(bytes, dataAt, limits, records);
    if (walk.issue !== undefined) return { schema, counts, recordCount: records.count, issues: [walk.issue] };
    end = walk.isWhole ? 'whole' : 'cut';
  }
  if (end !== 'whole') {
    const message =
      'the file ends in the middle: its last lines ENDSEC; END-ISO-10303-21; are missing, and with them perhaps walls and doors; get a whole copy of it';
    return fail('file-cut-off', message, { expected: 'END-ISO-10303-21;', found: `${bytes.byteLength} bytes` });
  }
  for (const type of records.typeOf) {
    const name = records.typeNames[type];
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  issues.push(...checkValues(records));
  const index = records.indexById();
  duplicates = records.count - index.size;
  if (duplicates > 0) {
    const message = `${duplicates} records have a number that another has already; which of them counts is not certain`;
    issues.push(warningIssue('duplicate-record', '', message, { expected: 'each number once' }));
  }
  const { missing, rings } = checkReferences(records, index);
  if (missing.length > 0) {
    const named = missing.slice(0, TOLD_MAX).map((id) => `#${id}`);
    const message = `${missing.length} references lead to records that the file does not have (${named.join(', ')}${missing.length > TOLD_MAX ? ', …' : ''}); what hangs on them is missing`;
    issues.push(warningIssue('missing-record', '', message, { expected: 'records for all references' }));
  }
  for (const ring of rings.slice(0, TOLD_MAX)) {
    const chain = ring.slice(0, 6).map((at) => `#${records.ids[at]} ${records.typeNames[records.typeOf[at]]}`);
    const rest = ring.length > 6 ? ` → … (${ring.length} records)` : '';
    const message = `records refer to each other in a ring: ${chain.join(' → ')}${rest} → #${records.ids[ring[0]]}; a place or a shape cannot be worked out from itself: mend the file, or export it again`;
    issues.push(errorIssue('cyclic-reference', '', message, { expected: 'no ring' }));
  }
  return { schema, counts, recordCount: records.count, issues };
}

/** All records of a file: numbers, types, and whom they refer to, in growing typed arrays. */
class RecordTable {
  count = 0;
  ids = new Int32Array(1024);
  private types = new Uint16Array(1024);
  /** How many values each record has. */
  values = new Uint16Array(1024);
  /** First reference of each record in `references`. */
  starts = new Int32Array(1025);
  references = new Int32Array(4096);
  referenceCount = 0;
  readonly typeNames: string[] = [];
  private readonly typeNumbers = new Map<string, number>();

  get typeOf(): Uint16Array {
    return this.types.subarray(0, this.count);
  }

  add(id: number, type: string): void {
    if (this.count === this.ids.length) {
      this.ids = grow(this.ids, new Int32Array(2 * this.ids.length));
      this.types = grow(this.types, new Uint16Array(2 * this.types.length));
      this.values = grow(this.values, new Uint16Array(2 * this.values.length));
      this.starts = grow(this.starts, new Int32Array(2 * this.ids.length + 1));
    }
    let number = this.typeNumbers.get(type);
    if (number === undefined) {
      // Some 1300 types exist; nonsense shares a number.
      number = Math.min(this.typeNames.length, 5000);
      if (number === this.typeNames.length) this.typeNames.push(number === 5000 ? '(other)' : type);
      if (number < 5000) this.typeNumbers.set(type, number);
    }
    this.ids[this.count] = id;
    this.types[this.count] = number;
    this.count++;
    this.starts[this.count] = this.referenceCount;
  }

  refer(id: number): void {
    if (this.referenceCount === this.references.length)
      this.references = grow(this.references, new Int32Array(2 * this.references.length));
    this.references[this.referenceCount++] = id;
    this.starts[this.count] = this.referenceCount;
  }

  /** Index of the record of each number; the first where several have it. */
  indexById(): ReadonlyMap<number, number> {
    const index = new Map<number, number>();
    for (let i = 0; i < this.count; i++) if (!index.has(this.ids[i])) index.set(this.ids[i], i);
    return index;
  }
}

function grow<T extends Int32Array | Uint16Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function findData(bytes: Uint8Array): number {
  let at = skipSpace(bytes, 0);
  // Statements of the header up to `DATA;`, with their strings.
  while (at < bytes.length) {
    const from = at;
    at = endOfStatement(bytes, at);
    if (at < 0) return -1;
    const length = at - from;
    if (length < 40 && /^DATA\s*(\([^)]*\))?\s*;$/i.test(latin(bytes, from, at))) return at;
    at = skipSpace(bytes, at);
    if (bytes[at] === HASH) return -1;
  }
  return -1;
}

function endOfStatement(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === SEMICOLON) return at + 1;
    if (byte === QUOTE) {
      at = bytes.indexOf(QUOTE, at + 1);
      if (at < 0) return -1;
    } else if (byte === SLASH && bytes[at + 1] === STAR) {
      at = endOfComment(bytes, at) - 1;
      if (at < 0) return -1;
    }
  }
  return -1;
}

function endOfComment(bytes: Uint8Array, from: number): number {
  for (let at = from + 2; at + 1 < bytes.length; at++) if (bytes[at] === STAR && bytes[at + 1] === SLASH) return at + 2;
  return -1;
}

/** Past blanks and comments; the length where there is nothing else. */
function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length) {
    if (bytes[at] <= 32 || bytes[at] >= 127) at++;
    else if (bytes[at] === SLASH && bytes[at + 1] === STAR) {
      const end = endOfComment(bytes, at);
      if (end < 0) return bytes.length;
      at = end;
    } else break;
  }
  return at;
}

function latin(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

const isLetter = (byte: number): boolean => ((byte | 32) >= 97 && (byte | 32) <= 122) || byte === 95;
/** Digits, signs, points and E. */
const isNumeral = (byte: number): boolean =>
  isDigit(byte) || byte === PLUS || byte === MINUS || byte === DOT || (byte | 32) === 101;

function isFiniteNumber(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    if ((bytes[at] | 32) === 101) return Math.abs(Number(latin(bytes, from, Math.min(to, from + 100)))) < 1e300;
  }
  return true;
}

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;

function walkRecords(
  bytes: Uint8Array,
  from: number,
  limits: StepLimits,
  records: RecordTable,
): { isWhole: boolean; issue?: Issue } {
  const stop = (code: string, at: number, message: string, details = {}) => ({
    isWhole: false,
    issue: errorIssue(code, `byte ${at}`, message, details),
  });
  let at = skipSpace(bytes, from);
  for (;;) {
    if (at >= bytes.length) return { isWhole: false };
    if (bytes[at] !== HASH) {
      const end = endOfStatement(bytes, at);
      if (end < 0) return { isWhole: false };
      const word = latin(bytes, at, Math.min(end, at + 40)).toUpperCase();
      if (/^END-ISO-10303-21\s*;/.test(word)) return { isWhole: true };
      // ENDSEC; and DATA; of a further section: go on.
      if (!/^(ENDSEC|DATA|SIGNATURE)\b/.test(word))
        return stop('not-a-record', at, 'this is neither a record (#1=…;) nor the end of the file; export it again', {
          expected: '#…',
          found: word.slice(0, 20),
        });
      at = skipSpace(bytes, end);
      continue;
    }
    const start = at;
    let id = 0;
    for (at++; isDigit(bytes[at]); at++) id = Math.min(id * 10 + bytes[at] - 48, 1e15);
    if (id > limits.idMax)
      return stop('record-number', start, 'the number of this record is larger than any that is read', {
        expected: `at most ${limits.idMax}`,
        found: `#${id}`,
      });
    at = skipSpace(bytes, at);
    if (at >= bytes.length) return { isWhole: false };
    if (bytes[at] !== EQUALS) return stop('not-a-record', start, 'this record has no “=” after its number');
    at = skipSpace(bytes, at + 1);
    const nameAt = at;
    while (at < bytes.length && bytes[at] > 32 && bytes[at] !== OPEN && at - nameAt < 100) at++;
    records.add(id, latin(bytes, nameAt, at).toUpperCase());
    let depth = 0;
    let values = 0;
    for (; ; at++) {
      if (at >= bytes.length) return { isWhole: false };
      const byte = bytes[at];
      if (byte === SEMICOLON) break;
      if (byte === QUOTE) {
        at = bytes.indexOf(QUOTE, at + 1);
        if (at < 0) return { isWhole: false };
      } else if (byte === QUOTES) {
        at = bytes.indexOf(QUOTES, at + 1);
        if (at < 0) return { isWhole: false };
      } else if (byte === COMMA) {
        if (depth === 1) values++;
      } else if (byte === OPEN) {
        if (depth === 0 && bytes[skipSpace(bytes, at + 1)] !== CLOSE) values++;
        if (++depth > limits.depthMax)
          return stop('too-deep', at, 'brackets nest deeper than any IFC file needs', {
            expected: `at most ${limits.depthMax}`,
          });
      } else if (byte === CLOSE) depth--;
      else if (byte === SLASH && bytes[at + 1] === STAR) {
        const end = endOfComment(bytes, at);
        if (end < 0) return { isWhole: false };
        at = end - 1;
      } else if (byte === HASH && isDigit(bytes[at + 1])) {
        let to = 0;
        for (at++; isDigit(bytes[at]); at++) to = Math.min(to * 10 + bytes[at] - 48, 2 ** 31 - 1);
        at--;
        records.refer(to);
      } else if (isDigit(byte) || byte === PLUS || byte === MINUS || (byte === DOT && isDigit(bytes[at + 1]))) {
        const from = at;
        while (isNumeral(bytes[at + 1])) at++;
        // Only numbers with an exponent can be none: the rest is left to the reader.
        if (at - from > 3 && !isFiniteNumber(bytes, from, at + 1))
          return stop('not-a-value', from, 'this is no number that can be computed with; export the file again', {
            expected: 'a number',
            found: latin(bytes, from, Math.min(at + 1, from + 30)),
          });
      } else if (byte === DOT) {
        const close = bytes.indexOf(DOT, at + 1);
        if (close > 0 && close - at < 100) at = close;
      } else if (isLetter(byte)) {
        const from = at;
        while (isLetter(bytes[at + 1]) || isDigit(bytes[at + 1])) at++;
        const next = skipSpace(bytes, at + 1);
        if (next >= bytes.length) return { isWhole: false };
        if (bytes[next] !== OPEN && depth > 0)
          return stop('not-a-value', from, 'this is neither a number nor a word nor a type; export the file again', {
            expected: 'a value',
            found: latin(bytes, from, Math.min(at + 1, from + 30)),
          });
      }
    }
    if (depth !== 0)
      return stop('brackets', start, 'brackets of this record are not closed, or closed twice; export the file again');
    records.values[records.count - 1] = Math.min(values, 65_535);
    if (records.count > limits.recordsMax)
      return stop('too-many-records', at, 'the file has more records than are read', {
        expected: `at most ${limits.recordsMax}`,
      });
    if (records.referenceCount > limits.referencesMax)
      return stop('too-many-records', at, 'the file has more references than are followed', {
        expected: `at most ${limits.referencesMax}`,
      });
    at = skipSpace(bytes, at + 1);
  }
}

/**
 * All records of a type have as many values as its schema says, so as many as each other: one that has not is damaged, and readers
 * go astray in it.
 */
function checkValues(records: RecordTable): Issue[] {
  const usual = new Map<number, Map<number, number>>();
  const { typeOf, values } = records;
  for (let i = 0; i < records.count; i++) {
    let counts = usual.get(typeOf[i]);
    if (counts === undefined) {
      counts = new Map();
      usual.set(typeOf[i], counts);
    }
    counts.set(values[i], (counts.get(values[i]) ?? 0) + 1);
  }
  const issues: Issue[] = [];
  for (const [type, counts] of usual) {
    if (counts.size === 1) continue;
    const [most] = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0];
    const odd = typeOf.findIndex((other, i) => other === type && values[i] !== most);
    const message = `#${records.ids[odd]} ${records.typeNames[type]} has ${values[odd]} values where others of its type have ${most}; the file is damaged there: export it again`;
    issues.push(errorIssue('record-values', '', message, { expected: String(most), found: String(values[odd]) }));
  }
  return issues.slice(0, TOLD_MAX);
}

/** References to nothing, and rings of references, by a search in depth without recursion. */
function checkReferences(
  records: RecordTable,
  index: ReadonlyMap<number, number>,
): { missing: number[]; rings: number[][] } {
  const missing = new Set<number>();
  const rings: number[][] = [];
  const { count, starts, references } = records;
  const target = new Int32Array(records.referenceCount);
  for (let k = 0; k < target.length; k++) {
    const to = index.get(references[k]);
    if (to === undefined) missing.add(references[k]);
    target[k] = to ?? -1;
  }
  const state = new Uint8Array(count); // 1 on the way, 2 done
  const next = new Int32Array(count);
  const path: number[] = [];
  for (let root = 0; root < count; root++) {
    if (state[root] !== 0) continue;
    path.push(root);
    state[root] = 1;
    next[root] = starts[root];
    while (path.length > 0) {
      const at = path[path.length - 1];
      if (next[at] === starts[at + 1]) {
        state[at] = 2;
        path.pop();
        continue;
      }
      const to = target[next[at]++];
      if (to < 0 || state[to] === 2) continue;
      if (state[to] === 1) {
        rings.push(path.slice(path.indexOf(to)));
        if (rings.length > TOLD_MAX) return { missing: [...missing], rings };
        continue;
      }
      state[to] = 1;
      next[to] = starts[to];
      path.push(to);
    }
  }
  return { missing: [...missing], rings };
}
