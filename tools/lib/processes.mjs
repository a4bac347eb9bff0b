// Children that never outlive us: tied to our death by the kernel where it can, by their pipe otherwise.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from './report.mjs';
import { ROOT } from './paths.mjs';

const OUTPUT_TAIL_CHARS = 16_000;
const STEP_GRACE_MS = 5_000;

let setprivTies;
/** Whether this system's setpriv can tie a child to our death (util-linux can, busybox cannot). */
function canTie() {
  setprivTies ??=
    process.platform === 'linux' &&
    spawnSync('setpriv', ['--pdeathsig', 'TERM', 'true'], { stdio: 'ignore' }).status === 0;
  return setprivTies;
}

/**
 * Starts a program in a process group of its own, so that Ctrl-C in the terminal reaches only us and we decide the order
 * in which things end; the kernel sends `deathSignal` to it when we die without a word (kill -9).
 * @param {string} command
 * @param {string[]} args
 * @param {{ deathSignal?: 'INT' | 'TERM' | 'KILL', user?: { uid: number, gid: number } } & import('node:child_process').SpawnOptions} [options]
 */
export function spawnTied(command, args, { deathSignal = 'TERM', user, ...options } = {}) {
  const common = { cwd: ROOT, detached: true, ...options };
  const drop = user ? ['--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups'] : [];
  const child = canTie()
    ? spawn('setpriv', ['--pdeathsig', deathSignal, ...drop, command, ...args], common)
    : spawn(command, args, { ...common, ...user });
  child.on('error', () => undefined); // whoever waits for it learns from `ended`
  return child;
}

/** Keeps the last part of what a child writes; `echo` also passes it on. */
export function collectOutput(child) {
  let tail = '';
  const collector = { echo: false, tail: () => tail };
  for (const [source, target] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]) {
    source?.setEncoding('utf8');
    source?.on('data', (text) => {
      tail = (tail + text).slice(-OUTPUT_TAIL_CHARS);
      if (collector.echo) target.write(text);
    });
  }
  return collector;
}

/** Resolves with how the child ended, also when it had ended before; a program that cannot be started counts as ended. */
export function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null)
    return Promise.resolve({ code: child.exitCode, signal: child.signalCode });
  if (child.pid === undefined)
    return Promise.resolve({ code: 127, signal: null, error: new Error('cannot be started') });
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

/** Signals a child's whole group, whose leader it is; a group that is gone is no error. */
function signalGroup(child, signal) {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // it has ended
  }
}

/** Asks a child to end, and ends its whole group if it has not after `graceMs`. */
export async function stopChild(child, { signal = 'SIGTERM', graceMs = 10_000 } = {}) {
  const end = ended(child);
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  const given = new AbortController();
  const late = delay(graceMs, 'late', { signal: given.signal }).catch(() => 'ended');
  if ((await Promise.race([end, late])) === 'late') signalGroup(child, 'SIGKILL');
  given.abort();
  return end;
}

/** Asks a child and all that it started to end, and ends what has not after `graceMs`. */
export async function stopGroup(child, { graceMs = 10_000 } = {}) {
  const isGone = () => {
    try {
      process.kill(-child.pid, 0);
      return false;
    } catch {
      return true;
    }
  };
  if (child.pid === undefined) return;
  signalGroup(child, 'SIGTERM');
  if (!(await waitUntil(isGone, graceMs))) signalGroup(child, 'SIGKILL');
}

const running = new Set();

/** Ends whatever `run` has under way; for a supervisor that is told to stop in the middle of a step. */
export async function endRunning() {
  await Promise.all([...running].map((child) => stopGroup(child, { graceMs: STEP_GRACE_MS })));
}

/**
 * Runs a program to its end and returns what it wrote to stdout; throws a UserError with `failure` and its output's tail.
 * @param {string} command
 * @param {string[]} args
 * @param {{ failure: string, env?: NodeJS.ProcessEnv, cwd?: string, input?: string, user?: { uid: number, gid: number } }} options
 */
export async function run(command, args, { failure, input, ...options }) {
  const child = spawnTied(command, args, {
    ...options,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  const output = collectOutput(child);
  let stdout = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stdin?.on('error', () => undefined); // it may end without reading
  child.stdin?.end(input);
  const closed = new Promise((resolve) => child.once('close', resolve));
  const { code, error } = await ended(child);
  running.delete(child);
  if (!error) await closed;
  if (code !== 0) throw new UserError(failure, error ? `${command} ${error.message}` : output.tail());
  return stdout;
}

/** Whether a process runs; a zombie does not. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  try {
    return !/^\S+ \(.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return process.platform !== 'linux';
  }
}

/** A name for a process that its successor with the same pid does not bear; null when it does not run. */
export function identityOf(pid) {
  if (!isAlive(pid)) return null;
  if (process.platform === 'linux') {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`;
    } catch {
      return null;
    }
  }
  return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim() || null;
}

/** The processes that work in a folder: only on Linux, elsewhere none can be found. */
export function processesIn(folder) {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === folder && isAlive(Number(pid));
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Waits until a condition holds, looking often; false when it does not in time. */
export async function waitUntil(condition, timeoutMs, everyMs = 25) {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline) return false;
    await delay(everyMs);
  }
  return true;
}

/** Signals a process that may be gone by now. */
export function signalPid(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // it has ended
  }
}
