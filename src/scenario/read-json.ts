import type { Issue } from './issue.ts';
import { errorIssue } from './issues.ts';
import { formatPlace, type JsonLimits, lineAndColumn, scanJson } from './scan-json.ts';

/** How large a scenario file may be. */
export interface ReadLimits extends JsonLimits {
  /** Bytes of the file. */
  readonly bytesMax: number;
}

export const DEFAULT_READ_LIMITS: ReadLimits = { bytesMax: 64 * 1024 * 1024, depthMax: 64, numbersMax: 5_000_000 };

/**
 * Issue of a file that is too large to be read, known from its size alone; `undefined` where it is not.
 * A program asks this before it reads the file.
 */
export function checkFileSize(bytes: number, limits: Partial<ReadLimits> = {}): Issue | undefined {
  const { bytesMax } = { ...DEFAULT_READ_LIMITS, ...limits };
  if (bytes <= bytesMax) return undefined;
  const message = `the file has ${showBytes(bytes)}, more than the limit of ${showBytes(bytesMax)}; simplify the outlines or split the scenario`;
  return errorIssue('too-large', '', message, { expected: `at most ${bytesMax} bytes`, found: `${bytes} bytes` });
}

/** A JSON text as far as it could be read. */
export interface JsonRead {
  readonly issues: Issue[];
  /** Missing where the bytes are no text at all. */
  readonly text?: string;
  /** Missing where the text is no JSON. Of keys given twice (an issue) it has the last. */
  readonly value?: unknown;
}

/**
 * Bytes or text as JSON: size, UTF-8, syntax with hints, depth, keys given twice; all issues at once. Never throws for
 * what is in the file.
 */
export function readJson(input: string | Uint8Array, limits: ReadLimits): JsonRead {
  const size = typeof input === 'string' ? utf8Length(input) : input.byteLength;
  const tooLarge = checkFileSize(size, limits);
  if (tooLarge !== undefined) return { issues: [tooLarge] };
  const decoded = typeof input === 'string' ? { text: input.replace(/^\uFEFF/, '') } : decodeUtf8(input);
  if ('issue' in decoded) return { issues: [decoded.issue] };
  const { text } = decoded;
  if (text.trim() === '') {
    return {
      issues: [
        errorIssue('empty-file', '', 'the file is empty; a scenario starts with {', {
          expected: 'JSON',
          found: 'nothing',
        }),
      ],
    };
  }
  const issues = scanJson(text, limits);
  // Keys given twice can be parsed; everything else that the scan finds cannot, or should not.
  if (issues.some((issue) => issue.code !== 'duplicate-key')) return { issues, text };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return {
      issues: [
        ...issues,
        errorIssue('not-json', '', `the text is not JSON: ${(error as Error).message}; mend it there`),
      ],
      text,
    };
  }
  return { issues, text, value: parsed };
}

function decodeUtf8(bytes: Uint8Array): { text: string } | { issue: Issue } {
  const [first, second, third, fourth] = bytes;
  const isUtf16 =
    (first === 0xff && second === 0xfe) ||
    (first === 0xfe && second === 0xff) ||
    (bytes.length >= 4 && (first === 0) !== (second === 0) && (third === 0) !== (fourth === 0));
  const expected = 'UTF-8';
  if (isUtf16) {
    return { issue: errorIssue('not-utf8', '', 'the file is UTF-16; save it as UTF-8', { expected, found: 'UTF-16' }) };
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    const { offset, line, column } = findBadByte(bytes);
    const found = `byte 0x${bytes[offset].toString(16).padStart(2, '0')}`;
    const place = formatPlace({ line, column });
    const message = `${found} in ${place} is not UTF-8; save the file as UTF-8`;
    return { issue: { ...errorIssue('not-utf8', place, message, { expected, found }), line, column } };
  }
}

/** First byte at which a text stops being UTF-8, by halving. */
function findBadByte(bytes: Uint8Array): { offset: number; line: number; column: number } {
  const decodes = (end: number) => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodes(Math.min(middle, bytes.length))) good = middle;
    else bad = middle;
  }
  const offset = Math.min(good, bytes.length - 1);
  const before = new TextDecoder().decode(bytes.subarray(0, offset));
  return { offset, ...lineAndColumn(before, before.length) };
}

function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    bytes += code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 1 : 2;
  }
  return bytes;
}

function showBytes(bytes: number): string {
  if (bytes >= 1024 ** 3) return `${Math.round((bytes / 1024 ** 3) * 10) / 10} GiB`;
  if (bytes >= 1024 ** 2) return `${Math.round((bytes / 1024 ** 2) * 10) / 10} MiB`;
  return `${bytes} bytes`;
}
