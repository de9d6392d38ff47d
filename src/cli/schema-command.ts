import { scenarioJsonSchema } from '../scenario/index.ts';

/** The JSON Schema of the scenario format, as text. */
export function printSchema(): string {
  return `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
}
