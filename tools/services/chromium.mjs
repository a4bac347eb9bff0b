// The browser of the browser tests: one that is there, never one that is downloaded.
import { existsSync } from 'node:fs';
import { UserError } from '../lib/report.mjs';
import { canInstall, findOnPath, installPackages } from './packages.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const MAC_CHROME = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** The path of a Chromium: `CHROMIUM_PATH`, else one on the PATH, else null. */
export function findChromium() {
  const chosen = process.env.CHROMIUM_PATH;
  if (chosen) {
    if (existsSync(chosen)) return chosen;
    throw new UserError(`CHROMIUM_PATH names ${chosen}, which does not exist: correct it or leave it unset.`);
  }
  return findOnPath(...NAMES) ?? (existsSync(MAC_CHROME) ? MAC_CHROME : null);
}

/** As `findChromium`, and installs Debian's (with fonts for Arabic and emoji) when there is none and we may. */
export async function provideChromium() {
  const found = findChromium();
  if (found) return found;
  if (canInstall()) {
    await installPackages(
      ['chromium', 'fonts-noto-core', 'fonts-noto-color-emoji'],
      'Installing Chromium failed: install it by hand, or set CHROMIUM_PATH to a Chromium or Chrome.',
    );
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new UserError(
    'The browser tests need Chromium: install it (for example `sudo apt-get install chromium`), or set CHROMIUM_PATH to a Chromium or Chrome.',
  );
}
