// Demo or live? And what each needs to know from its environment.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from '../lib/paths.mjs';
import { UserError } from '../lib/report.mjs';
import { isPortFree, freePort, nextFreePort } from '../services/ports.mjs';

const CREDENTIALS = [
  'WHATSAPP_ACCESS_TOKEN',
  'WHATSAPP_PHONE_NUMBER_ID',
  'WHATSAPP_BUSINESS_ACCOUNT_ID',
  'WHATSAPP_APP_SECRET',
  'WHATSAPP_WEBHOOK_TOKEN',
];
const DEFAULT_PORT = 3000;
const DEFAULT_SIMULATOR_PORT = 4004;
const HIGHEST_PORT = 65_535;

/** Written at the first live start: from then on this folder holds a real installation, which no demo may touch. */
const liveMarker = (dataDir) => path.join(dataDir, 'live');

/** Whether this start is a demo; stops where a real installation would silently become one. */
export function isDemo(env, dataDir) {
  if (env.DATABASE_URL || env.NODE_ENV === 'production' || CREDENTIALS.some((name) => env[name])) return false;
  if (existsSync(liveMarker(dataDir)))
    throw new UserError(
      `${dataDir} holds a real installation, and its settings are missing: set ${CREDENTIALS.join(', ')} again, or set DATA_DIR to another folder for a demo.`,
    );
  return true;
}

/** Remembers that a data folder is a real installation's. */
export function markLive(dataDir) {
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(liveMarker(dataDir), 'This folder holds a real installation of Parley.\n');
}

/** Reads KEY=value lines into the environment, below what is set already; an empty name means no file. */
export function loadEnvironmentFile(name) {
  const file = inRoot(name);
  if (name && existsSync(file)) process.loadEnvFile(file);
}

function portFrom(env, name, fallback) {
  const text = env[name]?.trim() || String(fallback);
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= HIGHEST_PORT) return port;
  throw new UserError(`${name} is "${text}", which is no port: set it to a number from 1 to ${HIGHEST_PORT}.`);
}

/** The ports of a demo: the wanted ones, or the next free ones. */
export async function demoPorts(env) {
  const pick = (wanted) => (wanted === 0 ? freePort() : nextFreePort(wanted));
  const wanted = portFrom(env, 'PORT', DEFAULT_PORT);
  const port = await pick(wanted);
  let simulatorPort = await pick(portFrom(env, 'SIMULATOR_PORT', DEFAULT_SIMULATOR_PORT));
  if (simulatorPort === port) simulatorPort = await nextFreePort(port + 1);
  return { port, simulatorPort, wanted };
}

/** The port of a real installation: the one that Meta and the proxies know, or none. */
export async function livePort(env) {
  const port = portFrom(env, 'PORT', DEFAULT_PORT);
  if (port === 0 || (await isPortFree(port))) return port;
  throw new UserError(`Port ${port} is used by another program: end that one, or set PORT to another port.`);
}

/** The version of Parley, for the terminal. */
export const version = () => JSON.parse(readFileSync(inRoot('package.json'), 'utf8')).version;
