// Runs images as docker-compose would, without Docker: each in a network, a mount namespace and on a root of its own that
// is read-only. Needs root on Linux, in a mount and a network namespace of its own.
import { spawn } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ended, run, stopChild } from '../lib/processes.mjs';
import { IMAGE_PATH, mountLines } from './stages.mjs';

const TAIL_CHARS = 4_000;
const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
const words = (list) => list.map(quoted).join(' ');

/** A bridge that containers are attached to; its first address is this machine's. */
export class Network {
  constructor(prefix) {
    this.prefix = prefix;
  }

  async open() {
    const script = [
      'set -e',
      'mount -t tmpfs tmpfs /run',
      'ip link set lo up',
      'ip link add compose type bridge',
      `ip addr add ${this.prefix}.1/24 dev compose`,
      'ip link set compose up',
    ];
    await run('sh', ['-c', script.join('\n')], { failure: 'This machine lets nobody make networks.' });
  }

  /** A network namespace with one address. */
  async attach(name, address) {
    const device = `v-${name}`.slice(0, 15);
    const script = [
      'set -e',
      `ip netns add ${name}`,
      `ip link add ${device} type veth peer name eth0 netns ${name}`,
      `ip link set ${device} master compose up`,
      `ip -n ${name} link set lo up`,
      `ip -n ${name} addr add ${address}/24 dev eth0`,
      `ip -n ${name} link set eth0 up`,
    ];
    await run('sh', ['-c', script.join('\n')], { failure: `${name} gets no network.` });
  }
}

/**
 * One container: `image` as Stages built it, with what docker-compose.yml gives it.
 * @typedef {{ name: string, image: { layers: string[], workdir: string, environment: object }, command: string[],
 *   user: { uid: number, gid: number }, capabilities?: string[], environment?: object, hosts?: object, tmpfs?: string[],
 *   volumes?: Record<string, string>, folder: string, program: string }} Options
 */
export class Container {
  /** @param {Options} options */
  constructor(options) {
    this.options = options;
    this.child = null;
  }

  get pid() {
    return this.child?.pid ?? 0;
  }

  tail() {
    return readFileSync(this.log, 'utf8').slice(-TAIL_CHARS);
  }

  start() {
    const { name, image, command, user, capabilities = [], environment = {} } = this.options;
    const at = mkdtempSync(path.join(this.options.folder, `run-${name}-`));
    const set = Object.entries({ PATH: IMAGE_PATH, ...image.environment, ...environment });
    const bounds = ['-all', ...capabilities.map((one) => `+${one.toLowerCase()}`)].join(',');
    const drop = ['setpriv', '--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups'];
    const inside = [
      'exec',
      words([...drop, `--bounding-set=${bounds}`, '--inh-caps=-all', '--no-new-privs']),
      words(['env', '-i', ...set.map(([key, value]) => `${key}=${value}`), ...command]),
    ].join(' ');
    const script = [
      'set -e',
      ...mountLines({ at, layers: [this.places(), ...image.layers], program: this.options.program }),
      ...this.mounts(at),
      `exec chroot ${quoted(at)} sh -c ${quoted(`cd ${quoted(image.workdir)} && ${inside}`)}`,
    ];
    const unshare = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', script.join('\n')];
    // In our own group: when we are killed, so is it.
    // Its lines go to a file: /dev/stdout cannot be opened anew where it is one of node's sockets.
    this.log = `${at}.log`;
    const log = openSync(this.log, 'a');
    this.child = spawn('ip', ['netns', 'exec', name, ...unshare], { stdio: ['ignore', log, log] });
    closeSync(log);
    this.ended = ended(this.child);
    return this;
  }

  /** Runs to its end. @throws Error with what it said when that was not 0 */
  async finish() {
    const { code } = await this.start().ended;
    if (code !== 0) throw new Error(`${this.options.name} ended with ${code}:\n${this.tail()}`);
  }

  /** Runs words inside, as the container's own user, and says whether they ended with 0. */
  async succeeds(command, user = this.options.user) {
    const { environment = {}, image } = this.options;
    const set = Object.entries({ PATH: IMAGE_PATH, ...image.environment, ...environment });
    const enter = ['--target', String(this.pid), '--mount', '--net', '--root', '--wd', '--'];
    const drop = [
      'setpriv',
      '--reuid',
      String(user.uid),
      '--regid',
      String(user.gid),
      '--clear-groups',
      '--no-new-privs',
    ];
    const child = spawn(
      'nsenter',
      [...enter, ...drop, 'env', '-i', ...set.map(([key, value]) => `${key}=${value}`), ...command],
      { stdio: 'ignore' },
    );
    return (await ended(child)).code === 0;
  }

  /** The kernel's own words about the process. */
  status(field) {
    return new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1] ?? '';
  }

  /** How it ended after this signal; killed when it takes longer. */
  async stop(signal = 'SIGTERM', graceMs = 35_000) {
    const beganAtMs = performance.now();
    const { code } = await stopChild(this.child, { signal, graceMs });
    return { code, tookMs: performance.now() - beganAtMs };
  }

  /** A layer with the folders that are mounted over, which the read-only root must have. */
  places() {
    const layer = mkdtempSync(path.join(this.options.folder, 'places-'));
    chmodSync(layer, 0o755); // it becomes the root
    for (const folder of [...(this.options.tmpfs ?? []), ...Object.keys(this.options.volumes ?? {})])
      mkdirSync(path.join(layer, folder), { recursive: true });
    mkdirSync(path.join(layer, 'etc'), { recursive: true });
    const hosts = { localhost: '127.0.0.1', ...this.options.hosts };
    const lines = Object.entries(hosts).map(([host, address]) => `${address} ${host}\n`);
    writeFileSync(path.join(layer, 'etc', 'hosts'), lines.join(''));
    return layer;
  }

  mounts(at) {
    const { tmpfs = [], volumes = {} } = this.options;
    return [
      ...tmpfs.map((folder) => `mount -t tmpfs -o mode=1777 tmpfs ${quoted(at + folder)}`),
      ...Object.entries(volumes).map(([folder, source]) => `mount --bind ${quoted(source)} ${quoted(at + folder)}`),
    ];
  }
}
