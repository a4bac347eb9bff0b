// Carries out the steps of a Dockerfile without Docker: each stage is a layer over this machine's own system, in which its
// commands run, and the layers are all that is kept. Needs root on Linux, in a mount namespace of its own.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { inRoot } from '../lib/paths.mjs';
import { run } from '../lib/processes.mjs';
import { contextFiles, environmentOf } from './dockerfile.mjs';

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * The shell lines that put the layers together at `at`, read-only where there is no layer to write to. `program` becomes
 * the image's node, for the machine's own may be another.
 */
export function mountLines({ at, layers, upper, work, program }) {
  const lower = [...layers, '/'].join(':');
  const writable = upper ? `,upperdir=${upper},workdir=${work}` : '';
  return [
    `mount -t overlay overlay -o ${quoted(`lowerdir=${lower}${writable}`)} ${quoted(at)}`,
    `mount -t proc proc ${quoted(`${at}/proc`)}`,
    `mount --rbind /dev ${quoted(`${at}/dev`)}`,
    `mount -t tmpfs tmpfs ${quoted(`${at}/opt`)}`,
    `mkdir ${quoted(`${at}/opt/node`)} && cp ${quoted(program)} ${quoted(`${at}/opt/node/node`)}`,
  ];
}

/** In every image of ours node is found here first. */
export const IMAGE_PATH = '/opt/node:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const USERS = { node: 1000, nginx: 101 };
const ACCOUNTS = {
  passwd: (name, id) => `${name}:x:${id}:${id}::/nonexistent:/bin/false\n`,
  group: (name, id) => `${name}:x:${id}:\n`,
};

/** Builds stages into layers below `folder`; asks each stage once. */
export class Stages {
  /** @param {{ folder: string, stages: object[], program: string, say: (line: string) => void }} options */
  constructor({ folder, stages, program, say }) {
    this.folder = folder;
    this.stages = stages;
    this.program = program;
    this.say = say;
    this.context = contextFiles(inRoot());
    this.built = new Map();
  }

  /** The layers of a stage, its own first, and where its commands run. */
  async build(name) {
    const known = this.built.get(name);
    if (known) return known;
    const stage = this.stages.find((one) => one.name === name);
    const base = this.stages.some((one) => one.name === stage.from)
      ? await this.build(stage.from)
      : { layers: [this.base()], workdir: '/', environment: {} };
    const upper = path.join(this.folder, name, 'layer');
    mkdirSync(upper, { recursive: true });
    chmodSync(upper, 0o755);
    const image = {
      layers: [upper, ...base.layers],
      workdir: base.workdir,
      environment: { ...base.environment, ...environmentOf(stage) },
    };
    this.built.set(name, image);
    for (const { word, rest } of stage.steps) {
      if (word === 'WORKDIR') {
        image.workdir = rest;
        mkdirSync(path.join(upper, rest), { recursive: true });
      } else if (word === 'COPY') await this.copy(image, rest.split(/\s+/));
      else if (word === 'RUN') await this.execute(name, image, rest);
    }
    return image;
  }

  /** What the official images have and this machine may lack: their users. */
  base() {
    const layer = path.join(this.folder, 'base');
    mkdirSync(path.join(layer, 'etc'), { recursive: true });
    chmodSync(layer, 0o755);
    for (const [file, lineOf] of Object.entries(ACCOUNTS)) {
      const names = Object.keys(USERS).join('|');
      const others = readFileSync(`/etc/${file}`, 'utf8').replace(new RegExp(`^(${names}):.*\\n`, 'gm'), '');
      const lines = Object.entries(USERS).map(([name, id]) => lineOf(name, id));
      writeFileSync(path.join(layer, 'etc', file), others + lines.join(''));
    }
    return layer;
  }

  async copy({ layers: [upper], workdir }, words) {
    const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
    const sources = words.filter((word) => !word.startsWith('--'));
    const target = sources.pop();
    const isFolder = target.endsWith('/') || target === '.' || sources.length > 1;
    const resolved = path.join(upper, path.resolve(workdir, target));
    const stage = from === undefined ? null : await this.build(from);
    for (const source of sources) {
      const files = stage ? this.ofStage(stage, source) : this.ofContext(source);
      for (const { file, relative } of files) {
        const place =
          relative === ''
            ? isFolder
              ? path.join(resolved, path.basename(source))
              : resolved
            : path.join(resolved, relative);
        mkdirSync(path.dirname(place), { recursive: true });
        cpSync(file, place, { recursive: true, verbatimSymlinks: true });
      }
    }
  }

  /** A file as it is; of a folder what it holds. */
  ofStage({ layers, workdir }, source) {
    const file = layers.map((layer) => path.join(layer, path.resolve(workdir, source))).find(existsSync);
    if (file === undefined) throw new Error(`COPY finds no ${source} in its stage`);
    return [{ file, relative: statSync(file).isDirectory() ? '.' : '' }];
  }

  ofContext(source) {
    const clean = path.posix.normalize(source).replace(/\/$/, '');
    const below = clean === '.' ? '' : `${clean}/`;
    const files = this.context.filter((file) => file === clean || file.startsWith(below));
    if (files.length === 0) throw new Error(`COPY finds no ${source} in what .dockerignore leaves`);
    return files.map((file) => ({ file: inRoot(file), relative: file === clean ? '' : file.slice(below.length) }));
  }

  async execute(name, { layers: [upper, ...layers], workdir, environment }, command) {
    this.say(`${name}: ${command.replace(/\s+/g, ' ')}`);
    const at = mkdtempSync(path.join(this.folder, 'root-'));
    const work = mkdtempSync(path.join(this.folder, 'work-'));
    const set = Object.entries(environment).map(([key, value]) => `export ${key}=${quoted(value)}`);
    const inside = ['set -e', `export PATH=${IMAGE_PATH}`, ...set, `cd ${quoted(workdir)}`, command].join('\n');
    const lines = [
      'set -e',
      ...mountLines({ at, layers, upper, work, program: this.program }),
      `exec chroot ${quoted(at)} sh -c ${quoted(inside)}`,
    ];
    await run('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', lines.join('\n')], {
      failure: `A step of the Dockerfile failed: ${command}`,
    });
    rmSync(work, { recursive: true, force: true });
  }
}
