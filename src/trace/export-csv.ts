import { type ExportSource, streamRows } from './row-stream.ts';
import { activityOf, harmOf, isLying, TraceState } from './trace.ts';

const ROWS_PER_PIECE = 4096;
const HARMS = ['', 'injured', 'unconscious', 'dead'] as const;

/** Name of each value of the state byte: what the person does, and after slashes the harm if there is one, and whether they lie. */
export function makeStateNames(): string[] {
  const activities: string[] = [];
  for (const [name, value] of Object.entries(TraceState)) activities[value] = name;
  return Array.from({ length: 256 }, (_, state) => {
    const activity = activities[activityOf(state)] ?? `activity-${activityOf(state)}`;
    const words = [activity, HARMS[harmOf(state)]!, isLying(state) ? 'lying' : ''];
    return words.filter((word) => word !== '').join('/');
  });
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * All rows of all sheets as comma-separated values (RFC 4180, newline `\n`), in pieces of about 4096 rows:
 * `t` [s], `frame`, `id` (person number from 0), `x`, `y`, `z` [m] with four decimals, `sheet` (id), `chest_load` [N],
 * `state` (`walking`, `leaving/injured`, `walking/unconscious/lying` …). The last two are empty where nobody measured them.
 */
export function* exportCsv(source: ExportSource): Generator<string, void, undefined> {
  const { header, ids } = source;
  const stream = streamRows(source.trajectory);
  const stateNames = makeStateNames();
  const sheetNames = header.sheets.map((one) => cell(one.id));
  let piece = 't,frame,id,x,y,z,sheet,chest_load,state\n';
  let rows = 0;
  for (const block of stream.blocks()) {
    const { firstFrame, frameCount, frameStart, person, x, y, sheet, chestLoad, state } = block;
    for (let f = 0; f < frameCount; f++) {
      const frame = firstFrame + f;
      const time = (frame / stream.frameRate).toFixed(3);
      for (let row = frameStart[f]!; row < frameStart[f + 1]!; row++) {
        const px = x[row]!;
        const py = y[row]!;
        const id = ids === undefined ? person[row]! : ids[person[row]!]!;
        const plane = header.sheets[sheet[row]!]?.plane ?? [0, 0, 0];
        const z = plane[0] + plane[1] * px + plane[2] * py;
        const load = chestLoad === undefined ? '' : String(Math.floor(chestLoad[row]! * 10 + 0.5) / 10);
        const name = state === undefined ? '' : stateNames[state[row]!]!;
        const place = sheetNames[sheet[row]!] ?? String(sheet[row]);
        piece += `${time},${frame},${id},${px.toFixed(4)},${py.toFixed(4)},${z.toFixed(4)},${place},${load},${name}\n`;
        if (++rows % ROWS_PER_PIECE === 0) {
          yield piece;
          piece = '';
        }
      }
    }
  }
  if (piece !== '') yield piece;
}
