import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoPorts, isDemo, livePort, markLive } from './mode.mjs';

describe('demo or live', () => {
  let folder;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'parley-mode-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is a demo only without credentials, database and production', () => {
    expect(isDemo({}, folder)).toBe(true);
    expect(isDemo({ WHATSAPP_GRAPH_VERSION: 'v26.0', REDIS_URL: 'redis://here' }, folder)).toBe(true);
    expect(isDemo({ WHATSAPP_ACCESS_TOKEN: 'token' }, folder)).toBe(false);
    expect(isDemo({ DATABASE_URL: 'postgresql://here' }, folder)).toBe(false);
    expect(isDemo({ NODE_ENV: 'production' }, folder)).toBe(false);
  });

  it('never makes a demo of a real installation that lost its settings', () => {
    markLive(folder);
    expect(() => isDemo({}, folder)).toThrow(/WHATSAPP_ACCESS_TOKEN/);
    expect(isDemo({ WHATSAPP_ACCESS_TOKEN: 'token' }, folder)).toBe(false);
  });
});

describe('ports', () => {
  it('a demo takes the next free one, a real installation says that its own is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port: taken } = server.address();
    const ports = await demoPorts({ PORT: String(taken), SIMULATOR_PORT: String(taken) });
    expect(ports.port).toBeGreaterThan(taken);
    expect(ports.simulatorPort).toBeGreaterThan(taken);
    expect(ports.simulatorPort).not.toBe(ports.port);
    await expect(livePort({ PORT: String(taken) })).rejects.toThrow(`Port ${taken} is used`);
    server.close();
  });

  it('a port that is none is named', async () => {
    await expect(livePort({ PORT: '3000a' })).rejects.toThrow(/PORT is "3000a"/);
  });
});
