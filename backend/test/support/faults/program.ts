import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const REPOSITORY = path.join(import.meta.dirname, '../../../..');
const TAIL_CHARS = 4_000;

/** A program of ours in a process of its own, which a test may kill. */
export interface Program {
  url: string;
  /** Ends it as a power cut does: no shutdown hook runs. */
  kill(): Promise<void>;
  stop(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** All that it wrote. */
  output(): string;
  /** The code it ended with; null when a signal ended it. */
  exitCode: Promise<number | null>;
}

export const inRepository = (...parts: string[]): string => path.join(REPOSITORY, ...parts);

/** Builds what is stale: the processes run what is built, as `npm start` does. */
export async function build(): Promise<void> {
  const child = spawn(process.execPath, [inRepository('tools', 'build.mjs')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error('the build failed');
}

/** Starts a script that says `{ ready: true, url }` by ipc once it listens. */
export async function startProgram(script: string, env: Record<string, string>): Promise<Program> {
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (text: Buffer) => {
      output += text.toString();
    });
  }
  const exit = once(child, 'exit') as Promise<[number | null]>;
  const ready = await Promise.race([once(child, 'message'), exit.then(() => null)]);
  if (ready === null)
    throw new Error(`${path.basename(script)} ended before it listened:\n${output.slice(-TAIL_CHARS)}`);
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exit;
  };
  const { url } = ready[0] as { url: string };
  return {
    url,
    output: () => output,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    signal: (signal) => {
      child.kill(signal);
    },
    exitCode: exit.then(([code]) => code),
  };
}
