import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import type { TraceSink } from '../trace/index.ts';
import { makeFolders, writeAtomically, writeFully } from './files.ts';

/** Names of the files in a run's folder. */
export const RUN_FILES = {
  header: 'run.json',
  frames: 'frames.bin',
  events: 'events.ndjson',
  snapshot: 'snapshot.bin',
  checksums: 'checksums.txt',
  report: 'report.html',
  sensitivity: 'sensitivity.json',
} as const;
export type RunFile = (typeof RUN_FILES)[keyof typeof RUN_FILES];

/** The files that are a run's record; their checksums are kept. */
const SEALED_FILES = [RUN_FILES.header, RUN_FILES.frames, RUN_FILES.events] as const;

/** A sink that appends to the two files of a run's folder; `sync` puts them on disk. */
export interface FolderSink extends TraceSink {
  readonly sync: () => void;
  readonly close: () => void;
}

/**
 * Opens the files of a run for appending, cut to the given lengths [bytes] (0 for a new run).
 * @throws the system's error where a file cannot be opened
 */
export function openFolderSink(folder: string, frameBytes: number, eventBytes: number): FolderSink {
  makeFolders(folder);
  // 'a' would create the file too, but a truncated file must be continued at its new end on every system.
  const frames = openSync(join(folder, RUN_FILES.frames), 'a');
  const events = openSync(join(folder, RUN_FILES.events), 'a');
  ftruncateSync(frames, frameBytes);
  ftruncateSync(events, eventBytes);
  return {
    append: (file, bytes) => writeFully(file === 'frames.bin' ? frames : events, bytes),
    sync: () => {
      fsyncSync(frames);
      fsyncSync(events);
    },
    close: () => {
      closeSync(frames);
      closeSync(events);
    },
  };
}

/** True where the folder is missing or empty, so that a run may be written into it. */
export function isFreeFolder(folder: string): boolean {
  return !existsSync(folder) || (statSync(folder).isDirectory() && readdirSync(folder).length === 0);
}

/** True where the folder holds a run, finished or not. */
export function isRunFolder(folder: string): boolean {
  return existsSync(join(folder, RUN_FILES.header));
}

/** Removes what a run writes and nothing else. */
export function clearRunFolder(folder: string): void {
  for (const name of Object.values(RUN_FILES)) rmSync(join(folder, name), { force: true });
}

/** Reads one file of a run; empty where it is missing (a run killed before it wrote any). */
export function readRunFile(folder: string, name: RunFile): Uint8Array {
  const path = join(folder, name);
  return existsSync(path) ? readFileSync(path) : new Uint8Array(0);
}

/** Writes checksums.txt, which `sha256sum --check` reads too. A run that was killed has none. */
export function sealRun(folder: string): void {
  const lines = SEALED_FILES.map((name) => `${hashFile(folder, name)}  ${name}\n`);
  writeAtomically(join(folder, RUN_FILES.checksums), lines.join(''));
}

/** Takes the checksums away from a run that is to be changed. */
export function unsealRun(folder: string): void {
  rmSync(join(folder, RUN_FILES.checksums), { force: true });
}

/** Names of the files that are not what they were when the run ended; empty also where there are no checksums. */
export function findChangedFiles(folder: string): RunFile[] {
  const text = new TextDecoder().decode(readRunFile(folder, RUN_FILES.checksums));
  const recorded = new Map(text.split('\n').map((line) => [line.slice(66), line.slice(0, 64)]));
  return SEALED_FILES.filter((name) => recorded.has(name) && recorded.get(name) !== hashFile(folder, name));
}

function hashFile(folder: string, name: RunFile): string {
  return createHash('sha256').update(readRunFile(folder, name)).digest('hex');
}
