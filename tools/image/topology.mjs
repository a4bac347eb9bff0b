// The composed topology from the images that were built: PostgreSQL, Redis, the migrations, two instances, the edge with
// TLS, and what has to hold of them. Started by tools/image.mjs in a mount and a network namespace of its own.
import { chownSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createHmac, randomBytes } from 'node:crypto';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { nodeBinary } from '../lib/paths.mjs';
import { run } from '../lib/processes.mjs';
import { reportError, step } from '../lib/report.mjs';
import { postgresBinaries } from '../services/postgres-home.mjs';
import { composeService } from './compose.mjs';
import { Container, Network } from './containers.mjs';
import { Edge } from './edge.mjs';

const PREFIX = '172.30.240';
const ADDRESSES = {
  nginx: `${PREFIX}.10`,
  'backend-1': `${PREFIX}.11`,
  'backend-2': `${PREFIX}.12`,
  postgres: `${PREFIX}.20`,
  redis: `${PREFIX}.21`,
};
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 30_000;
const LOOK_MS = 100;
const NODE = { uid: 1000, gid: 1000 };
const ROOT = { uid: 0, gid: 0 };
const NGINX = { uid: 101, gid: 101 };

const folder = process.argv[2];
const images = JSON.parse(readFileSync(path.join(folder, 'images.json'), 'utf8'));
const secret = () => randomBytes(24).toString('hex');

/** What an operator writes into .env. */
const values = {
  PUBLIC_URL: `https://${ADDRESSES.nginx}`,
  JWT_SECRET: secret(),
  ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  METRICS_TOKEN: secret(),
  ADMIN_EMAIL: 'operator@parley.test',
  ADMIN_PASSWORD: secret(),
  WHATSAPP_APP_SECRET: secret(),
  WHATSAPP_WEBHOOK_TOKEN: secret(),
  WHATSAPP_ACCESS_TOKEN: secret(),
  WHATSAPP_PHONE_NUMBER_ID: '274119865530142',
  WHATSAPP_BUSINESS_ACCOUNT_ID: '318840027715906',
  POSTGRES_PASSWORD: secret(),
  REDIS_PASSWORD: secret(),
  PARLEY_TLS_DIR: path.join(folder, 'tls'),
};

const running = [];
const start = (options) => {
  const container = new Container({ folder, program: nodeBinary(), hosts: ADDRESSES, ...options });
  running.push(container);
  return container.start();
};

function hold(isSo, what) {
  if (!isSo) throw new Error(`this does not hold: ${what}`);
}

async function until(probe, what, container) {
  const endMs = performance.now() + READY_WITHIN_MS;
  while (!(await probe())) {
    const isOver = performance.now() > endMs || container?.child.exitCode !== null;
    if (isOver) throw new Error(`${what} did not come up:\n${container?.tail() ?? ''}`);
    await delay(LOOK_MS);
  }
}

