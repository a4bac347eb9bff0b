// The two test runners, each counted by its own report.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inRoot, nodeBinary } from './paths.mjs';
import { ended, spawnTied, stopChild } from './processes.mjs';
import { testEnvironment } from './test-environment.mjs';

/**
 * @typedef {{ passed: number, failed: number, failures: string[], flaky?: string[] }} Count each failure by its name, for
 * the end of a long log; flaky ones passed at the second try only, and wait to be mended
 */

const crashed = (runner) => ({ passed: 0, failed: 1, failures: [`${runner} left no report`] });
const running = new Set();

/** Ends the runners that are under way, if any. */
export async function stopRunners() {
  await Promise.all([...running].map((child) => stopChild(child)));
}

async function runVisibly(args, env) {
  const child = spawnTied(nodeBinary(), args, { env: testEnvironment(env), stdio: ['ignore', 'inherit', 'inherit'] });
  running.add(child);
  const { code } = await ended(child);
  running.delete(child);
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
function settle(runner, { passed, failures }, code, mayBeEmpty) {
  const named = [...failures];
  if (code !== 0 && failures.length === 0)
    named.push(`${runner} ended with ${code}, though no test failed: see its errors above`);
  if (passed + named.length === 0 && !mayBeEmpty) named.push(`${runner} ran no test`);
  return { passed, failed: named.length, failures: named };
}

const firstLine = (text) => (text ?? '').split('\n', 1)[0];

/** @returns {string[]} */
function failuresOfFile(file) {
  const name = path.relative(inRoot(), file.name);
  const tests = file.assertionResults
    .filter((test) => test.status === 'failed')
    .map((test) => `${name} › ${test.fullName}`);
  // A file may fail by a hook or an import of its own.
  return tests.length > 0 || file.status !== 'failed'
    ? tests
    : [`${name}: ${firstLine(file.message) || 'failed outside its tests'}`];
}

/** Tests of these projects (vitest's own way to name them: `proof`, `!proof`). @returns {Promise<Count>} */
export async function runVitest({ projects, filters, reportFile, mayBeEmpty }) {
  const args = [
    inRoot('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--passWithNoTests',
    ...projects.map((name) => `--project=${name}`),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
    ...filters,
  ];
  const code = await runVisibly(args, {});
  const report = readReport(reportFile);
  if (!report) return crashed('vitest');
  const count = { passed: report.numPassedTests, failures: report.testResults.flatMap(failuresOfFile) };
  return settle('vitest', count, code, mayBeEmpty);
}

/** @param {'unexpected' | 'flaky'} status @returns {string[]} */
function namesOfSuite(suite, status) {
  const own = (suite.specs ?? [])
    .filter((spec) => spec.tests.some((test) => test.status === status))
    .map((spec) => `${spec.file} › ${spec.title}`);
  return [...own, ...(suite.suites ?? []).flatMap((inner) => namesOfSuite(inner, status))];
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
  if (!report) return mayBeEmpty && code === 0 ? { passed: 0, failed: 0, failures: [] } : crashed('Playwright');
  const { expected, flaky } = report.stats;
  const named = (status) => report.suites.flatMap((suite) => namesOfSuite(suite, status));
  const count = { passed: expected + flaky, failures: named('unexpected') };
  return { ...settle('Playwright', count, code, mayBeEmpty), flaky: named('flaky') };
}
