import type { Issue } from '../scenario/index.ts';
import { chooseSheet, type ExportSource } from './choose-sheet.ts';
import type { TraceSheet, Trajectory } from './trace.ts';

/** Rows of one piece of text. */
const ROWS_PER_PIECE = 4096;

/** A frame rate with at least two decimals, and all of them if it has more. */
function rateText(rate: number): string {
  const short = rate.toFixed(2);
  return Number(short) === rate ? short : String(rate);
}

function* writePieces(name: string, sheet: TraceSheet, trajectory: Trajectory): Generator<string, void, undefined> {
  const { frameCount, frameStart, person, x, y } = trajectory;
  const [z0, zx, zy] = sheet.plane;
  // Only the lines below may hold the words that readers look for; a name could hold them too.
  const label = (text: string): string => text.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/framerate/gi, 'rate');
  yield `# description: Crashbar run ${label(name)} sheet ${label(sheet.id)}\n`;
  yield `# framerate: ${rateText(trajectory.frameRate)}\n`;
  yield '# id frame x/m y/m z/m\n';
  let piece = '';
  for (let frame = 0, rows = 0; frame < frameCount; frame++) {
    for (let row = frameStart[frame]!; row < frameStart[frame + 1]!; row++) {
      const px = x[row]!;
      const py = y[row]!;
      piece += `${person[row]} ${frame} ${px.toFixed(4)} ${py.toFixed(4)} ${(z0 + zx * px + zy * py).toFixed(4)}\n`;
      if (++rows % ROWS_PER_PIECE === 0) {
        yield piece;
        piece = '';
      }
    }
  }
  if (piece !== '') yield piece;
}

/**
 * The text format of the Jülich data archive, which PedPy and JuPedSim's tools read: `# framerate: 10.00`, then
 * `id frame x y z` [m] with four decimals, sorted by frame, then person. Ids are the run's person numbers (from 0), z the
 * height of the floor where they stand. One sheet (see `chooseSheet`); a person has a row only while on it.
 *
 * `pieces` streams the text, one piece of about 4096 rows at a time; absent when there are issues. It can be run once.
 */
export function exportArchiveText(
  source: ExportSource,
  options: { readonly sheet?: number | string } = {},
): { readonly pieces?: Iterable<string>; readonly issues: readonly Issue[] } {
  const { index, trajectory, issues } = chooseSheet(source, options.sheet);
  if (index === undefined || trajectory === undefined) return { issues };
  return { pieces: writePieces(source.header.name, source.header.sheets[index]!, trajectory), issues };
}
