/**
 * One problem of a user's input. A validator returns all of them at once and never throws for the user's mistakes.
 * `path` is where (`doors[2].width`, or `line 3, column 14`), `message` says what was expected, what was found, with
 * the unit, and how to mend it.
 */
export interface Issue {
  /** Stable kebab-case name of the kind of problem, e.g. `door-not-on-wall`. */
  readonly code: string;
  /** Where in the input, in the notation of the file's own format. */
  readonly path: string;
  /** One sentence for the user: what is wrong and how to mend it. */
  readonly message: string;
  readonly expected?: string;
  readonly found?: string;
  /** SI unit of `expected` and `found`, e.g. `m`. */
  readonly unit?: string;
  /** Line and column of the text where the value stands, both from 1, where the reader knows them. */
  readonly line?: number;
  readonly column?: number;
  /** `error` stops the work, `warning` is reported and the work goes on. */
  readonly severity: 'error' | 'warning';
}
