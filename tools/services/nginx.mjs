// An nginx of our own for tests of the whole topology: found on the PATH or installed, gone when we are.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError, reportError } from '../lib/report.mjs';
import { collectOutput, ended, run, spawnTied, stopChild } from '../lib/processes.mjs';
import { canInstall, findOnPath, installPackages } from './packages.mjs';

const READY_TIMEOUT_MS = 10_000;
const READY_LOOK_MS = 20;
const WAYS_OUT = 'This needs nginx: install it (for example `sudo apt-get install nginx`).';
/** Debian keeps it where only root looks. */
const DEBIAN_PATH = '/usr/sbin/nginx';

const findNginx = () => findOnPath('nginx') ?? (existsSync(DEBIAN_PATH) ? DEBIAN_PATH : null);

/** The path of an nginx; installs Debian's when there is none and we may; null where it cannot be had. */
export async function provideNginx() {
  const found = findNginx();
  if (found || !canInstall()) return found;
  try {
    await installPackages(['nginx'], WAYS_OUT);
  } catch (error) {
    // Only tests of the topology want it: without a package mirror they are left out, in so many words.
    reportError(error);
  }
  return findNginx();
}

/** Whether somebody accepts connections there. */
const accepts = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });

/** The configuration with what makes it one of our children, in a folder of its own. */
function complete(dir, config) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path "${path.join(dir, name)}";`,
  );
  return [
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    'daemon off;',
    `pid "${path.join(dir, 'nginx.pid')}";`,
    config.replace(/^http \{$/m, ['http {', ...temporary].join('\n')),
  ].join('\n');
}

/**
 * Checks this configuration, runs it, and waits until it listens on `port`.
 * @param {{ dir: string, port: number, config: string }} options `config`: `events { … }` and `http { … }`, no `pid`
 */
export async function startNginx({ dir, port, config }) {
  const binary = await provideNginx();
  if (!binary) throw new UserError(WAYS_OUT);
  mkdirSync(dir, { recursive: true });
  const file = path.join(dir, 'nginx.conf');
  writeFileSync(file, complete(dir, config));
  const args = ['-p', dir, '-e', path.join(dir, 'error.log'), '-c', file];
  await run(binary, [...args, '-t'], { failure: 'nginx refuses its configuration.' });
  const child = spawnTied(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = collectOutput(child);
  const end = ended(child);
  const stop = () => stopChild(child);
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (child.exitCode === null && performance.now() < deadline) {
    if (await accepts(port)) return { url: `http://127.0.0.1:${port}`, port, ended: end, stop };
    await delay(READY_LOOK_MS);
  }
  await stop();
  throw new UserError('nginx did not start.', output.tail());
}
