// Our own programs as children: the backend and, in a demo, the simulator. They say over IPC when they are ready, and end
// when that channel closes.
import { setTimeout as delay } from 'node:timers/promises';
import { nodeBinary } from '../lib/paths.mjs';
import { collectOutput, ended, spawnTied, stopChild } from '../lib/processes.mjs';
import { UserError } from '../lib/report.mjs';

const READY_TIMEOUT_MS = 90_000;
/** More than the 27 s that the backend gives itself. */
const STOP_GRACE_MS = 30_000;

/**
 * Starts one of our programs and waits until it says `{ ready: true, url }`.
 * @param {{ script: string, name: string, env: NodeJS.ProcessEnv, echo?: boolean }} options `echo`: its words go on to the terminal
 */
export async function startProgram({ script, name, env, echo = true }) {
  const child = spawnTied(nodeBinary(), ['--enable-source-maps', script], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const output = collectOutput(child);
  const end = ended(child);
  const stop = () => stopChild(child, { graceMs: STOP_GRACE_MS });
  const ready = new Promise((resolve) => {
    child.on('message', (message) => {
      if (message?.ready) resolve(message);
    });
  });
  const given = new AbortController();
  const late = delay(READY_TIMEOUT_MS, null, { signal: given.signal }).catch(() => null);
  const message = await Promise.race([ready, end.then(() => null), late]);
  given.abort();
  if (!message) {
    const hasEnded = child.exitCode !== null || child.signalCode !== null;
    await stop();
    throw new UserError(
      `${name} ${hasEnded ? 'did not start' : 'is not ready in time'}: see what it says below.`,
      output.tail(),
    );
  }
  output.echo = echo;
  return { url: message.url, pid: child.pid, ended: end, stop, tail: output.tail };
}
