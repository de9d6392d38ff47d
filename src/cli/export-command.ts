import { createRequire } from 'node:module';
import type { Issue } from '../scenario/index.ts';
import { exportArchiveText, exportCsv, exportJupedsimSqlite, type Trace } from '../trace/index.ts';
import { writeAtomically } from './files.ts';
import type { CommandOutcome } from './outcome.ts';
import { checkOutput, errorIssue, formatIssues, hasErrors, refuse, succeed } from './outcome.ts';
import { readRun } from './read-run.ts';

export interface ExportOptions {
  readonly format: 'sqlite' | 'txt' | 'csv';
  readonly output: string;
  readonly sheet?: string;
  readonly damaged?: boolean;
}

/** `crashbar export`: writes trajectories in another tool's format, whole or not at all. */
export async function exportRun(folder: string, options: ExportOptions): Promise<CommandOutcome> {
  const wrong = checkOutput(options.output);
  if (wrong.length > 0) return refuse(folder, wrong);
  const read = readRun(folder, options.damaged === true);
  if ('outcome' in read) return read.outcome;
  const { content, issues } = await encodeTrace(read.trace, options);
  if (content === undefined || hasErrors(issues)) return refuse(folder, issues);
  const bytes = writeAtomically(options.output, content);
  const warnings = issues.length === 0 ? '' : `\n${formatIssues(issues)}`;
  const document = { run: folder, file: options.output, format: options.format, bytes, issues };
  return succeed(`${options.output}: ${bytes} bytes${warnings}`, document);
}

interface Encoded {
  readonly content?: Uint8Array | Iterable<string>;
  readonly issues: readonly Issue[];
}

async function encodeTrace(trace: Trace, { format, sheet }: ExportOptions): Promise<Encoded> {
  if (format === 'txt') {
    const { pieces, issues } = exportArchiveText(trace, { sheet });
    return { content: pieces, issues };
  }
  if (format === 'csv') {
    if (sheet === undefined) return { content: exportCsv(trace), issues: [] };
    const message = 'CSV holds every level and link, named in the column `sheet`: leave --sheet out.';
    return { issues: [errorIssue('no-sheet-in-csv', '--sheet', message)] };
  }
  const require = createRequire(import.meta.url);
  const locateWasm = (file: string) => require.resolve(`sql.js/dist/${file}`);
  const { bytes, issues } = await exportJupedsimSqlite(trace, { sheet, locateWasm });
  return { content: bytes, issues };
}
