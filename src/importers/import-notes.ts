import type { Issue } from '../scenario/index.ts';
import type { AssertedBand, ImportReport } from './importer.ts';

/** Names listed in one sentence of the report. */
const NAMES_MAX = 12;

/** What an import tells while it reads: problems, guesses, and what the scenario will not hold. */
export class ImportNotes {
  readonly issues: Issue[] = [];
  readonly read: string[] = [];
  readonly asserted: AssertedBand[] = [];
  readonly #guessed = new Map<string, string[]>();
  readonly #ignored = new Map<string, string[]>();
  readonly #unknown = new Map<string, number>();

  /** Something that was not in the file, to be checked. Of `who` (a part's name) all are listed behind the one sentence. */
  guess(sentence: string, who?: string): void {
    add(this.#guessed, sentence, who);
  }

  /** Something in the file that is not in the scenario. */
  ignore(sentence: string, who?: string): void {
    add(this.#ignored, sentence, who);
  }

  /** A field that the reader does not know. */
  unknown(field: string): void {
    this.#unknown.set(field, (this.#unknown.get(field) ?? 0) + 1);
  }

  get hasErrors(): boolean {
    return this.issues.some((issue) => issue.severity === 'error');
  }

  report(importer: string): ImportReport {
    const unknown = [...this.#unknown].map(([field, count]) => (count === 1 ? field : `${field} (${count}×)`));
    const ignored = sentences(this.#ignored);
    if (unknown.length > 0) ignored.push(`fields that are not known: ${listNames(unknown)}`);
    return {
      importer,
      read: this.read,
      guessed: sentences(this.#guessed),
      ignored,
      ...(this.asserted.length > 0 ? { asserted: this.asserted } : {}),
    };
  }
}

function add(map: Map<string, string[]>, sentence: string, who: string | undefined): void {
  const names = map.get(sentence) ?? [];
  if (who !== undefined) names.push(who);
  map.set(sentence, names);
}

function sentences(map: ReadonlyMap<string, readonly string[]>): string[] {
  return [...map].map(([sentence, names]) => (names.length === 0 ? sentence : `${sentence}: ${listNames(names)}`));
}

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_MAX).map((name) => (name.length > 80 ? `${name.slice(0, 79)}…` : name));
  return shown.join(', ') + (names.length > NAMES_MAX ? ` and ${names.length - NAMES_MAX} more` : '');
}

/** `1 exit`, `2 exits`. */
export function countOf(number: number, thing: string, things = `${thing}s`): string {
  return `${number} ${number === 1 ? thing : things}`;
}
