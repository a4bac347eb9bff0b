import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      'backend/vitest.config.ts',
      'backend/vitest.integration.config.ts',
      'console/vitest.config.ts',
      'e2e/vitest.config.ts',
      'e2e/vitest.proof.config.ts',
      'tools/vitest.config.ts',
    ],
  },
});
