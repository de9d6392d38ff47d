import type { Scenario } from './schema.ts';

/**
 * One text for all ways of writing the same scenario: keys sorted by their UTF-16 units, no spaces, numbers as
 * JavaScript prints them (−0 as 0), absent fields left out. `$schema` is no part of the scenario. Equal scenarios, as
 * `readScenario` returns them, have equal texts; the scenario hash of a run is the hash of this text.
 */
export function canonicalScenarioText(scenario: Scenario): string {
  const { $schema: _, ...rest } = scenario;
  return canonicalText(rest);
}

function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const record = value as Record<string, unknown>;
    const fields = Object.keys(record)
      .filter((key) => record[key] !== undefined)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonicalText(record[key])}`);
    return `{${fields.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
