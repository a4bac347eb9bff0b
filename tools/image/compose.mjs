// Reads from docker-compose.yml what is tried without Docker. The file is ours and its form is known; a YAML library for
// six questions is not worth its place.
import { readFileSync } from 'node:fs';
import { inRoot } from '../lib/paths.mjs';

export const COMPOSE_FILE = inRoot('docker-compose.yml');

/** Every `${NAME…}` of the file: its name, and what stands behind it (`:?…` required, `:-…` a default, or nothing). */
export function interpolations(text = readFileSync(COMPOSE_FILE, 'utf8')) {
  return [...text.matchAll(/(?<!\$)\$\{(\w+)([^}]*)\}/g)].map(([, name, rest]) => ({ name, rest }));
}

/** The text with the values put in, as compose does it; `$$` is a dollar. */
export function interpolate(text, values) {
  return text
    .replace(/(?<!\$)\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name, kind, rest) => {
      const value = values[name] ?? '';
      if (value !== '') return value;
      if (kind === '?') throw new Error(`${name} ${rest}`);
      return kind === '-' ? rest : '';
    })
    .replaceAll('$$', '$');
}

/** The lines of a block that begins with this line, without their indentation. */
function block(head, lines) {
  const start = lines.findIndex((line) => line.trimEnd() === head);
  if (start < 0) throw new Error(`docker-compose.yml has no «${head.trim()}»`);
  const depth = head.search(/\S/);
  const end = lines.findIndex((line, index) => index > start && line.trim() !== '' && line.search(/\S/) <= depth);
  return lines.slice(start + 1, end < 0 ? undefined : end);
}

/** One service, or the anchor that the instances share, with all values put in. */
export function composeService(name, values) {
  const text = interpolate(readFileSync(COMPOSE_FILE, 'utf8'), values);
  const lines = block(name.startsWith('x-') ? `${name}: &${name.slice(2)}` : `  ${name}:`, text.split('\n'));
  const under = (key) => {
    const head = lines.find((line) => new RegExp(`^\\s+${key}:( &[\\w-]+)?$`).test(line));
    return head === undefined ? [] : block(head, lines).filter((line) => !/^\s*#/.test(line));
  };
  const inline = (key) =>
    lines
      .find((line) => line.trim().startsWith(`${key}: `))
      ?.trim()
      .slice(key.length + 2) ?? null;
  return {
    environment: Object.fromEntries(
      under('environment').map((line) => {
        const [, key, value] = /^\s+(\w+): (.*)$/.exec(line);
        return [key, value.replace(/^'(.*)'$/, '$1')];
      }),
    ),
    /** A list of words, or a script after `|`. */
    command: under('command').map((line) => line.trim().replace(/^- /, '')),
    script: scriptOf(lines),
    capabilities: (inline('cap_add') ?? '[]')
      .replace(/[[\]\s]/g, '')
      .split(',')
      .filter(Boolean),
    tmpfs: [...(inline('tmpfs') ?? '').matchAll(/'([^:']+):/g)].map(([, folder]) => folder),
  };
}

/** What stands after `- |` in a command. */
function scriptOf(lines) {
  const start = lines.findIndex((line) => line.trim() === '- |');
  if (start < 0) return null;
  const depth = lines[start].search(/\S/);
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.trim() !== '' && line.search(/\S/) <= depth);
  return rest
    .slice(0, end < 0 ? undefined : end)
    .map((line) => line.trim())
    .join('\n');
}
