import { composeChronicle } from '../analysis/index.ts';
import { castOf, narrate, narrateEntry } from '../report/index.ts';
import { type CommandOutcome, errorIssue, refuse, succeed } from './outcome.ts';
import { readRun } from './read-run.ts';

export interface NarrateOptions {
  readonly person?: number;
  readonly from?: number;
  readonly until?: number;
  readonly damaged?: boolean;
}

/** `crashbar narrate`: what happened in a run, in plain words and order of time. */
export async function narrateRun(folder: string, options: NarrateOptions): Promise<CommandOutcome> {
  const read = readRun(folder, options.damaged === true);
  if ('outcome' in read) return read.outcome;
  const { header } = read.trace;
  if (options.person !== undefined && options.person >= header.persons.length) {
    const message = `There is no person ${options.person}: the run has ${header.persons.length}, numbered from 0.`;
    return refuse(folder, [errorIssue('no-person', '--person', message)]);
  }
  const cast = castOf(header.persons);
  const { from = 0, until = Number.POSITIVE_INFINITY } = options;
  const entries = composeChronicle(read.trace, options.person).filter(({ t, until: end }) => end >= from && t <= until);
  const told = entries.map((entry) => ({
    t: entry.t,
    until: entry.until,
    type: entry.events[0].type,
    persons: entry.persons,
    text: narrateEntry(entry, cast),
  }));
  const text = narrate(entries, cast);
  return succeed(text === '' ? 'Nothing happened in that time.' : text, {
    run: folder,
    lines: told.filter((line) => line.text !== undefined),
  });
}
