import type { Issue } from '../scenario/index.ts';
import { chooseSheetRows } from './choose-sheet.ts';
import type { ExportSource, RowStream } from './row-stream.ts';
import type { TraceSheet } from './trace.ts';

/** Rows of one piece of text. */
const ROWS_PER_PIECE = 4096;

/** A frame rate with at least two decimals, and all of them if it has more. */
function rateText(rate: number): string {
  const short = rate.toFixed(2);
  return Number(short) === rate ? short : String(rate);
}

function* writePieces(
  name: string,
  sheet: TraceSheet,
  stream: RowStream,
  ids: Int32Array | undefined,
): Generator<string, void, undefined> {
  const [z0, zx, zy] = sheet.plane;
  // Only the lines below may hold the words that readers look for; a name could hold them too.
  const label = (text: string): string => text.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/framerate/gi, 'rate');
  yield `# description: Crashbar run ${label(name)} sheet ${label(sheet.id)}\n`;
  yield `# framerate: ${rateText(stream.frameRate)}\n`;
  yield '# id frame x/m y/m z/m\n';
  let piece = '';
  let rows = 0;
  for (const { firstFrame, frameCount, frameStart, person, x, y } of stream.blocks()) {
    for (let f = 0; f < frameCount; f++) {
      for (let row = frameStart[f]!; row < frameStart[f + 1]!; row++) {
        const px = x[row]!;
        const py = y[row]!;
        const id = ids === undefined ? person[row]! : ids[person[row]!]!;
        piece += `${id} ${firstFrame + f} ${px.toFixed(4)} ${py.toFixed(4)} ${(z0 + zx * px + zy * py).toFixed(4)}\n`;
        if (++rows % ROWS_PER_PIECE === 0) {
          yield piece;
          piece = '';
        }
      }
    }
  }
  if (piece !== '') yield piece;
}

/**
 * The text format of the Jülich data archive, which PedPy and JuPedSim's tools read: `# framerate: 10.00`, then
 * `id frame x y z` [m] with four decimals, sorted by frame, then person. Ids are the source's own, or the run's person numbers (from 0), z the
 * height of the floor where they stand. One sheet (see `chooseSheet`); a person has a row only while on it.
 *
 * `pieces` streams the text, one piece of about 4096 rows at a time; absent when there are issues. It can be run once.
 */
export function exportArchiveText(
  source: ExportSource,
  options: { readonly sheet?: number | string } = {},
): { readonly pieces?: Iterable<string>; readonly issues: readonly Issue[] } {
  const { index, rows, issues } = chooseSheetRows(source, options.sheet);
  if (index === undefined || rows === undefined) return { issues };
  return { pieces: writePieces(source.header.name, source.header.sheets[index]!, rows, source.ids), issues };
}
