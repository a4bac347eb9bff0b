// `npm run build`: contract, backend and console, where they are stale.
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { reportError, say } from './lib/report.mjs';

try {
  await ensureInstalled();
  await ensureBuilt();
  say('Everything is built.');
} catch (error) {
  reportError(error);
  process.exitCode = 1;
}
