import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Issue } from '../scenario/index.ts';
import { errorIssue } from './outcome.ts';

/** Largest file that is read as input [bytes]. */
export const INPUT_BYTES_MAX = 64 * 1024 * 1024;

/** Name of the scenario inside a scene's folder. */
const SCENARIO_FILE = 'scenario.json';

/**
 * Reads a scenario or a plan. A folder stands for the `scenario.json` in it. The size is looked up before a byte is
 * read, so that a huge or endless file is refused at once: `bytesMax` at most.
 */
export function readInput(
  path: string,
  bytesMax = INPUT_BYTES_MAX,
): { file: string; bytes?: Uint8Array; issues: Issue[] } {
  let file = path;
  try {
    let stats = statSync(file);
    if (stats.isDirectory()) {
      file = join(path, SCENARIO_FILE);
      if (!existsSync(file)) {
        return {
          file,
          issues: [errorIssue('no-scenario', path, `This folder has no ${SCENARIO_FILE}; name the file itself.`)],
        };
      }
      stats = statSync(file);
    }
    if (!stats.isFile()) {
      return { file, issues: [errorIssue('not-a-file', file, 'This is neither a file nor a folder with a scenario.')] };
    }
    if (stats.size > bytesMax) {
      return {
        file,
        issues: [
          errorIssue('file-too-large', file, 'The file is larger than any plan or scenario that is read.', {
            expected: `at most ${bytesMax}`,
            found: `${stats.size}`,
            unit: 'bytes',
          }),
        ],
      };
    }
    return { file, bytes: readFileSync(file), issues: [] };
  } catch (error) {
    return { file, issues: [errorIssue('cannot-read', file, `The file cannot be read: ${systemReason(error)}.`)] };
  }
}

/**
 * Makes a folder and those above it that are missing, one by one: where a file system says of a new folder that there is none of that
 * name (/proc does), Node's own recursive way asks for ever.
 */
export function makeFolders(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolders(dirname(path));
  mkdirSync(path);
}

/** Words for what the operating system says, without the path and the call. */
export function systemReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  switch (code) {
    case 'ENOENT':
      return 'there is none of that name';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EISDIR':
      return 'it is a folder';
    case 'ENOTDIR':
      return 'a part of its path is a file, not a folder';
    case 'ENOSPC':
      return 'the disk is full';
    case 'EROFS':
      return 'the disk is read-only';
    case 'EMFILE':
      return 'too many files are open';
    default:
      return code ?? String(error);
  }
}

/** Writes all bytes, however many calls that takes. */
export function writeFully(descriptor: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(descriptor, bytes, written, bytes.length - written);
}

/**
 * Writes a file so that whoever looks finds either the old one or the new one, whole, even after a crash: temporary
 * file beside it, flushed to disk, renamed. Makes missing folders. Text may come in pieces.
 * @returns how many bytes were written
 */
export function writeAtomically(path: string, content: Uint8Array | Iterable<string>): number {
  makeFolders(dirname(path));
  const temporary = `${path}.${process.pid}.tmp`;
  let bytes = 0;
  try {
    const descriptor = openSync(temporary, 'w');
    try {
      for (const piece of piecesOf(content)) {
        writeFully(descriptor, piece);
        bytes += piece.length;
      }
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  return bytes;
}

function* piecesOf(content: Uint8Array | Iterable<string>): Generator<Uint8Array> {
  if (content instanceof Uint8Array) {
    yield content;
    return;
  }
  const encoder = new TextEncoder();
  for (const piece of typeof content === 'string' ? [content] : content) yield encoder.encode(piece);
}
