// From an empty machine to the first second tick: clone, `npm start`, a customer writes, an agent claims and replies, ✓✓.
// Run it by `npm run first-tick`; it uses a clone, an npm cache and a data folder of its own, and ends with the times.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inRoot } from './lib/paths.mjs';
import { collectOutput, ended, run } from './lib/processes.mjs';
import { UserError, bold, reportError, say, seconds } from './lib/report.mjs';
import { freePort } from './services/ports.mjs';

const LIMIT_MS = 5 * 60_000;
const LOOK_EVERY_MS = 100;
const STOP_GRACE_MS = 30_000;
const DELIVERED = ['delivered', 'read', 'played'];

const startedAt = performance.now();
const folder = mkdtempSync(path.join(tmpdir(), 'parley-first-tick-'));
chmodSync(folder, 0o755); // as root, PostgreSQL runs as somebody else, who must reach its data
const clone = path.join(folder, 'parley');
const times = [];

function note(label) {
  const before = times.at(-1)?.atMs ?? 0;
  const atMs = performance.now() - startedAt;
  times.push({ label, atMs });
  say(`${label.padEnd(34)} ${seconds(atMs - before).padStart(8)}   ${seconds(atMs).padStart(8)} in all`);
}

/** Looks until there is something, or the five minutes are over. */
async function until(what, look) {
  while (performance.now() - startedAt < LIMIT_MS) {
    const found = await look().catch(() => null);
    if (found) return found;
    await delay(LOOK_EVERY_MS);
  }
  throw new Error(`${what} did not happen within five minutes`);
}

async function json(url, { token, body } = {}) {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}

/** What people do with two browser windows, over the same routes. */
async function playTheStory(url, simulatorUrl) {
  const options = await until('the sign-in page', () => json(`${url}/api/auth/options`));
  note('npm start: ready');
  const { email, password } = options.signIns.find(({ role }) => role === 'agent');
  const { accessToken: token } = await json(`${url}/api/auth/login`, { body: { email, password } });
  const name = `First Customer ${randomUUID().slice(0, 4)}`;
  const from = '12065550199';
  await json(`${simulatorUrl}/control/inbound`, {
    body: {
      contacts: [{ profile: { name }, wa_id: from }],
      messages: [{ from, type: 'text', text: { body: 'Is this the first message?' } }],
    },
  });
  const listUrl = `${url}/api/conversations?status=all&limit=100`;
  const { id } = await until('the first message', async () =>
    (await json(listUrl, { token })).items.find(({ contact }) => contact.name === name),
  );
  note('a customer writes, it is in the inbox');
  const thread = `${url}/api/conversations/${id}`;
  await json(`${thread}/claim`, { token, body: {} });
  const { items } = await json(`${thread}/messages`, { token });
  const reply = await json(`${thread}/messages`, {
    token,
    body: {
      clientMessageId: randomUUID(),
      type: 'text',
      text: { body: 'It is, and this is the first reply.' },
      basedOn: Math.max(...items.map(({ seq }) => seq)),
    },
  });
  note('claimed and answered');
  await until('the second tick', async () =>
    (await json(`${thread}/messages`, { token })).items.find(
      (message) => message.id === reply.id && DELIVERED.includes(message.status),
    ),
  );
  note('✓✓');
}

let starting;
try {
  await run('git', ['clone', '--quiet', inRoot(), clone], { failure: 'The clone failed.' });
  note('git clone');
  const [port, simulatorPort] = [await freePort(), await freePort()];
  // As from a shell of its own; how this machine reaches the registry (its settings, its certificates) stays.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^(npm_(?!config_)|NODE_(ENV|OPTIONS)$)/i.test(key)),
  );
  starting = spawn('npm', ['start'], {
    cwd: clone,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...env,
      npm_config_cache: path.join(folder, 'npm-cache'),
      DATA_DIR: path.join(folder, 'data'),
      PORT: String(port),
      SIMULATOR_PORT: String(simulatorPort),
      DEMO_LIFE: 'false',
    },
  });
  const output = collectOutput(starting);
  const ending = ended(starting).then(() => {
    throw new UserError('`npm start` ended before the story did.', output.tail());
  });
  await Promise.race([playTheStory(`http://localhost:${port}`, `http://127.0.0.1:${simulatorPort}`), ending]);
  ending.catch(() => undefined); // from here on we end it ourselves
  const totalMs = performance.now() - startedAt;
  say(`\n${bold(`First ✓✓ after ${seconds(totalMs)}`)} from an empty machine (limit: five minutes).`);
  process.exitCode = totalMs <= LIMIT_MS ? 0 : 1;
} catch (error) {
  reportError(error);
  process.exitCode = 1;
} finally {
  if (starting?.pid && starting.exitCode === null) {
    const end = new Promise((resolve) => starting.once('exit', resolve));
    process.kill(-starting.pid, 'SIGTERM');
    await Promise.race([end, delay(STOP_GRACE_MS, undefined, { ref: false })]);
  }
  rmSync(folder, { recursive: true, force: true });
}
