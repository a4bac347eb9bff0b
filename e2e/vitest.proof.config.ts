import { defineConfig } from 'vitest/config';
import { contractSource } from '../backend/contract-source.config.ts';

/** The proof in its short profile, alone on the machine: it needs the processors for its own processes. */
export default defineConfig({
  resolve: { alias: contractSource },
  test: { name: 'proof', include: ['proof/**/*.spec.ts'], sequence: { groupOrder: 2 } },
});
