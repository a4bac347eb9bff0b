import { defineConfig } from 'vitest/config';

/** The commands themselves: what survives which death. */
export default defineConfig({
  test: { name: 'tools', include: ['**/*.spec.mjs'], testTimeout: 60_000, hookTimeout: 60_000 },
});
