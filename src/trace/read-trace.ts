import type { Issue } from '../scenario/index.ts';
import type { FrameBlock } from './chunk-format.ts';
import { decodeChunk } from './decode-chunk.ts';
import { type ChunkEntry, inspectFrames } from './inspect-frames.ts';
import { readEvents } from './read-events.ts';
import { keepPresent, type RowBlock, type RowStream } from './row-stream.ts';
import { decodeRunHeader } from './run-header.ts';
import { NOT_PRESENT, type RunHeader, type Trace } from './trace.ts';
import { createTrajectoryBuilder, type TrajectoryBuilder } from './trajectory.ts';

/** Rows (persons × frames) that are read at most, unless the caller allows more: about 3 GB of memory. */
const ROWS_MAX = 100_000_000;

function framesText(first: number, last: number): string {
  return first === last ? `frame ${first}` : `frames ${first}–${last}`;
}

/** Why a whole chunk does not belong to this run, or undefined. */
function findMismatch(block: FrameBlock, header: RunHeader, nextFrame: number): string | undefined {
  if (block.personCount !== header.persons.length) {
    return `holds ${block.personCount} persons where run.json names ${header.persons.length}`;
  }
  if (block.firstFrame < nextFrame) return `holds frames that came before (the next due is ${nextFrame})`;
  for (let row = 0; row < block.sheet.length; row++) {
    const sheet = block.sheet[row]!;
    if (sheet !== NOT_PRESENT && sheet >= header.sheets.length) {
      return `puts a person on sheet ${sheet} where run.json names ${header.sheets.length}`;
    }
  }
  return undefined;
}

/**
 * Reads a run's three files, finished or still growing. What is damaged is left out and named, in `trace.damage` and as
 * warnings, for example `frames.bin chunk 7 (frames 700–799, byte 48211): checksum does not match, lost`; lost frames
 * have no rows. Without a valid run.json there is no trace. Any bytes may be given; none make it throw.
 *
 * `every`: keep each `every`-th frame only (`trajectory.frameRate` sinks with it). `rowsMax`: refuse more rows than this
 * (default 1e8) before they are allocated. Cost about 60 ns and, at the peak, 54 bytes a row.
 */
export function readTrace(
  files: RunBytes,
  options: { readonly every?: number; readonly rowsMax?: number } = {},
): { readonly trace?: Trace; readonly issues: readonly Issue[] } {
  let builder: TrajectoryBuilder | undefined;
  const { run, issues } = scanRun(files, options, (block, header) => {
    builder ??= createTrajectoryBuilder(header.frameRate, options.every ?? 1);
    builder.add(block);
  });
  if (run === undefined) return { issues };
  const trajectory = (builder ?? createTrajectoryBuilder(run.header.frameRate, options.every ?? 1)).finish();
  return { trace: { header: run.header, trajectory, events: run.events, damage: run.damage }, issues };
}

/** A run whose rows are decoded chunk by chunk, whenever they are asked for. */
export interface StreamedRun extends Omit<Trace, 'trajectory'> {
  readonly trajectory: RowStream;
}

/**
 * Reads a run as `readTrace` does, damage included, but keeps no rows: `trajectory.blocks()` decodes the chunks one by one,
 * each time anew. Memory: one chunk (up to 2 million rows) whatever the length of the run.
 */
export function streamRun(files: RunBytes): { readonly run?: StreamedRun; readonly issues: readonly Issue[] } {
  const offsets: number[] = [];
  let frameCount = 0;
  const { run, issues } = scanRun(files, { rowsMax: Number.POSITIVE_INFINITY }, (block, _, offset) => {
    offsets.push(offset);
    frameCount = block.firstFrame + block.frameCount;
  });
  if (run === undefined) return { issues };
  const blocks = function* (): Generator<RowBlock> {
    for (const offset of offsets) yield keepPresent(decodeChunk(files.frames, offset).block!);
  };
  return { run: { ...run, trajectory: { frameRate: run.header.frameRate, frameCount, blocks } }, issues };
}

export interface RunBytes {
  readonly run: Uint8Array;
  readonly frames: Uint8Array;
  readonly events: Uint8Array;
}

