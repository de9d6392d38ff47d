import { defineConfig } from 'vitest/config';

/** Checks of the whole program that take too long for `npm test`; the build server runs them. */
export default defineConfig({
  test: {
    include: ['test/acceptance/*.acceptance.ts'],
    testTimeout: 300_000,
    pool: 'forks',
  },
});
