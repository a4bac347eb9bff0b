import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processesIn, waitUntil } from '../lib/processes.mjs';
import { startPostgres, startRedis } from '../services.mjs';

const ENDING_MS = 20_000;

describe('our own PostgreSQL and Redis', () => {
  let folder;
  let dataDir;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'parley services '));
    chmodSync(folder, 0o755);
    dataDir = path.join(folder, 'postgres');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  async function startAndStop() {
    const server = await startPostgres({ dataDir, durable: false });
    await server.stop();
  }

  it('come up from nothing, and again', async () => {
    await startAndStop();
    await startAndStop();
    const redis = await startRedis({ dir: path.join(folder, 'redis'), durable: true });
    await redis.stop();
    expect(existsSync(path.join(dataDir, 'postmaster.pid'))).toBe(false);
  });

  it('end when the process that started them is killed, and start again after that', async () => {
    const script = `
      const { startPostgres, startRedis } = await import(${JSON.stringify(path.join(import.meta.dirname, '../services.mjs'))});
      await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, durable: false });
      await startRedis({ dir: ${JSON.stringify(path.join(folder, 'redis'))}, durable: true });
      console.log('up'); setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const homes = [realpathSync(dataDir), realpathSync(path.join(folder, 'redis'))];
    expect(homes.map((home) => processesIn(home).length > 0)).toEqual([true, true]);
    child.kill('SIGKILL');
    await startAndStop();
    expect(await waitUntil(() => homes.every((home) => processesIn(home).length === 0), ENDING_MS)).toBe(true);
  });

  it('survive a killed server that left its workers and its pid file', async () => {
    const server = await startPostgres({ dataDir, durable: false });
    process.kill(Number(readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL');
    expect(await server.ended).toMatchObject({ signal: 'SIGKILL' });
    await startAndStop();
  });

  it.each([
    ['is empty', ''],
    ['names another process', `${process.pid}\n`],
  ])('start although the pid file %s', async (_, text) => {
    await startAndStop();
    writeFileSync(path.join(dataDir, 'postmaster.pid'), text);
    await startAndStop();
  });

  it('make a new database where an interrupted run left half of one', async () => {
    mkdirSync(path.join(dataDir, 'base'), { recursive: true });
    mkdirSync(`${dataDir}.making/base`, { recursive: true });
    await startAndStop();
  });

  it('leave a database alone that is not theirs', async () => {
    mkdirSync(dataDir);
    writeFileSync(path.join(dataDir, 'PG_VERSION'), '18\n');
    await expect(startPostgres({ dataDir, durable: false })).rejects.toThrow(/was not made by Parley/);
    writeFileSync(path.join(dataDir, 'PG_VERSION'), '16\n');
    await expect(startPostgres({ dataDir, durable: false })).rejects.toThrow(/made by PostgreSQL 16/);
  });
});
