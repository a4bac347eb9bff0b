import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inRoot } from '../lib/paths.mjs';
import { findOnPath } from '../services/packages.mjs';
import { provideNginx } from '../services/nginx.mjs';
import { COMPOSE_FILE, composeService, interpolations } from './compose.mjs';
import { contextFiles, parseDockerfile, wordsOf } from './dockerfile.mjs';
import { Edge } from './edge.mjs';

const read = (...parts) => readFileSync(inRoot(...parts), 'utf8');
const folder = mkdtempSync(path.join(tmpdir(), 'parley-deploy-'));
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (command, args, env = {}) => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, ...env } });
  return { status, text: stdout + stderr };
};

const compose = read('docker-compose.yml');
const required = [
  ...new Set(interpolations(compose).flatMap(({ name, rest }) => (rest.startsWith(':?') ? [name] : []))),
];
const example = [...read('deploy', 'production.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)];
/** A value of each variable that a deployment must give. */
const values = Object.fromEntries(
  required.map((name) => [name, name === 'PARLEY_TLS_DIR' ? '/etc/tls' : `of-${name}`]),
);

describe('docker-compose.yml', () => {
  it('has a default for no secret', () => {
    const secrets = interpolations(compose).filter(({ name }) => /PASSWORD|SECRET|TOKEN|KEY/.test(name));
    expect(secrets.length).toBeGreaterThan(10);
    for (const { name, rest } of secrets) expect([name, rest]).toEqual([name, expect.stringMatching(/^(:\?.+|:-)$/)]);
  });

  it('asks for what the example of the environment names, and for nothing else', () => {
    const named = example.map(([, name]) => name);
    expect([...required].sort()).toEqual(named.sort());
    // Only an address that shows the form has a value there.
    expect(example.filter(([, , value]) => value !== '').map(([, name]) => name)).toEqual(['PUBLIC_URL']);
  });

  it('hardens every service, and gives root’s rights to none of ours', () => {
    const services = [
      ...compose
        .slice(compose.indexOf('\nservices:'), compose.indexOf('\nnetworks:'))
        .matchAll(/^ {2}([\w-]+):\n(( {4}.*\n|\n)+)/gm),
    ];
    expect(services.map(([, name]) => name)).toEqual([
      'postgres',
      'redis',
      'migrate',
      'backend-1',
      'backend-2',
      'nginx',
    ]);
    for (const [, name, text] of services)
      expect([name, text]).toEqual([name, expect.stringMatching(/<<: \*(hardened|backend)/)]);
    const hardened = compose.slice(compose.indexOf('x-hardened'), compose.indexOf('x-backend'));
    for (const line of ['read_only: true', 'cap_drop: [ALL]', 'no-new-privileges:true'])
      expect(hardened).toContain(line);
    for (const name of ['migrate', 'x-backend']) expect(composeService(name, values).capabilities).toEqual([]);
  });

  it('keeps what Redis holds and evicts nothing', () => {
    const { script } = composeService('redis', values);
    expect(script).toContain('appendonly yes');
    expect(script).toContain('maxmemory-policy noeviction');
  });

  it('gives an instance longer to stop than it takes, and says so before nginx has forgotten the last one', () => {
    const seconds = Number(/stop_grace_period: (\d+)s/.exec(compose)[1]);
    expect(seconds).toBeGreaterThan(30);
    const notice = Number(composeService('x-backend', values).environment.STOP_NOTICE_SECONDS);
    for (const file of ['compose.conf', 'site.conf'])
      expect(notice).toBeGreaterThan(Number(/fail_timeout=(\d+)s/.exec(read('deploy', 'nginx', file))[1]));
  });

  const legacy = findOnPath('docker-compose');
  const docker = findOnPath('docker');
  const command = legacy
    ? [legacy]
    : docker && run(docker, ['compose', 'version']).status === 0
      ? [docker, 'compose']
      : null;

  describe.skipIf(command === null)('by docker compose itself', () => {
    const config = (given) => {
      const file = path.join(folder, 'compose.env');
      writeFileSync(
        file,
        Object.entries(given)
          .map(([name, value]) => `${name}=${value}\n`)
          .join(''),
      );
      const [program, ...words] = command;
      return run(program, [...words, '--env-file', file, '--file', COMPOSE_FILE, 'config', '--quiet']);
    };

    it('is well formed', () => {
      expect(config(values)).toEqual({ status: 0, text: '' });
    });

    it.each(required)('is refused without %s, by name', (name) => {
      const others = Object.fromEntries(Object.entries(values).filter(([one]) => one !== name));
      const { status, text } = config(others);
      expect(status).not.toBe(0);
      expect(text).toContain(name);
    });
  });
});

describe('Dockerfile', () => {
  const stages = parseDockerfile(read('Dockerfile'));
  const stage = (name) => stages.find((one) => one.name === name);

  it('begins from Node 24, runs as nobody special and says how it is', () => {
    expect(stage('manifests').from).toMatch(/^node:24\b/);
    const user = stage('backend').steps.findLast(({ word }) => word === 'USER').rest;
    expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    for (const name of ['backend', 'edge']) expect(wordsOf(stage(name), 'HEALTHCHECK').length).toBeGreaterThan(0);
  });

  it('copies only what is there, and every workspace’s manifest', () => {
    const files = contextFiles(inRoot());
    const copies = stages.flatMap(({ steps }) =>
      steps.filter(({ word, rest }) => word === 'COPY' && !rest.startsWith('--')),
    );
    for (const { rest } of copies) {
      const sources = rest
        .split(/\s+/)
        .slice(0, -1)
        .map((source) => source.replace(/\/$/, ''));
      for (const source of sources.filter((one) => one !== '.'))
        expect([source, files.some((file) => file === source || file.startsWith(`${source}/`))]).toEqual([
          source,
          true,
        ]);
    }
    const manifests = stage('manifests')
      .steps.map(({ rest }) => rest)
      .join(' ');
    for (const workspace of JSON.parse(read('package.json')).workspaces)
      expect(manifests).toContain(`${workspace}/package.json`);
  });

  it('sees nothing of this machine’s secrets, data and builds', () => {
    mkdirSync(path.join(folder, 'context', 'backend', 'dist'), { recursive: true });
    mkdirSync(path.join(folder, 'context', '.data'), { recursive: true });
    const hidden = [
      '.env',
      '.env.local',
      '.data/secret',
      'backend/.env',
      'backend/tls.pem',
      'backend/tls.key',
      'backend/dist/x.js',
    ];
    for (const file of [...hidden, 'package.json', 'backend/x.ts'])
      writeFileSync(path.join(folder, 'context', file), '');
    writeFileSync(path.join(folder, 'context', '.dockerignore'), read('.dockerignore'));
    expect(contextFiles(path.join(folder, 'context'))).toEqual(['backend/x.ts', 'package.json']);
  });
});

const nginx = await provideNginx();

describe.skipIf(nginx === null)('nginx (needs nginx, or root on Debian to install it)', () => {
  /** The file as it is, but for where things lie and how machines are called. */
  const check = async (text) => {
    await Edge.makeCertificate(path.join(folder, 'tls'), '127.0.0.1');
    for (const name of ['mime.types', 'parley-http.conf', 'parley-locations.conf'])
      writeFileSync(
        path.join(folder, name),
        name === 'mime.types' ? 'types { text/html html; }' : read('deploy', 'nginx', name),
      );
    const local = text
      .replace(/^user nginx;$/m, '')
      .replace(/\/tmp\/|\/var\/log\/nginx\//g, `${folder}/`)
      .replace(/\/(?:etc\/nginx\/parley|opt\/parley\/deploy\/nginx|etc\/nginx)\/(?=parley-|mime)/g, `${folder}/`)
      .replace(/\/(?:etc\/nginx\/tls|etc\/letsencrypt\/live\/[\w.]+)\//g, `${folder}/tls/`)
      .replace(/backend-\d/g, '127.0.0.1');
    const file = path.join(folder, 'nginx.conf');
    writeFileSync(file, local);
    // Where it writes its lines has to be a pipe, as in a container, not a socket, as of a child of node.
    const command = `"${nginx}" -t -q -p "${folder}" -e stderr -c "${file}" 2>&1`;
    return run('bash', ['-o', 'pipefail', '-c', `${command} | cat`]);
  };

  it('takes the configuration of the image', async () => {
    expect(await check(read('deploy', 'nginx', 'compose.conf'))).toEqual({ status: 0, text: '' });
  });

  it('takes the site of an nginx on the machine', async () => {
    const around = `pid /tmp/nginx.pid;\nevents {}\nhttp {\n${read('deploy', 'nginx', 'site.conf')}\n}`;
    expect(await check(around)).toEqual({ status: 0, text: '' });
  });
});

const systemd = findOnPath('systemd-analyze');

describe.skipIf(systemd === null)('systemd (needs systemd-analyze)', () => {
  it('takes the units', () => {
    const units = path.join(folder, 'units');
    mkdirSync(units, { recursive: true });
    for (const name of readdirSync(inRoot('deploy', 'systemd')))
      writeFileSync(
        path.join(units, name.replace('@', '@3001')),
        read('deploy', 'systemd', name)
          // What is to be run is not here; any program without a space in its path does.
          .replaceAll('/opt/parley/node_modules/.bin/node', '/bin/true')
          .replace('/usr/bin/curl', '/bin/true')
          .replaceAll('%i', '3001'),
      );
    const files = readdirSync(units).map((name) => path.join(units, name));
    expect(run(systemd, ['verify', '--man=no', ...files], { SYSTEMD_UNIT_PATH: `${units}:` })).toEqual({
      status: 0,
      text: '',
    });
  });
});
