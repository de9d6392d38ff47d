import { z } from 'zod';
import { SCENARIO_VERSION, scenarioSchema } from './schema.ts';

/**
 * The scenario format as JSON Schema (draft 2020-12), for editors: `dist/scenario.schema.json`. Fields that have a
 * default may be left out, as in a file. Says what the schema says, not what `validateScenario` adds.
 */
export function scenarioJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(scenarioSchema, { io: 'input' }) as Record<string, unknown>;
  return {
    $schema,
    $id: `urn:crashbar:scenario:${SCENARIO_VERSION}`,
    title: `Crashbar scenario, version ${SCENARIO_VERSION}`,
    ...schema,
  };
}
