// `npm run screens [-- filter …]`: the pictures of docs/screenshots, taken anew of the demo in Chromium.
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { inRoot, nodeBinary } from './lib/paths.mjs';
import { ended, endRunning, spawnTied, stopChild } from './lib/processes.mjs';
import { UserError, reportError, step } from './lib/report.mjs';
import { testEnvironment } from './lib/test-environment.mjs';
import { provideChromium } from './services/chromium.mjs';

let camera = null;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => {
    void Promise.all([camera && stopChild(camera), endRunning()]).then(() => process.exit(1));
  });

try {
  await ensureInstalled();
  await ensureBuilt();
  const chromium = await step('Chromium', provideChromium);
  const runner = inRoot('node_modules', '@playwright', 'test', 'cli.js');
  const config = inRoot('e2e', 'screens.config.ts');
  camera = spawnTied(nodeBinary(), [runner, 'test', '--config', config, ...process.argv.slice(2)], {
    env: testEnvironment({ CHROMIUM_PATH: chromium }),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const { code } = await ended(camera);
  if (code !== 0) throw new UserError('Not every picture could be taken.');
} catch (error) {
  reportError(error);
  process.exit(1);
}
