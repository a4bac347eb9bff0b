// Everything up to a migrated database: the same for `npm start` and for `npm run dev`.
import { chmodSync, existsSync, mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { ensureBuilt } from '../lib/build.mjs';
import { ensureInstalled } from '../lib/install.mjs';
import { takeLock } from '../lib/lock.mjs';
import { inRoot, nodeBinary, toolEnvironment } from '../lib/paths.mjs';
import { identityOf, run, signalPid, waitUntil } from '../lib/processes.mjs';
import { UserError, step } from '../lib/report.mjs';
import { startPostgres } from '../services/postgres.mjs';
import { startRedis } from '../services/redis.mjs';
import { demoEnvironment, demoSecrets } from './demo.mjs';
import { demoPorts, isDemo, livePort, loadEnvironmentFile } from './mode.mjs';

const OWNER_ENDING_MS = 30_000;
const OWNER_NOTICE_MS = 1_500;
const LEFTOVER_MS = 15_000;

/** Makes the data folder; whoever PostgreSQL runs as must be able to walk through it, whatever the umask says. */
function makeFolder(folder) {
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o711);
  }
  return realpathSync(folder);
}

/** One living run per data folder; what a dead one left running is ended first. */
async function ownDataFolder(dataDir) {
  const file = path.join(dataDir, 'start.lock');
  const startedAt = performance.now();
  let lock = takeLock(file);
  for (; lock.holder; lock = takeLock(file)) {
    const waitMs = lock.holder.isStopping ? OWNER_ENDING_MS : OWNER_NOTICE_MS;
    if (performance.now() - startedAt > waitMs) {
      const where = lock.holder.url ? ` at ${lock.holder.url}` : '';
      throw new UserError(
        `Parley already runs from this data folder${where} (process ${lock.holder.pid}, ${dataDir}): use that one, end it, or set DATA_DIR to another folder.`,
      );
    }
    const { pid, identity } = lock.holder;
    await waitUntil(() => identityOf(pid) !== identity, 100);
  }
  for (const { pid, identity } of lock.stale?.children ?? []) {
    if (identityOf(pid) !== identity) continue;
    signalPid(pid, 'SIGTERM');
    if (!(await waitUntil(() => identityOf(pid) !== identity, LEFTOVER_MS))) signalPid(pid, 'SIGKILL');
  }
  return lock;
}

/** PostgreSQL and Redis: the configured ones, or our own, which come back at the same address when they die. */
async function provideServices(supervisor, folder) {
  let { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } = process.env;
  if (!databaseUrl) {
    const dataDir = path.join(folder, 'postgres');
    databaseUrl = await step('PostgreSQL', async (remark) => {
      const launch = (previous) => startPostgres({ dataDir, port: previous?.port, durable: true });
      const { url, port } = await supervisor.keep('PostgreSQL', launch);
      remark(`its own, on port ${port}`);
      return url;
    });
  }
  if (!redisUrl) {
    const dir = path.join(folder, 'redis');
    redisUrl = await step('Redis', async (remark) => {
      const launch = (previous) =>
        startRedis({ dir, port: previous?.port, password: previous?.password, durable: true });
      const { url, port } = await supervisor.keep('Redis', launch);
      remark(`its own, on port ${port}`);
      return url;
    });
  }
  return { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl };
}

const migrate = (env) =>
  step('Database migrated', () =>
    run(nodeBinary(), [inRoot('backend', 'dist', 'migrate.js')], {
      failure: 'Bringing the database up to date failed: see below.',
      env,
    }),
  );

/** The environment of the backend, and what the start itself needs to know. */
async function settle(dataDir) {
  if (!isDemo(process.env, dataDir)) {
    const port = await livePort(process.env);
    return { demo: null, folder: dataDir, settings: { DATA_DIR: dataDir, PORT: String(port) }, takenPort: 0 };
  }
  const folder = makeFolder(path.join(dataDir, 'demo'));
  const secrets = demoSecrets(folder);
  const { port, simulatorPort, wanted } = await demoPorts(process.env);
  const demo = { secrets, folder, port, simulatorPort };
  return { demo, folder, settings: demoEnvironment(demo), takenPort: wanted !== 0 && wanted !== port ? wanted : 0 };
}

/**
 * Installs, takes the data folder, provides the services, builds and migrates.
 * @param {import('./supervisor.mjs').Supervisor} supervisor
 */
export async function prepare(supervisor) {
  loadEnvironmentFile(process.env.ENV_FILE ?? '.env');
  await ensureInstalled();
  const dataDir = makeFolder(inRoot(process.env.DATA_DIR || '.data'));
  const lock = await ownDataFolder(dataDir);
  supervisor.onStopping(() => lock.update({ isStopping: true }));
  supervisor.onStopped(() => lock.release());

  const { demo, folder, settings, takenPort } = await settle(dataDir);
  const services = await provideServices(supervisor, folder);
  await ensureBuilt();
  // For `npm run doctor`: the file is this user's alone.
  lock.update({ running: { services, port: demo?.port, simulatorPort: demo?.simulatorPort } });
  const env = toolEnvironment({ ...settings, ...services });
  await migrate(env);
  return { dataDir, lock, demo, takenPort, services, env };
}
