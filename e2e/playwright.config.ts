import { defineConfig } from '@playwright/test';
import { findChromium } from '../tools/services.mjs';

const reportFile = process.env['PARLEY_E2E_REPORT'];
const chromium = findChromium();

/** The whole product as `npm start` brings it up, in a folder and on ports of its own. */
export default defineConfig({
  testDir: './specs',
  outputDir: './test-results',
  globalSetup: './fixtures/instance.setup.ts',
  fullyParallel: false,
  workers: 1,
  // On the gate one failure in hundreds must not hide what the others say: it is tried again, and named at the end.
  retries: process.env['CI'] ? 1 : 0,
  timeout: 60_000,
  globalTimeout: 60 * 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  reporter: [['list'], ...(reportFile ? ([['json', { outputFile: reportFile }]] as const) : [])],
  use: {
    // A trace doubles the work of a test: it is taken of what is tried again, or by `npx playwright test --trace on`.
    trace: 'on-first-retry',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
