import { defineConfig } from 'vitest/config';
import { contractSource } from './contract-source.config.js';

/** Against a real PostgreSQL and a real Redis, which the global set-up starts and throws away. */
export default defineConfig({
  resolve: { alias: contractSource },
  test: {
    name: 'integration',
    include: ['test/**/*.int-spec.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['reflect-metadata'],
    maxWorkers: 2,
    sequence: { groupOrder: 1 },
    testTimeout: 20_000,
    hookTimeout: 30_000,
    restoreMocks: true,
  },
});
