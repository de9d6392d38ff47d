export * from './run-types.ts';
