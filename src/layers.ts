/**
 * The one-way table of imports: a folder may import itself and the folders listed for it, nothing else.
 * `layers.test.ts` reads every import under `src/` and fails on any other. Tests may import what they need.
 */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  math: [],
  scenario: ['math'],
  importers: ['math', 'scenario'],
  world: ['math', 'scenario'],
  trace: ['math', 'scenario'],
  engine: ['math', 'world', 'trace'],
  analysis: ['math', 'scenario', 'trace'],
  report: ['math', 'scenario', 'analysis'],
  batch: ['math', 'scenario', 'world', 'trace', 'engine', 'analysis'],
  cli: ['math', 'scenario', 'importers', 'world', 'trace', 'engine', 'analysis', 'report', 'batch'],
};

/** Folders whose code may import `node:` modules. */
export const NODE_LAYERS: readonly string[] = ['cli'];
