import { defineConfig } from '@playwright/test';
import tests from './playwright.config.ts';

/** `npm run screens`: the pictures of docs/screenshots, taken of the demo as it comes. */
export default defineConfig(tests, { testDir: './screens', testMatch: '*.screens.ts', reporter: [['list']] });
