import type { Issue } from '../scenario/index.ts';
import { type ExportSource, type RowStream, streamRows, streamSheet } from './row-stream.ts';
import type { Trace, TraceSheet, Trajectory } from './trace.ts';
import { trajectoryOfSheet } from './trajectory.ts';

/**
 * The sheet that a format of one floor is written from, and the rows on it. `sheet`: index or id (a text that is no
 * id but a number is an index); when left out, the only
 * sheet that anyone is on. Otherwise an issue that names the sheets there are. A sheet nobody was on cannot be exported:
 * the readers of the field refuse files without rows.
 */
export function chooseSheet(
  source: { readonly header: { readonly sheets: readonly TraceSheet[] }; readonly trajectory: Trajectory },
  sheet: number | string | undefined,
): { readonly index?: number; readonly trajectory?: Trace['trajectory']; readonly issues: readonly Issue[] } {
  const { index, alone, issues } = pickSheet(source, sheet);
  if (index === undefined) return { issues };
  return { index, trajectory: alone ? source.trajectory : trajectoryOfSheet(source.trajectory, index), issues };
}

/** The same for an exporter: the rows as a stream. */
export function chooseSheetRows(
  source: ExportSource,
  sheet: number | string | undefined,
): { readonly index?: number; readonly rows?: RowStream; readonly issues: readonly Issue[] } {
  const { index, alone, issues } = pickSheet(source, sheet);
  if (index === undefined) return { issues };
  const stream = streamRows(source.trajectory);
  return { index, rows: alone ? stream : streamSheet(stream, index), issues };
}

function pickSheet(
  source: Pick<ExportSource, 'trajectory'> & { readonly header: { readonly sheets: readonly TraceSheet[] } },
  sheet: number | string | undefined,
): { readonly index?: number; readonly alone?: boolean; readonly issues: readonly Issue[] } {
  const { sheets } = source.header;
  const rows = new Array<number>(sheets.length).fill(0);
  for (const block of streamRows(source.trajectory).blocks()) {
    for (const index of block.sheet) if (index < rows.length) rows[index]! += 1;
  }
  const used = rows.flatMap((count, index) => (count > 0 ? [index] : []));
  const list = (indices: readonly number[]): string =>
    indices.map((index) => `${index} "${sheets[index]!.id}" (${rows[index]} rows)`).join(', ');
  const refuse = (code: string, message: string, found?: string) => ({
    issues: [{ code, path: 'sheet', message, ...(found === undefined ? {} : { found }), severity: 'error' as const }],
  });

  if (used.length === 0) return refuse('nobody-to-export', 'The trajectory has no rows: there is nobody to export.');
  let index: number;
  if (sheet === undefined) {
    if (used.length > 1) {
      const message = `The format holds one floor and people were on ${used.length} sheets; choose one: ${list(used)}.`;
      return refuse('sheet-not-chosen', message);
    }
    index = used[0]!;
  } else {
    index = typeof sheet === 'number' ? sheet : sheets.findIndex((one) => one.id === sheet);
    if (index < 0 && typeof sheet === 'string' && /^\d+$/.test(sheet)) index = Number(sheet);
    if (!Number.isInteger(index) || index < 0 || index >= sheets.length) {
      return refuse('sheet-not-known', `There is no sheet ${sheet}; people were on: ${list(used)}.`, String(sheet));
    }
    if (rows[index] === 0) {
      return refuse('nobody-to-export', `Nobody was on sheet ${sheet}; people were on: ${list(used)}.`, String(sheet));
    }
  }
  return { index, alone: used.length === 1, issues: [] };
}
