// `npm test [-- filter …]`: every test, from nothing. The last line is `N passed, N failed`, alone.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { endRunning } from './lib/processes.mjs';
import { reportError, say, step } from './lib/report.mjs';
import { runPlaywright, runVitest, stopRunner } from './lib/runners.mjs';
import { provideChromium } from './services/chromium.mjs';

const filters = process.argv.slice(2);
const folder = mkdtempSync(path.join(tmpdir(), 'parley-report-'));
const report = (name) => path.join(folder, `${name}.json`);
const total = { passed: 0, failed: 0 };

function add({ passed, failed }) {
  total.passed += passed;
  total.failed += failed;
}

/** A part that cannot even begin is one failure, and no reason to leave the others out. */
async function attempt(part) {
  try {
    add(await part());
  } catch (error) {
    reportError(error);
    add({ passed: 0, failed: 1 });
  }
}

function finish() {
  rmSync(folder, { recursive: true, force: true });
  say(`\n${total.passed} passed, ${total.failed} failed`);
  process.exit(total.failed === 0 ? 0 : 1);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => {
    void Promise.all([stopRunner(), endRunning()]).then(() => {
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
await attempt(() => runVitest({ filters, reportFile: report('vitest'), mayBeEmpty }));
await attempt(async () => {
  await ensureBuilt();
  const chromium = await step('Chromium', provideChromium);
  return runPlaywright({ filters, reportFile: report('playwright'), chromium, mayBeEmpty });
});
if (total.passed + total.failed === 0) {
  say(`No test matches ${filters.join(' ')}.`);
  total.failed += 1;
}
finish();
