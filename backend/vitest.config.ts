import { defineConfig } from 'vitest/config';
import { contractSource } from './contract-source.config.js';

/** Pure rules: no database, no network. */
export default defineConfig({
  resolve: { alias: contractSource },
  test: {
    name: 'unit',
    include: ['src/**/*.spec.ts', 'contract/src/**/*.spec.ts'],
    setupFiles: ['reflect-metadata'],
    restoreMocks: true,
  },
});
