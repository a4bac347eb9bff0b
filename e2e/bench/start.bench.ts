import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { latencyRows, median, nowMs, round, writeResults } from './support/results.ts';

/** `npm start` on a folder that ran before: from the command to an answer of `/api/health/ready`. */
const RUNS = 5;
const POLL_MS = 20;
const root = path.join(import.meta.dirname, '../..');

async function startOnce(): Promise<number> {
  const startedAt = nowMs();
  const child = spawn('npm', ['start', '--silent'], {
    cwd: root,
    // Without DATABASE_URL: this measures what a newcomer types, embedded PostgreSQL and demo mode included.
    env: { ...process.env, DATABASE_URL: '', REDIS_URL: '', NODE_ENV: '', PORT: '3977', SIMULATOR_PORT: '4977' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const exit = once(child, 'exit');
  for (;;) {
    const url = /http:\/\/(?:localhost|127\.0\.0\.1):\d+/.exec(text)?.[0] ?? 'http://127.0.0.1:3977';
    const isReady = await fetch(`${url}/api/health/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) break;
    if (child.exitCode !== null) throw new Error(`npm start ended:\n${text}`);
    await delay(POLL_MS);
  }
  const took = nowMs() - startedAt;
  child.kill('SIGTERM');
  await exit;
  return took;
}

await startOnce(); // the first start makes the data folder
const times: number[] = [];
for (let run = 0; run < RUNS; run += 1) times.push(await startOnce());
writeResults('start', [
  { measure: 'warm npm start to ready, median', value: round(median(times)), unit: 'ms', target: '< 5000 ms' },
  ...latencyRows('warm npm start to ready', times).slice(1, 2),
]);
