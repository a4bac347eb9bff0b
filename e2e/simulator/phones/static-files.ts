import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RequestError, sendText, type Exchange } from '../core/http.ts';

const FOLDER = join(import.meta.dirname, '..', 'page');
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  ogg: 'audio/ogg',
};
/** Nothing inline, nothing from elsewhere, no embedding. */
const SECURITY_HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "media-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/** Serves `/` and `/page/<file>` from the page's folder, and nothing outside it. */
export async function sendStaticFile({ path, response }: Exchange): Promise<void> {
  const [, name = 'index.html', extension = 'html'] = /^\/page\/([a-z-]+\.([a-z]+))$/.exec(path) ?? [];
  const type = TYPES[extension];
  if ((path !== '/' && name === 'index.html') || type === undefined) throw new RequestError(404, 'No such page.');
  let bytes: Buffer;
  try {
    bytes = await readFile(join(FOLDER, name));
  } catch {
    throw new RequestError(404, 'No such page.');
  }
  sendText(response, 200, bytes, { 'content-type': type, ...SECURITY_HEADERS });
}
