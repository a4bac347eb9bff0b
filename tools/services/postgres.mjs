// A PostgreSQL of our own, from the binaries in the lock file: made when there is none, started after any kind of death
// of the last one, gone when we are.
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import {
  collectOutput,
  ended,
  isAlive,
  processesIn,
  run,
  signalPid,
  spawnTied,
  stopChild,
  waitUntil,
} from '../lib/processes.mjs';
import { UserError } from '../lib/report.mjs';
import { freePort } from './ports.mjs';
import { postgresBinaries, postgresFolder } from './postgres-home.mjs';

const USER = 'parley';
const DATABASE = 'parley';
const MAJOR = '18';
const PASSWORD_FILE = 'parley.password';
const READY_TIMEOUT_MS = 120_000; // recovery after a crash replays up to max_wal_size
const LEFTOVER_TIMEOUT_MS = 30_000;
const STOP_GRACE_MS = 20_000;
const PORT_ATTEMPTS = 4;

const LOCALE = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
const NETWORK = { listen_addresses: '127.0.0.1', unix_socket_directories: '' };
const MEGABYTE = 1_024 ** 2;
/** A quarter of the memory, as PostgreSQL's manual has it; taken only as it is used. */
const SHARED_MEGABYTES = Math.round(Math.min(Math.max(totalmem() / 4 / MEGABYTE, 128), 2_048));
const DURABLE = {
  shared_buffers: `${SHARED_MEGABYTES}MB`,
  max_connections: 100,
  fsync: 'on',
  synchronous_commit: 'on',
  wal_compression: 'on',
  max_wal_size: '2GB',
};
/** For tests: whatever survives a crash is of no use. */
const THROW_AWAY = {
  shared_buffers: '128MB',
  max_connections: 200,
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_wal_size: '2GB',
};

const settings = (values) => Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

function giveFile(file, text, user) {
  writeFileSync(file, text, { mode: 0o600 });
  if (user) chownSync(file, user.uid, user.gid);
}

/** Makes a cluster beside its place and moves it there when it is whole, so that an interrupted run leaves no half. */
async function makeCluster({ bin, folder, user, durable }) {
  const draft = `${folder}.making`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  if (user) chownSync(draft, user.uid, user.gid);
  const password = durable ? randomBytes(18).toString('hex') : 'parley';
  const secretFolder = mkdtempSync(path.join(tmpdir(), 'parley-initdb-'));
  if (user) chownSync(secretFolder, user.uid, user.gid);
  const secret = path.join(secretFolder, 'password');
  giveFile(secret, password, user);
  const options = { failure: `Making the database in ${folder} failed.`, cwd: '/', user };
  const auth = durable ? ['--auth=scram-sha-256', `--pwfile=${secret}`] : ['--auth=trust', '--no-sync'];
  try {
    await run(`${bin}/initdb`, [`--pgdata=${draft}`, `--username=${USER}`, ...LOCALE, ...auth], options);
    const single = ['--single', '-D', draft, ...settings({ fsync: durable ? 'on' : 'off' }), 'postgres'];
    await run(`${bin}/postgres`, single, { ...options, input: `CREATE DATABASE ${DATABASE};\n` });
  } finally {
    rmSync(secretFolder, { recursive: true });
  }
  giveFile(path.join(draft, PASSWORD_FILE), password, user);
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
}

/** The pid in postmaster.pid, or null where the file is missing or empty. */
function postmasterPid(folder) {
  try {
    return Number(readFileSync(path.join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]) || null;
  } catch {
    return null;
  }
}

/**
 * Ends a server that an earlier run left behind, then removes its pid file, which PostgreSQL itself would believe when the
 * pid was given to another process, is a zombie's, or the file is empty. The caller makes sure that no living run owns it.
 */
async function endLeftovers(folder) {
  const pid = postmasterPid(folder);
  const users = () => {
    if (process.platform === 'linux') return processesIn(folder);
    return pid && isAlive(pid) ? [pid] : [];
  };
  if (users().length > 0) {
    if (pid && users().includes(pid)) signalPid(pid, 'SIGINT');
    else for (const backend of users()) signalPid(backend, 'SIGQUIT');
    if (!(await waitUntil(() => users().length === 0, LEFTOVER_TIMEOUT_MS)))
      throw new UserError(
        `A PostgreSQL of an earlier run still uses ${folder} (process ${users().join(', ')}): end it and try again.`,
      );
  }
  rmSync(path.join(folder, 'postmaster.pid'), { force: true });
}

/** Whether the folder holds a database; refuses one that is not ours to use. */
function holdsCluster(folder) {
  const versionFile = path.join(folder, 'PG_VERSION');
  if (!existsSync(versionFile)) return false;
  const major = readFileSync(versionFile, 'utf8').trim();
  if (major !== MAJOR)
    throw new UserError(
      `The database in ${folder} was made by PostgreSQL ${major}, this is ${MAJOR}: dump it with the older version and restore it here.`,
    );
  if (!existsSync(path.join(folder, PASSWORD_FILE)))
    throw new UserError(
      `The database in ${folder} was not made by Parley: move it away, or run it yourself and set DATABASE_URL.`,
    );
  return true;
}

/** Starts the server on a port; null when the port was taken meanwhile. */
async function launch({ bin, folder, user, port, durable }) {
  const args = ['-D', folder, '-p', String(port), ...settings({ ...NETWORK, ...(durable ? DURABLE : THROW_AWAY) })];
  const child = spawnTied(`${bin}/postgres`, args, {
    deathSignal: 'INT', // a fast shutdown
    user,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, TZ: 'UTC' },
  });
  const output = collectOutput(child);
  const end = ended(child);
  let hasEnded = false;
  void end.then(() => {
    hasEnded = true;
  });
  const isReady = () => output.tail().includes('ready to accept connections');
  await waitUntil(() => hasEnded || isReady(), READY_TIMEOUT_MS, 5);
  if (!hasEnded && isReady())
    return { ended: end, stop: () => stopChild(child, { signal: 'SIGINT', graceMs: STOP_GRACE_MS }) };
  await stopChild(child, { signal: 'SIGINT', graceMs: STOP_GRACE_MS });
  if (/Address already in use|could not bind/.test(output.tail())) return null;
  throw new UserError(`PostgreSQL did not start; its data is in ${folder}.`, output.tail());
}

/**
 * Starts a PostgreSQL on loopback that keeps its data in `dataDir` and ends with us. Whoever calls makes sure that no other
 * living run of ours uses that folder.
 * @param {{ dataDir: string, port?: number, durable: boolean }} options `durable: false` is for tests: quick, lost in a crash
 */
export async function startPostgres({ dataDir, port, durable }) {
  const { folder, user } = postgresFolder(dataDir);
  const bin = await postgresBinaries(user);
  await endLeftovers(folder);
  if (!holdsCluster(folder)) await makeCluster({ bin, folder, user, durable });
  const password = readFileSync(path.join(folder, PASSWORD_FILE), 'utf8').trim();
  for (let attempt = 1; attempt <= PORT_ATTEMPTS; attempt++) {
    const ownPort = port ?? (await freePort());
    const server = await launch({ bin, folder, user, port: ownPort, durable });
    if (server)
      return { ...server, port: ownPort, url: `postgresql://${USER}:${password}@127.0.0.1:${ownPort}/${DATABASE}` };
  }
  throw new UserError(`PostgreSQL found no free port${port ? `: ${port} is taken` : ''}.`);
}