/** Reads header and events, and hands every whole chunk of frames on in order. */
function scanRun(
  files: RunBytes,
  options: { readonly every?: number; readonly rowsMax?: number },
  take: (block: FrameBlock, header: RunHeader, offset: number) => void,
): { readonly run?: Omit<Trace, 'trajectory'>; readonly issues: readonly Issue[] } {
  const { header, issues: headerIssues } = decodeRunHeader(files.run);
  if (header === undefined) return { issues: headerIssues };
  const every = options.every ?? 1;
  const rowsMax = options.rowsMax ?? ROWS_MAX;
  const issues: Issue[] = [];
  const damage: string[] = [];
  const complain = (code: string, path: string, message: string): void => {
    damage.push(message);
    issues.push({ code, path, message, severity: 'warning' });
  };

  const entries = inspectFrames(files.frames);
  let rows = 0;
  for (const entry of entries) if (entry.ok) rows += (entry.frameCount * entry.personCount) / every;
  if (rows > rowsMax) {
    const fits = Math.ceil((rows * every) / rowsMax);
    const message = `frames.bin holds ${Math.ceil(rows)} rows (persons × frames), at most ${rowsMax} are read at once; read every ${fits}th frame, or allow more.`;
    const found = String(Math.ceil(rows));
    return {
      issues: [
        { code: 'trace-too-long', path: 'frames.bin', message, expected: String(rowsMax), found, severity: 'error' },
      ],
    };
  }

  let nextFrame = 0;
  /** Chunks lost since the last good one whose frames only the next good one can tell. */
  let unknown: ChunkEntry[] = [];
  const place = (entry: ChunkEntry, frames: string): string =>
    `frames.bin chunk ${entry.index} (${frames}byte ${entry.offset})`;
  const lose = (entry: ChunkEntry, frames: string, reason: string): void => {
    const torn = entry.fault === 'torn';
    const message = `${place(entry, frames)}: ${reason}, lost`;
    complain(torn ? 'frames-torn' : 'frames-damaged', `frames.bin chunk ${entry.index}`, message);
  };
  /** Tells the chunks without a readable header, whose frames lie between the known ones. */
  const settleUnknown = (before: number | undefined): void => {
    for (const entry of unknown) {
      const known = before === undefined ? `from frame ${nextFrame}` : framesText(nextFrame, before - 1);
      lose(entry, before !== undefined && before <= nextFrame ? '' : `${known}, `, entry.reason!);
    }
    unknown = [];
  };
  for (const entry of entries) {
    if (entry.firstFrame < 0) {
      unknown.push(entry);
      continue;
    }
    const last = entry.firstFrame + entry.frameCount - 1;
    const frames = `${framesText(entry.firstFrame, last)}, `;
    if (!entry.ok) {
      settleUnknown(entry.firstFrame);
      lose(entry, frames, entry.reason!);
      // Its header is whole, so its frames are accounted for.
      if (entry.firstFrame >= nextFrame && entry.fault !== 'refused') nextFrame = last + 1;
      continue;
    }
    const { block, reason } = decodeChunk(files.frames, entry.offset);
    const fault = block === undefined ? reason! : findMismatch(block, header, nextFrame);
    if (block === undefined || fault !== undefined) {
      settleUnknown(entry.firstFrame);
      lose(entry, frames, fault!);
      continue;
    }
    if (entry.firstFrame > nextFrame && unknown.length === 0) {
      const gap = framesText(nextFrame, entry.firstFrame - 1);
      complain(
        'frames-missing',
        'frames.bin',
        `frames.bin has no ${gap} (before chunk ${entry.index}, byte ${entry.offset})`,
      );
    }
    settleUnknown(entry.firstFrame);
    take(block, header, entry.offset);
    nextFrame = last + 1;
  }
  settleUnknown(undefined);
  // A file cut between two chunks shows no tear; the header's end time tells. A second is more than any rounding.
  const lastDue = Math.floor((header.endTime - 1) * header.frameRate);
  if (header.outcome !== 'running' && nextFrame <= lastDue && damage.length === 0) {
    complain(
      'frames-missing',
      'frames.bin',
      `frames.bin ends before frame ${nextFrame}, but run.json says that the run ended at ${header.endTime} s`,
    );
  }

  const { events, damage: eventDamage } = readEvents(files.events);
  for (const message of eventDamage) {
    complain(message.includes(': torn') ? 'events-torn' : 'events-damaged', 'events.ndjson', message);
  }
  return { run: { header, events, damage }, issues };
}
