import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const TAIL_CHARS = 8_000;
const FAULTS_KEPT = 20;
const OUTAGE = /cannot answer right now|cannot be stored/;
const REPOSITORY = path.join(import.meta.dirname, '../..');

/** A program of ours in a process of its own, which a test may stop or kill. */
export interface Program {
  readonly url: string;
  readonly pid: number;
  /** What it wrote last. */
  tail(): string;
  /** Its last lines about errors that are nobody's outage: whoever looks for a cause begins here. */
  faults(): string[];
  signal(signal: NodeJS.Signals): void;
  /** Resolves with how it ended, whoever ended it. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  hasEnded(): boolean;
}

export const inRepository = (...parts: string[]): string => path.join(REPOSITORY, ...parts);

/** Builds what is stale: the processes run what is built, as `npm start` does. */
export async function build(): Promise<void> {
  await runToEnd(inRepository('tools', 'build.mjs'), process.env);
}

/** Runs one of our scripts to its end. */
export async function runToEnd(script: string, env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${path.basename(script)} ended with ${String(code)}`);
}

/** Starts a script that says `{ ready: true, url }` by ipc once it listens; it ends with us. */
export async function startProgram(script: string, env: NodeJS.ProcessEnv): Promise<Program> {
  const child = spawn(process.execPath, ['--enable-source-maps', script], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let tail = '';
  const faults: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    let line = '';
    stream?.on('data', (text: Buffer) => {
      tail = (tail + text.toString()).slice(-TAIL_CHARS);
      const lines = (line + text.toString()).split('\n');
      line = lines.pop() ?? '';
      faults.push(...lines.filter((one) => /"level":"(error|fatal)"/.test(one) && !OUTAGE.test(one)));
      faults.splice(0, faults.length - FAULTS_KEPT);
    });
  }
  const ended = once(child, 'exit').then((how) => {
    const [code, signal] = how as [number | null, NodeJS.Signals | null];
    return { code, signal };
  });
  const ready = await Promise.race([once(child, 'message'), ended.then(() => null)]);
  if (ready === null) throw new Error(`${path.basename(script)} ended before it listened:\n${tail}`);
  const [{ url }] = ready as [{ url: string }];
  return {
    url,
    pid: child.pid ?? 0,
    tail: () => tail,
    faults: () => [...faults],
    ended,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    signal: (signal) => {
      child.kill(signal);
    },
  };
}
