// What only a demo has: secrets that it makes and keeps, a team, and a simulated Cloud API.
import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const PHONE_NUMBER_ID = '274119865530142';
const BUSINESS_ACCOUNT_ID = '318840027715906';
const PASSWORD_CHARS = 12;
/** No characters that people take for one another. */
const PASSWORD_ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';

const TEAM = [
  { name: 'Ana Souza', email: 'ana@demo.parley', role: 'admin' },
  { name: 'Ben Okafor', email: 'ben@demo.parley', role: 'supervisor' },
  { name: 'Chen Wei', email: 'chen@demo.parley', role: 'agent' },
  { name: 'Dina Haddad', email: 'dina@demo.parley', role: 'agent' },
];

const secret = () => randomBytes(32).toString('hex');

function password() {
  const letters = Array.from({ length: PASSWORD_CHARS }, () => PASSWORD_ALPHABET[randomInt(PASSWORD_ALPHABET.length)]);
  return letters.join('').replace(/(.{4})(?=.)/g, '$1-');
}

function makeSecrets() {
  return {
    jwtSecret: secret(),
    encryptionKeys: `k1:${randomBytes(32).toString('base64')}`,
    appSecret: secret(),
    verifyToken: secret(),
    accessToken: secret(),
    signIns: TEAM.map((agent) => ({ ...agent, password: password() })),
  };
}

/** The demo's secrets and sign-ins, the same at each start, readable by this user alone. */
export function demoSecrets(folder) {
  const file = path.join(folder, 'secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const secrets = makeSecrets();
  writeFileSync(`${file}.new`, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return secrets;
}

/** The simulator's environment. */
export function simulatorEnvironment({ secrets, port, simulatorPort }) {
  return {
    SIMULATOR_PORT: String(simulatorPort),
    SIMULATOR_WEBHOOK_URL: `http://127.0.0.1:${port}/api/webhooks/whatsapp`,
    SIMULATOR_APP_SECRET: secrets.appSecret,
    SIMULATOR_VERIFY_TOKEN: secrets.verifyToken,
    SIMULATOR_ACCESS_TOKEN: secrets.accessToken,
    SIMULATOR_PHONE_NUMBER_ID: PHONE_NUMBER_ID,
    SIMULATOR_BUSINESS_ACCOUNT_ID: BUSINESS_ACCOUNT_ID,
  };
}

/** What makes the backend a demo: its own secrets, the simulator as Meta, and loopback only. */
export function demoEnvironment({ secrets, folder, port, simulatorPort }) {
  return {
    DEMO_MODE: 'true',
    DEMO_LIFE: process.env.DEMO_LIFE || 'true',
    DEMO_SIGN_INS: JSON.stringify(secrets.signIns),
    DATA_DIR: folder,
    HOST: '127.0.0.1',
    PORT: String(port),
    JWT_SECRET: secrets.jwtSecret,
    ENCRYPTION_KEYS: secrets.encryptionKeys,
    WHATSAPP_WEBHOOK_TOKEN: secrets.verifyToken,
    WHATSAPP_APP_SECRET: secrets.appSecret,
    WHATSAPP_ACCESS_TOKEN: secrets.accessToken,
    WHATSAPP_PHONE_NUMBER_ID: PHONE_NUMBER_ID,
    WHATSAPP_BUSINESS_ACCOUNT_ID: BUSINESS_ACCOUNT_ID,
    WHATSAPP_GRAPH_URL: `http://127.0.0.1:${simulatorPort}`,
    // The simulator serves the bytes from a second port, as Meta does from another host.
    WHATSAPP_MEDIA_HOSTS: '127.0.0.1:*',
    SIMULATOR_URL: `http://localhost:${simulatorPort}`,
  };
}
