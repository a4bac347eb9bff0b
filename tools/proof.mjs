// `npm run proof [-- --profile short|full --seed 7 --fault F3 --guard dedup]`: every fault done to real processes, the
// ledgers compared. Without a choice the full profile runs and writes its report to docs/proof.
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { inRoot, nodeBinary } from './lib/paths.mjs';
import { ended, spawnTied, stopChild } from './lib/processes.mjs';
import { UserError, reportError, step } from './lib/report.mjs';
import { testEnvironment } from './lib/test-environment.mjs';
import { provideNginx } from './services/nginx.mjs';

const choices = process.argv.slice(2);
const isWhole = !choices.some((choice) => /^--(fault|guard|profile|report)\b/.test(choice));
let child = null;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => void (child ? stopChild(child) : Promise.resolve()).then(() => process.exit(1)));

try {
  await ensureInstalled();
  await ensureBuilt();
  if ((await step('nginx', provideNginx)) === null)
    throw new UserError('The proof needs nginx: install it (for example `sudo apt-get install nginx`).');
  const report = isWhole ? ['--report', inRoot('docs', 'proof')] : [];
  const args = ['--disable-warning=ExperimentalWarning', inRoot('e2e', 'proof', 'main.ts'), ...choices, ...report];
  child = spawnTied(nodeBinary(), args, { env: testEnvironment(), stdio: ['ignore', 'inherit', 'inherit'] });
  process.exitCode = (await ended(child)).code ?? 1;
} catch (error) {
  reportError(error);
  process.exitCode = 1;
}
