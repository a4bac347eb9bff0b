import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLock, takeLock } from './lock.mjs';

describe('the lock of a data folder', () => {
  let folder;
  let file;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'parley lock '));
    file = path.join(folder, 'start.lock');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Takes the lock in a process of its own, which then waits. */
  async function holder() {
    const script = `
      const { takeLock } = await import(${JSON.stringify(path.join(import.meta.dirname, 'lock.mjs'))});
      takeLock(${JSON.stringify(file)}).update({ url: 'http://here' });
      console.log('held'); setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    return child;
  }

  it('names its living holder, and passes on when that one is killed', async () => {
    const child = await holder();
    expect(takeLock(file).holder).toMatchObject({ pid: child.pid, url: 'http://here' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const taken = takeLock(file);
    expect(taken.holder).toBeNull();
    expect(taken.stale).toMatchObject({ pid: child.pid });
    taken.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not held by another process that was given the pid', () => {
    writeFileSync(file, JSON.stringify({ pid: process.pid, identity: 'of an earlier boot' }));
    expect(takeLock(file).holder).toBeNull();
  });

  it('is not held by a file without sense', () => {
    writeFileSync(file, '');
    expect(takeLock(file).holder).toBeNull();
    expect(readLock(file)).toMatchObject({ pid: process.pid, isAlive: true });
  });
});
