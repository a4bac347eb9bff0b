// A lock that a dead process cannot hold: a file with the holder's pid and the identity of that very process.
import { createHash } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from './paths.mjs';
import { identityOf } from './processes.mjs';

const ATTEMPTS = 50;
const POLL_MS = 200;

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { pid: 0, identity: 'unreadable' };
  }
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Who holds the lock, or held it when it died; null when there is no lock. */
export function readLock(file) {
  const text = readText(file);
  if (text === null) return null;
  const holder = parse(text);
  return { ...holder, text, isAlive: holder.pid > 0 && identityOf(holder.pid) === holder.identity };
}

/** Removes a dead holder's file; puts it back when it turns out to be somebody's who was quicker than we. */
function removeStale(file, stale) {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
    if (readText(aside) !== stale.text) linkSync(aside, file);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/**
 * Takes the lock, or returns its living holder. The file appears with its contents in one step.
 * @param {string} file
 * @returns {{ holder: object } | { holder: null, stale: object | null, update(facts: object): void, release(): void }}
 */
export function takeLock(file) {
  const own = { pid: process.pid, identity: identityOf(process.pid) };
  const draft = `${file}.${process.pid}`;
  const writeDraft = () => writeFileSync(draft, JSON.stringify(own), { mode: 0o600 });
  let stale = null;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      writeDraft();
      linkSync(draft, file);
      return {
        holder: null,
        stale,
        update(facts) {
          Object.assign(own, facts);
          writeDraft();
          renameSync(draft, file);
        },
        release: () => rmSync(file, { force: true }),
      };
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft, { force: true });
    }
    const holder = readLock(file);
    if (holder?.isAlive) return { holder };
    if (holder) {
      stale = holder;
      removeStale(file, holder);
    }
  }
  throw new Error(`could not take the lock ${file}`);
}

/** Runs `action` while no other run of ours does the same to this checkout: two builds at once would mix their outputs. */
export async function exclusively(name, action) {
  const checkout = createHash('sha256').update(`${process.getuid?.()}:${ROOT}`).digest('hex').slice(0, 16);
  const file = path.join(tmpdir(), `parley-${name}-${checkout}.lock`);
  for (;;) {
    const lock = takeLock(file);
    if (!lock.holder) {
      try {
        return await action();
      } finally {
        lock.release();
      }
    }
    await delay(POLL_MS);
  }
}
