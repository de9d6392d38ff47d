export * from './issue.ts';
export * from './schema.ts';
