import { defineConfig } from 'vitest/config';
import { contractSource } from './contract-source.config.js';

/** Pure rules: no database, no network. */
export default defineConfig({
  resolve: { alias: contractSource },
  test: {
    name: 'unit',
    include: ['src/**/*.spec.ts', 'contract/src/**/*.spec.ts'],
    setupFiles: ['reflect-metadata'],
    testTimeout: 20_000, // properties try hundreds of cases, also where other work shares the machine
    restoreMocks: true,
  },
});
