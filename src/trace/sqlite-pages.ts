/*
 * A SQLite database written front to back: pages come out in the order of their numbers and are never touched again, but
 * for the first, which the caller puts in place at the end. That works for tables whose rowids rise and indexes whose keys
 * do: a tree fills its leaves from left to right, and an inner page is written when all below it are.
 *
 *     a full leaf ──► page number, and the key after it ──► the level above, which is filled in the same way
 *
 * So that no page ends up with a single child, a level keeps as many children back as a page holds, and parts what is left
 * at the end into halves.
 * @source SQLite Database File Format, https://www.sqlite.org/fileformat2.html
 */

export const SQLITE_PAGE_BYTES = 4096;
const PAGE = SQLITE_PAGE_BYTES;
/** The page that holds byte 2³⁰ of a database is kept free for locks. */
const LOCK_PAGE = 0x40000000 / PAGE + 1;

const TABLE_LEAF = 13;
const TABLE_INNER = 5;
const INDEX_LEAF = 10;
const INDEX_INNER = 2;

/** Hands out page numbers, from 2 on, and the pages themselves to the caller. */
export interface PageWriter {
  /** Takes a whole page and returns its number. */
  readonly write: (page: Uint8Array) => number;
  /** The number that the next page gets. */
  readonly next: () => number;
  /** Pages of the database, the first included. */
  readonly count: () => number;
}

export function createPageWriter(take: (page: Uint8Array) => void): PageWriter {
  let count = 1;
  const skipLock = (): void => {
    if (count + 1 !== LOCK_PAGE) return;
    take(new Uint8Array(PAGE));
    count++;
  };
  return {
    write(page) {
      skipLock();
      take(page);
      return ++count;
    },
    next() {
      skipLock();
      return count + 1;
    },
    count: () => count,
  };
}

/** Bytes of a varint: seven bits a byte, the highest first. Whole numbers of 0 … 2⁵³. */
export function putVarint(bytes: Uint8Array, at: number, value: number): number {
  let length = 1;
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) length++;
  let rest = value;
  for (let k = length - 1; k >= 0; k--) {
    bytes[at + k] = (rest % 128) | (k === length - 1 ? 0 : 128);
    rest = Math.floor(rest / 128);
  }
  return at + length;
}

/** One page being filled: cells from its end downwards, their places from the header on. */
interface Leaf {
  bytes: Uint8Array;
  cells: number;
  /** First byte of the cells. */
  content: number;
}

const newLeaf = (): Leaf => ({ bytes: new Uint8Array(PAGE), cells: 0, content: PAGE });

function closePage(leaf: Leaf, type: number): Uint8Array {
  const { bytes, cells, content } = leaf;
  bytes[0] = type;
  putU16(bytes, 3, cells);
  putU16(bytes, 5, content);
  return bytes;
}

function putU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value & 255;
}

export function putU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = (value >>> 16) & 255;
  bytes[at + 2] = (value >>> 8) & 255;
  bytes[at + 3] = value & 255;
}

/** Puts a cell into a page, or says that it has no room. */
function putCell(leaf: Leaf, cell: Uint8Array, length: number): boolean {
  if (8 + 2 * (leaf.cells + 1) + length > leaf.content) return false;
  leaf.content -= length;
  for (let k = 0; k < length; k++) leaf.bytes[leaf.content + k] = cell[k]!;
  putU16(leaf.bytes, 8 + 2 * leaf.cells, leaf.content);
  leaf.cells++;
  return true;
}

/** Inner pages of a tree, level by level. `keyBytes`: the longest key. */
function createInner(pages: PageWriter, type: number, keyBytes: number) {
  // A page has one child more than cells; a cell is child, key, and its place.
  const fan = Math.floor((PAGE - 12) / (2 + 4 + keyBytes)) + 1;
  const levels: { child: number; key: Uint8Array | undefined }[][] = [];
  const write = (children: readonly { child: number; key: Uint8Array | undefined }[]): number => {
    const page = new Uint8Array(PAGE);
    let content = PAGE;
    for (let k = 0; k + 1 < children.length; k++) {
      const { child, key } = children[k]!;
      content -= 4 + key!.length;
      putU32(page, content, child);
      page.set(key!, content + 4);
      putU16(page, 12 + 2 * k, content);
    }
    page[0] = type;
    putU16(page, 3, children.length - 1);
    putU16(page, 5, content);
    putU32(page, 8, children[children.length - 1]!.child);
    return pages.write(page);
  };
  const push = (level: number, child: number, key: Uint8Array | undefined): void => {
    levels[level] ??= [];
    const children = levels[level]!;
    children.push({ child, key });
    if (children.length < 2 * fan) return;
    const full = children.splice(0, fan);
    push(level + 1, write(full), full[fan - 1]!.key);
  };
  return {
    push: (child: number, key: Uint8Array | undefined): void => push(0, child, key),
    /** Number of the root. */
    finish(): number {
      for (let level = 0; ; level++) {
        const children = levels[level]!;
        if (children.length === 1 && levels[level + 1] === undefined) return children[0]!.child;
        if (children.length > fan) {
          const half = children.splice(0, Math.ceil(children.length / 2));
          push(level + 1, write(half), half[half.length - 1]!.key);
        }
        push(level + 1, write(children), undefined);
      }
    },
  };
}

