// `npm run doctor [-- --json]`: looks at everything that can be wrong with an installation and says what to do. A running
// `npm start` is looked at with the services and, in a demo, the settings that it runs with.
import path from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { readLock } from './lib/lock.mjs';
import { inRoot, nodeBinary, toolEnvironment } from './lib/paths.mjs';
import { ended, spawnTied } from './lib/processes.mjs';
import { UserError, reportError } from './lib/report.mjs';
import { demoEnvironment, demoSecrets } from './start/demo.mjs';
import { isDemo, loadEnvironmentFile } from './start/mode.mjs';

/** What the backend runs with; in a demo only the running start knows it. */
function settings() {
  loadEnvironmentFile(process.env.ENV_FILE ?? '.env');
  const dataDir = inRoot(process.env.DATA_DIR || '.data');
  const lock = readLock(path.join(dataDir, 'start.lock'));
  const running = lock?.isAlive ? (lock.running ?? null) : null;
  if (!isDemo(process.env, dataDir)) {
    // Nothing listens there: the doctor says so.
    const absent = process.env.DATABASE_URL ? {} : { DATABASE_URL: 'postgresql://127.0.0.1:1/parley' };
    return { DATA_DIR: dataDir, ...absent, ...running?.services };
  }
  if (!running)
    throw new UserError(
      'No Parley runs from this data folder: start it with `npm start`, or set the variables of a real one.',
    );
  const folder = path.join(dataDir, 'demo');
  const { port, simulatorPort, services } = running;
  return { ...demoEnvironment({ secrets: demoSecrets(folder), folder, port, simulatorPort }), ...services };
}

try {
  await ensureInstalled();
  await ensureBuilt();
  const child = spawnTied(nodeBinary(), [inRoot('backend', 'dist', 'doctor.js'), ...process.argv.slice(2)], {
    env: toolEnvironment(settings()),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  process.exitCode = (await ended(child)).code ?? 1;
} catch (error) {
  reportError(error);
  process.exitCode = 1;
}