/** A user of this machine that stands in for the image's own. */
function account(...names) {
  for (const name of names) {
    const line = readFileSync('/etc/passwd', 'utf8').match(new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm'));
    if (line) return { uid: Number(line[1]), gid: Number(line[2]) };
  }
  return { uid: 65_534, gid: 65_534 };
}

/** A volume of its own, as docker makes it: the owner of the folder in the image. */
function volume(name, { uid, gid }, mode = 0o755) {
  const place = path.join(folder, 'volumes', name);
  mkdirSync(path.dirname(place), { recursive: true });
  mkdirSync(place, { recursive: true, mode });
  chownSync(place, uid, gid);
  return place;
}

/** What the official image's start script does, then compose's own command. */
async function startPostgres() {
  const user = account('postgres', 'nobody');
  const { environment, command, tmpfs } = composeService('postgres', values);
  const bin = await postgresBinaries(user);
  const data = volume('postgres', user, 0o700);
  const passwordFile = path.join(folder, 'postgres-password');
  writeFileSync(passwordFile, environment.POSTGRES_PASSWORD);
  chownSync(passwordFile, user.uid, user.gid);
  const how = { failure: 'PostgreSQL refuses POSTGRES_INITDB_ARGS.', cwd: '/', user };
  const args = environment.POSTGRES_INITDB_ARGS.split(' ');
  const owner = [`--username=${environment.POSTGRES_USER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  await run(`${bin}/initdb`, [`--pgdata=${data}`, ...owner, ...args], how);
  await run(`${bin}/postgres`, ['--single', '-D', data, 'postgres'], {
    ...how,
    input: `CREATE DATABASE ${environment.POSTGRES_DB};\n`,
  });
  writeFileSync(path.join(data, 'pg_hba.conf'), 'host all all all scram-sha-256\n', { flag: 'a' });
  const server = [`${bin}/postgres`, '-D', '/var/lib/postgresql', '-c', 'listen_addresses=*', ...command.slice(1)];
  const container = start({
    name: 'postgres',
    image: { layers: [], workdir: '/', environment: {} },
    command: server,
    user,
    tmpfs,
    volumes: { '/var/lib/postgresql': data },
  });
  await until(() => container.tail().includes('ready to accept connections'), 'PostgreSQL', container);
}

async function startRedis() {
  const user = account('redis', 'nobody');
  const { environment, script, tmpfs } = composeService('redis', values);
  const container = start({
    name: 'redis',
    image: { layers: [], workdir: '/', environment: {} },
    command: ['sh', '-c', script],
    environment,
    user,
    tmpfs,
    volumes: { '/data': volume('redis', user) },
  });
  await until(() => /ready to accept connections/i.test(container.tail()), 'Redis', container);
  const said = (words) => container.succeeds(['sh', '-c', `${words}`]);
  const ask = (name, value) =>
    said(`REDISCLI_AUTH="$REDIS_PASSWORD" redis-cli config get ${name} | tail -1 | grep -qx ${value}`);
  if (!(await container.succeeds(['sh', '-c', 'command -v redis-cli']))) return;
  hold(await ask('maxmemory-policy', 'noeviction'), 'Redis evicts nothing');
  hold(await ask('appendonly', 'yes'), 'Redis keeps an append-only file');
}

const [uid, gid] = images.backend.user.split(':').map(Number);
const media = () => volume('media', NODE);

async function migrate() {
  const { environment } = composeService('migrate', values);
  const user = { uid, gid };
  await new Container({
    folder,
    program: nodeBinary(),
    hosts: ADDRESSES,
    name: 'migrate',
    image: images.backend,
    command: ['node', 'backend/dist/migrate.js'],
    environment,
    user,
  }).finish();
}

async function startBackend(name) {
  const { environment, tmpfs } = composeService('x-backend', values);
  const container = start({
    name,
    image: images.backend,
    command: images.backend.command,
    environment,
    user: { uid, gid },
    tmpfs,
    volumes: { '/var/lib/parley': media() },
  });
  await until(() => container.succeeds(images.backend.healthcheck), name, container);
  return container;
}

/** Nobody special, and nothing to write to but what is meant for it. */
async function isConfined(container) {
  hold(
    container
      .status('Uid')
      .split('\t')
      .every((one) => one === '1000'),
    'an instance runs as user 1000',
  );
  for (const set of ['CapEff', 'CapPrm', 'CapBnd'])
    hold(/^0+$/.test(container.status(set)), `it has no capability (${set})`);
  hold(container.status('NoNewPrivs') === '1', 'it can gain no rights');
  for (const place of ['/app/x', '/app/backend/dist/x', '/usr/x', '/etc/x'])
    hold(!(await container.succeeds(['touch', place], ROOT)), `${place} cannot be written, not even by root`);
  for (const place of ['/tmp/x', '/var/lib/parley/x']) hold(await container.succeeds(['touch', place]), `${place} can`);
}

async function startEdge() {
  const { capabilities, tmpfs } = composeService('nginx', values);
  await Edge.makeCertificate(values.PARLEY_TLS_DIR, ADDRESSES.nginx);
  const container = start({
    name: 'nginx',
    image: images.edge,
    command: images.edge.command,
    user: ROOT,
    capabilities,
    tmpfs,
    volumes: { '/etc/nginx/tls': values.PARLEY_TLS_DIR },
  });
  await until(() => container.succeeds(images.edge.healthcheck, ROOT), 'nginx', container);
  hold(!(await container.succeeds(['touch', '/etc/nginx/x'], ROOT)), 'nginx cannot write into its configuration');
  const workers = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => readStatus(pid))
    .filter((status) => new RegExp(`^PPid:\\s*${container.pid}$`, 'm').test(status));
  hold(
    workers.length > 0 && workers.every((status) => new RegExp(`^Uid:\\s*${NGINX.uid}\\s`, 'm').test(status)),
    'its workers are nginx, not root',
  );
  return container;
}

function readStatus(pid) {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

async function main() {
  const network = new Network(PREFIX);
  await network.open();
  for (const [name, address] of Object.entries({ ...ADDRESSES, migrate: `${PREFIX}.22` }))
    await network.attach(name, address);
  await step('PostgreSQL with its arguments, Redis with its script', async () => {
    await startPostgres();
    await startRedis();
  });
  await step('Migrations', migrate);
  const instances = await step('Two instances are healthy', async () => [
    await startBackend('backend-1'),
    await startBackend('backend-2'),
  ]);
  await step('They are user 1000, without a capability, on a read-only root', () => isConfined(instances[0]));
  const nginx = await step('nginx is healthy', startEdge);
  const sign = (body) => `sha256=${createHmac('sha256', values.WHATSAPP_APP_SECRET).update(body).digest('hex')}`;
  const edge = new Edge(values, sign);
  await step('TLS, HTTP/2, pages, files, redirects, what is shut', () => edge.isAsConfigured());
  await step('A message from the door to a screen, over wss', () => edge.bringsAMessage());
  await step('A file of 20 MB in, and out in ranges', () => edge.carriesFiles());
  await step('Both instances replaced one after the other, without a refusal', async () => {
    const asking = edge.keepAsking();
    for (const [index, name] of ['backend-1', 'backend-2'].entries()) {
      const { code, tookMs } = await instances[index].stop();
      hold(code === 0 && tookMs < STOP_WITHIN_MS, `${name} ends in order (${code}) within 30 s`);
      instances[index] = await startBackend(name);
    }
    await asking.end();
  });
  await step('Everything stops in order', async () => {
    for (const instance of instances) hold((await instance.stop()).code === 0, 'an instance ends in order');
    hold((await nginx.stop('SIGQUIT')).code === 0, 'nginx ends in order');
  });
}

try {
  await main();
} catch (error) {
  reportError(error);
  process.exitCode = 1;
} finally {
  for (const container of running.reverse()) await container.stop('SIGINT', 10_000);
}
process.exit();
