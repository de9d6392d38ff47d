export * from './issue.ts';
export * from './profiles.ts';
export * from './schema.ts';
export { validateScenario } from './validate-scenario.ts';
