import { defineConfig } from 'vitest/config';
import { contractSource } from '../backend/contract-source.config.ts';

/** The Cloud API simulator's own tests, those of the whole topology and of the large set; the browser tests are Playwright's. */
export default defineConfig({
  resolve: { alias: contractSource },
  test: {
    name: 'simulator',
    include: ['simulator/**/*.spec.ts', 'topology/**/*.spec.ts', 'growth/**/*.spec.ts'],
    testTimeout: 15_000,
  },
});
