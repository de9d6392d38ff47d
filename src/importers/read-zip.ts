import { Inflate } from 'fflate';
import { crc32 } from '../math/index.ts';
import { errorIssue, type Issue, warningIssue } from '../scenario/index.ts';
import type { SourceFile } from './importer.ts';

/** How large a zip may be, and what comes out of it. */
export interface ZipLimits {
  /** Bytes of the zip itself. */
  readonly bytesMax: number;
  /** Entries in its directory. */
  readonly entriesMax: number;
  /** Bytes of one file that is unpacked. */
  readonly entryBytesMax: number;
  /** Bytes of all of them together. */
  readonly totalBytesMax: number;
  /** Bytes out for bytes in, of an entry larger than 1 MiB; texts of plans have at most 50. */
  readonly ratioMax: number;
}

export const DEFAULT_ZIP_LIMITS: ZipLimits = {
  bytesMax: 64 * 1024 * 1024,
  entriesMax: 10_000,
  entryBytesMax: 64 * 1024 * 1024,
  totalBytesMax: 128 * 1024 * 1024,
  ratioMax: 200,
};

export interface ZipContent {
  /** The wanted files, in the order of the directory, unpacked. */
  readonly files: SourceFile[];
  /** Names of what was not wanted. */
  readonly skipped: string[];
  readonly issues: Issue[];
}

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_BYTES = 22;
/** Compressed bytes given to the decompressor at once: no more than 17 MB come out before sizes are looked at again. */
const PORTION = 16 * 1024;

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  readonly compressed: number;
  readonly size: number;
  readonly offset: number;
}

/** Whether bytes start like a zip. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5) && bytes[3] === bytes[2] + 1;
}

/**
 * Unpacks the wanted files of a zip into memory. Names are labels, never paths: one that is absolute or climbs (`..`) is
 * left out with a warning. Zips in zips are not opened. What is declared is not believed: sizes are counted while
 * unpacking, which ends at the limit, and checksums are compared. All that is wrong is told at once; throws for nothing
 * that is in the zip.
 */
export function readZip(
  bytes: Uint8Array,
  isWanted: (name: string) => boolean,
  limits: ZipLimits = DEFAULT_ZIP_LIMITS,
): ZipContent {
  const files: SourceFile[] = [];
  const skipped: string[] = [];
  const issues: Issue[] = [];
  const content = { files, skipped, issues };
  if (bytes.byteLength > limits.bytesMax) {
    const message = 'the zip is larger than any that is read; unpack it and give the folder';
    const details = { expected: `at most ${limits.bytesMax}`, found: String(bytes.byteLength), unit: 'bytes' };
    issues.push(errorIssue('too-large', '', message, details));
    return content;
  }
  const entries = readDirectory(bytes, limits, issues);
  const seen = new Set<string>();
  let total = 0;
  for (const entry of entries) {
    const { name } = entry;
    if (name.endsWith('/')) continue;
    if (isUnsafe(name)) {
      const message = `the entry ${show(name)} has a name that leads out of the zip; it is left out`;
      issues.push(warningIssue('zip-entry-name', '', message, { expected: 'a name under the zip', found: show(name) }));
      continue;
    }
    if (!isWanted(name)) {
      skipped.push(name);
      continue;
    }
    if (seen.has(name)) {
      const message = `the zip holds ${show(name)} twice; which of them counts is not to be known: keep one`;
      issues.push(errorIssue('zip-entry-twice', '', message, { expected: 'one', found: 'two' }));
      continue;
    }
    seen.add(name);
    const unpacked = unpack(bytes, entry, limits, total);
    if (unpacked instanceof Uint8Array) {
      files.push({ name, bytes: unpacked });
      total += unpacked.byteLength;
    } else {
      issues.push(unpacked);
      if (unpacked.code === 'too-large') break;
    }
  }
  return content;
}

