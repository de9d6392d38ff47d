import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { detectImporter, importers } from '../importers/index.ts';
import { readInput, writeAtomically } from './files.ts';
import type { CommandOutcome } from './outcome.ts';
import { countIssues, errorIssue, formatIssues, hasErrors, refuse, succeed } from './outcome.ts';
import { compileScenario } from './read-scenario.ts';

export interface ImportOptions {
  readonly output: string;
  readonly exit?: readonly (readonly [readonly [number, number], readonly [number, number]])[];
  readonly persons?: number;
  readonly density?: number;
  readonly name?: string;
  readonly unit?: string;
  readonly force?: boolean;
}

/** `crashbar import`: makes a scenario of another program's plan. Writes it only if it can be run. */
export async function importPlan(path: string, options: ImportOptions): Promise<CommandOutcome> {
  throw new Error(`not there yet: ${path} ${options.output}`);
}
