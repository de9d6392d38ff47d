import { migrate0To1 } from './migrate-0-to-1.ts';

/** One step from a version of the format to the next. */
export interface Migration {
  readonly from: number;
  readonly to: number;
  /** Changes a parsed file of version `from`, which need not be valid; leaves what it does not know; never throws. */
  readonly migrate: (value: unknown) => unknown;
}

/** All steps, oldest first; each starts at the version where the one before it ends. */
export const MIGRATIONS: readonly Migration[] = [{ from: 0, to: 1, migrate: migrate0To1 }];

/** The value brought from version `from` to version `to` step by step, or `undefined` where no steps lead there. */
export function migrateScenario(
  value: unknown,
  from: number,
  to: number,
  migrations: readonly Migration[] = MIGRATIONS,
): { readonly value: unknown; readonly steps: readonly Migration[] } | undefined {
  const steps: Migration[] = [];
  let version = from;
  let migrated = value;
  while (version !== to) {
    const step = migrations.find((migration) => migration.from === version);
    if (step === undefined || step.to <= version || step.to > to) return undefined;
    migrated = step.migrate(migrated);
    steps.push(step);
    version = step.to;
  }
  return { value: migrated, steps };
}