function readDirectory(bytes: Uint8Array, limits: ZipLimits, issues: Issue[]): Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // The end record has a comment of up to 64 KiB after it.
  let end = bytes.byteLength - END_BYTES;
  const first = Math.max(0, end - 0xffff);
  while (end >= first && view.getUint32(end, true) !== END_SIGNATURE) end--;
  const damaged = (what: string): Entry[] => {
    issues.push(errorIssue('zip-damaged', '', `the zip is damaged or cut off: ${what}; take it from a copy`));
    return [];
  };
  if (end < first) return damaged('its directory is missing');
  const count = view.getUint16(end + 10, true);
  const size = view.getUint32(end + 12, true);
  const start = view.getUint32(end + 16, true);
  if (count === 0xffff || size === 0xffffffff || start === 0xffffffff) {
    const message =
      'the zip is of the kind for more than 4 GB (zip64), which is not read; pack it again, or unpack it and give the folder';
    issues.push(errorIssue('zip-kind', '', message, { expected: 'a plain zip', found: 'zip64' }));
    return [];
  }
  if (count > limits.entriesMax) {
    const message = `the zip holds more files than are looked at; give the folder or a smaller zip`;
    issues.push(
      errorIssue('too-large', '', message, { expected: `at most ${limits.entriesMax}`, found: String(count) }),
    );
    return [];
  }
  if (start + size > end) return damaged('its directory does not fit into it');
  const entries: Entry[] = [];
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== ENTRY_SIGNATURE) return damaged('its directory ends early');
    const nameBytes = view.getUint16(at + 28, true);
    const next = at + 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end) return damaged('its directory ends early');
    entries.push({
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      compressed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameBytes)).replaceAll('\\', '/'),
    });
    at = next;
  }
  return entries;
}

function unpack(bytes: Uint8Array, entry: Entry, limits: ZipLimits, total: number): Uint8Array | Issue {
  const name = show(entry.name);
  const damaged = (what: string) =>
    errorIssue('zip-damaged', '', `${name} in the zip is damaged or cut off: ${what}; take the zip from a copy`);
  if ((entry.flags & 1) !== 0) {
    return errorIssue('zip-kind', '', `${name} in the zip is encrypted; unpack it and give the folder`);
  }
  if (entry.method !== 0 && entry.method !== 8) {
    const message = `${name} in the zip is packed in a way that is not read; pack it again in the usual way (deflate)`;
    return errorIssue('zip-kind', '', message, { expected: 'method 0 or 8', found: `method ${entry.method}` });
  }
  const sizeMax = Math.min(limits.entryBytesMax, limits.totalBytesMax - total);
  const tooLarge = (found: string) => {
    const message = `${name} in the zip unpacks to more than is read; a plan or scenario is smaller`;
    return errorIssue('too-large', '', message, { expected: `at most ${sizeMax}`, found, unit: 'bytes' });
  };
  if (entry.size > sizeMax) return tooLarge(String(entry.size));
  const isBomb = (size: number) => size > 1024 * 1024 && size > limits.ratioMax * Math.max(1, entry.compressed);
  const bomb = () => {
    const message = `${name} in the zip unpacks to more than ${limits.ratioMax} times its size, as no plan or scenario does; unpack it yourself if it is one, and give the folder`;
    return errorIssue('zip-ratio', '', message);
  };
  if (isBomb(entry.size)) return bomb();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (entry.offset + 30 > bytes.byteLength || view.getUint32(entry.offset, true) !== LOCAL_SIGNATURE)
    return damaged('it is not where the directory says');
  const start = entry.offset + 30 + view.getUint16(entry.offset + 26, true) + view.getUint16(entry.offset + 28, true);
  if (start + entry.compressed > bytes.byteLength) return damaged('its end is missing');
  const packed = bytes.subarray(start, start + entry.compressed);
  let result: Uint8Array;
  if (entry.method === 0) result = packed;
  else {
    const target = new Uint8Array(entry.size);
    let size = 0;
    let isFinal = false;
    const inflate = new Inflate((chunk, final) => {
      if (size + chunk.length <= target.length) target.set(chunk, size);
      size += chunk.length;
      isFinal ||= final;
    });
    try {
      for (let at = 0; at < packed.length && size <= target.length; at += PORTION)
        inflate.push(packed.subarray(at, at + PORTION), at + PORTION >= packed.length);
    } catch (error) {
      return damaged((error as Error).message);
    }
    if (size > target.length) return damaged('it unpacks to more than it says');
    if (size < target.length || !isFinal) return damaged('it unpacks to less than it says');
    result = target;
  }
  if (result.byteLength !== entry.size) return damaged('its size is not what it says');
  if (crc32(result) !== entry.crc) return damaged('its checksum is wrong');
  return result;
}

function isUnsafe(name: string): boolean {
  return name === '' || /^[/]|^[A-Za-z]:|\0/.test(name) || name.split('/').includes('..');
}

function show(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 77)}…` : name);
}
