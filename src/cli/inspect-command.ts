import { inspectFrames } from '../trace/index.ts';
import type { CommandOutcome } from './outcome.ts';
import { fail, succeed } from './outcome.ts';
import { findMissing, readRun } from './read-run.ts';
import { RUN_FILES, readRunFile } from './run-folder.ts';

/** `crashbar inspect`: what a run's folder holds, and every piece of it that is damaged, by name. */
export async function inspectRun(folder: string): Promise<CommandOutcome> {
  const missing = findMissing(folder);
  if (missing !== undefined) return missing;
  const chunks = inspectFrames(readRunFile(folder, RUN_FILES.frames));
  const read = readRun(folder, true);
  if ('outcome' in read) return read.outcome;
  const { header, events, trajectory, damage } = read.trace;
  const counts = new Map<string, number>();
  for (const event of events) counts.set(event.type, (counts.get(event.type) ?? 0) + 1);
  const hashes = events.filter((event) => event.type === 'state-hash');
  const lines = [
    `${folder}: “${header.name}”, seed ${header.seed}, engine ${header.engine}`,
    `outcome ${header.outcome}, ended at ${header.endTime} s, state hash ${header.stateHash || '(none yet)'}`,
    `scenario hash ${header.scenarioHash}`,
    `${header.persons.length} persons, ${header.sheets.length} sheets, ${trajectory.frameCount} frames at ${header.frameRate} per second in ${chunks.length} chunks`,
    ...chunks.map(
      (chunk) =>
        `  chunk ${chunk.index}: bytes ${chunk.offset} … ${chunk.offset + chunk.bytes - 1}, frames ${chunk.firstFrame} … ${chunk.firstFrame + chunk.frameCount - 1}, ${chunk.ok ? 'whole' : `DAMAGED: ${chunk.reason}`}`,
    ),
    `${events.length} events`,
    ...[...counts].map(([type, count]) => `  ${type} ${count}`),
    `${hashes.length} state hashes${hashes.length === 0 ? '' : `, last ${hashes.at(-1)?.hash} at ${hashes.at(-1)?.t} s`}`,
  ];
  const document = {
    run: folder,
    header: { ...header, scenario: undefined },
    chunks,
    events: Object.fromEntries(counts),
    hashes,
    damage,
  };
  if (damage.length === 0) return succeed([...lines, 'Nothing is damaged.'].join('\n'), document);
  return fail([...lines, `${damage.length} damaged:`, ...damage.map((line) => `  ${line}`)].join('\n'), document);
}
