import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';

export const APP_SECRET = randomBytes(16).toString('hex');
export const PHONE_NUMBER_ID = '274119865530142';
export const BUSINESS_ACCOUNT_ID = '318840027715906';
export const ADMIN = { email: 'admin@bench.example', password: randomBytes(9).toString('hex') };

/** Clock ticks of /proc/<pid>/stat a second on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

export const JWT_SECRET = randomBytes(32).toString('hex');

const secrets = {
  JWT_SECRET,
  ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  WHATSAPP_WEBHOOK_TOKEN: randomBytes(8).toString('hex'),
  WHATSAPP_APP_SECRET: APP_SECRET,
  WHATSAPP_ACCESS_TOKEN: 'bench-token',
  WHATSAPP_PHONE_NUMBER_ID: PHONE_NUMBER_ID,
  WHATSAPP_BUSINESS_ACCOUNT_ID: BUSINESS_ACCOUNT_ID,
  ADMIN_EMAIL: ADMIN.email,
  ADMIN_PASSWORD: ADMIN.password,
};

/** A program of ours in a process of its own, with the CPU it used. */
export interface Instance {
  url: string;
  /** Seconds of CPU since its start. */
  cpuSeconds(): number;
  /** Resident memory, in bytes. */
  rssBytes(): number;
  stop(): Promise<void>;
}

/** A real backend process on the benchmark's services, as in production but for the secrets. */
export const startBackend = (env: Record<string, string> = {}): Promise<Instance> =>
  startProgram(path.join(import.meta.dirname, '../../../backend/dist/main.js'), {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: '0',
    WHATSAPP_GRAPH_URL: 'http://127.0.0.1:9',
    ...secrets,
    ...env,
  });

/** Starts a script that says `{ ready: true, url }` by ipc once it listens. */
export async function startProgram(script: string, env: Record<string, string>): Promise<Instance> {
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exit = once(child, 'exit');
  const ready = await Promise.race([once(child, 'message'), exit.then(() => null)]);
  if (ready === null) throw new Error(`${path.basename(script)} ended before it listened`);
  const { url } = ready[0] as { url: string };
  return {
    url,
    cpuSeconds: () => {
      const fields =
        readFileSync(`/proc/${String(child.pid)}/stat`, 'utf8')
          .split(') ')[1]
          ?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
    },
    rssBytes: () => {
      const status = readFileSync(`/proc/${String(child.pid)}/status`, 'utf8');
      return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1_024;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exit;
    },
  };
}
