import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FilePiece } from '../trace/index.ts';
import { makeFolders, writeFully } from './files.ts';

/** How often a long piece of work lets signals in [ms of the wall]. */
const TURN_MS = 50;

/** What Ctrl-C ended. */
export class Interrupted extends Error {}

/**
 * Writes a file piece by piece beside its place, flushes it to disk and renames it, so that whoever looks finds the old file or the
 * whole new one. Ctrl-C and failures remove what was written so far. Makes missing folders.
 * @returns how many bytes the file has
 * @throws Interrupted, or the system's error
 */
export async function writePieces(
  path: string,
  pieces: Iterable<FilePiece>,
  onProgress: (bytes: number) => void = () => {},
): Promise<number> {
  makeFolders(dirname(path));
  const temporary = `${path}.${process.pid}.tmp`;
  const encoder = new TextEncoder();
  let interrupted = false;
  const onSignal = (): void => {
    interrupted = true;
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    const descriptor = openSync(temporary, 'w');
    let bytes = 0;
    try {
      let turned = performance.now();
      for (const piece of pieces) {
        if (typeof piece === 'object' && 'offset' in piece) {
          let written = 0;
          while (written < piece.bytes.length) {
            written += writeSync(
              descriptor,
              piece.bytes,
              written,
              piece.bytes.length - written,
              piece.offset + written,
            );
          }
        } else {
          const more = typeof piece === 'string' ? encoder.encode(piece) : piece;
          writeFully(descriptor, more);
          bytes += more.length;
        }
        if (performance.now() - turned < TURN_MS) continue;
        onProgress(bytes);
        await nextTurn();
        turned = performance.now();
        if (interrupted) throw new Interrupted('stopped by hand');
      }
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
    return bytes;
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}
