// `npm test [-- filter …]`: every test, from nothing. The last line is `N passed, N failed`, alone.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { endRunning } from './lib/processes.mjs';
import { UserError, reportError, say, step } from './lib/report.mjs';
import { runPlaywright, runVitest, stopRunners } from './lib/runners.mjs';
import { provideChromium } from './services/chromium.mjs';

const filters = process.argv.slice(2);
const folder = mkdtempSync(path.join(tmpdir(), 'parley-report-'));
const report = (name) => path.join(folder, `${name}.json`);
const total = { passed: 0, failed: 0 };
/** What failed, by name: said again at the end, where it is found after a quarter of an hour's output. */
const failures = [];
/** What passed at its second try only: no failure, but broken all the same. */
const flaky = [];

function add(count) {
  total.passed += count.passed;
  total.failed += count.failed;
  failures.push(...count.failures);
  flaky.push(...(count.flaky ?? []));
}

/** A part that cannot even begin is one failure, and no reason to leave the others out. */
async function attempt(part) {
  try {
    add(await part());
  } catch (error) {
    reportError(error);
    add({ passed: 0, failed: 1, failures: [error instanceof Error ? error.message : String(error)] });
  }
}

/** Everything built, and a browser; null when either could not be had. */
async function prepared() {
  try {
    await ensureBuilt();
    return await step('Chromium', provideChromium);
  } catch (error) {
    reportError(error);
    return null;
  }
}

function tell(title, names) {
  if (names.length > 0) say(`\n${title}:\n${names.map((name) => `  ${name}`).join('\n')}`);
}

function finish() {
  rmSync(folder, { recursive: true, force: true });
  tell('Failed', failures);
  tell('Passed at the second try only (flaky: to be mended)', flaky);
  say(`\n${total.passed} passed, ${total.failed} failed`);
  process.exit(total.failed === 0 ? 0 : 1);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => {
    void Promise.all([stopRunners(), endRunning()]).then(() => {
      total.failed += 1;
      finish();
    });
  });

// With a filter either runner may find nothing, but not both.
const mayBeEmpty = filters.length > 0;

try {
  await ensureInstalled();
} catch (error) {
  reportError(error);
  total.failed += 1;
  finish();
}
await attempt(() => runVitest({ projects: ['!proof'], filters, reportFile: report('vitest'), mayBeEmpty }));
// Both begin with what is built; a build in the middle would pull the rug from under either.
const chromium = await prepared();
// The proof waits more than it works, and is patient: the browsers need not stand by meanwhile.
await Promise.all([
  attempt(() => runVitest({ projects: ['proof'], filters, reportFile: report('proof'), mayBeEmpty })),
  attempt(async () => {
    if (chromium === null) throw new UserError('The browser tests cannot begin.');
    return runPlaywright({ filters, reportFile: report('playwright'), chromium, mayBeEmpty });
  }),
]);
if (total.passed + total.failed === 0) {
  say(`No test matches ${filters.join(' ')}.`);
  total.failed += 1;
}
finish();
