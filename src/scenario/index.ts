export * from './canonical-text.ts';
export * from './closest-word.ts';
export * from './issue.ts';
export {
  errorIssue,
  formatPath,
  limitIssues,
  showNumber,
  showPoint,
  showShort,
  suggestWord,
  warningIssue,
} from './issues.ts';
export * from './json-schema.ts';
export * from './polygon-overlap.ts';
export * from './profiles.ts';
export * from './read-json.ts';
export * from './read-scenario.ts';
export * from './ring-faults.ts';
export * from './role-schema.ts';
export * from './roles.ts';
export { formatPlace, lineAndColumn } from './scan-json.ts';
export * from './schema.ts';
export { validateScenario } from './validate-scenario.ts';
export { outlineOfWaypoint } from './waypoint-outline.ts';
export { issuesFromZod } from './zod-issues.ts';
