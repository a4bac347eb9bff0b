// Dependencies as the lock file has them, installed only when they differ.
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { exclusively } from './lock.mjs';
import { inRoot } from './paths.mjs';
import { run } from './processes.mjs';
import { UserError, step } from './report.mjs';

const STAMP = inRoot('node_modules', '.installed-lock');

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(inRoot('package-lock.json')))
    .digest('hex');
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** Whether npm's own record of what it installed (also by `npm i`) says the same as the lock file. */
function agreesWithLock() {
  const record = inRoot('node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = readJson(record).packages;
  return Object.entries(readJson(inRoot('package-lock.json')).packages)
    .filter(([name, wanted]) => name.startsWith('node_modules/') && !wanted.extraneous)
    .every(([name, wanted]) => {
      const found = installed[name];
      if (!found) return Boolean(wanted.optional || wanted.peer);
      return found.version === wanted.version && found.resolved === wanted.resolved;
    });
}

function isInstalled() {
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lockHash()) return true;
  if (!agreesWithLock()) return false;
  writeFileSync(STAMP, lockHash());
  return true;
}

async function install() {
  if (isInstalled()) return; // another run has just done it
  if (lstatSync(inRoot('node_modules'), { throwIfNoEntry: false })?.isSymbolicLink())
    throw new UserError(
      'node_modules is a link to another checkout’s, and installing here would empty that one: remove the link and try again.',
    );
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const [command, ...args] = [...npm, 'ci', '--include=dev', '--loglevel=error', '--no-audit', '--no-fund'];
  try {
    await run(command, args, { failure: 'Installing the dependencies failed: see npm’s own words below.' });
  } catch (error) {
    if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|network/i.test(error.output))
      throw new UserError(
        'The dependencies could not be fetched: the first start needs the npm registry; connect and try again.',
        error.output,
      );
    throw error;
  }
  writeFileSync(STAMP, lockHash());
}

/** Installs what the lock file says, when that is not what is there. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  await step('Dependencies installed', () => exclusively('install', install));
}
