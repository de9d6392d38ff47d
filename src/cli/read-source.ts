import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isSourceFile, isZip, readZip, type SourceFile } from '../importers/index.ts';
import type { Issue } from '../scenario/index.ts';
import { INPUT_BYTES_MAX, readInput, systemReason } from './files.ts';
import { errorIssue } from './outcome.ts';

/** Files looked at in a folder, and bytes read of all together. */
const FOLDER_FILES_MAX = 10_000;
const FOLDER_BYTES_MAX = 256 * 1024 * 1024;
/** Building models are larger than other plans [bytes]. */
const MODEL_BYTES_MAX = 2 ** 30;
/** The only folder in a folder that is looked into: a Vadere project keeps its scenarios there. */
const SUBFOLDER = 'scenarios';

/** What is to be imported: one file, or the files of a folder or zip. `file` and `files` are missing where an issue is an error. */
export interface PlanSource {
  /** As it is called in messages. */
  readonly subject: string;
  readonly file?: { readonly name: string; readonly bytes: Uint8Array };
  readonly files?: readonly SourceFile[];
  /** Names in the folder or zip that no importer knows. */
  readonly skipped: readonly string[];
  readonly issues: readonly Issue[];
}

/** Reads a plan to import: a file; a folder, with its folder `scenarios`; a zip. Links in a folder are not followed. */
export function readSource(path: string): PlanSource {
  let isFolder = false;
  try {
    isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    // Not a folder; what it is instead, readInput says.
  }
  if (isFolder) return readFolder(path);
  const { file, bytes, issues } = readInput(path, /\.ifc$/i.test(path) ? MODEL_BYTES_MAX : INPUT_BYTES_MAX);
  if (bytes === undefined) return { subject: file, skipped: [], issues };
  if (!isZip(bytes)) return { subject: file, file: { name: basename(file), bytes }, skipped: [], issues };
  const zip = readZip(bytes, isSourceFile);
  const isBroken = zip.issues.some((issue) => issue.severity === 'error');
  return { subject: file, ...(isBroken ? {} : { files: zip.files }), skipped: zip.skipped, issues: zip.issues };
}

function readFolder(path: string): PlanSource {
  const files: SourceFile[] = [];
  const skipped: string[] = [];
  const issues: Issue[] = [];
  let bytes = 0;
  const tooLarge = (what: string, expected: number, unit: string) => {
    const message = `The folder holds more ${what} than are read; name a file, or a folder with the plan alone.`;
    issues.push(errorIssue('folder-too-large', path, message, { expected: `at most ${expected}`, unit }));
  };
  const visit = (folder: string, prefix: string): void => {
    const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    if (entries.length + files.length > FOLDER_FILES_MAX) tooLarge('files', FOLDER_FILES_MAX, 'files');
    for (const entry of entries) {
      if (issues.length > 0) return;
      const name = prefix + entry.name;
      const file = join(folder, entry.name);
      if (entry.isDirectory() && entry.name === SUBFOLDER && prefix === '') visit(file, `${entry.name}/`);
      else if (entry.isDirectory()) skipped.push(`${name}/`);
      else if (!entry.isFile() || !isSourceFile(name)) skipped.push(name);
      else {
        const { size } = lstatSync(file);
        bytes += size;
        if (size > INPUT_BYTES_MAX) tooLarge('bytes in one file', INPUT_BYTES_MAX, 'bytes');
        else if (bytes > FOLDER_BYTES_MAX) tooLarge('bytes', FOLDER_BYTES_MAX, 'bytes');
        else files.push({ name, bytes: readFileSync(file) });
      }
    }
  };
  try {
    visit(path, '');
  } catch (error) {
    issues.push(errorIssue('cannot-read', path, `The folder cannot be read: ${systemReason(error)}.`));
  }
  return { subject: path, ...(issues.length > 0 ? {} : { files }), skipped, issues };
}
