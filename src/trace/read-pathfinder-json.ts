import type { ByteSource } from './byte-source.ts';
import { createFaultList } from './fault-list.ts';
import { finishTimes } from './read-delimited.ts';
import { createRowCollector, ID_MAX, ROWS_MAX } from './row-collector.ts';
import { checkFrameRate, refuseTracks, type TrackOptions, type TracksResult } from './tracks.ts';

/** Parsed JSON takes about ten times its text in memory. */
const BYTES_MAX = 64 * 1024 * 1024;

/**
 * Reads Pathfinder's JSON, `{"<id>": {"<time>": {"position": {"x": …, "y": …}}}}` in metres and seconds; frame rate as in
 * `readTable`. At most 64 MB: longer motions are better written as CSV. All issues at once; nothing given makes it throw.
 */
export function readPathfinderJson(source: ByteSource, options: TrackOptions = {}): TracksResult {
  if (source.size > BYTES_MAX) {
    return refuseTracks('file-too-large', 'file', 'Pathfinder’s JSON is read up to 64 MB; let Pathfinder write CSV.', {
      expected: `at most ${BYTES_MAX}`,
      found: String(source.size),
      unit: 'bytes',
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(source.read(0, source.size)).replace(/^\uFEFF/, ''),
    );
  } catch (error) {
    const found = error instanceof Error ? error.message.slice(0, 200) : String(error);
    return refuseTracks(
      'trajectory-not-json',
      'file',
      `This is not JSON in UTF-8: ${found}. It was cut off, or is another file.`,
    );
  }
  const faults = createFaultList('trajectory-value-wrong');
  const fields = (one: unknown): [string, unknown][] =>
    typeof one === 'object' && one !== null && !Array.isArray(one) ? Object.entries(one) : [];
  const rows = createRowCollector();
  for (const [idText, times] of fields(value)) {
    const id = /^\s*[+-]?\d+\s*$/.test(idText) ? Number(idText) : Number.NaN;
    if (!(Math.abs(id) <= ID_MAX)) {
      faults.add(
        `"${idText.slice(0, 40)}"`,
        `the keys should be whole numbers of persons, found "${idText.slice(0, 40)}".`,
      );
      if (faults.full()) break;
      continue;
    }
    for (const [timeText, entry] of fields(times)) {
      const position = (entry as { position?: { x?: unknown; y?: unknown } } | null)?.position;
      if (position === undefined || position === null || typeof position !== 'object') continue;
      const { x, y } = position;
      const time = timeText.trim() === '' ? Number.NaN : Number(timeText);
      const place = `${idText}/${timeText.slice(0, 40)}`;
      if (!(time >= 0 && time <= 1e8))
        faults.add(place, `the time should be a number of seconds from 0 on, found "${timeText.slice(0, 40)}".`);
      else if (!Number.isFinite(x) || !Number.isFinite(y))
        faults.add(place, 'position.x and position.y should be numbers.');
      else if (!rows.add(id, time, x as number, y as number)) {
        return refuseTracks(
          'trajectory-too-long',
          'file',
          `There are more than ${ROWS_MAX} rows, the most that are read.`,
        );
      }
      if (faults.full()) break;
    }
  }
  if (faults.count() > 0) return { issues: faults.issues() };
  if (rows.count() === 0) {
    return refuseTracks(
      'trajectory-empty',
      'file',
      'The file holds no positions; expected {"<id>": {"<time>": {"position": {"x": …, "y": …}}}}.',
    );
  }
  if (options.frameRate !== undefined) {
    const wrong = checkFrameRate(options.frameRate, 'frame rate');
    if (wrong !== undefined) return { issues: [wrong] };
  }
  return finishTimes('pathfinder-json', rows.columns(), options.frameRate, faults, []);
}
