// The two test runners, each counted by its own report.
import { readFileSync } from 'node:fs';
import { inRoot, nodeBinary } from './paths.mjs';
import { ended, spawnTied, stopChild } from './processes.mjs';
import { testEnvironment } from './test-environment.mjs';

/** @typedef {{ passed: number, failed: number }} Count */

const CRASHED = { passed: 0, failed: 1 };
let current = null;

/** Ends the runner that is under way, if any. */
export async function stopRunner() {
  if (current) await stopChild(current);
}

async function runVisibly(args, env) {
  current = spawnTied(nodeBinary(), args, { env: testEnvironment(env), stdio: ['ignore', 'inherit', 'inherit'] });
  const { code } = await ended(current);
  current = null;
  return code;
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** A runner that fails without a failed test, or that had tests to run and ran none, counts as one failure. */
function settle({ passed, failed }, code, mayBeEmpty) {
  if (code !== 0 && failed === 0) return { passed, failed: 1 };
  if (passed + failed === 0 && !mayBeEmpty) return CRASHED;
  return { passed, failed };
}

/** Unit, console, simulator and integration tests. @returns {Promise<Count>} */
export async function runVitest({ filters, reportFile, mayBeEmpty }) {
  const args = [
    inRoot('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
    ...filters,
  ];
  const code = await runVisibly(args, {});
  const report = readReport(reportFile);
  if (!report) return CRASHED;
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const count = { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles.length };
  return settle(count, code, mayBeEmpty);
}

/** The browser tests. @returns {Promise<Count>} */
export async function runPlaywright({ filters, reportFile, chromium, mayBeEmpty }) {
  const args = [
    inRoot('node_modules', '@playwright', 'test', 'cli.js'),
    'test',
    '--config',
    inRoot('e2e', 'playwright.config.ts'),
    '--pass-with-no-tests',
    ...filters,
  ];
  const code = await runVisibly(args, { CHROMIUM_PATH: chromium, PARLEY_E2E_REPORT: reportFile });
  const report = readReport(reportFile);
  if (!report) return mayBeEmpty && code === 0 ? { passed: 0, failed: 0 } : CRASHED;
  const { expected, flaky, unexpected } = report.stats;
  return settle({ passed: expected + flaky, failed: unexpected }, code, mayBeEmpty);
}