/** A table filled in order of rowids, from 1 on. */
export interface TableTree {
  /** Adds a row whose record is the first `length` bytes of `record`; longer ones run over into pages of their own. */
  readonly add: (record: Uint8Array, length: number) => void;
  /** Number of the root page. */
  readonly finish: () => number;
}

export function createTableTree(pages: PageWriter): TableTree {
  const inner = createInner(pages, TABLE_INNER, 6);
  let leaf = newLeaf();
  let rowid = 0;
  let scratch = new Uint8Array(PAGE);
  const flush = (): void => {
    const key = new Uint8Array(9);
    const end = putVarint(key, 0, rowid);
    inner.push(pages.write(closePage(leaf, TABLE_LEAF)), key.slice(0, end));
  };
  return {
    add(record, length) {
      let end = putVarint(scratch, 0, length);
      end = putVarint(scratch, end, rowid + 1);
      const local = localBytes(length);
      if (scratch.length < end + local + 4) scratch = new Uint8Array(end + local + 4);
      for (let k = 0; k < local; k++) scratch[end + k] = record[k]!;
      end += local;
      if (local < length) {
        putU32(scratch, end, writeOverflow(pages, record.subarray(local, length)));
        end += 4;
      }
      if (!putCell(leaf, scratch, end)) {
        flush();
        leaf = newLeaf();
        putCell(leaf, scratch, end);
      }
      rowid++;
    },
    finish() {
      flush();
      return inner.finish();
    },
  };
}

/** How much of a record lies in the leaf of a table. */
function localBytes(length: number): number {
  if (length <= PAGE - 35) return length;
  const least = Math.floor(((PAGE - 12) * 32) / 255) - 23;
  const fits = least + ((length - least) % (PAGE - 4));
  return fits <= PAGE - 35 ? fits : least;
}

function writeOverflow(pages: PageWriter, rest: Uint8Array): number {
  const first = pages.next();
  for (let at = 0; at < rest.length; at += PAGE - 4) {
    const page = new Uint8Array(PAGE);
    page.set(rest.subarray(at, at + PAGE - 4), 4);
    const number = pages.next();
    // The next page is the next number but for the one kept free.
    if (at + PAGE - 4 < rest.length) putU32(page, 0, number + 1 === LOCK_PAGE ? number + 2 : number + 1);
    pages.write(page);
  }
  return first;
}

/** An index filled in order of its keys; records of at most `recordBytes` bytes. */
export function createIndexTree(pages: PageWriter, recordBytes: number): TableTree {
  const cellBytes = recordBytes + 2;
  const inner = createInner(pages, INDEX_INNER, cellBytes);
  let leaf = newLeaf();
  /** The key after a full leaf, until it is sure that another follows. */
  let divider: Uint8Array | undefined;
  const scratch = new Uint8Array(cellBytes);
  return {
    add(record, length) {
      const start = putVarint(scratch, 0, length);
      for (let k = 0; k < length; k++) scratch[start + k] = record[k]!;
      if (divider !== undefined) {
        inner.push(pages.write(closePage(leaf, INDEX_LEAF)), divider);
        divider = undefined;
        leaf = newLeaf();
      }
      if (!putCell(leaf, scratch, start + length)) divider = scratch.slice(0, start + length);
    },
    finish() {
      if (divider !== undefined) {
        // Nothing follows it: the last key of the leaf parts the two instead.
        leaf.cells--;
        const last = leaf.content;
        const length = leaf.bytes[last]! + 1;
        const key = leaf.bytes.slice(last, last + length);
        leaf.bytes.fill(0, last, last + length);
        putU16(leaf.bytes, 8 + 2 * leaf.cells, 0);
        leaf.content += length;
        inner.push(pages.write(closePage(leaf, INDEX_LEAF)), key);
        leaf = newLeaf();
        putCell(leaf, divider, divider.length);
      }
      inner.push(pages.write(closePage(leaf, INDEX_LEAF)), undefined);
      return inner.finish();
    },
  };
}

