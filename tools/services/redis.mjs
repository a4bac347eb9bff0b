// A Redis of our own: found on the PATH or installed, configured over stdin, gone when we are.
import { randomBytes } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { UserError } from '../lib/report.mjs';
import { collectOutput, ended, processesIn, signalPid, spawnTied, stopChild, waitUntil } from '../lib/processes.mjs';
import { canInstall, findOnPath, installPackages } from './packages.mjs';
import { freePort } from './ports.mjs';

const READY_TIMEOUT_MS = 20_000;
const LEFTOVER_TIMEOUT_MS = 15_000;
const PORT_ATTEMPTS = 4;

const WAYS_OUT =
  'Parley needs Redis: install it (for example `sudo apt-get install redis-server`), run `docker compose -f docker-compose.dev.yml up -d redis` and set REDIS_URL=redis://localhost:6379, or set REDIS_URL to one that you have.';

/** The path of a Redis server; installs Debian's when there is none and we may. */
async function provideRedisBinary() {
  const find = () => findOnPath('redis-server', 'valkey-server');
  const found = find();
  if (found) return found;
  if (canInstall()) await installPackages(['redis-server'], WAYS_OUT);
  const installed = find();
  if (installed) return installed;
  throw new UserError(WAYS_OUT);
}

/** A server of an earlier run that has not ended yet would write the same append-only file. */
async function endLeftovers(dir) {
  const leftovers = processesIn(dir);
  for (const pid of leftovers) signalPid(pid, 'SIGTERM');
  if (await waitUntil(() => processesIn(dir).length === 0, LEFTOVER_TIMEOUT_MS)) return;
  for (const pid of processesIn(dir)) signalPid(pid, 'SIGKILL');
  await waitUntil(() => processesIn(dir).length === 0, LEFTOVER_TIMEOUT_MS);
}

function configuration({ dir, port, password, durable }) {
  const quoted = JSON.stringify(dir);
  return [
    `port ${port}`,
    'bind 127.0.0.1',
    `requirepass ${password}`,
    `dir ${quoted}`,
    'save ""',
    `appendonly ${durable ? 'yes' : 'no'}`,
    'maxmemory-policy noeviction',
    'daemonize no',
    '',
  ].join('\n');
}

/**
 * Starts a Redis on loopback that keeps its data in `dir` (when `durable`) and ends with us.
 * @param {{ dir: string, port?: number, password?: string, durable: boolean }} options
 */
export async function startRedis({ dir, port, password = randomBytes(18).toString('hex'), durable }) {
  const binary = await provideRedisBinary();
  mkdirSync(dir, { recursive: true });
  const home = realpathSync(dir);
  await endLeftovers(home);
  for (let attempt = 1; ; attempt++) {
    const ownPort = port ?? (await freePort());
    const child = spawnTied(binary, ['-'], { stdio: ['pipe', 'pipe', 'pipe'] });
    const output = collectOutput(child);
    child.stdin.on('error', () => undefined);
    child.stdin.end(configuration({ dir: home, port: ownPort, password, durable }));
    const end = ended(child);
    let hasEnded = false;
    void end.then(() => {
      hasEnded = true;
    });
    const isReady = () => /ready to accept connections/i.test(output.tail());
    await waitUntil(() => hasEnded || isReady(), READY_TIMEOUT_MS, 5);
    if (isReady() && !hasEnded)
      return {
        url: `redis://:${password}@127.0.0.1:${ownPort}`,
        port: ownPort,
        password,
        pid: child.pid,
        ended: end,
        stop: () => stopChild(child),
      };
    await stopChild(child);
    if (/in use|could not create server TCP/i.test(output.tail()) && attempt < PORT_ATTEMPTS) continue;
    throw new UserError(`Redis did not start; its data is in ${home}.`, output.tail());
  }
}
