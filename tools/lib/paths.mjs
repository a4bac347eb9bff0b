// Where things are in this checkout. Plain Node 20, only node: imports: this runs before anything is installed.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from './report.mjs';

/** The top of the checkout. */
export const ROOT = path.resolve(import.meta.dirname, '..', '..');

/** A path below the top of the checkout. */
export const inRoot = (...parts) => path.resolve(ROOT, ...parts);

/** The Node that runs the application, the tests and the tools: the one in the lock file, else a recent enough own one. */
export function nodeBinary() {
  const installed = inRoot('node_modules', '.bin', 'node');
  if (existsSync(installed)) return installed;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new UserError(
    `Parley runs on Node 24, and there is no packaged one for ${process.platform}-${process.arch}: install Node 24 and try again.`,
  );
}

/** The environment for our own programs: Node 24 and the installed tools first on the PATH, as in `npm run`. */
export function toolEnvironment(extra = {}) {
  return {
    ...process.env,
    PATH: `${inRoot('node_modules', '.bin')}${path.delimiter}${process.env.PATH ?? ''}`,
    ...extra,
  };
}