/** A value of a record: a whole number within ± 2⁵³, 64 bits, a number with a fraction, a text, or nothing. */
export type SqliteValue = number | bigint | { readonly real: number } | string | null;

/** Encodes a row for a table or an index. */
export function encodeRecord(values: readonly SqliteValue[]): Uint8Array {
  const encoder = new TextEncoder();
  const texts = values.map((value) => (typeof value === 'string' ? encoder.encode(value) : undefined));
  const types = values.map((value, k) => {
    if (value === null) return 0;
    if (texts[k] !== undefined) return 13 + 2 * texts[k]!.length;
    if (typeof value === 'object') return 7;
    return typeof value === 'bigint' ? 6 : integerType(value as number);
  });
  const header = new Uint8Array(9 * (types.length + 1));
  let end = 0;
  for (const type of types) end = putVarint(header, end, type);
  // Headers of these tables are far shorter than 127 bytes, so that their length is one byte.
  const size = types.reduce((sum, type) => sum + bytesOfType(type), 0);
  const record = new Uint8Array(1 + end + size);
  record[0] = 1 + end;
  record.set(header.subarray(0, end), 1);
  const view = new DataView(record.buffer);
  let at = 1 + end;
  values.forEach((value, k) => {
    const type = types[k]!;
    if (texts[k] !== undefined) record.set(texts[k]!, at);
    else if (type === 7) view.setFloat64(at, (value as { real: number }).real);
    else if (typeof value === 'bigint') view.setBigInt64(at, value);
    else if (type !== 0) putInteger(record, at, value as number, type);
    at += bytesOfType(type);
  });
  return record;
}

/** Serial type of a whole number: the shortest of 1, 2, 3, 4, 6 bytes that holds it. */
export function integerType(value: number): number {
  if (value >= -128 && value <= 127) return 1;
  if (value >= -32_768 && value <= 32_767) return 2;
  if (value >= -8_388_608 && value <= 8_388_607) return 3;
  if (value >= -2_147_483_648 && value <= 2_147_483_647) return 4;
  return 5;
}

export function bytesOfType(type: number): number {
  if (type >= 12) return (type - (type % 2 === 0 ? 12 : 13)) / 2;
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][type]!;
}

/** Writes a whole number as two's complement, the highest byte first; returns the place after it. */
export function putInteger(bytes: Uint8Array, at: number, value: number, type: number): number {
  const length = bytesOfType(type);
  let rest = value;
  for (let k = length - 1; k >= 0; k--) {
    const byte = ((rest % 256) + 256) % 256;
    bytes[at + k] = byte;
    rest = (rest - byte) / 256;
  }
  return at + length;
}

/** One entry of the schema: its type, its name, the table's name, its root page, and the statement that makes it. */
export interface SchemaEntry {
  readonly type: 'table' | 'index';
  readonly name: string;
  readonly table: string;
  readonly root: number;
  readonly sql: string | null;
}

/** The first page: the database's header and its schema, which must fit in. `pageCount`: pages of the whole file. */
export function encodeFirstPage(entries: readonly SchemaEntry[], pageCount: number): Uint8Array {
  const page = new Uint8Array(PAGE);
  page.set(new TextEncoder().encode('SQLite format 3\0'));
  putU16(page, 16, PAGE);
  page.set([1, 1, 0, 64, 32, 32], 18);
  putU32(page, 24, 1);
  putU32(page, 28, pageCount);
  putU32(page, 40, 1);
  putU32(page, 44, 4);
  putU32(page, 56, 1);
  putU32(page, 92, 1);
  putU32(page, 96, 3_045_000);
  let content = PAGE;
  entries.forEach(({ type, name, table, root, sql }, k) => {
    const record = encodeRecord([type, name, table, root, sql]);
    const cell = new Uint8Array(record.length + 6);
    let end = putVarint(cell, 0, record.length);
    end = putVarint(cell, end, k + 1);
    cell.set(record, end);
    content -= end + record.length;
    page.set(cell.subarray(0, end + record.length), content);
    putU16(page, 108 + 2 * k, content);
  });
  page[100] = TABLE_LEAF;
  putU16(page, 103, entries.length);
  putU16(page, 105, content);
  return page;
}
