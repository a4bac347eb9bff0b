// Programs that no npm package ships: found on the PATH, or installed from Debian's packages where we may.
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { run } from '../lib/processes.mjs';

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The full path of the first of these programs that is on the PATH, or null. */
export function findOnPath(...names) {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  for (const name of names) {
    const found = folders.map((folder) => path.join(folder, name)).find(isExecutable);
    if (found) return found;
  }
  return null;
}

/** Whether we may install Debian packages here. */
export const canInstall = () =>
  process.getuid?.() === 0 && existsSync('/etc/debian_version') && Boolean(findOnPath('apt-get'));

/** Installs Debian packages; services that come along are not started (policy-rc.d is not ours to write, RUNLEVEL is). */
export async function installPackages(names, failure) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const install = () => run('apt-get', ['install', '-y', '--no-install-recommends', ...names], { failure, env });
  try {
    await install();
  } catch {
    await run('apt-get', ['update'], { failure, env });
    await install();
  }
}
