// Reads a Dockerfile of the few instructions that ours uses, and what .dockerignore leaves of a folder.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const KNOWN = new Set([
  'ARG',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'FROM',
  'HEALTHCHECK',
  'RUN',
  'STOPSIGNAL',
  'USER',
  'WORKDIR',
]);

/** One line for each instruction: comments gone, continued lines joined. */
function instructions(text) {
  const whole = text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replace(/\\\n\s*/g, '');
  return whole
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, word = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line.trim()) ?? [];
      if (!KNOWN.has(word)) throw new Error(`the Dockerfile says «${line.trim()}», which is not understood here`);
      return { word, rest };
    });
}

/**
 * The stages of a Dockerfile in their order: each with its name, what it begins from, and its instructions.
 * @throws Error on an instruction or a form that is not understood
 */
export function parseDockerfile(text) {
  const args = {};
  const stages = [];
  for (const { word, rest } of instructions(text)) {
    if (word === 'ARG') {
      const [name, value = ''] = rest.split('=', 2);
      args[name] = value;
    } else if (word === 'FROM') {
      const [, base, name] = /^(\S+)\s+AS\s+(\S+)$/.exec(rest) ?? [];
      if (name === undefined) throw new Error(`a stage without a name: ${rest}`);
      stages.push({ name, from: base.replace(/\$\{(\w+)\}/g, (_, arg) => args[arg] ?? ''), steps: [] });
    } else stages.at(-1).steps.push({ word, rest });
  }
  return stages;
}

/** The last of these instructions of a stage, as the words that are run; null where there is none. */
export function wordsOf(stage, word) {
  const { rest } = stage.steps.findLast((step) => step.word === word) ?? {};
  return rest === undefined ? null : JSON.parse(rest.slice(rest.indexOf('[')));
}

/** The variables that a stage sets. */
export function environmentOf(stage) {
  const pairs = stage.steps.filter(({ word }) => word === 'ENV').flatMap(({ rest }) => rest.trim().split(/\s+/));
  return Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
}

function patternOf(line) {
  const isKept = line.startsWith('!');
  const source = (isKept ? line.slice(1) : line)
    .split('/')
    .map((part) => (part === '**' ? '**' : part.replace(/[.+^$()|{}]/g, '\\$&').replaceAll('*', '[^/]*')))
    .join('/')
    .replaceAll('**/', '(?:.*/)?');
  return { isKept, pattern: new RegExp(`^${source}$`) };
}

/** The files below `root` that a build may read, by the last pattern of .dockerignore that names them or a folder above. */
export function contextFiles(root) {
  const rules = readFileSync(path.join(root, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map(patternOf);
  const isKept = (file) => {
    const parts = file.split('/');
    const prefixes = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
    return rules.findLast(({ pattern }) => prefixes.some((prefix) => pattern.test(prefix)))?.isKept ?? true;
  };
  const walk = (folder) =>
    readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const file = path.posix.join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name === '.git' ? [] : walk(file);
      return isKept(file) ? [file] : [];
    });
  return walk('').sort();
}
